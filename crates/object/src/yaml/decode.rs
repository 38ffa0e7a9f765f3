//! Nodes to tree: scalars get their meaning, merges and aliases are carried out.

use std::collections::HashSet;

use super::key;
use super::nodes::{Content, NodeId, Nodes, compose, failure};
use super::resolve::{Scalar, plain, short_tag, tagged};
use crate::json::{self, MAX_DEPTH};
use crate::{Map, Notice, Notices, ParseError, Text, Value};

/// Aliases may not blow a document up by more text than this.
const MAX_EXPANSION: usize = 32 << 20;

/// The tree of the first document of a YAML stream; of duplicate keys the last one counts. An empty stream is null.
///
/// # Errors
/// As go-yaml says it, such as `yaml: line 3: did not find expected key`.
pub fn parse(bytes: &[u8]) -> Result<Value, ParseError> {
    parse_with_notices(bytes).map(|(value, _)| value)
}

/// The same, and the duplicate keys.
///
/// # Errors
/// As [`parse`].
pub fn parse_with_notices(bytes: &[u8]) -> Result<(Value, Notices), ParseError> {
    if let Some(value) = plain_json(bytes) {
        return Ok((value, Notices::default()));
    }
    let nodes = compose(bytes)?;
    let mut decoder = Decoder::new(&nodes);
    let value = decoder.document()?;
    Ok((value, decoder.notices))
}

/// The tree of a body that is JSON and means the same in YAML; clients send most of their YAML so. Escapes of
/// UTF-16 halves and control characters are errors in YAML and some characters break lines there, so bodies with
/// anything like them go the long way.
fn plain_json(bytes: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.trim_ascii_start().starts_with('{'))?;
    let special = |c| matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}'..);
    if text.contains("\\u") || bytes.contains(&0x7f) || !text.is_ascii() && text.contains(special) {
        return None;
    }
    let (mut value, duplicates) = json::tree(bytes).ok()?;
    if duplicates {
        return None;
    }
    let mut rest = vec![&mut value];
    while let Some(next) = rest.pop() {
        match next {
            Value::Float(number) => *next = float(*number),
            Value::Array(items) => rest.extend(items),
            Value::Object(map) => rest.extend(map.iter_mut().map(|(_, value)| value)),
            _ => {}
        }
    }
    Some(value)
}

/// A float as it comes back from the JSON that go-yaml's value is turned into: whole numbers are integers.
fn float(number: f64) -> Value {
    if number.fract() == 0.0 && (-(2_f64.powi(63))..2_f64.powi(63)).contains(&number) {
        Value::Int(number as i64)
    } else {
        Value::Float(number)
    }
}

/// A list or mapping whose children are being decoded.
struct Open {
    node: NodeId,
    /// The next child.
    next: usize,
    kind: Kind,
}

enum Kind {
    Sequence(Vec<Value>),
    /// A mapping; it is built on top of [`Decoder::building`].
    Mapping(Option<Key>),
    /// A mapping that is merged into the one that is being built, and those to merge after it, the next one last.
    Merge(Option<Key>, Vec<NodeId>),
}

/// The key whose value is being decoded.
struct Key {
    text: Text,
    printed: String,
    /// The line of its value, from 0.
    line: usize,
}

#[derive(Default)]
struct Building {
    entries: Vec<(Text, Value)>,
    seen: HashSet<String>,
}

struct Decoder<'n> {
    nodes: &'n Nodes,
    open: Vec<Open>,
    /// The mappings of the open frames.
    building: Vec<Building>,
    notices: Notices,
    /// How many frames were open outside of each alias that is being expanded.
    aliases: Vec<usize>,
    /// For each node how many open frames are inside of it.
    active: Vec<usize>,
    decoded: usize,
    aliased: usize,
    expansion: usize,
}

