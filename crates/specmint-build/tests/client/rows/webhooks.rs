//! What the API sends by itself.

use parcels::webhooks::{Webhook, parse_parcel_lost};

use super::PARCEL;

#[test]
fn webhooks_are_read_into_their_types() {
    let lost = br#"{"type":"parcel.lost","reason":"storm","new":1}"#;
    assert_eq!(parse_parcel_lost(lost).expect("a payload").reason, "storm");
    let body = format!(r#"{{"type":"parcel.delivered","parcel":{PARCEL}}}"#);
    match Webhook::parse(body.as_bytes()).expect("a payload") {
        Webhook::ParcelDelivered(payload) => assert_eq!(payload.parcel.weight, 1200),
        other => panic!("{other:?}"),
    }
    let tomorrow = Webhook::parse(br#"{"type":"parcel.sold"}"#).expect("a payload");
    assert!(matches!(tomorrow, Webhook::Unknown(tag) if tag == "parcel.sold"));
    assert!(Webhook::parse(b"{").is_err());
    assert!(Webhook::parse(br#"{"type":"parcel.lost"}"#).is_err());
}
