//! JSON pointers (RFC 6901), and the indices in them.

use object::Text;

/// A path taken apart: the steps to a container, and the step in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pointer {
    pub parents: Vec<Text>,
    pub last: Text,
}

impl Pointer {
    /// Nothing if there is no slash: such a path leads nowhere. What stands before the first slash does not count.
    pub fn parse(path: &str) -> Option<Pointer> {
        let (_, steps) = path.split_once('/')?;
        let mut parents: Vec<Text> = steps.split('/').map(unescape).collect();
        let last = parents.pop()?;
        Some(Pointer { parents, last })
    }
}

/// A step with `~1` and `~0` undone, in one pass.
fn unescape(step: &str) -> Text {
    let Some((plain, mut rest)) = step.split_once('~') else { return Text::new(step) };
    let mut out = Text::new(plain);
    loop {
        let (c, after) = match rest.as_bytes().first() {
            Some(b'1') => ('/', &rest[1..]),
            Some(b'0') => ('~', &rest[1..]),
            _ => ('~', rest),
        };
        out.push(c);
        match after.split_once('~') {
            Some((plain, next)) => {
                out.push_str(plain);
                rest = next;
            }
            None => {
                out.push_str(after);
                return out;
            }
        }
    }
}

/// The place in a list of `length` that `key` means; negative ones count from behind the end.
pub(super) fn index(key: &str, length: usize) -> Option<usize> {
    let number: i64 = key.parse().ok()?;
    let distance = usize::try_from(number.unsigned_abs()).ok()?;
    let at = if number < 0 { length.checked_sub(distance)? } else { distance };
    (at < length).then_some(at)
}

/// The place in a list of `length` at which something is put for `key`; `-` is behind the end.
pub(super) fn insertion_index(key: &str, length: usize) -> Option<usize> {
    if key == "-" { Some(length) } else { index(key, length + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_are_taken_apart() {
        for (path, parents, last) in [
            ("/a", &[][..], "a"),
            ("/", &[], ""),
            ("/a/b~1c/~0~1/d~01", &["a", "b/c", "~/"], "d~1"),
            ("/a~2/b~", &["a~2"], "b~"),
            ("//", &[""], ""),
            ("a/b", &[], "b"),
            ("/~~1~", &[], "~/~"),
            ("/é~1é", &[], "é/é"),
        ] {
            let parents = parents.iter().map(|step| Text::new(step)).collect();
            assert_eq!(Pointer::parse(path), Some(Pointer { parents, last: last.into() }), "{path}");
        }
        for path in ["", "a"] {
            assert_eq!(Pointer::parse(path), None);
        }
    }

    #[test]
    fn indices_count_from_both_ends() {
        for (key, at) in [
            ("0", Some(0)),
            ("2", Some(2)),
            ("+1", Some(1)),
            ("01", Some(1)),
            ("-0", Some(0)),
            ("-1", Some(2)),
            ("-3", Some(0)),
            ("3", None),
            ("-4", None),
            ("-", None),
            ("", None),
            ("1e0", None),
            (" 1", None),
            ("9223372036854775808", None),
            ("-9223372036854775808", None),
        ] {
            assert_eq!(index(key, 3), at, "{key}");
        }
        for (key, at) in
            [("-", Some(3)), ("3", Some(3)), ("-1", Some(3)), ("-4", Some(0)), ("4", None), ("-5", None)]
        {
            assert_eq!(insertion_index(key, 3), at, "{key}");
        }
    }
}
