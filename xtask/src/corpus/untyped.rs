//! The public outline of an exported crate, held against the document it was made from: where does
//! a signature say `Value`, bytes or `String` though the document says more?
//!
//! This judge reads the generated text and the document alone. It must never ask the pipeline what
//! it meant to do: what a stage gave up on without a word is what it is here to find.

use std::{
    collections::{BTreeMap, HashSet},
    path::Path,
};

use anyhow::Context;
use proc_macro2::TokenTree;
use serde::Serialize;
use serde_json::Value;
use syn::{
    Expr, ExprLit, Fields, GenericArgument, ImplItem, Item, Lit, Meta, PathArguments, ReturnType,
    Type,
};

use crate::Failure;

/// What was found in one crate.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Untyped {
    /// Places of the outline that were held against a schema.
    pub(super) compared: u64,
    /// Those of type `String` where the document allows one text only: the type's documentation
    /// and its `new` have it.
    pub(super) constants: u64,
    /// Those that say less than the document, `place: type where the document says …`.
    pub(super) weaker: Vec<String>,
}

/// Reads the modules of a crate and compares them with the document.
pub(super) fn of(crate_dir: &Path, document: &Path) -> Result<Untyped, Failure> {
    let module = |name: &str| -> Result<Vec<Item>, Failure> {
        let path = crate_dir.join("src").join(name);
        if !path.exists() {
            // An API may lack it.
            return Ok(Vec::new());
        }
        let code = std::fs::read_to_string(path)?;
        Ok(syn::parse_file(&code)
            .context("the exported crate is no Rust")?
            .items)
    };
    let document: Value = serde_json::from_str(&std::fs::read_to_string(document)?)?;
    let mut judge = Judge {
        root: &document,
        types: types(&module("types.rs")?),
        seen: HashSet::new(),
        found: Untyped::default(),
    };
    judge.builders(&module("builder.rs")?);
    Ok(judge.found)
}

/// A type of the outline.
enum Outline {
    /// Fields by wire name.
    Struct(Vec<(String, Type)>),
    Alias(Box<Type>),
    Other,
}

fn types(items: &[Item]) -> BTreeMap<String, Outline> {
    let mut found = BTreeMap::new();
    let tables: BTreeMap<String, Table> = items.iter().filter_map(table).collect();
    for item in items {
        match item {
            Item::Struct(item) => {
                let table = tables.get(&item.ident.to_string());
                let outline = match &item.fields {
                    Fields::Named(fields) => Outline::Struct(
                        fields
                            .named
                            .iter()
                            .filter_map(|field| Some((wire_name(field, table)?, field.ty.clone())))
                            .collect(),
                    ),
                    Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                        fields.unnamed.first().map_or(Outline::Other, |field| {
                            Outline::Alias(Box::new(field.ty.clone()))
                        })
                    }
                    _ => Outline::Other,
                };
                found.insert(item.ident.to_string(), outline);
            }
            Item::Type(item) => {
                found.insert(item.ident.to_string(), Outline::Alias(item.ty.clone()));
            }
            Item::Enum(item) => {
                found.insert(item.ident.to_string(), Outline::Other);
            }
            _ => {}
        }
    }
    found
}

/// What `record!` or `received!` says of a struct.
#[derive(Default)]
struct Table {
    /// Names on the wire, where they are not those of the fields.
    names: BTreeMap<String, String>,
    /// The field of all members that have none of their own.
    others: Option<String>,
}

