//! What hostile or broken sites can do, one test per row of the list of threats, over real HTTP.
#![expect(clippy::format_push_string, reason = "a test may take its time")]

#[path = "threats/network.rs"]
mod network;
#[path = "threats/proxy.rs"]
mod proxy;
mod support;

use std::{fs, io::Write as _, net::IpAddr, sync::Arc, time::Duration};

use specmint_sync::{
    Exit,
    fetch::{Answer, Cause, Fetcher, Validators},
    net::{self, Lookup},
    report::Status,
    urls::Policy,
};
use support::{
    Serve, Server,
    world::{World, fixture, impatient, must_say, petshop},
};
use url::Url;

const LIST: &str = "/api-reference/pets/list-pets.md";
const GET: &str = "/api-reference/pets/get-a-pet.md";
const ADD: &str = "/api-reference/pets/add-a-pet.md";

/// One address, fetched by a fetcher of its own.
fn get(server: &Server, path: &str) -> Result<Answer, Cause> {
    let url = Url::parse(&format!("{}{path}", server.base())).expect("it is an address");
    let mut policy = Policy::new(true);
    policy.allow_url(&url);
    fetched(policy, &url, net::system(), 4 << 20)
}

fn fetched(policy: Policy, url: &Url, lookup: Lookup, bound: usize) -> Result<Answer, Cause> {
    fetched_within(impatient(), policy, url, lookup, bound)
}

fn fetched_within(
    limits: specmint_sync::fetch::Limits,
    policy: Policy,
    url: &Url,
    lookup: Lookup,
    bound: usize,
) -> Result<Answer, Cause> {
    let fetcher = Fetcher::new(policy, limits, 4, lookup).expect("a client can be built");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be built");
    runtime
        .block_on(fetcher.get(url, &Validators::default(), bound))
        .map_err(|error| error.cause)
}

#[test]
fn hostile_links_of_an_index_are_reported_and_skipped() {
    let server = petshop();
    let links = [
        "https://evil.test/a.md",
        "file:///etc/passwd.md",
        "//evil.test/b.md",
        "http://user:secret@evil.test/c.md",
        "http://169.254.169.254/latest/d.md",
        "http://127.0.0.1:1/e.md",
        "ftp://evil.test/f.md",
        "http://[::1]/g.md",
    ];
    let mut index = server.page("/llms.txt").replace("## Optional", "## More");
    for link in links {
        index.push_str(&format!("- [x]({link})\n"));
    }
    server.put("/llms.txt", Serve::Page(index));
    let report = World::new(&server).expect(Exit::Done);
    assert_eq!(
        report
            .problems
            .iter()
            .filter(|p| p.code.0 == "S1002")
            .count(),
        links.len()
    );
    assert!(
        report
            .problems
            .iter()
            .all(|p| !p.message.contains("secret"))
    );
    assert_eq!(report.counts.pages, 5);
}

#[test]
fn a_link_planted_in_pages_is_not_written_through() {
    let server = petshop();
    let mut world = World::synced(&server);
    let outside = tempfile::tempdir().expect("a temporary folder can be made");
    let target = outside.path().join("victim");
    fs::write(&target, "untouched").expect("it is writable");
    for planted in ["pages/pets/list-pets.md", "pages/pets"] {
        let place = world.path().join(planted);
        if place.is_dir() {
            fs::remove_dir_all(&place).expect("it is there");
        } else {
            fs::remove_file(&place).expect("it is there");
        }
        let to = if planted.contains('.') {
            target.clone()
        } else {
            outside.path().to_path_buf()
        };
        std::os::unix::fs::symlink(to, &place).expect("links can be made");
        must_say(&world.expect(Exit::Failed), "S1213", "symbolic link");
        let written = specmint_sync::apply::write(
            &world.path(),
            &specmint_sync::apply::Writing {
                files: vec![("pages/pets/list-pets.md".to_owned(), b"through".to_vec())],
                removed: Vec::new(),
            },
            None,
            &mut |_| Ok(()),
        );
        assert!(written.is_err());
        assert_eq!(
            fs::read_to_string(&target).expect("it is there"),
            "untouched"
        );
        assert_eq!(
            fs::read_dir(outside.path()).expect("it is there").count(),
            1
        );
    }
}

