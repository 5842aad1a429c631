//! What a call costs over the same call written by hand, against a server on this machine.
//!
//! "By hand, alike" has the time limit and the headers of every generated call besides. All sides
//! send the same request otherwise, keep the connection and read the answer into the same type.

#![expect(missing_docs, reason = "a benchmark has no interface")]

use std::net::SocketAddr;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use serde::{Deserialize, Serialize};
use specmint_client::{Answer, Call, CredentialSet, In, NoBody, Operation, Parameter, Scheme};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

enum Acme {}

impl specmint_client::Api for Acme {
    const NAME: &'static str = "acme";
    const VERSION: &'static str = "1.0.0";
    const ENV: &'static str = "ACME";
    const SERVERS: &'static [&'static str] = &["https://api.acme.test"];
    const SCHEMES: &'static [Scheme] = &[Scheme::api_key("key", In::Header, "Authorization")];
    type ErrorBody = NoBody;
    type Credentials = Credentials;
}

#[derive(Clone, Debug, Default)]
struct Credentials(CredentialSet);

impl specmint_client::Credentials for Credentials {
    fn set(&self) -> &CredentialSet {
        &self.0
    }

    fn from_set(set: CredentialSet) -> Self {
        Self(set)
    }
}

static UPDATE: Operation<NoBody> = Operation::new("update", "PUT", "/v1/contacts/{id}")
    .parameters(&[Parameter::path("id"), Parameter::query("notify")])
    .security(&[&[0]])
    .requires_body()
    .answers(&[Answer::json(200)]);

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Contact {
    name: String,
    tags: Vec<String>,
    age: i64,
}

/// Answers every request on every connection alike.
async fn serve() -> SocketAddr {
    const BODY: &str = r#"{"name":"Ada","tags":["a","b"],"age":36}"#;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let _ = stream.set_nodelay(true);
                let answer = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
                     content-length: {}\r\n\r\n{BODY}",
                    BODY.len()
                );
                let mut seen = Vec::new();
                let mut buffer = [0; 4096];
                while let Ok(count @ 1..) = stream.read(&mut buffer).await {
                    seen.extend_from_slice(&buffer[..count]);
                    // The body of the request is the only thing that ends with a brace.
                    if seen.ends_with(b"}") {
                        seen.clear();
                        if stream.write_all(answer.as_bytes()).await.is_err() {
                            break;
                        }
                    }
                }
            });
        }
    });
    address
}

/// The rest of a call by hand.
async fn finished(request: reqwest::RequestBuilder, contact: &Contact) -> Contact {
    let answer = request.json(contact).send().await;
    let answer = answer.and_then(reqwest::Response::error_for_status);
    let answer = answer.expect("an answer");
    answer.json().await.expect("a contact")
}

fn calls(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let address = runtime.block_on(serve());
    let base = format!("http://{address}");
    let contact = Contact {
        name: "Ada".to_owned(),
        tags: vec!["a".to_owned()],
        age: 36,
    };
    let client: specmint_client::Client<Acme> = specmint_client::ClientBuilder::new()
        .credentials(Credentials(CredentialSet::default().with(0, "key")))
        .base_url(&base)
        .build()
        .expect("a client");
    let plain = reqwest::Client::new();
    let mut group = criterion.benchmark_group("call");
    let by_hand = || {
        plain
            .put(format!("{base}/v1/contacts/66d0d87e"))
            .query(&[("notify", "true")])
            .header("Authorization", "key")
    };
    group.bench_function("by hand", |bencher| {
        bencher.iter(|| runtime.block_on(finished(by_hand(), &contact)));
    });
    group.bench_function("by hand, alike", |bencher| {
        bencher.iter(|| {
            let request = by_hand()
                .header("Accept", "application/json")
                .header("User-Agent", "acme/1.0.0")
                .timeout(Duration::from_secs(30));
            runtime.block_on(finished(request, &contact))
        });
    });
    group.bench_function("generated", |bencher| {
        bencher.iter(|| {
            runtime.block_on(async {
                Call::new(&client, &UPDATE)
                    .set::<String>(0, "66d0d87e")
                    .set::<bool>(1, true)
                    .json_body::<Contact>(Ok(contact.clone()))
                    .json::<Contact>()
                    .await
                    .expect("a contact")
            })
        });
    });
    group.finish();
}

criterion_group!(benches, calls);
criterion_main!(benches);
