//! 3.0 ignores what stands beside a `$ref`; 3.1 does not.

use crate::{diag::codes::normalize as codes, node::Node, normalize::tally::Tally, walk::Path};

/// Drops what 3.0 ignores beside a `$ref`, keeping the description, which binds nobody, and
/// extensions, which 3.1 ignores as well.
pub(super) fn drop_ignored(node: &mut Node, path: &Path<'_>, tally: &mut Tally) {
    let span = node.span;
    let Some(map) = node.as_object_mut() else {
        return;
    };
    if map.len() < 2 || map.get("$ref").and_then(Node::as_str).is_none() {
        return;
    }
    let ignored: Vec<_> = map
        .keys()
        .filter(|key| !matches!(key.as_str(), "$ref" | "description") && !key.starts_with("x-"))
        .cloned()
        .collect();
    for key in &ignored {
        map.shift_remove(key);
    }
    if !ignored.is_empty() {
        let code = if ignored.iter().any(|key| key == "nullable") {
            codes::NULLABLE_BESIDE_REF
        } else {
            codes::REF_SIBLINGS
        };
        tally.count(code, span, path);
    }
}
