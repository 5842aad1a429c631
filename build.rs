//! Writes one Rust file per enabled API into `OUT_DIR`.

use std::process::ExitCode;

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build.rs");
    run()
}

/// Runs the pipeline over `specs/`.
#[cfg(feature = "codegen")]
fn run() -> ExitCode {
    specmint_build::workspace("specs")
        .enabled_by_features()
        .mock(true)
        .cli(true)
        .build()
}

/// Without the generator there is nothing to build from yet.
#[cfg(not(feature = "codegen"))]
fn run() -> ExitCode {
    println!("cargo::error=enable the feature `codegen`: this package carries no generated code");
    ExitCode::FAILURE
}
