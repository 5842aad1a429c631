//! Mocks: typed expectations and answers, over real connections.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use futures_util::StreamExt as _;
use probes::mocks::{
    Client,
    mock::Server,
    types::{DeleteThingAnswer, PictureAnswer, Problem, Thing, UploadMultipart},
};
use specmint_client::Upload;

fn thing(id: i64) -> Thing {
    Thing::new(id).name("a&b")
}

fn problem(title: &str) -> Problem {
    Problem::new(title)
}

#[tokio::test]
async fn every_kind_of_answer_can_be_mocked() {
    let mock = Server::start().await.expect("a server");
    let client = mock.client();
    mock.get_thing().ok(thing(1)).expect(1);
    assert_eq!(client.get_thing().id("x").send().await.expect("it").id, 1);
    mock.delete_thing().ok(true).up_to(1);
    mock.delete_thing().no_content();
    let answer = client.delete_thing().id("x").send().await.expect("it");
    assert!(matches!(answer.into_inner(), DeleteThingAnswer::Ok(true)));
    let answer = client.delete_thing().id("x").send().await.expect("it");
    assert!(matches!(answer.into_inner(), DeleteThingAnswer::NoContent));
    mock.list_things().ok(vec![thing(1), thing(2)]);
    assert_eq!(client.list_things().send().await.expect("it").len(), 2);
    mock.upload().created(None);
    let body = UploadMultipart::new(Upload::bytes("PNG"));
    let answer = client.upload().body(body).send().await.expect("it");
    assert_eq!(*answer, None);
    mock.picture().ok_png("PNG").up_to(1);
    mock.picture().ok_json(thing(3));
    let answer = client.picture().send().await.expect("it").into_inner();
    assert!(matches!(answer, PictureAnswer::Png(bytes) if &*bytes == b"PNG"));
    let answer = client.picture().send().await.expect("it").into_inner();
    assert!(matches!(answer, PictureAnswer::Json(thing) if thing.id == 3));
    mock.file().ok(vec![0, 1, 2]);
    let answer = client.file().send().await.expect("it").into_inner();
    assert_eq!(&*answer.bytes().await.expect("bytes"), [0, 1, 2]);
    mock.note().ok("hello").header("x-request-id", "r7");
    let answer = client.note().send().await.expect("it");
    assert_eq!(
        (answer.as_str(), answer.request_id()),
        ("hello", Some("r7"))
    );
    mock.send_note().accepted();
    assert_eq!(client.send_note().send().await.expect("it").status(), 202);
}

#[tokio::test]
async fn items_arrive_one_by_one() {
    let mock = Server::start().await.expect("a server");
    mock.events().ok([thing(1), thing(2)]);
    let answer = mock.client().events().stream().await.expect("it");
    let items: Vec<_> = answer.into_inner().collect().await;
    let ids: Vec<i64> = items
        .into_iter()
        .map(|it| it.expect("an item").id)
        .collect();
    assert_eq!(ids, [1, 2]);
    mock.lines().ok([thing(3), thing(4)]);
    let answer = mock.client().lines().stream().await.expect("it");
    let items: Vec<_> = answer.into_inner().collect().await;
    let ids: Vec<i64> = items
        .into_iter()
        .map(|it| it.expect("an item").id)
        .collect();
    assert_eq!(ids, [3, 4]);
}

#[tokio::test]
async fn errors_can_be_mocked_documented_or_not() {
    let mock = Server::start().await.expect("a server");
    let client = mock.client();
    mock.get_thing()
        .when(|call| call.id("none"))
        .status_404(problem("none"));
    mock.get_thing()
        .when(|call| call.id("range"))
        .status_4xx(418, problem("teapot"));
    mock.get_thing()
        .when(|call| call.id("default"))
        .default(503, "later");
    mock.get_thing()
        .when(|call| call.id("proxy"))
        .other(502, "text/html", "<html>");
    let error = client.get_thing().id("none").send().await.expect_err("404");
    assert_eq!(error.error_body().map(|it| &*it.title), Some("none"));
    let error = client
        .get_thing()
        .id("range")
        .send()
        .await
        .expect_err("418");
    assert_eq!(error.status().map(|it| it.as_u16()), Some(418));
    assert_eq!(error.error_body().map(|it| &*it.title), Some("teapot"));
    let error = client
        .get_thing()
        .id("default")
        .send()
        .await
        .expect_err("503");
    assert_eq!((error.body(), error.attempts()), (&b"later"[..], 1));
    let error = client
        .get_thing()
        .id("proxy")
        .send()
        .await
        .expect_err("502");
    assert_eq!(error.body(), b"<html>");
}

