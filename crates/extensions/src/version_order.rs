//! The order in which versions are listed: GA before beta before alpha, newer before older, all others last by name.

use std::cmp::{Ordering, Reverse};

/// Compares two version names; the preferred one is less.
pub fn compare(a: &str, b: &str) -> Ordering {
    match (parse(a), parse(b)) {
        (Some(a), Some(b)) => Reverse(a).cmp(&Reverse(b)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.cmp(b),
    }
}

/// Stability (2: GA, 1: beta, 0: alpha), major and minor number of a name such as `v2beta1`.
fn parse(name: &str) -> Option<(u8, u64, u64)> {
    let rest = name.strip_prefix('v')?;
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (major, suffix) = rest.split_at(digits);
    let number = |text: &str| {
        let canonical = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
        canonical.then(|| text.parse::<u64>().ok()).flatten()
    };
    let major = number(major)?;
    let (stability, minor) = match suffix {
        "" => return Some((2, major, 0)),
        _ if suffix.starts_with("beta") => (1, &suffix[4..]),
        _ if suffix.starts_with("alpha") => (0, &suffix[5..]),
        _ => return None,
    };
    Some((stability, major, number(minor)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_order() {
        let ordered =
            ["v10", "v2", "v1", "v11beta2", "v10beta3", "v3beta1", "v12alpha1", "v11alpha2", "foo1", "foo10"];
        let mut shuffled = ordered;
        shuffled.sort();
        shuffled.sort_by(|a, b| compare(a, b));
        assert_eq!(shuffled, ordered);
    }
}
