//! What many pages show is read once; nobody can tell from the result.
//!
//! A comment behind the key changes nothing that is said or read, and makes the block one that is
//! read as a whole. So every page here is read both ways, and everything must be equal:
//! the document with every place in it, and all that was said.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use proptest::{collection::vec, prelude::*, sample::select};
use specmint_spec::{
    api::Api,
    diag::{Diagnostics, render},
    page::Sources,
    source,
};

/// Everything there is to see of pages once they are read.
fn seen(sources: &Sources) -> String {
    let mut diags = Diagnostics::default();
    let document = specmint_spec::read(sources, &Api::default(), &mut diags);
    let mut text = render::plain(&diags, sources);
    for diagnostic in diags.iter() {
        writeln!(text, "{diagnostic:?}").unwrap();
    }
    if let Ok(document) = document {
        // Places are part of what `Debug` shows.
        writeln!(text, "{document:?}").unwrap();
    }
    text
}

/// The comment.
const WHOLE: &str = " # read as a whole";

/// The same pages, each of whose blocks is read as a whole.
fn whole(sources: &Sources) -> Sources {
    let pages = sources.iter().map(|(_, page)| {
        let mut page = page.clone();
        page.text = page
            .text
            .replace("\ncomponents:\n", &format!("\ncomponents:{WHOLE}\n"));
        page
    });
    Sources::new(pages.collect())
}

fn assert_equal(sources: &Sources) {
    let apart = seen(sources);
    let together = seen(&whole(sources)).replace(WHOLE, "");
    if apart != together {
        let differs = (apart.chars().zip(together.chars()))
            .position(|(a, b)| a != b)
            .unwrap_or_default();
        let show = |text: &str| {
            let from = differs.saturating_sub(500);
            text.chars().skip(from).take(1000).collect::<String>()
        };
        panic!(
            "what is shared shows:\n{}\n--- read as a whole:\n{}",
            show(&apart),
            show(&together)
        );
    }
}

/// A page in the form that is served today.
fn page(number: usize, version: &str, prose: &str, operation: &str, components: &str) -> String {
    format!(
        "# Get part {number}\n\n{prose}\n## OpenAPI\n\n````yaml GET /parts/{number}\nopenapi: {version}\n\
         info:\n  title: Acme\n  version: 1.0.0\npaths:\n  /parts/{number}:\n    get:\n      \
         operationId: getPart{number}\n      responses:\n        '200':\n          description: \
         Fine.\n{operation}components:\n{components}````\n"
    )
}

/// Members of `schemas`, four spaces in: good ones, odd ones, and broken ones.
const SCHEMAS: &[&str] = &[
    "    Plain:\n      type: object\n      properties:\n        id: {type: string}\n",
    "    Plain:\n      type: object\n      properties:\n        id: {type: integer}\n",
    "    Refers:\n      type: array\n      items:\n        $ref: '#/components/schemas/Plain'\n",
    "    Refers:\n      allOf:\n        - $ref: '#/components/schemas/Folded'\n        - type: object\n",
    "    Folded:\n      type: string\n      description: >-\n        Words that\n        go on.\n\n        And on.\n",
    "    Kept:\n      description: |+\n        Words\n\n\n      type: string\n",
    "    KeptLast:\n      type: string\n      description: |+\n        Words\n\n\n",
    "    'Quoted':\n      description: \"Words: that\n        go on # and on\"\n",
    "    Flow: {type: object, properties: {a: {type: string},\n      b: {type: number}}}\n",
    "    Commented: # why not\n      type: string # here as well\n      # and here\n",
    "    Nullable:\n      type: string\n      nullable: true\n      example: a\n",
    "    Siblings:\n      type: object\n      properties:\n        a:\n          $ref: '#/components/schemas/Plain'\n          description: Mine.\n          nullable: true\n",
    "    Bounds:\n      type: integer\n      minimum: 0\n      exclusiveMinimum: true\n",
    "    Misplaced:\n      type: object\n      properties:\n        a: {type: string, required: true}\n",
    "    Dangling:\n      $ref: '#/components/schemas/Nowhere'\n",
    "    Elsewhere:\n      $ref: 'other.yaml#/Thing'\n",
    "    Scalar: words\n",
    "    Null:\n",
    "    Blank:\n      type: string\n\n  \n",
    "    Infinite:\n      type: number\n      default: .inf\n",
    "    Tagged:\n      type: !thing string\n",
    "    Anchored:\n      anyOf: [&a {type: string}, *a]\n",
    "    Lost:\n      anyOf: [*b]\n",
    "    &c Named:\n      type: string\n",
    "    Twice:\n      type: string\n      type: string\n",
    "    Marks:\n      description: |\n        ---\n        components:\n          schemas:\n",
    "    Multi: a\n     b\n",
    "    Open: [a, b\n",
    "    Left: \"a\n   b\"\n",
    "    Deeper:\n        type: string\n",
    "    404:\n      type: string\n",
    "    ~:\n      type: string\n",
    "    ? Explicit\n    : type: string\n",
    "    - a\n",
    "    # alone\n",
    "    Tab:\n\ttype: string\n",
    "   Odd:\n      type: string\n",
    "  x-other:\n    Thing:\n      type: 1\n",
    "  parameters:\n    limit:\n      name: limit\n      in: query\n      schema: {type: string}\n",
    "  parameters:\n    limit:\n      name: limit\n      in: query\n      schema: words\n",
    "  securitySchemes:\n    key:\n      type: apiKey\n      in: header\n      name: X-Key\n",
    "  schemas:\n    Again:\n      type: string\n",
    "  schemas: {}\n",
    "x-after:\n  a: b\n",
    "...\n",
    "---\n",
];

