//! Operations with more than one documented success.

use parcels::types::{CreateParcelAnswer, GetLabelAnswer, NewParcel};

use super::{
    PARCEL, client,
    server::{Server, answer, empty, json},
};

#[tokio::test]
async fn several_answers_by_status() {
    let server = Server::new([json(201, PARCEL), empty(202)]);
    let client = client(&server);
    let send = || client.create_parcel().body(NewParcel::new(5)).send();
    match send().await.expect("an answer").into_inner() {
        CreateParcelAnswer::Created(parcel) => assert_eq!(parcel.weight, 1200),
        other => panic!("{other:?}"),
    }
    let done = send().await.expect("an answer");
    assert!(matches!(*done, CreateParcelAnswer::Accepted));
    assert_eq!(done.status(), 202);
}

#[tokio::test]
async fn several_answers_by_media_type() {
    let pdf = answer(
        200,
        "Content-Type: application/pdf\r\n",
        "%PDF {\"text\":\"no\"}",
    );
    let server = Server::new([pdf, json(200, r#"{"text":"To Ada"}"#)]);
    let client = client(&server);
    match client
        .get_label()
        .id("1")
        .send()
        .await
        .expect("an answer")
        .into_inner()
    {
        GetLabelAnswer::Pdf(bytes) => assert_eq!(&bytes[..4], b"%PDF"),
        other => panic!("{other:?}"),
    }
    match client
        .get_label()
        .id("1")
        .send()
        .await
        .expect("an answer")
        .into_inner()
    {
        GetLabelAnswer::Json(label) => assert_eq!(label.text, "To Ada"),
        other => panic!("{other:?}"),
    }
    let accept = server.requests()[0]
        .header("accept")
        .unwrap_or_default()
        .to_owned();
    assert!(
        accept.contains("application/pdf") && accept.contains("application/json"),
        "{accept}"
    );
}
