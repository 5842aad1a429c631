//! Parameters of every place and style.

use parcels::types::{SearchFilter, SearchNear};

use super::{
    client,
    server::{Server, empty},
};

#[tokio::test]
async fn parameters_of_every_place_and_style() {
    let server = Server::always(empty(204));
    client(&server)
        .search()
        .q("a&b=c d/é")
        .states(vec!["new".to_owned(), "o,ld".to_owned()])
        .depots(vec!["north".to_owned(), "south".to_owned()])
        .near(SearchNear::default().lat(1.5).lon(-2.0))
        .filter(SearchFilter::default().heavy(true))
        .x_trace("t-1")
        .session("s 1")
        .send()
        .await
        .expect("an answer");
    let request = server.request();
    let pairs: Vec<&str> = request.query().split('&').collect();
    assert_eq!(
        pairs,
        [
            "q=a%26b%3Dc%20d%2F%C3%A9",
            "states=new,o%2Cld",
            "depots=north%7Csouth",
            "near%5Blat%5D=1.5",
            "near%5Blon%5D=-2",
            "filter=%7B%22heavy%22%3Atrue%7D",
        ]
    );
    assert_eq!(request.header("x-trace"), Some("t-1"));
    assert_eq!(request.header("cookie"), Some("session=s%201"));
}

#[tokio::test]
async fn parameters_that_are_empty_missing_or_dangerous() {
    let server = Server::always(empty(204));
    let client = client(&server);
    client.search().q("").send().await.expect("an answer");
    assert_eq!(server.request().line(), "GET /search?q=");
    let error = client.search().send().await.expect_err("no value");
    assert_eq!(
        error.to_string(),
        "`search` was not sent: the parameter `q`: a value is required"
    );
    for id in ["", ".", "..", "%2e%2E", ".%2e"] {
        let error = client
            .get_parcel()
            .id(id)
            .send()
            .await
            .expect_err("another endpoint");
        assert!(
            matches!(error, parcels::Error::InvalidRequest(_)),
            "{id}: {error:?}"
        );
    }
    let _ = client.get_parcel().id("a/b?c#d").send().await;
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[1].line(), "GET /parcels/a%2Fb%3Fc%23d");
}
