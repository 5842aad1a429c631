//! What `sync-specs` guarantees, one test per promise, over real HTTP.

mod support;

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

// The rest of it is in `interrupted.rs`.

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

// --- 4: nothing is deleted because it was not seen ---------------------------------------------

#[test]
fn g4_a_page_that_is_unlisted_and_answers_is_kept() {
    let server = petshop();
    let mut world = World::synced(&server);
    let before = world.files();
    unlist(&server, ORDER);
    let report = world.expect(Exit::Done);
    must_say(&report, "S1204", "place-an-order.md");
    assert_eq!(world.files(), before);
}

#[test]
fn g4_an_unlisted_page_that_fails_is_no_removal() {
    let server = petshop();
    let mut world = World::synced(&server);
    unlist(&server, ORDER);
    server.put(ORDER, Serve::status(500));
    world.options.allow_removals = true;
    must_say(&world.expect(Exit::Failed), "S1201", "500");
}

#[test]
fn g4_a_listed_page_that_is_gone_is_no_removal() {
    let server = petshop();
    let mut world = World::synced(&server);
    server.put(ORDER, Serve::status(404));
    world.options.allow_removals = true;
    must_say(&world.expect(Exit::Failed), "S1201", "the index lists it");
}

#[test]
fn g4_a_removal_needs_404_and_consent_and_much_needs_a_fingerprint() {
    let server = petshop();
    let mut world = World::synced(&server);
    let before = world.files();
    unlist(&server, ORDER);
    server.put(ORDER, Serve::status(410));
    // One of four operations: both guards.
    let report = world.expect(Exit::Refused);
    must_say(&report, "S1101", "--allow-removals");
    must_say(&report, "S1104", "1 of 4 operations");
    assert_eq!(world.files(), before);
    world.options.allow_removals = true;
    let report = world.expect(Exit::Refused);
    assert!(!says(&report, "S1101", ""));
    let help = report
        .problems
        .iter()
        .find(|p| p.code.0 == "S1104")
        .and_then(|p| p.help.clone());
    let id = help
        .expect("it says how")
        .rsplit(' ')
        .next()
        .expect("the fingerprint is last")
        .to_owned();
    world.options.accept = vec![id.clone()];
    assert_eq!(world.expect(Exit::Done).counts.removed, 1);
    assert!(!world.path().join("pages/orders/place-an-order.md").exists());
    assert!(world.file("specs.lock").contains(&format!("id = \"{id}\"")));
}

#[test]
fn g4_a_page_that_lost_its_specification_is_a_removal_too() {
    let server = petshop();
    let mut world = World::synced(&server);
    server.put(ORDER, Serve::Page("# Moved\n\nSee elsewhere.\n".to_owned()));
    must_say(&world.expect(Exit::Refused), "S1101", "POST /v1/orders");
}

#[test]
fn g4_an_index_that_shrinks_deletes_nothing() {
    for links in [4, 1] {
        let server = petshop();
        let mut world = World::synced(&server);
        let before = world.files();
        let index = server.page("/llms.txt");
        let all: Vec<&str> = index
            .lines()
            .filter(|line| line.starts_with("- ["))
            .collect();
        let text = format!("# Petshop\n\n{}\n", all[..links].join("\n"));
        server.put("/llms.txt", Serve::Page(text));
        world.options.allow_removals = true;
        world.expect(Exit::Done);
        assert_eq!(world.files(), before, "{links} links");
    }
    let server = petshop();
    let mut world = World::synced(&server);
    server.put(
        "/llms.txt",
        Serve::Page("# Petshop\n\nUnder construction.\n".to_owned()),
    );
    must_say(&world.expect(Exit::Failed), "S1203", "it lists no pages");
}

/// Of 100 operations, so many go, properly.
fn shrunk(gone: usize) -> (support::Server, World) {
    let server = petshop();
    many(&server, 96);
    let world = World::synced(&server);
    for number in 0..gone {
        let path = format!("/api-reference/more/get-{number}.md");
        server.put(&path, Serve::status(404));
        unlist(&server, &format!("/more/get-{number}.md"));
    }
    (server, world)
}

