//! What the user of a generated client gets, one file per promise: each drives operations of this
//! crate, as it was exported, against a server that records raw bytes.

use std::time::Duration;

use parcels::{Client, ClientBuilder, Credentials, Retries};

mod additions;
mod answers;
mod bodies;
mod command_line;
mod credentials;
mod docs;
mod errors;
mod from_env;
mod names_and_types;
mod pagination;
mod parameters;
mod per_call;
mod retries;
mod scalars;
mod seen_from_outside;
mod server;
mod servers;
mod several_answers;
mod strict_writing;
mod testing;
mod timeouts;
mod tolerant_reading;
mod webhooks;
mod weight;

/// A client of a server on this machine that tries twice, without waiting long.
fn settings(server: &server::Server) -> ClientBuilder {
    Client::builder()
        .credentials(Credentials::api_key("key-1"))
        .base_url(&server.url)
        .retries(
            Retries::default()
                .attempts(2)
                .base_delay(Duration::from_millis(1)),
        )
}

fn client(server: &server::Server) -> Client {
    settings(server).build().expect("a client")
}

/// A parcel as the document has it.
const PARCEL: &str = r#"{"id":"67e55044-10b1-426f-9247-bb680e5fe0c8","state":"on-the-way",
    "weight":1200,"createdAt":"2026-03-01T12:30:00Z","note":null}"#;
