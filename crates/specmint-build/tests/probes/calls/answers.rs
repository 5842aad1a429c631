use probes::{
    errors_by_status::{self, types::ErrorBody},
    one_error_type,
    several_answers::types::{JsonOrBytesAnswer, MaybeAnswer, TwoInlineAnswer, TwoTypesAnswer},
};

use crate::server::{answer, empty, json};

#[tokio::test]
async fn success_in_several_shapes() {
    let (got, request) = call!(several_answers, json(200, r#"{"id":1}"#), |c| c.maybe());
    assert!(matches!(got.expect("it").into_inner(), MaybeAnswer::Ok(thing) if thing.id == 1));
    assert_eq!(request.header("accept"), Some("application/json"));
    let (got, _) = call!(several_answers, empty(204), |c| c.maybe());
    assert!(matches!(
        got.expect("it").into_inner(),
        MaybeAnswer::NoContent
    ));
    let (got, _) = call!(several_answers, json(202, r#"{"job":"j"}"#), |c| c
        .two_types());
    let got = got.expect("it").into_inner();
    assert!(matches!(got, TwoTypesAnswer::Accepted(job) if job.job == "j"));
    let (got, request) = call!(several_answers, json(200, r#"{"id":1}"#), |c| c
        .json_or_bytes());
    assert!(
        matches!(got.expect("it").into_inner(), JsonOrBytesAnswer::Json(thing) if thing.id == 1)
    );
    assert_eq!(
        request.header("accept"),
        Some("application/json, application/pdf")
    );
    let reply = answer(200, "Content-Type: application/pdf\r\n", "%PDF");
    let (got, _) = call!(several_answers, reply, |c| c.json_or_bytes());
    let got = got.expect("it").into_inner();
    assert!(matches!(got, JsonOrBytesAnswer::Pdf(bytes) if &*bytes == b"%PDF"));
    let (got, _) = call!(several_answers, json(202, r#"{"b":"x"}"#), |c| c
        .two_inline());
    let got = got.expect("it").into_inner();
    assert!(matches!(got, TwoInlineAnswer::Accepted(inline) if inline.b == "x"));
    let (got, _) = call!(several_answers, json(200, r#"{"a":"x"}"#), |c| c
        .two_inline());
    let got = got.expect("it").into_inner();
    assert!(matches!(got, TwoInlineAnswer::Ok(inline) if inline.a == "x"));
}

#[tokio::test]
async fn success_in_one_shape() {
    let (got, _) = call!(several_answers, json(206, r#"{"id":1}"#), |c| c.range());
    assert_eq!(got.expect("it").id, 1);
    let (got, _) = call!(several_answers, json(200, r#"{"id":1}"#), |c| c
        .only_default());
    assert_eq!(got.expect("it").id, 1);
    let (got, _) = call!(several_answers, json(500, r#"{"id":2}"#), |c| c
        .only_default());
    let error = got.expect_err("500 is no success");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(500));
    assert!(error.error_body().is_some(), "{error:?}");
    let reply = "HTTP/1.1 200 X\r\nConnection: close\r\nContent-Length: 8\r\nX-A: b\r\n\r\n";
    let (got, request) = call!(several_answers, reply, |c| c.head());
    assert_eq!(got.expect("it").headers()["x-a"], "b");
    assert_eq!(request.line(), "HEAD /things");
    let (got, request) = call!(several_answers, empty(200), |c| c.nothing());
    assert_eq!(got.expect("it").status(), 200);
    assert_eq!(request.line(), "OPTIONS /things");
    let (got, _) = call!(several_answers, json(200, r#"{"a":"x"}"#), |c| c
        .inline_and_default());
    assert_eq!(got.expect("it").a, "x");
    let (got, _) = call!(several_answers, json(200, "[1]"), |c| c.schemaless());
    assert_eq!(*got.expect("it"), serde_json::json!([1]));
    let reply = answer(200, "Content-Type: application/hal+json\r\n", r#"{"id":1}"#);
    let (got, request) = call!(several_answers, reply, |c| c.problem());
    assert_eq!(got.expect("it").id, 1);
    assert_eq!(request.header("accept"), Some("application/hal+json"));
    let reply = answer(200, "Content-Type: text/plain\r\n", "hello");
    let (got, _) = call!(several_answers, reply, |c| c.plain_text());
    assert_eq!(got.expect("it").as_str(), "hello");
    let (got, _) = call!(several_answers, json(200, "true"), |c| c.boolean());
    assert!(*got.expect("it"));
    let (got, _) = call!(several_answers, json(200, r#"[{"id":1},{"id":2}]"#), |c| c
        .list());
    assert_eq!(got.expect("it").len(), 2);
    let (got, _) = call!(several_answers, json(200, r#"{"id":1}"#), |c| c.wildcard());
    assert_eq!(got.expect("it").id, 1);
    let reply = answer(302, "Location: /there\r\n", "");
    let (got, _) = call!(several_answers, reply, |c| c.redirect());
    assert_eq!(got.expect("it").headers()["location"], "/there");
    let (got, _) = call!(several_answers, json(200, "null"), |c| c.nullable());
    assert!(got.expect("it").is_none());
}

#[tokio::test]
async fn error_bodies_by_status() {
    macro_rules! error {
        ($reply:expr) => {
            call!(errors_by_status, $reply, |c| c.typed())
                .0
                .expect_err("an error")
        };
    }
    let error = error!(json(404, r#"{"resource":"pet"}"#));
    assert!(matches!(error.error_body(), Some(ErrorBody::Missing(m)) if m.resource == "pet"));
    let reply = answer(
        409,
        "Content-Type: application/problem+json\r\n",
        r#"{"with":7}"#,
    );
    assert!(matches!(error!(reply).error_body(), Some(ErrorBody::Conflict(c)) if c.with == 7));
    let error = error!(json(422, r#"{"wrong":"w"}"#));
    assert!(matches!(error.error_body(), Some(ErrorBody::TypedError(e)) if e.wrong == "w"));
    let error = error!(json(503, r#"{"broken":"b"}"#));
    assert!(matches!(error.error_body(), Some(ErrorBody::TypedError2(e)) if e.broken == "b"));
    assert!(error.is_retryable());
}

#[tokio::test]
async fn errors_keep_status_and_headers_whatever_the_body_is() {
    let (got, _) = call!(errors_by_status, empty(401), |c| c.typed());
    let error = got.expect_err("an error");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
    assert_eq!(error.request_id(), Some("r1"));
    assert!(matches!(
        error,
        errors_by_status::Error::UnexpectedResponse(_)
    ));

    let html = answer(
        502,
        "Content-Type: text/html\r\nRetry-After: 3\r\n",
        "<html>proxy</html>",
    );
    let (got, _) = call!(errors_by_status, html.clone(), |c| c.typed());
    let error = got.expect_err("an error");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(502));
    assert_eq!(error.body(), b"<html>proxy</html>");
    assert_eq!(error.retry_after().map(|delay| delay.as_secs()), Some(3));
    assert!(!error.to_string().contains("proxy"), "{error}");

    let html = answer(200, "Content-Type: text/html\r\n", "<html>login</html>");
    let (got, _) = call!(errors_by_status, html, |c| c.typed());
    let error = got.expect_err("an error");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
    assert_eq!(error.body(), b"<html>login</html>");

    let (got, _) = call!(errors_by_status, json(418, "{}"), |c| c.undocumented());
    let error = got.expect_err("an error");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(418));
    assert_eq!(error.body(), b"{}");
}

#[tokio::test]
async fn errors_in_plain_text() {
    let reply = answer(400, "Content-Type: text/plain\r\n", "no such field");
    let (got, request) = call!(errors_by_status, reply, |c| c.text());
    let error = got.expect_err("an error");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    assert_eq!(error.text(), "no such field");
    assert_eq!(request.header("accept"), Some("application/json"));
}

#[tokio::test]
async fn one_error_type_is_no_enum() {
    let reply = json(404, r#"{"code":"vanished","message":"m"}"#);
    let (got, _) = call!(one_error_type, reply, |c| c.get());
    match got.expect_err("an error") {
        one_error_type::Error::ErrorResponse(response) => {
            assert_eq!(response.code.as_str(), "vanished");
            assert_eq!(response.message, "m");
            assert_eq!(response.status(), 404);
        }
        other => panic!("{other:?}"),
    }
    let (got, _) = call!(one_error_type, empty(401), |c| c.get());
    let error = got.expect_err("an error");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
    assert_eq!(error.request_id(), Some("r1"));
}
