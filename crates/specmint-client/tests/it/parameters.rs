//! Each style writes exactly what OpenAPI's table says.

use std::collections::BTreeMap;

use serde::Serialize;
use specmint_client::{Call, Operation, Parameter, Style};

use crate::support::acme::{Client, types};
use crate::support::server::{Recorded, Reply, Server};

#[derive(Serialize)]
struct Color {
    #[serde(rename = "R")]
    r: u8,
    #[serde(rename = "G")]
    g: u8,
    #[serde(rename = "B")]
    b: u8,
}

const COLOR: Color = Color {
    r: 100,
    g: 200,
    b: 150,
};
const LIST: [&str; 3] = ["blue", "black", "brown"];

async fn send<T: Serialize>(path: &str, parameter: Parameter, value: T) -> Recorded {
    let server = Server::new([Reply::empty(204)]).await;
    let client = Client::builder()
        .base_url(server.url())
        .build()
        .expect("a client");
    // Tables are static, so a test's own are leaked.
    let path: &'static str = String::from(path).leak();
    let parameters: &'static [Parameter] = vec![parameter].leak();
    let operation: &'static Operation<types::Error> = Box::leak(Box::new(
        Operation::new("try", "GET", path).parameters(parameters),
    ));
    Call::new(&client, operation)
        .parameter(Ok(value))
        .empty()
        .await
        .expect("success");
    server.request()
}

async fn fails<T: Serialize>(path: &'static str, parameter: Parameter, value: T) -> String {
    let server = Server::new([Reply::empty(204)]).await;
    let client = Client::builder()
        .base_url(server.url())
        .build()
        .expect("a client");
    let parameters: &'static [Parameter] = vec![parameter].leak();
    let operation: &'static Operation<types::Error> = Box::leak(Box::new(
        Operation::new("try", "GET", path).parameters(parameters),
    ));
    let error = Call::new(&client, operation)
        .parameter(Ok(value))
        .empty()
        .await
        .expect_err("an error");
    assert!(server.requests().is_empty());
    assert_eq!(error.attempts(), 0);
    error.to_string()
}

async fn query<T: Serialize>(parameter: Parameter, value: T) -> String {
    send("/x", parameter, value)
        .await
        .query()
        .unwrap_or("-")
        .to_owned()
}

async fn path<T: Serialize>(parameter: Parameter, value: T) -> String {
    let request = send("/x/{color}", parameter, value).await;
    request
        .target()
        .strip_prefix("/x/")
        .expect("the prefix")
        .to_owned()
}

const QUERY: Parameter = Parameter::query("color");
const PATH: Parameter = Parameter::path("color");

#[tokio::test]
async fn form() {
    assert_eq!(query(QUERY, "").await, "color=");
    assert_eq!(query(QUERY.required(true), "").await, "color=");
    assert_eq!(query(QUERY, "blue").await, "color=blue");
    assert_eq!(
        query(QUERY, LIST).await,
        "color=blue&color=black&color=brown"
    );
    assert_eq!(query(QUERY, COLOR).await, "R=100&G=200&B=150");
    let joined = QUERY.explode(false);
    assert_eq!(query(joined, "").await, "color=");
    assert_eq!(query(joined, "blue").await, "color=blue");
    assert_eq!(query(joined, LIST).await, "color=blue,black,brown");
    assert_eq!(query(joined, ["a,b", "c"]).await, "color=a%2Cb,c");
    assert_eq!(query(joined, COLOR).await, "color=R,100,G,200,B,150");
}

#[tokio::test]
async fn delimited() {
    let space = QUERY.style(Style::SpaceDelimited);
    assert_eq!(query(space, LIST).await, "color=blue%20black%20brown");
    assert_eq!(
        query(space, COLOR).await,
        "color=R%20100%20G%20200%20B%20150"
    );
    assert_eq!(
        query(space.explode(true), LIST).await,
        "color=blue&color=black&color=brown"
    );
    let pipe = QUERY.style(Style::PipeDelimited);
    assert_eq!(query(pipe, LIST).await, "color=blue%7Cblack%7Cbrown");
    assert_eq!(
        query(pipe, COLOR).await,
        "color=R%7C100%7CG%7C200%7CB%7C150"
    );
}

