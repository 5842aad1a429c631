//! Files that are written while it is still being decided what else to write.
//!
//! They lie in the folder of unfinished work under names of their own, durable, until the journal has
//! its name; then they are given theirs. The journal holds them all the same: who finishes an
//! interrupted sync needs nothing but the journal.

use std::{
    fs, io,
    path::{Path, PathBuf},
    thread::{self, JoinHandle},
};

use super::{Content, FEW, Ready, STAGE, durable};

/// Files on their way into the folder of unfinished work. Dropped, they go.
#[derive(Debug)]
pub struct Prepared {
    /// The folder they lie in; `None` once it is the journal's too.
    stage: Option<PathBuf>,
    written: Option<JoinHandle<io::Result<Ready>>>,
}

/// Begins to write what will probably be needed; `None` where it is too little to be worth it, or
/// nothing can be written there, which [`super::write`] will say.
pub fn prepare(dir: &Path, files: Vec<Content>) -> Option<Prepared> {
    if files.len() <= FEW {
        return None;
    }
    let stage = dir.join(STAGE);
    fs::create_dir(&stage).ok()?;
    let mut prepared = Prepared {
        stage: Some(stage.clone()),
        written: None,
    };
    // What can't be written now is written later, or not at all with its error.
    let work = move || {
        let mut ready = Ready::new();
        for (at, (file, bytes)) in files.into_iter().enumerate() {
            let path = stage.join(format!("{at}.new"));
            fs::write(&path, &bytes)?;
            ready.insert(file, path);
        }
        durable(&stage, &ready.values().cloned().collect::<Vec<_>>())?;
        Ok(ready)
    };
    prepared.written = thread::Builder::new().spawn(work).ok();
    Some(prepared)
}

impl Prepared {
    /// Waits for what is on its way; what came to the disk.
    pub(super) fn ready(mut self) -> Ready {
        let written = self.written.take();
        let ready = written.and_then(|written| written.join().ok()?.ok());
        let ready = ready.unwrap_or_default();
        if !ready.is_empty() {
            self.stage = None;
        }
        ready
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        if let Some(written) = self.written.take() {
            let _ = written.join();
        }
        // Best effort: the next run does it otherwise.
        if let Some(stage) = self.stage.take() {
            let _ = fs::remove_dir_all(stage);
        }
    }
}
