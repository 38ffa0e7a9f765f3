//! The wire format: tags, varints, lengths.

use super::Error;

/// The wire type of varints.
pub(super) const VARINT: u8 = 0;
/// The wire type of eight bytes.
pub(crate) const FIXED64: u8 = 1;
/// The wire type of texts, bytes and messages.
pub(super) const BYTES: u8 = 2;
const GROUP_START: u8 = 3;
const GROUP_END: u8 = 4;
const FIXED32: u8 = 5;

/// A message's bytes, read from the front.
#[derive(Clone, Copy)]
pub(super) struct Reader<'b> {
    rest: &'b [u8],
}

impl<'b> Reader<'b> {
    /// Of a message.
    pub fn new(bytes: &'b [u8]) -> Reader<'b> {
        Reader { rest: bytes }
    }

    /// Whether all is read.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// A varint; bits beyond 64 are lost, as in the original.
    pub fn varint(&mut self) -> Result<u64, Error> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.rest.split_first().ok_or(Error::UnexpectedEnd)?;
            self.rest = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Error::Overflow)
    }

    /// A tag's field number and wire type; `message` names the message it is a field of.
    pub fn tag(&mut self, message: &str) -> Result<(u32, u8), Error> {
        let tag = self.varint()?;
        let (number, wire) = ((tag >> 3) as i32, (tag & 7) as u8);
        if wire == GROUP_END {
            return Err(Error::GroupEnd(message.into()));
        }
        match u32::try_from(number) {
            Ok(number) if number > 0 => Ok((number, wire)),
            _ => Err(Error::IllegalTag(message.into(), number, wire)),
        }
    }

    /// Eight bytes, little end first.
    pub fn fixed64(&mut self) -> Result<u64, Error> {
        let bytes = self.take(8)?;
        Ok(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// What a length stands before.
    pub fn bytes(&mut self) -> Result<&'b [u8], Error> {
        let length = self.varint()? as i64;
        let length = usize::try_from(length).map_err(|_| Error::NegativeLength)?;
        self.take(length)
    }

    fn take(&mut self, length: usize) -> Result<&'b [u8], Error> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Error::UnexpectedEnd)?;
        self.rest = rest;
        Ok(taken)
    }

    /// Passes over a value of a wire type, groups with all that is in them.
    pub fn skip(&mut self, wire: u8) -> Result<(), Error> {
        let mut wire = wire;
        let mut depth = 0_usize;
        loop {
            match wire {
                VARINT => drop(self.varint()?),
                FIXED64 => drop(self.take(8)?),
                BYTES => drop(self.bytes()?),
                FIXED32 => drop(self.take(4)?),
                GROUP_START => depth += 1,
                GROUP_END => depth = depth.checked_sub(1).ok_or(Error::UnexpectedGroupEnd)?,
                wire => return Err(Error::IllegalWireType(wire)),
            }
            if depth == 0 {
                return Ok(());
            }
            wire = (self.varint()? & 7) as u8;
        }
    }
}
