//! What really went over the wire: a proxy on loopback that keeps every request and its answer.

use std::{
    io::{self, BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

/// A request and its answer, as they went through.
#[derive(Clone, Debug)]
pub(super) struct Exchange {
    pub(super) request: Message,
    /// `None` where the server gave none.
    pub(super) answer: Option<Message>,
}

/// One HTTP/1.1 message.
#[derive(Clone, Debug)]
pub(super) struct Message {
    /// The request line or the status line.
    pub(super) line: String,
    /// Names in lower case.
    pub(super) headers: Vec<(String, String)>,
    /// Without the chunks it came in.
    pub(super) body: Vec<u8>,
}

impl Message {
    /// The first header of a name in lower case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    /// The status of an answer.
    pub(super) fn status(&self) -> u16 {
        self.line
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok())
            .unwrap_or_default()
    }
}

/// The proxy; it runs as long as the process does.
pub(super) struct Proxy {
    /// Where it listens.
    pub(super) address: SocketAddr,
    exchanges: Arc<Mutex<Vec<Exchange>>>,
}

impl Proxy {
    /// Starts a proxy in front of a server.
    pub(super) fn start(server: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let exchanges = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&exchanges);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    // A connection that breaks is seen by the driver, which reports it.
                    let _ = serve(&client, server, &shared);
                });
            }
        });
        Ok(Self { address, exchanges })
    }

    /// Everything since the last time.
    pub(super) fn take(&self) -> Vec<Exchange> {
        std::mem::take(
            &mut *self
                .exchanges
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }
}

fn serve(
    client: &TcpStream,
    server: SocketAddr,
    exchanges: &Mutex<Vec<Exchange>>,
) -> io::Result<()> {
    client.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut from_client = BufReader::new(client);
    loop {
        let Some((request, raw)) = read(&mut from_client, false)? else {
            return Ok(());
        };
        let upstream = TcpStream::connect(server)?;
        upstream.set_read_timeout(Some(Duration::from_secs(60)))?;
        (&upstream).write_all(&raw)?;
        let head = request.line.starts_with("HEAD ");
        let answer = read(&mut BufReader::new(&upstream), head)?;
        if let Some((_, raw)) = &answer {
            let mut client = client;
            client.write_all(raw)?;
        }
        let ended = answer.is_none();
        let exchange = Exchange {
            request,
            answer: answer.map(|(message, _)| message),
        };
        exchanges
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(exchange);
        if ended {
            return Ok(());
        }
    }
}

/// Reads one message; gives it back understood, and as it was. `None` at the end of a connection.
fn read(from: &mut impl BufRead, bodiless: bool) -> io::Result<Option<(Message, Vec<u8>)>> {
    let mut raw = Vec::new();
    let line = text_line(from, &mut raw)?;
    if line.is_empty() {
        return Ok(None);
    }
    let mut headers = Vec::new();
    loop {
        let line = text_line(from, &mut raw)?;
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    let mut message = Message {
        line,
        headers,
        body: Vec::new(),
    };
    let status = if message.line.starts_with("HTTP/") {
        message.status()
    } else {
        0
    };
    if bodiless || matches!(status, 100..=199 | 204 | 304) {
        return Ok(Some((message, raw)));
    }
    let chunked = message
        .header("transfer-encoding")
        .is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"));
    if chunked {
        loop {
            let size = text_line(from, &mut raw)?;
            let size = size.split(';').next().unwrap_or_default().trim();
            let size = usize::from_str_radix(size, 16)
                .map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
            let mut chunk = vec![0; size];
            from.read_exact(&mut chunk)?;
            raw.extend_from_slice(&chunk);
            message.body.extend_from_slice(&chunk);
            text_line(from, &mut raw)?;
            if size == 0 {
                break;
            }
        }
    } else if let Some(length) = message
        .header("content-length")
        .and_then(|n| n.parse().ok())
    {
        let mut body = vec![0; length];
        from.read_exact(&mut body)?;
        raw.extend_from_slice(&body);
        message.body = body;
    } else if status != 0 {
        from.read_to_end(&mut message.body)?;
        raw.extend_from_slice(&message.body);
    }
    Ok(Some((message, raw)))
}

/// A line without its end; the raw bytes go to `raw`.
fn text_line(from: &mut impl BufRead, raw: &mut Vec<u8>) -> io::Result<String> {
    let mut line = Vec::new();
    from.read_until(b'\n', &mut line)?;
    raw.extend_from_slice(&line);
    Ok(String::from_utf8_lossy(&line)
        .trim_end_matches(['\r', '\n'])
        .to_owned())
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn messages_are_read_as_they_are_framed() {
        let cases: [(&str, &str); 3] = [
            ("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi", "hi"),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n1\r\n!\r\n0\r\n\r\n",
                "hi!",
            ),
            ("HTTP/1.1 204 No Content\r\n\r\n", ""),
        ];
        for (text, body) in cases {
            let (message, raw) = read(&mut text.as_bytes(), false)
                .expect("memory can be read")
                .expect("there is a message");
            assert_eq!(String::from_utf8_lossy(&message.body), body);
            assert_eq!(String::from_utf8_lossy(&raw), text);
        }
    }
}
