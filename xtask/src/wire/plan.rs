//! What is to be called, and what should come of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;
use specmint_build::model::{
    AnswerKind, Api, BodyKind, ErrorAnswer, Location, Operation, Parameter, SchemeKind, StatusMatch,
};

use super::values::{Extent, Values};

/// More variants of unions and enums than this show nothing new.
const VARIANTS: usize = 6;

/// Everything to be called, as the driver reads it.
#[derive(Serialize)]
pub(super) struct Plan {
    pub(super) base_url: String,
    pub(super) cases: Vec<Case>,
}

/// One call.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Case {
    pub(super) id: usize,
    /// Index into the operations of the API.
    pub(super) operation: usize,
    /// By Rust name.
    pub(super) parameters: BTreeMap<String, Value>,
    pub(super) body: Option<Value>,
    /// Indices of the schemes that the client has credentials for.
    pub(super) credentials: Vec<usize>,
    /// Headers for the mock server.
    pub(super) headers: BTreeMap<&'static str, String>,
    #[serde(skip)]
    pub(super) about: About,
}

/// What the judge has to know of a case.
#[derive(Clone, Debug)]
pub(super) struct About {
    /// In words: `all, variant 1`.
    pub(super) name: String,
    /// The status the server is asked for.
    pub(super) status: u16,
    pub(super) wanted: Wanted,
    /// Whether the server makes the answer up, so that it has members nobody documented.
    pub(super) dynamic: bool,
    /// Whether the body is the document's own example, which may be wrong.
    pub(super) example: bool,
}

/// How a call should end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// With a value.
    Value,
    /// With the documented error body.
    ErrorBody,
    /// With an error that has a status and nothing else.
    Status,
}

/// The secret of a scheme.
pub(super) fn secret(scheme: usize) -> String {
    format!("wire-secret-{scheme}-of-nobody")
}

/// The user name of a scheme.
pub(super) fn user(scheme: usize) -> String {
    format!("wire-user-{scheme}")
}

/// All calls of an API.
pub(super) fn cases(api: &Api, root: &Value) -> Vec<Case> {
    let values = Values::new(root);
    let mut out = Vec::new();
    for (index, operation) in api.operations.iter().enumerate() {
        let subject = Subject::of(api, operation, root, &values);
        for mut case in subject.cases() {
            case.id = out.len();
            case.operation = index;
            out.push(case);
        }
    }
    out
}

/// One operation, and what the document says of it.
struct Subject<'a> {
    api: &'a Api,
    operation: &'a Operation,
    values: &'a Values<'a>,
    node: &'a Value,
    /// Where each parameter and its schema stand, in the order of the operation's.
    parameters: Vec<(&'a Parameter, &'a Value, &'a Value)>,
    /// The media type object of the body, and its schema.
    body: Option<(&'a Value, &'a Value)>,
}

/// The values of a call.
struct Filled {
    parameters: BTreeMap<String, Value>,
    body: Option<Value>,
}

impl<'a> Subject<'a> {
    fn of(api: &'a Api, operation: &'a Operation, root: &'a Value, values: &'a Values<'a>) -> Self {
        let item = values.resolve(&root["paths"][&operation.key.path]);
        let node = &item[&operation.key.method];
        let documented: Vec<&Value> = [&node["parameters"], &item["parameters"]]
            .into_iter()
            .filter_map(Value::as_array)
            .flatten()
            .map(|parameter| values.resolve(parameter))
            .collect();
        let parameters = operation
            .parameters
            .iter()
            .map(|parameter| {
                let found = documented.iter().copied().find(|it| {
                    it["in"] == place(parameter.location) && it["name"] == parameter.name.as_str()
                });
                let found = found.unwrap_or(&Value::Null);
                let in_content = || {
                    found["content"]
                        .as_object()
                        .and_then(|map| map.values().next())
                        .map(|m| &m["schema"])
                };
                let schema = found
                    .get("schema")
                    .or_else(in_content)
                    .unwrap_or(&Value::Null);
                (parameter, found, schema)
            })
            .collect();
        let body = operation.body.as_ref().and_then(|body| {
            let content = values.resolve(&node["requestBody"])["content"].as_object()?;
            let media = content
                .iter()
                .find(|(name, _)| essence(name) == essence(&body.media_type))
                .or_else(|| content.iter().find(|(name, _)| name.contains('*')))
                .or_else(|| content.iter().next())
                .map(|(_, media)| media)?;
            Some((media, &media["schema"]))
        });
        Self {
            api,
            operation,
            values,
            node,
            parameters,
            body,
        }
    }

