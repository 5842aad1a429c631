//! Bodies of answers: JSON, events, lines, and how much of them.

use futures_util::TryStreamExt as _;
use parcels::types::EventKind;

use super::{
    client,
    server::{Reply, Server, answer, json},
    settings,
};

const EVENTS: &str = ": hello\n\ndata: {\"kind\":\"picked-up\"}\n\nevent: x\nid: 7\ndata: {\"kind\":\ndata: \"teleported\"}\n\n";

#[tokio::test]
async fn answers_of_json_text_and_nothing() {
    let server = Server::always(json(200, "false"));
    assert!(!*client(&server).status().send().await.expect("an answer"));
    let problem = answer(
        200,
        "Content-Type: application/problem+json; charset=utf-8\r\n",
        "true",
    );
    let server = Server::always(problem);
    assert!(*client(&server).status().send().await.expect("an answer"));
}

#[tokio::test]
async fn answers_that_are_events() {
    let server = Server::always(answer(200, "Content-Type: text/event-stream\r\n", EVENTS));
    let events = client(&server)
        .watch_events()
        .stream()
        .await
        .expect("an answer");
    let events: Vec<_> = events.into_inner().try_collect().await.expect("events");
    assert_eq!(events[0].kind, EventKind::PickedUp);
    assert_eq!(events[1].kind, EventKind::Unknown("teleported".to_owned()));
    assert_eq!(events.len(), 2);

    // Cut in the middle of an event: an error, not an end.
    let cut = &EVENTS[..EVENTS.len() - 4];
    let head = "HTTP/1.1 200 X\r\nContent-Type: text/event-stream\r\nContent-Length: 999\r\n\r\n";
    let server = Server::always(Reply::from(format!("{head}{cut}")));
    let events = client(&server)
        .watch_events()
        .stream()
        .await
        .expect("an answer");
    let mut events = events.into_inner();
    assert!(events.try_next().await.expect("the first").is_some());
    assert!(events.try_next().await.is_err());
}

#[tokio::test]
async fn answers_that_are_lines() {
    let lines = "{\"kind\":\"delivered\",\"parcel\":\"1\"}\r\n\n{\"kind\":\"delivered\"}";
    let server = Server::always(answer(200, "Content-Type: application/x-ndjson\r\n", lines));
    let lines = client(&server)
        .read_log()
        .stream()
        .await
        .expect("an answer");
    let lines: Vec<_> = lines.into_inner().try_collect().await.expect("lines");
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0].parcel.as_deref(), Some("1"));
}

#[tokio::test]
async fn answers_have_a_limit() {
    let long = format!("\"{}\"", "x".repeat(2000));
    let server = Server::always(json(200, &long));
    let client = settings(&server)
        .response_limit(1000)
        .build()
        .expect("a client");
    let error = client.status().send().await.expect_err("too long");
    assert!(error.to_string().contains("1000"), "{error}");
    assert_eq!(error.status().map(|s| s.as_u16()), Some(200));
}
