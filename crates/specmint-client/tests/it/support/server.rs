//! A server of raw bytes. Each connection gets one request and the next reply of the script; the
//! last reply repeats.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with a request that it has read.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// Sends these bytes and closes.
    Raw(Vec<u8>),
    /// Closes without a word.
    Drop,
    /// Sends these bytes and then nothing, keeping the connection.
    Hang(Vec<u8>),
    /// Sends these bytes and then one more every few milliseconds, for ever.
    Drip(Vec<u8>),
    /// Sends these bytes and then more as fast as it can, for ever.
    Flood(Vec<u8>),
}

impl Reply {
    /// An answer with a body and the headers that belong to it.
    pub(crate) fn new(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let mut raw = format!(
            "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n",
            body.len()
        )
        .into_bytes();
        raw.extend_from_slice(body);
        Self::Raw(raw)
    }

    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self::new(status, "content-type: application/json\r\n", body)
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self::new(status, "", "")
    }
}

/// A request as it came over the wire.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Recorded {
    /// The request line without the version.
    pub(crate) fn line(&self) -> &str {
        self.head
            .lines()
            .next()
            .unwrap_or_default()
            .trim_end_matches(" HTTP/1.1")
    }

    /// What stands between the method and the version.
    pub(crate) fn target(&self) -> &str {
        self.line().split(' ').nth(1).unwrap_or_default()
    }

    /// The raw query.
    pub(crate) fn query(&self) -> Option<&str> {
        self.target().split_once('?').map(|(_, query)| query)
    }

    /// All values of a header.
    pub(crate) fn headers(&self, name: &str) -> Vec<&str> {
        self.head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(':'))
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
            .collect()
    }

    /// The one value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let values = self.headers(name);
        assert!(values.len() < 2, "{name}: {values:?}");
        values.first().copied()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("a body of text")
    }
}

#[derive(Debug)]
pub(crate) struct Server {
    port: u16,
    recorded: Arc<Mutex<Vec<Recorded>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    pub(crate) async fn new(script: impl Into<Vec<Reply>>) -> Self {
        let script = script.into();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let recorded = Arc::new(Mutex::new(Vec::new()));
        let requests = Arc::clone(&recorded);
        let task = tokio::spawn(async move {
            let mut number = 0;
            while let Ok((stream, _)) = listener.accept().await {
                let reply = script
                    .get(number)
                    .or(script.last())
                    .cloned()
                    .expect("a reply");
                number += 1;
                tokio::spawn(serve(stream, reply, Arc::clone(&requests)));
            }
        });
        Self {
            port,
            recorded,
            task,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn requests(&self) -> Vec<Recorded> {
        self.recorded
            .lock()
            .expect("no panic in the server")
            .clone()
    }

    /// The one request that there was.
    pub(crate) fn request(&self) -> Recorded {
        let mut requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:?}");
        requests.remove(0)
    }
}

async fn serve(mut stream: TcpStream, reply: Reply, requests: Arc<Mutex<Vec<Recorded>>>) {
    let Some(request) = read(&mut stream).await else {
        return;
    };
    requests
        .lock()
        .expect("no panic in the server")
        .push(request);
    let _ = match reply {
        Reply::Drop => return,
        Reply::Raw(bytes) => {
            let _ = stream.write_all(&bytes).await;
            stream.shutdown().await
        }
        Reply::Hang(bytes) => {
            let _ = stream.write_all(&bytes).await;
            tokio::time::sleep(Duration::from_secs(600)).await;
            Ok(())
        }
        Reply::Drip(bytes) => {
            let mut result = stream.write_all(&bytes).await;
            while result.is_ok() {
                result = stream.write_all(b" ").await;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            result
        }
        Reply::Flood(bytes) => {
            let mut result = stream.write_all(&bytes).await;
            let chunk = vec![b' '; 16 * 1024];
            while result.is_ok() {
                result = stream.write_all(&chunk).await;
            }
            result
        }
    };
}

async fn read(stream: &mut TcpStream) -> Option<Recorded> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = find(&bytes, b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut recorded = Recorded {
        head,
        body: bytes.split_off(end + 4),
    };
    let length = recorded
        .header("content-length")
        .and_then(|length| length.parse().ok());
    if recorded.header("transfer-encoding") == Some("chunked") {
        recorded.body = loop {
            if let Some(body) = unchunk(&recorded.body) {
                break body;
            }
            if stream.read_buf(&mut recorded.body).await.ok()? == 0 {
                return None;
            }
        };
    } else {
        while recorded.body.len() < length.unwrap_or(0) {
            if stream.read_buf(&mut recorded.body).await.ok()? == 0 {
                return None;
            }
        }
    }
    Some(recorded)
}

/// The body that chunks amount to; `None` before the last one is there as a whole.
fn unchunk(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = find(bytes, b"\r\n")?;
        let size = std::str::from_utf8(&bytes[..end]).expect("a size");
        let size = usize::from_str_radix(size.trim(), 16).expect("a size");
        let chunk = bytes.get(end + 2..end + 2 + size)?;
        let rest = bytes.get(end + 2 + size..)?.strip_prefix(b"\r\n")?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(chunk);
        bytes = rest;
    }
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes
        .windows(needle.len())
        .position(|window| window == needle)
}
