//! The driver: a crate that calls every operation through the generated builders.
//!
//! What it calls them with stands in a file it reads, so that it is compiled once per client.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use anyhow::{Context, anyhow};
use quote::ToTokens;
use specmint_build::{
    Generated,
    model::{AnswerKind, Api, Operation, SchemeKind},
};

use crate::Failure;

/// What is the same for every client.
const HARNESS: &str = include_str!("driver/harness.txt");

/// A builder as the generated code has it.
#[derive(Default)]
struct Builder {
    /// The method of the client that makes it.
    method: String,
    /// The types of its setters, by their name.
    setters: BTreeMap<String, String>,
}

/// Writes the driver beside the exported crate.
pub(super) fn write(home: &Path, package: &str, generated: &Generated) -> Result<(), Failure> {
    let dir = home.join("driver");
    let manifest = fs::read_to_string(home.join("crate/Cargo.toml"))?;
    let dependencies: String = manifest
        .lines()
        .skip_while(|line| *line != "[dependencies]")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter(|line| {
            !["serde =", "serde_json ="]
                .iter()
                .any(|own| line.starts_with(own))
        })
        .collect::<Vec<_>>()
        .join("\n");
    let manifest = format!(
        "[package]\nname = \"driver-of-{package}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [[bin]]\nname = \"driver\"\npath = \"src/main.rs\"\n\n[dependencies]\n\
         api = {{ package = \"{package}\", path = \"../crate\" }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n{dependencies}\n\n\
         [profile.dev]\ndebug = false\nincremental = false\n\n[workspace]\n"
    );
    fs::create_dir_all(dir.join("src"))?;
    update(&dir.join("Cargo.toml"), &manifest)?;
    update(&dir.join("src/harness.rs"), HARNESS)?;
    update(&dir.join("src/main.rs"), &program(generated)?)?;
    Ok(())
}

/// Leaves a file alone that is as it should be: Cargo looks at times.
fn update(path: &Path, text: &str) -> Result<(), Failure> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    Ok(fs::write(path, text)?)
}

fn program(generated: &Generated) -> Result<String, Failure> {
    let api = &generated.api;
    let file = syn::parse_file(&generated.file.text()).context("the generated code is no Rust")?;
    let builders = builders(&file);
    let mut out = String::from(
        "//! Calls every operation. Written by `cargo xtask wire`.\n\n\
         #![allow(deprecated, unused_imports, unused_mut, unused_variables)]\n\nmod harness;\n\n\
         use harness::{Answer, Case, Plan, read};\n",
    );
    // Setters name their types as the module does.
    for import in items_of(&file, "builder") {
        if let syn::Item::Use(import) = import {
            out.push_str(&from_outside(import));
            out.push('\n');
        }
    }
    out.push_str(
        "\n#[tokio::main(flavor = \"current_thread\")]\nasync fn main() {\n    \
         let plan = Plan::read();\n    for case in &plan.cases {\n        \
         let client = harness::client(&plan, case, api::Client::builder().credentials(credentials(case)));\n        \
         let answer = run(&client, case).await;\n        harness::say(case, answer);\n    }\n}\n\n",
    );
    out.push_str(&credentials(api));
    out.push_str(
        "async fn run(client: &api::Client, case: &Case) -> Result<Answer, String> {\n    match case.operation {\n",
    );
    for index in 0..api.operations.len() {
        let _ = writeln!(
            out,
            "        {index} => Box::pin(operation_{index}(client, case)).await,"
        );
    }
    out.push_str("        other => Err(format!(\"no operation {other}\")),\n    }\n}\n");
    for (index, operation) in api.operations.iter().enumerate() {
        let builder = builders
            .get(&operation.builder)
            .ok_or_else(|| anyhow!("no builder `{}`", operation.builder))?;
        out.push_str(&caller(index, operation, builder)?);
    }
    Ok(out)
}

/// A function that makes the credentials a case asks for.
fn credentials(api: &Api) -> String {
    let usable: Vec<_> = api
        .schemes
        .iter()
        .enumerate()
        .filter(|(_, scheme)| !matches!(scheme.kind, SchemeKind::MutualTls | SchemeKind::Http(_)))
        .collect();
    let mut out = String::from(
        "fn credentials(case: &Case) -> api::Credentials {\n    let mut all = api::Credentials::default();\n",
    );
    for (index, scheme) in &usable {
        let secret = super::plan::secret(*index);
        let arguments = if scheme.kind == SchemeKind::Basic {
            format!("\"{}\", \"{secret}\"", super::plan::user(*index))
        } else {
            format!("\"{secret}\"")
        };
        // With one scheme there is nothing to add it to.
        let made = if usable.len() > 1 {
            format!("all.and_{}({arguments})", scheme.rust)
        } else {
            format!("api::Credentials::{}({arguments})", scheme.rust)
        };
        let _ = writeln!(
            out,
            "    if case.credentials.contains(&{index}) {{\n        all = {made};\n    }}"
        );
    }
    out.push_str("    all\n}\n\n");
    out
}

