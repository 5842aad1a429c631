//! What depends on the types: enums of answers, types of errors.

use std::collections::{BTreeMap, BTreeSet};

use specmint_spec::{
    diag::Diagnostics,
    document::OperationKey,
    names::Entry,
    node::{Key, Node},
};

use crate::{
    codes,
    model::{Answer, AnswerKind, Api, ErrorAnswer, ErrorBody, Operation, StatusMatch},
    preflight::{document::reference, ident, published, schemas::Types},
};

/// What depends on the types: enums of answers, types of errors.
pub(in crate::preflight) fn settle(
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
                .and_then(reference)
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
        node.get("type").is_none() && reference(node).is_none() && node.get("oneOf").is_none()
    })
}

/// The name of an error body's variant: that of its type.
fn error_variant(kind: &AnswerKind, types: &Types) -> String {
    let node = json(kind).and_then(|at| types.at.get(at));
    node.and_then(reference)
        .map_or_else(|| "Json".to_owned(), str::to_owned)
}
