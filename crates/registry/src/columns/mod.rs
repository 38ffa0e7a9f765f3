//! Columns: what a `Table` of meta.k8s.io shows of a resource's objects.
//!
//! A built-in resource says what its columns are and how an object fills them; a custom one finds its cells at the
//! paths that its definition names. Cells are written as JSON straight into the answer.

mod custom;
mod row;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use meta::time::Time;
use object::{Value, json, scan};

pub use custom::CustomColumn;
pub use row::{NONE, Row, UNKNOWN, UNSET};

use crate::{Conversion, Request, Resource, SubresourceAction, Verb};

/// What the cells of a column are (`type` of a `TableColumnDefinition`: an OpenAPI type, or `date`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Text.
    String,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Number,
    /// True or false.
    Boolean,
    /// Times, which are shown as ages or as RFC 3339.
    Date,
}

impl ColumnType {
    /// The word in a column's definition.
    pub fn as_str(self) -> &'static str {
        match self {
            ColumnType::String => "string",
            ColumnType::Integer => "integer",
            ColumnType::Number => "number",
            ColumnType::Boolean => "boolean",
            ColumnType::Date => "date",
        }
    }

    /// The type with this word.
    pub fn parse(word: &str) -> Option<ColumnType> {
        use ColumnType::{Boolean, Date, Integer, Number, String};
        [String, Integer, Number, Boolean, Date].into_iter().find(|known| known.as_str() == word)
    }
}

/// A column (`TableColumnDefinition` of meta.k8s.io).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its head.
    pub name: &'static str,
    /// What its cells are.
    pub kind: ColumnType,
    /// A hint how to show them: an OpenAPI format, or `name` for what names the object.
    pub format: &'static str,
    /// 0 for what is always shown; clients show higher ones on demand (`-o wide`).
    pub priority: i32,
    /// What it says, for people.
    pub description: &'static str,
}

impl Column {
    /// The object's name.
    pub const NAME: Column =
        Column::of("Name", ColumnType::String, "The name, unique for its kind and namespace.").format("name");
    /// How old the object is.
    pub const AGE: Column = Column::of("Age", ColumnType::String, "The time since the object was created.");
    /// When the object was created.
    pub const CREATED: Column =
        Column::of("Created At", ColumnType::Date, "When the object was created, by the server's clock.");
    /// The containers of a pod template, for those who look closely.
    pub const CONTAINERS: Column =
        Column::text("Containers", "The names of the template's containers.").wide();
    /// Their images.
    pub const IMAGES: Column = Column::text("Images", "The images of the template's containers.").wide();
    /// A label selector of pods.
    pub const SELECTOR: Column = Column::text("Selector", "What selects the pods.").wide();

    /// A column that is always shown.
    pub const fn of(name: &'static str, kind: ColumnType, description: &'static str) -> Column {
        Column { name, kind, format: "", priority: 0, description }
    }

    /// A column of texts.
    pub const fn text(name: &'static str, description: &'static str) -> Column {
        Column::of(name, ColumnType::String, description)
    }

    /// A column of whole numbers.
    pub const fn integer(name: &'static str, description: &'static str) -> Column {
        Column::of(name, ColumnType::Integer, description)
    }

    /// A column of booleans.
    pub const fn boolean(name: &'static str, description: &'static str) -> Column {
        Column::of(name, ColumnType::Boolean, description)
    }

    /// The column, shown on demand only.
    pub const fn wide(mut self) -> Column {
        self.priority = 1;
        self
    }

    /// The column with a format.
    const fn format(mut self, format: &'static str) -> Column {
        self.format = format;
        self
    }

    const fn definition(&self) -> Definition<'static> {
        let Column { name, kind, format, priority, description } = *self;
        Definition { name, kind, format, priority, description }
    }
}

/// A column's definition, to be written.
struct Definition<'a> {
    name: &'a str,
    kind: ColumnType,
    format: &'a str,
    priority: i32,
    description: &'a str,
}

impl Definition<'_> {
    /// Writes it in the original's order of fields.
    fn write(&self, out: &mut Vec<u8>) {
        let texts = [
            ("{\"name\":", self.name),
            (",\"type\":", self.kind.as_str()),
            (",\"format\":", self.format),
            (",\"description\":", self.description),
        ];
        for (key, text) in texts {
            out.extend_from_slice(key.as_bytes());
            json::write_string(out, text);
        }
        out.extend_from_slice(b",\"priority\":");
        json::write_i64(out, self.priority.into());
        out.push(b'}');
    }
}

/// The columns of a resource, and how an object fills them.
#[derive(Clone, Debug)]
pub struct Columns(Source);

#[derive(Clone, Debug)]
enum Source {
    /// A function over the object in its stored version.
    Kind { definitions: &'static [Column], fill: fn(&Value, &mut Row<'_>) },
    /// The definition of a custom resource: what follows the name.
    Custom(Arc<[CustomColumn]>),
}

