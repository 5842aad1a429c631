//! The builders: progenitor's structs and setters; our bodies, documentation and `send`.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{
    Fields, ImplItem, ImplItemFn, Item, ItemImpl, ItemStruct, Type, parse_quote,
    visit_mut::VisitMut,
};

use super::{doc_attributes, excerpt};
use crate::{
    model::{AnswerKind, Body, BodyKind, Operation, Parameter},
    render::doc,
};

/// The items of the module `builder`.
pub(super) fn items(
    items: Vec<Item>,
    operations: &BTreeMap<&str, &Operation>,
) -> Result<Vec<Item>, String> {
    let mut out = Vec::new();
    let mut bodies: BTreeMap<String, TokenStream> = BTreeMap::new();
    // The type of a body is in the setter, which comes after the struct.
    for item in &items {
        if let Item::Impl(item) = item
            && let Some(name) = self_name(item)
            && let Some(operation) = operations.get(name.as_str())
            && let Some(body) = &operation.body
        {
            bodies.insert(
                name,
                body_type(item, body).map_err(|err| at(operation, &err))?,
            );
        }
    }
    for item in items {
        match item {
            Item::Use(_) => {}
            Item::Struct(item) => {
                let name = item.ident.to_string();
                let operation = operations
                    .get(name.as_str())
                    .ok_or_else(|| format!("builder `{name}` belongs to no operation"))?;
                out.push(Item::Struct(structure(item, operation, bodies.get(&name))));
            }
            Item::Impl(item) => {
                let name = self_name(&item).unwrap_or_default();
                let operation = operations
                    .get(name.as_str())
                    .ok_or_else(|| format!("`impl` for `{name}` belongs to no operation"))?;
                let item = implementation(item, operation, bodies.get(&name))
                    .map_err(|err| at(operation, &err))?;
                out.push(Item::Impl(item));
            }
            other => return Err(format!("unexpected beside builders: {}", excerpt(&other))),
        }
    }
    if out.is_empty() {
        return Ok(out);
    }
    let uses_types = out
        .iter()
        .any(|item| mentions(item.to_token_stream(), "types"));
    if uses_types {
        out.insert(
            0,
            parse_quote!(
                use super::types;
            ),
        );
    }
    Ok(out)
}

fn at(operation: &Operation, message: &str) -> String {
    format!("`{}`: {message}", operation.rust)
}

/// Whether a path begins with a name (what stands behind `::` doesn't count).
fn mentions(tokens: TokenStream, name: &str) -> bool {
    let mut colon = false;
    for token in tokens {
        match token {
            proc_macro2::TokenTree::Group(group) => {
                if mentions(group.stream(), name) {
                    return true;
                }
                colon = false;
            }
            proc_macro2::TokenTree::Ident(ident) => {
                if !colon && ident == name {
                    return true;
                }
                colon = false;
            }
            proc_macro2::TokenTree::Punct(punct) => colon = punct.as_char() == ':',
            proc_macro2::TokenTree::Literal(_) => colon = false,
        }
    }
    false
}

fn self_name(item: &ItemImpl) -> Option<String> {
    let Type::Path(path) = &*item.self_ty else {
        return None;
    };
    path.path
        .segments
        .last()
        .map(|segment| segment.ident.to_string())
}

/// The type of a body, as the setter's bound `TryInto<…>` has it.
fn body_type(item: &ItemImpl, body: &Body) -> Result<TokenStream, String> {
    match body.kind {
        BodyKind::Text => return Ok(quote!(::std::string::String)),
        BodyKind::Bytes => return Ok(quote!(::specmint_client::Upload)),
        BodyKind::Json | BodyKind::Form(_) | BodyKind::Multipart(_) => {}
    }
    let setter = item
        .items
        .iter()
        .find_map(|item| match item {
            ImplItem::Fn(f) if f.sig.ident == "body" => Some(f),
            _ => None,
        })
        .ok_or("no setter for the body")?;
    let bound = setter
        .sig
        .generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates)
        .find_map(|predicate| match predicate {
            syn::WherePredicate::Type(predicate) => predicate.bounds.first(),
            _ => None,
        });
    let Some(syn::TypeParamBound::Trait(bound)) = bound else {
        return Err("the setter of the body has no bound".to_owned());
    };
    let segment = bound
        .path
        .segments
        .last()
        .ok_or("the bound of the body is empty")?;
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return Err("the bound of the body has no type".to_owned());
    };
    arguments
        .args
        .first()
        .map(ToTokens::to_token_stream)
        .ok_or_else(|| "the bound of the body has no type".to_owned())
}

