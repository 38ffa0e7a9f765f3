//! Names of fields as expressions spell them: property names that are no CEL identifiers are escaped.

/// Parts of names and what they become.
const SYMBOLS: &[(char, &str)] = &[('.', "__dot__"), ('-', "__dash__"), ('/', "__slash__")];

/// Words that are escaped as a whole, `__word__`.
const RESERVED: &[&str] = &[
    "true",
    "false",
    "null",
    "in",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// The spelling of a property name in expressions; nothing if expressions cannot name it.
pub fn escape(name: &str) -> Option<String> {
    if RESERVED.contains(&name) {
        return Some(format!("__{name}__"));
    }
    let first = name.chars().next()?;
    if first.is_ascii_digit() {
        return None;
    }
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("__") {
            out.push_str("__underscores__");
            rest = &rest[2..];
            continue;
        }
        match SYMBOLS.iter().find(|(symbol, _)| *symbol == c) {
            Some((_, text)) => out.push_str(text),
            None if c.is_ascii_alphanumeric() || c == '_' => out.push(c),
            None => return None,
        }
        rest = &rest[c.len_utf8()..];
    }
    Some(out)
}

/// The property name that `escaped` spells; nothing if it is no such spelling.
pub fn unescape(escaped: &str) -> Option<String> {
    if !escaped.contains("__") {
        return Some(escaped.to_owned());
    }
    if let Some(word) = escaped.strip_prefix("__").and_then(|rest| rest.strip_suffix("__"))
        && RESERVED.contains(&word)
    {
        return Some(word.to_owned());
    }
    let mut out = String::with_capacity(escaped.len());
    let mut rest = escaped;
    while let Some(at) = rest.find("__") {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("__underscores__") {
            out.push_str("__");
            rest = after;
            continue;
        }
        let (symbol, text) = SYMBOLS.iter().find(|(_, text)| rest.starts_with(text))?;
        out.push(*symbol);
        rest = &rest[text.len()..];
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_and_back() {
        for (name, escaped) in [
            ("a-b", "a__dash__b"),
            ("a.b/c", "a__dot__b__slash__c"),
            ("namespace", "__namespace__"),
            ("a__b", "a__underscores__b"),
            ("int", "int"),
            ("_x", "_x"),
        ] {
            assert_eq!(escape(name).as_deref(), Some(escaped));
            assert_eq!(unescape(escaped).as_deref(), Some(name));
        }
        assert_eq!(escape("1a"), None);
        assert_eq!(escape("a b"), None);
        assert_eq!(unescape("__x__"), None);
    }
}
