//! Names of components: those 3.0 doesn't allow, and new ones for what moves there.
//!
//! 3.1 and 3.0 both say `[A-Za-z0-9._-]+`; generators of documents write `Page[User]` all the same.
//! Lost: nothing; the names of types are made from these later.

use std::collections::HashSet;

use crate::{
    lower::{
        pointer::Pointer,
        references::text,
        walk::{self, Kind},
    },
    node::{Key, Map, Node, escape_pointer, unescape_pointer},
};

/// The names in use, by kind.
pub(super) type Taken = HashSet<(Kind, String)>;

/// Renames components whose names are not allowed, and the references to them.
pub(super) fn legalize(root: &mut Node) {
    let mut renamed: Vec<(Kind, String, String)> = Vec::new();
    for kind in Kind::SHARED {
        let Some(map) = section(root, kind) else {
            continue;
        };
        if map.keys().all(|name| is_legal(name)) {
            continue;
        }
        let mut taken: HashSet<String> = map
            .keys()
            .filter(|n| is_legal(n))
            .map(Key::to_string)
            .collect();
        let old = std::mem::take(map);
        for (name, node) in old {
            let legal = if is_legal(&name) {
                name
            } else {
                let legal = unique(&legal(&name), |name| taken.insert(name.to_owned()));
                renamed.push((kind, name.to_string(), legal.clone()));
                legal.into()
            };
            map.insert(legal, node);
        }
    }
    if renamed.is_empty() {
        return;
    }
    let pairs: Vec<(String, String)> = renamed
        .iter()
        .filter_map(|(kind, old, new)| {
            let section = kind.section()?;
            let pointer = |name: &str| format!("/components/{section}/{}", escape_pointer(name));
            Some((pointer(old), pointer(new)))
        })
        .collect();
    let find = |text: &str| -> Option<String> {
        let pointer = super::references::decode(text.strip_prefix('#')?);
        pairs.iter().find_map(|(old, new)| {
            let rest = pointer.strip_prefix(old.as_str())?;
            (rest.is_empty() || rest.starts_with('/'))
                .then(|| format!("#{new}{}", rest.replace('%', "%25")))
        })
    };
    walk::each(
        root,
        Kind::Root,
        &mut Pointer::default(),
        &mut |node, kind, _| {
            if let Some(new) = text(node, kind).and_then(find)
                && let Some(node) = node.get_mut("$ref")
            {
                node.value = new.into();
            }
            if kind != Kind::Schema {
                return;
            }
            let mapping = node
                .get_mut("discriminator")
                .and_then(|d| d.get_mut("mapping"));
            for value in mapping
                .and_then(Node::as_object_mut)
                .into_iter()
                .flat_map(Map::values_mut)
            {
                let new = value.as_str().and_then(|text| {
                    find(text).or_else(|| {
                        let pair = renamed
                            .iter()
                            .find(|(k, old, _)| *k == Kind::Schema && old == text);
                        pair.map(|(_, _, new)| format!("#/components/schemas/{new}"))
                    })
                });
                if let Some(new) = new {
                    value.value = new.into();
                }
            }
        },
    );
}

/// Every component's name.
pub(super) fn taken(root: &mut Node) -> Taken {
    let mut taken = Taken::new();
    for kind in Kind::SHARED {
        if let Some(map) = section(root, kind) {
            taken.extend(map.keys().map(|name| (kind, name.to_string())));
        }
    }
    taken
}

/// A new component's name, made of the place its content stood at.
pub(super) fn from_place(root: &Node, kind: Kind, pointer: &str, taken: &mut Taken) -> String {
    let mut name = place(root, pointer);
    if kind == Kind::Parameter
        && let Some(own) = root.pointer(pointer).and_then(|node| node.get_str("name"))
    {
        name.clear();
        push(&mut name, own);
    }
    let name = if name.is_empty() {
        kind.section().unwrap_or_default().to_owned()
    } else {
        name
    };
    unique(&name, |name| taken.insert((kind, name.to_owned())))
}

/// The first of `name`, `name2`, `name3` … that `claim` accepts.
pub(super) fn unique(name: &str, mut claim: impl FnMut(&str) -> bool) -> String {
    if claim(name) {
        return name.to_owned();
    }
    let mut number: u64 = 2;
    loop {
        let numbered = format!("{name}{number}");
        if claim(&numbered) {
            return numbered;
        }
        number += 1;
    }
}

fn section(root: &mut Node, kind: Kind) -> Option<&mut Map> {
    root.get_mut("components")?
        .get_mut(kind.section()?)?
        .as_object_mut()
}

fn is_legal(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
}

fn legal(name: &str) -> String {
    let mut legal = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') {
            legal.push(c);
        } else if !legal.ends_with('_') {
            legal.push('_');
        }
    }
    let legal = legal.trim_matches('_');
    if legal.is_empty() {
        "Unnamed".to_owned()
    } else {
        legal.to_owned()
    }
}

/// What the tokens of a pointer say, without those that only say what every place says.
fn place(root: &Node, pointer: &str) -> String {
    let tokens: Vec<String> = pointer.split('/').skip(1).map(unescape_pointer).collect();
    let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let mut name = String::new();
    let rest = match tokens.as_slice() {
        ["components", _, name_, rest @ ..] => {
            push(&mut name, name_);
            rest
        }
        ["paths" | "webhooks", path, method, rest @ ..] => {
            let pointer = pointer.split('/').take(4).collect::<Vec<_>>().join("/");
            let operation = root.pointer(&pointer);
            if let Some(id) = operation.and_then(|node| node.get_str("operationId")) {
                push(&mut name, id);
            } else {
                push(&mut name, method);
                push(&mut name, path);
            }
            rest
        }
        [_, name_] => {
            push(&mut name, name_);
            &[]
        }
        rest => rest,
    };
    // `$defs` and its like hold schemas with names of their own; where they stand says nothing.
    if let Some(at) = rest
        .iter()
        .rposition(|token| matches!(*token, "$defs" | "definitions"))
        && rest.len() > at + 1
    {
        name.clear();
        for token in &rest[at + 1..] {
            if !matches!(*token, "properties" | "schema") {
                push(&mut name, token);
            }
        }
        return name;
    }
    for token in rest {
        match *token {
            "properties" | "schema" | "content" | "application/json" | "200" | "201" => {}
            "responses" => name.push_str("Response"),
            "requestBody" => name.push_str("Request"),
            "items" => name.push_str("Item"),
            "additionalProperties" => name.push_str("Value"),
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => name.push_str("Variant"),
            token => push(&mut name, token),
        }
    }
    name
}

/// Appends words in `PascalCase`.
fn push(name: &mut String, text: &str) {
    let mut upper = true;
    for c in text.chars() {
        if !c.is_ascii_alphanumeric() {
            upper = true;
        } else if upper {
            name.push(c.to_ascii_uppercase());
            upper = false;
        } else {
            name.push(c);
        }
    }
}
