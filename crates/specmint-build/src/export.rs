//! A stand-alone crate: everything that a generated client needs, in any folder.

mod readme;

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io,
    path::{Path, PathBuf},
};

use heck::ToSnakeCase as _;

use crate::{
    Generated,
    emit::{self, Mode, Outcome},
};

/// Where the runtime of a client comes from.
#[derive(Clone, Debug)]
pub enum Runtime {
    /// From the registry, in the version of this crate.
    Published,
    /// From a folder.
    Path(PathBuf),
}

/// What every client stands on.
const RUNTIME: &str = "specmint-client";

/// The document, beside which the code lies.
const SOURCE: &str = "openapi.yaml";

/// What is known about the crates that generated code may need.
const VERSIONS: &[(&str, &str)] = &[
    (
        "chrono",
        r#"{ version = "0.4", default-features = false, features = ["serde", "std"] }"#,
    ),
    ("regress", r#""0.12""#),
    ("serde", r#"{ version = "1", features = ["derive"] }"#),
    ("serde_json", r#""1""#),
    ("uuid", r#"{ version = "1", features = ["serde"] }"#),
];

/// Writes the crate; what stands there of another export is replaced.
pub fn write(
    dir: &Path,
    name: &str,
    generated: &Generated,
    openapi: &str,
    runtime: &Runtime,
) -> io::Result<BTreeMap<PathBuf, Outcome>> {
    emit::folder(dir, &files(name, generated, openapi, runtime), Mode::Write)
}

/// The files of the crate, by their path in it.
pub fn files(
    name: &str,
    generated: &Generated,
    openapi: &str,
    runtime: &Runtime,
) -> BTreeMap<PathBuf, String> {
    let library = generated.file.library(SOURCE, &generated.overview());
    let mut files = vec![
        ("Cargo.toml", manifest(name, generated, runtime)),
        ("README.md", readme::text(name, generated)),
        (SOURCE, openapi.to_owned()),
        ("src/lib.rs", library),
    ];
    if generated.cli {
        files.push(("src/main.rs", binary(name)));
    }
    let modules = generated.file.modules.iter().map(|module| {
        let path = format!("src/{}.rs", module.name);
        (PathBuf::from(path), module.file(SOURCE))
    });
    files
        .into_iter()
        .map(|(path, text)| (PathBuf::from(path), text))
        .chain(modules)
        .collect()
}

fn manifest(name: &str, generated: &Generated, runtime: &Runtime) -> String {
    let description = one_line(&format!("Client for {}", generated.api.title));
    let mut out = format!(
        "[package]\nname = {name}\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         rust-version = \"{msrv}\"\ndescription = {description}\npublish = false\n\n\
         [lib]\n# Descriptions of the API are not Rust code.\ndoctest = false\n\n[dependencies]\n",
        name = toml_string(name),
        msrv = env!("CARGO_PKG_RUST_VERSION"),
        description = toml_string(&description),
    );
    for need in &generated.file.needs {
        let version = if need == RUNTIME {
            let source = match runtime {
                Runtime::Published => format!("version = \"{}\"", env!("CARGO_PKG_VERSION")),
                Runtime::Path(path) => {
                    format!("path = {}", toml_string(&path.display().to_string()))
                }
            };
            // How TLS is spoken is for this crate's users to say.
            format!("{{ {source}, default-features = false }}")
        } else {
            let known = VERSIONS.iter().find(|(name, _)| name == need);
            known.map_or("\"*\"", |(_, version)| version).to_owned()
        };
        let _ = writeln!(out, "{need} = {version}");
    }
    out.push_str(
        "\n[features]\ndefault = [\"gzip\", \"rustls\"]\n\
         # Compressed answers: they are asked for and read.\n\
         gzip = [\"specmint-client/gzip\"]\n\
         # TLS by rustls, or by the operating system's own library.\n\
         rustls = [\"specmint-client/rustls\"]\n\
         native-tls = [\"specmint-client/native-tls\"]\n\
         # A span for each call, named as OpenTelemetry's HTTP conventions ask.\n\
         tracing = [\"specmint-client/tracing\"]\n",
    );
    if generated.mock {
        out.push_str(
            "# A server that plays the API in tests: the module `mock`.\n\
             mock = [\"specmint-client/mock\"]\n",
        );
    }
    if generated.cli {
        let _ = write!(
            out,
            "# A command line: `cargo install --path . --features cli`.\n\
             cli = [\"specmint-client/cli\"]\n\n\
             [[bin]]\nname = {}\npath = \"src/main.rs\"\nrequired-features = [\"cli\"]\n\
             doc = false\n",
            toml_string(name)
        );
    }
    if name.replace('-', "_") != name.to_snake_case() {
        out.push_str("\n[lints.rust]\n# The crate's name.\nnon_snake_case = \"allow\"\n");
    }
    out.push_str("\n# A workspace of its own, wherever it lies.\n[workspace]\n");
    out
}

fn toml_string(text: &str) -> String {
    // JSON's escapes are TOML's.
    serde_json::to_string(text).unwrap_or_else(|_| "\"\"".to_owned())
}

fn one_line(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .filter(|c| !c.is_control())
        .collect()
}

/// The program of the feature `cli`.
fn binary(name: &str) -> String {
    format!(
        "{} {}. Do not edit.\n\n//! The command line.\n\n\
         fn main() -> std::process::ExitCode {{\n    {}::cli::main()\n}}\n",
        emit::MARK,
        env!("CARGO_PKG_VERSION"),
        name.replace('-', "_"),
    )
}
