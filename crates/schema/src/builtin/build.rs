//! Declarations to a schema.

use std::collections::HashMap;

use object::{Map, Value};

use super::expression::{Merge, Types, call, full_name};
use super::read::{Body, Declaration, Member, Package};
use crate::{
    Additional, Field, Omit, PatchStrategy, Proto, Scalar, Schema, Shape, Struct, Text, TypeId, Wire,
};

/// What a struct's line became: a field of its own, or those of another struct.
enum Part {
    Field(Box<Field>),
    Embed(TypeId, u32),
}

#[derive(Default)]
struct Builder {
    types: Types,
    /// The values of named texts.
    values: HashMap<TypeId, Vec<Text>>,
    parts: HashMap<TypeId, Vec<Part>>,
    /// (copy, original): structs that are atomic elsewhere and granular in one field.
    granular: Vec<(TypeId, TypeId)>,
}

/// The schema of all declarations.
pub(super) fn build(declarations: &[Declaration<'_>]) -> Result<Schema, String> {
    let mut builder = Builder::default();
    for declaration in declarations {
        builder.declare(declaration)?;
    }
    for declaration in declarations {
        builder.name(declaration)?;
    }
    for declaration in declarations {
        builder.members(declaration)?;
    }
    builder.embed();
    builder.copy_granular();
    Ok(builder.schema())
}

fn id_of(types: &Types, declaration: &Declaration<'_>) -> Result<TypeId, String> {
    let name = full_name(&declaration.package, declaration.name)?;
    types.by_name.get(name.as_str()).copied().ok_or(name)
}

impl Builder {
    /// Gives every declared type its place, so that the order of declarations does not matter.
    fn declare(&mut self, declaration: &Declaration<'_>) -> Result<(), String> {
        let name: Text = full_name(&declaration.package, declaration.name)?.into();
        let shape = match &declaration.body {
            Body::Struct { attributes, .. } => Shape::Struct(structure(attributes)),
            Body::Named { .. } => Shape::Any,
        };
        let id = self.types.add(name.clone(), shape);
        match self.types.by_name.insert(name, id) {
            Some(_) => Err(format!("{} is declared twice", declaration.name)),
            None => Ok(()),
        }
    }

    fn name(&mut self, declaration: &Declaration<'_>) -> Result<(), String> {
        let Body::Named { expression, values } = &declaration.body else { return Ok(()) };
        let id = id_of(&self.types, declaration)?;
        let shape = self.types.shape(&declaration.package, expression)?;
        self.types.types[id.0 as usize].shape = shape;
        let values: Vec<Text> = values.iter().map(|value| value.trim_matches('"').into()).collect();
        if !values.is_empty() {
            self.values.insert(id, values);
        }
        Ok(())
    }

    fn members(&mut self, declaration: &Declaration<'_>) -> Result<(), String> {
        let Body::Struct { members, .. } = &declaration.body else { return Ok(()) };
        let id = id_of(&self.types, declaration)?;
        let mut parts = Vec::with_capacity(members.len());
        for member in members {
            let part = self.part(&declaration.package, member);
            parts.push(part.map_err(|error| format!("{}.{}: {error}", declaration.name, member.name))?);
        }
        self.parts.insert(id, parts);
        Ok(())
    }

    fn part(&mut self, package: &Package<'_>, member: &Member<'_>) -> Result<Part, String> {
        let (pointer, expression) = match member.expression.strip_prefix('*') {
            Some(expression) => (true, expression),
            None => (false, member.expression),
        };
        if member.name == "embed" {
            let id = self.types.resolve(package, expression, &Merge::default())?;
            return Ok(Part::Embed(id, member.number));
        }
        let mut attributes = attributes(&member.attributes)?;
        let mut id = self.types.resolve(package, expression, &attributes.merge)?;
        if attributes.merge.map == "granular" {
            id = self.granular(id);
        }
        let zero = if pointer { None } else { self.zero(id, attributes.omit) };
        let default = attributes.default.take().unwrap_or(zero);
        Ok(Part::Field(Box::new(Field {
            name: member.name.into(),
            ty: id,
            required: attributes.required,
            omit: attributes.omit,
            pointer,
            default,
            enumeration: self.values.get(&self.innermost(id)).cloned().unwrap_or_default(),
            patch: attributes.patch,
            proto: (member.number > 0).then(|| self.proto(member.number, id)),
            via: None,
            nullable: false,
        })))
    }

    /// The default that OpenAPI states for a field that is no pointer.
    fn zero(&self, id: TypeId, omit: Omit) -> Option<Value> {
        match (&self.types.types[id.0 as usize].shape, omit) {
            (Shape::Struct(_), _) => Some(Value::Object(Map::new())),
            (Shape::Scalar(Scalar::String), Omit::Never) => Some("".into()),
            (Shape::Scalar(Scalar::Bool), Omit::Never) => Some(false.into()),
            (Shape::Scalar(Scalar::Int32 | Scalar::Int64 | Scalar::Double), Omit::Never) => Some(0.into()),
            _ => None,
        }
    }

    /// The type of a list's elements or a map's values, however deep.
    fn innermost(&self, id: TypeId) -> TypeId {
        match &self.types.types[id.0 as usize].shape {
            Shape::List(list) => self.innermost(list.items),
            Shape::Map(map) => self.innermost(map.values),
            _ => id,
        }
    }

    fn proto(&self, number: u32, id: TypeId) -> Proto {
        match &self.types.types[id.0 as usize].shape {
            Shape::List(list) => Proto { repeated: true, ..self.proto(number, list.items) },
            Shape::Map(_) => Proto { number, wire: Wire::Bytes, repeated: true },
            Shape::Scalar(Scalar::Bool | Scalar::Int32 | Scalar::Int64) => {
                Proto { number, wire: Wire::Varint, repeated: false }
            }
            Shape::Scalar(Scalar::Double) => Proto { number, wire: Wire::Fixed64, repeated: false },
            _ => Proto { number, wire: Wire::Bytes, repeated: false },
        }
    }

    /// Puts the fields of embedded structs in their places.
    fn embed(&mut self) {
        let ids: Vec<TypeId> = self.parts.keys().copied().collect();
        for id in ids {
            let mut inline = Vec::new();
            let fields = self.fields(id, &mut inline);
            if let Shape::Struct(of) = &mut self.types.types[id.0 as usize].shape {
                of.inline = inline;
                of.sorted = sorted(&fields);
                of.fields = fields;
            }
        }
    }

    fn fields(&self, id: TypeId, inline: &mut Vec<(TypeId, u32)>) -> Vec<Field> {
        let mut fields = Vec::new();
        for part in self.parts.get(&id).into_iter().flatten() {
            match part {
                Part::Field(field) => fields.push(Field::clone(field)),
                Part::Embed(id, number) => {
                    let via = Some(inline.len() as u16);
                    inline.push((*id, *number));
                    fields.extend(self.fields(*id, &mut Vec::new()).into_iter().map(|field| Field {
                        via,
                        proto: field.proto.filter(|_| *number > 0),
                        ..field
                    }));
                }
            }
        }
        fields
    }

    /// The type for a field that merges a struct of this type field by field, whatever the struct itself says.
    fn granular(&mut self, id: TypeId) -> TypeId {
        let ty = &self.types.types[id.0 as usize];
        if !matches!(&ty.shape, Shape::Struct(of) if of.atomic) {
            return id;
        }
        let copy = self.types.add(ty.name.clone(), Shape::Struct(Struct::default()));
        self.granular.push((copy, id));
        copy
    }

    /// Fills the copies in, now that their originals are whole.
    fn copy_granular(&mut self) {
        for (copy, original) in std::mem::take(&mut self.granular) {
            if let Shape::Struct(of) = &self.types.types[original.0 as usize].shape {
                let fields = of.fields.clone();
                let (sorted, inline) = (of.sorted.clone(), of.inline.clone());
                let of = Struct { fields, sorted, inline, additional: of.additional, ..Struct::default() };
                self.types.types[copy.0 as usize].shape = Shape::Struct(of);
            }
        }
    }

    fn schema(self) -> Schema {
        let Types { types, by_name, .. } = self.types;
        let mut by_kind = HashMap::new();
        for (id, ty) in types.iter().enumerate() {
            if let Shape::Struct(of) = &ty.shape {
                by_kind.extend(of.kinds.iter().map(|kind| (kind.clone(), TypeId(id as u32))));
            }
        }
        Schema { types, by_name, by_kind }
    }
}

/// A struct's line: its kinds, and whether merges replace it.
fn structure(attributes: &[&str]) -> Struct {
    let kind = |text: &str| {
        let mut parts = text.strip_prefix("kind=")?.splitn(3, '/');
        Some((parts.next()?.into(), parts.next()?.into(), parts.next()?.into()))
    };
    Struct {
        kinds: attributes.iter().filter_map(|attribute| kind(attribute)).collect(),
        atomic: attributes.contains(&"atomic"),
        additional: Additional::Prune,
        ..Struct::default()
    }
}

/// Indices of `fields` in the order of their names.
pub(crate) fn sorted(fields: &[Field]) -> Vec<u16> {
    let mut sorted: Vec<u16> = (0..fields.len() as u16).collect();
    sorted.sort_by(|a, b| fields[*a as usize].name.cmp(&fields[*b as usize].name));
    sorted
}

#[derive(Default)]
struct Attributes {
    omit: Omit,
    required: bool,
    merge: Merge,
    patch: PatchStrategy,
    /// The stated default; `Some(None)` says that there is none though one would be expected.
    default: Option<Option<Value>>,
}

fn attributes(words: &[&str]) -> Result<Attributes, String> {
    let mut out = Attributes::default();
    for word in words {
        match word.split_once('=').unwrap_or((word, "")) {
            ("omitempty", "") => out.omit = Omit::Empty,
            ("omitzero", "") => out.omit = Omit::Zero,
            ("required", "") => out.required = true,
            ("list", text) => out.merge.list = text.into(),
            ("map", text) => out.merge.map = text.into(),
            ("patch", text) => {
                let (strategies, key) = call(text);
                out.patch.merge = strategies.split(',').any(|strategy| strategy == "merge");
                out.patch.replace = strategies.split(',').any(|strategy| strategy == "replace");
                out.patch.retain_keys = strategies.split(',').any(|strategy| strategy == "retainKeys");
                out.patch.merge_key = key.into();
            }
            ("default", "none") => out.default = Some(None),
            ("default", text) => {
                let value =
                    object::json::parse(text.as_bytes()).map_err(|error| format!("{word}: {error}"))?;
                out.default = Some(Some(value));
            }
            _ => return Err(format!("{word}: no attribute")),
        }
    }
    Ok(out)
}
