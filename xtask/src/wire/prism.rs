//! The independent server: installed once from npm, started per input, stopped at the end.

use std::{
    fs,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, anyhow};
use serde_json::Value;

use crate::Failure;

/// Somebody else's reading of OpenAPI.
const PACKAGE: &str = "@stoplight/prism-cli";

/// Pinned: another release may judge otherwise.
const VERSION: &str = "5.16.0";

/// How long the server may take to read a document.
const START: Duration = Duration::from_secs(180);

/// Installs the server unless it is there, and gives back its script.
pub(super) fn install(home: &Path) -> Result<PathBuf, Failure> {
    let works = |program: &str| {
        let asked = Command::new(program)
            .arg("--version")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        asked.is_ok_and(|status| status.success())
    };
    if !works("node") {
        return Err(Failure::Usage(anyhow!(
            "Node is not installed; nothing was run"
        )));
    }
    let package = home.join("node_modules").join(PACKAGE);
    let manifest = package.join("package.json");
    let installed = fs::read_to_string(&manifest)
        .ok()
        .and_then(|text| serde_json::from_str::<Value>(&text).ok())
        .is_some_and(|manifest| manifest["version"] == VERSION);
    if !installed {
        if !works("npm") {
            return Err(Failure::Usage(anyhow!(
                "npm is not installed; nothing was run"
            )));
        }
        fs::create_dir_all(home)?;
        anstream::eprintln!("installing {PACKAGE} {VERSION}");
        let done = Command::new("npm")
            .args([
                "install",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--loglevel=error",
            ])
            .arg(format!("--prefix={}", home.display()))
            .arg(format!("{PACKAGE}@{VERSION}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status()?;
        if !done.success() {
            return Err(Failure::Usage(anyhow!(
                "`npm install {PACKAGE}@{VERSION}` failed"
            )));
        }
    }
    Ok(package.join("dist/index.js"))
}

/// A running server; it ends with this value.
pub(super) struct Prism {
    child: Child,
    pub(super) address: SocketAddr,
}

impl Prism {
    /// Starts the server on a document and waits until it listens.
    pub(super) fn start(script: &Path, document: &Path, log: &Path) -> Result<Self, Failure> {
        // Prism wants to be told a port; this one was free a moment ago.
        let address = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        let out = fs::File::create(log)?;
        let child = Command::new("node")
            .arg("--max-old-space-size=4096")
            .arg(script)
            .args(["mock", "--cors=false", "--host=127.0.0.1"])
            .arg(format!("--port={}", address.port()))
            .arg(document)
            .env("NO_COLOR", "1")
            .env("SCARF_ANALYTICS", "false")
            .stdin(Stdio::null())
            .stderr(out.try_clone()?)
            .stdout(out)
            .spawn()?;
        let mut prism = Self { child, address };
        let begun = Instant::now();
        loop {
            let said = fs::read_to_string(log)?;
            if said.contains("Prism is listening") {
                return Ok(prism);
            }
            if prism.child.try_wait()?.is_some() || begun.elapsed() > START {
                let last = said
                    .lines()
                    .find(|line| line.contains("fatal"))
                    .unwrap_or("nothing")
                    .to_owned();
                return Err(Failure::Other(anyhow!(
                    "the server did not start; it said: {last}"
                )));
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A document as we read it, for inputs that are none, or that the server can't open.
pub(super) fn document(home: &Path, document: &Value) -> Result<PathBuf, Failure> {
    let mut document = document.clone();
    without_files(&mut document, 0);
    let path = home.join("document.json");
    fs::write(&path, serde_json::to_string(&document)?)
        .with_context(|| format!("can't write `{}`", path.display()))?;
    Ok(path)
}

/// Empties references to other files, which the server would insist on.
fn without_files(value: &mut Value, depth: usize) {
    if depth > 128 {
        return;
    }
    match value {
        Value::Object(map) => {
            let elsewhere = map
                .get("$ref")
                .and_then(Value::as_str)
                .is_some_and(|r| !r.starts_with('#'));
            if elsewhere {
                *value = Value::String(String::new());
                return;
            }
            for (_, member) in map.iter_mut() {
                without_files(member, depth + 1);
            }
        }
        Value::Array(items) => {
            for item in items {
                without_files(item, depth + 1);
            }
        }
        _ => {}
    }
}
