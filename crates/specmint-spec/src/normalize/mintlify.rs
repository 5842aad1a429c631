//! The endpoint form → one operation.
//!
//! The form shows the first level of every schema its own way (lists of *entries*) and everything
//! below as the author wrote it. Reading turns entries into schemas ([`entry`]); names that the
//! form gives away are settled over all pages ([`names`]); writing puts an `OpenAPI` document
//! together. It must never know about other pages' operations.

pub(crate) mod content;
pub(crate) mod entry;
pub(crate) mod marks;
pub(crate) mod names;
pub(crate) mod parameters;
pub(crate) mod security;
pub(crate) mod servers;
mod tags;
mod union;

use std::collections::BTreeMap;

use content::{Body, Response};
use entry::Slot;
use parameters::Parameter;
use security::Known;

use super::{
    tally::Tally,
    upgrade::{self, Dialect},
};
use crate::{
    diag::{Diagnostics, codes::normalize as codes},
    fragment::Fragment,
    node::{Map, Node, Value, escape_pointer},
    page::{Sources, Span},
    parallel,
    walk::{Kind, Path},
};

/// A page of the endpoint form, read.
pub(crate) struct Endpoint {
    fragment: Fragment,
    /// Where the operation begins: the block's `paths`.
    span: Span,
    /// A path template, or a webhook's name.
    path: Node,
    method: String,
    webhook: bool,
    servers: Option<Node>,
    security: Option<Node>,
    security_schemes: Map,
    parameters: Vec<Parameter>,
    body: Option<Body>,
    responses: Vec<Response>,
    deprecated: Option<Node>,
    extensions: Map,
    /// `components.schemas`: the author's, word for word.
    schemas: Map,
    idioms: marks::Idioms,
}

impl Endpoint {
    /// Where the operation will stand in the document.
    fn pointer(&self) -> String {
        pointer(
            self.webhook,
            self.path.as_str().unwrap_or_default(),
            &self.method,
        )
    }

    /// Every list of entries.
    fn slots_mut(&mut self) -> impl Iterator<Item = &mut Slot> {
        let parameters = self
            .parameters
            .iter_mut()
            .map(|parameter| &mut parameter.slot);
        let contents = self.body.iter_mut().map(|body| &mut body.content).chain(
            self.responses
                .iter_mut()
                .map(|response| &mut response.content),
        );
        parameters.chain(contents.flatten().filter_map(|media| media.slot.as_mut()))
    }

    /// Every list of entries, to look at.
    fn slots(&self) -> impl Iterator<Item = &Slot> {
        let parameters = self.parameters.iter().map(|parameter| &parameter.slot);
        let contents = self
            .body
            .iter()
            .map(|body| &body.content)
            .chain(self.responses.iter().map(|response| &response.content));
        parameters.chain(contents.flatten().filter_map(|media| media.slot.as_ref()))
    }

    /// The specification the page was made from, by which pages belong together.
    fn group(&self) -> Option<&str> {
        self.fragment.info.spec.as_deref()
    }
}

fn pointer(webhook: bool, path: &str, method: &str) -> String {
    let section = if webhook { "webhooks" } else { "paths" };
    format!("/{section}/{}/{method}", escape_pointer(path))
}

/// Reads one page; `None` where it has no operation, which is said.
pub(crate) fn read(
    mut fragment: Fragment,
    known: &Known,
    diags: &mut Diagnostics,
) -> Option<Endpoint> {
    let span = fragment.span;
    let mut paths = fragment.root.remove("paths").unwrap_or_else(|| empty(span));
    let path = paths.remove("path").filter(|node| node.as_str().is_some());
    let method = paths.get_str("method").map(str::to_ascii_lowercase);
    let (Some(path), Some(method)) = (path, method) else {
        diags.error(
            codes::NOT_AN_OPERATION,
            span,
            "the block has neither `paths.path` and `paths.method` nor `openapi`",
        );
        return None;
    };
    let webhook = paths.get_str("type") == Some("webhook")
        || paths.get("type").is_none() && fragment.info.method.as_deref() == Some("webhook");
    let target = path.as_str().unwrap_or_default();
    if !webhook && !target.starts_with('/') {
        diags.error(
            codes::NOT_AN_OPERATION,
            path.span,
            format!("`{target}` is no path: it does not begin with `/`"),
        );
        return None;
    }
    let pointer = pointer(webhook, target, &method);
    let mut request = paths.remove("request").unwrap_or_else(|| empty(span));
    let mut idioms = marks::Idioms::default();

    let (security, security_schemes) = match request.remove("security") {
        Some(list) => {
            let (requirements, schemes) = security::read(list, known, &pointer, diags);
            (Some(requirements), schemes)
        }
        None => (None, Map::new()),
    };
    let mut place = entry::Place {
        pointer: &pointer,
        idioms: &mut idioms,
        diags,
        has_dropped_example: false,
    };
    let mut parameters = request
        .remove("parameters")
        .map(|node| parameters::read(node, &mut place))
        .unwrap_or_default();
    if !webhook {
        parameters::add_vanished(&mut parameters, &path, &mut place);
    }
    let body = request
        .remove("body")
        .and_then(|node| content::read_body(node, &mut place));
    let responses = paths
        .remove("response")
        .map(|node| content::read_responses(node, &mut place))
        .unwrap_or_default();

    let mut extensions = Map::new();
    for (to, node) in [
        ("x-codeSamples", request.remove("codeSamples")),
        ("x-mcp", paths.remove("xMcp")),
        ("x-mint", paths.remove("xMint")),
    ] {
        if let Some(node) = node {
            extensions.insert(to.to_owned(), node);
        }
    }
    if extensions
        .get("x-mint")
        .is_some_and(|mint| mint.get("mcp").is_some())
    {
        // `xMcp` is then an alias of what stands inside.
        extensions.shift_remove("x-mcp");
    }
    let schemas = match fragment
        .root
        .remove("components")
        .and_then(|mut c| c.remove("schemas"))
    {
        Some(Node {
            value: Value::Object(map),
            ..
        }) => map,
        _ => Map::new(),
    };
    for schema in schemas.values() {
        idioms.look(schema);
    }
    Some(Endpoint {
        span: paths.span,
        path,
        method,
        webhook,
        servers: paths.remove("servers").and_then(servers::read),
        security,
        security_schemes,
        parameters,
        body,
        responses,
        deprecated: paths
            .remove("deprecated")
            .filter(|node| node.as_bool() == Some(true)),
        extensions,
        schemas,
        idioms,
        fragment,
    })
}

