//! Names of operations that a person decided on, in `api.toml`.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    api::{self, Api},
    diag::{Diagnostics, codes::merge as codes},
    node::{Node, escape_pointer},
    page::{Sources, Span},
    walk::METHODS,
};

/// Gives operations the names that `api.toml` has for them; who else had such a name loses it.
pub(super) fn apply(root: &mut Node, api: &Api, sources: &Sources, diags: &mut Diagnostics) {
    if api.operations.is_empty() {
        return;
    }
    let place = |key: &str| {
        let page = api
            .page
            .and_then(|index| Some((sources.get(index)?, index)));
        page.map_or(Span::NONE, |(page, index)| {
            api::key_position(page, index, key)
        })
    };
    let mut given: BTreeMap<&str, &str> = BTreeMap::new();
    for (key, name) in &api.operations {
        if let Some(other) = given.insert(name, key) {
            diags
                .error(
                    codes::NAMED,
                    place(key),
                    format!("`{name}` names two operations"),
                )
                .label(place(other), "the other one");
        }
    }
    let mut named: BTreeSet<(String, &str)> = BTreeSet::new();
    for (key, name) in &api.operations {
        let (method, path) = key.split_once(' ').unwrap_or((key, ""));
        let method = METHODS
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(method));
        let operation = method.and_then(|method| {
            let operation = root.get_mut("paths")?.get_mut(path)?.get_mut(method)?;
            named.insert((path.to_owned(), method));
            operation.as_object_mut()
        });
        let Some(operation) = operation else {
            let message = format!("`{key}` is no operation of this API");
            diags.error(codes::NAMED, place(key), message).help(
                "write method and path as the documentation does, as in `\"GET /v1/things/{id}\"`",
            );
            continue;
        };
        let node = Node::new(place(key), name.as_str());
        if let Some(id) = operation.get_mut("operationId") {
            *id = node;
        } else {
            operation.insert("operationId".to_owned(), node);
        }
    }
    for section in ["paths", "webhooks"] {
        let items = root.get_mut(section).and_then(Node::as_object_mut);
        for (path, item) in items.into_iter().flatten() {
            for method in METHODS {
                if section == "paths" && named.contains(&(path.to_string(), method)) {
                    continue;
                }
                let Some(operation) = item.get_mut(method) else {
                    continue;
                };
                let Some(id) = operation.get("operationId") else {
                    continue;
                };
                let (Some(text), span) = (id.as_str().map(str::to_owned), id.span) else {
                    continue;
                };
                let Some(key) = given.get(text.as_str()) else {
                    continue;
                };
                diags
                    .note(
                        codes::ID_TAKEN,
                        span,
                        format!("`{text}` is what `api.toml` calls `{key}`; it is left out here"),
                    )
                    .label(place(key), "the name given")
                    .at(format!("/{section}/{}/{method}", escape_pointer(path)));
                operation.remove("operationId");
            }
        }
    }
}
