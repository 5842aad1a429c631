//! Names as people write them: `Option<String>` for `::std::option::Option<::std::string::String>`.
//!
//! progenitor and typify write every name in full, since a document may define a type called
//! `Option`. Most don't, and which ones do is known: a name is shortened only in a module that
//! defines nothing of that name.

use std::collections::BTreeSet;

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Attribute, Item, LitStr, Path, Token, parse_quote,
    punctuated::Punctuated,
    visit_mut::{self, VisitMut},
};

/// What the prelude of every module has.
const PRELUDE: &[(&[&str], &str)] = &[
    (&["std", "option", "Option"], "Option"),
    (&["std", "string", "String"], "String"),
    (&["std", "vec", "Vec"], "Vec"),
    (&["std", "boxed", "Box"], "Box"),
    (&["std", "result", "Result"], "Result"),
    (&["std", "default", "Default"], "Default"),
    (&["std", "convert", "From"], "From"),
    (&["std", "convert", "Into"], "Into"),
    (&["std", "convert", "TryFrom"], "TryFrom"),
    (&["std", "convert", "TryInto"], "TryInto"),
    (&["std", "string", "ToString"], "ToString"),
];

/// What is imported where it is used often.
const IMPORTS: &[(&[&str], &str)] = &[
    (&["serde", "Deserialize"], "Deserialize"),
    (&["serde", "Serialize"], "Serialize"),
    (&["std", "collections", "BTreeMap"], "BTreeMap"),
    (&["chrono", "DateTime"], "DateTime"),
    (&["chrono", "offset", "Utc"], "Utc"),
    (&["chrono", "naive", "NaiveDate"], "NaiveDate"),
    (&["uuid", "Uuid"], "Uuid"),
    (&["specmint_client", "lenient"], "lenient"),
];

/// Crates whose names can stand without the colons in front.
const CRATES: &[&str] = &[
    "chrono",
    "regress",
    "serde",
    "serde_json",
    "specmint_client",
    "std",
    "uuid",
];

/// The arguments of serde's attributes that are paths.
const PATHS: &[&str] = &[
    "default",
    "deserialize_with",
    "serialize_with",
    "skip_serializing_if",
    "with",
];