    fn cases(&self) -> Vec<Case> {
        let mut out = Vec::new();
        let least = self.filled(Extent {
            all: false,
            variant: 0,
        });
        let primary = self.credentials().into_iter().next().unwrap_or_default();

        // Every documented answer, to the smallest request.
        let answers = &self.operation.outcome.answers;
        let mut asked = BTreeSet::new();
        for answer in answers {
            let status = self.status(answer.status, 200);
            if !asked.insert((status, &answer.media_type)) {
                continue;
            }
            let several = answers.iter().filter(|a| a.status == answer.status).count() > 1;
            let accept = several.then_some(answer.media_type.as_str());
            let name = format!("{status} {}", answer.media_type);
            out.push(Self::case(
                &name,
                &least,
                &primary,
                status,
                Wanted::Value,
                accept,
                "",
            ));
            for key in self
                .examples(answer.status, &answer.media_type)
                .into_iter()
                .skip(1)
            {
                let name = format!("{name}, example `{key}`");
                let extra = format!(", example={key}");
                out.push(Self::case(
                    &name,
                    &least,
                    &primary,
                    status,
                    Wanted::Value,
                    accept,
                    &extra,
                ));
            }
            if matches!(answer.kind, AnswerKind::Json(_)) {
                for seed in ["one", "two"] {
                    let name = format!("{name}, dynamic {seed}");
                    let extra = format!(", dynamic=true, seed={seed}");
                    let mut case = Self::case(
                        &name,
                        &least,
                        &primary,
                        status,
                        Wanted::Value,
                        accept,
                        &extra,
                    );
                    case.about.dynamic = true;
                    out.push(case);
                }
            }
        }
        let mut seen = BTreeSet::new();
        for error in &self.operation.errors {
            let status = self.status(error.status, 500);
            // Below 400 and without a body of its own there is nothing to tell apart.
            if status < 200 || !seen.insert(status) {
                continue;
            }
            let wanted = if self.has_body(error) {
                Wanted::ErrorBody
            } else {
                Wanted::Status
            };
            let name = format!("error {status}");
            out.push(Self::case(
                &name, &least, &primary, status, wanted, None, "",
            ));
        }

        // Every kind of request, for the first answer.
        let Some(first) = answers.first() else {
            return out;
        };
        let status = self.status(first.status, 200);
        let schemas = self.parameters.iter().map(|(_, _, schema)| *schema);
        let widest = schemas
            .chain(self.body.map(|(_, schema)| schema))
            .map(|schema| self.values.width(schema))
            .max()
            .unwrap_or(1);
        if !self.parameters.is_empty() || self.body.is_some() {
            for variant in 0..widest.clamp(2, VARIANTS) {
                for all in [false, true] {
                    if variant == 0 && !all {
                        continue;
                    }
                    let filled = self.filled(Extent { all, variant });
                    let name = format!(
                        "{}, variant {variant}",
                        if all {
                            "everything"
                        } else {
                            "what is required"
                        }
                    );
                    out.push(Self::case(
                        &name,
                        &filled,
                        &primary,
                        status,
                        Wanted::Value,
                        None,
                        "",
                    ));
                }
            }
        }
        for (index, body) in self.body_examples().into_iter().enumerate() {
            let filled = Filled {
                parameters: least.parameters.clone(),
                body: Some(body),
            };
            let name = format!("the document's example {}", index + 1);
            let mut case = Self::case(&name, &filled, &primary, status, Wanted::Value, None, "");
            case.about.example = true;
            out.push(case);
        }
        for credentials in self.credentials().into_iter().skip(1) {
            let name = format!("credentials {}", self.names(&credentials));
            out.push(Self::case(
                &name,
                &least,
                &credentials,
                status,
                Wanted::Value,
                None,
                "",
            ));
        }
        out
    }

    fn case(
        name: &str,
        filled: &Filled,
        credentials: &[usize],
        status: u16,
        wanted: Wanted,
        accept: Option<&str>,
        prefer: &str,
    ) -> Case {
        let mut headers = BTreeMap::from([("prefer", format!("code={status}{prefer}"))]);
        if let Some(accept) = accept.filter(|accept| !accept.is_empty()) {
            headers.insert("accept", accept.to_owned());
        }
        Case {
            id: 0,
            operation: 0,
            parameters: filled.parameters.clone(),
            body: filled.body.clone(),
            credentials: credentials.to_vec(),
            headers,
            about: About {
                name: name.to_owned(),
                status,
                wanted,
                dynamic: false,
                example: false,
            },
        }
    }

    /// Values for the parameters and the body.
    fn filled(&self, extent: Extent) -> Filled {
        let mut parameters = BTreeMap::new();
        for (parameter, found, schema) in &self.parameters {
            if !(parameter.required || extent.all) {
                continue;
            }
            let mut extent = extent;
            if parameter.location != Location::Query {
                // Texts of odd variants have characters that headers can't have, and slashes,
                // which the mock server takes apart.
                extent.variant &= !1;
            }
            let example = found.get("example").or_else(|| {
                let first = found["examples"].as_object()?.values().next()?;
                self.values.resolve(first).get("value")
            });
            let value = match example.filter(|_| extent.variant == 0) {
                Some(example) if fits(example, self.values.resolve(schema)) => example.clone(),
                _ => self.values.of(schema, extent),
            };
            parameters.insert(parameter.rust.clone(), value);
        }
        let body = self
            .operation
            .body
            .as_ref()
            .filter(|body| body.required || extent.all)
            .map(|body| match body.kind {
                BodyKind::Json | BodyKind::Form(_) | BodyKind::Multipart(_) => {
                    let any = Value::Object(serde_json::Map::new());
                    let schema = self.body.map_or(&any, |(_, schema)| schema);
                    self.values.of(schema, extent)
                }
                BodyKind::Text | BodyKind::Bytes => Value::String("some text".to_owned()),
            });
        Filled { parameters, body }
    }

