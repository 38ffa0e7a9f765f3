//! Keys of mappings, which YAML lets be more than text.

use std::fmt::Write;

use super::nodes::{Content, NodeId, Nodes};
use super::resolve::Scalar;
use crate::{ParseError, Text, json};

/// Printed Go values end here; what is left out is in an error text that nobody reads to its end.
const MAX_PRINTED: usize = 4096;

/// A key's text as JSON has it.
///
/// # Errors
/// Keys that are null.
pub(super) fn text(scalar: &Scalar, written: &str) -> Result<Text, ParseError> {
    Ok(match scalar {
        Scalar::Bool(value) => value.to_string().into(),
        Scalar::Int(number) => number.to_string().into(),
        Scalar::Float(number) if number.is_nan() => ".nan".into(),
        Scalar::Float(number) if number.is_infinite() => if *number > 0.0 { ".inf" } else { "-.inf" }.into(),
        Scalar::Float(number) => {
            let mut short = String::new();
            let _ = write!(short, "{}", *number as f32);
            json::go_float(short.parse().unwrap_or(*number)).into()
        }
        Scalar::Null => return Err(unsupported("%!s(<nil>)", "<nil>")),
        Scalar::Unsigned(number) => return Err(unsupported("uint64", &format!("{number:#x}"))),
        Scalar::Text | Scalar::Time | Scalar::Merge => written.into(),
    })
}

fn unsupported(go_type: &str, key: &str) -> ParseError {
    ParseError::new(format!("unsupported map key of type: {go_type}, key: {key}"), 0)
}

/// A key as Go's `%#v` prints it.
pub(super) fn printed(scalar: &Scalar, written: &str) -> String {
    match scalar {
        Scalar::Null => "<nil>".to_owned(),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Int(number) => number.to_string(),
        Scalar::Unsigned(number) => format!("{number:#x}"),
        Scalar::Float(number) if number.is_finite() => json::go_float(*number),
        Scalar::Float(number) if number.is_nan() => "NaN".to_owned(),
        Scalar::Float(number) => if *number > 0.0 { "+Inf" } else { "-Inf" }.to_owned(),
        Scalar::Text | Scalar::Time | Scalar::Merge => status::go_quote(written),
    }
}

/// The list or mapping that stands as a key, as Go's `%#v` prints it.
pub(super) fn printed_node(
    nodes: &Nodes,
    root: NodeId,
    meaning: impl Fn(NodeId) -> Option<(Scalar, String)>,
) -> String {
    /// What is left to print, the next on top.
    enum Part {
        Node(NodeId),
        Text(&'static str),
    }
    let mut out = String::new();
    let mut parts = vec![Part::Node(root)];
    while let Some(part) = parts.pop() {
        if out.len() > MAX_PRINTED {
            break;
        }
        let id = match part {
            Part::Node(id) => id,
            Part::Text(text) => {
                out.push_str(text);
                continue;
            }
        };
        let (children, separators) = match &nodes[id].content {
            Content::Sequence(items) => {
                out.push_str("[]interface {}{");
                (items, [", ", ", "])
            }
            Content::Mapping(items) => {
                out.push_str("map[interface {}]interface {}{");
                (items, [", ", ":"])
            }
            Content::Alias(target, _) => {
                parts.push(Part::Node(*target));
                continue;
            }
            Content::Scalar { .. } => {
                out.extend(meaning(id).map(|(scalar, written)| match scalar {
                    Scalar::Null => "interface {}(nil)".to_owned(),
                    scalar => printed(&scalar, &written),
                }));
                continue;
            }
        };
        parts.push(Part::Text("}"));
        for (index, &child) in children.iter().enumerate().rev() {
            parts.push(Part::Node(child));
            if index > 0 {
                parts.push(Part::Text(separators[index % 2]));
            }
        }
    }
    out
}
