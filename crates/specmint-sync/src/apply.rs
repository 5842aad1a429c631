//! Writing: whole or not at all.
//!
//! A folder can't be renamed over a full one, and hand-written files lie beside, so everything that
//! is to be written goes into one file first, the journal in `.sync/`, which is made durable and then
//! given its name. Before it has that name, it is dropped: the old state. Once it has, writing goes
//! on until it is done, now or by the next command: the new state. `specs.lock` is written last.

mod held;
mod prepared;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::{self, Write as _},
    path::{Component, Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{codes, problem::Problem};

pub use held::{Held, hold};
pub use prepared::{Prepared, prepare};

/// The folder of unfinished work, below an API's.
pub const STAGE: &str = ".sync";
const JOURNAL: &str = "journal";
/// Up to so many files are made durable one by one.
const FEW: usize = 16;

/// A file below an API's folder, and its content.
type Content = (String, Vec<u8>);

/// Where files lie whose content is durable, by the file they are to become.
type Ready = BTreeMap<String, PathBuf>;

/// Everything that is to be written, below an API's folder.
#[derive(Clone, Debug, Default)]
pub struct Writing {
    /// File and content, in the order of writing; the last one is the lock.
    pub files: Vec<Content>,
    /// Files that go.
    pub removed: Vec<String>,
}

/// What was found of an earlier run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovered {
    /// Nothing.
    Clean,
    /// Everything had been staged: it was written.
    Forward,
    /// Nothing had been staged, or everything had been written already: what was left was dropped.
    Back,
}

/// A moment at which power could fail. Tests stop there; nobody else does anything.
pub type Step<'a> = &'a mut dyn FnMut(&str) -> io::Result<()>;

/// The journal's first line; the files' contents follow it, one after the other.
#[derive(Serialize, Deserialize)]
struct Head {
    version: u32,
    /// File and length.
    files: Vec<(String, usize)>,
    removed: Vec<String>,
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
        Ok(bytes) => {
            // The journal has its name only when it is whole.
            let writing = parse(&bytes).ok_or_else(|| {
                Problem::error(
                    codes::STORAGE,
                    format!("`{}` can't be read", path.display()),
                )
                .help("restore the folder from version control and delete `.sync`")
            })?;
            carry_out(dir, &writing, &Ready::new(), &mut |_| Ok(()))
                .map_err(|error| storage(&path, &error))?;
            Recovered::Forward
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Recovered::Back,
        Err(error) => return Err(storage(&path, &error)),
    };
    fs::remove_dir_all(&stage).map_err(|error| storage(&stage, &error))?;
    Ok(recovered)
}

