//! What progenitor doesn't write: the client, its credentials, the tables, enums of answers.

mod api;
mod bodies;
mod credentials;
mod rust_type;
mod tables;

use syn::{Item, parse_quote};

use crate::{
    finish::{Finished, doc_attributes},
    model::Api,
    preflight::schemas::Types,
};

/// All items of the file, in the order of reading.
pub(crate) fn items(api: &Api, types: &Types, finished: Finished) -> Vec<Item> {
    let mut out = api::items(api, types);
    out.extend(credentials::items(api));
    let methods = finished.methods;
    if !methods.is_empty() {
        let docs = doc_attributes("The operations of the API, each with a builder of its own.");
        out.push(parse_quote! {
            #(#docs)*
            impl Client {
                #(#methods)*
            }
        });
    }
    out.extend(tables::module(api, types));
    let builders = finished.builders;
    if !builders.is_empty() {
        let docs = doc_attributes("What is asked for, one builder per operation.");
        out.push(parse_quote! {
            #(#docs)*
            pub mod builder {
                #(#builders)*
            }
        });
    }
    let mut items = finished.types;
    items.extend(bodies::items(api, types));
    if !items.is_empty() {
        let docs = doc_attributes("Types of parameters, bodies and answers.");
        out.push(parse_quote! {
            #(#docs)*
            pub mod types {
                #(#items)*
            }
        });
    }
    out
}
