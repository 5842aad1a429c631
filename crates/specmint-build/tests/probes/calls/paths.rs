use probes::{paths::types::DotsFormat, security, servers};

use crate::server::{Server, empty};

#[tokio::test]
async fn templates_of_every_shape() {
    assert_eq!(
        sent!(paths, |c| c.verb().id("a:b")).line(),
        "POST /things/a%3Ab:verb"
    );
    assert_eq!(sent!(paths, |c| c.trailing()).line(), "GET /things/");
    assert_eq!(sent!(paths, |c| c.not_trailing()).line(), "GET /things");
    let request = sent!(paths, |c| c.dots().id("a.b").format(DotsFormat::Json));
    assert_eq!(request.line(), "GET /things/a.b.json");
    assert_eq!(
        sent!(paths, |c| c.range().from(1).to(2)).line(),
        "GET /range/1..2"
    );
    assert_eq!(sent!(paths, |c| c.dot_in_path()).line(), "GET /v1.0/me");
    assert_eq!(
        sent!(paths, |c| c.only_parameters().a("x").b("y")).line(),
        "GET /x/y"
    );
    assert_eq!(
        sent!(paths, |c| c.same_shape().x("x").y("y")).line(),
        "POST /x/y"
    );
    assert_eq!(
        sent!(paths, |c| c.odata().key("k'")).line(),
        "GET /odata/Things('k%27')/$value"
    );
    assert_eq!(sent!(paths, |c| c.root()).line(), "GET /");
    assert_eq!(sent!(paths, |c| c.unclosed()).line(), "GET /unclosed/%7Bid");
    assert_eq!(sent!(paths, |c| c.twice().id("1")).line(), "GET /twice/1/1");
    assert_eq!(
        sent!(paths, |c| c.unescaped()).line(),
        "GET /space%20here/%C3%BC"
    );
    assert_eq!(
        sent!(paths, |c| c.alike_in_path().pet_id("a").path_pet_id("b")).line(),
        "GET /camel/a/b"
    );
    assert_eq!(
        sent!(paths, |c| c.keyword_in_path().type_("x")).line(),
        "GET /number/x"
    );
}

#[tokio::test]
async fn queries_in_templates() {
    assert_eq!(
        sent!(paths, |c| c.fixed()).line(),
        "GET /fixed?kind=a&flag="
    );
    assert_eq!(
        sent!(paths, |c| c.fixed().q("x y")).line(),
        "GET /fixed?kind=a&flag=&q=x%20y"
    );
    assert_eq!(sent!(paths, |c| c.fixed_too()).line(), "GET /fixed?kind=b");
    assert_eq!(
        sent!(paths, |c| c.free().kind("a&b")).line(),
        "GET /free?kind=a%26b"
    );
}

#[tokio::test]
async fn values_that_lead_elsewhere_are_refused() {
    for value in ["", ".", "..", "%2e%2e", "../x", "a/../../b"] {
        let message = refused!(paths, |c| c.twice().id(value));
        assert!(message.contains("id"), "{value}: {message}");
    }
    // What is dangerous alone may be harmless between other characters.
    assert_eq!(
        sent!(paths, |c| c.twice().id("a/b")).line(),
        "GET /twice/a%2Fb/a%2Fb"
    );
    assert_eq!(
        sent!(paths, |c| c.twice().id("..x")).line(),
        "GET /twice/..x/..x"
    );
}

#[tokio::test]
async fn servers_are_what_the_document_says() {
    let client = servers::Client::builder().build().expect("a client");
    assert_eq!(
        client.base_url().expect("a default").as_str(),
        "https://eu.servers.test:8443/v2"
    );
    // The user's own wins everywhere, and keeps its prefix.
    for slash in ["", "/"] {
        let server = Server::new(empty(204));
        let client = servers::Client::builder()
            .base_url(format!("{}/prefix{slash}", server.url))
            .build()
            .expect("a client");
        client.of_document().send().await.expect("an answer");
        client.of_path().send().await.expect("an answer");
        client.of_operation().send().await.expect("an answer");
        client.of_relative().send().await.expect("an answer");
        let requests = server.requests();
        let lines: Vec<&str> = requests.iter().map(|request| request.line()).collect();
        assert_eq!(
            lines,
            [
                "GET /prefix/document",
                "GET /prefix/path",
                "POST /prefix/path",
                "GET /prefix/relative"
            ]
        );
    }
    // A relative server alone needs one from the user, and says so.
    let client = probes::server_relative::Client::builder()
        .build()
        .expect("a client");
    let error = client.get().send().await.expect_err("no server");
    assert!(error.to_string().contains("base"), "{error}");
}

/// A hook sees where a request would have gone, and stops it.
#[tokio::test]
async fn paths_and_operations_have_their_own_servers() {
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let urls = std::sync::Arc::clone(&seen);
    let client = servers::Client::builder()
        .before(
            move |request: &mut specmint_client::reqwest::Request, _: &_| {
                urls.lock()
                    .expect("no panic")
                    .push(request.url().to_string());
                Err("stopped".into())
            },
        )
        .build()
        .expect("a client");
    client.of_document().send().await.expect_err("stopped");
    client.of_path().send().await.expect_err("stopped");
    client.of_operation().send().await.expect_err("stopped");
    client.of_relative().send().await.expect_err("stopped");
    assert_eq!(
        *seen.lock().expect("no panic"),
        [
            "https://eu.servers.test:8443/v2/document",
            "https://path.servers.test/x/path",
            "https://operation.servers.test/path",
            "https://eu.servers.test:8443/v3/relative",
        ]
    );
}

#[tokio::test]
async fn credentials_go_where_the_document_says() {
    let credentials = || {
        security::Credentials::header("h1")
            .and_query("q1")
            .and_cookie("c1")
            .and_bearer("b1")
            .and_oauth("o1")
    };
    macro_rules! with {
        ($credentials:expr, |$c:ident| $call:expr) => {{
            let server = Server::new(empty(204));
            let $c = security::Client::builder()
                .base_url(&server.url)
                .credentials($credentials)
                .build()
                .expect("a client");
            $call.send().await.expect("an answer");
            server.request()
        }};
    }
    let request = with!(credentials(), |c| c.inherited());
    assert_eq!(request.header("x-key"), Some("h1"));
    assert_eq!(request.header("authorization"), None);
    let request = with!(credentials(), |c| c.open());
    assert_eq!(
        (request.header("x-key"), request.header("cookie")),
        (None, None)
    );
    let request = with!(credentials(), |c| c.alternatives());
    assert_eq!(request.header("authorization"), Some("Bearer b1"));
    let request = with!(security::Credentials::basic("u", "p"), |c| c.alternatives());
    assert_eq!(request.header("authorization"), Some("Basic dTpw"));
    let request = with!(credentials(), |c| c.combination());
    assert_eq!(request.line(), "DELETE /a?api_key=q1");
    assert_eq!(request.header("cookie"), Some("sid=c1"));
    let request = with!(security::Credentials::default(), |c| c.optional());
    assert_eq!(request.header("authorization"), None);
    let request = with!(security::Credentials::basic("u", "p"), |c| c.optional());
    assert_eq!(request.header("authorization"), Some("Basic dTpw"));
    let request = with!(credentials(), |c| c.oauth());
    assert_eq!(request.header("authorization"), Some("Bearer o1"));
    let request = with!(credentials(), |c| c.with_cookie_parameter().theme("dark"));
    assert_eq!(request.header("cookie"), Some("theme=dark; sid=c1"));

    let message = refused!(security, |c| c.combination());
    assert!(message.contains("combination"), "{message}");
}
