//! Answers: which statuses and media types are documented, and how each is read.

use specmint_spec::node::{Node, escape_pointer};

use super::{
    bodies::is_binary,
    media_type::{self, Kind},
    operations::{Room, Skipped, Subject},
    resolve,
    schemas::Role,
};
use crate::{
    codes,
    model::{Answer, AnswerKind, Framing, Items, StatusMatch},
};

/// The documented answers of an operation.
pub(super) struct Answers {
    pub(super) success: Vec<Answer>,
    pub(super) errors: Vec<Answer>,
}

/// Sorts the documented answers into success and error.
pub(super) fn collect(room: &mut Room<'_>, subject: &Subject<'_>) -> Result<Answers, Skipped> {
    let none = specmint_spec::node::Map::new();
    let responses = subject
        .node
        .get("responses")
        .and_then(Node::as_object)
        .unwrap_or(&none);
    let mut documented = Vec::new();
    for (key, node) in responses {
        if key.starts_with("x-") {
            continue;
        }
        let Some(status) = status(key) else {
            room.diags
                .warning(
                    codes::UNKNOWN_STATUS,
                    node.span,
                    format!("`{key}` is no status"),
                )
                .at(subject.pointer.clone());
            continue;
        };
        documented.push((status, key, node));
    }
    let succeeds = |status: StatusMatch| match status {
        StatusMatch::Code(code) => (200..300).contains(&code) || code == 101,
        StatusMatch::Range(digit) => digit == 2,
        StatusMatch::Default => false,
    };
    let redirects = |status: StatusMatch| match status {
        StatusMatch::Code(code) => (300..400).contains(&code),
        StatusMatch::Range(digit) => digit == 3,
        StatusMatch::Default => false,
    };
    // Where only a redirect or only `default` is documented, that is what success looks like.
    let any = documented.iter().any(|(status, ..)| succeeds(*status));
    let any_redirect = documented.iter().any(|(status, ..)| redirects(*status));

    let mut out = Answers {
        success: Vec::new(),
        errors: Vec::new(),
    };
    for (status, key, node) in documented {
        let pointer = format!("{}/responses/{}", subject.pointer, escape_pointer(key));
        let Some((node, pointer)) = resolve(room.root, node, &pointer) else {
            let reference = node.get_str("$ref").unwrap_or_default().to_owned();
            return Err(room.skip(
                codes::DANGLING_REFERENCE,
                node.span,
                format!("response `{reference}` does not exist"),
                subject,
            ));
        };
        let success = succeeds(status)
            || !any && redirects(status)
            || !any && !any_redirect && status == StatusMatch::Default;
        let informs = matches!(status, StatusMatch::Code(100..=199) | StatusMatch::Range(1));
        if informs && !success {
            continue; // never reaches a caller
        }
        if success {
            out.success
                .extend(read(room, subject, status, node, &pointer, Role::Answer));
        }
        if !success || status == StatusMatch::Default {
            out.errors
                .extend(read(room, subject, status, node, &pointer, Role::Error));
        }
    }
    if out.success.is_empty() {
        room.diags
            .note(
                codes::NO_SUCCESS_ANSWER,
                subject.span,
                "no success answer is documented; any is taken, as bytes",
            )
            .at(subject.pointer.clone());
        out.success.push(Answer {
            status: StatusMatch::Range(2),
            media_type: "*/*".to_owned(),
            kind: AnswerKind::Bytes,
            description: None,
            variant: None,
            items: None,
        });
    }
    Ok(out)
}

fn status(key: &str) -> Option<StatusMatch> {
    if key.eq_ignore_ascii_case("default") {
        return Some(StatusMatch::Default);
    }
    if let [digit @ b'1'..=b'5', b'X' | b'x', b'X' | b'x'] = key.as_bytes() {
        return Some(StatusMatch::Range(digit - b'0'));
    }
    key.parse()
        .ok()
        .filter(|code| (100..1000).contains(code))
        .map(StatusMatch::Code)
}

