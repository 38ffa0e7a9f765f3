//! Numbers and lists of indexes in texts, with the messages that Go has for bad ones.

/// A whole number (`strconv.Atoi`).
pub(super) fn parse(text: &str) -> Result<i64, String> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let well_formed = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(number) if well_formed => Ok(number),
        _ => {
            let why = if well_formed { "value out of range" } else { "invalid syntax" };
            Err(format!("strconv.Atoi: parsing {}: {why}", status::go_quote(text)))
        }
    }
}

/// Intervals of completion indexes.
pub(super) type Intervals = Vec<(i64, i64)>;

/// Reads indexes such as `1,3-5,7`: rising, and below `completions`.
pub(super) fn indexes(text: &str, completions: i64) -> Result<Intervals, String> {
    let mut intervals = Intervals::new();
    if text.is_empty() {
        return Ok(intervals);
    }
    let mut last: Option<i64> = None;
    for interval in text.split(',') {
        let limits: Vec<&str> = interval.split('-').collect();
        if limits.len() > 2 {
            return Err(format!(
                "the fragment {} violates the requirement that an index interval can have at most two parts \
                 separated by '-'",
                status::go_quote(interval)
            ));
        }
        let mut numbers = Vec::with_capacity(2);
        for limit in limits {
            let number = parse(limit).map_err(|_| {
                format!("cannot convert string to integer for index: {}", status::go_quote(limit))
            })?;
            if number >= completions {
                return Err(format!("too large index: {}", status::go_quote(limit)));
            }
            if let Some(last) = last.filter(|last| *last >= number) {
                return Err(format!("non-increasing order, previous: {last}, current: {number}"));
            }
            last = Some(number);
            numbers.push(number);
        }
        let first = numbers.first().copied().unwrap_or(0);
        intervals.push((first, numbers.last().copied().unwrap_or(first)));
    }
    Ok(intervals)
}

/// How many indexes there are.
pub(super) fn count(intervals: &Intervals) -> i64 {
    intervals.iter().map(|(first, last)| last - first + 1).sum()
}

/// The first index that is in both.
pub(super) fn overlap(one: &Intervals, other: &Intervals) -> Option<i64> {
    one.iter()
        .flat_map(|(first, last)| {
            other.iter().filter_map(move |(low, high)| {
                let start = *first.max(low);
                (start <= *last.min(high)).then_some(start)
            })
        })
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes_rise_and_are_counted() {
        let cases: [(&str, Result<i64, &str>); 6] = [
            ("", Ok(0)),
            ("0,1-2", Ok(3)),
            ("1,1", Err("non-increasing order, previous: 1, current: 1")),
            ("9", Err("too large index: \"9\"")),
            ("a", Err("cannot convert string to integer for index: \"a\"")),
            (
                "0-1-2",
                Err(
                    "the fragment \"0-1-2\" violates the requirement that an index interval can have at most two parts separated by '-'",
                ),
            ),
        ];
        for (text, expected) in cases {
            let counted = indexes(text, 5).map(|intervals| count(&intervals));
            assert_eq!(counted, expected.map_err(str::to_owned), "{text}");
        }
        let (one, other) = (indexes("0,3-5", 9), indexes("1-2,4", 9));
        assert_eq!(one.and_then(|one| other.map(|other| overlap(&one, &other))), Ok(Some(4)));
    }
}
