//! A document's values back to bytes, as Go's encoder writes them: members sorted where they were looked at, white
//! space gone, and what could end a script in HTML escaped.

use std::collections::btree_map;
use std::slice;

use object::{Text, json};

use super::{Document, Node, Slot};

/// A list or object that is being written.
enum Open<'d> {
    Array(slice::Iter<'d, Slot>),
    Object(btree_map::Iter<'d, Text, Slot>),
}

impl Document {
    /// Appends the JSON of a value.
    pub fn write(&self, slot: Slot, out: &mut Vec<u8>) {
        let mut open = Vec::new();
        self.begin(slot, out, &mut open);
        while let Some(innermost) = open.last_mut() {
            let (child, closing) = match innermost {
                Open::Array(elements) => (elements.next(), b']'),
                Open::Object(members) => match members.next() {
                    Some((key, child)) => {
                        separate(out);
                        json::write_string(out, key);
                        out.push(b':');
                        (Some(child), b'}')
                    }
                    None => (None, b'}'),
                },
            };
            match child {
                Some(child) => {
                    if closing == b']' {
                        separate(out);
                    }
                    self.begin(*child, out, &mut open);
                }
                None => {
                    out.push(closing);
                    open.pop();
                }
            }
        }
    }

    /// Writes what is in one piece, or the opening bracket of what it puts on `open`.
    fn begin<'d>(&'d self, slot: Slot, out: &mut Vec<u8>, open: &mut Vec<Open<'d>>) {
        match slot.map(|id| &self.nodes[id.0]) {
            None => out.extend_from_slice(b"null"),
            Some(Node::Raw(range)) => compact(&self.text[range.clone()], out),
            Some(Node::Array(elements)) => {
                out.push(b'[');
                open.push(Open::Array(elements.iter()));
            }
            Some(Node::Object(members)) => {
                out.push(b'{');
                open.push(Open::Object(members.iter()));
            }
        }
    }
}

/// Writes a comma unless an opening bracket stands before (a text ends with its quote).
fn separate(out: &mut Vec<u8>) {
    if !matches!(out.last(), Some(b'{' | b'[')) {
        out.push(b',');
    }
}

/// Appends JSON without white space, and with Go's escapes.
fn compact(json: &[u8], out: &mut Vec<u8>) {
    let mut in_text = false;
    let mut rest = json;
    while let Some(plain) = rest.iter().position(|byte| special(*byte)) {
        out.extend_from_slice(&rest[..plain]);
        let (width, escape): (usize, &[u8]) = match &rest[plain..] {
            [b' ' | b'\n' | b'\t' | b'\r', ..] if !in_text => (1, b""),
            [b'\\', _, ..] => (2, &rest[plain..plain + 2]),
            [b'<', ..] => (1, b"\\u003c"),
            [b'>', ..] => (1, b"\\u003e"),
            [b'&', ..] => (1, b"\\u0026"),
            [0xe2, 0x80, 0xa8, ..] => (3, b"\\u2028"),
            [0xe2, 0x80, 0xa9, ..] => (3, b"\\u2029"),
            other => {
                in_text ^= other.first() == Some(&b'"');
                (1, &rest[plain..=plain])
            }
        };
        out.extend_from_slice(escape);
        rest = &rest[plain + width..];
    }
    out.extend_from_slice(rest);
}

/// Whether a byte may have to be left out or escaped.
fn special(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | b'"' | b'\\' | b'<' | b'>' | b'&' | 0xe2)
}
