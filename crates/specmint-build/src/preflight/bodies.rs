//! Request bodies: one choice per media type that is really another way of asking.

use indexmap::IndexMap;
use specmint_spec::node::{Node, escape_pointer};

use super::{
    checks, ident,
    media_type::{self, Kind},
    operations::{Room, Skipped, Subject},
    properties, resolve,
    schemas::Role,
};
use crate::{
    codes,
    model::{Body, BodyKind, Encoding, Style},
};

/// A body and what the method that sends it is called beside the operation's name.
pub(super) struct Choice {
    pub(super) suffix: Option<String>,
    pub(super) body: Body,
}

/// The choices of an operation, the preferred one first; empty where there is no body.
pub(super) fn collect(room: &mut Room<'_>, subject: &Subject<'_>) -> Result<Vec<Choice>, Skipped> {
    let Some(node) = subject.node.get("requestBody") else {
        return Ok(Vec::new());
    };
    let Some((node, pointer)) =
        resolve(room.root, node, &format!("{}/requestBody", subject.pointer))
    else {
        let reference = node.get_str("$ref").unwrap_or_default().to_owned();
        return Err(room.skip(
            codes::DANGLING_REFERENCE,
            node.span,
            format!("request body `{reference}` does not exist"),
            subject,
        ));
    };
    let Some(content) = node.get("content").and_then(Node::as_object) else {
        return Ok(Vec::new());
    };
    let required = node.get("required").and_then(Node::as_bool) == Some(true);
    let description = node.get_str("description");

    let mut media: Vec<(&str, &Node, Kind)> = content
        .iter()
        .map(|(name, media)| (name.as_str(), media, of_request(room, name, media)))
        .collect();
    // A stable sort: the document's order within each rank.
    media.sort_by_key(|(name, _, kind)| rank(name, *kind));

    let mut choices: IndexMap<String, Choice> = IndexMap::new();
    let mut seen: Vec<(Kind, Option<&Node>)> = Vec::new();
    for (name, media, kind) in media {
        let schema = media.get("schema");
        let same = match kind {
            // `application/json` and `application/vnd.acme+json` of one schema are one choice.
            Kind::Json | Kind::Form | Kind::Multipart => {
                seen.iter().any(|(k, s)| *k == kind && *s == schema)
            }
            // A second kind of text or file only differs by its media type.
            _ => false,
        };
        if same {
            room.diags
                .note(
                    codes::MEDIA_TYPE_NOT_OFFERED,
                    media.span,
                    format!("request body `{name}` is another spelling of a choice already there"),
                )
                .at(subject.pointer.clone());
            continue;
        }
        seen.push((kind, schema));
        let suffix = (!choices.is_empty()).then(|| suffix(name, kind));
        let key = match &suffix {
            Some(suffix) => ident::unique(suffix, Some(&ident::snake(&subtype(name))), |n| {
                choices.contains_key(n)
            }),
            None => String::new(),
        };
        let at = format!("{pointer}/content/{}", escape_pointer(name));
        let body = Body {
            media_type: concrete(name, kind),
            kind: body_kind(room.root, kind, media),
            required,
            description: description.map(str::to_owned),
            schema: schema_place(room, subject, kind, schema, &at, media),
            is_choice: false,
            checks: match (kind, schema) {
                (Kind::Json | Kind::Form | Kind::Multipart, Some(schema)) => {
                    checks::of(room.root, schema)
                }
                _ => Vec::new(),
            },
        };
        let suffix = suffix.map(|_| key.clone());
        choices.insert(key, Choice { suffix, body });
    }
    let several = choices.len() > 1;
    Ok(choices
        .into_values()
        .map(|mut choice| {
            choice.body.is_choice = several;
            choice
        })
        .collect())
}

/// What goes into `Content-Type`: bytes under a wildcard are not JSON.
fn concrete(name: &str, kind: Kind) -> String {
    if kind == Kind::Bytes && name.contains('*') {
        "application/octet-stream".to_owned()
    } else {
        media_type::concrete(name)
    }
}

fn schema_place(
    room: &mut Room<'_>,
    subject: &Subject<'_>,
    kind: Kind,
    schema: Option<&Node>,
    at: &str,
    media: &Node,
) -> Option<String> {
    if !matches!(kind, Kind::Json | Kind::Form | Kind::Multipart) {
        return None;
    }
    let any = match kind {
        Kind::Json => Node::object::<String>(media.span, []),
        _ => Node::object(media.span, [("type", Node::new(media.span, "object"))]),
    };
    if schema.is_none() {
        room.diags
            .warning(
                codes::BODY_WITHOUT_SCHEMA,
                media.span,
                "the request body has no schema; any JSON value is taken",
            )
            .at(subject.pointer.clone());
    }
    let name = match kind {
        Kind::Form => format!("{}Form", subject.pascal),
        Kind::Multipart => format!("{}Multipart", subject.pascal),
        _ => format!("{}Body", subject.pascal),
    };
    let role = if kind == Kind::Multipart {
        Role::Multipart
    } else {
        Role::Body
    };
    Some(
        room.places
            .want(format!("{at}/schema"), name, role, schema.unwrap_or(&any)),
    )
}

