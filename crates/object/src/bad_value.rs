//! Values as the messages of field errors print them.

use status::BadValue;

use crate::{Value, json};

/// Strings are quoted, scalars bare, lists and objects compact JSON.
impl From<&Value> for BadValue {
    fn from(value: &Value) -> BadValue {
        match value {
            Value::Null => BadValue::Null,
            Value::Bool(value) => BadValue::from(*value),
            Value::Int(number) => BadValue::from(*number),
            Value::Float(number) => BadValue::Bare(json::go_float(*number)),
            Value::String(text) => BadValue::from(text.as_str()),
            Value::Array(_) | Value::Object(_) => BadValue::Bare(json::to_string(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_has_its_form() {
        let value =
            json::parse(br#"{"s":"a\"b","n":null,"b":true,"i":-3,"f":2000000.5,"l":[{"k":"<"}]}"#).unwrap();
        let printed = |key: &str| BadValue::from(value.get(key).unwrap());
        assert_eq!(printed("s"), BadValue::Text("a\"b".to_owned()));
        assert_eq!(printed("n"), BadValue::Null);
        for (key, text) in [("b", "true"), ("i", "-3"), ("f", "2.0000005e+06"), ("l", r#"[{"k":"\u003c"}]"#)]
        {
            assert_eq!(printed(key), BadValue::Bare(text.to_owned()));
        }
    }
}
