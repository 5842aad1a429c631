//! The program of the feature `cli`.

use std::process::{Command, Output};

use super::{
    PARCEL,
    server::{Server, json},
};

fn run(server: &Server, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_parcels"))
        .env_clear()
        .env("PARCELS_API_KEY_API_KEY", "key-1")
        .env("PARCELS_BASE_URL", &server.url)
        .args(arguments)
        .output()
        .expect("the program runs")
}

#[test]
fn command_line_sends_what_it_is_told() {
    let server = Server::always(json(201, PARCEL));
    let done = run(
        &server,
        &["create-parcel", "--weight", "1200", "--type", "box"],
    );
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    let printed: serde_json::Value = serde_json::from_slice(&done.stdout).expect("JSON");
    assert_eq!(printed["state"], "on-the-way");
    let request = server.request();
    assert_eq!(request.line(), "POST /parcels");
    assert_eq!(request.header("authorization"), Some("key-1"));
    let sent: serde_json::Value = serde_json::from_str(&request.text()).expect("JSON");
    assert_eq!(sent, serde_json::json!({"weight": 1200, "type": "box"}));
}

#[test]
fn command_line_says_how_it_went() {
    let server = Server::always(json(404, r#"{"code":"gone","message":"no such parcel"}"#));
    let failed = run(&server, &["get-parcel", "--id", "7"]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&failed.stderr).contains("404"),
        "{failed:?}"
    );
    assert!(failed.stdout.is_empty());
    let wrong = run(&server, &["get-parcel", "--weight", "heavy"]);
    assert_eq!(wrong.status.code(), Some(2));
    let help = run(&server, &["get-parcel", "--help"]);
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    assert!(
        help.contains("Get a parcel") && help.contains("--id"),
        "{help}"
    );
    let completions = run(&server, &["completions", "bash"]);
    assert!(String::from_utf8_lossy(&completions.stdout).contains("list-parcels"));
    assert_eq!(server.requests().len(), 1);
}
