//! Functions of text (the strings extension, version 2).

use super::Row;
use crate::error::{CelError, Outcome};
use crate::value::Value;

/// The functions.
pub(crate) const TABLE: &[Row] = &[
    ("string_char_at_int: string::charAt(int) -> string", char_at),
    ("string_index_of_string: string::indexOf(string) -> int", index_of),
    ("string_index_of_string_int: string::indexOf(string, int) -> int", index_of),
    ("string_last_index_of_string: string::lastIndexOf(string) -> int", last_index_of),
    ("string_last_index_of_string_int: string::lastIndexOf(string, int) -> int", last_index_of),
    ("list_join: list(string)::join() -> string", join),
    ("list_join_string: list(string)::join(string) -> string", join),
    ("string_lower_ascii: string::lowerAscii() -> string", lower),
    ("string_upper_ascii: string::upperAscii() -> string", upper),
    ("jsonpatch_escapeKey_string: jsonpatch.escapeKey(string) -> string", escape_key),
    ("string_replace_string_string: string::replace(string, string) -> string", replace),
    ("string_replace_string_string_int: string::replace(string, string, int) -> string", replace),
    ("string_split_string: string::split(string) -> list(string)", split),
    ("string_split_string_int: string::split(string, int) -> list(string)", split),
    ("string_substring_int: string::substring(int) -> string", substring),
    ("string_substring_int_int: string::substring(int, int) -> string", substring),
    ("string_trim: string::trim() -> string", trim),
    ("string_format: string::format(list(dyn)) -> string", super::formatting::format),
    ("strings_quote: strings.quote(string) -> string", quote),
];

fn no_overload<T>() -> Result<T, CelError> {
    Err(CelError::no_such_overload())
}

fn out_of_range(index: i64) -> CelError {
    CelError::new(format!("index out of range: {index}"))
}

/// The place of the character `index` in bytes; the end of the text counts as one.
fn place(text: &str, index: i64) -> Result<usize, CelError> {
    let wanted = usize::try_from(index).map_err(|_| out_of_range(index))?;
    let mut places = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    places.nth(wanted).ok_or_else(|| out_of_range(index))
}

fn char_at<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text), Value::Int(index)] = args else { return no_overload() };
    let text = text.as_str();
    let at = place(text, *index)?;
    Ok(Value::from(text[at..].chars().next().map(String::from).unwrap_or_default()))
}

fn characters(text: &str) -> i64 {
    text.chars().count() as i64
}

fn index_of<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let (text, part, from) = match args {
        [Value::String(text), Value::String(part)] => (text.as_str(), part.as_str(), 0),
        [Value::String(text), Value::String(part), Value::Int(from)] => (text.as_str(), part.as_str(), *from),
        _ => return no_overload(),
    };
    let at = place(text, from)?;
    Ok(Value::Int(match text[at..].find(part) {
        Some(found) => characters(&text[..at + found]),
        None => -1,
    }))
}

fn last_index_of<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let (text, part, before) = match args {
        [Value::String(text), Value::String(part)] => (text.as_str(), part.as_str(), None),
        [Value::String(text), Value::String(part), Value::Int(before)] => {
            (text.as_str(), part.as_str(), Some(*before))
        }
        _ => return no_overload(),
    };
    let end = match before {
        // The match may begin at the index, so it may end as much later as it is long.
        Some(index) => text.len().min(place(text, index)? + part.len()),
        None => text.len(),
    };
    let end = (end..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    Ok(Value::Int(match text[..end].rfind(part) {
        Some(found) => characters(&text[..found]),
        None => -1,
    }))
}

fn join<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let (list, separator) = match args {
        [Value::List(list)] => (list, ""),
        [Value::List(list), Value::String(separator)] => (list, separator.as_str()),
        _ => return no_overload(),
    };
    let mut out = String::new();
    for (index, item) in list.iter().enumerate() {
        if index > 0 {
            out.push_str(separator);
        }
        match item? {
            Value::String(text) => out.push_str(text.as_str()),
            _ => return no_overload(),
        }
    }
    Ok(Value::from(out))
}

fn text_of<'v>(args: &'v [Value<'_>]) -> Result<&'v str, CelError> {
    args.first().and_then(Value::as_str).ok_or_else(CelError::no_such_overload)
}

fn lower<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::from(text_of(args)?.to_ascii_lowercase()))
}

fn upper<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::from(text_of(args)?.to_ascii_uppercase()))
}

fn trim<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::from(text_of(args)?.trim().to_owned()))
}

/// A key as a part of a JSON pointer (RFC 6901).
fn escape_key<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::String(key)] => Ok(Value::from(key.as_str().replace('~', "~0").replace('/', "~1"))),
        _ => no_overload(),
    }
}

fn replace<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let (text, old, new, count) = match args {
        [Value::String(text), Value::String(old), Value::String(new)] => (text, old, new, -1),
        [Value::String(text), Value::String(old), Value::String(new), Value::Int(count)] => {
            (text, old, new, *count)
        }
        _ => return no_overload(),
    };
    let (text, old, new) = (text.as_str(), old.as_str(), new.as_str());
    Ok(Value::from(match usize::try_from(count) {
        Ok(count) => text.replacen(old, new, count),
        Err(_) => text.replace(old, new),
    }))
}

fn split<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let (text, separator, limit) = match args {
        [Value::String(text), Value::String(separator)] => (text.as_str(), separator.as_str(), -1),
        [Value::String(text), Value::String(separator), Value::Int(limit)] => {
            (text.as_str(), separator.as_str(), *limit)
        }
        _ => return no_overload(),
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut parts: Vec<&str> = Vec::new();
    if limit == 0 {
        return Ok(Value::list(Vec::new()));
    }
    if separator.is_empty() {
        // Between all characters.
        let mut rest = text;
        while parts.len() + 1 < limit
            && let Some(c) = rest.chars().next()
        {
            parts.push(&rest[..c.len_utf8()]);
            rest = &rest[c.len_utf8()..];
        }
        if !rest.is_empty() {
            parts.push(rest);
        }
    } else {
        parts.extend(text.splitn(limit, separator));
    }
    Ok(Value::list(parts.into_iter().map(|part| Value::from(part.to_owned())).collect()))
}

fn substring<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let (text, start, end) = match args {
        [Value::String(text), Value::Int(start)] => (text.as_str(), *start, None),
        [Value::String(text), Value::Int(start), Value::Int(end)] => (text.as_str(), *start, Some(*end)),
        _ => return no_overload(),
    };
    if let Some(end) = end
        && start > end
    {
        return Err(CelError::new(format!("invalid substring range. start: {start}, end: {end}")));
    }
    let from = place(text, start)?;
    let to = end.map_or(Ok(text.len()), |end| place(text, end))?;
    Ok(Value::from(text[from..to].to_owned()))
}

fn quote<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let mut out = String::from("\"");
    for c in text_of(args)?.chars() {
        match c {
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            c => out.push(c),
        }
    }
    out.push('"');
    Ok(Value::from(out))
}
