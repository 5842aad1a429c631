//! When to try again, and when to stop: a pure decision, and the loop around it.
//!
//! It must never know what is tried. Four tries, exponential waiting with full jitter, a server's
//! `Retry-After` obeyed up to two minutes, and no second try where the answer would be the same.

use std::{
    future::Future,
    time::{Duration, SystemTime},
};

/// How often, and how long in between.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// Tries in all.
    pub tries: u32,
    /// The first waiting time's upper end; it doubles with each try.
    pub base: Duration,
    /// The upper end of any waiting time that we choose.
    pub cap: Duration,
    /// The longest `Retry-After` that is waited for.
    pub retry_after: Duration,
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            tries: 4,
            base: Duration::from_millis(500),
            cap: Duration::from_secs(20),
            retry_after: Duration::from_secs(120),
        }
    }
}

/// Why a try failed, as far as trying again goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed<E> {
    /// Whether the same request could fare better.
    pub again: bool,
    /// What the server asked for.
    pub after: Option<Duration>,
    /// What happened.
    pub error: E,
}

/// What is given up with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GaveUp<E> {
    /// How often it was tried.
    pub tries: u32,
    /// What the server asked for, where that was too long.
    pub after: Option<Duration>,
    /// The last failure.
    pub error: E,
}

impl Schedule {
    /// How long to wait after this many tries; `None` to stop. `jitter` is in `0.0..1.0`.
    pub fn wait<E>(&self, tries: u32, failed: &Failed<E>, jitter: f64) -> Option<Duration> {
        if !failed.again || tries >= self.tries {
            return None;
        }
        let doubled = self
            .base
            .saturating_mul(1_u32.checked_shl(tries - 1).unwrap_or(u32::MAX));
        let own = doubled.min(self.cap).mul_f64(jitter.clamp(0.0, 1.0));
        match failed.after {
            Some(after) if after > self.retry_after => None,
            // Never before the server's time; a little after it, so that not all come at once.
            Some(after) => Some(after + own.mul_f64(0.1)),
            None => Some(own),
        }
    }

    /// Tries until it works, or until trying again makes no sense.
    pub async fn run<T, E, F, A>(&self, mut attempt: F) -> Result<T, GaveUp<E>>
    where
        F: FnMut() -> A,
        A: Future<Output = Result<T, Failed<E>>>,
    {
        let mut tries = 0;
        loop {
            tries += 1;
            let failed = match attempt().await {
                Ok(done) => return Ok(done),
                Err(failed) => failed,
            };
            match self.wait(tries, &failed, fastrand::f64()) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => {
                    return Err(GaveUp {
                        tries,
                        after: failed.after,
                        error: failed.error,
                    });
                }
            }
        }
    }
}

/// Whether an answer of this status could become another one.
pub fn again(status: u16) -> bool {
    matches!(status, 408 | 425 | 429) || status >= 500
}

/// `Retry-After` in either of its forms; a date in the past is no time at all.
pub fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    if value.bytes().all(|b| b.is_ascii_digit()) && !value.is_empty() {
        return Some(Duration::MAX); // more seconds than can be counted
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, time::UNIX_EPOCH};

    use tokio::time::Instant;

    use super::*;

    fn failed(again: bool, after: Option<u64>) -> Failed<&'static str> {
        Failed {
            again,
            after: after.map(Duration::from_secs),
            error: "no",
        }
    }

    /// Tries a script of failures, then success; returns tries made, whether it worked, seconds.
    async fn play(script: &[Failed<&'static str>]) -> (u32, bool, Duration) {
        let tries = Cell::new(0_u32);
        let begun = Instant::now();
        let done = Schedule::default()
            .run(|| {
                let at = tries.get() as usize;
                tries.set(tries.get() + 1);
                let answer = script.get(at).cloned().map_or(Ok(()), Err);
                async move { answer }
            })
            .await;
        (tries.get(), done.is_ok(), begun.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn the_matrix_of_faults() {
        let flaky = failed(true, None); // a timeout, a reset, a 5xx
        for broken in 0..=3 {
            let (tries, ok, took) = play(&vec![flaky.clone(); broken]).await;
            assert_eq!((tries as usize, ok), (broken + 1, true));
            assert!(
                took <= Duration::from_millis(500 + 1000 + 2000 + 50),
                "{took:?}"
            );
        }
        let (tries, ok, _) = play(&vec![flaky.clone(); 9]).await;
        assert_eq!((tries, ok), (4, false));
        let (tries, ok, _) = play(&[failed(false, None)]).await;
        assert_eq!((tries, ok), (1, false));
        let (tries, ok, took) = play(&[failed(true, Some(60)), failed(true, Some(120))]).await;
        assert_eq!((tries, ok), (3, true));
        assert!(
            took >= Duration::from_secs(180) && took < Duration::from_secs(185),
            "{took:?}"
        );
        let (tries, ok, took) = play(&[failed(true, Some(121))]).await;
        assert_eq!((tries, ok), (1, false));
        assert!(took < Duration::from_secs(1));
    }

    #[test]
    fn statuses_worth_a_second_try() {
        for status in [408, 425, 429, 500, 502, 503, 504, 599] {
            assert!(again(status), "{status}");
        }
        for status in [200, 204, 304, 400, 401, 403, 404, 409, 410, 418, 422, 451] {
            assert!(!again(status), "{status}");
        }
    }

    #[test]
    fn waiting_grows_is_capped_and_jittered() {
        let schedule = Schedule {
            tries: 40,
            ..Schedule::default()
        };
        let wait = |tries, jitter| schedule.wait(tries, &failed(true, None), jitter);
        assert_eq!(wait(1, 0.0), Some(Duration::ZERO));
        assert_eq!(wait(1, 1.0), Some(Duration::from_millis(500)));
        assert_eq!(wait(3, 1.0), Some(Duration::from_secs(2)));
        assert_eq!(wait(39, 1.0), Some(Duration::from_secs(20)));
        assert_eq!(wait(40, 1.0), None);
    }

    #[test]
    fn retry_after_in_both_forms() {
        let now = UNIX_EPOCH + Duration::from_secs(784_111_777);
        for (value, expected) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("-1", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(
                retry_after(value, now),
                expected.map(Duration::from_secs),
                "{value}"
            );
        }
        assert_eq!(
            retry_after("99999999999999999999999", now),
            Some(Duration::MAX)
        );
        assert_eq!(
            retry_after("1000000000", now).map(|d| d.as_secs()),
            Some(1_000_000_000)
        );
    }
}
