//! Credentials that change: where they are asked for, how often, and what happens without.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::stream;
use specmint_client::{Bytes, Call, Error, Operation, Retries, Upload};

use crate::support::acme::{Api, Client, ClientBuilder, Credentials, types};
use crate::support::server::{Reply, Server};

const CANARY: &str = "c4n4ry";

static READ: Operation<types::Error> = Operation::new("read", "GET", "/read").security(&[&[1]]);
static WRITE: Operation<types::Error> = Operation::new("write", "POST", "/write").security(&[&[1]]);
static OPEN: Operation<types::Error> = Operation::new("open", "GET", "/open");
static MAYBE: Operation<types::Error> =
    Operation::new("maybe", "GET", "/maybe").security(&[&[1], &[]]);

/// How often a source was asked.
#[derive(Clone, Default)]
struct Asked(Arc<AtomicUsize>);

impl Asked {
    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// A client whose source takes its time and gives `c4n4ry-1`, `c4n4ry-2` and so on.
fn settings(server: &Server) -> (ClientBuilder, Asked) {
    let asked = Asked::default();
    let count = asked.clone();
    let builder = Client::builder()
        .base_url(server.url())
        .retries(Retries::none())
        .credentials_from(move || {
            let number = count.0.fetch_add(1, Ordering::SeqCst) + 1;
            async move {
                tokio::time::sleep(Duration::from_millis(50)).await;
                Ok::<_, std::io::Error>(Credentials::token(format!("{CANARY}-{number}")))
            }
        });
    (builder, asked)
}

fn client(server: &Server) -> (Client, Asked) {
    let (builder, asked) = settings(server);
    (builder.build().expect("a client"), asked)
}

fn sent(server: &Server) -> Vec<String> {
    let requests = server.requests();
    let header = |name| {
        move |r: &crate::support::server::Recorded| r.header(name).unwrap_or_default().to_owned()
    };
    requests.iter().map(header("authorization")).collect()
}

fn token(number: u32) -> String {
    format!("Bearer {CANARY}-{number}")
}

#[tokio::test]
async fn a_source_is_asked_once_and_again_after_401() {
    let refused = Reply::empty(401);
    let fine = Reply::empty(204);
    let server = Server::new([fine.clone(), fine.clone(), refused, fine]).await;
    let (client, asked) = client(&server);
    assert_eq!(asked.count(), 0);
    for _ in 0..2 {
        Call::new(&client, &READ).empty().await.expect("let in");
    }
    // Whatever the method: what isn't let in hasn't been done. Clones share what comes.
    let clone = client.clone();
    let done = Call::new(&clone, &WRITE)
        .json_body(Ok("x"))
        .empty()
        .await
        .expect("let in");
    assert_eq!((asked.count(), done.attempts()), (2, 2));
    assert_eq!(sent(&server), [token(1), token(1), token(1), token(2)]);
    assert_eq!(server.requests()[3].text(), "\"x\"");
    Call::new(&client, &READ).empty().await.expect("let in");
    assert_eq!(asked.count(), 2);
}

#[tokio::test]
async fn a_second_401_is_the_answer() {
    let server = Server::new([Reply::new(401, "x-request-id: r2\r\n", "no")]).await;
    let (client, asked) = client(&server);
    let error = Call::new(&client, &READ).empty().await.expect_err("401");
    assert_eq!(error.status().map(|s| s.as_u16()), Some(401));
    assert_eq!((error.attempts(), error.request_id()), (2, Some("r2")));
    assert!(matches!(error, Error::UnexpectedResponse(_)), "{error:?}");
    assert_eq!(asked.count(), 2);
    assert_eq!(sent(&server), [token(1), token(2)]);
}

#[tokio::test]
async fn calls_at_the_same_time_share_one_answer() {
    let refused = Reply::empty(401);
    let fine = Reply::empty(204);
    let server = Server::new([refused.clone(), refused.clone(), refused, fine]).await;
    let (client, asked) = client(&server);
    let call = || Call::new(&client, &READ).empty();
    let (a, b, c) = tokio::join!(call(), call(), call());
    for done in [a, b, c] {
        done.expect("let in");
    }
    assert_eq!(asked.count(), 2, "once for all, and once more for all");
    let mut sent = sent(&server);
    sent.sort();
    let expected = [1, 1, 1, 2, 2, 2].map(token);
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn a_source_that_fails_is_named_and_asked_again_by_the_next_call() {
    let server = Server::new([Reply::empty(401), Reply::empty(204)]).await;
    let asked = Asked::default();
    let count = asked.clone();
    let client = Client::builder()
        .base_url(server.url())
        .credentials_from(move || {
            let number = count.0.fetch_add(1, Ordering::SeqCst) + 1;
            async move {
                tokio::time::sleep(Duration::from_millis(50)).await;
                match number {
                    2 | 3 => Ok(Credentials::token(format!("{CANARY}-{number}"))),
                    _ => Err(std::io::Error::other(format!("nobody answers {number}"))),
                }
            }
        })
        .build()
        .expect("a client");
    let call = || Call::new(&client, &READ).empty();
    // Those that wait for it share the failure, too.
    let (a, b) = tokio::join!(call(), call());
    for error in [a.expect_err("no token"), b.expect_err("no token")] {
        assert_eq!(
            error.to_string(),
            "`read` was not sent: the source of credentials failed: nobody answers 1"
        );
        assert_eq!((error.attempts(), error.status()), (0, None));
        let source = std::error::Error::source(&error).expect("its reason");
        assert_eq!(source.to_string(), "nobody answers 1");
    }
    assert_eq!(asked.count(), 1);
    assert!(server.requests().is_empty());
    // After a refusal, both are known.
    let done = call().await.expect("2 is refused, 3 is fine");
    assert_eq!((asked.count(), done.attempts()), (3, 2));
    let server = Server::new([Reply::empty(401)]).await;
    let count = asked.clone();
    let client = Client::builder()
        .base_url(server.url())
        .credentials_from(move || {
            let number = count.0.fetch_add(1, Ordering::SeqCst) + 1;
            std::future::ready(match number {
                4 => Ok(Credentials::token(CANARY)),
                _ => Err(std::io::Error::other("nobody answers")),
            })
        })
        .build()
        .expect("a client");
    let error = Call::new(&client, &READ).empty().await.expect_err("no new");
    assert_eq!(
        error.to_string(),
        "`read` was refused its credentials: the source of credentials failed: nobody answers"
    );
    assert_eq!(error.status().map(|s| s.as_u16()), Some(401));
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn a_stream_is_not_sent_twice() {
    let server = Server::new([Reply::empty(401), Reply::empty(204)]).await;
    let (client, asked) = client(&server);
    let body = Upload::stream(stream::iter([Ok::<_, std::io::Error>(Bytes::from("x"))]));
    let call = Call::new(&client, &WRITE).raw_body(Ok(Some(body)));
    let error = call.empty().await.expect_err("401");
    assert_eq!(error.status().map(|s| s.as_u16()), Some(401));
    assert_eq!((error.attempts(), asked.count()), (1, 1));
    // The next call doesn't try what was refused.
    Call::new(&client, &READ).empty().await.expect("let in");
    assert_eq!(asked.count(), 2);
    assert_eq!(sent(&server), [token(1), token(2)]);
}

#[tokio::test]
async fn credentials_of_a_call_win_and_who_needs_none_asks_for_none() {
    let server = Server::new([Reply::empty(204), Reply::empty(401)]).await;
    let (client, asked) = client(&server);
    Call::new(&client, &OPEN).empty().await.expect("an answer");
    let error = Call::new(&client, &READ)
        .credentials(Credentials::token("own"))
        .empty()
        .await
        .expect_err("401");
    assert_eq!((error.attempts(), asked.count()), (1, 0));
    assert_eq!(sent(&server), ["", "Bearer own"]);
    // Those that the client has otherwise count for nothing.
    let server = Server::new([Reply::empty(204)]).await;
    let (builder, asked) = settings(&server);
    let client = builder
        .credentials(Credentials::token("fixed"))
        .build()
        .expect("a client");
    Call::new(&client, &MAYBE).empty().await.expect("an answer");
    let get = specmint_client::Method::GET;
    client.request(get.clone(), "/x").empty().await.expect("it");
    assert_eq!(sent(&server), [token(1), token(1)]);
    assert_eq!(asked.count(), 1);
    // And no other host gets any.
    let other = Server::new([Reply::empty(204)]).await;
    let elsewhere = client.request(get, &format!("{}/x", other.url())).empty();
    elsewhere.await.expect("it");
    assert_eq!(other.request().header("authorization"), None);
}

#[tokio::test]
async fn what_a_source_gives_has_to_suffice() {
    let server = Server::new([Reply::empty(204)]).await;
    let client: Client = Client::builder()
        .base_url(server.url())
        .credentials_from(|| async { Ok::<_, std::io::Error>(Credentials::api_key("k")) })
        .build()
        .expect("a client");
    let error = Call::new(&client, &READ)
        .empty()
        .await
        .expect_err("no token");
    assert!(matches!(error, Error::MissingCredential(_)), "{error:?}");
    assert!(server.requests().is_empty());
    Call::new(&client, &MAYBE).empty().await.expect("optional");
    assert_eq!(server.request().header("authorization"), None);
}

/// A call that is given up while it waits leaves nothing behind that another one would wait for.
#[tokio::test]
async fn a_source_that_hangs_costs_its_call_alone() {
    let server = Server::new([Reply::empty(204)]).await;
    let asked = Asked::default();
    let count = asked.clone();
    let client: Client = Client::builder()
        .base_url(server.url())
        .credentials_from(move || {
            let number = count.0.fetch_add(1, Ordering::SeqCst);
            async move {
                if number == 0 {
                    std::future::pending::<()>().await;
                }
                Ok::<_, std::io::Error>(Credentials::token(CANARY))
            }
        })
        .timeout(Duration::from_millis(200))
        .build()
        .expect("a client");
    let error = Call::new(&client, &READ).empty().await.expect_err("late");
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(error.attempts(), 0);
    Call::new(&client, &READ).empty().await.expect("let in");
    assert_eq!(asked.count(), 2);
}

/// The retries that a call has are for failures, not for refusals.
#[tokio::test]
async fn a_new_credential_takes_no_retry_away() {
    let server = Server::new([Reply::empty(401), Reply::empty(503), Reply::empty(204)]).await;
    let (builder, asked) = settings(&server);
    let retries = Retries::default()
        .attempts(2)
        .base_delay(Duration::from_millis(1));
    let client = builder.retries(retries).build().expect("a client");
    let done = Call::new(&client, &READ).empty().await.expect("let in");
    assert_eq!((done.attempts(), asked.count()), (3, 2));
}

#[tokio::test]
async fn nothing_of_a_source_is_printed() {
    let server = Server::new([Reply::empty(401)]).await;
    let printed = Mutex::new(String::new());
    let print = |text: String| printed.lock().expect("no panic").push_str(&text);
    let (builder, _) = settings(&server);
    print(format!("{builder:?}"));
    let client = builder.build().expect("a client");
    let call: Call<'_, Api> = Call::new(&client, &READ);
    print(format!("{call:?}"));
    let error = call.empty().await.expect_err("401");
    print(format!(
        "{client:?} {client:#?} {error} {error:?} {error:#?}"
    ));
    let printed = printed.lock().expect("no panic");
    assert!(printed.len() > 300, "{printed}");
    assert!(!printed.contains(CANARY), "{printed}");
}
