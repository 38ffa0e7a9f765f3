//! Estimates of an expression's cost before it runs.

use std::collections::HashMap;
use std::sync::Arc;

use super::size::Range;
use super::{AUTHORIZATION, LIST, MAP, OBJECT, REGEX, TEXT};
use crate::ast::{Ast, Comprehension, Expr, ExprId, Kind, Literal, operator};
use crate::check::Checked;
use crate::environment::Environment;
use crate::types::{Declared, OPTIONAL, Type};

/// The sizes of a container's keys and values.
#[derive(Clone, Copy)]
struct Entries {
    list: bool,
    key: Range,
    value: Range,
}

/// A variable of a macro.
struct Local {
    name: String,
    path: Vec<String>,
    size: Option<Range>,
    entries: Option<Entries>,
}

struct Estimator<'a> {
    environment: &'a Environment,
    checked: &'a Checked,
    paths: HashMap<ExprId, Vec<String>>,
    sizes: HashMap<ExprId, Range>,
    entries: HashMap<ExprId, Entries>,
    locals: Vec<Local>,
}

/// The most that evaluating `ast` can cost.
pub(crate) fn estimate(ast: &Ast, checked: &Checked, environment: &Environment) -> Range {
    let mut estimator = Estimator {
        environment,
        checked,
        paths: HashMap::new(),
        sizes: HashMap::new(),
        entries: HashMap::new(),
        locals: Vec::new(),
    };
    estimator.cost(&ast.root)
}

/// A call's cost and the size of its result.
struct Estimate {
    cost: Range,
    size: Option<Range>,
}

impl Estimate {
    fn of(cost: Range) -> Option<Estimate> {
        Some(Estimate { cost, size: None })
    }
    fn sized(cost: Range, size: Range) -> Option<Estimate> {
        Some(Estimate { cost, size: Some(size) })
    }
}

