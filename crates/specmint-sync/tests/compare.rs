//! Every kind of change: one file per behaviour below `compare/`, two documents each.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::json;
use specmint_spec::{
    diag::Diagnostics,
    document::Document,
    node::{Node, Value},
    page::{PageIndex, Span},
    source, yaml,
};
use specmint_sync::compare::{self, Change, Comparison, RULES};

fn document(root: serde_json::Value) -> Document {
    Document {
        root: Node::from_json(Span::NONE, root),
        operations: std::collections::BTreeMap::default(),
        forms: std::collections::BTreeMap::default(),
    }
}

/// Puts what a fixture is about where it says it stands.
fn wrapped(place: &str, part: serde_json::Value) -> Document {
    let body = |schema: serde_json::Value| json!({ "content": { "application/json": { "schema": schema } } });
    let operation = match place {
        "document" => return document(part),
        "operation" => part,
        "request" => json!({ "requestBody": body(part), "responses": {} }),
        "response" => {
            let mut answer = body(part);
            answer["description"] = "ok".into();
            json!({ "responses": { "200": answer } })
        }
        other => panic!("no place `{other}`"),
    };
    document(json!({ "openapi": "3.1.0", "paths": { "/a": { "get": operation } } }))
}

fn line(change: &Change) -> String {
    let place = if change.place.is_empty() {
        String::new()
    } else {
        format!(" {}", change.place)
    };
    format!(
        "{} {} {} {}{place}: {}",
        change.rule.level.as_str(),
        change.rule.rust.as_str(),
        change.rule.id,
        change.operations.join(", "),
        change.what
    )
}

struct Fixture {
    name: String,
    old: Document,
    new: Document,
    expected: Vec<String>,
}

fn fixtures() -> Vec<Fixture> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compare");
    let mut paths: Vec<_> = fs::read_dir(dir)
        .expect("the fixtures are there")
        .flatten()
        .map(|e| e.path())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let name = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let text = fs::read_to_string(path).expect("fixtures are text");
            let page = source::page(&name, &text);
            let mut diags = Diagnostics::default();
            let root = yaml::parse_document(&page, PageIndex(0), &mut diags)
                .unwrap_or_else(|_| panic!("{name}: {diags:?}"));
            let place = root
                .get_str("where")
                .expect("a fixture says where")
                .to_owned();
            let part = |key| root.get(key).expect("a fixture has two sides").to_json();
            let expected = root
                .get("expect")
                .and_then(Node::as_array)
                .unwrap_or_default();
            Fixture {
                old: wrapped(&place, part("old")),
                new: wrapped(&place, part("new")),
                expected: expected
                    .iter()
                    .filter_map(Node::as_str)
                    .map(str::to_owned)
                    .collect(),
                name,
            }
        })
        .collect()
}