/// The struct that such a table is about, and what it says: `field = "name"` and `..field`.
fn table(item: &Item) -> Option<(String, Table)> {
    let Item::Macro(item) = item else { return None };
    let path = &item.mac.path;
    if !path.is_ident("record") && !path.is_ident("received") {
        return None;
    }
    let (mut name, mut rows) = (None, None);
    for token in item.mac.tokens.clone() {
        match token {
            // `derived Parcel::new { … }`
            TokenTree::Ident(ident) if ident != "derived" => {
                name.get_or_insert(ident);
            }
            TokenTree::Group(group) => rows = Some(group),
            _ => {}
        }
    }
    let (name, rows) = (name?, rows?);
    let mut table = Table::default();
    let (mut field, mut dots) = (String::new(), 0);
    for token in rows.stream() {
        match token {
            TokenTree::Ident(ident) => {
                // The word behind a colon is none, but nothing follows it that counts.
                field = ident.to_string();
                if dots == 2 {
                    table.others = Some(field.clone());
                }
                dots = 0;
            }
            TokenTree::Literal(wire) => {
                let wire = syn::parse_str::<syn::LitStr>(&wire.to_string()).ok()?;
                table.names.insert(field.clone(), wire.value());
            }
            TokenTree::Punct(punct) if punct.as_char() == '.' => dots += 1,
            _ => {}
        }
    }
    Some((name.to_string(), table))
}

/// What a field is called on the wire; `None` for members that have no name of their own.
fn wire_name(field: &syn::Field, table: Option<&Table>) -> Option<String> {
    let mut name = field.ident.as_ref()?.to_string();
    let mut flattened = false;
    if let Some(table) = table {
        flattened = table.others.as_ref() == Some(&name);
        name = table.names.get(&name).cloned().unwrap_or(name);
    }
    for attribute in field.attrs.iter().filter(|a| a.path().is_ident("serde")) {
        let nested = attribute
            .parse_args_with(syn::punctuated::Punctuated::<Meta, syn::Token![,]>::parse_terminated);
        for meta in nested.into_iter().flatten() {
            flattened |= meta.path().is_ident("flatten");
            if let Meta::NameValue(pair) = &meta
                && pair.path.is_ident("rename")
                && let Some(text) = literal(&pair.value)
            {
                name = text;
            }
        }
    }
    (!flattened).then(|| name.trim_start_matches("r#").to_owned())
}

fn literal(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.value()),
        _ => None,
    }
}

struct Judge<'a> {
    root: &'a Value,
    types: BTreeMap<String, Outline>,
    /// Schemas, by their place in memory, and the types they were held against.
    seen: HashSet<(usize, String)>,
    found: Untyped,
}

/// What a schema says its values are.
#[derive(Debug, PartialEq, Eq)]
enum Says {
    Object,
    Array,
    Number,
    Boolean,
    /// One of several texts.
    Enum,
    /// One text.
    Constant,
    /// A text, several kinds of things, or nothing.
    Less,
}

impl<'a> Judge<'a> {
    /// Every operation's setters and answers.
    fn builders(&mut self, items: &[Item]) {
        for item in items {
            let Item::Impl(item) = item else { continue };
            let functions: Vec<&syn::ImplItemFn> = item
                .items
                .iter()
                .filter_map(|item| match item {
                    ImplItem::Fn(function) => Some(function),
                    _ => None,
                })
                .collect();
            let Some((method, path)) = functions.iter().find_map(|f| request_line(f)) else {
                continue;
            };
            let Some(operation) = self.operation(&method, &path) else {
                continue;
            };
            let place = format!("{method} {path}");
            for function in &functions {
                if function.sig.ident == "send" {
                    self.answer(function, operation, &place);
                } else {
                    self.setter(function, operation, &path, &place);
                }
            }
        }
    }

