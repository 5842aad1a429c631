//! Lists that come page by page.

use futures_util::{StreamExt as _, TryStreamExt as _};
use serde::Deserialize;
use specmint_client::{Call, Items, Operation, Pages, Pagination, Parameter};

use crate::support::acme::{Api, Client, Credentials, Error, types};
use crate::support::server::{Recorded, Reply, Server};

#[derive(Debug, Deserialize)]
struct Page {
    data: Vec<Item>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Item {
    id: u32,
}

const PARAMETERS: &[Parameter] = &[
    Parameter::query("page"),
    Parameter::query("limit"),
    Parameter::query("filter"),
];

const fn list(pagination: Pagination) -> Operation<types::Error> {
    Operation::new("list", "GET", "/v1/things")
        .parameters(PARAMETERS)
        .pages(pagination.items("/data"))
}

static CURSOR: Operation<types::Error> = list(Pagination::cursor(0, "/meta/next").more("/more"));
static PAGE: Operation<types::Error> = list(Pagination::page(0, 1));
static SIZED_PAGE: Operation<types::Error> = list(Pagination::page(0, 1).size(1, 2, 3));
static COUNTED_PAGE: Operation<types::Error> =
    list(Pagination::page(0, 0).pages("/pages").total("/total"));
static OFFSET: Operation<types::Error> = list(
    Pagination::offset(0, 0)
        .total("/total")
        .more("/more")
        .size(1, 2, 0),
);
static LINK: Operation<types::Error> = Operation::new("list", "GET", "/v1/things")
    .parameters(PARAMETERS)
    .security(&[&[3]])
    .pages(Pagination::link());
static URL: Operation<types::Error> = list(Pagination::url("/next")).security(&[&[0]]);
static NONE: Operation<types::Error> = Operation::new("list", "GET", "/v1/things");

fn client(server: &Server) -> Client {
    Client::builder()
        .base_url(format!("{}/base", server.url()))
        .credentials(Credentials::api_key("k3y").and(3, "qu3ry"))
        .retries(specmint_client::Retries::none())
        .build()
        .expect("a client")
}

fn pages(bodies: &[&str]) -> Vec<Reply> {
    bodies.iter().map(|body| Reply::json(200, body)).collect()
}

/// The ids that come, the error that ends them, and the queries that were sent.
async fn walk(
    operation: &'static Operation<types::Error>,
    replies: Vec<Reply>,
    call: impl for<'a> FnOnce(Call<'a, Api>) -> Call<'a, Api>,
) -> (Vec<u32>, Option<Error>, Vec<String>) {
    let server = Server::new(replies).await;
    let client = client(&server);
    let mut items: Items<'_, Item, _> = call(Call::new(&client, operation)).items();
    let (mut ids, mut error) = (Vec::new(), None);
    while let Some(item) = items.next().await {
        assert!(ids.len() < 50, "it goes on for ever: {ids:?}");
        match item {
            Ok(item) => ids.push(item.id),
            Err(found) => {
                assert!(error.is_none(), "{found}");
                error = Some(found);
            }
        }
    }
    let sent = server.requests();
    let queries = sent
        .iter()
        .map(|request| request.query().unwrap_or_default().to_owned())
        .collect();
    (ids, error, queries)
}

#[tokio::test]
async fn a_token_leads_on_over_empty_pages_to_the_end() {
    for last in [
        r#"{"data":[{"id":3}],"meta":{"next":null}}"#,
        r#"{"data":[{"id":3}],"meta":{"next":""}}"#,
        r#"{"data":[{"id":3}],"meta":{}}"#,
        r#"{"data":[{"id":3}]}"#,
        r#"{"data":[{"id":3}],"meta":{"next":false}}"#,
        r#"{"data":[{"id":3}],"meta":{"next":"t9"},"more":false}"#,
    ] {
        let replies = pages(&[
            r#"{"data":[{"id":1},{"id":2}],"meta":{"next":"a&b="}}"#,
            r#"{"data":[],"meta":{"next":7}}"#,
            r#"{"data":null,"meta":{"next":"t3"}}"#,
            r#"{"meta":{"next":"t4"}}"#,
            last,
        ]);
        let (ids, error, queries) = walk(&CURSOR, replies, |call| {
            let call = call.parameter(Ok(None::<String>)).parameter(Ok(Some(2)));
            call.parameter(Ok("x y"))
        })
        .await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(ids, [1, 2, 3]);
        let rest = "limit=2&filter=x%20y";
        assert_eq!(
            queries,
            [
                rest.to_owned(),
                format!("page=a%26b%3D&{rest}"),
                format!("page=7&{rest}"),
                format!("page=t3&{rest}"),
                format!("page=t4&{rest}"),
            ]
        );
    }
}

