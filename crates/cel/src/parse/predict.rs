//! Chooses among alternatives that begin alike, by following all of them at once over the tokens to come.

use std::collections::HashMap;

use super::grammar::{Edge, StateId, StateKind, Token};
use super::recognizer::Recognizer;

/// Where a followed alternative returns to.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Stack {
    /// Into the first so many rules that are being recognized.
    Outer(u32),
    /// Anywhere that calls the rule.
    Anywhere,
    /// An entry of [`Walk::calls`].
    Call(u32),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Thread {
    state: StateId,
    choice: u8,
    precedence: u8,
    stack: Stack,
    /// It went past the end of the rule that has to choose.
    finished: bool,
}

struct Walk<'r, 's> {
    recognizer: &'r Recognizer<'s>,
    /// (where to go on, with which precedence, and the rest).
    calls: Vec<(StateId, u8, Stack)>,
    known: HashMap<(StateId, u8, Stack), u32>,
}

/// The choice to take in `state`, or the index of the token where none is left.
///
/// The first pass does not ask who called the rule; only when that leaves a conflict does the second one.
pub(super) fn predict(recognizer: &Recognizer<'_>, state: StateId) -> Result<usize, usize> {
    let mut walk = Walk { recognizer, calls: Vec::new(), known: HashMap::new() };
    match walk.run(state, false)? {
        Some(choice) => Ok(choice),
        None => walk.run(state, true).map(|choice| choice.unwrap_or(0)),
    }
}

impl Walk<'_, '_> {
    /// The choice; nothing for a conflict that asking the callers may settle.
    fn run(&mut self, state: StateId, with_callers: bool) -> Result<Option<usize>, usize> {
        let recognizer = self.recognizer;
        let stack = if with_callers { Stack::Outer(recognizer.frames.len() as u32) } else { Stack::Anywhere };
        let precedence = recognizer.frames.last().map_or(0, |frame| frame.precedence);
        let mut threads = Vec::new();
        for (choice, (_, target)) in recognizer.network.states[state as usize].next.iter().enumerate() {
            let thread = Thread { state: *target, choice: choice as u8, precedence, stack, finished: false };
            self.close(vec![thread], &mut threads);
        }
        let mut index = recognizer.index;
        loop {
            let token = recognizer.kind_at(index);
            let mut reached = Vec::new();
            for thread in &threads {
                for (edge, target) in &recognizer.network.states[thread.state as usize].next {
                    if matches!(edge, Edge::Match(set, _) if set.contains(token)) {
                        reached.push(Thread { state: *target, ..*thread });
                    }
                }
            }
            if reached.is_empty() {
                let done = threads.iter().filter(|thread| thread.finished).map(|thread| thread.choice).min();
                return done.map(|choice| Some(choice as usize)).ok_or(index);
            }
            threads.clear();
            self.close(reached, &mut threads);
            if let Some(settled) = settle(&threads, with_callers, token == Token::End) {
                return Ok(settled);
            }
            index += 1;
        }
    }

    /// Follows what needs no token; keeps the threads that wait for one.
    fn close(&mut self, mut open: Vec<Thread>, out: &mut Vec<Thread>) {
        let network = self.recognizer.network;
        let mut seen: std::collections::HashSet<Thread> = std::collections::HashSet::new();
        while let Some(thread) = open.pop() {
            if !seen.insert(thread) {
                continue;
            }
            let state = &network.states[thread.state as usize];
            if state.kind == StateKind::RuleStop {
                self.pop(thread, &mut open, out);
                continue;
            }
            for (edge, target) in &state.next {
                match edge {
                    Edge::Match(..) => {
                        if !out.contains(&thread) {
                            out.push(thread);
                        }
                    }
                    Edge::Call(rule, precedence, _) => {
                        let stack = self.push(*target, thread.precedence, thread.stack);
                        let state = network.starts[*rule as usize];
                        open.push(Thread { state, precedence: *precedence, stack, ..thread });
                    }
                    Edge::Precedence(level) if *level < thread.precedence => {}
                    _ => open.push(Thread { state: *target, ..thread }),
                }
            }
        }
    }

    fn push(&mut self, follow: StateId, precedence: u8, rest: Stack) -> Stack {
        let call = (follow, precedence, rest);
        let calls = &mut self.calls;
        Stack::Call(*self.known.entry(call).or_insert_with(|| {
            calls.push(call);
            (calls.len() - 1) as u32
        }))
    }

    fn pop(&mut self, thread: Thread, open: &mut Vec<Thread>, out: &mut Vec<Thread>) {
        let frames = &self.recognizer.frames;
        match thread.stack {
            Stack::Call(call) => {
                let (state, precedence, stack) = self.calls[call as usize];
                open.push(Thread { state, precedence, stack, ..thread });
            }
            Stack::Outer(depth) if depth > 1 => {
                let frame = &frames[depth as usize - 1];
                let precedence = frames[depth as usize - 2].precedence;
                let stack = Stack::Outer(depth - 1);
                open.push(Thread { state: frame.follow, precedence, stack, ..thread });
            }
            Stack::Outer(_) => out.push(Thread { finished: true, ..thread }),
            Stack::Anywhere => {
                let rule = self.recognizer.network.states[thread.state as usize].rule;
                for state in &self.recognizer.network.returns[rule as usize] {
                    open.push(Thread { state: *state, precedence: 0, finished: true, ..thread });
                }
                if self.recognizer.network.returns[rule as usize].is_empty() {
                    out.push(Thread { finished: true, ..thread });
                }
            }
        }
    }
}

/// Whether the threads leave one choice; `Some(None)` for a conflict that needs the callers.
fn settle(threads: &[Thread], with_callers: bool, at_end: bool) -> Option<Option<usize>> {
    let least = threads.iter().map(|thread| thread.choice).min()?;
    if threads.iter().all(|thread| thread.choice == least) {
        return Some(Some(least as usize));
    }
    let mut places: HashMap<(StateId, Stack), (u8, bool)> = HashMap::new();
    let mut states: HashMap<StateId, (u8, bool)> = HashMap::new();
    for thread in threads {
        let several = |entry: &mut (u8, bool)| {
            entry.1 |= entry.0 != thread.choice;
            entry.0 = entry.0.min(thread.choice);
        };
        several(places.entry((thread.state, thread.stack)).or_insert((thread.choice, false)));
        several(states.entry(thread.state).or_insert((thread.choice, false)));
    }
    if with_callers {
        let mut viable = places.values().map(|place| place.0);
        let first = viable.next()?;
        if viable.all(|choice| choice == first) {
            return Some(Some(first as usize));
        }
    } else if places.values().any(|place| place.1) && states.values().all(|state| state.1) {
        return Some(None);
    }
    at_end.then_some(Some(least as usize))
}