#[test]
fn g4_a_fifth_may_go_by_consent_and_more_by_fingerprint_only() {
    for (gone, much) in [(1, false), (20, false), (21, true)] {
        let (_server, mut world) = shrunk(gone);
        let before = world.files();
        let report = world.expect(Exit::Refused);
        must_say(&report, "S1101", &format!("{gone} of 100 operations"));
        assert_eq!(says(&report, "S1104", ""), much, "{gone}");
        assert_eq!(world.files(), before);
        world.options.allow_removals = true;
        if !much {
            assert_eq!(world.expect(Exit::Done).counts.removed, gone);
            continue;
        }
        let report = world.expect(Exit::Refused);
        must_say(&report, "S1104", "21 of 100 operations");
        assert_eq!(world.files(), before);
    }
}

#[test]
fn g4_an_index_without_any_of_the_pages_deletes_nothing() {
    let (server, mut world) = shrunk(96);
    let before = world.files();
    world.options.allow_removals = true;
    must_say(
        &world.expect(Exit::Refused),
        "S1104",
        "96 of 100 operations",
    );
    // Everything gone, and the index whole: no operation is left to make a client of.
    for path in [LIST, GET, ORDER, "/api-reference/pets/add-a-pet.md"] {
        unlist(&server, path);
        server.put(path, Serve::status(404));
    }
    let outcome = world.run();
    assert!(outcome.exit() != Exit::Done, "{:?}", outcome.exit());
    assert_eq!(world.files(), before);
}

// --- 5: hosts, servers, credentials -----------------------------------------------------------

#[test]
fn g5_another_server_is_refused_until_accepted() {
    let server = petshop();
    let mut world = World::synced(&server);
    let before = world.files();
    server.edit_all("https://api.petshop.test", "https://api.evil.test");
    let report = world.expect(Exit::Refused);
    must_say(
        &report,
        "S1102",
        "https://api.petshop.test → https://api.evil.test",
    );
    assert_eq!(
        report
            .problems
            .iter()
            .filter(|p| p.code.0 == "S1102")
            .count(),
        1,
        "one change, not five"
    );
    assert_eq!(world.files(), before);
    let id = report.changes[0].change.id.clone();
    must_say(&report, "S1102", &format!("--accept {id}"));
    // Removals allowed is no consent to anything else, and neither is another fingerprint.
    world.options.allow_removals = true;
    world.options.accept = vec!["0123456789ab".to_owned()];
    must_say(&world.expect(Exit::Refused), "S1212", "0123456789ab");
    world.options.accept = vec![id[..8].to_owned()];
    world.expect(Exit::Done);
    assert!(world.file("specs.lock").contains(&id));
}

#[test]
fn g5_other_credentials_are_refused_until_accepted() {
    let server = petshop();
    let mut world = World::synced(&server);
    server.edit_all("name: X-Api-Key", "name: X-Other-Key");
    let report = world.expect(Exit::Refused);
    must_say(
        &report,
        "S1103",
        "header `X-Api-Key` → header `X-Other-Key`",
    );
}

#[test]
fn g5_a_new_operation_on_a_strange_server_is_refused_until_accepted() {
    let server = petshop();
    let mut world = World::synced(&server);
    let before = world.files();
    many(&server, 1);
    server.edit(
        "/api-reference/more/get-0.md",
        "https://api.petshop.test",
        "https://api.evil.test",
    );
    let report = world.expect(Exit::Refused);
    must_say(&report, "S1102", "https://api.evil.test added");
    assert_eq!(world.files(), before);
    server.edit(
        "/api-reference/more/get-0.md",
        "https://api.evil.test",
        "https://api.petshop.test",
    );
    assert_eq!(world.expect(Exit::Done).counts.added, 1);
}

