//! HTTP on loopback: requests in, the answer of the first mock that fits out.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{StatusCode, Url};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::answer::{Reply, Route, When};
use super::expected::{Difference, Request};
use crate::api::{Api, Kind};
use crate::call::Call;
use crate::client::{Client, ClientBuilder};
use crate::credential::{CredentialSet, Credentials as _};
use crate::retry::Retries;

/// A server on loopback that plays the API `A`.
///
/// Of mocks that fit a request, those that know more of its path come first, then those that were
/// made first. What no mock is for is answered with 501 and the reason why not. When the server is
/// dropped, it panics if a mock was not called as often as expected.
pub struct Server<A: Api> {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
    client: Client<A>,
}

/// What connections and mocks share.
pub(crate) struct Shared {
    pub(crate) base: Url,
    http: reqwest::Client,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    routes: Vec<Arc<Route>>,
    /// Requests that no mock was for, and why not.
    strays: Vec<(Request, String)>,
}

impl<A: Api> Server<A> {
    /// Starts a server on a free port, on the runtime of the caller.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let base = format!("http://{}", listener.local_addr()?);
        let base: Url = base.parse().map_err(io::Error::other)?;
        let client = builder::<A, Client<A>>(&base)
            .build()
            .map_err(io::Error::other)?;
        let shared = Arc::new(Shared {
            base,
            http: client.core().http.clone(),
            state: Mutex::default(),
        });
        let task = tokio::spawn(serve(listener, Arc::clone(&shared)));
        Ok(Self {
            shared,
            task,
            client,
        })
    }

    /// A client that calls this server, with a made-up credential for each security scheme and
    /// without retries.
    pub fn client(&self) -> &Client<A> {
        &self.client
    }

    /// The settings of [`client`](Self::client), for one that is to have others as well.
    pub fn builder<C: From<Client<A>>>(&self) -> ClientBuilder<A, C> {
        builder(&self.shared.base)
    }

    /// The base URL.
    pub fn url(&self) -> &str {
        self.shared.base.as_str().trim_end_matches('/')
    }

    /// A mock of this call, as far as its values are set.
    ///
    /// # Panics
    ///
    /// If a value can't be written into a request.
    #[track_caller]
    pub fn when(&self, call: Call<'_, A>) -> When<A> {
        When::new(Arc::clone(&self.shared), call)
    }

    /// Requests that no mock was for.
    pub fn strays(&self) -> Vec<Request> {
        let state = self.shared.state();
        let strays = state.strays.iter();
        strays.map(|(request, _)| request.clone()).collect()
    }

    /// Forgets all mocks and requests, and what was expected.
    pub fn reset(&self) {
        *self.shared.state() = State::default();
    }

    /// Whether every mock has been called as often as expected so far; if not, what is wrong.
    pub fn check(&self) -> Result<(), String> {
        let state = self.shared.state();
        let complaints: Vec<String> = state
            .routes
            .iter()
            .filter_map(|route| route.complaint())
            .collect();
        if complaints.is_empty() {
            return Ok(());
        }
        let mut message = complaints.join("\n");
        for (request, reason) in &state.strays {
            let (method, path) = (&request.method, request.path());
            message.push_str(&format!("\nno mock is for {method} {path}: {reason}"));
        }
        Err(message)
    }
}

fn builder<A: Api, C: From<Client<A>>>(base: &Url) -> ClientBuilder<A, C> {
    let mut credentials = CredentialSet::default();
    for (index, scheme) in A::SCHEMES.iter().enumerate() {
        credentials = match scheme.kind {
            Kind::ApiKey(..) | Kind::Bearer => credentials.with(index, "mock"),
            Kind::Basic => credentials.with_basic(index, "mock", "mock"),
            Kind::MutualTls | Kind::Unsupported => credentials,
        };
    }
    ClientBuilder::new()
        .credentials(A::Credentials::from_set(credentials))
        .base_url(base.as_str())
        .retries(Retries::none())
}

impl<A: Api> Drop for Server<A> {
    #[expect(clippy::panic, reason = "this is how tests fail")]
    fn drop(&mut self) {
        self.task.abort();
        if thread::panicking() {
            return;
        }
        if let Err(message) = self.check() {
            panic!("{message}");
        }
    }
}

impl<A: Api> fmt::Debug for Server<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn mount(&self, route: Arc<Route>) {
        let routes = &mut self.state().routes;
        let gaps = route.expected.gaps();
        let at = routes.partition_point(|other| other.expected.gaps() <= gaps);
        routes.insert(at, route);
    }

    /// The answer to a request.
    async fn reply(&self, request: Request) -> Reply {
        let routes = self.state().routes.clone();
        let mut nearest: Difference = (0, "there are no mocks".to_owned());
        for (index, route) in routes.iter().enumerate() {
            let difference = match route.expected.compare(&request, &self.http).await {
                Ok(()) => match route.take(&request) {
                    Some(reply) => return reply,
                    None => (u8::MAX, "it has been answered often enough".to_owned()),
                },
                Err(difference) => difference,
            };
            if index == 0 || difference.0 > nearest.0 {
                let operation = route.expected.operation;
                nearest = (difference.0, format!("for `{operation}`, {}", difference.1));
            }
        }
        let reason = nearest.1;
        let body = format!(
            "no mock is for {} {}: {reason}",
            request.method,
            request.path()
        );
        self.state().strays.push((request, reason));
        let text = HeaderValue::from_static("text/plain; charset=utf-8");
        Reply {
            // Not 404, which an API may well have documented.
            status: StatusCode::NOT_IMPLEMENTED,
            headers: HeaderMap::from_iter([(CONTENT_TYPE, text)]),
            body: body.into(),
            delay: Duration::ZERO,
        }
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(connection(stream, Arc::clone(&shared)));
    }
}

async fn connection(stream: TcpStream, shared: Arc<Shared>) {
    let service = service_fn(|request| answer(request, &shared));
    // A caller that hangs up is none of the server's business.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn answer(
    request: hyper::Request<Incoming>,
    shared: &Shared,
) -> Result<hyper::Response<Full<Bytes>>, hyper::Error> {
    let (head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let mut url = shared.base.clone();
    url.set_path(head.uri.path());
    url.set_query(head.uri.query());
    let request = Request {
        method: head.method,
        url,
        headers: head.headers,
        body,
    };
    let reply = shared.reply(request).await;
    if !reply.delay.is_zero() {
        tokio::time::sleep(reply.delay).await;
    }
    let mut response = hyper::Response::new(Full::new(reply.body));
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    Ok(response)
}
