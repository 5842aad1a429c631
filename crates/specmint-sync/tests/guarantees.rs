//! What `sync-specs` guarantees, one test per promise, over real HTTP. All or
//! nothing (1) is in `interrupted.rs`, manners (6) and bounds (7) are in `polite.rs`.

#[path = "guarantees/agreement.rs"]
mod agreement;
#[path = "guarantees/forms.rs"]
mod forms;
#[path = "guarantees/removals.rs"]
mod removals;
mod support;
#[path = "guarantees/words.rs"]
mod words;

use std::fs;

use specmint_spec::{
    api::Api,
    document::Document,
    node::{Node, escape_pointer},
};
use specmint_sync::{
    Exit,
    compare::Level,
    names::{self, Entry, Names},
    report::{self, Status},
    run,
    surface::Surface,
};
use support::{
    Serve,
    world::{World, fixture, many, must_say, petshop, says, unlist},
};

const LIST: &str = "/api-reference/pets/list-pets.md";
const GET: &str = "/api-reference/pets/get-a-pet.md";
const ORDER: &str = "/api-reference/orders/place-an-order.md";

#[test]
fn a_first_sync_writes_pages_and_lock_as_served() {
    let server = petshop();
    let world = World::synced(&server);
    let written: Vec<String> = world.files().into_keys().collect();
    assert_eq!(
        written,
        [
            "api.toml",
            "pages/orders/order-paid.md",
            "pages/orders/place-an-order.md",
            "pages/pets/add-a-pet.md",
            "pages/pets/get-a-pet.md",
            "pages/pets/list-pets.md",
            "specs.lock",
        ]
    );
    assert_eq!(
        world.file("pages/pets/list-pets.md"),
        server.page(LIST),
        "byte for byte"
    );
    let lock = world
        .file("specs.lock")
        .replace(&server.base(), "https://docs.petshop.test");
    let lock: Vec<&str> = lock
        .lines()
        .filter(|line| !line.starts_with("index =") && !line.starts_with("etag"))
        .collect();
    insta::assert_snapshot!(lock.join("\n"));
}

#[test]
fn nothing_new_is_one_screen_of_304s_and_a_clean_tree() {
    let server = petshop();
    let mut world = World::synced(&server);
    let before = world.files();
    let report = world.expect(Exit::Done);
    assert_eq!(report.status, Status::UpToDate);
    assert_eq!((report.counts.same, report.counts.pages), (5, 5));
    assert_eq!(world.files(), before);
    // Every page was asked for conditionally, and none was sent again.
    for path in [LIST, GET, ORDER, "/guides/start.md"] {
        let conditional = server
            .requests()
            .iter()
            .filter(|request| request.path == path)
            .all(|request| request.headers.contains_key("if-none-match"));
        assert!(conditional && server.count(path) == 1, "{path}");
    }
}

#[test]
fn a_site_without_validators_is_up_to_date_too() {
    let server = petshop();
    server.without_validators();
    let mut world = World::synced(&server);
    let before = world.files();
    assert_eq!(world.expect(Exit::Done).status, Status::UpToDate);
    assert_eq!(world.files(), before);
}

#[test]
fn refresh_asks_for_every_page_anew() {
    let server = petshop();
    let mut world = World::synced(&server);
    world.options.refresh = true;
    assert_eq!(world.expect(Exit::Done).status, Status::UpToDate);
    assert!(
        server
            .requests()
            .iter()
            .all(|request| !request.headers.contains_key("if-none-match"))
    );
}

#[test]
fn prose_alone_is_no_change() {
    let server = petshop();
    let mut world = World::synced(&server);
    let before = world.files();
    server.edit(
        LIST,
        "# List pets",
        "# List all the pets\n\nWith a new paragraph.",
    );
    let report = world.expect(Exit::Done);
    assert_eq!((report.status, report.counts.prose), (Status::UpToDate, 1));
    assert_eq!(world.files(), before);
    // It comes along when something else changes.
    server.edit(GET, "operationId: getPet", "operationId: fetchPet");
    world.expect(Exit::Done);
    assert!(
        world
            .file("pages/pets/list-pets.md")
            .contains("With a new paragraph.")
    );
}

