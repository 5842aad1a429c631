//! The runtime that generated API clients share.
//!
//! It knows HTTP, credentials and the rules by which OpenAPI writes values into requests. It has
//! never heard of a generator, and serves a client written by hand as well:
//!
//! ```no_run
//! use serde::{Deserialize, Serialize};
//! use specmint_client::{
//!     Answer, Call, CredentialSet, ErrorAnswer, In, Operation, Parameter, Scheme, Secret,
//!     StatusMatch, decode,
//! };
//!
//! /// What tells this API from others.
//! enum Acme {}
//!
//! impl specmint_client::Api for Acme {
//!     const NAME: &'static str = "acme";
//!     const VERSION: &'static str = "1.0.0";
//!     const ENV: &'static str = "ACME";
//!     const SERVERS: &'static [&'static str] = &["https://api.acme.test"];
//!     const SCHEMES: &'static [Scheme] =
//!         &[Scheme::api_key("apiKey", In::Header, "Authorization")];
//!     type ErrorBody = Problem;
//!     type Credentials = Credentials;
//! }
//!
//! #[derive(Clone, Debug, Default)]
//! struct Credentials(CredentialSet);
//!
//! impl Credentials {
//!     fn api_key(key: impl Into<Secret>) -> Self {
//!         Self(CredentialSet::default().with(0, key))
//!     }
//! }
//!
//! impl specmint_client::Credentials for Credentials {
//!     fn set(&self) -> &CredentialSet {
//!         &self.0
//!     }
//!
//!     fn from_set(set: CredentialSet) -> Self {
//!         Self(set)
//!     }
//! }
//!
//! #[derive(Debug, Deserialize)]
//! struct Problem {
//!     message: String,
//! }
//!
//! #[derive(Debug, Deserialize, Serialize)]
//! struct Contact {
//!     name: String,
//! }
//!
//! /// One table per operation says everything about the wire.
//! static UPDATE_CONTACT: Operation<Problem> =
//!     Operation::new("update_contact", "PUT", "/v1/contacts/{id}")
//!         .parameters(&[Parameter::path("id"), Parameter::query("notify")])
//!         .security(&[&[0]])
//!         .answers(&[Answer::new(StatusMatch::Code(200), "application/json")])
//!         .errors(&[ErrorAnswer::json(
//!             StatusMatch::Default,
//!             "application/json",
//!             decode::<Problem>,
//!         )]);
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let client: specmint_client::Client<Acme> = specmint_client::ClientBuilder::new()
//!     .credentials(Credentials::api_key("…"))
//!     .build()?;
//! let contact = Contact { name: "Ada".to_owned() };
//! let updated = Call::new(&client, &UPDATE_CONTACT)
//!     .parameter(Ok("66d0d87e"))
//!     .parameter(Ok(Some(true)))
//!     .json_body(Ok(contact))
//!     .json::<Contact>()
//!     .await;
//! match updated {
//!     Ok(contact) => println!("{}, request {:?}", contact.name, contact.request_id()),
//!     Err(specmint_client::Error::ErrorResponse(problem)) => eprintln!("{}", problem.message),
//!     Err(error) => return Err(error.into()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Promises
//!
//! - A credential goes to the API's own server and nowhere else: redirects are not followed, plain
//!   http is for this machine only, and nothing that can be printed has a secret in it.
//! - No value of a parameter can reach another endpoint.
//! - Nothing is sent twice that could be done twice, unless the caller says so.
//! - Whatever a server sends, an error has its status, its headers, its request id and the first
//!   4 KiB of its body. An answer that isn't a stream never takes more memory than allowed.
//! - Reading is tolerant, writing is exact.
//!
//! # Features
//!
//! - `rustls` (on by default) or `native-tls`: how TLS is spoken.
//! - `cli`: the command line of an API, see `cli`.
//! - `mock`: a server that plays an API in tests, see `mock`.
//! - `tracing`: a span for each call, named as OpenTelemetry's HTTP conventions ask.
//!
//! Calls need a Tokio runtime with its timer enabled.

#![cfg_attr(
    not(test),
    warn(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod answer;
mod api;
mod body;
mod call;
mod check;
#[cfg(feature = "cli")]
pub mod cli;
mod client;
mod credential;
mod enums;
mod env;
mod error;
mod events;
mod hook;
pub mod lenient;
#[cfg(feature = "mock")]
pub mod mock;
mod operation;
mod pages;
mod parameter;
pub(crate) mod record;
mod request;
mod retry;
mod send;
mod server;
mod trace;
mod union;
mod webhook;

pub use answer::{Answers, ByteStream, DecodeError, Received, ResponseValue, decode};
pub use api::{Api, In, Scheme};
pub use body::multipart::{Form, Upload};
pub use bytes::Bytes;
pub use call::Call;
pub use check::Check;
pub use client::{Client, ClientBuilder};
pub use credential::{CredentialSet, Credentials, Secret};
pub use enums::InvalidValue;
pub use env::variables;
pub use error::{
    BoxError, BuildError, Communication, CredentialsError, Error, ErrorResponse, HookError,
    InvalidRequest, MissingCredential, NoBody, ReadError, Unexpected, UnexpectedResponse,
};
pub use events::{Event, Events, JsonEvents, JsonLines};
pub use hook::{Context, Hook, HookFuture, Outcome};
pub use operation::{Answer, ErrorAnswer, Operation, Parameter, StatusMatch, Style};
pub use pages::{Items, Pages, Pagination};
pub use request::Request;
pub use reqwest;
pub use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
pub use reqwest::{Method, StatusCode, Url};
pub use retry::Retries;
pub use server::{Server, Variable};
pub use webhook::{parse, tag};

/// What macros of this crate need; no part of its interface.
#[doc(hidden)]
pub mod __private {
    pub use crate::enums::{closed, open};
    pub use serde;

    /// Reading and writing of structs by tables.
    pub mod record {
        pub use crate::record::making::{each, unset};
        pub use crate::record::{Reader, Record, Write, kind, read, write};
    }

    /// Reading of unions.
    pub mod union {
        pub use crate::union::{branch, read};
    }
}
