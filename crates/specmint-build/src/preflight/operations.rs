//! Operations: from what the document says to what the wire needs.

mod method_names;
mod outcome;

use std::collections::BTreeMap;

use specmint_spec::{
    diag::{Code, Diagnostics},
    document::{Lowered, OperationKey},
    node::{Node, escape_pointer},
    page::Span,
};

use super::{
    Places, answers, bodies, ident, names::OperationName, parameters, path, published::Methods,
    resolve, security, servers,
};
use crate::{
    Settings, codes,
    model::{Api, Operation, Outcome, Server},
};

pub(super) use self::outcome::settle;
pub(crate) use self::outcome::status_name;

/// The methods progenitor knows.
const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// What a builder can't be called: the module that it stands in uses these.
pub(super) const PRELUDE: &[&str] = &[
    "Box", "Clone", "Debug", "Default", "Err", "From", "Into", "None", "Ok", "Option", "Result",
    "Self_", "Some", "String", "ToString", "TryInto", "Vec",
];

/// What the rooms of one fitting share.
pub(super) struct Room<'a> {
    pub(super) root: &'a Node,
    pub(super) places: &'a mut Places,
    pub(super) diags: &'a mut Diagnostics,
}

/// An operation can't be generated, and the diagnostics say why.
pub(super) struct Skipped;

impl Room<'_> {
    /// Says why an operation can't be generated.
    pub(super) fn skip(
        &mut self,
        code: Code,
        span: Span,
        message: String,
        subject: &Subject<'_>,
    ) -> Skipped {
        self.diags
            .skip(code, span, message)
            .at(subject.pointer.clone());
        Skipped
    }
}

/// The operation at hand.
pub(super) struct Subject<'a> {
    pub(super) key: &'a OperationKey,
    pub(super) node: &'a Node,
    pub(super) pointer: String,
    pub(super) item: &'a Node,
    pub(super) item_pointer: String,
    pub(super) span: Span,
    /// The Rust name in Pascal case, for names of its types.
    pub(super) pascal: String,
    /// Whether its credentials write `Authorization`.
    pub(super) authorized: bool,
}

/// Everything but what depends on the fitted types.
pub(super) fn draft(
    lowered: &Lowered,
    settings: &Settings,
    names: &BTreeMap<OperationKey, OperationName>,
    methods: &Methods,
    places: &mut Places,
    diags: &mut Diagnostics,
) -> Api {
    let root = &lowered.root;
    let schemes = security::schemes(root, diags);
    let mut api = Api {
        name: settings.name.clone(),
        title: settings
            .title
            .clone()
            .or_else(|| root.pointer("/info/title")?.as_str().map(str::to_owned))
            .filter(|title| !title.trim().is_empty())
            .unwrap_or_else(|| settings.name.clone()),
        version: version(root),
        description: root
            .pointer("/info/description")
            .and_then(Node::as_str)
            .map(str::to_owned),
        docs: settings.docs.clone().or_else(|| {
            root.pointer("/externalDocs/url")?
                .as_str()
                .map(str::to_owned)
        }),
        servers: api_servers(root, settings, diags),
        variables: Vec::new(),
        named_servers: Vec::new(),
        schemes,
        operations: Vec::new(),
        webhooks: Vec::new(),
        webhook_tag: None,
        error_enum: None,
        errors: Vec::new(),
        former_types: BTreeMap::new(),
    };
    let default = root.get("security");
    let mut drafts = Vec::new();
    let paths = root.get("paths").and_then(Node::as_object);
    for (template, item) in paths.into_iter().flatten() {
        let item_pointer = format!("/paths/{}", escape_pointer(template));
        let Some((item, item_pointer)) = resolve(root, item, &item_pointer) else {
            continue;
        };
        for (method, node) in item.as_object().into_iter().flatten() {
            let key = OperationKey {
                path: template.to_string(),
                method: method.to_string(),
            };
            let Some(name) = names.get(&key) else {
                continue;
            };
            if !settings.wants(node, &name.id, &name.rust) {
                continue;
            }
            let pointer = format!("{item_pointer}/{method}");
            let requirements = security::requirements(
                node.get("security").or(default),
                &api.schemes,
                &pointer,
                diags,
            );
            let subject = Subject {
                key: &key,
                node,
                pointer,
                item,
                item_pointer: item_pointer.clone(),
                span: lowered
                    .operations
                    .get(&key)
                    .map_or(node.span, |origin| origin.span),
                pascal: ident::pascal(&name.rust),
                authorized: security::writes_authorization(&requirements, &api.schemes),
            };
            let mut room = Room {
                root,
                places,
                diags,
            };
            if let Ok(operations) = operation(&mut room, &subject, lowered, name, &requirements) {
                drafts.extend(operations);
            }
        }
    }
    api.operations = method_names::name_all(drafts, names, methods);
    method_names::fitted_paths(&mut api.operations);
    servers::settle(&mut api);
    api
}