#[test]
fn every_kind_of_change() {
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for fixture in fixtures() {
        let Comparison { changes, .. } = compare::documents(&fixture.old, &fixture.new);
        seen.extend(changes.iter().map(|change| change.rule.id));
        let found: Vec<String> = changes.iter().map(line).collect();
        if found != fixture.expected {
            wrong.push(format!(
                "{}: {found:#?}, expected {:#?}",
                fixture.name, fixture.expected
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let never: Vec<&str> = RULES
        .iter()
        .map(|rule| rule.id)
        .filter(|id| !seen.contains(id))
        .collect();
    assert!(never.is_empty(), "no fixture shows {never:?}");
}

#[test]
fn a_document_does_not_differ_from_itself() {
    for fixture in fixtures() {
        for document in [&fixture.old, &fixture.new] {
            let comparison = compare::documents(document, document);
            assert!(
                comparison.changes.is_empty() && comparison.descriptions == 0,
                "{}",
                fixture.name
            );
        }
    }
}

#[test]
fn fingerprints_are_told_apart_and_do_not_depend_on_company() {
    let mut ids = BTreeSet::new();
    for fixture in fixtures() {
        for change in compare::documents(&fixture.old, &fixture.new).changes {
            assert!(change.id.len() == 12 && change.id.bytes().all(|b| b.is_ascii_hexdigit()));
            ids.insert((change.id.clone(), line(&change)));
        }
    }
    let distinct: BTreeSet<&String> = ids.iter().map(|(id, _)| id).collect();
    assert_eq!(distinct.len(), ids.len());
    // The same change beside another one that comes before it, and one that comes after.
    let with = |id: &str, other: serde_json::Value| {
        document(json!({ "paths": {
            "/a": { "get": other },
            "/b": { "get": { "operationId": id, "responses": {} } },
            "/c": { "get": other },
        } }))
    };
    let plain = json!({ "responses": {} });
    let before = with("one", plain.clone());
    let id_of = |new: &Document| {
        let changes = compare::documents(&before, new).changes;
        let alone = changes.len() == 1;
        let found = changes.iter().find(|c| c.rule.id == "operation-id-changed");
        (alone, found.map(|c| c.id.clone()))
    };
    let (alone, id) = id_of(&with("two", plain));
    assert!(alone && id.is_some());
    let beside = id_of(&with("two", json!({ "responses": {}, "deprecated": true })));
    assert_eq!(beside, (false, id));
}

/// The same tree, the members of its objects in the opposite order.
fn members_reversed(node: &Node) -> Node {
    match &node.value {
        Value::Object(members) => {
            let members = members.iter().rev();
            Node::object(
                node.span,
                members.map(|(name, node)| (name.clone(), members_reversed(node))),
            )
        }
        Value::Array(items) => Node::new(
            node.span,
            items.iter().map(members_reversed).collect::<Vec<_>>(),
        ),
        _ => node.clone(),
    }
}

#[test]
fn the_order_of_members_changes_nothing() {
    let turned = |document: &Document| {
        let mut turned = document.clone();
        turned.root = members_reversed(&document.root);
        turned
    };
    for fixture in fixtures() {
        let found = |old: &Document, new: &Document| -> Vec<(String, String)> {
            compare::documents(old, new)
                .changes
                .iter()
                .map(|change| (change.id.clone(), line(change)))
                .collect()
        };
        let straight = found(&fixture.old, &fixture.new);
        let (old, new) = (turned(&fixture.old), turned(&fixture.new));
        assert_eq!(found(&old, &new), straight, "{}", fixture.name);
        assert_eq!(found(&fixture.old, &new), straight, "{}", fixture.name);
        assert_eq!(found(&old, &fixture.old), [], "{}", fixture.name);
    }
}

#[test]
fn documents_that_refer_in_circles_come_to_an_end() {
    let circle = |kind: &str| {
        document(json!({
            "paths": { "/a": { "get": { "responses": { "200": { "$ref": "#/components/responses/A" } } },
                               "parameters": [{ "$ref": "#/components/parameters/P" }] } },
            "components": {
                "responses": { "A": { "$ref": "#/components/responses/A" } },
                "parameters": { "P": { "$ref": "#/components/parameters/Q" }, "Q": { "$ref": "#/components/parameters/P" } },
                "schemas": {
                    "S": { "allOf": [{ "$ref": "#/components/schemas/S" }, { "type": kind }] },
                    "T": { "type": "array", "items": { "$ref": "#/components/schemas/T" }, "title": kind },
                },
            },
        }))
    };
    let using = |kind: &str| {
        let mut document = circle(kind);
        let schema = json!({ "oneOf": [{ "$ref": "#/components/schemas/S" }, { "$ref": "#/components/schemas/T" }] });
        let answer = json!({ "responses": { "200": { "description": "ok", "content": { "application/json": { "schema": schema } } } } });
        let operation = Node::from_json(Span::NONE, answer);
        document
            .root
            .pointer_mut("/paths/~1a")
            .expect("it is there")
            .insert("post", operation);
        document
    };
    let comparison = compare::documents(&using("string"), &using("integer"));
    assert_eq!(comparison.changes.len(), 1);
}
