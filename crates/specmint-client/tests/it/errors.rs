//! Whatever a server sends, status, headers, request id and the first bytes are in the error.

use std::error::Error as _;
use std::time::{Duration, Instant};

use specmint_client::{
    Call, Error, ErrorAnswer, Operation, Retries, StatusMatch, Unexpected, decode,
};

use crate::support::acme::{Client, types};
use crate::support::server::{Reply, Server};

static READ: Operation<types::Error> = Operation::new("read", "GET", "/x").errors(&[
    ErrorAnswer::json(StatusMatch::Default, "application/json", |body| {
        decode::<types::Error>(body).map(|error| types::Error {
            code: "default".to_owned(),
            ..error
        })
    }),
    ErrorAnswer::json(StatusMatch::Range(4), "application/json", |body| {
        decode::<types::Error>(body).map(|error| types::Error {
            code: "4XX".to_owned(),
            ..error
        })
    }),
    ErrorAnswer::raw(StatusMatch::Code(409), "text/plain", |body| {
        let message = String::from_utf8_lossy(body).into_owned();
        Ok(types::Error {
            code: "text".to_owned(),
            message,
        })
    }),
    ErrorAnswer::json(
        StatusMatch::Code(409),
        "application/json",
        decode::<types::Error>,
    ),
]);

const BODY: &str = r#"{"code":"E","message":"m"}"#;

async fn fails(reply: Reply) -> Error<types::Error> {
    let server = Server::new([reply]).await;
    let client = Client::builder()
        .base_url(server.url())
        .retries(Retries::none())
        .timeout(Duration::from_secs(10))
        .build()
        .expect("a client");
    Call::new(&client, &READ)
        .json::<types::Contact>()
        .await
        .expect_err("an error")
}

#[tokio::test]
async fn the_row_that_fits_best_is_used() {
    for (status, content_type, code) in [
        (400, "application/json", "4XX"),
        (409, "application/json; charset=utf-8", "E"),
        (409, "text/plain", "text"),
        (500, "application/json", "default"),
        // No row for the type, but one for the status, and the body fits.
        (404, "text/html", "4XX"),
    ] {
        let header = format!("content-type: {content_type}\r\nx-request-id: r7\r\n");
        let error = fails(Reply::new(status, &header, BODY)).await;
        assert_eq!(
            error.error_body().expect("typed").code,
            code,
            "{status} {content_type}"
        );
        assert_eq!(error.status().map(|it| it.as_u16()), Some(status));
        assert_eq!(error.request_id(), Some("r7"));
        assert_eq!(error.body(), BODY.as_bytes());
        assert!(error.source().is_none());
    }
}