fn empty(span: Span) -> Node {
    Node::new(span, Map::new())
}

/// Brings the author's part of every page into the idioms of 3.1.
///
/// A page does not say which dialect it was written in; what its specification's pages show does.
pub(crate) fn upgrade(
    endpoints: Vec<Endpoint>,
    bytes: usize,
    diags: &mut Diagnostics,
) -> Vec<Endpoint> {
    let mut groups: BTreeMap<Option<String>, marks::Idioms> = BTreeMap::new();
    for endpoint in &endpoints {
        let group = endpoint.group().map(str::to_owned);
        groups.entry(group).or_default().join(endpoint.idioms);
    }
    let upgraded = parallel::map(endpoints, bytes, |mut endpoint| {
        let group = endpoint.group().map(str::to_owned);
        let dialect = if groups.get(&group).is_some_and(|idioms| idioms.only_3_0()) {
            Dialect::V3_0
        } else {
            Dialect::Unsaid
        };
        let mut diags = Diagnostics::default();
        let mut tally = Tally::default();
        let pointer = endpoint.pointer();
        let path = Path::start(&pointer);
        for slot in endpoint.slots_mut() {
            for entry in &mut slot.entries {
                marks::strip_below(&mut entry.schema);
                upgrade::tree(&mut entry.schema, Kind::Schema, dialect, &path, &mut tally);
            }
        }
        let path = Path::start("/components/schemas");
        for schema in endpoint.schemas.values_mut() {
            marks::strip_below(schema);
            upgrade::tree(schema, Kind::Schema, dialect, &path, &mut tally);
        }
        tally.say(&mut diags);
        (endpoint, diags)
    });
    let mut endpoints = Vec::with_capacity(upgraded.len());
    for (endpoint, said) in upgraded {
        endpoints.push(endpoint);
        diags.append(said);
    }
    endpoints
}

/// Puts the page together again, as a document of one operation.
pub(crate) fn write(endpoint: Endpoint, sources: &Sources) -> Fragment {
    let Endpoint {
        mut fragment,
        span,
        path,
        method,
        webhook,
        ..
    } = endpoint;
    let mut operation = Map::new();
    if !webhook && let Some(tag) = tags::of(&fragment, sources) {
        operation.insert(
            "tags".to_owned(),
            Node::new(span, vec![Node::new(span, tag)]),
        );
    }
    for (key, text) in [
        ("summary", &fragment.prose.title),
        ("description", &fragment.prose.description),
    ] {
        if let Some(text) = text {
            operation.insert(key.to_owned(), Node::new(fragment.span, text.as_str()));
        }
    }
    if !endpoint.parameters.is_empty() {
        let list: Vec<Node> = endpoint
            .parameters
            .into_iter()
            .map(parameters::write)
            .collect();
        operation.insert("parameters".to_owned(), Node::new(span, list));
    }
    if let Some(body) = endpoint.body {
        operation.insert("requestBody".to_owned(), content::write_body(body));
    }
    let responses: Map = endpoint
        .responses
        .into_iter()
        .map(content::write_response)
        .collect();
    if !responses.is_empty() {
        operation.insert("responses".to_owned(), Node::new(span, responses));
    }
    if let Some(deprecated) = endpoint.deprecated {
        operation.insert("deprecated".to_owned(), deprecated);
    }
    // A webhook is called by the API; an empty list says nothing there.
    let says_nothing = |list: &Node| webhook && list.as_array().is_some_and(<[Node]>::is_empty);
    if let Some(security) = endpoint.security.filter(|list| !says_nothing(list)) {
        operation.insert("security".to_owned(), security);
    }
    operation.extend(endpoint.extensions);

    let item = Node::object(span, [(method, Node::new(span, operation))]);
    let section = if webhook { "webhooks" } else { "paths" };
    let target = path.as_str().unwrap_or_default().to_owned();
    let mut root = Map::new();
    root.insert("openapi".to_owned(), Node::new(span, "3.1.0"));
    if let Some(servers) = endpoint.servers {
        root.insert("servers".to_owned(), servers);
    }
    root.insert(section.to_owned(), Node::object(span, [(target, item)]));
    let mut components = Map::new();
    for (key, map) in [
        ("schemas", endpoint.schemas),
        ("securitySchemes", endpoint.security_schemes),
    ] {
        if !map.is_empty() {
            components.insert(key.to_owned(), Node::new(span, map));
        }
    }
    if !components.is_empty() {
        root.insert("components".to_owned(), Node::new(span, components));
    }
    fragment.root = Node::new(span, root);
    fragment
}
