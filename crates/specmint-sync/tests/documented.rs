//! What `docs/SYNC.md` shows is what is printed.

mod support;

use std::{fs, path::Path, time::Duration};

use specmint_sync::{
    Exit,
    report::{self, ApiReport},
};
use support::{
    Serve, Server,
    world::{World, petshop},
};

const LIST: &str = "/api-reference/pets/list-pets.md";
const GET: &str = "/api-reference/pets/get-a-pet.md";
const ORDER: &str = "/api-reference/orders/place-an-order.md";

/// Results and problems without colours, time and port.
fn printed(server: &Server, mut report: ApiReport, exit: Exit) -> String {
    report.took = Duration::from_millis(900);
    let printed = report::terminal(&[report], exit, 100, false);
    let text = printed.results + &printed.problems;
    anstream::adapter::strip_str(&text)
        .to_string()
        .replace(&server.base(), "https://docs.petshop.test")
}

/// One run after an edit of the site.
fn after(exit: Exit, edit: impl Fn(&Server, &mut World)) -> String {
    let server = petshop();
    let mut world = World::synced(&server);
    edit(&server, &mut world);
    let report = world.expect(exit);
    printed(&server, report, exit)
}

fn changed(server: &Server) {
    server.edit(ORDER, "maxLength: 1600", "maxLength: 1000");
    server.edit(
        ORDER,
        "duration:\n                    type: integer",
        "duration:\n                    type: number",
    );
    server.edit_all("- sold", "- sold\n            - reserved");
}

#[test]
fn the_documentation_shows_what_is_printed() {
    let shown = [
        after(Exit::Done, |_, _| ()),
        after(Exit::Done, |server, _| changed(server)),
        after(Exit::Refused, |server, _| {
            server.edit_all("https://api.petshop.test", "https://api.pets.example");
        }),
        after(Exit::Refused, |server, _| {
            let index = server.page("/llms.txt");
            let rest: Vec<&str> = index.lines().filter(|line| !line.contains(ORDER)).collect();
            server.put("/llms.txt", Serve::Page(rest.join("\n")));
            server.put(ORDER, Serve::status(404));
        }),
        after(Exit::Failed, |server, _| {
            let busy = ("Retry-After".to_owned(), "300".to_owned());
            server.put(GET, Serve::Raw(503, vec![busy], Vec::new()));
            server.edit(ORDER, "\n````\n", "\n");
        }),
        after(Exit::Drift, |server, world| {
            server.edit(LIST, "maximum: 100", "maximum: 50");
            world.options.check = true;
        }),
    ];
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/SYNC.md");
    let documented = fs::read_to_string(path).expect("it is part of the tree");
    let missing: Vec<String> = shown
        .into_iter()
        .map(|text| format!("```text\n{}```\n", text.trim_start_matches('\n')))
        .filter(|block| !documented.contains(block))
        .collect();
    assert!(
        missing.is_empty(),
        "docs/SYNC.md lacks\n{}",
        missing.join("\n")
    );
}

#[test]
fn the_documentation_names_tests_that_there_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = String::new();
    let mut left = vec![root.join("src"), root.join("tests")];
    while let Some(dir) = left.pop() {
        for entry in fs::read_dir(dir).expect("it is there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                left.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                sources += &fs::read_to_string(path).expect("it is text");
            }
        }
    }
    let documented = fs::read_to_string(root.join("../../docs/SYNC.md")).expect("it is there");
    let rows = documented.lines().filter(|line| line.starts_with("| "));
    let mut named = 0;
    for word in rows.flat_map(|row| row.split('`').skip(1).step_by(2)) {
        let name = word.rsplit("::").next().unwrap_or(word);
        let test = name.matches('_').count() > 1
            && name
                .bytes()
                .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        if test {
            named += 1;
            assert!(sources.contains(&format!("fn {name}(")), "{name}");
        }
    }
    assert!(named > 40, "{named}");
}
