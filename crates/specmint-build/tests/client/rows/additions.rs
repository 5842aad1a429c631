//! What an API adds breaks nobody's code. These are compiled against the document, and once more
//! against one that has more members, operations, values and errors.

use parcels::{
    mock::Server,
    types::{NewParcel, Parcel, Problem, State, Stop},
};

/// Members by name, and `..` for those to come.
#[test]
fn additions_to_answers_break_no_pattern() {
    let parcel: Parcel = serde_json::from_str(super::PARCEL).expect("a parcel");
    let Parcel { weight, state, .. } = &parcel;
    let at_home = match state {
        State::Delivered => true,
        State::Waiting | State::OnTheWay => false,
        _ => false,
    };
    assert_eq!((*weight, at_home), (1200, false));
}

/// What is required is given to `new`, everything else is set: nobody lists all members.
#[tokio::test]
async fn additions_to_bodies_break_no_caller() {
    let mock = Server::start().await.expect("a free port");
    let stops = [
        Stop::default().city("Rome"),
        Stop::default().city("Bari").next(Stop::default()),
    ];
    let parcel = NewParcel::new(3)
        .type_("box")
        .state(State::Waiting)
        .stops(stops);
    assert_eq!(
        serde_json::to_string(&parcel).expect("JSON"),
        r#"{"weight":3,"state":"waiting","type":"box","stops":[{"city":"Rome"},{"city":"Bari","next":{}}]}"#
    );
    let refused = Problem::new("full", "no room");
    mock.create_parcel().default(507, refused);
    let error = mock
        .client()
        .create_parcel()
        .body(parcel)
        .send()
        .await
        .expect_err("no room");
    assert_eq!(
        error.error_body().map(|problem| &*problem.message),
        Some("no room")
    );
}
