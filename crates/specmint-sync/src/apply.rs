//! Writing: whole or not at all.
//!
//! A folder can't be renamed over a full one, and hand-written files lie beside, so every new file
//! is staged in `.sync/` first, made durable, and then a journal says what is to be moved where.
//! Before the journal is there, whatever is staged is dropped: the old state. Once it is there,
//! moving goes on until it is done, now or by the next command: the new state. `specs.lock` is the
//! last to move.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Component, Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{codes, problem::Problem};

/// The folder of unfinished work, below an API's.
pub const STAGE: &str = ".sync";
const JOURNAL: &str = "journal.json";
const LOCK: &str = ".sync.lock";

/// Everything that is to be written, below an API's folder.
#[derive(Clone, Debug, Default)]
pub struct Writing {
    /// File and content, in the order of moving.
    pub files: Vec<(String, Vec<u8>)>,
    /// Files that go.
    pub removed: Vec<String>,
}

/// What was found of an earlier run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovered {
    /// Nothing.
    Clean,
    /// Everything had been staged: it was moved.
    Forward,
    /// It had not: it was dropped.
    Back,
}

/// A moment at which power could fail. Tests stop there; nobody else does anything.
pub type Step<'a> = &'a mut dyn FnMut(&str) -> io::Result<()>;

#[derive(Serialize, Deserialize)]
struct Journal {
    version: u32,
    /// Staged file to place.
    moves: Vec<(String, String)>,
    removed: Vec<String>,
}

