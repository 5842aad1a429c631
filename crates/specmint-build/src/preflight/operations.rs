//! Operations: from what the document says to what the wire needs.

use std::collections::{BTreeMap, BTreeSet};

use specmint_spec::{
    diag::{Code, Diagnostics},
    document::{Lowered, OperationKey},
    names::Entry,
    node::{Key, Node, escape_pointer},
    page::Span,
};

use super::{
    Places, answers, bodies, ident,
    names::OperationName,
    parameters, path,
    published::{self, Methods},
    resolve,
    schemas::Types,
    security, servers,
};
use crate::{
    Settings, codes,
    model::{
        Answer, AnswerKind, Api, ErrorAnswer, ErrorBody, Operation, Outcome, Server, StatusMatch,
    },
};

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
    api.operations = name_all(drafts, names, methods);
    fitted_paths(&mut api.operations);
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

/// Settles the names of all methods, builders and table rows.
fn name_all(
    drafts: Vec<(Operation, Option<String>)>,
    names: &BTreeMap<OperationKey, OperationName>,
    methods: &Methods,
) -> Vec<Operation> {
    let mut taken: BTreeSet<String> = names.values().map(|name| name.rust.clone()).collect();
    let mut builders = BTreeSet::new();
    let mut out = Vec::new();
    for (mut operation, suffix) in drafts {
        let free = |name: &str, builders: &BTreeSet<String>| {
            let builder = ident::builder(name);
            ident::snake(name) == name
                && !builders.contains(&builder)
                && !methods.has_builder(&builder)
                && !PRELUDE.contains(&builder.as_str())
        };
        let is_published = names
            .get(&operation.key)
            .is_some_and(|name| name.is_published);
        let choice = match (&suffix, &operation.body) {
            (Some(_), Some(body)) => methods.choice(&operation.key, &body.media_type),
            _ => None,
        };
        let alternative = format!("{}_operation", operation.rust);
        let rust = match suffix {
            None if is_published || free(&operation.rust, &builders) => operation.rust.clone(),
            None => ident::unique(&ident::snake(&operation.rust), Some(&alternative), |n| {
                taken.contains(n) && n != operation.rust || !free(n, &builders)
            }),
            Some(suffix) => {
                operation.was = choice.map(|entry| entry.was.clone()).unwrap_or_default();
                choice.map_or_else(
                    || {
                        let name = ident::snake(&format!("{}_{suffix}", operation.rust));
                        ident::unique(&name, None, |n| taken.contains(n) || !free(n, &builders))
                    },
                    |entry| entry.name.clone(),
                )
            }
        };
        operation.builder = ident::builder(&rust);
        operation.constant = ident::shouty(&rust);
        taken.insert(rust.clone());
        builders.insert(operation.builder.clone());
        operation.rust = rust;
        out.push(operation);
    }
    // Shouty names can still meet: `a_1` and `a1` are different methods.
    let mut constants = BTreeSet::new();
    for operation in &mut out {
        operation.constant =
            ident::unique(&operation.constant, None, |n| constants.contains(n)).to_uppercase();
        constants.insert(operation.constant.clone());
    }
    out
}

/// Makes the paths of the fitted document unique by method, whatever the parameters are called.
fn fitted_paths(operations: &mut [Operation]) {
    let mut taken = BTreeSet::new();
    for operation in operations {
        let shape: Vec<path::Piece> = path::parse(&operation.fitted_path)
            .path
            .into_iter()
            .map(|piece| match piece {
                path::Piece::Parameter(_) => path::Piece::Parameter(String::new()),
                text @ path::Piece::Text(_) => text,
            })
            .collect();
        let shape = path::write(&shape, str::to_owned);
        if !taken.insert((operation.method.clone(), shape)) {
            operation.fitted_path = format!("{}#{}", operation.fitted_path, operation.rust);
        }
    }
}

