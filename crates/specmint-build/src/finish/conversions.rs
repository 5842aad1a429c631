//! Conversions between types: those that nobody calls go, and those that an alias made equal.
//!
//! typify thinks that every alias is a newtype, so that it converts from and into it. Where the
//! alias has become `pub type`, such a conversion is one of a type into itself, or between two
//! types of other crates, or the same one twice.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::{Item, ItemImpl, Type, parse_quote, visit_mut::VisitMut};

/// How many aliases may stand behind one another.
const MAX_DEPTH: usize = 32;

/// Drops conversions; what stays can't overlap.
pub(super) fn prune(mut items: Vec<Item>) -> Vec<Item> {
    super::boxes::inside_out(&mut items);
    super::unions::complete_displays(&mut items);
    let aliases: BTreeMap<String, Type> = items
        .iter()
        .filter_map(|item| match item {
            Item::Type(item) => Some((item.ident.to_string(), (*item.ty).clone())),
            _ => None,
        })
        .collect();
    let local: BTreeSet<String> = items
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) => Some(item.ident.to_string()),
            Item::Enum(item) => Some(item.ident.to_string()),
            _ => None,
        })
        .collect();
    let resolve = |type_: &Type| {
        let mut type_ = type_.clone();
        for _ in 0..MAX_DEPTH {
            let mut resolver = Resolver {
                aliases: &aliases,
                changed: false,
            };
            resolver.visit_type_mut(&mut type_);
            if !resolver.changed {
                break;
            }
        }
        type_.to_token_stream().to_string()
    };
    let infallible: BTreeSet<(String, String)> = items
        .iter()
        .filter_map(|item| match item {
            Item::Impl(item) => {
                let (name, from) = conversion(item)?;
                (name == "From").then(|| (resolve(&item.self_ty), resolve(&from)))
            }
            _ => None,
        })
        .collect();
    let mut seen = BTreeSet::new();
    let keeps = |item: &ItemImpl, seen: &mut BTreeSet<(String, String, String)>| {
        if is_builder(item) {
            return false;
        }
        let Some((name, from)) = conversion(item) else {
            return true;
        };
        let (to, resolved) = (resolve(&item.self_ty), resolve(&from));
        match name.as_str() {
            "From" => {
                local.contains(&to)
                    && to != resolved
                    && !matches!(from, Type::Reference(_))
                    && seen.insert((name, to, resolved))
            }
            // The standard library makes one of every `From`.
            "TryFrom" => !infallible.contains(&(to, resolved)),
            _ => true,
        }
    };
    items
        .into_iter()
        .filter_map(|item| match item {
            Item::Impl(mut item) => {
                if !keeps(&item, &mut seen) {
                    return None;
                }
                // Any text is good for the branch that is a text.
                if item
                    .to_token_stream()
                    .to_string()
                    .contains("if let Ok (v) = value . parse ()")
                {
                    item.attrs
                        .push(parse_quote!(#[allow(irrefutable_let_patterns)]));
                }
                Some(Item::Impl(item))
            }
            item => Some(item),
        })
        .collect()
}

/// The trait and its argument, where an `impl` is a conversion.
fn conversion(item: &ItemImpl) -> Option<(String, Type)> {
    let (path, _) = item.trait_.as_ref()?;
    let segment = path.segments.last()?;
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    match arguments.args.first()? {
        syn::GenericArgument::Type(type_) => Some((segment.ident.to_string(), type_.clone())),
        _ => None,
    }
}

/// The way into typify's builders.
fn is_builder(item: &ItemImpl) -> bool {
    item.trait_.is_none()
        && item
            .items
            .iter()
            .all(|item| matches!(item, syn::ImplItem::Fn(f) if f.sig.ident == "builder"))
}

/// Puts what is behind an alias in its place, one step.
struct Resolver<'a> {
    aliases: &'a BTreeMap<String, Type>,
    changed: bool,
}

impl VisitMut for Resolver<'_> {
    fn visit_type_mut(&mut self, type_: &mut Type) {
        if let Type::Path(path) = type_
            && let Some(ident) = path.path.get_ident()
            && let Some(target) = self.aliases.get(&ident.to_string())
        {
            *type_ = target.clone();
            self.changed = true;
            return;
        }
        syn::visit_mut::visit_type_mut(self, type_);
    }
}