/// What a request body is sent as: a file under a JSON-ish wildcard is a file.
fn of_request(room: &Room<'_>, name: &str, media: &Node) -> Kind {
    let kind = media_type::kind(name);
    let schema = media
        .get("schema")
        .and_then(|schema| resolve(room.root, schema, ""))
        .map(|(schema, _)| schema);
    let binary = schema.is_some_and(is_binary);
    match kind {
        Kind::Json | Kind::Text if binary => Kind::Bytes,
        // Nothing is said but that there are bytes.
        Kind::Json if schema.is_none() && media_type::essence(name) == "*/*" => Kind::Bytes,
        Kind::Stream => Kind::Bytes,
        kind => kind,
    }
}

/// Whether a schema is that of a file.
pub(super) fn is_binary(schema: &Node) -> bool {
    schema.get_str("type") == Some("string")
        && (schema.get_str("format") == Some("binary")
            || schema.get("contentMediaType").is_some() && schema.get("contentEncoding").is_none())
}

fn rank(name: &str, kind: Kind) -> u8 {
    match kind {
        Kind::Json if media_type::essence(name) == "application/json" => 0,
        Kind::Json if media_type::essence(name).contains('*') => 2,
        Kind::Json => 1,
        Kind::Multipart => 3,
        Kind::Form => 4,
        Kind::Text => 5,
        Kind::Stream | Kind::Bytes => 6,
    }
}

fn subtype(name: &str) -> String {
    media_type::essence(name)
        .split('/')
        .next_back()
        .unwrap_or_default()
        .to_owned()
}

fn suffix(name: &str, kind: Kind) -> String {
    match kind {
        Kind::Form => "form".to_owned(),
        Kind::Multipart => "multipart".to_owned(),
        Kind::Text if subtype(name).ends_with("xml") => "xml".to_owned(),
        Kind::Text if subtype(name) == "plain" || subtype(name) == "*" => "text".to_owned(),
        Kind::Bytes | Kind::Stream if matches!(subtype(name).as_str(), "octet-stream" | "*") => {
            "bytes".to_owned()
        }
        _ => ident::snake(&subtype(name).replace('+', "-")),
    }
}

fn body_kind(root: &Node, kind: Kind, media: &Node) -> BodyKind {
    match kind {
        Kind::Json => BodyKind::Json,
        Kind::Form => BodyKind::Form(encodings(media)),
        Kind::Multipart => BodyKind::Multipart(parts(root, media)),
        Kind::Text => BodyKind::Text,
        Kind::Stream | Kind::Bytes => BodyKind::Bytes,
    }
}

/// What is said of parts, and which lists may not be empty because one part has to be there.
fn parts(root: &Node, media: &Node) -> Vec<Encoding> {
    let mut out = encodings(media);
    let Some(schema) = media.get("schema") else {
        return out;
    };
    for (name, property) in properties::of(root, schema) {
        let list = property.get_str("type") == Some("array");
        let read_only = property.get("readOnly").and_then(Node::as_bool) == Some(true);
        if !list || read_only || !properties::is_required(root, schema, name) {
            continue;
        }
        match out.iter_mut().find(|encoding| encoding.name == name) {
            Some(encoding) => encoding.required = true,
            None => out.push(Encoding {
                name: name.to_owned(),
                content_type: None,
                style: None,
                explode: None,
                required: true,
            }),
        }
    }
    out
}

fn encodings(media: &Node) -> Vec<Encoding> {
    let Some(map) = media.get("encoding").and_then(Node::as_object) else {
        return Vec::new();
    };
    map.iter()
        .map(|(name, node)| Encoding {
            name: name.to_string(),
            content_type: node.get_str("contentType").map(|types| {
                // A list means: one of these. The first is as good as any.
                media_type::concrete(types.split(',').next().unwrap_or_default())
            }),
            style: match node.get_str("style") {
                Some("form") => Some(Style::Form),
                Some("spaceDelimited") => Some(Style::SpaceDelimited),
                Some("pipeDelimited") => Some(Style::PipeDelimited),
                Some("deepObject") => Some(Style::DeepObject),
                _ => None,
            },
            explode: node.get("explode").and_then(Node::as_bool),
            required: false,
        })
        .collect()
}
