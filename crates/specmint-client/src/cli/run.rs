//! One command: from arguments to a call, and from an answer to the terminal.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, IsTerminal as _, Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use clap::ArgMatches;
use futures_util::StreamExt as _;
use serde::Serialize;
use serde_json::{Value, json};

use super::{App, Body, BodyKind, Command, Kind, arguments};
use crate::answer::{ByteStream, ResponseValue};
use crate::api::Api;
use crate::body::multipart::Upload;
use crate::call::Call;
use crate::client::{Client, ClientBuilder};
use crate::error::{BuildError, Error, ReadError};
use crate::operation::Plan;
use crate::variables;

/// The command line or the environment is wrong; nothing was sent.
const USAGE: u8 = 2;

/// The call failed.
const FAILED: u8 = 1;

/// Why a command ends early.
struct Failure {
    code: u8,
    message: String,
    /// What the server said, as far as it did.
    status: Option<u16>,
    request_id: Option<String>,
    body: Vec<u8>,
}

impl Failure {
    fn new(code: u8, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            status: None,
            request_id: None,
            body: Vec::new(),
        }
    }
}

/// Runs the command line of this process.
pub fn main<A: Api>(app: &'static App<A::ErrorBody>) -> ExitCode {
    let environment = format!("Environment: {}", variables::<A>().join(", "));
    let mut clap = arguments::clap(app, environment);
    let matches = match clap.try_get_matches_from_mut(std::env::args_os()) {
        Ok(matches) => matches,
        Err(error) => {
            // Where it can't be printed, there is nobody to tell.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(USAGE));
        }
    };
    let Some((name, own)) = matches.subcommand() else {
        return ExitCode::from(USAGE);
    };
    if name == arguments::COMPLETIONS {
        if let Some(shell) = own.get_one::<clap_complete::Shell>("shell") {
            let name = clap.get_bin_name().unwrap_or_default().to_owned();
            clap_complete::generate(*shell, &mut clap, name, &mut io::stdout());
        }
        return ExitCode::SUCCESS;
    }
    let Some(command) = app.commands.iter().find(|command| command.name == name) else {
        return ExitCode::from(USAGE);
    };
    let as_json = own.get_flag("json");
    match run::<A>(command, own, as_json) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            report(&failure, as_json);
            ExitCode::from(failure.code)
        }
    }
}

fn run<A: Api>(
    command: &'static Command<A::ErrorBody>,
    matches: &ArgMatches,
    as_json: bool,
) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(FAILED, error.to_string()))?;
    let client = client::<A>(&command.operation.plan, matches)?;
    let call = call(&client, command, matches).map_err(|message| Failure::new(USAGE, message))?;
    runtime.block_on(async {
        let answer = call.stream().await.map_err(|error| failed::<A>(&error))?;
        write(answer, as_json).await
    })
}

/// A client from the environment.
fn client<A: Api>(plan: &Plan, matches: &ArgMatches) -> Result<Client<A>, Failure> {
    let wrong = |error: BuildError| Failure::new(USAGE, error.to_string());
    let builder = match ClientBuilder::<A>::new().environment() {
        Ok(builder) => builder,
        // Who needs no credential need not have one.
        Err(BuildError::MissingVariables { .. })
            if plan.security.is_empty() || plan.security.iter().any(|all| all.is_empty()) =>
        {
            let name = format!("{}_BASE_URL", A::ENV);
            let base_url = std::env::var(name)
                .ok()
                .filter(|url| !url.trim().is_empty());
            match base_url {
                Some(base_url) => ClientBuilder::new().base_url(base_url.trim()),
                None => ClientBuilder::new(),
            }
        }
        Err(error) => return Err(wrong(error)),
    };
    let builder = match matches.get_one::<String>("base-url") {
        Some(base_url) => builder.base_url(base_url),
        None => builder,
    };
    builder.build().map_err(wrong)
}