/// One answer per media type that says something of its own.
fn read(
    room: &mut Room<'_>,
    subject: &Subject<'_>,
    status: StatusMatch,
    node: &Node,
    pointer: &str,
    role: Role,
) -> Vec<Answer> {
    let description = node
        .get_str("description")
        .filter(|d| !d.is_empty())
        .map(str::to_owned);
    let answer = |media_type: String, kind| Answer {
        status,
        media_type,
        kind,
        description: description.clone(),
        variant: None,
        items: None,
    };
    let bodiless =
        subject.key.method == "head" || matches!(status, StatusMatch::Code(204 | 205 | 304));
    let content = node
        .get("content")
        .and_then(Node::as_object)
        .filter(|map| !map.is_empty());
    let Some(content) = content.filter(|_| !bodiless) else {
        return vec![answer(String::new(), AnswerKind::Empty)];
    };

    // Another spelling of a JSON answer (XML of the same schema) isn't asked for.
    let json_schemas: Vec<Option<&Node>> = content
        .iter()
        .filter(|(name, _)| media_type::kind(name) == Kind::Json)
        .map(|(_, media)| media.get("schema"))
        .collect();
    let mut out: Vec<Answer> = Vec::new();
    for (name, media) in content {
        let schema = media.get("schema");
        let kind = of_answer(room, name, schema);
        let natively_json = media_type::kind(name) == Kind::Json;
        if !natively_json && schema.is_some() && json_schemas.contains(&schema) {
            continue;
        }
        if natively_json
            && json_schemas.iter().position(|s| *s == schema).is_some()
            && out.iter().any(
                |a| matches!(&a.kind, AnswerKind::Json(at) if room.places.schema(at) == schema),
            )
        {
            // One more JSON media type of one schema: the table has to know it all the same.
            if let Some(kind) = out.iter().find_map(|a| match &a.kind {
                AnswerKind::Json(at) if room.places.schema(at) == schema => Some(a.kind.clone()),
                _ => None,
            }) {
                out.push(answer(wire(name), kind));
            }
            continue;
        }
        let kind = match kind {
            Kind::Json => {
                let any = Node::object::<String>(media.span, []);
                if schema.is_none() {
                    room.diags
                        .note(
                            codes::ANSWER_WITHOUT_SCHEMA,
                            media.span,
                            "the answer has no schema; read as any JSON value",
                        )
                        .at(subject.pointer.clone());
                }
                let at = format!("{pointer}/content/{}/schema", escape_pointer(name));
                let type_name = match role {
                    Role::Error => format!("{}Error", subject.pascal),
                    _ => format!("{}Response", subject.pascal),
                };
                AnswerKind::Json(
                    room.places
                        .want(at, type_name, role, schema.unwrap_or(&any)),
                )
            }
            Kind::Text => AnswerKind::Text,
            Kind::Stream if role == Role::Answer => {
                let at = format!("{pointer}/content/{}/schema", escape_pointer(name));
                let mut stream = answer(wire(name), AnswerKind::Bytes);
                stream.items = schema.and_then(|schema| items(room, subject, name, schema, at));
                out.push(stream);
                continue;
            }
            Kind::Form | Kind::Multipart | Kind::Stream | Kind::Bytes => AnswerKind::Bytes,
        };
        out.push(answer(wire(name), kind));
    }
    out
}

/// What arrives one by one, where the schema says more than text or anything.
fn items(
    room: &mut Room<'_>,
    subject: &Subject<'_>,
    media_type: &str,
    schema: &Node,
    at: String,
) -> Option<Items> {
    let (body, _) = resolve(room.root, schema, &at)?;
    let says_type = ["properties", "oneOf", "anyOf", "allOf", "items", "enum"]
        .iter()
        .any(|key| body.get(key).is_some());
    match body.get_str("type") {
        Some("string") => return None,
        None if !says_type => return None,
        _ => {}
    }
    let name = format!("{}Item", subject.pascal);
    if media_type::essence(media_type) != "text/event-stream" {
        // Either the schema of a line, or of the list of all lines.
        let (one, at) = match body
            .get("items")
            .filter(|items| items.as_object().is_some())
        {
            Some(one) => (one, format!("{at}/items")),
            None => (schema, at),
        };
        let at = room.places.want(at, name, Role::Answer, one);
        let framing = Framing::Lines;
        return Some(Items { at, framing });
    }
    room.diags
        .note(
            codes::STREAM_ITEMS,
            schema.span,
            "`stream` reads events as this schema, `send` gives them back as they are",
        )
        .at(subject.pointer.clone());
    let framing = if is_event(room.root, body, 0) {
        Framing::WholeEvents
    } else {
        Framing::Events
    };
    let at = room.places.want(at, name, Role::Answer, schema);
    Some(Items { at, framing })
}

/// Whether a schema is about the event itself and not about its data.
fn is_event(root: &Node, schema: &Node, depth: usize) -> bool {
    const FIELDS: &[&str] = &["id", "event", "data", "retry", "comment", "type"];
    if depth > 8 {
        return false;
    }
    let Some((schema, _)) = resolve(root, schema, "") else {
        return false;
    };
    for key in ["oneOf", "anyOf", "allOf"] {
        if let Some([first, ..]) = schema.get(key).and_then(Node::as_array) {
            return is_event(root, first, depth + 1);
        }
    }
    let Some(properties) = schema.get("properties").and_then(Node::as_object) else {
        return false;
    };
    let has = |name: &str| properties.contains_key(name);
    has("data")
        && (has("event") || has("id") || has("retry") || properties.len() == 1)
        && properties
            .keys()
            .all(|name| FIELDS.contains(&name.as_str()))
}

/// A media type as the table has it; wildcards stay.
fn wire(name: &str) -> String {
    media_type::essence(name)
        .chars()
        .filter(char::is_ascii_graphic)
        .collect()
}

/// How an answer of a media type and schema is read.
fn of_answer(room: &Room<'_>, name: &str, schema: Option<&Node>) -> Kind {
    let kind = media_type::kind(name);
    let schema = schema
        .and_then(|schema| resolve(room.root, schema, ""))
        .map(|(schema, _)| schema);
    let binary = schema.is_some_and(is_binary);
    let structured = schema.is_some_and(|schema| {
        matches!(schema.get_str("type"), Some("object" | "array"))
            || schema.get("properties").is_some()
    });
    match kind {
        Kind::Json | Kind::Text if binary => Kind::Bytes,
        Kind::Json if schema.is_none() && media_type::essence(name) == "*/*" => Kind::Bytes,
        // `text/plain` of an object: JSON under another name, as ASP.NET writes it.
        Kind::Text
            if structured
                && matches!(
                    media_type::essence(name).as_str(),
                    "text/plain" | "text/html"
                ) =>
        {
            Kind::Json
        }
        kind => kind,
    }
}
