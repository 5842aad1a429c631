//! Two APIs: a folder of documentation pages, and an OpenAPI document.

use std::process::ExitCode;

use specmint_build::Config;

fn main() -> ExitCode {
    for input in ["docs/petshop", "docs/planets.yaml"] {
        if Config::new(input).mock(true).build() != ExitCode::SUCCESS {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
