//! The built-in types of Kubernetes v1.36, from the data files in `data/`: one per API group, one line per field.
//!
//! A type is `{"name", "kinds", "atomic", "inline", "fields"}`, its fields in the order in which they are written.
//! A field's `type` is a scalar's name, another type's full name, `any`, or one of these behind `[]` (a list) or `{}`
//! (a map). `proto` is its number, wire form and, if so, `repeated`; `via` the embedded struct that declares it.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use object::{Text, Value};

use crate::{
    Additional, Field, List, ListType, MapType, Omit, PatchStrategy, Proto, Scalar, Schema, Shape, Struct,
    Type, TypeId, Wire,
};

/// The data files, in the order of their groups.
const FILES: &[&str] = &[
    include_str!("../data/meta.json"),
    include_str!("../data/core.json"),
    include_str!("../data/admissionregistration.json"),
    include_str!("../data/apiextensions.json"),
    include_str!("../data/apiregistration.json"),
    include_str!("../data/apps.json"),
    include_str!("../data/authentication.json"),
    include_str!("../data/authorization.json"),
    include_str!("../data/autoscaling.json"),
    include_str!("../data/batch.json"),
    include_str!("../data/certificates.json"),
    include_str!("../data/coordination.json"),
    include_str!("../data/discovery.json"),
    include_str!("../data/events.json"),
    include_str!("../data/flowcontrol.json"),
    include_str!("../data/networking.json"),
    include_str!("../data/node.json"),
    include_str!("../data/policy.json"),
    include_str!("../data/rbac.json"),
    include_str!("../data/resource.json"),
    include_str!("../data/scheduling.json"),
    include_str!("../data/storage.json"),
];

/// The names that scalars have in the data files.
const SCALARS: &[(&str, Scalar)] = &[
    ("string", Scalar::String),
    ("bool", Scalar::Bool),
    ("int32", Scalar::Int32),
    ("int64", Scalar::Int64),
    ("double", Scalar::Double),
    ("bytes", Scalar::Bytes),
    ("time", Scalar::Time),
    ("microTime", Scalar::MicroTime),
    ("duration", Scalar::Duration),
    ("quantity", Scalar::Quantity),
    ("intOrString", Scalar::IntOrString),
];

/// The built-in types, read once.
///
/// # Panics
/// If a data file is malformed: a mistake in this crate, found by its tests.
pub fn builtin() -> Arc<Schema> {
    static BUILTIN: LazyLock<Arc<Schema>> = LazyLock::new(|| Arc::new(load(FILES)));
    BUILTIN.clone()
}

fn load(files: &[&str]) -> Schema {
    let mut loader = Loader::default();
    let types: Vec<Value> = files
        .iter()
        .flat_map(|file| match object::json::parse(file.as_bytes()) {
            Ok(Value::Array(types)) => types,
            _ => panic!("a data file of types is no JSON list"),
        })
        .collect();
    for data in &types {
        let name = Text::from(data.str_at(["name"]));
        let id = loader.add(name.clone(), Shape::Any);
        loader.schema.by_name.insert(name, id);
    }
    for data in &types {
        let id = loader.schema.by_name[data.str_at(["name"])];
        let shape = loader.structure(data);
        for kind in &shape.kinds {
            loader.schema.by_kind.insert(kind.clone(), id);
        }
        loader.schema.types[id.0 as usize].shape = Shape::Struct(shape);
    }
    loader.schema
}

#[derive(Default)]
struct Loader {
    schema: Schema,
    anonymous: HashMap<Text, TypeId>,
}

impl Loader {
    fn add(&mut self, name: Text, shape: Shape) -> TypeId {
        let id = TypeId(self.schema.types.len() as u32);
        self.schema.types.push(Type { name, shape });
        id
    }

    fn structure(&mut self, data: &Value) -> Struct {
        let fields: Vec<Field> = data.items_at(["fields"]).iter().map(|field| self.field(field)).collect();
        let mut sorted: Vec<u16> = (0..fields.len() as u16).collect();
        sorted.sort_by(|a, b| fields[*a as usize].name.cmp(&fields[*b as usize].name));
        Struct {
            sorted,
            fields,
            inline: data.items_at(["inline"]).iter().filter_map(|pair| self.inline(pair)).collect(),
            atomic: flag(data, "atomic"),
            additional: Additional::Prune,
            kinds: data
                .items_at(["kinds"])
                .iter()
                .map(|kind| (text(kind, 0), text(kind, 1), text(kind, 2)))
                .collect(),
        }
    }

    fn inline(&mut self, pair: &Value) -> Option<(TypeId, u32)> {
        let number = pair.as_array()?.get(1)?.as_i64()?;
        Some((self.type_of(&text(pair, 0), &Value::Null), u32::try_from(number).ok()?))
    }

