//! `servers[]`: as in `OpenAPI`, but for a `type` that the form puts into variables.

use crate::node::{Node, Value};

/// The servers; `None` where there are none.
pub(super) fn read(mut list: Node) -> Option<Node> {
    let servers = list.as_array_mut()?;
    for server in servers.iter_mut() {
        let Some(Value::Object(variables)) =
            server.get_mut("variables").map(|node| &mut node.value)
        else {
            continue;
        };
        for (_, variable) in variables.iter_mut() {
            variable.remove("type");
            // Values are strings, whatever they look like.
            if let Some(default) = variable.get_mut("default") {
                to_string(default);
            }
            for value in variable
                .get_mut("enum")
                .and_then(Node::as_array_mut)
                .into_iter()
                .flatten()
            {
                to_string(value);
            }
        }
    }
    (!servers.is_empty()).then_some(list)
}

fn to_string(node: &mut Node) {
    let text = match &node.value {
        Value::Number(number) => number.text().to_owned(),
        Value::Bool(value) => value.to_string(),
        _ => return,
    };
    node.value = text.into();
}
