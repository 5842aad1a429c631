//! Same pages, same bytes: whatever the order of reading, however often.

use std::path::Path;

use specmint_build::{Settings, generate};
use specmint_spec::{diag::Diagnostics, page::Sources, source};

/// Generates an embedded API from its pages in the order that `arrange` gives them.
fn code(api: &str, arrange: fn(&mut Vec<specmint_spec::page::Page>)) -> String {
    let mut diags = Diagnostics::default();
    let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("specs")
        .join(api);
    let input = source::read(&dir, &mut diags).expect("the embedded pages are good");
    let mut pages: Vec<_> = input.sources.iter().map(|(_, page)| page.clone()).collect();
    arrange(&mut pages);
    let document = specmint_spec::read(&Sources::new(pages), &input.api, &mut diags)
        .expect("the embedded pages are good");
    let lowered = specmint_spec::lower(&document, &mut diags).expect("they lower");
    let settings = Settings {
        mock: true,
        cli: true,
        ..Settings::for_api(&input.api)
    };
    generate(&lowered, &settings, &mut diags)
        .expect("they generate")
        .file
        .text()
}

#[test]
fn twice_and_in_reverse_gives_the_same_bytes_as_the_build_script() {
    let built = [
        ("quo", include_str!(concat!(env!("OUT_DIR"), "/quo.rs"))),
        (
            "minimo",
            include_str!(concat!(env!("OUT_DIR"), "/minimo.rs")),
        ),
    ];
    for (api, built) in built {
        assert_eq!(
            code(api, |_| {}),
            built,
            "{api}: the build script adds something of its own"
        );
        assert_eq!(
            code(api, |pages| pages.reverse()),
            built,
            "{api}: the order of pages matters"
        );
    }
}
