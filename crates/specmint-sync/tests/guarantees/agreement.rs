//! Guarantee 5: another server, other credentials, and what would hide them.

use super::{words::overlay, *};

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
