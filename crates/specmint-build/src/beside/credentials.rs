//! `Credentials`: a constructor per security scheme.

use quote::{format_ident, quote};
use syn::{Item, parse_quote};

use crate::{
    finish::doc_attributes,
    model::{Api, Location, Scheme, SchemeKind},
    render::doc,
};

/// The items.
pub(super) fn items(api: &Api) -> Vec<Item> {
    let docs = doc_attributes(&format!("Credentials for {}.", doc::line(&api.title)));
    let usable: Vec<(usize, &Scheme)> = api
        .schemes
        .iter()
        .enumerate()
        .filter(|(_, s)| !matches!(s.kind, SchemeKind::MutualTls | SchemeKind::Http(_)))
        .collect();
    let several = usable.len() > 1;
    let methods: Vec<syn::ImplItem> = usable
        .iter()
        .flat_map(|(index, scheme)| {
            let first = constructor(*index, scheme, false);
            let and = several.then(|| constructor(*index, scheme, true));
            std::iter::once(first).chain(and)
        })
        .collect();
    let mut out: Vec<Item> = vec![parse_quote! {
        #(#docs)*
        #[derive(Clone, Debug, Default)]
        pub struct Credentials(::specmint_client::CredentialSet);
    }];
    if !methods.is_empty() {
        out.push(parse_quote! {
            impl Credentials {
                #(#methods)*
            }
        });
    }
    out.push(parse_quote! {
        impl ::specmint_client::Credentials for Credentials {
            fn set(&self) -> &::specmint_client::CredentialSet {
                &self.0
            }

            fn from_set(set: ::specmint_client::CredentialSet) -> Self {
                Self(set)
            }
        }
    });
    out
}

fn constructor(index: usize, scheme: &Scheme, and: bool) -> syn::ImplItem {
    let name = if and {
        format!("and_{}", scheme.rust)
    } else {
        scheme.rust.clone()
    };
    let name = format_ident!("{name}");
    let mut text = format!("{}: {}.", doc::code_span(&scheme.name), how(scheme));
    if let Some(description) = &scheme.description {
        let description = doc::sanitize(description);
        if !description.is_empty() {
            text.push_str("\n\n");
            text.push_str(&description);
        }
    }
    let docs = doc_attributes(&text);
    let receiver = and.then(|| quote!(self,));
    let index = proc_macro2::Literal::usize_unsuffixed(index);
    let set = if and {
        quote!(self.0)
    } else {
        quote!(<::specmint_client::CredentialSet as ::std::default::Default>::default())
    };
    let must_use = and.then(|| quote!(#[must_use]));
    match scheme.kind {
        SchemeKind::Basic => parse_quote! {
            #(#docs)*
            #must_use
            pub fn #name(
                #receiver
                user: impl Into<String>,
                password: impl Into<::specmint_client::Secret>,
            ) -> Self {
                Self(#set.with_basic(#index, user, password))
            }
        },
        _ => parse_quote! {
            #(#docs)*
            #must_use
            pub fn #name(#receiver secret: impl Into<::specmint_client::Secret>) -> Self {
                Self(#set.with(#index, secret))
            }
        },
    }
}

/// How a credential is sent, in words.
fn how(scheme: &Scheme) -> String {
    match &scheme.kind {
        SchemeKind::ApiKey { location, name } => {
            let place = match location {
                Location::Query => "query parameter",
                Location::Cookie => "cookie",
                Location::Header | Location::Path => "header",
            };
            format!("sent as the {place} {}", doc::code_span(name))
        }
        SchemeKind::Basic => "sent as `Authorization: Basic …`".to_owned(),
        SchemeKind::OAuth2 => {
            "an OAuth 2 access token, sent as `Authorization: Bearer …`; one that expires is renewed by \
             `ClientBuilder::credentials_from`"
                .to_owned()
        }
        _ => "sent as `Authorization: Bearer …`".to_owned(),
    }
}