fn call<'a, A: Api>(
    client: &'a Client<A>,
    command: &'static Command<A::ErrorBody>,
    matches: &ArgMatches,
) -> Result<Call<'a, A>, String> {
    let mut call = Call::new(client, command.operation);
    for (index, argument) in command.arguments.iter().enumerate() {
        if let Some(value) = arguments::value(argument, matches)? {
            call = call.set::<Value>(index, value);
        }
    }
    match &command.body {
        Some(body) => put_body(call, &command.operation.plan, body, matches),
        None => Ok(call),
    }
}

/// A field of a form with files.
#[derive(Serialize)]
#[serde(untagged)]
enum Part {
    Value(Value),
    File(Upload),
    Files(Vec<Upload>),
}

fn put_body<'a, A: Api>(
    call: Call<'a, A>,
    plan: &Plan,
    body: &Body,
    matches: &ArgMatches,
) -> Result<Call<'a, A>, String> {
    let mut fields = arguments::fields(body, matches)?;
    if body.kind == BodyKind::Multipart {
        if fields.is_empty() && !plan.requires_body {
            return Ok(call);
        }
        let mut parts = BTreeMap::new();
        for argument in body.fields {
            let Some(value) = fields.remove(argument.field) else {
                continue;
            };
            let part = match (argument.kind, value) {
                (Kind::File, Value::String(path)) => Part::File(file(&path)?),
                (Kind::File, Value::Array(paths)) => Part::Files(
                    paths
                        .iter()
                        .filter_map(Value::as_str)
                        .map(file)
                        .collect::<Result<_, _>>()?,
                ),
                (_, value) => Part::Value(value),
            };
            parts.insert(argument.field, part);
        }
        return Ok(call.multipart_body(Ok(parts)));
    }
    let whole = matches.get_one::<String>("body").map(|text| source(text));
    let Some(whole) = whole.transpose()? else {
        if fields.is_empty() && (!plan.requires_body || body.fields.is_empty()) {
            return Ok(call);
        }
        return put_value(call, body, Value::Object(fields));
    };
    match body.kind {
        BodyKind::Text => {
            let text = String::from_utf8(whole).map_err(|_| "the body is not UTF-8")?;
            Ok(call.text_body(Ok(text)))
        }
        BodyKind::Bytes => Ok(call.raw_body(Ok(Some(whole)))),
        BodyKind::Json | BodyKind::Form | BodyKind::Multipart => {
            let mut value: Value =
                serde_json::from_slice(&whole).map_err(|error| format!("the body: {error}"))?;
            if !fields.is_empty() {
                let Some(members) = value.as_object_mut() else {
                    return Err("the body is not an object, so it has no fields".to_owned());
                };
                members.append(&mut fields);
                return put_value(call, body, value);
            }
            if body.kind == BodyKind::Form {
                return put_value(call, body, value);
            }
            checked(body, &value)?;
            // As it was given, with every digit and in that order.
            let media_type = plan.body.unwrap_or("application/json");
            let upload = Upload::bytes(whole).content_type(media_type);
            Ok(call.raw_body(Ok(Some(upload))))
        }
    }
}

fn put_value<'a, A: Api>(
    call: Call<'a, A>,
    body: &Body,
    value: Value,
) -> Result<Call<'a, A>, String> {
    checked(body, &value)?;
    Ok(match body.kind {
        BodyKind::Form => call.form_body(Ok(value)),
        _ => call.json_body(Ok(value)),
    })
}

fn checked(body: &Body, value: &Value) -> Result<(), String> {
    match body.check {
        Some(check) => check(value).map_err(|message| format!("the body: {message}")),
        None => Ok(()),
    }
}

fn file(path: &str) -> Result<Upload, String> {
    let path = path.strip_prefix('@').unwrap_or(path);
    if !Path::new(path).is_file() {
        return Err(format!("`{path}` is not a file"));
    }
    Ok(Upload::path(path))
}

