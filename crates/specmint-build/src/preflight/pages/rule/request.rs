//! What of a request may ask for another page.

use specmint_spec::node::Node;

use super::plain;
use crate::{
    model::{Location, Operation, PageTo},
    preflight::{
        pages::{List, step},
        properties,
    },
};

/// An optional scalar of a request.
pub(super) struct Request<'a> {
    pub(super) to: PageTo,
    /// Lower case, letters and digits only.
    pub(super) name: String,
    pub(super) schema: &'a Node,
    pub(super) description: Option<&'a str>,
    pub(super) integer: bool,
}

impl<'a> Request<'a> {
    fn new(to: PageTo, name: &str, schema: &'a Node, description: Option<&'a str>) -> Option<Self> {
        let kind = schema.get_str("type")?;
        matches!(kind, "string" | "integer" | "number").then(|| Self {
            to,
            name: plain(name),
            schema,
            description,
            integer: kind != "string",
        })
    }
}

/// The optional scalars of the query.
pub(super) fn parameters<'a>(operation: &'a Operation, list: &List<'a>) -> Vec<Request<'a>> {
    operation
        .parameters
        .iter()
        .enumerate()
        .filter(|(_, p)| p.location == Location::Query && !p.required && p.content.is_none())
        .filter_map(|(index, p)| {
            let schema = list.parameter(operation, index)?;
            let to = PageTo::Parameter(index);
            Request::new(to, &p.name, schema, p.description.as_deref())
        })
        .collect()
}

/// The optional texts of the body.
pub(super) fn members<'a>(operation: &Operation, list: &List<'a>) -> Vec<Request<'a>> {
    let Some(body) = list.body(operation) else {
        return Vec::new();
    };
    properties::of(list.root, body)
        .into_iter()
        .filter(|(name, _)| !properties::is_required(list.root, body, name))
        .filter_map(|(name, schema)| {
            let description = schema.get_str("description");
            Request::new(PageTo::Body(step(name)), name, schema, description)
        })
        .filter(|request| !request.integer)
        .collect()
}

/// Whether there is something to say in the body; some documents have empty ones everywhere.
pub(super) fn has_body(operation: &Operation, list: &List<'_>) -> bool {
    let Some(body) = &operation.body else {
        return false;
    };
    let schema = body.schema.as_ref().and_then(|at| list.root.pointer(at));
    body.required || schema.is_none_or(|schema| !properties::of(list.root, schema).is_empty())
}

/// Whether an operation that sends a body is named like one that only reads.
pub(super) fn reads(operation: &Operation) -> bool {
    const READS: &[&str] = &["list", "query", "search"];
    const WRITES: &[&str] = &[
        "add", "cancel", "create", "delete", "export", "new", "remove", "replace", "run", "save",
        "set", "start", "store", "update",
    ];
    let words = || operation.rust.split('_');
    let last = operation.key.path.rsplit(['/', ':']).next();
    let named =
        words().any(|word| READS.contains(&word)) || last.is_some_and(|it| READS.contains(&it));
    named && !words().any(|word| WRITES.contains(&word))
}
