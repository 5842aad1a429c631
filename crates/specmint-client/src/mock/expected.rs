//! What a mock waits for, and whether a request is that.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http_body_util::BodyExt as _;
use percent_encoding::percent_decode_str;
use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, HeaderName};
use reqwest::{Method, Url};
use serde::de::DeserializeOwned;

use crate::answer::{DecodeError, decode};
use crate::api::In;
use crate::body::Body;
use crate::call::Known;
use crate::parameter::path;
use crate::server;

/// Stands in a path where any value may. Nothing encodes it or resolves it away.
const GAP: &str = "anyvaluewilldo";

/// A request that a mock server has received.
#[derive(Clone)]
pub struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Request {
    /// HTTP method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path, percent-encoded as it was sent.
    pub fn path(&self) -> &str {
        self.url.path()
    }

    /// Names and values of the query, decoded.
    pub fn query(&self) -> Vec<(String, String)> {
        pairs(self.url.query().unwrap_or_default())
    }

    /// The first value of a header, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// All headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body as it was sent.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The body, read as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        decode(&self.body)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.path())
            .field("query", &self.query())
            .finish_non_exhaustive()
    }
}

type Check = dyn Fn(&Request) -> bool + Send + Sync;

/// What a mock waits for.
#[derive(Clone)]
pub(crate) struct Expected {
    /// Name of the operation.
    pub(crate) operation: &'static str,
    method: &'static str,
    /// The path as far as it is known, one piece before and behind each gap.
    path: Vec<String>,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    cookies: Vec<String>,
    body: Body,
    /// The body and its content type as they are sent, once they have been needed.
    written: Arc<Mutex<Option<(Bytes, String)>>>,
    checks: Vec<Arc<Check>>,
}

/// How far a request got before it differed: the further, the likelier it was meant.
pub(crate) type Difference = (u8, String);

impl Expected {
    pub(crate) fn new(known: Known, base: &Url) -> Result<Self, String> {
        let plan = known.plan;
        let mut paths = known.paths;
        for parameter in plan.parameters {
            let given = paths.iter().any(|(name, _)| *name == parameter.name);
            if parameter.place == In::Path && !given {
                paths.push((parameter.name, GAP.to_owned()));
            }
        }
        let url = server::join(base, &path::fill(plan.path, &paths)?)?;
        let mut query = pairs(url.query().unwrap_or_default());
        query.extend(pairs(&known.query.join("&")));
        Ok(Self {
            operation: plan.name,
            method: plan.method,
            path: url.path().split(GAP).map(str::to_owned).collect(),
            query,
            headers: known.headers,
            cookies: known.cookies,
            body: known.body,
            written: Arc::default(),
            checks: Vec::new(),
        })
    }

    pub(crate) fn check(&mut self, check: impl Fn(&Request) -> bool + Send + Sync + 'static) {
        self.checks.push(Arc::new(check));
    }

    /// The same checks, for other values.
    pub(crate) fn keep_checks(&mut self, of: &mut Self) {
        self.checks.append(&mut of.checks);
    }

    /// How many values of the path may be any; what knows more of the path comes first.
    pub(crate) fn gaps(&self) -> usize {
        self.path.len()
    }

    /// Whether a request is what is waited for; if not, why not.
    pub(crate) async fn compare(
        &self,
        request: &Request,
        http: &reqwest::Client,
    ) -> Result<(), Difference> {
        if !fits(&self.path, request.path()) {
            return Err((0, format!("the path is not `{}`", self.place())));
        }
        if request.method.as_str() != self.method {
            return Err((1, format!("the method is not {}", self.method)));
        }
        let sent = request.query();
        for (name, _) in &self.query {
            let values = |pairs: &[(String, String)]| -> Vec<String> {
                let named = pairs.iter().filter(|(other, _)| other == name);
                named.map(|(_, value)| value.clone()).collect()
            };
            let (wanted, got) = (values(&self.query), values(&sent));
            if wanted != got {
                let (wanted, got) = (wanted.join("`, `"), got.join("`, `"));
                return Err((
                    2,
                    format!("`{name}` in the query is `{got}`, not `{wanted}`"),
                ));
            }
        }
        for (name, value) in &self.headers {
            if request.headers.get(name) != Some(value) {
                return Err((3, differs(name, request.headers.get(name), value)));
            }
        }
        let cookies = request.header(COOKIE.as_str()).unwrap_or_default();
        for cookie in &self.cookies {
            if !cookies.split("; ").any(|sent| sent == cookie) {
                return Err((3, format!("there is no cookie `{cookie}`")));
            }
        }
        self.compare_body(request, http)
            .await
            .map_err(|message| (4, message))?;
        if self.checks.iter().all(|check| check(request)) {
            Ok(())
        } else {
            Err((5, "it isn't what `matching` asks for".to_owned()))
        }
    }

