//! One address in, one answer out: bounded, polite, and with redirects followed by hand.
//!
//! It must never know what a page is. Errors name addresses without user, password and query, and
//! never quote what the HTTP library says, which may hold the name of a proxy.

mod cause;
mod host;

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use reqwest::{
    Client, Response, StatusCode,
    header::{self, HeaderMap, HeaderName},
};
use tokio::sync::Mutex;
use url::Url;

use crate::{
    net::{self, Guarded, Lookup},
    retry::{self, Failed, GaveUp, Schedule},
    robots::{self, Robots},
    urls::{self, Policy},
};
pub use cause::{Cause, FetchError};
use cause::{broken, finally, reason};
use host::Host;

/// How much, how long, how often.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Until a connection stands.
    pub connect: Duration,
    /// Between two pieces of an answer.
    pub read: Duration,
    /// For one answer.
    pub total: Duration,
    /// For everything of one API.
    pub budget: Duration,
    /// When to try again.
    pub schedule: Schedule,
    /// Decompressed bytes of an index.
    pub index_bytes: usize,
    /// Decompressed bytes of a page.
    pub page_bytes: usize,
    /// Decompressed bytes of a whole document.
    pub document_bytes: usize,
    /// Decompressed bytes of everything.
    pub sync_bytes: u64,
    /// Pages of one API.
    pub pages: usize,
    /// Redirects of one request.
    pub redirects: usize,
    /// Requests at a time, per host.
    pub in_flight: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            read: Duration::from_secs(20),
            total: Duration::from_secs(60),
            budget: Duration::from_secs(600),
            schedule: Schedule::default(),
            index_bytes: 2 << 20,
            page_bytes: 4 << 20,
            document_bytes: 32 << 20,
            sync_bytes: 64 << 20,
            pages: 2_000,
            redirects: 3,
            in_flight: 4,
        }
    }
}

/// What the last answer's headers said, for a conditional request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// 304.
    NotModified,
    /// 404 or 410.
    Gone(u16),
    /// 200, whole.
    Body(Body),
}

/// A body and what was said about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// Decompressed.
    pub bytes: Vec<u8>,
    /// `Content-Type`, lower case.
    pub content_type: Option<String>,
    /// For the next request.
    pub validators: Validators,
    /// Where it was found in the end, where redirects led elsewhere.
    pub moved: Option<Url>,
}

/// Fetches for one API.
pub struct Fetcher {
    client: Client,
    policy: Policy,
    limits: Limits,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
    bytes: AtomicU64,
    begun: Instant,
    jobs: usize,
}

impl Fetcher {
    /// A fetcher under a policy. `jobs` is at most [`Limits::in_flight`].
    pub fn new(
        policy: Policy,
        limits: Limits,
        jobs: usize,
        lookup: Lookup,
    ) -> Result<Self, String> {
        let mut proxies = net::proxies(|name| std::env::var(name).ok());
        proxies.retain(|name| !policy.names(name));
        let guarded = Guarded::new(lookup, policy.allows_private()).through(proxies);
        let mut client = Client::builder()
            .user_agent(crate::USER_AGENT)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(limits.connect)
            .read_timeout(limits.read)
            .timeout(limits.total)
            .tls_version_min(reqwest::tls::Version::TLS_1_2)
            .dns_resolver(guarded);
        if policy.allows_private() {
            client = client.no_proxy();
        }
        let client = client.build().map_err(|error| reason(&error))?;
        Ok(Self {
            client,
            jobs: jobs.clamp(1, limits.in_flight),
            policy,
            limits,
            hosts: Mutex::new(HashMap::new()),
            bytes: AtomicU64::new(0),
            begun: Instant::now(),
        })
    }

    /// The bounds it works under.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Which addresses may be fetched.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Decompressed bytes so far.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Fetches an address, of at most so many bytes.
    pub async fn get(
        &self,
        url: &Url,
        validators: &Validators,
        bound: usize,
    ) -> Result<Answer, FetchError> {
        let begun = Instant::now();
        let failed = |cause, tries, retry_after| FetchError {
            url: urls::shown(url),
            cause,
            tries,
            took: begun.elapsed(),
            retry_after,
        };
        if let Err(refusal) = self.policy.check(url) {
            return Err(failed(Cause::Refused(refusal), 0, None));
        }
        let host = self.host(url).await;
        let robots = match host.robots.get_or_init(|| self.robots(url, &host)).await {
            Ok(robots) => robots,
            Err(error) => return Err(failed(Cause::RobotsUnknown(error.to_string()), 1, None)),
        };
        if let Some(rule) = robots.forbids(url) {
            return Err(failed(Cause::Robots(rule), 0, None));
        }
        self.tried(url, validators, bound, &host, Some(robots))
            .await
            .map_err(|gave_up| failed(gave_up.error, gave_up.tries, gave_up.after))
    }

