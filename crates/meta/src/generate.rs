//! Generated names and uids, and the random bytes they are made of.

use std::cell::RefCell;
use std::hash::{BuildHasher, RandomState};

use crate::Text;

/// A source of random bytes.
pub trait Randomness: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// The system's randomness. Each thread asks for some at a time: a call into the system takes longer than all else
/// that a uid needs.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandomness;

/// Random bytes that are handed out once each.
struct Stock {
    bytes: [u8; 512],
    /// How many are left, at the front.
    left: usize,
}

thread_local! {
    static STOCK: RefCell<Stock> = const { RefCell::new(Stock { bytes: [0; 512], left: 0 }) };
}

impl Stock {
    fn take(&mut self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(self.bytes.len()) {
            if self.left < part.len() {
                fill(&mut self.bytes);
                self.left = self.bytes.len();
            }
            let rest = self.left - part.len();
            let taken = &mut self.bytes[rest..self.left];
            part.copy_from_slice(taken);
            taken.fill(0);
            self.left = rest;
        }
    }
}

impl Randomness for SystemRandomness {
    fn fill(&self, bytes: &mut [u8]) {
        STOCK.with_borrow_mut(|stock| stock.take(bytes));
    }
}

/// Asks the system.
fn fill(bytes: &mut [u8]) {
    if getrandom::fill(bytes).is_err() {
        // Without the system's source: still different each time, which is what names and uids need.
        for chunk in bytes.chunks_mut(8) {
            let random = RandomState::new().hash_one(chunk.len()).to_le_bytes();
            chunk.copy_from_slice(&random[..chunk.len()]);
        }
    }
}

/// Letters and digits that spell no words and are not mistaken for one another.
const ALPHABET: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";
const SUFFIX_LENGTH: usize = 5;
/// A generated name is a DNS label, at most 63 bytes.
const LONGEST_BASE: usize = 63 - SUFFIX_LENGTH;

/// A name for an object with `generateName`: the base, cut to 58 bytes, and five random characters.
pub fn generate_name(base: &str, randomness: &dyn Randomness) -> String {
    let end = (0..=base.len().min(LONGEST_BASE)).rev().find(|end| base.is_char_boundary(*end)).unwrap_or(0);
    let mut name = base[..end].to_owned();
    let mut bytes = [0; 8];
    randomness.fill(&mut bytes);
    let mut number = u64::from_le_bytes(bytes);
    for _ in 0..SUFFIX_LENGTH {
        let index = number % ALPHABET.len() as u64;
        name.push(char::from(ALPHABET[index as usize]));
        number /= ALPHABET.len() as u64;
    }
    name
}

/// A new uid: a random UUID (RFC 9562, version 4).
pub fn new_uid(randomness: &dyn Randomness) -> Text {
    let mut bytes = [0; 16];
    randomness.fill(&mut bytes);
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let number = u128::from_be_bytes(bytes);
    let digits = |shift: u32, count: u32| (number >> shift) & ((1 << (count * 4)) - 1);
    compact_str::format_compact!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        digits(96, 8),
        digits(80, 4),
        digits(64, 4),
        digits(48, 4),
        digits(0, 12)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(u8);
    impl Randomness for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn names_are_cut_and_get_five_characters() {
        assert_eq!(generate_name("web-", &Fixed(0)), "web-bbbbb");
        assert_eq!(generate_name("", &Fixed(0)).len(), 5);
        assert_eq!(generate_name(&"a".repeat(70), &Fixed(0)), format!("{}bbbbb", "a".repeat(58)));
        assert_eq!(generate_name(&"é".repeat(40), &Fixed(0)), format!("{}bbbbb", "é".repeat(29)));
        let random = generate_name("", &SystemRandomness);
        assert!(random.bytes().all(|byte| ALPHABET.contains(&byte)), "{random}");
    }

    #[test]
    fn uids_are_random_uuids() {
        assert_eq!(new_uid(&Fixed(0)), "00000000-0000-4000-8000-000000000000");
        assert_eq!(new_uid(&Fixed(0xff)), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_ne!(new_uid(&SystemRandomness), new_uid(&SystemRandomness));
    }

    #[test]
    fn no_byte_is_handed_out_twice() {
        let mut all = vec![0; 4000];
        for part in all.chunks_mut(600) {
            SystemRandomness.fill(part);
        }
        let words: std::collections::HashSet<&[u8]> = all.chunks_exact(8).collect();
        assert_eq!(words.len(), all.len() / 8);
    }
}
