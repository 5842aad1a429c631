//! Everything that is no schema: members 3.0 asks for, and those it doesn't know.
//!
//! 3.1 and 3.0 say nearly the same here; documents often say less, or more.
//! The `openapiv3` crate refuses a whole document for one response without a description.
//! Here: what is missing and says nothing is added; what has no meaning is removed; a parameter
//! without a name or a known place can't be sent and is left out, which is said.
//! Lost: what could not have been used.

mod body;
mod parameter;
mod security;
mod servers;

use crate::{
    diag::codes::lower as codes,
    lower::{
        context::{Context, take},
        unresolved,
        walk::Kind,
    },
    node::{Map, Node, Value},
    page::Span,
};

pub(super) fn apply(node: &mut Node, kind: Kind, cx: &mut Context<'_>) {
    let span = node.span;
    if matches!(kind, Kind::RequestBody | Kind::Response) {
        unresolved::untyped_content(node, kind, cx);
    }
    if node.as_object().is_none() {
        // Empty values in YAML: `responses: {204: }`.
        if !node.is_null() {
            cx.note(
                codes::MALFORMED,
                span,
                "this holds no object; it is left out",
            );
        }
        node.value = Map::new().into();
    }
    let Some(map) = node.as_object_mut() else {
        return;
    };
    if map.get("$ref").is_some_and(|node| node.as_str().is_none()) {
        take(map, "$ref");
    }
    if kind.may_be_ref() && map.contains_key("$ref") {
        // 3.1's `summary` and `description` of a reference; 3.0 ignores them.
        map.retain(|key, _| key == "$ref");
        return;
    }
    match kind {
        Kind::Root => root(map, span, cx),
        Kind::Components => components(map, cx),
        Kind::PathItem => path_item(map, cx),
        Kind::Operation => operation(map, span, cx),
        Kind::Parameter => parameter::apply(map, span, cx),
        Kind::Header => parameter::header(map, span, cx),
        Kind::RequestBody => body::request_body(map, span, cx),
        Kind::Response => body::response(map, span, cx),
        Kind::MediaType => body::media_type(map, cx),
        Kind::Encoding => body::encoding(map, cx),
        Kind::Callback => map.retain(|key, node| !key.starts_with("x-") && is_object(node)),
        Kind::Example => {
            let known = ["summary", "description", "value", "externalValue"];
            keep(map, &known, cx);
            texts(map, &["summary", "description", "externalValue"]);
        }
        Kind::Link => body::link(map, cx),
        Kind::SecurityScheme => security::scheme(map, span, cx),
        Kind::Schema => {}
    }
}

fn root(map: &mut Map, span: Span, cx: &mut Context<'_>) {
    map.shift_insert(
        0,
        "openapi".to_owned(),
        Node::new(map.get("openapi").map_or(span, |node| node.span), "3.0.3"),
    );
    let info = map
        .entry("info".to_owned())
        .or_insert_with(|| Node::new(span, Map::new()));
    if !is_object(info) {
        info.value = Map::new().into();
    }
    if let Some(info) = info.as_object_mut() {
        let known = [
            "title",
            "description",
            "termsOfService",
            "contact",
            "license",
            "version",
        ];
        keep(info, &known, cx);
        texts(info, &["title", "description", "termsOfService", "version"]);
        info.entry("title".to_owned())
            .or_insert_with(|| Node::new(span, ""));
        info.entry("version".to_owned())
            .or_insert_with(|| Node::new(span, ""));
        if let Some(contact) = object(info, "contact") {
            keep(contact, &["name", "url", "email"], cx);
            texts(contact, &["name", "url", "email"]);
        }
        if let Some(license) = object(info, "license") {
            keep(license, &["name", "url"], cx);
            texts(license, &["name", "url"]);
            if !license.contains_key("name") {
                take(info, "license");
            }
        }
    }
    servers::apply(map, cx);
    security::requirements(map);
    if let Some(tags) = list(map, "tags") {
        let mut seen = std::collections::HashSet::new();
        for tag in tags.iter_mut() {
            if let Some(name) = tag.as_str().map(str::to_owned) {
                *tag = Node::object(tag.span, [("name", Node::new(tag.span, name))]);
            }
        }
        tags.retain(|tag| {
            tag.get_str("name")
                .is_some_and(|name| seen.insert(name.to_owned()))
        });
        for tag in tags.iter_mut().filter_map(Node::as_object_mut) {
            external_docs(tag);
            texts(tag, &["description"]);
            // 3.2 has more; they order pages, which no client has.
            tag.retain(|key, _| {
                matches!(key.as_str(), "name" | "description" | "externalDocs")
                    || key.starts_with("x-")
            });
        }
    }
    external_docs(map);
    let known = [
        "openapi",
        "info",
        "servers",
        "paths",
        "components",
        "security",
        "tags",
        "externalDocs",
    ];
    // Where older dialects keep what is referred to; all of that is a component by now.
    take(map, "definitions");
    take(map, "$defs");
    keep(map, &known, cx);
}