/// What a mock doesn't fit is answered with 501 and the reason.
async fn stray<T>(answer: Result<T, probes::mocks::Error>) -> String {
    let error = answer.err().expect("no mock is for it");
    assert_eq!(error.status().map(|it| it.as_u16()), Some(501));
    error.text()
}

#[tokio::test]
async fn what_is_set_must_be_sent() {
    let mock = Server::start().await.expect("a server");
    let client = mock.client();
    let mounted = mock
        .get_thing()
        .when(|call| {
            call.id("a/b c")
                .tag(vec!["x".to_owned(), "y z".to_owned()])
                .x_trace(7)
                .session("s;1")
        })
        .ok(thing(1))
        .expect(1);
    let tags = |tags: &[&str]| -> Vec<String> { tags.iter().map(|&it| it.to_owned()).collect() };
    let call = || client.get_thing().id("a/b c").session("s;1");
    let right = call().tag(tags(&["x", "y z"])).x_trace(7);
    assert!(right.clone().send().await.is_ok());
    let said = stray(client.get_thing().id("other").send().await).await;
    assert!(
        said.contains("the path is not `/things/a%2Fb%20c`"),
        "{said}"
    );
    let said = stray(call().tag(tags(&["x"])).x_trace(7).send().await).await;
    assert!(
        said.contains("`tag` in the query is `x`, not `x`, `y z`"),
        "{said}"
    );
    let said = stray(call().tag(tags(&["x", "y z"])).send().await).await;
    assert!(said.contains("there is no header `x-trace`"), "{said}");
    let said = stray(right.session("other").send().await).await;
    assert!(said.contains("cookie"), "{said}");
    assert_eq!((mounted.hits(), mock.strays().len()), (1, 4));
    assert_eq!(mounted.requests()[0].header("x-key"), Some("mock"));
    // What knows more of the path comes first, whoever was there first.
    mock.get_thing().ok(thing(2));
    mock.client_2().ok(true);
    assert!(*client.client().send().await.expect("it"));
}

#[tokio::test]
async fn bodies_are_compared_as_what_they_are() {
    let mock = Server::start().await.expect("a server");
    let client = mock.client();
    mock.start_2().when(|call| call.body(thing(1))).no_content();
    #[allow(deprecated)]
    let start = |id| client.start().id("x").body(thing(id)).send();
    assert!(start(1).await.is_ok());
    let said = stray(start(2).await).await;
    assert!(said.contains("for `start`, the body differs"), "{said}");
    mock.send_note().when(|call| call.body(thing(1))).accepted();
    assert!(client.send_note().body(thing(1)).send().await.is_ok());
    stray(client.send_note().body(thing(2)).send().await).await;
    stray(client.send_note().send().await).await;
    let form = |bytes: &'static str| {
        UploadMultipart::new(Upload::bytes(bytes).file_name("a.png")).title("t")
    };
    mock.upload()
        .when(|call| call.body(form("PNG")))
        .created(Some("id".to_owned()));
    assert!(client.upload().body(form("PNG")).send().await.is_ok());
    stray(client.upload().body(form("GIF")).send().await).await;
    mock.upload()
        .matching(|request| request.body().len() > 100)
        .created(None);
    let answer = client.upload().body(form("GIF")).send().await;
    assert_eq!(*answer.expect("it"), None);
}

fn complaint(mock: Server) -> String {
    let payload = catch_unwind(AssertUnwindSafe(|| drop(mock))).expect_err("a complaint");
    *payload.downcast::<String>().expect("a message")
}

#[tokio::test]
async fn what_is_expected_is_verified() {
    let mock = Server::start().await.expect("a server");
    mock.note().ok("x").expect(2);
    mock.lines().ok([]).expect(0);
    mock.events().ok([]).expect(1..);
    mock.client().note().send().await.expect("it");
    stray(mock.client().file().send().await).await;
    assert!(mock.check().is_err());
    let said = complaint(mock);
    let expected = "`note` (GET /note) was called 1 times, not 2\n\
                    `events` (GET /events) was called 0 times, not at least 1\n\
                    no mock is for GET /file: for `note`, the path is not `/note`";
    assert_eq!(said, expected);
    let mock = Server::start().await.expect("a server");
    mock.note().ok("x").expect(1..=2);
    mock.client().note().send().await.expect("it");
    drop(mock);
}

#[tokio::test]
async fn clients_with_other_settings() {
    let mock = Server::start().await.expect("a server");
    mock.note().other(503, "text/plain", "later").up_to(1);
    mock.note().ok("now");
    let retries = probes::mocks::Retries::default().base_delay(Duration::ZERO);
    let client: Client = mock.builder().retries(retries).build().expect("a client");
    let answer = client.note().send().await.expect("it");
    assert_eq!((answer.as_str(), answer.attempts()), ("now", 2));
}
