//! `new-api` on a skeleton of the workspace: from a saved site, from a server, from one document.
//! What it leaves generates, and needs no hand edits; that the client compiles is the matter of the
//! snapshot it takes, and of the tests of the generator.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output},
    thread,
};

use specmint_build::{Config, emit::Mode};
use tempfile::TempDir;

/// The files that `new-api` changes, as the workspace has them, and nothing else.
fn skeleton() -> TempDir {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let dir = tempfile::tempdir().expect("a temporary folder");
    for file in ["Cargo.toml", "src/lib.rs", "tests/it/generated.rs"] {
        let to = dir.path().join(file);
        fs::create_dir_all(to.parent().expect("it is in the folder")).expect("it is new");
        fs::copy(root.join(file), to).expect("the workspace has it");
    }
    fs::create_dir(dir.path().join("specs")).expect("it is new");
    dir
}

fn site() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/site")
}

fn xtask(dir: &TempDir, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .current_dir(dir.path())
        .env("NO_COLOR", "1")
        .env("no_proxy", "127.0.0.1")
        .output()
        .expect("xtask runs")
}

#[track_caller]
fn ends(output: &Output, code: i32) -> String {
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(output.status.code(), Some(code), "{said}");
    said
}

/// What the build script will make of it; every method of the client.
fn methods(dir: &TempDir, api: &str) -> Vec<String> {
    let out = dir.path().join("out");
    fs::create_dir_all(&out).expect("it can be made");
    let built = Config::new(dir.path().join("specs").join(api))
        .emit(&out, Mode::Write)
        .expect("the folder can be written");
    let (generated, _) = built.outcome.unwrap_or_else(|| panic!("{:?}", built.diags));
    let operations = generated.api.operations.iter();
    operations.map(|operation| operation.rust.clone()).collect()
}

/// The text of its client, command line included.
fn generated(dir: &TempDir, api: &str) -> String {
    let out = dir.path().join("out");
    fs::create_dir_all(&out).expect("it can be made");
    let built = Config::new(dir.path().join("specs").join(api))
        .cli(true)
        .emit(&out, Mode::Write)
        .expect("the folder can be written");
    built.outcome.unwrap_or_else(|| panic!("{:?}", built.diags));
    fs::read_to_string(out.join(format!("{api}.rs"))).expect("it was written")
}

/// Everything below a folder, with its content.
fn files(dir: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut left = vec![dir.to_path_buf()];
    while let Some(dir) = left.pop() {
        for entry in fs::read_dir(dir).expect("it can be listed").flatten() {
            if entry.path().is_dir() {
                left.push(entry.path());
            } else {
                let text = fs::read_to_string(entry.path()).expect("it is text");
                found.push((entry.path(), text));
            }
        }
    }
    found.sort();
    found
}

/// The three steps of the README are done, and the locks agree with what was written.
#[track_caller]
fn added(dir: &TempDir, api: &str) {
    let read = |file: &str| fs::read_to_string(dir.path().join(file)).expect("it is there");
    let manifest: toml::Table = read("Cargo.toml").parse().expect("it is TOML");
    let features = &manifest["features"];
    assert!(features.get(api).is_some(), "{features:?}");
    for list in ["default", "full"] {
        let list = features[list].as_array().expect("a list");
        assert!(list.iter().any(|name| name.as_str() == Some(api)));
    }
    let module = format!("#[cfg(feature = \"{api}\")]\npub mod {api};");
    assert!(read("src/lib.rs").contains(&module));
    assert!(read(&format!("src/{api}.rs")).contains(&format!("\"/{api}.rs\"")));
    assert!(read("tests/it/generated.rs").contains(&format!("{api} = \"{api}\"")));
    syn::parse_file(&read("src/lib.rs")).expect("it is Rust");
    syn::parse_file(&read(&format!("src/{api}.rs"))).expect("it is Rust");
    // The program is there with its features, and what it calls is generated with them.
    let program = format!("specmint-{}", api.replace('_', "-"));
    let programs = manifest["bin"].as_array().expect("a list");
    let declared = programs
        .iter()
        .find(|bin| bin["name"].as_str() == Some(&program));
    let needs = declared.and_then(|bin| bin["required-features"].clone().try_into().ok());
    assert_eq!(needs, Some(["cli".to_owned(), api.to_owned()]));
    let main = read(&format!("src/bin/{program}.rs"));
    syn::parse_file(&main).expect("it is Rust");
    assert!(main.contains(&format!("specmint::{api}::cli::main()")));
    assert!(generated(dir, api).contains("pub mod cli {"));
    ends(&xtask(dir, &["sync-specs", api, "--offline", "--check"]), 0);
    ends(&xtask(dir, &["names", api, "--check"]), 0);
}

