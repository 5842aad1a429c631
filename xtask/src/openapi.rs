//! `openapi`: the document that pages amount to, for users of any language.

use std::path::PathBuf;

use specmint_build::{Settings, generate};

use crate::{
    Failure,
    input::{Reading, write_document},
};

/// Write the OpenAPI document that pages amount to.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A directory of pages, one page, an `llms.txt` beside its pages, or one OpenAPI document.
    #[arg(long, value_name = "INPUT")]
    input: PathBuf,
    /// Where to write; YAML or JSON by its ending.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// `3.1` is the faithful one; `3.0` is exactly what the generator is given.
    #[arg(long, value_enum, default_value = "3.1")]
    dialect: Dialect,
    /// Write the report, operation by operation, as JSON.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Print nothing but errors.
    #[arg(long)]
    quiet: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Dialect {
    #[value(name = "3.1")]
    V3_1,
    #[value(name = "3.0")]
    V3_0,
}

pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    let mut reading = Reading::of(&args.input)?;
    let document = reading.document()?;
    if args.dialect == Dialect::V3_1 {
        write_document(&args.out, &document.root)?;
    }
    if args.dialect == Dialect::V3_0 || args.report.is_some() {
        let settings = Settings::for_api(&reading.input.api);
        let lowered =
            specmint_spec::lower(&document, &mut reading.diags).map_err(|_| reading.failed())?;
        let generated =
            generate(&lowered, &settings, &mut reading.diags).map_err(|_| reading.failed())?;
        if args.dialect == Dialect::V3_0 {
            write_document(&args.out, &generated.fitted)?;
        }
        if let Some(file) = &args.report {
            let report = generated.report(&reading.input.sources, &reading.diags);
            write_document(file, &report)?;
        }
    }
    reading.say(args.quiet);
    Ok(())
}
