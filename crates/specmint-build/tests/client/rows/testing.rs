//! A server that plays the API: the feature `mock`.

use parcels::{mock::Server, types::Problem};

#[tokio::test]
async fn testing_without_the_api() {
    let mock = Server::start().await.expect("a server");
    mock.status().ok(true).expect(1);
    assert!(*mock.client().status().send().await.expect("an answer"));
    mock.delete_depots().no_content();
    mock.client()
        .delete_depots()
        .send()
        .await
        .expect("an answer");
    let gone = Problem::new("gone", "no such parcel");
    mock.get_parcel().when(|call| call.id("7")).status_404(gone);
    let error = mock
        .client()
        .get_parcel()
        .id("7")
        .send()
        .await
        .expect_err("an error");
    assert_eq!(
        error.error_body().map(|problem| problem.code.as_str()),
        Some("gone")
    );
    mock.search().other(502, "text/html", "<html>");
    let error = mock
        .client()
        .search()
        .q("x")
        .send()
        .await
        .expect_err("an error");
    assert_eq!(
        (error.status().map(|s| s.as_u16()), error.body()),
        (Some(502), &b"<html>"[..])
    );
}
