//! Code of the shape that is generated compiles against this crate and does what it says.

use crate::support::acme::{Client, ClientBuilder, Credentials, Error, types};
use crate::support::server::{Reply, Server};

fn client(server: &Server) -> ClientBuilder {
    Client::builder()
        .credentials(Credentials::api_key("k3y"))
        .base_url(server.url())
}

fn contact() -> types::Contact {
    types::Contact {
        name: "Ada".to_owned(),
        state: types::State::Active,
        age: 36,
        tags: vec![],
    }
}

fn filter() -> types::Filter {
    types::Filter {
        kind: "a&b".to_owned(),
        tags: vec!["x".to_owned(), "y".to_owned()],
    }
}

#[tokio::test]
async fn a_call_without_a_body() {
    let server = Server::new([Reply::new(204, "x-request-id: r-1\r\n", "")]).await;
    let client = client(&server).build().expect("a client");
    let done = client
        .delete_contact()
        .id("66d0 d8")
        .send()
        .await
        .expect("success");
    assert_eq!(done.status(), 204);
    assert_eq!(done.request_id(), Some("r-1"));
    assert_eq!(done.attempts(), 1);
    let request = server.request();
    assert_eq!(request.line(), "DELETE /v1/contacts/66d0%20d8");
    assert_eq!(request.header("authorization"), Some("k3y"));
    assert_eq!(request.header("accept"), Some("application/json"));
    let agent = format!("specmint/{} acme/1.0.0", env!("CARGO_PKG_VERSION"));
    assert_eq!(request.header("user-agent"), Some(agent.as_str()));
    assert!(request.body.is_empty());
}

#[tokio::test]
async fn a_call_with_everything() {
    let body = r#"{"name":"Ada","state":"new","age":36.0,"tags":null,"more":1}"#;
    let server = Server::new([Reply::json(201, body), Reply::empty(202)]).await;
    let client = client(&server).build().expect("a client");
    let call = || {
        client
            .create_contact()
            .filter(filter())
            .note("hello")
            .body(contact())
    };
    let answer = call().send().await.expect("success").into_inner();
    let expected = types::Contact {
        state: types::State::Unknown("new".to_owned()),
        ..contact()
    };
    assert_eq!(answer, types::CreateContactAnswer::Created(expected));
    let answer = call().send().await.expect("success").into_inner();
    assert_eq!(answer, types::CreateContactAnswer::Accepted);

    let request = server.requests().remove(0);
    assert_eq!(
        request.line(),
        "POST /v1/contacts?filter%5Bkind%5D=a%26b&filter%5Btags%5D%5B%5D=x&filter%5Btags%5D%5B%5D=y"
    );
    assert_eq!(request.header("x-note"), Some("hello"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(
        request.text(),
        r#"{"name":"Ada","state":"active","age":36,"tags":[]}"#
    );
}

#[tokio::test]
async fn a_typed_error_can_be_used_like_its_body() {
    let server = Server::new([Reply::json(
        404,
        r#"{"code":"E4","message":"no such contact"}"#,
    )])
    .await;
    let client = client(&server).build().expect("a client");
    match client.delete_contact().id("x").send().await {
        Err(Error::ErrorResponse(error)) => {
            assert_eq!(error.code, "E4");
            assert_eq!(error.message, "no such contact");
            assert_eq!(error.status(), 404);
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_value_that_was_never_given_is_said_before_anything_is_sent() {
    let server = Server::new([Reply::empty(204)]).await;
    let client = client(&server).build().expect("a client");
    let error = client.delete_contact().send().await.expect_err("no id");
    assert_eq!(
        error.to_string(),
        "`delete_contact` was not sent: the parameter `id`: id was not initialized"
    );
    let error = client
        .create_contact()
        .filter(filter())
        .send()
        .await
        .expect_err("no body");
    assert_eq!(
        error.to_string(),
        "`create_contact` was not sent: the body: body was not initialized"
    );
    assert_eq!(error.attempts(), 0);
    assert!(server.requests().is_empty());
}

/// Futures of calls are sent between threads.
#[test]
fn calls_can_be_spawned() {
    fn check<T: Send>(_: &T) {}
    fn both<T: Send + Sync + Clone + 'static>(_: &T) {}
    fn error<T: std::error::Error + Send + Sync + 'static>() {}
    let client = Client::new(Credentials::api_key("k3y")).expect("a client");
    check(&client.delete_contact().id("x").send());
    check(&client.create_contact().send());
    both(&client);
    error::<Error>();
}
