//! One file of `tests/lower` per rule: what is said about it, then what it is lowered to.
//!
//! A file is an `OpenAPI` document, or the schemas of one and nothing else.
#![expect(clippy::disallowed_methods, reason = "a test reads its own fixtures")]

use std::{collections::BTreeMap, fmt::Write};

use specmint_spec::{
    diag::{Diagnostics, Severity},
    document::Document,
    lower,
    node::{Map, Node},
    page::{Page, PageId, PageIndex, Span},
    yaml,
};

#[test]
fn rules() {
    insta::with_settings!({ omit_expression => true }, {
        insta::glob!("lower/*.yaml", |path| {
            let text = std::fs::read_to_string(path).expect("the glob found it");
            insta::assert_snapshot!(report(&text));
        });
    });
}

fn report(text: &str) -> String {
    let page = Page {
        id: PageId("fixture.yaml".to_owned()),
        text: text.to_owned(),
    };
    let mut diags = Diagnostics::default();
    let root = yaml::parse_document(&page, PageIndex(0), &mut diags).expect("fixtures are YAML");
    let is_document = root.get("openapi").is_some();
    let document = document(if is_document { root } else { around(root) });

    let lowered = lower::to_openapi_3_0(document.clone(), &mut diags);

    let mut report = String::new();
    for d in diags.iter() {
        let pointer = d.pointer.as_deref().expect("every loss has a place");
        let place = format!("{}:{} {pointer}", d.span.line, d.span.column);
        writeln!(
            report,
            "{}[{}] {place}\n  {}",
            d.severity.as_str(),
            d.code,
            d.message
        )
        .expect("writing to a string never fails");
        assert!(
            d.severity == Severity::Error
                || d.message.contains("left out")
                || lowered.root.pointer(pointer).is_some(),
            "`{pointer}` is no place of the lowered document"
        );
    }
    let json = serde_json::to_string(&lowered.root).expect("a tree is JSON");
    serde_json::from_str::<openapiv3::OpenAPI>(&json).expect("the generator reads it");

    let twice = lower::to_openapi_3_0(document_of(&lowered.root), &mut Diagnostics::default());
    assert_eq!(twice.root, lowered.root, "lowering is done at once");

    let shown = if is_document {
        Some(&lowered.root)
    } else {
        lowered.root.pointer("/components/schemas")
    };
    report.push_str("---\n");
    report.push_str(&serde_yaml::to_string(&shown).expect("a tree is YAML"));
    report
}

fn document_of(root: &Node) -> Document {
    document(root.clone())
}

fn document(root: Node) -> Document {
    Document {
        root,
        operations: BTreeMap::default(),
        forms: BTreeMap::default(),
    }
}

/// A document that holds these schemas.
fn around(schemas: Node) -> Node {
    let at = Span::NONE;
    let text = |text: &str| Node::new(at, text);
    Node::object(
        at,
        [
            ("openapi", text("3.1.0")),
            (
                "info",
                Node::object(at, [("title", text("Fixture")), ("version", text("1"))]),
            ),
            ("paths", Node::new(at, Map::new())),
            ("components", Node::object(at, [("schemas", schemas)])),
        ],
    )
}
