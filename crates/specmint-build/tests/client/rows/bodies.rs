//! Request bodies of every media type, files included.

use futures_util::stream;
use parcels::types::{AddPhotoForm, AddPhotoMultipart};
use specmint_client::{Bytes, Upload};

use super::{
    client,
    server::{Server, empty},
};

#[tokio::test]
async fn bodies_of_several_media_types() {
    let server = Server::always(empty(204));
    let client = client(&server);
    client
        .put_label()
        .id("1")
        .body("To Ada, é")
        .send()
        .await
        .expect("an answer");
    client
        .put_label_bytes()
        .id("1")
        .body(vec![0, 159, 146])
        .send()
        .await
        .expect("an answer");
    let form = AddPhotoForm::new("u&v").tags(["a b", "c"]);
    client
        .add_photo_form()
        .body(form)
        .send()
        .await
        .expect("an answer");
    let requests = server.requests();
    assert_eq!(requests[0].text(), "To Ada, é");
    assert!(
        requests[0]
            .header("content-type")
            .is_some_and(|t| t.starts_with("text/plain"))
    );
    assert_eq!(requests[1].body, [0, 159, 146]);
    assert_eq!(
        requests[1].header("content-type"),
        Some("application/octet-stream")
    );
    assert_eq!(requests[2].text(), "url=u%26v&tags=a%20b&tags=c");
    let form = "application/x-www-form-urlencoded";
    assert_eq!(requests[2].header("content-type"), Some(form));
}

#[tokio::test]
async fn bodies_with_files() {
    let server = Server::always(empty(204));
    let client = client(&server);
    let photo = Upload::bytes("PNG!")
        .file_name("a \"b\".png")
        .content_type("image/png");
    let body = AddPhotoMultipart::new(photo).caption("Ada");
    client
        .add_photo()
        .body(body)
        .send()
        .await
        .expect("an answer");
    let request = server.request();
    let boundary = request
        .header("content-type")
        .and_then(|value| value.strip_prefix("multipart/form-data; boundary="))
        .expect("a boundary")
        .to_owned();
    let text = request.text();
    let parts: Vec<&str> = text.split(&format!("--{boundary}")).collect();
    assert_eq!(parts.len(), 4, "{text}");
    assert!(
        parts[1].contains("name=\"photo\"") && parts[1].contains("image/png"),
        "{text}"
    );
    assert!(parts[1].contains("filename=\"a %22b%22.png\""), "{text}");
    assert!(parts[1].ends_with("\r\n\r\nPNG!\r\n"), "{text}");
    assert!(parts[2].contains("name=\"caption\"") && parts[2].ends_with("\r\n\r\nAda\r\n"));
}

/// Two gigabytes go by, and the process stays small.
#[tokio::test]
#[cfg(target_os = "linux")]
async fn bodies_of_two_gigabytes_in_constant_memory() {
    const CHUNK: usize = 1 << 20;
    const CHUNKS: u64 = 2048;
    let peak = || -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").expect("a status");
        let line = status
            .lines()
            .find(|line| line.starts_with("VmHWM"))
            .expect("a peak");
        line.split_whitespace()
            .nth(1)
            .and_then(|kb| kb.parse().ok())
            .expect("a number")
    };
    // This server counts what it is sent, and keeps nothing.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let counted = std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut buffer = vec![0; 1 << 16];
        let (mut head, mut seen) = (Vec::new(), 0_u64);
        let length = CHUNKS * CHUNK as u64;
        while seen < length {
            let count = stream.read(&mut buffer).expect("a request");
            assert!(count > 0, "the request broke off after {seen}");
            if seen > 0 || head.ends_with(b"\r\n\r\n") {
                seen += count as u64;
                continue;
            }
            head.extend_from_slice(&buffer[..count]);
            if let Some(end) = head.windows(4).position(|window| window == b"\r\n\r\n") {
                seen = (head.len() - end - 4) as u64;
                head.truncate(end + 4);
            }
        }
        stream
            .write_all(b"HTTP/1.1 204 X\r\nConnection: close\r\n\r\n")
            .expect("an answer");
        (seen, String::from_utf8(head).expect("a head"))
    });
    let chunk = Bytes::from(vec![7_u8; CHUNK]);
    let chunks = stream::iter((0..CHUNKS).map(move |_| Ok::<_, std::io::Error>(chunk.clone())));
    let upload = Upload::stream(chunks).length(CHUNKS * CHUNK as u64);
    let before = peak();
    let client = parcels::Client::builder()
        .credentials(parcels::Credentials::api_key("k"))
        .base_url(url)
        .no_timeout()
        .build()
        .expect("a client");
    client
        .put_label_bytes()
        .id("1")
        .body(upload)
        .send()
        .await
        .expect("an answer");
    let (seen, head) = counted.join().expect("the server");
    assert_eq!(seen, CHUNKS * CHUNK as u64);
    assert!(
        head.to_lowercase().contains("content-length: 2147483648"),
        "{head}"
    );
    let grown = peak() - before;
    assert!(grown < 64 * 1024, "{grown} KiB more than before");
}
