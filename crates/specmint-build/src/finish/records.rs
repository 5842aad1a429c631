//! Structs by table: serde's attributes become one `record!` behind each struct.
//!
//! A derived `Deserialize` is some hundred lines to check for every struct, and a line of
//! attributes for every optional member. What the attributes of a struct say fits into a line or
//! two, and the code behind it into the runtime. A struct whose attributes say something else
//! keeps them, and the derived traits.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{
    Expr, ExprLit, Field, Fields, Item, ItemStruct, Lit, Meta, Token, Type, parse_quote,
    punctuated::Punctuated,
};

use super::{
    derived,
    structs::{Made, Making},
};

/// Puts a table behind every struct, and closes it to literals.
pub(super) fn structs(items: Vec<Item>, making: &Making<'_>) -> Vec<Item> {
    let mut out = Vec::with_capacity(items.len());
    let mut used = [false; 2];
    for item in items {
        match item {
            Item::Struct(mut item) if matches!(item.fields, Fields::Named(_)) => {
                let made = making.of(&mut item);
                let table = table(&mut item, &made);
                used[usize::from(!made.sent)] = true;
                item.attrs.push(parse_quote!(#[non_exhaustive]));
                out.push(Item::Struct(item));
                out.push(table);
            }
            item => out.push(item),
        }
    }
    let [sent, received] = used;
    let macros = [(sent, "record"), (received, "received")];
    for name in macros
        .iter()
        .filter(|(used, _)| *used)
        .map(|(_, name)| format_ident!("{name}"))
    {
        out.insert(0, parse_quote!(use ::specmint_client::#name;));
    }
    out
}

/// The table of a struct; its serde attributes and traits stay where they say what no table can.
fn table(item: &mut ItemStruct, made: &Made) -> Item {
    let name = &item.ident;
    let how = &made.how;
    let rows = rows(item, made);
    let (derived, rows) = match rows {
        Some(rows) => (None, rows),
        None => (Some(quote!(derived)), plain(item, made)),
    };
    let table = quote!(#derived #name #how { #(#rows),* });
    if derived.is_none() {
        strip(item);
    }
    if made.sent {
        parse_quote!(record!(#table);)
    } else {
        parse_quote!(received!(#table);)
    }
}

/// A row per field, if the attributes say nothing that a table can't.
fn rows(item: &ItemStruct, made: &Made) -> Option<Vec<TokenStream>> {
    let own = item.attrs.iter().any(|a| a.path().is_ident("serde"));
    if own || !derived::is_serde(&item.attrs) {
        return None;
    }
    let mut rows = Vec::new();
    let mut others = None;
    for (field, made) in item.fields.iter().zip(&made.fields) {
        let ident = field.ident.as_ref()?;
        let said = said(field)?;
        if said.flatten {
            let is_map = name_of(&field.ty).is_some_and(|name| name == "BTreeMap");
            if !is_map || others.is_some() || item.fields.len() == 1 {
                return None;
            }
            others = Some(quote!(..#ident #made));
            continue;
        }
        let word = word(&field.ty, &said)?;
        let wire = said
            .wire
            .or_else(|| ident.to_string().strip_prefix("r#").map(str::to_owned))
            .map(|wire| quote!(= #wire));
        let word = (!word.is_empty()).then(|| {
            let word = format_ident!("{word}");
            quote!(: #word)
        });
        rows.push(quote!(#ident #wire #word #made));
    }
    rows.extend(others);
    Some(rows)
}

/// A row per field that says only how it gets its value.
fn plain(item: &ItemStruct, made: &Made) -> Vec<TokenStream> {
    let fields = item.fields.iter().zip(&made.fields);
    fields
        .filter_map(|(field, made)| {
            let ident = field.ident.as_ref()?;
            Some(quote!(#ident #made))
        })
        .collect()
}

/// What serde's attributes say of a field.
#[derive(Default)]
struct Said {
    wire: Option<String>,
    default: bool,
    flatten: bool,
    /// Last segment of the function that reads it.
    with: Option<String>,
    /// Last two segments of the function that says when it is left out.
    skip: Option<String>,
}

/// `None` where there is more in the attributes than a table can say.
fn said(field: &Field) -> Option<Said> {
    let mut said = Said::default();
    for attribute in field.attrs.iter().filter(|a| a.path().is_ident("serde")) {
        let metas = attribute
            .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
            .ok()?;
        for meta in metas {
            match &meta {
                Meta::Path(path) if path.is_ident("default") => said.default = true,
                Meta::Path(path) if path.is_ident("flatten") => said.flatten = true,
                Meta::NameValue(meta) => {
                    let Expr::Lit(ExprLit {
                        lit: Lit::Str(text),
                        ..
                    }) = &meta.value
                    else {
                        return None;
                    };
                    let text = text.value();
                    match meta.path.get_ident()?.to_string().as_str() {
                        "rename" => said.wire = Some(text),
                        "deserialize_with" => said.with = Some(last(&text, 2)),
                        "skip_serializing_if" => said.skip = Some(last(&text, 2)),
                        _ => return None,
                    }
                }
                _ => return None,
            }
        }
    }
    Some(said)
}

/// The last segments of a path, which typify writes with blanks here and there.
fn last(path: &str, segments: usize) -> String {
    let path = path.replace(' ', "");
    let all: Vec<&str> = path.split("::").collect();
    let from = all.len().saturating_sub(segments);
    all.get(from..).unwrap_or_default().join("::")
}

/// The word of the table for a field; an empty one for what is optional.
fn word(type_: &Type, said: &Said) -> Option<&'static str> {
    let with = match said.with.as_deref() {
        None | Some("Option::deserialize") => "",
        Some(with) => with.strip_prefix("lenient::")?,
    };
    let skip = said.skip.as_deref();
    let is_option = name_of(type_)? == "Option";
    let word = match (is_option, skip, with) {
        (true, Some("Option::is_none"), "") => "",
        (true, Some("Option::is_none"), "optional_integer") => "integer",
        (true, Some("Option::is_none"), "optional_date_time") => "date_time",
        (true, Some("Option::is_none"), "optional_date") => "date",
        (true, None, "") => "nullable",
        (true, None, "optional_integer") => "nullable_integer",
        (true, None, "optional_date_time") => "nullable_date_time",
        (true, None, "optional_date") => "nullable_date",
        (false, Some("Vec::is_empty"), "integers") if said.default => "integers",
        (false, Some("Vec::is_empty" | "BTreeMap::is_empty" | "Map::is_empty"), "" | "default")
            if said.default =>
        {
            "list"
        }
        (false, None, "") if !said.default => "required",
        (false, None, "integer") if !said.default => "required_integer",
        (false, None, "date_time") if !said.default => "required_date_time",
        (false, None, "date") if !said.default => "required_date",
        (false, None, "default") if !said.default => "required_list",
        (false, None, "integers") if !said.default => "required_integers",
        _ => return None,
    };
    Some(word)
}

/// The name of a type, without its path and arguments.
pub(super) fn name_of(type_: &Type) -> Option<String> {
    match type_ {
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        other => Some(other.to_token_stream().to_string()),
    }
}

/// Takes away what the table says.
fn strip(item: &mut ItemStruct) {
    derived::without_serde(&mut item.attrs);
    for field in &mut item.fields {
        field.attrs.retain(|a| !a.path().is_ident("serde"));
    }
}