    fn field(&mut self, data: &Value) -> Field {
        Field {
            name: data.str_at(["name"]).into(),
            ty: self.type_of(data.str_at(["type"]), data),
            required: flag(data, "required"),
            omit: match data.str_at(["omit"]) {
                "empty" => Omit::Empty,
                "zero" => Omit::Zero,
                _ => Omit::Never,
            },
            pointer: flag(data, "pointer"),
            default: data.get("default").cloned(),
            enumeration: data.items_at(["enum"]).iter().filter_map(Value::as_str).map(Text::from).collect(),
            patch: patch_strategy(data),
            proto: proto(data.items_at(["proto"])),
            via: data.get("via").and_then(Value::as_i64).and_then(|index| u16::try_from(index).ok()),
            nullable: false,
        }
    }

    /// The type that `spelled` names; `field` says how a list or map of it is merged.
    fn type_of(&mut self, spelled: &str, field: &Value) -> TypeId {
        if let Some(items) = spelled.strip_prefix("[]") {
            let items = self.type_of(items, &Value::Null);
            return self.add(Text::default(), Shape::List(List { items, list_type: list_type(field) }));
        }
        if let Some(values) = spelled.strip_prefix("{}") {
            let values = self.type_of(values, &Value::Null);
            return self.add(Text::default(), Shape::Map(MapType { values, atomic: flag(field, "atomic") }));
        }
        if let Some(id) = self.schema.by_name.get(spelled).or_else(|| self.anonymous.get(spelled)) {
            return *id;
        }
        let scalar = SCALARS.iter().find(|(name, _)| *name == spelled).map(|(_, scalar)| *scalar);
        let shape = match scalar {
            Some(scalar) => Shape::Scalar(scalar),
            None if spelled == "any" => Shape::Any,
            None => panic!("the data files name a type they do not have: {spelled}"),
        };
        let id = self.add(Text::default(), shape);
        self.anonymous.insert(spelled.into(), id);
        id
    }
}

fn flag(data: &Value, key: &str) -> bool {
    data.get(key).and_then(Value::as_bool).unwrap_or(false)
}

fn text(list: &Value, index: usize) -> Text {
    list.as_array().and_then(|items| items.get(index)).and_then(Value::as_str).unwrap_or("").into()
}

fn list_type(field: &Value) -> ListType {
    match field.str_at(["list"]) {
        "set" => ListType::Set,
        spelled => match spelled.strip_prefix("map:") {
            Some(keys) => ListType::Map(keys.split(',').map(Text::from).collect()),
            None => ListType::Atomic,
        },
    }
}

fn patch_strategy(data: &Value) -> PatchStrategy {
    let strategies = data.str_at(["patch"]);
    PatchStrategy {
        merge: strategies.split(',').any(|strategy| strategy == "merge"),
        retain_keys: strategies.split(',').any(|strategy| strategy == "retainKeys"),
        merge_key: data.str_at(["mergeKey"]).into(),
    }
}

fn proto(parts: &[Value]) -> Option<Proto> {
    let number = u32::try_from(parts.first()?.as_i64()?).ok()?;
    let wire = match parts.get(1)?.as_str()? {
        "varint" => Wire::Varint,
        "fixed64" => Wire::Fixed64,
        _ => Wire::Bytes,
    };
    Some(Proto { number, wire, repeated: parts.len() > 2 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_there_with_its_fields() {
        let schema = builtin();
        let pod = schema.of_kind("", "v1", "Pod").expect("core/v1 Pod");
        let names: Vec<&str> =
            pod.as_struct().into_iter().flat_map(|of| &of.fields).map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["kind", "apiVersion", "metadata", "spec", "status"]);
        let ports =
            pod.at(["spec", "containers"]).and_then(|list| list.items()).and_then(|item| item.child("ports"));
        let Some(Shape::List(list)) = ports.map(|ports| ports.shape()) else { panic!("ports are a list") };
        assert_eq!(list.list_type, ListType::Map(vec!["containerPort".into(), "protocol".into()]));
    }

    #[test]
    fn fields_can_be_found_by_name() {
        let schema = builtin();
        for ty in &schema.types {
            let Shape::Struct(of) = &ty.shape else { continue };
            for field in &of.fields {
                assert!(
                    of.field(&field.name).is_some_and(|found| std::ptr::eq(found, field)),
                    "{}.{}",
                    ty.name,
                    field.name
                );
            }
        }
    }

    #[test]
    fn embedded_structs_declare_their_fields() {
        let schema = builtin();
        let volume = schema.named("io.k8s.api.core.v1.Volume").expect("Volume");
        let secret = volume.field("secret").expect("a volume may be a secret");
        assert!(secret.via.is_some() && secret.proto.is_some_and(|proto| proto.number > 0));
    }
}
