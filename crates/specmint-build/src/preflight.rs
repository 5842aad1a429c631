//! Lowered → fitted: a document in which progenitor has nothing left to guess, and beside it the
//! truth about the wire.

pub mod answers;
pub mod bodies;
mod checks;
pub mod document;
pub mod ident;
pub mod media_type;
pub mod names;
pub mod operations;
pub mod pages;
pub mod parameters;
pub mod path;
mod properties;
pub mod published;
pub mod schemas;
pub mod security;
pub mod servers;
pub mod webhooks;
pub mod words;

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use specmint_spec::{
    diag::{Diagnostics, Reported},
    document::{Lowered, OperationKey},
    names::Entry,
    node::{Node, Value},
};

use crate::{
    Settings,
    model::Api,
    preflight::{
        names::OperationName,
        schemas::{Place, Role, Types},
    },
    report::Reach,
};

/// What the later stages are given.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// What goes over the wire.
    pub api: Api,
    /// The types.
    pub types: Types,
    /// The document progenitor is given.
    pub document: Node,
    /// Who refers to whom, for the report.
    pub reach: Reach,
}

/// Makes the fitted document and the model of the wire.
pub fn fit(
    lowered: &Lowered,
    settings: &Settings,
    diags: &mut Diagnostics,
) -> Result<Fitted, Reported> {
    let (api, types, names) = model(lowered, settings, diags)?;
    let document = document::write(&api, &types);
    let reach = Reach::of(lowered, &names, settings);
    Ok(Fitted {
        api,
        types,
        document,
        reach,
    })
}

/// What goes over the wire, its types, and what operations are called.
type Model = (Api, Types, BTreeMap<OperationKey, OperationName>);

fn model(
    lowered: &Lowered,
    settings: &Settings,
    diags: &mut Diagnostics,
) -> Result<Model, Reported> {
    let (names, methods) = names::named(lowered, &settings.names, diags);
    diags.gate()?;
    let mut places = Places::default();
    let mut api = operations::draft(lowered, settings, &names, &methods, &mut places, diags);
    diags.gate()?;
    api.webhooks = webhooks::collect(lowered, settings, &mut places, diags);
    let published = &settings.names.types;
    let mut types = schemas::fit(lowered, &places.into_list(), published, diags);
    diags.gate()?;
    if !settings.only.is_empty() {
        // What was not asked for need not be compiled.
        let wanted = reached(types.at.keys(), &types);
        types
            .schemas
            .retain(|name, _| wanted.contains(name.as_str()));
        types.enums.retain(|name, _| wanted.contains(name));
    }
    diags.gate()?;
    operations::settle(&mut api, &types, published, diags);
    webhooks::settle(&mut api, &types);
    pages::settle(&mut api, &lowered.root, settings, &mut types, diags);
    if settings.only.is_empty() {
        say_unused(&api, &types, published, diags);
    }
    diags.gate()?;
    Ok((api, types, names))
}

/// Says which published names of types fit nothing.
fn say_unused(api: &Api, types: &Types, names: &BTreeMap<String, Entry>, diags: &mut Diagnostics) {
    for (key, entry) in names {
        let is_used = if published::is_answers(key) {
            api.error_enum.as_ref() == Some(&entry.name)
                || api
                    .operations
                    .iter()
                    .any(|operation| operation.outcome.several.as_ref() == Some(&entry.name))
        } else {
            types.names_used.contains(key)
        };
        if !is_used {
            published::unused(key, entry, diags);
        }
    }
}

/// The places that schemas are wanted for, each once, in the order of first use.
#[derive(Debug, Default)]
pub struct Places(IndexMap<String, Place>);

impl Places {
    /// Wants the schema at a place; gives back the place's key.
    pub(crate) fn want(
        &mut self,
        pointer: String,
        name: impl Into<String>,
        role: Role,
        schema: &Node,
    ) -> String {
        self.0.entry(pointer.clone()).or_insert_with(|| Place {
            pointer: pointer.clone(),
            name: name.into(),
            role,
            schema: schema.clone(),
        });
        pointer
    }

    /// The schema that stands at a place.
    pub(crate) fn schema(&self, pointer: &str) -> Option<&Node> {
        self.0.get(pointer).map(|place| &place.schema)
    }

    fn into_list(self) -> Vec<Place> {
        self.0.into_values().collect()
    }
}

/// Names of the types that the schemas at some places consist of.
pub(crate) fn reached<'a>(
    places: impl Iterator<Item = &'a String>,
    types: &Types,
) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut work: Vec<&Node> = places.filter_map(|at| types.at.get(at)).collect();
    while let Some(node) = work.pop() {
        if let Some(name) = node
            .get_str("$ref")
            .and_then(|r| r.strip_prefix("#/components/schemas/"))
            && found.insert(name.to_owned())
        {
            work.extend(types.schemas.get(name));
        }
        match &node.value {
            Value::Array(nodes) => work.extend(nodes),
            Value::Object(map) => work.extend(map.values()),
            _ => {}
        }
    }
    found
}

/// How many `$ref`s may follow one another.
const MAX_REFERENCES: usize = 64;

/// Follows local `$ref`s; `None` where one points nowhere or in a circle.
pub(crate) fn resolve<'a>(
    root: &'a Node,
    node: &'a Node,
    pointer: &str,
) -> Option<(&'a Node, String)> {
    let mut node = node;
    let mut pointer = pointer.to_owned();
    for _ in 0..MAX_REFERENCES {
        let Some(reference) = node.get_str("$ref") else {
            return Some((node, pointer));
        };
        let target = reference.strip_prefix('#')?;
        node = root.pointer(target)?;
        target.clone_into(&mut pointer);
    }
    None
}
