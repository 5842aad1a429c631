//! What an object of the lowered document has, its `$ref`s and `allOf`s followed.

use indexmap::IndexMap;
use specmint_spec::node::{Node, unescape_pointer};

use super::resolve;

/// How deep compositions are followed.
const MAX_DEPTH: usize = 8;

/// The properties of a schema by their names on the wire, each with its own schema, resolved.
pub(super) fn of<'a>(root: &'a Node, schema: &'a Node) -> IndexMap<&'a str, &'a Node> {
    let mut out = IndexMap::new();
    collect(root, schema, 0, &mut out);
    out
}

/// The schema at a place of an object (RFC 6901), resolved.
pub(super) fn at<'a>(root: &'a Node, schema: &'a Node, pointer: &str) -> Option<&'a Node> {
    let mut schema = resolved(root, schema)?;
    for step in pointer.split('/').skip(1) {
        schema = of(root, schema).get(&*unescape_pointer(step))?;
    }
    Some(schema)
}

/// Whether an object always has this property.
pub(super) fn is_required(root: &Node, schema: &Node, name: &str) -> bool {
    fn within(root: &Node, schema: &Node, name: &str, depth: usize) -> bool {
        let Some(schema) = resolved(root, schema).filter(|_| depth < MAX_DEPTH) else {
            return false;
        };
        let list = |key| {
            schema
                .get(key)
                .and_then(Node::as_array)
                .into_iter()
                .flatten()
        };
        list("required").any(|it| it.as_str() == Some(name))
            || list("allOf").any(|part| within(root, part, name, depth + 1))
    }
    within(root, schema, name, 0)
}

fn collect<'a>(
    root: &'a Node,
    schema: &'a Node,
    depth: usize,
    out: &mut IndexMap<&'a str, &'a Node>,
) {
    let Some(schema) = resolved(root, schema).filter(|_| depth < MAX_DEPTH) else {
        return;
    };
    let parts = schema.get("allOf").and_then(Node::as_array);
    for part in parts.into_iter().flatten() {
        collect(root, part, depth + 1, out);
    }
    let properties = schema.get("properties").and_then(Node::as_object);
    for (name, property) in properties.into_iter().flatten() {
        if let Some(property) = resolved(root, property) {
            out.insert(name, property);
        }
    }
}

/// A schema behind its `$ref`s, and behind an `allOf` of one part.
pub(super) fn resolved<'a>(root: &'a Node, schema: &'a Node) -> Option<&'a Node> {
    let mut schema = resolve(root, schema, "")?.0;
    for _ in 0..MAX_DEPTH {
        let Some([only]) = schema.get("allOf").and_then(Node::as_array) else {
            break;
        };
        if schema.get("properties").is_some() {
            break;
        }
        schema = resolve(root, only, "")?.0;
    }
    Some(schema)
}
