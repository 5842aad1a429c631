//! Interceptors: code of the caller's own around every attempt.
//!
//! Before the first of them runs, the client has applied the credentials; after the last, it
//! checks that the request still goes where those belong.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Request, StatusCode};

use crate::answer::Headers;
use crate::error::BoxError;

/// What a [`Hook`] gives back.
pub type HookFuture<'a> = Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send + 'a>>;

/// Code that runs around every attempt to send a request.
///
/// An error ends the call with [`Error::Hook`](crate::Error::Hook); it isn't retried.
pub trait Hook: Send + Sync + 'static {
    /// Runs before a request is sent and may change it.
    ///
    /// The request has its credentials already. Moving it to another host is refused.
    fn pre<'a>(&'a self, request: &'a mut Request, context: &'a Context) -> HookFuture<'a> {
        let _ = (request, context);
        Box::pin(std::future::ready(Ok(())))
    }

    /// Runs when the head of an answer has arrived, or the attempt has failed.
    fn post<'a>(&'a self, outcome: Outcome<'a>, context: &'a Context) -> HookFuture<'a> {
        let _ = (outcome, context);
        Box::pin(std::future::ready(Ok(())))
    }
}

/// Which call a hook runs for.
#[derive(Clone, Debug)]
pub struct Context {
    pub(crate) operation: Cow<'static, str>,
    pub(crate) attempt: u32,
}

impl Context {
    /// Name of the operation.
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// Number of the attempt, from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }
}

/// How an attempt went.
#[derive(Clone, Copy)]
pub struct Outcome<'a> {
    pub(crate) result: Result<(StatusCode, &'a HeaderMap), &'a reqwest::Error>,
    pub(crate) elapsed: Duration,
}

impl<'a> Outcome<'a> {
    /// Status of the answer, if there is one.
    pub fn status(&self) -> Option<StatusCode> {
        self.result.ok().map(|(status, _)| status)
    }

    /// Headers of the answer, if there is one. They may be confidential.
    pub fn headers(&self) -> Option<&'a HeaderMap> {
        self.result.ok().map(|(_, headers)| headers)
    }

    /// Why there is no answer.
    pub fn error(&self) -> Option<&'a reqwest::Error> {
        self.result.err()
    }

    /// Time from sending the request to the head of the answer.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }
}

impl fmt::Debug for Outcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Outcome");
        match self.result {
            Ok((status, headers)) => {
                debug
                    .field("status", &status)
                    .field("headers", &Headers(headers));
            }
            // The error has the address in it, and that may have a key in it.
            Err(error) => {
                debug
                    .field("timeout", &error.is_timeout())
                    .field("connect", &error.is_connect());
            }
        }
        debug.field("elapsed", &self.elapsed).finish()
    }
}

/// A function that runs before every attempt.
pub(crate) struct Before<F>(pub(crate) F);

impl<F> Hook for Before<F>
where
    F: Fn(&mut Request, &Context) -> Result<(), BoxError> + Send + Sync + 'static,
{
    fn pre<'a>(&'a self, request: &'a mut Request, context: &'a Context) -> HookFuture<'a> {
        Box::pin(std::future::ready((self.0)(request, context)))
    }
}

/// A function that runs after every attempt.
pub(crate) struct After<F>(pub(crate) F);

impl<F> Hook for After<F>
where
    F: Fn(Outcome<'_>, &Context) -> Result<(), BoxError> + Send + Sync + 'static,
{
    fn post<'a>(&'a self, outcome: Outcome<'a>, context: &'a Context) -> HookFuture<'a> {
        Box::pin(std::future::ready((self.0)(outcome, context)))
    }
}
