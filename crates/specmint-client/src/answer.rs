//! What a server said: its status and headers, and the body in the shape that was asked for.

use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::StreamExt as _;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde::de::DeserializeOwned;

use crate::error::ReadError;
use crate::events::{Events, JsonEvents, JsonLines};

/// Headers by which servers name a request, the likelier first.
const REQUEST_ID: &[&str] = &[
    "x-request-id",
    "request-id",
    "x-amzn-requestid",
    "x-amz-request-id",
    "x-amzn-trace-id",
    "x-correlation-id",
    "x-trace-id",
    "x-ms-request-id",
    "x-github-request-id",
    "apim-request-id",
    "cf-ray",
];

/// Headers whose values may be printed. Of others only the names are.
const PRINTABLE: &[&str] = &["content-length", "content-type", "date", "retry-after"];

/// Everything about an answer but its body.
#[derive(Clone)]
pub(crate) struct Head {
    pub(crate) operation: Cow<'static, str>,
    pub(crate) status: StatusCode,
    /// Shared, since what a call knows so far is kept beside the call.
    pub(crate) headers: Arc<HeaderMap>,
    pub(crate) attempts: u32,
}

impl Head {
    pub(crate) fn request_id(&self) -> Option<&str> {
        REQUEST_ID
            .iter()
            .filter_map(|name| self.headers.get(*name)?.to_str().ok())
            .find(|id| !id.is_empty() && id.len() <= 256)
    }

    pub(crate) fn content_type(&self) -> &str {
        self.headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    pub(crate) fn debug(&self, debug: &mut fmt::DebugStruct<'_, '_>) {
        debug
            .field("operation", &self.operation)
            .field("status", &self.status)
            .field("request_id", &self.request_id())
            .field("attempts", &self.attempts)
            .field("headers", &Headers(&self.headers));
    }

    /// `404 Not Found`, with the request id if there is one.
    pub(crate) fn summary(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status.as_u16())?;
        if let Some(reason) = self.status.canonical_reason() {
            write!(f, " {reason}")?;
        }
        self.suffix(f)
    }

    /// What stands in brackets after a message: request id and attempts, where worth saying.
    pub(crate) fn suffix(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.request_id(), self.attempts) {
            (None, 0 | 1) => Ok(()),
            (None, attempts) => write!(f, " ({attempts} attempts)"),
            (Some(id), 0 | 1) => write!(f, " (request id {id})"),
            (Some(id), attempts) => write!(f, " (request id {id}, {attempts} attempts)"),
        }
    }
}

/// Prints the names of headers, and values only where nobody would mind.
pub(crate) struct Headers<'a>(pub(crate) &'a HeaderMap);

impl fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (name, value) in self.0 {
            if PRINTABLE.contains(&name.as_str()) {
                map.entry(&name.as_str(), value);
            } else {
                map.entry(&name.as_str(), &format_args!("…"));
            }
        }
        map.finish()
    }
}

/// A successful answer: what was asked for, and the status and headers that came with it.
///
/// It can be used like the value in it.
#[derive(Clone)]
pub struct ResponseValue<T> {
    head: Box<Head>,
    value: T,
}

impl<T> ResponseValue<T> {
    pub(crate) fn new(head: Head, value: T) -> Self {
        Self {
            head: Box::new(head),
            value,
        }
    }

    /// HTTP status.
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// All headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// The server's name for this request, which its operators will ask for.
    pub fn request_id(&self) -> Option<&str> {
        self.head.request_id()
    }

    /// How often the request was sent: 1 unless it was retried.
    pub fn attempts(&self) -> u32 {
        self.head.attempts
    }

    /// Name of the operation that was called.
    pub fn operation(&self) -> &str {
        &self.head.operation
    }

    /// The value alone.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The same answer with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> ResponseValue<U> {
        ResponseValue {
            head: self.head,
            value: change(self.value),
        }
    }

    pub(crate) fn head(&self) -> &Head {
        &self.head
    }
}

impl<T> Deref for ResponseValue<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for ResponseValue<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T> AsRef<T> for ResponseValue<T> {
    fn as_ref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for ResponseValue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("ResponseValue");
        self.head.debug(&mut debug);
        debug.field("value", &self.value).finish()
    }
}

/// Why a body isn't what was documented.
#[derive(Clone, Debug)]
pub struct DecodeError {
    message: String,
}

impl DecodeError {
    /// A reason, in lower case and without a final dot.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for DecodeError {}

/// Reads JSON; an empty body is read as `null`. The error names the place in the document.
pub fn decode<T: DeserializeOwned>(body: &Bytes) -> Result<T, DecodeError> {
    decode_slice(body)
}

pub(crate) fn decode_slice<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    let empty = body.iter().all(u8::is_ascii_whitespace);
    let text: &[u8] = if empty { b"null" } else { body };
    // A byte order mark isn't JSON, and is sent all the same.
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    // To know the place costs as much as to read; it is only looked for where something is wrong.
    if let Ok(value) = serde_json::from_slice(text) {
        return Ok(value);
    }
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        if empty {
            return DecodeError::new("the body is empty");
        }
        let path = error.path().to_string();
        let reason = harmless(error.inner());
        DecodeError::new(if path == "." {
            reason
        } else {
            format!("at `{path}`: {reason}")
        })
    })?;
    deserializer
        .end()
        .map_err(|error| DecodeError::new(harmless(&error)))?;
    Ok(value)
}

