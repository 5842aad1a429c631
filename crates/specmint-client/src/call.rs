//! The call of one operation: values in, a request out, the answer as asked for.
//!
//! Nothing fails here. The first thing that is wrong with a value is kept, and is what the
//! terminal method returns.

mod prepare;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderMap;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::answer::{Answers, ByteStream, ResponseValue};
use crate::api::{Api, In, Scheme};
use crate::body::Body;
use crate::body::multipart::{Form, Upload};
use crate::check::{self, Check};
use crate::client::{self, Client};
use crate::credential::{CredentialSet, Credentials as _};
use crate::error::Error;
use crate::operation::{Operation, Parameter, Plan};
use crate::pages::{Items, Pages, Pagination};
use crate::parameter::tree::Tree;
use crate::parameter::{append_cookie, encode, path, style};
use crate::retry::Retries;
use crate::send::Exchange;

/// The call of an operation.
///
/// Values are given in the order of the operation's table; a terminal method sends the request.
#[must_use = "a call does nothing until one of its terminal methods is awaited"]
pub struct Call<'a, A: Api> {
    client: &'a Client<A>,
    operation: &'static Operation<A::ErrorBody>,
    draft: Draft,
    credentials: Option<CredentialSet>,
}

/// What has been said about a request so far.
#[derive(Clone, Default)]
pub(crate) struct Draft {
    next: usize,
    /// By position in the table; written into the request when it is complete, in that order.
    values: Vec<Option<Result<Value, String>>>,
    paths: Vec<(&'static str, String)>,
    pub(crate) query: Vec<String>,
    pub(crate) headers: HeaderMap,
    cookies: Vec<String>,
    has_body: bool,
    pub(crate) body: Body,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retries: Option<Retries>,
    pub(crate) failure: Option<String>,
}

impl Draft {
    /// Runs what may fail, unless something has failed before.
    pub(crate) fn attempt(&mut self, step: impl FnOnce(&mut Self) -> Result<(), String>) {
        if self.failure.is_none()
            && let Err(message) = step(self)
        {
            self.failure = Some(message);
        }
    }

    /// Keeps a value; the last one for a parameter is the one that counts.
    fn keep(&mut self, index: usize, value: Result<Value, String>) {
        if self.values.len() <= index {
            self.values.resize_with(index + 1, || None);
        }
        if let Some(slot) = self.values.get_mut(index) {
            *slot = Some(value);
        }
    }

    /// Writes all values into the request.
    fn complete(&mut self, plan: &'static Plan) -> Result<(), String> {
        self.write_all(plan, true)?;
        if plan.requires_body && !self.has_body {
            return Err("the body: a value is required".to_owned());
        }
        self.join_cookies()
    }

    /// Writes the values that there are into the request; `whole` is without gaps.
    fn write_all(&mut self, plan: &'static Plan, whole: bool) -> Result<(), String> {
        // The caller's own headers replace those of the table.
        let own = std::mem::take(&mut self.headers);
        let mut values = std::mem::take(&mut self.values).into_iter();
        for parameter in plan.parameters {
            let blame = |message: String| format!("the parameter `{}`: {message}", parameter.name);
            match values.next().flatten() {
                Some(value) => value
                    .and_then(|value| self.write(parameter, value))
                    .map_err(blame)?,
                None if parameter.required && whole => {
                    return Err(blame("a value is required".to_owned()));
                }
                None => {}
            }
        }
        if values.next().is_some() {
            return Err("the call has more values than the operation has parameters".to_owned());
        }
        for (name, value) in &own {
            self.headers.insert(name, value.clone());
        }
        match self.failure.take() {
            Some(message) => Err(message),
            None => Ok(()),
        }
    }

    fn write(&mut self, parameter: &'static Parameter, value: Value) -> Result<(), String> {
        let value = match value {
            Value::Tree(Tree::Null) if parameter.required => {
                return Err("a value is required".to_owned());
            }
            Value::Tree(Tree::Null) => return Ok(()),
            Value::Tree(value) => value,
            // A document is a text like any other, once it is written.
            Value::Document(text) => Tree::Text(text),
        };
        match parameter.place {
            In::Path => {
                let dangerous = match &value {
                    Tree::Text(text) => path::is_dangerous(text),
                    _ => false,
                };
                let written = style::path(parameter, &value)?;
                if dangerous || written.is_empty() {
                    return Err("it may not be empty, `.` or `..`".to_owned());
                }
                self.paths.push((parameter.name, written));
            }
            In::Query => self.query.extend(style::pairs(parameter, &value)?),
            In::Cookie => self.cookies.extend(style::pairs(parameter, &value)?),
            In::Header => {
                if let Some(value) = style::header(parameter, &value)? {
                    let (name, value) = client::header(parameter.name, &value)?;
                    self.headers.insert(name, value);
                }
            }
        }
        Ok(())
    }

