//! What a call through the runtime costs, beside the same call written by hand.
//!
//! Both are a benchmark of `specmint-client`; this file runs it and reads what it found.

use std::{fs, path::Path, process::Command, time::Duration};

use anyhow::{Context as _, anyhow};
use serde_json::Value;

use crate::Failure;

/// Medians of one call over loopback.
pub(crate) struct Took {
    pub(crate) by_hand: Duration,
    /// By hand, with the time limit and the headers that every generated call has.
    pub(crate) alike: Duration,
    pub(crate) generated: Duration,
}

/// Runs the benchmark; its own files stay in `dir`.
pub(crate) fn measure(dir: &Path) -> Result<Took, Failure> {
    let found = dir.join("calling");
    let status = Command::new(env!("CARGO"))
        .args([
            "bench",
            "--quiet",
            "--package",
            "specmint-client",
            "--bench",
            "call",
            "--",
        ])
        .args(["--noplot", "--quiet"])
        .env("CRITERION_HOME", &found)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .stdout(std::process::Stdio::null())
        .status()?;
    if !status.success() {
        return Err(Failure::Usage(anyhow!("the benchmark of a call failed")));
    }
    let median = |name: &str| -> Result<Duration, Failure> {
        let path = found.join("call").join(name).join("new/estimates.json");
        let text = fs::read_to_string(&path).with_context(|| format!("`{}`", path.display()))?;
        let value: Value = serde_json::from_str(&text)?;
        let nanoseconds = value
            .pointer("/median/point_estimate")
            .and_then(Value::as_f64);
        let nanoseconds =
            nanoseconds.with_context(|| format!("no median in `{}`", path.display()))?;
        Ok(Duration::from_secs_f64(nanoseconds / 1e9))
    };
    Ok(Took {
        by_hand: median("by hand")?,
        alike: median("by hand, alike")?,
        generated: median("generated")?,
    })
}