/// What depends on the types: enums of answers, types of errors.
pub(super) fn settle(
    api: &mut Api,
    types: &Types,
    names: &BTreeMap<String, Entry>,
    diags: &mut Diagnostics,
) {
    api.former_types.clone_from(&types.former);
    api.operations.retain(|operation| {
        let missing = operation
            .parameters
            .iter()
            .map(|p| &p.schema)
            .chain(operation.body.iter().filter_map(|b| b.schema.as_ref()))
            .chain(
                operation
                    .outcome
                    .answers
                    .iter()
                    .filter_map(|a| json(&a.kind)),
            )
            .find(|at| !types.at.contains_key(*at));
        if let Some(at) = missing {
            diags
                .skip(
                    codes::NO_TYPE,
                    operation.span,
                    format!("the schema at `{at}` has no type"),
                )
                .at(operation.pointer.clone());
        }
        missing.is_none()
    });
    let mut taken: BTreeSet<String> = types
        .schemas
        .keys()
        .map(Key::to_string)
        .chain(types.enums.keys().cloned())
        .chain(types.former.keys().cloned())
        .collect();
    let mut by_key: BTreeMap<OperationKey, String> = BTreeMap::new();
    for operation in &mut api.operations {
        for parameter in &mut operation.parameters {
            parameter.structure = types
                .at
                .get(&parameter.schema)
                .and_then(super::document::reference)
                .filter(|name| is_struct(name, types))
                .map(str::to_owned);
        }
        settle_answers(operation, types);
        if operation.outcome.several.is_some() {
            // Two methods of one operation share the enum.
            let former = &mut api.former_types;
            let name = by_key.entry(operation.key.clone()).or_insert_with(|| {
                let wanted = format!("{}Answer", operation.builder);
                let published = names.get(&published::answers(&operation.pointer));
                one_more_type(&wanted, published, &mut taken, former)
            });
            operation.outcome.several = Some(name.clone());
        }
    }
    settle_errors(api, types, names.get(published::ERRORS), &mut taken);
}

/// Names a type that is no schema.
fn one_more_type(
    wanted: &str,
    published: Option<&Entry>,
    taken: &mut BTreeSet<String>,
    former: &mut BTreeMap<String, String>,
) -> String {
    let name = match published {
        Some(entry) => entry.name.clone(),
        None => ident::unique_pascal(wanted, |n| taken.contains(n)),
    };
    taken.insert(name.clone());
    for was in published.iter().flat_map(|entry| &entry.was) {
        former.insert(was.clone(), name.clone());
    }
    name
}

/// Whether typify makes a struct of a schema.
fn is_struct(name: &str, types: &Types) -> bool {
    types.schemas.get(name).is_some_and(|schema| {
        schema.get("properties").is_some()
            || schema.get_str("type") == Some("object")
                && schema.get("additionalProperties").and_then(Node::as_bool) == Some(false)
    })
}

fn json(kind: &AnswerKind) -> Option<&String> {
    if let AnswerKind::Json(at) = kind {
        Some(at)
    } else {
        None
    }
}

/// Whether two answers are read into the same type.
fn alike(a: &AnswerKind, b: &AnswerKind, types: &Types) -> bool {
    match (a, b) {
        (AnswerKind::Json(a), AnswerKind::Json(b)) => types.at.get(a) == types.at.get(b),
        (a, b) => a == b,
    }
}

/// Names the variants where an operation has answers of several types.
fn settle_answers(operation: &mut Operation, types: &Types) {
    let answers = &mut operation.outcome.answers;
    let Some(first) = answers.first().map(|a| a.kind.clone()) else {
        return;
    };
    if answers.iter().all(|a| alike(&a.kind, &first, types)) {
        for answer in answers {
            answer.kind = first.clone();
        }
        return;
    }
    operation.outcome.several = Some(String::new());
    let mut variants: Vec<(AnswerKind, String)> = Vec::new();
    let by_status = answers
        .iter()
        .map(|a| a.status)
        .collect::<BTreeSet<_>>()
        .len()
        > 1;
    for answer in answers.iter_mut() {
        if let Some((kind, variant)) = variants.iter().find(|(k, _)| alike(k, &answer.kind, types))
        {
            answer.kind = kind.clone();
            answer.variant = Some(variant.clone());
            continue;
        }
        let wanted = if by_status {
            status_name(answer.status)
        } else {
            kind_name(answer)
        };
        let alternative = format!("{wanted}{}", kind_name(answer));
        let free = |n: &str| !variants.iter().any(|(_, v)| v == n);
        let name = if free(&wanted) {
            wanted
        } else {
            ident::unique_pascal(&alternative, |n| !free(n))
        };
        answer.variant = Some(name.clone());
        variants.push((answer.kind.clone(), name));
    }
}

