//! Looking into JSON bytes without building a tree.
//!
//! For bytes that are known to be well formed (this server wrote or checked them): values that are not asked for
//! are jumped over without a look at their insides. Malformed bytes are answered with nothing or with nonsense,
//! never with a panic and never in more than linear time.

mod find;
mod skip;
mod tokens;

pub use find::{elements, find, find_all, members, text};
pub use skip::skip;
pub(crate) use skip::string_end;
pub use tokens::{Token, Tokens};
