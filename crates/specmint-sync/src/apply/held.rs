//! One sync of an API at a time.
//!
//! The lock is a file beside the API's folder and not in it: what takes the folder away, as stashing
//! untracked files does, must not leave a folder behind that looks like an API without pages.

use std::{
    fs::{self, File, OpenOptions},
    path::{Path, PathBuf},
};

use super::storage;
use crate::{codes, problem::Problem};

/// Holds an API for one sync; given back when dropped.
#[derive(Debug)]
pub struct Held {
    /// Closing it gives the API back.
    file: File,
    path: PathBuf,
}

impl Drop for Held {
    fn drop(&mut self) {
        // Elsewhere a file that is open can't be taken away; it is empty, and ignored by its name.
        if cfg!(unix) && is_at(&self.file, &self.path) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Takes an API for one sync.
pub fn hold(dir: &Path) -> Result<Held, Problem> {
    let path = path(dir);
    loop {
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| storage(&path, &error))?;
        match file.try_lock() {
            // Who held it before took the file away: this lock is on something nobody else sees.
            Ok(()) if !is_at(&file, &path) => {}
            Ok(()) => return Ok(Held { file, path }),
            Err(fs::TryLockError::WouldBlock) => {
                return Err(Problem::error(
                    codes::BUSY,
                    format!("another sync of `{}` is running", dir.display()),
                )
                .help("wait for it to end"));
            }
            Err(fs::TryLockError::Error(error)) => return Err(storage(&path, &error)),
        }
    }
}

/// `specs/.acme.sync.lock` for `specs/acme`.
fn path(dir: &Path) -> PathBuf {
    let name = dir.file_name().unwrap_or_default().to_string_lossy();
    dir.with_file_name(format!(".{name}.sync.lock"))
}

/// Whether an open file is the one that stands at a path.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let at = |meta: fs::Metadata| (meta.dev(), meta.ino());
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(open), Ok(named)) => at(open) == at(named),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}
