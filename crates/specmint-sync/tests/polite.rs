//! How a site is treated: introduced to, asked at its pace, within bounds.

mod support;

use specmint_sync::{Exit, report, report::Status};
use support::{
    Serve,
    world::{World, many, must_say, petshop},
};

const LIST: &str = "/api-reference/pets/list-pets.md";

// --- 6: polite --------------------------------------------------------------------------------

#[test]
fn g6_it_introduces_itself_and_asks_for_robots_first() {
    let server = petshop();
    let _world = World::new(&server).expect(Exit::Done);
    let requests = server.requests();
    assert_eq!(requests[0].path, "/robots.txt");
    for request in &requests {
        let agent = &request.headers["user-agent"];
        assert!(
            agent.starts_with("specmint-sync/") && agent.contains("(+https://"),
            "{agent}"
        );
        assert!(
            !request.headers.contains_key("referer") && !request.headers.contains_key("cookie")
        );
    }
    assert_eq!(server.count("/robots.txt"), 1);
}

#[test]
fn g6_at_most_four_requests_at_a_time() {
    let server = petshop();
    many(&server, 40);
    server.delay(std::time::Duration::from_millis(5));
    let mut world = World::new(&server);
    world.options.jobs = 64;
    world.expect(Exit::Done);
    assert_eq!(server.most_at_once(), 4);
}

#[test]
fn five_hundred_pages_come_once_and_are_then_not_modified() {
    let server = petshop();
    many(&server, 496);
    let mut world = World::new(&server);
    let report = world.expect(Exit::Done);
    assert_eq!((report.counts.pages, report.counts.added), (501, 501));
    assert_eq!(report.operations.1, 500);
    let before = world.files();
    assert_eq!(before.len(), 503, "pages, api.toml and specs.lock");
    server.forget();
    let report = world.expect(Exit::Done);
    assert_eq!((report.status, report.counts.same), (Status::UpToDate, 501));
    assert_eq!(world.files(), before);
    let requests = server.requests();
    // robots.txt, the index, and every page and guide by its validator.
    assert_eq!(requests.len(), 2 + 502);
    let plain = requests
        .iter()
        .filter(|r| !r.headers.contains_key("if-none-match"));
    assert_eq!(plain.count(), 2);
    // One of them changes: it alone is written.
    server.edit(
        "/api-reference/more/get-250.md",
        "operationId: getMore250",
        "operationId: more",
    );
    let report = world.expect(Exit::Done);
    assert_eq!((report.counts.same, report.counts.changed), (500, 1));
    assert_eq!(report.wrote_pages, 1);
    // A report of hundreds of changes still fits the body of a pull request.
    server.edit_all("operationId: getMore", "operationId: fetchMore");
    world.options.dry_run = true;
    let report = world.run().reports.remove(0);
    assert!(report.diffs.len() > 400, "{}", report.diffs.len());
    let markdown = report::markdown(&[report]);
    assert!(
        markdown.chars().count() < 65_536,
        "{}",
        markdown.chars().count()
    );
    assert!(markdown.contains("more are in the JSON report"));
    assert!(markdown.contains("pages more are in the commit itself"));
    assert!(markdown.contains("</details>"));
}

#[test]
fn g6_the_crawl_delay_is_obeyed() {
    let server = petshop();
    server.put(
        "/robots.txt",
        Serve::Page("User-agent: *\nCrawl-delay: 0.05\n".to_owned()),
    );
    let begun = std::time::Instant::now();
    World::new(&server).expect(Exit::Done);
    let requests = server.requests();
    let pages = requests.iter().filter(|r| r.path != "/robots.txt");
    // One may be late and the next one not, so that two come closer than they were sent; none can be
    // earlier than all delays before it.
    for (before, request) in (0..).zip(pages) {
        let took = request.at.duration_since(begun);
        let least = std::time::Duration::from_millis(50) * before;
        assert!(took >= least, "{took:?} for {before} delays");
    }
}

#[test]
fn g6_retry_after_is_obeyed_and_too_long_is_the_end() {
    let server = petshop();
    let busy = |after: &str| {
        Serve::Raw(
            429,
            vec![("Retry-After".to_owned(), after.to_owned())],
            Vec::new(),
        )
    };
    let page = Serve::Page(server.page(LIST));
    server.put(
        LIST,
        Serve::First(1, Box::new(busy("1")), Box::new(page.clone())),
    );
    World::new(&server).expect(Exit::Done);
    let times: Vec<_> = server
        .requests()
        .iter()
        .filter(|r| r.path == LIST)
        .map(|r| r.at)
        .collect();
    assert_eq!(times.len(), 2);
    assert!(times[1].duration_since(times[0]) >= std::time::Duration::from_secs(1));

    // A date is a time too.
    server.forget();
    let begun = (std::time::Instant::now(), std::time::SystemTime::now());
    let date = httpdate::fmt_http_date(begun.1 + std::time::Duration::from_secs(2));
    let first = busy(&date);
    server.put(LIST, Serve::First(1, Box::new(first), Box::new(page)));
    World::new(&server).expect(Exit::Done);
    let times: Vec<_> = server
        .requests()
        .iter()
        .filter(|r| r.path == LIST)
        .map(|r| r.at)
        .collect();
    // Its seconds are whole ones.
    let left = httpdate::parse_http_date(&date).map(|date| date.duration_since(begun.1));
    let left = left.expect("it was written so").expect("it is to come");
    assert!(times[1].duration_since(begun.0) >= left);

    server.forget();
    server.put(LIST, busy("121"));
    let report = World::new(&server).expect(Exit::Failed);
    must_say(&report, "S1201", "429, Retry-After: 121");
    assert_eq!(server.count(LIST), 1);
}

