//! Why bytes are no message, in the words of the original's generated decoders.

use std::fmt;

use object::Text;

/// Why bytes are no message; prints the message clients know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// It ends within a value.
    UnexpectedEnd,
    /// A varint of more than 64 bits.
    Overflow,
    /// A length beyond what can be.
    NegativeLength,
    /// A group is ended that was not begun.
    UnexpectedGroupEnd,
    /// A wire type that does not exist.
    IllegalWireType(u8),
    /// A field of another wire type than it has.
    WrongWireType(u8, Text),
    /// A number that no field has, and the message it stands in.
    IllegalTag(Text, i32, u8),
    /// A group's end where a field is expected.
    GroupEnd(Text),
    /// Messages within messages without end.
    TooDeep,
    /// More values than a document of the size that is taken can sensibly have.
    TooMany,
    /// Bytes that should be JSON, or a text that should be a quantity, and are not.
    Invalid(Text),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::UnexpectedEnd => f.write_str("unexpected EOF"),
            Error::Overflow => f.write_str("proto: integer overflow"),
            Error::NegativeLength => f.write_str("proto: negative length found during unmarshaling"),
            Error::UnexpectedGroupEnd => f.write_str("proto: unexpected end of group"),
            Error::IllegalWireType(wire) => write!(f, "proto: illegal wireType {wire}"),
            Error::WrongWireType(wire, field) => {
                write!(f, "proto: wrong wireType = {wire} for field {field}")
            }
            Error::IllegalTag(message, number, wire) => {
                write!(f, "proto: {message}: illegal tag {number} (wire type {wire})")
            }
            Error::GroupEnd(message) => write!(f, "proto: {message}: wiretype end group for non-group"),
            Error::TooDeep => f.write_str("proto: exceeded max depth"),
            Error::TooMany => f.write_str("proto: too many values"),
            Error::Invalid(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Error {}
