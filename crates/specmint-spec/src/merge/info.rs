//! What a document must say and pages may not: a title, a version, a server.

use crate::{
    api::Api,
    diag::{Diagnostics, codes::merge as codes},
    node::{Map, Node, Value},
    page::{Sources, Span},
};

/// The version of an API whose pages do not say it.
const UNKNOWN_VERSION: &str = "unknown";

/// Fills in what is missing, from what a person decided or from the site's index.
pub(super) fn complete(root: &mut Node, sources: &Sources, api: &Api, diags: &mut Diagnostics) {
    let span = root.span;
    let Some(map) = root.as_object_mut() else {
        return;
    };
    let info = map
        .entry("info".to_owned())
        .or_insert_with(|| Node::new(span, Map::new()));
    if let Some(info) = info.as_object_mut() {
        if !info.contains_key("title") {
            let title = api
                .title
                .clone()
                .or_else(|| site_title(sources))
                .unwrap_or_else(|| {
                    if api.name.is_empty() {
                        "API".to_owned()
                    } else {
                        api.name.clone()
                    }
                });
            info.shift_insert(0, "title".to_owned(), Node::new(span, title));
        }
        if !info.contains_key("version") {
            diags
                .note(
                    codes::VERSION_UNKNOWN,
                    span,
                    "the pages do not say the API's version",
                )
                .at("/info");
            info.insert("version".to_owned(), Node::new(span, UNKNOWN_VERSION));
        }
    }
    // `openapi` and `info` come first, as everybody expects them.
    if let Some(at) = map.get_index_of("info") {
        let to = usize::from(map.contains_key("openapi")).min(at);
        map.move_index(at, to);
    }
    let said = map
        .get("servers")
        .and_then(Node::as_array)
        .is_some_and(|servers| !servers.is_empty());
    if !said && let Some(url) = &api.base_url {
        let server = Node::object(span, [("url", Node::new(span, url.as_str()))]);
        let servers = Node::new(span, vec![server]);
        if let Some(node) = map.get_mut("servers") {
            *node = servers;
        } else {
            map.shift_insert(2.min(map.len()), "servers".to_owned(), servers);
        }
    }
}

/// The heading of the site's `llms.txt`.
fn site_title(sources: &Sources) -> Option<String> {
    let mut indexes = sources
        .iter()
        .filter(|(_, page)| page.id.0 == "llms.txt" || page.id.0.ends_with("/llms.txt"));
    let (_, page) = indexes.next()?;
    let title = page
        .text
        .lines()
        .find_map(|line| line.strip_prefix("# "))?
        .trim();
    (!title.is_empty() && !title.starts_with("Source:")).then(|| title.to_owned())
}

/// A document without anything.
pub(super) fn empty() -> Node {
    let span = Span::NONE;
    let mut map = Map::new();
    map.insert("openapi".to_owned(), Node::new(span, "3.1.0"));
    map.insert(
        "paths".to_owned(),
        Node {
            span,
            value: Value::Object(Map::new()),
        },
    );
    Node::new(span, map)
}
