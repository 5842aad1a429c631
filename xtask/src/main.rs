//! Chores around the pipeline: `cargo xtask --help`.
//!
//! A thin caller of the library crates. It must never depend on the root package: it has to run
//! when the embedded pages are so broken that the root does not build.

mod bench;
mod corpus;
mod explain;
mod export;
mod fuzz;
mod input;
mod names;
mod new_api;
mod openapi;
mod sync;
mod wire;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Generating is a third allocating: tokens are millions of small pieces.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Chores around the pipeline.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Args {
    /// Run commands that work long from an optimized build.
    #[arg(long, hide = true)]
    optimize_long_work: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the OpenAPI document that pages amount to.
    Openapi(openapi::Args),
    /// Write a stand-alone client crate.
    Export(export::Args),
    /// Show any intermediate form of an embedded API, or what a diagnostic means.
    Explain(explain::Args),
    /// Run every entry of the corpus through `openapi` and `export`, and print the figures.
    Corpus(corpus::Args),
    /// Measure generating and checking against other generators.
    Bench(bench::Args),
    /// Mutate documents of the corpus at random, and run them through the pipeline.
    Fuzz(fuzz::Args),
    /// Fetch the documentation pages of the embedded APIs and report what changed.
    SyncSpecs(sync::Args),
    /// Add an API: folder, pages, lock, feature, module and first snapshot.
    NewApi(new_api::Args),
    /// Write down what operations and types are called, so that it never changes.
    Names(names::Args),
    /// Call every operation of a generated client against an independent server.
    Wire(wire::Args),
}

/// How a command ended, beside success.
///
/// Wrong usage is 2, as clap has it.
enum Failure {
    /// The diagnostics, on standard error, say why: 1.
    Reported,
    /// Wrong configuration, or a thing that isn't there: 2.
    Usage(anyhow::Error),
    /// Anything else: 1.
    Other(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(err: E) -> Self {
        Self::Other(err.into())
    }
}

impl Command {
    /// Whether it may work longer than an optimized build takes. The others are part of adding an
    /// API, or look at a single one, and share what they are built of with the tests.
    fn works_long(&self) -> bool {
        match self {
            Self::Openapi(_)
            | Self::Export(_)
            | Self::Corpus(_)
            | Self::Bench(_)
            | Self::Fuzz(_)
            | Self::Wire(_) => true,
            Self::Explain(_) | Self::SyncSpecs(_) | Self::NewApi(_) | Self::Names(_) => false,
        }
    }
}

/// The same command from an optimized build.
fn optimized() -> ExitCode {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = std::process::Command::new(cargo)
        .args(["run", "--quiet", "--release", "--manifest-path"])
        .args([concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"), "--"])
        .args(std::env::args_os().skip(1))
        .status();
    match status {
        Ok(status) => ExitCode::from(
            status
                .code()
                .and_then(|c| u8::try_from(c).ok())
                .unwrap_or(1),
        ),
        Err(error) => {
            anstream::eprintln!("error: cargo could not be started: {error}");
            ExitCode::from(1)
        }
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    if cfg!(debug_assertions) && args.optimize_long_work && args.command.works_long() {
        return optimized();
    }
    let done = match args.command {
        Command::Openapi(args) => openapi::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Corpus(args) => corpus::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Fuzz(args) => fuzz::run(&args),
        Command::SyncSpecs(args) => return sync::run(&args),
        Command::NewApi(args) => return new_api::run(&args),
        Command::Names(args) => return names::run(&args),
        Command::Wire(args) => wire::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Reported) => ExitCode::from(1),
        Err(Failure::Usage(err)) => {
            anstream::eprintln!("error: {err:#}");
            ExitCode::from(2)
        }
        Err(Failure::Other(err)) => {
            anstream::eprintln!("error: {err:#}");
            ExitCode::from(1)
        }
    }
}
