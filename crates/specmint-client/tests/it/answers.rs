//! The shapes in which answers can be had.

use futures_util::StreamExt as _;
use specmint_client::{
    Answer, Answers, Call, DecodeError, ErrorAnswer, Operation, Received, Retries, StatusMatch,
    decode,
};

use crate::support::acme::{Client, types};
use crate::support::server::{Reply, Server};

static PLAIN: Operation<types::Error> = Operation::new("plain", "GET", "/x");

async fn client(reply: Reply) -> (Server, Client) {
    let server = Server::new([reply]).await;
    let client = Client::builder()
        .base_url(server.url())
        .retries(Retries::none());
    let client = client.response_limit(1000).build().expect("a client");
    (server, client)
}

#[tokio::test]
async fn json_of_any_success_whatever_it_is_called() {
    for (status, header) in [
        (200, "content-type: application/json\r\n"),
        (
            201,
            "content-type: application/vnd.acme+json; charset=utf-8\r\n",
        ),
        (299, "content-type: text/plain\r\n"),
        (200, ""),
    ] {
        let (_server, client) = client(Reply::new(status, header, "\u{feff} [1, 2]\n")).await;
        let value = Call::new(&client, &PLAIN)
            .json::<Vec<u8>>()
            .await
            .expect("success");
        assert_eq!(*value, [1, 2]);
        assert_eq!(value.status(), status);
    }
}

#[tokio::test]
async fn an_empty_body_is_null() {
    let (_server, client) = client(Reply::empty(204)).await;
    let value = Call::new(&client, &PLAIN)
        .json::<Option<u8>>()
        .await
        .expect("success");
    assert_eq!(value.into_inner(), None);
    Call::new(&client, &PLAIN)
        .json::<u8>()
        .await
        .expect_err("nothing to read");
}

#[tokio::test]
async fn text_by_its_character_set() {
    let bytes = b"Gr\xfc\xdfe";
    for (header, expected) in [
        ("content-type: text/plain; charset=iso-8859-1\r\n", "Grüße"),
        ("content-type: text/plain\r\n", "Gr\u{fffd}\u{fffd}e"),
        ("content-type: nonsense\r\n", "Gr\u{fffd}\u{fffd}e"),
    ] {
        let (_server, client) = client(Reply::new(200, header, bytes)).await;
        let text = Call::new(&client, &PLAIN).text().await.expect("success");
        assert_eq!(*text, expected);
    }
}

#[tokio::test]
async fn bytes_and_streams() {
    let body: Vec<u8> = (0..=255).collect();
    let (_server, client_) = client(Reply::new(200, "x-amzn-requestid: a\r\n", &body)).await;
    let bytes = Call::new(&client_, &PLAIN).bytes().await.expect("success");
    assert_eq!(*bytes, body);
    let stream = Call::new(&client_, &PLAIN).stream().await.expect("success");
    assert_eq!(stream.request_id(), Some("a"));
    let mut stream = stream.into_inner();
    let mut read = Vec::new();
    while let Some(chunk) = stream.next().await {
        read.extend_from_slice(&chunk.expect("a chunk"));
    }
    assert_eq!(read, body);
    let stream = Call::new(&client_, &PLAIN)
        .stream()
        .await
        .expect("success")
        .into_inner();
    assert_eq!(stream.bytes().await.expect("bytes"), body);

    // A stream may be longer than what may be kept in memory, until somebody keeps it there.
    let (_server, client) = client(Reply::new(200, "", vec![b'x'; 5000])).await;
    let stream = || async {
        Call::new(&client, &PLAIN)
            .stream()
            .await
            .expect("success")
            .into_inner()
    };
    let count = stream().await.fold(0, |sum, chunk| async move {
        sum + chunk.expect("a chunk").len()
    });
    assert_eq!(count.await, 5000);
    let error = stream().await.text().await.expect_err("too long");
    assert_eq!(
        error.to_string(),
        "the answer to `plain` is longer than 1000 bytes"
    );
}

#[tokio::test]
async fn a_stream_that_breaks_off_is_an_error_not_an_end() {
    let raw = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf".to_vec();
    let (_server, client) = client(Reply::Raw(raw)).await;
    let mut stream = Call::new(&client, &PLAIN)
        .stream()
        .await
        .expect("success")
        .into_inner();
    assert_eq!(
        stream.next().await.expect("an item").expect("a chunk"),
        "half"
    );
    let error = stream.next().await.expect("an item").expect_err("an error");
    assert_eq!(
        error.to_string(),
        "the answer to `plain` broke off after 4 bytes"
    );
    assert_eq!(error.received(), 4);
}

