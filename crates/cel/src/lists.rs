//! Joining lists.

use std::sync::Arc;

use crate::compare::{equal, equal_field};
use crate::error::{CelError, Outcome};
use crate::types::ListKind;
use crate::value::{List, Value};

/// Both lists in one; sets keep an element once, lists with keys take the second list's elements in place.
pub(crate) fn join<'a>(a: &List<'a>, b: &List<'a>) -> Outcome<'a> {
    let mut items = a.iter().collect::<Result<Vec<_>, CelError>>()?;
    for item in b.iter() {
        let item = item?;
        let same = match a.kind() {
            ListKind::Atomic => None,
            ListKind::Set => items.iter().position(|other| equal(other, &item)),
            ListKind::Map(keys) => {
                items.iter().position(|other| keys.iter().all(|key| equal_field(other, &item, key)))
            }
        };
        match same {
            Some(index) => items[index] = item,
            None => items.push(item),
        }
    }
    Ok(Value::List(List::Shared(Arc::new(items))))
}
