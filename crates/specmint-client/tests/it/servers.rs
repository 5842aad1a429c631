//! Where requests go.

use specmint_client::{BuildError, Call, Method, Operation, Server, Variable};

use crate::support::acme::{Client, Credentials, types};
use crate::support::server::{Recorded, Reply};

static PLAIN: Operation<types::Error> = Operation::new("plain", "GET", "/v1/x");
static ELSEWHERE: Operation<types::Error> =
    Operation::new("elsewhere", "GET", "/v1/y?fixed=1").servers(&["https://eu.acme.test/base"]);

#[tokio::test]
async fn a_base_url_of_the_user_wins_and_keeps_its_path() {
    for (suffix, prefix) in [
        ("", ""),
        ("/", ""),
        ("/proxy", "/proxy"),
        ("/proxy/", "/proxy"),
        ("/a/b//", "/a/b"),
    ] {
        let server = crate::support::server::Server::new([Reply::empty(204)]).await;
        let client = Client::builder()
            .base_url(format!("{}{suffix}", server.url()))
            .build();
        let client = client.expect("a client");
        Call::new(&client, &PLAIN).empty().await.expect("success");
        Call::new(&client, &ELSEWHERE)
            .empty()
            .await
            .expect("success");
        let targets: Vec<String> = server
            .requests()
            .iter()
            .map(|request| request.target().to_owned())
            .collect();
        assert_eq!(
            targets,
            [format!("{prefix}/v1/x"), format!("{prefix}/v1/y?fixed=1")]
        );
    }
}

static SECURE: Operation<types::Error> = Operation::new("secure", "GET", "/v1/z")
    .servers(&["https://eu.acme.test/base"])
    .security(&[&[0]]);

/// Nobody listens at the API's servers, so a hook looks at each address and stops the call.
#[tokio::test]
async fn operations_go_to_their_own_server_with_credentials() {
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let addresses = std::sync::Arc::clone(&seen);
    let client = Client::builder()
        .credentials(Credentials::api_key("k3y"))
        .before(move |request, _| {
            let key = request.headers().contains_key("authorization");
            addresses
                .lock()
                .expect("no panic")
                .push((request.url().to_string(), key));
            Err("seen".into())
        })
        .build()
        .expect("a client");
    for operation in [&PLAIN, &ELSEWHERE, &SECURE] {
        let error = Call::new(&client, operation)
            .empty()
            .await
            .expect_err("stopped");
        assert!(
            error.to_string().ends_with("was stopped by a hook: seen"),
            "{error}"
        );
    }
    for address in [
        "/raw",
        "https://API.acme.test:443/raw",
        "https://acme.test/raw",
        "https://api.acme.test:444/raw",
    ] {
        client
            .request(Method::GET, address)
            .empty()
            .await
            .expect_err("stopped");
    }
    assert_eq!(
        *seen.lock().expect("no panic"),
        [
            ("https://api.acme.test/v1/x".to_owned(), false),
            ("https://eu.acme.test/base/v1/y?fixed=1".to_owned(), false),
            ("https://eu.acme.test/base/v1/z".to_owned(), true),
            ("https://api.acme.test/raw".to_owned(), true),
            ("https://api.acme.test/raw".to_owned(), true),
            ("https://acme.test/raw".to_owned(), false),
            ("https://api.acme.test:444/raw".to_owned(), false),
        ]
    );
    assert_eq!(
        client.base_url().expect("a server").as_str(),
        "https://api.acme.test/"
    );
}

static PLAIN_HTTP: Operation<types::Error> =
    Operation::new("plain_http", "GET", "/").servers(&["http://acme.test"]);

#[tokio::test]
async fn plain_http_has_to_be_allowed() {
    let error = Client::builder()
        .base_url("http://acme.test")
        .build()
        .expect_err("plain http");
    assert!(error.to_string().contains("plain http"), "{error}");
    assert!(
        Client::builder()
            .base_url("http://acme.test")
            .allow_http(true)
            .build()
            .is_ok()
    );
    let client = Client::builder().build().expect("a client");
    let error = Call::new(&client, &PLAIN_HTTP)
        .empty()
        .await
        .expect_err("plain http");
    assert!(error.to_string().contains("plain http"), "{error}");
}

static RELATIVE: Operation<types::Error> =
    Operation::new("relative", "GET", "/x").servers(&["/v1"]);
static REGIONAL: Operation<types::Error> =
    Operation::new("regional", "GET", "/x").servers(&["https://{region}.ops.test:{port}"]);

/// An API whose addresses have variables.
#[derive(Debug)]
enum Regions {}

impl specmint_client::Api for Regions {
    const NAME: &'static str = "regions";
    const VERSION: &'static str = "1";
    const ENV: &'static str = "REGIONS";
    const SERVERS: &'static [&'static str] = &[
        "https://{region}.regions.test:{port}/{base}",
        "https://{tenant}.regions.test",
    ];
    const VARIABLES: &'static [Variable] = &[
        Variable::new("region")
            .default("eu")
            .values(&["eu", "us", "a/b"]),
        Variable::new("port").default("8443"),
        Variable::new("base").default("api/v2"),
        Variable::new("tenant"),
    ];
    type ErrorBody = types::Error;
    type Credentials = Credentials;
}

