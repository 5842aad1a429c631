//! No value of a path parameter can reach another endpoint.

use proptest::prelude::*;
use specmint_client::{Call, Operation, Parameter, Style};

use crate::support::acme::{Client, types};
use crate::support::server::{Reply, Server};

static ITEM: Operation<types::Error> =
    Operation::new("item", "GET", "/v1/items/{id}/parts").parameters(&[Parameter::path("id")]);

#[tokio::test]
async fn values_that_lead_elsewhere_are_refused_before_anything_is_sent() {
    let server = Server::new([Reply::empty(204)]).await;
    let client = Client::builder()
        .base_url(server.url())
        .build()
        .expect("a client");
    for value in [
        "",
        ".",
        "..",
        "%2e",
        "%2E%2e",
        ".%2e",
        "%2e.",
        "%252e%252e",
        "../x",
        "x/..",
        "x/../y",
        "..\\x",
        "..%2fx",
        "..%5cx",
        "%2e%2e%2f",
        "./x",
    ] {
        let error = Call::new(&client, &ITEM)
            .parameter(Ok(value))
            .empty()
            .await
            .expect_err(value);
        assert!(
            matches!(error, specmint_client::Error::InvalidRequest(_)),
            "{error:?}"
        );
        assert_eq!(
            error.to_string(),
            "`item` was not sent: the parameter `id`: it may not be empty, `.` or `..`"
        );
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn harmless_values_with_dots_and_slashes_are_sent() {
    let server = Server::new([Reply::empty(204)]).await;
    let client = Client::builder()
        .base_url(server.url())
        .build()
        .expect("a client");
    for (value, written) in [
        ("...", "..."),
        (".x", ".x"),
        ("a..b", "a..b"),
        ("a/b", "a%2Fb"),
        ("a//b", "a%2F%2Fb"),
        ("%", "%25"),
        ("{id}", "%7Bid%7D"),
        (" ", "%20"),
        ("\u{0}\u{7f}", "%00%7F"),
        ("Grüße", "Gr%C3%BC%C3%9Fe"),
    ] {
        Call::new(&client, &ITEM)
            .parameter(Ok(value))
            .empty()
            .await
            .expect(value);
        let request = server.requests().pop().expect("a request");
        assert_eq!(request.target(), format!("/v1/items/{written}/parts"));
    }
}

#[tokio::test]
async fn dots_of_styles_and_templates_count_too() {
    static LABEL: Operation<types::Error> = Operation::new("label", "GET", "/v1/{id}")
        .parameters(&[Parameter::path("id").style(Style::Label)]);
    static PAIR: Operation<types::Error> = Operation::new("pair", "GET", "/v1/{a}{b}:do")
        .parameters(&[Parameter::path("a"), Parameter::path("b")]);
    static DOT: Operation<types::Error> =
        Operation::new("dot", "GET", "/v1/.{a}").parameters(&[Parameter::path("a")]);
    let server = Server::new([Reply::empty(204)]).await;
    let client = Client::builder()
        .base_url(server.url())
        .build()
        .expect("a client");
    let list: Vec<String> = vec![];
    for (call, sent) in [
        (Call::new(&client, &LABEL).parameter(Ok(".")), None),
        (Call::new(&client, &LABEL).parameter(Ok(list)), None),
        (
            Call::new(&client, &LABEL).parameter(Ok("x")),
            Some("/v1/.x"),
        ),
        (
            Call::new(&client, &PAIR)
                .parameter(Ok("x"))
                .parameter(Ok("y")),
            Some("/v1/xy:do"),
        ),
        (Call::new(&client, &DOT).parameter(Ok(".")), None),
        (Call::new(&client, &DOT).parameter(Ok("x")), Some("/v1/.x")),
    ] {
        let before = server.requests().len();
        let result = call.empty().await;
        if let Some(target) = sent {
            result.expect(target);
            assert_eq!(server.requests().pop().expect("a request").target(), target);
        } else {
            result.expect_err("a dangerous segment");
            assert_eq!(server.requests().len(), before);
        }
    }
}

/// The shape of the path that was sent, if anything was.
async fn sent(value: String) -> Option<usize> {
    let server = Server::new([Reply::empty(204)]).await;
    let client = Client::builder()
        .base_url(server.url())
        .build()
        .expect("a client");
    let result = Call::new(&client, &ITEM).parameter(Ok(value)).empty().await;
    if result.is_ok() {
        return Some(server.request().target().split('/').count());
    }
    assert!(server.requests().is_empty());
    None
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_number_of_segments_never_changes(
        value in prop_oneof![any::<String>(), "[./\\\\%2eEfF5cC?#;]{0,8}"],
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        if let Some(segments) = runtime.block_on(sent(value)) {
            prop_assert_eq!(segments, 5);
        }
    }
}
