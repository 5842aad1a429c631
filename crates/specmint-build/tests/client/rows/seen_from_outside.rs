//! What the server and the log see.

use super::{
    client,
    server::{Server, answer, empty},
};

#[tokio::test]
async fn seen_from_outside() {
    let server = Server::new([empty(204), answer(500, "", "")]);
    let client = client(&server);
    let done = client.search().q("x").send().await.expect("an answer");
    assert_eq!(done.request_id(), Some("r1"));
    let agent = server
        .request()
        .header("user-agent")
        .unwrap_or_default()
        .to_owned();
    assert!(
        agent.starts_with("specmint/") && agent.ends_with("parcels/2.3.0"),
        "{agent}"
    );
    let error = client.search().q("x").send().await.expect_err("an error");
    assert_eq!(error.request_id(), Some("r1"));
    assert!(error.to_string().contains("r1"), "{error}");
}
