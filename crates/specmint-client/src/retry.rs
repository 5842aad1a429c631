//! When to send a request again, and after how long.
//!
//! Pure decisions. Sending and waiting happen elsewhere.

use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Method, StatusCode};

/// When and how often failed requests are sent again.
///
/// By default a request is sent three times at most. It is repeated after 408, 429 and 5xx but
/// 501, and after a lost connection, if its method is idempotent or it has an `Idempotency-Key`
/// header. Delays grow exponentially, with full jitter; `Retry-After` is obeyed up to a minute.
/// A body that is a stream can't be sent twice.
#[derive(Clone, Debug)]
pub struct Retries {
    attempts: u32,
    base: Duration,
    longest: Duration,
    obeyed: Duration,
    every_method: bool,
}

impl Default for Retries {
    fn default() -> Self {
        Self {
            attempts: 3,
            base: Duration::from_millis(500),
            longest: Duration::from_secs(8),
            obeyed: Duration::from_secs(60),
            every_method: false,
        }
    }
}

impl Retries {
    /// Every request is sent once.
    pub fn none() -> Self {
        Self::default().attempts(1)
    }

    /// How often a request is sent at most, the first time included.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// Upper bound of the first delay. It doubles with every attempt.
    #[must_use]
    pub fn base_delay(mut self, delay: Duration) -> Self {
        self.base = delay;
        self
    }

    /// Upper bound of every delay that the server didn't ask for.
    #[must_use]
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.longest = delay;
        self
    }

    /// How long a server may make us wait by `Retry-After`.
    #[must_use]
    pub fn max_retry_after(mut self, delay: Duration) -> Self {
        self.obeyed = delay;
        self
    }

    /// Repeats requests whatever their method. A server that answered nothing may still have done
    /// what the request asked for, and will do it again.
    #[must_use]
    pub fn every_method(mut self, every_method: bool) -> Self {
        self.every_method = every_method;
        self
    }

    pub(crate) fn allow(&self, method: &Method, headers: &HeaderMap) -> bool {
        self.attempts > 1
            && (self.every_method
                || method.is_idempotent()
                || headers.contains_key("idempotency-key"))
    }

    /// How long to wait after the attempt of this number, which got these headers; `None` if it
    /// was the last.
    pub(crate) fn delay(&self, attempt: u32, headers: Option<&HeaderMap>) -> Option<Duration> {
        if attempt >= self.attempts {
            return None;
        }
        if let Some(asked) = headers.and_then(after) {
            return Some(asked.min(self.obeyed));
        }
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
        let bound = self.base.saturating_mul(doubled).min(self.longest);
        Some(bound.mul_f64(fastrand::f64()))
    }
}

/// Whether a status may go away by itself.
pub(crate) fn is_transient(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS
    ) || (status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED)
}

/// What `Retry-After` says, in either of its forms. A date in the past means now.
pub(crate) fn after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        // `try_from` refuses negative numbers, infinities and what doesn't fit.
        return match Duration::try_from_secs_f64(seconds) {
            Ok(delay) => Some(delay),
            Err(_) if seconds > 0.0 => Some(Duration::MAX),
            Err(_) => Some(Duration::ZERO),
        };
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn asked(text: &str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_str(text).expect("a header"));
        Retries::default().delay(1, Some(&headers))
    }

    #[test]
    fn retry_after_is_clamped() {
        assert_eq!(asked("2"), Some(Duration::from_secs(2)));
        assert_eq!(asked("0.25"), Some(Duration::from_millis(250)));
        assert_eq!(asked("-5"), Some(Duration::ZERO));
        assert_eq!(asked("1e9"), Some(Duration::from_secs(60)));
        assert_eq!(asked("inf"), Some(Duration::from_secs(60)));
        assert_eq!(
            asked("999999999999999999999999999999"),
            Some(Duration::from_secs(60))
        );
        assert_eq!(asked("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::ZERO));
        let soon = SystemTime::now() + Duration::from_secs(30);
        let delay = asked(&httpdate::fmt_http_date(soon)).expect("a delay");
        assert!(
            delay > Duration::from_secs(25) && delay <= Duration::from_secs(30),
            "{delay:?}"
        );
    }

    #[test]
    fn nonsense_in_retry_after_falls_back_to_backoff() {
        for text in ["soon", "NaN"] {
            let delay = asked(text).expect("a delay");
            assert!(delay <= Duration::from_millis(500), "{text}: {delay:?}");
        }
    }

    #[test]
    fn delays_grow_up_to_their_bound_and_end() {
        let retries = Retries::default().attempts(u32::MAX);
        for attempt in [1, 2, 3, 4, 5, 40, u32::MAX - 1] {
            let bound = Duration::from_millis(500)
                .saturating_mul(2_u32.saturating_pow(attempt - 1))
                .min(Duration::from_secs(8));
            for _ in 0..50 {
                let delay = retries.delay(attempt, None).expect("a delay");
                assert!(delay <= bound, "attempt {attempt}: {delay:?}");
            }
        }
        assert_eq!(Retries::default().delay(3, None), None);
        assert_eq!(Retries::none().delay(1, None), None);
    }

    #[test]
    fn transient_statuses() {
        let transient: Vec<u16> = (100..600)
            .filter(|code| StatusCode::from_u16(*code).is_ok_and(is_transient))
            .collect();
        let expected: Vec<u16> = [408, 429]
            .into_iter()
            .chain((500..600).filter(|code| *code != 501))
            .collect();
        assert_eq!(transient, expected);
    }
}