/// Shortens the names in a module, and imports what that takes.
pub(crate) fn names(items: &mut Vec<Item>) {
    let defined: BTreeSet<String> = items.iter().filter_map(name).collect();
    let mut shorten = Shorten {
        defined: &defined,
        used: BTreeSet::new(),
    };
    // What is imported here is not in scope in the modules within.
    let own = |item: &&mut Item| !matches!(item, Item::Mod(_));
    for item in items.iter_mut().filter(own) {
        shorten.visit_item_mut(item);
    }
    let mut uses: Vec<Item> = Vec::new();
    let used = shorten.used;
    let serde: Vec<_> = ["Deserialize", "Serialize"]
        .into_iter()
        .filter(|name| used.contains(name))
        .map(|name| quote::format_ident!("{name}"))
        .collect();
    for (path, _) in IMPORTS.iter().filter(|(_, short)| used.contains(short)) {
        if path.first() == Some(&"serde") {
            continue;
        }
        let path = path.iter().map(|segment| quote::format_ident!("{segment}"));
        uses.push(parse_quote!(use ::#(#path)::*;));
    }
    match serde.as_slice() {
        [] => {}
        [one] => uses.push(parse_quote!(use ::serde::#one;)),
        both => uses.push(parse_quote!(use ::serde::{#(#both),*};)),
    }
    items.splice(0..0, uses);
}

/// What an item defines; macros are about types too.
fn name(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Type(item) => Some(item.ident.to_string()),
        Item::Mod(item) => Some(item.ident.to_string()),
        Item::Macro(item) => {
            let mut tokens = item.mac.tokens.clone().into_iter();
            tokens.find(
                |token| matches!(token, proc_macro2::TokenTree::Ident(ident) if ident == "enum"),
            )?;
            tokens.next().map(|name| name.to_string())
        }
        _ => None,
    }
}

struct Shorten<'a> {
    defined: &'a BTreeSet<String>,
    used: BTreeSet<&'static str>,
}

impl Shorten<'_> {
    /// The short name that a path begins with, and how many segments it stands for.
    fn short(&mut self, segments: &[String]) -> Option<(&'static str, usize)> {
        let found = |(path, short): &&(&[&str], &'static str)| {
            path.len() <= segments.len()
                && path.iter().zip(segments).all(|(a, b)| a == b)
                && !self.defined.contains(*short)
        };
        if let Some((path, short)) = PRELUDE.iter().find(found) {
            return Some((short, path.len()));
        }
        let (path, short) = IMPORTS.iter().find(found)?;
        self.used.insert(short);
        Some((short, path.len()))
    }

    /// Shortens what says how a field gets its value: a type, maybe behind the name of a setter.
    fn made(&mut self, made: TokenStream) -> TokenStream {
        let colon = |token: &TokenTree| matches!(token, TokenTree::Punct(p) if p.as_char() == ':');
        let named = made.clone().into_iter().next().is_some_and(
            |first| matches!(first, TokenTree::Punct(first) if first.as_char() == '='),
        );
        let mut tokens: Vec<TokenTree> = made.clone().into_iter().collect();
        let from = match (named, tokens.iter().position(colon)) {
            (false, _) => 0,
            (true, Some(colon)) => colon + 1,
            (true, None) => return made,
        };
        let type_: TokenStream = tokens.drain(from..).collect();
        let Ok(mut type_) = syn::parse2::<syn::Type>(type_) else {
            return made;
        };
        self.visit_type_mut(&mut type_);
        tokens.extend(type_.into_token_stream());
        tokens.into_iter().collect()
    }

    /// Shortens the path that an attribute of serde has in a string.
    fn text(&mut self, text: &LitStr) -> Option<LitStr> {
        let value = text.value();
        let segments: Vec<String> = value
            .strip_prefix("::")?
            .split("::")
            .map(str::to_owned)
            .collect();
        let rest = |count: usize| segments.get(count..).unwrap_or_default().join("::");
        if let Some((short, count)) = self.short(&segments) {
            let value = match rest(count) {
                rest if rest.is_empty() => short.to_owned(),
                rest => format!("{short}::{rest}"),
            };
            return Some(LitStr::new(&value, text.span()));
        }
        None
    }
}

impl VisitMut for Shorten<'_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        if path.leading_colon.is_some() {
            let segments: Vec<String> = path
                .segments
                .iter()
                .map(|segment| segment.ident.to_string())
                .collect();
            if let Some((short, count)) = self.short(&segments) {
                path.leading_colon = None;
                let mut rest: Punctuated<_, Token![::]> = std::mem::take(&mut path.segments)
                    .into_iter()
                    .skip(count - 1)
                    .collect();
                if let Some(first) = rest.first_mut() {
                    first.ident = quote::format_ident!("{short}");
                }
                path.segments = rest;
            } else if let Some(first) = segments.first()
                && CRATES.contains(&first.as_str())
                && !self.defined.contains(first)
            {
                path.leading_colon = None;
            }
        }
        visit_mut::visit_path_mut(self, path);
    }

    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        if attribute.path().is_ident("derive") {
            let Ok(mut traits) =
                attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated)
            else {
                return;
            };
            traits.iter_mut().for_each(|path| self.visit_path_mut(path));
            let mut traits: Vec<Path> = traits.into_iter().collect();
            traits.sort_by_key(|path| path.segments.last().map(|s| s.ident.to_string()));
            *attribute = parse_quote!(#[derive(#(#traits),*)]);
        } else if attribute.path().is_ident("serde") {
            let Ok(mut metas) =
                attribute.parse_args_with(Punctuated::<syn::Meta, Token![,]>::parse_terminated)
            else {
                return;
            };
            let mut changed = false;
            for meta in &mut metas {
                if let syn::Meta::NameValue(meta) = meta
                    && PATHS.iter().any(|name| meta.path.is_ident(name))
                    && let syn::Expr::Lit(literal) = &mut meta.value
                    && let syn::Lit::Str(text) = &literal.lit
                    && let Some(short) = self.text(text)
                {
                    literal.lit = syn::Lit::Str(short);
                    changed = true;
                }
            }
            if changed {
                *attribute = parse_quote!(#[serde(#metas)]);
            }
        }
    }

    // Macros are printed as they are, but for the types in the tables of structs.
    fn visit_macro_mut(&mut self, macro_: &mut syn::Macro) {
        if ["record", "received"]
            .iter()
            .any(|name| macro_.path.is_ident(name))
        {
            let table = std::mem::take(&mut macro_.tokens);
            macro_.tokens = groups(table, &mut |rows| groups(rows, &mut |made| self.made(made)));
        }
    }
}

/// Puts something in place of what is in the groups.
fn groups(tokens: TokenStream, inside: &mut dyn FnMut(TokenStream) -> TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Group(group) => Group::new(group.delimiter(), inside(group.stream())).into(),
            token => token,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shortened(code: &str) -> String {
        let mut file = syn::parse_file(code).expect("the code of this test");
        names(&mut file.items);
        file.to_token_stream().to_string()
    }

    #[test]
    fn what_is_defined_stays_long() {
        let text = shortened(
            "pub struct Option { a: ::std::option::Option<::std::string::String> }
             pub struct Utc { b: ::chrono::DateTime<::chrono::offset::Utc> }",
        );
        let expected: syn::File = parse_quote! {
            use ::chrono::DateTime;
            pub struct Option { a: std::option::Option<String> }
            pub struct Utc { b: DateTime<chrono::offset::Utc> }
        };
        assert_eq!(text, expected.to_token_stream().to_string());
    }

    #[test]
    fn tables_are_shortened() {
        let text = shortened(
            "record!(A::new {
                 a: required(::std::string::String), b[::chrono::DateTime<::chrono::offset::Utc>],
                 new{= new_: ::std::vec::Vec<String>}, kind: required(= \"::std::vec::Vec\"),
             });
             other!(::std::string::String);",
        );
        let expected: syn::File = parse_quote! {
            use ::chrono::DateTime;
            use ::chrono::offset::Utc;
            record!(A::new {
                a: required(String), b[DateTime<Utc>],
                new{= new_: Vec<String>}, kind: required(= "::std::vec::Vec"),
            });
            other!(::std::string::String);
        };
        assert_eq!(text, expected.to_token_stream().to_string());
    }

    #[test]
    fn attributes_are_shortened() {
        let text = shortened(
            "#[derive(::serde::Serialize, Clone)]
             pub struct A {
                 #[serde(skip_serializing_if = \"::std::option::Option::is_none\")]
                 #[serde(rename = \"::std::vec::Vec\")]
                 a: ::serde_json::Value,
             }",
        );
        let expected: syn::File = parse_quote! {
            use ::serde::Serialize;
            #[derive(Clone, Serialize)]
            pub struct A {
                #[serde(skip_serializing_if = "Option::is_none")]
                #[serde(rename = "::std::vec::Vec")]
                a: serde_json::Value,
            }
        };
        assert_eq!(text, expected.to_token_stream().to_string());
    }
}
