//! What came of every call, held against what should have.

use std::collections::BTreeMap;

use base64::Engine as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specmint_build::model::{
    AnswerKind, Api, BodyKind, Location, Operation, SchemeKind, StatusMatch,
};

use super::{
    exceptions::Exceptions,
    plan::{self, Case, Wanted},
    proxy::{Exchange, Message},
    values::Values,
};

/// A line of the driver.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Said {
    pub(super) id: usize,
    answer: Option<Answer>,
    /// A value that the generated type doesn't take.
    unfit: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Answer {
    kind: String,
    status: Option<u16>,
    value: Option<Value>,
    message: Option<String>,
}

/// The row of one operation.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub(super) operation: String,
    pub(super) method: String,
    pub(super) path: String,
    /// Calls made.
    pub(super) cases: usize,
    /// Calls whose request the validator had nothing against.
    pub(super) accepted: usize,
    /// Answers that the server could make and that were to be read.
    pub(super) answers: usize,
    /// Of those, the ones that were read as they should be.
    pub(super) decoded: usize,
    /// Requests that had exactly the credentials they should have.
    pub(super) credentials: usize,
    pub(super) findings: Vec<Finding>,
}

/// Something that is not as it should be.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Finding {
    pub(super) kind: Kind,
    /// The cases it was seen in.
    pub(super) cases: Vec<String>,
    pub(super) message: String,
    /// Whose fault it is instead of the client's, and how that is known.
    pub(super) excused: Option<String>,
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// The validator did not accept the request.
    Request,
    /// The body differs from what the caller said.
    Body,
    /// The answer was not read as it should be.
    Answer,
    /// Something was lost in reading.
    Loss,
    /// Credentials are missing, wrong, or where they should not be.
    Credentials,
}

impl Row {
    /// Whether the operation failed.
    pub(super) fn failed(&self) -> bool {
        self.cases == 0
            || self
                .findings
                .iter()
                .any(|finding| finding.excused.is_none())
    }
}

/// Judges all operations of an input.
pub(super) fn rows(
    input: &str,
    api: &Api,
    root: &Value,
    cases: &[Case],
    said: &[Said],
    exchanges: &[Exchange],
    exceptions: &Exceptions,
) -> Vec<Row> {
    let said: BTreeMap<usize, &Said> = said.iter().map(|said| (said.id, said)).collect();
    let mut by_case: BTreeMap<usize, &Exchange> = BTreeMap::new();
    for exchange in exchanges {
        if let Some(id) = exchange
            .request
            .header("x-wire-case")
            .and_then(|id| id.parse().ok())
        {
            by_case.insert(id, exchange);
        }
    }
    let mut rows: Vec<Row> = api
        .operations
        .iter()
        .map(|operation| Row {
            operation: operation.rust.clone(),
            method: operation.method.clone(),
            path: operation.path.clone(),
            cases: 0,
            accepted: 0,
            answers: 0,
            decoded: 0,
            credentials: 0,
            findings: Vec::new(),
        })
        .collect();
    for case in cases {
        let (Some(row), Some(operation)) = (
            rows.get_mut(case.operation),
            api.operations.get(case.operation),
        ) else {
            continue;
        };
        let judged = Judge {
            api,
            root,
            operation,
            case,
            said: said.get(&case.id).copied(),
            exchange: by_case.get(&case.id).copied(),
        };
        judged.add_to(row);
    }
    for row in &mut rows {
        for finding in &mut row.findings {
            if finding.excused.is_none() {
                finding.excused = exceptions
                    .proof(input, &row.operation, &finding.message)
                    .map(str::to_owned);
            }
        }
    }
    rows
}

/// One call.
struct Judge<'a> {
    api: &'a Api,
    root: &'a Value,
    operation: &'a Operation,
    case: &'a Case,
    said: Option<&'a Said>,
    exchange: Option<&'a Exchange>,
}

/// What the server has against a message.
#[derive(Deserialize)]
struct Violation {
    location: Vec<Value>,
    #[serde(default)]
    severity: String,
    #[serde(default)]
    message: String,
}

