//! Checking values, in the order and the words of the original.

use object::{Map, Text, Value, json};
use status::{BadValue, ErrorType, FieldError, FieldErrors};

use super::lists::identity;
use super::result::Outcome;
use super::{Additional, Structural, formats};
use crate::ListType;

impl Structural {
    /// What is wrong with `value`. Of an update, `old` is what it was before: parts that were invalid and have not
    /// changed pass. `prefix` is the path of `value` in its object; the messages name paths from `value` on.
    pub fn validate(&self, value: &Value, old: Option<&Value>, prefix: &str) -> FieldErrors {
        Check { prefix }.whole(self, value, old, "").errors
    }
}

struct Check<'p> {
    prefix: &'p str,
}

impl Check<'_> {
    /// Checks a value that has a place of its own: if it is as it was, it passes.
    fn whole(&self, schema: &Structural, value: &Value, old: Option<&Value>, path: &str) -> Outcome {
        let outcome = self.value(schema, value, old, path);
        if !outcome.is_valid() && old == Some(value) {
            return Outcome { errors: Vec::new(), made: outcome.made };
        }
        outcome
    }

    fn value(&self, schema: &Structural, value: &Value, old: Option<&Value>, path: &str) -> Outcome {
        let mut out = Outcome::default();
        if value.is_null() {
            self.types(schema, value, path, &mut out);
            self.enumeration(schema, value, path, &mut out);
            return out;
        }
        self.types(schema, value, path, &mut out);
        self.logic(schema, value, old, path, &mut out);
        match value {
            Value::String(text) => {
                self.text(schema, text, path, &mut out);
                self.format(schema, text, path, &mut out);
            }
            Value::Int(_) | Value::Float(_) => self.number(schema, value, path, &mut out),
            Value::Array(items) => self.list(schema, items, old, path, &mut out),
            Value::Null | Value::Bool(_) | Value::Object(_) => {}
        }
        self.enumeration(schema, value, path, &mut out);
        if let Value::Object(map) = value {
            self.object(schema, map, old, path, &mut out);
        }
        out
    }

    fn types(&self, schema: &Structural, value: &Value, path: &str, out: &mut Outcome) {
        if schema.types.is_empty() {
            return;
        }
        out.made += 1;
        let given = json_type(value);
        let whole = matches!(value, Value::Float(number) if number.fract() == 0.0);
        let fits = schema.types.iter().any(|ty| {
            *ty == given
                || (*ty == "integer" && whole)
                || (*ty == "number" && given == "integer")
                || (given == "null" && schema.nullable)
        });
        if !fits {
            let detail = format!("{} in body must be of type {}: \"{given}\"", path, schema.types.join(","));
            out.add(self.error(ErrorType::TypeInvalid, path, BadValue::from(given), detail));
        }
    }

    fn text(&self, schema: &Structural, text: &Text, path: &str, out: &mut Outcome) {
        out.made += 1;
        let checks = &schema.checks;
        let length = text.chars().count() as u64;
        if let Some(max) = checks.max_length.filter(|max| length > *max) {
            let mut error = FieldError::too_long(&status::Path::ROOT, i64::try_from(max).unwrap_or(i64::MAX));
            error.field = self.place(path);
            out.add(error);
        } else if let Some(min) = checks.min_length.filter(|min| length < *min) {
            self.invalid(path, text.as_str(), format!("should be at least {min} chars long"), out);
        } else if let Some((pattern, matches)) = &checks.pattern
            && !matches(text)
        {
            self.invalid(path, text.as_str(), format!("should match '{pattern}'"), out);
        }
    }

    fn format(&self, schema: &Structural, text: &Text, path: &str, out: &mut Outcome) {
        let format = schema.checks.format.as_str();
        let Some(valid) = formats::check(format, text) else { return };
        out.made += 1;
        if !valid {
            let detail = format!("{path} in body must be of type {format}: {}", status::go_quote(text));
            out.add(self.error(ErrorType::TypeInvalid, path, BadValue::from(text.as_str()), detail));
        }
    }

    fn number(&self, schema: &Structural, value: &Value, path: &str, out: &mut Outcome) {
        let Some(number) = value.as_f64() else { return };
        out.made += 1;
        let checks = &schema.checks;
        if let Some(factor) = checks.multiple_of
            && (number / factor).fract() != 0.0
        {
            self.invalid(path, value, format!("should be a multiple of {}", printed(factor)), out);
        }
        if let Some(max) = checks.maximum
            && (number > max.limit || (max.exclusive && number == max.limit))
        {
            let or_equal = if max.exclusive { "" } else { " or equal to" };
            self.invalid(path, value, format!("should be less than{or_equal} {}", printed(max.limit)), out);
        }
        if let Some(min) = checks.minimum
            && (number < min.limit || (min.exclusive && number == min.limit))
        {
            let or_equal = if min.exclusive { "" } else { " or equal to" };
            let limit = printed(min.limit);
            self.invalid(path, value, format!("should be greater than{or_equal} {limit}"), out);
        }
    }

    fn list(&self, schema: &Structural, items: &[Value], old: Option<&Value>, path: &str, out: &mut Outcome) {
        if let Some(item_schema) = &schema.items {
            let earlier = Earlier::new(schema, old);
            for (index, item) in items.iter().enumerate() {
                let path = format!("{path}[{index}]");
                out.merge(self.whole(item_schema, item, earlier.of(item), &path));
            }
        }
        let checks = &schema.checks;
        let size = items.len() as u64;
        if let Some(min) = checks.min_items.filter(|min| size < *min) {
            self.invalid(path, &count(items.len()), format!("should have at least {min} items"), out);
        }
        if let Some(max) = checks.max_items.filter(|max| size > *max) {
            out.add(self.too_many(path, items.len(), max));
        }
        if checks.unique_items && has_duplicates(items) {
            let detail = format!("{path} in body shouldn't contain duplicates");
            out.add(self.error(ErrorType::Invalid, path, BadValue::Text(String::new()), detail));
        }
        out.made += 1;
    }

    fn enumeration(&self, schema: &Structural, value: &Value, path: &str, out: &mut Outcome) {
        out.made += 1;
        let values = &schema.checks.values;
        if !values.is_empty() && !values.iter().any(|allowed| is_value(value, allowed)) {
            let allowed: Vec<String> = values
                .iter()
                .map(|allowed| allowed.as_str().map_or_else(|| json::to_string(allowed), str::to_owned))
                .collect();
            let names = allowed.iter().map(String::as_str);
            let mut error = FieldError::not_supported(&status::Path::ROOT, value, names);
            error.field = self.place(path);
            out.add(error);
        }
    }

    fn object(&self, schema: &Structural, map: &Map, old: Option<&Value>, path: &str, out: &mut Outcome) {
        out.made += 1;
        let checks = &schema.checks;
        let size = map.len() as u64;
        if let Some(min) = checks.min_properties.filter(|min| size < *min) {
            self.invalid(path, &count(map.len()), format!("should have at least {min} properties"), out);
            return;
        }
        if let Some(max) = checks.max_properties.filter(|max| size > *max) {
            out.add(self.too_many(path, map.len(), max));
            return;
        }
        let old = old.and_then(Value::as_object).filter(|_| !schema.atomic);
        for (key, value) in map.iter() {
            let child = match (schema.property(key), &schema.additional) {
                (None, Additional::Values(values)) => values,
                (None, Additional::Nothing) => {
                    let detail = format!("{path}.{key} in body is a forbidden property");
                    out.add(self.error(ErrorType::Invalid, path, BadValue::Text(String::new()), detail));
                    continue;
                }
                _ => continue,
            };
            out.merge(self.whole(child, value, old.and_then(|old| old.get(key)), &below(path, key)));
        }
        for (name, property) in &schema.properties {
            if let Some(value) = map.get(name) {
                out.merge(self.whole(property, value, old.and_then(|old| old.get(name)), &below(path, name)));
            }
        }
        for name in checks.required.iter().filter(|name| !map.contains(name)) {
            out.add(FieldError {
                error_type: ErrorType::Required,
                field: self.place(&below(path, name)),
                bad_value: BadValue::Omitted,
                detail: String::new(),
            });
        }
    }

    fn logic(&self, schema: &Structural, value: &Value, old: Option<&Value>, path: &str, out: &mut Outcome) {
        let checks = &schema.checks;
        let branch = |schema: &Structural| self.value(schema, value, old, path);
        if !checks.any_of.is_empty() {
            let mut alternatives = Alternatives::default();
            for schema in &checks.any_of {
                alternatives.add(branch(schema));
                if alternatives.passed > 0 {
                    break;
                }
            }
            if alternatives.passed == 0 {
                let detail = format!("{} must validate at least one schema (anyOf)", quoted(path));
                out.composite(self.prefix, detail);
            }
            out.merge(alternatives.best.unwrap_or_default());
        }
        if !checks.one_of.is_empty() {
            let mut alternatives = Alternatives::default();
            checks.one_of.iter().for_each(|schema| alternatives.add(branch(schema)));
            if alternatives.passed != 1 {
                let found = match alternatives.passed {
                    0 => "none valid".to_owned(),
                    passed => format!("{passed} valid alternatives"),
                };
                let detail =
                    format!("{} must validate one and only one schema (oneOf). Found {found}", quoted(path));
                out.composite(self.prefix, detail);
            }
            if alternatives.passed < 2 {
                out.merge(alternatives.best.unwrap_or_default());
            }
        }
        if !checks.all_of.is_empty() {
            let mut passed = 0;
            for schema in &checks.all_of {
                let outcome = branch(schema);
                passed += usize::from(outcome.is_valid());
                out.merge(outcome);
            }
            if passed != checks.all_of.len() {
                let none = if passed == 0 { ". None validated" } else { "" };
                let detail = format!("{} must validate all the schemas (allOf){none}", quoted(path));
                out.composite(self.prefix, detail);
            }
        }
        if let Some(schema) = &checks.not
            && branch(schema).is_valid()
        {
            out.composite(self.prefix, format!("{} must not validate the schema (not)", quoted(path)));
        }
        out.made += 1;
    }

    fn place(&self, path: &str) -> String {
        match (self.prefix, path) {
            ("", "") => "<nil>".to_owned(),
            (prefix, "") => prefix.to_owned(),
            ("", path) => path.to_owned(),
            (prefix, path) => format!("{prefix}.{path}"),
        }
    }

    fn error(&self, error_type: ErrorType, path: &str, bad_value: BadValue, detail: String) -> FieldError {
        FieldError { error_type, field: self.place(path), bad_value, detail }
    }

    fn invalid(&self, path: &str, value: impl Into<BadValue>, words: String, out: &mut Outcome) {
        let detail = format!("{path} in body {words}");
        out.add(self.error(ErrorType::Invalid, path, value.into(), detail));
    }

    fn too_many(&self, path: &str, actual: usize, max: u64) -> FieldError {
        let mut error =
            FieldError::too_many(&status::Path::ROOT, actual, usize::try_from(max).unwrap_or(usize::MAX));
        error.field = self.place(path);
        error
    }
}

