//! `explain`: any intermediate form of an embedded API, or what a diagnostic means.

use std::{fs, path::PathBuf};

use anyhow::anyhow;
use specmint_build::Settings;
use specmint_spec::{diag::CodeInfo, extract};

use crate::{Failure, input::Reading};

/// Show any intermediate form of an embedded API, or what a diagnostic means.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A folder of `specs/`.
    #[arg(value_name = "API", required_unless_present = "code")]
    api: Option<String>,
    /// Which form.
    #[arg(long, value_enum, default_value = "document")]
    stage: Stage,
    /// Only what was written at this place: `PAGE:LINE`.
    #[arg(long, value_name = "PAGE:LINE")]
    at: Option<String>,
    /// Say what a diagnostic's code means instead.
    #[arg(long, value_name = "CODE", conflicts_with = "api")]
    code: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Stage {
    /// The pages, as text.
    Page,
    /// The blocks found in them, still in their author's shape.
    Fragment,
    /// The OpenAPI 3.1 document.
    Document,
    /// The OpenAPI 3.0 document.
    Lowered,
    /// The generated Rust.
    Rust,
}

pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    if let Some(code) = &args.code {
        return explain_code(code);
    }
    let api = args.api.as_deref().unwrap_or_default();
    let dir = PathBuf::from("specs").join(api);
    if api.is_empty() || !dir.is_dir() {
        let known: Vec<String> = fs::read_dir("specs")?
            .flatten()
            .filter(|entry| entry.path().is_dir())
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        return Err(Failure::Usage(anyhow!(
            "no `specs/{api}`; there are: {}",
            known.join(", ")
        )));
    }
    let mut reading = Reading::of(&dir)?;
    let text = match args.stage {
        Stage::Page => reading
            .input
            .sources
            .iter()
            .map(|(_, page)| format!("<!-- {} -->\n{}", page.id, page.text))
            .collect::<Vec<_>>()
            .join("\n"),
        Stage::Fragment => {
            let mut fragments = extract::fragments(&reading.input.sources, &mut reading.diags);
            let mut parts = Vec::new();
            for fragment in &mut fragments {
                let at = reading
                    .input
                    .sources
                    .locate(fragment.span)
                    .unwrap_or_default();
                parts.push(format!(
                    "# {at}\n{}",
                    yaml(fragment.whole(), args, &reading)?
                ));
            }
            parts.join("---\n")
        }
        Stage::Document => {
            let document = reading.document()?;
            yaml(&document.root, args, &reading)?
        }
        Stage::Lowered => {
            let document = reading.document()?;
            let lowered = specmint_spec::lower(&document, &mut reading.diags)
                .map_err(|_| reading.failed())?;
            yaml(&lowered.root, args, &reading)?
        }
        Stage::Rust => {
            let settings = Settings::for_api(&reading.input.api);
            reading.client(&settings)?.file.text()
        }
    };
    anstream::print!("{text}");
    reading.say(false);
    Ok(())
}

/// A tree as YAML, or the part of it that a line of a page became.
fn yaml(
    root: &specmint_spec::node::Node,
    args: &Args,
    reading: &Reading,
) -> Result<String, Failure> {
    let Some(at) = &args.at else {
        return Ok(serde_yaml::to_string(root)?);
    };
    let mut found = Vec::new();
    let mut left = vec![root];
    while let Some(node) = left.pop() {
        if reading
            .input
            .sources
            .locate(node.span)
            .is_some_and(|place| place.ends_with(at))
        {
            found.push(serde_yaml::to_string(node)?);
            continue;
        }
        if let Some(members) = node.as_object() {
            left.extend(members.values().rev());
        }
        left.extend(node.as_array().unwrap_or_default().iter().rev());
    }
    if found.is_empty() {
        return Err(Failure::Other(anyhow!(
            "nothing of this stage comes from `{at}`"
        )));
    }
    Ok(found.join("---\n"))
}

fn explain_code(code: &str) -> Result<(), Failure> {
    let all: Vec<&CodeInfo> = specmint_spec::diag::codes::all()
        .chain(specmint_build::codes::all())
        .chain(specmint_sync::codes::TABLE)
        .collect();
    let Some(info) = all
        .iter()
        .find(|info| info.code.0.eq_ignore_ascii_case(code))
    else {
        return Err(Failure::Usage(anyhow!(
            "no diagnostic has the code `{code}`"
        )));
    };
    anstream::println!("{}: {}\n\n{}", info.code, info.title, info.explanation);
    Ok(())
}