#[test]
fn from_a_saved_site() {
    let dir = skeleton();
    let from = site();
    let from = from.to_str().expect("a path of letters");
    let arguments = ["new-api", "book_shop2", "--from", from, "--no-snapshot"];
    ends(&xtask(&dir, &arguments), 0);
    added(&dir, "book_shop2");
    assert_eq!(methods(&dir, "book_shop2"), ["list_books", "order_book"]);
    let pages = dir.path().join("specs/book_shop2/pages");
    let kept: Vec<PathBuf> = files(&pages).into_iter().map(|(path, _)| path).collect();
    assert_eq!(
        kept.len(),
        2,
        "guides and other people's JSON are not pages of the API: {kept:?}"
    );
    // Once is enough, and the second one takes nothing away.
    let before = files(dir.path());
    let said = ends(&xtask(&dir, &arguments), 2);
    assert!(said.contains("sync-specs book_shop2"), "{said}");
    assert_eq!(files(dir.path()), before);
}

/// Moments and ids have types of other crates, which the manifest then has.
#[test]
fn from_pages_whose_types_need_other_crates() {
    let saved = tempfile::tempdir().expect("a temporary folder");
    let page = "# Get a visit\n\n## OpenAPI\n\n````yaml get /visits/{id}\nopenapi: 3.1.0\n\
                info: {title: Visits, version: '1'}\npaths:\n  /visits/{id}:\n    get:\n      \
                parameters:\n        - {name: id, in: path, required: true, \
                schema: {type: string, format: uuid}}\n      \
                responses:\n        '200':\n          description: ok\n          content:\n            \
                application/json:\n              schema:\n                type: object\n                \
                properties: {at: {type: string, format: date-time}}\n````\n";
    fs::write(saved.path().join("visit.md"), page).expect("it can be written");
    let from = saved.path().to_str().expect("a path of letters");
    let dir = skeleton();
    let manifest = || fs::read_to_string(dir.path().join("Cargo.toml")).expect("it is there");
    let lines = ["\nchrono.workspace = true\n", "\nuuid.workspace = true\n"];
    let dependencies = |manifest: &str| -> String {
        let section = manifest
            .split("\n[dependencies]")
            .nth(1)
            .unwrap_or_default();
        section.split("\n[").next().unwrap_or_default().to_owned()
    };
    for line in lines {
        assert!(!dependencies(&manifest()).contains(line));
    }
    ends(
        &xtask(
            &dir,
            &["new-api", "visits", "--from", from, "--no-snapshot"],
        ),
        0,
    );
    for line in lines {
        assert!(dependencies(&manifest()).contains(line), "{}", manifest());
    }
}

/// An API that only calls has nothing to be called from a shell.
#[test]
fn from_webhooks_alone() {
    let saved = tempfile::tempdir().expect("a temporary folder");
    let page = "# Paid\n\n## OpenAPI\n\n````yaml webhook order.paid\nopenapi: 3.1.0\n\
                info: {title: Shop, version: '1'}\npaths: {}\nwebhooks:\n  order.paid:\n    post:\n      \
                requestBody:\n        content:\n          application/json:\n            schema:\n              \
                type: object\n              properties: {id: {type: string}}\n      \
                responses: {'200': {description: ok}}\n````\n";
    fs::write(saved.path().join("paid.md"), page).expect("it can be written");
    let from = saved.path().to_str().expect("a path of letters");
    let dir = skeleton();
    ends(
        &xtask(&dir, &["new-api", "shop", "--from", from, "--no-snapshot"]),
        0,
    );
    assert!(!generated(&dir, "shop").contains("pub mod cli"));
    assert!(!dir.path().join("src/bin").exists());
    let manifest = fs::read_to_string(dir.path().join("Cargo.toml")).expect("it is there");
    assert!(!manifest.contains("specmint-shop") && manifest.contains("\nshop = []\n"));
}

/// Some tools save pages under names that begin with a dot, and systems leave such files behind.
#[test]
fn from_pages_with_dots() {
    let saved = tempfile::tempdir().expect("a temporary folder");
    let page = site().join("api-reference/list-books.md");
    fs::copy(page, saved.path().join(".docs__list_books.md")).expect("it can be copied");
    fs::write(saved.path().join("._list-books.md"), [0, 5, 22, 7]).expect("it can be written");
    fs::write(saved.path().join(".DS_Store"), [0, 0, 0, 1]).expect("it can be written");
    let from = saved.path().to_str().expect("a path of letters");
    let dir = skeleton();
    let new = ["new-api", "books", "--from", from, "--no-snapshot"];
    ends(&xtask(&dir, &new), 0);
    added(&dir, "books");
    assert_eq!(methods(&dir, "books"), ["list_books"]);
}

