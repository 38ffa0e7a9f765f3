//! Time zones by name, from the system's tz database.

use std::fs;
use std::path::Path;

/// Where systems keep the database.
const DIRECTORIES: [&str; 2] = ["/usr/share/zoneinfo", "/usr/lib/zoneinfo"];

/// Seconds east of UTC in `name` at a time, in seconds since the epoch.
pub(crate) fn offset(name: &str, time: i64) -> Option<i32> {
    let plain = name.split('/').all(|part| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'+'))
    });
    if !plain {
        return None;
    }
    let data = DIRECTORIES.iter().find_map(|directory| fs::read(Path::new(directory).join(name)).ok())?;
    offset_in(&data, time)
}

/// A big-endian number.
fn number(data: &[u8], at: usize, size: usize) -> Option<i64> {
    let bytes = data.get(at..at + size)?;
    let start = if bytes.first()? & 0x80 != 0 { -1 } else { 0 };
    Some(bytes.iter().fold(start, |number, byte| number << 8 | i64::from(*byte)))
}

/// The counts in the header of a block of RFC 8536.
fn counts(data: &[u8]) -> Option<[usize; 6]> {
    let mut counts = [0; 6];
    for (index, count) in counts.iter_mut().enumerate() {
        *count = usize::try_from(number(data, 20 + 4 * index, 4)?).ok()?;
    }
    Some(counts)
}

fn offset_in(data: &[u8], time: i64) -> Option<i32> {
    if !data.starts_with(b"TZif") || *data.get(4)? < b'2' {
        return None;
    }
    // The first block has 32-bit times; the second, 64-bit ones.
    let [ut, standard, leaps, times, types, names] = counts(data)?;
    let data = data.get(44 + times * 5 + types * 6 + names + leaps * 8 + standard + ut..)?;
    let [_, _, _, times, types, _] = counts(data)?;
    let at = |index: usize| number(data, 44 + 8 * index, 8);
    let (mut low, mut high) = (0, times);
    while low < high {
        let middle = (low + high) / 2;
        if at(middle)? <= time {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    let kind = match low {
        0 => 0,
        index => usize::from(*data.get(44 + 8 * times + index - 1)?),
    };
    if kind >= types {
        return None;
    }
    i32::try_from(number(data, 44 + 9 * times + 6 * kind, 4)?).ok()
}
