//! The messages of `openapi.v2`. Source: gnostic's OpenAPIv2.proto.

use object::Value;

use super::{Form, Of, STRINGS, Table};

pub(super) static DOCUMENT: Table = Table {
    fields: &[
        ("swagger", 1, Form::Text),
        ("info", 2, Form::One(Of::Plain(&INFO))),
        ("paths", 8, Form::One(Of::Plain(&PATHS))),
        ("definitions", 9, Form::One(Of::Plain(&SCHEMAS))),
        ("security", 12, Form::Many(Of::Plain(&REQUIREMENT))),
        ("securityDefinitions", 13, Form::One(Of::Plain(&SECURITY))),
    ],
    extensions: 16,
    rest: None,
};

static INFO: Table = Table {
    fields: &[("title", 1, Form::Text), ("version", 2, Form::Text), ("description", 3, Form::Text)],
    extensions: 7,
    rest: None,
};

static PATHS: Table = Table { fields: &[], extensions: 1, rest: Some((2, Of::Plain(&PATH))) };

static PATH: Table = Table {
    fields: &[
        ("get", 2, Form::One(Of::Plain(&OPERATION))),
        ("put", 3, Form::One(Of::Plain(&OPERATION))),
        ("post", 4, Form::One(Of::Plain(&OPERATION))),
        ("delete", 5, Form::One(Of::Plain(&OPERATION))),
        ("options", 6, Form::One(Of::Plain(&OPERATION))),
        ("head", 7, Form::One(Of::Plain(&OPERATION))),
        ("patch", 8, Form::One(Of::Plain(&OPERATION))),
        ("parameters", 9, Form::Many(Of::Chosen(parameter))),
    ],
    extensions: 10,
    rest: None,
};

static OPERATION: Table = Table {
    fields: &[
        ("tags", 1, Form::Texts),
        ("description", 3, Form::Text),
        ("operationId", 5, Form::Text),
        ("produces", 6, Form::Texts),
        ("consumes", 7, Form::Texts),
        ("parameters", 8, Form::Many(Of::Chosen(parameter))),
        ("responses", 9, Form::One(Of::Plain(&RESPONSES))),
        ("schemes", 10, Form::Texts),
    ],
    extensions: 13,
    rest: None,
};

/// A parameter is a reference, a body, or of a query, a path or a header.
fn parameter(value: &Value) -> (&'static [u32], &'static Table) {
    if value.get("$ref").is_some() {
        return (&[2], &REFERENCE);
    }
    match value.str_at(["in"]) {
        "body" => (&[1, 1], &BODY),
        "header" => (&[1, 2, 1], &ELSEWHERE),
        "path" => (&[1, 2, 4], &ELSEWHERE),
        _ => (&[1, 2, 3], &QUERY),
    }
}

static REFERENCE: Table =
    Table { fields: &[("$ref", 1, Form::Text), ("description", 2, Form::Text)], extensions: 0, rest: None };

static BODY: Table = Table {
    fields: &[
        ("description", 1, Form::Text),
        ("name", 2, Form::Text),
        ("in", 3, Form::Text),
        ("required", 4, Form::Bool),
        ("schema", 5, Form::One(Of::Plain(&SCHEMA))),
    ],
    extensions: 6,
    rest: None,
};

static QUERY: Table = Table {
    fields: &[
        ("required", 1, Form::Bool),
        ("in", 2, Form::Text),
        ("description", 3, Form::Text),
        ("name", 4, Form::Text),
        ("type", 6, Form::Text),
        ("format", 7, Form::Text),
        ("uniqueItems", 20, Form::Bool),
    ],
    extensions: 23,
    rest: None,
};

/// Parameters of paths and headers: as those of queries, but for one field that only these have.
static ELSEWHERE: Table = Table {
    fields: &[
        ("required", 1, Form::Bool),
        ("in", 2, Form::Text),
        ("description", 3, Form::Text),
        ("name", 4, Form::Text),
        ("type", 5, Form::Text),
        ("format", 6, Form::Text),
        ("uniqueItems", 19, Form::Bool),
    ],
    extensions: 22,
    rest: None,
};

static RESPONSES: Table = Table { fields: &[], extensions: 2, rest: Some((1, Of::Wrapped(&[1], &RESPONSE))) };

static RESPONSE: Table = Table {
    fields: &[("description", 1, Form::Text), ("schema", 2, Form::One(Of::Wrapped(&[1], &SCHEMA)))],
    extensions: 5,
    rest: None,
};

static SCHEMAS: Table = Table { fields: &[], extensions: 0, rest: Some((1, Of::Plain(&SCHEMA))) };

static SCHEMA: Table = Table {
    fields: &[
        ("$ref", 1, Form::Text),
        ("format", 2, Form::Text),
        ("title", 3, Form::Text),
        ("description", 4, Form::Text),
        ("default", 5, Form::Any),
        ("pattern", 13, Form::Text),
        ("uniqueItems", 16, Form::Bool),
        ("required", 19, Form::Texts),
        ("enum", 20, Form::Anys),
        ("additionalProperties", 21, Form::SchemaOrBool(Of::Plain(&SCHEMA))),
        ("type", 22, Form::TypeNames),
        ("items", 23, Form::One(Of::Wrapped(&[1], &SCHEMA))),
        ("allOf", 24, Form::Many(Of::Plain(&SCHEMA))),
        ("properties", 25, Form::One(Of::Plain(&SCHEMAS))),
    ],
    extensions: 31,
    rest: None,
};

static REQUIREMENT: Table = Table { fields: &[], extensions: 0, rest: Some((1, Of::Plain(&STRINGS))) };

static SECURITY: Table = Table { fields: &[], extensions: 0, rest: Some((1, Of::Wrapped(&[2], &API_KEY))) };

static API_KEY: Table = Table {
    fields: &[
        ("type", 1, Form::Text),
        ("name", 2, Form::Text),
        ("in", 3, Form::Text),
        ("description", 4, Form::Text),
    ],
    extensions: 5,
    rest: None,
};
