//! A process, its time and the peak of its memory.

use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use wait4::Wait4 as _;

/// What a process took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    pub(crate) wall: Duration,
    /// Time of processors, in the process and those it waited for.
    pub(crate) busy: Duration,
    /// The largest resident set of the process or one it waited for, in bytes.
    pub(crate) memory: u64,
}

/// Runs a command several times; the median of each figure by itself.
pub(crate) fn median(runs: usize, command: impl Fn() -> Command) -> anyhow::Result<Measured> {
    let all = (0..runs.max(1)).map(|_| run(command()));
    Ok(middle(&all.collect::<Result<Vec<_>, _>>()?))
}

/// The median of each figure by itself.
pub(crate) fn middle(all: &[Measured]) -> Measured {
    fn median<T: Copy + Default + Ord>(figures: impl Iterator<Item = T>) -> T {
        let mut figures: Vec<T> = figures.collect();
        figures.sort_unstable();
        figures.get(figures.len() / 2).copied().unwrap_or_default()
    }
    Measured {
        wall: median(all.iter().map(|it| it.wall)),
        busy: median(all.iter().map(|it| it.busy)),
        memory: median(all.iter().map(|it| it.memory)),
    }
}

/// Runs a command once.
pub(crate) fn run(mut command: Command) -> anyhow::Result<Measured> {
    let name = command.get_program().to_string_lossy().into_owned();
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let start = Instant::now();
    let mut child = command
        .spawn()
        .with_context(|| format!("`{name}` can't be started"))?;
    let used = child.wait4()?;
    if !used.status.success() {
        bail!("`{name}` failed: {}", used.status);
    }
    Ok(Measured {
        wall: start.elapsed(),
        busy: used.rusage.utime + used.rusage.stime,
        memory: used.rusage.maxrss,
    })
}

/// Whether a program can be started.
pub(crate) fn installed(program: &str) -> bool {
    Command::new(program)
        .arg("--help")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

/// The first line that a program says of its version.
pub(crate) fn version(program: &str) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.lines().next().map(str::to_owned)
}
