//! One host: its rules, its turns, and the rest it asks for.

use std::time::Duration;

use tokio::sync::{Mutex, OnceCell, Semaphore};

use super::cause::{Cause, FetchError, finally};
use crate::{retry::Failed, robots::Robots};

/// What is known of one host.
pub(super) struct Host {
    pub(super) robots: OnceCell<Result<Robots, FetchError>>,
    pub(super) slots: Semaphore,
    next: Mutex<Option<tokio::time::Instant>>,
    rest: Mutex<Rest>,
}

/// What a host asked for by 429: it counts requests, not addresses, so it holds for all of them.
#[derive(Clone, Copy, Default)]
struct Rest {
    until: Option<tokio::time::Instant>,
    /// Longer than anybody waits.
    over: Option<Duration>,
}

impl Host {
    /// A host nobody has asked anything yet; so many requests at a time.
    pub(super) fn new(jobs: usize) -> Self {
        Self {
            robots: OnceCell::new(),
            slots: Semaphore::new(jobs),
            next: Mutex::new(None),
            rest: Mutex::default(),
        }
    }

    /// Remembers how long the host wants to be left alone.
    pub(super) async fn heard(&self, failed: &Failed<Cause>, longest: Duration) {
        let (Cause::Status(429), Some(after)) = (&failed.error, failed.after) else {
            return;
        };
        let mut rest = self.rest.lock().await;
        if after > longest {
            rest.over = Some(after);
        } else {
            let until = tokio::time::Instant::now() + after;
            rest.until = rest.until.max(Some(until));
        }
    }

    /// Leaves the host alone for as long as it wants, or for good where that is too long.
    pub(super) async fn rested(&self) -> Result<(), Failed<Cause>> {
        let rest = *self.rest.lock().await;
        if let Some(over) = rest.over {
            return Err(finally(Cause::Resting(over)));
        }
        if let Some(until) = rest.until {
            tokio::time::sleep_until(until).await;
        }
        Ok(())
    }

    /// Waits for this host's turn; the turns are `delay` apart.
    pub(super) async fn wait(&self, delay: Option<Duration>) {
        let Some(delay) = delay else { return };
        let turn = {
            let mut next = self.next.lock().await;
            let now = tokio::time::Instant::now();
            let turn = next.unwrap_or(now).max(now);
            *next = Some(turn + delay);
            turn
        };
        tokio::time::sleep_until(turn).await;
    }
}
