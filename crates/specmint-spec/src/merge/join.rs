//! Many fragments → one tree.
//!
//! What a fragment says for all its operations (servers, security, keys of a path item) stays where
//! it is while all agree, and goes to the operations where they don't.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    choice,
    identity::{self, Depth, Place},
    names::{self, Names},
    reference,
};
use crate::{
    diag::{Diagnostics, codes::merge as codes},
    fragment::{Form, Fragment},
    node::{Key, Map, Node, Value, escape_pointer},
    page::{Sources, Span},
    shared::Fate,
    walk::{Kind, METHODS},
};

/// The tree, and the fragment of every operation.
pub(super) fn all(
    fragments: &mut [Fragment],
    sources: &Sources,
    diags: &mut Diagnostics,
) -> (Node, BTreeMap<Place, usize>) {
    let (winners, mut names) = decide(fragments, sources, diags);
    let live: BTreeSet<usize> = winners.values().copied().collect();
    for (at, names) in &names {
        let Fragment { root, copies, .. } = &mut fragments[*at];
        copies.put(root, |section, name, tree| {
            if names.kept.contains(&(section.clone(), name.clone())) {
                Fate::Put(tree)
            } else {
                Fate::Stays(tree)
            }
        });
        if !names.renamed.is_empty() {
            reference::rename(&mut fragments[*at].root, Kind::Document, &names.renamed);
        }
    }
    let span = live.first().map_or(Span::NONE, |at| fragments[*at].span);
    let servers = common(fragments, &winners, "servers");
    let security = common(fragments, &winners, "security");
    push_down(fragments, &live, servers.as_ref(), security.as_ref());

    let mut root = head(fragments, &live, diags);
    for (key, node) in [("servers", servers), ("security", security)] {
        if let Some(node) = node {
            root.insert(key.to_owned(), node);
        }
    }
    if let Some(tags) = tags(fragments, &live) {
        root.insert("tags".to_owned(), tags);
    }
    for section in ["paths", "webhooks"] {
        let items = items(section, fragments, &winners);
        if section == "paths" || !items.is_empty() {
            root.insert(section.to_owned(), Node::new(span, items));
        }
    }
    let components = components(fragments, &mut names);
    if !components.is_empty() {
        root.insert("components".to_owned(), Node::new(span, components));
    }
    for at in &live {
        let Some(map) = fragments[*at].root.as_object_mut() else {
            continue;
        };
        let others: Vec<Key> = map
            .keys()
            .filter(|key| {
                matches!(key.as_str(), "externalDocs" | "jsonSchemaDialect")
                    || key.starts_with("x-")
            })
            .filter(|key| !root.contains_key(key))
            .cloned()
            .collect();
        for key in others {
            if let Some(node) = map.shift_remove(&key) {
                root.insert(key, node);
            }
        }
    }
    let mut root = Node::new(span, root);
    distinct_ids(&mut root, diags);
    (root, winners)
}

/// Which operations are taken, and what their components are called.
fn decide(
    fragments: &[Fragment],
    sources: &Sources,
    diags: &mut Diagnostics,
) -> (BTreeMap<Place, usize>, BTreeMap<usize, Names>) {
    let units = identity::units(fragments);
    let whole = identity::classes(&units, Depth::Whole);
    let winners = choice::winners(&units, &whole, fragments, sources, diags);
    let live = winners.values().copied().collect();
    let names = names::settle(&units, &whole, &live, diags);
    (winners, names)
}

/// What most operations' fragments say in a key of the root.
///
/// Saying nothing of servers leaves the matter to others; saying nothing of security means that
/// there is none, except in the endpoint form, whose operations say it themselves.
fn common(fragments: &[Fragment], winners: &BTreeMap<Place, usize>, key: &str) -> Option<Node> {
    let mut votes: Vec<(Option<&Node>, usize, usize)> = Vec::new();
    for at in winners.values() {
        let node = said(&fragments[*at].root, key);
        let silence_counts = key == "security" && fragments[*at].form == Form::OpenApi;
        if node.is_none() && !silence_counts {
            continue;
        }
        match votes.iter_mut().find(|(known, ..)| *known == node) {
            Some((_, count, first)) => {
                *count += 1;
                *first = (*first).min(*at);
            }
            None => votes.push((node, 1, *at)),
        }
    }
    let best = votes
        .into_iter()
        .min_by_key(|(_, count, first)| (std::cmp::Reverse(*count), *first));
    best.and_then(|(node, ..)| node.cloned())
}

fn said<'n>(root: &'n Node, key: &str) -> Option<&'n Node> {
    let node = root.get(key)?;
    let is_empty = node.as_array().is_none_or(<[Node]>::is_empty);
    (!(is_empty && key == "servers")).then_some(node)
}