    async fn tried(
        &self,
        url: &Url,
        validators: &Validators,
        bound: usize,
        host: &Host,
        robots: Option<&Robots>,
    ) -> Result<Answer, GaveUp<Cause>> {
        let left = self.limits.budget.saturating_sub(self.begun.elapsed());
        let tries = self.limits.schedule.run(|| async {
            // A slot is held for one request, not while waiting for the next try.
            let _slot = host.slots.acquire().await;
            host.rested().await?;
            let answer = self.followed(url, validators, bound, host, robots).await;
            if let Err(failed) = &answer {
                host.heard(failed, self.limits.schedule.retry_after).await;
            }
            answer
        });
        tokio::time::timeout(left, tries)
            .await
            .unwrap_or(Err(GaveUp {
                tries: 1,
                after: None,
                error: Cause::Budget,
            }))
    }

    async fn host(&self, url: &Url) -> Arc<Host> {
        let name = format!(
            "{}:{}",
            url.host_str().unwrap_or_default(),
            url.port().unwrap_or(0)
        );
        let mut hosts = self.hosts.lock().await;
        hosts
            .entry(name)
            .or_insert_with(|| Arc::new(Host::new(self.jobs)))
            .clone()
    }

    /// What the host of an address asks for. No file means no rules; a host that can't say is not
    /// asked anything else.
    async fn robots(&self, url: &Url, host: &Host) -> Result<Robots, FetchError> {
        let mut at = url.clone();
        at.set_path("/robots.txt");
        at.set_query(None);
        let begun = Instant::now();
        let answer = self
            .tried(&at, &Validators::default(), robots::MAX_BYTES, host, None)
            .await;
        match answer {
            Ok(Answer::Body(body)) => Ok(Robots::parse(&body.bytes)),
            Ok(Answer::Gone(_) | Answer::NotModified)
            | Err(GaveUp {
                error: Cause::Status(400..=499),
                ..
            }) => Ok(Robots::none()),
            // A file beyond the bound too: what it forbids further down can't be known.
            Err(gave_up) => Err(FetchError {
                url: urls::shown(&at),
                cause: gave_up.error,
                tries: gave_up.tries,
                took: begun.elapsed(),
                retry_after: gave_up.after,
            }),
        }
    }

    /// One try, redirects included: they stay on the host, and its rules hold for each of them.
    async fn followed(
        &self,
        url: &Url,
        validators: &Validators,
        bound: usize,
        host: &Host,
        robots: Option<&Robots>,
    ) -> Result<Answer, Failed<Cause>> {
        let mut at = url.clone();
        for _ in 0..=self.limits.redirects {
            host.wait(robots.and_then(Robots::delay)).await;
            let response = self.asked(&at, validators).await?;
            let status = response.status();
            if !is_redirect(status) {
                let mut answer = self.answered(response, validators, bound).await?;
                if let Answer::Body(body) = &mut answer {
                    body.moved = (at != *url).then_some(at);
                }
                return Ok(answer);
            }
            at = self.redirected(&at, &response).map_err(finally)?;
            if let Some(rule) = robots.and_then(|robots| robots.forbids(&at)) {
                return Err(finally(Cause::Robots(rule)));
            }
        }
        let ends = Cause::Redirect(urls::shown(url), urls::shown(&at), "too many redirects");
        Err(finally(ends))
    }

    async fn asked(&self, url: &Url, validators: &Validators) -> Result<Response, Failed<Cause>> {
        let mut request = self
            .client
            .get(url.clone())
            .header(header::ACCEPT, "text/markdown, text/plain;q=0.9, */*;q=0.5");
        if let Some(etag) = &validators.etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(date) = &validators.last_modified {
            request = request.header(header::IF_MODIFIED_SINCE, date);
        }
        request
            .send()
            .await
            .map_err(|error| broken(&error, 0, None))
    }

