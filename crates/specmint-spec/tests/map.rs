//! [`Map`] does what `IndexMap` does, with few members and with many.

use indexmap::IndexMap;
use proptest::{collection::vec, prelude::*};
use specmint_spec::{
    node::{Map, Node, map::Entry},
    page::Span,
};

#[derive(Clone, Debug)]
enum Change {
    Insert(u8),
    ShiftInsert(usize, u8),
    Remove(u8),
    Move(usize, usize),
    Enter(u8),
    Retain(u8),
    Truncate(usize),
    Clear,
}

fn change() -> impl Strategy<Value = Change> {
    // Mostly growing, so that maps become large.
    prop_oneof![
        24 => any::<u8>().prop_map(Change::Insert),
        8 => any::<u8>().prop_map(Change::Enter),
        2 => (any::<usize>(), any::<u8>()).prop_map(|(at, key)| Change::ShiftInsert(at, key)),
        4 => any::<u8>().prop_map(Change::Remove),
        2 => (any::<usize>(), any::<usize>()).prop_map(|(from, to)| Change::Move(from, to)),
        1 => any::<u8>().prop_map(Change::Retain),
        1 => (20..60_usize).prop_map(Change::Truncate),
        1 => Just(Change::Clear),
    ]
}

fn node(number: usize) -> Node {
    Node::new(Span::NONE, i64::try_from(number).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn does_as_index_map_does(changes in vec(change(), 0..200)) {
        let mut map = Map::new();
        let mut model: IndexMap<String, Node> = IndexMap::new();
        for (number, change) in changes.into_iter().enumerate() {
            let name = |key: u8| format!("member-{key}");
            match change {
                Change::Insert(key) => {
                    let new = node(number);
                    prop_assert_eq!(map.insert(name(key), new.clone()), model.insert(name(key), new));
                }
                Change::ShiftInsert(at, key) => {
                    let new = node(number);
                    let known = usize::from(model.contains_key(&name(key)));
                    let at = at % (model.len() + 1 - known);
                    let old = model.shift_insert(at, name(key), new.clone());
                    prop_assert_eq!(map.shift_insert(at, name(key), new), old);
                }
                Change::Remove(key) => {
                    prop_assert_eq!(map.shift_remove(&name(key)), model.shift_remove(&name(key)));
                }
                Change::Move(from, to) if !model.is_empty() => {
                    let (from, to) = (from % model.len(), to % model.len());
                    map.move_index(from, to);
                    model.move_index(from, to);
                }
                Change::Move(..) => {}
                Change::Enter(key) => {
                    let is_new = matches!(map.entry(name(key)), Entry::Vacant(_));
                    prop_assert_eq!(is_new, !model.contains_key(&name(key)));
                    let entered = map.entry(name(key)).or_insert_with(|| node(number)).clone();
                    let expected = model.entry(name(key)).or_insert_with(|| node(number));
                    prop_assert_eq!(&entered, expected);
                }
                Change::Retain(key) => {
                    let wanted = |node: &Node| node.as_number().unwrap().text() != key.to_string();
                    map.retain(|_, node| wanted(node));
                    model.retain(|_, node| wanted(node));
                }
                Change::Truncate(members) => {
                    map.truncate(members);
                    model.truncate(members);
                }
                Change::Clear => {
                    map.clear();
                    model.clear();
                }
            }
            prop_assert!(map.iter().map(|(key, node)| (key.as_str(), node))
                .eq(model.iter().map(|(key, node)| (key.as_str(), node))));
            for key in (0..=u8::MAX).step_by(7) {
                prop_assert_eq!(map.get(&name(key)), model.get(&name(key)));
                prop_assert_eq!(map.get_index_of(&name(key)), model.get_index_of(&name(key)));
            }
        }
        // Equal in any order, and unequal where one member is another.
        let reversed: Map = map.clone().into_iter().rev().collect();
        prop_assert_eq!(&map, &reversed);
        let first = map.first().map(|(key, _)| key.clone());
        if let Some(first) = first {
            let mut other = map.clone();
            other.insert(first, Node::new(Span::NONE, "other"));
            prop_assert_ne!(&map, &other);
        }
    }
}
