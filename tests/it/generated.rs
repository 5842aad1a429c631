//! What is snapshotted is the very text that rustc compiled into this crate.
//!
//! Three snapshots per API, three suspects: `outline` (callers see a difference), `code` (the
//! generator or its printer changed), `lowered` (the pages, or our reading of them, changed).

use std::path::Path;

use specmint_build::outline;
use specmint_spec::{diag::Diagnostics, source};

fn guard(api: &str, code: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("snapshots");
    settings.set_snapshot_suffix(api);
    settings.bind(|| {
        insta::assert_snapshot!("outline", outline::of(code).expect("rustc has parsed it"));
        insta::assert_snapshot!("code", code);
        insta::assert_snapshot!("lowered", lowered(api));
    });
}

fn lowered(api: &str) -> String {
    let mut diags = Diagnostics::default();
    let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("specs")
        .join(api);
    let input = source::read(&dir, &mut diags).expect("it was built from these pages");
    let document = specmint_spec::read(&input.sources, &input.api, &mut diags)
        .expect("it was built from these pages");
    let lowered = specmint_spec::lower(&document, &mut diags).expect("it was built from this");
    serde_yaml::to_string(&lowered.root).expect("a tree of strings can be written")
}

macro_rules! apis {
    ($($api:ident = $feature:literal),* $(,)?) => {$(
        #[test]
        #[cfg(feature = $feature)]
        fn $api() {
            guard($feature, include_str!(concat!(env!("OUT_DIR"), "/", $feature, ".rs")));
        }
    )*};
}

apis! { quo = "quo", minimo = "minimo" }