    /// What the document gives as examples of the body.
    fn body_examples(&self) -> Vec<Value> {
        let kind = self.operation.body.as_ref().map(|body| &body.kind);
        let Some((media, _)) = self
            .body
            .filter(|_| matches!(kind, Some(BodyKind::Json | BodyKind::Form(_))))
        else {
            return Vec::new();
        };
        let named = media["examples"].as_object().into_iter().flatten();
        let named = named.filter_map(|(_, example)| self.values.resolve(example).get("value"));
        media
            .get("example")
            .into_iter()
            .chain(named)
            .filter(|value| value.is_object())
            .cloned()
            .collect()
    }

    /// Keys of the examples of an answer.
    fn examples(&self, status: StatusMatch, media_type: &str) -> Vec<String> {
        let key = match status {
            StatusMatch::Code(code) => code.to_string(),
            StatusMatch::Range(digit) => format!("{digit}XX"),
            StatusMatch::Default => "default".to_owned(),
        };
        let content = &self.values.resolve(&self.node["responses"][key])["content"];
        let media = content
            .as_object()
            .into_iter()
            .flatten()
            .find(|(name, _)| essence(name) == media_type);
        media
            .and_then(|(_, media)| media["examples"].as_object())
            .into_iter()
            .flat_map(|examples| examples.keys())
            // The header they are asked for in has a grammar.
            .filter(|key| {
                !key.is_empty()
                    && key
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
            })
            .cloned()
            .collect()
    }

    /// A status to ask for, that no other row is for.
    fn status(&self, status: StatusMatch, usual: u16) -> u16 {
        let documented = |code: u16| {
            let answers = self.operation.outcome.answers.iter().map(|a| a.status);
            answers
                .chain(self.operation.errors.iter().map(|e| e.status))
                .any(|s| s == StatusMatch::Code(code))
        };
        match status {
            StatusMatch::Code(code) => code,
            StatusMatch::Range(digit) => {
                let first = u16::from(digit) * 100;
                (first..first + 100)
                    .find(|code| !documented(*code))
                    .unwrap_or(first)
            }
            StatusMatch::Default => {
                // A client must be able to tell which side it is on.
                (usual..600)
                    .find(|code| !documented(*code))
                    .unwrap_or(usual)
            }
        }
    }

    /// Whether the client has a type for the body of an error.
    fn has_body(&self, error: &ErrorAnswer) -> bool {
        error
            .body
            .and_then(|index| self.api.errors.get(index))
            .is_some_and(|body| matches!(body.kind, AnswerKind::Json(_)))
    }

    /// Which credentials to try: each alternative by itself; everything there is where the
    /// operation needs nothing, since nothing must be sent then.
    fn credentials(&self) -> Vec<Vec<usize>> {
        let sendable = |index: &usize| {
            self.api
                .schemes
                .get(*index)
                .is_some_and(|scheme| !matches!(scheme.kind, SchemeKind::Http(_)))
        };
        if self.operation.security.is_empty() {
            return vec![(0..self.api.schemes.len()).collect()];
        }
        let mut out: Vec<Vec<usize>> = self
            .operation
            .security
            .iter()
            .filter(|combination| combination.iter().all(sendable))
            .cloned()
            .collect();
        out.dedup();
        out
    }

    fn names(&self, credentials: &[usize]) -> String {
        let names = credentials
            .iter()
            .filter_map(|index| self.api.schemes.get(*index));
        let names: Vec<&str> = names.map(|scheme| scheme.name.as_str()).collect();
        if names.is_empty() {
            "none".to_owned()
        } else {
            names.join(" and ")
        }
    }
}

/// The schemes whose credentials should be in a request, given those the client has.
pub(super) fn chosen(operation: &Operation, has: &[usize]) -> Vec<usize> {
    operation
        .security
        .iter()
        .filter(|combination| !combination.is_empty())
        .find(|combination| combination.iter().all(|index| has.contains(index)))
        .cloned()
        .unwrap_or_default()
}

/// Whether an example is at least of the kind the schema is about; documents are careless here.
fn fits(example: &Value, schema: &Value) -> bool {
    let is = |kind: &str| match kind {
        "string" => example.is_string(),
        "integer" => example.is_i64() || example.is_u64(),
        "number" => example.is_number(),
        "boolean" => example.is_boolean(),
        "array" => example.is_array(),
        "object" => example.is_object(),
        _ => false,
    };
    let allowed = schema["enum"]
        .as_array()
        .is_none_or(|values| values.contains(example));
    let text = example
        .as_str()
        .is_none_or(|text| !text.is_empty() && text.is_ascii());
    allowed
        && text
        && match &schema["type"] {
            Value::String(kind) => is(kind),
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).any(is),
            _ => false,
        }
}

fn place(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    }
}

fn essence(media_type: &str) -> String {
    media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}
