//! Findings that were looked into and are the server's or the document's own fault.

use std::{fs, path::Path};

use anyhow::Context;
use serde::Deserialize;

use crate::Failure;

/// A file of exceptions.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exceptions {
    #[serde(default)]
    exception: Vec<Exception>,
}

/// One proven exception.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    /// The input's id.
    input: String,
    /// The operation's id, or `*`.
    operation: String,
    /// A part of what the finding says.
    finding: String,
    /// Whose fault it is, and how that was proven.
    proof: String,
}

impl Exceptions {
    /// Reads a file.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let text = fs::read_to_string(path)
            .with_context(|| format!("can't read `{}`", path.display()))
            .map_err(Failure::Usage)?;
        toml::from_str(&text)
            .with_context(|| format!("`{}` is no list of exceptions", path.display()))
            .map_err(Failure::Usage)
    }

    /// The proof for a finding, where there is one.
    pub(super) fn proof(&self, input: &str, operation: &str, finding: &str) -> Option<&str> {
        self.exception
            .iter()
            .find(|it| {
                it.input == input
                    && (it.operation == operation || it.operation == "*")
                    && finding.contains(&it.finding)
            })
            .map(|it| it.proof.as_str())
    }
}
