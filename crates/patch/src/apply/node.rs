//! The type model as apply sees it: maps, lists and scalars, each granular or atomic.
//!
//! Untyped parts are deduced from their values: objects are granular, lists atomic.

use object::{Text, Value};
use schema::{Additional, List, ListType, MapType, Scalar, Shape, Struct, TypeRef};

use super::Element;

/// The full name of the type whose values are opaque: replaced as a whole, whatever they hold.
const RAW_EXTENSION: &str = "io.k8s.apimachinery.pkg.runtime.RawExtension";

/// A place in the type model.
#[derive(Clone, Copy)]
pub(super) enum Node<'a> {
    /// A type. The flag: a type above keeps unknown fields, which holds for all below it.
    Typed(TypeRef<'a>, bool),
    /// No type: the value says what it is.
    Deduced,
    /// No type, and whatever it is is atomic.
    Opaque,
}

/// How a value is treated.
#[derive(Clone, Copy)]
pub(super) enum Form<'a> {
    Scalar(Primitive),
    List(ListForm<'a>),
    Map(MapForm<'a>),
}

/// What a scalar must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Primitive {
    String,
    Number,
    Bool,
    Any,
}

/// How a list is treated.
#[derive(Clone, Copy)]
pub(super) struct ListForm<'a> {
    pub(super) items: Node<'a>,
    /// The keys of an associative list; empty for a set; `None` if atomic.
    keys: Option<&'a [Text]>,
}

/// How a map is treated.
#[derive(Clone, Copy)]
pub(super) struct MapForm<'a> {
    fields: Option<(TypeRef<'a>, &'a Struct)>,
    /// What keys that are no field hold; `None` if there may be none.
    rest: Option<Node<'a>>,
    pub(super) atomic: bool,
    preserve: bool,
}

impl<'a> Node<'a> {
    pub(super) fn root(ty: TypeRef<'a>) -> Node<'a> {
        Node::Typed(ty, false)
    }

    /// How `value` (or, where nothing is there, the type alone) is treated. A value that does not fit its type
    /// is treated as the type says.
    pub(super) fn form(self, value: Option<&Value>) -> Form<'a> {
        match self {
            Node::Typed(ty, preserve) => typed_form(ty, preserve, value),
            Node::Deduced => free_form(value, false),
            Node::Opaque => free_form(value, true),
        }
    }

    /// The place of `element` below this one; nothing if the type knows none.
    pub(super) fn step(self, element: &Element) -> Option<Node<'a>> {
        match element {
            Element::Field(name) => match self.form(None) {
                Form::Map(map) => map.child(name).map(|(node, _)| node),
                _ => None,
            },
            _ => match self.form(Some(&Value::Array(Vec::new()))) {
                Form::List(list) => Some(list.items),
                _ => None,
            },
        }
    }

    /// Whether `element` is a field of a struct here.
    pub(super) fn names(self, element: &Element) -> bool {
        match (element, self.form(None)) {
            (Element::Field(name), Form::Map(map)) => map.field(name).is_some(),
            _ => false,
        }
    }

    /// Whether any content is welcome here, so that the set of an earlier schema has nothing to be fitted to.
    pub(super) fn is_free(self) -> bool {
        match self.form(None) {
            Form::Map(map) => map.fields.is_none() && matches!(map.rest, Some(Node::Deduced | Node::Opaque)),
            _ => false,
        }
    }
}

fn typed_form<'a>(ty: TypeRef<'a>, preserve: bool, value: Option<&Value>) -> Form<'a> {
    match ty.shape() {
        Shape::Struct(of) => Form::Map(MapForm::of_struct(ty, of, preserve)),
        Shape::Map(map) => Form::Map(MapForm::of_map(ty, map, preserve)),
        Shape::List(list) => Form::List(ListForm::of(ty, list, preserve)),
        Shape::Scalar(Scalar::IntOrString) => free_form(value, false),
        Shape::Scalar(scalar) => Form::Scalar(primitive(*scalar)),
        Shape::Any => free_form(value, ty.ty().name == RAW_EXTENSION),
    }
}

fn primitive(scalar: Scalar) -> Primitive {
    match scalar {
        Scalar::Bool => Primitive::Bool,
        Scalar::Int32 | Scalar::Int64 | Scalar::Double => Primitive::Number,
        Scalar::Quantity | Scalar::IntOrString => Primitive::Any,
        Scalar::String | Scalar::Bytes | Scalar::Time | Scalar::MicroTime | Scalar::Duration => {
            Primitive::String
        }
    }
}

