//! Which second names of types `pub type` can say.

use indexmap::IndexSet;
use specmint_spec::node::Node;

use super::Types;

/// Finds the aliases that contain themselves through aliases alone.
pub(super) fn settle(types: &mut Types) {
    let names: Vec<String> = types.aliases.keys().cloned().collect();
    let circular: Vec<String> = names
        .into_iter()
        .filter(|name| contains_itself(name, types))
        .collect();
    for name in circular {
        if let Some(alias) = types.aliases.get_mut(&name) {
            alias.transparent = false;
        }
    }
}

fn contains_itself(name: &str, types: &Types) -> bool {
    let mut seen: IndexSet<&str> = IndexSet::new();
    let mut open: Vec<&Node> = types.schemas.get(name).into_iter().collect();
    while let Some(schema) = open.pop() {
        open.extend(schema.get("items"));
        open.extend(schema.get("additionalProperties"));
        open.extend(
            schema
                .get("allOf")
                .and_then(Node::as_array)
                .into_iter()
                .flatten(),
        );
        let target = schema
            .get_str("$ref")
            .and_then(|text| text.rsplit_once('/'));
        let Some((_, target)) = target.filter(|(_, t)| types.aliases.contains_key(*t)) else {
            continue;
        };
        if target == name {
            return true;
        }
        if seen.insert(target) {
            open.extend(types.schemas.get(target));
        }
    }
    false
}
