//! Texts and numbers that have types of their own.

use super::{
    PARCEL, client,
    server::{Server, json},
};

#[tokio::test]
async fn scalars_have_types_and_keep_their_digits() {
    let body = PARCEL.replace(
        "\"note\":null",
        r#""note":"x","deliverOn":"2026-03-04","total":9007199254740993,"price":0.1,"seal":"aGk=""#,
    );
    let server = Server::always(json(200, &body));
    let parcel = client(&server)
        .get_parcel()
        .id("1")
        .send()
        .await
        .expect("a parcel");
    let id: uuid::Uuid = parcel.id;
    assert_eq!(id.to_string(), "67e55044-10b1-426f-9247-bb680e5fe0c8");
    let at: chrono::DateTime<chrono::Utc> = parcel.created_at;
    assert_eq!(at.timestamp(), 1_772_368_200);
    let day: Option<chrono::NaiveDate> = parcel.deliver_on;
    assert_eq!(
        day.map(|day| day.to_string()).as_deref(),
        Some("2026-03-04")
    );
    // One more than a double can hold.
    assert_eq!(parcel.total, Some(9_007_199_254_740_993_i64));
    let again = serde_json::to_value(&*parcel).expect("JSON");
    assert_eq!(
        again,
        serde_json::from_str::<serde_json::Value>(&body).expect("JSON")
    );
}
