//! Requests that no table describes, for what an API has and its description hasn't.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{Method, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::answer::{ByteStream, ResponseValue};
use crate::api::{Api, In};
use crate::body::Body;
use crate::body::multipart::{Form, Upload};
use crate::call::{Draft, to_json};
use crate::client::{Client, Core};
use crate::credential::{CredentialSet, Credentials as _};
use crate::error::Error;
use crate::operation::Parameter;
use crate::parameter::style;
use crate::parameter::tree::Tree;
use crate::retry::Retries;
use crate::send::{Access, Exchange, Fault, Prepared, Wanted, invalid};
use crate::server;

/// A request of the caller's own, made by [`Client::request`].
#[must_use = "a request does nothing until one of its terminal methods is awaited"]
pub struct Request<'a, A: Api> {
    client: &'a Client<A>,
    method: Method,
    path: String,
    draft: Draft,
    credentials: Option<A::Credentials>,
}

impl<'a, A: Api> Request<'a, A> {
    pub(crate) fn new(client: &'a Client<A>, method: Method, path: &str) -> Self {
        Self {
            client,
            method,
            path: path.to_owned(),
            draft: Draft::default(),
            credentials: None,
        }
    }

    /// Adds the fields of a struct, the entries of a map, or pairs of names and values to the query.
    pub fn query<T: Serialize>(mut self, query: &T) -> Self {
        let tree = Tree::of(query);
        self.draft.attempt(|draft| {
            let properties = match tree? {
                Tree::Null => Vec::new(),
                Tree::Object(properties) => properties,
                Tree::List(items) => items.into_iter().map(pair).collect::<Result<_, _>>()?,
                _ => return Err(NO_QUERY.to_owned()),
            };
            for (name, value) in properties {
                let usual = Parameter {
                    place: In::Query,
                    ..Parameter::field("")
                };
                let pairs = style::named_pairs(&name, &usual, &value)?;
                draft.query.extend(pairs);
            }
            Ok(())
        });
        self
    }

    /// Sets a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.draft.header(name, value);
        self
    }

    /// Sends a body in JSON.
    pub fn json_body<T: Serialize>(mut self, body: &T) -> Self {
        self.draft.json("application/json", to_json(body).map(Some));
        self
    }

    /// Sends a multipart form.
    pub fn multipart_form(mut self, form: Form) -> Self {
        self.draft.body = Body::Multipart(form);
        self
    }

    /// Sends a body as it is.
    pub fn raw_body(mut self, body: impl Into<Upload>) -> Self {
        let upload = body.into();
        let media_type = upload
            .own_content_type()
            .unwrap_or("application/octet-stream")
            .to_owned();
        self.draft.body = Body::Upload(upload, media_type);
        self
    }

    /// A time limit for this request alone.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.draft.timeout = Some(timeout);
        self
    }

    /// Other retries for this request alone.
    pub fn retries(mut self, retries: Retries) -> Self {
        self.draft.retries = Some(retries);
        self
    }

    /// Other credentials for this request alone.
    pub fn credentials(mut self, credentials: A::Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Sends the request and reads the answer as JSON.
    pub async fn json<T: DeserializeOwned>(self) -> Result<ResponseValue<T>, Error<A::ErrorBody>> {
        self.exchange().json().await
    }

    /// Sends the request; the answer's body, if any, is of no interest.
    pub async fn empty(self) -> Result<ResponseValue<()>, Error<A::ErrorBody>> {
        self.exchange().empty().await
    }

    /// Sends the request and reads the answer as text.
    pub async fn text(self) -> Result<ResponseValue<String>, Error<A::ErrorBody>> {
        self.exchange().text().await
    }

    /// Sends the request and reads the answer into memory.
    pub async fn bytes(self) -> Result<ResponseValue<Bytes>, Error<A::ErrorBody>> {
        self.exchange().bytes().await
    }

    /// Sends the request and returns as soon as the answer's body begins.
    pub async fn stream(self) -> Result<ResponseValue<ByteStream>, Error<A::ErrorBody>> {
        self.exchange().stream().await
    }

    fn exchange(self) -> Exchange<'a, A::ErrorBody> {
        let Self {
            client,
            method,
            path,
            draft,
            credentials,
        } = self;
        let core = client.core();
        let credentials = credentials.map(|it| it.set().clone());
        Exchange {
            core,
            prepared: prepare(core, method, &path, draft, credentials),
            answers: &[],
            errors: &[],
        }
    }
}

fn prepare(
    core: &Core,
    method: Method,
    path: &str,
    mut draft: Draft,
    credentials: Option<CredentialSet>,
) -> Result<Box<Prepared>, Fault> {
    // The query may hold a key, so it is no part of the name.
    let named = path.split(['?', '#']).next().unwrap_or_default();
    let operation = format!("{method} {named}");
    let refuse = |message: String| invalid::<crate::NoBody>(operation.clone(), message);
    if let Some(message) = draft.failure.take() {
        return Err(refuse(message));
    }
    let mut url = address(core, path).map_err(refuse)?;
    if !draft.query.is_empty() {
        let mut query = draft.query.join("&");
        if let Some(fixed) = url.query().filter(|fixed| !fixed.is_empty()) {
            query = format!("{fixed}&{query}");
        }
        url.set_query(Some(&query));
    }
    if !draft.headers.contains_key(ACCEPT) {
        draft
            .headers
            .insert(ACCEPT, HeaderValue::from_static("*/*"));
    }
    let access = if core.trusts(&url, &[]) {
        Access::new(core, credentials, Wanted::Everything).unwrap_or(Access::NOBODY)
    } else {
        Access::NOBODY
    };
    Ok(Box::new(Prepared {
        template: named.to_owned().into(),
        operation: operation.into(),
        method,
        url,
        headers: draft.headers,
        body: draft.body,
        access,
        timeout: draft.timeout.or(core.timeout),
        retries: draft.retries.unwrap_or_else(|| core.retries.clone()),
    }))
}

/// A whole address as it is, a path behind the base URL.
fn address(core: &Core, path: &str) -> Result<Url, String> {
    let whole = path.split_once("://").is_some_and(|(scheme, _)| {
        scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
    });
    if !whole {
        return server::join(&core.base(&[])?, path);
    }
    let url: Url = path
        .parse()
        .map_err(|error| format!("the address is not a URL: {error}"))?;
    if url.scheme() == "http" && !core.allow_http && !server::is_loopback(&url) {
        return Err("plain http has to be allowed explicitly".to_owned());
    }
    Ok(url)
}

impl<A: Api> fmt::Debug for Request<'_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.split(['?', '#']).next().unwrap_or_default();
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &path)
            .finish_non_exhaustive()
    }
}

const NO_QUERY: &str = "the query must be an object, or a list of pairs";

/// A name and its value, as a list of two.
fn pair(item: Tree) -> Result<(String, Tree), String> {
    if let Tree::List(items) = item
        && let Ok([Tree::Text(name), value]) = <[Tree; 2]>::try_from(items)
    {
        return Ok((name, value));
    }
    Err(NO_QUERY.to_owned())
}
