//! What changed for callers between two documents: operations, parameters, fields, types, values,
//! answers, servers, credentials. Each change has a level, a place and a fingerprint.
//!
//! It compares what the documents mean, not how they say it. It must never know pages or locks, and
//! nothing in it depends on the order of members.

mod levels;
mod operation;
mod schema;
mod security;

use std::collections::{BTreeMap, BTreeSet};

use specmint_spec::{
    document::{Document, OperationKey},
    node::{Node, Value},
    page::Span,
};

pub use levels::{Level, RULES, Rule, Rust, rule};

/// The HTTP methods a path item can have.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// References that are followed one after the other.
const MAX_HOPS: usize = 32;

/// What a change needs besides being seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guard {
    /// An operation goes.
    Removal,
    /// Requests go elsewhere.
    Server,
    /// Callers authenticate otherwise.
    Credentials,
}

/// One change.
#[derive(Clone, Debug)]
pub struct Change {
    /// Twelve hexadecimal digits; the same for the same change, whatever else changes.
    pub id: String,
    /// The kind of change.
    pub rule: &'static Rule,
    /// `METHOD /path` of every operation concerned, sorted.
    pub operations: Vec<String>,
    /// Where in it: `request.content`, `response 200 .duration`, `schema User .name`.
    pub place: String,
    /// What happened, on one line.
    pub what: String,
    /// Before.
    pub old: Option<String>,
    /// After.
    pub new: Option<String>,
    /// Where the new document says so; where that says nothing, the old one.
    pub span: Span,
    /// Whether `span` points into the new document.
    pub in_new: bool,
    /// What becomes of Rust types, where it can be told: `i64 → f64`.
    pub rust_types: Option<String>,
    /// Names of the Rust items concerned, as far as they are known.
    pub symbol: Option<String>,
}

/// Everything that changed.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// Changes, worst first, then by operation and place.
    pub changes: Vec<Change>,
    /// How many descriptions, titles and examples differ.
    pub descriptions: usize,
    /// Operations before.
    pub before: usize,
    /// Operations after.
    pub after: usize,
}

impl Comparison {
    /// Operations that are gone.
    pub fn removed(&self) -> impl Iterator<Item = &Change> {
        self.changes
            .iter()
            .filter(|change| change.rule.guard == Some(Guard::Removal))
    }
}

/// Compares two documents.
pub fn documents(old: &Document, new: &Document) -> Comparison {
    let mut compare = Compare::new(&old.root, &new.root);
    compare.all(old, new);
    compare.finish(old, new)
}

/// How many operations a document has, where there is nothing to compare it with.
pub fn count(document: &Document) -> usize {
    operations(&document.root).len()
}

/// The state of a comparison.
struct Compare<'d> {
    old: &'d Node,
    new: &'d Node,
    /// Component schemas that differ, or reach one that does. What reaches none is not walked.
    touched: BTreeSet<String>,
    found: BTreeMap<(&'static str, String, String), Change>,
    descriptions: BTreeSet<String>,
    /// The operation that is being compared.
    operation: String,
}

/// Which way a schema's values go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Direction {
    Request,
    Response,
}

/// Something seen.
struct Seen {
    rule: &'static str,
    place: String,
    what: String,
    old: Option<String>,
    new: Option<String>,
    span: Span,
    in_new: bool,
    rust_types: Option<String>,
}

impl Seen {
    fn new(rule: &'static str, place: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            rule,
            place: place.into(),
            what: what.into(),
            old: None,
            new: None,
            span: Span::NONE,
            in_new: false,
            rust_types: None,
        }
    }

    fn values(mut self, old: Option<&str>, new: Option<&str>) -> Self {
        self.old = old.map(str::to_owned);
        self.new = new.map(str::to_owned);
        self
    }

    /// The place in the new document, or in the old one where the new says nothing.
    fn spans(mut self, old: Option<&Node>, new: Option<&Node>) -> Self {
        self.in_new = new.is_some();
        self.span = new.or(old).map_or(Span::NONE, |node| node.span);
        self
    }
}

