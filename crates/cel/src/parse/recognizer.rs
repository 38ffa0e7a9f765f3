//! Walks the grammar's network over tokens: makes a syntax tree, or says what is wrong and goes on.
//!
//! Recovery follows the default strategy of LL(*) parsers (delete one token, insert one, else skip to what can
//! follow), so that the second and third error of an expression read as clients know them.
//! The walk keeps its own stack: depth of input never becomes depth of calls.

use std::fmt::Write;

use super::grammar::{
    Alternative, Edge, Label, NETWORK, Network, RULES, Rule, StateId, StateKind, Token, TokenSet,
};
use super::lexer;
use super::predict;
use crate::source::{Issues, Offset};

/// A rule may stand within itself this many times.
pub(super) const MAX_DEPTH: u16 = 250;
/// After this many syntax errors the rest is not looked at.
pub(super) const MAX_ERRORS: usize = 100;
/// After this many recoveries the rest is not looked at.
const MAX_RECOVERIES: usize = 30;
/// One recovery skips at most this many tokens.
const MAX_SKIPPED: usize = 512;

/// A node's place in the tree.
pub(super) type NodeId = u32;

/// A part of a node.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    /// A token, by its index.
    Token(u32),
    Node(NodeId),
}

/// A node of the syntax tree.
#[derive(Debug)]
pub(super) struct Node {
    pub rule: Rule,
    pub alternative: Alternative,
    /// The index of its first token.
    pub first: u32,
    pub parts: Vec<(Label, Part)>,
}

/// The tree; the first node is the root.
pub(super) struct Tree {
    pub tokens: Vec<lexer::Token>,
    pub nodes: Vec<Node>,
}

/// A rule being recognized.
pub(super) struct Frame {
    pub rule: Rule,
    pub precedence: u8,
    /// Where to go on in the calling rule.
    pub follow: StateId,
    label: Label,
    node: NodeId,
    /// Nodes that the rule has made of itself by left recursion.
    recursions: u16,
}

/// Why recognition of a rule stopped.
enum Failure {
    Mismatch,
    /// No alternative fits from one token up to another.
    NoViable(usize, usize),
    /// Nothing more can be said.
    Stop,
}

pub(super) struct Recognizer<'a> {
    source: &'a str,
    pub network: &'static Network,
    pub tokens: lexer::Tokens,
    pub index: usize,
    pub frames: Vec<Frame>,
    nodes: Vec<Node>,
    state: StateId,
    issues: &'a mut Issues,
    errors: usize,
    depth: [u16; RULES],
    recovering: bool,
    recoveries: usize,
    last_error: Option<usize>,
    last_error_states: Vec<StateId>,
}

/// Recognizes `source`; nothing when a limit was passed.
pub(super) fn recognize(source: &str, issues: &mut Issues) -> Option<Tree> {
    let tokens = lexer::tokens(source, issues, MAX_ERRORS).ok()?;
    let errors = issues.list().len();
    let mut recognizer = Recognizer {
        source,
        network: &NETWORK,
        tokens,
        index: 0,
        frames: Vec::new(),
        nodes: Vec::new(),
        state: 0,
        issues,
        errors,
        depth: [0; RULES],
        recovering: false,
        recoveries: 0,
        last_error: None,
        last_error_states: Vec::new(),
    };
    recognizer.run().ok()?;
    Some(Tree { tokens: recognizer.tokens.list, nodes: recognizer.nodes })
}