#[test]
fn g5_edited_corrections_hide_no_change() {
    let server = petshop();
    let mut world = World::synced(&server);
    server.edit_all("https://api.petshop.test", "https://api.evil.test");
    server.edit(LIST, "name: limit", "name: count");
    // A correction that fits the new pages and not the committed ones.
    world.write(
        "fixups.yaml",
        &overlay(
            "$.paths['/v1/pets'].get.parameters[?(@.name=='count')]",
            "{description: How many}",
        ),
    );
    let before = world.files();
    let report = world.expect(Exit::Refused);
    must_say(&report, "S1102", "https://api.evil.test");
    assert_eq!(world.files(), before);
    world.options.accept = vec![
        report
            .changes
            .iter()
            .find(|r| r.change.rule.id == "server-changed")
            .map(|r| r.change.id.clone())
            .expect("it is among the changes"),
    ];
    world.expect(Exit::Done);
}

#[test]
fn g5_committed_pages_that_can_not_be_read_hide_no_change() {
    let server = petshop();
    let mut world = World::synced(&server);
    server.edit_all("https://api.petshop.test", "https://api.evil.test");
    // As if an older version had read what this one refuses.
    let page = world.file("pages/pets/list-pets.md");
    let broken = page.replace("openapi: 3.1.0", "openapi: 3.1.0\nopenapi: 3.1.0");
    let sha256 = |text: &str| specmint_sync::sha256(text.as_bytes());
    let lock = world
        .file("specs.lock")
        .replace(&sha256(&page), &sha256(&broken));
    world.write("pages/pets/list-pets.md", &broken);
    world.write("specs.lock", &lock);
    let before = world.files();
    let report = world.expect(Exit::Failed);
    must_say(&report, "S1202", "nothing can be compared");
    must_say(&report, "S1202", "list-pets.md:");
    assert_eq!(world.files(), before);
    // Pages that never were synced promise nothing.
    fs::remove_file(world.path().join("specs.lock")).expect("it is there");
    must_say(&world.expect(Exit::Done), "S1202", "counts as new");
}

// 6 and 7 are in `polite.rs`.

// --- 8: every loss is a note ------------------------------------------------------------------

#[test]
fn g8_losses_are_numbered_counted_located_and_can_be_denied() {
    let server = petshop();
    // A second webhook without a body, so that there is something to count.
    let index = server.page("/llms.txt").replace(
        "## Optional",
        "- [B](/api-reference/orders/order-lost.md)\n\n## Optional",
    );
    server.put("/llms.txt", Serve::Page(index));
    let webhook = server.page("/api-reference/orders/order-paid.md");
    server.put(
        "/api-reference/orders/order-lost.md",
        Serve::Page(webhook.replace("order.paid", "order.lost")),
    );
    let mut world = World::new(&server);
    world.options.deny = vec!["n0003".to_owned()];
    let report = world.expect(Exit::Failed);
    must_say(&report, "S1215", "2 diagnostics are errors");
    must_say(&report, "S1215", "petshop/orders/order-lost.md:7  N0003");
    assert!(!world.path().join("pages").exists());
    world.options.deny = vec!["N0001".to_owned()];
    let report = world.expect(Exit::Done);
    assert_eq!(report.counted_notes()["N0003"].0, 2);
    for note in &report.notes {
        assert!(
            note.at.as_deref().is_some_and(|at| at.contains(".md:")),
            "{note:?}"
        );
        assert!(
            note.url
                .as_deref()
                .is_some_and(|url| url.starts_with(&server.base())),
            "{note:?}"
        );
    }
    let json = report::json(std::slice::from_ref(&report), Exit::Done);
    assert!(json.contains("\"code\": \"N0003\""), "{json}");
    // What can't be repaired is refused, with its place.
    server.edit(
        GET,
        "        '404':",
        "        '404':\n          $ref: '#/components/responses/Nowhere'\n        '410':",
    );
    let outcome = world.run();
    let at = "petshop/pets/get-a-pet.md:";
    let report = &outcome.reports[0];
    let noted = report
        .notes
        .iter()
        .any(|n| n.at.as_deref().is_some_and(|a| a.starts_with(at)));
    assert!(noted || says(report, "S1202", at), "{report:#?}");
}

// --- 9: corrections ---------------------------------------------------------------------------

/// One correction.
fn overlay(target: &str, update: &str) -> String {
    format!(
        "overlay: 1.0.0\ninfo: {{title: Corrections, version: 1.0.0}}\nactions:\n  - target: {target}\n    description: as it is\n    update: {update}\n"
    )
}

