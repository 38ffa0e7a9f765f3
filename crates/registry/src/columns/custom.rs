//! Columns of custom resources (`additionalPrinterColumns`): each cell is what a JSONPath finds first.

use std::fmt::Write;
use std::sync::LazyLock;

use meta::time::Time;
use object::{Text, Value, json};

use super::{ColumnType, Columns, Definition, Row, Source};
use crate::jsonpath::JsonPath;

/// A column of a custom resource.
#[derive(Clone, Debug)]
pub struct CustomColumn {
    name: Text,
    kind: ColumnType,
    format: Text,
    priority: i32,
    description: Text,
    text: Text,
    path: JsonPath,
}

impl CustomColumn {
    /// A column as a definition has it (`CustomResourceColumnDefinition`); nothing if its path or type is malformed.
    pub fn read(column: &Value) -> Option<CustomColumn> {
        let text = |field: &str| Text::from(column.str_at([field]));
        let path = text("jsonPath");
        let description = match column.str_at(["description"]) {
            "" => format!("What the definition's JSONPath finds: {path}").into(),
            description => description.into(),
        };
        Some(CustomColumn {
            name: text("name"),
            kind: ColumnType::parse(column.str_at(["type"]))?,
            format: text("format"),
            priority: column
                .get("priority")
                .and_then(Value::as_i64)
                .and_then(|it| it.try_into().ok())
                .unwrap_or(0),
            description,
            path: JsonPath::parse(&path)?,
            text: path,
        })
    }

    fn of(name: &str, kind: ColumnType, path: &str, description: &str) -> Option<CustomColumn> {
        let mut column = Value::object();
        for (field, value) in
            [("name", name), ("type", kind.as_str()), ("jsonPath", path), ("description", description)]
        {
            column.set(field, value);
        }
        CustomColumn::read(&column)
    }

    pub(super) fn definition(&self) -> Definition<'_> {
        Definition {
            name: &self.name,
            kind: self.kind,
            format: &self.format,
            priority: self.priority,
            description: &self.description,
        }
    }

    pub(super) fn path_text(&self) -> &str {
        &self.text
    }

    /// Writes the cell of `object`: null if nothing is found, or nothing of the column's type.
    pub(super) fn write(&self, object: &Value, row: &mut Row<'_>) {
        let found = self.path.find(object).unwrap_or_default();
        let Some(value) = found.first() else { return row.null() };
        match (self.kind, *value) {
            (ColumnType::String, value) => row.text(&print(value)),
            (ColumnType::Integer, Value::Int(number)) => row.integer(*number),
            (ColumnType::Integer, Value::Float(number)) => row.integer(*number as i64),
            (ColumnType::Number, number @ (Value::Int(_) | Value::Float(_))) => row.value(number),
            (ColumnType::Boolean, Value::Bool(flag)) => row.flag(*flag),
            (ColumnType::Date, Value::String(time)) => date(time, row),
            _ => row.null(),
        }
    }
}

impl Columns {
    /// The columns that a definition asks for, after the name; the age if it asks for none. A column that can't be
    /// understood takes those behind it away.
    pub fn custom(columns: &[Value]) -> Columns {
        if columns.is_empty() {
            return AGE.clone();
        }
        Columns(Source::Custom(columns.iter().map_while(CustomColumn::read).collect()))
    }
}

const CREATED: &str = ".metadata.creationTimestamp";

/// What is shown of custom resources whose definitions say nothing.
static AGE: LazyLock<Columns> = LazyLock::new(|| {
    let age = CustomColumn::of("Age", ColumnType::Date, CREATED, "The time since the object was created.");
    Columns(Source::Custom(age.into_iter().collect()))
});

