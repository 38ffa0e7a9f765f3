//! Unified diffs of texts, as some messages show what changed: the matching blocks that the Ratcliff/Obershelp
//! algorithm finds, with three lines of context around each group of changes.

use std::collections::HashMap;

const CONTEXT: usize = 3;
/// In longer texts, lines that make up more than a hundredth are not what matches are anchored at.
const POPULAR_FROM: usize = 200;

/// The hunks that lead from `old` to `new`; empty if they are the same.
pub(crate) fn unified(old: &[&str], new: &[&str]) -> String {
    let mut out = String::new();
    for group in groups(edits(old, new)) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let olds = range(first.old.0, last.old.1);
        let news = range(first.new.0, last.new.1);
        out.push_str(&format!("@@ -{olds} +{news} @@\n"));
        for edit in &group {
            let olds = &old[edit.old.0..edit.old.1];
            if edit.same {
                lines(&mut out, ' ', olds);
            } else {
                lines(&mut out, '-', olds);
                lines(&mut out, '+', &new[edit.new.0..edit.new.1]);
            }
        }
    }
    out
}

fn lines(out: &mut String, mark: char, lines: &[&str]) {
    for line in lines {
        out.push(mark);
        out.push_str(line);
        out.push('\n');
    }
}

fn range(from: usize, to: usize) -> String {
    match to - from {
        1 => (from + 1).to_string(),
        0 => format!("{from},0"),
        length => format!("{},{length}", from + 1),
    }
}

/// A stretch of the old text and what stands for it in the new one.
#[derive(Clone, Copy, Debug)]
struct Edit {
    old: (usize, usize),
    new: (usize, usize),
    same: bool,
}

fn edits(old: &[&str], new: &[&str]) -> Vec<Edit> {
    let mut edits = Vec::new();
    let (mut at_old, mut at_new) = (0, 0);
    for (from_old, from_new, length) in blocks(old, new) {
        if at_old < from_old || at_new < from_new {
            edits.push(Edit { old: (at_old, from_old), new: (at_new, from_new), same: false });
        }
        (at_old, at_new) = (from_old + length, from_new + length);
        if length > 0 {
            edits.push(Edit { old: (from_old, at_old), new: (from_new, at_new), same: true });
        }
    }
    edits
}

/// Splits the edits where more than twice the context stays the same, and cuts what is farther from a change.
fn groups(mut edits: Vec<Edit>) -> Vec<Vec<Edit>> {
    if let Some(first) = edits.first_mut().filter(|edit| edit.same) {
        first.old.0 = first.old.0.max(first.old.1.saturating_sub(CONTEXT));
        first.new.0 = first.new.0.max(first.new.1.saturating_sub(CONTEXT));
    }
    if let Some(last) = edits.last_mut().filter(|edit| edit.same) {
        last.old.1 = last.old.1.min(last.old.0 + CONTEXT);
        last.new.1 = last.new.1.min(last.new.0 + CONTEXT);
    }
    let mut groups = Vec::new();
    let mut group = Vec::new();
    for mut edit in edits {
        if edit.same && edit.old.1 - edit.old.0 > 2 * CONTEXT {
            let mut head = edit;
            head.old.1 = head.old.0 + CONTEXT;
            head.new.1 = head.new.0 + CONTEXT;
            group.push(head);
            groups.push(std::mem::take(&mut group));
            edit.old.0 = edit.old.1 - CONTEXT;
            edit.new.0 = edit.new.1 - CONTEXT;
        }
        group.push(edit);
    }
    groups.push(group);
    groups.retain(|group| group.iter().any(|edit| !edit.same));
    groups
}

/// The blocks that both texts share, in order, and an empty one at the end.
fn blocks(old: &[&str], new: &[&str]) -> Vec<(usize, usize, usize)> {
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, line) in new.iter().enumerate() {
        places.entry(line).or_default().push(index);
    }
    if new.len() >= POPULAR_FROM {
        places.retain(|_, places| places.len() <= new.len() / 100 + 1);
    }
    let mut found = Vec::new();
    let mut open = vec![((0, old.len()), (0, new.len()))];
    while let Some((olds, news)) = open.pop() {
        let (from_old, from_new, length) = longest(old, new, &places, olds, news);
        if length == 0 {
            continue;
        }
        found.push((from_old, from_new, length));
        open.push(((olds.0, from_old), (news.0, from_new)));
        open.push(((from_old + length, olds.1), (from_new + length, news.1)));
    }
    found.sort_unstable();
    let mut joined: Vec<(usize, usize, usize)> = Vec::new();
    for (from_old, from_new, length) in found {
        match joined.last_mut() {
            Some(last) if last.0 + last.2 == from_old && last.1 + last.2 == from_new => last.2 += length,
            _ => joined.push((from_old, from_new, length)),
        }
    }
    joined.push((old.len(), new.len(), 0));
    joined
}

/// The longest block that both stretches share, the earliest of the longest.
fn longest(
    old: &[&str],
    new: &[&str],
    places: &HashMap<&str, Vec<usize>>,
    olds: (usize, usize),
    news: (usize, usize),
) -> (usize, usize, usize) {
    let mut best = (olds.0, news.0, 0);
    let mut ends: HashMap<usize, usize> = HashMap::new();
    for (index, line) in old.iter().enumerate().take(olds.1).skip(olds.0) {
        let mut next = HashMap::new();
        for &place in places.get(line).map_or(&[][..], Vec::as_slice) {
            if place < news.0 {
                continue;
            }
            if place >= news.1 {
                break;
            }
            let before = place.checked_sub(1).and_then(|before| ends.get(&before)).copied().unwrap_or(0);
            let length = before + 1;
            next.insert(place, length);
            if length > best.2 {
                best = (index + 1 - length, place + 1 - length, length);
            }
        }
        ends = next;
    }
    let (mut from_old, mut from_new, mut length) = best;
    while from_old > olds.0 && from_new > news.0 && old[from_old - 1] == new[from_new - 1] {
        (from_old, from_new, length) = (from_old - 1, from_new - 1, length + 1);
    }
    while from_old + length < olds.1
        && from_new + length < news.1
        && old[from_old + length] == new[from_new + length]
    {
        length += 1;
    }
    (from_old, from_new, length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hunks() {
        let old: Vec<String> = (1..=30).map(|number| number.to_string()).collect();
        let mut new = old.clone();
        new[4] = "five".to_owned();
        new.remove(20);
        let old: Vec<&str> = old.iter().map(String::as_str).collect();
        let new: Vec<&str> = new.iter().map(String::as_str).collect();
        let expected = "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n@@ -18,7 +18,6 @@\n 18\n 19\n 20\n-21\n \
                        22\n 23\n 24\n";
        assert_eq!(unified(&old, &new), expected);
        assert_eq!(unified(&old, &old), "");
        assert_eq!(unified(&["a"], &["b"]), "@@ -1 +1 @@\n-a\n+b\n");
    }
}
