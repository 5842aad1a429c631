//! The document's servers and the user's.

use parcels::{Client, Credentials, ServerVariables as _, servers};

use super::server::{Server, empty};

/// Without a wish of the user's, paths and operations have their own servers.
#[test]
fn servers_are_the_documents() {
    let client = Client::new(Credentials::default()).expect("a client");
    let default = client.base_url().map(|url| url.to_string());
    assert_eq!(default.as_deref(), Some("https://api.parcels.example/v1"));
    let code = concat!(
        include_str!("../src/lib.rs"),
        include_str!("../src/operations.rs")
    );
    for url in [
        "https://api.parcels.example/v1",
        "https://depots.parcels.example",
        "https://admin.parcels.example/root",
    ] {
        assert!(code.contains(url), "{url}");
    }
}

#[tokio::test]
async fn servers_of_the_user_win_everywhere() {
    for (suffix, prefix) in [("", ""), ("/", ""), ("/a/b", "/a/b"), ("/a/b/", "/a/b")] {
        let server = Server::always(empty(204));
        let credentials = Credentials::api_key("k").and_token("t").and_login("u", "p");
        let client = Client::builder()
            .base_url(format!("{}{suffix}", server.url))
            .credentials(credentials)
            .build()
            .expect("a client");
        client.search().q("x").send().await.expect("an answer");
        client.list_depots().send().await.expect("an answer");
        client.delete_depots().send().await.expect("an answer");
        let lines: Vec<String> = server
            .requests()
            .iter()
            .map(|r| r.line().to_owned())
            .collect();
        assert_eq!(
            lines,
            [
                format!("GET {prefix}/search?q=x"),
                format!("GET {prefix}/depots"),
                format!("DELETE {prefix}/depots")
            ]
        );
    }
    let refused = Client::builder()
        .base_url("http://api.parcels.example")
        .build();
    assert!(
        refused
            .expect_err("plain http")
            .to_string()
            .contains("http")
    );
}

#[test]
fn servers_have_names_and_variables() {
    let url = |builder: parcels::ClientBuilder| {
        let client = builder.build().expect("a client");
        client.base_url().map(|url| url.to_string())
    };
    let regional = || Client::builder().server(servers::REGIONAL);
    assert_eq!(
        url(regional()).as_deref(),
        Some("https://eu.parcels.example/v1")
    );
    let there = url(regional().region(servers::Region::Us).stage("v2"));
    assert_eq!(there.as_deref(), Some("https://us.parcels.example/v2"));
    let production = url(Client::builder().server(servers::PRODUCTION));
    assert_eq!(
        production.as_deref(),
        Some("https://api.parcels.example/v1")
    );
    for stage in ["../x", "a?b", "a#b", "@evil.example"] {
        assert!(regional().stage(stage).build().is_err(), "{stage}");
    }
}