impl Judge<'_> {
    fn add_to(&self, row: &mut Row) {
        row.cases += 1;
        let mut add = |kind, message: String, excused: Option<String>| {
            let name = self.case.about.name.clone();
            let same = row
                .findings
                .iter_mut()
                .find(|it| it.kind == kind && it.message == message && it.excused == excused);
            match same {
                Some(finding) => finding.cases.push(name),
                None => row.findings.push(Finding {
                    kind,
                    cases: vec![name],
                    message,
                    excused,
                }),
            }
        };
        let Some(said) = self.said else {
            add(
                Kind::Request,
                "the driver ended before this call".to_owned(),
                None,
            );
            return;
        };
        if let Some(unfit) = &said.unfit {
            let excused = self.case.about.example.then(|| {
                "the value is the document's example; values made from the schema fit".to_owned()
            });
            add(Kind::Request, unfit.clone(), excused);
            return;
        }
        let Some(answer) = &said.answer else { return };
        let Some(exchange) = self.exchange else {
            let message = answer.message.clone().unwrap_or_default();
            add(Kind::Request, format!("{}: {message}", answer.kind), None);
            return;
        };

        let wrong = self.credentials(&exchange.request);
        if wrong.is_empty() {
            row.credentials += 1;
        }
        for message in wrong {
            add(Kind::Credentials, message, None);
        }
        let changed = self.changed_body(&exchange.request);
        if let Some(message) = &changed {
            add(Kind::Body, message.clone(), None);
        }
        let Some(received) = &exchange.answer else {
            add(Kind::Request, "the server gave no answer".to_owned(), None);
            return;
        };
        let violations = violations(received);
        let against = |side: &str| -> Vec<String> {
            violations
                .iter()
                .filter(|it| {
                    it.severity == "Error" && it.location.first().is_some_and(|s| s == side)
                })
                .map(|it| {
                    let place: Vec<String> = it.location.iter().map(plain).collect();
                    format!("{}: {}", place.join("."), it.message)
                })
                .collect()
        };
        let refused = against("request");
        let own = server_error(received);
        for message in &refused {
            // Sent as the document has it, so it is the document that contradicts itself.
            let excused = (self.case.about.example
                && changed.is_none()
                && message.starts_with("request.body"))
            .then(|| {
                "the document's own example, sent unchanged, contradicts its schema".to_owned()
            });
            add(Kind::Request, message.clone(), excused);
        }
        let unroutable = own.as_deref().is_some_and(|kind| {
            [
                "NO_PATH_MATCHED",
                "NO_METHOD_MATCHED",
                "NO_SERVER_MATCHED",
                "INVALID_CONTENT_TYPE",
                "UNAUTHORIZED",
                "UNPROCESSABLE_ENTITY",
            ]
            .contains(&kind)
        });
        if unroutable && refused.is_empty() {
            for message in unmatched(received) {
                add(Kind::Request, message, None);
            }
            return;
        }
        if !refused.is_empty() {
            return;
        }
        row.accepted += 1;
        if let Some(own) = own {
            // It said itself that it can't make the answer; nothing is known about reading it.
            if !self.case.about.dynamic {
                let message = format!("the server can't make the answer: {own}");
                let proof = "the server's own refusal; the request was accepted".to_owned();
                add(Kind::Answer, message, Some(proof));
            }
            return;
        }
        row.answers += 1;
        let contradicts = against("response");
        match self.misread(answer, received) {
            None => {
                row.decoded += 1;
                if let Some(lost) = self.lost(answer, received) {
                    let excused = contradicts.first().map(|violation| {
                        format!("the server itself finds that the answer contradicts the document: {violation}")
                    });
                    add(Kind::Loss, lost, excused);
                }
            }
            Some(message) => {
                let excused = contradicts.first().map(|violation| {
                    format!("the server itself finds that the answer contradicts the document: {violation}")
                });
                let excused = excused.or_else(|| self.made_up(received, &message));
                add(Kind::Answer, message, excused);
            }
        }
    }

    /// Why nobody could read an answer that the server made up.
    fn made_up(&self, received: &Message, message: &str) -> Option<String> {
        if !self.case.about.dynamic {
            return None;
        }
        let body: Value = serde_json::from_slice(&received.body).ok()?;
        let path = message
            .split_once("at `")
            .and_then(|(_, rest)| rest.split('`').next());
        let content_type = received.header("content-type").unwrap_or_default();
        let status = received.status();
        let fits = |row: StatusMatch| match row {
            StatusMatch::Code(code) => code == status,
            StatusMatch::Range(digit) => u16::from(digit) == status / 100,
            StatusMatch::Default => true,
        };
        let values = Values::new(self.root);
        let answers = self.operation.outcome.answers.iter();
        let answers = answers
            .filter(|row| fits(row.status) && content_type.starts_with(&row.media_type))
            .map(|row| &row.kind);
        let errors = self.operation.errors.iter().filter(|row| fits(row.status));
        let errors = errors
            .filter_map(|row| self.api.errors.get(row.body?))
            .map(|body| &body.kind);
        answers.chain(errors).find_map(|kind| {
            let AnswerKind::Json(at) = kind else {
                return None;
            };
            let schema = self.root.pointer(at)?;
            if let Some(place) = values.outside_format(schema, &body) {
                return Some(format!(
                    "the server made up a number outside of its documented format: {place}"
                ));
            }
            let place = values.unsaid(schema, path?)?;
            Some(format!(
                "what the server made up at `{place}` is of a branch that only says `nullable`, \
                 so by its word anything goes; null is meant"
            ))
        })
    }

    /// What is wrong with the credentials of a request.
    fn credentials(&self, request: &Message) -> Vec<String> {
        let chosen = plan::chosen(self.operation, &self.case.credentials);
        let mut out = Vec::new();
        let target = request.line.split(' ').nth(1).unwrap_or_default();
        let query = target.split_once('?').map_or("", |(_, query)| query);
        // Two schemes may share a place; the last one wins there.
        let shares = |index: usize| {
            chosen
                .iter()
                .filter(|other| self.place(**other) == self.place(index))
                .count()
                > 1
        };
        for index in &chosen {
            let Some(scheme) = self.api.schemes.get(*index) else {
                continue;
            };
            let secret = plan::secret(*index);
            let there = match &scheme.kind {
                SchemeKind::ApiKey {
                    location: Location::Query,
                    name,
                } => query
                    .split('&')
                    .any(|pair| pair == format!("{name}={secret}")),
                SchemeKind::ApiKey {
                    location: Location::Cookie,
                    name,
                } => request.header("cookie").is_some_and(|all| {
                    all.split("; ")
                        .any(|pair| pair == format!("{name}={secret}"))
                }),
                SchemeKind::ApiKey { name, .. } => {
                    request.header(&name.to_ascii_lowercase()) == Some(secret.as_str())
                }
                SchemeKind::Bearer | SchemeKind::OAuth2 | SchemeKind::OpenId => {
                    request.header("authorization") == Some(format!("Bearer {secret}").as_str())
                }
                SchemeKind::Basic => {
                    let pair = format!("{}:{secret}", plan::user(*index));
                    let pair = base64::engine::general_purpose::STANDARD.encode(pair);
                    request.header("authorization") == Some(format!("Basic {pair}").as_str())
                }
                SchemeKind::Http(_) | SchemeKind::MutualTls => true,
            };
            if !there && !shares(*index) {
                out.push(format!(
                    "the credential for `{}` is not where it should be",
                    scheme.name
                ));
            }
        }
        for (index, scheme) in self.api.schemes.iter().enumerate() {
            let secret = plan::secret(index);
            let pair = format!("{}:{secret}", plan::user(index));
            let pair = base64::engine::general_purpose::STANDARD.encode(pair);
            let seen = |text: &str| text.contains(&secret) || text.contains(&pair);
            let anywhere = seen(&request.line)
                || request.headers.iter().any(|(_, value)| seen(value))
                || seen(&String::from_utf8_lossy(&request.body));
            if anywhere && !chosen.contains(&index) {
                out.push(format!(
                    "the credential for `{}` was sent, and should not be",
                    scheme.name
                ));
            }
        }
        out
    }

    fn place(&self, index: usize) -> Option<(Option<Location>, String)> {
        Some(match &self.api.schemes.get(index)?.kind {
            SchemeKind::ApiKey { location, name } => (Some(*location), name.to_ascii_lowercase()),
            SchemeKind::MutualTls | SchemeKind::Http(_) => (None, String::new()),
            _ => (Some(Location::Header), "authorization".to_owned()),
        })
    }

    /// How a JSON body differs from what the caller gave.
    fn changed_body(&self, request: &Message) -> Option<String> {
        let body = self
            .operation
            .body
            .as_ref()
            .filter(|body| body.kind == BodyKind::Json)?;
        let given = self.case.body.as_ref();
        let Some(given) = given else {
            return (!request.body.is_empty())
                .then(|| "a body was sent that nobody gave".to_owned());
        };
        let Ok(sent) = serde_json::from_slice::<Value>(&request.body) else {
            return Some(format!("the body `{}` is no JSON", body.media_type));
        };
        difference(given, &sent, "", true).map(|place| format!("the body was changed at `{place}`"))
    }

    /// Why an answer was not read as it should be.
    fn misread(&self, answer: &Answer, received: &Message) -> Option<String> {
        let got = format!(
            "{} {}: {}",
            answer.kind,
            answer.status.unwrap_or_default(),
            answer.message.as_deref().unwrap_or_default()
        );
        let status = received.status();
        if status != self.case.about.status {
            // The mock server falls back to another answer where it can't make the one wanted.
            return (answer.status != Some(status))
                .then(|| format!("the server sent {status}; the client says {got}"));
        }
        let right = match self.case.about.wanted {
            Wanted::Value => answer.kind == "decoded",
            Wanted::ErrorBody => answer.kind == "error_response",
            Wanted::Status => {
                answer.kind == "unexpected_response" || answer.kind == "error_response"
            }
        };
        (!right || answer.status != Some(status)).then_some(got)
    }

    /// What an answer has that is lost when it is read.
    fn lost(&self, answer: &Answer, received: &Message) -> Option<String> {
        if self.case.about.dynamic || self.case.about.wanted != Wanted::Value {
            return None;
        }
        let value = answer.value.as_ref()?;
        let sent: Value = serde_json::from_slice(&received.body).ok()?;
        difference(&sent, value, "", false).map(|place| format!("`{place}` was lost in reading"))
    }
}