    /// Adds a header of the caller's own, in the place of one from the table.
    pub(crate) fn header(&mut self, name: &str, value: &str) {
        self.attempt(|draft| {
            let (name, value) = client::header(name, value)?;
            draft.headers.insert(name, value);
            Ok(())
        });
    }

    pub(crate) fn json(&mut self, media_type: &str, body: Result<Option<Vec<u8>>, String>) {
        self.has_body = true;
        self.attempt(|draft| {
            let body = body.map_err(|message| format!("the body: {message}"))?;
            if let Some(body) = body {
                draft.body = Body::Bytes(body.into(), media_type.to_owned());
            }
            Ok(())
        });
    }

    /// Puts the cookies into their header, behind those that are there already.
    fn join_cookies(&mut self) -> Result<(), String> {
        if self.cookies.is_empty() {
            return Ok(());
        }
        append_cookie(&mut self.headers, &self.cookies.join("; "))
            .map_err(|()| "a cookie has characters that can't be sent".to_owned())
    }
}

/// The value of a parameter, before it is known where it goes.
#[derive(Clone)]
enum Value {
    Tree(Tree),
    Document(String),
}

/// A value as JSON, or nothing for `null`.
pub(crate) fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, String> {
    serde_json::to_vec(value).map_err(|error| error.to_string())
}

impl<'a, A: Api> Call<'a, A> {
    /// Starts a call; the same as [`Client::call`].
    pub fn new(client: &'a Client<A>, operation: &'static Operation<A::ErrorBody>) -> Self {
        let draft = Draft {
            values: Vec::with_capacity(operation.plan.parameters.len()),
            ..Draft::default()
        };
        Self {
            client,
            operation,
            draft,
            credentials: None,
        }
    }

    /// The value of the next parameter in the table.
    ///
    /// `None`, `()` and anything else that is serialized as null is left out, so a
    /// `Result<Option<T>, String>` does for an optional parameter. An `Err` is what the terminal
    /// method returns, as [`Error::InvalidRequest`].
    pub fn parameter<T: Serialize>(mut self, value: Result<T, String>) -> Self {
        let index = self.draft.next;
        self.draft.next += 1;
        self.keep(index, value)
    }

    /// The value of the parameter at this position in the table, in place of an earlier one.
    ///
    /// A value that can't be converted is what the terminal method complains of.
    pub fn set<T: Serialize>(self, index: usize, value: impl TryInto<T>) -> Self {
        let value = value.try_into();
        self.keep(
            index,
            value.map_err(|_| "the value can't be converted".to_owned()),
        )
    }

