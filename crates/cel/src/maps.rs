//! Adding to maps.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::{CelError, Outcome};
use crate::value::{Key, Map, Value};

/// A map with a key and value, or all of another map, added; keys may not be there already.
pub(crate) fn insert<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let (map, added): (_, Vec<(Value<'a>, Value<'a>)>) = match args {
        [Value::Map(map), key, value] => (map, vec![(key.clone(), value.clone())]),
        [Value::Map(map), Value::Map(other)] => {
            (map, other.entries().map(|(key, value)| Ok((key, value?))).collect::<Result<_, CelError>>()?)
        }
        _ => return Err(CelError::no_such_overload()),
    };
    let mut entries = owned(map)?;
    for (key, value) in added {
        let found = Key::of(&key)
            .ok_or_else(|| CelError::new(format!("unsupported key type: {}", key.type_name())))?;
        if entries.contains_key(&found) {
            let text = crate::format::plain_text(&key);
            return Err(CelError::new(format!("insert failed: key {text} already exists")));
        }
        entries.insert(found, (key, value));
    }
    Ok(Value::Map(Map::Shared(Arc::new(entries))))
}

fn owned<'a>(map: &Map<'a>) -> Result<BTreeMap<Key, (Value<'a>, Value<'a>)>, CelError> {
    if let Map::Shared(entries) = map {
        return Ok((**entries).clone());
    }
    let mut entries = BTreeMap::new();
    for (key, value) in map.entries() {
        if let Some(found) = Key::of(&key) {
            entries.insert(found, (key, value?));
        }
    }
    Ok(entries)
}