/// Holds an API for one sync; given back when dropped.
#[derive(Debug)]
pub struct Held(#[expect(dead_code, reason = "closing the file gives the API back")] File);

/// Takes an API for one sync.
pub fn hold(dir: &Path) -> Result<Held, Problem> {
    let path = dir.join(LOCK);
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|error| storage(&path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(Held(file)),
        Err(fs::TryLockError::WouldBlock) => Err(Problem::error(
            codes::BUSY,
            format!("another sync of `{}` is running", dir.display()),
        )
        .help("wait for it to end")),
        Err(fs::TryLockError::Error(error)) => Err(storage(&path, &error)),
    }
}

/// Whether an unfinished sync lies in a folder, for those who only read.
pub fn is_interrupted(dir: &Path) -> bool {
    dir.join(STAGE).join(JOURNAL).is_file()
}

/// Brings what an earlier run left to an end: forward where everything had been staged.
pub fn recover(dir: &Path) -> Result<Recovered, Problem> {
    let stage = dir.join(STAGE);
    if fs::symlink_metadata(&stage).is_err() {
        return Ok(Recovered::Clean);
    }
    let path = stage.join(JOURNAL);
    let recovered = match fs::read(&path) {
        Ok(bytes) => match serde_json::from_slice::<Journal>(&bytes) {
            Ok(journal) if journal.version == 1 => {
                carry_out(dir, &journal, &mut |_| Ok(())).map_err(|error| storage(&path, &error))?;
                Recovered::Forward
            }
            // The journal appears under its name only when it is whole.
            _ => {
                return Err(Problem::error(codes::STORAGE, format!("`{}` can't be read", path.display()))
                    .help("restore the folder from version control and delete `.sync`"));
            }
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Recovered::Back,
        Err(error) => return Err(storage(&path, &error)),
    };
    fs::remove_dir_all(&stage).map_err(|error| storage(&stage, &error))?;
    Ok(recovered)
}

/// Writes everything, or nothing.
pub fn write(dir: &Path, writing: &Writing, step: Step<'_>) -> Result<(), Problem> {
    let stage = dir.join(STAGE);
    let done = staged(dir, &stage, writing, step);
    match done {
        Ok(()) => Ok(()),
        Err(error) => {
            let journal = stage.join(JOURNAL).exists();
            if !journal {
                // Best effort: the next run does it otherwise.
                let _ = fs::remove_dir_all(&stage);
            }
            let problem = storage(&stage, &error);
            Err(if journal {
                problem.with_note("everything is staged; the next run finishes it")
            } else {
                problem.with_note("nothing was written")
            })
        }
    }
}

fn staged(dir: &Path, stage: &Path, writing: &Writing, step: Step<'_>) -> io::Result<()> {
    for file in writing.files.iter().map(|(file, _)| file).chain(&writing.removed) {
        check(dir, file)?;
    }
    step("begin")?;
    fs::create_dir(stage)?;
    step("stage made")?;
    let mut moves = Vec::new();
    let mut open = Vec::new();
    for (number, (file, bytes)) in writing.files.iter().enumerate() {
        let name = format!("{number}");
        let mut staged = File::create_new(stage.join(&name))?;
        staged.write_all(bytes)?;
        open.push(staged);
        moves.push((name, file.clone()));
        step("file staged")?;
    }
    settle(&open)?;
    drop(open);
    sync_dir(stage)?;
    step("files durable")?;
    let journal = Journal { version: 1, moves, removed: writing.removed.clone() };
    let unnamed = stage.join("journal.new");
    let mut file = File::create_new(&unnamed)?;
    file.write_all(&serde_json::to_vec(&journal)?)?;
    file.sync_all()?;
    step("journal written")?;
    fs::rename(&unnamed, stage.join(JOURNAL))?;
    sync_dir(stage)?;
    step("journal named")?;
    carry_out(dir, &journal, step)?;
    fs::remove_dir_all(stage)?;
    step("stage removed")?;
    sync_dir(dir)
}

/// Makes staged files durable, several at a time: one after the other, five hundred take long.
fn settle(files: &[File]) -> io::Result<()> {
    let share = files.len().div_ceil(8).max(1);
    std::thread::scope(|scope| {
        let parts: Vec<_> = files
            .chunks(share)
            .map(|part| scope.spawn(|| part.iter().try_for_each(File::sync_data)))
            .collect();
        parts.into_iter().try_for_each(|part| {
            part.join().unwrap_or_else(|_| Err(io::Error::other("a thread broke off")))
        })
    })
}

/// Moves what the journal names; what was moved already is left alone.
fn carry_out(dir: &Path, journal: &Journal, step: Step<'_>) -> io::Result<()> {
    let stage = dir.join(STAGE);
    let mut folders = std::collections::BTreeSet::new();
    for (name, file) in &journal.moves {
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_digit()) {
            return Err(io::Error::other("the journal names a file that was never staged"));
        }
        check(dir, file)?;
        let target = dir.join(file);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
            folders.insert(folder.to_path_buf());
        }
        match fs::rename(stage.join(name), &target) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound && target.is_file() => {}
            Err(error) => return Err(error),
        }
        step("file moved")?;
    }
    for file in &journal.removed {
        check(dir, file)?;
        let target = dir.join(file);
        match fs::remove_file(&target) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        // Folders that hold nothing any more; the first that does ends it.
        let pages = dir.join("pages");
        let mut folder = target.parent();
        while let Some(at) = folder.filter(|at| at.starts_with(&pages) && *at != pages) {
            if fs::remove_dir(at).is_err() {
                break;
            }
            folder = at.parent();
        }
        step("file removed")?;
    }
    folders.iter().filter(|folder| folder.is_dir()).try_for_each(|folder| sync_dir(folder))
}

/// A path that stays below the folder, through no link.
fn check(dir: &Path, file: &str) -> io::Result<()> {
    let path = Path::new(file);
    let inside = path.components().all(|part| matches!(part, Component::Normal(_)))
        && !file.contains('\\')
        && !file.is_empty();
    if !inside {
        return Err(io::Error::other(format!("`{file}` leads out of the folder")));
    }
    let mut at = PathBuf::from(dir);
    for part in path.components() {
        at.push(part);
        match fs::symlink_metadata(&at) {
            Ok(meta) if meta.is_symlink() => {
                return Err(io::Error::other(format!("`{file}` leads through a symbolic link")));
            }
            Ok(_) => {}
            Err(_) => break,
        }
    }
    Ok(())
}

/// Makes a folder's names durable, where systems can.
fn sync_dir(dir: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(dir)?.sync_all() } else { Ok(()) }
}

fn storage(path: &Path, error: &io::Error) -> Problem {
    Problem::error(codes::STORAGE, format!("`{}`: {error}", path.display()))
}
