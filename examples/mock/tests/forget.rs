//! What the API is asked, and what is made of its answers.

use mock_example::forget;
use specmint::quo::{mock::Server, types};

fn error(status: i64, message: &str) -> types::Error {
    // What is required, in the order of the documentation; the rest has setters.
    types::Error::new(message, "0800000", status, "https://docs.test", "Error").trace("t-1")
}

#[tokio::test]
async fn a_contact_is_deleted_once() {
    let mock = Server::start().await.expect("a free port");
    // Which call is waited for, what is answered, how often it must come: all of it checked by the
    // compiler, and the last by dropping the server.
    mock.delete_contact()
        .when(|call| call.id("66d0d87e"))
        .no_content()
        .expect(1);
    assert!(forget(mock.client(), "66d0d87e").await.expect("an answer"));
}

#[tokio::test]
async fn no_contact_is_no_error() {
    let mock = Server::start().await.expect("a free port");
    mock.delete_contact()
        .status_404(error(404, "no such contact"));
    assert!(!forget(mock.client(), "66d0d87e").await.expect("an answer"));
}

#[tokio::test]
async fn other_errors_are_passed_on() {
    let mock = Server::start().await.expect("a free port");
    let refusal = mock.delete_contact().status_403(error(403, "not yours"));
    let error = forget(mock.client(), "a/b").await.expect_err("an error");
    assert_eq!(
        error.error_body().map(|body| &*body.message),
        Some("not yours")
    );
    assert_eq!(refusal.requests()[0].path(), "/v1/contacts/a%2Fb");
}
