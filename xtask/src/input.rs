//! What `--input` names, read and brought as far as a command needs it.

use std::path::Path;

use specmint_build::{Generated, Settings, generate};
use specmint_spec::{
    diag::{Diagnostics, Reported, render},
    document::Document,
    page::Sources,
    source::{self, Input},
};

use crate::Failure;

/// An input, and everything said about it so far.
pub(crate) struct Reading {
    pub(crate) input: Input,
    pub(crate) diags: Diagnostics,
}

impl Reading {
    /// Reads what a path names; the diagnostics are printed where that fails.
    pub(crate) fn of(path: &Path) -> Result<Self, Failure> {
        let mut diags = Diagnostics::default();
        if let Ok(input) = source::read(path, &mut diags) {
            return Ok(Self { input, diags });
        }
        anstream::eprint!("{}", render::ansi(&diags, &Sources::default()));
        Err(Failure::Reported)
    }

    /// The 3.1 document.
    pub(crate) fn document(&mut self) -> Result<Document, Failure> {
        let document = specmint_spec::read(&self.input.sources, &self.input.api, &mut self.diags);
        document.map_err(|Reported| self.failed())
    }

    /// The client, with these settings.
    pub(crate) fn client(&mut self, settings: &Settings) -> Result<Generated, Failure> {
        let document = self.document()?;
        let lowered =
            specmint_spec::lower(&document, &mut self.diags).map_err(|_| self.failed())?;
        generate(&lowered, settings, &mut self.diags).map_err(|_| self.failed())
    }

    /// Prints everything, for a command that ends here.
    pub(crate) fn failed(&self) -> Failure {
        anstream::eprint!("{}", render::ansi(&self.diags, &self.input.sources));
        Failure::Reported
    }

    /// Prints what a person should know of a command that went well: notes only where asked for.
    pub(crate) fn say(&self, quiet: bool) {
        if !quiet {
            anstream::eprint!("{}", render::ansi(&self.diags, &self.input.sources));
        }
    }
}

/// Writes a document as YAML or JSON by the file's ending.
pub(crate) fn write_document(path: &Path, document: &impl serde::Serialize) -> Result<(), Failure> {
    let json = path
        .extension()
        .is_some_and(|ext| ext.eq_ignore_ascii_case("json"));
    let text = if json {
        serde_json::to_string_pretty(document)? + "\n"
    } else {
        serde_yaml::to_string(document)?
    };
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir)?;
    }
    Ok(std::fs::write(path, text)?)
}