/// Writes everything, or nothing. Files that were [prepared](Prepared) need only be given their names.
pub fn write(
    dir: &Path,
    writing: &Writing,
    prepared: Option<Prepared>,
    step: Step<'_>,
) -> Result<(), Problem> {
    let stage = dir.join(STAGE);
    let ready = prepared.map(Prepared::ready).unwrap_or_default();
    let done = staged(dir, &stage, writing, &ready, step);
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

fn staged(
    dir: &Path,
    stage: &Path,
    writing: &Writing,
    ready: &Ready,
    step: Step<'_>,
) -> io::Result<()> {
    for file in writing
        .files
        .iter()
        .map(|(file, _)| file)
        .chain(&writing.removed)
    {
        check(dir, file)?;
    }
    step("begin")?;
    if ready.is_empty() {
        fs::create_dir(stage)?;
    }
    step("stage made")?;
    let head = Head {
        version: 1,
        files: writing
            .files
            .iter()
            .map(|(file, bytes)| (file.clone(), bytes.len()))
            .collect(),
        removed: writing.removed.clone(),
    };
    let unnamed = stage.join("journal.new");
    let mut file = io::BufWriter::new(File::create_new(&unnamed)?);
    serde_json::to_writer(&mut file, &head)?;
    file.write_all(b"\n")?;
    step("journal begun")?;
    for (_, bytes) in &writing.files {
        file.write_all(bytes)?;
    }
    file.into_inner()?.sync_all()?;
    step("journal written")?;
    fs::rename(&unnamed, stage.join(JOURNAL))?;
    sync_dir(stage)?;
    sync_dir(dir)?;
    step("journal named")?;
    carry_out(dir, writing, ready, step)?;
    fs::remove_dir_all(stage)?;
    step("stage removed")?;
    sync_dir(dir)
}

/// Reads a journal back.
fn parse(bytes: &[u8]) -> Option<Writing> {
    let end = bytes.iter().position(|b| *b == b'\n')?;
    let head: Head = serde_json::from_slice(&bytes[..end]).ok()?;
    if head.version != 1 {
        return None;
    }
    let mut rest = &bytes[end + 1..];
    let mut files = Vec::new();
    for (file, length) in head.files {
        let (content, behind) = rest.split_at_checked(length)?;
        files.push((file, content.to_vec()));
        rest = behind;
    }
    rest.is_empty().then_some(Writing {
        files,
        removed: head.removed,
    })
}

/// Writes what the journal holds; doing it twice changes nothing.
fn carry_out(dir: &Path, writing: &Writing, ready: &Ready, step: Step<'_>) -> io::Result<()> {
    let mut folders = BTreeSet::new();
    let mut changed = BTreeSet::new();
    for file in writing
        .files
        .iter()
        .map(|(file, _)| file)
        .chain(&writing.removed)
    {
        check(dir, file)?;
        // A folder that is made or emptied changes the one it is in.
        let target = dir.join(file);
        changed.extend(
            target
                .ancestors()
                .skip(1)
                .take_while(|folder| folder.starts_with(dir))
                .map(Path::to_path_buf),
        );
    }
    for (file, _) in &writing.files {
        if let Some(folder) = dir.join(file).parent()
            && folders.insert(folder.to_path_buf())
        {
            fs::create_dir_all(folder)?;
        }
    }
    step("folders made")?;
    // The last one is the lock: it says that the others are there.
    let mut written = Vec::new();
    for (file, bytes) in &writing.files {
        let target = dir.join(file);
        if let Some(from) = ready.get(file) {
            fs::rename(from, target)?;
        } else {
            fs::write(&target, bytes)?;
            written.push(target);
        }
        step("file written")?;
    }
    for file in &writing.removed {
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
    changed.retain(|folder| folder.is_dir());
    // The journal goes only when it isn't needed any more.
    durable(dir, &written)?;
    changed.iter().try_for_each(|folder| sync_dir(folder))?;
    step("everything durable")
}

/// Makes files durable that were written below a folder.
fn durable(dir: &Path, files: &[PathBuf]) -> io::Result<()> {
    // One call for the whole file system; for a few files it would wait for others' as well.
    if files.len() > FEW && flush(dir)? {
        return Ok(());
    }
    files
        .iter()
        .try_for_each(|file| File::options().write(true).open(file)?.sync_data())
}

/// Flushes the file system that a folder lies in; whether this system can.
#[cfg(target_os = "linux")]
fn flush(dir: &Path) -> io::Result<bool> {
    match rustix::fs::syncfs(File::open(dir)?) {
        Err(rustix::io::Errno::NOSYS) => Ok(false),
        flushed => flushed.map(|()| true).map_err(io::Error::from),
    }
}

#[cfg(not(target_os = "linux"))]
fn flush(_: &Path) -> io::Result<bool> {
    Ok(false)
}

/// A path that stays below the folder, through no link.
fn check(dir: &Path, file: &str) -> io::Result<()> {
    let path = Path::new(file);
    let inside = path
        .components()
        .all(|part| matches!(part, Component::Normal(_)))
        && !file.contains('\\')
        && !file.is_empty();
    if !inside {
        return Err(io::Error::other(format!(
            "`{file}` leads out of the folder"
        )));
    }
    let mut at = PathBuf::from(dir);
    for part in path.components() {
        at.push(part);
        match fs::symlink_metadata(&at) {
            Ok(meta) if meta.is_symlink() => {
                return Err(io::Error::other(format!(
                    "`{file}` leads through a symbolic link"
                )));
            }
            Ok(_) => {}
            Err(_) => break,
        }
    }
    Ok(())
}

/// Makes a folder's names durable, where systems can.
fn sync_dir(dir: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(dir)?.sync_all()
    } else {
        Ok(())
    }
}

pub(crate) fn storage(path: &Path, error: &io::Error) -> Problem {
    Problem::error(codes::STORAGE, format!("`{}`: {error}", path.display()))
}
