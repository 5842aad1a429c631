//! From an expectation to a mock: what is answered, how often, and what came of it.

use std::fmt;
use std::ops::{Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;

use super::expected::{Expected, Request};
use super::server::Shared;
use crate::api::Api;
use crate::call::Call;

/// A mock that has no answer yet.
#[must_use = "a mock does nothing until it has an answer"]
pub struct When<A> {
    shared: Arc<Shared>,
    expected: Expected,
    api: std::marker::PhantomData<fn() -> A>,
}

impl<A: Api> When<A> {
    #[track_caller]
    pub(crate) fn new(shared: Arc<Shared>, call: Call<'_, A>) -> Self {
        let expected = expectation(&shared, call);
        Self {
            shared,
            expected,
            api: std::marker::PhantomData,
        }
    }

    /// Waits for this call. Values that are not set may be any.
    ///
    /// # Panics
    ///
    /// If a value can't be written into a request.
    #[track_caller]
    pub fn call(mut self, call: Call<'_, A>) -> Self {
        let mut expected = expectation(&self.shared, call);
        expected.keep_checks(&mut self.expected);
        self.expected = expected;
        self
    }

    /// Waits for a request that this is true of, too.
    pub fn matching(mut self, is_right: impl Fn(&Request) -> bool + Send + Sync + 'static) -> Self {
        self.expected.check(is_right);
        self
    }

    /// Answers with a value in JSON.
    ///
    /// # Panics
    ///
    /// If the value can't be written as JSON.
    #[track_caller]
    pub fn json<T: Serialize>(self, status: u16, media_type: &str, body: T) -> Mock {
        let body = json(&body);
        self.bytes(status, media_type, body)
    }

    /// Answers with text.
    pub fn text(self, status: u16, media_type: &str, body: impl Into<String>) -> Mock {
        self.bytes(status, media_type, body.into())
    }

    /// Answers with bytes.
    pub fn bytes(self, status: u16, media_type: &str, body: impl Into<Bytes>) -> Mock {
        self.mount(status, Some(media_type), body.into())
    }

    /// Answers without a body.
    pub fn empty(self, status: u16) -> Mock {
        self.mount(status, None, Bytes::new())
    }

    /// Answers with JSON documents, one per line.
    #[track_caller]
    pub fn lines<T: Serialize>(
        self,
        status: u16,
        media_type: &str,
        items: impl IntoIterator<Item = T>,
    ) -> Mock {
        let lines = items.into_iter().map(|item| json(&item) + "\n");
        let body: String = lines.collect();
        self.bytes(status, media_type, body)
    }

    /// Answers with server-sent events whose data are JSON documents.
    #[track_caller]
    pub fn events<T: Serialize>(
        self,
        status: u16,
        media_type: &str,
        items: impl IntoIterator<Item = T>,
    ) -> Mock {
        let events = items
            .into_iter()
            .map(|item| format!("data: {}\n\n", json(&item)));
        let body: String = events.collect();
        self.bytes(status, media_type, body)
    }

    /// Answers with server-sent events, each an object of its fields.
    #[track_caller]
    pub fn whole_events<T: Serialize>(
        self,
        status: u16,
        media_type: &str,
        items: impl IntoIterator<Item = T>,
    ) -> Mock {
        let mut body = String::new();
        for item in items {
            let fields: serde_json::Map<String, serde_json::Value> =
                crate::decode(&json(&item).into()).unwrap_or_else(|error| refuse(&error));
            for (name, value) in fields {
                let text = match value {
                    serde_json::Value::Null => continue,
                    serde_json::Value::String(text) => text,
                    other => other.to_string(),
                };
                for line in text.split('\n') {
                    body.push_str(&format!("{name}: {line}\n"));
                }
            }
            body.push('\n');
        }
        self.bytes(status, media_type, body)
    }

    #[track_caller]
    fn mount(self, status: u16, media_type: Option<&str>, body: Bytes) -> Mock {
        let status = StatusCode::from_u16(status).unwrap_or_else(|error| refuse(&error));
        let mut headers = HeaderMap::new();
        if let Some(media_type) = media_type {
            let value = HeaderValue::from_str(media_type).unwrap_or_else(|error| refuse(&error));
            headers.insert(CONTENT_TYPE, value);
        }
        let route = Arc::new(Route {
            expected: self.expected,
            state: Mutex::new(State {
                reply: Reply {
                    status,
                    headers,
                    body,
                    delay: Duration::ZERO,
                },
                times: None,
                limit: None,
                requests: Vec::new(),
            }),
        });
        self.shared.mount(Arc::clone(&route));
        Mock { route }
    }
}

impl<A> fmt::Debug for When<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("When").field(&self.expected).finish()
    }
}

#[track_caller]
fn expectation<A: Api>(shared: &Shared, call: Call<'_, A>) -> Expected {
    call.known()
        .and_then(|known| Expected::new(known, &shared.base))
        .unwrap_or_else(|error| refuse(&error))
}

