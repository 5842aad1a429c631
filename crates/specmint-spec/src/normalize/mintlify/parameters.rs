//! `parameters.<in>.<name>` → parameters, those that vanished included.

use super::{
    entry::{Direction, Entry, Place, Slot, read_all},
    union,
};
use crate::{
    diag::codes::normalize as codes,
    node::{Map, Node, Value},
    page::Span,
};

/// One parameter.
pub(crate) struct Parameter {
    name: String,
    location: String,
    span: Span,
    style: Option<Node>,
    explode: Option<Node>,
    pub(super) slot: Slot,
}

/// Reads all parameters, in the form's order: path, query, header, cookie.
pub(super) fn read(node: Node, place: &mut Place<'_>) -> Vec<Parameter> {
    let Value::Object(groups) = node.value else {
        return Vec::new();
    };
    let mut list = Vec::new();
    for (location, group) in groups {
        if !matches!(location.as_str(), "path" | "query" | "header" | "cookie") {
            continue;
        }
        let Value::Object(members) = group.value else {
            continue;
        };
        for (name, mut node) in members {
            let span = node.span;
            let schema = node
                .remove("schema")
                .unwrap_or_else(|| Node::new(span, Vec::<Node>::new()));
            let slot = read_all(schema, Direction::Parameter, place);
            list.push(Parameter {
                name: name.into(),
                location: location.to_string(),
                span,
                style: node.remove("style"),
                explode: node.remove("explode"),
                slot,
            });
        }
    }
    list
}

/// A parameter that the author described by `content` is not on the page; the path shows its name.
pub(super) fn add_vanished(parameters: &mut Vec<Parameter>, path: &Node, place: &mut Place<'_>) {
    for name in template_names(path.as_str().unwrap_or_default()) {
        if parameters
            .iter()
            .any(|p| p.location == "path" && p.name == name)
        {
            continue;
        }
        let span = path.span;
        place.warning(
            codes::PARAMETER_VANISHED,
            span,
            format!("the page does not describe the path parameter `{name}`; a string is assumed"),
        );
        let schema = Node::object(span, [("type", Node::new(span, "string"))]);
        let entry = Entry {
            schema,
            name: None,
            required: Some(true),
        };
        let slot = Slot {
            direction: Direction::Parameter,
            span,
            entries: vec![entry],
        };
        parameters.push(Parameter {
            name: name.to_owned(),
            location: "path".to_owned(),
            span,
            style: None,
            explode: None,
            slot,
        });
    }
}

/// The names in braces of a path template, once each.
fn template_names(path: &str) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for part in path.split('{').skip(1) {
        if let Some((name, _)) = part.split_once('}')
            && !name.is_empty()
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

/// Writes one parameter; what the form copied from it onto its entries goes back to it.
pub(super) fn write(parameter: Parameter) -> Node {
    let Parameter {
        name,
        location,
        span,
        style,
        explode,
        slot,
    } = parameter;
    let required = location == "path"
        || slot
            .entries
            .iter()
            .any(|entry| entry.required == Some(true));
    let mut schema = union::write(slot);
    let mut map = Map::new();
    map.insert("name".to_owned(), Node::new(span, name));
    map.insert("in".to_owned(), Node::new(span, location));
    if let Some(description) = schema.remove("description") {
        map.insert("description".to_owned(), description);
    }
    if required {
        map.insert("required".to_owned(), Node::new(span, true));
    }
    if let Some(deprecated) = schema.remove("deprecated") {
        map.insert("deprecated".to_owned(), deprecated);
    }
    for (key, node) in [("style", style), ("explode", explode)] {
        if let Some(node) = node {
            map.insert(key.to_owned(), node);
        }
    }
    map.insert("schema".to_owned(), schema);
    Node::new(span, map)
}