/// One method per choice of body.
fn operation<'a>(
    room: &mut Room<'a>,
    subject: &Subject<'a>,
    lowered: &Lowered,
    name: &OperationName,
    requirements: &[Vec<usize>],
) -> Result<Vec<(Operation, Option<String>)>, Skipped> {
    if !METHODS.contains(&subject.key.method.as_str()) {
        let message = format!(
            "no client can be generated for the method `{}`",
            subject.key.method
        );
        return Err(room.skip(codes::UNKNOWN_METHOD, subject.span, message, subject));
    }
    let template = path::parse(&subject.key.path);
    let parameters = parameters::collect(room, subject, &template)?;
    let answers = answers::collect(room, subject)?;
    let choices = bodies::collect(room, subject)?;

    let fixed: Vec<String> = template
        .query
        .iter()
        .filter(|(_, value)| path::parameters(value).is_empty())
        .map(|(name, value)| format!("{name}={}", path::write(value, str::to_owned)))
        .collect();
    let mut wire = path::write(&template.path, str::to_owned);
    if !fixed.is_empty() {
        wire = format!("{wire}?{}", fixed.join("&"));
    }
    let fitted_path = path::write(&template.path, |name| {
        parameters
            .iter()
            .find(|p| p.name == name && p.location == crate::model::Location::Path)
            .map_or_else(|| name.to_owned(), |p| p.rust.clone())
    });
    let own = servers::servers(subject.node);
    let mut own = if own.is_empty() {
        servers::servers(subject.item)
    } else {
        own
    };
    servers::resolve(&mut own, room.root);
    let text = |key: &str| {
        subject
            .node
            .get_str(key)
            .map(str::trim)
            .filter(|t| !t.is_empty())
            .map(str::to_owned)
    };
    let base = Operation {
        key: subject.key.clone(),
        pointer: subject.pointer.clone(),
        span: subject.span,
        id: name.id.clone(),
        rust: name.rust.clone(),
        was: name.was.clone(),
        builder: String::new(),
        constant: String::new(),
        method: subject.key.method.to_ascii_uppercase(),
        path: wire,
        fitted_path,
        summary: text("summary"),
        description: text("description"),
        deprecated: subject.node.get("deprecated").and_then(Node::as_bool) == Some(true),
        url: lowered
            .operations
            .get(subject.key)
            .and_then(|origin| origin.url.clone())
            .or_else(|| {
                subject
                    .node
                    .pointer("/externalDocs/url")?
                    .as_str()
                    .map(str::to_owned)
            }),
        tags: subject
            .node
            .get("tags")
            .and_then(Node::as_array)
            .unwrap_or_default()
            .iter()
            .filter_map(Node::as_str)
            .map(str::to_owned)
            .collect(),
        parameters,
        body: None,
        outcome: Outcome {
            answers: answers.success,
            several: None,
        },
        errors: Vec::new(),
        error_answers: answers.errors,
        security: requirements.to_vec(),
        servers: own,
        pages: None,
    };
    if choices.is_empty() {
        return Ok(vec![(base, None)]);
    }
    Ok(choices
        .into_iter()
        .map(|choice| {
            (
                Operation {
                    body: Some(choice.body),
                    ..base.clone()
                },
                choice.suffix,
            )
        })
        .collect())
}

/// `info.version` as visible ASCII: it stands in the user agent.
fn version(root: &Node) -> String {
    let node = root.pointer("/info/version");
    let text = node
        .and_then(Node::as_str)
        .or_else(|| {
            node.and_then(Node::as_number)
                .map(specmint_spec::node::Number::text)
        })
        .unwrap_or_default();
    let visible: String = text
        .chars()
        .filter(char::is_ascii_graphic)
        .take(64)
        .collect();
    if visible.is_empty() {
        "0".to_owned()
    } else {
        visible
    }
}

fn api_servers(root: &Node, settings: &Settings, diags: &mut Diagnostics) -> Vec<Server> {
    let mut out = servers::servers(root);
    if let Some(url) = &settings.base_url {
        out.insert(
            0,
            Server {
                url: url.clone(),
                template: None,
                description: None,
                variables: Vec::new(),
            },
        );
    }
    if !out.iter().any(|server| server.url.contains("://")) {
        diags
            .note(
                codes::NO_SERVER,
                root.get("servers").map_or(root.span, |node| node.span),
                "no absolute base URL is documented; the client has to be given one",
            )
            .help("set `base-url` in `api.toml`, or call `Client::builder().base_url(…)`");
    }
    out
}
