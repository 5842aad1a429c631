//! One operation before and after: parameters, bodies, answers, and what is said about it.

use std::collections::{BTreeMap, BTreeSet};

use specmint_spec::node::{Map, Node};

use super::{Compare, Direction, Operation, Seen, shown};

impl<'d> Compare<'d> {
    pub(super) fn operation(&mut self, old: &Operation<'d>, new: &Operation<'d>) {
        self.servers(old, new);
        self.credentials(old, new);
        if self.touched.is_empty()
            && old.node == new.node
            && old.item == new.item
            && self.same_components()
        {
            return;
        }
        self.labels(old.node, new.node);
        self.parameters(old, new);
        self.request(
            old.node.get("requestBody"),
            new.node.get("requestBody"),
            new.node,
        );
        self.responses(old.node, new.node);
        self.descriptions_of(old.node, new.node, "");
    }

    /// Whether everything that operations share is the same, so that equal operations are equal.
    fn same_components(&self) -> bool {
        self.old.get("components") == self.new.get("components")
    }

    fn labels(&mut self, old: &'d Node, new: &'d Node) {
        let id = |node: &'d Node| node.get_str("operationId");
        if id(old) != id(new) {
            let what = format!(
                "operationId {} → {}",
                id(old).unwrap_or("none"),
                id(new).unwrap_or("none")
            );
            let seen = Seen::new("operation-id-changed", "", what)
                .values(id(old), id(new))
                .spans(old.get("operationId"), new.get("operationId").or(Some(new)));
            self.see(seen);
        }
        let tags = |node: &'d Node| -> BTreeSet<&'d str> {
            let tags = node
                .get("tags")
                .and_then(Node::as_array)
                .unwrap_or_default();
            tags.iter().filter_map(Node::as_str).collect()
        };
        if tags(old) != tags(new) {
            let words = |tags: BTreeSet<&str>| tags.into_iter().collect::<Vec<_>>().join(", ");
            let what = format!("tags {} → {}", words(tags(old)), words(tags(new)));
            self.see(
                Seen::new("tags-changed", "", what)
                    .spans(old.get("tags"), new.get("tags").or(Some(new))),
            );
        }
        match (flag(old, "deprecated"), flag(new, "deprecated")) {
            (false, true) => {
                self.see(
                    Seen::new("operation-deprecated", "", "deprecated")
                        .spans(None, new.get("deprecated")),
                );
            }
            (true, false) => {
                self.see(
                    Seen::new("operation-undeprecated", "", "no longer deprecated")
                        .spans(None, Some(new)),
                );
            }
            _ => {}
        }
    }

    fn parameters(&mut self, old: &Operation<'d>, new: &Operation<'d>) {
        let before = parameters(old, |node| self.old_at(node));
        let after = parameters(new, |node| self.new_at(node));
        for (key, old) in &before {
            let place = format!("{} parameter {}", key.0, key.1);
            match after.get(key) {
                Some(new) => self.parameter(&place, old, new),
                None => self
                    .see(Seen::new("parameter-removed", place, "removed").spans(Some(old), None)),
            }
        }
        for (key, new) in &after {
            if before.contains_key(key) {
                continue;
            }
            let place = format!("{} parameter {}", key.0, key.1);
            let required = flag(new, "required");
            let rule = if required {
                "parameter-added-required"
            } else {
                "parameter-added"
            };
            let what = if required { "added, required" } else { "added" };
            self.see(Seen::new(rule, place, what).spans(None, Some(new)));
        }
    }

    fn parameter(&mut self, place: &str, old: &'d Node, new: &'d Node) {
        match (flag(old, "required"), flag(new, "required")) {
            (false, true) => {
                self.see(
                    Seen::new("parameter-became-required", place, "optional → required")
                        .spans(None, Some(new)),
                );
            }
            (true, false) => {
                self.see(
                    Seen::new("parameter-became-optional", place, "required → optional")
                        .spans(None, Some(new)),
                );
            }
            _ => {}
        }
        if !flag(old, "deprecated") && flag(new, "deprecated") {
            self.see(Seen::new("parameter-deprecated", place, "deprecated").spans(None, Some(new)));
        }
        for key in ["style", "explode"] {
            let (before, after) = (serialization(old, key), serialization(new, key));
            if before != after {
                let what = format!("{key} {before} → {after}");
                let seen = Seen::new("parameter-serialization-changed", place, what)
                    .values(Some(&before), Some(&after))
                    .spans(old.get(key), new.get(key).or(Some(new)));
                self.see(seen);
            }
        }
        self.descriptions_of(old, new, place);
        if let (Some(old), Some(new)) = (old.get("schema"), new.get("schema")) {
            self.schema(place, Direction::Request, old, new);
        } else {
            let media_types = |node: &'d Node| node.get("content").and_then(Node::as_object);
            if let (Some(old), Some(new)) = (media_types(old), media_types(new)) {
                self.media_types(place, Direction::Request, old, new);
            }
        }
    }

