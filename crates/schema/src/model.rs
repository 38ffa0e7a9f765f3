//! Types, fields, and what encodings and merges need to know of them.

use std::collections::HashMap;
use std::sync::Arc;

use object::{Text, Value};

/// A type's place in its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TypeId(pub u32);

/// An arena of types; those with a name can be looked up by it.
#[derive(Debug, Default)]
pub struct Schema {
    /// The types; a [`TypeId`] is an index here.
    pub types: Vec<Type>,
    /// Full names (`io.k8s.api.core.v1.Pod`) to types.
    pub by_name: HashMap<Text, TypeId>,
    /// (group, version, kind) to types.
    pub by_kind: HashMap<(Text, Text, Text), TypeId>,
}

/// One type: a name if it has one, and its shape.
#[derive(Debug)]
pub struct Type {
    /// The full name, such as `io.k8s.api.core.v1.Pod`; empty for the anonymous ones. Go's named texts, lists and
    /// maps (`io.k8s.api.core.v1.PullPolicy`) have one too, though OpenAPI writes them in place.
    pub name: Text,
    /// What its values look like.
    pub shape: Shape,
}

/// What the values of a type look like.
#[derive(Debug)]
pub enum Shape {
    /// An object with known fields.
    Struct(Struct),
    /// A list.
    List(List),
    /// An object with arbitrary keys and values of one type.
    Map(MapType),
    /// A value without parts.
    Scalar(Scalar),
    /// Any JSON, kept as it is (RawExtension, FieldsV1, apiextensions' JSON, `x-kubernetes-preserve-unknown-fields`
    /// without a type).
    Any,
}

/// A value without parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// Text.
    String,
    /// `true` or `false`.
    Bool,
    /// A 32-bit integer.
    Int32,
    /// A 64-bit integer.
    Int64,
    /// A 64-bit float.
    Double,
    /// Bytes, base64 in JSON.
    Bytes,
    /// `metav1.Time`: RFC 3339 with seconds, or null.
    Time,
    /// `metav1.MicroTime`: RFC 3339 with microseconds, or null.
    MicroTime,
    /// `metav1.Duration`: Go's text, such as `1m30s`.
    Duration,
    /// `resource.Quantity`: text or number in, canonical text out.
    Quantity,
    /// `intstr.IntOrString`.
    IntOrString,
}

/// An object with known fields.
#[derive(Debug, Default)]
pub struct Struct {
    /// The fields in the order in which they are written.
    pub fields: Vec<Field>,
    /// Indices into `fields`, sorted by name.
    pub sorted: Vec<u16>,
    /// Go's embedded structs: `(type name, protobuf number or 0 when squashed)`; a field's `via` points here.
    pub inline: Vec<(TypeId, u32)>,
    /// Replaced as a whole by merges (`x-kubernetes-map-type: atomic`).
    pub atomic: bool,
    /// What happens to keys that are no field.
    pub additional: Additional,
    /// The groups, versions and kinds that objects of this type say they are.
    pub kinds: Vec<(Text, Text, Text)>,
}

/// What happens to an object's keys that are no field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Additional {
    /// Pruned, and reported as unknown.
    #[default]
    Prune,
    /// Kept (`x-kubernetes-preserve-unknown-fields`).
    Preserve,
    /// Kept and checked against a type (`additionalProperties` beside `properties`).
    Typed(TypeId),
}

/// A list.
#[derive(Clone, Debug)]
pub struct List {
    /// The type of its elements.
    pub items: TypeId,
    /// How server-side apply merges it.
    pub list_type: ListType,
    /// The schema says how, rather than leaving it to be atomic for want of a word.
    pub declared: bool,
}

/// How server-side apply merges a list.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum ListType {
    /// Replaced as a whole.
    #[default]
    Atomic,
    /// A set of scalars.
    Set,
    /// Elements are known by the values of these keys.
    Map(Vec<Text>),
}

/// An object with arbitrary keys.
#[derive(Clone, Debug)]
pub struct MapType {
    /// The type of its values.
    pub values: TypeId,
    /// Replaced as a whole by merges.
    pub atomic: bool,
    /// Go's name of the key type where it is not `string`, for messages; else empty.
    pub keys: Text,
}

