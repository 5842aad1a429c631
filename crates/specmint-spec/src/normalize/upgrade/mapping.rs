//! A discriminator maps to names or references as text; some authors write `{$ref: …}` there.

use crate::{diag::codes::normalize as codes, node::Node, normalize::tally::Tally, walk::Path};

/// Takes the reference out of its object.
pub(super) fn to_text(node: &mut Node, path: &Path<'_>, tally: &mut Tally) {
    let mapping = node
        .get_mut("discriminator")
        .and_then(|node| node.get_mut("mapping"));
    for (_, target) in mapping.and_then(Node::as_object_mut).into_iter().flatten() {
        if let Some(reference) = target.get_str("$ref") {
            tally.count(codes::MAPPING_TO_OBJECT, target.span, path);
            *target = Node::new(target.span, reference);
        }
    }
}