impl<'d> Compare<'d> {
    fn new(old: &'d Node, new: &'d Node) -> Self {
        let touched = touched(old, new);
        Self {
            old,
            new,
            touched,
            found: BTreeMap::new(),
            descriptions: BTreeSet::new(),
            operation: String::new(),
        }
    }

    fn all(&mut self, old: &'d Document, new: &'d Document) {
        let before = operations(&old.root);
        let after = operations(&new.root);
        for (key, old_operation) in &before {
            self.operation = label(key);
            match after.get(key) {
                Some(new_operation) => self.operation(old_operation, new_operation),
                None => self.operation_removed(old_operation),
            }
        }
        for (key, new_operation) in &after {
            if !before.contains_key(key) {
                self.operation = label(key);
                let seen =
                    Seen::new("operation-added", "", "added").spans(None, Some(new_operation.node));
                self.see(seen);
                if !before.is_empty() && !key.path.starts_with("webhook ") {
                    self.servers_of_added(&before, new_operation);
                }
            }
        }
    }

    fn operation_removed(&mut self, old: &Operation<'d>) {
        let deprecated = old.node.get("deprecated").and_then(Node::as_bool) == Some(true);
        let rule = if deprecated {
            "deprecated-operation-removed"
        } else {
            "operation-removed"
        };
        let what = if deprecated {
            "removed (it was deprecated)"
        } else {
            "removed"
        };
        self.see(Seen::new(rule, "", what).spans(Some(old.node), None));
    }

    /// Notes a change of the operation at hand; the same change seen from several operations is one.
    fn see(&mut self, seen: Seen) {
        let Some(rule) = rule(seen.rule) else { return };
        // Inside a shared schema the place is the schema's, so the operation is not part of the key.
        let shared =
            seen.place.starts_with("schema ") || rule.guard.is_some_and(|g| g != Guard::Removal);
        let owner = if shared {
            String::new()
        } else {
            self.operation.clone()
        };
        let place = format!("{owner} {}", seen.place);
        let key = (
            rule.id,
            place.clone(),
            format!("{:?} {:?} {}", seen.old, seen.new, seen.what),
        );
        let change = self.found.entry(key).or_insert_with(|| Change {
            id: fingerprint(rule.id, &place, &seen.what),
            rule,
            operations: Vec::new(),
            place: crate::problem::plain(&seen.place),
            what: crate::problem::plain(&seen.what),
            old: seen.old,
            new: seen.new,
            span: seen.span,
            in_new: seen.in_new,
            rust_types: seen.rust_types,
            symbol: None,
        });
        let operation = crate::problem::plain(&self.operation);
        if !change.operations.contains(&operation) {
            change.operations.push(operation);
        }
    }

    fn finish(self, old: &Document, new: &Document) -> Comparison {
        let mut changes: Vec<Change> = self.found.into_values().collect();
        for change in &mut changes {
            change.operations.sort();
        }
        changes.sort_by(|a, b| {
            (a.rule.level, &a.operations, &a.place, &a.what, a.rule.id).cmp(&(
                b.rule.level,
                &b.operations,
                &b.place,
                &b.what,
                b.rule.id,
            ))
        });
        Comparison {
            changes,
            descriptions: self.descriptions.len(),
            before: operations(&old.root).len(),
            after: operations(&new.root).len(),
        }
    }

