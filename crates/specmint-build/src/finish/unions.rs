//! Unions with a tag: the tag decides, not the first branch that happens to fit.

use quote::{ToTokens, format_ident, quote};
use syn::{Fields, Item, ItemEnum, parse_quote};

use crate::preflight::schemas::Union;

/// Makes an untagged enum read its tag first. Values without one of the documented tags are tried
/// branch by branch, in the enum's order.
pub(super) fn by_tag(item: &mut ItemEnum, union: &Union) -> Result<Option<Item>, String> {
    let Some(tag) = &union.tag else {
        return Ok(None);
    };
    let name = item.ident.clone();
    let mut arms = Vec::new();
    for branch in union
        .branches
        .iter()
        .filter(|branch| !branch.tags.is_empty())
    {
        if !item
            .variants
            .iter()
            .any(|variant| variant.ident == branch.variant)
        {
            return Err(format!("`{name}` has no variant `{}`", branch.variant));
        }
        let variant = format_ident!("{}", branch.variant);
        let tags = &branch.tags;
        arms.push(quote! {
            Some(#(#tags)|*) => ::serde_json::from_value(value).map(Self::#variant)
        });
    }
    if arms.is_empty() {
        return Ok(None);
    }
    let mut attempts = Vec::new();
    for variant in &item.variants {
        let ident = &variant.ident;
        attempts.push(match &variant.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => quote! {
                if let Ok(inner) = ::serde_json::from_value(value.clone()) {
                    return Ok(Self::#ident(inner));
                }
            },
            Fields::Unit => quote! {
                if value.is_null() {
                    return Ok(Self::#ident);
                }
            },
            _ => return Err(format!("`{name}::{ident}` holds more than one value")),
        });
    }
    if !without_deserialize(item) {
        return Err(format!("`{name}` doesn't derive `Deserialize`"));
    }
    let message = format!("the value is none of the variants of `{name}`");
    Ok(Some(parse_quote! {
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let value = <::serde_json::Value as ::serde::Deserialize>::deserialize(deserializer)?;
                let tag = value.get(#tag).and_then(::serde_json::Value::as_str);
                match tag {
                    #(#arms,)*
                    _ => {
                        #(#attempts)*
                        Err(<::serde_json::Error as ::serde::de::Error>::custom(#message))
                    }
                }
                .map_err(<D::Error as ::serde::de::Error>::custom)
            }
        }
    }))
}

/// Takes `Deserialize` out of the derived traits; `false` where it isn't there.
fn without_deserialize(item: &mut ItemEnum) -> bool {
    let mut found = false;
    for attribute in &mut item.attrs {
        if !attribute.path().is_ident("derive") {
            continue;
        }
        let Ok(traits) = attribute.parse_args_with(
            syn::punctuated::Punctuated::<syn::Path, syn::Token![,]>::parse_terminated,
        ) else {
            continue;
        };
        let kept: Vec<_> = traits
            .into_iter()
            .filter(|path| {
                let dropped = path
                    .segments
                    .last()
                    .is_some_and(|segment| segment.ident == "Deserialize");
                found |= dropped;
                !dropped
            })
            .map(|path| path.to_token_stream())
            .collect();
        *attribute = parse_quote!(#[derive(#(#kept),*)]);
    }
    found
}