    /// What values are held against.
    fn bounds(&self, checks: &'static [Check]) -> &'static [Check] {
        if self.client.core().check_bounds {
            checks
        } else {
            &[]
        }
    }

    fn keep<T: Serialize>(mut self, index: usize, value: Result<T, String>) -> Self {
        let parameters = self.operation.plan.parameters;
        let parameter = parameters.get(index);
        let document = parameter.is_some_and(|it| it.content.is_some());
        let value = value.and_then(|value| {
            check::all(self.bounds(parameter.map_or(&[], |it| it.checks)), &value)?;
            let tree = Tree::of(&value)?;
            if document && tree != Tree::Null {
                return Ok(Value::Document(
                    serde_json::to_string(&value).map_err(|error| error.to_string())?,
                ));
            }
            Ok(Value::Tree(tree))
        });
        self.draft.keep(index, value);
        self
    }

    /// A body in JSON. An `Option` that is `None` is sent as `null`;
    /// [`optional_json_body`](Self::optional_json_body) leaves it out.
    pub fn json_body<T: Serialize>(mut self, body: Result<T, String>) -> Self {
        let media_type = self.operation.plan.body.unwrap_or("application/json");
        let body = body.and_then(|body| {
            check::all(self.bounds(self.operation.plan.checks), &body)?;
            to_json(&body).map(Some)
        });
        self.draft.json(media_type, body);
        self
    }

    /// A body in JSON, or no body at all.
    pub fn optional_json_body<T: Serialize>(mut self, body: Result<Option<T>, String>) -> Self {
        let media_type = self.operation.plan.body.unwrap_or("application/json");
        let body = body.and_then(|body| {
            check::all(self.bounds(self.operation.plan.checks), &body)?;
            body.map(|body| to_json(&body)).transpose()
        });
        self.draft.json(media_type, body);
        self
    }

    /// A body as `application/x-www-form-urlencoded`: the fields of a struct. `None` is no body.
    ///
    /// Lists are repeated and objects are written as JSON, unless [`Operation::fields`] says
    /// otherwise.
    pub fn form_body<T: Serialize>(mut self, body: Result<T, String>) -> Self {
        let plan = &self.operation.plan;
        let tree = body.and_then(|body| {
            check::all(self.bounds(plan.checks), &body)?;
            Tree::of(&body)
        });
        self.draft.has_body = true;
        self.draft.attempt(|draft| {
            let blame = |message: String| format!("the body: {message}");
            let properties = match tree.map_err(blame)? {
                Tree::Null => return Ok(()),
                Tree::Object(properties) => properties,
                _ => return Err("the body of a form must be an object".to_owned()),
            };
            let mut pairs = Vec::new();
            for (name, value) in properties {
                let blame = |message: String| format!("the field `{name}`: {message}");
                match plan.fields.iter().find(|field| field.name == name) {
                    Some(field) if field.content.is_some() && value != Tree::Null => {
                        pairs.push(format!("{}={}", encode(&name), encode(&value.to_text())));
                    }
                    Some(field) => pairs.extend(style::pairs(field, &value).map_err(blame)?),
                    None => {
                        let written = style::named_pairs(&name, &Parameter::field(""), &value)
                            .map_err(blame)?;
                        pairs.extend(written);
                    }
                }
            }
            let media_type = plan.body.unwrap_or("application/x-www-form-urlencoded");
            draft.body = Body::Bytes(pairs.join("&").into(), media_type.to_owned());
            Ok(())
        });
        self
    }

    /// A body as `multipart/form-data`: the fields of a struct, [`Upload`]s among them being
    /// files. `None` is no body.
    pub fn multipart_body<T: Serialize>(mut self, body: Result<T, String>) -> Self {
        let plan = &self.operation.plan;
        let form = body.and_then(|body| {
            let form = Form::of(&body, plan.fields, self.bounds(plan.checks))?;
            let strict = self.client.core().check_bounds;
            match form {
                Some(form) if strict => form.complete(plan.fields).map(Some),
                form => Ok(form),
            }
        });
        self.draft.has_body = true;
        self.draft.attempt(|draft| {
            let form = form.map_err(|message| format!("the body: {message}"))?;
            if let Some(form) = form {
                draft.body = Body::Multipart(form);
            }
            Ok(())
        });
        self
    }

    /// A multipart form that was put together by hand.
    pub fn multipart_form(mut self, form: Form) -> Self {
        self.draft.has_body = true;
        self.draft.body = Body::Multipart(form);
        self
    }

    /// A body of text, which may well be XML. `None` is no body.
    pub fn text_body<T: Into<Option<String>>>(mut self, body: Result<T, String>) -> Self {
        let media_type = self
            .operation
            .plan
            .body
            .unwrap_or("text/plain; charset=utf-8");
        let body = body.map(|text| text.into().map(String::into_bytes));
        self.draft.json(media_type, body);
        self
    }

    /// A body that is sent as it is: bytes, a file, a stream. `None` is no body.
    ///
    /// Its media type is the upload's own, or the table's, or `application/octet-stream`.
    pub fn raw_body<T: Into<Upload>>(mut self, body: Result<Option<T>, String>) -> Self {
        let media_type = self.operation.plan.body;
        self.draft.has_body = true;
        self.draft.attempt(|draft| {
            let body = body.map_err(|message| format!("the body: {message}"))?;
            if let Some(body) = body {
                let upload: Upload = body.into();
                let media_type = upload
                    .own_content_type()
                    .or(media_type)
                    .unwrap_or("application/octet-stream")
                    .to_owned();
                draft.body = Body::Upload(upload, media_type);
            }
            Ok(())
        });
        self
    }

    /// A time limit for this call alone.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.draft.timeout = Some(timeout);
        self
    }

    /// Other retries for this call alone.
    pub fn retries(mut self, retries: Retries) -> Self {
        self.draft.retries = Some(retries);
        self
    }

    /// Another header for this call alone; it replaces one of the same name.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.draft.header(name, value);
        self
    }

