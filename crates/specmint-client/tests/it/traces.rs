//! What a collector of traces sees: names and statuses, no ids, no keys.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use specmint_client::{Call, Operation, Parameter};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::support::acme::{Client, Credentials, types};
use crate::support::server::{Reply, Server};

/// Collects every field of every span and event.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<String>>>);

impl Visit for Collector {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0
            .lock()
            .expect("no panic")
            .push(format!("{}={value:?}", field.name()));
    }
}

impl Subscriber for Collector {
    fn enabled(&self, _metadata: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        attributes.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}

static ITEM: Operation<types::Error> = Operation::new("item", "GET", "/items/{id}")
    .parameters(&[Parameter::path("id"), Parameter::query("q")])
    .security(&[&[0, 3]]);

#[test]
fn a_span_has_names_and_no_secrets() {
    let collector = Collector::default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    tracing::subscriber::with_default(collector.clone(), || {
        runtime.expect("a runtime").block_on(async {
            let server = Server::new([
                Reply::empty(503),
                Reply::new(404, "x-request-id: r\r\n", ""),
            ])
            .await;
            let client = Client::builder()
                .credentials(Credentials::api_key("c4n4ry").and(3, "c4n4ry"))
                .base_url(server.url())
                .build()
                .expect("a client");
            let call = Call::new(&client, &ITEM)
                .parameter(Ok("id-c4n4ry"))
                .parameter(Ok("c4n4ry"));
            call.empty().await.expect_err("not found");
        });
    });
    let fields = collector.0.lock().expect("no panic").clone();
    for expected in [
        "otel.name=GET /items/{id}",
        "http.request.method=\"GET\"",
        "url.template=\"/items/{id}\"",
        "server.address=\"127.0.0.1\"",
        "specmint.operation=\"item\"",
        "http.response.status_code=404",
        "http.request.resend_count=1",
        "http.response.request_id=\"r\"",
        "error.type=\"404\"",
    ] {
        assert!(
            fields
                .iter()
                .any(|field| field.replace('"', "") == expected.replace('"', "")),
            "{expected}: {fields:#?}"
        );
    }
    assert!(
        !fields.iter().any(|field| field.contains("c4n4ry")),
        "{fields:#?}"
    );
}
