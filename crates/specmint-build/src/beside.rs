//! What progenitor doesn't write: the client, its credentials, the tables, enums of answers.

mod api;
mod bodies;
pub(crate) mod cli;
mod credentials;
pub(crate) mod environment;
mod former;
pub(crate) mod mock;
pub(crate) mod overview;
mod pages;
mod per_call;
mod rust_type;
mod servers;
mod streams;
pub(crate) mod tables;
mod webhooks;

use quote::format_ident;
use syn::{Item, parse_quote};

use crate::{
    Settings,
    finish::{Finished, doc_attributes, short, unions},
    model::Api,
    preflight::schemas::Types,
    render::Text,
};

/// All items of the file, in the order of reading.
pub(crate) fn items(
    api: &Api,
    types: &Types,
    finished: Finished,
    settings: &Settings,
) -> Vec<Item> {
    let mut out = api::items(api, types);
    out.extend(servers::items(api));
    out.extend(pages::names(api, types));
    out.extend(credentials::items(api));
    if !finished.methods.is_empty() {
        let docs = doc_attributes("The operations of the API, each with a builder of its own.");
        let mut client: syn::ItemImpl = parse_quote!(#(#docs)* impl Client {});
        client.items = finished.methods;
        client.items.extend(former::methods(api));
        let mut module: syn::ItemMod = parse_quote!(
            /// The methods of the client, one per operation.
            mod methods {
                use super::{Client, builder, operations};
            }
        );
        if let Some((_, items)) = &mut module.content {
            items.push(Item::Impl(client));
        }
        out.push(Item::Mod(module));
    }
    out.extend(tables::module(api, types));
    out.extend(module(
        "webhooks",
        "What the API sends by itself: how the bodies of its webhooks are read.\n\nWhether a body \
         comes from the API is to be checked first, as its documentation says, over its bytes.",
        webhooks::items(api, types),
    ));
    let mut builders = finished.builders;
    builders.extend(streams::items(api, types));
    builders.extend(pages::items(api));
    builders.extend(per_call::items(api));
    builders.extend(former::builders(api));
    out.extend(module(
        "builder",
        "What is asked for, one builder per operation.",
        builders,
    ));
    let mut items = finished.types;
    items.extend(bodies::items(api, types));
    items.extend(former::types(api, types));
    out.extend(module(
        "types",
        "Types of parameters, bodies and answers.",
        items,
    ));
    if settings.mock {
        out.extend(mock::module(api));
    }
    if settings.cli {
        out.extend(cli::module(api, types));
    }
    out
}

/// What is printed as text, and where it goes.
pub(crate) fn texts(api: &Api, types: &Types, settings: &Settings) -> Vec<Text> {
    let text = |module, line, becomes| Text {
        module,
        line,
        becomes,
    };
    let mut out = vec![
        text("operations", tables::ROWS, tables::rows(api)),
        text("builder", pages::PLACE, pages::list(api, types)),
        text("builder", per_call::PLACE, per_call::list(api)),
    ];
    if settings.mock {
        out.push(text("mock", mock::PLACE, mock::list(api, types)));
    }
    if settings.cli {
        out.push(text("cli", cli::PLACE, cli::commands(api, types)));
    }
    out
}

/// A public module, unless there is nothing in it. Its items are not parsed again.
fn module(name: &str, docs: &str, mut items: Vec<Item>) -> Option<Item> {
    if items.is_empty() {
        return None;
    }
    short::names(&mut items);
    let items = unions::conversions(items);
    let docs = doc_attributes(docs);
    let name = format_ident!("{name}");
    let mut module: syn::ItemMod = parse_quote!(#(#docs)* pub mod #name {});
    module.content = Some((syn::token::Brace::default(), items));
    Some(Item::Mod(module))
}
