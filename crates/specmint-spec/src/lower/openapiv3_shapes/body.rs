//! Bodies and answers, and what stands in them.

use super::{
    is_object, keep, object, one_example, parameter::style, texts, truths, without_unresolved,
};
use crate::{
    lower::{
        context::{Context, take},
        walk::Kind,
    },
    node::{Map, Node},
    page::Span,
};

pub(super) fn request_body(map: &mut Map, span: Span, cx: &mut Context<'_>) {
    keep(map, &["description", "content", "required"], cx);
    texts(map, &["description"]);
    truths(map, &["required"]);
    let content = map
        .entry("content".to_owned())
        .or_insert_with(|| Node::new(span, Map::new()));
    if !is_object(content) {
        content.value = Map::new().into();
    }
}

pub(super) fn response(map: &mut Map, span: Span, cx: &mut Context<'_>) {
    keep(map, &["description", "headers", "content", "links"], cx);
    texts(map, &["description"]);
    map.entry("description".to_owned())
        .or_insert_with(|| Node::new(span, ""));
    for (key, kind) in [("headers", Kind::Header), ("links", Kind::Link)] {
        if let Some(section) = object(map, key) {
            section.retain(|_, node| is_object(node));
            without_unresolved(section, kind, cx);
            section.retain(|_, node| kind != Kind::Link || is_link(node));
        }
    }
    object(map, "content");
}

pub(super) fn media_type(map: &mut Map, cx: &mut Context<'_>) {
    keep(map, &["schema", "example", "examples", "encoding"], cx);
    one_example(map);
    if let Some(encoding) = object(map, "encoding") {
        encoding.retain(|_, node| is_object(node));
    }
}

pub(super) fn encoding(map: &mut Map, cx: &mut Context<'_>) {
    keep(
        map,
        &[
            "contentType",
            "headers",
            "style",
            "explode",
            "allowReserved",
        ],
        cx,
    );
    texts(map, &["contentType", "style"]);
    truths(map, &["explode", "allowReserved"]);
    style(
        map,
        &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
        cx,
    );
    if let Some(headers) = object(map, "headers") {
        headers.retain(|_, node| is_object(node));
        without_unresolved(headers, Kind::Header, cx);
    }
}

pub(super) fn is_link(node: &Node) -> bool {
    let says = |key: &str| node.get_str(key).is_some();
    node.get_str("$ref").is_some() || says("operationRef") || says("operationId")
}

pub(super) fn link(map: &mut Map, cx: &mut Context<'_>) {
    let known = [
        "operationRef",
        "operationId",
        "parameters",
        "requestBody",
        "description",
        "server",
    ];
    keep(map, &known, cx);
    texts(map, &["description"]);
    object(map, "parameters");
    if map.contains_key("operationId") {
        take(map, "operationRef");
    }
    if map
        .get("server")
        .is_some_and(|server| server.get_str("url").is_none())
    {
        take(map, "server");
    }
}
