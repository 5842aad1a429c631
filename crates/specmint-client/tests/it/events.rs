//! Streams of values, whatever pieces the network makes of them.

use std::fmt::Write as _;

use futures_util::StreamExt as _;
use specmint_client::{ByteStream, Call, Operation};

use crate::support::acme::{Client, types};
use crate::support::server::{Reply, Server};

static STREAM: Operation<types::Error> = Operation::new("stream", "GET", "/x");

/// A chunked answer with one chunk per piece, each sent by itself.
fn chunked(pieces: &[&str], complete: bool) -> Reply {
    let mut raw =
        "HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n".to_owned();
    for piece in pieces {
        write!(raw, "{:x}\r\n{piece}\r\n", piece.len()).expect("a string takes everything");
    }
    if complete {
        raw.push_str("0\r\n\r\n");
    }
    Reply::Raw(raw.into_bytes())
}

async fn open(reply: Reply) -> ByteStream {
    let server = Server::new([reply]).await;
    let client = Client::builder()
        .base_url(server.url())
        .response_limit(1000)
        .build();
    let stream = Call::new(&client.expect("a client"), &STREAM)
        .stream()
        .await;
    let stream = stream.expect("success").into_inner();
    // The connection outlives the server's own handle.
    drop(server);
    stream
}

/// Events as `event|data|id`, errors as they are displayed.
async fn events(reply: Reply) -> Vec<String> {
    let stream = open(reply).await.events();
    stream
        .map(|event| match event {
            Ok(event) => format!("{}|{}|{}", event.event, event.data, event.id),
            Err(error) => error.to_string(),
        })
        .collect()
        .await
}

#[tokio::test]
async fn events_by_the_standard() {
    let text = "\u{feff}: comment\n\ndata: one\n\nevent: kind\nid: 7\ndata:two\ndata:  lines\nother: x\n\n\
                data\n\nevent: none\n\nretry: 5\ndata: Grüße\r\n\r\ndata: cr\r\rid\ndata: last\n\n";
    let expected = [
        "|one|",
        "kind|two\n lines|7",
        "||7",
        "|Grüße|7",
        "|cr|7",
        "|last|",
    ];
    assert_eq!(events(chunked(&[text], true)).await, expected);
    // Every place where a chunk may end, in the middle of characters and line ends too.
    for split in 1..text.len() {
        if let (Some(start), Some(end)) = (text.get(..split), text.get(split..)) {
            assert_eq!(
                events(chunked(&[start, end], true)).await,
                expected,
                "{split}"
            );
        }
    }
}

#[tokio::test]
async fn a_cut_in_the_middle_of_an_event_is_an_error() {
    let middle = "the answer to `stream` can't be read: the stream ends in the middle of an event";
    for text in ["data: a\n\ndata: b", "data: a\n\ndata: b\n"] {
        assert_eq!(
            events(chunked(&[text], true)).await,
            ["|a|", middle],
            "{text:?}"
        );
    }
    let broken = events(chunked(&["data: a\n\ndata: b\n"], false)).await;
    assert_eq!(
        broken,
        ["|a|", "the answer to `stream` broke off after 17 bytes"]
    );
}

#[tokio::test]
async fn an_event_without_end_is_cut_at_the_limit() {
    for start in ["data: ", "data: x\ndata: "] {
        let raw = format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{start}");
        let events = events(Reply::Flood(raw.into_bytes())).await;
        assert_eq!(events, ["the answer to `stream` is longer than 1000 bytes"]);
    }
}

async fn numbers(reply: Reply) -> Vec<String> {
    let stream = open(reply).await.json_lines::<u8>();
    stream
        .map(|number| number.map_or_else(|error| error.to_string(), |number| number.to_string()))
        .collect()
        .await
}

#[tokio::test]
async fn json_by_the_line() {
    assert_eq!(
        numbers(chunked(&["1\n", "\r\n2", "3\r\n \n4"], true)).await,
        ["1", "23", "4"]
    );
    let broken = numbers(chunked(&["1\n{\n2\n[3"], true)).await;
    assert_eq!(broken.len(), 4, "{broken:?}");
    assert_eq!((broken[0].as_str(), broken[2].as_str()), ("1", "2"));
    for error in [&broken[1], &broken[3]] {
        assert!(
            error.starts_with("the answer to `stream` can't be read: "),
            "{error}"
        );
    }
    let cut = numbers(chunked(&["1\n2"], false)).await;
    assert_eq!(cut, ["1", "the answer to `stream` broke off after 3 bytes"]);
}

/// Events as JSON, errors as they are displayed.
async fn values(text: &str, whole: bool) -> Vec<String> {
    let stream = open(chunked(&[text], true)).await;
    let stream = if whole {
        stream.whole_events::<serde_json::Value>()
    } else {
        stream.json_events()
    };
    stream
        .map(|value| value.map_or_else(|error| error.to_string(), |value| value.to_string()))
        .collect()
        .await
}

#[tokio::test]
async fn events_of_json() {
    let text =
        "event: a\ndata: {\"n\":1}\n\ndata:\n\ndata: x\n\nid: 7\ndata: 2\n\ndata: [DONE]\n\n";
    let read = values(text, false).await;
    assert_eq!((read[0].as_str(), read[2].as_str()), (r#"{"n":1}"#, "2"));
    assert!(
        read[1].starts_with("the answer to `stream` can't be read: "),
        "{read:?}"
    );
    assert_eq!(read.len(), 3);
    assert_eq!(
        values(text, true).await,
        [
            r#"{"data":{"n":1},"event":"a"}"#,
            r#"{"data":"x"}"#,
            r#"{"data":2,"id":"7"}"#,
        ]
    );
}
