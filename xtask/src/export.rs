//! `export`: a stand-alone client crate from pages or a document.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use specmint_build::{Settings, export, generate};

use crate::{
    Failure,
    input::{Reading, write_document},
};

/// Write a stand-alone client crate.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A directory of pages, one page, an `llms.txt` beside its pages, or one OpenAPI document.
    #[arg(long, value_name = "INPUT")]
    input: PathBuf,
    /// The crate's name.
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Where to write it; what stands there of another export is replaced.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Only these operations: `tag:NAME`, or an operation's id.
    #[arg(long, value_name = "TAG|OPERATION")]
    only: Vec<String>,
    /// Depend on the published `specmint-client` instead of this workspace's.
    #[arg(long)]
    published: bool,
    /// Write the report, operation by operation, as JSON.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Print nothing but errors.
    #[arg(long)]
    quiet: bool,
}

pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    if !is_crate_name(&args.name) {
        return Err(Failure::Usage(anyhow!(
            "`{}` can't be the name of a crate: a letter, then letters, digits, `-` and `_`",
            args.name.escape_debug()
        )));
    }
    let mut reading = Reading::of(&args.input)?;
    let document = reading.document()?;
    let mut settings = Settings::for_api(&reading.input.api);
    settings.only.clone_from(&args.only);
    (settings.mock, settings.cli) = (true, true);
    let lowered =
        specmint_spec::lower(&document, &mut reading.diags).map_err(|_| reading.failed())?;
    // Two things to make of the document: neither waits for the other.
    let (openapi, generated) = std::thread::scope(|scope| {
        let openapi = scope.spawn(move || serde_yaml::to_string(&document.root));
        let generated = generate(&lowered, &settings, &mut reading.diags);
        (openapi.join(), generated)
    });
    let openapi = openapi.map_err(|_| anyhow!("the document can't be written as YAML"))??;
    let generated = generated.map_err(|_| reading.failed())?;
    let runtime = if args.published {
        export::Runtime::Published
    } else {
        export::Runtime::Path(runtime()?)
    };
    export::write(&args.out, &args.name, &generated, &openapi, &runtime)
        .map_err(|err| anyhow!("can't write `{}`: {err}", args.out.display()))?;
    let report = generated.report(&reading.input.sources, &reading.diags);
    if let Some(file) = &args.report {
        write_document(file, &report)?;
    }
    reading.say(args.quiet);
    if !args.quiet {
        anstream::eprintln!(
            "{}: {} of {} operations generated, {} approximated, {} skipped",
            args.out.display(),
            report.totals.generated,
            report.totals.input_operations,
            report.totals.approximated,
            report.totals.skipped,
        );
    }
    Ok(())
}

/// The runtime crate of this workspace.
fn runtime() -> Result<PathBuf, Failure> {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dir = xtask.join("../crates/specmint-client");
    Ok(std::fs::canonicalize(dir)?)
}

/// Whether Cargo and Rust take a name: of ASCII, as crates.io has it.
fn is_crate_name(name: &str) -> bool {
    let module = name.replace('-', "_");
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        && syn::parse_str::<syn::Ident>(&module).is_ok()
}
