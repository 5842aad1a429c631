//! Credentials: where they go, where they must not, and what happens without.

use std::sync::{Arc, Mutex};

use parcels::{Client, Credentials, Error};

use super::server::{Server, answer, empty};

const CANARY: &str = "canary-7f3a";

fn with(server: &Server, credentials: Credentials) -> Client {
    Client::builder()
        .base_url(&server.url)
        .credentials(credentials)
        .build()
        .expect("a client")
}

#[tokio::test]
async fn credentials_go_where_the_document_says() {
    let server = Server::always(empty(204));
    // A bare key in `Authorization`: no `Bearer`.
    let client = with(&server, Credentials::api_key("key-1"));
    let _ = client.search().q("x").send().await;
    assert_eq!(server.request().header("authorization"), Some("key-1"));

    let server = Server::always(empty(204));
    let client = with(
        &server,
        Credentials::token("t-1").and_login("ada", "s3cret"),
    );
    client.list_depots().send().await.expect("an answer");
    client.delete_depots().send().await.expect("an answer");
    let requests = server.requests();
    assert_eq!(requests[0].header("authorization"), Some("Bearer t-1"));
    assert_eq!(
        requests[1].header("authorization"),
        Some("Basic YWRhOnMzY3JldA==")
    );
}

/// Alternatives, combinations, and none at all where that is an alternative, too.
#[tokio::test]
async fn credentials_by_requirement() {
    let server = Server::always(empty(204));
    let both = Credentials::signature("sig&1")
        .and_visitor("v-1")
        .and_token("t-1");
    with(&server, both)
        .get_rates()
        .send()
        .await
        .expect("an answer");
    with(&server, Credentials::signature("half").and_token("t-1"))
        .get_rates()
        .send()
        .await
        .expect("an answer");
    with(&server, Credentials::default())
        .get_rates()
        .send()
        .await
        .expect("an answer");
    let requests = server.requests();
    assert_eq!(requests[0].line(), "GET /rates?sig=sig%261");
    assert_eq!(requests[0].header("cookie"), Some("visitor=v-1"));
    assert_eq!(requests[0].header("authorization"), None);
    assert_eq!(requests[1].line(), "GET /rates");
    assert_eq!(requests[1].header("authorization"), Some("Bearer t-1"));
    assert_eq!(
        (
            requests[2].header("cookie"),
            requests[2].header("authorization")
        ),
        (None, None)
    );
}

#[tokio::test]
async fn credentials_that_are_missing_stop_the_call() {
    let server = Server::always(empty(204));
    let client = with(&server, Credentials::token("t-1"));
    let error = client.search().q("x").send().await.expect_err("no key");
    assert!(matches!(&error, Error::MissingCredential(_)), "{error:?}");
    assert_eq!(
        error.to_string(),
        "`search` was not sent: no credential for `apiKey`"
    );
    assert!(server.requests().is_empty());
    // An operation without a requirement needs none.
    let server = Server::always(super::server::json(200, "true"));
    let up = with(&server, Credentials::default()).status().send().await;
    assert!(*up.expect("an answer"));
    assert_eq!(server.request().header("authorization"), None);
}

/// Access tokens expire: a source gives them, and gives new ones when the server says so.
#[tokio::test]
async fn credentials_that_change_come_from_a_source() {
    let server = Server::new([
        empty(204),
        answer(401, "", "expired"),
        empty(204),
        answer(401, "", "not yours"),
    ]);
    let given = Arc::new(Mutex::new(0));
    let source = Arc::clone(&given);
    let client = Client::builder()
        .base_url(&server.url)
        .credentials_from(move || {
            let given = Arc::clone(&source);
            async move {
                let mut given = given.lock().expect("no panic");
                *given += 1;
                Ok::<_, std::io::Error>(Credentials::token(format!("{CANARY}-{given}")))
            }
        })
        .build()
        .expect("a client");
    client.list_depots().send().await.expect("an answer");
    let renewed = client.list_depots().send().await.expect("an answer");
    assert_eq!(renewed.attempts(), 2);
    // Those of a call are its own: nobody is asked for others.
    let mine = Credentials::token("mine");
    let refused = client.list_depots().with_credentials(mine).send().await;
    let refused = refused.expect_err("an error");
    assert_eq!(refused.status().map(|s| s.as_u16()), Some(401));
    assert_eq!(refused.attempts(), 1);
    assert_eq!(*given.lock().expect("no panic"), 2);
    let requests = server.requests();
    let sent: Vec<_> = requests.iter().map(|r| r.header("authorization")).collect();
    let (first, second) = (format!("Bearer {CANARY}-1"), format!("Bearer {CANARY}-2"));
    let expected = [&*first, &*first, &*second, "Bearer mine"];
    assert_eq!(sent, expected.map(Some));
    assert!(!format!("{client:?} {refused:?} {refused}").contains(CANARY));

    // A source that has none is named, and nothing is sent.
    let nothing = || std::future::ready(Err(std::io::Error::other("the vault is shut")));
    let client = Client::builder()
        .base_url(&server.url)
        .credentials_from(nothing)
        .build()
        .expect("a client");
    let error = client.list_depots().send().await.expect_err("no token");
    assert_eq!(
        error.to_string(),
        "`list_depots` was not sent: the source of credentials failed: the vault is shut"
    );
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn credentials_leave_for_no_other_host() {
    let other = Server::always(empty(204));
    let moved = answer(307, &format!("Location: {}/x\r\n", other.url), "");
    let server = Server::always(moved);
    let error = with(&server, Credentials::api_key(CANARY))
        .search()
        .q("x")
        .send()
        .await
        .expect_err("a redirect");
    assert_eq!(error.status().map(|s| s.as_u16()), Some(307));
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn credentials_are_never_printed() {
    let printed = Arc::new(Mutex::new(String::new()));
    let print = |text: String| printed.lock().expect("no panic").push_str(&text);
    let server = Server::always(answer(500, "", &"x".repeat(20)));
    let credentials = Credentials::api_key(CANARY)
        .and_token(CANARY)
        .and_login("ada", CANARY)
        .and_signature(CANARY)
        .and_visitor(CANARY);
    print(format!("{credentials:?} {credentials:#?}"));
    let client = with(&server, credentials);
    print(format!("{client:?} {client:#?} {:?}", client.get_rates()));
    let error = client.get_rates().send().await.expect_err("an error");
    print(format!("{error} {error:?} {error:#?}"));
    // Nobody listens there: the error of the connection knows the URL, and the query has a key.
    let client = Client::builder()
        .base_url("http://127.0.0.1:1")
        .credentials(Credentials::signature(CANARY).and_visitor(CANARY))
        .retries(parcels::Retries::none())
        .build()
        .expect("a client");
    let error = client.get_rates().send().await.expect_err("no connection");
    let mut source: Option<&dyn std::error::Error> = Some(&error);
    while let Some(error) = source {
        print(format!("{error} {error:?} {error:#?}"));
        source = error.source();
    }
    let printed = printed.lock().expect("no panic");
    assert!(!printed.contains(CANARY), "{printed}");
    assert!(printed.len() > 500, "something was printed");
    assert_eq!(
        server.requests()[0].line(),
        format!("GET /rates?sig={CANARY}")
    );
}
