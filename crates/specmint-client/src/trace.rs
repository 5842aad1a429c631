//! What can be seen of calls from outside: a span for each, if the feature `tracing` is on.
//!
//! The names are those of OpenTelemetry's conventions for HTTP clients. Addresses are recorded as
//! templates, without a query, so neither ids nor keys are.

use std::future::Future;
use std::time::Duration;

use crate::answer::Head;
use crate::send::{Fault, Prepared};

/// Runs a call in its span.
#[cfg(feature = "tracing")]
pub(crate) async fn call<T>(
    prepared: &Prepared,
    call: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    use tracing::Instrument as _;
    use tracing::field::Empty;

    let span = tracing::info_span!(
        "http.client.request",
        otel.kind = "client",
        otel.name = format!("{} {}", prepared.method, prepared.template),
        http.request.method = prepared.method.as_str(),
        url.template = prepared.template.as_str(),
        url.scheme = prepared.url.scheme(),
        server.address = prepared.url.host_str().unwrap_or_default(),
        server.port = prepared.url.port_or_known_default().unwrap_or_default(),
        specmint.operation = prepared.operation.as_str(),
        http.request.resend_count = Empty,
        http.response.status_code = Empty,
        http.response.request_id = Empty,
        error.type = Empty,
    );
    let result = call.instrument(span.clone()).await;
    match &result {
        Ok(_) => {}
        Err(error) if error.is_timeout() => {
            span.record("error.type", "timeout");
        }
        Err(error) => {
            span.record("error.type", kind(error));
        }
    }
    result
}

#[cfg(feature = "tracing")]
fn kind(error: &Fault) -> &'static str {
    use crate::error::Error;

    match error {
        Error::InvalidRequest(_) => "invalid_request",
        Error::MissingCredential(_) => "missing_credential",
        Error::Communication(_) => "communication",
        Error::ErrorResponse(_) => "error_response",
        Error::UnexpectedResponse(_) => "unexpected_response",
        Error::Hook(_) => "hook",
    }
}

/// Notes the answer to an attempt.
#[cfg(feature = "tracing")]
pub(crate) fn answered(head: &Head) {
    let span = tracing::Span::current();
    span.record("http.response.status_code", head.status.as_u16());
    if head.attempts > 1 {
        span.record("http.request.resend_count", head.attempts - 1);
    }
    if let Some(id) = head.request_id() {
        span.record("http.response.request_id", id);
    }
    if head.status.is_client_error() || head.status.is_server_error() {
        span.record("error.type", head.status.as_str());
    }
}

/// Notes that an attempt failed and another follows.
#[cfg(feature = "tracing")]
pub(crate) fn retry(attempt: u32, delay: Duration) {
    tracing::debug!(attempt, delay_ms = delay.as_millis(), "the request will be sent again");
}

/// Runs a call; nobody is watching.
#[cfg(not(feature = "tracing"))]
pub(crate) async fn call<T>(
    prepared: &Prepared,
    call: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    let _ = &prepared.template;
    call.await
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn answered(_head: &Head) {}

#[cfg(not(feature = "tracing"))]
pub(crate) fn retry(_attempt: u32, _delay: Duration) {}
