//! References to components whose names have slashes in them.
//!
//! Where a document refers deep into a component, a page of the newer form ships the target alone,
//! under the whole of the reference as its name (`Order/properties/lines`), and leaves the reference
//! as it was. As a pointer that leads nowhere; with its slashes escaped it leads to the component.

use std::collections::BTreeMap;

use super::reference;
use crate::{
    node::{Map, Node, escape_pointer},
    walk::{self, Kind, Path},
};

/// Escapes the slashes of such names in references that lead nowhere as they are.
pub(super) fn escape(root: &mut Node) {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let components = root.get("components").and_then(Node::as_object);
    for (section, members) in components.into_iter().flatten() {
        for name in members.as_object().into_iter().flat_map(Map::keys) {
            if name.contains('/') {
                names.insert(
                    format!("#/components/{section}/{name}"),
                    format!("#/components/{section}/{}", escape_pointer(name)),
                );
            }
        }
    }
    names.retain(|plain, _| !reference::leads_somewhere(root, plain));
    if names.is_empty() {
        return;
    }
    walk::each_mut(root, Kind::Document, &Path::start(""), &mut |node, _, _| {
        if let Some(escaped) = node.get_str("$ref").and_then(|plain| names.get(plain)) {
            let escaped = Node::new(node.span, escaped.as_str());
            node.insert("$ref", escaped);
        }
    });
}