/// Where the second value lacks something of the first, or has something else.
fn difference(first: &Value, second: &Value, place: &str, exact: bool) -> Option<String> {
    match (first, second) {
        (Value::Object(first), Value::Object(second)) => {
            for (key, value) in first {
                let place = format!("{place}/{key}");
                match second.get(key) {
                    Some(other) => {
                        if let Some(found) = difference(value, other, &place, exact) {
                            return Some(found);
                        }
                    }
                    // Absent is as good as null, and as nothing in it.
                    None if value.is_null() || *value == Value::Array(Vec::new()) => {}
                    None if value.as_object().is_some_and(serde_json::Map::is_empty) => {}
                    None => return Some(place),
                }
            }
            if !exact {
                return None;
            }
            let added = second
                .iter()
                .find(|(key, value)| !first.contains_key(*key) && !value.is_null());
            added.map(|(key, _)| format!("{place}/{key}"))
        }
        (Value::Array(first), Value::Array(second)) => {
            if first.len() != second.len() {
                return Some(place.to_owned());
            }
            first
                .iter()
                .zip(second)
                .enumerate()
                .find_map(|(index, (a, b))| difference(a, b, &format!("{place}/{index}"), exact))
        }
        (Value::Number(first), Value::Number(second)) => {
            (first.as_f64() != second.as_f64()).then(|| place.to_owned())
        }
        (Value::String(first), Value::String(second)) => {
            (first != second && !same_moment(first, second)).then(|| place.to_owned())
        }
        _ => (first != second).then(|| place.to_owned()),
    }
}