fn components(map: &mut Map, cx: &mut Context<'_>) {
    let known: Vec<&str> = Kind::SHARED.into_iter().filter_map(Kind::section).collect();
    keep(map, &known, cx);
    map.retain(|key, node| key.starts_with("x-") || is_object(node));
    for kind in Kind::SHARED {
        let Some(section) = kind.section().and_then(|section| object(map, section)) else {
            continue;
        };
        // A name like an extension's is allowed; what is no object never is.
        if matches!(kind, Kind::SecurityScheme | Kind::Callback) {
            section.retain(|_, node| is_object(node));
        }
        without_unresolved(section, kind, cx);
        if kind == Kind::Parameter {
            section.retain(|_, node| parameter::is_sendable(node, cx));
        }
        if kind == Kind::SecurityScheme {
            section.retain(|name, node| security::is_scheme(name, node, cx));
        }
        if kind == Kind::Link {
            section.retain(|_, node| body::is_link(node));
        }
    }
}

fn path_item(map: &mut Map, cx: &mut Context<'_>) {
    let known = [
        "summary",
        "description",
        "get",
        "put",
        "post",
        "delete",
        "options",
        "head",
        "patch",
        "trace",
        "servers",
        "parameters",
    ];
    map.retain(|key, node| {
        let is_lost = !known.contains(&key.as_str())
            && !key.starts_with("x-")
            && node.get("responses").is_some();
        if is_lost {
            let message = format!("3.0 has no method `{key}`; it is left out");
            cx.diags
                .skip(codes::METHOD, node.span, message)
                .at(cx.at.as_str());
        }
        !is_lost
    });
    keep(map, &known, cx);
    texts(map, &["summary", "description"]);
    map.retain(|key, node| {
        !matches!(
            key.as_str(),
            "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace"
        ) || is_object(node)
    });
    servers::apply(map, cx);
    parameter::all(map, cx);
}

fn operation(map: &mut Map, span: Span, cx: &mut Context<'_>) {
    let known = [
        "tags",
        "summary",
        "description",
        "externalDocs",
        "operationId",
        "parameters",
        "requestBody",
        "responses",
        "callbacks",
        "deprecated",
        "security",
        "servers",
    ];
    keep(map, &known, cx);
    texts(map, &["summary", "description", "operationId"]);
    truths(map, &["deprecated"]);
    external_docs(map);
    servers::apply(map, cx);
    security::requirements(map);
    parameter::all(map, cx);
    if let Some(tags) = list(map, "tags") {
        tags.retain(|tag| tag.as_str().is_some());
    }
    if map.get("requestBody").is_some_and(|node| !is_object(node)) {
        take(map, "requestBody");
    }
    if let Some(callbacks) = object(map, "callbacks") {
        callbacks.retain(|key, node| !key.starts_with("x-") && is_object(node));
    }
    let responses = map
        .entry("responses".to_owned())
        .or_insert_with(|| Node::new(span, Map::new()));
    if !is_object(responses) {
        responses.value = Map::new().into();
    }
    if let Some(responses) = responses.as_object_mut() {
        statuses(responses, cx);
        if responses.keys().all(|key| key.starts_with("x-")) {
            let empty = Node::object(span, [("description", Node::new(span, ""))]);
            responses.insert("default".to_owned(), empty);
        }
    }
}

/// Writes the keys of responses as 3.0 asks for.
fn statuses(responses: &mut Map, cx: &mut Context<'_>) {
    let is_fine = |key: &str| {
        key == "default"
            || key.starts_with("x-")
            || matches!(key.as_bytes(), [b'1'..=b'5', rest @ ..]
                if rest.len() == 2 && rest.iter().all(u8::is_ascii_digit) || rest == b"XX")
    };
    if responses.keys().all(|key| is_fine(key)) {
        return;
    }
    for (key, node) in std::mem::take(responses) {
        let upper = key.trim().to_ascii_uppercase();
        // YAML reads `200.0`, and some write `2xx` or `Default`.
        let upper = upper.strip_suffix(".0").unwrap_or(&upper).to_owned();
        if is_fine(&key) {
            responses.insert(key, node);
        } else if is_fine(&upper) {
            responses.entry(upper).or_insert(node);
        } else if upper == "DEFAULT" {
            responses.entry("default".to_owned()).or_insert(node);
        } else if let [b'6'..=b'9', b'0'..=b'9', b'0'..=b'9'] = upper.as_bytes() {
            // Outside of HTTP's range, but a reader can tell it from others.
            responses.entry(upper).or_insert(node);
        } else {
            cx.warning(
                codes::STATUS,
                node.span,
                format!("`{key}` is no status; it is left out"),
            );
        }
    }
}

