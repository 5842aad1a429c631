//! Credentials reach the API's own server in the form it asks for, and nothing else.

use std::fmt::Debug;
use std::time::Duration;

use specmint_client::{Call, Error, Method, Operation, Secret};

use crate::support::acme::{Api, Client, Credentials, types};
use crate::support::server::{Recorded, Reply, Server};

const CANARY: &str = "c4n4ry-s3cret";

/// Declares an operation with the given alternatives of security schemes.
macro_rules! operation {
    ($security:expr) => {{
        static OPERATION: Operation<types::Error> =
            Operation::new("who", "GET", "/who").security($security);
        &OPERATION
    }};
}

async fn send(
    operation: &'static Operation<types::Error>,
    credentials: Credentials,
) -> Result<Recorded, specmint_client::Error<types::Error>> {
    let server = Server::new([Reply::empty(204)]).await;
    let client = Client::builder()
        .base_url(server.url())
        .credentials(credentials);
    let client = client.build().expect("a client");
    let result = Call::new(&client, operation).empty().await;
    if result.is_err() {
        assert!(server.requests().is_empty());
    }
    result.map(|_| server.request())
}

#[tokio::test]
async fn each_scheme_has_its_form() {
    let request = send(operation!(&[&[0]]), Credentials::api_key("k3y"))
        .await
        .expect("success");
    assert_eq!(request.header("authorization"), Some("k3y"));
    let request = send(operation!(&[&[1]]), Credentials::token("t0ken"))
        .await
        .expect("success");
    assert_eq!(request.header("authorization"), Some("Bearer t0ken"));
    let credentials = Credentials::default().and_basic("Aladdin", "open sesame");
    let request = send(operation!(&[&[2]]), credentials)
        .await
        .expect("success");
    assert_eq!(
        request.header("authorization"),
        Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
    );
    let request = send(operation!(&[&[3]]), Credentials::default().and(3, "a&b")).await;
    assert_eq!(request.expect("success").target(), "/who?api%20key=a%26b");
    let request = send(operation!(&[&[4]]), Credentials::default().and(4, "a;b")).await;
    assert_eq!(
        request.expect("success").header("cookie"),
        Some("sid=a%3Bb")
    );
    let request = send(operation!(&[&[5]]), Credentials::api_key("k3y"))
        .await
        .expect("success");
    assert_eq!(request.header("authorization"), None);
}

#[tokio::test]
async fn the_first_complete_alternative_is_used() {
    let both = || Credentials::api_key("k3y").and(3, "q").and(4, "c");
    let request = send(operation!(&[&[1], &[3, 4], &[0]]), both())
        .await
        .expect("success");
    assert_eq!(request.header("authorization"), None);
    assert_eq!(request.header("cookie"), Some("sid=c"));
    assert_eq!(request.query(), Some("api%20key=q"));

    let request = send(operation!(&[&[], &[0]]), both())
        .await
        .expect("success");
    assert_eq!(request.header("authorization"), Some("k3y"));
    let request = send(operation!(&[&[0], &[]]), Credentials::default())
        .await
        .expect("success");
    assert_eq!(request.header("authorization"), None);
    let request = send(operation!(&[]), both()).await.expect("success");
    assert_eq!(
        (request.header("authorization"), request.query()),
        (None, None)
    );
}

#[tokio::test]
async fn a_missing_credential_is_named_with_its_operation() {
    for (operation, credentials, schemes) in [
        (operation!(&[&[0]]), Credentials::default(), "`apiKey`"),
        (operation!(&[&[0]]), Credentials::api_key(""), "`apiKey`"),
        (
            operation!(&[&[0, 1]]),
            Credentials::api_key("k3y"),
            "`token`",
        ),
        (
            operation!(&[&[0], &[3]]),
            Credentials::token("t"),
            "`apiKey` or `queryKey`",
        ),
        (
            operation!(&[&[6]]),
            Credentials::default().and(6, "x"),
            "`digest`",
        ),
        (
            operation!(&[&[99]]),
            Credentials::api_key("k3y"),
            "`unknown scheme`",
        ),
    ] {
        let error = send(operation, credentials)
            .await
            .expect_err("no credential");
        assert_eq!(
            error.to_string(),
            format!("`who` was not sent: no credential for {schemes}")
        );
        assert!(matches!(error, Error::MissingCredential(_)));
    }
}

#[tokio::test]
async fn credentials_that_cannot_be_sent_are_refused_without_being_quoted() {
    for credentials in [
        Credentials::api_key(format!("{CANARY}\r\nX-Evil: 1")),
        Credentials::api_key(format!("{CANARY}ü")),
    ] {
        let error = send(operation!(&[&[0]]), credentials)
            .await
            .expect_err("an error");
        silent(&error);
        assert!(matches!(error, Error::InvalidRequest(_)));
    }
    let credentials = Credentials::default().and_basic("a:b", CANARY);
    let error = send(operation!(&[&[2]]), credentials)
        .await
        .expect_err("an error");
    silent(&error);
}

#[tokio::test]
async fn one_call_can_have_credentials_of_its_own() {
    let server = Server::new([Reply::empty(204)]).await;
    let client = Client::builder()
        .base_url(server.url())
        .credentials(Credentials::api_key("all"));
    let client = client.build().expect("a client");
    let call = Call::new(&client, operation!(&[&[0]]));
    call.credentials(Credentials::api_key("one"))
        .empty()
        .await
        .expect("success");
    assert_eq!(server.request().header("authorization"), Some("one"));
}

/// Nothing that is printed of a value has the canary in it.
#[track_caller]
fn silent(value: &impl Debug) {
    for text in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!text.contains(CANARY), "{text}");
        // Base64 of the password with a user name before it.
        assert!(!text.contains("YzRuNHJ5"), "{text}");
    }
}

