//! `new-api`: from the address of a documentation site, or a captured one, to folder, pages, lock,
//! feature, module, command line and first snapshot.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::{Context as _, anyhow, bail};
use specmint_build::Settings;
use specmint_sync::{Exit, Options, report};

use crate::{
    input::Reading,
    sync::{Bar, Generator},
};

/// Add an API: `specs/NAME` with its pages and lock, a feature, a module, a command line, and the
/// first snapshot.
///
/// `--docs` is the address of the documentation (its `llms.txt`, or the site's) or of an OpenAPI
/// document; `--from` reads a local copy of the site in its place.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The name in code: `[a-z][a-z0-9_]*`.
    #[arg(value_name = "NAME")]
    name: String,
    /// The documentation's address, or an OpenAPI document's.
    #[arg(long, value_name = "URL", required_unless_present = "from")]
    docs: Option<String>,
    /// A local copy of the site: pages, with `llms.txt` or without.
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
    /// What the API calls itself; otherwise its name.
    #[arg(long)]
    title: Option<String>,
    /// Let pages come from this machine or a private network, over plain HTTP too.
    #[arg(long)]
    allow_private: bool,
    /// Write files only; leave the first snapshot to `cargo insta test --accept`.
    #[arg(long)]
    no_snapshot: bool,
}

pub(crate) fn run(args: &Args) -> ExitCode {
    match add(args) {
        Ok(exit) => ExitCode::from(exit.code()),
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            ExitCode::from(1)
        }
    }
}

fn add(args: &Args) -> anyhow::Result<Exit> {
    let name = args.name.as_str();
    if let Err(error) = check(name) {
        anstream::eprintln!("error: {error:#}");
        return Ok(Exit::Usage);
    }
    let dir = Path::new("specs").join(name);
    // What can't be edited is found before anything is written.
    edits(name, &title(args), true, &BTreeSet::new())?;
    fs::create_dir_all(&dir)?;
    fs::write(dir.join("api.toml"), settings(args))?;
    let options = Options {
        specs: "specs".into(),
        apis: vec![name.to_owned()],
        from: args.from.clone(),
        ..Options::default()
    };
    let outcome = specmint_sync::run(&options, &Generator, &Bar::new(false));
    let exit = outcome.exit();
    let printed = report::terminal(&outcome.reports, exit, 100, false);
    anstream::eprint!("{}", printed.problems);
    if exit != Exit::Done {
        // Nothing was there before, and nothing is there now.
        fs::remove_dir_all(&dir)?;
        if is_private(args) && !args.allow_private {
            anstream::eprintln!(
                "   = help: a site on this machine or in a private network: run again with \
                 `--allow-private`"
            );
        }
        return Ok(exit);
    }
    anstream::print!("{}", printed.results);
    // An API of webhooks alone has nothing that could be called.
    let names = fs::read_to_string(dir.join(specmint_sync::names::FILE)).unwrap_or_default();
    let is_called = names.contains("\n[operations]\n");
    for (path, text) in edits(name, &title(args), is_called, &needs(&dir)?)? {
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        let written = folder.and_then(|()| fs::write(&path, text));
        written.with_context(|| format!("`{}`", path.display()))?;
        anstream::println!("    Changed {}", path.display());
    }
    if !args.no_snapshot {
        snapshot(name)?;
    }
    anstream::println!(
        "       Next look at the pages and the snapshots, then `cargo test --package specmint`"
    );
    Ok(Exit::Done)
}

