//! What can be seen of calls from outside: a span for each, if the feature `tracing` is on.
//!
//! The names are those of OpenTelemetry's conventions for HTTP clients. Addresses are recorded as
//! templates, without a query, so neither ids nor keys are.

use std::future::Future;
use std::time::Duration;

use crate::answer::Head;
#[cfg(feature = "tracing")]
use crate::send::Fault;
use crate::send::Prepared;

/// The record of one call. Without the feature there is nothing in it.
pub(crate) struct Trace {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

#[cfg(feature = "tracing")]
impl Trace {
    pub(crate) fn new(prepared: &Prepared) -> Self {
        use tracing::field::Empty;

        let span = tracing::info_span!(
            "http.client.request",
            otel.kind = "client",
            otel.name = format!("{} {}", prepared.method, prepared.template),
            http.request.method = prepared.method.as_str(),
            url.template = &*prepared.template,
            url.scheme = prepared.url.scheme(),
            server.address = prepared.url.host_str().unwrap_or_default(),
            server.port = prepared.url.port_or_known_default().unwrap_or_default(),
            specmint.operation = &*prepared.operation,
            http.request.resend_count = Empty,
            http.response.status_code = Empty,
            http.response.request_id = Empty,
            error.type = Empty,
        );
        Self { span }
    }

    /// Runs the call in its span.
    pub(crate) async fn run<T>(
        &self,
        call: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        use tracing::Instrument as _;

        let result = call.instrument(self.span.clone()).await;
        if let Err(error) = &result {
            self.span.record("error.type", kind(error));
        }
        result
    }

    /// Notes the answer to an attempt.
    pub(crate) fn answered(&self, head: &Head) {
        self.span
            .record("http.response.status_code", head.status.as_u16());
        if head.attempts > 1 {
            self.span
                .record("http.request.resend_count", head.attempts - 1);
        }
        if let Some(id) = head.request_id() {
            self.span.record("http.response.request_id", id);
        }
        if head.status.is_client_error() || head.status.is_server_error() {
            self.span.record("error.type", head.status.as_str());
        }
    }

    /// Notes that an attempt failed and another follows.
    pub(crate) fn retry(&self, attempt: u32, delay: Duration) {
        let delay = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
        tracing::debug!(parent: &self.span, attempt, delay_ms = delay, "the request will be sent again");
    }
}

#[cfg(feature = "tracing")]
fn kind(error: &Fault) -> &'static str {
    use crate::error::Error;

    match error {
        error if error.is_timeout() => "timeout",
        Error::InvalidRequest(_) => "invalid_request",
        Error::MissingCredential(_) => "missing_credential",
        Error::Communication(_) => "communication",
        Error::ErrorResponse(_) => "error_response",
        Error::UnexpectedResponse(_) => "unexpected_response",
        Error::Hook(_) => "hook",
        Error::Credentials(_) => "credentials",
    }
}

#[cfg(not(feature = "tracing"))]
#[expect(
    clippy::unused_self,
    reason = "with the feature, all of them look into the span"
)]
impl Trace {
    pub(crate) fn new(prepared: &Prepared) -> Self {
        let _ = &prepared.template;
        Self {}
    }

    pub(crate) fn run<F>(&self, call: F) -> F
    where
        F: Future,
    {
        call
    }

    pub(crate) fn answered(&self, _head: &Head) {}

    pub(crate) fn retry(&self, _attempt: u32, _delay: Duration) {}
}
