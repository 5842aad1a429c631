//! A server of raw bytes: it records every request as it came, and answers by a script, whose last
//! line is repeated.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

/// What happens to a connection.
#[derive(Clone)]
pub enum Reply {
    /// These bytes, then the end of the connection.
    Bytes(Vec<u8>),
    /// These pieces, with a pause before each.
    Slow(Duration, Vec<Vec<u8>>),
    /// Nothing.
    Hangup,
}

impl<T: AsRef<[u8]>> From<T> for Reply {
    fn from(bytes: T) -> Self {
        Self::Bytes(bytes.as_ref().to_vec())
    }
}

/// A request as it came over the wire.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub head: String,
    pub body: Vec<u8>,
}

impl Recorded {
    /// Method and target.
    pub fn line(&self) -> &str {
        let line = self.head.lines().next().unwrap_or_default();
        line.trim_end_matches(" HTTP/1.1")
    }

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

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("text")
    }
}

pub struct Server {
    pub url: String,
    recorded: Arc<Mutex<Vec<Recorded>>>,
}

impl Server {
    pub fn new(script: impl IntoIterator<Item = Reply>) -> Self {
        let script: Vec<Reply> = script.into_iter().collect();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let recorded = Arc::new(Mutex::new(Vec::new()));
        let requests = Arc::clone(&recorded);
        std::thread::spawn(move || {
            for (at, stream) in listener.incoming().enumerate() {
                let mut stream = stream.expect("a connection");
                let reply = script.get(at).or(script.last()).expect("a script").clone();
                let Some(request) = read(&mut stream) else {
                    continue;
                };
                requests.lock().expect("no panic").push(request);
                match reply {
                    Reply::Bytes(bytes) => _ = stream.write_all(&bytes),
                    Reply::Slow(pause, pieces) => {
                        for piece in pieces {
                            std::thread::sleep(pause);
                            if stream.write_all(&piece).is_err() {
                                break;
                            }
                        }
                    }
                    Reply::Hangup => {}
                }
            }
        });
        Self { url, recorded }
    }

    /// A server that says the same each time.
    pub fn always(reply: impl Into<Reply>) -> Self {
        Self::new([reply.into()])
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

fn read(stream: &mut TcpStream) -> Option<Recorded> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let recorded = Recorded {
                head: String::from_utf8(bytes[..end].to_vec()).expect("a head"),
                body: bytes[end + 4..].to_vec(),
            };
            let chunked = recorded.header("transfer-encoding") == Some("chunked");
            let length = recorded.header("content-length");
            let length = length.map_or(0, |length| length.parse().expect("a length"));
            if (chunked && recorded.body.ends_with(b"0\r\n\r\n"))
                || (!chunked && recorded.body.len() >= length)
            {
                return Some(recorded);
            }
        }
        let count = stream.read(&mut chunk).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&chunk[..count]);
    }
}

/// An answer without a body.
pub fn empty(status: u16) -> Reply {
    answer(status, "", "")
}

pub fn json(status: u16, body: &str) -> Reply {
    answer(status, "Content-Type: application/json\r\n", body)
}

pub fn answer(status: u16, headers: &str, body: &str) -> Reply {
    let length = match status {
        204 => String::new(),
        _ => format!("Content-Length: {}\r\n", body.len()),
    };
    format!("HTTP/1.1 {status} X\r\nConnection: close\r\nX-Request-Id: r1\r\n{length}{headers}\r\n{body}").into()
}