/// Whether an API can have this name.
fn check(name: &str) -> anyhow::Result<()> {
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
    let rest = name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !begins || !rest || name.len() > 40 {
        let better = specmint_spec::api::name(name);
        bail!(
            "`{name}` is no name for a module: it has to be `[a-z][a-z0-9_]*`, 40 at most{}",
            if better.len() <= 40 {
                format!("; how about `{better}`?")
            } else {
                String::new()
            }
        );
    }
    let reserved = [
        "as",
        "async",
        "await",
        "box",
        "break",
        "codegen",
        "const",
        "continue",
        "crate",
        "default",
        "dyn",
        "else",
        "enum",
        "extern",
        "false",
        "fn",
        "for",
        "full",
        "gen",
        "if",
        "impl",
        "in",
        "let",
        "lib",
        "loop",
        "main",
        "match",
        "mod",
        "move",
        "mut",
        "pub",
        "ref",
        "return",
        "gzip",
        "rustls",
        "self",
        "static",
        "struct",
        "super",
        "trait",
        "true",
        "try",
        "type",
        "unsafe",
        "use",
        "where",
        "while",
        "yield",
        "test",
        "core",
        "std",
        "serde",
        "serde_json",
        "specmint_client",
    ];
    if reserved.contains(&name) {
        bail!("`{name}` is a word with another meaning; choose another name");
    }
    if Path::new("specs").join(name).exists() {
        bail!("specs/{name} is there already; `cargo xtask sync-specs {name}` keeps it in step");
    }
    Ok(())
}

/// Whether the address is one that is not dialled unless `api.toml` says so.
fn is_private(args: &Args) -> bool {
    let Some((scheme, rest)) = args.docs.as_deref().and_then(|docs| docs.split_once("://")) else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    scheme == "http" || host == "localhost" || host.parse::<std::net::IpAddr>().is_ok()
}

fn title(args: &Args) -> String {
    let words = |name: &str| {
        let mut letters = name.replace('_', " ");
        if let Some(first) = letters.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        letters
    };
    args.title.clone().unwrap_or_else(|| words(&args.name))
}

/// The text of `api.toml`.
fn settings(args: &Args) -> String {
    let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
    let mut text = String::from("# Decisions about this API that its pages can't make.\n");
    if let Some(title) = &args.title {
        let _ = writeln!(text, "title = {}", quoted(title));
    }
    if let Some(docs) = &args.docs {
        let path = docs.split(['?', '#']).next().unwrap_or_default();
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        let document = ["json", "yaml", "yml"].contains(&ending);
        let (key, url) = match (document, ending == "txt") {
            (true, _) => ("spec", docs.clone()),
            (false, true) => ("docs", docs.clone()),
            (false, false) => ("docs", format!("{}/llms.txt", path.trim_end_matches('/'))),
        };
        let _ = writeln!(text, "{key} = {}", quoted(&url));
    }
    if args.allow_private {
        text.push_str("allow-private = true\n");
    }
    text
}

/// The crates that the client of an API needs: `chrono` where it has moments, and so on.
fn needs(dir: &Path) -> anyhow::Result<BTreeSet<String>> {
    let failed = || anyhow!("the client of `{}` can't be made", dir.display());
    let mut reading = Reading::of(dir).map_err(|_| failed())?;
    let settings = Settings {
        mock: true,
        cli: true,
        ..Settings::for_api(&reading.input.api)
    };
    let generated = reading.client(&settings).map_err(|_| failed())?;
    Ok(generated.file.needs)
}

/// What changes outside the folder, computed before anything is written.
fn edits(
    name: &str,
    title: &str,
    is_called: bool,
    needs: &BTreeSet<String>,
) -> anyhow::Result<Vec<(PathBuf, String)>> {
    let read = |path: &str| fs::read_to_string(path).with_context(|| format!("`{path}`"));
    let mut manifest = read("Cargo.toml")?;
    for need in needs {
        manifest = with_dependency(&manifest, need)
            .ok_or_else(|| anyhow!("Cargo.toml has no `[dependencies]` for `{need}`"))?;
    }
    for feature in ["default", "full"] {
        manifest = in_list(&manifest, feature, name)
            .ok_or_else(|| anyhow!("Cargo.toml has no one-line list `{feature} = [...]`"))?;
    }
    let gates = "# One per API: gates generation and compilation.\n";
    if !manifest.contains(gates) {
        bail!("Cargo.toml lacks the line `{}`", gates.trim_end());
    }
    let manifest = manifest.replacen(gates, &format!("{gates}{name} = []\n"), 1);
    let program = program(name);
    let manifest = if is_called {
        with_program(&manifest, &program, name)
            .ok_or_else(|| anyhow!("Cargo.toml has no `[[bin]]` for the new one to follow"))?
    } else {
        manifest
    };
    let lib = read("src/lib.rs")?;
    let lib = format!(
        "{}\n\n#[cfg(feature = \"{name}\")]\npub mod {name};\n",
        lib.trim_end()
    );
    let tests = read("tests/it/generated.rs")?;
    let opening = "apis! { ";
    if !tests.contains(opening) {
        bail!("tests/it/generated.rs lacks `apis! {{ ... }}`");
    }
    let tests = tests.replacen(opening, &format!("{opening}{name} = \"{name}\", "), 1);
    let mut edits = vec![
        ("Cargo.toml".into(), manifest),
        ("src/lib.rs".into(), lib),
        (format!("src/{name}.rs").into(), module(name, title)),
        ("tests/it/generated.rs".into(), tests),
    ];
    if is_called {
        edits.push((format!("src/bin/{program}.rs").into(), main(name)));
    }
    Ok(edits)
}

