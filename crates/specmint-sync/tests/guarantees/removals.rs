//! Guarantee 4: nothing is deleted because it was not seen.

use super::*;

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
    let report = world.expect(Exit::Refused);
    must_say(&report, "S1101", "POST /v1/orders");
    must_say(&report, "S1217", "place-an-order.md");
}

#[test]
fn g4_a_page_that_moved_gives_its_place_to_the_one_it_became() {
    const TO: &str = "/api-reference/orders/create.md";
    for (text, exit) in [
        ("", Exit::Done),
        ("# Another one\n\nAnd no order.\n", Exit::Refused),
    ] {
        let server = petshop();
        let mut world = World::synced(&server);
        let page = server.page(ORDER);
        server.put(ORDER, Serve::redirect(301, TO));
        let text = if text.is_empty() { &page } else { text };
        server.put(TO, Serve::Page(text.to_owned()));
        let before = world.files();
        let index = server.page("/llms.txt");
        if exit == Exit::Done {
            // It is listed, or what it leads to is not: the same page under its address.
            world.expect(Exit::Done);
            unlist(&server, ORDER);
            must_say(&world.expect(Exit::Done), "S1204", "place-an-order.md");
            assert_eq!(world.files(), before);
        }
        server.put("/llms.txt", Serve::Page(index.replace(ORDER, TO)));
        let report = world.expect(exit);
        if exit == Exit::Refused {
            // What it described isn't there: no move, but a removal.
            must_say(&report, "S1101", "POST /v1/orders");
            assert_eq!(world.files(), before);
            continue;
        }
        assert!(!says(&report, "S1204", ""));
        assert!(report.changes.is_empty());
        assert_eq!((report.counts.added, report.counts.removed), (1, 1));
        assert!(!world.path().join("pages/orders/place-an-order.md").exists());
        assert!(world.path().join("pages/orders/create.md").exists());
    }
}

#[test]
fn g4_what_select_excludes_by_now_goes_and_its_operations_by_consent() {
    let server = petshop();
    // The same operation in another language.
    let other = server.page(ORDER).replace("Place an order", "Bestellen");
    server.put("/de/api-reference/orders/bestellen.md", Serve::Page(other));
    let index = server.page("/llms.txt");
    let more = format!("{index}- [Bestellen](/de/api-reference/orders/bestellen.md)\n");
    server.put("/llms.txt", Serve::Page(more));
    let mut world = World::synced(&server);
    let settings = world.file("api.toml");
    let select = |world: &World, globs: &str| {
        let text = format!("{settings}select = [{globs}]\n");
        std::fs::write(world.path().join("api.toml"), text).expect("it is writable");
    };
    assert!(world.file("specs.lock").contains("bestellen.md"));
    select(&world, "\"!de/**\"");
    let report = world.expect(Exit::Done);
    assert!(!says(&report, "S1204", ""));
    assert!(report.changes.is_empty() && report.counts.removed == 1);
    assert!(!world.file("specs.lock").contains("bestellen.md"));
    // The last page of an operation takes it along, and that needs consent.
    select(&world, "\"!de/**\", \"!**/orders/place-*\"");
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