fn external_docs(map: &mut Map) {
    if map
        .get("externalDocs")
        .is_some_and(|docs| docs.get_str("url").is_none())
    {
        take(map, "externalDocs");
    }
    if let Some(docs) = object(map, "externalDocs") {
        docs.retain(|key, _| {
            matches!(key.as_str(), "url" | "description") || key.starts_with("x-")
        });
        texts(docs, &["description"]);
    }
}

/// 3.0 takes `example` or `examples`, and `examples` is a map here.
fn one_example(map: &mut Map) {
    let Some(examples) = map.get_mut("examples") else {
        return;
    };
    match &mut examples.value {
        Value::Object(nodes) => {
            nodes.retain(|_, node| {
                node.as_object()
                    .is_some_and(|map| !unresolved::is_marked(map))
            });
            if nodes.is_empty() {
                take(map, "examples");
            } else {
                take(map, "example");
            }
        }
        Value::Array(nodes) => {
            let first = (!nodes.is_empty()).then(|| nodes.swap_remove(0));
            take(map, "examples");
            if let Some(first) = first {
                map.entry("example".to_owned()).or_insert(first);
            }
        }
        _ => {
            take(map, "examples");
        }
    }
}

fn is_object(node: &Node) -> bool {
    node.as_object().is_some()
}

/// Whether a node in a list or map still is what it refers to; says so if not.
fn is_resolved(node: &Node, kind: Kind, cx: &mut Context<'_>) -> bool {
    let Some(map) = node.as_object().filter(|map| unresolved::is_marked(map)) else {
        return true;
    };
    let message = unresolved::message(map, "it is left out");
    if matches!(kind, Kind::Parameter | Kind::SecurityScheme) {
        cx.warning(codes::UNRESOLVED, node.span, message);
    } else {
        cx.note(codes::UNRESOLVED_OTHER, node.span, message);
    }
    false
}

fn without_unresolved(section: &mut Map, kind: Kind, cx: &mut Context<'_>) {
    if !matches!(kind, Kind::Schema | Kind::RequestBody | Kind::Response) {
        section.retain(|_, node| is_resolved(node, kind, cx));
    }
}

/// Removes members that 3.0 doesn't know.
fn keep(map: &mut Map, known: &[&str], cx: &mut Context<'_>) {
    map.retain(|key, node| {
        let is_known = known.contains(&key.as_str()) || key.starts_with("x-");
        if !is_known {
            cx.note(
                codes::UNKNOWN,
                node.span,
                format!("`{key}` has no meaning here"),
            );
        }
        is_known
    });
}

/// Makes texts of scalars; removes what is none.
fn texts(map: &mut Map, keys: &[&str]) {
    for key in keys {
        if let Some(node) = map.get_mut(key) {
            to_text(node);
            if node.as_str().is_none() {
                take(map, key);
            }
        }
    }
}

fn to_text(node: &mut Node) {
    match &node.value {
        Value::Number(number) => {
            let text = number.text().to_owned();
            node.value = text.into();
        }
        Value::Bool(value) => node.value = value.to_string().into(),
        _ => {}
    }
}

/// Makes truth values of words; removes what is none.
fn truths(map: &mut Map, keys: &[&str]) {
    for key in keys {
        if let Some(node) = map.get_mut(key) {
            match node.as_str().map(str::to_ascii_lowercase).as_deref() {
                Some("true") => node.value = true.into(),
                Some("false") => node.value = false.into(),
                _ => {}
            }
            if node.as_bool().is_none() {
                take(map, key);
            }
        }
    }
}

/// The list a member holds; one that holds none is removed.
fn list<'a>(map: &'a mut Map, key: &str) -> Option<&'a mut Vec<Node>> {
    if map.get(key).is_some_and(|node| node.as_array().is_none()) {
        take(map, key);
    }
    map.get_mut(key)?.as_array_mut()
}

/// The object a member holds; one that holds none is removed.
fn object<'a>(map: &'a mut Map, key: &str) -> Option<&'a mut Map> {
    if map.get(key).is_some_and(|node| node.as_object().is_none()) {
        take(map, key);
    }
    map.get_mut(key)?.as_object_mut()
}
