//! Output that grows towards its front: a message's length is known once the message is written, so what is written
//! first is what stands last.

/// Bytes, written from the last to the first.
#[derive(Default)]
pub(crate) struct Backwards {
    /// Free space, and then what is written.
    bytes: Vec<u8>,
    start: usize,
}

const FIRST: usize = 1024;

impl Backwards {
    /// How many bytes are written.
    pub fn len(&self) -> usize {
        self.bytes.len() - self.start
    }

    /// Writes `bytes`, in their order.
    pub fn bytes(&mut self, bytes: &[u8]) {
        if self.start < bytes.len() {
            self.grow(bytes.len());
        }
        let end = self.start;
        self.start -= bytes.len();
        self.bytes[self.start..end].copy_from_slice(bytes);
    }

    fn grow(&mut self, wanted: usize) {
        let written = self.len();
        let capacity = (self.bytes.len() * 2).max(written + wanted).max(FIRST);
        let mut bytes = vec![0; capacity];
        bytes[capacity - written..].copy_from_slice(&self.bytes[self.start..]);
        self.start = capacity - written;
        self.bytes = bytes;
    }

    /// Writes a varint.
    pub fn varint(&mut self, mut number: u64) {
        if number < 0x80 {
            return self.bytes(&[number as u8]);
        }
        let mut bytes = [0; 10];
        let mut length = 0;
        while number >= 0x80 {
            bytes[length] = number as u8 | 0x80;
            number >>= 7;
            length += 1;
        }
        bytes[length] = number as u8;
        self.bytes(&bytes[..=length]);
    }

    /// Writes the tag of a field.
    pub fn tag(&mut self, number: u32, wire: u8) {
        self.varint(u64::from(number << 3) | u64::from(wire));
    }

    /// Writes a field of varint form.
    pub fn varint_field(&mut self, number: u32, value: u64) {
        self.varint(value);
        self.tag(number, super::wire::VARINT);
    }

    /// Writes a length-delimited field.
    pub fn bytes_field(&mut self, number: u32, bytes: &[u8]) {
        self.prefixed(|out| out.bytes(bytes));
        self.tag(number, super::wire::BYTES);
    }

    /// Writes a field that is the message `write` writes.
    pub fn message(&mut self, number: u32, write: impl FnOnce(&mut Backwards)) {
        self.prefixed(write);
        self.tag(number, super::wire::BYTES);
    }

    /// Writes what `write` writes, and its length before it.
    pub fn prefixed(&mut self, write: impl FnOnce(&mut Backwards)) {
        let before = self.len();
        write(self);
        self.varint((self.len() - before) as u64);
    }

    /// What is written.
    pub fn finish(mut self) -> Vec<u8> {
        let length = self.len();
        self.bytes.copy_within(self.start.., 0);
        self.bytes.truncate(length);
        self.bytes
    }
}
