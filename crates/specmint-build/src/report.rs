//! What became of every operation, for machines.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use specmint_spec::{
    diag::{Diagnostic, Diagnostics, Severity},
    document::{Lowered, OperationKey},
    fragment::Form,
    node::{Node, Value, escape_pointer},
    page::{Sources, Span},
};

use crate::{Settings, model::Api, preflight::names::OperationName};

/// The report.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The API's name.
    pub api: String,
    /// What was read.
    pub input: Input,
    /// Every operation that was found, in the order of the document.
    pub operations: Vec<Operation>,
    /// Every webhook that was found, in the order of the document. They are no operations, and
    /// nobody's totals.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub webhooks: Vec<Webhook>,
    /// How many of each kind.
    pub totals: Totals,
}

/// What became of a webhook.
#[derive(Clone, Debug, Serialize)]
pub struct Webhook {
    /// What the document calls it.
    pub name: String,
    /// `page:line`.
    pub source: String,
    /// Whether there is a function that reads it.
    pub status: Status,
}

/// What was read.
#[derive(Clone, Debug, Serialize)]
pub struct Input {
    /// How many texts.
    pub pages: usize,
    /// How many specifications in them.
    pub fragments: usize,
    /// How many of each form.
    pub dialects: BTreeMap<&'static str, usize>,
}

/// What became of an operation.
#[derive(Clone, Debug, Serialize)]
pub struct Operation {
    /// Its id as given, else its name.
    pub id: String,
    /// Upper case.
    pub method: String,
    /// The path template.
    pub path: String,
    /// `page:line`.
    pub source: String,
    /// What became of it.
    pub status: Status,
    /// What there is to say about it.
    pub notes: Vec<Note>,
}

/// What became of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It can be called, and nothing of the contract was weakened.
    Generated,
    /// It can be called; the notes say what the signature says less precisely than the document.
    Approximated,
    /// It can't be called.
    Skipped,
}

/// A diagnostic that concerns an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The diagnostic's code.
    pub code: String,
    /// `note`, `warning` or `error`.
    pub severity: &'static str,
    /// `page:line`.
    pub at: String,
    /// What happened.
    pub message: String,
}

/// How many of each kind; the last three add up to the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Operations found.
    pub input_operations: usize,
    /// [`Status::Generated`].
    pub generated: usize,
    /// [`Status::Approximated`].
    pub approximated: usize,
    /// [`Status::Skipped`].
    pub skipped: usize,
}

/// What a report needs to know of the document: who refers to whom.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    operations: Vec<Found>,
    references: BTreeMap<String, BTreeSet<String>>,
    forms: BTreeMap<Form, usize>,
}

/// An operation that was found.
#[derive(Clone, Debug)]
struct Found {
    key: OperationKey,
    id: String,
    pointer: String,
    span: Span,
    /// Places the operation consists of or refers to.
    direct: BTreeSet<String>,
}

impl Reach {
    /// Walks the document once.
    pub(crate) fn of(
        lowered: &Lowered,
        names: &BTreeMap<OperationKey, OperationName>,
        settings: &Settings,
    ) -> Self {
        let mut out = Self {
            forms: lowered.forms.clone(),
            ..Self::default()
        };
        let paths = lowered.root.get("paths").and_then(Node::as_object);
        for (path, item) in paths.into_iter().flatten() {
            let item_pointer = format!("/paths/{}", escape_pointer(path));
            let shared = format!("{item_pointer}/parameters");
            for (method, node) in item.as_object().into_iter().flatten() {
                let key = OperationKey {
                    path: path.to_string(),
                    method: method.to_string(),
                };
                let Some(name) = names.get(&key) else {
                    continue;
                };
                if !settings.wants(node, &name.id, &name.rust) {
                    continue;
                }
                let pointer = format!("{item_pointer}/{method}");
                let mut direct = BTreeSet::from([pointer.clone(), shared.clone()]);
                references(node, &mut direct);
                if let Some(parameters) = item.get("parameters") {
                    references(parameters, &mut direct);
                }
                for from in lowered.copies.get(path.as_str()).into_iter().flatten() {
                    direct.insert(place(&format!("{from}/{method}")));
                    direct.insert(place(&format!("{from}/parameters")));
                }
                let span = lowered
                    .operations
                    .get(&key)
                    .map_or(node.span, |origin| origin.span);
                out.operations.push(Found {
                    key,
                    id: name.id.clone(),
                    pointer,
                    span,
                    direct,
                });
            }
        }
        let components = lowered.root.get("components").and_then(Node::as_object);
        for (section, map) in components.into_iter().flatten() {
            for (name, node) in map.as_object().into_iter().flatten() {
                let mut found = BTreeSet::new();
                references(node, &mut found);
                let pointer = format!(
                    "/components/{}/{}",
                    escape_pointer(section),
                    escape_pointer(name)
                );
                out.references.insert(pointer, found);
            }
        }
        out
    }