fn free_form<'a>(value: Option<&Value>, atomic: bool) -> Form<'a> {
    let inside = if atomic { Node::Opaque } else { Node::Deduced };
    match value {
        Some(Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_)) => {
            Form::Scalar(Primitive::Any)
        }
        Some(Value::Array(_)) => Form::List(ListForm { items: Node::Opaque, keys: None }),
        Some(Value::Object(_) | Value::Null) | None => {
            Form::Map(MapForm { fields: None, rest: Some(inside), atomic, preserve: false })
        }
    }
}

impl<'a> MapForm<'a> {
    fn of_struct(ty: TypeRef<'a>, of: &'a Struct, preserve: bool) -> MapForm<'a> {
        let preserve = preserve || of.additional == Additional::Preserve;
        let rest = match of.additional {
            Additional::Typed(id) => Some(Node::Typed(ty.schema.get(id), preserve)),
            // A struct without fields says nothing of its content.
            _ if preserve || of.fields.is_empty() => Some(Node::Deduced),
            _ => None,
        };
        let fields = if of.fields.is_empty() { None } else { Some((ty, of)) };
        MapForm { fields, rest, atomic: of.atomic, preserve }
    }

    fn of_map(ty: TypeRef<'a>, map: &MapType, preserve: bool) -> MapForm<'a> {
        let rest = Some(Node::Typed(ty.schema.get(map.values), preserve));
        MapForm { fields: None, rest, atomic: map.atomic, preserve }
    }

    fn field(self, name: &str) -> Option<Node<'a>> {
        let (ty, of) = self.fields?;
        of.field(name).map(|field| Node::Typed(ty.schema.get(field.ty), self.preserve))
    }

    /// The place of the value under `name`, and whether it is a field of a struct.
    pub(super) fn child(self, name: &str) -> Option<(Node<'a>, bool)> {
        match self.field(name) {
            Some(node) => Some((node, true)),
            None => self.rest.map(|node| (node, false)),
        }
    }
}

impl<'a> ListForm<'a> {
    fn of(ty: TypeRef<'a>, list: &'a List, preserve: bool) -> ListForm<'a> {
        let keys = match &list.list_type {
            ListType::Atomic => None,
            ListType::Set => Some([].as_slice()),
            ListType::Map(keys) => Some(keys.as_slice()),
        };
        ListForm { items: Node::Typed(ty.schema.get(list.items), preserve), keys }
    }

    pub(super) fn is_atomic(self) -> bool {
        self.keys.is_none()
    }

    /// The path element of `item` in this associative list or set; fails with why it has none.
    pub(super) fn element(self, item: &Value) -> Result<Element, String> {
        match self.keys {
            None => Err("invalid indexing of non-associative list".to_owned()),
            Some([]) => set_element(item),
            Some(keys) => self.keyed_element(keys, item),
        }
    }

    fn keyed_element(self, keys: &[Text], item: &Value) -> Result<Element, String> {
        let map = match item {
            Value::Object(map) => map,
            Value::Null => return Err("associative list with keys may not have a null element".to_owned()),
            _ => return Err("associative list with keys may not have non-map elements".to_owned()),
        };
        let mut fields = Vec::with_capacity(keys.len());
        for key in keys {
            if let Some(value) = map.get(key).or_else(|| self.default_of(key)) {
                fields.push((key.clone(), value.clone()));
            }
        }
        if fields.is_empty() {
            let names: Vec<String> = keys.iter().map(|key| status::go_quote(key)).collect();
            return Err(format!(
                "associative list with keys has an element that omits all key fields [{}] (and doesn't have default \
                 values for any key fields)",
                names.join(" ")
            ));
        }
        Ok(Element::key(fields))
    }

    fn default_of(self, key: &str) -> Option<&'a Value> {
        match self.items {
            Node::Typed(ty, _) => ty.field(key)?.default.as_ref(),
            _ => None,
        }
    }
}

fn set_element(item: &Value) -> Result<Element, String> {
    match item {
        Value::Object(_) => Err("associative list without keys has an element that's a map type".to_owned()),
        Value::Array(_) => Err("not supported: associative list with lists as elements".to_owned()),
        Value::Null => Err("associative list without keys has an element that's an explicit null".to_owned()),
        scalar => Ok(Element::value(scalar.clone())),
    }
}
