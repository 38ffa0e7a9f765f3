//! Bytes to a graph of nodes: the first document, anchors and aliases linked.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use libyaml_safer::{Encoding, Error, ErrorKind, Event, EventData, Parser};

use crate::ParseError;
use crate::json::MAX_DEPTH;

/// The scanner looks at every open bracket for each token. More looks than this are taken for an attack.
const MAX_WORK: usize = 100_000_000;

/// The number of a node in [`Nodes`].
pub(super) type NodeId = usize;

/// A node as it is written.
pub(super) struct Node {
    /// The line it starts on, from 0.
    pub line: usize,
    pub content: Content,
}

pub(super) enum Content {
    Scalar {
        value: String,
        tag: String,
        /// Plain and without a tag: what it means depends on its text.
        implicit: bool,
    },
    Sequence(Vec<NodeId>),
    /// Keys and values in turn.
    Mapping(Vec<NodeId>),
    Alias(NodeId, String),
}

/// The nodes of a document. The root comes first; there is none in an empty stream.
pub(super) type Nodes = Vec<Node>;

/// The nodes of the first document.
pub(super) fn compose(bytes: &[u8]) -> Result<Nodes, ParseError> {
    // The event parser has states that it gives up on by panicking, such as a tag directly before a comma.
    catch_unwind(AssertUnwindSafe(|| events(bytes)))
        .unwrap_or_else(|_| Err(failure("did not find expected whitespace or line break")))
}

/// An error with go-yaml's prefix.
pub(super) fn failure(message: &str) -> ParseError {
    ParseError::new(format!("yaml: {message}"), 0)
}

/// What a stream may begin with to tell its encoding: UTF-8, UTF-16 little and big endian.
const BYTE_ORDER_MARKS: [&[u8]; 3] = [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"];

fn events(bytes: &[u8]) -> Result<Nodes, ParseError> {
    let length = bytes.len();
    let mut unread: &[u8] = bytes;
    let mut parser: Parser<&mut &[u8]> = Parser::new();
    if !BYTE_ORDER_MARKS.iter().any(|mark| bytes.starts_with(mark)) {
        // The parser would take the first byte of some characters for half a mark.
        parser.set_encoding(Encoding::Utf8);
    }
    parser.set_input_string(&mut unread);
    let mut composer = Composer { nodes: Vec::new(), open: Vec::new(), anchors: HashMap::new() };
    let mut work = length;
    loop {
        let event = parser.parse().map_err(explain)?;
        work += composer.open.len();
        if composer.open.len() > MAX_DEPTH || work > MAX_WORK + length {
            return Err(failure(&format!("exceeded max depth of {MAX_DEPTH}")));
        }
        if matches!(event.data, EventData::StreamEnd | EventData::DocumentEnd { .. }) {
            return Ok(composer.nodes);
        }
        composer.add(event)?;
    }
}

/// The message go-yaml makes of a libyaml error.
fn explain(error: Error) -> ParseError {
    let line = |mark: libyaml_safer::Mark| usize::try_from(mark.line).unwrap_or_default();
    let problem = error.problem_mark().map_or(0, line);
    let line = match problem {
        0 => error.context_mark().map_or(0, line),
        // The scanner stops before it counts the line it stands on.
        problem if error.kind() == ErrorKind::Scanner => problem + 1,
        problem => problem,
    };
    let problem = match error.problem() {
        "invalid UTF-8" => "invalid leading UTF-8 octet",
        problem => problem,
    };
    if line == 0 { failure(problem) } else { failure(&format!("line {line}: {problem}")) }
}

struct Composer {
    nodes: Nodes,
    open: Vec<NodeId>,
    anchors: HashMap<String, NodeId>,
}

impl Composer {
    fn add(&mut self, event: Event) -> Result<(), ParseError> {
        let line = usize::try_from(event.start_mark.line).unwrap_or_default();
        match event.data {
            EventData::Scalar { anchor, tag, value, plain_implicit, .. } => {
                let tag = tag.unwrap_or_default();
                self.node(line, anchor, Content::Scalar { value, tag, implicit: plain_implicit });
            }
            EventData::SequenceStart { anchor, .. } => {
                let id = self.node(line, anchor, Content::Sequence(Vec::new()));
                self.open.push(id);
            }
            EventData::MappingStart { anchor, .. } => {
                let id = self.node(line, anchor, Content::Mapping(Vec::new()));
                self.open.push(id);
            }
            EventData::SequenceEnd | EventData::MappingEnd => {
                self.open.pop();
            }
            EventData::Alias { anchor } => {
                let Some(&target) = self.anchors.get(&anchor) else {
                    return Err(failure(&format!("unknown anchor '{anchor}' referenced")));
                };
                self.node(line, None, Content::Alias(target, anchor));
            }
            _ => {}
        }
        Ok(())
    }

    fn node(&mut self, line: usize, anchor: Option<String>, content: Content) -> NodeId {
        let id = self.nodes.len();
        self.nodes.push(Node { line, content });
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, id);
        }
        if let Some(&parent) = self.open.last()
            && let Content::Sequence(children) | Content::Mapping(children) = &mut self.nodes[parent].content
        {
            children.push(id);
        }
        id
    }
}
