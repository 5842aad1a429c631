//! PLACEHOLDER
#![cfg_attr(
    not(test),
    warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod answer;
mod api;
mod body;
mod call;
mod client;
mod credential;
mod enums;
mod env;
mod error;
mod hook;
pub mod lenient;
mod operation;
mod parameter;
mod request;
mod retry;
mod send;
mod server;
mod trace;

pub use answer::{Answers, ByteStream, DecodeError, Received, ResponseValue, decode};
pub use api::{Api, In, Scheme};
pub use body::multipart::{Form, Upload};
pub use bytes::Bytes;
pub use call::Call;
pub use client::{Client, ClientBuilder};
pub use credential::{CredentialSet, Credentials, Secret};
pub use env::variables;
pub use error::{
    BoxError, BuildError, Communication, Error, ErrorResponse, HookError, InvalidRequest,
    MissingCredential, NoBody, ReadError, Unexpected, UnexpectedResponse,
};
pub use hook::{Context, Hook, HookFuture, Outcome};
pub use operation::{Answer, ErrorAnswer, Operation, Parameter, StatusMatch, Style};
pub use request::Request;
pub use reqwest;
pub use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
pub use reqwest::{Method, StatusCode, Url};
pub use retry::Retries;

/// What macros of this crate need; no part of its interface.
#[doc(hidden)]
pub mod __private {
    pub use serde;
}
