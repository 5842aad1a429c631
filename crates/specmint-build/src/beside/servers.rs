//! The documented servers by name, and their variables as methods of the client's builder.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Item, parse_quote};

use crate::{
    finish::doc_attributes,
    model::{Api, ServerVariable},
    render::doc,
};

/// The module `servers`, and the trait with the methods.
pub(super) fn items(api: &Api) -> Vec<Item> {
    let mut inside: Vec<Item> = Vec::new();
    for server in &api.named_servers {
        let name = format_ident!("{}", server.name);
        let url = &server.url;
        let docs = described(server.description.as_deref(), &doc::code_span(url));
        inside.push(parse_quote! {
            #(#docs)*
            pub const #name: Server = Server::new(#url);
        });
    }
    if !inside.is_empty() {
        inside.insert(
            0,
            parse_quote!(
                use ::specmint_client::Server;
            ),
        );
    }
    for variable in api.variables.iter().filter(|v| !v.values.is_empty()) {
        inside.extend(values(variable));
    }
    let mut out = Vec::new();
    if !inside.is_empty() {
        let docs = doc_attributes(
            "The documented servers, for `ClientBuilder::server`, and the values of their variables.",
        );
        out.push(parse_quote!(#(#docs)* pub mod servers { #(#inside)* }));
    }
    if !api.variables.is_empty() {
        out.extend(methods(&api.variables));
    }
    out
}

/// A description and what it is about; the latter alone where there is none.
fn described(description: Option<&str>, what: &str) -> Vec<syn::Attribute> {
    let text = description.map(doc::line).filter(|text| !text.is_empty());
    doc_attributes(&match text {
        Some(text) => format!("{}: {what}.", text.trim_end_matches(['.', ' ', ':'])),
        None => format!("{}.", capital(what)),
    })
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// The enum of a variable's documented values.
fn values(variable: &ServerVariable) -> [Item; 2] {
    let name = format_ident!("{}", variable.type_name);
    let docs = described(
        variable.description.as_deref(),
        &format!("the values of {}", doc::code_span(&variable.name)),
    );
    let variants = variable.values.iter().map(|(value, variant)| {
        let variant = format_ident!("{variant}");
        let docs = doc_attributes(&format!("{}.", doc::code_span(value)));
        let default = (Some(value) == variable.default.as_ref()).then(|| quote!(#[default]));
        quote!(#(#docs)* #default #variant)
    });
    let arms = variable.values.iter().map(|(value, variant)| {
        let variant = format_ident!("{variant}");
        quote!(Self::#variant => #value)
    });
    [
        parse_quote! {
            #(#docs)*
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
            #[non_exhaustive]
            pub enum #name { #(#variants),* }
        },
        parse_quote! {
            impl #name {
                /// As it stands in the address.
                pub const fn as_str(self) -> &'static str {
                    match self { #(#arms),* }
                }
            }
        },
    ]
}

/// The builder isn't ours, so that its further methods come by a trait.
fn methods(variables: &[ServerVariable]) -> [Item; 2] {
    let argument = |variable: &ServerVariable| -> (TokenStream, TokenStream) {
        if variable.values.is_empty() {
            return (quote!(impl Into<String>), quote!(value));
        }
        let name = format_ident!("{}", variable.type_name);
        (quote!(servers::#name), quote!(value.as_str()))
    };
    let declared = variables.iter().map(|variable| {
        let method = format_ident!("{}", variable.rust);
        let (type_, _) = argument(variable);
        let usual = match &variable.default {
            Some(default) if default.is_empty() => "empty unless it is set".to_owned(),
            Some(default) => format!("{} unless it is set", doc::code_span(default)),
            None => "it has to be set where it is part of the address".to_owned(),
        };
        let docs = described(
            variable.description.as_deref(),
            &format!("{} of the address; {usual}", doc::code_span(&variable.name)),
        );
        quote!(#(#docs)* #[must_use] fn #method(self, value: #type_) -> Self;)
    });
    let defined = variables.iter().map(|variable| {
        let method = format_ident!("{}", variable.rust);
        let (type_, value) = argument(variable);
        let name = &variable.name;
        quote!(fn #method(self, value: #type_) -> Self { self.server_variable(#name, #value) })
    });
    [
        parse_quote! {
            /// The variables of the servers' addresses, as methods of [`ClientBuilder`].
            pub trait ServerVariables: Sized { #(#declared)* }
        },
        parse_quote! {
            impl ServerVariables for ClientBuilder { #(#defined)* }
        },
    ]
}

/// The table of variables, for the runtime.
pub(super) fn table(api: &Api) -> Option<TokenStream> {
    let rows = api.variables.iter().map(|variable| {
        let name = &variable.name;
        let default = variable
            .default
            .iter()
            .map(|default| quote!(.default(#default)));
        let values = variable.values.iter().map(|(value, _)| value);
        let values = (!variable.values.is_empty()).then(|| quote!(.values(&[#(#values),*])));
        quote!(::specmint_client::Variable::new(#name) #(#default)* #values)
    });
    (!api.variables.is_empty()).then(|| {
        quote! {
            const VARIABLES: &'static [::specmint_client::Variable] = &[#(#rows),*];
        }
    })
}
