//! Warning headers (RFC 7234, code 299): each text once, within limits of length.

use http::HeaderValue;
use http::header::WARNING;
use registry::Warnings;

use crate::respond::Answer;

/// All texts together may be this long; then each is cut. In characters.
const MAX_TOTAL: usize = 4096;
/// What each text is cut to once they are too long, in characters.
const CUT: usize = 256;

/// Adds `warnings` to the answer.
pub fn add_headers(answer: &mut Answer, warnings: &Warnings) {
    let texts: Vec<String> = warnings.texts().iter().map(|text| printable(text)).collect();
    let total: usize = texts.iter().map(|text| text.chars().count()).sum();
    let mut written = 0;
    for text in &texts {
        let cut: String = match total > MAX_TOTAL {
            true if written >= MAX_TOTAL => return,
            true => text.chars().take(CUT).collect(),
            false => text.clone(),
        };
        written += cut.chars().count();
        if let Ok(value) = HeaderValue::from_bytes(format!("299 - {}", quote(&cut)).as_bytes()) {
            answer.headers_mut().append(WARNING, value);
        }
    }
}

/// Control characters can't stand in a header.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_quoted_and_cut() {
        let mut warnings = Warnings::default();
        warnings.add("a \"b\"\n");
        let mut answer = Answer::default();
        add_headers(&mut answer, &warnings);
        assert_eq!(answer.headers()[WARNING], "299 - \"a \\\"b\\\" \"");

        let mut warnings = Warnings::default();
        for letter in ["a", "b", "c"] {
            warnings.add(letter.repeat(2000));
        }
        let mut answer = Answer::default();
        add_headers(&mut answer, &warnings);
        let lengths: Vec<usize> = answer.headers().get_all(WARNING).iter().map(HeaderValue::len).collect();
        assert_eq!(lengths, [264, 264, 264]);
    }
}
