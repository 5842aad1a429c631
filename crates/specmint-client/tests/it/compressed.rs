//! Answers that come compressed.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use futures_util::StreamExt as _;
use specmint_client::{Call, ErrorAnswer, Operation, Retries, StatusMatch, Unexpected, decode};

use crate::support::acme::{Client, Error, types};
use crate::support::server::{Reply, Server};

static PLAIN: Operation<types::Error> =
    Operation::new("plain", "GET", "/x").errors(&[ErrorAnswer::json(
        StatusMatch::Default,
        "application/json",
        decode::<types::Error>,
    )]);

const HEADERS: &str = "content-type: application/json\r\ncontent-encoding: gzip\r\n";

/// How many bytes of an answer the client takes.
const LIMIT: u64 = 64 * 1024;

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).expect("memory takes everything");
    encoder.finish().expect("memory takes everything")
}

async fn client(reply: Reply) -> (Server, Client) {
    let server = Server::new([reply]).await;
    let client = Client::builder()
        .base_url(server.url())
        .retries(Retries::none())
        .response_limit(LIMIT)
        .build()
        .expect("a client");
    (server, client)
}

#[tokio::test]
async fn are_asked_for_and_read() {
    let (server, client) = client(Reply::new(200, HEADERS, gzip(b"[1, 2]"))).await;
    let answer = Call::new(&client, &PLAIN).json::<Vec<u8>>().await;
    assert_eq!(*answer.expect("two numbers"), [1, 2]);
    // Another crate of the same build may turn on more.
    let request = server.request();
    let accepted = request.header("accept-encoding").unwrap_or_default();
    assert!(
        accepted.split(',').any(|it| it.trim() == "gzip"),
        "{accepted}"
    );
}

#[tokio::test]
async fn errors_too() {
    let body = gzip(br#"{"code": "7", "message": "no"}"#);
    let (_server, client) = client(Reply::new(404, HEADERS, body)).await;
    let error = Call::new(&client, &PLAIN).json::<u8>().await;
    let Err(Error::ErrorResponse(error)) = error else {
        panic!("{error:?}");
    };
    assert_eq!(error.status(), 404);
}

#[tokio::test]
async fn streams_too() {
    let text = "x".repeat(300_000);
    let (_server, client) = client(Reply::new(200, HEADERS, gzip(text.as_bytes()))).await;
    let answer = Call::new(&client, &PLAIN).stream().await.expect("a stream");
    let mut stream = answer.into_inner();
    let mut read = 0;
    while let Some(chunk) = stream.next().await {
        read += chunk.expect("a part of the text").len();
    }
    // A stream has no limit: nobody keeps it.
    assert_eq!(read, text.len());
}

#[tokio::test]
async fn the_limit_counts_what_comes_out() {
    // 64 MiB in 64 KiB: less than the limit as it is sent, a thousand times the limit as it is.
    let bomb = gzip(&vec![b' '; 64 << 20]);
    assert!((bomb.len() as u64) < LIMIT + 2048, "{}", bomb.len());
    let (_server, client) = client(Reply::new(200, HEADERS, bomb)).await;
    let error = Call::new(&client, &PLAIN).json::<u8>().await;
    let Err(Error::UnexpectedResponse(error)) = error else {
        panic!("{error:?}");
    };
    assert!(matches!(error.reason(), Unexpected::TooLarge(LIMIT)));
}

#[tokio::test]
async fn what_breaks_off_is_an_error() {
    let text: String = (0..20_000).map(|n| format!("{n},")).collect();
    let whole = gzip(format!("[{text}0]").as_bytes());
    let half = &whole[..whole.len() / 2];
    let (_server, client) = client(Reply::new(200, HEADERS, half)).await;
    let error = Call::new(&client, &PLAIN).json::<Vec<u32>>().await;
    let error = error.expect_err("half of an answer");
    assert!(matches!(error, Error::Communication(_)), "{error:?}");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
}

#[tokio::test]
async fn an_encoding_that_nobody_asked_for_is_named() {
    let headers = "content-type: application/json\r\ncontent-encoding: x-acme\r\n";
    let (_server, client) = client(Reply::new(200, headers, [0x8b, 0x02, 0x80])).await;
    let error = Call::new(&client, &PLAIN).json::<Vec<u8>>().await;
    let error = error.expect_err("nothing that can be read").to_string();
    assert!(error.contains("encoded as `x-acme`"), "{error}");
}
