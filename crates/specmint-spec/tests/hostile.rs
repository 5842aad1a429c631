//! Documents that mean harm, through reading and lowering: they end soon, with a word or a result,
//! and cost their neighbours nothing.

use std::{
    fmt::Write as _,
    thread,
    time::{Duration, Instant},
};

use specmint_spec::{
    api::Api,
    diag::Diagnostics,
    document::Lowered,
    node::Map,
    page::{Page, PageId, Sources},
};

/// Long for what is here, short for what it would be otherwise.
const SOON: Duration = Duration::from_secs(30);

/// What comes of pages, on a small stack.
fn through(pages: Vec<(&str, String)>) -> (Option<Lowered>, Vec<String>) {
    let pages = pages
        .into_iter()
        .map(|(id, text)| Page {
            id: PageId(id.to_owned()),
            text,
        })
        .collect();
    let work = move || {
        let mut diags = Diagnostics::default();
        let document = specmint_spec::read(&Sources::new(pages), &Api::default(), &mut diags);
        let lowered = document.and_then(|d| specmint_spec::lower_owned(d, &mut diags));
        let said = diags.iter().map(|d| d.code.to_string()).collect();
        (lowered.ok(), said)
    };
    let begun = now();
    let thread = thread::Builder::new().stack_size(2 << 20).spawn(work);
    let result = thread.unwrap().join().expect("it does not panic");
    assert!(begun.elapsed() < SOON, "it took {:?}", begun.elapsed());
    result
}

#[expect(clippy::disallowed_methods, reason = "the tests measure time")]
fn now() -> Instant {
    Instant::now()
}

/// A document whose `paths` and `components` are these, and an operation that has no part in it.
fn document(paths: &str, components: &str) -> String {
    format!(
        "openapi: 3.1.0\ninfo: {{title: Acme, version: '1'}}\npaths:\n  /fine:\n    get:\n      \
         responses: {{'200': {{description: Fine}}}}\n{paths}components:\n{components}"
    )
}

fn operation(what: &str) -> String {
    format!("  /a:\n    post:\n      {what}\n      responses: {{'200': {{description: Fine}}}}\n")
}

#[test]
fn references_in_circles_cost_nobody_else() {
    let body =
        "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}";
    let schema = |text: &str| (operation(body), format!("  schemas:\n    A: {text}\n"));
    let shared = |section: &str, place: &str| {
        let reference = format!("#/components/{section}");
        (
            operation(&place.replace("REF", &format!("{reference}/A"))),
            format!(
                "  {section}:\n    A: {{$ref: '{reference}/B'}}\n    B: {{$ref: '{reference}/A'}}\n"
            ),
        )
    };
    let to = |name: &str| format!("{{$ref: '#/components/schemas/{name}'}}");
    let (a, b) = (to("A"), to("B"));
    let cases = [
        schema(&a),
        schema(&format!("{b}\n    B: {a}")),
        schema(&format!("{{allOf: [{a}]}}")),
        schema(&format!("{{allOf: [{b}]}}\n    B: {{allOf: [{a}, {b}]}}")),
        schema(&format!("{{anyOf: [{a}, {b}]}}\n    B: {{oneOf: [{a}, {{type: 'null'}}]}}")),
        schema(&format!("{{not: {a}, if: {a}, then: {a}, else: {a}}}")),
        schema(&format!("{{type: array, items: {a}, prefixItems: [{a}], contains: {a}}}")),
        schema(&format!("{{properties: {{a: {a}}}, additionalProperties: {a}, propertyNames: {a}}}")),
        schema(&format!("{{dependentSchemas: {{a: {a}}}, unevaluatedProperties: {a}}}")),
        schema("{$ref: '#/components/schemas/A/properties/a'}"),
        schema("{properties: {a: {$ref: '#/components/schemas/A/properties/a'}}}"),
        schema("{properties: {a: {$ref: '#/components/schemas/A/properties/a/properties/a'}}}"),
        schema("{$defs: {x: {$ref: '#/components/schemas/A/$defs/x'}}, $ref: '#/components/schemas/A/$defs/x'}"),
        schema("{$ref: '#'}"),
        schema("{$ref: '#/components'}"),
        schema("{$ref: ''}"),
        schema("{$dynamicRef: '#a', $dynamicAnchor: a}"),
        schema("{$anchor: a, properties: {a: {$ref: '#a'}}}"),
        schema(&format!("{{discriminator: {{propertyName: a, mapping: {{a: A, b: '#/components/schemas/A'}}}}, oneOf: [{a}]}}")),
        shared("parameters", "parameters: [{$ref: 'REF'}]"),
        shared("requestBodies", "requestBody: {$ref: 'REF'}"),
        shared("callbacks", "callbacks: {a: {$ref: 'REF'}}"),
        (
            "  /a:\n    post:\n      responses:\n        '200': {$ref: '#/components/responses/A'}\n".to_owned(),
            "  responses:\n    A: {$ref: '#/components/responses/B'}\n    B: {$ref: '#/components/responses/A'}\n".to_owned(),
        ),
        (
            "  /a:\n    post:\n      responses:\n        '200': {description: A, headers: {A: {$ref: '#/components/headers/A'}}, links: {a: {$ref: '#/components/links/A'}}}\n".to_owned(),
            "  headers:\n    A: {$ref: '#/components/headers/A'}\n  links:\n    A: {$ref: '#/components/links/A'}\n".to_owned(),
        ),
        ("  /a: {$ref: '#/paths/~1a'}\n".to_owned(), "  schemas: {}\n".to_owned()),
        (
            "  /a: {$ref: '#/paths/~1b'}\n  /b: {$ref: '#/components/pathItems/A'}\n".to_owned(),
            "  pathItems:\n    A: {$ref: '#/paths/~1a'}\n".to_owned(),
        ),
        (
            operation("callbacks: {a: {x: {$ref: '#/paths/~1a'}}}"),
            "  schemas: {}\n".to_owned(),
        ),
    ];
    for (paths, components) in cases {
        let text = document(&paths, &components);
        let (lowered, said) = through(vec![("acme.yaml", text.clone())]);
        let lowered = lowered.unwrap_or_else(|| panic!("{text}\n{said:?}"));
        assert!(
            lowered.root.pointer("/paths/~1fine/get").is_some(),
            "{text}"
        );
    }
}

