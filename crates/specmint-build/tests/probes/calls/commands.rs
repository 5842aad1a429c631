//! The command line, run as a process against a server of raw bytes.

use std::{
    io::Write as _,
    process::{Command, Output, Stdio},
};

use crate::server::{Recorded, Server, answer, empty, json};

fn command(url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_commands"));
    command
        .env_clear()
        .env("COMMANDS_API_KEY", "s3cret")
        .env("COMMANDS_BASE_URL", url);
    command
}

struct Ran {
    code: Option<i32>,
    out: Vec<u8>,
    err: String,
}

impl Ran {
    fn new(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: output.stdout,
            err: String::from_utf8(output.stderr).expect("text"),
        }
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.out).expect("text")
    }
}

/// A command against a server with one answer.
fn run(reply: impl Into<Vec<u8>>, arguments: &[&str]) -> (Ran, Vec<Recorded>) {
    let server = Server::new(reply);
    let output = command(&server.url).args(arguments).output();
    (Ran::new(output.expect("it runs")), server.requests())
}

/// The request of a command that succeeds without a word.
fn sent(arguments: &[&str]) -> Recorded {
    let (ran, mut requests) = run(empty(204), arguments);
    assert_eq!((ran.code, ran.text(), &*ran.err), (Some(0), "", ""));
    assert_eq!(requests.len(), 1);
    requests.remove(0)
}

/// What is said of a command that is refused before anything is sent.
fn refused(arguments: &[&str]) -> String {
    let (ran, requests) = run(empty(204), arguments);
    assert_eq!((ran.code, ran.text()), (Some(2), ""), "{}", ran.err);
    assert!(requests.is_empty(), "{requests:?}");
    ran.err
}

#[test]
fn parameters_go_where_they_belong() {
    let body = r#"{"name":"n","id":1.0}"#;
    let (ran, requests) = run(
        json(200, body),
        &[
            "get-thing",
            "--id",
            "a/b",
            "--query-json",
            "--limit",
            "-5",
            "--order",
            "newest",
            "--tag",
            "x",
            "--tag",
            "y,z",
            "--filter",
            r#"{"a":1}"#,
            "--x-trace",
            "1.50",
            "--query-id",
            "936da01f-9abd-4d9d-80c7-02af85c822a8",
        ],
    );
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(ran.text(), format!("{body}\n"));
    let request = &requests[0];
    assert_eq!(
        request.line(),
        "GET /things/a%2Fb?json=true&limit=-5&id=936da01f-9abd-4d9d-80c7-02af85c822a8\
         &order=newest&tag=x,y%2Cz&filter%5Ba%5D=1"
    );
    assert_eq!(request.header("x-trace"), Some("1.5"));
    assert_eq!(request.header("x-key"), Some("s3cret"));
    assert_eq!(request.header("accept"), Some("application/json"));
}