#[tokio::test]
async fn an_error_of_a_streamed_call_is_read_as_usual() {
    static STREAMED: Operation<types::Error> =
        Operation::new("streamed", "GET", "/x").errors(&[ErrorAnswer::json(
            StatusMatch::Code(404),
            "application/json",
            decode,
        )]);
    let (_server, client) = client(Reply::json(404, r#"{"code":"E","message":"m"}"#)).await;
    let error = Call::new(&client, &STREAMED)
        .stream()
        .await
        .expect_err("an error");
    assert_eq!(error.error_body().expect("typed").code, "E");
}

#[tokio::test]
async fn a_call_without_interest_in_the_body_does_not_mind_it() {
    for raw in [
        "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n<html>",
    ] {
        let (_server, client) = client(Reply::Raw(raw.into())).await;
        Call::new(&client, &PLAIN).empty().await.expect("success");
    }
    let flood = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_vec();
    let (_server, client) = client(Reply::Flood(flood)).await;
    Call::new(&client, &PLAIN).empty().await.expect("success");
}

#[derive(Debug, PartialEq)]
enum Download {
    Json(u8),
    Csv(String),
    Nothing,
    Any(Vec<u8>),
}

impl Answers for Download {
    fn decode(answer: &Received) -> Result<Self, DecodeError> {
        match answer.row() {
            Some(0) => answer.json().map(Self::Json),
            Some(1) => Ok(Self::Csv(answer.text())),
            Some(2) => Ok(Self::Nothing),
            Some(3) => Ok(Self::Any(answer.bytes().to_vec())),
            _ => Err(DecodeError::new("undocumented")),
        }
    }
}

static DOWNLOAD: Operation<types::Error> = Operation::new("download", "GET", "/x")
    .answers(&[
        Answer::new(StatusMatch::Code(200), "application/json"),
        Answer::new(StatusMatch::Code(200), "text/*"),
        Answer::new(StatusMatch::Code(304), ""),
        Answer::new(StatusMatch::Range(2), "*/*"),
    ])
    .errors(&[ErrorAnswer::json(
        StatusMatch::Code(207),
        "application/problem+json",
        decode,
    )]);

#[tokio::test]
async fn documented_answers_are_told_apart_by_status_and_media_type() {
    for (status, content_type, expected) in [
        (200, "application/json; charset=utf-8", Download::Json(7)),
        (200, "Text/CSV", Download::Csv("7".to_owned())),
        // Nothing fits the type: the first row for the status.
        (200, "x/y", Download::Json(7)),
        (203, "application/json", Download::Any(b"7".to_vec())),
    ] {
        let reply = Reply::new(status, &format!("content-type: {content_type}\r\n"), "7");
        let (server, client) = client(reply).await;
        let answer = Call::new(&client, &DOWNLOAD)
            .one_of::<Download>()
            .await
            .expect("success");
        assert_eq!(answer.into_inner(), expected);
        let accept = "application/json, text/*, */*, application/problem+json";
        assert_eq!(server.request().header("accept"), Some(accept));
    }
    let (_server, client_) = client(Reply::empty(304)).await;
    let answer = Call::new(&client_, &DOWNLOAD)
        .one_of::<Download>()
        .await
        .expect("success");
    assert_eq!(answer.into_inner(), Download::Nothing);
    // Success for the protocol, failure for the documentation.
    let (_server, client_) = client(Reply::json(207, r#"{"code":"E","message":"m"}"#)).await;
    let error = Call::new(&client_, &DOWNLOAD)
        .one_of::<Download>()
        .await
        .expect_err("documented");
    assert_eq!(error.error_body().expect("typed").code, "E");
}

#[tokio::test]
async fn a_call_that_is_given_up_leaves_the_client_usable() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n{".to_vec();
    let server = Server::new([
        Reply::Hang(vec![]),
        Reply::Drip(head.clone()),
        Reply::Drip(head),
        Reply::json(200, "7"),
    ])
    .await;
    let client = Client::builder()
        .base_url(server.url())
        .build()
        .expect("a client");
    // Given up once the request has arrived, however long that takes.
    let arrived = async |count| {
        while server.requests().len() < count {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    for count in 1..=2 {
        tokio::select! {
            result = Call::new(&client, &PLAIN).json::<u8>() => panic!("{result:?}"),
            () = arrived(count) => {}
        }
    }
    let mut stream = Call::new(&client, &PLAIN)
        .stream()
        .await
        .expect("success")
        .into_inner();
    stream.next().await.expect("an item").expect("a chunk");
    drop(stream);
    assert_eq!(
        Call::new(&client, &PLAIN)
            .json::<u8>()
            .await
            .expect("success")
            .into_inner(),
        7
    );
    assert_eq!(server.requests().len(), 4);
}
