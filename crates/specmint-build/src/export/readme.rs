//! What a reader of the crate's folder sees first: how to call the API, and what there is to choose.

use crate::{Generated, model::Operation, render::doc};

pub(super) fn text(name: &str, generated: &Generated) -> String {
    let api = &generated.api;
    let title = doc::line(&api.title);
    let documentation = api.docs.as_deref();
    let from = documentation
        .and_then(|url| doc::link("documentation", url))
        .unwrap_or_else(|| "documentation".to_owned());
    let mut parts = vec![
        format!("# {name}"),
        format!("Client for {title}, generated from its {from}."),
        example(&name.replace('-', "_"), api.operations.iter()),
        format!("`from_env` reads:\n\n{}", generated.environment()),
        "`Client::builder()` takes the same and more: time limits, retries, the server, an HTTP client \
         of your own. An error has status, headers and the first bytes of the body, and what the \
         documentation says of the body as a type. `cargo doc --open` has a table of all operations."
            .to_owned(),
        features(generated),
    ];
    if generated.cli {
        parts.push(format!(
            "```sh\ncargo install --path . --features cli\n{name} --help\n```"
        ));
    }
    parts.push(format!(
        "`openapi.yaml` is the document it was generated from, by specmint-build {}. Don't edit what \
         is in `src/`.",
        env!("CARGO_PKG_VERSION")
    ));
    parts.join("\n\n") + "\n"
}

/// A program that calls an operation: one that only reads, where there is one.
fn example<'o>(module: &str, operations: impl Iterator<Item = &'o Operation> + Clone) -> String {
    let needs_body =
        |operation: &&Operation| operation.body.as_ref().is_some_and(|body| body.required);
    let reads = |operation: &&Operation| {
        operation.method.eq_ignore_ascii_case("get") && !operation.deprecated
    };
    let by_needs = |operation: &&Operation| {
        let required = operation.parameters.iter().filter(|p| p.required).count();
        (!reads(operation), needs_body(operation), required)
    };
    let mut lines = vec![format!("let client = {module}::Client::from_env()?;")];
    if let Some(operation) = operations.min_by_key(by_needs) {
        let mut call = format!("let answer = client.{}()", operation.rust);
        for parameter in operation.parameters.iter().filter(|p| p.required) {
            call.push_str(&format!(".{0}({0})", parameter.rust));
        }
        if needs_body(&operation) {
            call.push_str(".body(body)");
        }
        lines.push(format!("{call}.send().await?;"));
        lines.push("println!(\"{answer:?}\");".to_owned());
    }
    format!("```rust\n{}\n```", lines.join("\n"))
}

fn features(generated: &Generated) -> String {
    let mut rows = vec![
        ("`rustls`", "yes", "TLS by rustls"),
        ("`native-tls`", "", "TLS by the operating system"),
        ("`gzip`", "yes", "compressed answers"),
        ("`tracing`", "", "a span for each call"),
    ];
    if generated.mock {
        rows.push(("`mock`", "", "a server that plays the API in tests"));
    }
    if generated.cli {
        rows.push(("`cli`", "", "a command per operation"));
    }
    let rows: Vec<String> = rows
        .iter()
        .map(|(feature, default, what)| format!("| {feature} | {default} | {what} |"))
        .collect();
    format!(
        "| feature | default | what |\n|---|---|---|\n{}",
        rows.join("\n")
    )
}
