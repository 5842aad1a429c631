//! `$ref` in a path item, and `components.pathItems`.
//!
//! 3.1: a path item may be a `$ref` to any other, and `components.pathItems` is their place.
//! 3.0: a `$ref` must lead to another document, and there is no such place.
//! Here: what it leads to is written in its place; fields beside the `$ref` win.
//! Lost: nothing. What leads nowhere takes its operations with it, which is said.
//!
//! The same is done with the `$ref` of a callback, which 3.0 allows and its readers don't.

use std::collections::BTreeMap;

use crate::{
    diag::{Diagnostics, codes::lower as codes},
    lower::{
        pointer::Pointer,
        references::decode,
        walk::{self, Kind},
    },
    node::{Map, Node, unescape_pointer},
};

/// A chain of references longer than this is taken for a circle.
const HOPS: usize = 32;

/// Writes every referenced path item and callback in its place, and says by path where the path
/// items came from.
pub(super) fn inline(root: &mut Node, diags: &mut Diagnostics) -> BTreeMap<String, Vec<String>> {
    let mut origins = BTreeMap::new();
    let mut wanted = Vec::new();
    walk::each(
        root,
        Kind::Root,
        &mut Pointer::default(),
        &mut |node, kind, at| {
            if matches!(kind, Kind::PathItem | Kind::Callback) && node.get_str("$ref").is_some() {
                wanted.push((at.to_string(), kind));
            }
        },
    );
    // Targets are looked up in the document as it was, so a path item that refers to a path item
    // with callbacks of its own is written out once and never again: nothing grows without bound.
    let copies: Vec<_> = wanted
        .into_iter()
        .filter(|(at, _)| !at.starts_with("/components/pathItems/"))
        .map(|(at, kind)| {
            let copy = root.pointer(&at).and_then(|node| follow(root, node));
            (at, kind, copy)
        })
        .collect();
    for (at, kind, copy) in copies {
        let Some(node) = root.pointer_mut(&at) else {
            continue;
        };
        let span = node.span;
        let Some(own) = node.as_object_mut() else {
            continue;
        };
        let Some(reference) = own.shift_remove("$ref") else {
            continue;
        };
        let Some((copy, from)) = copy else {
            let text = reference.as_str().unwrap_or_default();
            if kind == Kind::Callback {
                diags
                    .note(
                        codes::UNRESOLVED_OTHER,
                        span,
                        format!("the callback `{text}` is not in the document"),
                    )
                    .at(at);
            } else {
                diags
                    .skip(
                        codes::PATH_ITEM,
                        span,
                        format!(
                            "the path item `{text}` is not in the document; its operations are lost"
                        ),
                    )
                    .at(at);
            }
            continue;
        };
        let beside = std::mem::replace(own, copy);
        own.extend(beside);
        node.span = span;
        if let Some(path) = at.strip_prefix("/paths/").filter(|it| !it.contains('/')) {
            origins.insert(unescape_pointer(path), from);
        }
    }
    strip_nested(root);
    origins
}

/// Removes the section that 3.0 doesn't have, once nothing refers into it.
pub(super) fn drop_section(root: &mut Node) {
    if let Some(components) = root.get_mut("components") {
        components.remove("pathItems");
    }
}

/// What a chain of references ends at, fields of nearer ones winning, and the places on the way.
fn follow(root: &Node, from: &Node) -> Option<(Map, Vec<String>)> {
    let mut node = from;
    let mut beside = Map::new();
    let mut places = Vec::new();
    for _ in 0..HOPS {
        let Some(text) = node.get_str("$ref") else {
            let mut copy = node.as_object()?.clone();
            copy.extend(beside);
            return Some((copy, places));
        };
        let place = decode(text.strip_prefix('#')?);
        node = root.pointer(&place)?;
        places.push(place);
        for (key, member) in node.as_object()? {
            if key != "$ref" && !beside.contains_key(key) {
                beside.insert(key.clone(), member.clone());
            }
        }
    }
    None
}

/// References that came in with a copy: a callback's callbacks. No client calls them.
fn strip_nested(root: &mut Node) {
    walk::each(
        root,
        Kind::Root,
        &mut Pointer::default(),
        &mut |node, kind, at| {
            if matches!(kind, Kind::PathItem | Kind::Callback)
                && !at.as_str().starts_with("/components/pathItems/")
            {
                node.remove("$ref");
            }
        },
    );
}