#[test]
fn files_that_refer_to_each_other() {
    let one = document(
        &operation("parameters: [{$ref: 'two.yaml#/parameters/A'}]"),
        "  schemas:\n    A: {$ref: 'two.yaml#/A'}\n",
    );
    let two = "A: {$ref: 'acme.yaml#/components/schemas/A'}\nB: {$ref: '#/B'}\nparameters: {A: {$ref: '#/parameters/A'}}\n";
    let sources = Sources::with_beside(
        vec![specmint_spec::source::page("acme.yaml", &one)],
        vec![specmint_spec::source::page("two.yaml", two)],
    );
    let mut diags = Diagnostics::default();
    let document = specmint_spec::read(&sources, &Api::default(), &mut diags).unwrap();
    let lowered = specmint_spec::lower_owned(document, &mut diags).unwrap();
    assert!(lowered.root.pointer("/paths/~1fine/get").is_some());
}

#[test]
fn deep_documents_are_refused_or_read() {
    for (levels, is_read) in [(50, true), (100_000, false)] {
        let flow = "{properties: {a: ".repeat(levels) + "{}" + &"}}".repeat(levels);
        let text = document("", &format!("  schemas:\n    A: {flow}\n"));
        let (lowered, said) = through(vec![("acme.yaml", text)]);
        assert_eq!(lowered.is_some(), is_read, "{levels}: {said:?}");
        let lists = "[".repeat(levels) + &"]".repeat(levels);
        let json = format!(
            r#"{{"openapi": "3.1.0", "info": {{"title": "A", "version": "1"}}, "paths": {{}}, "x-a": {lists}}}"#
        );
        let (lowered, said) = through(vec![("acme.json", json)]);
        assert_eq!(lowered.is_some(), is_read, "{levels}: {said:?}");
    }
}

#[test]
fn a_megabyte_of_brackets() {
    for mark in ["[", "{", "{\"a\":", "- ", "? ", "&a [", "!!map {"] {
        let many = mark.repeat((1 << 20) / mark.len());
        let page =
            format!("# Thing\n\n## OpenAPI\n\n````yaml GET /a\nopenapi: 3.1.0\nx: {many}\n````\n");
        let (lowered, said) = through(vec![("thing.md", page)]);
        assert!(lowered.is_none() && !said.is_empty(), "{mark}");
        let (lowered, said) = through(vec![("acme.yaml", format!("openapi: 3.1.0\nx: {many}\n"))]);
        assert!(lowered.is_none() && !said.is_empty(), "{mark}");
    }
}

#[test]
fn aliases_that_explode() {
    let mut laughs = "x-a: &a0 [ha, ha]\n".to_owned();
    for n in 1..40 {
        let _ = writeln!(
            laughs,
            "x-{n}: &a{n} [*a{m}, *a{m}, *a{m}, *a{m}]",
            m = n - 1
        );
    }
    let text = format!("openapi: 3.1.0\ninfo: {{title: A, version: '1'}}\npaths: {{}}\n{laughs}");
    let (lowered, said) = through(vec![("acme.yaml", text)]);
    assert!(lowered.is_none() && !said.is_empty());
}

#[test]
fn a_hundred_thousand_properties() {
    let count = 100_000;
    let mut properties = String::new();
    for n in 0..count {
        let _ = writeln!(properties, "        p{n}: {{type: [string, 'null']}}");
    }
    let text = document(
        "",
        &format!("  schemas:\n    A:\n      properties:\n{properties}"),
    );
    let (lowered, said) = through(vec![("acme.yaml", text)]);
    let lowered = lowered.unwrap_or_else(|| panic!("{said:?}"));
    let properties = lowered.root.pointer("/components/schemas/A/properties");
    assert_eq!(
        properties.and_then(|p| p.as_object()).map(Map::len),
        Some(count)
    );
}

#[test]
fn a_thousand_pages_with_one_component_each_in_its_own_way() {
    let names: Vec<String> = (0..1000).map(|n| format!("p{n:04}.md")).collect();
    let pages = names.iter().enumerate().map(|(n, name)| {
        let text = document(
            &operation("requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}")
                .replace("/a:", &format!("/a{n}:")),
            &format!("  schemas:\n    A: {{properties: {{p{n}: {{}}, a: {{$ref: '#/components/schemas/A'}}}}}}\n"),
        )
        .replace("  /fine:\n    get:\n      responses: {'200': {description: Fine}}\n", "");
        let page = format!("# Thing {n}\n\n## OpenAPI\n\n````yaml POST /a{n}\n{text}````\n");
        (name.as_str(), page)
    });
    let (lowered, said) = through(pages.collect());
    let lowered = lowered.unwrap_or_else(|| panic!("{said:?}"));
    let schemas = lowered
        .root
        .pointer("/components/schemas")
        .and_then(|s| s.as_object());
    assert_eq!(schemas.map(Map::len), Some(1000));
}
