//! What the converter leaves behind in schemas: internal marks, and traces of the dialect.

use crate::{
    node::{Node, Value},
    walk::{self, Kind, Path},
};

/// Marks that leak into schemas when the converter shares its objects.
const MARKS: [&str; 5] = ["isOneOf", "isAnyOf", "isAllOf", "_depth", "refIdentifier"];

/// Takes the marks off one schema.
fn strip(schema: &mut Node) {
    let Some(map) = schema.as_object_mut() else {
        return;
    };
    if map.keys().any(|key| MARKS.contains(&key.as_str())) {
        map.retain(|key, _| !MARKS.contains(&key.as_str()));
    }
}

/// Takes the marks off a schema and everything below.
pub(super) fn strip_below(schema: &mut Node) {
    walk::each_mut(
        schema,
        Kind::Schema,
        &Path::start(""),
        &mut |node, kind, _| {
            if kind == Kind::Schema {
                strip(node);
            }
        },
    );
}

/// Which dialects' idioms stand in a page.
#[derive(Clone, Copy, Default)]
pub(crate) struct Idioms {
    v3_0: bool,
    v3_1: bool,
}

impl Idioms {
    /// Looks at a schema as the author wrote it.
    pub(super) fn look(&mut self, schema: &Node) {
        walk::each(
            schema,
            Kind::Schema,
            &Path::start(""),
            &mut |node, kind, _| {
                if kind == Kind::Schema {
                    self.look_here(node);
                }
            },
        );
    }

    fn look_here(&mut self, node: &Node) {
        let Some(map) = node.as_object() else { return };
        let is_bool = |key: &str| map.get(key).is_some_and(|node| node.as_bool().is_some());
        let is_number = |key: &str| map.get(key).is_some_and(|node| node.as_number().is_some());
        let is_list = |key: &str| {
            map.get(key)
                .is_some_and(|node| matches!(node.value, Value::Array(_)))
        };
        self.v3_0 |= map.contains_key("nullable")
            || is_bool("exclusiveMinimum")
            || is_bool("exclusiveMaximum");
        // `const` and `examples` prove nothing: authors of 3.0 write them too.
        self.v3_1 |= is_list("type")
            || map.get("type").and_then(Node::as_str) == Some("null")
            || is_number("exclusiveMinimum")
            || is_number("exclusiveMaximum");
    }

    pub(super) fn join(&mut self, other: Self) {
        self.v3_0 |= other.v3_0;
        self.v3_1 |= other.v3_1;
    }

    /// Whether everything speaks for 3.0 and nothing for 3.1.
    pub(super) fn only_3_0(self) -> bool {
        self.v3_0 && !self.v3_1
    }
}