#[test]
fn names_are_frozen_and_renamed_on_purpose() {
    let dir = skeleton();
    let from = site();
    let from = from.to_str().expect("a path of letters");
    let new = ["new-api", "books", "--from", from, "--no-snapshot"];
    ends(&xtask(&dir, &new), 0);
    let lock = dir.path().join("specs/books/names.lock");
    fs::remove_file(&lock).expect("it was written");
    let said = ends(&xtask(&dir, &["names", "--check"]), 4);
    assert!(said.contains("cargo xtask names books"), "{said}");
    assert!(!lock.exists(), "a check writes nothing");
    ends(&xtask(&dir, &["names"]), 0);
    ends(&xtask(&dir, &["names", "--check"]), 0);
    let rename = |name: &str| xtask(&dir, &["names", "books", "--rename", "GET /v1/books", name]);
    ends(&rename("order_book"), 2);
    ends(&rename("builder"), 1);
    ends(&rename("browse"), 0);
    assert_eq!(methods(&dir, "books"), ["browse", "order_book"]);
    let code = fs::read_to_string(dir.path().join("out/books.rs")).expect("it was generated");
    assert!(code.contains("note = \"renamed to `browse`\""), "{code}");
    // What a person broke by hand is said with its line, and by everybody who reads it.
    let text = fs::read_to_string(&lock).expect("it was written");
    fs::write(&lock, text.replace("\"browse\"", "\"Browse!\"")).expect("it can be written");
    let said = ends(&xtask(&dir, &["names"]), 1);
    assert!(
        said.contains("names.lock:7") && said.contains("Browse!"),
        "{said}"
    );
}

#[test]
fn what_can_not_be_added_leaves_nothing() {
    let dir = skeleton();
    let before = files(dir.path());
    let nothing = tempfile::tempdir().expect("a temporary folder");
    let nothing = nothing.path().to_str().expect("a path of letters");
    let from = site();
    let from = from.to_str().expect("a path of letters");
    let new =
        |name: &str, from: &str| xtask(&dir, &["new-api", name, "--from", from, "--no-snapshot"]);
    let said = ends(&new("Book-Shop", from), 2);
    assert!(said.contains("`book_shop`"), "{said}");
    ends(&new("match", from), 2);
    assert_ne!(new("books", nothing).status.code(), Some(0));
    let missing = format!("{nothing}/missing");
    assert_ne!(new("books", &missing).status.code(), Some(0));
    assert_eq!(files(dir.path()), before);
}

/// Serves the site, one connection per request, with the links of the index leading here.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let here = url.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let here = here.clone();
            thread::spawn(move || {
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
                    head.push(byte[0]);
                }
                let head = String::from_utf8_lossy(&head).into_owned();
                let path = head.split(' ').nth(1).unwrap_or("/");
                let path = path.trim_start_matches('/');
                let known = !path.is_empty() && !path.contains("..");
                let body = known
                    .then(|| fs::read_to_string(site().join(path)).ok())
                    .flatten();
                let (status, body) = match body {
                    Some(text) => ("200 OK", text.replace("https://docs.bookshop.test", &here)),
                    None => ("404 Not Found", String::new()),
                };
                let length = body.len();
                let _ = write!(
                    stream,
                    "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
                );
            });
        }
    });
    url
}

#[test]
fn over_http() {
    let url = serve();
    let dir = skeleton();
    let before = files(dir.path());
    let new = ["new-api", "books", "--docs", &url, "--no-snapshot"];
    let said = ends(&xtask(&dir, &new), 2);
    assert!(
        said.contains("--allow-private"),
        "it says what to do: {said}"
    );
    assert_eq!(files(dir.path()), before);
    ends(&xtask(&dir, &[&new[..], &["--allow-private"]].concat()), 0);
    added(&dir, "books");
    assert_eq!(methods(&dir, "books"), ["list_books", "order_book"]);
    ends(&xtask(&dir, &["sync-specs", "books", "--check"]), 0);
}

#[test]
fn from_the_address_of_a_document() {
    let url = format!("{}/openapi.json", serve());
    let dir = skeleton();
    let new = [
        "new-api",
        "books",
        "--docs",
        &url,
        "--no-snapshot",
        "--allow-private",
    ];
    ends(&xtask(&dir, &new), 0);
    added(&dir, "books");
    let all = ["list_books", "order_book", "list_shelves"];
    assert_eq!(methods(&dir, "books"), all);
    ends(&xtask(&dir, &["sync-specs", "books", "--check"]), 0);
}
