//! One correction: where, what, and whether it changed anything.

use crate::{
    diag::{Diagnostics, codes::fixups as codes},
    fixups::target::Target,
    node::{Map, Node, Value, unescape_pointer},
    page::Span,
    yaml::MAX_DEPTH,
};

/// One correction.
#[derive(Clone, Debug)]
pub(super) struct Action {
    /// How messages call it.
    pub(super) title: String,
    pub(super) span: Span,
    pub(super) target: Target,
    pub(super) change: Change,
}

/// What a correction does to every node it is about.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// Takes the node out of what holds it.
    Remove,
    /// Takes members of these names, or elements of these values, out of the node.
    RemoveMembers(Vec<Node>),
    /// Merges into an object, appends to an array, replaces anything else.
    Update(Node),
    /// Replaces the value, or adds the member.
    Set(Node),
    /// Gives the node another name in what holds it.
    Rename(String),
    /// Gives members of the node other names.
    RenameMembers(Vec<(String, String)>),
    /// Updates with what stands elsewhere.
    Copy(Target),
}

impl Action {
    /// Changes the document, or says that nothing changed.
    pub(super) fn apply(&self, root: &mut Node, diags: &mut Diagnostics) {
        let mut places = self.target.find(root);
        if places.is_empty()
            && let (Change::Set(_), Target::Pointer(pointer)) = (&self.change, &self.target)
            && let Some((parent, _)) = pointer.rsplit_once('/')
            && root
                .pointer(parent)
                .is_some_and(|node| node.as_object().is_some())
        {
            // A member that is to be added isn't there yet.
            places.push(pointer.clone());
        }
        let copied;
        let change = match &self.change {
            Change::Copy(source) => match source.find(root).as_slice() {
                [one] => {
                    let Some(node) = root.pointer(one) else {
                        return;
                    };
                    copied = Change::Update(node.clone());
                    &copied
                }
                found => {
                    let count = found.len();
                    diags.error(
                        codes::COPY,
                        self.span,
                        format!(
                            "the {} copies from {count} places instead of one",
                            self.title
                        ),
                    );
                    return;
                }
            },
            change => change,
        };
        if let Change::Update(value) | Change::Set(value) = change {
            let below = depth(value);
            if places
                .iter()
                .any(|place| place.matches('/').count() + below > MAX_DEPTH)
            {
                diags.error(
                    codes::DEPTH,
                    self.span,
                    format!("the {} nests deeper than {MAX_DEPTH} levels", self.title),
                );
                return;
            }
        }
        let mut changed = 0_usize;
        // Backwards, so that removing an element moves none of those still to come.
        for place in places.iter().rev() {
            match change_one(root, place, change) {
                Ok(true) => changed += 1,
                Ok(false) => {}
                Err(message) => {
                    diags.error(
                        codes::UNFIT,
                        self.span,
                        format!("the {} can't be done at `{place}`: {message}", self.title),
                    );
                    return;
                }
            }
        }
        if changed == 0 {
            let why = if places.is_empty() {
                "there is no such place"
            } else {
                "it is so already"
            };
            diags
                .error(
                    codes::NOTHING,
                    self.span,
                    format!("the {} changed nothing: {why}", self.title),
                )
                .help("upstream fixed it? delete it");
        }
    }
}