    /// The method and the path, as messages have them.
    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.place())
    }

    fn place(&self) -> String {
        self.path.join("…")
    }

    async fn compare_body(&self, request: &Request, http: &reqwest::Client) -> Result<(), String> {
        if matches!(self.body, Body::Empty) {
            return Ok(());
        }
        let (wanted, wanted_type) = self.written(http).await?;
        let got_type = request
            .header(CONTENT_TYPE.as_str())
            .unwrap_or_default()
            .to_owned();
        let (essence, got_essence) = (essence(&wanted_type), essence(&got_type));
        if essence != got_essence {
            return Err(format!("the body is `{got_essence}`, not `{essence}`"));
        }
        let got = &request.body;
        let same = if essence.ends_with("/json") || essence.ends_with("+json") {
            let read = |body: &Bytes| decode::<serde_json::Value>(body).ok();
            read(&wanted).is_some() && read(&wanted) == read(got)
        } else if essence == "application/x-www-form-urlencoded" {
            let read = |body: &Bytes| {
                let mut pairs = pairs(&String::from_utf8_lossy(body));
                pairs.sort();
                pairs
            };
            read(&wanted) == read(got)
        } else if essence.starts_with("multipart/") {
            match (boundary(&wanted_type), boundary(&got_type)) {
                (Some(ours), Some(theirs)) => parts(&wanted, &ours).eq(parts(got, &theirs)),
                _ => false,
            }
        } else {
            wanted == *got
        };
        if same {
            Ok(())
        } else {
            Err("the body differs".to_owned())
        }
    }

    /// The body as the client sends it.
    async fn written(&self, http: &reqwest::Client) -> Result<(Bytes, String), String> {
        let cache = || self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(written) = cache().clone() {
            return Ok(written);
        }
        let unwritable = |message: String| format!("the expected body can't be written: {message}");
        let request = (http.post("http://localhost").build())
            .map_err(|error| unwritable(error.to_string()))?;
        let attached = self.body.attach(request, http).await;
        let mut request = attached.map_err(unwritable)?;
        let of_form = request.headers().get(CONTENT_TYPE);
        let of_form = of_form.and_then(|value| value.to_str().ok());
        let media_type = self.body.content_type().or(of_form).unwrap_or_default();
        let media_type = media_type.to_owned();
        let bytes = match request.body_mut().take() {
            None => Bytes::new(),
            Some(body) => body
                .collect()
                .await
                .map_err(|error| unwritable(error.to_string()))?
                .to_bytes(),
        };
        Ok(cache().insert((bytes, media_type)).clone())
    }
}

impl fmt::Debug for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expected")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("path", &self.place())
            .finish_non_exhaustive()
    }
}

fn differs(
    name: &HeaderName,
    got: Option<&reqwest::header::HeaderValue>,
    wanted: &reqwest::header::HeaderValue,
) -> String {
    let text = |value: &reqwest::header::HeaderValue| {
        String::from_utf8_lossy(value.as_bytes()).into_owned()
    };
    match got {
        Some(got) => format!(
            "the header `{name}` is `{}`, not `{}`",
            text(got),
            text(wanted)
        ),
        None => format!("there is no header `{name}`"),
    }
}

/// Whether a path consists of the pieces with something, but no slash, in each gap.
fn fits(pieces: &[String], path: &str) -> bool {
    let Some((first, rest)) = pieces.split_first() else {
        return path.is_empty();
    };
    let Some(behind) = path.strip_prefix(first.as_str()) else {
        return false;
    };
    if rest.is_empty() {
        return behind.is_empty();
    }
    let segment = behind.split('/').next().unwrap_or_default();
    segment
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .any(|end| behind.get(end..).is_some_and(|behind| fits(rest, behind)))
}

/// The pairs of a query or a form, decoded.
fn pairs(query: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| {
        percent_decode_str(&text.replace('+', " "))
            .decode_utf8_lossy()
            .into_owned()
    };
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

fn boundary(content_type: &str) -> Option<String> {
    let mime: mime::Mime = content_type.parse().ok()?;
    Some(mime.get_param(mime::BOUNDARY)?.as_str().to_owned())
}

/// What stands between the boundaries.
fn parts<'a>(body: &'a Bytes, boundary: &str) -> impl Iterator<Item = &'a [u8]> {
    let boundary = format!("--{boundary}").into_bytes();
    let mut rest = Some(&body[..]);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let end = text
            .windows(boundary.len())
            .position(|window| window == boundary);
        let Some(end) = end else { return Some(text) };
        rest = text.get(end + boundary.len()..);
        text.get(..end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_hold_one_segment_or_less() {
        let pieces =
            |template: &str| -> Vec<String> { template.split('*').map(str::to_owned).collect() };
        for (template, path, expected) in [
            ("/v1/*", "/v1/x", true),
            ("/v1/*", "/v1/", false),
            ("/v1/*", "/v1/x/y", false),
            ("/v1/*/y", "/v1/x/y", true),
            ("/v1/*:clean", "/v1/x:clean", true),
            ("/v1/*:clean", "/v1/:clean:clean", true),
            ("/v1/*:clean", "/v1/:clean", false),
            ("/*.*", "/a.b.c", true),
            ("/*.*", "/ab", false),
            ("/v1", "/v1", true),
            ("/v1", "/v1/", false),
        ] {
            assert_eq!(fits(&pieces(template), path), expected, "{template} {path}");
        }
    }

    #[test]
    fn parts_are_what_stands_between_boundaries() {
        let body = Bytes::from_static(b"--a\r\nx\r\n--a\r\ny\r\n--a--\r\n");
        let found: Vec<&[u8]> = parts(&body, "a").collect();
        assert_eq!(found, [&b""[..], b"\r\nx\r\n", b"\r\ny\r\n", b"--\r\n"]);
    }
}
