//! Files that are written while it is still being decided what else to write.
//!
//! They lie in the folder of unfinished work under names of their own, durable, until the journal
//! has its name; then they are given theirs. The journal holds them all the same: who finishes an
//! interrupted sync needs nothing but the journal.

use std::{
    fs, io,
    path::{Path, PathBuf},
    thread::{self, JoinHandle},
};

use super::{AT_A_TIME, Content, FEW, Ready, STAGE, put};

/// Files on their way to the disk. Dropped, they go.
#[derive(Debug)]
pub struct Prepared {
    /// The folder they lie in; `None` once it is the journal's too.
    stage: Option<PathBuf>,
    parts: Vec<JoinHandle<Vec<(String, PathBuf)>>>,
}

/// Begins to write what will probably be needed; `None` where it is too little to be worth it, or
/// nothing can be written there, which [`super::write`] will say.
pub fn prepare(dir: &Path, files: Vec<Content>) -> Option<Prepared> {
    if files.len() <= FEW {
        return None;
    }
    let stage = dir.join(STAGE);
    fs::create_dir(&stage).ok()?;
    let mut parts = Vec::new();
    let share = files.len().div_ceil(AT_A_TIME);
    let mut left = files.into_iter().enumerate().peekable();
    while left.peek().is_some() {
        let stage = stage.clone();
        let part: Vec<(usize, Content)> = left.by_ref().take(share).collect();
        // What can't be written now is written later, or not at all with its error.
        let work = move || {
            let written = part.into_iter().map(|(at, (file, bytes))| {
                let path = stage.join(format!("{at}.new"));
                put(&path, &bytes)?;
                io::Result::Ok((file, path))
            });
            written.map_while(Result::ok).collect()
        };
        match thread::Builder::new().spawn(work) {
            Ok(part) => parts.push(part),
            Err(_) => break,
        }
    }
    Some(Prepared {
        stage: Some(stage),
        parts,
    })
}

impl Prepared {
    /// Waits for what is on its way; what came to the disk.
    pub(super) fn ready(mut self) -> Ready {
        let parts = std::mem::take(&mut self.parts);
        let ready: Ready = parts
            .into_iter()
            .filter_map(|part| part.join().ok())
            .flatten()
            .collect();
        if !ready.is_empty() {
            self.stage = None;
        }
        ready
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        for part in std::mem::take(&mut self.parts) {
            let _ = part.join();
        }
        // Best effort: the next run does it otherwise.
        if let Some(stage) = self.stage.take() {
            let _ = fs::remove_dir_all(stage);
        }
    }
}
