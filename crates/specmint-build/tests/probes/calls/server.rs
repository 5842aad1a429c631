//! A server of raw bytes: it records each request and answers all of them alike.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

/// A request as it came over the wire.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub head: String,
    pub body: String,
}

impl Recorded {
    /// Method and target.
    pub fn line(&self) -> &str {
        let line = self.head.lines().next().unwrap_or_default();
        line.trim_end_matches(" HTTP/1.1")
    }

    /// The raw query.
    pub fn query(&self) -> &str {
        self.line().split_once('?').map_or("", |(_, query)| query)
    }

    /// The one value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self
            .head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(':'))
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim());
        let value = values.next();
        assert!(values.next().is_none(), "{name} twice: {}", self.head);
        value
    }
}

pub struct Server {
    pub url: String,
    recorded: Arc<Mutex<Vec<Recorded>>>,
}

impl Server {
    pub fn new(reply: impl Into<Vec<u8>>) -> Self {
        Self::script([reply])
    }

    /// One reply after the other; the last one repeats.
    pub fn script<R: Into<Vec<u8>>>(replies: impl IntoIterator<Item = R>) -> Self {
        let mut replies: Vec<Vec<u8>> = replies.into_iter().map(Into::into).collect();
        replies.reverse();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let recorded = Arc::new(Mutex::new(Vec::new()));
        let requests = Arc::clone(&recorded);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                let request = read(&mut stream);
                requests.lock().expect("no panic").push(request);
                let reply = match replies.len() {
                    1 => replies.first().cloned(),
                    _ => replies.pop(),
                };
                let _ = stream.write_all(&reply.expect("a reply"));
            }
        });
        Self { url, recorded }
    }

    pub fn requests(&self) -> Vec<Recorded> {
        self.recorded.lock().expect("no panic").clone()
    }

    /// The one request that there was.
    pub fn request(&self) -> Recorded {
        let mut requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:?}");
        requests.remove(0)
    }
}

fn read(stream: &mut TcpStream) -> Recorded {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let recorded = Recorded {
                head: head.to_owned(),
                body: body.to_owned(),
            };
            let chunked = recorded.header("transfer-encoding") == Some("chunked");
            let length = recorded.header("content-length");
            let length = length.map_or(0, |length| length.parse().expect("a length"));
            if (chunked && body.ends_with("0\r\n\r\n")) || (!chunked && body.len() >= length) {
                return recorded;
            }
        }
        let count = stream.read(&mut chunk).expect("a request");
        assert!(count > 0, "the request broke off");
        bytes.extend_from_slice(&chunk[..count]);
    }
}

/// An answer without a body.
pub fn empty(status: u16) -> String {
    answer(status, "X-Request-Id: r1\r\n", "")
}

pub fn json(status: u16, body: &str) -> String {
    answer(status, "Content-Type: application/json\r\n", body)
}

pub fn answer(status: u16, headers: &str, body: &str) -> String {
    let length = match status {
        204 => String::new(),
        _ => format!("Content-Length: {}\r\n", body.len()),
    };
    format!("HTTP/1.1 {status} X\r\nConnection: close\r\n{length}{headers}\r\n{body}")
}
