//! Named formats of text.

use meta::names;

use super::Row;
use crate::error::{CelError, Outcome};
use crate::opaque::{OpaqueValue, expect, opaque};
use crate::time::Timestamp;
use crate::value::Value;

/// The functions.
pub(crate) const TABLE: &[Row] = &[
    ("format-named: format.named(string) -> optional(NamedFormat)", named),
    ("format-dns1123Label: format.dns1123Label() -> NamedFormat", |_| Ok(format_at(0))),
    ("format-dns1123Subdomain: format.dns1123Subdomain() -> NamedFormat", |_| Ok(format_at(1))),
    ("format-dns1035Label: format.dns1035Label() -> NamedFormat", |_| Ok(format_at(2))),
    ("format-qualifiedName: format.qualifiedName() -> NamedFormat", |_| Ok(format_at(3))),
    ("format-dns1123LabelPrefix: format.dns1123LabelPrefix() -> NamedFormat", |_| Ok(format_at(4))),
    ("format-dns1123SubdomainPrefix: format.dns1123SubdomainPrefix() -> NamedFormat", |_| Ok(format_at(5))),
    ("format-dns1035LabelPrefix: format.dns1035LabelPrefix() -> NamedFormat", |_| Ok(format_at(6))),
    ("format-labelValue: format.labelValue() -> NamedFormat", |_| Ok(format_at(7))),
    ("format-uri: format.uri() -> NamedFormat", |_| Ok(format_at(8))),
    ("format-uuid: format.uuid() -> NamedFormat", |_| Ok(format_at(9))),
    ("format-byte: format.byte() -> NamedFormat", |_| Ok(format_at(10))),
    ("format-date: format.date() -> NamedFormat", |_| Ok(format_at(11))),
    ("format-datetime: format.datetime() -> NamedFormat", |_| Ok(format_at(12))),
    ("format-validate: NamedFormat::validate(string) -> optional(list(string))", validate),
];

/// What is wrong with a text; empty if nothing is.
type Check = fn(&str) -> Vec<String>;

/// The formats by name.
const FORMATS: [(&str, Check); 13] = [
    ("dns1123Label", |text| own(names::dns1123_label(text))),
    ("dns1123Subdomain", |text| own(names::dns1123_subdomain(text))),
    ("dns1035Label", |text| own(names::dns1035_label(text))),
    ("qualifiedName", |text| own(names::qualified_name(text))),
    ("dns1123LabelPrefix", |text| own(names::dns1123_label(&names::mask_trailing_dash(text)))),
    ("dns1123SubdomainPrefix", |text| own(names::dns1123_subdomain(&names::mask_trailing_dash(text)))),
    ("dns1035LabelPrefix", |text| own(names::dns1035_label(&names::mask_trailing_dash(text)))),
    ("labelValue", |text| own(names::label_value(text))),
    ("uri", |text| super::url::problem(text).into_iter().collect()),
    ("uuid", |text| unless(is_uuid(text), "does not match the UUID format")),
    ("byte", |text| unless(crate::convert::decode_base64(text).is_some(), "invalid base64")),
    ("date", |text| unless(Timestamp::parse_date(text).is_some(), "invalid date")),
    ("datetime", |text| unless(Timestamp::parse(text).is_some(), "invalid datetime")),
];

fn own(messages: names::Messages) -> Vec<String> {
    messages.into_iter().map(|message| message.into_owned()).collect()
}

fn unless(good: bool, problem: &str) -> Vec<String> {
    if good { Vec::new() } else { vec![problem.to_owned()] }
}

/// Hexadecimal digits in groups of 8, 4, 4, 4 and 12; the dashes may be left out.
fn is_uuid(text: &str) -> bool {
    let mut rest = text.as_bytes();
    for (index, length) in [8usize, 4, 4, 4, 12].into_iter().enumerate() {
        if index > 0 {
            rest = rest.strip_prefix(b"-").unwrap_or(rest);
        }
        match rest.split_at_checked(length) {
            Some((group, after)) if group.iter().all(u8::is_ascii_hexdigit) => rest = after,
            _ => return false,
        }
    }
    rest.is_empty()
}

#[derive(Debug, PartialEq)]
struct NamedFormat(usize);

impl OpaqueValue for NamedFormat {
    fn type_name(&self) -> &'static str {
        "kubernetes.NamedFormat"
    }
    fn equals(&self, other: &dyn OpaqueValue) -> bool {
        let other: &dyn std::any::Any = other;
        other.downcast_ref::<NamedFormat>() == Some(self)
    }
}

fn format_at<'a>(index: usize) -> Value<'a> {
    opaque(NamedFormat(index))
}

fn named<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let name = args.first().and_then(Value::as_str).ok_or_else(CelError::no_such_overload)?;
    Ok(match FORMATS.iter().position(|(known, _)| *known == name) {
        Some(index) => Value::some(format_at(index)),
        None => Value::Optional(None),
    })
}

fn validate<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let [format, Value::String(text)] = args else { return Err(CelError::no_such_overload()) };
    let (_, check) = FORMATS[expect::<NamedFormat>(format)?.0];
    let problems = check(text.as_str());
    if problems.is_empty() {
        return Ok(Value::Optional(None));
    }
    Ok(Value::some(Value::list(problems.into_iter().map(Value::from).collect())))
}
