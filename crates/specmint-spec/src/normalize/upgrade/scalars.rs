//! Constants of a string schema that YAML read as numbers get their text back.
//!
//! `enum: [1.10, 2.0]` under `type: string` lists versions, `default: +15555550123` is a telephone
//! number; what was meant is what was written.

use crate::{
    diag::codes::normalize as codes,
    node::{Node, Value},
    normalize::tally::Tally,
    walk::Path,
};

/// Restores strings where the schema takes nothing but strings.
pub(super) fn restore_strings(node: &mut Node, path: &Path<'_>, tally: &mut Tally) {
    if !is_string(node) {
        return;
    }
    let Some(map) = node.as_object_mut() else {
        return;
    };
    for key in ["default", "example", "const"] {
        if let Some(value) = map.get_mut(key) {
            restore(value, path, tally);
        }
    }
    for key in ["enum", "examples"] {
        for value in map
            .get_mut(key)
            .and_then(Node::as_array_mut)
            .into_iter()
            .flatten()
        {
            restore(value, path, tally);
        }
    }
}

/// `string`, or `string` and `null`.
fn is_string(node: &Node) -> bool {
    match node.get("type").map(|node| &node.value) {
        Some(Value::String(name)) => name == "string",
        Some(Value::Array(names)) => {
            let mut names = names
                .iter()
                .filter_map(Node::as_str)
                .filter(|name| *name != "null");
            names.next() == Some("string") && names.next().is_none()
        }
        _ => false,
    }
}

fn restore(value: &mut Node, path: &Path<'_>, tally: &mut Tally) {
    let text = match &value.value {
        Value::Number(number) => number.text().to_owned(),
        Value::Bool(value) => value.to_string(),
        _ => return,
    };
    tally.count(codes::STRING_RESTORED, value.span, path);
    value.value = text.into();
}
