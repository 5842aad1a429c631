//! The module `cli`: the command line of the API, behind the feature of that name.
//!
//! What a command line does stands in `specmint-client`, which reads the tables of the operations.
//! Here is what those lack: what commands and flags are called, what they are for, and of which
//! kind their values are. As text, one argument per line.

use std::{collections::BTreeSet, fmt::Write as _};

use specmint_spec::node::Node;
use syn::{Item, parse_quote};

use super::{api::error_body, rust_type};
use crate::{
    finish::doc_attributes,
    model::{Api, Body, BodyKind, Location, Operation},
    preflight::{document::reference, ident, schemas::Types},
    render::doc,
};

/// Where the commands go, in the module's text.
pub(crate) const PLACE: &str = "commands!();";

/// Flags that every command has, and commands that every API has.
const OF_COMMANDS: &[&str] = &["base-url", "body", "help", "json", "version"];
const OF_APIS: &[&str] = &["completions", "help"];

/// How many references may follow one another.
const MAX_REFERENCES: usize = 32;

/// The module, its commands left out; `None` where there are no operations.
pub(super) fn module(api: &Api, types: &Types) -> Option<Item> {
    if api.operations.is_empty() {
        return None;
    }
    let error = error_body(api, types);
    let docs = doc_attributes(&format!("The command line of {}.", doc::line(&api.title)));
    let about = format!("Call {}", doc::plain_line(&api.title));
    Some(parse_quote! {
        #(#docs)*
        #[cfg(feature = "cli")]
        pub mod cli {
            // For `types`, which an API may lack.
            #[allow(unused_imports)]
            use super::*;
            use ::specmint_client::cli as c;

            type Command = c::Command<#error>;

            /// Runs the command line of this process: a command per operation, with credentials
            /// from the environment.
            pub fn main() -> ::std::process::ExitCode {
                static APP: c::App<#error> = c::App::new(#about, COMMANDS);
                c::main::<Api>(&APP)
            }

            commands!();
        }
    })
}

/// The commands, as they are printed.
pub(crate) fn commands(api: &Api, types: &Types) -> String {
    let mut out = String::from("static COMMANDS: &[Command] = &[\n");
    let mut taken: BTreeSet<String> = OF_APIS.iter().map(|&name| name.to_owned()).collect();
    for operation in &api.operations {
        let name = unique(&kebab(&operation.rust), None, &mut taken);
        let _ = writeln!(
            out,
            "    Command::new({}, &operations::{})",
            literal(&name),
            operation.constant
        );
        let (short, long) = about(operation);
        let _ = writeln!(
            out,
            "        .about({}, {})",
            literal(&short),
            literal(&long)
        );
        let mut flags: BTreeSet<String> = OF_COMMANDS.iter().map(|&name| name.to_owned()).collect();
        let arguments: Vec<String> = operation
            .parameters
            .iter()
            .map(|parameter| {
                let place = match parameter.location {
                    Location::Path => "path",
                    Location::Query => "query",
                    Location::Header => "header",
                    Location::Cookie => "cookie",
                };
                let name = kebab(&parameter.rust);
                let flag = unique(&name, Some(format!("{place}-{name}")), &mut flags);
                let help = parameter.description.as_deref().unwrap_or_default();
                let node = types.at.get(&parameter.schema);
                let structure = parameter.structure.is_some();
                let (kind, rest) = kind(node, types, structure);
                let mut line = argument(kind, &flag, help) + &rest;
                if needs_check(node, types, structure) {
                    let type_ = rust_type::text_at(&parameter.schema, types);
                    let _ = write!(line, ".check(c::check::<{type_}>)");
                }
                line
            })
            .collect();
        if !arguments.is_empty() {
            let _ = writeln!(out, "        .arguments(&[{}])", list(&arguments));
        }
        if let Some(body) = &operation.body {
            write_body(&mut out, body, types, &mut flags);
        }
        let end = out.trim_end().len();
        out.truncate(end);
        out.push_str(",\n");
    }
    out.push_str("];\n");
    out
}

/// What a command does: in one line, and with everything that is said about it.
fn about(operation: &Operation) -> (String, String) {
    let request = format!("{} {}", operation.method, operation.path);
    let summary = operation.summary.as_deref().map(doc::plain_line);
    let description = operation.description.as_deref().map(doc::plain);
    let first = description.as_deref().and_then(|text| text.lines().next());
    let mut short = summary
        .filter(|text| !text.is_empty())
        .or_else(|| first.map(str::to_owned))
        .unwrap_or_else(|| request.clone());
    if operation.deprecated {
        short.push_str(" (deprecated)");
    }
    let mut long = vec![short.clone()];
    long.extend(description.filter(|text| !text.is_empty() && *text != short));
    if short != request {
        long.push(request);
    }
    long.extend(operation.url.as_deref().map(doc::plain_line));
    (short, long.join("\n\n"))
}

fn write_body(out: &mut String, body: &Body, types: &Types, flags: &mut BTreeSet<String>) {
    let constructor = match body.kind {
        BodyKind::Json => "json",
        BodyKind::Form(_) => "form",
        BodyKind::Multipart(_) => "multipart",
        BodyKind::Text => "text",
        BodyKind::Bytes => "bytes",
    };
    let _ = write!(out, "        .body(c::Body::{constructor}()");
    if let Some(schema) = &body.schema {
        if matches!(body.kind, BodyKind::Json | BodyKind::Form(_)) {
            let type_ = rust_type::text_at(schema, types);
            let _ = write!(out, ".check(c::check::<{type_}>)");
        }
        let fields = fields(schema, types, flags);
        if !fields.is_empty() {
            let _ = write!(out, ".fields(&[{}])", list(&fields));
        }
    }
    out.push_str(")\n");
}

