//! The stages in their order, and what to do when progenitor gives up on one operation.

use proc_macro2::TokenStream;
use specmint_spec::{
    diag::{Code, Diagnostics, Reported},
    document::Lowered,
    node::Node,
    page::{Sources, Span},
};

use crate::{
    Settings, beside, codes, finish,
    model::Api,
    preflight::{self, Fitted},
    render::{self, RustFile},
    report::{self, Reach, Report},
    tokens,
};

/// Everything that is made of one API.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The code.
    pub file: RustFile,
    /// The document progenitor was given.
    pub fitted: Node,
    /// What goes over the wire.
    pub api: Api,
    /// Who refers to whom, for the report.
    pub reach: Reach,
    /// Whether there is a module `mock`.
    pub mock: bool,
    /// Whether there is a module `cli`.
    pub cli: bool,
}

impl Generated {
    /// What the documentation of the client's module begins with, as Markdown for rustdoc: what the
    /// API is, its environment variables, and a table of its operations.
    pub fn overview(&self) -> String {
        beside::overview::page(&self.api)
    }

    /// The environment variables of the client, as a list in Markdown.
    pub(crate) fn environment(&self) -> String {
        beside::environment::list(&self.api)
    }

    /// What became of every operation.
    pub fn report(&self, sources: &Sources, diags: &Diagnostics) -> Report {
        report::write(&self.api, &self.reach, sources, diags)
    }
}

/// Generates the client of one API. Everything worth saying is in `diags`.
pub fn generate(
    lowered: &Lowered,
    settings: &Settings,
    diags: &mut Diagnostics,
) -> Result<Generated, Reported> {
    let mut fitted = preflight::fit(lowered, settings, diags)?;
    let file = match attempt(&fitted, settings) {
        Ok(file) => file,
        Err(failure) => {
            blame(&mut fitted, &failure, diags);
            match attempt(&fitted, settings) {
                Ok(file) => file,
                Err((code, message)) => {
                    diags.error(code, Span::NONE, message);
                    return Err(Reported);
                }
            }
        }
    };
    let has_operations = !fitted.api.operations.is_empty();
    Ok(Generated {
        file,
        fitted: fitted.document,
        api: fitted.api,
        reach: fitted.reach,
        mock: settings.mock && has_operations,
        cli: settings.cli && has_operations,
    })
}

/// Why nothing came out: which kind of failure, and what it says.
type Failure = (Code, String);

/// From the fitted document to text, on a thread of its own.
fn attempt(fitted: &Fitted, settings: &Settings) -> Result<RustFile, Failure> {
    let outcome = tokens::contained(|| {
        let tokens = progenitor(fitted)?;
        Ok(
            finish::client(tokens, &fitted.api, &fitted.types).map(|finished| {
                let Fitted { api, types, .. } = fitted;
                let items = beside::items(api, types, finished, settings);
                let texts = beside::texts(api, types, settings);
                render::file(&settings.name, &settings.source, items, &texts)
            }),
        )
    });
    match outcome {
        Ok(file) => file.map_err(|message| (codes::UNEXPECTED_SHAPE, message)),
        Err(message) => Err((codes::GENERATOR_FAILED, message)),
    }
}

fn progenitor(fitted: &Fitted) -> Result<TokenStream, String> {
    let openapi = tokens::document(&fitted.document)?;
    tokens::client(&openapi, &fitted.types)
}

/// Leaves out the operations that can't be generated, and says which.
fn blame(fitted: &mut Fitted, failure: &Failure, diags: &mut Diagnostics) {
    let all: Vec<usize> = (0..fitted.api.operations.len()).collect();
    let mut guilty = Vec::new();
    search(fitted, &all, failure, &mut guilty);
    for (index, (code, message)) in &guilty {
        if let Some(operation) = fitted.api.operations.get(*index) {
            diags
                .skip(
                    *code,
                    operation.span,
                    format!("the generator gave up on `{}`: {message}", operation.id),
                )
                .at(operation.pointer.clone());
        }
    }
    let mut index = 0;
    fitted.api.operations.retain(|_| {
        index += 1;
        !guilty.iter().any(|(i, _)| *i == index - 1)
    });
    fitted.document = preflight::document::write(&fitted.api, &fitted.types);
}

/// Finds operations that fail by themselves, halving the list as long as a half fails.
fn search(
    fitted: &Fitted,
    indices: &[usize],
    failure: &Failure,
    guilty: &mut Vec<(usize, Failure)>,
) {
    if let [only] = indices {
        guilty.push((*only, failure.clone()));
        return;
    }
    let (left, right) = indices.split_at(indices.len() / 2);
    for half in [left, right] {
        if half.is_empty() {
            continue;
        }
        let mut part = fitted.clone();
        part.api.operations = half
            .iter()
            .filter_map(|index| fitted.api.operations.get(*index).cloned())
            .collect();
        part.document = preflight::document::write(&part.api, &part.types);
        if let Err(failure) = attempt(&part, &Settings::default()) {
            search(fitted, half, &failure, guilty);
        }
    }
}
