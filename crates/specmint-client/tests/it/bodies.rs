//! Request bodies, byte by byte.

use bytes::Bytes;
use serde::Serialize;
use serde_json::json;
use specmint_client::{Call, Error, Form, Operation, Parameter, Style, Upload};

use crate::support::acme::{Api, Client, types};
use crate::support::server::{Recorded, Reply, Server};

static PLAIN: Operation<types::Error> = Operation::new("plain", "POST", "/x");
static PATCH: Operation<types::Error> =
    Operation::new("patch", "PATCH", "/x").body("application/merge-patch+json");
static FIELDS: Operation<types::Error> = Operation::new("fields", "POST", "/x").fields(&[
    Parameter::field("deep").style(Style::DeepObject),
    Parameter::field("joined").style(Style::Form).explode(false),
    Parameter::field("json").content("application/json"),
]);

async fn send(
    operation: &'static Operation<types::Error>,
    fill: impl FnOnce(Call<'_, Api>) -> Call<'_, Api>,
) -> Result<Recorded, Error<types::Error>> {
    let server = Server::new([Reply::empty(204)]).await;
    let client = Client::builder()
        .base_url(server.url())
        .build()
        .expect("a client");
    let result = fill(Call::new(&client, operation)).empty().await;
    result.map(|_| server.request())
}

#[tokio::test]
async fn json() {
    let request = send(&PLAIN, |call| call.json_body(Ok(json!({"a": [1, null]})))).await;
    let request = request.expect("success");
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("content-length"), Some("14"));
    assert_eq!(request.text(), r#"{"a":[1,null]}"#);
    let request = send(&PATCH, |call| call.json_body(Ok(None::<u8>)))
        .await
        .expect("success");
    assert_eq!(
        request.header("content-type"),
        Some("application/merge-patch+json")
    );
    assert_eq!(request.text(), "null");
    let request = send(&PLAIN, |call| call.optional_json_body(Ok(None::<u8>))).await;
    let request = request.expect("success");
    assert_eq!(
        (request.header("content-type"), request.text()),
        (None, String::new())
    );
    let request = send(&PLAIN, |call| call.optional_json_body(Ok(Some(1)))).await;
    assert_eq!(request.expect("success").text(), "1");
}

#[derive(Serialize)]
struct Fields {
    text: &'static str,
    none: Option<u8>,
    list: Vec<&'static str>,
    object: std::collections::BTreeMap<&'static str, u8>,
    deep: std::collections::BTreeMap<&'static str, u8>,
    joined: Vec<u8>,
    json: Vec<u8>,
}

fn fields() -> Fields {
    Fields {
        text: "a b&c",
        none: None,
        list: vec!["x", "y"],
        object: [("k", 1)].into(),
        deep: [("k", 1), ("l", 2)].into(),
        joined: vec![1, 2],
        json: vec![1, 2],
    }
}

#[tokio::test]
async fn forms() {
    let request = send(&FIELDS, |call| call.form_body(Ok(fields())))
        .await
        .expect("success");
    assert_eq!(
        request.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(
        request.text(),
        "text=a%20b%26c&list=x&list=y&object=%7B%22k%22%3A1%7D&deep%5Bk%5D=1&deep%5Bl%5D=2\
         &joined=1,2&json=%5B1%2C2%5D"
    );
    let request = send(&PLAIN, |call| call.form_body(Ok(None::<Fields>)))
        .await
        .expect("success");
    assert_eq!(request.header("content-type"), None);
    let error = send(&PLAIN, |call| call.form_body(Ok([1])))
        .await
        .expect_err("no object");
    assert!(error.to_string().contains("must be an object"), "{error}");
}

/// The parts of a multipart body: its headers and its content.
fn parts(request: &Recorded) -> Vec<(String, String)> {
    let content_type = request.header("content-type").expect("a content type");
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .expect("a boundary");
    let text = request.text();
    let text = text
        .strip_suffix(&format!("--{boundary}--\r\n"))
        .expect("an end");
    text.split(&format!("--{boundary}\r\n"))
        .skip(1)
        .map(|part| {
            let (head, content) = part.split_once("\r\n\r\n").expect("a head");
            let content = content.strip_suffix("\r\n").expect("a line break");
            (
                head.replace("\r\n", "; ")
                    .replace("Content-Disposition: form-data; ", ""),
                content.to_owned(),
            )
        })
        .collect()
}

fn part(head: &str, content: &str) -> (String, String) {
    (head.to_owned(), content.to_owned())
}

#[tokio::test]
async fn multipart_from_a_struct() {
    #[derive(Clone, Debug, Serialize, serde::Deserialize)]
    struct Body {
        title: String,
        count: u8,
        none: Option<Upload>,
        file: Upload,
        more: Vec<Upload>,
        tags: Vec<String>,
        joined: Vec<u8>,
        meta: std::collections::BTreeMap<String, u8>,
    }
    let body = Body {
        title: "Grüße".to_owned(),
        count: 3,
        none: None,
        file: Upload::bytes("png")
            .file_name("a.png")
            .content_type("image/png"),
        more: vec![Upload::bytes("1"), Upload::bytes("2").file_name("2.txt")],
        tags: vec!["x".to_owned(), "y".to_owned()],
        joined: vec![1, 2],
        meta: [("k".to_owned(), 1)].into(),
    };
    let request = send(&FIELDS, |call| call.multipart_body(Ok(body.clone()))).await;
    assert_eq!(
        parts(&request.expect("success")),
        [
            part("name=\"title\"", "Grüße"),
            part("name=\"count\"", "3"),
            part(
                "name=\"file\"; filename=\"a.png\"; Content-Type: image/png",
                "png"
            ),
            part(
                "name=\"more\"; filename=\"more\"; Content-Type: application/octet-stream",
                "1"
            ),
            part(
                "name=\"more\"; filename=\"2.txt\"; Content-Type: application/octet-stream",
                "2"
            ),
            part("name=\"tags\"", "x"),
            part("name=\"tags\"", "y"),
            part("name=\"joined\"", "1,2"),
            part("name=\"meta\"; Content-Type: application/json", "{\"k\":1}"),
        ]
    );
    let error = send(&PLAIN, |call| call.json_body(Ok(body)))
        .await
        .expect_err("a file in JSON");
    assert!(
        error
            .to_string()
            .contains("only be sent in a multipart form"),
        "{error}"
    );
}

#[tokio::test]
async fn multipart_by_hand_from_disk_and_stream() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("note.txt");
    std::fs::write(&path, "from disk").expect("a file");
    let chunks = || {
        futures_util::stream::iter([
            Ok::<_, std::io::Error>(Bytes::from("str")),
            Ok(Bytes::from("eam")),
        ])
    };
    let form = Form::new()
        .text("a", "b")
        .typed("j", "{}", "application/json")
        .file("disk", path)
        .file(
            "stream",
            Upload::stream(chunks()).length(6).file_name("s\"\r\n.bin"),
        );
    let request = send(&PLAIN, |call| call.multipart_form(form))
        .await
        .expect("success");
    // All lengths are known, so the server is told.
    assert!(request.header("content-length").is_some());
    assert_eq!(
        parts(&request),
        [
            part("name=\"a\"", "b"),
            part("name=\"j\"; Content-Type: application/json", "{}"),
            part(
                "name=\"disk\"; filename=\"note.txt\"; Content-Type: application/octet-stream",
                "from disk"
            ),
            part(
                "name=\"stream\"; filename=\"s%22%0D%0A.bin\"; Content-Type: application/octet-stream",
                "stream"
            ),
        ]
    );
    let form = Form::new().file("stream", Upload::stream(chunks()));
    let request = send(&PLAIN, |call| call.multipart_form(form))
        .await
        .expect("success");
    assert_eq!(request.header("transfer-encoding"), Some("chunked"));
    assert_eq!(parts(&request)[0].1, "stream");
    let form = Form::new().file("gone", Upload::path(directory.path().join("gone")));
    let error = send(&PLAIN, |call| call.multipart_form(form))
        .await
        .expect_err("no file");
    assert!(
        error
            .to_string()
            .starts_with("`plain` was not sent: the file"),
        "{error}"
    );
}

#[tokio::test]
async fn text_and_raw() {
    let request = send(&PLAIN, |call| call.text_body(Ok("<x/>".to_owned()))).await;
    let request = request.expect("success");
    assert_eq!(
        request.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    assert_eq!(request.text(), "<x/>");
    let request = send(&PLAIN, |call| call.raw_body(Ok(Some(vec![1, 2]))))
        .await
        .expect("success");
    assert_eq!(
        request.header("content-type"),
        Some("application/octet-stream")
    );
    assert_eq!(request.body, [1, 2]);
    let request = send(&PATCH, |call| call.raw_body(Ok(Some("x"))))
        .await
        .expect("success");
    assert_eq!(
        request.header("content-type"),
        Some("application/merge-patch+json")
    );
    let upload = Upload::bytes("x").content_type("image/gif");
    let request = send(&PATCH, |call| call.raw_body(Ok(Some(upload))))
        .await
        .expect("success");
    assert_eq!(request.header("content-type"), Some("image/gif"));
    let request = send(&PLAIN, |call| call.raw_body(Ok(None::<Vec<u8>>)))
        .await
        .expect("success");
    assert_eq!(request.header("content-type"), None);
    let request = send(&PLAIN, |call| {
        call.header("Content-Type", "text/x")
            .text_body(Ok("x".to_owned()))
    });
    assert_eq!(
        request.await.expect("success").header("content-type"),
        Some("text/x")
    );
}
