//! Lists that come page by page: `pages` and `stream`, beside `send`.

use quote::{format_ident, quote};
use syn::{Item, parse_quote};

use super::{api::error_body, rust_type};
use crate::{
    finish::doc_attributes,
    model::{AnswerKind, Api},
    preflight::schemas::Types,
};

/// The names of the streams, for the file's root.
pub(super) fn names(api: &Api, types: &Types) -> Vec<Item> {
    if api.operations.iter().all(|it| it.pages.is_none()) {
        return Vec::new();
    }
    let error = error_body(api, types);
    vec![
        parse_quote! {
            /// A list page by page: a `Stream` of [`Answer<T>`](Answer).
            pub type Pages<'a, T> = ::specmint_client::Pages<'a, T, #error>;
        },
        parse_quote! {
            /// A list item by item: a `Stream` of `Result<T, Error>`.
            pub type Items<'a, T> = ::specmint_client::Items<'a, T, #error>;
        },
    ]
}

/// The methods, for the module `builder`.
pub(super) fn items(api: &Api, types: &Types) -> Vec<Item> {
    let mut out = Vec::new();
    for operation in &api.operations {
        let answer = operation.outcome.answers.first().map(|answer| &answer.kind);
        let (Some(pages), Some(AnswerKind::Json(at))) = (&operation.pages, answer) else {
            continue;
        };
        let builder = format_ident!("{}", operation.builder);
        let page = rust_type::at(at, types, &quote!(super::types::));
        let item = rust_type::at(&pages.item, types, &quote!(super::types::));
        let pages = doc_attributes(
            "Every page from here on; each is asked for when it is wanted, and is a call of its \
             own.",
        );
        let stream = doc_attributes("The items of [every page](Self::pages).");
        out.push(parse_quote! {
            impl<'a> #builder<'a> {
                #(#pages)*
                pub fn pages(self) -> super::Pages<'a, #page> {
                    self.0.pages()
                }

                #(#stream)*
                pub fn stream(self) -> super::Items<'a, #item> {
                    self.0.items()
                }
            }
        });
    }
    out
}