/// One field of a struct.
#[derive(Clone, Debug)]
pub struct Field {
    /// The JSON name.
    pub name: Text,
    /// The type of its value.
    pub ty: TypeId,
    /// Required by the OpenAPI schema.
    pub required: bool,
    /// When the field is left out of the encoding.
    pub omit: Omit,
    /// A Go pointer: an empty value is different from an absent one.
    pub pointer: bool,
    /// The default that the OpenAPI schema states. For Go's zero values this is only documentation; the defaults
    /// that are applied stand with the kinds' rules and, for custom resources, in `default` of their own schemas.
    pub default: Option<Value>,
    /// The allowed values, where the schema lists them.
    pub enumeration: Vec<Text>,
    /// How strategic merge patch merges it.
    pub patch: PatchStrategy,
    /// Its place in the protobuf message of the struct (or of the embedded struct, see `via`).
    pub proto: Option<Proto>,
    /// The embedded struct that declares it: an index into [`Struct::inline`].
    pub via: Option<u16>,
    /// `null` is a value of its own (CRD `nullable`).
    pub nullable: bool,
}

/// When a field is left out of the encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Omit {
    /// Always written (`{}`, `null`, `""`, `0` when empty).
    #[default]
    Never,
    /// Go's `omitempty`: not written when nil, empty list or map, zero number, false, empty text. A struct that is
    /// no pointer is written all the same.
    Empty,
    /// Go's `omitzero`: not written when the zero value, structs included.
    Zero,
}

/// How strategic merge patch merges a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PatchStrategy {
    /// Lists are merged by `merge_key` (or as sets, when it is empty) instead of replaced.
    pub merge: bool,
    /// Objects are replaced instead of merged.
    pub replace: bool,
    /// Only the keys that the patch names are kept.
    pub retain_keys: bool,
    /// The key of a merged list.
    pub merge_key: Text,
}

/// A field's place in a protobuf message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proto {
    /// The field number.
    pub number: u32,
    /// The wire form.
    pub wire: Wire,
    /// Repeated (a list or a map).
    pub repeated: bool,
}

/// Protobuf wire forms in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// Varint.
    Varint,
    /// Eight bytes.
    Fixed64,
    /// Length-delimited.
    Bytes,
}

/// A cursor: a type within its schema.
#[derive(Clone, Copy)]
pub struct TypeRef<'a> {
    /// The arena.
    pub schema: &'a Schema,
    /// The type.
    pub id: TypeId,
}

impl Schema {
    /// The type with this id.
    pub fn get(&self, id: TypeId) -> TypeRef<'_> {
        TypeRef { schema: self, id }
    }

    /// The type with this full name.
    pub fn named(&self, name: &str) -> Option<TypeRef<'_>> {
        self.by_name.get(name).map(|id| self.get(*id))
    }

    /// The type of objects that say they are this group, version and kind.
    pub fn of_kind(&self, group: &str, version: &str, kind: &str) -> Option<TypeRef<'_>> {
        self.by_kind.get(&(group.into(), version.into(), kind.into())).map(|id| self.get(*id))
    }
}

impl<'a> TypeRef<'a> {
    /// The type itself.
    pub fn ty(self) -> &'a Type {
        &self.schema.types[self.id.0 as usize]
    }

    /// Its shape.
    pub fn shape(self) -> &'a Shape {
        &self.ty().shape
    }

    /// The struct, if it is one.
    pub fn as_struct(self) -> Option<&'a Struct> {
        match self.shape() {
            Shape::Struct(of) => Some(of),
            _ => None,
        }
    }

    /// The struct's field `name`.
    pub fn field(self, name: &str) -> Option<&'a Field> {
        self.as_struct()?.field(name)
    }

    /// The type of the value under key `name`: a field's, or a map's values'.
    pub fn child(self, name: &str) -> Option<TypeRef<'a>> {
        match self.shape() {
            Shape::Struct(of) => match (of.field(name), of.additional) {
                (Some(field), _) => Some(self.schema.get(field.ty)),
                (None, Additional::Typed(id)) => Some(self.schema.get(id)),
                (None, _) => None,
            },
            Shape::Map(map) => Some(self.schema.get(map.values)),
            _ => None,
        }
    }

    /// The type of a list's elements.
    pub fn items(self) -> Option<TypeRef<'a>> {
        match self.shape() {
            Shape::List(list) => Some(self.schema.get(list.items)),
            _ => None,
        }
    }

    /// The type at a path of fields.
    pub fn at<'k>(self, path: impl IntoIterator<Item = &'k str>) -> Option<TypeRef<'a>> {
        path.into_iter().try_fold(self, TypeRef::child)
    }
}

impl Struct {
    /// The field `name`.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.sorted
            .binary_search_by(|index| self.fields[*index as usize].name.as_str().cmp(name))
            .ok()
            .map(|found| &self.fields[self.sorted[found] as usize])
    }
}

/// A type that owns its schema: what a resource's description holds.
#[derive(Clone, Debug)]
pub struct OwnedType {
    /// The arena.
    pub schema: Arc<Schema>,
    /// The type.
    pub id: TypeId,
}

impl OwnedType {
    /// The cursor at this type.
    pub fn get(&self) -> TypeRef<'_> {
        self.schema.get(self.id)
    }
}