    fn redirected(&self, from: &Url, response: &Response) -> Result<Url, Cause> {
        let location = text(response.headers(), &header::LOCATION).unwrap_or_default();
        let refused = |to: String, why| Cause::Redirect(urls::shown(from), to, why);
        let to = from.join(&location).map_err(|_| {
            refused(
                urls::shown_link(&location),
                "it is not a well-formed address",
            )
        })?;
        if from.scheme() == "https" && to.scheme() != "https" {
            return Err(refused(urls::shown(&to), "it leaves https"));
        }
        if from.host_str() != to.host_str() || from.port() != to.port() {
            return Err(refused(urls::shown(&to), "it leads to another host"));
        }
        match self.policy.resolve(from, &location) {
            Ok(url) => Ok(url),
            Err(_) => Err(refused(urls::shown(&to), "the address is not allowed")),
        }
    }

    async fn answered(
        &self,
        mut response: Response,
        validators: &Validators,
        bound: usize,
    ) -> Result<Answer, Failed<Cause>> {
        let status = response.status().as_u16();
        match status {
            200 => {}
            // Without a question there is nothing that it could be the same as.
            304 if *validators == Validators::default() => return Err(finally(Cause::Unasked)),
            304 => return Ok(Answer::NotModified),
            404 | 410 => return Ok(Answer::Gone(status)),
            _ => {
                let after = text(response.headers(), &header::RETRY_AFTER)
                    .and_then(|value| retry::retry_after(&value, SystemTime::now()));
                let again = retry::again(status);
                return Err(Failed {
                    again,
                    after,
                    error: Cause::Status(status),
                });
            }
        }
        let content_type =
            text(response.headers(), &header::CONTENT_TYPE).map(|t| t.to_ascii_lowercase());
        let validators = Validators {
            etag: text(response.headers(), &header::ETAG),
            last_modified: text(response.headers(), &header::LAST_MODIFIED),
        };
        // A hint only: it is the compressed length, and nobody checked it.
        let announced = response.content_length();
        let mut bytes = Vec::new();
        loop {
            let piece = match response.chunk().await {
                Ok(Some(piece)) => piece,
                Ok(None) => break,
                Err(error) => return Err(broken(&error, bytes.len(), announced)),
            };
            if bytes.len() + piece.len() > bound {
                return Err(finally(Cause::TooLarge(bound)));
            }
            let all = self.bytes.fetch_add(piece.len() as u64, Ordering::Relaxed);
            if all + piece.len() as u64 > self.limits.sync_bytes {
                return Err(finally(Cause::TooMuch(self.limits.sync_bytes)));
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(Answer::Body(Body {
            bytes,
            content_type,
            validators,
            moved: None,
        }))
    }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a redirect from one address to another leads; certificates that systems trust can't
    /// be made for a test, so HTTPS is played here.
    fn redirected(from: &str, to: &str) -> Result<String, String> {
        let from = Url::parse(from).expect("it is an address");
        let mut policy = Policy::new(true);
        policy.allow("localhost");
        policy.allow("docs.acme.test");
        let fetcher = Fetcher::new(policy, Limits::default(), 4, crate::net::system())
            .expect("a client can be built");
        let response = http::Response::builder()
            .status(302)
            .header(header::LOCATION, to)
            .body("")
            .expect("it is a response");
        fetcher
            .redirected(&from, &Response::from(response))
            .map(|url| url.to_string())
            .map_err(|cause| cause.to_string())
    }

    #[test]
    fn a_redirect_out_of_https_is_refused() {
        // Plain HTTP is allowed to loopback here, and still: what began encrypted stays so.
        for from in ["https://localhost/a.md", "https://docs.acme.test/a.md"] {
            let host = from.trim_end_matches("/a.md");
            let plain = host.replace("https", "http") + "/b.md";
            let expected = format!("redirect from {from} to {plain}: it leaves https");
            assert_eq!(redirected(from, &plain), Err(expected));
            assert_eq!(redirected(from, "/b.md"), Ok(format!("{host}/b.md")));
        }
        let to = redirected("http://localhost/a.md", "/b.md");
        assert_eq!(to.as_deref(), Ok("http://localhost/b.md"));
    }
}