    fn operation(&self, method: &str, path: &str) -> Option<&'a Value> {
        let item = self.root.get("paths")?.get(path)?;
        item.get(method.to_ascii_lowercase())
    }

    fn answer(&mut self, function: &syn::ImplItemFn, operation: &'a Value, place: &str) {
        let ReturnType::Type(_, returned) = &function.sig.output else {
            return;
        };
        let Some(type_) = argument(returned) else {
            return;
        };
        let schemas: Vec<&Value> = operation
            .get("responses")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter(|(status, _)| status.starts_with('2'))
            .filter_map(|(_, response)| self.followed(response)?.get("content"))
            .filter_map(Value::as_object)
            .flatten()
            .filter(|(media_type, _)| is_json(media_type))
            .filter_map(|(_, content)| content.get("schema"))
            .collect();
        // Several documented answers are an enum of their own.
        if let [schema] = schemas[..] {
            self.compare(schema, type_, &format!("{place}: answer"));
        }
    }

    fn setter(
        &mut self,
        function: &syn::ImplItemFn,
        operation: &'a Value,
        path: &str,
        place: &str,
    ) {
        let code = quote::quote!(#function).to_string();
        let Some(type_) = function.sig.inputs.iter().find_map(into_type) else {
            return;
        };
        if code.contains("json_body") {
            let content = operation
                .get("requestBody")
                .and_then(|body| self.followed(body))
                .and_then(|body| body.get("content"))
                .and_then(Value::as_object);
            let schemas: Vec<&Value> = content
                .into_iter()
                .flatten()
                .filter(|(media_type, _)| is_json(media_type))
                .filter_map(|(_, content)| content.get("schema"))
                .collect();
            if let [schema] = schemas[..] {
                self.compare(schema, type_, &format!("{place}: body"));
            }
            return;
        }
        let Some(name) = documented_name(function) else {
            return;
        };
        let item = self.root.get("paths").and_then(|paths| paths.get(path));
        let parameter = [Some(operation), item]
            .into_iter()
            .flatten()
            .filter_map(|place| place.get("parameters")?.as_array())
            .flatten()
            .filter_map(|parameter| self.followed(parameter))
            .filter(|parameter| parameter.get("name").and_then(Value::as_str) == Some(&name))
            .collect::<Vec<_>>();
        if let [parameter] = parameter[..]
            && let Some(schema) = parameter.get("schema")
        {
            self.compare(schema, type_, &format!("{place}: {name}"));
        }
    }

    fn compare(&mut self, schema: &'a Value, type_: &Type, place: &str) {
        let Some(schema) = self.followed(schema) else {
            return;
        };
        let Some((name, argument)) = named(type_) else {
            return;
        };
        let key = (
            std::ptr::from_ref(schema) as usize,
            quote::quote!(#type_).to_string(),
        );
        if !self.seen.insert(key) {
            return;
        }
        if matches!(name.as_str(), "Option" | "Box") {
            if let Some(inner) = argument {
                self.compare(schema, inner, place);
            }
            return;
        }
        if let Some(Outline::Alias(target)) = self.types.get(&name) {
            let target = target.clone();
            self.compare(schema, &target, place);
            return;
        }
        self.found.compared += 1;
        let says = self.says(schema, 0);
        let weaker = match name.as_str() {
            "Value" | "ByteStream" | "Bytes" => !matches!(says, Says::Less),
            // `Map<String, Value>` is all there is to say of an object without properties.
            "Map" => says == Says::Object && !self.properties(schema, 0).is_empty(),
            "String" => matches!(
                says,
                Says::Object | Says::Array | Says::Number | Says::Boolean | Says::Enum
            ),
            _ => false,
        };
        if weaker {
            self.found.weaker.push(format!(
                "{place}: `{name}` where the document says {says:?}"
            ));
            return;
        }
        if name == "String" && says == Says::Constant {
            self.found.constants += 1;
        }
        match self.types.get(&name) {
            Some(Outline::Struct(fields)) => {
                let fields = fields.clone();
                let properties = self.properties(schema, 0);
                for (wire, type_) in fields {
                    if let [(_, property)] = properties
                        .iter()
                        .filter(|(name, _)| **name == wire)
                        .collect::<Vec<_>>()[..]
                    {
                        self.compare(property, &type_, &format!("{place}.{wire}"));
                    }
                }
            }
            _ if name == "Vec" => {
                if let Some((items, inner)) = schema.get("items").zip(argument) {
                    self.compare(items, inner, &format!("{place}[]"));
                }
            }
            _ => {}
        }
    }

    /// The properties of an object, those of its parts included.
    fn properties(&self, schema: &'a Value, depth: usize) -> Vec<(&'a String, &'a Value)> {
        let mut found: Vec<(&String, &Value)> = schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .collect();
        if depth < 8 {
            for part in schema
                .get("allOf")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                if let Some(part) = self.followed(part) {
                    found.extend(self.properties(part, depth + 1));
                }
            }
        }
        found
    }

    fn says(&self, schema: &'a Value, depth: usize) -> Says {
        if depth > 8 {
            return Says::Less;
        }
        let mut kinds: Vec<&str> = match schema.get("type") {
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        kinds.retain(|kind| *kind != "null");
        if kinds.len() > 1 {
            return Says::Less;
        }
        let texts = schema.get("enum").and_then(Value::as_array).map(|values| {
            let all = values.iter().filter(|v| !v.is_null());
            let mut texts: Vec<&str> = all.clone().filter_map(Value::as_str).collect();
            texts.sort_unstable();
            texts.dedup();
            (all.count(), texts.len())
        });
        match (kinds.first(), texts) {
            (Some(&"string") | None, Some((all, texts))) if all > 0 && texts > 0 => {
                return if all == 1 { Says::Constant } else { Says::Enum };
            }
            (Some(&"object"), _) => return Says::Object,
            (Some(&"array"), _) => return Says::Array,
            (Some(&"integer" | &"number"), _) => return Says::Number,
            (Some(&"boolean"), _) => return Says::Boolean,
            (Some(_), _) => return Says::Less,
            _ => {}
        }
        if schema.get("const").is_some_and(Value::is_string) {
            return Says::Constant;
        }
        if schema.get("properties").is_some() {
            return Says::Object;
        }
        if schema.get("items").is_some() {
            return Says::Array;
        }
        let parts = |key: &str| schema.get(key).and_then(Value::as_array);
        if let Some(all) = parts("allOf") {
            let says = all
                .iter()
                .filter_map(|part| self.followed(part))
                .map(|part| self.says(part, depth + 1));
            return says
                .into_iter()
                .find(|says| *says != Says::Less)
                .unwrap_or(Says::Less);
        }
        if let Some(any) = parts("oneOf").or_else(|| parts("anyOf")) {
            let mut kinds: Vec<Says> = any
                .iter()
                .filter(|branch| branch.get("type").and_then(Value::as_str) != Some("null"))
                .filter_map(|branch| self.followed(branch))
                .map(|branch| self.says(branch, depth + 1))
                .collect();
            let first = kinds.pop().unwrap_or(Says::Less);
            if kinds.iter().all(|kind| *kind == first) {
                return first;
            }
        }
        Says::Less
    }

    /// The end of a chain of `$ref`s.
    fn followed(&self, mut node: &'a Value) -> Option<&'a Value> {
        for _ in 0..32 {
            let Some(reference) = node.get("$ref").and_then(Value::as_str) else {
                return Some(node);
            };
            node = self.root.pointer(reference.strip_prefix('#')?)?;
        }
        None
    }
}

fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence == "application/json" || essence.ends_with("+json")
}

/// ``Sends the request: `GET /v1/calls`.``
fn request_line(function: &syn::ImplItemFn) -> Option<(String, String)> {
    let text = documentation(function)?;
    let line = text.trim().strip_prefix("Sends the request: `")?;
    let (method, rest) = line.split_once(' ')?;
    let path = rest.split('`').next()?;
    Some((method.to_owned(), path.to_owned()))
}

/// ``Sets `pageToken`.``
fn documented_name(function: &syn::ImplItemFn) -> Option<String> {
    let text = documentation(function)?;
    let name = text.trim().strip_prefix("Sets `")?;
    Some(name.split('`').next()?.to_owned())
}

fn documentation(function: &syn::ImplItemFn) -> Option<String> {
    function.attrs.iter().find_map(|attribute| {
        let Meta::NameValue(pair) = &attribute.meta else {
            return None;
        };
        pair.path.is_ident("doc").then(|| literal(&pair.value))?
    })
}

/// `T` of `value: impl TryInto<T>`.
fn into_type(input: &syn::FnArg) -> Option<&Type> {
    let syn::FnArg::Typed(input) = input else {
        return None;
    };
    let Type::ImplTrait(into) = &*input.ty else {
        return None;
    };
    into.bounds.iter().find_map(|bound| match bound {
        syn::TypeParamBound::Trait(bound) => last_argument(&bound.path),
        _ => None,
    })
}

/// The last word of a path, and what stands in its angle brackets.
fn named(type_: &Type) -> Option<(String, Option<&Type>)> {
    let Type::Path(path) = type_ else { return None };
    let last = path.path.segments.last()?;
    Some((last.ident.to_string(), last_argument(&path.path)))
}

fn argument(type_: &Type) -> Option<&Type> {
    named(type_)?.1
}

fn last_argument(path: &syn::Path) -> Option<&Type> {
    let PathArguments::AngleBracketed(list) = &path.segments.last()?.arguments else {
        return None;
    };
    list.args.iter().rev().find_map(|argument| match argument {
        GenericArgument::Type(type_) => Some(type_),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    /// A crate that says less than its document in four places is told so for each.
    #[test]
    fn finds_what_is_weaker() {
        let dir = tempfile::tempdir().expect("there is room for a crate");
        std::fs::create_dir(dir.path().join("src")).expect("an empty folder");
        let types = r#"
                pub struct Parcel {
                    pub state: String,
                    pub weight: Option<serde_json::Value>,
                    pub label: Box<serde_json::Map<String, serde_json::Value>>,
                    pub meta: serde_json::Map<String, serde_json::Value>,
                    pub kind: String,
                    pub stops: Vec<Stop>,
                }
                received!(derived Parcel::new {
                    state: required(String), weight = "weightGrams"{f64}, label, meta{Map},
                    kind(= "parcel"), stops: list[Stop],
                });
                pub struct Stop { pub at: String, pub name: String }
        "#;
        let builder = r"
                impl GetParcel<'_> {
                    /// Sets `id`. Required.
                    pub fn id(self, value: impl TryInto<String>) -> Self { self }
                    /// Sends the request: `GET /parcels/{id}`.
                    pub async fn send(self) -> super::Answer<types::Parcel> { todo() }
                }
        ";
        for (name, code) in [("types.rs", types), ("builder.rs", builder)] {
            let path = dir.path().join("src").join(name);
            std::fs::write(path, code).expect("the folder can be written");
        }
        let parcel = json!({"allOf": [{"type": "object", "properties": {
            "state": {"type": "string", "enum": ["sent", "lost"]},
            "weightGrams": {"type": ["integer", "null"]},
            "label": {"type": "object", "properties": {"text": {"type": "string"}}},
            "meta": {"type": "object"},
            "kind": {"const": "parcel"},
            "stops": {"type": "array", "items": {"$ref": "#/components/schemas/Stop"}},
        }}]});
        let stop = json!({"properties": {"at": {"type": "number"}, "name": {"type": "string"}}});
        let document = json!({
            "paths": {"/parcels/{id}": {"get": {
                "parameters": [{"name": "id", "in": "path", "schema": {"type": "string"}}],
                "responses": {"200": {"content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Parcel"},
                }}}},
            }}},
            "components": {"schemas": {"Parcel": parcel, "Stop": stop}},
        });
        let file = dir.path().join("openapi.json");
        std::fs::write(&file, document.to_string()).expect("the folder can be written");

        let found = super::of(dir.path(), &file).ok().expect("both can be read");

        let mut weaker = found.weaker;
        weaker.sort();
        let place = "GET /parcels/{id}: answer";
        assert_eq!(
            weaker,
            [
                format!("{place}.label: `Map` where the document says Object"),
                format!("{place}.state: `String` where the document says Enum"),
                format!("{place}.stops[].at: `String` where the document says Number"),
                format!("{place}.weightGrams: `Value` where the document says Number"),
            ]
        );
        assert_eq!((found.compared, found.constants), (11, 1));
    }
}
