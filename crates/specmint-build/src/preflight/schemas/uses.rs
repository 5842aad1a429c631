//! A type that the document doesn't describe is described by where it is used.

use std::collections::BTreeMap;

use specmint_spec::node::{Node, unescape_pointer};

use super::{Place, Role, Types};

/// Describes the structs, unions and enums that have no words of their own.
pub(super) fn describe(types: &mut Types, places: &[Place]) {
    let mut of_operations: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for place in places {
        let Some(what) = of_operation(place) else {
            continue;
        };
        for name in types.at.get(&place.pointer).into_iter().flat_map(named) {
            of_operations
                .entry(name)
                .and_modify(|(_, more)| *more += 1)
                .or_insert_with(|| (what.clone(), 0));
        }
    }
    let mut uses: BTreeMap<String, String> = of_operations
        .into_iter()
        .map(|(name, (what, more))| {
            let others = match more {
                0 => String::new(),
                1 => " and of one more operation".to_owned(),
                more => format!(" and of {more} more operations"),
            };
            (name, format!("{what}{others}."))
        })
        .collect();
    for (owner, schema) in &types.schemas {
        let properties = schema.get("properties").and_then(Node::as_object);
        for (field, property) in properties.into_iter().flatten() {
            let wire = types.renames.get(&(owner.to_string(), field.to_string()));
            let wire = wire.map_or(field.as_str(), String::as_str);
            for name in named(property).into_iter().filter(|name| name != owner) {
                uses.entry(name)
                    .or_insert_with(|| format!("In `{}` of `{owner}`.", wire.replace('`', "'")));
            }
        }
        let branches = schema.get("oneOf").and_then(Node::as_array);
        let branches = branches.into_iter().flatten().flat_map(named);
        for name in branches.filter(|name| name != owner) {
            uses.entry(name)
                .or_insert_with(|| format!("One of the alternatives of `{owner}`."));
        }
        if properties.is_none() {
            for name in named(schema).into_iter().filter(|name| name != owner) {
                uses.entry(name).or_insert_with(|| format!("In `{owner}`."));
            }
        }
    }
    for (name, schema) in &mut types.schemas {
        let has_name = ["properties", "oneOf", "enum"]
            .iter()
            .any(|key| schema.get(key).is_some());
        if has_name
            && schema.get("description").is_none()
            && let Some(text) = uses.get(name.as_str())
        {
            schema.insert("description", Node::new(schema.span, text.as_str()));
        }
    }
}

/// What a place is to its operation; `None` for one that many operations share.
fn of_operation(place: &Place) -> Option<String> {
    if let Some(rest) = place.pointer.strip_prefix("/x-specmint-webhooks/") {
        let name = unescape_pointer(rest.split('/').next()?).replace('`', "'");
        return Some(format!("The payload of the webhook `{name}`"));
    }
    let mut tokens = place.pointer.strip_prefix("/paths/")?.split('/');
    let path = unescape_pointer(tokens.next()?);
    let method = tokens.next()?.to_ascii_uppercase();
    let what = match place.role {
        Role::Parameter => "A parameter",
        Role::Body | Role::Multipart => "The body",
        Role::Answer => "The answer",
        Role::Error => "An error",
    };
    let path = path.replace('`', "'");
    if method == "PARAMETERS" {
        return Some(format!("{what} of `{path}`"));
    }
    Some(format!("{what} of `{method} {path}`"))
}

/// The named types that a fitted schema is made of.
fn named(schema: &Node) -> Vec<String> {
    let mut out = Vec::new();
    let mut open = vec![schema];
    while let Some(node) = open.pop() {
        let reference = node.get_str("$ref");
        out.extend(reference.and_then(|text| Some(text.rsplit_once('/')?.1.to_owned())));
        open.extend(node.get("items"));
        open.extend(node.get("additionalProperties"));
        open.extend(
            node.get("allOf")
                .and_then(Node::as_array)
                .into_iter()
                .flatten(),
        );
    }
    out
}
