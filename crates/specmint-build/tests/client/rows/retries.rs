//! What is sent again, when, and what never is.

use std::time::{Duration, Instant, SystemTime};

use parcels::{Retries, types::NewParcel};

use super::{
    PARCEL, client,
    server::{Reply, Server, answer, empty, json},
    settings,
};

#[tokio::test]
async fn retries_of_what_may_go_away() {
    let cut = Reply::from("HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\ntr");
    for first in [
        empty(408),
        empty(429),
        empty(500),
        empty(503),
        Reply::Hangup,
        cut,
    ] {
        let server = Server::new([first, json(200, "true")]);
        let done = client(&server).status().send().await.expect("an answer");
        assert_eq!((done.attempts(), server.requests().len()), (2, 2));
    }
    for status in [400, 401, 404, 501] {
        let server = Server::always(empty(status));
        let error = client(&server).status().send().await.expect_err("an error");
        assert_eq!(
            (error.attempts(), server.requests().len()),
            (1, 1),
            "{status}"
        );
    }
    let server = Server::always(empty(503));
    let error = client(&server).status().send().await.expect_err("an error");
    assert_eq!((error.attempts(), server.requests().len()), (2, 2));
    assert!(error.to_string().contains("2 attempts"), "{error}");
}

/// A server that takes a request and drops the connection may have done what it was asked.
#[tokio::test]
async fn retries_never_do_twice_what_was_asked_once() {
    let server = Server::new([Reply::Hangup, json(201, PARCEL)]);
    let sent = client(&server)
        .create_parcel()
        .body(NewParcel::new(1))
        .send()
        .await;
    assert_eq!(sent.expect_err("an error").attempts(), 1);
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert_eq!(server.requests().len(), 1);

    let server = Server::new([Reply::Hangup, json(201, PARCEL)]);
    let call = client(&server);
    let call = call
        .create_parcel()
        .body(NewParcel::new(1))
        .with_header("Idempotency-Key", "7");
    assert_eq!(call.send().await.expect("an answer").attempts(), 2);
    let bodies: Vec<String> = server
        .requests()
        .iter()
        .map(super::server::Recorded::text)
        .collect();
    assert_eq!(bodies, [r#"{"weight":1}"#, r#"{"weight":1}"#]);

    let server = Server::new([empty(503), json(201, PARCEL)]);
    let every = Retries::default()
        .base_delay(Duration::from_millis(1))
        .every_method(true);
    let client = settings(&server).retries(every).build().expect("a client");
    let done = client.create_parcel().body(NewParcel::new(1)).send().await;
    assert_eq!(done.expect("an answer").attempts(), 2);
}

#[tokio::test]
async fn retries_wait_as_long_as_the_server_says() {
    for (after, least) in [("1", 900), ("a date", 500), ("0", 0)] {
        // Cut down to whole seconds, that is between one and two from now.
        let soon = httpdate(SystemTime::now() + Duration::from_secs(2));
        let after = if after == "a date" { &soon } else { after };
        let wait = answer(503, &format!("Retry-After: {after}\r\n"), "");
        let server = Server::new([wait, json(200, "true")]);
        let begun = Instant::now();
        client(&server).status().send().await.expect("an answer");
        assert!(begun.elapsed() >= Duration::from_millis(least), "{after}");
    }
    // Beyond the cap it is no use to wait.
    for after in ["1000000000", "-1", "soon"] {
        let server = Server::always(answer(429, &format!("Retry-After: {after}\r\n"), ""));
        let error = client(&server).status().send().await.expect_err("an error");
        assert!(error.attempts() <= 2, "{after}");
    }
}

#[tokio::test]
async fn retries_can_be_switched_off() {
    let server = Server::always(empty(503));
    let client = settings(&server)
        .retries(Retries::none())
        .build()
        .expect("a client");
    let error = client.status().send().await.expect_err("an error");
    assert_eq!((error.attempts(), server.requests().len()), (1, 1));
}

/// IMF-fixdate, RFC 9110, section 5.6.7.
fn httpdate(at: SystemTime) -> String {
    let at: chrono::DateTime<chrono::Utc> = at.into();
    at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
