//! `$dynamicRef`, `$recursiveRef`.
//!
//! 3.1: leads to the outermost `$dynamicAnchor` of that name on the way the validator came.
//! 3.0: has no such thing.
//! Here: where one schema alone bears the name, it is that one; where several do, nobody can say
//! without knowing the way, so the value is left untyped.
//! Lost: the type, in the second case; [`super::unresolved`] says so.

use crate::{
    lower::{
        anchors::Anchors,
        pointer::Pointer,
        unresolved::DYNAMIC,
        walk::{self, Kind},
    },
    node::Node,
};

/// Makes plain references of the dynamic ones.
pub(super) fn settle(root: &mut Node, anchors: &Anchors) {
    let mut found = Vec::new();
    walk::each(
        root,
        Kind::Root,
        &mut Pointer::default(),
        &mut |node, kind, at| {
            if kind == Kind::Schema
                && let Some(key) = ["$dynamicRef", "$recursiveRef"]
                    .into_iter()
                    .find(|key| node.get_str(key).is_some())
            {
                found.push((at.to_string(), key));
            }
        },
    );
    for (at, key) in found {
        let Some(node) = root.pointer_mut(&at) else {
            continue;
        };
        let Some(text) = node.remove(key) else {
            continue;
        };
        let name = text
            .as_str()
            .and_then(|text| text.strip_prefix('#'))
            .unwrap_or_default();
        let reference = match anchors.dynamic(name) {
            [one] => Some(format!("#{}", one.replace('%', "%25"))),
            [] => text.as_str().map(str::to_owned),
            _ => None,
        };
        match reference {
            Some(reference) => node.insert("$ref", Node::new(text.span, reference)),
            None => node.insert(DYNAMIC, text),
        };
    }
}