/// What stands between the answer and the components.
const OPERATIONS: &[&str] = &[
    "",
    "          content:\n            application/json:\n              schema: {$ref: '#/components/schemas/Plain'}\n",
    "          content:\n            application/json:\n              schema: {$ref: '#/components/schemas/Refers'}\n",
    "          content:\n            application/json:\n              schema: &c {type: string}\n",
    "      parameters:\n        - $ref: '#/components/parameters/limit'\n",
    "      description: |+\n        Words\n\n\n",
    "      x-words: \"that\ncomponents:\n  go on\"\n",
    "tags:\n- name: a\n",
    "# a comment\n",
    "components:\n  schemas:\n    First:\n      type: string\n",
    "'components': {}\n",
    "security:\n  - key: []\n",
];

fn sources() -> impl Strategy<Value = Sources> {
    let good = select(&SCHEMAS[..16]);
    let any = select(SCHEMAS);
    // Most pages are good: one broken page is all that a broken input shows.
    let schemas = vec(prop_oneof![12 => good, 1 => any], 1..7);
    let operation = prop_oneof![3 => select(&OPERATIONS[..6]), 1 => select(OPERATIONS)];
    let version = select(&["3.0.3", "3.1.0", "3.1.0", "3.1.0", "'3.0'", "3.2.0"][..]);
    let one = (version, operation, schemas, 0..4_usize);
    vec(one, 1..6).prop_map(|pages| {
        let pages = pages.iter().enumerate();
        let pages = pages.map(|(at, (version, operation, schemas, prose))| {
            let components = format!("  schemas:\n{}", schemas.concat());
            let prose = "Words.\n".repeat(*prose);
            // Backwards, so that the order of names is not the one of making.
            let name = format!("part-{}.md", 9 - at);
            source::page(&name, &page(at, version, &prose, operation, &components))
        });
        Sources::new(pages.collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 500,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn nobody_can_tell(sources in sources()) {
        assert_equal(&sources);
    }
}

/// Every oddity alone, beside a page that shares all it can.
#[test]
fn nobody_can_tell_of_any_single_oddity() {
    let good: String = SCHEMAS[..9].concat();
    for odd in SCHEMAS {
        for operation in OPERATIONS {
            for version in ["3.0.3", "3.1.0"] {
                let one = format!("  schemas:\n{}{odd}", SCHEMAS[0]);
                let last = format!("  schemas:\n{odd}{}", SCHEMAS[2]);
                let all = format!("  schemas:\n{good}");
                let pages = [all, one, last];
                let pages = pages.iter().enumerate().map(|(at, components)| {
                    let text = page(at, version, "", operation, components);
                    source::page(&format!("{at}.md"), &text)
                });
                assert_equal(&Sources::new(pages.collect()));
            }
        }
    }
}

/// As many levels as a text may have are counted from its root.
#[test]
fn nobody_can_tell_of_depth() {
    for levels in 110..130 {
        let deep = format!(
            "  schemas:\n    Deep:\n      default: {}1{}\n",
            "[".repeat(levels),
            "]".repeat(levels)
        );
        let pages = (0..2).map(|at| {
            let text = page(at, "3.1.0", "", "", &deep);
            source::page(&format!("{at}.md"), &text)
        });
        assert_equal(&Sources::new(pages.collect()));
    }
}

/// A part that is damaged on one page is damaged on all that show it, and each is named.
#[test]
fn what_is_said_names_every_page() {
    let components = format!("  schemas:\n{}", SCHEMAS[11]);
    let pages = (0..3).map(|at| {
        let text = page(at, "3.0.3", &"Words.\n".repeat(at), "", &components);
        source::page(&format!("{at}.md"), &text)
    });
    let sources = Sources::new(pages.collect());
    let mut diags = Diagnostics::default();
    specmint_spec::read(&sources, &Api::default(), &mut diags).unwrap();
    let places: Vec<String> = diags
        .iter()
        .filter_map(|d| sources.locate(d.span))
        .collect();
    for place in ["0.md:23", "1.md:24", "2.md:25"] {
        assert!(places.iter().any(|found| found == place), "{places:?}");
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests read their fixtures, and the corpus is named by the environment"
)]
fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs");
    let mut folders: Vec<PathBuf> = (fs::read_dir(root).unwrap().flatten())
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    assert!(!folders.is_empty(), "there are embedded APIs");
    if let Some(corpus) = std::env::var_os("SPECMINT_CORPUS") {
        let pages = fs::read_dir(Path::new(&corpus).join("pages")).unwrap();
        folders.extend(pages.flatten().map(|entry| entry.path()));
    }
    folders
}

/// Pages as they are served.
#[test]
fn nobody_can_tell_of_real_pages() {
    for folder in folders() {
        let Ok(input) = source::read(&folder, &mut Diagnostics::default()) else {
            continue;
        };
        let pages = input.sources.iter().map(|(_, page)| page.clone());
        assert_equal(&Sources::new(pages.collect()));
    }
}
