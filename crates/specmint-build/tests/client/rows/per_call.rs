//! What can be said of one call alone, and calls that the document does not have.

use std::sync::{Arc, Mutex};

use parcels::Credentials;
use specmint_client::{Method, reqwest};

use super::{
    client,
    server::{Reply, Server, empty, json},
    settings,
};

#[tokio::test]
async fn per_call_headers_and_credentials() {
    let server = Server::always(empty(204));
    let client = client(&server);
    let call = client.search().q("x").with_header("X-Extra", "1");
    call.with_credentials(Credentials::api_key("other"))
        .send()
        .await
        .expect("an answer");
    client.search().q("x").send().await.expect("an answer");
    let requests = server.requests();
    assert_eq!(requests[0].header("x-extra"), Some("1"));
    assert_eq!(requests[0].header("authorization"), Some("other"));
    assert_eq!(requests[1].header("x-extra"), None);
    assert_eq!(requests[1].header("authorization"), Some("key-1"));
}

/// An endpoint that the document does not have, with everything the client has.
#[tokio::test]
async fn per_call_raw_requests() {
    let server = Server::new([Reply::Hangup, json(200, r#"["a"]"#)]);
    let client = client(&server);
    let request = client
        .request(Method::GET, "/beta/names")
        .query(&[("page", "1")]);
    let names = request.json::<Vec<String>>().await.expect("an answer");
    assert_eq!(
        (names.attempts(), names.into_inner()),
        (2, vec!["a".to_owned()])
    );
    let requests = server.requests();
    assert_eq!(requests[1].line(), "GET /beta/names?page=1");
    assert_eq!(requests[1].header("authorization"), Some("key-1"));
}

#[tokio::test]
async fn per_call_interceptors_and_clients_of_ones_own() {
    let server = Server::always(empty(204));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let client = settings(&server)
        .http_client(reqwest::Client::builder().build().expect("a client"))
        .after(move |outcome, context| {
            let status = outcome.status().map(|status| status.as_u16());
            log.lock()
                .expect("no panic")
                .push((context.operation().to_owned(), status));
            Ok(())
        })
        .build()
        .expect("a client");
    client.search().q("x").send().await.expect("an answer");
    assert_eq!(
        *seen.lock().expect("no panic"),
        [("search".to_owned(), Some(204))]
    );
}