/// Whether two texts are one point in time, or one identifier, in two spellings.
fn same_moment(first: &str, second: &str) -> bool {
    let normal = |text: &str| {
        let text = text.to_ascii_lowercase().replace("+00:00", "z");
        match text.strip_suffix('z') {
            Some(rest) if rest.contains('.') => {
                format!("{}z", rest.trim_end_matches('0').trim_end_matches('.'))
            }
            _ => text,
        }
    };
    normal(first) == normal(second)
}

fn violations(answer: &Message) -> Vec<Violation> {
    answer
        .header("sl-violations")
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

/// The server's own word for what it could not do, where the answer is not the API's.
fn server_error(answer: &Message) -> Option<String> {
    let is_problem = answer
        .header("content-type")
        .is_some_and(|it| it.starts_with("application/problem+json"));
    if !is_problem {
        return None;
    }
    let problem: Value = serde_json::from_slice(&answer.body).ok()?;
    let kind = problem["type"].as_str()?;
    let own = kind.strip_prefix("https://stoplight.io/prism/errors#");
    // Errors it has no page for are of no type, and are the server's all the same.
    own.or((kind == "UNKNOWN").then_some(kind)).map(|own| {
        let detail = problem["detail"].as_str().unwrap_or_default();
        if own == "UNKNOWN" {
            format!("{own}: {detail}")
        } else {
            own.to_owned()
        }
    })
}

/// What the server has against a request, where that is all its answer says.
fn unmatched(answer: &Message) -> Vec<String> {
    let problem: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let details: Vec<String> = problem["validation"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|it| {
            let place: Vec<String> = it["location"]
                .as_array()
                .into_iter()
                .flatten()
                .map(plain)
                .collect();
            format!("request.{}: {}", place.join("."), plain(&it["message"]))
        })
        .collect();
    if details.is_empty() {
        return vec![format!(
            "the server says {}: {}",
            plain(&problem["title"]),
            plain(&problem["detail"])
        )];
    }
    details
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::difference;

    #[test]
    fn differences_are_found_where_they_are() {
        let cases = [
            (json!({"a": 1}), json!({"a": 1.0, "b": null}), true, None),
            (
                json!({"a": {"b": "2024-01-01T00:00:00.000Z"}}),
                json!({"a": {"b": "2024-01-01T00:00:00Z"}}),
                true,
                None,
            ),
            (
                json!({"a": {"b": [1, 2]}}),
                json!({"a": {"b": [1, 3]}}),
                true,
                Some("/a/b/1"),
            ),
            (json!({"a": 1}), json!({}), false, Some("/a")),
            (json!({}), json!({"a": 1}), true, Some("/a")),
            (json!({}), json!({"a": 1}), false, None),
        ];
        for (first, second, exact, expected) in cases {
            assert_eq!(
                difference(&first, &second, "", exact).as_deref(),
                expected,
                "{first} {second}"
            );
        }
    }
}
