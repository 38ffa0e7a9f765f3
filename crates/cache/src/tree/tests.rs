//! The tree against `BTreeMap`.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use proptest::prelude::*;
use storage::Key;

use super::{Element, Tree};

#[derive(Clone, Debug, PartialEq)]
struct Pair(Key, u32);

impl Element for Pair {
    type Probe<'a> = &'a str;
    type Owned = Key;

    fn probe(&self) -> &str {
        &self.0
    }

    fn owned(&self) -> Key {
        self.0.clone()
    }

    fn tag(probe: &str) -> u16 {
        super::tag(probe)
    }

    fn compare(&self, probe: &str) -> Ordering {
        (*self.0).cmp(probe)
    }

    fn compare_owned(owned: &Key, probe: &str) -> Ordering {
        (**owned).cmp(probe)
    }
}

fn key(number: u16) -> Key {
    format!("/k/{number:05}").into()
}

fn agree(tree: &Tree<Pair>, model: &BTreeMap<Key, u32>) {
    assert_eq!(tree.len(), model.len());
    assert!(tree.iter().map(|pair| (&pair.0, &pair.1)).eq(model.iter()));
}

proptest! {
    #[test]
    fn does_what_a_map_does(
        steps in prop::collection::vec((0u16..600, prop::bool::weighted(0.6)), 1..1500),
        ranges in prop::collection::vec((0u16..700, 0u16..700), 8),
    ) {
        let (mut tree, mut model) = (Tree::default(), BTreeMap::new());
        let mut snapshots = Vec::new();
        for (number, (at, put)) in steps.iter().enumerate() {
            let key = key(*at);
            if *put {
                let old = tree.insert(Pair(key.clone(), number as u32));
                prop_assert_eq!(old.map(|pair| pair.1), model.insert(key, number as u32));
            } else {
                prop_assert_eq!(tree.remove(&key).map(|pair| pair.1), model.remove(&key));
            }
            if number % 300 == 0 {
                snapshots.push((tree.clone(), model.clone()));
            }
        }
        agree(&tree, &model);
        for (tree, model) in &snapshots {
            agree(tree, model);
        }
        for (start, end) in ranges {
            let (start, end) = (key(start), key(end));
            let expected: Vec<_> = if start < end {
                model.range(start.clone()..end.clone()).map(|(key, value)| (key.clone(), *value)).collect()
            } else {
                Vec::new()
            };
            let found: Vec<_> = tree
                .from(&start)
                .take_while(|pair| pair.0 < end)
                .map(|pair| (pair.0.clone(), pair.1))
                .collect();
            let between = tree.rank(&end).saturating_sub(tree.rank(&start));
            prop_assert_eq!(between, expected.len());
            prop_assert_eq!(found, expected);
            prop_assert_eq!(tree.get(&start).map(|pair| pair.1), model.get(&start).copied());
        }
    }
}

#[test]
fn filled_in_order_and_emptied() {
    for backwards in [false, true] {
        let (mut tree, mut model) = (Tree::default(), BTreeMap::new());
        for number in 0..5000 {
            let key = key(if backwards { 5000 - number } else { number });
            tree.insert(Pair(key.clone(), u32::from(number)));
            model.insert(key, u32::from(number));
        }
        agree(&tree, &model);
        assert_eq!(tree.rank("/k/00020") - tree.rank("/k/00010"), 10);
        for number in (0..=5000).step_by(2).chain((1..5000).step_by(2)) {
            assert_eq!(tree.remove(&key(number)).map(|pair| pair.1), model.remove(&key(number)));
        }
        agree(&tree, &model);
        assert_eq!(tree.len(), 0);
    }
}