/// A body as it is given: itself, `@` and a file, or `-` for standard input.
fn source(text: &str) -> Result<Vec<u8>, String> {
    if text == "-" {
        let mut bytes = Vec::new();
        io::stdin()
            .read_to_end(&mut bytes)
            .map_err(|error| format!("standard input: {error}"))?;
        return Ok(bytes);
    }
    match text.strip_prefix('@') {
        Some(path) => fs::read(path).map_err(|error| format!("`{path}`: {error}")),
        None => Ok(text.as_bytes().to_vec()),
    }
}

fn failed<A: Api>(error: &Error<A::ErrorBody>) -> Failure {
    let code = match error {
        Error::InvalidRequest(_) | Error::MissingCredential(_) => USAGE,
        _ => FAILED,
    };
    Failure {
        status: error.status().map(|status| status.as_u16()),
        request_id: error.request_id().map(str::to_owned),
        body: error.body().to_vec(),
        ..Failure::new(code, error.to_string())
    }
}

/// Writes an answer to standard output as it comes; JSON is laid out for people who look at it.
async fn write(answer: ResponseValue<ByteStream>, as_json: bool) -> Result<(), Failure> {
    let media_type = answer.head().content_type().to_ascii_lowercase();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    let is_json = media_type.ends_with("/json") || media_type.ends_with("+json");
    let is_text = is_json || media_type.starts_with("text/");
    let for_people = io::stdout().is_terminal();
    let mut stream = answer.into_inner();
    let broken = |error: ReadError| Failure::new(FAILED, error.to_string());
    if is_json && for_people && !as_json {
        let body = stream.bytes().await.map_err(broken)?;
        let mut text = indented(&String::from_utf8_lossy(&body));
        text.push('\n');
        return put(text.as_bytes()).map(|_| ());
    }
    let mut last = b'\n';
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(broken)?;
        if !put(&chunk)? {
            return Ok(());
        }
        last = chunk.last().copied().unwrap_or(last);
    }
    if is_text && last != b'\n' {
        put(b"\n")?;
    }
    Ok(())
}

/// Writes and flushes; `false` where nobody reads any more, as `head` does after its lines.
fn put(bytes: &[u8]) -> Result<bool, Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Failure::new(FAILED, format!("standard output: {error}"))),
    }
}

/// JSON with line breaks. Only space between tokens changes: every digit stays.
fn indented(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0_usize;
    let mut chars = text.trim().chars().peekable();
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth.min(64)));
    };
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                out.push(c);
                let mut escaped = false;
                for c in chars.by_ref() {
                    out.push(c);
                    if c == '"' && !escaped {
                        break;
                    }
                    escaped = c == '\\' && !escaped;
                }
            }
            '{' | '[' => {
                out.push(c);
                while chars.next_if(|c| c.is_whitespace()).is_some() {}
                if let Some(close) = chars.next_if(|c| matches!(c, '}' | ']')) {
                    out.push(close);
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c if c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

fn report(failure: &Failure, as_json: bool) {
    let text = String::from_utf8_lossy(&failure.body);
    let mut err = io::stderr().lock();
    if as_json {
        let body = serde_json::from_str(&text).unwrap_or_else(|_| match &*text {
            "" => Value::Null,
            text => Value::String(text.to_owned()),
        });
        let line = json!({
            "error": failure.message,
            "status": failure.status,
            "request_id": failure.request_id,
            "body": body,
        });
        let _ = writeln!(err, "{line}");
        return;
    }
    let _ = writeln!(err, "error: {}", failure.message);
    // A server may write to a terminal, but not command it.
    let text: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    if !text.trim().is_empty() {
        let _ = writeln!(err, "{}", text.trim_end());
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_space_changes() {
        for (text, expected) in [
            ("1.10", "1.10"),
            ("[]", "[]"),
            ("{ }", "{}"),
            (
                r#"{"b":1.10,"a":[true, "x\"]{,:"]}"#,
                "{\n  \"b\": 1.10,\n  \"a\": [\n    true,\n    \"x\\\"]{,:\"\n  ]\n}",
            ),
        ] {
            assert_eq!(super::indented(text), expected);
        }
    }
}