fn structure(
    mut item: ItemStruct,
    operation: &Operation,
    body: Option<&TokenStream>,
) -> ItemStruct {
    let link = format!(
        "Builder of [`Client::{0}`](super::Client::{0}).",
        operation.rust
    );
    item.attrs = doc_attributes(&link);
    item.attrs.push(parse_quote!(#[derive(Clone, Debug)]));
    if let Fields::Named(fields) = &mut item.fields {
        for field in &mut fields.named {
            let parameter = operation
                .parameters
                .iter()
                .find(|p| field.ident.as_ref().is_some_and(|ident| *ident == p.rust));
            if let Some(type_) = parameter.and_then(|p| p.structure.as_deref()) {
                Structure(type_).visit_type_mut(&mut field.ty);
            }
        }
    }
    if let (Some(type_), Fields::Named(fields), Some(body)) =
        (body, &mut item.fields, &operation.body)
    {
        for field in &mut fields.named {
            if field.ident.as_ref().is_some_and(|ident| ident == "body") {
                field.ty = if body.required {
                    parse_quote!(Result<#type_, String>)
                } else {
                    parse_quote!(Result<Option<#type_>, String>)
                };
            }
        }
    }
    item
}

fn implementation(
    mut item: ItemImpl,
    operation: &Operation,
    body: Option<&TokenStream>,
) -> Result<ItemImpl, String> {
    let mut out = Vec::new();
    let mut setters = 0;
    for member in item.items {
        let ImplItem::Fn(mut method) = member else {
            return Err(format!("unexpected in a builder: {}", excerpt(&member)));
        };
        let name = method.sig.ident.to_string();
        let parameter = operation.parameters.iter().find(|p| p.rust == name);
        match (name.as_str(), parameter) {
            ("new", _) => {
                method.attrs = doc_attributes("Nothing set yet.");
                reset_body(&mut method, operation)?;
            }
            ("send", _) => method = send(&method, operation)?,
            ("body_map", _) => continue,
            ("body", None) => {
                let body = body.ok_or("a setter for a body that is not documented")?;
                method = body_setter(operation, body);
            }
            (_, Some(parameter)) => {
                setters += 1;
                let mut text = parameter
                    .description
                    .as_deref()
                    .map(doc::sanitize)
                    .filter(|text| !text.is_empty())
                    .unwrap_or_else(|| format!("Sets {}.", doc::code_span(&parameter.name)));
                if parameter.required {
                    text.push_str("\n\nRequired.");
                }
                method.attrs = doc_attributes(&text);
                if let Some(type_) = &parameter.structure
                    && let Some(clause) = &mut method.sig.generics.where_clause
                {
                    Structure(type_).visit_where_clause_mut(clause);
                }
                method.block = setter(parameter, maps_some(&method));
                if parameter.deprecated {
                    method.attrs.push(parse_quote!(#[deprecated]));
                }
            }
            _ => return Err(format!("unexpected method `{name}`")),
        }
        out.push(ImplItem::Fn(method));
    }
    if setters != operation.parameters.len() {
        return Err(format!(
            "{setters} setters for {} parameters",
            operation.parameters.len()
        ));
    }
    item.items = out;
    Ok(item)
}

/// Whether progenitor takes the parameter as optional.
fn maps_some(method: &ImplItemFn) -> bool {
    method
        .block
        .to_token_stream()
        .to_string()
        .contains("map (Some)")
}

/// What a setter does, in fewer words than progenitor's.
fn setter(parameter: &Parameter, type_is_optional: bool) -> syn::Block {
    let name = format_ident!("{}", parameter.rust);
    let message = format!("the value for `{}` can't be converted", parameter.rust);
    let some = type_is_optional.then(|| quote!(.map(Some)));
    parse_quote!({
        self.#name = value.try_into() #some .map_err(|_| #message.to_string());
        self
    })
}

/// What `new` says of a body that nobody has set.
fn reset_body(method: &mut ImplItemFn, operation: &Operation) -> Result<(), String> {
    let Some(syn::Stmt::Expr(syn::Expr::Struct(value), _)) = method.block.stmts.last_mut() else {
        return Err("`new` makes no struct".to_owned());
    };
    for field in &mut value.fields {
        let syn::Member::Named(name) = &field.member else {
            continue;
        };
        let name = name.to_string();
        // `client: client` is progenitor's.
        if field.expr.to_token_stream().to_string() == name {
            field.colon_token = None;
        }
        if name == "body"
            && let Some(body) = &operation.body
        {
            field.expr = if body.required {
                parse_quote!(Err("`body` is required".to_string()))
            } else {
                parse_quote!(Ok(None))
            };
        } else if let Some(parameter) = operation.parameters.iter().find(|p| p.rust == name)
            && parameter.required
            && !matches!(&field.expr, syn::Expr::Call(call) if call.func.to_token_stream().to_string() == "Ok")
        {
            let message = format!("`{name}` is required");
            field.expr = parse_quote!(Err(#message.to_string()));
        }
    }
    Ok(())
}

fn body_setter(operation: &Operation, type_: &TokenStream) -> ImplItemFn {
    let description = operation
        .body
        .as_ref()
        .and_then(|body| body.description.as_deref());
    let required = operation.body.as_ref().is_some_and(|body| body.required);
    let mut text = description
        .map(doc::sanitize)
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| "Sets the request body.".to_owned());
    if required {
        text.push_str("\n\nRequired.");
    }
    let docs = doc_attributes(&text);
    let value = if required {
        quote!(body.into())
    } else {
        quote!(Some(body.into()))
    };
    parse_quote! {
        #(#docs)*
        pub fn body(mut self, body: impl Into<#type_>) -> Self {
            self.body = Ok(#value);
            self
        }
    }
}

/// The few lines that hand a call to the runtime.
fn send(method: &ImplItemFn, operation: &Operation) -> Result<ImplItemFn, String> {
    // progenitor may have had to call the client otherwise, if a parameter is called so.
    let client = method
        .block
        .stmts
        .first()
        .and_then(|statement| match statement {
            syn::Stmt::Local(local) => match &local.pat {
                syn::Pat::Struct(pattern) => pattern.fields.first(),
                _ => None,
            },
            _ => None,
        })
        .and_then(|field| match &field.member {
            syn::Member::Named(name) => Some(name.clone()),
            syn::Member::Unnamed(_) => None,
        })
        .ok_or("`send` doesn't take the builder apart")?;
    let constant = format_ident!("{}", operation.constant);
    let names: Vec<_> = operation
        .parameters
        .iter()
        .map(|p| format_ident!("{}", p.rust))
        .collect();
    let mut fields = vec![client.clone()];
    fields.extend(names.iter().cloned());
    let body = operation.body.as_ref().map(|body| {
        fields.push(format_ident!("body"));
        match (&body.kind, body.required) {
            (BodyKind::Json, true) => quote!(.json_body(body)),
            (BodyKind::Json, false) => quote!(.optional_json_body(body)),
            (BodyKind::Form(_), _) => quote!(.form_body(body)),
            (BodyKind::Multipart(_), _) => quote!(.multipart_body(body)),
            (BodyKind::Text, _) => quote!(.text_body(body)),
            (BodyKind::Bytes, true) => quote!(.raw_body(body.map(Some))),
            (BodyKind::Bytes, false) => quote!(.raw_body(body)),
        }
    });
    let kind = operation.outcome.answers.first().map(|answer| &answer.kind);
    let (answer, terminal) = match (&operation.outcome.several, kind) {
        (Some(name), _) => {
            let name = format_ident!("{name}");
            (quote!(types::#name), quote!(one_of()))
        }
        (None, Some(AnswerKind::Json(_))) => (success_type(method)?, quote!(json())),
        (None, Some(AnswerKind::Text)) => (quote!(::std::string::String), quote!(text())),
        (None, Some(AnswerKind::Bytes)) => (quote!(super::ByteStream), quote!(stream())),
        (None, Some(AnswerKind::Empty) | None) => (quote!(()), quote!(empty())),
    };
    let docs = doc_attributes(&format!(
        "Sends the request: {}.",
        doc::code_span(&format!("{} {}", operation.method, operation.path))
    ));
    Ok(parse_quote! {
        #(#docs)*
        pub async fn send(self) -> Result<super::ResponseValue<#answer>, super::Error> {
            let Self { #(#fields),* } = self;
            ::specmint_client::Call::new(#client, &super::operations::#constant)
                #(.parameter(#names))*
                #body
                .#terminal
                .await
        }
    })
}

/// The `T` of `Result<ResponseValue<T>, …>`.
fn success_type(method: &ImplItemFn) -> Result<TokenStream, String> {
    fn first_argument(type_: &Type) -> Option<&Type> {
        let Type::Path(path) = type_ else { return None };
        let segment = path.path.segments.last()?;
        let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else {
            return None;
        };
        match arguments.args.first()? {
            syn::GenericArgument::Type(type_) => Some(type_),
            _ => None,
        }
    }
    let syn::ReturnType::Type(_, type_) = &method.sig.output else {
        return Err("`send` returns nothing".to_owned());
    };
    first_argument(type_)
        .and_then(first_argument)
        .map(ToTokens::to_token_stream)
        .ok_or_else(|| "`send` doesn't return a `ResponseValue`".to_owned())
}

/// Puts a struct where progenitor was told of a string; it can't have structs as parameters.
struct Structure<'a>(&'a str);

impl VisitMut for Structure<'_> {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        // The long spelling is that of a schema's type; `String` is that of an error.
        if path.leading_colon.is_some()
            && path
                .segments
                .last()
                .is_some_and(|segment| segment.ident == "String")
        {
            let name = format_ident!("{}", self.0);
            *path = parse_quote!(types::#name);
            return;
        }
        syn::visit_mut::visit_path_mut(self, path);
    }
}