#[test]
fn a_path_out_of_the_folder_is_never_written() {
    for file in [
        "../out.md",
        "/etc/out.md",
        "pages/../../out.md",
        "pages\\..\\out.md",
        "",
    ] {
        let dir = tempfile::tempdir().expect("a temporary folder can be made");
        let inner = dir.path().join("api");
        fs::create_dir(&inner).expect("it is writable");
        let writing = specmint_sync::apply::Writing {
            files: vec![(file.to_owned(), b"x".to_vec())],
            removed: Vec::new(),
        };
        assert!(
            specmint_sync::apply::write(&inner, &writing, None, &mut |_| Ok(())).is_err(),
            "{file}"
        );
        assert_eq!(
            fs::read_dir(dir.path()).expect("it is there").count(),
            1,
            "{file}"
        );
    }
}

#[test]
fn hostile_page_names_of_a_site_become_ours() {
    let server = petshop();
    let page = server.page(GET);
    let mut index = String::from("# Petshop\n\n");
    for (number, path) in [
        "/%2e%2e/%2e%2e/etc/passwd.md",
        "/a/CON.md",
        "/a/con.md",
        "/a/Con.md",
        "/x%00y.md",
        "/a%5c..%5cb.md",
    ]
    .iter()
    .enumerate()
    {
        let text = page
            .replace("/v1/pets/{id}", &format!("/v1/x{number}/{{id}}"))
            .replace("getPet", &format!("get{number}"));
        let url = Url::parse(&server.base())
            .and_then(|base| base.join(path))
            .expect("it is an address");
        server.put(url.path(), Serve::Page(text));
        index.push_str(&format!("- [x]({path})\n"));
    }
    server.put("/llms.txt", Serve::Page(index));
    let world = World::synced(&server);
    let files: Vec<String> = world
        .files()
        .into_keys()
        .filter(|f| f.starts_with("pages/"))
        .collect();
    assert_eq!(files.len(), 6, "{files:?}");
    for file in files {
        let name = file.trim_start_matches("pages/").trim_end_matches(".md");
        assert!(
            name.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-/".contains(&b)),
            "{name}"
        );
        assert!(name != "a/con");
    }
}

#[test]
fn a_page_cut_at_any_byte_is_never_a_smaller_api() {
    let server = petshop();
    let mut world = World::synced(&server);
    let before = world.files();
    let page = server.page(LIST);
    // Closed cleanly after the cut: nothing but the text itself can tell.
    for cut in (0..page.len() - 6).step_by(97) {
        server.put(LIST, Serve::Page(page[..cut].to_owned()));
        let outcome = world.run();
        assert!(
            matches!(outcome.exit(), Exit::Failed | Exit::Refused),
            "cut at {cut}: {:?}",
            outcome.exit()
        );
    }
    // Announced longer than it is.
    server.put(
        LIST,
        Serve::Cut(page.len(), page.as_bytes()[..page.len() - 20].to_vec()),
    );
    let report = world.expect(Exit::Failed);
    must_say(&report, "S1201", &format!("Content-Length {}", page.len()));
    assert_eq!(world.files(), before);
}

#[test]
fn login_and_bot_pages_with_status_200_are_failures() {
    let server = petshop();
    let mut world = World::synced(&server);
    server.put(LIST, Serve::html("<!DOCTYPE html><title>Sign in</title>"));
    server.put(
        GET,
        Serve::Page("  <html><body>Checking your browser</body></html>".to_owned()),
    );
    let report = world.expect(Exit::Failed);
    must_say(&report, "S1201", "2 of ");
    must_say(&report, "S1201", "probably a login or bot page");
    let server = petshop();
    server.put("/llms.txt", Serve::html("<html></html>"));
    must_say(
        &World::new(&server).expect(Exit::Failed),
        "S1203",
        "login or bot page",
    );
}