/// Adds a name to a list that stands on one line of the manifest.
fn in_list(manifest: &str, list: &str, name: &str) -> Option<String> {
    let opening = format!("\n{list} = [");
    let begin = manifest.find(&opening)? + opening.len();
    let end = begin + manifest[begin..].find(']')?;
    let before = manifest[..end].trim_end();
    let comma = if before.ends_with('[') { "" } else { ", " };
    Some(format!("{before}{comma}\"{name}\"{}", &manifest[end..]))
}

/// The manifest with a dependency more, in its place among the others, unless it is there already.
fn with_dependency(manifest: &str, name: &str) -> Option<String> {
    let begin = manifest.find("\n[dependencies]\n")? + "\n[dependencies]\n".len();
    let section = &manifest[begin..];
    let section = &section[..section.find("\n\n").map_or(section.len(), |end| end + 1)];
    let key = |line: &str| {
        line.split(['.', ' ', '='])
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let mut lines: Vec<&str> = section.lines().collect();
    if lines.iter().any(|line| key(line) == name) {
        return Some(manifest.to_owned());
    }
    let line = format!("{name}.workspace = true");
    let at = lines
        .iter()
        .position(|other| key(other).as_str() > name)
        .unwrap_or(lines.len());
    lines.insert(at, &line);
    let (before, after) = (&manifest[..begin], &manifest[begin + section.len()..]);
    Some(format!("{before}{}\n{after}", lines.join("\n")))
}

/// What the command line of an API is called.
fn program(name: &str) -> String {
    format!("specmint-{}", name.replace('_', "-"))
}

/// The manifest with a program more, behind the last one.
fn with_program(manifest: &str, program: &str, name: &str) -> Option<String> {
    let last = manifest.rfind("\n[[bin]]\n")? + 1;
    let end = manifest[last..]
        .find("\n\n")
        .map_or(manifest.len(), |length| last + length + 1);
    let (before, after) = manifest.split_at(end);
    Some(format!(
        "{before}\n[[bin]]\nname = \"{program}\"\nrequired-features = [\"cli\", \"{name}\"]\n{after}"
    ))
}

/// The text of `src/bin/<program>.rs`.
fn main(name: &str) -> String {
    format!(
        "//! The command line of the API `{name}`: a command per operation, credentials from the environment.\n\
         \n\
         fn main() -> std::process::ExitCode {{\n    specmint::{name}::cli::main()\n}}\n"
    )
}

/// The text of `src/<name>.rs`.
fn module(name: &str, title: &str) -> String {
    let title: String = title
        .chars()
        .filter(|c| !c.is_control() && !"[]<>`\\".contains(*c))
        .collect();
    format!(
        "//! Client for the {title} API.\n\
         //!\n\
         //! Generated from the pages in `specs/{name}`; nothing in this module is written by hand.\n\
         \n\
         #![allow(\n    clippy::all,\n    clippy::pedantic,\n    missing_docs,\n    unreachable_pub,\n    \
         reason = \"generated below; linted where the generator is\"\n)]\n\
         \n\
         include!(concat!(env!(\"OUT_DIR\"), \"/{name}.rs\"));\n"
    )
}

/// Compiles the client once, and keeps what was compiled as its first snapshot.
fn snapshot(name: &str) -> anyhow::Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args([
            "test",
            "--quiet",
            "--package",
            "specmint",
            "--test",
            "it",
            "--",
            "--exact",
            &format!("generated::{name}"),
        ])
        .env("INSTA_UPDATE", "always")
        .status()
        .context("cargo could not be started")?;
    if !status.success() {
        bail!(
            "the client of `{name}` does not pass its first test; its files are kept to be looked \
             at\n   = help: `cargo xtask explain {name} --stage rust` shows the client; to undo: \
             git restore Cargo.toml src/lib.rs tests/it/generated.rs && rm -r specs/{name} \
             src/{name}.rs src/bin/{}.rs",
            program(name)
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_on_one_line_grows() {
        let manifest = "[features]\ndefault = [\"codegen\", \"acme\"]\nfull = []\n";
        let grown = in_list(manifest, "default", "globex").expect("there is such a list");
        let grown = in_list(&grown, "full", "globex").expect("there is such a list");
        assert_eq!(
            grown,
            "[features]\ndefault = [\"codegen\", \"acme\", \"globex\"]\nfull = [\"globex\"]\n"
        );
        assert!(in_list(manifest, "none", "globex").is_none());
    }

    #[test]
    fn a_dependency_stands_among_the_others() {
        let manifest =
            "[package]\n\n[dependencies]\nserde.workspace = true\nurl = \"2\"\n\n[features]\n";
        let grown = with_dependency(manifest, "chrono").expect("there are dependencies");
        let grown = with_dependency(&grown, "uuid").expect("there are dependencies");
        assert_eq!(
            grown,
            "[package]\n\n[dependencies]\nchrono.workspace = true\nserde.workspace = true\nurl = \"2\"\n\
             uuid.workspace = true\n\n[features]\n"
        );
        for known in ["serde", "url"] {
            assert_eq!(with_dependency(&grown, known).as_deref(), Some(&*grown));
        }
        assert!(with_dependency("[package]\n", "serde").is_none());
    }

    #[test]
    fn a_program_follows_the_last_one() {
        let bin = |program: &str, name: &str| {
            format!("[[bin]]\nname = \"{program}\"\nrequired-features = [\"cli\", \"{name}\"]\n")
        };
        let (first, second) = (bin("specmint-acme", "acme"), bin("specmint-b-c", "b_c"));
        for rest in ["", "\n[[test]]\nname = \"it\"\n"] {
            let manifest = format!("[lib]\ndoctest = false\n\n{first}{rest}");
            assert_eq!(
                with_program(&manifest, &program("b_c"), "b_c"),
                Some(format!("[lib]\ndoctest = false\n\n{first}\n{second}{rest}"))
            );
        }
        assert_eq!(with_program("[lib]\n", "specmint-b-c", "b_c"), None);
    }

    #[test]
    fn names_that_are_no_modules_are_refused() {
        for name in ["", "Acme", "1acme", "a-b", "../x", "type", "full", "a b"] {
            assert!(check(name).is_err(), "{name}");
        }
        check("acme_2").expect("it is a name");
    }

    #[test]
    fn the_kind_of_address_is_told_by_its_ending() {
        let of = |docs: &str| {
            settings(&Args {
                name: "acme".to_owned(),
                docs: Some(docs.to_owned()),
                from: None,
                title: None,
                allow_private: false,
                no_snapshot: true,
            })
        };
        assert!(
            of("https://docs.acme.test/").contains("docs = \"https://docs.acme.test/llms.txt\"")
        );
        assert!(
            of("https://docs.acme.test/x/llms.txt")
                .contains("docs = \"https://docs.acme.test/x/llms.txt\"")
        );
        assert!(
            of("https://acme.test/openapi.json")
                .contains("spec = \"https://acme.test/openapi.json\"")
        );
    }
}
