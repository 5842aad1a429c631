//! A schema as a comparison sees it: references followed, parts gathered.

use std::collections::{BTreeMap, BTreeSet};

use specmint_spec::node::{Node, Value};

use crate::compare::{operation::flag, resolve, shown};

/// A schema as what it means.
pub(super) struct View<'d> {
    pub(super) node: &'d Node,
    /// The node and the members of its `allOf`, in order.
    pub(super) parts: Vec<&'d Node>,
    /// Without `null`; empty where anything goes.
    pub(super) types: BTreeSet<&'d str>,
    pub(super) nullable: bool,
    pub(super) values: Option<BTreeMap<String, &'d Node>>,
    pub(super) properties: BTreeMap<&'d str, &'d Node>,
    pub(super) required: BTreeSet<&'d str>,
    /// Of `oneOf` and `anyOf`, without `null`.
    pub(super) alternatives: Vec<&'d Node>,
}

impl<'d> View<'d> {
    pub(super) fn of(root: &'d Node, node: &'d Node) -> Self {
        let mut view = Self {
            node,
            parts: Vec::new(),
            types: BTreeSet::new(),
            nullable: false,
            values: None,
            properties: BTreeMap::new(),
            required: BTreeSet::new(),
            alternatives: Vec::new(),
        };
        gather(root, node, &mut view.parts, 0);
        for part in view.parts.clone() {
            view.part(root, part);
        }
        view
    }

    fn part(&mut self, root: &'d Node, part: &'d Node) {
        match part.get("type").map(|node| &node.value) {
            Some(Value::String(name)) => self.add_type(name),
            Some(Value::Array(names)) => {
                for name in names.iter().filter_map(Node::as_str) {
                    self.add_type(name);
                }
            }
            _ => {}
        }
        self.nullable |= flag(part, "nullable");
        let values = part.get("enum").and_then(Node::as_array);
        let single = part.get("const").map(std::slice::from_ref);
        if let Some(values) = values.or(single) {
            let known = self.values.get_or_insert_default();
            for value in values {
                if value.is_null() {
                    self.nullable = true;
                } else {
                    known.insert(shown(value), value);
                }
            }
        }
        for (name, node) in part
            .get("properties")
            .and_then(Node::as_object)
            .into_iter()
            .flatten()
        {
            self.properties.insert(name, node);
        }
        for name in part
            .get("required")
            .and_then(Node::as_array)
            .unwrap_or_default()
        {
            self.required.extend(name.as_str());
        }
        for key in ["oneOf", "anyOf"] {
            for alternative in part.get(key).and_then(Node::as_array).unwrap_or_default() {
                let schema = resolve(root, alternative).0;
                let null = schema.get_str("type") == Some("null");
                self.nullable |= null;
                if !null {
                    self.alternatives.push(alternative);
                }
            }
        }
    }

    fn add_type(&mut self, name: &'d str) {
        if name == "null" {
            self.nullable = true;
        } else {
            self.types.insert(name);
        }
    }

    /// Whether enough is said for "nullable" to mean anything.
    pub(super) fn known(&self) -> bool {
        !self.types.is_empty() || !self.alternatives.is_empty() || self.values.is_some()
    }

    /// A keyword, of the schema itself or of a member of its `allOf`.
    pub(super) fn own(&self, key: &str) -> Option<&'d Node> {
        self.parts.iter().find_map(|part| part.get(key))
    }

    /// A keyword that holds one schema.
    pub(super) fn schema(&self, key: &str) -> Option<&'d Node> {
        self.own(key)
            .filter(|node| node.as_object().is_some_and(|map| !map.is_empty()))
    }

    pub(super) fn format(&self) -> Option<&'d str> {
        self.own("format").and_then(Node::as_str)
    }
}

/// A schema and the members of its `allOf`, resolved.
fn gather<'d>(root: &'d Node, node: &'d Node, parts: &mut Vec<&'d Node>, depth: usize) {
    if depth > 16 || parts.len() > 256 || parts.iter().any(|part| std::ptr::eq(*part, node)) {
        return;
    }
    parts.push(node);
    for member in node
        .get("allOf")
        .and_then(Node::as_array)
        .unwrap_or_default()
    {
        gather(root, resolve(root, member).0, parts, depth + 1);
    }
}

/// What becomes of a scalar's Rust type, where that can be told; `None` where it stays.
pub(super) fn rust_types(old: &View<'_>, new: &View<'_>) -> Option<String> {
    let (old, new) = (rust_type(old), rust_type(new));
    match (old, new) {
        (Some(old), Some(new)) if old == new => None,
        (old, new) => Some(format!("{} → {}", old.unwrap_or("…"), new.unwrap_or("…"))),
    }
}

fn rust_type(view: &View<'_>) -> Option<&'static str> {
    if view.values.is_some() {
        return None;
    }
    let mut types = view.types.iter();
    let (name, None) = (types.next()?, types.next()) else {
        return Some("serde_json::Value");
    };
    Some(match (*name, view.format()) {
        ("integer", Some("int32")) => "i32",
        ("integer", Some("uint32")) => "u32",
        ("integer", Some("uint64")) => "u64",
        ("integer", _) => "i64",
        ("number", Some("float")) => "f32",
        ("number", _) => "f64",
        ("boolean", _) => "bool",
        ("string", Some("date-time")) => "DateTime<Utc>",
        ("string", Some("date")) => "NaiveDate",
        ("string", Some("uuid")) => "Uuid",
        ("string", Some("binary")) => "ByteStream",
        ("string", _) => "String",
        _ => return None,
    })
}
