//! `required` of a schema is a list of names; a truth value is a parameter's or an older draft's.

use crate::{
    diag::codes::normalize as codes,
    node::{Node, Value},
    normalize::tally::Tally,
    walk::Path,
};

/// Drops a `required` that is no list.
pub(super) fn drop_misplaced(node: &mut Node, path: &Path<'_>, tally: &mut Tally) {
    let Some(map) = node.as_object_mut() else {
        return;
    };
    let Some(required) = map.get("required") else {
        return;
    };
    if matches!(required.value, Value::Array(_)) {
        return;
    }
    tally.count(codes::REQUIRED_NOT_A_LIST, required.span, path);
    map.shift_remove("required");
}
