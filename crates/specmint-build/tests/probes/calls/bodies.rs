use probes::{
    request_bodies::types::{FormForm, Meta, OptionalFormForm, UploadMultipart},
    several_request_media_types::types::{ChangeBodyItem, CreateMultipart, Thing},
};
use specmint_client::Upload;

use crate::server::{answer, json};

fn thing() -> Thing {
    Thing::new("n&").tags(["a", "b"])
}

fn meta() -> Meta {
    Meta::default().k("v w").n(2)
}

#[tokio::test]
async fn a_method_per_media_type() {
    let request = sent!(several_request_media_types, |c| c.create().body(thing()));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.body, r#"{"name":"n&","tags":["a","b"]}"#);
    let request = sent!(several_request_media_types, |c| c
        .create_form()
        .body(thing()));
    assert_eq!(
        request.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(request.body, "name=n%26&tags=a&tags=b");
    let request = sent!(several_request_media_types, |c| c
        .create_multipart()
        .body(CreateMultipart::new(Upload::bytes("PNG"))));
    let content_type = request.header("content-type").expect("a type");
    assert!(content_type.starts_with("multipart/form-data; boundary="));
    assert!(request.body.contains("name=\"photo\""), "{}", request.body);
    let request = sent!(several_request_media_types, |c| c.create_xml().body("<a/>"));
    assert_eq!(request.header("content-type"), Some("application/xml"));
    assert_eq!(request.body, "<a/>");
    let request = sent!(several_request_media_types, |c| c.create_csv().body("a,b"));
    assert_eq!(request.header("content-type"), Some("text/csv"));
    let request = sent!(several_request_media_types, |c| c
        .create_bytes()
        .body(Upload::bytes("x")));
    assert_eq!(
        request.header("content-type"),
        Some("application/octet-stream")
    );
    assert_eq!(request.body, "x");
    let request = sent!(several_request_media_types, |c| c.change().body(thing()));
    assert_eq!(
        request.header("content-type"),
        Some("application/merge-patch+json")
    );
    let request = sent!(several_request_media_types, |c| c
        .change_json_patch_json()
        .body(vec![ChangeBodyItem::new("remove", "/a")]));
    assert_eq!(
        request.header("content-type"),
        Some("application/json-patch+json")
    );
    assert_eq!(request.body, r#"[{"op":"remove","path":"/a"}]"#);
}

#[tokio::test]
async fn multipart_with_files() {
    let more = Upload::bytes("PNG2")
        .file_name("b \"c\".png")
        .content_type("image/webp");
    let body = UploadMultipart::new(Upload::bytes("PNG1").file_name("a.png"), "Title ü")
        .more([more])
        .meta(meta())
        .count(3);
    let request = sent!(request_bodies, |c| c.upload().body(body));
    let boundary = request
        .header("content-type")
        .and_then(|text| text.strip_prefix("multipart/form-data; boundary="))
        .expect("a boundary");
    let parts: Vec<&str> = request
        .body
        .split(&format!("--{boundary}"))
        .map(|part| part.trim_matches(['\r', '\n']))
        .collect();
    assert_eq!(parts.len(), 7, "{parts:?}");
    let part = |name: &str| {
        let marker = format!("name=\"{name}\"");
        let found: Vec<&&str> = parts.iter().filter(|part| part.contains(&marker)).collect();
        assert_eq!(found.len(), 1, "{name}: {parts:?}");
        found[0].split_once("\r\n\r\n").expect("a part")
    };
    let (head, body) = part("file");
    assert!(head.contains("filename=\"a.png\""), "{head}");
    assert!(
        head.to_lowercase().contains("content-type: image/png"),
        "{head}"
    );
    assert_eq!(body, "PNG1");
    let (head, body) = part("more");
    assert!(
        head.to_lowercase().contains("content-type: image/webp"),
        "{head}"
    );
    assert_eq!(body, "PNG2");
    assert_eq!(part("title").1, "Title ü");
    let (head, body) = part("meta");
    assert!(
        head.to_lowercase()
            .contains("content-type: application/json"),
        "{head}"
    );
    assert_eq!(body, r#"{"k":"v w","n":2}"#);
    assert_eq!(part("count").1, "3");
}

#[tokio::test]
async fn forms_with_encodings() {
    let body = FormForm::new("x=y")
        .repeated(["a", "b c"])
        .piped(["a", "b c"])
        .joined([1, 2])
        .deep(meta())
        .json(meta());
    let request = sent!(request_bodies, |c| c.form().body(body));
    assert_eq!(
        request.body,
        "a=x%3Dy&repeated=a&repeated=b%20c&piped=a%7Cb%20c&joined=1,2&deep%5Bk%5D=v%20w&deep%5Bn%5D=2\
         &json=%7B%22k%22%3A%22v%20w%22%2C%22n%22%3A2%7D"
    );
}

#[tokio::test]
async fn text_and_bytes() {
    let request = sent!(request_bodies, |c| c.text().body("ü"));
    let content_type = request.header("content-type").expect("a type");
    assert!(content_type.starts_with("text/plain"), "{content_type}");
    assert_eq!(request.body, "ü");
    let reply = answer(200, "Content-Type: application/xml\r\n", "<b>ü</b>");
    let (got, request) = call!(request_bodies, reply, |c| c.xml().body("<a/>"));
    assert_eq!(got.expect("an answer").as_str(), "<b>ü</b>");
    assert_eq!(request.header("content-type"), Some("application/xml"));
    assert_eq!(request.header("accept"), Some("application/xml"));
    let reply = answer(
        200,
        "Content-Type: application/octet-stream\r\n",
        "\u{0}\u{1}",
    );
    let (got, request) = call!(request_bodies, reply, |c| c
        .octets()
        .body(Upload::bytes("ab")));
    let bytes = got
        .expect("an answer")
        .into_inner()
        .bytes()
        .await
        .expect("bytes");
    assert_eq!(&*bytes, b"\0\x01");
    assert_eq!(request.body, "ab");
}

#[tokio::test]
async fn json_under_other_names() {
    let reply = answer(
        200,
        "Content-Type: application/vnd.acme.v2+json\r\n",
        r#"{"k":"v"}"#,
    );
    let (got, request) = call!(request_bodies, reply, |c| c.vendor().body(meta()));
    assert_eq!(got.expect("an answer").k.as_deref(), Some("v"));
    assert_eq!(
        request.header("content-type"),
        Some("application/vnd.acme.v2+json")
    );
    assert_eq!(
        request.header("accept"),
        Some("application/vnd.acme.v2+json")
    );
    let (got, request) = call!(request_bodies, json(200, "[1]"), |c| c
        .without_schema()
        .body(serde_json::json!({"any": null})));
    assert_eq!(*got.expect("an answer"), serde_json::json!([1]));
    assert_eq!(request.body, r#"{"any":null}"#);
    let request = sent!(request_bodies, |c| c.string_operation().body("a\"b"));
    assert_eq!(request.body, r#""a\"b""#);
    let request = sent!(request_bodies, |c| c.get_with_body().body(vec![1, 2]));
    assert_eq!(request.line(), "GET /json");
    assert_eq!(request.body, "[1,2]");
}

#[tokio::test]
async fn optional_bodies() {
    let request = sent!(request_bodies, |c| c.optional());
    assert_eq!((request.header("content-type"), &*request.body), (None, ""));
    let request = sent!(request_bodies, |c| c.optional().body(meta()));
    assert_eq!(request.header("content-type"), Some("application/json"));
    let request = sent!(request_bodies, |c| c.optional_text());
    assert_eq!((request.header("content-type"), &*request.body), (None, ""));
    let request = sent!(request_bodies, |c| c.optional_text().body("t"));
    assert_eq!(request.body, "t");
    let request = sent!(request_bodies, |c| c.optional_form());
    assert_eq!((request.header("content-type"), &*request.body), (None, ""));
    let body = OptionalFormForm::default().a("1");
    let request = sent!(request_bodies, |c| c.optional_form().body(body));
    assert_eq!(request.body, "a=1");
    let request = sent!(request_bodies, |c| c.optional_bytes());
    assert_eq!((request.header("content-type"), &*request.body), (None, ""));
    let upload = Upload::bytes("x").content_type("image/gif");
    let request = sent!(request_bodies, |c| c.optional_bytes().body(upload));
    assert_eq!(request.header("content-type"), Some("image/gif"));
    let message = refused!(request_bodies, |c| c.vendor());
    assert!(message.contains("body"), "{message}");
}
