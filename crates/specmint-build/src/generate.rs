//! The stages in their order, and what to do when progenitor gives up on one operation.

use proc_macro2::TokenStream;
use specmint_spec::{
    diag::{Diagnostics, Reported},
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
}

impl Generated {
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
        Err(message) => {
            blame(&mut fitted, &message, diags);
            match attempt(&fitted, settings) {
                Ok(file) => file,
                Err(message) => {
                    diags.error(codes::GENERATOR_FAILED, Span::NONE, message);
                    return Err(Reported);
                }
            }
        }
    };
    Ok(Generated {
        file,
        fitted: fitted.document,
        api: fitted.api,
        reach: fitted.reach,
    })
}

/// From the fitted document to text, on a thread of its own.
fn attempt(fitted: &Fitted, settings: &Settings) -> Result<RustFile, String> {
    tokens::contained(|| {
        let tokens = progenitor(fitted)?;
        let finished = finish::client(tokens, &fitted.api, &fitted.types)?;
        let items = beside::items(&fitted.api, &fitted.types, finished);
        Ok(render::file(&settings.name, &settings.source, items))
    })
}

fn progenitor(fitted: &Fitted) -> Result<TokenStream, String> {
    let openapi = tokens::document(&fitted.document)?;
    tokens::client(&openapi, &fitted.types)
}

/// Leaves out the operations that can't be generated, and says which.
fn blame(fitted: &mut Fitted, message: &str, diags: &mut Diagnostics) {
    let all: Vec<usize> = (0..fitted.api.operations.len()).collect();
    let mut guilty = Vec::new();
    search(fitted, &all, message, &mut guilty);
    for (index, message) in &guilty {
        if let Some(operation) = fitted.api.operations.get(*index) {
            diags
                .skip(
                    codes::GENERATOR_FAILED,
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
fn search(fitted: &Fitted, indices: &[usize], message: &str, guilty: &mut Vec<(usize, String)>) {
    if let [only] = indices {
        guilty.push((*only, message.to_owned()));
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
        if let Err(message) = attempt(&part, &Settings::default()) {
            search(fitted, half, &message, guilty);
        }
    }
}
