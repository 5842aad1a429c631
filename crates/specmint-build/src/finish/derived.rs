//! What an item derives, and how it stops to derive serde's traits once a macro implements them.

use syn::{Attribute, Path, Token, parse_quote, punctuated::Punctuated};

/// serde's two traits.
const SERDE: [&str; 2] = ["Deserialize", "Serialize"];

/// Whether a path ends in a name.
pub(super) fn ends(path: &Path, name: &str) -> bool {
    path.segments.last().is_some_and(|last| last.ident == name)
}

/// Whether an item derives both of serde's traits.
pub(super) fn is_serde(attributes: &[Attribute]) -> bool {
    SERDE.into_iter().all(|name| derives(attributes, name))
}

/// Whether an item derives a trait.
pub(super) fn derives(attributes: &[Attribute], name: &str) -> bool {
    let mut paths = attributes.iter().filter_map(traits).flatten();
    paths.any(|path| ends(&path, name))
}

/// Takes serde's traits out of what an item derives.
pub(super) fn without_serde(attributes: &mut [Attribute]) {
    without(attributes, &SERDE);
}

/// Takes `Default` out of what an item derives; whether it was there.
pub(super) fn without_default(attributes: &mut [Attribute]) -> bool {
    let derived = derives(attributes, "Default");
    without(attributes, &["Default"]);
    derived
}

fn without(attributes: &mut [Attribute], names: &[&str]) {
    for attribute in attributes {
        let Some(traits) = traits(attribute) else {
            continue;
        };
        let kept = traits
            .into_iter()
            .filter(|path| !names.iter().any(|name| ends(path, name)));
        *attribute = parse_quote!(#[derive(#(#kept),*)]);
    }
}

/// The traits that an attribute derives.
fn traits(attribute: &Attribute) -> Option<Punctuated<Path, Token![,]>> {
    attribute.path().is_ident("derive").then_some(())?;
    attribute.parse_args_with(Punctuated::parse_terminated).ok()
}
