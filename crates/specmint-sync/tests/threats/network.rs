//! Redirects, private addresses, endless answers, storms, rules for robots, certificates.

use super::*;

#[test]
fn redirects_stay_on_their_host_and_are_three_at_most() {
    for status in [301, 302, 303, 307, 308] {
        let server = petshop();
        server.put("/moved", Serve::Page("# Moved\n".to_owned()));
        server.put("/one", Serve::redirect(status, "/two"));
        server.put(
            "/two",
            Serve::redirect(status, &format!("{}/three", server.base())),
        );
        server.put("/three", Serve::redirect(status, "moved"));
        assert!(
            matches!(get(&server, "/one"), Ok(Answer::Body(_))),
            "{status}"
        );
        server.put("/three", Serve::redirect(status, "/four"));
        server.put("/four", Serve::redirect(status, "/moved"));
        assert!(matches!(
            get(&server, "/one"),
            Err(Cause::Redirect(_, _, "too many redirects"))
        ));
    }
}

#[test]
fn a_redirect_to_another_host_names_both_ends_and_asks_nobody_there() {
    let (server, other) = (petshop(), petshop());
    for (to, why) in [
        (format!("{}/llms.txt", other.base()), "another host"),
        ("https://evil.test/llms.txt".to_owned(), "another host"),
        ("//evil.test/llms.txt".to_owned(), "another host"),
        ("http://user@127.0.0.1/".to_owned(), "another host"),
        ("file:///etc/passwd".to_owned(), "another host"),
        (String::new(), ""),
    ] {
        server.put("/llms.txt", Serve::redirect(302, &to));
        let report = World::new(&server).expect(Exit::Failed);
        must_say(&report, "S1003", why);
        must_say(&report, "S1003", &server.base());
    }
    assert!(other.requests().is_empty());
}

#[test]
fn a_redirect_loop_ends() {
    let server = petshop();
    server.put("/llms.txt", Serve::redirect(301, "/llms.txt"));
    must_say(
        &World::new(&server).expect(Exit::Failed),
        "S1003",
        "too many redirects",
    );
    assert_eq!(server.count("/llms.txt"), 4);
}

#[test]
fn a_redirect_past_robots_txt_is_not_followed() {
    let server = petshop();
    server.put(
        "/robots.txt",
        Serve::Page("User-agent: *\nDisallow: /private\n".to_owned()),
    );
    let page = server.page(LIST);
    server.put("/private/list.md", Serve::Page(page));
    server.put(LIST, Serve::redirect(302, "/private/list.md"));
    let report = World::new(&server).expect(Exit::Failed);
    must_say(&report, "S1005", "`Disallow: /private` (line 2)");
    assert_eq!(server.count("/private/list.md"), 0);
}

#[test]
fn not_modified_without_a_question_is_no_page() {
    let server = petshop();
    server.put(LIST, Serve::status(304));
    let report = World::new(&server).expect(Exit::Failed);
    must_say(&report, "S1201", "304 to a plain request");
    server.put("/llms.txt", Serve::status(304));
    let report = World::new(&server).expect(Exit::Failed);
    must_say(&report, "S1203", "304 to a plain request");
}

#[test]
fn the_address_that_was_checked_is_the_one_that_is_dialled() {
    // A name that only this lookup knows, and that leads elsewhere the second time.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has a port");
    let port = listener.local_addr().expect("it is bound").port();
    let asked = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = asked.clone();
    let lookup: Lookup = Arc::new(move |name| {
        assert_eq!(name, "docs.petshop.test");
        let first = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
        let address = if first { "127.0.0.1" } else { "127.66.66.66" };
        Box::pin(async move { Ok(vec![address.parse().expect("it is an address")]) })
    });
    listener
        .set_nonblocking(true)
        .expect("nobody waits for who doesn't come");
    let url = Url::parse(&format!("https://docs.petshop.test:{port}/llms.txt")).expect("it is one");
    let mut policy = Policy::new(true);
    policy.allow_url(&url);
    let mut limits = impatient();
    limits.schedule.tries = 1;
    assert!(fetched_within(limits, policy, &url, lookup, 1000).is_err());
    let (stream, _) = listener.accept().expect("somebody came");
    let dialled = stream.local_addr().expect("it is connected").ip();
    assert_eq!(dialled, IpAddr::from([127, 0, 0, 1]));
    assert_eq!(asked.load(std::sync::atomic::Ordering::SeqCst), 1);
}

#[test]
fn a_name_that_leads_into_a_private_network_is_not_dialled() {
    let server = petshop();
    for address in [
        "127.0.0.1",
        "10.0.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.0.1",
        "::1",
        "fe80::1",
        "fc00::1",
        "::ffff:127.0.0.1",
    ] {
        let ip: IpAddr = address.parse().expect("it is an address");
        let lookup: Lookup = Arc::new(move |_| Box::pin(async move { Ok(vec![ip]) }));
        let url = Url::parse(&format!(
            "https://docs.petshop.test:{}/llms.txt",
            server.port
        ))
        .expect("it is one");
        let mut policy = Policy::new(false);
        policy.allow_url(&url);
        match fetched(policy, &url, lookup, 1000) {
            Err(Cause::RobotsUnknown(why)) => {
                assert!(why.contains("not a public address"), "{why}");
            }
            other => panic!("{address}: {other:?}"),
        }
    }
    assert!(server.requests().is_empty());
}

fn gzip(bytes: usize) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let piece = vec![b'a'; 1 << 20];
    for _ in 0..bytes >> 20 {
        encoder.write_all(&piece).expect("memory is writable");
    }
    encoder.finish().expect("memory is writable")
}