    /// Other credentials for this call alone.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "as the builder of a client takes them"
    )]
    pub fn credentials(mut self, credentials: A::Credentials) -> Self {
        self.credentials = Some(credentials.set().clone());
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

    /// Sends the request and reads whichever of the documented answers comes.
    pub async fn one_of<T: Answers>(self) -> Result<ResponseValue<T>, Error<A::ErrorBody>> {
        self.exchange().one_of().await
    }

    /// The answer page by page, by the table's [`Pagination`]; one page where it has none.
    ///
    /// A value that is set for the parameter of the page is where it begins. An empty page with a
    /// token goes on; a server that names the same page twice, or one on another server, is an
    /// error.
    pub fn pages<T: DeserializeOwned>(self) -> Pages<'a, T, A::ErrorBody> {
        Pages::new(self)
    }

    /// The items of all pages; everything that is said of [`pages`](Self::pages) holds.
    pub fn items<T: DeserializeOwned>(self) -> Items<'a, T, A::ErrorBody> {
        Items::new(self)
    }

    pub(crate) fn pagination(&self) -> Option<Pagination> {
        self.operation.plan.pages
    }

    /// The value of the parameter at this position, if it has one that can be sent.
    pub(crate) fn value(&self, index: usize) -> Option<&Tree> {
        match self.draft.values.get(index) {
            Some(Some(Ok(Value::Tree(tree)))) if *tree != Tree::Null => Some(tree),
            _ => None,
        }
    }

    /// Another value for the parameter at this position.
    pub(crate) fn put(&mut self, index: usize, value: Tree) {
        self.draft.keep(index, Ok(Value::Tree(value)));
    }

    /// The body as it will be sent, if there is one; an error where that is no JSON.
    pub(crate) fn sent_json(&self) -> Result<Option<&[u8]>, String> {
        match &self.draft.body {
            Body::Empty => Ok(None),
            Body::Bytes(bytes, _) => Ok(Some(bytes)),
            Body::Upload(..) | Body::Multipart(_) => Err("the body is not JSON".to_owned()),
        }
    }

    /// Another body in JSON, of the media type that there is already.
    pub(crate) fn put_json(&mut self, body: Vec<u8>) {
        let usual = self.operation.plan.body.unwrap_or("application/json");
        let media_type = self.draft.body.content_type().unwrap_or(usual).to_owned();
        self.draft.json(&media_type, Ok(Some(body)));
    }

    pub(crate) fn into_exchange(self) -> (Exchange<'a, A::ErrorBody>, &'static [Scheme]) {
        let schemes = self.client.core().schemes;
        (self.exchange(), schemes)
    }

    /// What the request is known to have so far, for a server that waits for it.
    #[cfg(feature = "mock")]
    pub(crate) fn known(self) -> Result<Known, String> {
        let plan = &self.operation.plan;
        let mut draft = self.draft;
        draft.write_all(plan, false)?;
        Ok(Known {
            plan,
            paths: draft.paths,
            query: draft.query,
            headers: draft.headers,
            cookies: draft.cookies,
            body: draft.body,
        })
    }

    fn exchange(self) -> Exchange<'a, A::ErrorBody> {
        let Self {
            client,
            operation,
            draft,
            credentials,
        } = self;
        let media_types = operation
            .plan
            .answers
            .iter()
            .map(|row| row.media_type)
            .chain(operation.errors.iter().map(|row| row.media_type));
        let accept = prepare::accept(media_types);
        let core = client.core();
        Exchange {
            core,
            prepared: prepare::prepare(core, &operation.plan, draft, &accept, credentials),
            answers: operation.plan.answers,
            errors: operation.errors,
        }
    }
}

// Derived, it would ask the API to be `Clone`.
impl<A: Api> Clone for Call<'_, A> {
    fn clone(&self) -> Self {
        Self {
            client: self.client,
            operation: self.operation,
            draft: self.draft.clone(),
            credentials: self.credentials.clone(),
        }
    }
}

impl<A: Api> fmt::Debug for Call<'_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", self.operation)
            .finish_non_exhaustive()
    }
}

/// What is known of a request that isn't complete; all of it as it goes over the wire.
#[cfg(feature = "mock")]
pub(crate) struct Known {
    pub(crate) plan: &'static Plan,
    pub(crate) paths: Vec<(&'static str, String)>,
    pub(crate) query: Vec<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) cookies: Vec<String>,
    pub(crate) body: Body,
}

/// What every builder of a call can be told about this one call: `per_call!(Credentials; Builder
/// …)`, where `Builder<'a>` is a tuple struct around a [`Call`].
#[macro_export]
macro_rules! per_call {
    ($credentials:ty; $($builder:ident)*) => {$(
        impl $builder<'_> {
            /// How long this call may take, all its attempts included, in place of the client's
            /// limit.
            pub fn with_timeout(self, timeout: ::std::time::Duration) -> Self {
                Self(self.0.timeout(timeout))
            }

            /// When and how often this call is sent again, in place of the client's rules.
            pub fn with_retries(self, retries: $crate::Retries) -> Self {
                Self(self.0.retries(retries))
            }

            /// A header for this call alone. It replaces one of the same name.
            pub fn with_header(self, name: &str, value: &str) -> Self {
                Self(self.0.header(name, value))
            }

            /// Credentials for this call alone, in place of the client's.
            pub fn with_credentials(self, credentials: $credentials) -> Self {
                Self(self.0.credentials(credentials))
            }
        }
    )*};
}
