//! Answers that are not what the document says.

use parcels::types::{NewParcel, Parcel, State};

use super::{
    PARCEL, client,
    server::{Server, json},
};

async fn read(body: &str) -> Parcel {
    let server = Server::always(json(200, body));
    let parcel = client(&server).get_parcel().id("1").send().await;
    parcel.expect("a parcel").into_inner()
}

#[tokio::test]
async fn tolerant_reading_of_values_of_tomorrow() {
    let parcel = read(&PARCEL.replace("on-the-way", "lost-at-sea")).await;
    assert_eq!(parcel.state.to_string(), "lost-at-sea");
    assert!(matches!(&parcel.state, State::Unknown(text) if text == "lost-at-sea"));
    // Printed and sent back unchanged.
    let server = Server::always(json(201, PARCEL));
    let body = NewParcel::new(1).state(parcel.state);
    client(&server)
        .create_parcel()
        .body(body)
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        server.request().text(),
        r#"{"weight":1,"state":"lost-at-sea"}"#
    );
}

#[tokio::test]
async fn tolerant_reading_of_what_breaks_the_document() {
    // A member nobody knows; a required one that may be null and is absent; an integer as a float;
    // a text that is too long; a moment without an offset.
    let parcel = read(&PARCEL.replace("\"note\":null", "\"new\":[{}]")).await;
    assert_eq!(parcel.note, None);
    assert_eq!(read(&PARCEL.replace("1200", "1200.0")).await.weight, 1200);
    let long = read(&PARCEL.replace("\"note\":null", "\"note\":\"far too long\"")).await;
    assert_eq!(long.note.as_deref(), Some("far too long"));
    let moment = read(&PARCEL.replace("T12:30:00Z", " 12:30:00"))
        .await
        .created_at;
    assert_eq!(moment.to_rfc3339(), "2026-03-01T12:30:00+00:00");
}
