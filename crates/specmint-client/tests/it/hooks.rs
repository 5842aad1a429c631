//! Interceptors see every attempt, in order, with the credentials already there.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::header::HeaderValue;
use specmint_client::{Call, Context, Error, Hook, HookFuture, Operation, Outcome, Retries};

use crate::support::acme::{Client, Credentials, types};
use crate::support::server::{Reply, Server};

static WHO: Operation<types::Error> = Operation::new("who", "GET", "/who").security(&[&[0]]);

struct Log(&'static str, Arc<Mutex<Vec<String>>>);

impl Hook for Log {
    fn pre<'a>(
        &'a self,
        request: &'a mut reqwest::Request,
        context: &'a Context,
    ) -> HookFuture<'a> {
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            assert!(request.headers().contains_key("authorization"));
            request
                .headers_mut()
                .append("x-seen", HeaderValue::from_static(self.0));
            let line = format!(
                "{} pre {} {}",
                self.0,
                context.operation(),
                context.attempt()
            );
            self.1.lock().expect("no panic").push(line);
            Ok(())
        })
    }

    fn post<'a>(&'a self, outcome: Outcome<'a>, context: &'a Context) -> HookFuture<'a> {
        let status = outcome.status().map_or(0, |status| status.as_u16());
        let line = format!("{} post {status} {}", self.0, context.attempt());
        self.1.lock().expect("no panic").push(line);
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test]
async fn hooks_run_around_every_attempt() {
    let server = Server::new([Reply::empty(503), Reply::Drop, Reply::empty(204)]).await;
    let log = Arc::new(Mutex::new(Vec::new()));
    let client = Client::builder()
        .credentials(Credentials::api_key("k3y"))
        .retries(Retries::default().base_delay(Duration::from_millis(1)))
        .hook(Log("a", Arc::clone(&log)))
        .hook(Log("b", Arc::clone(&log)))
        .base_url(server.url())
        .build()
        .expect("a client");
    let done = Call::new(&client, &WHO).empty().await.expect("success");
    assert_eq!(done.attempts(), 3);
    assert_eq!(
        *log.lock().expect("no panic"),
        [
            "a pre who 1",
            "b pre who 1",
            "a post 503 1",
            "b post 503 1",
            "a pre who 2",
            "b pre who 2",
            "a post 0 2",
            "b post 0 2",
            "a pre who 3",
            "b pre who 3",
            "a post 204 3",
            "b post 204 3",
        ]
    );
    for request in server.requests() {
        assert_eq!(request.headers("x-seen"), ["a", "b"]);
    }
}

#[tokio::test]
async fn an_error_of_a_hook_ends_the_call() {
    let server = Server::new([Reply::empty(503)]).await;
    let builder = || {
        Client::builder()
            .credentials(Credentials::api_key("k3y"))
            .base_url(server.url())
    };
    let client = builder()
        .before(|_, _| Err("not today".into()))
        .build()
        .expect("a client");
    let error = Call::new(&client, &WHO)
        .empty()
        .await
        .expect_err("an error");
    assert!(matches!(error, Error::Hook(_)));
    assert_eq!(error.to_string(), "`who` was stopped by a hook: not today");
    assert!(server.requests().is_empty());
    let client = builder()
        .after(|_, _| Err("too late".into()))
        .build()
        .expect("a client");
    let error = Call::new(&client, &WHO)
        .empty()
        .await
        .expect_err("an error");
    assert_eq!(error.status().map(|it| it.as_u16()), Some(503));
    assert_eq!(server.requests().len(), 1);
}
