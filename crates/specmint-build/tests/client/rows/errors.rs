//! Errors: typed where documented, and complete whatever came.

use parcels::Error;

use super::{
    client,
    server::{Server, answer, empty, json},
    settings,
};

#[tokio::test]
async fn errors_are_typed_by_status() {
    let server = Server::always(json(404, r#"{"code":"gone","message":"no such parcel"}"#));
    let error = client(&server)
        .get_parcel()
        .id("1")
        .send()
        .await
        .expect_err("an error");
    assert_eq!(error.status().map(|s| s.as_u16()), Some(404));
    assert_eq!(
        (error.request_id(), error.operation()),
        (Some("r1"), "get_parcel")
    );
    match error {
        Error::ErrorResponse(problem) => {
            assert_eq!(
                (problem.code.as_str(), problem.message.as_str()),
                ("gone", "no such parcel")
            );
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn errors_keep_everything_whatever_the_body_is() {
    let page = "<html>Bad gateway</html>";
    for (reply, status, body) in [
        (answer(502, "Content-Type: text/html\r\n", page), 502, page),
        (json(404, "{\"code\": \"cut"), 404, "{\"code\": \"cut"),
        (json(404, "[]"), 404, "[]"),
        (empty(404), 404, ""),
        (
            answer(418, "Content-Type: text/plain\r\n", "teapot"),
            418,
            "teapot",
        ),
    ] {
        let server = Server::always(reply);
        let client = settings(&server)
            .retries(parcels::Retries::none())
            .build()
            .expect("a client");
        let error = client
            .get_parcel()
            .id("1")
            .send()
            .await
            .expect_err("an error");
        assert_eq!(error.status().map(|s| s.as_u16()), Some(status));
        assert_eq!(error.request_id(), Some("r1"));
        assert_eq!(error.body(), body.as_bytes());
        assert!(matches!(error, Error::UnexpectedResponse(_)), "{error:?}");
    }
    // Success that is none.
    let server = Server::always(answer(
        200,
        "Content-Type: text/html\r\n",
        "<title>Log in</title>",
    ));
    let error = client(&server)
        .get_parcel()
        .id("1")
        .send()
        .await
        .expect_err("a login page");
    assert_eq!(error.status().map(|s| s.as_u16()), Some(200));
    assert_eq!(error.body(), b"<title>Log in</title>");
}
