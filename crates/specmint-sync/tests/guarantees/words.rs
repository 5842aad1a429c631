//! Guarantees 8 to 10: what is said, and that it stays the same.

use super::*;

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

/// One correction.
pub(super) fn overlay(target: &str, update: &str) -> String {
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
