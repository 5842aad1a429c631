//! Webhooks: what the API sends by itself, and what its bodies are read into.
//!
//! OpenAPI 3.0 has no webhooks; lowering keeps them as `x-specmint-webhooks`. progenitor sees of
//! them only the schemas, which become types like those of answers.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use specmint_spec::{
    diag::Diagnostics,
    document::{Lowered, OperationKey},
    node::{Node, escape_pointer},
};

use super::{
    Places, ident,
    media_type::{self, Kind},
    properties, resolve,
    schemas::{Role, Types},
};
use crate::{
    Settings, codes,
    model::{Api, Webhook, WebhookHeader},
};

/// Where lowering puts them.
const SECTION: &str = "x-specmint-webhooks";

/// The methods a webhook may be sent by.
const METHODS: &[&str] = &[
    "post", "put", "patch", "get", "delete", "head", "options", "trace",
];

/// How deep alternatives of a payload are followed.
const MAX_DEPTH: usize = 8;

/// All webhooks, in the order of the document.
pub(super) fn collect(
    lowered: &Lowered,
    settings: &Settings,
    places: &mut Places,
    diags: &mut Diagnostics,
) -> Vec<Webhook> {
    let root = &lowered.root;
    let mut out: Vec<Webhook> = Vec::new();
    let section = root.get(SECTION).and_then(Node::as_object);
    for (name, item) in section.into_iter().flatten() {
        let item_pointer = format!("/{SECTION}/{}", escape_pointer(name));
        let Some((item, item_pointer)) = resolve(root, item, &item_pointer) else {
            diags
                .warning(
                    codes::WEBHOOK_UNTYPED,
                    item.span,
                    format!("the webhook `{name}` refers to what does not exist"),
                )
                .at(item_pointer);
            continue;
        };
        for method in METHODS {
            let Some(node) = item.get(method) else {
                continue;
            };
            let pointer = format!("{item_pointer}/{method}");
            let key = OperationKey {
                path: name.to_string(),
                method: "webhook".to_owned(),
            };
            let origin = lowered.operations.get(&key);
            let taken: BTreeSet<String> = out
                .iter()
                .flat_map(|w| [w.rust.clone(), w.variant.clone()])
                .chain(["Unknown".to_owned()])
                .collect();
            let alternative = format!("{}_{method}", ident::snake(name));
            let rust = ident::unique(&ident::snake(name), Some(&alternative), |n| {
                taken.contains(n) || taken.contains(&ident::pascal(n))
            });
            let id = node.get_str("operationId").unwrap_or(name);
            if !settings.wants(node, id, &rust) {
                continue;
            }
            let variant = ident::pascal(&rust);
            let span = origin.map_or(node.span, |origin| origin.span);
            let payload = payload(root, places, node, &pointer, &variant);
            let tags = match &payload {
                Ok((_, schema)) => tags(root, schema, 0),
                Err(_) => IndexMap::new(),
            };
            if let Err(message) = &payload {
                diags
                    .warning(
                        codes::WEBHOOK_UNTYPED,
                        span,
                        format!("the webhook `{name}` has no type: {message}"),
                    )
                    .at(pointer.clone());
            }
            let text = |key: &str| {
                node.get_str(key)
                    .map(str::trim)
                    .filter(|text| !text.is_empty())
                    .map(str::to_owned)
            };
            out.push(Webhook {
                name: name.to_string(),
                rust,
                variant,
                method: method.to_ascii_uppercase(),
                pointer,
                span,
                summary: text("summary"),
                description: text("description"),
                deprecated: node.get("deprecated").and_then(Node::as_bool) == Some(true),
                url: origin.and_then(|origin| origin.url.clone()),
                payload: payload.ok().map(|(at, _)| at),
                headers: headers(root, item, node),
                tags,
            });
        }
    }
    out
}

