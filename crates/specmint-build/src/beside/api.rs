//! The top of the file: what the API is, the client, its error.

use quote::{format_ident, quote};
use syn::{Item, parse_quote};

use super::{environment, overview, rust_type, servers};
use crate::{
    finish::doc_attributes,
    model::{AnswerKind, Api, Location, Scheme, SchemeKind},
    preflight::schemas::Types,
    render::doc,
};

/// The items.
pub(super) fn items(api: &Api, types: &Types) -> Vec<Item> {
    let error = error_body(api, types);
    let name = &api.name;
    let version = &api.version;
    let env = api.name.to_ascii_uppercase();
    let variables = servers::table(api);
    let servers: Vec<&str> = api
        .servers
        .iter()
        .filter(|server| server.url.contains("://"))
        .map(|server| server.template.as_ref().unwrap_or(&server.url).as_str())
        .collect();
    let schemes = api.schemes.iter().map(scheme);
    let env_docs = doc_attributes(&environment(api));
    let client_docs = doc_attributes(&client_documentation(api));
    let marker_docs = doc_attributes(&format!(
        "What tells {} from other APIs: its servers, security schemes and names.",
        doc::line(&api.title)
    ));
    let streams = api.operations.iter().any(|operation| {
        operation.outcome.several.is_none()
            && operation
                .outcome
                .answers
                .first()
                .is_some_and(|a| a.kind == AnswerKind::Bytes)
    });
    let streams = streams.then(|| quote!(ByteStream,));
    let call: Option<Item> = (!api.operations.is_empty()).then(|| {
        parse_quote!(
            type Call<'a> = ::specmint_client::Call<'a, Api>;
        )
    });
    let mut out = vec![
        parse_quote!(pub use ::specmint_client::{BuildError, #streams ResponseValue, Retries};),
        parse_quote! {
            /// The error of every call: what happened, and the API's own error body where it sent
            /// one.
            pub type Error = ::specmint_client::Error<#error>;
        },
        parse_quote! {
            /// What every call gives back.
            pub type Answer<T> = ::std::result::Result<ResponseValue<T>, Error>;
        },
        parse_quote! {
            #(#client_docs)*
            #[derive(Clone, Debug)]
            pub struct Client {
                inner: ::specmint_client::Client<Api>,
            }
        },
        parse_quote! {
            #(#marker_docs)*
            #[derive(Clone, Copy, Debug)]
            pub enum Api {}
        },
        parse_quote! {
            impl ::specmint_client::Api for Api {
                const NAME: &'static str = #name;
                const VERSION: &'static str = #version;
                const ENV: &'static str = #env;
                const SERVERS: &'static [&'static str] = &[#(#servers),*];
                #variables
                const SCHEMES: &'static [::specmint_client::Scheme] = &[#(#schemes),*];
                type ErrorBody = #error;
                type Credentials = Credentials;
            }
        },
        parse_quote! {
            /// Settings of a [`Client`].
            pub type ClientBuilder = ::specmint_client::ClientBuilder<Api, Client>;
        },
        parse_quote! {
            impl Client {
                /// A client with these credentials and the usual settings.
                pub fn new(credentials: Credentials) -> Result<Self, BuildError> {
                    Self::builder().credentials(credentials).build()
                }

                #(#env_docs)*
                pub fn from_env() -> Result<Self, BuildError> {
                    Self::builder().environment()?.build()
                }

                /// Settings for a client that is not the usual one.
                pub fn builder() -> ClientBuilder {
                    ClientBuilder::new()
                }
            }
        },
        parse_quote! {
            impl ::std::ops::Deref for Client {
                type Target = ::specmint_client::Client<Api>;

                fn deref(&self) -> &Self::Target {
                    &self.inner
                }
            }
        },
        parse_quote! {
            impl ::std::convert::From<::specmint_client::Client<Api>> for Client {
                fn from(inner: ::specmint_client::Client<Api>) -> Self {
                    Self { inner }
                }
            }
        },
    ];
    out.extend(call);
    out
}

/// The type that error bodies are read into, as seen from the file's root.
pub(super) fn error_body(api: &Api, types: &Types) -> proc_macro2::TokenStream {
    if let Some(name) = &api.error_enum {
        let name = format_ident!("{name}");
        return quote!(types::#name);
    }
    if let Some(AnswerKind::Json(at)) = api.errors.first().map(|error| &error.kind) {
        rust_type::at(at, types, &quote!(types::))
    } else {
        quote!(::specmint_client::NoBody)
    }
}

fn scheme(scheme: &Scheme) -> proc_macro2::TokenStream {
    let name = &scheme.name;
    match &scheme.kind {
        SchemeKind::ApiKey {
            location,
            name: key,
        } => {
            let place = match location {
                Location::Query => quote!(Query),
                Location::Cookie => quote!(Cookie),
                Location::Header | Location::Path => quote!(Header),
            };
            quote!(::specmint_client::Scheme::api_key(#name, ::specmint_client::In::#place, #key))
        }
        SchemeKind::Bearer => quote!(::specmint_client::Scheme::bearer(#name)),
        SchemeKind::Basic => quote!(::specmint_client::Scheme::basic(#name)),
        SchemeKind::Http(_) => quote!(::specmint_client::Scheme::unsupported(#name)),
        SchemeKind::OAuth2 => quote!(::specmint_client::Scheme::oauth2(#name)),
        SchemeKind::OpenId => quote!(::specmint_client::Scheme::open_id(#name)),
        SchemeKind::MutualTls => quote!(::specmint_client::Scheme::mutual_tls(#name)),
    }
}

/// Which variables the client is made from.
fn environment(api: &Api) -> String {
    format!(
        "A client with credentials and base URL from the environment.\n\n{}",
        environment::list(api)
    )
}

fn client_documentation(api: &Api) -> String {
    let mut parts = vec![format!(
        "Client for {}.",
        doc::line(&api.title).trim_end_matches('.')
    )];
    if let Some(description) = &api.description {
        let description = doc::sanitize(description);
        if !description.is_empty() {
            parts.push(description);
        }
    }
    if let Some(link) = api
        .docs
        .as_deref()
        .and_then(|url| doc::link("Documentation", url))
    {
        parts.push(link);
    }
    if api.version != overview::UNKNOWN {
        let version = doc::code_span(&api.version);
        parts.push(format!("Version {version} of the API."));
    }
    parts.join("\n\n")
}
