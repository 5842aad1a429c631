//! What is read from the environment, and what is said if it isn't there.

use specmint_client::{Api, Call, CredentialSet, Credentials as _, Operation, Scheme};

use crate::support::acme;
use crate::support::server::{Reply, Server};

fn lookup<'a>(variables: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
    |name| {
        variables
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| (*value).to_owned())
    }
}

#[test]
fn names_of_variables() {
    assert_eq!(
        specmint_client::variables::<acme::Api>(),
        [
            "ACME_API_KEY_API_KEY",
            "ACME_TOKEN",
            "ACME_USERNAME",
            "ACME_PASSWORD",
            "ACME_API_KEY_QUERY_KEY",
            "ACME_API_KEY_SESSION",
            "ACME_BASE_URL",
        ]
    );
    assert_eq!(
        specmint_client::variables::<Globex>(),
        ["GLOBEX_API_KEY", "GLOBEX_BASE_URL"]
    );
}

/// An API with one scheme, and a client without a type of its own.
#[derive(Debug)]
enum Globex {}

#[derive(Clone, Debug, Default)]
struct Set(CredentialSet);

impl specmint_client::Credentials for Set {
    fn set(&self) -> &CredentialSet {
        &self.0
    }

    fn from_set(set: CredentialSet) -> Self {
        Self(set)
    }
}

impl Api for Globex {
    const NAME: &'static str = "globex (β)";
    const VERSION: &'static str = "2 beta/1";
    const ENV: &'static str = "GLOBEX";
    const SCHEMES: &'static [Scheme] =
        &[Scheme::api_key("key", specmint_client::In::Header, "x-key")];
    type ErrorBody = specmint_client::NoBody;
    type Credentials = Set;
}

static PING: Operation<specmint_client::NoBody> =
    Operation::new("ping", "GET", "/ping").security(&[&[0]]);

#[tokio::test]
async fn credentials_and_base_url_are_used() {
    let server = Server::new([Reply::empty(200)]).await;
    let base = format!("{}/eu/", server.url());
    let variables = [
        ("GLOBEX_API_KEY", " k3y\n"),
        ("GLOBEX_BASE_URL", base.as_str()),
    ];
    let builder = specmint_client::Client::<Globex>::builder();
    let client = builder
        .environment_from(lookup(&variables))
        .expect("credentials");
    let client = client.build().expect("a client");
    Call::new(&client, &PING).empty().await.expect("success");
    let request = server.request();
    assert_eq!(request.target(), "/eu/ping");
    assert_eq!(request.header("x-key"), Some("k3y"));
    let agent = format!("specmint/{} globex----/2-beta-1", env!("CARGO_PKG_VERSION"));
    assert_eq!(request.header("user-agent"), Some(agent.as_str()));
}

#[track_caller]
fn refused(variables: &[(&str, &str)]) -> String {
    specmint_client::Client::<acme::Api>::builder()
        .environment_from(lookup(variables))
        .expect_err("an error")
        .to_string()
}

#[test]
fn what_is_missing_is_named() {
    assert_eq!(
        refused(&[]),
        "no credential in the environment: set `ACME_API_KEY_API_KEY` or `ACME_TOKEN` or \
         `ACME_USERNAME` or `ACME_PASSWORD` or `ACME_API_KEY_QUERY_KEY` or `ACME_API_KEY_SESSION`"
    );
    assert!(refused(&[("ACME_TOKEN", " ")]).ends_with(" (`ACME_TOKEN` is set, but empty)"));
    assert!(
        refused(&[("ACME_TOKEN", ""), ("ACME_USERNAME", "")])
            .ends_with(" (`ACME_TOKEN`, `ACME_USERNAME` are set, but empty)")
    );
    assert_eq!(
        refused(&[("ACME_PASSWORD", "x")]),
        "the environment variable `ACME_PASSWORD` can't be used: it is set, but `ACME_USERNAME` is not"
    );
    assert!(
        refused(&[("ACME_TOKEN", "x"), ("ACME_BASE_URL", "acme.test")])
            .starts_with("the environment variable `ACME_BASE_URL` can't be used: it is not a URL")
    );
}

#[test]
fn an_api_without_schemes_needs_no_variables() {
    #[derive(Debug)]
    enum Open {}
    impl Api for Open {
        const NAME: &'static str = "open";
        const VERSION: &'static str = "1";
        const ENV: &'static str = "OPEN";
        type ErrorBody = specmint_client::NoBody;
        type Credentials = Set;
    }
    let builder = specmint_client::Client::<Open>::builder();
    let client = builder
        .environment_from(|_| None)
        .expect("nothing is needed")
        .build();
    assert_eq!(client.expect("a client").base_url(), None);
    assert!(Set::default().set().is_empty());
}
