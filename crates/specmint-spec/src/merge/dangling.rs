//! References that lead nowhere: what they stand for is unknown, and the rest stays usable.

use std::collections::BTreeSet;

use super::reference;
use crate::{
    diag::{Diagnostics, codes::merge as codes},
    node::{Map, Node},
    walk::{self, Kind, Path},
};

/// Replaces what can't be found by what admits anything.
pub(super) fn replace(root: &mut Node, diags: &mut Diagnostics) {
    let mut references: BTreeSet<&str> = BTreeSet::new();
    walk::each(root, Kind::Document, &Path::start(""), &mut |node, _, _| {
        references.extend(node.get_str("$ref"));
    });
    let lost: BTreeSet<String> = references
        .into_iter()
        .filter(|reference| !reference::leads_somewhere(root, reference))
        .map(str::to_owned)
        .collect();
    if lost.is_empty() {
        return;
    }
    walk::each_mut(
        root,
        Kind::Document,
        &Path::start(""),
        &mut |node, kind, path| {
            // A parameter of unknown name can't be sent; its operation is visited after it.
            if let Some(parameters) = node.get_mut("parameters").and_then(Node::as_array_mut)
                && matches!(kind, Kind::Operation | Kind::PathItem)
            {
                parameters.retain(|node| !node.get_str("$ref").is_some_and(|r| lost.contains(r)));
            }
            let Some(reference) = node.get_str("$ref").filter(|r| lost.contains(*r)) else {
                return;
            };
            let message = format!("`{reference}` leads nowhere; {}", instead(kind));
            diags
                .warning(codes::DANGLING, node.span, message)
                .at(path.to_string());
            fill(node, kind);
        },
    );
}

fn instead(kind: Kind) -> &'static str {
    match kind {
        Kind::Schema => "any value is allowed here",
        Kind::Parameter => "the parameter is left out",
        _ => "nothing is known of what it stands for",
    }
}

/// The emptiest valid thing of a kind.
fn fill(node: &mut Node, kind: Kind) {
    let span = node.span;
    match kind {
        // Left out by the parent.
        Kind::Parameter => {}
        Kind::Schema => {
            node.remove("$ref");
        }
        Kind::Response => {
            *node = Node::object(span, [("description", Node::new(span, ""))]);
        }
        Kind::RequestBody => {
            *node = Node::object(span, [("content", Node::new(span, Map::new()))]);
        }
        Kind::Header => {
            *node = Node::object(span, [("schema", Node::new(span, Map::new()))]);
        }
        _ => *node = Node::new(span, Map::new()),
    }
}
