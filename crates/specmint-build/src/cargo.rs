//! Build scripts: the environment in, `cargo::` lines out. The only file that knows of either.
#![expect(
    clippy::print_stdout,
    reason = "Cargo reads the standard output of build scripts"
)]

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use specmint_spec::{
    diag::{Diagnostics, Severity, render},
    page::Sources,
    source,
};

use crate::{
    Generated, Settings,
    emit::{self, Mode, Outcome},
    generate,
};

/// One API to generate in a build script.
///
/// ```no_run
/// fn main() -> std::process::ExitCode {
///     specmint_build::Config::new("docs/api").build()
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Config {
    input: PathBuf,
    name: Option<String>,
    mock: bool,
    cli: bool,
}

/// What came of one API.
#[derive(Debug)]
pub struct Built {
    /// What was read.
    pub sources: Sources,
    /// What there is to say.
    pub diags: Diagnostics,
    /// What was generated, and what became of the file; `None` where it failed.
    pub outcome: Option<(Generated, Outcome)>,
}

impl Config {
    /// A directory of pages, a page, or an OpenAPI document.
    pub fn new(input: impl Into<PathBuf>) -> Self {
        Self {
            input: input.into(),
            name: None,
            mock: false,
            cli: false,
        }
    }

    /// The name of the API and of the file, where it isn't that of the directory.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Generates a mock server too, under the feature `mock` of the package. That feature has to
    /// turn on `specmint-client/mock`.
    #[must_use]
    pub fn mock(mut self, mock: bool) -> Self {
        self.mock = mock;
        self
    }

    /// Generates the function `cli::main` too, under the feature `cli` of the package. That feature
    /// has to turn on `specmint-client/cli`.
    #[must_use]
    pub fn cli(mut self, cli: bool) -> Self {
        self.cli = cli;
        self
    }

    /// Writes `$OUT_DIR/<name>.rs`, and `<name>.md` for `#![doc = include_str!(…)]` in the module,
    /// and tells Cargo about it.
    #[must_use = "the build script has to give it back"]
    pub fn build(&self) -> ExitCode {
        match out_dir() {
            Ok(out_dir) if self.report(&out_dir) => ExitCode::SUCCESS,
            Ok(_) => ExitCode::FAILURE,
            Err(message) => {
                println!("cargo::error={message}");
                ExitCode::FAILURE
            }
        }
    }

    /// Writes `<name>.rs` into a directory. Prints nothing and reads no environment.
    pub fn emit(&self, out_dir: &Path, mode: Mode) -> io::Result<Built> {
        let mut diags = Diagnostics::default();
        let Ok(mut input) = source::read(&self.input, &mut diags) else {
            return Ok(Built {
                sources: Sources::default(),
                diags,
                outcome: None,
            });
        };
        if let Some(name) = &self.name {
            input.api.name.clone_from(name);
        }
        let settings = Settings {
            mock: self.mock,
            cli: self.cli,
            ..Settings::for_api(&input.api)
        };
        let generated = specmint_spec::read(&input.sources, &input.api, &mut diags)
            .and_then(|document| specmint_spec::lower_owned(document, &mut diags))
            .and_then(|lowered| generate(&lowered, &settings, &mut diags));
        let outcome = match generated {
            Ok(generated) => {
                let path = out_dir.join(&generated.file.name);
                let outcome = emit::settle(&path, &generated.file.text(), mode)?;
                emit::settle(&path.with_extension("md"), &generated.overview(), mode)?;
                Some((generated, outcome))
            }
            Err(_) => None,
        };
        Ok(Built {
            sources: input.sources,
            diags,
            outcome,
        })
    }

    /// Generates, prints, and says whether it went well.
    fn report(&self, out_dir: &Path) -> bool {
        println!("cargo::rerun-if-changed={}", self.input.display());
        let built = match self.emit(out_dir, Mode::Write) {
            Ok(built) => built,
            Err(err) => {
                println!("cargo::error={}: {err}", out_dir.display());
                return false;
            }
        };
        let failed = built.outcome.is_none();
        // Pages are named from the directory that was read.
        let folder = if self.input.is_dir() {
            Some(&*self.input)
        } else {
            self.input.parent()
        };
        for diagnostic in built.diags.iter().filter(|d| d.severity == Severity::Error) {
            let at = built.sources.locate(diagnostic.span);
            let at = at.map_or_else(
                || self.input.display().to_string(),
                |at| {
                    folder
                        .unwrap_or(Path::new(""))
                        .join(at)
                        .display()
                        .to_string()
                },
            );
            // An operation that can't be generated fails nobody else's build.
            let kind = if failed && diagnostic.fatal {
                "error"
            } else {
                "warning"
            };
            println!(
                "cargo::{kind}={at}: {} [{}]",
                diagnostic.message, diagnostic.code
            );
        }
        if failed {
            if !built.diags.iter().any(|d| d.fatal) {
                println!(
                    "cargo::error={}: nothing was generated",
                    self.input.display()
                );
            }
            eprint!("{}", render::plain(&built.diags, &built.sources));
        }
        !failed
    }
}

/// A folder with a folder per API.
#[derive(Clone, Debug)]
pub struct Workspace {
    dir: PathBuf,
    by_features: bool,
    mock: bool,
    cli: bool,
}

/// All APIs below a folder.
pub fn workspace(dir: impl Into<PathBuf>) -> Workspace {
    Workspace {
        dir: dir.into(),
        by_features: false,
        mock: false,
        cli: false,
    }
}

impl Workspace {
    /// Only those whose name is an enabled feature of the package.
    #[must_use]
    pub fn enabled_by_features(mut self) -> Self {
        self.by_features = true;
        self
    }

    /// A mock server for each, as [`Config::mock`] has it.
    #[must_use]
    pub fn mock(mut self, mock: bool) -> Self {
        self.mock = mock;
        self
    }

    /// A command line for each, as [`Config::cli`] has it.
    #[must_use]
    pub fn cli(mut self, cli: bool) -> Self {
        self.cli = cli;
        self
    }

    /// Writes `$OUT_DIR/<name>.rs` for each, and tells Cargo about it.
    #[must_use = "the build script has to give it back"]
    pub fn build(&self) -> ExitCode {
        let found = out_dir().and_then(|out_dir| {
            let names = self
                .names()
                .map_err(|err| format!("{}: {err}", self.dir.display()))?;
            Ok((out_dir, names))
        });
        let (out_dir, names) = match found {
            Ok(found) => found,
            Err(message) => {
                println!("cargo::error={message}");
                return ExitCode::FAILURE;
            }
        };
        let mut good = true;
        for name in &names {
            // All of them, so that one run shows every mistake.
            good &= Config::new(self.dir.join(name))
                .name(name)
                .mock(self.mock)
                .cli(self.cli)
                .report(&out_dir);
        }
        if good {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }

    fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.dir)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.file_type()?.is_dir() && !name.starts_with('.') && self.is_enabled(&name) {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    fn is_enabled(&self, name: &str) -> bool {
        let feature = name.to_ascii_uppercase().replace('-', "_");
        !self.by_features || env::var_os(format!("CARGO_FEATURE_{feature}")).is_some()
    }
}

fn out_dir() -> Result<PathBuf, String> {
    env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .ok_or_else(|| "`OUT_DIR` is not set: this is for build scripts".to_owned())
}
