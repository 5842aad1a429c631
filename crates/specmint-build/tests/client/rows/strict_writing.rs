//! Requests that break the document never leave.

use parcels::{
    Error,
    types::{AddScansMultipart, AddScansMultipartNote, NewParcel, Stop},
};
use specmint_client::Upload;

use super::{
    PARCEL, client,
    server::{Server, empty, json},
    settings,
};

#[tokio::test]
async fn strict_writing_of_bodies() {
    let server = Server::always(json(201, PARCEL));
    let client = client(&server);
    let stop = |city: &str| Stop::default().city(city);
    let parcel = || NewParcel::new(5);
    for (body, message) in [
        (NewParcel::new(0), "`/weight` must be at least 1"),
        (NewParcel::new(30_000), "`/weight` must be less than 30000"),
        (
            parcel().type_("x"),
            "`/type` must have at least 2 characters",
        ),
        (
            parcel().type_("éééé!"),
            "`/type` must have at most 4 characters",
        ),
        (
            parcel().stops([stop("a"), stop("b"), stop("c")]),
            "`/stops` must have at most 2 items",
        ),
        (
            parcel().stops([stop("Rome"), stop("Florence")]),
            "`/stops/*/city` must have at most 5 characters",
        ),
    ] {
        let error = client
            .create_parcel()
            .body(body)
            .send()
            .await
            .expect_err(message);
        assert!(matches!(error, Error::InvalidRequest(_)), "{error:?}");
        let said = format!("`create_parcel` was not sent: the body: {message}");
        assert_eq!(error.to_string(), said);
    }
    assert!(server.requests().is_empty());
    let body = NewParcel::new(29_999)
        .type_("éééé")
        .stops([stop("Rome"), stop("Pisa")]);
    client
        .create_parcel()
        .body(body)
        .send()
        .await
        .expect("an answer");
    assert_eq!(server.requests().len(), 1);
}

/// Of a form with files, too: its bounds, and the parts that have to be there.
#[tokio::test]
async fn strict_writing_of_multipart() {
    let server = Server::always(empty(204));
    let form = |sheets: usize, title: &str, page: i64| {
        let sheets = vec![Upload::bytes("PNG!"); sheets];
        let mut form = AddScansMultipart::new(sheets, title);
        let mut note = AddScansMultipartNote::default();
        note.page = Some(page);
        form.note = Some(note);
        form
    };
    for (body, message) in [
        (form(3, "ok", 1), "`/sheets` must have at most 2 items"),
        (form(0, "ok", 1), "`/sheets` must have at least one part"),
        (form(1, "é", 1), "`/title` must have at least 2 characters"),
        (form(1, "ok", 0), "`/note/page` must be at least 1"),
    ] {
        let call = client(&server).add_scans().body(body).send().await;
        let error = call.expect_err(message);
        let said = format!("`add_scans` was not sent: the body: {message}");
        assert_eq!(error.to_string(), said);
    }
    assert!(server.requests().is_empty());
    let fine = form(2, "ok", 1);
    let sent = client(&server).add_scans().body(fine).send().await;
    sent.expect("an answer");
    let text = server.requests()[0].text();
    assert_eq!(text.matches("PNG!").count(), 2, "{text}");
    // Both are switched off together.
    let client = settings(&server).check_bounds(false);
    let client = client.build().expect("a client");
    let sent = client.add_scans().body(form(0, "é", 0)).send().await;
    sent.expect("an answer");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn strict_writing_of_parameters() {
    let server = Server::always(json(200, r#"{"data":[],"nextPageToken":null}"#));
    let client = client(&server);
    let error = client
        .list_parcels()
        .limit(101)
        .send()
        .await
        .expect_err("too many");
    let said = "`list_parcels` was not sent: the parameter `limit`: it must be at most 100";
    assert_eq!(error.to_string(), said);
    assert!(server.requests().is_empty());
    client
        .list_parcels()
        .limit(100)
        .send()
        .await
        .expect("an answer");
}

/// Some APIs take more than they document.
#[tokio::test]
async fn strict_writing_can_be_switched_off() {
    let server = Server::always(json(200, r#"{"data":[],"nextPageToken":null}"#));
    let client = settings(&server)
        .check_bounds(false)
        .build()
        .expect("a client");
    client
        .list_parcels()
        .limit(101)
        .send()
        .await
        .expect("an answer");
    assert_eq!(server.request().line(), "GET /parcels?limit=101");
}
