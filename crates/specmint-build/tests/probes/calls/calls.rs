//! What goes over the wire, and what is made of the answers.

/// A call against a server with one answer: what came of it, and the request.
macro_rules! call {
    ($api:ident, $reply:expr, |$client:ident| $call:expr) => {{
        let server = crate::server::Server::new($reply);
        let $client = probes::$api::Client::builder()
            .base_url(&server.url)
            .retries(probes::$api::Retries::none())
            .build()
            .expect("a client");
        let answer = $call.send().await;
        (answer, server.request())
    }};
}

/// The request of a call that is answered with 204.
macro_rules! sent {
    ($api:ident, |$client:ident| $call:expr) => {{
        let (answer, request) = call!($api, crate::server::empty(204), |$client| $call);
        assert_eq!(answer.expect("an answer").status(), 204);
        request
    }};
}

/// The message of a call that is refused before anything is sent.
macro_rules! refused {
    ($api:ident, |$client:ident| $call:expr) => {{
        let server = crate::server::Server::new(crate::server::empty(204));
        let $client = probes::$api::Client::builder()
            .base_url(&server.url)
            .build()
            .expect("a client");
        let error = $call.send().await.expect_err("a refusal");
        assert!(server.requests().is_empty());
        error.to_string()
    }};
}

mod answers;
mod bodies;
mod commands;
mod mocks;
mod names;
mod pages;
mod parameters;
mod paths;
mod renamed;
mod server;
mod servers;
mod types;
mod webhooks;