/// Where the schema of the body stands, and the schema; or why there is none.
fn payload<'a>(
    root: &'a Node,
    places: &mut Places,
    node: &'a Node,
    pointer: &str,
    variant: &str,
) -> Result<(String, &'a Node), String> {
    let body = node.get("requestBody").ok_or("it documents no body")?;
    let (body, at) =
        resolve(root, body, &format!("{pointer}/requestBody")).ok_or("its body does not exist")?;
    let content = body.get("content").and_then(Node::as_object);
    let (media_type, media) = content
        .into_iter()
        .flatten()
        .find(|(name, _)| media_type::kind(name) == Kind::Json)
        .ok_or("its body is not documented as JSON")?;
    let schema = media
        .get("schema")
        .ok_or("its body is documented without a schema")?;
    let at = format!("{at}/content/{}/schema", escape_pointer(media_type));
    let at = places.want(at, format!("{variant}Payload"), Role::Answer, schema);
    Ok((at, schema))
}

/// The documented headers, the path item's overridden by the operation's.
fn headers(root: &Node, item: &Node, node: &Node) -> Vec<WebhookHeader> {
    let mut out: IndexMap<String, WebhookHeader> = IndexMap::new();
    for owner in [item, node] {
        let parameters = owner.get("parameters").and_then(Node::as_array);
        for parameter in parameters.into_iter().flatten() {
            let Some((parameter, _)) = resolve(root, parameter, "") else {
                continue;
            };
            if parameter.get_str("in") != Some("header") {
                continue;
            }
            let Some(name) = parameter.get_str("name") else {
                continue;
            };
            let header = WebhookHeader {
                name: name.to_owned(),
                required: parameter.get("required").and_then(Node::as_bool) == Some(true),
                description: parameter.get_str("description").map(str::to_owned),
            };
            out.insert(name.to_ascii_lowercase(), header);
        }
    }
    out.into_values().collect()
}

/// The properties of a payload that have documented texts as their only values.
fn tags(root: &Node, schema: &Node, depth: usize) -> IndexMap<String, Vec<String>> {
    let mut out = IndexMap::new();
    let Some(schema) = properties::resolved(root, schema).filter(|_| depth < MAX_DEPTH) else {
        return out;
    };
    for (name, property) in properties::of(root, schema) {
        let values = property.get("enum").and_then(Node::as_array);
        let texts: Option<Vec<String>> = values
            .unwrap_or_default()
            .iter()
            .map(|value| value.as_str().map(str::to_owned))
            .collect();
        if let Some(texts) = texts.filter(|texts| !texts.is_empty()) {
            out.insert(name.to_owned(), texts);
        }
    }
    for key in ["oneOf", "anyOf"] {
        let Some([first, rest @ ..]) = schema.get(key).and_then(Node::as_array) else {
            continue;
        };
        let mut common = tags(root, first, depth + 1);
        for branch in rest {
            let mut of_branch = tags(root, branch, depth + 1);
            common.retain(|name, values| {
                of_branch.shift_remove(name).is_some_and(|more| {
                    values.extend(more);
                    true
                })
            });
        }
        out.extend(common);
    }
    out
}

/// Names by which webhooks are usually told apart, the likelier first.
const USUAL: &[&str] = &[
    "type",
    "event",
    "event_type",
    "eventType",
    "kind",
    "action",
    "topic",
    "name",
];

/// What depends on the types, and on all webhooks together: by which property they are told apart.
pub(super) fn settle(api: &mut Api, types: &Types) {
    for webhook in &mut api.webhooks {
        webhook.payload.take_if(|at| !types.at.contains_key(at));
    }
    let typed: Vec<&Webhook> = api
        .webhooks
        .iter()
        .filter(|w| w.payload.is_some())
        .collect();
    let [first, _, ..] = typed.as_slice() else {
        return;
    };
    let tells_apart = |name: &&String| {
        let mut seen = BTreeSet::new();
        typed.iter().all(|webhook| {
            webhook.tags.get(*name).is_some_and(|values| {
                let own: BTreeSet<&String> = values.iter().collect();
                own.into_iter().all(|value| seen.insert(value))
            })
        })
    };
    let found: Vec<&String> = first.tags.keys().filter(tells_apart).collect();
    let usual = USUAL
        .iter()
        .find_map(|usual| found.iter().find(|name| name.as_str() == *usual));
    api.webhook_tag = usual.or(found.first()).map(|name| (*name).clone());
}
