//! An HTTPS server on loopback that plays the APIs of some pages and writes down every difference
//! between what was asked and what the pages say. It knows nothing of the generated clients.

use std::{
    convert::Infallible,
    error::Error,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
};

use http_body_util::Full;
use hyper::{Request, Response, body::Bytes, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio_rustls::{TlsAcceptor, rustls};

/// The id that no contact has.
pub(crate) const UNKNOWN: &str = "404404";

/// What a page says of its operation, cut from its text.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// The API.
    pub(crate) api: &'static str,
    /// Upper case.
    pub(crate) method: String,
    /// The template.
    pub(crate) path: String,
    /// The host of the server that holds for the operation.
    pub(crate) host: String,
    /// The whole `Authorization` header of a caller who may.
    authorization: &'static str,
}

impl Page {
    /// Cuts method and path out of the line that opens the block, and the host out of the last
    /// server before the operation.
    pub(crate) fn read(
        api: &'static str,
        text: &str,
        authorization: &'static str,
    ) -> Result<Self, Box<dyn Error>> {
        let fence = text
            .lines()
            .find(|line| line.starts_with("````yaml"))
            .ok_or("no block")?;
        let mut words = fence.split_whitespace().rev();
        let path = words.next().ok_or("no path")?.to_owned();
        let method = words.next().ok_or("no method")?.to_uppercase();
        let host = text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("- url: https://"))
            .next_back()
            .ok_or("no server")?
            .to_owned();
        Ok(Self {
            api,
            method,
            path,
            host,
            authorization,
        })
    }
}

/// A running server.
pub(crate) struct Server {
    address: SocketAddr,
    certificate: reqwest::Certificate,
    log: Arc<Log>,
}

/// What the server plays and what it saw.
struct Log {
    pages: Vec<Page>,
    calls: Mutex<usize>,
    mismatches: Mutex<Vec<String>>,
}

impl Server {
    /// Starts serving with a certificate made for the pages' hosts.
    pub(crate) async fn start(pages: Vec<Page>) -> Result<Self, Box<dyn Error>> {
        let hosts: Vec<String> = pages.iter().map(|page| page.host.clone()).collect();
        let made = rcgen::generate_simple_self_signed(hosts)?;
        let certificate = reqwest::Certificate::from_der(made.cert.der())?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(
                vec![made.cert.der().clone()],
                rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der())?,
            )?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let log = Arc::new(Log {
            pages,
            calls: Mutex::default(),
            mismatches: Mutex::default(),
        });
        let shared = Arc::clone(&log);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, log) = (acceptor.clone(), Arc::clone(&shared));
                tokio::spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else {
                        return;
                    };
                    let service = service_fn(|request| {
                        let answer = log.answer(&request);
                        async { Ok::<_, Infallible>(answer) }
                    });
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        Ok(Self {
            address,
            certificate,
            log,
        })
    }

    /// An HTTP client for which the pages' host names lead to this server.
    pub(crate) fn http_client(&self) -> reqwest::Client {
        let mut builder = reqwest::Client::builder()
            .tls_certs_only([self.certificate.clone()])
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy();
        for page in &self.log.pages {
            builder = builder.resolve(&page.host, self.address);
        }
        builder
            .build()
            .expect("a certificate and some addresses make a client")
    }

    /// What is played.
    pub(crate) fn pages(&self) -> &[Page] {
        &self.log.pages
    }

    /// How many requests arrived.
    pub(crate) fn calls(&self) -> usize {
        *self.log.calls.lock().expect("no holder panics")
    }

    /// What was different from the pages.
    pub(crate) fn mismatches(&self) -> Vec<String> {
        self.log
            .mismatches
            .lock()
            .expect("no holder panics")
            .clone()
    }
}

impl Log {
    fn answer<B>(&self, request: &Request<B>) -> Response<Full<Bytes>> {
        *self.calls.lock().expect("no holder panics") += 1;
        let header = |name| {
            request
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        let host = header("host").unwrap_or_default();
        let Some(page) = self.pages.iter().find(|page| page.host == host) else {
            return self.refuse(format!("host `{host}` is no page's"));
        };
        if request.method().as_str() != page.method {
            return self.refuse(format!(
                "method {} is not {}",
                request.method(),
                page.method
            ));
        }
        let (before, after) = page.path.split_once("{id}").unwrap_or((&page.path, ""));
        let asked = request.uri().to_string();
        let Some(id) = asked
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after))
        else {
            return self.refuse(format!("path `{asked}` is not `{}`", page.path));
        };
        if !["66d0d87e8dc1211467372303", "42", UNKNOWN].contains(&id) {
            return self.refuse(format!("`{id}` was never asked for"));
        }
        let wrong = page
            .authorization
            .replace("quo-key", "stolen")
            .replace("minimo-token", "stolen");
        match header("authorization") {
            Some(key) if key == page.authorization => {}
            Some(key) if key == wrong => return unauthorized(page.api),
            other => return self.refuse(format!("`Authorization: {}`", other.unwrap_or("none"))),
        }
        match (page.api, id) {
            ("quo", UNKNOWN) => json(404, QUO_NOT_FOUND),
            ("quo", _) => Response::builder()
                .status(204)
                .body(Full::default())
                .unwrap_or_default(),
            (_, UNKNOWN) => json(404, r#"{"message":"Contact not found"}"#),
            _ => json(200, "true"),
        }
    }

    fn refuse(&self, mismatch: String) -> Response<Full<Bytes>> {
        let answer = json(500, "{}");
        self.mismatches
            .lock()
            .expect("no holder panics")
            .push(mismatch);
        answer
    }
}

const QUO_NOT_FOUND: &str = r#"{"message":"Contact not found","code":"0800404","status":404,
    "docs":"https://openphone.com/docs","title":"Not Found"}"#;

const QUO_UNAUTHORIZED: &str = r#"{"message":"Unknown key","code":"0801401","status":401,
    "docs":"https://openphone.com/docs","title":"Unauthorized"}"#;

fn unauthorized(api: &str) -> Response<Full<Bytes>> {
    json(
        401,
        if api == "quo" {
            QUO_UNAUTHORIZED
        } else {
            r#"{"error":"unauthorized"}"#
        },
    )
}

fn json(status: u16, body: &'static str) -> Response<Full<Bytes>> {
    Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .body(Full::from(body))
        .unwrap_or_default()
}