#[test]
fn g9_a_correction_that_no_longer_applies_is_reported() {
    let server = petshop();
    let mut world = World::synced(&server);
    world.write(
        "fixups.yaml",
        &overlay(
            "$.paths['/v1/pets'].get.parameters[0].schema",
            "{maximum: 500}",
        ),
    );
    world.options.check = true;
    world.expect(Exit::Done);
    world.options.check = false;
    server.edit(LIST, "maximum: 100", "maximum: 500");
    let report = world.expect(Exit::Failed);
    must_say(&report, "S1208", "fixups.yaml:");
    assert!(!world.file("pages/pets/list-pets.md").contains("500"));
    // What it was about is no longer there: the report still says what else changed.
    server.edit(LIST, "maximum: 500", "maximum: 100");
    server.edit(LIST, "      parameters:\n        - name: limit\n          in: query\n          required: false\n          schema:\n            type: integer\n            maximum: 100\n", "");
    let report = world.expect(Exit::Failed);
    must_say(&report, "S1208", "fixups.yaml:");
    assert!(
        report
            .changes
            .iter()
            .any(|r| r.change.rule.id == "parameter-removed"),
        "{report:#?}"
    );
    server.edit(ORDER, "maxLength: 1600", "maxLength: 1000");
    fs::remove_file(world.path().join("fixups.yaml")).expect("it is there");
    world.expect(Exit::Done);
}

// --- 10: stable reports -----------------------------------------------------------------------

#[test]
fn g10_reports_repeat_and_fingerprints_stay() {
    let server = petshop();
    let mut world = World::synced(&server);
    server.edit(ORDER, "maxLength: 1600", "maxLength: 1000");
    server.edit(LIST, "maximum: 100", "maximum: 50");
    server.edit_all("https://api.petshop.test", "https://api.other.test");
    world.options.check = true;
    let (one, two) = (world.run(), world.run());
    assert_eq!(
        report::json(&one.reports, one.exit()),
        report::json(&two.reports, two.exit())
    );
    // A fingerprint is the change's own: it stays when others come and go.
    let id = |outcome: &run::Outcome| {
        outcome.reports[0]
            .changes
            .iter()
            .find(|r| r.change.what.contains("maxLength"))
            .map(|r| r.change.id.clone())
    };
    server.edit(GET, "operationId: getPet", "operationId: other");
    server.edit(LIST, "maximum: 50", "maximum: 100");
    assert_eq!(id(&one), id(&world.run()));
    assert!(id(&one).is_some_and(|id| id.len() == 12));
}

#[test]
fn g10_the_schema_knows_every_ending() {
    // Every report of every test is checked against the schema; these are all the endings.
    let endings = [
        Status::UpToDate,
        Status::Wrote,
        Status::WouldWrite,
        Status::Drift,
        Status::Refused,
        Status::Failed,
        Status::Misconfigured,
    ];
    for status in endings {
        let mut report = report::ApiReport::new("petshop");
        report.status = status;
        support::world::follows_the_schema(&report::json(&[report], Exit::Done));
    }
    // And it is strict: a member that it doesn't know, or one that is missing, is noticed.
    let whole = report::json(&[report::ApiReport::new("petshop")], Exit::Done);
    for (from, to) in [
        ("\"descriptions\": 0", "\"descriptions\": 0, \"new\": 1"),
        ("\"descriptions\": 0,", ""),
        ("\"prose\": 0,", ""),
        ("\"version\": 1", "\"version\": 2"),
        ("\"status\": \"up-to-date\"", "\"status\": \"fine\""),
        (
            "\"api_version\": {\n        \"new\": null,",
            "\"api_version\": {",
        ),
    ] {
        assert!(whole.contains(from), "{from} in {whole}");
        let other = whole.replacen(from, to, 1);
        assert!(support::world::schema_errors(&other) != [""; 0], "{to}");
    }
}

// --- section 7 --------------------------------------------------------------------------------