    /// Everything an operation consists of or refers to, however far away.
    fn of_operation(&self, found: &Found) -> BTreeSet<String> {
        let mut reached = found.direct.clone();
        let mut work: Vec<String> = reached.iter().cloned().collect();
        while let Some(place) = work.pop() {
            for next in self.references.get(&place).into_iter().flatten() {
                if reached.insert(next.clone()) {
                    work.push(next.clone());
                }
            }
        }
        reached
    }
}

/// The first steps of a pointer: a component, an operation, the parameters of a path.
fn place(pointer: &str) -> String {
    let in_path_item = pointer.starts_with("/components/pathItems/");
    let steps = if in_path_item { 4 } else { 3 };
    let end = pointer
        .match_indices('/')
        .nth(steps)
        .map_or(pointer.len(), |(at, _)| at);
    pointer.get(..end).unwrap_or(pointer).to_owned()
}

/// The places that a part of the document refers to.
fn references(node: &Node, out: &mut BTreeSet<String>) {
    let mut work = vec![node];
    while let Some(node) = work.pop() {
        match &node.value {
            Value::Object(map) => {
                if let Some(target) = node.get_str("$ref").and_then(|r| r.strip_prefix('#')) {
                    out.insert(place(target));
                }
                work.extend(map.values());
            }
            Value::Array(nodes) => work.extend(nodes),
            _ => {}
        }
    }
}

/// Writes the report.
pub(crate) fn write(api: &Api, reach: &Reach, sources: &Sources, diags: &Diagnostics) -> Report {
    let mut by_place: BTreeMap<String, Vec<&Diagnostic>> = BTreeMap::new();
    let mut by_page: BTreeMap<Span, Vec<&Diagnostic>> = BTreeMap::new();
    let per_page = reach
        .operations
        .iter()
        .fold(BTreeMap::new(), |mut map, found| {
            map.entry(found.span.page)
                .or_insert_with(Vec::new)
                .push(found.span);
            map
        });
    for diagnostic in diags.iter() {
        if let Some(pointer) = &diagnostic.pointer {
            by_place.entry(place(pointer)).or_default().push(diagnostic);
        } else if let Some([only]) = per_page.get(&diagnostic.span.page).map(Vec::as_slice) {
            // The only operation of its page is meant by whatever is said about the page.
            by_page.entry(*only).or_default().push(diagnostic);
        }
    }
    let callable: BTreeSet<&OperationKey> = api
        .operations
        .iter()
        .map(|operation| &operation.key)
        .collect();
    let mut totals = Totals::default();
    let mut operations = Vec::new();
    for found in &reach.operations {
        let reached = reach.of_operation(found);
        let concerning = reached
            .iter()
            .filter_map(|place| by_place.get(place))
            .chain(by_page.get(&found.span))
            .flatten();
        let mut worst = Severity::Note;
        let mut notes: Vec<Note> = Vec::new();
        for diagnostic in concerning {
            worst = worst.max(diagnostic.severity);
            let note = Note {
                code: diagnostic.code.to_string(),
                severity: diagnostic.severity.as_str(),
                at: sources.locate(diagnostic.span).unwrap_or_default(),
                message: diagnostic.message.clone(),
            };
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        let status = if !callable.contains(&found.key) {
            Status::Skipped
        } else if worst > Severity::Note {
            Status::Approximated
        } else {
            Status::Generated
        };
        totals.input_operations += 1;
        match status {
            Status::Generated => totals.generated += 1,
            Status::Approximated => totals.approximated += 1,
            Status::Skipped => totals.skipped += 1,
        }
        operations.push(Operation {
            id: found.id.clone(),
            method: found.key.method.to_ascii_uppercase(),
            path: found.key.path.clone(),
            source: sources
                .locate(found.span)
                .unwrap_or_else(|| found.pointer.clone()),
            status,
            notes,
        });
    }
    let dialects: BTreeMap<&'static str, usize> = reach
        .forms
        .iter()
        .map(|(form, count)| {
            let name = match form {
                Form::Endpoint => "endpoint",
                Form::OpenApi => "openapi",
            };
            (name, *count)
        })
        .collect();
    Report {
        api: api.name.clone(),
        input: Input {
            pages: sources.len(),
            fragments: reach.forms.values().sum(),
            dialects,
        },
        operations,
        webhooks: api
            .webhooks
            .iter()
            .map(|webhook| Webhook {
                name: webhook.name.clone(),
                source: sources
                    .locate(webhook.span)
                    .unwrap_or_else(|| webhook.pointer.clone()),
                status: match webhook.payload {
                    Some(_) => Status::Generated,
                    None => Status::Skipped,
                },
            })
            .collect(),
        totals,
    }
}