#[test]
fn g6_a_host_that_wants_a_rest_is_left_alone_by_all_requests() {
    let server = petshop();
    many(&server, 40);
    let busy = |after: &str| {
        let headers = vec![("Retry-After".to_owned(), after.to_owned())];
        Serve::Raw(429, headers, Vec::new())
    };
    let path = |number: usize| format!("/api-reference/more/get-{number}.md");
    let page = Serve::Page(server.page(&path(0)));
    let asked = |server: &support::Server| -> Vec<std::time::Instant> {
        let requests = server.requests();
        let pages = requests.iter().filter(|r| r.path.contains("/more/"));
        pages.map(|r| r.at).collect()
    };
    // For a second: nobody comes within it, not for the other pages either.
    server.put(
        &path(0),
        Serve::First(1, Box::new(busy("1")), Box::new(page)),
    );
    let mut world = World::new(&server);
    world.options.jobs = 1;
    world.expect(Exit::Done);
    let times = asked(&server);
    assert_eq!(times.len(), 41);
    let second = std::time::Duration::from_millis(900);
    let early = times
        .iter()
        .filter(|at| at.duration_since(times[0]) < second);
    assert_eq!(early.count(), 1, "{times:?}");
    // For longer than anybody waits: that is the end.
    server.forget();
    for number in 0..40 {
        server.put(&path(number), busy("121"));
    }
    let report = World::new(&server).expect(Exit::Failed);
    must_say(&report, "S1201", "429, Retry-After: 121");
    must_say(
        &report,
        "S1201",
        "not asked for: the host wants a rest of 121s",
    );
    assert!(asked(&server).len() <= 4, "{}", asked(&server).len());
}

#[test]
fn g6_four_tries_for_what_may_pass_and_one_for_what_may_not() {
    for (status, tries) in [
        (500, 4),
        (503, 4),
        (429, 4),
        (408, 4),
        (425, 4),
        (400, 1),
        (401, 1),
        (403, 1),
    ] {
        let server = petshop();
        server.put(LIST, Serve::status(status));
        must_say(
            &World::new(&server).expect(Exit::Failed),
            "S1201",
            &status.to_string(),
        );
        assert_eq!(server.count(LIST), tries, "{status}");
    }
    let server = petshop();
    let page = Serve::Page(server.page(LIST));
    server.put(
        LIST,
        Serve::First(3, Box::new(Serve::Reset), Box::new(page)),
    );
    World::new(&server).expect(Exit::Done);
    // The client itself may repeat a request whose kept connection was closed unused.
    assert!(server.count(LIST) >= 4);
}

#[test]
fn g6_the_budget_ends_everything() {
    let server = petshop();
    server.put(
        "/robots.txt",
        Serve::Page("User-agent: *\nCrawl-delay: 5\n".to_owned()),
    );
    let mut world = World::new(&server);
    world.options.limits.budget = std::time::Duration::from_millis(500);
    // Without a budget it would take half a minute, and succeed.
    must_say(&world.expect(Exit::Failed), "S1006", "time for one API");
}

// --- 7: bounded -------------------------------------------------------------------------------

#[test]
fn g7_every_bound_holds() {
    let limited = |change: &dyn Fn(&mut World), server: &support::Server| {
        let mut world = World::new(server);
        change(&mut world);
        world.expect(Exit::Failed)
    };
    let server = petshop();
    let report = limited(&|w| w.options.limits.index_bytes = 100, &server);
    must_say(&report, "S1006", "larger than 100 bytes");
    let report = limited(&|w| w.options.limits.page_bytes = 1000, &server);
    must_say(&report, "S1201", "larger than 1000 bytes");
    let report = limited(&|w| w.options.limits.sync_bytes = 3000, &server);
    must_say(&report, "S1006", "more than 3000 bytes in all");
    let report = limited(&|w| w.options.limits.pages = 3, &server);
    must_say(&report, "S1006", "lists 6 pages; at most 3");
    let parts: String = (0..51)
        .map(|part| format!("- [Part](/_llms/{part}.md)\n"))
        .collect();
    server.put("/llms.txt", Serve::Page(format!("# Petshop\n\n{parts}")));
    let report = limited(&|_| (), &server);
    must_say(&report, "S1006", "more than 50 parts");
    let limits = specmint_sync::fetch::Limits::default();
    assert_eq!(
        (
            limits.index_bytes,
            limits.page_bytes,
            limits.pages,
            limits.sync_bytes,
            limits.in_flight
        ),
        (2 << 20, 4 << 20, 2000, 64 << 20, 4)
    );
    assert_eq!(
        (
            limits.schedule.tries,
            limits.budget.as_secs(),
            limits.schedule.retry_after.as_secs()
        ),
        (4, 600, 120)
    );
}