#[test]
fn a_pinned_page_is_never_replaced_and_the_difference_is_said() {
    let server = petshop();
    let mut world = World::synced(&server);
    let settings = world.file("api.toml") + "pinned = [\"pets/list-pets.md\"]\n";
    world.write("api.toml", &settings);
    let before = world.files();
    server.edit(LIST, "maximum: 100", "maximum: 50");
    let report = world.expect(Exit::Done);
    must_say(&report, "S1205", "maximum 100 → 50");
    assert_eq!(world.files(), before);
    assert_eq!(report.counts.pinned, 1);
    // Even where it is gone and removals are allowed.
    unlist(&server, LIST);
    server.put(LIST, Serve::status(404));
    world.options.allow_removals = true;
    world.expect(Exit::Done);
    assert_eq!(world.files(), before);
}

#[test]
fn a_whole_document_in_place_of_pages() {
    let server = petshop();
    let document = "openapi: 3.1.0\ninfo: {title: Petshop, version: 1.2.0}\nservers: [{url: 'https://api.petshop.test'}]\npaths:\n  /v1/pets:\n    get:\n      operationId: listPets\n      responses: {'200': {description: ok}}\n";
    server.put("/openapi.yaml", Serve::Page(document.to_owned()));
    let mut world = World::with(&format!(
        "spec = \"{}/openapi.yaml\"\nallow-private = true\n",
        server.base()
    ));
    world.expect(Exit::Done);
    assert_eq!(world.file("pages/openapi.yaml"), document);
    assert_eq!(world.expect(Exit::Done).status, Status::UpToDate);
    server.edit(
        "/openapi.yaml",
        "operationId: listPets",
        "operationId: list",
    );
    let report = world.expect(Exit::Done);
    assert_eq!(report.changes[0].change.rule.id, "operation-id-changed");
    assert_eq!(
        report.changes[0].at.as_deref(),
        Some("petshop/openapi.yaml:7")
    );
}

#[test]
fn an_index_in_parts_and_a_whole_specification_beside() {
    let server = petshop();
    let index = server.page("/llms.txt");
    let (links, rest): (Vec<&str>, Vec<&str>) = index
        .lines()
        .partition(|line| line.starts_with("- [") && line.contains("/api-reference/"));
    server.put(
        "/_llms/api.md",
        Serve::Page(format!("# Part\n\n{}\n", links.join("\n"))),
    );
    let text = format!(
        "{}\n## Parts\n\n- [API]({}/_llms/api.md)\n\n## OpenAPI Specs\n\n- [petshop](/openapi.yaml)\n",
        rest.join("\n"),
        server.base()
    );
    server.put("/llms.txt", Serve::Page(text));
    let report = World::new(&server).expect(Exit::Done);
    assert_eq!(report.counts.pages, 5);
    must_say(&report, "S1207", "404");
    server.put(
        "/openapi.yaml",
        Serve::Page("openapi: 3.1.0\npaths:\n  /v2/other: {}\n".to_owned()),
    );
    must_say(
        &World::new(&server).expect(Exit::Done),
        "S1207",
        "another API's",
    );
    server.put("/openapi.yaml", Serve::Page("openapi: 3.1.0\ninfo: {title: P, version: '1'}\npaths:\n  /v1/pets:\n    get: {responses: {'200': {description: ok}}}\n".to_owned()));
    let mut world = World::new(&server);
    must_say(&world.expect(Exit::Done), "S1206", "--prefer-spec");
    world.options.prefer_spec = true;
    world.options.dry_run = true;
    let outcome = world.run();
    must_say(&outcome.reports[0], "S1101", "POST /v1/pets");
    // Without its part, the index is not whole.
    server.remove("/_llms/api.md");
    must_say(
        &World::new(&server).expect(Exit::Failed),
        "S1203",
        "part of the index",
    );
}