#[test]
fn changes_are_reported_with_both_verdicts_and_written() {
    let server = petshop();
    let mut world = World::synced(&server);
    server.edit(ORDER, "maxLength: 1600", "maxLength: 1000");
    server.edit(
        ORDER,
        "duration:\n                    type: integer",
        "duration:\n                    type: number",
    );
    server.edit_all("- sold", "- sold\n            - reserved");
    let report = world.expect(Exit::Done);
    assert_eq!(report.status, Status::Wrote);
    let printed = report::terminal(&[fixed(report.clone())], Exit::Done, 100, false);
    insta::assert_snapshot!(anstream::adapter::strip_str(&printed.results));
    insta::assert_snapshot!(
        report::markdown(&[fixed(report.clone())])
            .replace(&server.base(), "https://docs.petshop.test")
    );
    assert_eq!(
        report.release,
        Some(("0.6.2".to_owned(), "0.7.0".to_owned()))
    );
    assert!(world.file("CHANGES.md").contains("maxLength 1600 → 1000"));
    // The same again is nothing.
    assert_eq!(world.expect(Exit::Done).status, Status::UpToDate);
}

/// A report without time.
fn fixed(mut report: report::ApiReport) -> report::ApiReport {
    report.took = std::time::Duration::from_millis(900);
    report
}

#[test]
fn a_dry_run_and_a_check_write_nothing() {
    let server = petshop();
    let mut world = World::synced(&server);
    let before = world.files();
    server.edit(LIST, "maximum: 100", "maximum: 50");
    world.options.dry_run = true;
    assert_eq!(world.expect(Exit::Done).status, Status::WouldWrite);
    world.options.dry_run = false;
    world.options.check = true;
    assert_eq!(world.expect(Exit::Drift).status, Status::Drift);
    assert_eq!(world.files(), before);
    server.edit(LIST, "maximum: 50", "maximum: 100");
    assert_eq!(world.expect(Exit::Done).status, Status::UpToDate);
}

// --- 1: all or nothing -----------------------------------------------------------------------

#[test]
fn g1_one_broken_page_and_nothing_is_written() {
    let server = petshop();
    let mut world = World::synced(&server);
    let before = world.files();
    server.edit(LIST, "maximum: 100", "maximum: 50");
    server.put(GET, Serve::status(503));
    let page = server.page(ORDER);
    server.put(ORDER, Serve::Page(page.replace("\n````\n", "\n")));
    let report = world.expect(Exit::Failed);
    must_say(&report, "S1201", "2 of ");
    must_say(&report, "S1201", "503 after 4 tries");
    must_say(&report, "S1201", "never closed");
    assert_eq!(world.files(), before);
}

// --- 2: same pages in, same bytes out ---------------------------------------------------------

#[test]
fn g2_jobs_and_order_change_nothing() {
    let mut states = Vec::new();
    for (jobs, reversed) in [(1, false), (4, false), (4, true)] {
        let server = petshop();
        if reversed {
            let index = server.page("/llms.txt");
            let (links, rest): (Vec<&str>, Vec<&str>) =
                index.lines().partition(|l| l.starts_with("- ["));
            let mut text = rest.join("\n");
            text.push_str("\n## Docs\n\n");
            text.extend(links.iter().rev().map(|link| format!("{link}\n")));
            server.put("/llms.txt", Serve::Page(text));
        }
        if jobs > 1 {
            // What is asked for first comes last.
            for path in [LIST, ORDER] {
                let page = Serve::Page(server.page(path));
                server.put(
                    path,
                    Serve::First(2, Box::new(Serve::Reset), Box::new(page)),
                );
            }
        }
        let mut world = World::new(&server);
        world.options.jobs = jobs;
        world.expect(Exit::Done);
        let mut state = world.files();
        let lock = world.file("specs.lock").replace(&server.base(), "BASE");
        let lock: Vec<&str> = lock
            .lines()
            .filter(|line| !line.starts_with("index ="))
            .collect();
        state.insert("specs.lock".to_owned(), lock.join("\n").into_bytes());
        state.remove("api.toml");
        states.push(state);
    }
    assert_eq!(states[0], states[1]);
    assert_eq!(states[0], states[2]);
}

#[test]
fn g2_the_lock_has_no_clock_and_follows_no_validators() {
    let server = petshop();
    let mut world = World::synced(&server);
    let before = world.files();
    // A second later, from nothing.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let later = World::synced(&server);
    assert_eq!(later.files(), before);
    // Validators that change with every deployment are no reason to write.
    for (path, etag) in [(LIST, "\"another\""), ("/guides/start.md", "\"one\"")] {
        let headers = vec![
            ("ETag".to_owned(), etag.to_owned()),
            (
                "Last-Modified".to_owned(),
                "Sun, 06 Nov 1994 08:49:37 GMT".to_owned(),
            ),
        ];
        server.put(path, Serve::Raw(200, headers, server.page(path).into()));
    }
    assert_eq!(world.expect(Exit::Done).status, Status::UpToDate);
    assert_eq!(world.files(), before);
    // They come along with the next change, of the pages that changed only.
    server.edit(GET, "operationId: getPet", "operationId: fetchPet");
    world.expect(Exit::Done);
    let lock = world.file("specs.lock");
    assert!(
        !lock.contains("another") && !lock.contains("1994"),
        "{lock}"
    );
}

