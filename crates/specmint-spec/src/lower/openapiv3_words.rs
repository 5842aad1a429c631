//! Keywords with a value of the wrong kind.
//!
//! 3.1 and 3.0: an error; the `openapiv3` crate refuses the whole document for one of them.
//! Here: what was meant, where that is plain; otherwise the keyword is removed.
//! Lost: a keyword that says nothing.

use crate::{
    diag::codes::lower as codes,
    lower::context::{Context, take},
    node::{Map, Node, Value},
};

pub(super) fn apply(schema: &mut Map, cx: &mut Context<'_>) {
    for key in [
        "nullable",
        "readOnly",
        "writeOnly",
        "deprecated",
        "uniqueItems",
    ] {
        if let Some(node) = schema.get_mut(key) {
            match &node.value {
                Value::Bool(_) => {}
                Value::String(text) if matches!(text.as_str(), "true" | "false") => {
                    let value = text == "true";
                    node.value = value.into();
                }
                _ => malformed(schema, key, "no truth value", cx),
            }
        }
    }
    for key in ["title", "description", "pattern", "format"] {
        if let Some(node) = schema.get_mut(key) {
            match &node.value {
                Value::String(_) => {}
                Value::Number(number) => {
                    let text = number.text().to_owned();
                    node.value = text.into();
                }
                Value::Bool(value) => node.value = value.to_string().into(),
                _ => malformed(schema, key, "no text", cx),
            }
        }
    }
    if let Some(node) = schema.get_mut("required") {
        if let Value::Array(names) = &mut node.value {
            let mut seen = std::collections::HashSet::new();
            for name in names.iter_mut() {
                if let Value::Number(number) = &name.value {
                    let text = number.text().to_owned();
                    name.value = text.into();
                }
            }
            names.retain(|name| {
                name.as_str()
                    .is_some_and(|name| seen.insert(name.to_owned()))
            });
            if names.is_empty() {
                take(schema, "required");
            }
        } else {
            // `required: true` on a property itself: the form of a dialect before OpenAPI.
            malformed(schema, "required", "no list of names", cx);
        }
    }
    for key in ["properties", "xml", "externalDocs"] {
        if schema
            .get(key)
            .is_some_and(|node| node.as_object().is_none())
        {
            malformed(schema, key, "no object", cx);
        }
    }
    if schema
        .get("externalDocs")
        .is_some_and(|docs| docs.get_str("url").is_none())
    {
        malformed(schema, "externalDocs", "no `url`", cx);
    }
    for key in ["anyOf", "oneOf", "allOf"] {
        if let Some(node) = schema.get(key)
            && !matches!(node.value, Value::Array(_) | Value::Object(_))
        {
            malformed(schema, key, "no list of schemas", cx);
        }
    }
    discriminator(schema, cx);
}

fn discriminator(schema: &mut Map, cx: &mut Context<'_>) {
    let Some(node) = schema.get_mut("discriminator") else {
        return;
    };
    let span = node.span;
    // The form of the version before 3.0.
    if let Some(name) = node.as_str().map(str::to_owned) {
        *node = Node::object(span, [("propertyName", Node::new(span, name))]);
    }
    let has_name = node
        .get_str("propertyName")
        .is_some_and(|name| !name.is_empty());
    let Some(map) = node.as_object_mut().filter(|_| has_name) else {
        take(schema, "discriminator");
        cx.warning(
            codes::MALFORMED,
            span,
            "`discriminator` names no property; it is left out",
        );
        return;
    };
    map.retain(|key, _| key == "propertyName" || key == "mapping" || key.starts_with("x-"));
    if let Some(mapping) = map.get_mut("mapping") {
        match mapping.as_object_mut() {
            Some(values) => values.retain(|_, node| node.as_str().is_some()),
            None => {
                map.shift_remove("mapping");
            }
        }
    }
}

fn malformed(schema: &mut Map, key: &str, what: &str, cx: &mut Context<'_>) {
    if let Some(node) = take(schema, key) {
        cx.note(
            codes::MALFORMED,
            node.span,
            format!("`{key}` holds {what}; it is left out"),
        );
    }
}
