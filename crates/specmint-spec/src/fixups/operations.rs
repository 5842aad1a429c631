//! The table of operations, kept true to the document after corrections.

use std::collections::BTreeMap;

use crate::{
    document::{Document, OperationKey, Origin},
    node::{Map, Node},
};

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Forgets operations that are gone and adds those that are new.
///
/// A renamed path keeps its operation's origin, which is found by its place in the pages.
pub(super) fn update(document: &mut Document) {
    let Document {
        root, operations, ..
    } = document;
    let mut places: BTreeMap<OperationKey, &Node> = BTreeMap::new();
    for (path, item) in root
        .get("paths")
        .and_then(Node::as_object)
        .into_iter()
        .flatten()
    {
        for method in METHODS {
            if let Some(node) = item.get(method) {
                places.insert(
                    OperationKey {
                        path: path.to_string(),
                        method: method.into(),
                    },
                    node,
                );
            }
        }
    }
    for (name, node) in root
        .get("webhooks")
        .and_then(Node::as_object)
        .into_iter()
        .flatten()
    {
        if node
            .as_object()
            .is_some_and(|map: &Map| METHODS.iter().any(|m| map.contains_key(m)))
        {
            places.insert(
                OperationKey {
                    path: name.to_string(),
                    method: "webhook".into(),
                },
                node,
            );
        }
    }
    let gone: Vec<Origin> = operations
        .iter()
        .filter(|(key, _)| !places.contains_key(key))
        .map(|(_, o)| o.clone())
        .collect();
    operations.retain(|key, _| places.contains_key(key));
    for (key, node) in places {
        operations.entry(key).or_insert_with(|| {
            let moved = gone.iter().find(|origin| origin.span == node.span).cloned();
            moved.unwrap_or(Origin {
                span: node.span,
                title: None,
                url: None,
            })
        });
    }
}
