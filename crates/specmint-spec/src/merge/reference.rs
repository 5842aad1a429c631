//! References into `components`: finding them, changing them, following them.

use std::collections::BTreeMap;

use crate::{
    node::{Key, Map, Node, escape_pointer, unescape_pointer},
    walk::{self, Kind, Path},
};

/// A component: its section (`schemas`, `parameters`, …) and its name.
pub(super) type Component = (Key, Key);

/// How many references are followed one after the other.
const MAX_HOPS: usize = 32;

/// `#/components/SECTION/NAME…` → the component and what follows its name.
pub(super) fn parse(reference: &str) -> Option<(Component, &str)> {
    let rest = reference.strip_prefix("#/components/")?;
    let (section, rest) = rest.split_once('/')?;
    let end = rest.find('/').unwrap_or(rest.len());
    let (name, below) = rest.split_at(end);
    Some(((section.into(), decode(name).into()), below))
}

/// A reference token without its escapes; `%` escapes are those of a URL.
fn decode(token: &str) -> String {
    unescape_pointer(&percent_decode(token))
}

fn percent_decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = |b: u8| char::from(b).to_digit(16);
        if let (b'%', [high, low, after @ ..]) = (first, tail)
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
            && let Ok(byte) = u8::try_from(high * 16 + low)
        {
            bytes.push(byte);
            rest = after;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// Every component that a part of a document refers to, sorted, once each.
pub(super) fn all(node: &Node, kind: Kind) -> Vec<Component> {
    let mut found = Vec::new();
    walk::each(node, kind, &Path::start(""), &mut |node, kind, _| {
        if let Some((component, _)) = node.get_str("$ref").and_then(parse) {
            found.push(component);
        }
        match kind {
            Kind::Schema => {
                let mapping = node.get("discriminator").and_then(|d| d.get("mapping"));
                for target in mapping
                    .and_then(Node::as_object)
                    .into_iter()
                    .flat_map(Map::values)
                {
                    let Some(text) = target.as_str() else {
                        continue;
                    };
                    match parse(text) {
                        Some((component, _)) => found.push(component),
                        None => found.push(("schemas".into(), text.into())),
                    }
                }
            }
            Kind::Operation | Kind::Document => {
                for requirement in node
                    .get("security")
                    .and_then(Node::as_array)
                    .into_iter()
                    .flatten()
                {
                    let names = requirement.as_object().into_iter().flat_map(Map::keys);
                    found.extend(names.map(|name| ("securitySchemes".into(), name.clone())));
                }
            }
            _ => {}
        }
    });
    found.sort_unstable();
    found.dedup();
    found
}

/// Gives components their new names wherever a part of a document refers to them.
pub(super) fn rename(node: &mut Node, kind: Kind, names: &BTreeMap<Component, Key>) {
    walk::each_mut(node, kind, &Path::start(""), &mut |node, kind, _| {
        if let Some(reference) = node.get_mut("$ref") {
            rename_text(reference, names);
        }
        match kind {
            Kind::Schema => {
                let mapping = node
                    .get_mut("discriminator")
                    .and_then(|d| d.get_mut("mapping"));
                for (_, target) in mapping.and_then(Node::as_object_mut).into_iter().flatten() {
                    rename_text(target, names);
                }
            }
            Kind::Operation | Kind::Document => {
                let list = node.get_mut("security").and_then(Node::as_array_mut);
                for requirement in list.into_iter().flatten() {
                    let Some(map) = requirement.as_object_mut() else {
                        continue;
                    };
                    *map = std::mem::take(map)
                        .into_iter()
                        .map(|(name, scopes)| {
                            let key = (Key::from("securitySchemes"), name);
                            (names.get(&key).cloned().unwrap_or(key.1), scopes)
                        })
                        .collect();
                }
            }
            _ => {}
        }
    });
}

fn rename_text(node: &mut Node, names: &BTreeMap<Component, Key>) {
    let Some(text) = node.as_str() else { return };
    let renamed = match parse(text) {
        Some((component, below)) => names.get(&component).map(|name| {
            format!(
                "#/components/{}/{}{below}",
                component.0,
                escape_pointer(name)
            )
        }),
        None => names
            .get(&("schemas".into(), text.into()))
            .map(Key::to_string),
    };
    if let Some(text) = renamed {
        *node = Node::new(node.span, text);
    }
}

/// Whether a reference within the document leads somewhere.
///
/// Tools follow references on the way (`…/X/properties/y` where `X` is a `$ref` itself), and so
/// does this.
pub(super) fn leads_somewhere(root: &Node, reference: &str) -> bool {
    let Some(pointer) = reference.strip_prefix('#') else {
        return false;
    };
    if pointer.is_empty() || !pointer.starts_with('/') {
        // The document itself, or an `$anchor`.
        return true;
    }
    find(root, pointer).is_some()
}

/// What a pointer leads to, references on the way followed.
pub(super) fn find<'n>(root: &'n Node, pointer: &str) -> Option<&'n Node> {
    follow(root, pointer, MAX_HOPS)
}

fn follow<'n>(root: &'n Node, pointer: &str, hops: usize) -> Option<&'n Node> {
    let mut node = root;
    for token in pointer.split('/').skip(1) {
        let plain = unescape_pointer(token);
        let next = step(node, &plain).or_else(|| step(node, &decode(token)));
        node = if let Some(next) = next {
            next
        } else {
            let target = node.get_str("$ref")?.strip_prefix('#')?;
            let target = follow(root, target, hops.checked_sub(1)?)?;
            step(target, &plain)?
        };
    }
    Some(node)
}

fn step<'n>(node: &'n Node, token: &str) -> Option<&'n Node> {
    match node.as_array() {
        Some(list) => list.get(token.parse::<usize>().ok()?),
        None => node.get(token),
    }
}