fn kind_name(answer: &Answer) -> String {
    match &answer.kind {
        AnswerKind::Json(_) => "Json".to_owned(),
        AnswerKind::Empty => "Empty".to_owned(),
        AnswerKind::Text if answer.media_type == "text/plain" => "Text".to_owned(),
        AnswerKind::Bytes if answer.media_type == "application/octet-stream" => "Bytes".to_owned(),
        AnswerKind::Text | AnswerKind::Bytes => {
            ident::pascal(answer.media_type.rsplit('/').next().unwrap_or_default())
        }
    }
}

/// A word for a status, in Pascal case.
pub(crate) fn status_name(status: StatusMatch) -> String {
    let name = match status {
        StatusMatch::Code(code) => match code {
            101 => "SwitchingProtocols",
            200 => "Ok",
            201 => "Created",
            202 => "Accepted",
            203 => "NonAuthoritative",
            204 => "NoContent",
            205 => "ResetContent",
            206 => "PartialContent",
            207 => "MultiStatus",
            301 => "MovedPermanently",
            302 => "Found",
            303 => "SeeOther",
            304 => "NotModified",
            307 => "TemporaryRedirect",
            308 => "PermanentRedirect",
            code => return format!("Status{code}"),
        },
        StatusMatch::Range(digit) => return format!("Status{digit}xx"),
        StatusMatch::Default => "Other",
    };
    name.to_owned()
}

/// Collects the types of error bodies, and names their enum where there are several.
fn settle_errors(
    api: &mut Api,
    types: &Types,
    published: Option<&Entry>,
    taken: &mut BTreeSet<String>,
) {
    // A body that may be anything is no type beside others; it stays in the error as bytes.
    let has_typed = api
        .operations
        .iter()
        .flat_map(|operation| &operation.error_answers)
        .filter_map(|answer| json(&answer.kind))
        .any(|at| types.at.contains_key(at) && !is_any(at, types));
    let mut errors: Vec<ErrorBody> = Vec::new();
    for operation in &mut api.operations {
        for answer in std::mem::take(&mut operation.error_answers) {
            let body = match &answer.kind {
                // Plain text stands in the error's `body()` already; it needs a type of its own
                // only beside typed bodies, and there it would only be in the way.
                AnswerKind::Empty | AnswerKind::Bytes | AnswerKind::Text => None,
                AnswerKind::Json(at) if !types.at.contains_key(at) => None,
                kind @ AnswerKind::Json(at) => {
                    if has_typed && is_any(at, types) {
                        None
                    } else {
                        let at = errors.iter().position(|e| alike(&e.kind, kind, types));
                        Some(at.unwrap_or_else(|| {
                            let variant = ident::unique_pascal(&error_variant(kind, types), |n| {
                                errors.iter().any(|e| e.variant == n)
                            });
                            errors.push(ErrorBody {
                                variant,
                                kind: kind.clone(),
                            });
                            errors.len() - 1
                        }))
                    }
                }
            };
            operation.errors.push(ErrorAnswer {
                status: answer.status,
                media_type: answer.media_type,
                body,
                description: answer.description,
            });
        }
    }
    if errors.len() > 1 {
        let former = &mut api.former_types;
        let name = one_more_type("ErrorBody", published, taken, former);
        api.error_enum = Some(name);
    }
    api.errors = errors;
}

/// Whether the schema at a place says nothing.
fn is_any(at: &str, types: &Types) -> bool {
    types.at.get(at).is_some_and(|node| {
        node.get("type").is_none()
            && super::document::reference(node).is_none()
            && node.get("oneOf").is_none()
    })
}

/// The name of an error body's variant: that of its type.
fn error_variant(kind: &AnswerKind, types: &Types) -> String {
    let node = json(kind).and_then(|at| types.at.get(at));
    node.and_then(super::document::reference)
        .map_or_else(|| "Json".to_owned(), str::to_owned)
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