#[track_caller]
fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| refuse(&error))
}

/// A test that asks for what can't be is wrong itself.
#[track_caller]
#[expect(
    clippy::panic,
    reason = "this is how tests fail, at the line that is wrong"
)]
fn refuse(error: &dyn fmt::Display) -> ! {
    panic!("this can't be mocked: {error}")
}

/// A mock that is in place. Dropping this handle leaves it there.
#[derive(Clone)]
pub struct Mock {
    route: Arc<Route>,
}

impl Mock {
    /// How often it has to be called until the server is dropped: a number or a range.
    #[expect(clippy::return_self_not_must_use, reason = "it is in place already")]
    pub fn expect(self, times: impl Into<Times>) -> Self {
        self.route.state().times = Some(times.into());
        self
    }

    /// Answers so often and no more; then the next mock for the same request is asked.
    #[expect(clippy::return_self_not_must_use, reason = "it is in place already")]
    pub fn up_to(self, times: usize) -> Self {
        self.route.state().limit = Some(times);
        self
    }

    /// Adds a header to the answer.
    ///
    /// # Panics
    ///
    /// If it can't be a header.
    #[track_caller]
    #[expect(clippy::return_self_not_must_use, reason = "it is in place already")]
    pub fn header(self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap_or_else(|error| refuse(&error));
        let value = HeaderValue::from_str(value).unwrap_or_else(|error| refuse(&error));
        self.route.state().reply.headers.append(name, value);
        self
    }

    /// Lets callers wait for the answer.
    #[expect(clippy::return_self_not_must_use, reason = "it is in place already")]
    pub fn delay(self, delay: Duration) -> Self {
        self.route.state().reply.delay = delay;
        self
    }

    /// How often it has answered.
    pub fn hits(&self) -> usize {
        self.route.state().requests.len()
    }

    /// What it has answered, in order.
    pub fn requests(&self) -> Vec<Request> {
        self.route.state().requests.clone()
    }
}

impl fmt::Debug for Mock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mock")
            .field("expected", &self.route.expected)
            .field("hits", &self.hits())
            .finish_non_exhaustive()
    }
}

/// An expectation and its answer.
pub(crate) struct Route {
    pub(crate) expected: Expected,
    state: Mutex<State>,
}

struct State {
    reply: Reply,
    times: Option<Times>,
    limit: Option<usize>,
    requests: Vec<Request>,
}

/// What is answered.
#[derive(Clone)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) delay: Duration,
}

impl Route {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer, if it may be given once more.
    pub(crate) fn take(&self, request: &Request) -> Option<Reply> {
        let mut state = self.state();
        if state
            .limit
            .is_some_and(|limit| state.requests.len() >= limit)
        {
            return None;
        }
        state.requests.push(request.clone());
        Some(state.reply.clone())
    }

    /// What is wrong about how often it was called.
    pub(crate) fn complaint(&self) -> Option<String> {
        let state = self.state();
        let times = state.times?;
        let hits = state.requests.len();
        (!times.allow(hits)).then(|| {
            let Expected { operation, .. } = &self.expected;
            let line = self.expected.line();
            format!("`{operation}` ({line}) was called {hits} times, not {times}")
        })
    }
}

/// How often a mock is to be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    least: usize,
    most: Option<usize>,
}

impl Times {
    fn allow(self, hits: usize) -> bool {
        hits >= self.least && self.most.is_none_or(|most| hits <= most)
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.least, self.most) {
            (least, Some(most)) if least == most => write!(f, "{least}"),
            (0, Some(most)) => write!(f, "at most {most}"),
            (least, Some(most)) => write!(f, "{least} to {most}"),
            (least, None) => write!(f, "at least {least}"),
        }
    }
}

impl From<usize> for Times {
    fn from(times: usize) -> Self {
        (times..=times).into()
    }
}

impl From<RangeInclusive<usize>> for Times {
    fn from(range: RangeInclusive<usize>) -> Self {
        Self {
            least: *range.start(),
            most: Some(*range.end()),
        }
    }
}

impl From<Range<usize>> for Times {
    fn from(range: Range<usize>) -> Self {
        Self {
            least: range.start,
            most: Some(range.end.saturating_sub(1)),
        }
    }
}

impl From<RangeFrom<usize>> for Times {
    fn from(range: RangeFrom<usize>) -> Self {
        Self {
            least: range.start,
            most: None,
        }
    }
}

impl From<RangeTo<usize>> for Times {
    fn from(range: RangeTo<usize>) -> Self {
        (0..range.end).into()
    }
}

impl From<RangeToInclusive<usize>> for Times {
    fn from(range: RangeToInclusive<usize>) -> Self {
        (0..=range.end).into()
    }
}

impl From<RangeFull> for Times {
    fn from(_: RangeFull) -> Self {
        (0..).into()
    }
}