/// What is shown of the Scale of a custom resource.
pub(super) fn scale() -> &'static Columns {
    static SCALE: LazyLock<Columns> = LazyLock::new(|| {
        let columns = [
            ("Desired", ColumnType::Integer, ".spec.replicas", "How many replicas are wanted."),
            ("Available", ColumnType::Integer, ".status.replicas", "How many replicas there are."),
            ("Age", ColumnType::Date, CREATED, "The time since the object was created."),
        ];
        let columns = columns
            .into_iter()
            .filter_map(|(name, kind, path, description)| CustomColumn::of(name, kind, path, description));
        Columns(Source::Custom(columns.collect()))
    });
    &SCALE
}

/// A time as an age.
fn date(time: &str, row: &mut Row<'_>) {
    if !matches!(time, "" | "null") && Time::parse(time).is_err() {
        row.text("<invalid>");
    } else {
        row.since(time);
    }
}

/// A value as text: lists and objects as JSON, everything else as Go prints it.
fn print(value: &Value) -> String {
    match value {
        Value::Null => "<no value>".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => print_float(*number),
        Value::String(text) => text.to_string(),
        Value::Array(_) | Value::Object(_) => json::to_string(value),
    }
}

/// The shortest digits; with an exponent of two digits at least if that is below -4 or above 5.
fn print_float(number: f64) -> String {
    const PLAIN: std::ops::Range<f64> = 1e-4..1e6;
    if number == 0.0 || PLAIN.contains(&number.abs()) {
        return number.to_string();
    }
    let scientific = format!("{number:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ('-', exponent),
        None => ('+', exponent),
    };
    let mut text = digits.to_owned();
    // Writing to a text can't fail.
    let _ = write!(text, "e{sign}{exponent:0>2}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(columns: &str, object: &str) -> String {
        let columns = json::parse(columns.as_bytes()).unwrap();
        let object = json::parse(object.as_bytes()).unwrap();
        let mut out = Vec::new();
        let now = Time::parse("2024-05-01T00:00:00Z").unwrap();
        Columns::custom(columns.as_array().unwrap()).write_row(&object, now, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn cells_are_of_their_columns_types() {
        let object = r#"{"metadata":{"name":"n","creationTimestamp":"2024-04-30T23:00:00Z"},
            "s":"x","i":3,"f":1.5,"g":1234567.5,"b":true,"l":["p","<"],"d":"yesterday","z":null,"t":1e-7}"#;
        let of = |kind: &str, path: &str| {
            row(&format!(r#"[{{"name":"C","type":"{kind}","jsonPath":"{path}"}}]"#), object)
        };
        for (kind, path, cell) in [
            ("string", ".s", r#""x""#),
            ("string", ".i", r#""3""#),
            ("string", ".f", r#""1.5""#),
            ("string", ".t", r#""1e-07""#),
            ("string", ".g", r#""1.2345675e+06""#),
            ("string", ".b", r#""true""#),
            ("string", ".l", r#""[\"p\",\"\\u003c\"]""#),
            ("string", ".l[*]", r#""p""#),
            ("string", ".z", r#""\u003cno value\u003e""#),
            ("string", ".none", "null"),
            ("integer", ".i", "3"),
            ("integer", ".f", "1"),
            ("integer", ".s", "null"),
            ("number", ".i", "3"),
            ("number", ".f", "1.5"),
            ("boolean", ".b", "true"),
            ("boolean", ".s", "null"),
            ("date", ".metadata.creationTimestamp", r#""60m""#),
            ("date", ".d", r#""\u003cinvalid\u003e""#),
        ] {
            assert_eq!(of(kind, path), format!(r#""cells":["n",{cell}]"#), "{kind} {path}");
        }
    }

    #[test]
    fn what_is_not_asked_for_is_an_age_and_what_is_wrong_ends_the_columns() {
        let object = r#"{"metadata":{"name":"n","creationTimestamp":"2024-04-30T00:00:00Z"},"s":"x"}"#;
        assert_eq!(row("[]", object), r#""cells":["n","24h"]"#);
        let column = |path: &str| format!(r#"{{"name":"C","type":"string","jsonPath":"{path}"}}"#);
        let columns = format!("[{},{},{}]", column(".s"), column(".s["), column(".s"));
        assert_eq!(row(&columns, object), r#""cells":["n","x"]"#);
    }
}
