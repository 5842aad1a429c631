//! Lists that come page by page.

use futures_util::{StreamExt as _, TryStreamExt as _};

use super::{
    PARCEL, client,
    server::{Server, json},
};

fn page(parcels: usize, next: &str) -> super::server::Reply {
    let data = vec![PARCEL; parcels].join(",");
    json(
        200,
        &format!(r#"{{"data":[{data}],"nextPageToken":{next}}}"#),
    )
}

#[tokio::test]
async fn pagination_follows_tokens_over_empty_pages() {
    let server = Server::new([page(2, "\"a/b\""), page(0, "\"c\""), page(1, "null")]);
    let client = client(&server);
    let parcels: Vec<_> = client
        .list_parcels()
        .limit(2)
        .stream()
        .try_collect()
        .await
        .expect("all");
    assert_eq!(parcels.len(), 3);
    let lines: Vec<String> = server
        .requests()
        .iter()
        .map(|r| r.line().to_owned())
        .collect();
    assert_eq!(
        lines,
        [
            "GET /parcels?limit=2",
            "GET /parcels?limit=2&pageToken=a%2Fb",
            "GET /parcels?limit=2&pageToken=c",
        ]
    );
    for request in server.requests() {
        assert_eq!(request.header("authorization"), Some("key-1"));
    }
}

#[tokio::test]
async fn pagination_stops_at_a_repeated_token_and_at_a_wish() {
    let server = Server::always(page(1, "\"again\""));
    let client = client(&server);
    let mut pages = std::pin::pin!(client.list_parcels().pages().take(9));
    let mut seen = 0;
    let error = loop {
        match pages.next().await.expect("more") {
            Ok(_) => seen += 1,
            Err(error) => break error,
        }
    };
    assert!(seen <= 2, "{seen} pages before: {error}");
    let some = client.list_parcels().pages().max_pages(1);
    let some: Vec<_> = some.try_collect().await.expect("one page");
    assert_eq!(some.len(), 1);
}
