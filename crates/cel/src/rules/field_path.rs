//! A rule's `fieldPath`: where below the rule's value its error is reported.

use object::Value as Json;

/// The path of `text`, such as `.a['b-c']`, as errors print it after the rule's own path; nothing if it does not
/// name a part of what `schema` describes.
pub(super) fn resolve(text: &str, schema: &Json) -> Option<String> {
    let mut out = String::new();
    let mut schema = schema;
    let mut rest = text;
    while !rest.is_empty() {
        let (name, after) = if let Some(quoted) = rest.strip_prefix("['") {
            quoted_name(quoted)?
        } else {
            let name = rest.strip_prefix('.')?;
            let end = name.find(['.', '[', ']']).unwrap_or(name.len());
            (name[..end].to_owned(), &name[end..])
        };
        if name.is_empty() || name.contains(['\n', '\r']) {
            return None;
        }
        if let Some(properties) = schema.get("properties") {
            schema = properties.get(&name)?;
            if !out.is_empty() {
                out.push('.');
            }
            out.push_str(&name);
        } else {
            schema = schema.get("additionalProperties").filter(|values| values.as_object().is_some())?;
            out.push_str(&format!("[{name}]"));
        }
        rest = after;
    }
    (!out.is_empty()).then_some(out)
}

/// Reads `name']`; the rest follows it.
fn quoted_name(text: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' => return Some((out, text[at + 1..].strip_prefix(']')?)),
            '\\' => out.push(match chars.next()?.1 {
                'a' => '\u{7}',
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'v' => '\u{b}',
                c @ ('\'' | '\\') => c,
                _ => return None,
            }),
            c => out.push(c),
        }
    }
    None
}
