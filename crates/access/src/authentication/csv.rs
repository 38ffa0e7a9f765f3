//! Comma-separated values (RFC 4180).

/// The records of `text`; empty lines are none. The error names the line.
pub(super) fn records(text: &str) -> Result<Vec<Vec<String>>, String> {
    let mut records = Vec::new();
    let mut rest = text;
    let mut line = 1;
    while !rest.is_empty() {
        let mut record = Vec::new();
        loop {
            let (field, after) =
                field(rest).ok_or_else(|| format!("line {line}: a quote is out of place"))?;
            line += rest[..rest.len() - after.len()].matches('\n').count();
            record.push(field);
            match after.strip_prefix(',') {
                Some(next) => rest = next,
                None => {
                    line += usize::from(!after.is_empty());
                    rest = after.strip_prefix("\r\n").or_else(|| after.strip_prefix('\n')).unwrap_or("");
                    break;
                }
            }
        }
        if record != [""] {
            records.push(record);
        }
    }
    Ok(records)
}

/// The first field and what comes after it: a comma, a line's end or nothing.
fn field(text: &str) -> Option<(String, &str)> {
    let Some(mut quoted) = text.strip_prefix('"') else {
        let end = text.find(['\n', ',']).unwrap_or(text.len());
        let end = if text[..end].ends_with('\r') { end - 1 } else { end };
        let (value, after) = text.split_at(end);
        return (!value.contains('"')).then(|| (value.to_owned(), after));
    };
    let mut value = String::new();
    loop {
        let (part, after) = quoted.split_once('"')?;
        value.push_str(part);
        match after.strip_prefix('"') {
            Some(more) => {
                value.push('"');
                quoted = more;
            }
            None if after.is_empty() || after.starts_with([',', '\n']) || after.starts_with("\r\n") => {
                return Some((value, after));
            }
            None => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_quotes_and_line_ends() {
        for (text, expected) in [
            ("a,b\n\nc,d", Ok(vec![vec!["a", "b"], vec!["c", "d"]])),
            ("a,\"b,\"\"c\"\"\nd\"\r\ne,", Ok(vec![vec!["a", "b,\"c\"\nd"], vec!["e", ""]])),
            ("", Ok(vec![])),
            ("a,\"b", Err("line 1: a quote is out of place")),
            ("x\na\"b,c", Err("line 2: a quote is out of place")),
            ("\"a\"b", Err("line 1: a quote is out of place")),
        ] {
            let expected: Result<Vec<Vec<String>>, String> = expected
                .map(|rows| {
                    rows.into_iter().map(|row| row.into_iter().map(str::to_owned).collect()).collect()
                })
                .map_err(str::to_owned);
            assert_eq!(records(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_quoted_reads_back(
            rows in prop::collection::vec(prop::collection::vec("[a\",\n]{1,3}", 1..4), 0..4)
        ) {
            let quoted = |field: &String| format!("\"{}\"", field.replace('"', "\"\""));
            let lines: Vec<String> =
                rows.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(",")).collect();
            prop_assert_eq!(records(&lines.join("\n")), Ok(rows));
        }

        #[test]
        fn anything_is_read_or_refused(text in "[a\",\r\n]*") {
            let _ = records(&text);
        }
    }
}
