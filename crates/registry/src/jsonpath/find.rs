//! From steps to values.

use object::Value;

use super::{Filter, JsonPath, Slice, Step};

/// A path does not fit the values: an index beyond a list's end, a filter on what is no list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotFound;

type Found<'v> = Vec<&'v Value>;

impl JsonPath {
    /// What the path finds in `value`. Absent fields are none.
    ///
    /// # Errors
    /// If the path does not fit.
    pub(crate) fn find<'v>(&'v self, value: &'v Value) -> Result<Found<'v>, NotFound> {
        self.walk(vec![value])
    }

    fn walk<'v>(&'v self, start: Found<'v>) -> Result<Found<'v>, NotFound> {
        self.0.iter().try_fold(start, |values, step| step.take(values))
    }
}

impl Step {
    fn take<'v>(&'v self, values: Found<'v>) -> Result<Found<'v>, NotFound> {
        let parts = values.iter().copied();
        Ok(match self {
            Step::Field(name) => parts.filter_map(|value| value.get(name)).collect(),
            Step::Wildcard => parts.flat_map(children).collect(),
            Step::Descend => {
                let mut found = Vec::new();
                parts.for_each(|value| descend(value, &mut found));
                found
            }
            Step::Slice(slice) => {
                let mut found = Vec::new();
                for value in parts.filter(|value| !value.is_null()) {
                    let list = value.as_array().ok_or(NotFound)?;
                    found.extend(slice.of(list)?);
                }
                found
            }
            Step::Filter(filter) => {
                let mut found = Vec::new();
                for value in parts {
                    for element in value.as_array().ok_or(NotFound)? {
                        if filter.passes(element)? {
                            found.push(element);
                        }
                    }
                }
                found
            }
            Step::Union(paths) => {
                let mut found = Vec::new();
                for path in paths {
                    found.extend(path.walk(values.clone())?);
                }
                found
            }
            Step::Literal(value) => vec![value],
        })
    }
}

fn children(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(list) => list.iter().collect(),
        Value::Object(map) => map.values().collect(),
        _ => Vec::new(),
    }
}

/// The value and all below it, as far as they have parts.
fn descend<'v>(value: &'v Value, found: &mut Found<'v>) {
    let parts = children(value);
    if !parts.is_empty() {
        found.push(value);
        parts.into_iter().for_each(|part| descend(part, found));
    }
}

impl Slice {
    fn of<'v>(&self, list: &'v [Value]) -> Result<impl Iterator<Item = &'v Value>, NotFound> {
        let length = i64::try_from(list.len()).map_err(|_| NotFound)?;
        let from_end = |at: i64| if at < 0 { at.saturating_add(length) } else { at };
        let start = from_end(self.start.unwrap_or(0));
        let end = match self.end {
            _ if self.index => start.saturating_add(1),
            Some(end) => from_end(end),
            None => length,
        };
        let empty = start == end;
        let fits = 0 <= start && start < length && start <= end && end <= length;
        let step = self.step.unwrap_or(1);
        if !empty && (!fits || step <= 0) {
            return Err(NotFound);
        }
        let range = if empty { 0..0 } else { start as usize..end as usize };
        Ok(list[range].iter().step_by(usize::try_from(step).unwrap_or(1).max(1)))
    }
}

impl Filter {
    fn passes(&self, element: &Value) -> Result<bool, NotFound> {
        match self {
            Filter::Exists(path) => Ok(path.find(element).is_ok_and(|found| !found.is_empty())),
            Filter::Compare(left, operator, right) => {
                let (left, right) = (left.find(element)?, right.find(element)?);
                match (left.as_slice(), right.as_slice()) {
                    ([], _) | (_, []) => Ok(false),
                    ([left], [right]) => operator.holds(left, right).ok_or(NotFound),
                    _ => Err(NotFound),
                }
            }
        }
    }
}
