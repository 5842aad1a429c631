//! Work on many pages at once, with results in the order of the pages.
//!
//! Nothing may depend on which thread did what: each item is worked on alone, and says what it has
//! to say into diagnostics of its own.

use std::{
    panic,
    sync::{Mutex, PoisonError},
    thread,
};

/// Bytes of text that take longer to work on than a thread takes to begin.
const WORTH_A_THREAD: usize = 512 << 10;

/// Applies `f` to every item; `bytes` is how much text they are made of, roughly.
pub(crate) fn map<T: Send, R: Send>(
    items: Vec<T>,
    bytes: usize,
    f: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let workers = cores.min(bytes / WORTH_A_THREAD + 1).min(items.len());
    if workers < 2 {
        return items.into_iter().map(f).collect();
    }
    let mut done: Vec<(usize, R)> = Vec::with_capacity(items.len());
    let queue = Mutex::new(items.into_iter().enumerate());
    let work = || {
        let mut done = Vec::new();
        loop {
            // A panic elsewhere leaves the queue as it was; it is passed on below.
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((at, item)) = next else {
                return done;
            };
            done.push((at, f(item)));
        }
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
        done.extend(work());
        for other in others {
            match other.join() {
                Ok(list) => done.extend(list),
                Err(payload) => panic::resume_unwind(payload),
            }
        }
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}
