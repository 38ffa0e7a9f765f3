//! Go's type expressions: `*int32`, `[]Container`, `map[string]resource.Quantity`.

use std::collections::HashMap;

use super::read::Package;
use crate::{List, ListType, MapType, Scalar, Shape, Text, Type, TypeId};

/// The words that are types by themselves.
const SCALARS: &[(&str, Scalar)] = &[
    ("string", Scalar::String),
    ("bool", Scalar::Bool),
    ("int32", Scalar::Int32),
    ("int64", Scalar::Int64),
    ("float64", Scalar::Double),
    ("[]byte", Scalar::Bytes),
    ("time", Scalar::Time),
    ("microtime", Scalar::MicroTime),
    ("duration", Scalar::Duration),
    ("quantity", Scalar::Quantity),
    ("intorstring", Scalar::IntOrString),
];

/// What a field says of the list or map that is its type.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Merge {
    /// `list=` as it is written.
    pub list: Text,
    /// `map=` as it is written.
    pub map: Text,
}

/// The types so far; anonymous ones are shared.
#[derive(Default)]
pub(super) struct Types {
    pub types: Vec<Type>,
    pub by_name: HashMap<Text, TypeId>,
    anonymous: HashMap<(Text, TypeId, Merge), TypeId>,
    scalars: HashMap<&'static str, TypeId>,
}

impl Types {
    pub fn add(&mut self, name: Text, shape: Shape) -> TypeId {
        let id = TypeId(self.types.len() as u32);
        self.types.push(Type { name, shape });
        id
    }

    /// The type of `expression`; without a pointer's star.
    pub fn resolve(
        &mut self,
        package: &Package<'_>,
        expression: &str,
        merge: &Merge,
    ) -> Result<TypeId, String> {
        if let Some((word, scalar)) = SCALARS.iter().find(|known| known.0 == expression) {
            if let Some(id) = self.scalars.get(word) {
                return Ok(*id);
            }
            let id = self.add(Text::default(), Shape::Scalar(*scalar));
            self.scalars.insert(word, id);
            return Ok(id);
        }
        if let Some(items) = expression.strip_prefix("[]") {
            let items = self.resolve(package, items, &Merge::default())?;
            return Ok(self.share("[]".into(), items, merge, || list(items, merge)));
        }
        if let Some((keys, values)) = expression.strip_prefix("map[").and_then(|rest| rest.split_once(']')) {
            let values = self.resolve(package, values, &Merge::default())?;
            let atomic = merge.map == "atomic";
            let keys =
                if keys == "string" { Text::default() } else { go_name(&full_name(package, keys)?).into() };
            let shape = || Shape::Map(MapType { values, atomic, keys: keys.clone() });
            return Ok(self.share(keys.clone(), values, merge, shape));
        }
        let name = full_name(package, expression)?;
        self.by_name.get(name.as_str()).copied().ok_or_else(|| format!("no type {name}"))
    }

    /// The shape of a named type's expression.
    pub fn shape(&mut self, package: &Package<'_>, expression: &str) -> Result<Shape, String> {
        if expression == "any" {
            return Ok(Shape::Any);
        }
        let id = self.resolve(package, expression, &Merge::default())?;
        match &self.types[id.0 as usize].shape {
            Shape::Scalar(scalar) => Ok(Shape::Scalar(*scalar)),
            Shape::List(list) => Ok(Shape::List(list.clone())),
            Shape::Map(map) => Ok(Shape::Map(map.clone())),
            Shape::Struct(_) | Shape::Any => Err(format!("{expression}: cannot be named again")),
        }
    }

    fn share(&mut self, kind: Text, inner: TypeId, merge: &Merge, shape: impl FnOnce() -> Shape) -> TypeId {
        let key = (kind, inner, merge.clone());
        if let Some(id) = self.anonymous.get(&key) {
            return *id;
        }
        let id = self.add(Text::default(), shape());
        self.anonymous.insert(key, id);
        id
    }
}

fn list(items: TypeId, merge: &Merge) -> Shape {
    let list_type = match call(&merge.list) {
        ("set", _) => ListType::Set,
        ("map", keys) => ListType::Map(keys.split(',').map(Text::from).collect()),
        _ => ListType::Atomic,
    };
    Shape::List(List { items, list_type, declared: !merge.list.is_empty() })
}

/// `name(arguments)` taken apart.
pub(super) fn call(text: &str) -> (&str, &str) {
    text.strip_suffix(')').and_then(|text| text.split_once('(')).unwrap_or((text, ""))
}

/// The full name of a type that `package` calls `name`.
pub(super) fn full_name(package: &Package<'_>, name: &str) -> Result<String, String> {
    let Some((short, name)) = name.split_once('.') else { return Ok(format!("{}.{name}", package.name)) };
    let import = package.imports.iter().find(|import| import.0 == short);
    import.map(|import| format!("{}.{name}", import.1)).ok_or_else(|| format!("no import {short}"))
}

/// A full name as Go prints it: its last two parts.
fn go_name(full: &str) -> &str {
    full.rmatch_indices('.').nth(1).map_or(full, |(at, _)| &full[at + 1..])
}
