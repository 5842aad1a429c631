//! Every fixture generates what its snapshot says, and all of it compiles without a warning.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use specmint_build::{Generated, Settings, export, generate, outline};
use specmint_spec::{
    diag::Diagnostics,
    document::{Lowered, OperationKey, Origin},
    node::Node,
    page::{Page, PageId, PageIndex, Sources},
    yaml,
};

/// Fixtures in the order of their names.
fn fixtures() -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut paths: Vec<PathBuf> = fs::read_dir(dir)
        .expect("the fixtures are there")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .collect();
    paths.sort();
    paths
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .expect("a fixture has a name")
        .to_string_lossy()
        .into_owned()
}

/// What is generated of a fixture, and what is said about it.
fn run(path: &Path) -> (Option<String>, String) {
    let (generated, diags, sources) = all(path);
    let mut said = String::new();
    for d in diags.iter() {
        let at = sources.locate(d.span).unwrap_or_default();
        let (severity, code) = (d.severity.as_str(), d.code);
        let _ = writeln!(said, "// {severity}[{code}]: {} ({at})", d.message);
    }
    (generated.map(|g| g.file.text()), said)
}

fn all(path: &Path) -> (Option<Generated>, Diagnostics, Sources) {
    generated(path, false)
}

/// What is generated, with the modules of the features `mock` and `cli` or without.
fn generated(path: &Path, features: bool) -> (Option<Generated>, Diagnostics, Sources) {
    let text = fs::read_to_string(path).expect("the fixture can be read");
    let name = stem(path);
    let page = Page {
        id: PageId(format!("{name}.yaml")),
        text,
    };
    let mut diags = Diagnostics::default();
    let root = yaml::parse_document(&page, PageIndex(0), &mut diags).expect("the fixture is YAML");
    let lowered = lowered(root);
    let settings = Settings {
        name: name.clone(),
        source: format!("tests/fixtures/{name}.yaml"),
        mock: features,
        cli: features,
        ..Settings::default()
    };
    let generated = generate(&lowered, &settings, &mut diags).ok();
    (generated, diags, Sources::new(vec![page]))
}

fn lowered(root: Node) -> Lowered {
    let mut operations = BTreeMap::new();
    for (path, item) in root
        .get("paths")
        .and_then(Node::as_object)
        .into_iter()
        .flatten()
    {
        for (method, node) in item.as_object().into_iter().flatten() {
            if node.get("responses").is_some() {
                operations.insert(
                    OperationKey {
                        path: path.to_string(),
                        method: method.to_string(),
                    },
                    Origin {
                        span: node.span,
                        title: None,
                        url: None,
                    },
                );
            }
        }
    }
    Lowered {
        root,
        operations,
        copies: BTreeMap::new(),
        forms: BTreeMap::new(),
    }
}

#[test]
fn fixtures_generate_what_their_snapshots_say() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for path in fixtures() {
        let (code, said) = run(&path);
        settings.bind(|| {
            insta::assert_snapshot!(stem(&path), format!("{said}\n{}", code.unwrap_or_default()));
        });
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(format!("{name}.yaml"))
}

#[test]
fn the_report_says_what_became_of_each_operation() {
    let (generated, diags, sources) = all(&fixture("parameters"));
    let report = generated
        .expect("the fixture generates")
        .report(&sources, &diags);
    let totals = report.totals;
    assert_eq!(totals.input_operations, report.operations.len());
    assert_eq!(
        totals.input_operations,
        totals.generated + totals.approximated + totals.skipped
    );
    let json = serde_json::to_string_pretty(&report).expect("a report is JSON");
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("report@parameters", json);
    });
}

#[test]
fn an_export_is_a_crate_of_its_own() {
    let (generated, ..) = generated(&fixture("petshop"), true);
    let generated = generated.expect("the fixture generates");
    let files = export::files(
        "petshop-client",
        &generated,
        "openapi: 3.1.0\n",
        &export::Runtime::Published,
    );
    let mut text = String::new();
    for (path, content) in &files {
        let _ = writeln!(text, "--- {}\n{content}", path.display());
    }
    let outline = outline::of(&generated.file.text()).expect("the code can be parsed");
    let _ = writeln!(text, "--- outline\n{outline}");
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("export@petshop", text);
    });
}

/// One crate with a module per fixture: one `cargo check` for all of them.
#[test]
fn fixtures_compile_without_a_warning() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fixtures");
    fs::create_dir_all(dir.join("src")).expect("the target directory can be written");
    let manifest = format!(
        "[package]\nname = \"fixtures\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\nchrono = {{ version = \"0.4\", default-features = false, features = [\"serde\", \"std\"] }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n\
         specmint-client = {{ path = \"{}\" }}\nuuid = {{ version = \"1\", features = [\"serde\"] }}\n",
        root.join("../specmint-client")
            .display()
            .to_string()
            .replace('\\', "/"),
    );
    write(&dir.join("Cargo.toml"), &manifest);
    // The workspace's own versions, which are there offline.
    if let Ok(lock) = fs::read_to_string(root.join("../../Cargo.lock")) {
        write(&dir.join("Cargo.lock"), &lock);
    }
    let mut lib = String::from("#![deny(warnings)]\n");
    for path in fixtures() {
        let name = stem(&path);
        if let (Some(code), _) = run(&path) {
            write(&dir.join("src").join(format!("{name}.rs")), &code);
            let _ = writeln!(lib, "pub mod {name};");
        }
    }
    write(&dir.join("src/lib.rs"), &lib);
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet", "--manifest-path"])
        .arg(dir.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(dir.join("target"))
        .output()
        .expect("cargo can be run");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    fs::write(path, text).expect("the target directory can be written");
}