impl<'n> Decoder<'n> {
    fn new(nodes: &'n Nodes) -> Decoder<'n> {
        Decoder {
            nodes,
            open: Vec::new(),
            building: Vec::new(),
            notices: Notices::default(),
            aliases: Vec::new(),
            active: vec![0; nodes.len()],
            decoded: 0,
            aliased: 0,
            expansion: 0,
        }
    }

    fn document(&mut self) -> Result<Value, ParseError> {
        if self.nodes.is_empty() {
            return Ok(Value::Null);
        }
        let mut ready = self.begin(0)?;
        loop {
            if let Some(value) = ready.take() {
                self.leave_aliases();
                match self.open.last_mut().map(|frame| &mut frame.kind) {
                    None => return Ok(value),
                    Some(Kind::Sequence(items)) => items.push(value),
                    Some(Kind::Mapping(key) | Kind::Merge(key, _)) => {
                        let key = key.take();
                        self.set(key, value);
                    }
                }
            }
            ready = self.step()?;
        }
    }

    /// Takes the next child of the innermost frame, or closes it.
    fn step(&mut self) -> Result<Option<Value>, ParseError> {
        let Some(frame) = self.open.last_mut() else { return Ok(Some(Value::Null)) };
        let (Content::Sequence(children) | Content::Mapping(children)) = &self.nodes[frame.node].content
        else {
            return Ok(None);
        };
        let rest = children.get(frame.next..).unwrap_or_default();
        if !rest.is_empty() && frame.next == 0 {
            self.active[frame.node] += 1;
        }
        match (rest, &frame.kind) {
            (&[item, ..], Kind::Sequence(_)) => {
                frame.next += 1;
                self.begin(item)
            }
            (&[key, value, ..], _) => {
                frame.next += 2;
                self.entry(key, value)
            }
            _ => self.close(),
        }
    }

    /// Closes the innermost frame; a merge leaves no value.
    fn close(&mut self) -> Result<Option<Value>, ParseError> {
        let Some(frame) = self.open.pop() else { return Ok(None) };
        if frame.next > 0 {
            self.active[frame.node] -= 1;
        }
        match frame.kind {
            Kind::Sequence(items) => Ok(Some(Value::Array(items))),
            Kind::Mapping(_) => {
                let building = self.building.pop().unwrap_or_default();
                Ok(Some(Value::Object(Map::from_entries(building.entries))))
            }
            Kind::Merge(_, sources) => {
                self.leave_aliases();
                self.merge_next(sources)?;
                Ok(None)
            }
        }
    }

    /// Reads a key and begins its value.
    fn entry(&mut self, key: NodeId, value: NodeId) -> Result<Option<Value>, ParseError> {
        if self.is_merge(key) {
            self.merge(value)?;
            return Ok(None);
        }
        self.count()?;
        let Some((scalar, written)) = self.meaning(key)? else {
            let meaning = |id| self.meaning(id).ok().flatten();
            let printed = key::printed_node(self.nodes, key, meaning);
            return Err(failure(&format!("invalid map key: {printed}")));
        };
        let read = Key {
            text: key::text(&scalar, &written)?,
            printed: key::printed(&scalar, &written),
            line: self.nodes[value].line,
        };
        if let Some(Kind::Mapping(key) | Kind::Merge(key, _)) =
            self.open.last_mut().map(|frame| &mut frame.kind)
        {
            *key = Some(read);
        }
        self.begin(value)
    }

    /// Puts a value into the mapping that is being built.
    fn set(&mut self, key: Option<Key>, value: Value) {
        let (Some(key), Some(building)) = (key, self.building.last_mut()) else { return };
        if !building.seen.insert(key.printed.clone()) {
            self.notices.push(Notice::DuplicateKey { line: key.line + 1, key: key.printed });
        }
        building.entries.push((key.text, value));
    }

    fn is_merge(&self, key: NodeId) -> bool {
        match &self.nodes[key].content {
            Content::Scalar { value, tag, implicit } => {
                value == "<<" && (*implicit || short_tag(tag) == "!!merge")
            }
            _ => false,
        }
    }

    /// Opens the mappings that `<<` names. Of a list the first one has the last word, so it is decoded last.
    fn merge(&mut self, value: NodeId) -> Result<(), ParseError> {
        let sources = match &self.nodes[value].content {
            Content::Sequence(items) => items.clone(),
            _ => vec![value],
        };
        let all_mappings = sources
            .iter()
            .all(|&source| matches!(self.nodes[self.target(source)].content, Content::Mapping(_)));
        if !all_mappings {
            return Err(failure("map merge requires map or sequence of maps as the value"));
        }
        self.merge_next(sources)
    }

    /// Opens the last of the mappings to merge.
    fn merge_next(&mut self, mut sources: Vec<NodeId>) -> Result<(), ParseError> {
        let Some(source) = sources.pop() else { return Ok(()) };
        self.count()?;
        if let Content::Alias(..) = self.nodes[source].content {
            self.enter_alias(source)?;
        }
        self.push(self.target(source), Kind::Merge(None, sources))
    }

    /// The node itself, or what it is an alias of.
    fn target(&self, id: NodeId) -> NodeId {
        match self.nodes[id].content {
            Content::Alias(target, _) => target,
            _ => id,
        }
    }

    /// Begins a node: a scalar is ready at once.
    fn begin(&mut self, id: NodeId) -> Result<Option<Value>, ParseError> {
        self.count()?;
        let id = match self.nodes[id].content {
            Content::Alias(target, _) => {
                self.enter_alias(id)?;
                self.count()?;
                target
            }
            _ => id,
        };
        match &self.nodes[id].content {
            Content::Sequence(_) => self.push(id, Kind::Sequence(Vec::new()))?,
            Content::Mapping(_) => {
                self.building.push(Building::default());
                self.push(id, Kind::Mapping(None))?;
            }
            _ => return self.scalar(id).map(Some),
        }
        Ok(None)
    }

    fn push(&mut self, node: NodeId, kind: Kind) -> Result<(), ParseError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(ParseError::new("exceeded max depth", 0));
        }
        self.open.push(Open { node, next: 0, kind });
        Ok(())
    }

    fn enter_alias(&mut self, alias: NodeId) -> Result<(), ParseError> {
        let Content::Alias(target, name) = &self.nodes[alias].content else { return Ok(()) };
        if self.active[*target] > 0 {
            return Err(failure(&format!("anchor '{name}' value contains itself")));
        }
        self.aliases.push(self.open.len());
        Ok(())
    }

    /// Forgets the aliases whose values are complete.
    fn leave_aliases(&mut self) {
        let open = self.open.len();
        while self.aliases.last().is_some_and(|outside| *outside >= open) {
            self.aliases.pop();
        }
    }

    /// Counts a decoded node. Too many that come from aliases are a bomb; the thresholds are go-yaml's.
    fn count(&mut self) -> Result<(), ParseError> {
        self.decoded += 1;
        self.aliased += usize::from(!self.aliases.is_empty());
        if self.aliased <= 100 || self.decoded <= 1000 {
            return Ok(());
        }
        let allowed = match self.decoded {
            ..=400_000 => 0.99,
            4_000_000.. => 0.10,
            count => 0.99 - 0.89 * ((count - 400_000) as f64 / 3_600_000.0),
        };
        if self.aliased as f64 / self.decoded as f64 > allowed { Err(bomb()) } else { Ok(()) }
    }

    fn scalar(&mut self, id: NodeId) -> Result<Value, ParseError> {
        let (scalar, written) = self.meaning(id)?.unwrap_or((Scalar::Null, String::new()));
        if !self.aliases.is_empty() {
            self.expansion += written.len();
            if self.expansion > MAX_EXPANSION {
                return Err(bomb());
            }
        }
        Ok(match scalar {
            Scalar::Null => Value::Null,
            Scalar::Bool(value) => Value::Bool(value),
            Scalar::Int(number) => Value::Int(number),
            Scalar::Unsigned(number) => Value::Float(number as f64),
            Scalar::Float(number) if number.is_finite() => float(number),
            Scalar::Float(number) => {
                let name = if number.is_nan() {
                    "NaN"
                } else if number > 0.0 {
                    "+Inf"
                } else {
                    "-Inf"
                };
                return Err(ParseError::new(format!("json: unsupported value: {name}"), 0));
            }
            Scalar::Text | Scalar::Time | Scalar::Merge => Value::String(written.into()),
        })
    }

    /// What a scalar (or an alias of one) means, and its text; nothing for lists and mappings.
    fn meaning(&self, id: NodeId) -> Result<Option<(Scalar, String)>, ParseError> {
        let Content::Scalar { value, tag, implicit } = &self.nodes[self.target(id)].content else {
            return Ok(None);
        };
        if tag.is_empty() {
            return Ok(Some((if *implicit { plain(value) } else { Scalar::Text }, value.clone())));
        }
        if short_tag(tag) == "!!binary" {
            let Some(bytes) = decode_base64(value) else {
                return Err(failure("!!binary value contains invalid base64 data"));
            };
            return Ok(Some((Scalar::Text, json::replace_invalid(&bytes))));
        }
        Ok(Some((tagged(tag, value)?, value.clone())))
    }
}

fn bomb() -> ParseError {
    failure("document contains excessive aliasing")
}

/// Standard base64 with padding; line breaks are skipped.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bytes: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    if !bytes.len().is_multiple_of(4) {
        return None;
    }
    let padding = bytes.iter().rev().take_while(|byte| **byte == b'=').count();
    let digits = &bytes[..bytes.len() - padding];
    let mut out = Vec::with_capacity(digits.len() * 3 / 4);
    for chunk in digits.chunks(4) {
        let mut bits = 0_u32;
        for byte in chunk {
            let digit = ALPHABET.iter().position(|letter| letter == byte)?;
            bits = bits << 6 | u32::try_from(digit).ok()?;
        }
        let [_, octets @ ..] = (bits << (6 * (4 - chunk.len()))).to_be_bytes();
        out.extend_from_slice(&octets[..chunk.len() - 1]);
    }
    (padding <= 2).then_some(out)
}
