//! Values as Go's `%v` and `%s` print them, which messages embed.

use std::fmt::Write;

use object::{Value, json};

/// A value as `%v` prints it: `map[a:1 b:[x y]]`.
pub(super) fn go_value(value: &Value) -> String {
    let mut out = String::new();
    print(&mut out, value, false);
    out
}

/// A value as `%s` prints it: what is no text in it is marked, as in `%!s(int64=5)`.
pub(super) fn go_text(value: &Value) -> String {
    let mut out = String::new();
    print(&mut out, value, true);
    out
}

/// A list as `%v` prints it.
pub(super) fn go_list(items: &[Value]) -> String {
    let mut out = String::new();
    print_list(&mut out, items, false);
    out
}

/// The Go type that a JSON value is decoded to.
pub(super) fn go_type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "%!s(<nil>)",
        Value::Bool(_) => "bool",
        Value::Int(_) => "int64",
        Value::Float(_) => "float64",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    }
}

fn print(out: &mut String, value: &Value, texts: bool) {
    match value {
        Value::String(text) => out.push_str(text),
        Value::Array(items) => print_list(out, items, texts),
        Value::Object(map) => {
            out.push_str("map[");
            for (index, (key, value)) in map.iter().enumerate() {
                if index > 0 {
                    out.push(' ');
                }
                let _ = write!(out, "{key}:");
                print(out, value, texts);
            }
            out.push(']');
        }
        Value::Null => out.push_str(if texts { "%!s(<nil>)" } else { "<nil>" }),
        scalar if texts => {
            let _ = write!(out, "%!s({}={})", go_type_of(scalar), go_value(scalar));
        }
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Int(number) => {
            let _ = write!(out, "{number}");
        }
        Value::Float(number) => out.push_str(&json::go_float(*number)),
    }
}

fn print_list(out: &mut String, items: &[Value], texts: bool) {
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        print(out, item, texts);
    }
    out.push(']');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_print_as_go_has_it() {
        for (text, value, quoted) in [
            (r#""a b""#, "a b", "a b"),
            ("5", "5", "%!s(int64=5)"),
            ("1.5", "1.5", "%!s(float64=1.5)"),
            ("2000000.0", "2e+06", "%!s(float64=2e+06)"),
            ("true", "true", "%!s(bool=true)"),
            ("null", "<nil>", "%!s(<nil>)"),
            ("[]", "[]", "[]"),
            (
                r#"{"b":[1,null,"x"],"a":{}}"#,
                "map[a:map[] b:[1 <nil> x]]",
                "map[a:map[] b:[%!s(int64=1) %!s(<nil>) x]]",
            ),
        ] {
            let parsed = json::parse(text.as_bytes()).unwrap();
            assert_eq!(go_value(&parsed), value);
            assert_eq!(go_text(&parsed), quoted);
        }
    }
}
