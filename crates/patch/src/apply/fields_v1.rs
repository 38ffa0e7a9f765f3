//! `FieldsV1`: a set of paths as the JSON that `managedFields` carries.
//!
//! `{"f:spec":{"f:ports":{".":{},"k:{\"port\":80}":{}}}}`: each key is a path element, `.` says that the path which
//! ends there is in the set, and so does an empty object. Source: KEP-555.

use object::{Map, Text, Value, json};

use super::Element;
use super::element::{MOST_NESTED, nests_deeper};
use super::set::{Entry, Set};

impl Set {
    /// The set as `FieldsV1`.
    pub fn to_fields_v1(&self) -> Value {
        Value::Object(contents(self, false))
    }

    /// The set that `FieldsV1` states. Elements of unknown kinds are passed over; fails with the reason when
    /// one can't be read.
    pub fn from_fields_v1(fields: &Value) -> Result<Set, String> {
        match fields {
            Value::Null => Ok(Set::new()),
            Value::Object(_) if nests_deeper(fields, MOST_NESTED) => {
                Err(format!("nested deeper than {MOST_NESTED} levels"))
            }
            Value::Object(map) => parse(map),
            other => Err(format!("expected an object but found {}", other.type_name())),
        }
    }
}

fn contents(set: &Set, itself: bool) -> Map {
    let mut entries = Vec::with_capacity(set.entries().len() + usize::from(itself));
    if itself {
        entries.push((Text::const_new("."), Value::object()));
    }
    for entry in set.entries() {
        let inside = contents(&entry.children, entry.member && !entry.children.is_empty());
        entries.push((write_element(&entry.element), Value::Object(inside)));
    }
    Map::from_entries(entries)
}

fn parse(map: &Map) -> Result<Set, String> {
    let mut entries = Vec::with_capacity(map.len());
    for (key, value) in map.iter() {
        if key == "." {
            continue;
        }
        let Some(element) = parse_element(key)? else { continue };
        let (children, itself) = match value {
            Value::Null => (Set::new(), true),
            Value::Object(inside) => (parse(inside)?, inside.contains(".")),
            other => return Err(format!("expected an object but found {}", other.type_name())),
        };
        let member = itself || children.is_empty();
        entries.push(Entry { element, member, children });
    }
    Ok(Set::from_entries(entries))
}

/// The element as a key of `FieldsV1`: `f:name`, `k:{"port":80}`, `v:"x"`, `i:0`.
fn write_element(element: &Element) -> Text {
    match element {
        Element::Field(name) => {
            let mut key = Text::with_capacity(name.len() + 2);
            key.push_str("f:");
            key.push_str(name);
            key
        }
        Element::Key(fields) => {
            let fields = Map::from_entries(fields.to_vec());
            Text::from(format!("k:{}", json::to_string(&Value::Object(fields))))
        }
        Element::Value(value) => Text::from(format!("v:{}", json::to_string(value))),
        Element::Index(index) => Text::from(format!("i:{index}")),
    }
}

/// Reads an element; `None` for one of a kind that only a later version knows.
fn parse_element(key: &str) -> Result<Option<Element>, String> {
    let Some((kind, rest)) = key.split_at_checked(2) else {
        return Err("key must be 2 characters long:".to_owned());
    };
    let json = || json::parse(rest.as_bytes()).map_err(|error| error.to_string());
    Ok(Some(match kind {
        "f:" => Element::field(rest),
        "v:" => Element::value(json()?),
        "k:" => match json()? {
            Value::Object(map) => Element::key(map.into_entries()),
            other => return Err(format!("expected an object but found {}", other.type_name())),
        },
        "i:" => {
            let index = rest.parse();
            Element::Index(
                index.map_err(|_| {
                    format!("strconv.Atoi: parsing {}: invalid syntax", status::go_quote(rest))
                })?,
            )
        }
        other if other.ends_with(':') => return Ok(None),
        _ => return Err(format!("missing colon: {key}")),
    }))
}