/// Changes the node at a pointer; says whether it is another now.
fn change_one(root: &mut Node, place: &str, change: &Change) -> Result<bool, &'static str> {
    match change {
        Change::Remove => {
            let (parent, token) = place.rsplit_once('/').ok_or("the document itself stays")?;
            let token = unescape_pointer(token);
            let Some(parent) = root.pointer_mut(parent) else {
                return Ok(false);
            };
            Ok(match &mut parent.value {
                Value::Object(map) => map.shift_remove(&token).is_some(),
                Value::Array(nodes) => match token.parse::<usize>() {
                    Ok(index) if index < nodes.len() => {
                        nodes.remove(index);
                        true
                    }
                    _ => false,
                },
                _ => false,
            })
        }
        Change::RemoveMembers(members) => {
            let Some(node) = root.pointer_mut(place) else {
                return Ok(false);
            };
            match &mut node.value {
                Value::Object(map) => {
                    let before = map.len();
                    for name in members.iter().filter_map(Node::as_str) {
                        map.shift_remove(name);
                    }
                    Ok(map.len() < before)
                }
                Value::Array(nodes) => {
                    let before = nodes.len();
                    nodes.retain(|node| !members.contains(node));
                    Ok(nodes.len() < before)
                }
                _ => Err("there are members only in an object or an array"),
            }
        }
        Change::Update(value) => {
            let Some(node) = root.pointer_mut(place) else {
                return Ok(false);
            };
            if node.as_object().is_some() && value.as_object().is_none() {
                return Err("an object is updated by an object");
            }
            // An array as the target takes the value as one more element.
            if let Value::Array(nodes) = &mut node.value {
                return Ok(append(nodes, value));
            }
            Ok(merge(node, value))
        }
        Change::Set(value) => {
            if let Some(node) = root.pointer_mut(place) {
                let is_other = node != value;
                if is_other {
                    *node = value.clone();
                }
                return Ok(is_other);
            }
            let Some((parent, token)) = place.rsplit_once('/') else {
                return Ok(false);
            };
            let Some(parent) = root.pointer_mut(parent) else {
                return Ok(false);
            };
            let Some(map) = parent.as_object_mut() else {
                return Ok(false);
            };
            map.insert(unescape_pointer(token), value.clone());
            Ok(true)
        }
        Change::Rename(name) => {
            let (parent, token) = place.rsplit_once('/').ok_or("the document has no name")?;
            let old = unescape_pointer(token);
            let Some(parent) = root.pointer_mut(parent) else {
                return Ok(false);
            };
            let map = parent
                .as_object_mut()
                .ok_or("only members of an object have names")?;
            rename(map, &old, name)
        }
        Change::RenameMembers(names) => {
            let Some(node) = root.pointer_mut(place) else {
                return Ok(false);
            };
            let map = node
                .as_object_mut()
                .ok_or("only members of an object have names")?;
            let mut changed = false;
            for (old, new) in names {
                changed |= rename(map, old, new)?;
            }
            Ok(changed)
        }
        // Resolved before.
        Change::Copy(_) => Ok(false),
    }
}

/// Renames a member in its place.
fn rename(map: &mut Map, old: &str, new: &str) -> Result<bool, &'static str> {
    if !map.contains_key(old) || old == new {
        return Ok(false);
    }
    if map.contains_key(new) {
        return Err("there is a member of the new name already");
    }
    let members = std::mem::take(map);
    map.extend(members.into_iter().map(|(key, node)| {
        if key == old {
            (new.into(), node)
        } else {
            (key, node)
        }
    }));
    Ok(true)
}

fn append(nodes: &mut Vec<Node>, value: &Node) -> bool {
    // What is there already is what upstream fixed.
    let is_new = !nodes.contains(value);
    if is_new {
        nodes.push(value.clone());
    }
    is_new
}

/// Merges as the Overlay Specification says: objects by member, arrays one after the other.
fn merge(node: &mut Node, value: &Node) -> bool {
    match (&mut node.value, &value.value) {
        (Value::Object(map), Value::Object(members)) => {
            let mut changed = false;
            for (key, member) in members {
                changed |= if let Some(node) = map.get_mut(key) {
                    merge(node, member)
                } else {
                    map.insert(key.clone(), member.clone());
                    true
                };
            }
            changed
        }
        (Value::Array(nodes), Value::Array(more)) => {
            let mut changed = false;
            for value in more {
                changed |= append(nodes, value);
            }
            changed
        }
        _ => {
            let is_other = node != value;
            if is_other {
                *node = value.clone();
            }
            is_other
        }
    }
}

/// How many levels a tree has; every tree here came through the parser, which bounds them.
fn depth(node: &Node) -> usize {
    match &node.value {
        Value::Object(map) => 1 + map.values().map(depth).max().unwrap_or(0),
        Value::Array(nodes) => 1 + nodes.iter().map(depth).max().unwrap_or(0),
        _ => 1,
    }
}