    fn request(&mut self, old: Option<&'d Node>, new: Option<&'d Node>, operation: &'d Node) {
        let old = old.map(|node| self.old_at(node));
        let new = new.map(|node| self.new_at(node));
        let place = "request";
        match (old, new) {
            (None, None) => {}
            (None, Some(new)) => {
                let required = flag(new, "required");
                let rule = if required {
                    "request-body-added-required"
                } else {
                    "request-body-added"
                };
                let what = if required {
                    "body added, required"
                } else {
                    "body added"
                };
                self.see(Seen::new(rule, place, what).spans(None, Some(new)));
            }
            (Some(old), None) => {
                self.see(
                    Seen::new("request-body-removed", place, "body removed")
                        .spans(Some(old), Some(operation)),
                );
            }
            (Some(old), Some(new)) => {
                match (flag(old, "required"), flag(new, "required")) {
                    (false, true) => self.see(
                        Seen::new(
                            "request-body-became-required",
                            place,
                            "body optional → required",
                        )
                        .spans(None, Some(new)),
                    ),
                    (true, false) => self.see(
                        Seen::new(
                            "request-body-became-optional",
                            place,
                            "body required → optional",
                        )
                        .spans(None, Some(new)),
                    ),
                    _ => {}
                }
                self.descriptions_of(old, new, place);
                let empty = Map::new();
                let content = |node: &'d Node| node.get("content").and_then(Node::as_object);
                if let (Some(old), Some(new)) = (content(old), content(new)) {
                    self.media_types(place, Direction::Request, old, new);
                } else if content(old).unwrap_or(&empty).is_empty()
                    != content(new).unwrap_or(&empty).is_empty()
                {
                    self.see(
                        Seen::new("request-media-type-removed", place, "content changed")
                            .spans(Some(old), Some(new)),
                    );
                }
            }
        }
    }

    fn responses(&mut self, old: &'d Node, new: &'d Node) {
        let empty = Map::new();
        let of = |node: &'d Node| node.get("responses").and_then(Node::as_object);
        let before = of(old);
        let after = of(new);
        for (status, old) in before.into_iter().flatten() {
            let place = format!("response {status}");
            if let Some(new) = after.and_then(|after| after.get(status)) {
                let (old, new) = (self.old_at(old), self.new_at(new));
                self.response(&place, old, new);
                continue;
            }
            let rule = if is_success(status) {
                "success-status-removed"
            } else {
                "error-status-removed"
            };
            self.see(Seen::new(rule, place, "removed").spans(Some(old), Some(new)));
        }
        for (status, new) in after.into_iter().flatten() {
            if !before.unwrap_or(&empty).contains_key(status) {
                let rule = if is_success(status) {
                    "success-status-added"
                } else {
                    "error-status-added"
                };
                self.see(
                    Seen::new(rule, format!("response {status}"), "added").spans(None, Some(new)),
                );
            }
        }
    }

