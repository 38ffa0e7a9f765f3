//! The API's answer to everything that fails, and to deletes: the `Status` object.
//!
//! One table ([`Reason`]) says which code each reason has; one constructor per situation
//! ([`Status::not_found`], [`Status::conflict`], ...) writes the message in the form clients know.
//! Validation collects [`FieldError`]s against a [`Path`], and [`Status::invalid`] makes the 422 of them.
//!
//! Invariant: every error a client sees is made here; nobody writes a code and a message by hand.
//!
//! Source: Kubernetes API conventions, "Response Status Kind" and "HTTP Status codes".

mod field;
mod make;
mod path;
mod quote;
mod reason;
mod status;

pub use field::{BadValue, ErrorType, FieldError, FieldErrors};
pub use path::Path;
pub use quote::go_quote;
pub use reason::Reason;
pub use status::{Cause, Details, Status};

/// What fails in the API fails with a `Status`. Boxed: errors are rare and results are moved a lot.
pub type Result<T, E = Box<Status>> = std::result::Result<T, E>;