#[test]
fn a_decompression_bomb_stops_at_the_bound() {
    let server = petshop();
    let bomb = gzip(256 << 20);
    assert!(bomb.len() < 1 << 20, "the bomb is small on the wire");
    let headers = vec![
        ("Content-Encoding".to_owned(), "gzip".to_owned()),
        ("Content-Type".to_owned(), "text/markdown".to_owned()),
    ];
    server.put("/bomb.md", Serve::Raw(200, headers, bomb));
    assert_eq!(get(&server, "/bomb.md"), Err(Cause::TooLarge(4 << 20)));
    assert_eq!(server.count("/bomb.md"), 1, "once is enough");
}

#[test]
fn an_endless_body_stops_at_the_bound() {
    let server = petshop();
    server.put("/endless.md", Serve::Endless);
    assert_eq!(get(&server, "/endless.md"), Err(Cause::TooLarge(4 << 20)));
}

#[test]
fn a_slow_loris_is_given_up() {
    let server = petshop();
    server.put("/drip.md", Serve::Drip);
    server.put("/late.md", Serve::Slow(Duration::from_secs(60), Vec::new()));
    for path in ["/drip.md", "/late.md"] {
        // Neither would ever end by itself.
        assert_eq!(get(&server, path), Err(Cause::Timeout), "{path}");
    }
}

#[test]
fn a_silent_server_is_given_up_long_before_the_time_for_an_answer() {
    let server = petshop();
    server.put(
        LIST,
        Serve::Slow(Duration::from_secs(5), b"# Late\n".to_vec()),
    );
    let url = Url::parse(&format!("{}{LIST}", server.base())).expect("it is an address");
    let mut policy = Policy::new(true);
    policy.allow_url(&url);
    let mut limits = impatient();
    limits.total = Duration::from_secs(60);
    limits.schedule.tries = 1;
    let found = fetched_within(limits, policy, &url, net::system(), 1000);
    assert_eq!(found, Err(Cause::Timeout));
}

#[test]
fn a_storm_of_faults_ends_in_nothing_written() {
    let faults: Vec<Serve> = vec![
        Serve::Reset,
        Serve::status(500),
        Serve::status(502),
        Serve::Raw(
            503,
            vec![("Retry-After".to_owned(), "0".to_owned())],
            Vec::new(),
        ),
        Serve::Raw(
            429,
            vec![(
                "Retry-After".to_owned(),
                "Sun, 06 Nov 1994 08:49:37 GMT".to_owned(),
            )],
            Vec::new(),
        ),
        Serve::Slow(Duration::from_secs(2), Vec::new()),
        Serve::Cut(10_000, b"# x".to_vec()),
        Serve::Raw(
            200,
            vec![("Content-Encoding".to_owned(), "gzip".to_owned())],
            gzip(1 << 20)[..500].to_vec(),
        ),
    ];
    for fault in faults {
        let server = petshop();
        let mut world = World::synced(&server);
        let before = world.files();
        let page = Serve::Page(server.page(LIST).replace("maximum: 100", "maximum: 7"));
        server.put(LIST, fault.clone());
        must_say(&world.expect(Exit::Failed), "S1201", "after 4 tries");
        assert_eq!(world.files(), before);
        server.put(LIST, Serve::First(2, Box::new(fault), Box::new(page)));
        assert_eq!(world.expect(Exit::Done).status, Status::Wrote);
    }
}

#[test]
fn robots_txt_that_forbids_is_the_end_and_its_rule_is_named() {
    let server = petshop();
    server.put(
        "/robots.txt",
        Serve::Page("User-agent: *\nDisallow: /api-reference\n".to_owned()),
    );
    let mut world = World::new(&server);
    let report = world.expect(Exit::Failed);
    must_say(&report, "S1005", "`Disallow: /api-reference` (line 2)");
    must_say(&report, "S1005", "--from DIR");
    assert!(
        server
            .requests()
            .iter()
            .all(|r| !r.path.starts_with("/api-reference"))
    );
    world.options.from = Some(fixture("petshop"));
    world.expect(Exit::Done);
}

#[test]
fn robots_txt_that_can_not_be_read_is_no_permission() {
    let server = petshop();
    server.put("/robots.txt", Serve::status(500));
    let report = World::new(&server).expect(Exit::Failed);
    must_say(&report, "S1203", "robots.txt could not be read");
    assert_eq!(server.count("/llms.txt"), 0);
}

#[test]
fn an_untrusted_certificate_is_no_connection() {
    let _ = tokio_rustls::rustls::crypto::aws_lc_rs::default_provider().install_default();
    let made =
        rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("it can be made");
    let key =
        tokio_rustls::rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der())
            .expect("it is a key");
    let config = tokio_rustls::rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("they belong together");
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be built");
    let listener = runtime
        .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
        .expect("loopback has a port");
    let port = listener.local_addr().expect("it is bound").port();
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = acceptor.accept(stream).await;
        }
    });
    let url = Url::parse(&format!("https://localhost:{port}/llms.txt")).expect("it is an address");
    let mut policy = Policy::new(true);
    policy.allow_url(&url);
    match fetched(policy, &url, net::system(), 1000) {
        Err(Cause::RobotsUnknown(why)) => assert!(why.contains("no trusted connection"), "{why}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn nothing_here_accepts_invalid_certificates() {
    let mut left = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(dir) = left.pop() {
        for entry in fs::read_dir(dir).expect("it is there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                left.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).expect("it is text");
                assert!(!text.contains("danger_"), "{}", path.display());
            }
        }
    }
}
