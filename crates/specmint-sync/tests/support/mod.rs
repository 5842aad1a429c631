//! A real HTTP server on loopback that serves documentation sites, and misbehaves on request.
#![expect(clippy::format_push_string, reason = "a test may take its time")]
#![expect(dead_code, reason = "each test binary uses a part of it")]

pub(crate) mod world;

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// What is served at a path.
#[derive(Clone, Debug)]
pub(crate) enum Serve {
    /// 200, Markdown, with validators where the server has them.
    Page(String),
    /// Anything.
    Raw(u16, Vec<(String, String)>, Vec<u8>),
    /// This many times the first, then the second.
    First(usize, Box<Serve>, Box<Serve>),
    /// 200 and a `Content-Length`, but fewer bytes.
    Cut(usize, Vec<u8>),
    /// 200 and bytes without end, in chunks.
    Endless,
    /// 200, then a byte now and then.
    Drip,
    /// 200, after a while.
    Slow(Duration, Vec<u8>),
    /// The connection is closed in place of an answer.
    Reset,
}

impl Serve {
    pub(crate) fn redirect(status: u16, to: &str) -> Self {
        Self::Raw(
            status,
            vec![("Location".to_owned(), to.to_owned())],
            Vec::new(),
        )
    }

    pub(crate) fn status(status: u16) -> Self {
        Self::Raw(status, Vec::new(), b"no".to_vec())
    }

    pub(crate) fn html(text: &str) -> Self {
        let kind = (
            "Content-Type".to_owned(),
            "text/html; charset=utf-8".to_owned(),
        );
        Self::Raw(200, vec![kind], text.as_bytes().to_vec())
    }
}

/// A request that came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) at: Instant,
}

#[derive(Default)]
struct State {
    routes: Mutex<BTreeMap<String, Serve>>,
    requests: Mutex<Vec<Request>>,
    etags: Mutex<bool>,
    delay: Mutex<Duration>,
    running: AtomicUsize,
    most: AtomicUsize,
}

/// A running server; it ends with the test.
pub(crate) struct Server {
    pub(crate) port: u16,
    state: Arc<State>,
    _runtime: tokio::runtime::Runtime,
}

impl Server {
    pub(crate) fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime can be built");
        let state = Arc::new(State::default());
        *state.etags.lock().expect("no test panics with it") = true;
        let listener = runtime
            .block_on(TcpListener::bind("127.0.0.1:0"))
            .expect("loopback has a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let shared = state.clone();
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = stream.set_nodelay(true);
                tokio::spawn(serve(stream, shared.clone()));
            }
        });
        Self {
            port,
            state,
            _runtime: runtime,
        }
    }

    /// A server of a folder; `BASE` in `llms.txt` becomes its address.
    pub(crate) fn of(dir: &Path) -> Self {
        let server = Self::start();
        let mut left = vec![dir.to_path_buf()];
        while let Some(at) = left.pop() {
            for entry in std::fs::read_dir(&at)
                .expect("the fixture is there")
                .flatten()
            {
                let path = entry.path();
                if path.is_dir() {
                    left.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).expect("fixtures are text");
                let name = path
                    .strip_prefix(dir)
                    .expect("it lies below")
                    .to_string_lossy()
                    .into_owned();
                server.put(
                    &format!("/{name}"),
                    Serve::Page(text.replace("BASE", &server.base())),
                );
            }
        }
        server
    }

    pub(crate) fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn put(&self, path: &str, serve: Serve) {
        self.state
            .routes
            .lock()
            .expect("no test panics with it")
            .insert(path.to_owned(), serve);
    }

    pub(crate) fn remove(&self, path: &str) {
        self.state
            .routes
            .lock()
            .expect("no test panics with it")
            .remove(path);
    }

    /// The page at a path, to change it.
    pub(crate) fn page(&self, path: &str) -> String {
        match self
            .state
            .routes
            .lock()
            .expect("no test panics with it")
            .get(path)
        {
            Some(Serve::Page(text)) => text.clone(),
            other => panic!("no page at {path}: {other:?}"),
        }
    }

    /// Replaces words of a page, which must be there.
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let page = self.page(path);
        assert!(page.contains(from), "{path} does not say {from}");
        self.put(path, Serve::Page(page.replace(from, to)));
    }

    /// Replaces words of every page that has them.
    pub(crate) fn edit_all(&self, from: &str, to: &str) {
        let mut routes = self.state.routes.lock().expect("no test panics with it");
        for serve in routes.values_mut() {
            if let Serve::Page(text) = serve {
                *text = text.replace(from, to);
            }
        }
    }

    pub(crate) fn without_validators(&self) {
        *self.state.etags.lock().expect("no test panics with it") = false;
    }

    pub(crate) fn delay(&self, delay: Duration) {
        *self.state.delay.lock().expect("no test panics with it") = delay;
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.state
            .requests
            .lock()
            .expect("no test panics with it")
            .clone()
    }

    pub(crate) fn forget(&self) {
        self.state
            .requests
            .lock()
            .expect("no test panics with it")
            .clear();
    }

    pub(crate) fn count(&self, path: &str) -> usize {
        self.requests()
            .iter()
            .filter(|request| request.path == path)
            .count()
    }

    /// The most requests that were being answered at one time.
    pub(crate) fn most_at_once(&self) -> usize {
        self.state.most.load(Ordering::SeqCst)
    }
}

