//! Clients from environment variables.

use std::process::Command;

use parcels::Client;

use super::server::{Server, empty};

/// Variables belong to a process: each case is this test once more, in a process of its own.
fn run(variables: &[(&str, &str)]) -> String {
    let this = std::env::current_exe().expect("this test");
    let output = Command::new(this)
        .args([
            "--exact",
            "from_env::from_env_in_a_process_of_its_own",
            "--nocapture",
            "--ignored",
        ])
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .expect("this test runs");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test]
#[ignore = "run by the other test, with variables"]
async fn from_env_in_a_process_of_its_own() {
    let client = match Client::from_env() {
        Ok(client) => client,
        Err(error) => return println!("refused: {error}"),
    };
    let _ = client.search().q("x").send().await;
}

#[test]
fn from_env_has_credentials_and_base_url() {
    let server = Server::always(empty(204));
    let key = ("PARCELS_API_KEY_API_KEY", "key-1");
    let url = format!("{}/prefix/", server.url);
    let said = run(&[key, ("PARCELS_BASE_URL", &url)]);
    assert!(!said.contains("refused"), "{said}");
    assert_eq!(server.request().line(), "GET /prefix/search?q=x");
    assert_eq!(server.request().header("authorization"), Some("key-1"));
}

#[test]
fn from_env_says_what_is_missing_or_empty() {
    let said = run(&[]);
    for name in [
        "PARCELS_API_KEY_API_KEY",
        "PARCELS_TOKEN",
        "PARCELS_USERNAME",
    ] {
        assert!(said.contains(name), "{said}");
    }
    let said = run(&[("PARCELS_TOKEN", "")]);
    assert!(
        said.contains("PARCELS_TOKEN") && said.contains("empty"),
        "{said}"
    );
    // The names stand where the function is.
    let code = include_str!("../src/lib.rs");
    for name in [
        "PARCELS_API_KEY_API_KEY`",
        "PARCELS_API_KEY_SIGNATURE`",
        "PARCELS_TOKEN`",
    ] {
        assert!(code.contains(&format!("/// - `{name}")), "{name}");
    }
}