    fn response(&mut self, place: &str, old: &'d Node, new: &'d Node) {
        self.descriptions_of(old, new, place);
        let content = |node: &'d Node| {
            node.get("content")
                .and_then(Node::as_object)
                .filter(|c| !c.is_empty())
        };
        match (content(old), content(new)) {
            (None, None) => {}
            (None, Some(_)) => self
                .see(Seen::new("response-body-added", place, "body added").spans(None, Some(new))),
            (Some(_), None) => {
                self.see(
                    Seen::new("response-body-removed", place, "body removed")
                        .spans(Some(old), Some(new)),
                );
            }
            (Some(old), Some(new)) => self.media_types(place, Direction::Response, old, new),
        }
        let headers = |node: &'d Node| -> BTreeMap<String, &'d Node> {
            let headers = node
                .get("headers")
                .and_then(Node::as_object)
                .into_iter()
                .flatten();
            headers
                .map(|(name, node)| (name.to_ascii_lowercase(), node))
                .collect()
        };
        let (before, after) = (headers(old), headers(new));
        for (name, old) in &before {
            let place = format!("{place} header {name}");
            let old = self.old_at(old);
            match after.get(name) {
                Some(new) => {
                    let new = self.new_at(new);
                    if let (Some(old), Some(new)) = (old.get("schema"), new.get("schema")) {
                        self.schema(&place, Direction::Response, old, new);
                    }
                }
                None if flag(old, "required") => {
                    self.see(
                        Seen::new("required-response-header-removed", place, "removed")
                            .spans(Some(old), Some(new)),
                    );
                }
                None => self.see(
                    Seen::new("response-header-removed", place, "removed")
                        .spans(Some(old), Some(new)),
                ),
            }
        }
        for (name, new) in &after {
            if !before.contains_key(name) {
                let place = format!("{place} header {name}");
                self.see(Seen::new("response-header-added", place, "added").spans(None, Some(new)));
            }
        }
    }

    fn media_types(&mut self, place: &str, direction: Direction, old: &'d Map, new: &'d Map) {
        let plain = |map: &'d Map| -> BTreeMap<String, &'d Node> {
            map.iter()
                .map(|(name, node)| (name.to_ascii_lowercase(), node))
                .collect()
        };
        let (before, after) = (plain(old), plain(new));
        let request = direction == Direction::Request;
        for (name, old) in &before {
            if let Some(new) = after.get(name) {
                // JSON is the ordinary case and goes without saying.
                let place = if name == "application/json" {
                    place.to_owned()
                } else {
                    format!("{place} {name}")
                };
                match (old.get("schema"), new.get("schema")) {
                    (Some(old), Some(new)) => self.schema(&place, direction, old, new),
                    (None, None) => {}
                    (old, new) => {
                        let what = if new.is_some() {
                            "schema added"
                        } else {
                            "schema removed"
                        };
                        self.see(Seen::new("schema-changed", place, what).spans(old, new));
                    }
                }
            } else {
                let rule = if request {
                    "request-media-type-removed"
                } else {
                    "response-media-type-removed"
                };
                let what = format!("media type {name} removed");
                let still = after.values().next().copied();
                self.see(
                    Seen::new(rule, place, what)
                        .values(Some(name), None)
                        .spans(Some(old), still),
                );
            }
        }
        for (name, new) in &after {
            if !before.contains_key(name) {
                let rule = if request {
                    "request-media-type-added"
                } else {
                    "response-media-type-added"
                };
                let what = format!("media type {name} added");
                self.see(
                    Seen::new(rule, place, what)
                        .values(None, Some(name))
                        .spans(None, Some(new)),
                );
            }
        }
    }

    /// Counts what is said about a thing and means nothing to a program.
    pub(super) fn descriptions_of(&mut self, old: &Node, new: &Node, place: &str) {
        for key in [
            "summary",
            "description",
            "title",
            "example",
            "examples",
            "externalDocs",
        ] {
            if old.get(key) != new.get(key) {
                let owner = if place.starts_with("schema ") {
                    ""
                } else {
                    &self.operation
                };
                self.descriptions.insert(format!("{owner} {place} {key}"));
            }
        }
    }
}

/// The parameters of an operation by place and name; its own win over the path's.
fn parameters<'d>(
    operation: &Operation<'d>,
    resolve: impl Fn(&'d Node) -> &'d Node,
) -> BTreeMap<(String, String), &'d Node> {
    let mut found = BTreeMap::new();
    for owner in [operation.item, operation.node] {
        for node in owner
            .get("parameters")
            .and_then(Node::as_array)
            .unwrap_or_default()
        {
            let node = resolve(node);
            let (Some(place), Some(name)) = (node.get_str("in"), node.get_str("name")) else {
                continue;
            };
            // Header names are compared as HTTP does.
            let name = if place == "header" {
                name.to_ascii_lowercase()
            } else {
                name.to_owned()
            };
            found.insert((place.to_owned(), name), node);
        }
    }
    found
}

pub(super) fn flag(node: &Node, key: &str) -> bool {
    node.get(key).and_then(Node::as_bool) == Some(true)
}

/// `style` or `explode`, with the defaults of the specification.
fn serialization(parameter: &Node, key: &str) -> String {
    let place = parameter.get_str("in").unwrap_or_default();
    let style = parameter.get_str("style").unwrap_or(match place {
        "query" | "cookie" => "form",
        _ => "simple",
    });
    if key == "style" {
        return style.to_owned();
    }
    parameter
        .get("explode")
        .map_or_else(|| (style == "form").to_string(), shown)
}

fn is_success(status: &str) -> bool {
    status.starts_with(['1', '2', '3'])
}
