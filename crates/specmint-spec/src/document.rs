//! One OpenAPI document, every node with its place.

use std::collections::BTreeMap;

use crate::{fragment::Form, node::Node, page::Span};

/// An OpenAPI 3.1 document made of all fragments of one API.
///
/// It holds what the input says and nothing else: no key of ours. What the generator needs to know
/// beside the document stands in the other fields.
#[derive(Clone, Debug)]
pub struct Document {
    /// The document itself; `openapi` is `3.1.x`.
    pub root: Node,
    /// What is known of each operation beside the document, by its key.
    pub operations: BTreeMap<OperationKey, Origin>,
    /// How many fragments of each form it was made of.
    pub forms: BTreeMap<Form, usize>,
}

/// What tells one operation from another: HTTP method (lower case) and path template, or
/// `webhook` and a webhook's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperationKey {
    /// The path template.
    pub path: String,
    /// Lower case.
    pub method: String,
}

/// Where an operation comes from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The operation's place in its page.
    pub span: Span,
    /// The page's heading, where there is one: breaks ties between names.
    pub title: Option<String>,
    /// Where the page is published.
    pub url: Option<String>,
}

/// A document of the 3.0 dialect.
///
/// What 3.0 can't say and the generator can use stands in `x-specmint-*` extensions.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// The document itself; `openapi` is `3.0.3`.
    pub root: Node,
    /// As in [`Document::operations`].
    pub operations: BTreeMap<OperationKey, Origin>,
    /// Where the path items stood that were written in the place of a `$ref`, by their path: what
    /// was said of them there concerns the copy, too.
    pub copies: BTreeMap<String, Vec<String>>,
    /// As in [`Document::forms`].
    pub forms: BTreeMap<Form, usize>,
}
