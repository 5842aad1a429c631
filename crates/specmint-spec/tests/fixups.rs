//! One folder of `tests/fixups` per behaviour: a document, its corrections, what becomes of it.
#![expect(clippy::disallowed_methods, reason = "a test reads its own fixtures")]

use std::{collections::BTreeMap, fmt::Write};

use specmint_spec::{
    api::Api,
    diag::Diagnostics,
    document::Document,
    fixups,
    page::{Page, PageId, PageIndex},
    yaml,
};

#[test]
fn corrections() {
    insta::with_settings!({ omit_expression => true }, {
        insta::glob!("fixups/*.yaml", |path| {
            let text = std::fs::read_to_string(path).expect("the glob found it");
            insta::assert_snapshot!(report(&text));
        });
    });
}

/// A file holds the corrections, a line of three dots, and the document.
fn report(text: &str) -> String {
    let (corrections, document) = text.split_once("\n...\n").expect("two parts");
    let page = |id: &str, text: &str| Page {
        id: PageId(id.to_owned()),
        text: text.to_owned(),
    };
    let mut diags = Diagnostics::default();
    let root = yaml::parse_document(&page("api.yaml", document), PageIndex(0), &mut diags)
        .expect("fixtures are YAML");
    let mut document = Document {
        root,
        operations: BTreeMap::default(),
        forms: BTreeMap::default(),
    };
    let api = Api {
        fixups: Some(page("fixups.yaml", corrections)),
        fixups_page: Some(PageIndex(1)),
        ..Api::default()
    };

    fixups::apply(&mut document, &api, &mut diags);

    let mut report = String::new();
    for d in diags.iter() {
        assert_eq!(d.span.page, PageIndex(1), "errors are in the corrections");
        assert!(d.fatal, "a correction that fails must not pass unseen");
        writeln!(
            report,
            "{}[{}] {}:{} {}",
            d.severity.as_str(),
            d.code,
            d.span.line,
            d.span.column,
            d.message
        )
        .expect("writing to a string never fails");
        if let Some(help) = &d.help {
            writeln!(report, "  help: {help}").expect("writing to a string never fails");
        }
    }
    for key in document.operations.keys() {
        writeln!(report, "{} {}", key.method, key.path).expect("writing to a string never fails");
    }
    report.push_str("---\n");
    report.push_str(&serde_yaml::to_string(&document.root).expect("a tree is YAML"));
    report
}