#[test]
fn the_index_where_the_standard_puts_it() {
    let server = petshop();
    let index = server.page("/llms.txt");
    server.remove("/llms.txt");
    server.put("/.well-known/llms.txt", Serve::Page(index));
    World::new(&server).expect(Exit::Done);
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

/// A generator whose outline is the list of operations and their names.
struct Outlined;

impl Surface for Outlined {
    fn outline(&self, document: &Document, _: &Api) -> Option<Vec<String>> {
        Some(
            document
                .operations
                .keys()
                .map(|key| format!("fn {} {}", key.method, key.path))
                .collect(),
        )
    }

    fn names(&self, document: &Document, _: &Api) -> Result<Option<Names>, String> {
        let mut found = Names::default();
        for key in document.operations.keys() {
            let pointer = format!("/paths/{}/{}", escape_pointer(&key.path), key.method);
            let id = document.root.pointer(&pointer);
            let id = id.and_then(|operation: &Node| operation.get_str("operationId"));
            let name = id.ok_or("nameless")?.to_lowercase();
            found
                .operations
                .insert(names::operation(key), Entry::new(name));
        }
        Ok(Some(found))
    }
}

#[test]
fn names_are_locked_and_the_outline_gives_the_verdict() {
    let server = petshop();
    let mut world = World::new(&server);
    assert_eq!(world.run_with(&Outlined).exit(), Exit::Done);
    assert!(
        world
            .file("names.lock")
            .contains("\"GET /v1/pets\" = \"listpets\"")
    );
    server.edit(LIST, "operationId: listPets", "operationId: allPets");
    let report = world.run_with(&Outlined).reports.remove(0);
    assert!(
        world
            .file("names.lock")
            .contains("\"GET /v1/pets\" = \"listpets\""),
        "a published name stays"
    );
    let change = &report.changes[0].change;
    assert_eq!(
        (change.rule.level, change.symbol.as_deref()),
        (Level::Info, Some("Client::listpets"))
    );
    assert!(report.surface.is_some_and(|surface| !surface.is_breaking()));
    unlist(&server, ORDER);
    server.put(ORDER, Serve::status(404));
    world.options.dry_run = true;
    let report = world.run_with(&Outlined).reports.remove(0);
    assert!(
        report
            .surface
            .is_some_and(|surface| surface.removed == ["fn post /v1/orders"])
    );
    world.options.dry_run = false;
}

#[test]
fn annotations_point_into_pages() {
    let server = petshop();
    let mut world = World::synced(&server);
    server.edit(ORDER, "maxLength: 1600", "maxLength: 1000");
    let report = world.expect(Exit::Done);
    let text = report::annotations(&[report]);
    assert!(
        text.contains("::warning file=specs/petshop/pages/orders/place-an-order.md,line="),
        "{text}"
    );
}

#[test]
fn upstream_words_can_not_steer_a_terminal_or_a_pull_request() {
    let server = petshop();
    let mut world = World::synced(&server);
    server.edit(
        LIST,
        "operationId: listPets",
        "operationId: \"a\\x1b[31m|`<script>\\u202e@someone\"",
    );
    // A path is upstream's word too.
    many(&server, 1);
    server.edit(
        "/api-reference/more/get-0.md",
        "  /v1/more/0/{id}:",
        "  \"/v1/more/\\x1b[31m\\u202e/{id}\":",
    );
    server.edit(
        "/api-reference/more/get-0.md",
        "get /v1/more/0/{id}",
        "get /v1/more/\u{1b}[31m\u{202e}/{id}",
    );
    let report = world.expect(Exit::Done);
    assert_eq!(report.counts.added, 1);
    let printed = report::terminal(std::slice::from_ref(&report), Exit::Done, 100, true);
    let plain = anstream::adapter::strip_str(&printed.results).to_string();
    for text in [&printed.results.replace("\u{1b}[", ""), &plain] {
        assert!(
            !text.contains('\u{1b}') && !text.contains('\u{202e}'),
            "{text:?}"
        );
    }
    assert!(
        !printed.results.contains("\u{1b}[31m/"),
        "{:?}",
        printed.results
    );
    assert!(plain.contains("/v1/more/[31m/{id}"), "{plain}");
    for change in &report.changes {
        assert!(!change.change.what.contains(['\u{1b}', '\u{202e}']));
        assert!(
            !change
                .change
                .operations
                .concat()
                .contains(['\u{1b}', '\u{202e}'])
        );
    }
    let markdown = report::markdown(std::slice::from_ref(&report));
    let table: String = markdown
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    assert!(
        table.contains("\\<script\\>") && table.contains("\\@someone"),
        "{table}"
    );
}
