//! Whether the table of changes says what becomes of Rust code: each of its fixtures through the
//! generator, before and after, and the two outlines held against the table's verdict.

use std::{fs, path::Path};

use serde_json::{Value, json};
use specmint_spec::{diag::Diagnostics, document::Document, source};
use specmint_sync::{
    Surface as _,
    compare::{self, Rust},
    surface::Difference,
};

use super::Generator;

/// Fixtures whose row says breaking though nothing breaks in them: the row is about the worst that
/// such a change does, or about credentials, which never change silently.
const WORSE_ELSEWHERE: &[&str] = &[
    "access-changed",
    "additional-properties-changed",
    "credentials-authority-changed",
    "credentials-changed",
    "credentials-dropped",
    "discriminator-changed",
    "parameter-moved",
    "success-status-added",
    "success-status-removed",
];

/// Fixtures that break only here: names are frozen by `names.lock`, which they don't have, addresses
/// stand in the outline, though callers don't name them, and a text of one value is a `String`.
const BREAKS_HERE: &[&str] = &[
    "const-is-an-enum-of-one",
    "credentials-renamed",
    "operation-id-changed",
    "server-changed",
    "server-moved-down",
    "server-slash",
];

/// Gives what grows one more member, value or alternative on both sides, so that no fixture is about
/// the first one, with which anything becomes a type.
fn grown(node: &mut Value) {
    match node {
        Value::Array(items) => items.iter_mut().for_each(grown),
        Value::Object(members) => {
            members.values_mut().for_each(grown);
            if members.get("type").is_some_and(|kind| kind == "object") {
                let properties = members.entry("properties").or_insert_with(|| json!({}));
                properties["besides"] = json!({ "type": "boolean" });
            }
            if let Some(Value::Array(values)) = members.get_mut("enum")
                && values.iter().all(Value::is_string)
            {
                values.push("besides".into());
            }
            if let Some(Value::Array(branches)) = members.get_mut("oneOf") {
                branches.push(json!({ "type": "boolean" }));
            }
        }
        _ => {}
    }
}

/// As `tests/compare.rs` of specmint-sync wraps it, but for what a client needs besides.
fn wrapped(place: &str, part: Value) -> Value {
    let body = |schema: Value| json!({ "content": { "application/json": { "schema": schema } } });
    let done = json!({ "204": { "description": "done" } });
    let mut operation = match place {
        "document" => {
            let mut root = part;
            root["openapi"] = "3.1.0".into();
            root["info"] = json!({ "title": "Fixture", "version": "1" });
            return root;
        }
        "operation" => part,
        "request" => json!({ "requestBody": body(part), "responses": done }),
        _ => {
            let mut answer = body(part);
            answer["description"] = "ok".into();
            json!({ "responses": { "200": answer } })
        }
    };
    if operation["operationId"].is_null() {
        operation["operationId"] = "it".into();
    }
    json!({
        "openapi": "3.1.0", "info": { "title": "Fixture", "version": "1" },
        "paths": { "/a": { "post": operation } },
    })
}

fn read(mut root: Value, dir: &Path) -> Option<(Document, Vec<String>)> {
    grown(&mut root);
    let path = dir.join("fixture.json");
    fs::write(&path, root.to_string()).expect("a folder of this test");
    let mut diags = Diagnostics::default();
    let input = source::read(&path, &mut diags).ok()?;
    let document = specmint_spec::read(&input.sources, &input.api, &mut diags).ok()?;
    let outline = Generator.outline(&document, &input.api)?;
    Some((document, outline))
}

#[test]
fn the_table_says_what_becomes_of_rust_code() {
    let dir = tempfile::tempdir().expect("a folder");
    let fixtures =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/specmint-sync/tests/compare");
    let mut paths: Vec<_> = fs::read_dir(fixtures)
        .expect("the fixtures are there")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for path in paths {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(&path).expect("fixtures are text");
        let fixture: Value = serde_yaml::from_str(&text).expect("fixtures are YAML");
        let place = fixture["where"].as_str().unwrap_or_default();
        let side = |side: &str| read(wrapped(place, fixture[side].clone()), dir.path());
        let (Some((old, before)), Some((new, after))) = (side("old"), side("new")) else {
            wrong.push(format!("{name}: not generated"));
            continue;
        };
        seen += 1;
        let changes = compare::documents(&old, &new).changes;
        let says = changes.iter().map(|change| change.rule.rust).min();
        let difference = Difference::between(&before, &after);
        let breaks = difference.is_breaking();
        let agrees = (says == Some(Rust::Breaking)) == breaks;
        let excused = [WORSE_ELSEWHERE, BREAKS_HERE][usize::from(breaks)].contains(&&*name);
        // An excuse that is no longer needed is wrong as well.
        if agrees == excused {
            wrong.push(format!(
                "{name}: the table says {says:?}, the outline {}: {:#?}",
                if breaks { "breaks" } else { "holds" },
                difference.removed
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 80, "{seen}");
}
