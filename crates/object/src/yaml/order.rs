//! The order in which go-yaml writes keys: numbers in them by value, letters after everything else.

use std::cmp::Ordering;

/// Sorts entries as go-yaml does. Its order is not transitive (`a12` < `a1b` < `a2` < `a12`), which the standard
/// library's sorts do not take; this merge sort only compares.
pub(super) fn sort<V: Copy>(entries: &mut Vec<(&str, V)>) {
    if entries.len() < 2 {
        return;
    }
    let mut right = entries.split_off(entries.len() / 2);
    sort(entries);
    sort(&mut right);
    let left = std::mem::take(entries);
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    loop {
        let from_right = match (left.peek(), right.peek()) {
            (Some(a), Some(b)) => less(b.0, a.0),
            (None, Some(_)) => true,
            (Some(_), None) => false,
            (None, None) => break,
        };
        entries.extend(if from_right { right.next() } else { left.next() });
    }
}

fn less(a: &str, b: &str) -> bool {
    let common = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let start = (0..=common).rev().find(|&at| a.is_char_boundary(at) && b.is_char_boundary(at)).unwrap_or(0);
    let (rest_a, rest_b) = (&a[start..], &b[start..]);
    let (Some(first_a), Some(first_b)) = (rest_a.chars().next(), rest_b.chars().next()) else {
        return a.len() < b.len();
    };
    match (first_a.is_alphabetic(), first_b.is_alphabetic()) {
        (true, true) => return first_a < first_b,
        (false, false) => {}
        (_, b_is_letter) => return b_is_letter,
    }
    // A zero counts only behind a digit that is none.
    let zero = first_a == '0' || first_b == '0';
    let inside = zero && a[..start].bytes().rev().take_while(u8::is_ascii_digit).any(|digit| digit != b'0');
    let (number_a, digits_a) = number(rest_a, inside);
    let (number_b, digits_b) = number(rest_b, inside);
    match number_a.cmp(&number_b).then(digits_a.cmp(&digits_b)) {
        Ordering::Equal => first_a < first_b,
        order => order == Ordering::Less,
    }
}

/// The number that the text starts with and how many digits it has; `inside` puts a one before it.
fn number(text: &str, inside: bool) -> (u64, usize) {
    let digits = text.bytes().take_while(u8::is_ascii_digit);
    digits.fold((u64::from(inside), 0), |(number, count), digit| {
        (number.wrapping_mul(10).wrapping_add(u64::from(digit - b'0')), count + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_in_natural_order() {
        let sorted = [
            "", "-", ".", "1", "1.5", "02", "2", "10", "A", "a", "a-b", "a.b", "a/b", "a1", "a2", "a10",
            "ab", "b", "é",
        ];
        let mut entries: Vec<(&str, ())> = sorted.iter().rev().map(|key| (*key, ())).collect();
        sort(&mut entries);
        let keys: Vec<&str> = entries.into_iter().map(|entry| entry.0).collect();
        let expected = [
            "", "-", ".", "1", "1.5", "2", "02", "10", "A", "a", "a-b", "a.b", "a/b", "a1", "a2", "a10",
            "ab", "b", "é",
        ];
        assert_eq!(keys, expected);
    }

    #[test]
    fn cycles_do_no_harm() {
        for (a, b) in [("a12", "a1b"), ("a1b", "a2"), ("a2", "a12")] {
            assert!(less(a, b) && !less(b, a));
        }
        let names: Vec<String> =
            (0..500).map(|n| format!("a{}{}", n % 37, ["", "b", "0", "-"][n % 4])).collect();
        let mut entries: Vec<(&str, usize)> = names.iter().map(|name| (name.as_str(), 0)).collect();
        sort(&mut entries);
        assert_eq!(entries.len(), 500);
    }
}
