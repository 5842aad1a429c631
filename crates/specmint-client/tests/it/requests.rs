//! Requests that no table describes have the client's credentials, retries and errors.

use std::time::Duration;

use specmint_client::{Form, Method, Retries};

use crate::support::acme::{Client, Credentials};
use crate::support::server::{Reply, Server};

#[tokio::test]
async fn everything_of_the_client_applies() {
    let server = Server::new([Reply::empty(503), Reply::json(200, r#"{"a":1}"#)]).await;
    let client = Client::builder()
        .credentials(Credentials::api_key("k3y"))
        .retries(Retries::default().base_delay(Duration::from_millis(1)))
        .base_url(format!("{}/base/", server.url()))
        .header("X-All", "1")
        .build()
        .expect("a client");
    let query = [("tag", vec!["x", "y z"]), ("none", vec![])];
    let query: std::collections::BTreeMap<_, _> = query.into_iter().collect();
    let value = client
        .request(Method::PUT, "/v9/beta?fixed=1")
        .query(&query)
        .header("X-One", "2")
        .json_body(&[1, 2])
        .json::<serde_json::Value>()
        .await
        .expect("success")
        .into_inner();
    assert_eq!(value, serde_json::json!({"a": 1}));
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    for request in requests {
        assert_eq!(request.line(), "PUT /base/v9/beta?fixed=1&tag=x&tag=y%20z");
        assert_eq!(request.header("authorization"), Some("k3y"));
        assert_eq!(request.header("x-all"), Some("1"));
        assert_eq!(request.header("x-one"), Some("2"));
        assert_eq!(request.header("content-type"), Some("application/json"));
        assert_eq!(request.text(), "[1,2]");
    }
}

#[tokio::test]
async fn errors_keep_everything() {
    let server = Server::new([Reply::new(418, "x-request-id: r\r\n", "short and stout")]).await;
    let client = Client::builder()
        .base_url(server.url())
        .build()
        .expect("a client");
    let form = Form::new().text("a", "b");
    let request = client
        .request(Method::POST, "pot?key=s3cret")
        .multipart_form(form);
    let error = request.empty().await.expect_err("an error");
    assert_eq!(error.operation(), "POST pot");
    assert_eq!(error.body(), b"short and stout");
    assert_eq!(
        error.to_string(),
        "`POST pot` failed: 418 I'm a teapot (request id r)"
    );
}
