//! Keywords of one type beside another.
//!
//! 3.1 and 3.0: such a keyword never applies; the readers of 3.0 take the schema for one of any type.
//! Here: removed.
//! Lost: nothing.

use crate::{
    diag::codes::lower as codes,
    lower::context::{Context, take},
    node::{Map, Node},
};

/// The type a keyword is about; integers are numbers here.
pub(super) fn family(key: &str) -> Option<&'static str> {
    Some(match key {
        "pattern" | "minLength" | "maxLength" => "string",
        "multipleOf" | "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => "number",
        "properties"
        | "required"
        | "additionalProperties"
        | "minProperties"
        | "maxProperties"
        | "patternProperties"
        | "propertyNames"
        | "dependentRequired"
        | "dependentSchemas"
        | "dependencies"
        | "unevaluatedProperties" => "object",
        "items"
        | "minItems"
        | "maxItems"
        | "uniqueItems"
        | "prefixItems"
        | "contains"
        | "minContains"
        | "maxContains"
        | "unevaluatedItems"
        | "additionalItems"
        | "x-specmint-prefix-items" => "array",
        _ => return None,
    })
}

pub(super) fn apply(schema: &mut Map, cx: &mut Context<'_>) {
    let Some(name) = schema.get("type").and_then(Node::as_str) else {
        return;
    };
    let name = name.to_owned();
    let of = if name == "integer" {
        "number"
    } else {
        name.as_str()
    };
    let wrong: Vec<_> = schema
        .keys()
        .filter(|key| {
            family(key).is_some_and(|family| family != of)
                || *key == "format" && matches!(of, "boolean" | "object" | "array")
        })
        .cloned()
        .collect();
    for key in wrong {
        let Some(node) = take(schema, &key) else {
            continue;
        };
        if key != "format" {
            cx.note(
                codes::CONTRADICTION,
                node.span,
                format!("`{key}` says nothing about a value of the type `{name}`"),
            );
        }
    }
    // The one keyword that 3.0 asks for.
    if name == "array" && !schema.contains_key("items") {
        let span = schema
            .get("type")
            .map_or(crate::page::Span::NONE, |node| node.span);
        schema.insert("items".to_owned(), Node::new(span, Map::new()));
    }
}