#[track_caller]
fn silent_error(error: &(dyn std::error::Error + 'static)) {
    let mut next = Some(error);
    while let Some(error) = next {
        assert!(!error.to_string().contains(CANARY), "{error}");
        assert!(!format!("{error:?}").contains(CANARY), "{error:?}");
        next = error.source();
    }
}

#[tokio::test]
async fn no_public_type_prints_a_secret() {
    let credentials = Credentials::api_key(CANARY)
        .and(1, CANARY)
        .and_basic(CANARY, CANARY)
        .and(3, CANARY)
        .and(4, CANARY);
    silent(&credentials);
    silent(&Secret::from(CANARY));
    let builder = Client::builder()
        .credentials(credentials.clone())
        .header("X-Key", CANARY)
        .base_url(format!("http://127.0.0.1:9/{CANARY}?key={CANARY}"));
    silent(&builder);
    silent(&builder.build().expect_err("a query in the base URL"));

    let server = Server::new([
        // A server that gives everything back that it was told.
        Reply::new(
            400,
            &format!("set-cookie: sid={CANARY}\r\nx-echo: {CANARY}\r\n"),
            "{}",
        ),
        Reply::Drop,
    ])
    .await;
    let client = Client::builder()
        .credentials(credentials.clone())
        .header("X-Key", CANARY)
        .retries(specmint_client::Retries::none())
        .timeout(Duration::from_secs(5))
        .before(|request, _| {
            silent(request.headers());
            Ok(())
        })
        .after(|outcome, context| {
            silent(&outcome);
            silent(context);
            Ok(())
        })
        .base_url(server.url())
        .build()
        .expect("a client");
    silent(&client);
    let operation = operation!(&[&[0, 3, 4]]);
    silent(operation);
    silent(
        &Call::new(&client, operation)
            .header("X-Other", CANARY)
            .credentials(credentials),
    );
    for _ in 0..2 {
        let error = Call::new(&client, operation)
            .empty()
            .await
            .expect_err("an error");
        silent(&error);
        silent_error(&error);
    }
    let request = client.request(Method::GET, &format!("/x?key={CANARY}"));
    silent(&request);
    silent_error(&request.empty().await.expect_err("an error"));
    // An address that nobody listens at: the transport's own error has the query in it.
    let lost = client.request(Method::GET, &format!("http://127.0.0.1:9/x?key={CANARY}"));
    silent_error(&lost.empty().await.expect_err("an error"));
    let operation: fn() -> specmint_client::ClientBuilder<Api> = specmint_client::Client::builder;
    silent(
        &operation()
            .environment_from(|_| Some(CANARY.to_owned()))
            .map(specmint_client::ClientBuilder::build),
    );
}

/// The transport's own errors have the address in them, and the address has the key in it.
#[tokio::test]
async fn a_stream_that_breaks_off_prints_no_secret() {
    let raw = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf".to_vec();
    let server = Server::new([Reply::Raw(raw)]).await;
    let client = Client::builder()
        .base_url(server.url())
        .credentials(Credentials::default().and(3, CANARY));
    let client = client.build().expect("a client");
    let stream = Call::new(&client, operation!(&[&[3]]))
        .stream()
        .await
        .expect("success");
    silent(&stream);
    let error = stream.into_inner().bytes().await.expect_err("broken off");
    assert!(server.request().target().contains(CANARY));
    silent(&error);
    silent_error(&error);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let other = Server::new([Reply::json(200, "{}")]).await;
    let location = format!("location: {}/stolen\r\n", other.url());
    for status in [301, 302, 303, 307, 308] {
        let server = Server::new([Reply::new(status, &location, "")]).await;
        let client = Client::builder()
            .base_url(server.url())
            .credentials(Credentials::api_key("k"));
        let client = client.build().expect("a client");
        let error = Call::new(&client, operation!(&[&[0]]))
            .empty()
            .await
            .expect_err("a redirect");
        assert_eq!(error.status().map(|it| it.as_u16()), Some(status));
        assert!(error.to_string().contains("was redirected"), "{error}");
        assert!(error.headers().expect("headers").contains_key("location"));
    }
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn another_host_or_port_sees_no_credential() {
    let server = Server::new([Reply::empty(204)]).await;
    let other = Server::new([Reply::empty(204)]).await;
    let client = Client::builder()
        .base_url(format!("{}/v1", server.url()))
        .credentials(Credentials::api_key(CANARY).and(3, CANARY).and(4, CANARY))
        .build()
        .expect("a client");
    client
        .request(Method::GET, &format!("{}/x", other.url()))
        .empty()
        .await
        .expect("success");
    let request = other.request();
    assert!(!request.head.contains(CANARY), "{}", request.head);
    client
        .request(Method::GET, &format!("{}/x", server.url()))
        .empty()
        .await
        .expect("success");
    assert!(server.request().head.contains(CANARY));
}

#[tokio::test]
async fn a_hook_cannot_carry_credentials_to_another_host() {
    let other = Server::new([Reply::empty(204)]).await;
    let moved: reqwest::Url = other.url().parse().expect("a URL");
    let client = Client::builder()
        .base_url("http://127.0.0.1:9")
        .credentials(Credentials::api_key("k3y"))
        .before(move |request, _| {
            *request.url_mut() = moved.clone();
            Ok(())
        })
        .build()
        .expect("a client");
    let error = Call::new(&client, operation!(&[&[0]]))
        .empty()
        .await
        .expect_err("an error");
    assert!(
        error.to_string().contains("may not see credentials"),
        "{error}"
    );
    assert!(other.requests().is_empty());
    Call::new(&client, operation!(&[]))
        .empty()
        .await
        .expect("nothing to protect");
}
