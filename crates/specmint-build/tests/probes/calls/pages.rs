use probes::{pagination, pagination_stated};

use crate::server::{Server, answer, json};

/// All items of a list, the error that ended it, and what was asked.
macro_rules! list {
    ($api:ident, $replies:expr, |$client:ident| $call:expr) => {{
        let server = Server::script($replies);
        let $client = probes::$api::Client::builder()
            .base_url(&server.url)
            .retries(probes::$api::Retries::none())
            .build()
            .expect("a client");
        let mut stream = $call.stream();
        let mut items = Vec::new();
        let mut error = None;
        while let Some(item) = stream.next().await {
            match item {
                Ok(item) => items.push(item),
                Err(found) => error = Some(found.to_string()),
            }
        }
        let lines: Vec<String> = server
            .requests()
            .iter()
            .map(|request| request.line().to_owned())
            .collect();
        (items, error, lines)
    }};
}

#[tokio::test]
async fn a_token_is_taken_from_page_to_page() {
    let replies = [
        json(200, r#"{"data":[{"id":"a"},{"id":"b"}],"totalItems":3,"nextPageToken":"t/1"}"#),
        json(200, r#"{"data":[],"totalItems":3,"nextPageToken":"t2"}"#),
        json(200, r#"{"data":[{"id":"c","direction":"sideways"}],"totalItems":3,"nextPageToken":null}"#),
    ];
    let (items, error, lines) = list!(pagination, replies.clone(), |c| c
        .list_calls()
        .phone_number("+1"));
    assert_eq!(error, None);
    let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(ids, ["a", "b", "c"]);
    assert_eq!(
        lines,
        [
            "GET /tokens?phoneNumber=%2B1",
            "GET /tokens?phoneNumber=%2B1&pageToken=t%2F1",
            "GET /tokens?phoneNumber=%2B1&pageToken=t2",
        ]
    );

    // Page by page, as whole answers, and no further than wanted.
    let server = Server::script(replies);
    let client = pagination::Client::builder()
        .base_url(&server.url)
        .build()
        .expect("a client");
    let mut pages = client.list_calls().phone_number("+1").pages().max_pages(2);
    let first: pagination::Answer<_> = pages.next().await.expect("a page");
    let first = first.expect("a good one");
    assert_eq!((first.status().as_u16(), first.total_items), (200, 3));
    assert_eq!(first.next_page_token.as_deref(), Some("t/1"));
    assert!(pages.next().await.expect("a page").expect("it").data.is_empty());
    assert!(pages.next().await.is_none());
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_token_that_repeats_and_an_error_end_the_list() {
    let same = json(200, r#"{"data":[{"id":"a"}],"totalItems":3,"nextPageToken":"t"}"#);
    let (items, error, lines) = list!(pagination, [same.clone()], |c| c
        .list_calls()
        .phone_number("1"));
    assert_eq!((items.len(), lines.len()), (2, 2));
    assert!(error.expect("an error").contains("same next page twice"));
    let (items, error, lines) = list!(
        pagination,
        [same, json(401, r#"{"message":"no"}"#)],
        |c| c.list_calls().phone_number("1")
    );
    assert_eq!((items.len(), lines.len()), (1, 2));
    assert_eq!(error.as_deref(), Some("`list_calls` failed: 401 Unauthorized"));
    // What is wrong with the call itself is the first thing that comes.
    let (items, error, lines) = list!(pagination, [""], |c| c.list_calls());
    assert_eq!((items.len(), lines.len()), (0, 0));
    assert!(error.expect("an error").contains("phoneNumber"));
}

#[tokio::test]
async fn fields_may_be_wrapped() {
    let (items, error, lines) = list!(
        pagination,
        [
            json(200, r#"{"meta":{"pagination":{"next_cursor":"c1","has_more":true}},"result":{"calls":[{"id":1}]}}"#),
            json(200, r#"{"meta":{"pagination":{"next_cursor":"c2","has_more":false}},"result":{"calls":[{"id":2}]}}"#),
        ],
        |c| c.list_wrapped()
    );
    assert_eq!(error, None);
    assert_eq!(items.iter().map(|it| it.id).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(lines, ["GET /wrapped", "GET /wrapped?cursor=c1"]);
}

#[tokio::test]
async fn pages_and_items_are_counted() {
    let two = json(200, r#"[{"id":1},{"id":2}]"#);
    let one = json(200, r#"[{"id":3}]"#);
    let (items, error, lines) = list!(pagination, [two.clone(), one], |c| c.list_by_number());
    assert_eq!((items.len(), error), (3, None));
    assert_eq!(lines, ["GET /numbers", "GET /numbers?page=2"]);
    let (_, _, lines) = list!(pagination, [two, json(200, "[]")], |c| c
        .list_by_number()
        .page(7));
    assert_eq!(lines, ["GET /numbers?page=7", "GET /numbers?page=8"]);

    let page = |ids: &str| json(200, &format!(r#"{{"totalItems":3,"list-of-calls":[{ids}]}}"#));
    let (items, error, lines) = list!(
        pagination,
        [page(r#"{"id":1},{"id":2}"#), page(r#"{"id":3}"#)],
        |c| c.list_by_offset().limit(2)
    );
    assert_eq!((items.len(), error), (3, None));
    assert_eq!(lines, ["GET /offsets?limit=2", "GET /offsets?offset=2&limit=2"]);
}

#[tokio::test]
async fn addresses_are_followed_where_they_belong() {
    let link = |target: &str, body: &str| {
        let headers = format!("Content-Type: application/json\r\nLink: <{target}>; rel=\"next\"\r\n");
        answer(200, &headers, body)
    };
    let (items, error, lines) = list!(
        pagination,
        [link("/links?per_page=1&after=x", r#"[{"id":1}]"#), json(200, r#"[{"id":2}]"#)],
        |c| c.list_by_link().per_page(1)
    );
    assert_eq!((items.len(), error), (2, None));
    assert_eq!(lines, ["GET /links?per_page=1", "GET /links?per_page=1&after=x"]);
    let other = Server::new(json(200, "[]"));
    let (items, error, lines) = list!(
        pagination,
        [link(&format!("{}/links", other.url), r#"[{"id":1}]"#)],
        |c| c.list_by_link()
    );
    assert_eq!((items.len(), lines.len()), (1, 1));
    assert!(error.expect("an error").contains("another server"));
    assert!(other.requests().is_empty());

    let (items, error, lines) = list!(
        pagination,
        [
            json(200, r#"{"count":2,"next":"/addresses?page=2","results":["a"]}"#),
            json(200, r#"{"count":2,"next":null,"results":["b"]}"#),
        ],
        |c| c.list_by_address()
    );
    assert_eq!((items, error), (vec!["a".to_owned(), "b".to_owned()], None));
    assert_eq!(lines, ["GET /addresses", "GET /addresses?page=2"]);
    let (items, _, lines) = list!(
        pagination,
        [
            json(200, r#"{"nextPage":5,"results":["a"]}"#),
            json(200, r#"{"results":["b"]}"#),
        ],
        |c| c.list_by_next_page()
    );
    assert_eq!(items.len(), 2);
    assert_eq!(lines, ["GET /next-pages", "GET /next-pages?page=5"]);
}

#[tokio::test]
async fn what_a_person_says_counts() {
    let (items, error, lines) = list!(
        pagination_stated,
        [
            json(200, r#"{"next.id":"9","found":{"things":[1],"others":["x"]}}"#),
            json(200, r#"{"found":{"things":[2,3]}}"#),
        ],
        |c| c.search()
    );
    assert_eq!((items, error), (vec![1, 2, 3], None));
    assert_eq!(lines, ["POST /search", "POST /search?from_id=9"]);
    let (items, error, lines) = list!(
        pagination_stated,
        [json(200, "[1,2]"), json(200, "[3]")],
        |c| c.numbers()
    );
    assert_eq!((items, error), (vec![1, 2, 3], None));
    assert_eq!(lines, ["GET /numbers", "GET /numbers?page=1"]);
}

#[tokio::test]
async fn the_last_item_or_its_name_leads_on() {
    let (items, error, lines) = list!(
        pagination,
        [
            json(200, r#"{"object":"list","data":[{"id":7},{"id":9}],"has_more":true}"#),
            json(200, r#"{"object":"list","data":[{"id":3}],"has_more":false}"#),
        ],
        |c| c.list_after().limit(2)
    );
    assert_eq!((items.len(), error), (3, None));
    assert_eq!(lines, ["GET /after?limit=2", "GET /after?limit=2&starting_after=9"]);
    // A flag that says more of nothing, and an item that comes again.
    let (items, error, _) = list!(
        pagination,
        [json(200, r#"{"object":"list","data":[],"has_more":true}"#)],
        |c| c.list_after()
    );
    assert_eq!(items.len(), 0);
    assert!(error.expect("an error").contains("gave nothing"));
    let (items, error, lines) = list!(
        pagination,
        [json(200, r#"{"object":"list","data":[{"id":7}],"has_more":true}"#)],
        |c| c.list_after()
    );
    assert_eq!((items.len(), lines.len()), (2, 2));
    assert!(error.expect("an error").contains("same next page twice"));

    // The last page has a name, too, and is the last one.
    let (items, error, lines) = list!(
        pagination,
        [
            json(200, r#"{"data":[{"id":1}],"has_more":true,"first_id":"a","last_id":"b"}"#),
            json(200, r#"{"data":[{"id":2}],"has_more":false,"first_id":"c","last_id":"d"}"#),
        ],
        |c| c.list_after_id()
    );
    assert_eq!((items.len(), error), (2, None));
    assert_eq!(lines, ["GET /after-ids", "GET /after-ids?after_id=b"]);
    let (items, error, lines) = list!(
        pagination_stated,
        [json(200, r#"[{"meta":{"key":5}},{"meta":{"key":4}}]"#), json(200, "[]")],
        |c| c.since()
    );
    assert_eq!((items.len(), error), (2, None));
    assert_eq!(lines, ["GET /since", "GET /since?since_id=4"]);
}

#[tokio::test]
async fn a_body_leads_on() {
    let server = Server::script([
        json(200, r#"{"results":[{"id":1}],"next_cursor":"c\"1","has_more":true}"#),
        json(200, r#"{"results":[],"next_cursor":"c2","has_more":true}"#),
        json(200, r#"{"results":[{"id":2}],"next_cursor":"c3","has_more":false}"#),
    ]);
    let client = pagination::Client::builder()
        .base_url(&server.url)
        .build()
        .expect("a client");
    let mut search = pagination::types::Search::default();
    search.query = Some("ink".to_owned());
    let mut items = client.search_calls().body(search.clone()).stream();
    let mut ids = Vec::new();
    while let Some(item) = items.next().await {
        ids.push(item.expect("an item").id);
    }
    assert_eq!(ids, [1, 2]);
    let bodies: Vec<String> = server.requests().iter().map(|r| r.body.clone()).collect();
    assert_eq!(
        bodies,
        [
            r#"{"query":"ink"}"#,
            r#"{"query":"ink","start_cursor":"c\"1"}"#,
            r#"{"query":"ink","start_cursor":"c2"}"#,
        ]
    );
    for request in server.requests() {
        assert_eq!(request.header("content-type"), Some("application/json"));
    }
    // Without a body, and with one that breaks the document.
    let (items, error, lines) = list!(
        pagination,
        [
            json(200, r#"{"results":[{"id":1}],"next_cursor":"c1","has_more":true}"#),
            json(200, r#"{"results":[{"id":2}],"next_cursor":null,"has_more":false}"#),
        ],
        |c| c.search_calls()
    );
    assert_eq!((items.len(), error, lines.len()), (2, None, 2));
    search.query = Some("x".repeat(21));
    let (_, error, lines) = list!(pagination, [""], |c| c.search_calls().body(search.clone()));
    assert!(error.expect("too long").contains("at most 20 characters"));
    assert!(lines.is_empty());
    // One that repeats, counted from where the caller began.
    search.query = None;
    search.start_cursor = Some("c1".to_owned());
    let (items, error, _) = list!(
        pagination,
        [json(200, r#"{"results":[{"id":1}],"next_cursor":"c1"}"#)],
        |c| c.book_lines().id("b").body(search.clone())
    );
    assert_eq!(items.len(), 1);
    assert!(error.expect("an error").contains("same next page twice"));
}

#[tokio::test]
async fn a_body_leads_on_as_stated() {
    let server = Server::script([
        json(200, r#"{"next":"n","more":true,"things":[1]}"#),
        json(200, r#"{"next":"m","more":false,"things":[2]}"#),
    ]);
    let client = pagination_stated::Client::builder()
        .base_url(&server.url)
        .build()
        .expect("a client");
    let body = pagination_stated::types::TakeBatchesBody::new("k");
    let mut pages = client.take_batches().body(body).pages();
    let mut things = Vec::new();
    while let Some(page) = pages.next().await {
        things.extend(page.expect("a page").into_inner().things);
    }
    assert_eq!(things, [1, 2]);
    let bodies: Vec<String> = server.requests().iter().map(|r| r.body.clone()).collect();
    assert_eq!(bodies, [r#"{"kind":"k"}"#, r#"{"kind":"k","page":{"from":"n"}}"#]);
    let (items, error, lines) = list!(
        pagination_stated,
        [json(200, r#"{"things":[1,2]}"#), json(200, r#"{"things":[]}"#)],
        |c| c.report()
    );
    assert_eq!((items, error, lines.len()), (vec![1, 2], None, 2));
}

/// A list that was found may not be one of these: they have no `pages`, or a stream of their own.
#[tokio::test]
async fn a_stream_of_lines_stays_one() {
    let reply = answer(200, "Content-Type: application/x-ndjson\r\n", "{\"id\":1}\n");
    let server = Server::new(reply);
    let client = pagination::Client::builder()
        .base_url(&server.url)
        .build()
        .expect("a client");
    let lines: specmint_client::JsonLines<_> = client
        .streamed()
        .stream()
        .await
        .expect("a stream")
        .into_inner();
    drop::<specmint_client::JsonLines<probes::pagination::types::StreamedItem>>(lines);
}
