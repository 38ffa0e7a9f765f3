//! Tree to bytes in the layout of go-yaml's emitter: two spaces, lists at their parent's level, long texts folded
//! behind column 80.

use std::slice;

use super::order;
use super::scalar::{Style, is_break, printable, style};
use crate::{Value, json};

/// Texts are folded at the first space behind this column.
const WIDTH: usize = 80;

/// Keys longer than this are written as `? key`.
const MAX_SIMPLE_KEY: usize = 128;

/// The YAML of `value`, ending in a line break.
pub fn to_string(value: &Value) -> String {
    let mut emitter = Emitter { out: String::new(), column: 0, whitespace: true, indention: true };
    emitter.document(value);
    emitter.out
}

/// Appends the YAML of `value`.
pub fn write(out: &mut Vec<u8>, value: &Value) {
    out.extend_from_slice(to_string(value).as_bytes());
}

/// What is being written: a list or the sorted members of an object, each at its indentation.
enum Open<'v> {
    Sequence(usize, slice::Iter<'v, Value>),
    Mapping(usize, std::vec::IntoIter<(&'v str, &'v Value)>),
}

/// The place where a node is written.
#[derive(Clone, Copy)]
struct Place {
    /// The indentation of what is around it; nothing at the root.
    indent: Option<usize>,
    /// The value of a mapping.
    mapping: bool,
}

impl Place {
    fn deeper(self) -> usize {
        self.indent.map_or(0, |indent| indent + 2)
    }
}

/// The state of libyaml's emitter: whether white space, and whether nothing but indentation, stands before.
struct Emitter {
    out: String,
    column: usize,
    whitespace: bool,
    indention: bool,
}