impl Estimator<'_> {
    fn cost(&mut self, expr: &Expr) -> Range {
        match &expr.kind {
            Kind::Unspecified | Kind::Literal(_) => Range::ZERO,
            Kind::Ident(name) => {
                let path = match self.local(name) {
                    Some(local) => local.path.clone(),
                    None => vec![name.trim_start_matches('.').to_owned()],
                };
                self.paths.insert(expr.id, path);
                Range::fixed(1)
            }
            Kind::Select { operand, field, test_only } => self.select(expr, operand, field, *test_only),
            Kind::Call { function, target, arguments } => {
                self.call(expr, function, target.as_deref(), arguments)
            }
            Kind::List { elements, .. } => self.list(expr, elements),
            Kind::Map(entries) => {
                let mut sum = Range::fixed(MAP);
                let (mut keys, mut values) = (Vec::new(), Vec::new());
                for entry in entries {
                    sum = sum.add(self.cost(&entry.key)).add(self.cost(&entry.value));
                    keys.push(self.size_or_unknown(&entry.key));
                    values.push(self.size_or_unknown(&entry.value));
                }
                let entries = Entries { list: false, key: union(&keys), value: union(&values) };
                self.entries.insert(expr.id, entries);
                sum
            }
            Kind::Struct { fields, .. } => {
                fields.iter().fold(Range::fixed(OBJECT), |sum, field| sum.add(self.cost(&field.value)))
            }
            Kind::Comprehension(fold) if is_bind(fold) => self.bind(expr, fold),
            Kind::Comprehension(fold) => self.fold(expr, fold),
        }
    }

    fn local(&self, name: &str) -> Option<&Local> {
        self.locals.iter().rfind(|local| local.name == name)
    }

    fn path(&self, expr: &Expr) -> Vec<String> {
        if let Kind::Ident(name) = &expr.kind
            && let Some(local) = self.local(name)
        {
            return local.path.clone();
        }
        self.paths.get(&expr.id).cloned().unwrap_or_default()
    }

    fn select(&mut self, expr: &Expr, operand: &Expr, field: &str, test_only: bool) -> Range {
        let mut sum = self.cost(operand);
        if test_only {
            return sum;
        }
        if matches!(self.checked.of(operand.id), Type::Map(..) | Type::Object(_) | Type::Param(_)) {
            sum = sum.add(Range::fixed(1));
        }
        let mut path = self.path(operand);
        path.push(field.to_owned());
        self.paths.insert(expr.id, path);
        sum
    }

    fn list(&mut self, expr: &Expr, elements: &[Expr]) -> Range {
        let mut sum = Range::fixed(LIST);
        let mut sizes = Vec::new();
        for element in elements {
            sum = sum.add(self.cost(element));
            sizes.push(self.size_or_unknown(element));
        }
        self.entries.insert(expr.id, Entries { list: true, key: Range::fixed(1), value: union(&sizes) });
        sum
    }

    fn call(&mut self, expr: &Expr, function: &str, target: Option<&Expr>, arguments: &[Expr]) -> Range {
        if function == "dyn"
            && let [argument] = arguments
        {
            let cost = self.cost(argument).add(Range::fixed(1));
            self.copy_sizes(expr.id, argument);
            return cost;
        }
        let costs: Vec<Range> = arguments.iter().map(|argument| self.cost(argument)).collect();
        let sum = target.map_or(Range::ZERO, |target| self.cost(target));
        let mut cost = Range { min: u64::MAX, max: 0 };
        let mut size: Option<Range> = None;
        let overloads = self.checked.overloads.get(&expr.id).map_or(&[][..], Vec::as_slice);
        if overloads.is_empty() && function != operator::OPTIONAL_SELECT {
            return Range::ZERO;
        }
        let ids = overloads.iter().map(|overload| overload.id);
        for id in ids.chain((function == operator::OPTIONAL_SELECT).then_some("select_optional_field")) {
            let found = self.overload(expr, function, id, target, arguments, &costs);
            cost = cost.union(found.cost);
            size = match (size, found.size) {
                (Some(a), Some(b)) => Some(a.union(b)),
                (a, b) => a.or(b),
            };
            let element = match id {
                "index_list" => "@items",
                "index_map" => "@values",
                _ => "",
            };
            if !element.is_empty() {
                size = self.entries_of(&arguments[0]).map(|entries| entries.value);
                let mut path = self.path(&arguments[0]);
                path.push(element.to_owned());
                self.paths.insert(expr.id, path);
            }
            size = size.or_else(|| self.size(expr));
        }
        if let Some(size) = size {
            self.sizes.insert(expr.id, size);
        }
        sum.add(cost)
    }

    fn overload(
        &mut self,
        expr: &Expr,
        function: &str,
        id: &str,
        target: Option<&Expr>,
        arguments: &[Expr],
        costs: &[Range],
    ) -> Estimate {
        let sum = costs.iter().fold(Range::ZERO, |sum, cost| sum.add(*cost));
        let found = self
            .list_library(id, target, arguments)
            .or_else(|| self.sets_library(id, arguments))
            .or_else(|| self.kubernetes(function, id, target, arguments))
            .or_else(|| self.standard(expr, id, target, arguments));
        match (id, found) {
            ("logical_or" | "logical_and", _) => {
                let both = costs[0].add(costs[1]);
                Estimate { cost: Range { min: costs[0].min, max: both.max }, size: None }
            }
            ("conditional", Some(found)) => {
                Estimate { cost: costs[0].add(costs[1].union(costs[2])), size: found.size }
            }
            (_, Some(found)) => Estimate { cost: found.cost.add(sum), size: found.size },
            (_, None) => Estimate { cost: sum.add(Range::fixed(1)), size: None },
        }
    }

    fn standard(
        &mut self,
        expr: &Expr,
        id: &str,
        target: Option<&Expr>,
        arguments: &[Expr],
    ) -> Option<Estimate> {
        let sizes: Vec<Range> = arguments.iter().map(|argument| self.size_or_unknown(argument)).collect();
        let text = |size: Range| size.scaled(TEXT);
        match (id, sizes.as_slice()) {
            ("string_format", _) => Estimate::of(text(self.size_or_unknown(target?))),
            ("string_to_bytes", [size]) => {
                Estimate::sized(text(*size), Range { min: size.min, max: size.max.wrapping_mul(4) })
            }
            ("bytes_to_string", [size]) => {
                Estimate::sized(text(*size), Range { min: size.min / 4, max: size.max })
            }
            ("strings_quote", [size]) => Estimate::sized(
                text(*size),
                Range { min: size.min.wrapping_add(2), max: size.max.wrapping_mul(2).wrapping_add(2) },
            ),
            ("starts_with_string" | "ends_with_string", [size]) => Estimate::of(text(*size)),
            ("in_list", [_, list]) => Estimate::of(list.scaled(1.0)),
            ("matches_string", [pattern]) => {
                let length = self.size_or_unknown(target?).add(Range::fixed(1));
                Estimate::of(text(length).times(pattern.scaled(REGEX)))
            }
            ("contains_string", [part]) => {
                Estimate::of(text(self.size_or_unknown(target?)).times(text(*part)))
            }
            ("conditional", [_, then, otherwise]) => {
                if let (Some(a), Some(b)) = (self.entries_of(&arguments[1]), self.entries_of(&arguments[2])) {
                    self.entries.insert(expr.id, join_entries(a, b));
                }
                Estimate::sized(Range::ZERO, then.union(*otherwise))
            }
            ("add_string" | "add_bytes" | "add_list", [left, right]) => {
                if let (Some(a), Some(b)) = (self.entries_of(&arguments[0]), self.entries_of(&arguments[1])) {
                    self.entries.insert(expr.id, join_entries(a, b));
                }
                let size = left.add(*right);
                Estimate::sized(if id == "add_list" { Range::fixed(1) } else { text(size) }, size)
            }
            ("equals" | "not_equals", [left, right]) => Estimate::of(text(shorter(*left, *right))),
            (id, [left, right])
                if id.ends_with("s_string") || id.ends_with("r_string") || id.ends_with("_bytes") =>
            {
                Estimate::of(text(shorter(*left, *right)))
            }
            _ => None,
        }
    }

    /// The costs that Kubernetes gives its libraries.
    fn kubernetes(
        &mut self,
        function: &str,
        id: &str,
        target: Option<&Expr>,
        arguments: &[Expr],
    ) -> Option<Estimate> {
        let size = |estimator: &mut Self, expr: &Expr| estimator.library_size(expr);
        match function {
            "check" => Estimate::of(Range::fixed(AUTHORIZATION)),
            "serviceAccount"
            | "path"
            | "group"
            | "resource"
            | "subresource"
            | "namespace"
            | "name"
            | "allowed"
            | "reason"
            | "error"
            | "errored"
            | "fieldSelector"
            | "labelSelector"
            | "masked"
            | "prefixLength"
            | "family"
            | "isUnspecified"
            | "isLoopback"
            | "isLinkLocalMulticast"
            | "isLinkLocalUnicast"
            | "isGlobalUnicast"
            | "sign"
            | "asInteger"
            | "isInteger"
            | "asApproximateFloat"
            | "isGreaterThan"
            | "isLessThan"
            | "compareTo"
            | "add"
            | "sub"
            | "major"
            | "minor"
            | "patch" => Estimate::of(Range::fixed(1)),
            "isSorted" | "sum" | "max" | "min" | "indexOf" | "lastIndexOf" => {
                let target = target?;
                let length = size(self, target);
                match self.element(target) {
                    Some((ty, path)) => {
                        let mut each = Range::fixed(1);
                        if matches!(ty, Type::String | Type::Bytes) {
                            each = each.add(self.path_size(&path).unwrap_or(Range::UNKNOWN).scaled(TEXT));
                        }
                        Estimate::of(length.times(each))
                    }
                    None => Estimate::of(length.scaled(TEXT)),
                }
            }
            "url" | "quantity" | "isQuantity" | "semver" | "isSemver" if target.is_none() => {
                Estimate::of(size(self, arguments.first()?).scaled(TEXT))
            }
            "validate" => Estimate::of(size(self, arguments.first()?).scaled(TEXT)),
            "lowerAscii" | "upperAscii" | "substring" | "trim" => {
                let size = size(self, target?);
                Estimate::sized(size.scaled(TEXT), size)
            }
            "replace" => self.replace(target?, arguments),
            "split" => {
                let size = size(self, target?);
                let max = match arguments.get(1).map(|limit| &limit.kind) {
                    Some(Kind::Literal(Literal::Int(limit))) => (*limit).max(0) as u64,
                    _ => size.max,
                };
                Estimate::sized(size.scaled(2.0 * TEXT), Range { min: 0, max })
            }
            "join" => {
                let target = target?;
                let length = size(self, target);
                let mut total = match self.element(target) {
                    Some((ty, path)) => length.times(self.element_size(target, &ty, &path)),
                    None => Range::ZERO,
                };
                if let Some(separator) = arguments.first() {
                    let between =
                        Range { min: length.min.saturating_sub(1), max: length.max.saturating_sub(1) };
                    total = total.add(size(self, separator).times(between));
                }
                Estimate::sized(total.scaled(TEXT), total)
            }
            "find" | "findAll" => {
                let size = size(self, target?);
                let pattern = self.library_size(arguments.first()?).scaled(REGEX);
                let cost = size.add(Range::fixed(1)).scaled(TEXT).times(pattern);
                Estimate::sized(cost, Range { min: 0, max: size.max })
            }
            "cidr" | "isIP" | "isCIDR" | "ip" if target.is_none() => {
                Estimate::of(size(self, arguments.first()?).scaled(TEXT))
            }
            "ip" => Estimate::of(Range::fixed(1)),
            "ip.isCanonical" => Estimate::of(size(self, arguments.first()?).scaled(2.0 * TEXT)),
            "containsIP" | "containsCIDR" => {
                // Addresses have 4 or 16 bytes, which are compared, and masked first for a network.
                let bytes = Range { min: 4, max: 16 };
                let mut cost = bytes.add(bytes).scaled(TEXT);
                if function == "containsCIDR" {
                    cost = cost.add(bytes.scaled(TEXT)).add(Range::fixed(1));
                }
                if id.ends_with("_string") {
                    cost = cost.add(size(self, arguments.first()?).scaled(TEXT));
                }
                Estimate::of(cost)
            }
            _ => None,
        }
    }

    fn replace(&mut self, target: &Expr, arguments: &[Expr]) -> Option<Estimate> {
        let size = self.library_size(target);
        let (old, new) = (self.library_size(arguments.first()?), self.library_size(arguments.get(1)?));
        let (mut count, mut kept) = (Range::ZERO, Range::ZERO);
        let divided = |a: u64, b: u64| (a as f64 / b as f64).ceil() as u64;
        if old.min == 0 {
            // Replacing nothing puts the replacement around every character.
            count.max = size.max.saturating_add(1);
            kept.max = size.max;
        } else if new.max <= old.min {
            kept.max = size.max;
        } else {
            count.max = divided(size.max, old.min);
        }
        if old.max == 0 {
            count.min = size.min.saturating_add(1);
            kept.min = size.min;
        } else if old.max <= new.min {
            kept.min = size.min;
        } else {
            count.min = divided(size.min, old.max);
        }
        Estimate::sized(size.scaled(2.0 * TEXT), count.times(new).add(kept))
    }

    fn sets_library(&mut self, id: &str, arguments: &[Expr]) -> Option<Estimate> {
        let factor = match id {
            "list_sets_contains_list" | "list_sets_intersects_list" => 1.0,
            "list_sets_equivalent_list" => 2.0,
            _ => return None,
        };
        let [left, right] = arguments else { return None };
        let product = self.library_size(left).times(self.library_size(right));
        Estimate::of(product.scaled(factor).add(Range::fixed(1)))
    }

    fn list_library(&mut self, id: &str, target: Option<&Expr>, arguments: &[Expr]) -> Option<Estimate> {
        let number = |expr: Option<&Expr>, otherwise: u64| match expr.map(|expr| &expr.kind) {
            Some(Kind::Literal(Literal::Int(number))) => u64::try_from(*number).unwrap_or(otherwise),
            _ => otherwise,
        };
        let made =
            |factor: f64, size: Range| Estimate::sized(size.scaled(factor).add(Range::fixed(1 + LIST)), size);
        let compared = |estimator: &mut Self, list: &Expr, text: bool| {
            let size = estimator.library_size(list);
            made(if text { 2.0 + TEXT } else { 2.0 }, size.times(size))
        };
        let text = id.starts_with("list_string_") || id.starts_with("list_bytes_");
        match id {
            "list_slice" => {
                let size = self.library_size(target?);
                let (start, end) = (number(arguments.first(), 0), number(arguments.get(1), size.max));
                made(1.0, Range::fixed(end.wrapping_sub(start)))
            }
            "lists_range" => made(1.0, Range::fixed(number(arguments.first(), u64::MAX))),
            "list_reverse" => {
                let size = self.library_size(target?);
                made(1.0, size)
            }
            "list_flatten" | "list_flatten_int" => {
                let depth = arguments.first().map_or(1, |depth| number(Some(depth), u64::MAX));
                let size = self.library_size(target?);
                made(depth as f64, size)
            }
            "list_distinct" => compared(self, target?, false),
            _ if id.ends_with("_sort") => compared(self, target?, text),
            _ if id.ends_with("_sortByAssociatedKeys") => compared(self, arguments.first()?, text),
            _ => None,
        }
    }

    /// The type and path of a list's elements; nothing if it is no list.
    fn element(&self, list: &Expr) -> Option<(Type, Vec<String>)> {
        let Type::List(items) = self.checked.of(list.id) else { return None };
        let mut path = self.path(list);
        if !path.is_empty() {
            path.push("@items".to_owned());
        }
        Some(((**items).clone(), path))
    }

    fn element_size(&self, _list: &Expr, _ty: &Type, path: &[String]) -> Range {
        self.path_size(path).unwrap_or(Range::UNKNOWN)
    }

    /// The size of an argument as the libraries' estimates see it: no size of its type.
    fn library_size(&mut self, expr: &Expr) -> Range {
        self.size(expr).or_else(|| self.path_size(&self.path(expr))).unwrap_or(Range::UNKNOWN)
    }

    fn copy_sizes(&mut self, to: ExprId, from: &Expr) {
        if let Some(size) = self.size(from) {
            self.sizes.insert(to, size);
        }
        if let Some(entries) = self.entries_of(from) {
            self.entries.insert(to, entries);
        }
    }

    fn size_or_unknown(&mut self, expr: &Expr) -> Range {
        self.size(expr).unwrap_or(Range::UNKNOWN)
    }

    fn size(&mut self, expr: &Expr) -> Option<Range> {
        if let Some(size) = self.sizes.get(&expr.id) {
            return Some(*size);
        }
        let fixed = match &expr.kind {
            Kind::Literal(Literal::String(text)) => Some(text.chars().count()),
            Kind::Literal(Literal::Bytes(bytes)) => Some(bytes.len()),
            Kind::Literal(_) => Some(1),
            Kind::List { elements, .. } => Some(elements.len()),
            Kind::Map(entries) => Some(entries.len()),
            _ => None,
        };
        if let Some(size) = fixed {
            return Some(Range::fixed(size as u64));
        }
        if let Some(size) = self.path_size(&self.path(expr)) {
            self.sizes.insert(expr.id, size);
            return Some(size);
        }
        if is_scalar(self.checked.of(expr.id)) {
            return Some(Range::fixed(1));
        }
        match &expr.kind {
            Kind::Ident(name) => self.local(name)?.size,
            _ => None,
        }
    }

    /// The size that a schema declares of what is at a path.
    fn path_size(&self, path: &[String]) -> Option<Range> {
        let (first, rest) = path.split_first()?;
        if !self.environment.sized {
            return None;
        }
        // A name that is no variable (a type's) is sized as the first one, as Kubernetes' estimator does.
        let known = self.environment.lookup(first).map(|(_, variable)| variable);
        let variable = known.or(self.environment.variables.first())?;
        let mut declared: &Arc<Declared> = &variable.declared;
        for step in rest {
            declared = match step.as_str() {
                "@items" | "@values" => declared.items.as_ref()?,
                // Keys are text that nothing is known of.
                "@keys" => return matches!(declared.ty, Type::Map(..)).then_some(Range::ZERO),
                "@indices" => return None,
                field => declared.object()?.fields.get(field)?,
            };
        }
        Some(Range { min: 0, max: declared.max_elements })
    }

    fn entries_of(&self, expr: &Expr) -> Option<Entries> {
        if let Some(entries) = self.entries.get(&expr.id) {
            return Some(*entries);
        }
        match &expr.kind {
            Kind::Ident(name) => self.local(name)?.entries,
            _ => None,
        }
    }

    fn push(&mut self, name: &str, path: Vec<String>, size: Option<Range>, entries: Option<Entries>) {
        self.locals.push(Local { name: name.to_owned(), path, size, entries });
    }

    fn push_value(&mut self, name: &str, value: &Expr) {
        let (path, size, entries) = (self.path(value), self.size(value), self.entries_of(value));
        self.push(name, path, size, entries);
    }

    fn fold(&mut self, expr: &Expr, fold: &Comprehension) -> Range {
        let sum = self.cost(&fold.range).add(self.cost(&fold.initial));
        let depth = self.locals.len();
        self.push_value(&fold.accumulator, &fold.initial);
        self.push_loop_variables(fold);
        let condition = self.cost(&fold.condition);
        let step = self.cost(&fold.step);
        self.locals.truncate(depth + 1);
        let sum = sum.add(self.cost(&fold.result));
        self.locals.truncate(depth);
        let count = self.size_or_unknown(&fold.range);
        match &fold.initial.kind {
            Kind::Literal(_) => {
                if let Some(size) = self.size(&fold.initial) {
                    self.sizes.insert(expr.id, size);
                }
            }
            Kind::List { .. } | Kind::Map(_) => {
                self.sizes.insert(expr.id, count);
                if let Some(entries) = self.entries_of(&fold.step) {
                    self.entries.insert(expr.id, entries);
                }
            }
            _ => {}
        }
        sum.add(count.times(step.add(condition)))
    }

    fn push_loop_variables(&mut self, fold: &Comprehension) {
        let entries = self.entries_of(&fold.range);
        let list = match entries {
            Some(entries) => entries.list,
            None => matches!(self.checked.of(fold.range.id), Type::List(_)),
        };
        let path = self.path(&fold.range);
        let below = |step: &str| {
            let mut path = path.clone();
            path.push(step.to_owned());
            path
        };
        let (key, value) = (entries.map(|entries| entries.key), entries.map(|entries| entries.value));
        match &fold.variable2 {
            None if list => self.push(&fold.variable, below("@items"), value, None),
            None => self.push(&fold.variable, below("@keys"), key, None),
            Some(second) => {
                let (first_step, second_step) =
                    if list { ("@indices", "@items") } else { ("@keys", "@values") };
                self.push(&fold.variable, below(first_step), key, None);
                self.push(second, below(second_step), value, None);
            }
        }
    }

    fn bind(&mut self, expr: &Expr, fold: &Comprehension) -> Range {
        let sum = self.cost(&fold.range).add(self.cost(&fold.initial));
        self.push_value(&fold.accumulator, &fold.initial);
        let sum = sum.add(self.cost(&fold.result));
        self.copy_sizes(expr.id, &fold.result);
        self.locals.pop();
        sum
    }
}

/// A loop that never runs gives a name to a value.
fn is_bind(fold: &Comprehension) -> bool {
    matches!(&fold.range.kind, Kind::List { elements, .. } if elements.is_empty())
        && matches!(fold.condition.kind, Kind::Literal(Literal::Bool(false)))
        && fold.accumulator != crate::parse::ACCUMULATOR
}

fn union(sizes: &[Range]) -> Range {
    sizes.iter().copied().reduce(Range::union).unwrap_or(Range::ZERO)
}

fn join_entries(a: Entries, b: Entries) -> Entries {
    Entries { list: a.list, key: a.key.union(b.key), value: a.value.union(b.value) }
}

/// What comparing two sizes goes over.
fn shorter(left: Range, right: Range) -> Range {
    let max = left.max.min(right.max);
    Range { min: u64::from(max > 0), max }
}

fn is_scalar(ty: &Type) -> bool {
    match ty {
        Type::Bool | Type::Double | Type::Duration | Type::Int | Type::Timestamp | Type::Uint => true,
        Type::Opaque(OPTIONAL, inner) => inner.first().is_some_and(is_scalar),
        _ => false,
    }
}