type Regional = specmint_client::ClientBuilder<Regions>;

/// Where a call of each operation goes.
async fn addresses(builder: Regional) -> Vec<String> {
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let urls = std::sync::Arc::clone(&seen);
    let client = builder
        .before(move |request, _| {
            urls.lock()
                .expect("no panic")
                .push(request.url().to_string());
            Err("seen".into())
        })
        .build()
        .expect("a client");
    for operation in [&PLAIN, &RELATIVE, &REGIONAL] {
        let call = Call::new(&client, operation).empty().await;
        call.expect_err("stopped");
    }
    seen.lock().expect("no panic").clone()
}

#[tokio::test]
async fn servers_are_chosen_and_their_variables_filled_in() {
    assert_eq!(
        addresses(Regional::new()).await,
        [
            "https://eu.regions.test:8443/api/v2/v1/x",
            "https://eu.regions.test:8443/v1/x",
            "https://eu.ops.test:8443/x",
        ]
    );
    let builder = Regional::new()
        .server_variable("region", "us")
        .server_variable("port", "1")
        .server_variable("port", "9")
        .server_variable("base", "v3/beta");
    assert_eq!(
        addresses(builder).await,
        [
            "https://us.regions.test:9/v3/beta/v1/x",
            "https://us.regions.test:9/v1/x",
            "https://us.ops.test:9/x",
        ]
    );
    let tenant = Server::new("https://{tenant}.regions.test");
    let builder = Regional::new()
        .server(tenant)
        .server_variable("tenant", "acme-1");
    assert_eq!(
        addresses(builder).await,
        [
            "https://acme-1.regions.test/v1/x",
            "https://acme-1.regions.test/v1/x",
            "https://eu.ops.test:8443/x",
        ]
    );
    // A base URL wins over everything.
    let server = crate::support::server::Server::new([Reply::empty(204)]).await;
    let client = Regional::new()
        .server(tenant)
        .server_variable("tenant", "t")
        .base_url(format!("{}/p/", server.url()))
        .build()
        .expect("a client");
    for operation in [&PLAIN, &RELATIVE, &REGIONAL] {
        let call = Call::new(&client, operation).empty().await;
        call.expect("success");
    }
    let requests = server.requests();
    let targets: Vec<&str> = requests.iter().map(Recorded::target).collect();
    assert_eq!(targets, ["/p/v1/x", "/p/x", "/p/x"]);
}

#[test]
fn values_that_change_more_than_their_place_are_refused() {
    let refused = |builder: Regional| {
        let error = builder.build().expect_err("a refusal");
        assert!(matches!(error, BuildError::Server(_)), "{error:?}");
        error.to_string()
    };
    for value in [
        "",
        "evil.test/",
        "evil.test?",
        "evil.test#",
        "a@evil.test",
        "a:b",
        "%2f",
        "a b",
        "a\\b",
        "ü",
        ".",
        "..",
        "a..b",
        ".evil",
        "evil.",
        "a\nb",
        "[::1]",
        "{port}",
    ] {
        let tenant = Server::new("https://{tenant}.regions.test");
        let message = refused(
            Regional::new()
                .server(tenant)
                .server_variable("tenant", value),
        );
        assert!(message.contains("`tenant`"), "{value}: {message}");
        // It needn't even be used.
        refused(
            Regional::new()
                .base_url("https://x.test")
                .server_variable("tenant", value),
        );
    }
    // A path may have a slash in it, since the documented one has; nothing else.
    for value in ["a/../b", "../a", "a?b", "a#b", "a@b", "a:b", "%2e%2e/b"] {
        let message = refused(Regional::new().server_variable("base", value));
        assert!(message.contains("`base`"), "{value}: {message}");
    }
    let message = refused(Regional::new().server_variable("region", "mars"));
    assert!(message.contains("is one of `eu`, `us`"), "{message}");
    let message = refused(Regional::new().server_variable("nothing", "x"));
    assert!(
        message.contains("no server has a variable `nothing`"),
        "{message}"
    );
    let message = refused(Regional::new().server(Server::new("https://{tenant}.regions.test")));
    assert!(message.contains("`tenant` has no value"), "{message}");
    let message = refused(Regional::new().server_variable("port", "99999"));
    assert!(message.contains("port"), "{message}");
}

#[tokio::test]
async fn credentials_go_to_the_chosen_server_and_no_other() {
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let keys = std::sync::Arc::clone(&seen);
    let client = Client::builder()
        .credentials(Credentials::api_key("k3y"))
        .server(Server::new("https://sandbox.acme.test"))
        .before(move |request, _| {
            let key = request.headers().contains_key("authorization");
            keys.lock().expect("no panic").push(key);
            Err("seen".into())
        })
        .build()
        .expect("a client");
    for address in [
        "/x",
        "https://sandbox.acme.test/x",
        "https://api.acme.test/x",
    ] {
        let call = client.request(Method::GET, address).empty().await;
        call.expect_err("stopped");
    }
    let call = Call::new(&client, &SECURE).empty().await;
    call.expect_err("stopped");
    assert_eq!(*seen.lock().expect("no panic"), [true, true, false, true]);
}
