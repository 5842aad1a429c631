//! Where requests go.

use specmint_client::{Call, Method, Operation};

use crate::support::acme::{Client, Credentials, types};
use crate::support::server::{Reply, Server};

static PLAIN: Operation<types::Error> = Operation::new("plain", "GET", "/v1/x");
static ELSEWHERE: Operation<types::Error> =
    Operation::new("elsewhere", "GET", "/v1/y?fixed=1").servers(&["https://eu.acme.test/base"]);

#[tokio::test]
async fn a_base_url_of_the_user_wins_and_keeps_its_path() {
    for (suffix, prefix) in [
        ("", ""),
        ("/", ""),
        ("/proxy", "/proxy"),
        ("/proxy/", "/proxy"),
        ("/a/b//", "/a/b"),
    ] {
        let server = Server::new([Reply::empty(204)]).await;
        let client = Client::builder()
            .base_url(format!("{}{suffix}", server.url()))
            .build();
        let client = client.expect("a client");
        Call::new(&client, &PLAIN).empty().await.expect("success");
        Call::new(&client, &ELSEWHERE)
            .empty()
            .await
            .expect("success");
        let targets: Vec<String> = server
            .requests()
            .iter()
            .map(|request| request.target().to_owned())
            .collect();
        assert_eq!(
            targets,
            [format!("{prefix}/v1/x"), format!("{prefix}/v1/y?fixed=1")]
        );
    }
}

static SECURE: Operation<types::Error> = Operation::new("secure", "GET", "/v1/z")
    .servers(&["https://eu.acme.test/base"])
    .security(&[&[0]]);

/// Nobody listens at the API's servers, so a hook looks at each address and stops the call.
#[tokio::test]
async fn operations_go_to_their_own_server_with_credentials() {
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let addresses = std::sync::Arc::clone(&seen);
    let client = Client::builder()
        .credentials(Credentials::api_key("k3y"))
        .before(move |request, _| {
            let key = request.headers().contains_key("authorization");
            addresses
                .lock()
                .expect("no panic")
                .push((request.url().to_string(), key));
            Err("seen".into())
        })
        .build()
        .expect("a client");
    for operation in [&PLAIN, &ELSEWHERE, &SECURE] {
        let error = Call::new(&client, operation)
            .empty()
            .await
            .expect_err("stopped");
        assert!(
            error.to_string().ends_with("was stopped by a hook: seen"),
            "{error}"
        );
    }
    for address in [
        "/raw",
        "https://API.acme.test:443/raw",
        "https://acme.test/raw",
        "https://api.acme.test:444/raw",
    ] {
        client
            .request(Method::GET, address)
            .empty()
            .await
            .expect_err("stopped");
    }
    assert_eq!(
        *seen.lock().expect("no panic"),
        [
            ("https://api.acme.test/v1/x".to_owned(), false),
            ("https://eu.acme.test/base/v1/y?fixed=1".to_owned(), false),
            ("https://eu.acme.test/base/v1/z".to_owned(), true),
            ("https://api.acme.test/raw".to_owned(), true),
            ("https://api.acme.test/raw".to_owned(), true),
            ("https://acme.test/raw".to_owned(), false),
            ("https://api.acme.test:444/raw".to_owned(), false),
        ]
    );
    assert_eq!(
        client.base_url().expect("a server").as_str(),
        "https://api.acme.test/"
    );
}

static PLAIN_HTTP: Operation<types::Error> =
    Operation::new("plain_http", "GET", "/").servers(&["http://acme.test"]);

static RELATIVE: Operation<types::Error> = Operation::new("relative", "GET", "/").servers(&["/v1"]);

#[tokio::test]
async fn plain_http_has_to_be_allowed() {
    let error = Client::builder()
        .base_url("http://acme.test")
        .build()
        .expect_err("plain http");
    assert!(error.to_string().contains("plain http"), "{error}");
    assert!(
        Client::builder()
            .base_url("http://acme.test")
            .allow_http(true)
            .build()
            .is_ok()
    );
    let client = Client::builder().build().expect("a client");
    let error = Call::new(&client, &PLAIN_HTTP)
        .empty()
        .await
        .expect_err("plain http");
    assert!(error.to_string().contains("plain http"), "{error}");
    let error = Call::new(&client, &RELATIVE)
        .empty()
        .await
        .expect_err("no host");
    assert!(
        error.to_string().contains("the server: it is not a URL"),
        "{error}"
    );
}