/// The alternatives of an `anyOf` or `oneOf`: the first that passed, or the one that failed latest.
#[derive(Default)]
struct Alternatives {
    passed: usize,
    best: Option<Outcome>,
}

impl Alternatives {
    fn add(&mut self, outcome: Outcome) {
        let valid = outcome.is_valid();
        let better = match &self.best {
            None => true,
            Some(_) if valid => self.passed == 0,
            Some(best) => self.passed == 0 && outcome.made > best.made,
        };
        self.passed += usize::from(valid);
        if better {
            self.best = Some(outcome);
        }
    }
}

/// The elements of a list as it was, by what identifies them.
struct Earlier<'v> {
    keys: &'v [Text],
    items: Vec<(Value, &'v Value)>,
}

impl<'v> Earlier<'v> {
    fn new(schema: &'v Structural, old: Option<&'v Value>) -> Earlier<'v> {
        let (ListType::Map(keys), Some(old)) = (&schema.list_type, old.and_then(Value::as_array)) else {
            return Earlier { keys: &[], items: Vec::new() };
        };
        let items = old.iter().filter_map(|item| Some((identity(item.as_object()?, keys), item)));
        Earlier { keys, items: items.collect() }
    }

    fn of(&self, item: &Value) -> Option<&'v Value> {
        let identity = identity(item.as_object()?, self.keys);
        self.items.iter().find(|earlier| earlier.0 == identity).map(|earlier| earlier.1)
    }
}

fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Int(_) => "integer",
        Value::Float(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Whether `value` is the allowed one; null never is.
fn is_value(value: &Value, allowed: &Value) -> bool {
    match (value, allowed) {
        (Value::Null, _) => false,
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            value.as_f64() == allowed.as_f64()
        }
        (value, allowed) => value == allowed,
    }
}

fn has_duplicates(items: &[Value]) -> bool {
    let mut texts: Vec<String> = items.iter().map(json::to_string).collect();
    texts.sort();
    texts.windows(2).any(|pair| pair[0] == pair[1])
}

fn count(size: usize) -> Value {
    Value::Int(i64::try_from(size).unwrap_or(i64::MAX))
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// A limit as Go prints it.
fn printed(number: f64) -> String {
    match BadValue::from(&Value::Float(number)) {
        BadValue::Bare(text) => text,
        _ => number.to_string(),
    }
}

fn quoted(path: &str) -> String {
    status::go_quote(path)
}
