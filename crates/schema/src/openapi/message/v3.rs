//! The messages of `openapi.v3`. Source: gnostic's OpenAPIv3.proto.

use object::Value;

use super::{Form, Of, STRINGS, Table};

pub(super) static DOCUMENT: Table = Table {
    fields: &[
        ("openapi", 1, Form::Text),
        ("info", 2, Form::One(Of::Plain(&INFO))),
        ("paths", 4, Form::One(Of::Plain(&PATHS))),
        ("components", 5, Form::One(Of::Plain(&COMPONENTS))),
        ("security", 6, Form::Many(Of::Plain(&REQUIREMENT))),
    ],
    extensions: 9,
    rest: None,
};

static INFO: Table = Table {
    fields: &[("title", 1, Form::Text), ("description", 2, Form::Text), ("version", 6, Form::Text)],
    extensions: 7,
    rest: None,
};

static PATHS: Table = Table { fields: &[], extensions: 2, rest: Some((1, Of::Plain(&PATH))) };

static PATH: Table = Table {
    fields: &[
        ("get", 4, Form::One(Of::Plain(&OPERATION))),
        ("put", 5, Form::One(Of::Plain(&OPERATION))),
        ("post", 6, Form::One(Of::Plain(&OPERATION))),
        ("delete", 7, Form::One(Of::Plain(&OPERATION))),
        ("options", 8, Form::One(Of::Plain(&OPERATION))),
        ("head", 9, Form::One(Of::Plain(&OPERATION))),
        ("patch", 10, Form::One(Of::Plain(&OPERATION))),
        ("parameters", 13, Form::Many(Of::Wrapped(&[1], &PARAMETER))),
    ],
    extensions: 14,
    rest: None,
};

static OPERATION: Table = Table {
    fields: &[
        ("tags", 1, Form::Texts),
        ("description", 3, Form::Text),
        ("operationId", 5, Form::Text),
        ("parameters", 6, Form::Many(Of::Wrapped(&[1], &PARAMETER))),
        ("requestBody", 7, Form::One(Of::Wrapped(&[1], &BODY))),
        ("responses", 8, Form::One(Of::Plain(&RESPONSES))),
    ],
    extensions: 13,
    rest: None,
};

static PARAMETER: Table = Table {
    fields: &[
        ("name", 1, Form::Text),
        ("in", 2, Form::Text),
        ("description", 3, Form::Text),
        ("required", 4, Form::Bool),
        ("schema", 10, Form::One(Of::Chosen(schema))),
    ],
    extensions: 14,
    rest: None,
};

static BODY: Table = Table {
    fields: &[
        ("description", 1, Form::Text),
        ("content", 2, Form::One(Of::Plain(&CONTENT))),
        ("required", 3, Form::Bool),
    ],
    extensions: 4,
    rest: None,
};

static CONTENT: Table = Table { fields: &[], extensions: 0, rest: Some((1, Of::Plain(&MEDIA))) };

static MEDIA: Table =
    Table { fields: &[("schema", 1, Form::One(Of::Chosen(schema)))], extensions: 5, rest: None };

static RESPONSES: Table = Table { fields: &[], extensions: 3, rest: Some((2, Of::Wrapped(&[1], &RESPONSE))) };

static RESPONSE: Table = Table {
    fields: &[("description", 1, Form::Text), ("content", 3, Form::One(Of::Plain(&CONTENT)))],
    extensions: 5,
    rest: None,
};

static COMPONENTS: Table = Table {
    fields: &[
        ("schemas", 1, Form::One(Of::Plain(&SCHEMAS))),
        ("securitySchemes", 7, Form::One(Of::Plain(&SECURITY))),
    ],
    extensions: 10,
    rest: None,
};

static SCHEMAS: Table = Table { fields: &[], extensions: 0, rest: Some((1, Of::Chosen(schema))) };

/// A schema, or a reference to one.
fn schema(value: &Value) -> (&'static [u32], &'static Table) {
    if value.get("$ref").is_some() { (&[2], &REFERENCE) } else { (&[1], &SCHEMA) }
}

/// The schema of a list's elements is in a message for many.
fn items(value: &Value) -> (&'static [u32], &'static Table) {
    if value.get("$ref").is_some() { (&[1, 2], &REFERENCE) } else { (&[1, 1], &SCHEMA) }
}

static REFERENCE: Table =
    Table { fields: &[("$ref", 1, Form::Text), ("description", 3, Form::Text)], extensions: 0, rest: None };

static SCHEMA: Table = Table {
    fields: &[
        ("nullable", 1, Form::Bool),
        ("title", 9, Form::Text),
        ("pattern", 17, Form::Text),
        ("uniqueItems", 20, Form::Bool),
        ("required", 23, Form::Texts),
        ("enum", 24, Form::Anys),
        ("type", 25, Form::Text),
        ("allOf", 26, Form::Many(Of::Chosen(schema))),
        ("oneOf", 27, Form::Many(Of::Chosen(schema))),
        ("anyOf", 28, Form::Many(Of::Chosen(schema))),
        ("not", 29, Form::One(Of::Plain(&SCHEMA))),
        ("items", 30, Form::One(Of::Chosen(items))),
        ("properties", 31, Form::One(Of::Plain(&SCHEMAS))),
        ("additionalProperties", 32, Form::SchemaOrBool(Of::Chosen(schema))),
        ("default", 33, Form::Basic),
        ("description", 34, Form::Text),
        ("format", 35, Form::Text),
    ],
    extensions: 36,
    rest: None,
};

static REQUIREMENT: Table = Table { fields: &[], extensions: 0, rest: Some((1, Of::Plain(&STRINGS))) };

static SECURITY: Table = Table { fields: &[], extensions: 0, rest: Some((1, Of::Wrapped(&[1], &SCHEME))) };

static SCHEME: Table = Table {
    fields: &[
        ("type", 1, Form::Text),
        ("description", 2, Form::Text),
        ("name", 3, Form::Text),
        ("in", 4, Form::Text),
    ],
    extensions: 11,
    rest: None,
};
