//! Names of the document as Rust's, and back on the wire.

use parcels::types::{EventKind, NewParcel, OptionModel, State};

use super::{
    client,
    server::{Server, empty, json},
};

/// Keywords, names of the prelude, other alphabets, and names that differ by a dash.
#[test]
fn names_and_types_keep_their_wire_names() {
    let model = OptionModel::default()
        .self_("s")
        .grosse(1.5)
        .a_b("underscore")
        .a_b_2("dash");
    let written = serde_json::to_string(&model).expect("JSON");
    assert_eq!(
        written,
        r#"{"Self":"s","größe":1.5,"a-b":"dash","a_b":"underscore"}"#
    );
    assert_eq!(State::OnTheWay.to_string(), "on-the-way");
    assert_eq!(EventKind::PickedUp.as_str(), "picked-up");
}

#[tokio::test]
async fn names_and_types_are_the_documents() {
    let server = Server::new([json(201, super::PARCEL), empty(204)]);
    let client = client(&server);
    let body = NewParcel::new(3).type_("box");
    client
        .create_parcel()
        .body(body)
        .send()
        .await
        .expect("an answer");
    assert_eq!(server.request().text(), r#"{"weight":3,"type":"box"}"#);
}
