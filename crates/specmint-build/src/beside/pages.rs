//! Lists that come page by page: `pages` and `stream`, beside `send`.

use std::fmt::Write as _;

use quote::quote;
use syn::{Item, parse_quote};

use super::{api::error_body, rust_type};
use crate::{
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

/// Where the list goes, in the module `builder`.
pub(crate) const PLACE: &str = "paged!();";

/// The place of the methods, for the module `builder`.
pub(super) fn items(api: &Api) -> Vec<Item> {
    if api.operations.iter().all(|it| it.pages.is_none()) {
        return Vec::new();
    }
    vec![parse_quote!(paged!();)]
}

/// The methods, as they are printed: a builder, its page, its item.
pub(crate) fn list(api: &Api, types: &Types) -> String {
    let hidden = |name: &str| api.operations.iter().any(|it| it.builder == name);
    let long = ["Vec", "Option", "String"].into_iter().any(hidden);
    let text = |at: &str| {
        if long {
            rust_type::at(at, types, &quote!(types::)).to_string()
        } else {
            rust_type::text_at(at, types)
        }
    };
    let mut out = String::from("::specmint_client::paged! {\n");
    for operation in &api.operations {
        let answer = operation.outcome.answers.first().map(|answer| &answer.kind);
        let (Some(pages), Some(AnswerKind::Json(at))) = (&operation.pages, answer) else {
            continue;
        };
        let (page, item) = (text(at), text(&pages.item));
        let _ = writeln!(out, "    {}: [{page}] of [{item}];", operation.builder);
    }
    out.push_str("}\n");
    out
}