/// Writes what a fragment says for all its operations into those that do not say it themselves,
/// where the document as a whole says something else.
fn push_down(
    fragments: &mut [Fragment],
    live: &BTreeSet<usize>,
    servers: Option<&Node>,
    security: Option<&Node>,
) {
    for at in live {
        let root = &mut fragments[*at].root;
        let own_servers = said(root, "servers")
            .filter(|own| Some(*own) != servers)
            .cloned();
        let own_security = match said(root, "security") {
            own if own == security => None,
            Some(own) => Some(own.clone()),
            // Nothing said means: no credentials.
            None => Some(Node::new(root.span, Vec::<Node>::new())),
        };
        if own_servers.is_none() && own_security.is_none() {
            continue;
        }
        let Some(items) = root.get_mut("paths").and_then(Node::as_object_mut) else {
            continue;
        };
        for (_, item) in items.iter_mut() {
            let has_servers = item.get("servers").is_some();
            let Some(members) = item.as_object_mut() else {
                continue;
            };
            for (method, operation) in members.iter_mut() {
                if !METHODS.contains(&method.as_str()) {
                    continue;
                }
                let Some(operation) = operation.as_object_mut() else {
                    continue;
                };
                if let Some(node) = own_servers.as_ref().filter(|_| !has_servers) {
                    operation
                        .entry("servers".to_owned())
                        .or_insert_with(|| node.clone());
                }
                if let Some(node) = &own_security {
                    operation
                        .entry("security".to_owned())
                        .or_insert_with(|| node.clone());
                }
            }
        }
    }
}

/// `openapi` and `info`.
fn head(fragments: &[Fragment], live: &BTreeSet<usize>, diags: &mut Diagnostics) -> Map {
    let mut root = Map::new();
    let documents = || live.iter().map(|at| &fragments[*at].root);
    let version = documents()
        .filter_map(|root| root.get("openapi"))
        .max_by(|a, b| {
            // The later of two equal ones would be the last page's; the first page's is wanted.
            a.as_str()
                .cmp(&b.as_str())
                .then(std::cmp::Ordering::Greater)
        });
    if let Some(version) = version {
        root.insert("openapi".to_owned(), version.clone());
    }
    let mut votes: Vec<(&Node, usize)> = Vec::new();
    for info in documents().filter_map(|root| root.get("info")) {
        match votes.iter_mut().find(|(known, _)| *known == info) {
            Some((_, count)) => *count += 1,
            None => votes.push((info, 1)),
        }
    }
    let most = votes
        .iter()
        .map(|(_, count)| *count)
        .max()
        .unwrap_or_default();
    if let Some((info, _)) = votes.iter().find(|(_, count)| *count == most) {
        if let Some((other, _)) = votes.iter().find(|(other, _)| other != info) {
            diags
                .note(
                    codes::INFO_DIFFERS,
                    info.span,
                    "pages disagree about the API's `info`; this one is used",
                )
                .label(other.span, "another")
                .at("/info");
        }
        root.insert("info".to_owned(), (*info).clone());
    }
    root
}

/// The tags of all fragments, each name once.
fn tags(fragments: &[Fragment], live: &BTreeSet<usize>) -> Option<Node> {
    let mut list: Vec<Node> = Vec::new();
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut span = None;
    for at in live {
        let Some(tags) = fragments[*at].root.get("tags") else {
            continue;
        };
        span.get_or_insert(tags.span);
        for tag in tags.as_array().into_iter().flatten() {
            if names.insert(tag.get_str("name").unwrap_or_default()) {
                list.push(tag.clone());
            }
        }
    }
    span.map(|span| Node::new(span, list))
}

/// The path items (or webhooks), in the order of the pages.
fn items(section: &str, fragments: &mut [Fragment], winners: &BTreeMap<Place, usize>) -> Map {
    let mut wanted: BTreeMap<(usize, &str), Vec<&str>> = BTreeMap::new();
    for (place, at) in winners.iter().filter(|(place, _)| place.section == section) {
        wanted
            .entry((*at, &place.path))
            .or_default()
            .push(&place.method);
    }
    let agreed = agreed(section, fragments, &wanted);
    let mut items = Map::new();
    for (at, fragment) in fragments.iter_mut().enumerate() {
        let Some(members) = fragment.root.get_mut(section).and_then(Node::as_object_mut) else {
            continue;
        };
        for (path, mut item) in std::mem::take(members) {
            let Some(methods) = wanted.get(&(at, path.as_str())) else {
                continue;
            };
            let span = item.span;
            let Some(map) = item.as_object_mut() else {
                continue;
            };
            let mut operations = Vec::new();
            for (key, node) in std::mem::take(map) {
                if !METHODS.contains(&key.as_str()) {
                    map.insert(key, node);
                } else if methods.contains(&key.as_str()) {
                    operations.push((key, node));
                }
            }
            if !agreed.contains(path.as_str()) {
                for (_, operation) in &mut operations {
                    push_item_down(map, operation);
                }
                map.shift_remove("parameters");
                map.shift_remove("servers");
            }
            let entry = items
                .entry(path)
                .or_insert_with(|| Node::new(span, Map::new()));
            if let Some(entry) = entry.as_object_mut() {
                for (key, node) in std::mem::take(map).into_iter().chain(operations) {
                    entry.entry(key).or_insert(node);
                }
            }
        }
    }
    items
}