/// An argument for each field of a body that is an object.
fn fields(schema: &str, types: &Types, flags: &mut BTreeSet<String>) -> Vec<String> {
    let Some((Some(type_), node)) = types.at.get(schema).and_then(|node| resolve(node, types))
    else {
        return Vec::new();
    };
    if types.tuples.contains(type_) || types.unions.contains_key(type_) {
        return Vec::new();
    }
    let Some(properties) = node.get("properties").and_then(Node::as_object) else {
        return Vec::new();
    };
    let required: BTreeSet<&str> = node
        .get("required")
        .and_then(Node::as_array)
        .into_iter()
        .flatten()
        .filter_map(Node::as_str)
        .collect();
    properties
        .iter()
        .map(|(name, property)| {
            let key = (type_.to_owned(), name.to_string());
            let wire = types.renames.get(&key).unwrap_or(&key.1);
            let named = kebab(&ident::snake(wire));
            let flag = unique(&named, Some(format!("body-{named}")), flags);
            let help = property.get_str("description").unwrap_or_default();
            let (kind, rest) = if types.binary.contains(&key) {
                let many = is_array(property, types);
                ("file", if many { ".many()" } else { "" }.to_owned())
            } else {
                kind(Some(property), types, false)
            };
            let mut line = argument(kind, &flag, help) + &rest;
            if flag != *wire {
                let _ = write!(line, ".field({})", literal(wire));
            }
            if required.contains(name.as_str()) {
                line.push_str(".required()");
            }
            line
        })
        .collect()
}

fn argument(kind: &str, flag: &str, help: &str) -> String {
    let help = doc::plain_line(help);
    format!("c::Argument::{kind}({}, {})", literal(flag), literal(&help))
}

/// A schema, the references to it followed, and the name of its type where it has one.
fn resolve<'a>(mut node: &'a Node, types: &'a Types) -> Option<(Option<&'a str>, &'a Node)> {
    let mut name = None;
    for _ in 0..MAX_REFERENCES {
        let Some(target) = reference(node) else {
            return Some((name, node));
        };
        name = Some(target);
        if types.enums.contains_key(target) || types.unions.contains_key(target) {
            return Some((name, node));
        }
        node = types.schemas.get(target)?;
    }
    None
}

fn is_array(node: &Node, types: &Types) -> bool {
    resolve(node, types).is_some_and(|(_, node)| node.get_str("type") == Some("array"))
}

/// Of which kind the values of a schema are, and what else is to say of them.
fn kind(node: Option<&Node>, types: &Types, structure: bool) -> (&'static str, String) {
    const ANYTHING: &str = "json";
    let Some((name, node)) = node
        .filter(|_| !structure)
        .and_then(|node| resolve(node, types))
    else {
        return (ANYTHING, String::new());
    };
    if let Some(values) = name.and_then(|name| types.enums.get(name)) {
        let values: Vec<String> = values.values.iter().map(|v| literal(&v.value)).collect();
        return ("text", format!(".values(&[{}])", values.join(", ")));
    }
    match node.get_str("type") {
        Some("string") => ("text", String::new()),
        Some("integer") => ("integer", String::new()),
        Some("number") => ("number", String::new()),
        Some("boolean") => ("boolean", String::new()),
        Some("array") if name.is_none_or(|name| !types.tuples.contains(name)) => {
            let items = node.get("items");
            match items.filter(|items| !is_array(items, types)) {
                Some(items) => {
                    let (kind, rest) = kind(Some(items), types, false);
                    (kind, rest + ".many()")
                }
                None => (ANYTHING, String::new()),
            }
        }
        _ => (ANYTHING, String::new()),
    }
}

/// Whether the type of a schema refuses more than its kind does.
fn needs_check(node: Option<&Node>, types: &Types, structure: bool) -> bool {
    if structure {
        return false;
    }
    let Some((name, node)) = node.and_then(|node| resolve(node, types)) else {
        return false;
    };
    if name.is_some() {
        return name.is_some_and(|name| !types.enums.contains_key(name));
    }
    match (node.get_str("type"), node.get_str("format")) {
        (Some("array"), _) => needs_check(node.get("items"), types, false),
        (Some("string"), format) => matches!(
            format,
            Some("uuid" | "date" | "date-time" | "ip" | "ipv4" | "ipv6")
        ),
        (Some("integer"), format) => !matches!(format, None | Some("int64")),
        _ => false,
    }
}

fn kebab(name: &str) -> String {
    let name = name.trim_matches('_').replace('_', "-");
    if name.is_empty() {
        "x".to_owned()
    } else {
        name
    }
}

fn unique(name: &str, alternative: Option<String>, taken: &mut BTreeSet<String>) -> String {
    let found = std::iter::once(name.to_owned())
        .chain(alternative)
        .chain((2..u32::MAX).map(|n| format!("{name}-{n}")))
        .find(|candidate| !taken.contains(candidate))
        .unwrap_or_else(|| name.to_owned());
    taken.insert(found.clone());
    found
}

/// The inside of a list: one item beside the brackets, several on a line each.
fn list(items: &[String]) -> String {
    match items {
        [one] => one.clone(),
        several => {
            let lines = several.iter().map(|item| format!("            {item},\n"));
            format!("\n{}        ", lines.collect::<String>())
        }
    }
}

fn literal(text: &str) -> String {
    proc_macro2::Literal::string(text).to_string()
}
