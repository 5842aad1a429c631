use std::sync::{Arc, Mutex};

use probes::{
    server_environment,
    servers::{self, ServerVariables as _},
};

use crate::server::{Server, empty};

/// Where calls go: a hook sees it, and stops them.
macro_rules! address {
    ($builder:expr, |$client:ident| $call:expr) => {{
        let seen = Arc::new(Mutex::new(String::new()));
        let url = Arc::clone(&seen);
        let $client = $builder
            .before(move |request: &mut specmint_client::reqwest::Request, _: &_| {
                *url.lock().expect("no panic") = request.url().to_string();
                Err("stopped".into())
            })
            .build()
            .expect("a client");
        $call.send().await.expect_err("stopped");
        let seen = seen.lock().expect("no panic").clone();
        seen
    }};
}

#[tokio::test]
async fn documented_servers_have_names() {
    use servers::servers::{REGION, SANDBOX_FOR_TESTS, SECOND, YOUR_OWN};
    let to = |server| servers::Client::builder().server(server);
    assert_eq!(
        address!(to(REGION), |c| c.of_document()),
        "https://eu.servers.test:8443/v2/document"
    );
    assert_eq!(
        address!(to(SECOND), |c| c.of_document()),
        "https://second.servers.test/document"
    );
    assert_eq!(
        address!(to(SANDBOX_FOR_TESTS), |c| c.of_document()),
        "https://sandbox.servers.test/v9/document"
    );
    // What is relative goes where the rest goes; what isn't stays where it is.
    assert_eq!(
        address!(to(SANDBOX_FOR_TESTS), |c| c.of_relative()),
        "https://sandbox.servers.test/v3/relative"
    );
    assert_eq!(
        address!(to(SANDBOX_FOR_TESTS), |c| c.of_path()),
        "https://path.servers.test/x/path"
    );
    // A variable that is documented nowhere has to be given.
    let error = to(YOUR_OWN).build().expect_err("a variable").to_string();
    assert!(error.contains("`tenant` has no value"), "{error}");
    assert_eq!(
        address!(to(YOUR_OWN).tenant("me"), |c| c.of_document()),
        "https://me.servers.test/document"
    );
}

#[tokio::test]
async fn variables_are_methods_of_the_builder() {
    let builder = || {
        servers::Client::builder()
            .region(servers::servers::Region::Us)
            .port("9")
            .base("v3")
            .base_2("v8")
            .who("somebody")
    };
    assert_eq!(
        address!(builder(), |c| c.of_document()),
        "https://us.servers.test:9/v3/document"
    );
    assert_eq!(
        address!(builder(), |c| c.of_relative()),
        "https://us.servers.test:9/v3/relative"
    );
    assert_eq!(
        address!(builder(), |c| c.of_operation()),
        "https://somebody.servers.test/path"
    );
    assert_eq!(
        address!(builder().server(servers::servers::SANDBOX_FOR_TESTS), |c| c
            .of_document()),
        "https://sandbox.servers.test/v8/document"
    );
    assert_eq!(servers::servers::Region::default().as_str(), "eu");
    // A base URL of one's own wins over all of it.
    let server = Server::new(empty(204));
    let client = builder()
        .base_url(format!("{}/p", server.url))
        .build()
        .expect("a client");
    client.of_operation().send().await.expect("an answer");
    assert_eq!(server.request().line(), "POST /p/path");
}

#[test]
fn a_variable_stays_in_its_place() {
    for value in ["evil.test/", "x@evil.test", "evil.test?", "evil.test#", "a%2fb", ""] {
        let built = servers::Client::builder().who(value).build();
        let error = built.expect_err("a refusal");
        assert!(
            matches!(error, servers::BuildError::Server(_)),
            "{value}: {error:?}"
        );
    }
    let built = servers::Client::builder()
        .server_variable("region", "mars")
        .build();
    let error = built.expect_err("a refusal").to_string();
    assert!(error.contains("`eu`, `us`"), "{error}");
}

#[tokio::test]
async fn environments_are_servers() {
    use server_environment::{ServerVariables as _, servers::{Environment, LIVE, SANDBOX, Version}};
    let new = server_environment::Client::builder;
    assert_eq!(LIVE.url(), "https://live.servers.test/{version}");
    assert_eq!(
        address!(new().server(SANDBOX).version(Version::Version2), |c| c.get()),
        "https://sandbox.servers.test/2/a"
    );
    // The builder has an `environment` of its own, which reads credentials.
    assert_eq!(
        address!(new().server_environment(Environment::Sandbox), |c| c.get()),
        "https://sandbox.servers.test/1/a"
    );
}