impl Emitter {
    fn document<'v>(&mut self, value: &'v Value) {
        let mut open: Vec<Open<'v>> = Vec::new();
        self.node(value, Place { indent: None, mapping: false }, &mut open);
        while let Some(frame) = open.last_mut() {
            match frame {
                Open::Sequence(indent, items) => {
                    let (indent, Some(item)) = (*indent, items.next()) else {
                        open.pop();
                        continue;
                    };
                    self.indent(indent);
                    self.indicator("-", true, false, true);
                    self.node(item, Place { indent: Some(indent), mapping: false }, &mut open);
                }
                Open::Mapping(indent, members) => {
                    let (indent, Some((key, value))) = (*indent, members.next()) else {
                        open.pop();
                        continue;
                    };
                    self.key(key, indent);
                    self.node(value, Place { indent: Some(indent), mapping: true }, &mut open);
                }
            }
        }
        self.indent(0);
    }

    /// Writes a scalar or an empty list or object, or opens one.
    fn node<'v>(&mut self, value: &'v Value, place: Place, open: &mut Vec<Open<'v>>) {
        match value {
            Value::Array(items) if !items.is_empty() => {
                let indentless = place.mapping && !self.indention;
                let indent = if indentless { place.indent.unwrap_or(0) } else { place.deeper() };
                open.push(Open::Sequence(indent, items.iter()));
            }
            Value::Object(map) if !map.is_empty() => {
                let mut members: Vec<(&str, &Value)> = map.iter().collect();
                order::sort(&mut members);
                open.push(Open::Mapping(place.deeper(), members.into_iter()));
            }
            Value::Array(_) => self.token("[]"),
            Value::Object(_) => self.token("{}"),
            Value::Null => self.token("null"),
            Value::Bool(value) => self.token(if *value { "true" } else { "false" }),
            Value::Int(number) => self.token(&number.to_string()),
            Value::Float(number) => self.token(&float(*number)),
            Value::String(text) => {
                let indent = place.indent.map_or(2, |indent| indent + 2);
                self.text(text, style(text, false), indent, true);
            }
        }
    }

    fn key(&mut self, key: &str, indent: usize) {
        self.indent(indent);
        if key.len() <= MAX_SIMPLE_KEY && !key.contains(is_break) {
            let style = if key.is_empty() { Style::Double } else { style(key, true) };
            self.text(key, style, indent, false);
            self.indicator(":", false, false, false);
        } else {
            self.indicator("?", true, false, true);
            self.text(key, style(key, false), indent + 2, true);
            self.indent(indent);
            self.indicator(":", true, false, true);
        }
    }

    fn put(&mut self, c: char) {
        self.out.push(c);
        self.column += 1;
    }

    fn line_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
    }

    /// Goes to column `indent` of a line with nothing else on it, a new one if need be.
    fn indent(&mut self, indent: usize) {
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.line_break();
        }
        while self.column < indent {
            self.put(' ');
        }
        self.whitespace = true;
        self.indention = true;
    }

    fn indicator(&mut self, text: &str, apart: bool, whitespace: bool, indention: bool) {
        if apart && !self.whitespace {
            self.put(' ');
        }
        text.chars().for_each(|c| self.put(c));
        self.whitespace = whitespace;
        self.indention &= indention;
    }

    fn token(&mut self, text: &str) {
        self.indicator(text, true, false, false);
    }

    /// Writes a text, folded to `indent` where it is long and `fold` allows it.
    fn text(&mut self, text: &str, style: Style, indent: usize, fold: bool) {
        match style {
            Style::Plain => {
                if !self.whitespace {
                    self.put(' ');
                }
                self.folded(text, indent, fold, style);
            }
            Style::Single => {
                self.indicator("'", true, false, false);
                self.folded(text, indent, fold, style);
                self.indicator("'", false, false, false);
            }
            Style::Double => self.double(text, indent, fold),
            Style::Literal => self.literal(text, indent),
        }
        self.whitespace = style == Style::Literal;
        self.indention &= style == Style::Literal;
    }

    /// The inside of a plain or single-quoted text.
    fn folded(&mut self, text: &str, indent: usize, fold: bool, style: Style) {
        let (mut spaces, mut breaks) = (false, false);
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map(|next| next.1);
            if c == ' ' {
                let inside = style == Style::Plain || (at > 0 && next.is_some());
                if fold && !spaces && self.column > WIDTH && inside && next != Some(' ') {
                    self.indent(indent);
                } else {
                    self.put(c);
                }
                spaces = true;
                continue;
            }
            if is_break(c) {
                self.out.push(c);
                self.column = 0;
                self.indention = true;
                breaks = true;
                continue;
            }
            if breaks {
                self.indent(indent);
            }
            if c == '\'' && style == Style::Single {
                self.put(c);
            }
            self.put(c);
            self.indention = false;
            (spaces, breaks) = (false, false);
        }
    }

    fn double(&mut self, text: &str, indent: usize, fold: bool) {
        self.indicator("\"", true, false, false);
        let mut spaces = false;
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map(|next| next.1);
            if !printable(c) || is_break(c) || matches!(c, '"' | '\\') {
                escape(c).chars().for_each(|c| self.put(c));
                spaces = false;
            } else if c == ' ' {
                if fold && !spaces && self.column > WIDTH && at > 0 && next.is_some() {
                    self.indent(indent);
                    if next == Some(' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(c);
                }
                spaces = true;
            } else {
                self.put(c);
                spaces = false;
            }
        }
        self.indicator("\"", false, false, false);
    }

    fn literal(&mut self, text: &str, indent: usize) {
        self.indicator("|", true, false, false);
        if text.starts_with(|c: char| c == ' ' || is_break(c)) {
            self.indicator("2", false, false, false);
        }
        let mut last = text.chars().rev().map(is_break);
        match (last.next(), last.next()) {
            (Some(true), Some(false)) => {}
            (Some(true), _) => self.indicator("+", false, false, false),
            _ => self.indicator("-", false, false, false),
        }
        self.line_break();
        self.indention = true;
        self.whitespace = true;
        let mut breaks = true;
        for c in text.chars() {
            if is_break(c) {
                self.out.push(c);
                self.column = 0;
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.indent(indent);
                }
                self.put(c);
                self.indention = false;
                breaks = false;
            }
        }
    }
}

/// A character of a double-quoted text that is not written as it is.
fn escape(c: char) -> String {
    let short = match c {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' | '\\' => c,
        '\u{85}' => 'N',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        c => {
            return match c as u32 {
                code @ 0..=0xff => format!("\\x{code:02X}"),
                code @ 0x100..=0xffff => format!("\\u{code:04X}"),
                code => format!("\\U{code:08X}"),
            };
        }
    };
    format!("\\{short}")
}

/// A float as it is written once it went through JSON: whole numbers that fit 64 bits are integers.
fn float(number: f64) -> String {
    let mut text = Vec::new();
    json::write_f64(&mut text, number);
    let text = String::from_utf8(text).unwrap_or_default();
    match (text.parse::<i64>(), text.parse::<u64>()) {
        (Ok(number), _) => number.to_string(),
        (_, Ok(number)) => number.to_string(),
        _ => json::go_float(number),
    }
}
