//! A schema's `example` → an element of `examples`.

use crate::node::{Node, Value};

/// Moves `example` to where 3.1 has it, once.
pub(super) fn to_list(node: &mut Node) {
    let Some(map) = node.as_object_mut() else {
        return;
    };
    let Some(at) = map.get_index_of("example") else {
        return;
    };
    match map.get("examples").map(|examples| &examples.value) {
        Some(Value::Array(_)) => {
            let Some(example) = map.shift_remove("example") else {
                return;
            };
            let list = map.get_mut("examples").and_then(Node::as_array_mut);
            if let Some(list) = list
                && !list.contains(&example)
            {
                list.insert(0, example);
            }
        }
        // An `examples` of another shape is the author's mistake; both stay as written.
        Some(_) => {}
        None => {
            let Some(example) = map.shift_remove("example") else {
                return;
            };
            let span = example.span;
            map.shift_insert(at, "examples".to_owned(), Node::new(span, vec![example]));
        }
    }
}
