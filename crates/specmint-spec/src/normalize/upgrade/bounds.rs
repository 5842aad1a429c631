//! `exclusiveMinimum: true` beside `minimum: n` → `exclusiveMinimum: n`, and the same for maxima.

use crate::{
    diag::codes::normalize as codes,
    node::{Node, Value},
    normalize::tally::Tally,
    walk::Path,
};

/// Turns truth values into the numbers they stand for.
pub(super) fn to_numbers(node: &mut Node, path: &Path<'_>, tally: &mut Tally) {
    let Some(map) = node.as_object_mut() else {
        return;
    };
    for (exclusive, inclusive) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        let Some(flag) = map.get(exclusive) else {
            continue;
        };
        let Value::Bool(is_exclusive) = flag.value else {
            continue;
        };
        let span = flag.span;
        if !is_exclusive {
            map.shift_remove(exclusive);
        } else if let Some(bound) = map.shift_remove(inclusive) {
            map.insert(exclusive.to_owned(), bound);
        } else {
            map.shift_remove(exclusive);
            tally.count(codes::EXCLUSIVE_WITHOUT_BOUND, span, path);
        }
    }
}
