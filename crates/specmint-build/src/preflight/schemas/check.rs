//! The invariant: nothing is left for typify to name.

use specmint_spec::{
    diag::Diagnostics,
    node::{Map, Node},
};

use super::{Types, codes};

const COMPONENTS: &str = "#/components/schemas/";

/// Fails the build where an inline object, enum or union is left, or a reference leads nowhere.
pub(super) fn all(types: &Types, diags: &mut Diagnostics) {
    for (name, schema) in &types.schemas {
        let ok = match schema.as_object() {
            Some(map) if map.contains_key("properties") => is_struct(map, types),
            Some(map) if map.contains_key("oneOf") => map
                .get("oneOf")
                .and_then(Node::as_array)
                .is_some_and(|branches| {
                    branches.len() > 1 && branches.iter().all(|b| simple(b, types))
                }),
            Some(map) if map.contains_key("enum") => true,
            Some(_) => simple(schema, types),
            None => false,
        };
        if !ok {
            diags
                .error(
                    codes::INVARIANT,
                    schema.span,
                    format!("the schema `{name}` was not fitted"),
                )
                .at(format!("/components/schemas/{name}"));
        }
    }
    for (pointer, schema) in &types.at {
        if !simple(schema, types) {
            diags
                .error(codes::INVARIANT, schema.span, "this schema was not fitted")
                .at(pointer.as_str());
        }
    }
}

fn is_struct(map: &Map, types: &Types) -> bool {
    let properties = map.get("properties").and_then(Node::as_object);
    properties.is_some_and(|properties| properties.values().all(|p| simple(p, types)))
        && map
            .get("additionalProperties")
            .is_none_or(|extra| simple(extra, types))
}

/// A reference, a primitive, anything, or a list or map of such.
fn simple(schema: &Node, types: &Types) -> bool {
    let Some(map) = schema.as_object() else {
        return schema.as_bool() == Some(true);
    };
    if ["oneOf", "anyOf", "not", "enum", "properties"]
        .iter()
        .any(|key| map.contains_key(key))
    {
        return false;
    }
    if let Some(parts) = map.get("allOf") {
        return matches!(parts.as_array(), Some([part]) if part.get("$ref").is_some() && simple(part, types));
    }
    if let Some(reference) = map.get("$ref") {
        return map.len() == 1
            && reference
                .as_str()
                .and_then(|text| text.strip_prefix(COMPONENTS))
                .is_some_and(|name| types.schemas.contains_key(name));
    }
    map.get("items").is_none_or(|items| simple(items, types))
        && map
            .get("additionalProperties")
            .is_none_or(|values| simple(values, types))
}
