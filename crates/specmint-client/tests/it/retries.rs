//! What is sent again, how often, and when.

use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use specmint_client::{Call, Operation, Retries, Upload};

use crate::support::acme::{Client, types};
use crate::support::server::{Reply, Server};

static GET: Operation<types::Error> = Operation::new("get", "GET", "/x");
static PUT: Operation<types::Error> = Operation::new("put", "PUT", "/x");
static POST: Operation<types::Error> = Operation::new("post", "POST", "/x");

fn quick() -> Retries {
    Retries::default().base_delay(Duration::from_millis(1))
}

fn client(server: &Server) -> Client {
    Client::builder()
        .base_url(server.url())
        .retries(quick())
        .build()
        .expect("a client")
}

#[tokio::test]
async fn a_get_is_sent_three_times_at_most() {
    for reply in [
        Reply::Drop,
        Reply::empty(408),
        Reply::empty(429),
        Reply::empty(500),
        Reply::empty(503),
        // Cut off in the middle of the body.
        Reply::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf".to_vec()),
    ] {
        let server = Server::new([reply.clone()]).await;
        let error = Call::new(&client(&server), &GET)
            .text()
            .await
            .expect_err("an error");
        assert_eq!(error.attempts(), 3, "{error}");
        assert_eq!(server.requests().len(), 3, "{reply:?}");
        assert!(error.is_retryable());
        assert!(error.to_string().contains("3 attempts"), "{error}");
    }
}

#[tokio::test]
async fn what_will_not_change_is_not_sent_again() {
    for status in [400, 401, 404, 409, 501] {
        let server = Server::new([Reply::empty(status)]).await;
        let error = Call::new(&client(&server), &GET)
            .empty()
            .await
            .expect_err("an error");
        assert_eq!(
            (error.attempts(), server.requests().len()),
            (1, 1),
            "{status}"
        );
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn a_post_is_sent_exactly_once() {
    for reply in [Reply::Drop, Reply::empty(503), Reply::empty(429)] {
        let server = Server::new([reply]).await;
        let client = client(&server);
        let error = Call::new(&client, &POST)
            .json_body(Ok("once"))
            .empty()
            .await;
        assert_eq!(error.expect_err("an error").attempts(), 1);
        // Long enough for a second request that somebody made behind our back.
        tokio::time::sleep(Duration::from_millis(30)).await;
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_post_is_repeated_if_that_is_safe_or_wished_for() {
    let server = Server::new([Reply::Drop, Reply::empty(503), Reply::empty(204)]).await;
    let client_ = client(&server);
    let call = Call::new(&client_, &POST).json_body(Ok("again"));
    let done = call
        .header("Idempotency-Key", "7")
        .empty()
        .await
        .expect("success");
    assert_eq!(done.attempts(), 3);
    for request in server.requests() {
        assert_eq!(request.header("idempotency-key"), Some("7"));
        assert_eq!(request.text(), "\"again\"");
    }
    let server = Server::new([Reply::Drop, Reply::empty(204)]).await;
    let client = client(&server);
    let call = Call::new(&client, &POST).retries(quick().every_method(true));
    assert_eq!(call.empty().await.expect("success").attempts(), 2);
}

#[tokio::test]
async fn retries_can_be_off_or_many() {
    let server = Server::new([Reply::empty(503)]).await;
    let client = client(&server);
    for (retries, attempts) in [
        (Retries::none(), 1),
        (quick().attempts(0), 1),
        (quick().attempts(5), 5),
    ] {
        let call = Call::new(&client, &GET).retries(retries);
        assert_eq!(
            call.empty().await.expect_err("an error").attempts(),
            attempts
        );
    }
}

#[tokio::test]
async fn a_stream_is_sent_once_and_a_file_again() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), "from disk").expect("a file");
    let server = Server::new([Reply::empty(503), Reply::empty(204)]).await;
    let client_ = client(&server);
    let call = Call::new(&client_, &PUT).raw_body(Ok(Some(Upload::path(file.path()))));
    assert_eq!(call.empty().await.expect("success").attempts(), 2);
    for request in server.requests() {
        assert_eq!(request.text(), "from disk");
        assert_eq!(request.header("content-length"), Some("9"));
    }

    let server = Server::new([Reply::empty(503), Reply::empty(204)]).await;
    let client = client(&server);
    let chunks = [
        Ok::<_, std::io::Error>(Bytes::from("a")),
        Ok(Bytes::from("b")),
    ];
    let upload = Upload::stream(futures_util::stream::iter(chunks));
    let call = Call::new(&client, &PUT).raw_body(Ok(Some(upload.clone())));
    assert_eq!(call.empty().await.expect_err("an error").attempts(), 1);
    assert_eq!(server.request().text(), "ab");
    let error = Call::new(&client, &PUT)
        .raw_body(Ok(Some(upload)))
        .empty()
        .await;
    let message = error.expect_err("an error").to_string();
    assert_eq!(
        message,
        "`put` was not sent: the stream has been sent already"
    );
}

#[tokio::test]
async fn retry_after_is_obeyed_in_both_forms() {
    for (value, least) in [("0.3", 300), ("1", 1000), ("date", 300)] {
        // Only whole seconds can be said in a date, so it may be nearly one second short.
        let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(2));
        let value = if value == "date" {
            date.as_str()
        } else {
            value
        };
        let header = format!("retry-after: {value}\r\n");
        let server = Server::new([Reply::new(429, &header, ""), Reply::empty(204)]).await;
        let started = Instant::now();
        let done = Call::new(&client(&server), &GET)
            .empty()
            .await
            .expect("success");
        assert_eq!(done.attempts(), 2);
        assert!(
            started.elapsed() >= Duration::from_millis(least),
            "{:?}",
            started.elapsed()
        );
    }
}

#[tokio::test]
async fn retry_after_is_capped_and_never_beyond_the_time_limit() {
    let server = Server::new([Reply::new(429, "retry-after: 1e9\r\n", "")]).await;
    let client = client(&server);
    let started = Instant::now();
    let capped = quick().max_retry_after(Duration::from_millis(5));
    let error = Call::new(&client, &GET)
        .retries(capped)
        .empty()
        .await
        .expect_err("an error");
    assert_eq!(error.attempts(), 3);
    // The default cap is a minute, the time limit half of that: waiting makes no sense.
    let error = Call::new(&client, &GET)
        .empty()
        .await
        .expect_err("an error");
    assert_eq!(
        (error.attempts(), error.status().map(|it| it.as_u16())),
        (1, Some(429))
    );
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_connection_that_nobody_answers_is_retried() {
    // A port that was free a moment ago.
    let server = Server::new([Reply::Drop]).await;
    let url = server.url();
    drop(server);
    tokio::time::sleep(Duration::from_millis(20)).await;
    let client = Client::builder()
        .base_url(url)
        .retries(quick())
        .build()
        .expect("a client");
    let error = Call::new(&client, &GET)
        .empty()
        .await
        .expect_err("an error");
    assert!(error.is_connect(), "{error:?}");
    assert_eq!(error.attempts(), 3);
    assert_eq!(error.to_string(), "`get` found no connection (3 attempts)");
}