#[tokio::test]
async fn a_token_that_comes_again_is_an_error_behind_the_page() {
    // Its neighbour, the one before, and the one that the caller began with.
    for (tokens, begun, expected) in [
        (&["a", "a"][..], None, vec![1, 2]),
        (&["a", "b", "a"], None, vec![1, 2, 3]),
        (&["s"], Some("s"), vec![1]),
    ] {
        let replies = tokens
            .iter()
            .enumerate()
            .map(|(at, token)| {
                let body = format!(
                    r#"{{"data":[{{"id":{}}}],"meta":{{"next":"{token}"}}}}"#,
                    at + 1
                );
                Reply::new(200, "x-request-id: r7\r\n", body)
            })
            .collect();
        let (ids, error, queries) = walk(&CURSOR, replies, |call| call.parameter(Ok(begun))).await;
        assert_eq!(ids, expected);
        assert_eq!(queries.len(), tokens.len());
        let error = error.expect("an error");
        assert_eq!(
            error.to_string(),
            "`list` can't go on to the next page (the server named the same next page twice): \
             200 OK (request id r7)"
        );
        assert!(error.body().starts_with(b"{\"data\""));
    }
    let replies = pages(&[r#"{"data":[],"meta":{"next":{"a":1}}}"#]);
    let (_, error, _) = walk(&CURSOR, replies, |call| call).await;
    let error = error.expect("an object is no token").to_string();
    assert!(error.contains("neither text nor number"), "{error}");
}

#[tokio::test]
async fn pages_are_whole_answers_and_can_be_limited() {
    let body = |id, next| format!(r#"{{"data":[{{"id":{id}}}],"meta":{{"next":"{next}"}}}}"#);
    let replies = [
        Reply::new(200, "x-request-id: r1\r\n", body(1, "t1")),
        Reply::new(200, "x-request-id: r2\r\n", body(2, "t2")),
        Reply::json(404, r#"{"code":"c","message":"gone"}"#),
    ];
    let server = Server::new(replies.clone()).await;
    let client_ = client(&server);
    let pages: Pages<'_, Page, _> = Call::new(&client_, &CURSOR).pages();
    let pages: Vec<_> = pages.max_pages(2).try_collect().await.expect("two pages");
    assert_eq!(server.requests().len(), 2);
    assert_eq!(pages[1].request_id(), Some("r2"));
    assert_eq!(pages[1].data, [Item { id: 2 }]);

    // The third is an error, and the last thing that comes.
    let server = Server::new(replies).await;
    let client_ = client(&server);
    let mut pages: Pages<'_, Page, _> = Call::new(&client_, &CURSOR).pages();
    assert!(pages.next().await.expect("one").is_ok());
    assert!(pages.next().await.expect("two").is_ok());
    let error = pages.next().await.expect("three").expect_err("404");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
    assert!(pages.next().await.is_none());
    assert_eq!(server.requests().len(), 3);

    // Nothing is sent for nothing.
    let server = Server::new([Reply::empty(500)]).await;
    let client_ = client(&server);
    let mut items: Items<'_, Item, _> = Call::new(&client_, &CURSOR).items().max_pages(0);
    assert!(items.next().await.is_none());
    drop(Call::new(&client_, &CURSOR).pages::<Page>());
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_page_that_cannot_be_read_is_an_error_that_names_the_place() {
    let replies = pages(&[
        r#"{"data":[{"id":1}],"meta":{"next":"a"}}"#,
        r#"{"data":[{"id":"no number"}],"meta":{"next":"b"}}"#,
    ]);
    let (ids, error, queries) = walk(&CURSOR, replies, |call| call).await;
    assert_eq!((ids, queries.len()), (vec![1], 2));
    let error = error.expect("an error").to_string();
    assert!(error.contains("in `/data`: at `[0].id`"), "{error}");
    let (_, error, _) = walk(&CURSOR, pages(&["<html>"]), |call| call).await;
    assert!(error.expect("no JSON").to_string().contains("invalid JSON"));
}

#[tokio::test]
async fn page_numbers_end_at_a_short_or_empty_page() {
    let two = |id: u32| format!(r#"{{"data":[{{"id":{id}}},{{"id":{}}}]}}"#, id + 1);
    let one = r#"{"data":[{"id":9}]}"#.to_owned();
    let none = r#"{"data":[]}"#.to_owned();
    let replies = |bodies: &[&String]| bodies.iter().map(|body| Reply::json(200, body)).collect();

    // Nothing is known about the length: shorter than the one before.
    let (ids, error, queries) = walk(&PAGE, replies(&[&two(1), &two(3), &one]), |call| call).await;
    assert!(error.is_none());
    assert_eq!(ids, [1, 2, 3, 4, 9]);
    assert_eq!(queries, ["", "page=2", "page=3"]);
    let (_, error, queries) = walk(&PAGE, replies(&[&two(1), &none]), |call| call).await;
    assert!(error.is_none());
    assert_eq!(queries, ["", "page=2"]);
    // From where the caller says.
    let (_, _, queries) = walk(&PAGE, replies(&[&two(1), &none]), |call| {
        call.parameter(Ok(5))
    })
    .await;
    assert_eq!(queries, ["page=5", "page=6"]);
    // The documented length.
    let (ids, _, queries) = walk(&SIZED_PAGE, replies(&[&one]), |call| call).await;
    assert_eq!((ids, queries.len()), (vec![9], 1));
    // More than the server gives, says its documented maximum: 3.
    let (_, _, queries) = walk(&SIZED_PAGE, replies(&[&two(1)]), |call| {
        call.parameter(Ok(None::<u32>)).parameter(Ok(100))
    })
    .await;
    assert_eq!(queries, ["limit=100"]);
    // The same again and again.
    let (ids, error, queries) = walk(&PAGE, replies(&[&two(1)]), |call| call).await;
    assert_eq!((ids.len(), queries.len()), (4, 2));
    let error = error.expect("an error").to_string();
    assert!(error.contains("the same page twice"), "{error}");
}

#[tokio::test]
async fn a_length_that_the_server_may_cut_is_not_believed() {
    // 100 are asked for, 2 are given, and nothing says that this is the maximum.
    let replies = pages(&[
        r#"{"data":[{"id":1},{"id":2}]}"#,
        r#"{"data":[{"id":3},{"id":4}]}"#,
        r#"{"data":[{"id":5}]}"#,
    ]);
    let (ids, error, queries) = walk(&OFFSET, replies, |call| {
        call.parameter(Ok(None::<u32>)).parameter(Ok(100))
    })
    .await;
    assert!(error.is_none());
    assert_eq!(ids, [1, 2, 3, 4, 5]);
    assert_eq!(
        queries,
        ["limit=100", "page=2&limit=100", "page=4&limit=100"]
    );
}

#[tokio::test]
async fn totals_and_flags_end_a_list() {
    let replies = pages(&[
        r#"{"data":[{"id":1}],"pages":2}"#,
        r#"{"data":[{"id":2}],"pages":2}"#,
    ]);
    let (ids, error, queries) = walk(&COUNTED_PAGE, replies, |call| call).await;
    assert!(error.is_none());
    assert_eq!(ids, [1, 2]);
    assert_eq!(queries, ["", "page=1"]);
    // A page that isn't full is no end while the total says that there is more.
    let replies = pages(&[
        r#"{"data":[{"id":1},{"id":2}],"total":4}"#,
        r#"{"data":[{"id":3}],"total":4}"#,
        r#"{"data":[{"id":4}],"total":4}"#,
    ]);
    let (ids, error, queries) = walk(&OFFSET, replies, |call| call).await;
    assert!(error.is_none());
    assert_eq!(ids, [1, 2, 3, 4]);
    assert_eq!(queries, ["", "page=2", "page=3"]);
    // A total that is the length of a full page may be just that.
    let replies = pages(&[
        r#"{"data":[{"id":1},{"id":2}],"total":2}"#,
        r#"{"data":[{"id":3}],"total":1}"#,
    ]);
    let (ids, _, _) = walk(&OFFSET, replies, |call| call).await;
    assert_eq!(ids, [1, 2, 3]);
    let replies = pages(&[
        r#"{"data":[{"id":1}],"more":true}"#,
        r#"{"data":[{"id":2},{"id":3}],"more":false}"#,
    ]);
    let (ids, _, queries) = walk(&OFFSET, replies, |call| call).await;
    assert_eq!(ids, [1, 2, 3]);
    assert_eq!(queries, ["", "page=1"]);
    let replies = pages(&[r#"{"data":[],"more":true}"#]);
    let (_, error, _) = walk(&OFFSET, replies, |call| call).await;
    assert!(
        error
            .expect("no end in sight")
            .to_string()
            .contains("gave nothing")
    );
}

#[tokio::test]
async fn links_are_followed_on_their_own_server_alone() {
    let link = |target: &str, id: u32| {
        let header = format!("link: <{target}>; rel=\"next\"\r\n");
        Reply::new(200, &header, format!("[{{\"id\":{id}}}]"))
    };
    // The key is in the server's address already, and is sent once.
    let replies = vec![
        link("things?after=1&api+key=qu3ry#top", 1),
        link("/elsewhere?after=2", 2),
        link("?after=3", 3),
        Reply::json(200, r#"[{"id":4}]"#),
    ];
    let server = Server::new(replies).await;
    let client_ = client(&server);
    let items: Items<'_, Item, _> = Call::new(&client_, &LINK)
        .parameter(Ok(None::<u32>))
        .parameter(Ok(1))
        .items();
    let ids: Vec<u32> = items
        .map_ok(|item| item.id)
        .try_collect()
        .await
        .expect("all");
    assert_eq!(ids, [1, 2, 3, 4]);
    let requests = server.requests();
    let targets: Vec<&str> = requests.iter().map(Recorded::target).collect();
    assert_eq!(
        targets,
        [
            "/base/v1/things?limit=1&api%20key=qu3ry",
            "/base/v1/things?after=1&api%20key=qu3ry",
            "/elsewhere?after=2&api%20key=qu3ry",
            "/elsewhere?after=3&api%20key=qu3ry",
        ]
    );

    let other = Server::new([Reply::json(200, "[]")]).await;
    for target in [
        format!("{}/base/v1/things", other.url()),
        "https://127.0.0.1/base/v1/things".to_owned(),
        "//evil.test/x".to_owned(),
        "http://[".to_owned(),
        server.url().replace("//", "//user:pass@"),
    ] {
        let (ids, error, queries) = walk(&LINK, vec![link(&target, 1)], |call| call).await;
        assert_eq!((ids, queries.len()), (vec![1], 1), "{target}");
        let error = error.expect("an error").to_string();
        assert!(error.contains("next page"), "{error}");
        assert!(
            !error.contains("evil") && !error.contains("pass"),
            "{error}"
        );
    }
    assert!(other.requests().is_empty());
    // Round and round.
    let (ids, error, _) = walk(
        &LINK,
        vec![link("?a=1", 1), link("?a=2", 2), link("?a=1", 3)],
        |call| call,
    )
    .await;
    assert_eq!(ids, [1, 2, 3]);
    assert!(error.expect("an error").to_string().contains("twice"));
}

#[tokio::test]
async fn addresses_in_the_body_are_followed_with_credentials() {
    let server = Server::new(pages(&[
        r#"{"data":[{"id":1}],"next":"/base/v1/things?page=2"}"#,
        r#"{"data":[{"id":2}],"next":null}"#,
    ]))
    .await;
    let client_ = client(&server);
    let items: Items<'_, Item, _> = Call::new(&client_, &URL).items();
    let ids: Vec<u32> = items
        .map_ok(|item| item.id)
        .try_collect()
        .await
        .expect("all");
    assert_eq!(ids, [1, 2]);
    let requests = server.requests();
    assert_eq!(requests[1].line(), "GET /base/v1/things?page=2");
    assert_eq!(requests[1].header("authorization"), Some("k3y"));
    let replies = pages(&[r#"{"data":[],"next":"https://evil.test/"}"#]);
    let (_, error, _) = walk(&URL, replies, |call| call).await;
    let error = error.expect("an error").to_string();
    assert!(error.contains("may not see credentials"), "{error}");
}

#[tokio::test]
async fn a_list_without_a_word_in_the_table_is_one_page() {
    let server = Server::new(pages(&[r#"{"data":[],"next":"x"}"#])).await;
    let client_ = client(&server);
    let pages: Pages<'_, Page, _> = Call::new(&client_, &NONE).pages();
    assert_eq!(pages.count().await, 1);
    assert_eq!(server.requests().len(), 1);
}

static AFTER: Operation<types::Error> = list(Pagination::after(0, "/id").more("/more"));
static AFTER_UNSAID: Operation<types::Error> = list(Pagination::after(0, "/id"));

#[tokio::test]
async fn the_last_item_leads_on() {
    let replies = pages(&[
        r#"{"data":[{"id":1},{"id":2}],"more":true}"#,
        r#"{"data":[{"id":3}],"more":true}"#,
        r#"{"data":[{"id":4}],"more":false}"#,
    ]);
    let (ids, error, queries) = walk(&AFTER, replies, |call| call).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(ids, [1, 2, 3, 4]);
    assert_eq!(queries, ["", "page=2", "page=3"]);
    // Where nothing says that it is over, an empty page does.
    let replies = pages(&[r#"{"data":[{"id":1}]}"#, r#"{"data":[]}"#]);
    let (ids, error, queries) = walk(&AFTER_UNSAID, replies, |call| call).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!((ids, queries.len()), (vec![1], 2));
    // What can't go on is an error: more of nothing, an item without a name, the same item again.
    for (bodies, begun, expected) in [
        (&[r#"{"data":[],"more":true}"#][..], None, "gave nothing"),
        (
            &[r#"{"data":[{"id":1}],"more":true}"#],
            Some("1"),
            "same next page twice",
        ),
        (
            &[r#"{"data":[{"id":1}],"more":true}"#],
            None,
            "same next page twice",
        ),
    ] {
        let (_, error, queries) =
            walk(&AFTER, pages(bodies), |call| call.parameter(Ok(begun))).await;
        let error = error.expect(expected).to_string();
        assert!(error.contains(expected), "{error}");
        assert!(queries.len() <= 2, "{queries:?}");
    }
    let server = Server::new(pages(&[r#"{"data":[{"name":"x"}],"more":true}"#])).await;
    let client_ = client(&server);
    let mut pages: Pages<'_, serde_json::Value, _> = Call::new(&client_, &AFTER).pages();
    assert!(pages.next().await.expect("one").is_ok());
    let error = pages.next().await.expect("an error").expect_err("no id");
    assert!(error.to_string().contains("has no `/id`"), "{error}");
    assert!(pages.next().await.is_none());
}

static SEARCH: Operation<types::Error> = Operation::new("search", "POST", "/v1/search").pages(
    Pagination::cursor_in_body("/page/start", "/next")
        .items("/data")
        .more("/more"),
);
static NUMBERED: Operation<types::Error> = Operation::new("search", "POST", "/v1/search")
    .body("application/vnd.acme+json")
    .pages(Pagination::page_in_body("/page", 0).items("/data"));
static PASSED: Operation<types::Error> = Operation::new("search", "POST", "/v1/search")
    .pages(Pagination::offset_in_body("/skip", 0).items("/data"));
static AFTER_IN_BODY: Operation<types::Error> = Operation::new("search", "POST", "/v1/search")
    .pages(Pagination::after_in_body("/after", "/id").items("/data"));

/// The ids that come, the error that ends them, and the bodies that were sent.
async fn post(
    operation: &'static Operation<types::Error>,
    replies: &[&str],
    call: impl for<'a> FnOnce(Call<'a, Api>) -> Call<'a, Api>,
) -> (Vec<u32>, Option<Error>, Vec<Recorded>) {
    let server = Server::new(pages(replies)).await;
    let client = client(&server);
    let mut items: Items<'_, Item, _> = call(Call::new(&client, operation)).items();
    let (mut ids, mut error) = (Vec::new(), None);
    while let Some(item) = items.next().await {
        assert!(ids.len() < 50, "it goes on for ever: {ids:?}");
        match item {
            Ok(item) => ids.push(item.id),
            Err(found) => error = Some(found),
        }
    }
    (ids, error, server.requests())
}

fn bodies(requests: &[Recorded]) -> Vec<String> {
    requests.iter().map(Recorded::text).collect()
}

#[tokio::test]
async fn a_body_can_ask_for_the_next_page() {
    let replies = [
        r#"{"data":[{"id":1}],"next":"a\"b","more":true}"#,
        r#"{"data":[],"next":"c","more":true}"#,
        r#"{"data":[{"id":2}],"next":"d","more":false}"#,
    ];
    let query = r#"{"query":"x","size":1.10}"#;
    let raw: &serde_json::value::RawValue = serde_json::from_str(query).expect("JSON");
    let (ids, error, sent) = post(&SEARCH, &replies, |call| call.json_body(Ok(raw))).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(ids, [1, 2]);
    assert_eq!(
        bodies(&sent),
        [
            query,
            r#"{"query":"x","size":1.10,"page":{"start":"a\"b"}}"#,
            r#"{"query":"x","size":1.10,"page":{"start":"c"}}"#,
        ]
    );
    for request in &sent {
        assert_eq!(request.header("content-type"), Some("application/json"));
    }
    // Without a body there is one from the second page on.
    let (ids, error, sent) = post(&SEARCH, &replies, |call| {
        call.optional_json_body(Ok(None::<u8>))
    })
    .await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(ids, [1, 2]);
    assert_eq!(bodies(&sent)[..2], ["", r#"{"page":{"start":"a\"b"}}"#]);
    assert_eq!(sent[1].header("content-type"), Some("application/json"));

    // The same guards as elsewhere.
    let same = [r#"{"data":[{"id":1}],"next":"a"}"#];
    let (ids, error, _) = post(&SEARCH, &same, |call| call).await;
    assert_eq!(ids, [1, 1]);
    let error = error.expect("a circle").to_string();
    assert!(error.contains("same next page twice"), "{error}");
    let (ids, error, _) = post(&SEARCH, &same, |call| {
        call.json_body(Ok(serde_json::json!({"page": {"start": "a"}})))
    })
    .await;
    assert_eq!(ids, [1]);
    let error = error.expect("where it began").to_string();
    assert!(error.contains("same next page twice"), "{error}");
    // A body that has no place for it.
    let form = || specmint_client::Form::new().text("a", "b");
    for (ids, error, sent) in [
        post(&SEARCH, &same, |call| call.multipart_form(form())).await,
        post(&SEARCH, &same, |call| call.json_body(Ok([1, 2]))).await,
    ] {
        assert_eq!((ids, sent.len()), (vec![1], 1));
        let error = error.expect("no place").to_string();
        assert!(error.contains("can't go on to the next page"), "{error}");
    }
}

#[tokio::test]
async fn a_body_can_count_pages_and_items() {
    let replies = [
        r#"{"data":[{"id":1},{"id":2}]}"#,
        r#"{"data":[{"id":3},{"id":4}]}"#,
        r#"{"data":[{"id":5}]}"#,
    ];
    let (ids, error, sent) = post(&NUMBERED, &replies, |call| {
        call.json_body(Ok(serde_json::json!({"page": 3})))
    })
    .await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(ids, [1, 2, 3, 4, 5]);
    assert_eq!(
        bodies(&sent),
        [r#"{"page":3}"#, r#"{"page":4}"#, r#"{"page":5}"#]
    );
    assert_eq!(
        sent[2].header("content-type"),
        Some("application/vnd.acme+json")
    );
    let (ids, _, sent) = post(&PASSED, &replies, |call| call).await;
    assert_eq!(ids, [1, 2, 3, 4, 5]);
    assert_eq!(bodies(&sent), ["", r#"{"skip":2}"#, r#"{"skip":4}"#]);
    let ends = [replies[0], r#"{"data":[]}"#];
    let (ids, _, sent) = post(&AFTER_IN_BODY, &ends, |call| call).await;
    assert_eq!(ids, [1, 2]);
    assert_eq!(bodies(&sent), ["", r#"{"after":2}"#]);
}