    fn old_at(&self, node: &'d Node) -> &'d Node {
        resolve(self.old, node).0
    }

    fn new_at(&self, node: &'d Node) -> &'d Node {
        resolve(self.new, node).0
    }
}

/// An operation and what it inherits.
struct Operation<'d> {
    node: &'d Node,
    item: &'d Node,
}

fn operations(root: &Node) -> BTreeMap<OperationKey, Operation<'_>> {
    let mut found = BTreeMap::new();
    for section in ["paths", "webhooks"] {
        for (path, item) in root
            .get(section)
            .and_then(Node::as_object)
            .into_iter()
            .flatten()
        {
            let item = resolve(root, item).0;
            for method in METHODS {
                let Some(node) = item.get(method).filter(|node| node.as_object().is_some()) else {
                    continue;
                };
                let path = if section == "webhooks" {
                    format!("webhook {path}")
                } else {
                    path.to_string()
                };
                let key = OperationKey {
                    path,
                    method: method.to_owned(),
                };
                found.insert(key, Operation { node, item });
            }
        }
    }
    found
}

/// `METHOD /path`, as reports name an operation.
pub fn label(key: &OperationKey) -> String {
    format!("{} {}", key.method.to_ascii_uppercase(), key.path)
}

/// Follows references inside the document; also the name of the component schema they end at.
fn resolve<'d>(root: &'d Node, node: &'d Node) -> (&'d Node, Option<&'d str>) {
    let mut at = node;
    let mut name = None;
    for _ in 0..MAX_HOPS {
        let Some(reference) = at.get_str("$ref") else {
            return (at, name);
        };
        let Some(target) = reference.strip_prefix('#').and_then(|p| root.pointer(p)) else {
            return (at, name);
        };
        name = reference
            .strip_prefix("#/components/schemas/")
            .filter(|n| !n.contains('/'))
            .or(name);
        at = target;
    }
    (at, name)
}

/// Component schemas that differ between the documents, or reach one that does.
fn touched(old: &Node, new: &Node) -> BTreeSet<String> {
    let schemas = |root: &Node| root.pointer("/components/schemas").cloned();
    let (old, new) = (schemas(old), schemas(new));
    let old = old.as_ref().and_then(Node::as_object);
    let new = new.as_ref().and_then(Node::as_object);
    let mut touched: BTreeSet<String> = BTreeSet::new();
    let mut users: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (this, other) in [(old, new), (new, old)] {
        for (name, schema) in this.into_iter().flatten() {
            if other.and_then(|other| other.get(name)) != Some(schema) {
                touched.insert(name.to_string());
            }
            for used in references(schema) {
                users.entry(used).or_default().push(name.to_string());
            }
        }
    }
    let mut left: Vec<String> = touched.iter().cloned().collect();
    while let Some(name) = left.pop() {
        for user in users.get(&name).into_iter().flatten() {
            if touched.insert(user.clone()) {
                left.push(user.clone());
            }
        }
    }
    touched
}

/// Names of component schemas that a node refers to, anywhere below it.
fn references(node: &Node) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut left = vec![node];
    while let Some(node) = left.pop() {
        match &node.value {
            Value::Object(map) => {
                if let Some(name) = node
                    .get_str("$ref")
                    .and_then(|r| r.strip_prefix("#/components/schemas/"))
                {
                    found.insert(name.split('/').next().unwrap_or_default().to_owned());
                }
                left.extend(map.values());
            }
            Value::Array(nodes) => left.extend(nodes),
            _ => {}
        }
    }
    found
}

/// Twelve hexadecimal digits of kind, place and content: nothing of commit, time or order.
pub fn fingerprint(rule: &str, place: &str, what: &str) -> String {
    crate::sha256(format!("{rule}\0{place}\0{what}").as_bytes())[..12].to_owned()
}

/// A value as messages show it: JSON, cut.
fn shown(node: &Node) -> String {
    let text = match &node.value {
        Value::String(text) => format!("{text:?}"),
        Value::Number(number) => number.text().to_owned(),
        _ => serde_json::to_string(node).unwrap_or_default(),
    };
    if text.chars().count() <= 60 {
        return text;
    }
    text.chars().take(57).chain("...".chars()).collect()
}

/// Whether a place begins inside a shared schema, or where it hangs.
fn below(place: &str, member: &str) -> String {
    format!("{place}.{member}")
}
