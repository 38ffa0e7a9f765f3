//! JSONPath as `kubectl` and CustomResourceDefinitions know it (k8s.io/client-go/util/jsonpath): fields, indexes,
//! slices, wildcards, unions, filters, descent.

mod compare;
mod find;
mod parse;

#[cfg(test)]
mod tests;

use object::Value;

/// A path.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct JsonPath(Vec<Step>);

/// One step: from the values found so far to the next.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    /// `.name`: the field of each object.
    Field(String),
    /// `.*`: every element and every field.
    Wildcard,
    /// `[start:end:step]`, and `[index]`.
    Slice(Slice),
    /// `[?(@.a == "b")]`: the elements that pass.
    Filter(Filter),
    /// `[a,b]`: what each of the paths finds.
    Union(Vec<JsonPath>),
    /// `..`: every value that has parts.
    Descend,
    /// A value that stands in the path itself.
    Literal(Value),
}

/// Which elements of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Slice {
    start: Option<i64>,
    end: Option<i64>,
    step: Option<i64>,
    /// There is one index, not a range.
    index: bool,
}

/// A condition on elements.
#[derive(Clone, Debug, PartialEq)]
enum Filter {
    /// The path finds something.
    Exists(JsonPath),
    /// What both sides find compares like this.
    Compare(JsonPath, Operator, JsonPath),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