impl Recognizer<'_> {
    fn run(&mut self) -> Result<(), ()> {
        self.enter(Rule::Start, 0, 0, Label::Nothing).map_err(drop)?;
        while !self.frames.is_empty() {
            if self.network.states[self.state as usize].kind == StateKind::RuleStop {
                self.leave();
            } else if let Err(failure) = self.step() {
                self.fail(failure)?;
            }
        }
        Ok(())
    }

    fn enter(&mut self, rule: Rule, precedence: u8, follow: StateId, label: Label) -> Result<(), Failure> {
        let node = self.node(rule, self.index as u32);
        if let Some(frame) = self.frames.last() {
            self.nodes[frame.node as usize].parts.push((label, Part::Node(node)));
        }
        self.frames.push(Frame { rule, precedence, follow, label, node, recursions: 0 });
        self.state = self.network.starts[rule as usize];
        self.deeper(rule)
    }

    fn node(&mut self, rule: Rule, first: u32) -> NodeId {
        self.nodes.push(Node { rule, alternative: Alternative::Plain, first, parts: Vec::new() });
        (self.nodes.len() - 1) as NodeId
    }

    fn deeper(&mut self, rule: Rule) -> Result<(), Failure> {
        let depth = &mut self.depth[rule as usize];
        *depth += 1;
        if *depth > MAX_DEPTH {
            self.issues
                .report(crate::source::NOWHERE, format!("expression recursion limit exceeded: {MAX_DEPTH}"));
            return Err(Failure::Stop);
        }
        Ok(())
    }

    fn leave(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        let depth = &mut self.depth[frame.rule as usize];
        *depth = depth.saturating_sub(frame.recursions + 1);
        self.state = frame.follow;
    }

    /// Makes what was recognized so far the operand of a new node in its place.
    fn recurse(&mut self, alternative: Alternative) -> Result<(), Failure> {
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        let (rule, old, label) = (frame.rule, frame.node, frame.label);
        frame.recursions = frame.recursions.saturating_add(1);
        let node = self.node(rule, self.nodes[old as usize].first);
        self.nodes[node as usize].alternative = alternative;
        self.nodes[node as usize].parts.push((Label::Operand, Part::Node(old)));
        let count = self.frames.len();
        self.frames[count - 1].node = node;
        if count > 1 {
            let parent = self.frames[count - 2].node;
            if let Some(last) = self.nodes[parent as usize].parts.last_mut() {
                *last = (label, Part::Node(node));
            }
        }
        self.deeper(rule)
    }

    pub fn kind_at(&self, index: usize) -> Token {
        self.tokens.list.get(index).map_or(Token::End, |token| token.kind)
    }

    fn current(&self) -> Token {
        self.kind_at(self.index)
    }

    fn consume(&mut self, label: Label) {
        if let Some(frame) = self.frames.last() {
            self.nodes[frame.node as usize].parts.push((label, Part::Token(self.index as u32)));
        }
        if self.index + 1 < self.tokens.list.len() {
            self.index += 1;
        }
    }

    /// Takes one transition, choosing it where there are several.
    fn step(&mut self) -> Result<(), Failure> {
        let network = self.network;
        let state = &network.states[self.state as usize];
        let choice = match state.kind {
            StateKind::StarLoopBack => {
                self.sync()?;
                self.state = state.next[0].1;
                return self.choose_and_go();
            }
            StateKind::Basic | StateKind::RuleStop => 0,
            StateKind::PlusBlockStart => {
                self.sync()?;
                0
            }
            _ => {
                self.sync()?;
                return self.choose_and_go();
            }
        };
        self.go(choice)
    }

    fn choose_and_go(&mut self) -> Result<(), Failure> {
        let choice = self.predict()?;
        let state = &self.network.states[self.state as usize];
        if state.kind == StateKind::RecursionEntry && choice == 0 {
            let depth = &mut self.depth[state.rule as usize];
            *depth = depth.saturating_sub(1);
        }
        self.go(choice)
    }

    fn go(&mut self, choice: usize) -> Result<(), Failure> {
        let network = self.network;
        let (edge, target) = network.states[self.state as usize].next[choice];
        match edge {
            Edge::Match(set, label) => self.expect(set, label)?,
            Edge::Call(rule, precedence, label) => return self.enter(rule, precedence, target, label),
            Edge::Recurse(alternative) => self.recurse(alternative)?,
            Edge::Choose(alternative) => {
                if let Some(frame) = self.frames.last() {
                    self.nodes[frame.node as usize].alternative = alternative;
                }
            }
            Edge::Epsilon | Edge::Precedence(_) => {}
        }
        self.state = target;
        Ok(())
    }

    fn predict(&mut self) -> Result<usize, Failure> {
        let state = &self.network.states[self.state as usize];
        let next = self.current();
        let mut fitting = (0..state.choices.len()).filter(|choice| state.choices[*choice].contains(next));
        match (fitting.next(), fitting.next()) {
            (Some(only), None) => Ok(only),
            (None, _) => state
                .choices
                .iter()
                .position(|look| look.ends_rule())
                .ok_or(Failure::NoViable(self.index, self.index)),
            _ => predict::predict(self, self.state).map_err(|at| Failure::NoViable(self.index, at)),
        }
    }

    fn expect(&mut self, set: TokenSet, label: Label) -> Result<(), Failure> {
        if set.contains(self.current()) {
            self.matched();
            self.consume(label);
            return Ok(());
        }
        self.count_recovery()?;
        if self.delete_one()? {
            self.consume(label);
            return Ok(());
        }
        let after = self.network.states[self.state as usize].next[0].1;
        if self.expected_from(after).contains(self.current()) {
            if !self.recovering {
                let text = format!("missing {} at {}", self.expected(), self.display(self.index));
                self.begin_error(self.index, text)?;
            }
            return Ok(());
        }
        Err(Failure::Mismatch)
    }

    fn matched(&mut self) {
        self.recovering = false;
        self.last_error = None;
        self.last_error_states.clear();
    }

    /// Drops the current token if the one after it is expected.
    fn delete_one(&mut self) -> Result<bool, Failure> {
        if !self.expected().contains(self.kind_at(self.index + 1)) {
            return Ok(false);
        }
        self.report_unwanted()?;
        self.consume(Label::Nothing);
        self.matched();
        Ok(true)
    }

    fn report_unwanted(&mut self) -> Result<(), Failure> {
        if self.recovering {
            return Ok(());
        }
        let text = format!("extraneous input {} expecting {}", self.display(self.index), self.expected());
        self.begin_error(self.index, text)
    }

    /// Before a decision: makes sure the current token can begin something here.
    fn sync(&mut self) -> Result<(), Failure> {
        if self.recovering {
            return Ok(());
        }
        let state = &self.network.states[self.state as usize];
        if state.look.ends_rule() || state.look.contains(self.current()) {
            return Ok(());
        }
        match state.kind {
            StateKind::StarLoopBack | StateKind::PlusLoopBack => {
                self.report_unwanted()?;
                let set = self.expected().union(self.recovery_set());
                self.skip_to(set)
            }
            _ if self.delete_one()? => Ok(()),
            _ => Err(Failure::Mismatch),
        }
    }

    /// What may come next, through the ends of the rules being recognized.
    fn expected(&self) -> TokenSet {
        self.expected_from(self.state)
    }

    fn expected_from(&self, state: StateId) -> TokenSet {
        let mut look = self.network.states[state as usize].look;
        let mut set = look.without_end_of_rule();
        for frame in self.frames.iter().skip(1).rev() {
            if !look.ends_rule() {
                return set;
            }
            look = self.network.states[frame.follow as usize].look;
            set = set.union(look.without_end_of_rule());
        }
        if look.ends_rule() { set.union(TokenSet::of(&[Token::End])) } else { set }
    }

    /// What can follow any of the rules being recognized.
    fn recovery_set(&self) -> TokenSet {
        self.frames.iter().skip(1).fold(TokenSet::default(), |set, frame| {
            set.union(self.network.states[frame.follow as usize].look.without_end_of_rule())
        })
    }

    fn skip_to(&mut self, set: TokenSet) -> Result<(), Failure> {
        let mut skipped = 0;
        while self.current() != Token::End && !set.contains(self.current()) {
            if skipped >= MAX_SKIPPED {
                self.issues.report(
                    crate::source::NOWHERE,
                    format!("error recovery token lookahead limit exceeded: {MAX_SKIPPED}"),
                );
                return Err(Failure::Stop);
            }
            skipped += 1;
            self.consume(Label::Nothing);
        }
        Ok(())
    }

    /// Reports a failure, skips to where a caller can go on, and ends the current rule.
    fn fail(&mut self, failure: Failure) -> Result<(), ()> {
        let recovered = match failure {
            Failure::Stop => return Err(()),
            Failure::Mismatch => {
                let text =
                    format!("mismatched input {} expecting {}", self.display(self.index), self.expected());
                self.report(self.index, text)
            }
            Failure::NoViable(start, offending) => {
                let text = self.no_viable(start, offending);
                self.report(offending, text)
            }
        };
        recovered.and_then(|()| self.recover()).map_err(drop)
    }

    fn no_viable(&self, start: usize, offending: usize) -> String {
        let text = if self.kind_at(start) == Token::End {
            "<EOF>".to_owned()
        } else {
            self.tokens.text(self.source, start, offending)
        };
        // A keyword where a field's name should be has a text of its own.
        if let Some((_, word)) = text.char_indices().nth(1).map(|(at, _)| text.split_at(at))
            && matches!(word, "true" | "false" | "null")
        {
            return format!("mismatched input '{word}' expecting IDENTIFIER");
        }
        format!("no viable alternative at input '{}'", escape_whitespace(&text))
    }

    fn recover(&mut self) -> Result<(), Failure> {
        self.count_recovery()?;
        if self.last_error == Some(self.index) && self.last_error_states.contains(&self.state) {
            // No progress since the last error: skip a token so as not to loop.
            self.consume(Label::Nothing);
        }
        self.last_error = Some(self.index);
        self.last_error_states.push(self.state);
        self.skip_to(self.recovery_set())?;
        if let Some(frame) = self.frames.last() {
            self.state = self.network.stops[frame.rule as usize];
        }
        Ok(())
    }

    fn count_recovery(&mut self) -> Result<(), Failure> {
        if self.recoveries == MAX_RECOVERIES {
            self.syntax_error(
                self.tokens.list[self.index].offset,
                format!("error recovery attempt limit exceeded: {MAX_RECOVERIES}"),
            )?;
            return Err(Failure::Stop);
        }
        self.recoveries += 1;
        Ok(())
    }

    fn report(&mut self, token: usize, text: String) -> Result<(), Failure> {
        if self.recovering { Ok(()) } else { self.begin_error(token, text) }
    }

    fn begin_error(&mut self, token: usize, text: String) -> Result<(), Failure> {
        self.recovering = true;
        let offset = self.tokens.list[token.min(self.tokens.list.len() - 1)].offset;
        self.syntax_error(offset, text)
    }

    fn syntax_error(&mut self, offset: Offset, text: String) -> Result<(), Failure> {
        if self.errors >= MAX_ERRORS {
            self.issues.report(offset, format!("Syntax error: More than {MAX_ERRORS} syntax errors"));
            return Err(Failure::Stop);
        }
        self.errors += 1;
        self.issues.report(offset, format!("Syntax error: {text}"));
        Ok(())
    }

    fn display(&self, index: usize) -> String {
        let token = &self.tokens.list[index];
        let text = match token.kind {
            Token::End => "<EOF>",
            _ => &self.source[token.start as usize..token.end as usize],
        };
        format!("'{}'", escape_whitespace(text))
    }
}

/// `text` with line breaks and tabs spelled out.
pub(super) fn escape_whitespace(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => {
                let _ = out.write_char(c);
            }
        }
    }
    out
}
