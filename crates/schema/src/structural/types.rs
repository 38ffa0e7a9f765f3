//! The type model of a custom resource: what decoding, encoding, merging and CEL walk.

use object::{Map, Text, Value};

use crate::builtin::sorted;
use crate::{
    Additional, Field, List, ListType, MapType, Omit, PatchStrategy, Scalar, Schema, Shape, Struct, Type,
    TypeId,
};

const OBJECT_META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/// The types of a custom resource's version, from its `openAPIV3Schema`. Metadata is as `builtin` has it.
pub fn schema_of(group: &str, version: &str, kind: &str, open_api: &Value, builtin: &Schema) -> Schema {
    let mut maker = Maker { schema: Schema::default() };
    let metadata = maker.import(builtin, OBJECT_META);
    let root = maker.object(open_api, true, metadata);
    let mut reversed: Vec<&str> = group.split('.').rev().collect();
    reversed.extend([version, kind]);
    let name = Text::from(reversed.join("."));
    let names = (Text::from(group), Text::from(version), Text::from(kind));
    if let Some(ty) = maker.schema.types.get_mut(root.0 as usize) {
        ty.name = name.clone();
        if let Shape::Struct(of) = &mut ty.shape {
            of.kinds.push(names.clone());
        }
    }
    maker.schema.by_name.insert(name, root);
    maker.schema.by_kind.insert(names, root);
    maker.schema
}

struct Maker {
    schema: Schema,
}

impl Maker {
    fn add(&mut self, name: &str, shape: Shape) -> TypeId {
        let id = TypeId(self.schema.types.len() as u32);
        self.schema.types.push(Type { name: name.into(), shape });
        id
    }

    /// Copies a built-in type and those that it needs.
    fn import(&mut self, builtin: &Schema, name: &str) -> TypeId {
        if let Some(id) = self.schema.by_name.get(name) {
            return *id;
        }
        let Some(ty) = builtin.named(name) else { return self.add(name, Shape::Any) };
        self.copy(builtin, ty.id)
    }

    fn copy(&mut self, builtin: &Schema, from: TypeId) -> TypeId {
        let ty = builtin.get(from).ty();
        if let Some(id) = self.schema.by_name.get(&ty.name).filter(|_| !ty.name.is_empty()) {
            return *id;
        }
        // The place is taken before the parts are copied, for types that hold themselves.
        let id = self.add(&ty.name, Shape::Any);
        if !ty.name.is_empty() {
            self.schema.by_name.insert(ty.name.clone(), id);
        }
        let shape = match &ty.shape {
            Shape::Struct(of) => Shape::Struct(self.copy_struct(builtin, of)),
            Shape::List(list) => Shape::List(List { items: self.copy(builtin, list.items), ..list.clone() }),
            Shape::Map(map) => Shape::Map(MapType { values: self.copy(builtin, map.values), ..map.clone() }),
            Shape::Scalar(scalar) => Shape::Scalar(*scalar),
            Shape::Any => Shape::Any,
        };
        self.schema.types[id.0 as usize].shape = shape;
        id
    }

    fn copy_struct(&mut self, builtin: &Schema, of: &Struct) -> Struct {
        let mut fields: Vec<Field> = of
            .fields
            .iter()
            .map(|field| Field { ty: self.copy(builtin, field.ty), ..field.clone() })
            .collect();
        // The original writes custom resources as maps, metadata too.
        fields.sort_by(|a, b| a.name.cmp(&b.name));
        Struct {
            sorted: sorted(&fields),
            fields,
            inline: of.inline.iter().map(|(id, number)| (self.copy(builtin, *id), *number)).collect(),
            atomic: of.atomic,
            additional: of.additional,
            kinds: of.kinds.clone(),
        }
    }

    fn of(&mut self, schema: &Value, metadata: TypeId) -> TypeId {
        if flag(schema, "x-kubernetes-int-or-string") {
            return self.add("", Shape::Scalar(Scalar::IntOrString));
        }
        let scalar = match schema.str_at(["type"]) {
            "string" => Scalar::String,
            "boolean" => Scalar::Bool,
            "integer" => Scalar::Int64,
            "number" => Scalar::Double,
            "array" => return self.list(schema, metadata),
            "object" => return self.object(schema, false, metadata),
            _ if schema.get("properties").is_some() || schema.get("additionalProperties").is_some() => {
                return self.object(schema, false, metadata);
            }
            _ => return self.add("", Shape::Any),
        };
        self.add("", Shape::Scalar(scalar))
    }

    fn list(&mut self, schema: &Value, metadata: TypeId) -> TypeId {
        let items = schema.get("items").cloned().unwrap_or_default();
        let items = self.of(&items, metadata);
        let list_type = match schema.str_at(["x-kubernetes-list-type"]) {
            "set" => ListType::Set,
            "map" => {
                let keys = schema.items_at(["x-kubernetes-list-map-keys"]).iter();
                ListType::Map(keys.filter_map(Value::as_str).map(Text::from).collect())
            }
            _ => ListType::Atomic,
        };
        let declared = schema.get("x-kubernetes-list-type").is_some();
        self.add("", Shape::List(List { items, list_type, declared }))
    }

    fn object(&mut self, schema: &Value, root: bool, metadata: TypeId) -> TypeId {
        let empty = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
        let resource = root || flag(schema, "x-kubernetes-embedded-resource");
        let atomic = schema.str_at(["x-kubernetes-map-type"]) == "atomic";
        let additional = match schema.get("additionalProperties") {
            _ if flag(schema, "x-kubernetes-preserve-unknown-fields") => Additional::Preserve,
            Some(Value::Bool(true)) => Additional::Preserve,
            Some(values @ Value::Object(_)) => Additional::Typed(self.of(values, metadata)),
            _ => Additional::Prune,
        };
        if let (Additional::Typed(values), true, false) = (additional, properties.is_empty(), resource) {
            return self.add("", Shape::Map(MapType { values, atomic, keys: Text::default() }));
        }
        let mut fields = Vec::new();
        if resource {
            let text = self.add("", Shape::Scalar(Scalar::String));
            fields.extend(["apiVersion", "kind"].map(|name| field(name, text, &Value::Null, false)));
            fields.push(field("metadata", metadata, &Value::Null, false));
        }
        let required = schema.items_at(["required"]);
        for (name, property) in properties.iter() {
            if resource && ["apiVersion", "kind", "metadata"].contains(&name) {
                continue;
            }
            let ty = self.of(property, metadata);
            let needed = required.iter().any(|required| required.as_str() == Some(name));
            fields.push(field(name, ty, property, needed));
        }
        fields.sort_by(|a, b| a.name.cmp(&b.name));
        let sorted = sorted(&fields);
        let of = Struct { fields, sorted, inline: Vec::new(), atomic, additional, kinds: Vec::new() };
        self.add("", Shape::Struct(of))
    }
}

/// A field of a custom resource: kept as it is, empty or not, as long as it is there.
fn field(name: &str, ty: TypeId, schema: &Value, required: bool) -> Field {
    Field {
        name: name.into(),
        ty,
        required,
        omit: Omit::Empty,
        pointer: true,
        default: schema.get("default").filter(|default| !default.is_null()).cloned(),
        enumeration: schema.items_at(["enum"]).iter().filter_map(Value::as_str).map(Text::from).collect(),
        patch: PatchStrategy::default(),
        proto: None,
        via: None,
        nullable: flag(schema, "nullable"),
    }
}

fn flag(schema: &Value, key: &str) -> bool {
    schema.get(key).and_then(Value::as_bool).unwrap_or(false)
}
