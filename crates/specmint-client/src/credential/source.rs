//! Credentials that change: asked for where there are none, and anew where a server refuses them.
//!
//! Who asks while somebody else is asking waits for that answer, good or bad. Nothing here prints
//! a secret.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;

use super::{CredentialSet, Credentials};
use crate::error::BoxError;

type Answer = Pin<Box<dyn Future<Output = Result<CredentialSet, BoxError>> + Send>>;

/// An error that several calls have in common.
pub(crate) type SharedError = Arc<dyn std::error::Error + Send + Sync>;

/// Where credentials come from, and those that came last.
pub(crate) struct Source {
    ask: Box<dyn Fn() -> Answer + Send + Sync>,
    /// How many answers there were.
    answers: AtomicU64,
    last: Mutex<Last>,
}

#[derive(Default)]
struct Last {
    held: Option<Held>,
    failure: Option<SharedError>,
}

/// Credentials as they were given, and by which answer.
#[derive(Clone)]
pub(crate) struct Held {
    pub(crate) set: Arc<CredentialSet>,
    answer: u64,
}

impl Source {
    pub(crate) fn new<C, F, G, E>(ask: F) -> Self
    where
        C: Credentials,
        F: Fn() -> G + Send + Sync + 'static,
        G: Future<Output = Result<C, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        Self {
            ask: Box::new(move || {
                let answer = ask();
                Box::pin(async move {
                    let credentials = answer.await.map_err(Into::into)?;
                    Ok(credentials.set().clone())
                })
            }),
            answers: AtomicU64::new(0),
            last: Mutex::default(),
        }
    }

    /// The credentials at hand; asked for where there are none, or none but those that were refused.
    pub(crate) async fn get(&self, refused: Option<&Held>) -> Result<Held, SharedError> {
        let before = self.answers.load(Ordering::Acquire);
        let mut last = self.last.lock().await;
        if let Some(held) = &last.held
            && refused.is_none_or(|refused| refused.answer != held.answer)
        {
            return Ok(held.clone());
        }
        if self.answers.load(Ordering::Acquire) != before
            && let Some(failure) = &last.failure
        {
            return Err(Arc::clone(failure));
        }
        // A call may be given up while it waits, and then nothing is at hand.
        *last = Last::default();
        let answer = (self.ask)().await;
        let number = self.answers.fetch_add(1, Ordering::AcqRel);
        match answer {
            Ok(set) => {
                let held = Held {
                    set: Arc::new(set),
                    answer: number,
                };
                last.held = Some(held.clone());
                Ok(held)
            }
            Err(error) => {
                let failure = SharedError::from(error);
                last.failure = Some(Arc::clone(&failure));
                Err(failure)
            }
        }
    }

    /// Takes refused credentials away, for those who can't use others themselves.
    pub(crate) async fn forget(&self, refused: &Held) {
        let mut last = self.last.lock().await;
        if last
            .held
            .as_ref()
            .is_some_and(|held| held.answer == refused.answer)
        {
            last.held = None;
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").finish_non_exhaustive()
    }
}