#[test]
fn every_class_of_page_has_its_place() {
    let server = petshop();
    let world = World::synced(&server);
    let lock = world.file("specs.lock");
    assert!(lock.contains("operation = \"WEBHOOK order.paid\""));
    assert!(lock.contains("kind = \"guide\""));
    assert!(!world.path().join("pages/guides").exists());
    // Two blocks on one page are two operations.
    let server = petshop();
    let block = |page: &str| {
        page.split_once("## OpenAPI")
            .map(|(_, rest)| rest.to_owned())
    };
    let page = server.page(ADD);
    let both = server.page(LIST) + &block(&page).expect("it has a block");
    server.put(LIST, Serve::Page(both));
    let index = server.page("/llms.txt");
    let rest: Vec<&str> = index.lines().filter(|line| !line.contains(ADD)).collect();
    server.put("/llms.txt", Serve::Page(rest.join("\n")));
    let mut world = World::synced(&server);
    let lock = world.file("specs.lock");
    let listed = "operation = [\n    \"GET /v1/pets\",\n    \"POST /v1/pets\",\n]";
    assert!(lock.contains(listed), "{lock}");
    // A page cut between them is whole to look at; the operation would be gone.
    let cut = server
        .page(LIST)
        .replace(&block(&page).expect("it has a block"), "\n");
    server.put(LIST, Serve::Page(cut));
    must_say(&world.expect(Exit::Refused), "S1101", "POST /v1/pets");
    let server = petshop();
    server.put(ADD, Serve::Page("# Add\n\n## OpenAPI\n".to_owned()));
    must_say(
        &World::new(&server).expect(Exit::Failed),
        "S1201",
        "no specification block",
    );
}

#[test]
fn two_pages_of_one_operation_that_differ_are_both_named() {
    let server = petshop();
    let index = server.page("/llms.txt").replace(
        "## Optional",
        "- [Again](/api-reference/pets/again.md)\n\n## Optional",
    );
    server.put("/llms.txt", Serve::Page(index));
    server.put(
        "/api-reference/pets/again.md",
        Serve::Page(server.page(LIST).replace("# List pets", "# Listing")),
    );
    World::new(&server).expect(Exit::Done);
    let other = server.page(LIST).replace("name: limit", "name: count");
    server.put("/api-reference/pets/again.md", Serve::Page(other));
    // Both pages are named, and who wants it refused can say so.
    let mut world = World::new(&server);
    world.options.deny = vec!["M0002".to_owned()];
    must_say(&world.expect(Exit::Failed), "S1215", "GET /v1/pets");
    world.options.deny = Vec::new();
    let report = world.expect(Exit::Done);
    let note = report.notes.iter().find(|note| note.code == "M0002");
    let note = note.expect("the pages differ");
    let said = format!("{} {:?}", note.message, note.at);
    assert!(
        said.contains("pets/again.md:") && said.contains("pets/list-pets.md:"),
        "{said}"
    );
}

#[test]
fn messages_show_no_query_and_no_user() {
    let server = petshop();
    let index = server
        .page("/llms.txt")
        .replace("list-pets.md)", "list-pets.md?token=hush)");
    server.put("/llms.txt", Serve::Page(index));
    server.put(&format!("{LIST}?token=hush"), Serve::status(500));
    let report = World::new(&server).expect(Exit::Failed);
    must_say(&report, "S1201", "list-pets.md ");
    assert!(!format!("{:?}", report.problems).contains("hush"));
}

#[test]
fn a_closed_port_is_said_in_words_of_the_system() {
    let port = {
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has a port");
        free.local_addr().expect("it is bound").port()
    };
    let mut world = World::with(&format!(
        "docs = \"http://127.0.0.1:{port}/llms.txt\"\nallow-private = true\n"
    ));
    let report = world.expect(Exit::Failed);
    must_say(&report, "S1203", "connection refused");
}
