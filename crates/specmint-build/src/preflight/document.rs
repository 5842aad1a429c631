//! The document progenitor is given: valid OpenAPI 3.0.3, and nothing in it left to guess.

use specmint_spec::{
    node::{Map, Node, Value},
    page::Span,
};

use super::schemas::Types;
use crate::model::{AnswerKind, Api, Body, BodyKind, Location, Operation, Parameter, StatusMatch};

/// Writes the document.
pub(crate) fn write(api: &Api, types: &Types) -> Node {
    let mut info = Map::new();
    put(&mut info, "title", &api.title);
    put(&mut info, "version", &api.version);
    let mut paths = Map::new();
    for operation in &api.operations {
        let item = paths
            .entry(operation.fitted_path.clone())
            .or_insert_with(|| Node::object::<String>(operation.span, []));
        item.insert(
            operation.key.method.clone(),
            write_operation(operation, types),
        );
    }
    let components = Node::object(
        Span::NONE,
        [("schemas", Node::new(Span::NONE, types.schemas.clone()))],
    );
    Node::object(
        Span::NONE,
        [
            ("openapi", Node::new(Span::NONE, "3.0.3")),
            ("info", Node::new(Span::NONE, info)),
            ("paths", Node::new(Span::NONE, paths)),
            ("components", components),
        ],
    )
}

/// The name a `$ref` refers to, also where it stands as the one part of an `allOf`.
pub(crate) fn reference(node: &Node) -> Option<&str> {
    let reference = match node.get("allOf").and_then(Node::as_array) {
        Some([only]) => only.get_str("$ref"),
        _ => node.get_str("$ref"),
    };
    reference?.strip_prefix("#/components/schemas/")
}

fn put(map: &mut Map, key: &str, text: &str) {
    map.insert(key.to_owned(), Node::new(Span::NONE, text));
}

fn put_some(map: &mut Map, key: &str, text: Option<&String>) {
    if let Some(text) = text {
        put(map, key, text);
    }
}

fn write_operation(operation: &Operation, types: &Types) -> Node {
    let mut out = Map::new();
    put(&mut out, "operationId", &operation.rust);
    put_some(&mut out, "summary", operation.summary.as_ref());
    put_some(&mut out, "description", operation.description.as_ref());
    if operation.deprecated {
        out.insert("deprecated".to_owned(), Node::new(Span::NONE, true));
    }
    if !operation.tags.is_empty() {
        let tags = operation
            .tags
            .iter()
            .map(|tag| Node::new(Span::NONE, tag.as_str()))
            .collect();
        out.insert("tags".to_owned(), Node::new(Span::NONE, Value::Array(tags)));
    }
    let parameters: Vec<Node> = operation
        .parameters
        .iter()
        .map(|p| write_parameter(p, types))
        .collect();
    out.insert(
        "parameters".to_owned(),
        Node::new(operation.span, Value::Array(parameters)),
    );
    if let Some(body) = &operation.body {
        out.insert("requestBody".to_owned(), write_body(body, types));
    }
    out.insert("responses".to_owned(), write_responses(operation, types));
    Node::new(operation.span, out)
}

fn write_parameter(parameter: &Parameter, types: &Types) -> Node {
    let in_path = parameter.location == Location::Path;
    let mut out = Map::new();
    put(&mut out, "name", &parameter.rust);
    // progenitor sends nothing, so where a value goes is only in the table; in the query it takes
    // optional types as they are.
    put(&mut out, "in", if in_path { "path" } else { "query" });
    put_some(&mut out, "description", parameter.description.as_ref());
    if parameter.required || in_path {
        out.insert("required".to_owned(), Node::new(Span::NONE, true));
    }
    let schema = if let Some(name) = &parameter.structure {
        // progenitor can't have a struct as a parameter; its type is put in afterwards.
        let mut string = string(None);
        string.insert("x-specmint-type", Node::new(Span::NONE, name.as_str()));
        string
    } else {
        schema(types, Some(&parameter.schema))
    };
    out.insert("schema".to_owned(), schema);
    Node::new(Span::NONE, out)
}

fn schema(types: &Types, at: Option<&String>) -> Node {
    at.and_then(|at| types.at.get(at))
        .cloned()
        .unwrap_or_else(|| Node::object::<String>(Span::NONE, []))
}

fn string(format: Option<&str>) -> Node {
    let mut out = Map::new();
    put(&mut out, "type", "string");
    if let Some(format) = format {
        put(&mut out, "format", format);
    }
    Node::new(Span::NONE, out)
}

fn content(media_type: &str, schema: Node) -> Node {
    let media = Node::object(Span::NONE, [("schema", schema)]);
    Node::object(Span::NONE, [(media_type, media)])
}

fn write_body(body: &Body, types: &Types) -> Node {
    let content = match &body.kind {
        BodyKind::Json | BodyKind::Form(_) | BodyKind::Multipart(_) => {
            content("application/json", schema(types, body.schema.as_ref()))
        }
        BodyKind::Text => content("application/json", string(None)),
        BodyKind::Bytes => content("application/octet-stream", string(Some("binary"))),
    };
    let mut out = Map::new();
    put_some(&mut out, "description", body.description.as_ref());
    out.insert("content".to_owned(), content);
    out.insert("required".to_owned(), Node::new(Span::NONE, true));
    Node::new(Span::NONE, out)
}

fn write_responses(operation: &Operation, types: &Types) -> Node {
    let outcome = &operation.outcome;
    let first = outcome.answers.first();
    let status = match first.map(|answer| answer.status) {
        Some(StatusMatch::Code(code @ 200..=299)) => code.to_string(),
        _ => "200".to_owned(),
    };
    let mut out = Map::new();
    put(&mut out, "description", "success");
    let content = match first.map(|answer| &answer.kind) {
        _ if outcome.several.is_some() => {
            Some(content("application/octet-stream", string(Some("binary"))))
        }
        Some(AnswerKind::Json(at)) => Some(content("application/json", schema(types, Some(at)))),
        Some(AnswerKind::Empty) | None => None,
        Some(AnswerKind::Text) => Some(content("text/plain", string(None))),
        Some(AnswerKind::Bytes) => {
            Some(content("application/octet-stream", string(Some("binary"))))
        }
    };
    if let Some(content) = content {
        out.insert("content".to_owned(), content);
    }
    Node::object(Span::NONE, [(status, Node::new(Span::NONE, out))])
}
