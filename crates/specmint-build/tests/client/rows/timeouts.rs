//! Time limits.

use std::time::Duration;

use parcels::Retries;

use super::{
    client,
    server::{Reply, Server, json},
    settings,
};

#[tokio::test]
async fn timeouts_end_slow_and_endless_answers() {
    let head = b"HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\n";
    let drip = |pieces: Vec<Vec<u8>>| Reply::Slow(Duration::from_millis(40), pieces);
    let bytes = b"true".iter().map(|byte| vec![*byte]);
    let slow = drip(std::iter::once(head.to_vec()).chain(bytes).collect());
    for reply in [slow.clone(), drip(vec![Vec::new(); 50])] {
        let server = Server::always(reply);
        let client = settings(&server)
            .timeout(Duration::from_millis(80))
            .retries(Retries::none())
            .build()
            .expect("a client");
        let error = client.status().send().await.expect_err("too slow");
        assert!(error.is_timeout(), "{error:?}");
        assert!(error.to_string().contains("80ms"), "{error}");
    }
    // The same answer, given time.
    let server = Server::always(slow);
    assert!(*client(&server).status().send().await.expect("an answer"));
}

#[tokio::test]
async fn timeouts_of_connections_and_single_calls() {
    // Nobody is there (RFC 5737).
    let client = parcels::Client::builder()
        .base_url("https://192.0.2.1")
        .connect_timeout(Duration::from_millis(50))
        .retries(Retries::none())
        .build()
        .expect("a client");
    let error = client.status().send().await.expect_err("nobody is there");
    assert!(error.is_connect() || error.is_timeout(), "{error:?}");

    let server = Server::always(Reply::Slow(Duration::from_millis(300), vec![b"x".to_vec()]));
    let error = super::client(&server)
        .status()
        .with_timeout(Duration::from_millis(20))
        .send()
        .await
        .expect_err("too slow");
    assert!(error.is_timeout(), "{error:?}");
    let server = Server::always(json(200, "true"));
    let done = super::client(&server)
        .status()
        .with_timeout(Duration::from_secs(9))
        .send()
        .await;
    assert!(*done.expect("an answer"));
}