// --- 3: offline -------------------------------------------------------------------------------

#[test]
fn g3_offline_asks_nobody_and_verifies_the_pages() {
    let server = petshop();
    let mut world = World::synced(&server);
    let before = world.files();
    world.options.offline = true;
    assert_eq!(world.expect(Exit::Done).status, Status::UpToDate);
    assert!(server.requests().is_empty());
    assert_eq!(world.files(), before);
    world.write("pages/pets/list-pets.md", "# Edited by hand\n");
    must_say(&world.expect(Exit::Failed), "S1209", "pets/list-pets.md");
    fs::remove_file(world.path().join("pages/pets/list-pets.md")).expect("it is there");
    must_say(&world.expect(Exit::Failed), "S1209", "not in pages/");
}

#[test]
fn g3_offline_writes_the_lock_of_pages_that_have_none() {
    let server = petshop();
    let mut world = World::synced(&server);
    fs::remove_file(world.path().join("specs.lock")).expect("it is there");
    world.options.offline = true;
    world.options.check = true;
    world.expect(Exit::Drift);
    world.options.check = false;
    assert_eq!(world.expect(Exit::Done).status, Status::Wrote);
    assert!(
        world
            .file("specs.lock")
            .contains("operation = \"GET /v1/pets\"")
    );
    assert_eq!(world.expect(Exit::Done).status, Status::UpToDate);
    assert!(server.requests().is_empty());
    // Online again, the pages are recognised by their names, and get their addresses back.
    world.options.offline = false;
    assert_eq!(world.expect(Exit::Done).status, Status::UpToDate);
}

#[test]
fn from_a_folder_is_as_good_as_the_site() {
    let server = petshop();
    let online = World::synced(&server);
    let mut offline = World::with("docs = \"https://docs.petshop.test/llms.txt\"\n");
    offline.options.from = Some(fixture("petshop"));
    offline.expect(Exit::Done);
    for (file, bytes) in online.files() {
        if file.starts_with("pages/") {
            assert_eq!(offline.file(&file).into_bytes(), bytes, "{file}");
        }
    }
    assert_eq!(offline.expect(Exit::Done).status, Status::UpToDate);
}

#[test]
fn g3_what_reads_pages_and_generates_knows_no_socket() {
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut left = Vec::new();
    for name in ["specmint-spec", "specmint-build"] {
        let manifest = fs::read_to_string(crates.join(name).join("Cargo.toml"));
        let manifest: toml::Table = manifest
            .expect("a crate has a manifest")
            .parse()
            .expect("cargo has read it");
        for key in ["dependencies", "build-dependencies"] {
            for dependency in manifest
                .get(key)
                .and_then(toml::Value::as_table)
                .into_iter()
                .flatten()
            {
                let name = dependency.0.as_str();
                let network = [
                    "reqwest",
                    "hyper",
                    "ureq",
                    "curl",
                    "tokio",
                    "specmint-sync",
                    "specmint-client",
                ];
                assert!(!network.contains(&name), "{name}");
            }
        }
        left.push(crates.join(name).join("src"));
    }
    let mut read = 0;
    while let Some(dir) = left.pop() {
        for entry in fs::read_dir(dir).expect("it is there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                left.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                read += 1;
                let text = fs::read_to_string(&path).expect("it is text");
                for word in [
                    "TcpListener",
                    "TcpStream",
                    "UdpSocket",
                    "UnixStream",
                    "ToSocketAddrs",
                ] {
                    assert!(!text.contains(word), "{}: {word}", path.display());
                }
            }
        }
    }
    assert!(read > 50, "{read}");
}

#[test]
fn wrong_usage_is_two_and_touches_nothing() {
    let server = petshop();
    let mut world = World::new(&server);
    world.options.apis = vec!["nobody".to_owned()];
    world.expect(Exit::Usage);
    world.options.apis = Vec::new();
    world.options.accept = vec!["xyz".to_owned()];
    world.expect(Exit::Usage);
    world.options.accept = Vec::new();
    world.options.offline = true;
    world.options.from = Some(fixture("petshop"));
    world.expect(Exit::Usage);
    assert!(server.requests().is_empty());
    World::with("docs = \"http://docs.petshop.test/llms.txt\"\n").expect(Exit::Usage);
    World::with("surprise = 1\n").expect(Exit::Usage);
    World::with("title = \"no docs\"\n").expect(Exit::Usage);
}
