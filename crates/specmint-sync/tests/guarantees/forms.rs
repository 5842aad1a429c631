//! Pages that are pinned, documents in place of pages, indexes in parts, and names.

use super::*;

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
fn other_ends_of_lines_are_no_change() {
    let server = petshop();
    let mut world = World::synced(&server);
    let before = world.files();
    let whole = server.page(ORDER);
    // Its block ends with the page, so that the last newline is that of the fence.
    assert!(whole.trim_end().ends_with("````"));
    for text in [whole.trim_end().to_owned(), whole.replace('\n', "\r\n")] {
        server.put(ORDER, Serve::Page(text));
        let report = world.expect(Exit::Done);
        assert_eq!((report.counts.prose, report.changes.len()), (1, 0));
        assert_eq!(world.files(), before);
    }
}