#[tokio::test]
async fn bodies_that_are_not_as_documented_lose_nothing() {
    let html = format!("<html>{}", "x".repeat(10_000));
    for (body, reason) in [
        ("", "the body is empty"),
        (html.as_str(), "invalid JSON, line 1 column 1"),
        (
            r#"{"code":1,"message":"m"}"#,
            "at `code`: invalid type: integer `1`, expected a string",
        ),
        (
            r#"{"code":"c","message":["x"]}"#,
            "at `message`: invalid type: sequence, expected a string",
        ),
        (r#"{"code":"c""#, "the JSON ends too early, line 1 column"),
    ] {
        let error = fails(Reply::new(
            401,
            "content-type: text/html\r\ncf-ray: ray\r\n",
            body,
        ))
        .await;
        let Error::UnexpectedResponse(unexpected) = &error else {
            panic!("{error:?}")
        };
        assert!(matches!(unexpected.reason(), Unexpected::Body(_)));
        assert_eq!(error.status().map(|it| it.as_u16()), Some(401));
        assert_eq!(error.request_id(), Some("ray"));
        assert!(
            error
                .headers()
                .expect("headers")
                .contains_key("content-type")
        );
        assert_eq!(error.body(), &body.as_bytes()[..body.len().min(4096)]);
        let text = error.to_string();
        assert!(text.contains(reason) && !text.contains('\n'), "{text}");
        assert!(
            text.ends_with("401 Unauthorized (request id ray)"),
            "{text}"
        );
        assert!(error.source().is_some());
    }
}

#[tokio::test]
async fn a_success_that_cannot_be_read_says_where() {
    for (body, reason) in [
        (
            r#"{"name":"x","state":1}"#,
            "(application/json: at `state`: invalid type: integer `1`",
        ),
        (r#"{"name":"secret","state":{}} trailing"#, "at `state`"),
        (r#"{"name":"x","state":"active"} x"#, "invalid JSON"),
        ("", "the body is empty"),
    ] {
        let error = fails(Reply::json(200, body)).await;
        assert_eq!(error.status().map(|it| it.as_u16()), Some(200));
        assert_eq!(error.body(), body.as_bytes());
        let text = error.to_string();
        assert!(text.contains(reason) && !text.contains("secret"), "{text}");
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn values_of_a_body_are_not_quoted() {
    let error = fails(Reply::json(
        200,
        r#"{"name":"x","state":"active","age":"s3cret"}"#,
    ))
    .await;
    let text = format!("{error} {error:?} {:?}", error.source());
    assert!(
        text.contains("at `age`") && !text.contains("s3cret"),
        "{text}"
    );
    assert!(format!("{error:#?}").contains("s3cret"));
}

#[tokio::test]
async fn an_undocumented_status_is_an_error_of_its_own() {
    static BARE: Operation<types::Error> = Operation::new("bare", "GET", "/x");
    let server = Server::new([Reply::json(418, BODY)]).await;
    let client = Client::builder()
        .base_url(server.url())
        .build()
        .expect("a client");
    let error = Call::new(&client, &BARE)
        .empty()
        .await
        .expect_err("an error");
    let Error::UnexpectedResponse(unexpected) = &error else {
        panic!("{error:?}")
    };
    assert!(matches!(unexpected.reason(), Unexpected::Status));
    assert_eq!(error.to_string(), "`bare` failed: 418 I'm a teapot");
    assert_eq!(error.body(), BODY.as_bytes());
}

#[tokio::test]
async fn an_error_whose_body_breaks_off_keeps_its_status() {
    let raw = b"HTTP/1.1 403 X\r\nx-request-id: r\r\ncontent-length: 99\r\n\r\n{\"code\"".to_vec();
    let error = fails(Reply::Raw(raw)).await;
    assert_eq!(error.status().map(|it| it.as_u16()), Some(403));
    assert_eq!(error.request_id(), Some("r"));
    assert_eq!(error.body(), b"{\"code\"");
}

#[tokio::test]
async fn a_success_that_breaks_off_keeps_its_status() {
    for raw in [
        "HTTP/1.1 200 OK\r\nx-request-id: r\r\ncontent-length: 99\r\n\r\n{\"name\"",
        "HTTP/1.1 200 OK\r\nx-request-id: r\r\ntransfer-encoding: chunked\r\n\r\n7\r\n{\"name\"\r\n",
    ] {
        let error = fails(Reply::Raw(raw.into())).await;
        assert!(matches!(error, Error::Communication(_)), "{error:?}");
        assert_eq!(error.status().map(|it| it.as_u16()), Some(200));
        assert_eq!(error.body(), b"{\"name\"");
        let text = error.to_string();
        assert_eq!(
            text,
            "`read` broke off in the answer, after status 200 (request id r)"
        );
        assert!(error.source().is_some());
    }
}

#[tokio::test]
async fn nonsense_instead_of_http_is_a_communication_error() {
    for raw in [
        "",
        "SSH-2.0-x\r\n",
        "HTTP/1.1 999999 X\r\n\r\n",
        "HTTP/1.1 200 OK\r\nx",
    ] {
        let error = fails(Reply::Raw(raw.into())).await;
        assert!(matches!(error, Error::Communication(_)), "{error:?}");
        assert_eq!(error.to_string(), "`read` got no answer");
    }
}

#[tokio::test]
async fn the_time_limit_counts_to_the_end_of_the_answer() {
    let head = b"HTTP/1.1 200 OK\r\nx-request-id: slow\r\ncontent-length: 100000\r\n\r\n{".to_vec();
    for (reply, status) in [
        (Reply::Hang(vec![]), None),
        (Reply::Hang(head.clone()), Some(200)),
        (Reply::Drip(head), Some(200)),
    ] {
        let server = Server::new([reply]).await;
        let client = Client::builder()
            .base_url(server.url())
            .build()
            .expect("a client");
        let started = Instant::now();
        let call = Call::new(&client, &READ).timeout(Duration::from_millis(200));
        let error = call.json::<types::Contact>().await.expect_err("an error");
        assert!(started.elapsed() < Duration::from_secs(5));
        assert!(error.is_timeout() && error.is_retryable());
        assert_eq!(error.status().map(|it| it.as_u16()), status);
        assert!(
            error
                .to_string()
                .starts_with("`read` took longer than 200ms"),
            "{error}"
        );
        if status.is_some() {
            assert!(error.body().starts_with(b"{"));
            assert_eq!(error.request_id(), Some("slow"));
        }
    }
}

#[tokio::test]
async fn an_answer_without_end_is_cut_at_the_limit() {
    let endless = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nstart".to_vec();
    let huge = b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\nstart".to_vec();
    let failed = b"HTTP/1.1 500 X\r\nconnection: close\r\n\r\nstart".to_vec();
    for (raw, status) in [(endless, 200), (huge, 200), (failed, 500)] {
        let server = Server::new([Reply::Flood(raw)]).await;
        let client = Client::builder()
            .base_url(server.url())
            .response_limit(100_000);
        let client = client.retries(Retries::none()).build().expect("a client");
        let error = Call::new(&client, &READ)
            .bytes()
            .await
            .expect_err("an error");
        let Error::UnexpectedResponse(unexpected) = &error else {
            panic!("{error:?}")
        };
        assert!(matches!(unexpected.reason(), Unexpected::TooLarge(100_000)));
        assert_eq!(error.status().map(|it| it.as_u16()), Some(status));
        assert_eq!(error.body().len(), 4096);
        assert!(error.body().starts_with(b"start"));
    }
}

#[tokio::test]
async fn debug_output_is_bounded_and_has_no_bodies_unless_asked() {
    let long = format!(
        r#"{{"code":"E","message":"{}"}}"#,
        "confidential ".repeat(5000)
    );
    for reply in [
        Reply::json(409, &long),
        Reply::new(409, "content-type: x/y\r\n", "confidential ".repeat(5000)),
    ] {
        let error = fails(reply).await;
        let (short, long) = (format!("{error:?}"), format!("{error:#?}"));
        assert!(
            !short.contains("confidential") && short.len() < 1000,
            "{short}"
        );
        assert!(long.contains("confidential") && long.len() < 3000, "{long}");
        assert!(short.contains("409") && short.contains("read"), "{short}");
    }
}

#[test]
fn errors_are_small() {
    assert!(
        size_of::<Error<[u64; 100]>>() <= 64,
        "{}",
        size_of::<Error<[u64; 100]>>()
    );
}
