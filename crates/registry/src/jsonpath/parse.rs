//! From text to steps.

use object::Value;

use super::{Filter, JsonPath, Operator, Slice, Step};

/// How deep paths may stand in paths (unions and filters).
const MAX_DEPTH: usize = 16;

impl JsonPath {
    /// The path that `text` spells; nothing if it is malformed.
    pub(crate) fn parse(text: &str) -> Option<JsonPath> {
        parse(text, 0)
    }
}

fn parse(text: &str, depth: usize) -> Option<JsonPath> {
    if depth > MAX_DEPTH {
        return None;
    }
    let mut steps = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        rest = match first {
            ' ' | '@' | '$' => &rest[1..],
            '.' if rest.starts_with("..") => {
                steps.push(Step::Descend);
                // A name may follow at once.
                let after = &rest[2..];
                if after.starts_with('[') || after.is_empty() { after } else { name(after, &mut steps)? }
            }
            '.' => name(&rest[1..], &mut steps)?,
            '[' if rest.starts_with("[?(") => filter(&rest[3..], depth, &mut steps)?,
            '[' => {
                let (inside, after) = rest[1..].split_once(']')?;
                brackets(inside, depth, &mut steps)?;
                after
            }
            '"' | '\'' => quoted(rest, first, &mut steps)?,
            _ => word(rest, &mut steps)?,
        };
    }
    Some(JsonPath(steps))
}

/// A field's name, or `*`; a backslash takes a character's meaning away.
fn name<'t>(text: &'t str, steps: &mut Vec<Step>) -> Option<&'t str> {
    let mut escaped = false;
    let end = text.find(|letter| {
        let ends = !escaped && matches!(letter, ' ' | '.' | '[' | ']' | '{' | '}');
        escaped = !escaped && letter == '\\';
        ends
    });
    let (name, rest) = text.split_at(end.unwrap_or(text.len()));
    match name {
        "*" => steps.push(Step::Wildcard),
        name => steps.push(Step::Field(name.replace('\\', ""))),
    }
    (!rest.starts_with([']', '{', '}'])).then_some(rest)
}

/// What stands in brackets: a key, indexes, or several of them.
fn brackets(inside: &str, depth: usize, steps: &mut Vec<Step>) -> Option<()> {
    if inside.contains(',') {
        let paths = inside.split(',').map(|one| parse(&format!("[{}]", one.trim_matches(' ')), depth + 1));
        steps.push(Step::Union(paths.collect::<Option<_>>()?));
        return Some(());
    }
    if let Some(key) = inside.strip_prefix('\'').and_then(|key| key.strip_suffix('\'')) {
        // As in the original, dots in a key have to be escaped here too.
        let JsonPath(of_key) = parse(&format!(".{key}"), depth + 1)?;
        steps.extend(of_key);
        return Some(());
    }
    steps.push(Step::Slice(slice(if inside == "*" { ":" } else { inside })?));
    Some(())
}

fn slice(text: &str) -> Option<Slice> {
    let mut numbers = [None; 3];
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() > numbers.len() {
        return None;
    }
    for (number, part) in numbers.iter_mut().zip(&parts).filter(|(_, part)| !part.is_empty()) {
        if !part.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = Some(part.parse().ok()?);
    }
    let [start, end, step] = numbers;
    Some(Slice { start, end, step, index: parts.len() == 1 })
}

/// `@.a == "b")]` and what follows.
fn filter<'t>(text: &'t str, depth: usize, steps: &mut Vec<Step>) -> Option<&'t str> {
    let end = filter_end(text)?;
    let rest = text[end + 1..].strip_prefix(']')?;
    let condition = &text[..end];
    let is_operator = |letter: char| matches!(letter, '!' | '<' | '>' | '=');
    let filter = match condition.find(is_operator) {
        Some(at) if at > 0 => {
            let right = condition[at..].trim_start_matches(is_operator);
            if right.is_empty() {
                return None;
            }
            let operator = operator(&condition[at..condition.len() - right.len()])?;
            Filter::Compare(parse(&condition[..at], depth + 1)?, operator, parse(right, depth + 1)?)
        }
        _ => Filter::Exists(parse(condition, depth + 1)?),
    };
    steps.push(Step::Filter(filter));
    Some(rest)
}

/// Where the parenthesis closes: not inside the first pair of quotes.
fn filter_end(text: &str) -> Option<usize> {
    let (mut quote, mut closed, mut previous) = (None, false, ' ');
    for (at, letter) in text.char_indices() {
        match (letter, quote) {
            ('"' | '\'', None) => quote = Some(letter),
            (letter, Some(open)) if letter == open && previous != '\\' => closed = true,
            (')', None) => return Some(at),
            (')', Some(_)) if closed => return Some(at),
            ('\n', _) => return None,
            _ => {}
        }
        previous = letter;
    }
    None
}

fn operator(text: &str) -> Option<Operator> {
    Some(match text {
        "==" => Operator::Equal,
        "!=" => Operator::NotEqual,
        "<" => Operator::Less,
        "<=" => Operator::LessOrEqual,
        ">" => Operator::Greater,
        ">=" => Operator::GreaterOrEqual,
        _ => return None,
    })
}

/// A text between quotes.
fn quoted<'t>(text: &'t str, quote: char, steps: &mut Vec<Step>) -> Option<&'t str> {
    let mut escaped = false;
    let inside = &text[1..];
    let end = inside.find(|letter| {
        let ends = letter == quote && !escaped;
        escaped = !escaped && letter == '\\';
        ends
    })?;
    let literal = inside[..end].replace(&format!("\\{quote}"), &quote.to_string());
    steps.push(Step::Literal(literal.into()));
    Some(&inside[end + 1..])
}

/// A number or a boolean.
fn word<'t>(text: &'t str, steps: &mut Vec<Step>) -> Option<&'t str> {
    let end =
        text.find(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '+' | '-' | '.' | '_')));
    let (word, rest) = text.split_at(end.unwrap_or(text.len()));
    let literal = match word {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        word => match word.parse::<i64>() {
            Ok(number) => Value::Int(number),
            Err(_) if word.starts_with(|first: char| first.is_ascii_digit() || "+-".contains(first)) => {
                Value::Float(word.parse().ok()?)
            }
            Err(_) => return None,
        },
    };
    steps.push(Step::Literal(literal));
    Some(rest)
}