#[tokio::test]
async fn deep_object() {
    #[derive(Serialize)]
    struct Nested {
        color: Color,
        list: [&'static str; 2],
        objects: Vec<BTreeMap<&'static str, bool>>,
        none: Option<u8>,
    }
    let deep = QUERY.style(Style::DeepObject);
    assert_eq!(
        query(deep, COLOR).await,
        "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"
    );
    let nested = Nested {
        color: COLOR,
        list: ["a", "b"],
        objects: vec![
            BTreeMap::from([("x", true)]),
            BTreeMap::from([("y", false)]),
        ],
        none: None,
    };
    assert_eq!(
        query(deep, nested).await,
        "color%5Bcolor%5D%5BR%5D=100&color%5Bcolor%5D%5BG%5D=200&color%5Bcolor%5D%5BB%5D=150\
         &color%5Blist%5D%5B%5D=a&color%5Blist%5D%5B%5D=b\
         &color%5Bobjects%5D%5B0%5D%5Bx%5D=true&color%5Bobjects%5D%5B1%5D%5By%5D=false"
    );
}

#[tokio::test]
async fn simple() {
    assert_eq!(path(PATH, "blue").await, "blue");
    assert_eq!(path(PATH, LIST).await, "blue,black,brown");
    assert_eq!(path(PATH, COLOR).await, "R,100,G,200,B,150");
    assert_eq!(path(PATH.explode(true), LIST).await, "blue,black,brown");
    assert_eq!(path(PATH.explode(true), COLOR).await, "R=100,G=200,B=150");
}

#[tokio::test]
async fn label() {
    let label = PATH.style(Style::Label);
    assert_eq!(path(label, "blue").await, ".blue");
    assert_eq!(path(label, LIST).await, ".blue,black,brown");
    assert_eq!(path(label, COLOR).await, ".R,100,G,200,B,150");
    assert_eq!(path(label.explode(true), LIST).await, ".blue.black.brown");
    assert_eq!(path(label.explode(true), COLOR).await, ".R=100.G=200.B=150");
}

#[tokio::test]
async fn matrix() {
    let matrix = PATH.style(Style::Matrix);
    assert_eq!(path(matrix, "blue").await, ";color=blue");
    assert_eq!(path(matrix, LIST).await, ";color=blue,black,brown");
    assert_eq!(path(matrix, COLOR).await, ";color=R,100,G,200,B,150");
    assert_eq!(
        path(matrix.explode(true), LIST).await,
        ";color=blue;color=black;color=brown"
    );
    assert_eq!(
        path(matrix.explode(true), COLOR).await,
        ";R=100;G=200;B=150"
    );
}

#[tokio::test]
async fn headers() {
    let header = Parameter::header("X-Color");
    let value = async |parameter, value: serde_json::Value| {
        send("/x", parameter, value)
            .await
            .header("x-color")
            .map(str::to_owned)
    };
    assert_eq!(
        value(header, "a b%/".into()).await.as_deref(),
        Some("a b%/")
    );
    assert_eq!(
        value(header, LIST.as_slice().into()).await.as_deref(),
        Some("blue,black,brown")
    );
    assert_eq!(
        send("/x", header, COLOR).await.header("x-color"),
        Some("R,100,G,200,B,150")
    );
    assert_eq!(
        send("/x", header.explode(true), COLOR)
            .await
            .header("x-color"),
        Some("R=100,G=200,B=150")
    );
    assert_eq!(value(header, serde_json::Value::Null).await, None);
    for bad in ["a\r\nX-Evil: 1", "ü", "\0"] {
        let message = fails("/x", header, bad).await;
        assert!(
            message.contains("`X-Color`") && !message.contains("Evil"),
            "{message}"
        );
    }
    for name in [
        "Content-Length",
        "Host",
        "transfer-encoding",
        "Connection",
        "no name",
    ] {
        let name = String::from(name).leak();
        let message = fails("/x", Parameter::header(name), "1").await;
        assert!(message.contains("header"), "{message}");
    }
}

static COOKIES: Operation<types::Error> = Operation::new("try", "GET", "/x").parameters(&[
    Parameter::cookie("a"),
    Parameter::cookie("list"),
    Parameter::cookie("joined").explode(false),
    Parameter::cookie("none"),
]);

#[tokio::test]
async fn cookies_share_one_header() {
    let server = Server::new([Reply::empty(204)]).await;
    let client = Client::builder()
        .base_url(server.url())
        .build()
        .expect("a client");
    Call::new(&client, &COOKIES)
        .parameter(Ok("1; b=2"))
        .parameter(Ok(["x", "y"]))
        .parameter(Ok(["x", "y"]))
        .parameter(Ok(None::<String>))
        .empty()
        .await
        .expect("success");
    let request = server.request();
    assert_eq!(
        request.header("cookie"),
        Some("a=1%3B%20b%3D2; list=x; list=y; joined=x,y")
    );
}

#[tokio::test]
async fn documents_are_json() {
    let content = QUERY.content("application/json");
    assert_eq!(
        query(content, COLOR).await,
        "color=%7B%22R%22%3A100%2C%22G%22%3A200%2C%22B%22%3A150%7D"
    );
    assert_eq!(query(content, None::<Color>).await, "-");
    assert_eq!(query(content, "a").await, "color=%22a%22");
    let header = Parameter::header("X-Color").content("application/json");
    assert_eq!(
        send("/x", header, LIST).await.header("x-color"),
        Some(r#"["blue","black","brown"]"#)
    );
}

#[tokio::test]
async fn everything_that_has_a_meaning_is_encoded() {
    let all = "a b&c=d#e?f/g+h%i[j]ü'\"<>\\^`{|}~-._!$()*,;:@";
    assert_eq!(
        query(QUERY, all).await,
        "color=a%20b%26c%3Dd%23e%3Ff%2Fg%2Bh%25i%5Bj%5D%C3%BC%27%22%3C%3E%5C%5E%60%7B%7C%7D~-._\
         %21%24%28%29%2A%2C%3B%3A%40"
    );
    assert_eq!(
        query(
            QUERY.allow_reserved(true),
            "a b&c=d#e?f/g+h%i%2F%zz[j]!$(),;:@"
        )
        .await,
        "color=a%20b%26c=d%23e?f/g%2Bh%25i%2F%25zz%5Bj%5D!$(),;:@"
    );
    assert_eq!(
        query(Parameter::query("a[b] c"), "x").await,
        "a%5Bb%5D%20c=x"
    );
    assert_eq!(path(PATH, "a/b?c#d%2e").await, "a%2Fb%3Fc%23d%252e");
}

#[tokio::test]
async fn values_keep_their_digits() {
    assert_eq!(query(QUERY, 0.1_f32).await, "color=0.1");
    assert_eq!(query(QUERY, 0.1_f64).await, "color=0.1");
    assert_eq!(query(QUERY, u64::MAX).await, "color=18446744073709551615");
    assert_eq!(
        query(QUERY, i128::MIN).await,
        "color=-170141183460469231731687303715884105728"
    );
    assert_eq!(query(QUERY, true).await, "color=true");
    let id = uuid::Uuid::from_u128(7);
    assert_eq!(
        query(QUERY, id).await,
        "color=00000000-0000-0000-0000-000000000007"
    );
    assert!(
        fails("/x", QUERY, f64::NAN)
            .await
            .contains("NaN can't be sent")
    );
}

#[tokio::test]
async fn nothing_is_sent_for_nothing() {
    assert_eq!(query(QUERY, None::<String>).await, "-");
    assert_eq!(query(QUERY, Vec::<String>::new()).await, "-");
    assert_eq!(query(QUERY.explode(false), Vec::<String>::new()).await, "-");
    assert_eq!(
        query(QUERY, [Some("a"), None, Some("")]).await,
        "color=a&color="
    );
    let message = fails("/x", QUERY.required(true), None::<String>).await;
    assert_eq!(
        message,
        "`try` was not sent: the parameter `color`: a value is required"
    );
}

#[tokio::test]
async fn lists_of_objects_are_written_as_json() {
    let value = serde_json::json!([{"a": 1, "b": "x"}, {"a": null}]);
    assert_eq!(
        query(QUERY, value).await,
        "color=%7B%22a%22%3A1%2C%22b%22%3A%22x%22%7D&color=%7B%22a%22%3Anull%7D"
    );
}

#[tokio::test]
async fn a_value_that_never_ends_is_an_error() {
    struct Deep;
    impl Serialize for Deep {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_some(&Deep)
        }
    }
    assert!(
        fails("/x", QUERY, Deep)
            .await
            .contains("nested more than 64 levels")
    );
}

#[tokio::test]
async fn tables_and_calls_that_disagree_are_an_error() {
    static OPERATION: Operation<types::Error> =
        Operation::new("try", "GET", "/x/{a}").parameters(&[Parameter::path("b")]);
    let client = Client::builder()
        .base_url("http://127.0.0.1:9")
        .build()
        .expect("a client");
    let call = || Call::new(&client, &OPERATION);
    for (call, expected) in [
        (
            call().parameter(Ok("1")),
            "the path parameter `a` has no value",
        ),
        (call(), "the parameter `b`: a value is required"),
        (
            call().parameter(Ok("1")).parameter(Ok("2")),
            "more values than the operation has",
        ),
    ] {
        let message = call.empty().await.expect_err("an error").to_string();
        assert!(message.contains(expected), "{message}");
    }
}
