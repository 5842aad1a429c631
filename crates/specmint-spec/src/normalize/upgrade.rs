//! The idioms of 3.0 → those of 3.1: the order of the rules, nothing else.
//!
//! Only what means something else in 3.1, or nothing, is changed. Each rule leaves alone what it
//! has already changed, so that trees of mixed idioms are safe.

mod bounds;
mod examples;
mod mapping;
mod nullable;
mod required;
mod scalars;
mod siblings;

use super::tally::Tally;
use crate::{
    node::{Node, Value},
    walk::{self, Kind, Path},
};

/// Which specification the author wrote for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Dialect {
    /// 3.0: what stands beside a `$ref` is ignored.
    V3_0,
    /// 3.1.
    V3_1,
    /// A page of the endpoint form, which does not say; what it shows beside a `$ref` counts.
    Unsaid,
}

/// Upgrades everything below a node of a kind.
pub(crate) fn tree(
    node: &mut Node,
    kind: Kind,
    dialect: Dialect,
    path: &Path<'_>,
    tally: &mut Tally,
) {
    walk::each_mut(node, kind, path, &mut |node, kind, path| {
        if kind == Kind::Schema && matches!(node.value, Value::Object(_)) {
            schema(node, dialect, path, tally);
        }
    });
}

/// The keywords that some rule is about.
const CONCERNED: [&str; 12] = [
    "$ref",
    "allOf",
    "const",
    "default",
    "discriminator",
    "enum",
    "example",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "nullable",
    "required",
];

fn schema(node: &mut Node, dialect: Dialect, path: &Path<'_>, tally: &mut Tally) {
    // Most schemas are a type and a description; asking each rule would cost more than the rules.
    let is_concerned = node
        .as_object()
        .is_some_and(|map| map.keys().any(|key| CONCERNED.contains(&key.as_str())));
    if !is_concerned {
        return;
    }
    if dialect == Dialect::V3_0 {
        siblings::drop_ignored(node, path, tally);
    }
    required::drop_misplaced(node, path, tally);
    mapping::to_text(node, path, tally);
    bounds::to_numbers(node, path, tally);
    if dialect != Dialect::V3_1 {
        examples::to_list(node);
    }
    scalars::restore_strings(node, path, tally);
    nullable::to_type(node, dialect, path, tally);
}