impl Columns {
    /// What is shown of objects of no special kind: name and time of creation.
    pub const DEFAULT: Columns = Columns::new(&[Column::NAME, Column::CREATED], |object, row| {
        row.name(object);
        match object.str_at(["metadata", "creationTimestamp"]) {
            "" => row.null(),
            created => row.text(created),
        }
    });

    /// What is shown of a Scale.
    const SCALE: Columns = Columns::new(
        &[
            Column::text("Name", "The name, that of the object that is scaled."),
            Column::integer("Desired", "How many replicas are wanted."),
            Column::integer("Available", "How many replicas there are."),
            Column::AGE,
        ],
        |scale, row| {
            let replicas = |part| scale.at([part, "replicas"]).and_then(Value::as_i64).unwrap_or(0);
            row.name(scale);
            row.integer(replicas("spec"));
            row.integer(replicas("status"));
            row.age(scale);
        },
    );

    /// Columns whose cells `fill` writes: one for each of `definitions`, of an object in the version it is stored in.
    pub const fn new(definitions: &'static [Column], fill: fn(&Value, &mut Row<'_>)) -> Columns {
        Columns(Source::Kind { definitions, fill })
    }

    /// Whether objects are shown by name and time of creation alone: tables of none of them have no list of rows.
    pub fn is_default(&self) -> bool {
        match (&self.0, &Columns::DEFAULT.0) {
            (Source::Kind { definitions, .. }, Source::Kind { definitions: default, .. }) => {
                definitions == default
            }
            _ => false,
        }
    }

    /// Writes the definitions as a JSON list.
    pub fn write_definitions(&self, out: &mut Vec<u8>) {
        let definitions: Vec<Definition<'_>> = match &self.0 {
            Source::Kind { definitions, .. } => definitions.iter().map(Column::definition).collect(),
            Source::Custom(columns) => {
                let of_columns = columns.iter().map(CustomColumn::definition);
                std::iter::once(Column::NAME.definition()).chain(of_columns).collect()
            }
        };
        out.push(b'[');
        for (index, definition) in definitions.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            definition.write(out);
        }
        out.push(b']');
    }

    /// A number that differs (but for a hash's odds) from that of other columns of the same resource.
    pub fn fingerprint(&self) -> u64 {
        let mut definitions = Vec::new();
        self.write_definitions(&mut definitions);
        let mut hasher = DefaultHasher::new();
        definitions.hash(&mut hasher);
        if let Source::Custom(columns) = &self.0 {
            columns.iter().for_each(|column| column.path_text().hash(&mut hasher));
        }
        hasher.finish()
    }

    /// Writes `cells` and, if there are any, `conditions` of the row of `object`: members of a JSON object. `now` is
    /// what ages are counted up to.
    pub fn write_row(&self, object: &Value, now: Time, out: &mut Vec<u8>) {
        let mut row = Row::begin(out, now);
        match &self.0 {
            Source::Kind { fill, .. } => fill(object, &mut row),
            Source::Custom(columns) => {
                row.name(object);
                columns.iter().for_each(|column| column.write(object, &mut row));
            }
        }
        row.end();
    }

    /// What [`Columns::write_row`] writes, of an object of `resource` that is given as JSON.
    pub fn write_row_of(&self, resource: &Resource, json: &[u8], now: Time, out: &mut Vec<u8>) {
        let mut object = shown(json);
        if let Conversion::Functions { to_stored, .. } = &resource.conversion {
            object = to_stored(object);
        }
        self.write_row(&object, now, out);
    }
}

impl Request {
    /// The columns of what is answered; nothing if that can't be shown in a table.
    pub fn columns(&self) -> Option<&Columns> {
        match self.subresource.as_ref().map(|subresource| &subresource.action) {
            None if !self.resource.verbs.has(Verb::Get) => None,
            Some(SubresourceAction::Scale(_)) if self.resource.custom => Some(custom::scale()),
            Some(SubresourceAction::Scale(_)) => Some(const { &Columns::SCALE }),
            Some(SubresourceAction::Create | SubresourceAction::Connect) => None,
            _ => Some(&self.resource.columns),
        }
    }
}

/// The tree of what columns may show: managed fields, often half of an object, are not among it.
fn shown(json: &[u8]) -> Value {
    let mut object = Value::object();
    for (name, value) in scan::members(json) {
        let name = std::str::from_utf8(name).unwrap_or_default();
        let value = if name == "metadata" { shown_metadata(value) } else { parse(value) };
        object.set(name, value);
    }
    object
}

fn shown_metadata(json: &[u8]) -> Value {
    let mut metadata = Value::object();
    for (name, value) in scan::members(json).filter(|(name, _)| *name != b"managedFields") {
        metadata.set(std::str::from_utf8(name).unwrap_or_default(), parse(value));
    }
    metadata
}

/// A part of an object that has been parsed before, when it was written.
fn parse(json: &[u8]) -> Value {
    json::parse(json).unwrap_or_default()
}