/// The function that makes one operation's call.
fn caller(index: usize, operation: &Operation, builder: &Builder) -> Result<String, Failure> {
    let setter = |name: &str| {
        builder
            .setters
            .get(name)
            .ok_or_else(|| anyhow!("`{}` has no setter `{name}`", operation.rust))
    };
    let mut out = format!(
        "\n/// `{} {}`\nasync fn operation_{index}(client: &api::Client, case: &Case) -> Result<Answer, String> {{\n    \
         let mut call = client.{}();\n",
        operation.method, operation.path, builder.method,
    );
    let mut set = |name: &str, value: String, type_: &str| {
        let _ = writeln!(
            out,
            "    if let Some(value) = {value} {{\n        call = call.{name}(read::<{type_}>({name:?}, value)?);\n    }}",
        );
    };
    for parameter in &operation.parameters {
        let name = &parameter.rust;
        set(name, format!("case.parameter({name:?})"), setter(name)?);
    }
    if operation.body.is_some() {
        set("body", "case.body()".to_owned(), setter("body")?);
    }
    let read = match (
        &operation.outcome.several,
        operation.outcome.answers.first().map(|a| &a.kind),
    ) {
        (Some(_), _) | (None, Some(AnswerKind::Empty) | None) => "Answer::opaque(answer.status())",
        (None, Some(AnswerKind::Json(_))) => "Answer::json(answer.status(), &*answer)",
        (None, Some(AnswerKind::Text)) => "Answer::text(answer.status(), &answer)",
        (None, Some(AnswerKind::Bytes)) => "harness::drain(answer).await",
    };
    let _ = writeln!(
        out,
        "    Ok(match call.send().await {{\n        Ok(answer) => {read},\n        Err(error) => Answer::error(&error),\n    }})\n}}",
    );
    Ok(out)
}

/// What is in a module.
fn items_of<'f>(file: &'f syn::File, module: &str) -> &'f [syn::Item] {
    file.items
        .iter()
        .find_map(|item| match item {
            syn::Item::Mod(item) if item.ident == module => item.content.as_ref(),
            _ => None,
        })
        .map_or(&[], |(_, items)| items)
}

/// How the driver says what a module of the client says: the builders stand one module below what
/// they use.
fn from_outside(tokens: &impl ToTokens) -> String {
    tokens
        .to_token_stream()
        .to_string()
        .replace("super ::", "api ::")
}

/// Every builder of the generated code, by the name of its type.
fn builders(file: &syn::File) -> BTreeMap<String, Builder> {
    let mut out: BTreeMap<String, Builder> = BTreeMap::new();
    for item in items_of(file, "builder") {
        let syn::Item::Impl(item) = item else {
            continue;
        };
        let Some(name) = last_segment(&item.self_ty) else {
            continue;
        };
        let setters = item.items.iter().filter_map(|item| match item {
            syn::ImplItem::Fn(method) => setter(&method.sig),
            _ => None,
        });
        // A builder may have several `impl`s.
        out.entry(name).or_default().setters.extend(setters);
    }
    for item in items_of(file, "methods") {
        let syn::Item::Impl(item) = item else {
            continue;
        };
        for item in &item.items {
            let syn::ImplItem::Fn(method) = item else {
                continue;
            };
            let syn::ReturnType::Type(_, type_) = &method.sig.output else {
                continue;
            };
            if let Some(builder) = last_segment(type_).and_then(|name| out.get_mut(&name)) {
                builder.method = method.sig.ident.to_string();
            }
        }
    }
    out
}

fn last_segment(type_: &syn::Type) -> Option<String> {
    let syn::Type::Path(path) = type_ else {
        return None;
    };
    path.path
        .segments
        .last()
        .map(|segment| segment.ident.to_string())
}

/// The name and type of a setter: what stands in its `TryInto<…>` or `Into<…>`.
fn setter(signature: &syn::Signature) -> Option<(String, String)> {
    if signature.inputs.len() != 2 {
        return None;
    }
    let mut bounds: Vec<&syn::TypeParamBound> = Vec::new();
    if let Some(syn::FnArg::Typed(argument)) = signature.inputs.last()
        && let syn::Type::ImplTrait(type_) = &*argument.ty
    {
        bounds.extend(&type_.bounds);
    }
    for predicate in signature
        .generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates)
    {
        if let syn::WherePredicate::Type(predicate) = predicate {
            bounds.extend(&predicate.bounds);
        }
    }
    let type_ = bounds.into_iter().find_map(|bound| {
        let syn::TypeParamBound::Trait(bound) = bound else {
            return None;
        };
        let segment = bound.path.segments.last()?;
        let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else {
            return None;
        };
        (segment.ident == "TryInto" || segment.ident == "Into").then(|| arguments.args.first())?
    })?;
    Some((signature.ident.to_string(), from_outside(type_)))
}

#[cfg(test)]
mod tests {
    use specmint_build::{Settings, generate};

    use crate::{input::Reading, wire::root};

    #[test]
    fn the_program_calls_every_operation() {
        let document = root().join("crates/specmint-build/tests/client/parcels.yaml");
        let mut reading = Reading::of(&document).ok().expect("a document");
        let document = reading.document().ok().expect("it can be read");
        let settings = Settings::for_api(&reading.input.api);
        let lowered = specmint_spec::lower(&document, &mut reading.diags).expect("a lowered one");
        let generated = generate(&lowered, &settings, &mut reading.diags).expect("a client");

        let program = super::program(&generated).ok().expect("a program");

        syn::parse_file(&program).expect("the program is Rust");
        assert!(!generated.api.operations.is_empty());
        for operation in &generated.api.operations {
            let call = format!("let mut call = client.{}(", operation.rust);
            assert!(program.contains(&call), "no call of {}", operation.rust);
        }
    }
}