#[test]
fn wrong_usage_is_2_and_sends_nothing() {
    assert!(refused(&["get-thing"]).contains("--id"));
    assert!(refused(&["nothing"]).contains("nothing"));
    let said = refused(&["get-thing", "--id", "x", "--limit", "3000000000"]);
    assert!(said.contains("--limit"), "{said}");
    let said = refused(&["get-thing", "--id", "x", "--query-id", "x"]);
    assert!(said.contains("UUID"), "{said}");
    assert!(refused(&["get-thing", "--id", ".."]).contains("`..`"));
    let said = refused(&["create-thing", "--body", r#"{"id":1}"#]);
    assert!(said.contains("name"), "{said}");
    assert!(refused(&["create-thing", "--body", "{"]).contains("the body"));
    assert!(refused(&["send-form", "--id", "1"]).contains("name"));
    assert!(refused(&["upload", "--file", "/no/such/file"]).contains("not a file"));
    // Credentials are looked for before anything else.
    let output = command("http://127.0.0.1:1")
        .env_remove("COMMANDS_API_KEY")
        .args(["get-thing", "--id", "x"])
        .output();
    let ran = Ran::new(output.expect("it runs"));
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("COMMANDS_API_KEY"), "{}", ran.err);
}

#[test]
fn what_the_api_says_is_1_and_on_standard_error() {
    let reply = || json(404, r#"{"title":"none \u001b"}"#);
    let (ran, _) = run(reply(), &["get-thing", "--id", "x"]);
    assert_eq!((ran.code, ran.text()), (Some(1), ""));
    assert!(ran.err.starts_with("error: "), "{}", ran.err);
    assert!(
        ran.err.contains("404") && ran.err.contains("none"),
        "{}",
        ran.err
    );
    let (ran, _) = run(reply(), &["--json", "get-thing", "--id", "x"]);
    assert_eq!((ran.code, ran.text()), (Some(1), ""));
    let said: serde_json::Value = serde_json::from_str(&ran.err).expect("JSON");
    assert_eq!(said["status"], 404);
    assert_eq!(said["body"]["title"], "none \u{1b}");
    let output = command("http://127.0.0.1:1")
        .args(["raw", "--body", "x"])
        .output();
    let ran = Ran::new(output.expect("it runs"));
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(!ran.err.contains("s3cret"));
}

#[test]
fn bodies_from_flags_files_and_standard_input() {
    let request = sent(&[
        "create-thing",
        "--id",
        "1",
        "--name",
        "n",
        "--tags",
        "a",
        "--tags",
        "b",
        "--body-body",
        "text",
        "--inner",
        r#"{"a":1.5}"#,
    ]);
    let body: serde_json::Value = serde_json::from_str(&request.body).expect("JSON");
    assert_eq!(
        body,
        serde_json::json!({"id": 1, "name": "n", "tags": ["a", "b"], "body": "text", "inner": {"a": 1.5}})
    );
    // As it is given: order, digits and all.
    let text = r#"{ "name": "n", "id": 1, "new": 1.10 }"#;
    let request = sent(&["create-thing", "--body", text]);
    assert_eq!(request.body, text);
    assert_eq!(request.header("content-type"), Some("application/json"));
    let request = sent(&["create-thing", "--body", text, "--name", "other"]);
    assert!(
        request.body.contains(r#""name":"other""#),
        "{}",
        request.body
    );
    let path = std::env::temp_dir().join(format!("commands-{}.json", std::process::id()));
    std::fs::write(&path, text).expect("a file");
    let at = format!("@{}", path.display());
    assert_eq!(sent(&["create-thing", "--body", &at]).body, text);
    let request = sent(&["upload", "--file", &at, "--title", "t"]);
    assert!(request.body.contains(text) && request.body.contains("filename="));
    std::fs::remove_file(&path).expect("the file");
    assert_eq!(sent(&["send-form"]).body, "");
    let request = sent(&["send-form", "--id", "1", "--name", "a&b"]);
    assert_eq!(request.body, "id=1&name=a%26b");

    let server = Server::new(empty(204));
    let mut child = command(&server.url)
        .args(["create-thing", "--body", "-"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(text.as_bytes()).expect("it reads");
    drop(input);
    assert!(child.wait().expect("it ends").success());
    assert_eq!(server.request().body, text);
}

#[test]
fn answers_are_written_as_they_come() {
    let reply = answer(200, "Content-Type: image/png\r\n", "\u{0}PNG\u{7f}");
    let (ran, requests) = run(reply, &["raw", "--body", "a,b"]);
    assert_eq!((ran.code, &*ran.out), (Some(0), &b"\0PNG\x7f"[..]));
    assert_eq!(requests[0].header("content-type"), Some("text/csv"));
    assert_eq!(requests[0].body, "a,b");
    // A command that needs no credential needs none; and its name is taken.
    let events = "data: 1\n\ndata: 2\n\n";
    let server = Server::new(answer(200, "Content-Type: text/event-stream\r\n", events));
    let output = command(&server.url)
        .env_remove("COMMANDS_API_KEY")
        .arg("completions-2")
        .output();
    let ran = Ran::new(output.expect("it runs"));
    assert_eq!((ran.code, ran.text()), (Some(0), events), "{}", ran.err);
    // An answer that breaks off has not been written, whatever there is of it.
    let cut = "HTTP/1.1 200 X\r\nContent-Type: image/png\r\nContent-Length: 9\r\n\r\nPNG";
    let (ran, _) = run(cut, &["raw", "--body", "x"]);
    assert_eq!((ran.code, ran.text()), (Some(1), "PNG"));
}

#[test]
fn help_and_completions_tell_terminals_nothing() {
    for arguments in [
        &["--help"][..],
        &["get-thing", "--help"],
        &["completions", "bash"],
        &["completions", "zsh"],
    ] {
        let (ran, requests) = run(empty(204), arguments);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert!(requests.is_empty());
        let text = ran.text();
        let hostile = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
        assert!(!text.contains(hostile), "{text:?}");
        assert!(text.contains("--json"), "{text}");
    }
    let (ran, _) = run(empty(204), &["get-thing", "--help"]);
    for expected in [
        "Get [31mred {thing}",
        "All of it.",
        "GET /things/{id}",
        "--query-json",
        "asc",
        "desc",
    ] {
        assert!(ran.text().contains(expected), "{expected}: {}", ran.text());
    }
    let (ran, _) = run(empty(204), &["--help"]);
    assert!(ran.text().contains("COMMANDS_API_KEY"), "{}", ran.text());
}
