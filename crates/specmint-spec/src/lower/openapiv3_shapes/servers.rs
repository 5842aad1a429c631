//! Servers, and their variables.

use super::{is_object, list, object, texts, to_text};
use crate::{
    diag::codes::lower as codes,
    lower::context::{Context, take},
    node::{Map, Node},
};

pub(super) fn apply(map: &mut Map, cx: &mut Context<'_>) {
    let Some(servers) = list(map, "servers") else {
        return;
    };
    servers.retain(|server| server.get_str("url").is_some());
    for server in servers.iter_mut().filter_map(Node::as_object_mut) {
        server.retain(|key, _| {
            matches!(key.as_str(), "url" | "description" | "variables") || key.starts_with("x-")
        });
        texts(server, &["description"]);
        let Some(variables) = object(server, "variables") else {
            continue;
        };
        variables.retain(|_, node| is_object(node));
        for (name, node) in variables.iter_mut() {
            let span = node.span;
            let Some(variable) = node.as_object_mut() else {
                continue;
            };
            variable.retain(|key, _| {
                matches!(key.as_str(), "enum" | "default" | "description") || key.starts_with("x-")
            });
            texts(variable, &["default", "description"]);
            let mut first = None;
            if let Some(values) = list(variable, "enum") {
                for value in values.iter_mut() {
                    to_text(value);
                }
                values.retain(|value| value.as_str().is_some());
                first = values.first().cloned();
                if values.is_empty() {
                    take(variable, "enum");
                }
            }
            if !variable.contains_key("default") {
                cx.note(
                    codes::SERVER,
                    span,
                    format!("the server's variable `{name}` has no default"),
                );
                variable.insert(
                    "default".to_owned(),
                    first.unwrap_or_else(|| Node::new(span, "")),
                );
            }
        }
    }
}