async fn serve(mut stream: TcpStream, state: Arc<State>) {
    let mut buffer = Vec::new();
    loop {
        let end = loop {
            if let Some(at) = buffer.windows(4).position(|w| w == b"\r\n\r\n") {
                break at;
            }
            let mut piece = [0; 4096];
            match stream.read(&mut piece).await {
                Ok(0) | Err(_) => return,
                Ok(read) => buffer.extend_from_slice(&piece[..read]),
            }
        };
        let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
        buffer.drain(..end + 4);
        let running = state.running.fetch_add(1, Ordering::SeqCst) + 1;
        state.most.fetch_max(running, Ordering::SeqCst);
        let done = answer(&mut stream, &head, &state).await;
        state.running.fetch_sub(1, Ordering::SeqCst);
        if !done {
            return;
        }
    }
}

/// Answers one request; whether the connection stays.
async fn answer(stream: &mut TcpStream, head: &str, state: &State) -> bool {
    let mut lines = head.lines();
    let path = lines
        .next()
        .unwrap_or_default()
        .split(' ')
        .nth(1)
        .unwrap_or_default()
        .to_owned();
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let request = Request {
        path: path.clone(),
        headers: headers.clone(),
        at: Instant::now(),
    };
    state
        .requests
        .lock()
        .expect("no test panics with it")
        .push(request);
    let delay = *state.delay.lock().expect("no test panics with it");
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let serve = {
        let mut routes = state.routes.lock().expect("no test panics with it");
        match routes.get_mut(&path) {
            Some(Serve::First(left, first, then)) => {
                if *left > 0 {
                    *left -= 1;
                    (**first).clone()
                } else {
                    (**then).clone()
                }
            }
            Some(serve) => serve.clone(),
            None => Serve::status(404),
        }
    };
    let etags = *state.etags.lock().expect("no test panics with it");
    write(stream, serve, &headers, etags).await.unwrap_or(false)
}

async fn write(
    stream: &mut TcpStream,
    serve: Serve,
    headers: &BTreeMap<String, String>,
    etags: bool,
) -> std::io::Result<bool> {
    let ok = "HTTP/1.1 200 OK\r\nContent-Type: text/markdown; charset=utf-8\r\n";
    match serve {
        Serve::Page(text) => {
            let etag = format!("\"{}\"", &specmint_sync::sha256(text.as_bytes())[..16]);
            if etags && headers.get("if-none-match") == Some(&etag) {
                let head = format!("HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n");
                stream.write_all(head.as_bytes()).await?;
                return Ok(true);
            }
            let validator = if etags {
                format!("ETag: {etag}\r\n")
            } else {
                String::new()
            };
            let mut bytes =
                format!("{ok}{validator}Content-Length: {}\r\n\r\n", text.len()).into_bytes();
            bytes.extend_from_slice(text.as_bytes());
            stream.write_all(&bytes).await?;
            Ok(true)
        }
        Serve::Raw(status, extra, body) => {
            let mut head = format!(
                "HTTP/1.1 {status} Some\r\nContent-Length: {}\r\n",
                body.len()
            );
            for (name, value) in extra {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            head.push_str("\r\n");
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(&body).await?;
            Ok(true)
        }
        Serve::Cut(length, body) => {
            stream
                .write_all(format!("{ok}Content-Length: {length}\r\n\r\n").as_bytes())
                .await?;
            stream.write_all(&body).await?;
            Ok(false)
        }
        Serve::Endless => {
            stream
                .write_all(format!("{ok}Transfer-Encoding: chunked\r\n\r\n").as_bytes())
                .await?;
            let piece = "x".repeat(0x4000);
            loop {
                stream
                    .write_all(format!("4000\r\n{piece}\r\n").as_bytes())
                    .await?;
            }
        }
        Serve::Drip => {
            stream
                .write_all(format!("{ok}Content-Length: 100000\r\n\r\n").as_bytes())
                .await?;
            loop {
                stream.write_all(b"#").await?;
                tokio::time::sleep(Duration::from_millis(40)).await;
            }
        }
        Serve::Slow(wait, body) => {
            tokio::time::sleep(wait).await;
            stream
                .write_all(format!("{ok}Content-Length: {}\r\n\r\n", body.len()).as_bytes())
                .await?;
            stream.write_all(&body).await?;
            Ok(true)
        }
        Serve::Reset | Serve::First(..) => Ok(false),
    }
}
