//! A list of entries → one schema.
//!
//! `oneOf`, `anyOf`, `type: [a, b]` and `nullable` all end as a list of entries; which it was is
//! lost. Repeated members are the converter's doing and count once.

use super::entry::{Entry, Slot};
use crate::node::{Map, Node, Value};

/// What the converter copies from a union onto each of its members.
const COPIED: [&str; 8] = [
    "title",
    "description",
    "deprecated",
    "readOnly",
    "writeOnly",
    "default",
    "x-default",
    "examples",
];

/// Makes one schema of all alternatives.
pub(super) fn write(slot: Slot) -> Node {
    let span = slot.span;
    let mut members: Vec<Node> = Vec::with_capacity(slot.entries.len());
    for Entry { schema, .. } in slot.entries {
        if !members.contains(&schema) {
            members.push(schema);
        }
    }
    if members.len() == 1
        && let Some(only) = members.pop()
    {
        return only;
    }
    let mut schema = take_copied(&mut members);
    // Without their copies more members can be equal, and `null` is one of them.
    let mut distinct: Vec<Node> = Vec::with_capacity(members.len());
    let mut null = None;
    for member in members {
        if is_only_null(&member) {
            null.get_or_insert(member);
        } else if !distinct.contains(&member) {
            distinct.push(member);
        }
    }
    match (distinct.len(), null) {
        (0, None) => {}
        (0, Some(null)) => extend(&mut schema, null),
        (1, None) => {
            if let Some(only) = distinct.pop() {
                extend(&mut schema, only);
            }
        }
        (1, Some(null)) => {
            if let Some(only) = distinct.pop() {
                nullable(&mut schema, only, null);
            }
        }
        (_, null) => {
            distinct.extend(null);
            schema.insert("anyOf".to_owned(), Node::new(span, distinct));
        }
    }
    Node::new(span, schema)
}

/// What all members say alike, taken out of them.
fn take_copied(members: &mut [Node]) -> Map {
    let mut common = Map::new();
    for key in COPIED {
        let Some((first, rest)) = members.split_first() else {
            break;
        };
        let Some(value) = first.get(key) else {
            continue;
        };
        if rest.iter().all(|member| member.get(key) == Some(value)) {
            common.insert(key.to_owned(), value.clone());
            for member in members.iter_mut() {
                member.remove(key);
            }
        }
    }
    common
}

/// An optional value: `type: [T, 'null']` where that says it all.
fn nullable(schema: &mut Map, mut only: Node, null: Node) {
    let span = only.span;
    let Some(map) = only.as_object_mut() else {
        return;
    };
    if map.is_empty() {
        // Anything, `null` included.
        return;
    }
    let simple = map.get("type").and_then(Node::as_str).is_some() && !map.contains_key("const");
    if !simple {
        schema.insert("anyOf".to_owned(), Node::new(span, vec![only, null]));
        return;
    }
    if let Some(node) = map.get_mut("type") {
        let span = node.span;
        let name = Node {
            span,
            value: std::mem::replace(&mut node.value, Value::Null),
        };
        node.value = vec![name, Node::new(span, "null")].into();
    }
    if let Some(values) = map.get_mut("enum").and_then(Node::as_array_mut) {
        values.push(Node::new(null.span, Value::Null));
    }
    extend(schema, only);
}

/// `type: 'null'` with nothing else that matters: what else stands there was copied from the union
/// or from the member that is not `null`.
fn is_only_null(node: &Node) -> bool {
    node.get_str("type") == Some("null")
}

fn extend(schema: &mut Map, node: Node) {
    if let Value::Object(map) = node.value {
        schema.extend(map);
    }
}