/// What a JSON error says, without the values that it quotes from the body.
fn harmless(error: &serde_json::Error) -> String {
    let position = format!("line {} column {}", error.line(), error.column());
    match error.classify() {
        serde_json::error::Category::Data => {
            let message = error.to_string();
            // `invalid type: string "…", expected …`, `missing field `x``: the quoted value is
            // between the first quotation mark and the last.
            let message = match (message.find('"'), message.rfind('"')) {
                (Some(start), Some(end)) if start < end => {
                    let (before, rest) = message.split_at(start);
                    let after = rest.split_at(end - start + 1).1;
                    format!("{before}\"…\"{after}")
                }
                _ => message,
            };
            message.replace('\n', " ")
        }
        serde_json::error::Category::Eof => format!("the JSON ends too early, {position}"),
        _ => format!("invalid JSON, {position}"),
    }
}

/// Reads text by the character set that the `Content-Type` names, UTF-8 otherwise.
pub(crate) fn text(content_type: &str, body: &[u8]) -> String {
    let charset = content_type.parse::<mime::Mime>().ok().and_then(|mime| {
        encoding_rs::Encoding::for_label(mime.get_param(mime::CHARSET)?.as_str().as_bytes())
    });
    charset
        .unwrap_or(encoding_rs::UTF_8)
        .decode(body)
        .0
        .into_owned()
}

/// An answer that has been received, for types that choose by status and media type.
#[derive(Clone)]
pub struct Received {
    pub(crate) head: Head,
    pub(crate) row: Option<usize>,
    pub(crate) body: Bytes,
}

impl Received {
    /// Index of the row of [`Operation::answers`](crate::Operation::answers) that fits the status
    /// and the content type best; `None` if none fits the status.
    pub fn row(&self) -> Option<usize> {
        self.row
    }

    /// HTTP status.
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// All headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// The body, read as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        decode(&self.body)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        text(self.head.content_type(), &self.body)
    }

    /// The body as it is.
    pub fn bytes(&self) -> Bytes {
        self.body.clone()
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Received");
        self.head.debug(&mut debug);
        debug.field("row", &self.row).finish_non_exhaustive()
    }
}

/// A type with a variant for each documented answer, chosen by status and media type.
pub trait Answers: Sized {
    /// Reads an answer; [`Received::row`] says which of the documented ones it is.
    fn decode(answer: &Received) -> Result<Self, DecodeError>;
}

/// A body that is still arriving.
///
/// Chunks have no meaning: they are whatever the network made of the body. Dropping the stream
/// closes the connection. A body that breaks off is an error, not an end.
pub struct ByteStream {
    inner: Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>,
    operation: Cow<'static, str>,
    received: u64,
    limit: u64,
    content_type: String,
}

impl ByteStream {
    pub(crate) fn new(response: reqwest::Response, head: &Head, limit: u64) -> Self {
        Self {
            inner: Box::pin(response.bytes_stream()),
            operation: head.operation.clone(),
            received: 0,
            limit,
            content_type: head.content_type().to_owned(),
        }
    }

    /// The rest of the body as server-sent events (`text/event-stream`).
    pub fn events(self) -> Events {
        Events::new(self)
    }

    /// The data of server-sent events, each a JSON document. `[DONE]` is none and is left out.
    pub fn json_events<T: DeserializeOwned>(self) -> JsonEvents<T> {
        JsonEvents::new(self, false)
    }

    /// Server-sent events as objects with `event`, `id`, `retry` and `data`, the latter as JSON
    /// where it is.
    pub fn whole_events<T: DeserializeOwned>(self) -> JsonEvents<T> {
        JsonEvents::new(self, true)
    }

    /// The rest of the body as JSON documents, one per line (`application/x-ndjson`).
    pub fn json_lines<T: DeserializeOwned>(self) -> JsonLines<T> {
        JsonLines::new(self)
    }

    /// Refuses values that take more memory than an answer may.
    pub(crate) fn check(&self, held: usize) -> Result<(), ReadError> {
        if held as u64 > self.limit {
            return Err(ReadError::too_large(
                self.operation.clone(),
                self.received,
                self.limit,
            ));
        }
        Ok(())
    }

    /// An error about what has been received.
    pub(crate) fn malformed(&self, message: String) -> ReadError {
        ReadError::malformed(self.operation.clone(), self.received, message)
    }

    /// The rest of the body, up to the client's limit for answers that are kept in memory.
    pub async fn bytes(mut self) -> Result<Bytes, ReadError> {
        let mut body = BytesMut::new();
        while let Some(chunk) = self.next().await {
            let chunk = chunk?;
            if (body.len() as u64).saturating_add(chunk.len() as u64) > self.limit {
                return Err(ReadError::too_large(
                    self.operation,
                    self.received,
                    self.limit,
                ));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }

    /// The rest of the body as text, with the same limit.
    pub async fn text(self) -> Result<String, ReadError> {
        let content_type = self.content_type.clone();
        Ok(text(&content_type, &self.bytes().await?))
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, ReadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        this.inner.as_mut().poll_next(cx).map(|item| {
            item.map(|chunk| match chunk {
                Ok(chunk) => {
                    this.received = this.received.saturating_add(chunk.len() as u64);
                    Ok(chunk)
                }
                Err(error) => Err(ReadError::broken(
                    this.operation.clone(),
                    this.received,
                    error,
                )),
            })
        })
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream")
            .field("received", &self.received)
            .finish_non_exhaustive()
    }
}