/// The paths whose item says the same in all fragments that contribute to it.
fn agreed(
    section: &str,
    fragments: &[Fragment],
    wanted: &BTreeMap<(usize, &str), Vec<&str>>,
) -> BTreeSet<String> {
    let mut first: BTreeMap<&str, Vec<(&Key, &Node)>> = BTreeMap::new();
    let mut split: BTreeSet<&str> = BTreeSet::new();
    for (at, path) in wanted.keys() {
        let item = fragments[*at]
            .root
            .get(section)
            .and_then(|items| items.get(path));
        let keys: Vec<(&Key, &Node)> = item
            .and_then(Node::as_object)
            .into_iter()
            .flatten()
            .filter(|(key, _)| matches!(key.as_str(), "parameters" | "servers"))
            .collect();
        match first.get(path) {
            Some(known) if *known != keys => {
                split.insert(path);
            }
            Some(_) => {}
            None => {
                first.insert(path, keys);
            }
        }
    }
    first
        .into_keys()
        .filter(|path| !split.contains(path))
        .map(str::to_owned)
        .collect()
}

/// Parameters and servers of a path item become one operation's own.
fn push_item_down(item: &Map, operation: &mut Node) {
    let span = operation.span;
    let Some(operation) = operation.as_object_mut() else {
        return;
    };
    if let Some(servers) = item.get("servers") {
        operation
            .entry("servers".to_owned())
            .or_insert_with(|| servers.clone());
    }
    let Some(inherited) = item.get("parameters").and_then(Node::as_array) else {
        return;
    };
    let own = operation
        .entry("parameters".to_owned())
        .or_insert_with(|| Node::new(span, Vec::<Node>::new()));
    let Some(own) = own.as_array_mut() else {
        return;
    };
    let key = |node: &Node| {
        (
            node.get_str("in").map(str::to_owned),
            node.get_str("name").map(str::to_owned),
        )
    };
    let mut list: Vec<Node> = inherited
        .iter()
        .filter(|node| {
            node.get_str("$ref").is_some() || !own.iter().any(|other| key(other) == key(node))
        })
        .cloned()
        .collect();
    list.append(own);
    *own = list;
}

/// Every component once, in the order of the pages; security schemes last.
fn components(fragments: &mut [Fragment], names: &mut BTreeMap<usize, Names>) -> Map {
    let mut sections = Map::new();
    for (at, fragment) in fragments.iter_mut().enumerate() {
        let Some(names) = names.get_mut(&at) else {
            continue;
        };
        let Some(components) = fragment
            .root
            .get_mut("components")
            .and_then(Node::as_object_mut)
        else {
            continue;
        };
        for (section, node) in std::mem::take(components) {
            let span = node.span;
            let Value::Object(members) = node.value else {
                continue;
            };
            for (name, node) in members {
                let component = (section.clone(), name);
                if !names.kept.contains(&component) {
                    continue;
                }
                let name = names
                    .renamed
                    .get(&component)
                    .cloned()
                    .unwrap_or(component.1);
                let map = sections
                    .entry(section.clone())
                    .or_insert_with(|| Node::new(span, Map::new()));
                if let Some(map) = map.as_object_mut() {
                    map.insert(name, node);
                }
            }
        }
    }
    if let Some(schemes) = sections.shift_remove("securitySchemes") {
        sections.insert("securitySchemes".to_owned(), schemes);
    }
    sections
}

/// An `operationId` is one operation's; pages of different dates can give it to two.
fn distinct_ids(root: &mut Node, diags: &mut Diagnostics) {
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for section in ["paths", "webhooks"] {
        let Some(items) = root.get_mut(section).and_then(Node::as_object_mut) else {
            continue;
        };
        for (path, item) in items.iter_mut() {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                if !METHODS.contains(&method.as_str()) {
                    continue;
                }
                let Some(id) = operation.get("operationId") else {
                    continue;
                };
                let (Some(text), span) = (id.as_str().map(str::to_owned), id.span) else {
                    continue;
                };
                match seen.get(&text) {
                    Some(first) => {
                        diags
                            .note(codes::ID_TAKEN, span, format!("the operation id `{text}` is another operation's; it is left out here"))
                            .label(*first, "the operation that keeps it")
                            .at(format!("/{section}/{}/{method}", escape_pointer(path)));
                        operation.remove("operationId");
                    }
                    None => {
                        seen.insert(text, span);
                    }
                }
            }
        }
    }
}
