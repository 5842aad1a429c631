//! The client: everything that calls have in common.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use reqwest::{Method, Request as HttpRequest, Url};

use crate::answer::Headers;
use crate::api::{Api, Scheme};
use crate::call::Call;
use crate::credential::source::Source;
use crate::credential::{CredentialSet, Credentials};
use crate::error::{BoxError, BuildError};
use crate::hook::{After, Before, Context, Hook, Outcome};
use crate::operation::Operation;
use crate::request::Request;
use crate::retry::Retries;
use crate::server::Server;
use crate::{env, server};

/// A client of the API `A`.
///
/// It is cheap to clone; clones share their connections.
pub struct Client<A> {
    core: Arc<Core>,
    api: PhantomData<fn() -> A>,
}

/// A client without the type of its API.
pub(crate) struct Core {
    pub(crate) http: reqwest::Client,
    pub(crate) base: Option<Url>,
    /// The API's own servers, variables filled in; the first is used.
    pub(crate) servers: Vec<Result<Url, String>>,
    pub(crate) variables: server::Variables,
    pub(crate) allow_http: bool,
    pub(crate) check_bounds: bool,
    pub(crate) schemes: &'static [Scheme],
    pub(crate) credentials: CredentialSet,
    /// In place of the credentials.
    pub(crate) source: Option<Source>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retries: Retries,
    pub(crate) limit: u64,
    pub(crate) headers: HeaderMap,
    pub(crate) hooks: Vec<Arc<dyn Hook>>,
    name: &'static str,
}

impl Core {
    /// The base URL of an operation.
    pub(crate) fn base(&self, servers: &[&str]) -> Result<Url, String> {
        if let Some(base) = &self.base {
            return Ok(base.clone());
        }
        let own = servers.first().map(|own| self.variables.fill(own));
        if let Some(own) = own.transpose()?
            && own.contains("://")
        {
            return own_server(&own, self.allow_http);
        }
        let first = self.servers.first();
        let base = first
            .ok_or("the API has no server; set a base URL")?
            .clone()?;
        match servers.first() {
            Some(own) => self.relative(&base, own),
            None => Ok(base),
        }
    }

    /// An operation's server that is relative to the API's.
    fn relative(&self, base: &Url, own: &str) -> Result<Url, String> {
        let joined = base
            .join(&self.variables.fill(own)?)
            .map_err(|error| format!("the server: {error}"))?;
        own_server(joined.as_str(), self.allow_http)
    }

    /// Whether credentials may be sent to an address: whether it belongs to a server of the API.
    pub(crate) fn trusts(&self, url: &Url, servers: &[&str]) -> bool {
        let origin = url.origin();
        if let Some(base) = &self.base {
            return base.origin() == origin;
        }
        let own = servers.first().and_then(|_| self.base(servers).ok());
        let mut all = self.servers.iter().flatten().chain(&own);
        all.any(|base| base.origin() == origin)
    }
}

impl<A: Api> Client<A> {
    /// A builder with the usual settings.
    pub fn builder() -> ClientBuilder<A> {
        ClientBuilder::new()
    }

    /// Starts the call of an operation.
    pub fn call(&self, operation: &'static Operation<A::ErrorBody>) -> Call<'_, A> {
        Call::new(self, operation)
    }

    /// Starts a request that no table describes, with the credentials, retries and errors of the
    /// client.
    ///
    /// `path` is put behind the base URL and may have a query. It may also be a whole address;
    /// credentials are sent along only if that is on the API's own server.
    pub fn request(&self, method: Method, path: &str) -> Request<'_, A> {
        Request::new(self, method, path)
    }

    /// The base URL that a user set, or the API's first server.
    pub fn base_url(&self) -> Option<Url> {
        self.core.base(&[]).ok()
    }

    pub(crate) fn core(&self) -> &Core {
        &self.core
    }
}

impl<A> Clone for Client<A> {
    fn clone(&self) -> Self {
        Self {
            core: Arc::clone(&self.core),
            api: PhantomData,
        }
    }
}

impl<A> fmt::Debug for Client<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("api", &self.core.name)
            .field("base_url", &self.core.base.as_ref().map(Url::as_str))
            .field("credentials", &self.core.credentials)
            .field("source", &self.core.source)
            .field("timeout", &self.core.timeout)
            .field("retries", &self.core.retries)
            .field("headers", &Headers(&self.core.headers))
            .finish_non_exhaustive()
    }
}

/// Settings of a [`Client`]. `C` is the type that [`build`](Self::build) makes of it.
pub struct ClientBuilder<A: Api, C = Client<A>> {
    credentials: A::Credentials,
    source: Option<Source>,
    base_url: Option<String>,
    server: Option<Server>,
    variables: Vec<(String, String)>,
    allow_http: bool,
    check_bounds: bool,
    timeout: Option<Duration>,
    connect_timeout: Duration,
    read_timeout: Option<Duration>,
    retries: Retries,
    limit: u64,
    user_agent: Option<String>,
    headers: Vec<(String, String)>,
    hooks: Vec<Arc<dyn Hook>>,
    http: Option<reqwest::Client>,
    built: PhantomData<fn() -> C>,
}

impl<A: Api, C: From<Client<A>>> Default for ClientBuilder<A, C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<A: Api, C: From<Client<A>>> ClientBuilder<A, C> {
    /// The usual settings: no credentials, the API's own server, 30 seconds for a call, 10 for a
    /// connection, [`Retries::default`], 16 MiB for an answer in memory.
    pub fn new() -> Self {
        Self {
            credentials: A::Credentials::default(),
            source: None,
            base_url: None,
            server: None,
            variables: Vec::new(),
            allow_http: false,
            check_bounds: true,
            timeout: Some(Duration::from_secs(30)),
            connect_timeout: Duration::from_secs(10),
            read_timeout: None,
            retries: Retries::default(),
            limit: 16 * 1024 * 1024,
            user_agent: None,
            headers: Vec::new(),
            hooks: Vec::new(),
            http: None,
            built: PhantomData,
        }
    }

    /// The credentials to call with.
    #[must_use]
    pub fn credentials(mut self, credentials: A::Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// A source of credentials that change, such as access tokens that expire; those that are given
    /// otherwise count for nothing then, but for those of a single call.
    ///
    /// It is asked before the first request that needs any, and again when a server answers 401.
    /// That call is then repeated once, if its body can be sent again: what a server doesn't let in,
    /// it hasn't done. All calls of the client and of its clones share what comes, and those that
    /// wait for it at the same time share its error, too, which is printed with theirs: keep secrets
    /// out of it. The time that it takes is a part of the call's.
    ///
    /// Calls that it makes itself are made with another client, or with credentials of their own.
    ///
    /// ```no_run
    /// # use specmint_client::{Api, ClientBuilder};
    /// # fn of<A: Api>(
    /// #     token: impl Fn(String) -> A::Credentials + Send + Sync + Copy + 'static,
    /// # ) -> ClientBuilder<A> {
    /// # async fn ask_for_a_token() -> Result<String, std::io::Error> { Ok(String::new()) }
    /// ClientBuilder::new().credentials_from(move || async move {
    ///     let fresh = ask_for_a_token().await?;
    ///     Ok::<_, std::io::Error>(token(fresh))
    /// })
    /// # }
    /// ```
    #[must_use]
    pub fn credentials_from<F, G, E>(mut self, source: F) -> Self
    where
        F: Fn() -> G + Send + Sync + 'static,
        G: Future<Output = Result<A::Credentials, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        self.source = Some(Source::new(source));
        self
    }

    /// Takes credentials and, if it is set, the base URL from environment variables;
    /// [`variables`](crate::variables) says from which.
    pub fn environment(self) -> Result<Self, BuildError> {
        self.environment_from(|name| std::env::var(name).ok())
    }

    /// Like [`environment`](Self::environment), with another place to look up the variables.
    pub fn environment_from(
        mut self,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, BuildError> {
        let found = env::read(A::ENV, A::SCHEMES, &lookup)?;
        if let Some(base_url) = found.base_url {
            server::base(&base_url, true).map_err(|message| BuildError::Variable {
                name: format!("{}_BASE_URL", A::ENV),
                message,
            })?;
            self.base_url = Some(base_url);
        }
        self.credentials = A::Credentials::from_set(found.credentials);
        Ok(self)
    }

    /// The address to call instead of the API's own servers, for all operations. A path in it is
    /// kept, with or without a slash at its end.
    #[must_use]
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    /// Another of the API's servers than the first. Operations with servers of their own keep
    /// those; a [base URL](Self::base_url) wins over all of them.
    #[must_use]
    pub fn server(mut self, server: Server) -> Self {
        self.server = Some(server);
        self
    }

    /// The value of a variable in the servers' addresses, by its name; generated clients have a
    /// method for each. A value that isn't documented, or would change more of an address than its
    /// own place, fails in [`build`](Self::build).
    #[must_use]
    pub fn server_variable(mut self, name: &str, value: impl Into<String>) -> Self {
        self.variables.push((name.to_owned(), value.into()));
        self
    }

    /// Allows plain http to other hosts than this one. Credentials can then be read on the way.
    #[must_use]
    pub fn allow_http(mut self, allow_http: bool) -> Self {
        self.allow_http = allow_http;
        self
    }

    /// How long a call may take, with all its retries, until its answer has been read; for
    /// streams, until the first byte of the body.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Lets calls take as long as they take.
    #[must_use]
    pub fn no_timeout(mut self) -> Self {
        self.timeout = None;
        self
    }

    /// How long making a connection may take. Without effect on a
    /// [client of your own](Self::http_client).
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long a server may be silent in the middle of an answer, streams included. Without
    /// effect on a [client of your own](Self::http_client).
    #[must_use]
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = Some(timeout);
        self
    }

    /// When to send failed requests again.
    #[must_use]
    pub fn retries(mut self, retries: Retries) -> Self {
        self.retries = retries;
        self
    }

    /// How many bytes of an answer may be kept in memory. Streams have no limit.
    #[must_use]
    pub fn response_limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// Another user agent than `specmint/<version> <api>/<version>`.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// A header for every request. Its value is never printed.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Code that runs around every attempt, after all hooks added so far.
    #[must_use]
    pub fn hook(mut self, hook: impl Hook) -> Self {
        self.hooks.push(Arc::new(hook));
        self
    }

    /// A function that runs before every attempt and may change the request.
    #[must_use]
    pub fn before<F>(self, before: F) -> Self
    where
        F: Fn(&mut HttpRequest, &Context) -> Result<(), BoxError> + Send + Sync + 'static,
    {
        self.hook(Before(before))
    }

    /// A function that sees how every attempt went.
    #[must_use]
    pub fn after<F>(self, after: F) -> Self
    where
        F: Fn(Outcome<'_>, &Context) -> Result<(), BoxError> + Send + Sync + 'static,
    {
        self.hook(After(after))
    }

    /// Whether values that are sent are held against the document's bounds: numbers, lengths,
    /// numbers of items. On by default; off for an API that takes more than it documents.
    #[must_use]
    pub fn check_bounds(mut self, check: bool) -> Self {
        self.check_bounds = check;
        self
    }

    /// An HTTP client of your own, with its proxies, certificates and time limits.
    ///
    /// It decides about redirects too: make it with
    /// [`Policy::none`](reqwest::redirect::Policy::none), since a redirect to another host takes
    /// headers such as `x-api-key` along.
    #[must_use]
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// Makes the client.
    pub fn build(self) -> Result<C, BuildError> {
        let base = self
            .base_url
            .map(|text| server::base(&text, self.allow_http))
            .transpose()
            .map_err(BuildError::BaseUrl)?;
        let variables =
            server::Variables::new(A::VARIABLES, self.variables).map_err(BuildError::Server)?;
        let servers = if let Some(chosen) = self.server {
            vec![variables.fill(chosen.url()).map_err(BuildError::Server)?]
        } else {
            let filled = A::SERVERS.iter().map(|url| variables.fill(url));
            if base.is_some() {
                filled.filter_map(Result::ok).collect()
            } else {
                // The first is the one that is used; of the others nobody has to give variables.
                filled
                    .enumerate()
                    .filter(|(index, filled)| *index == 0 || filled.is_ok())
                    .map(|(_, filled)| filled)
                    .collect::<Result<_, _>>()
                    .map_err(BuildError::Server)?
            }
        };
        let said = self.server.is_some() || !variables.is_empty();
        if let Some(url) = servers.first().filter(|_| said && base.is_none()) {
            server::base(url, self.allow_http).map_err(BuildError::Server)?;
        }
        let mut headers = HeaderMap::new();
        let user_agent = self.user_agent.unwrap_or_else(|| {
            let ours = env!("CARGO_PKG_VERSION");
            format!("specmint/{ours} {}/{}", token(A::NAME), token(A::VERSION))
        });
        let value = ascii_value(&user_agent)
            .ok_or_else(|| BuildError::Header("the user agent can't be sent".to_owned()))?;
        headers.insert(USER_AGENT, value);
        for (name, value) in self.headers {
            let (name, value) = header(&name, &value).map_err(BuildError::Header)?;
            headers.append(name, value);
        }
        let http = if let Some(http) = self.http {
            http
        } else {
            let mut builder = reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(self.connect_timeout);
            if let Some(timeout) = self.read_timeout {
                builder = builder.read_timeout(timeout);
            }
            builder.build().map_err(BuildError::Transport)?
        };
        let core = Core {
            http,
            base,
            servers: (servers.iter())
                .map(|url| own_server(url, self.allow_http))
                .collect(),
            variables,
            allow_http: self.allow_http,
            check_bounds: self.check_bounds,
            schemes: A::SCHEMES,
            credentials: self.credentials.set().clone(),
            source: self.source,
            timeout: self.timeout,
            retries: self.retries,
            limit: self.limit,
            headers,
            hooks: self.hooks,
            name: A::NAME,
        };
        Ok(C::from(Client {
            core: Arc::new(core),
            api: PhantomData,
        }))
    }
}

impl<A: Api, C> fmt::Debug for ClientBuilder<A, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("ClientBuilder")
            .field("api", &A::NAME)
            .field("credentials", self.credentials.set())
            .field("source", &self.source)
            .field("timeout", &self.timeout)
            .field("retries", &self.retries)
            .field("headers", &headers)
            .finish_non_exhaustive()
    }
}

/// The address of one of the API's own servers.
fn own_server(text: &str, allow_http: bool) -> Result<Url, String> {
    server::base(text, allow_http).map_err(|message| format!("the server: {message}"))
}

/// A header of a user's own. The value is treated as confidential, since it often is.
pub(crate) fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    let parsed = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| format!("`{}` is not a header name", name.escape_debug()))?;
    if is_framing(&parsed) {
        return Err(format!(
            "the header `{parsed}` belongs to the connection and can't be set"
        ));
    }
    let mut value = ascii_value(value)
        .ok_or_else(|| format!("the header `{parsed}` has characters that can't be sent"))?;
    value.set_sensitive(true);
    Ok((parsed, value))
}

/// A header value, if it is visible ASCII. Other characters could be sent as bytes, but servers don't
/// agree on what they mean.
pub(crate) fn ascii_value(text: &str) -> Option<HeaderValue> {
    if text.is_ascii() {
        HeaderValue::from_str(text).ok()
    } else {
        None
    }
}

/// Headers that say where a message ends or where it goes: not for callers to change.
fn is_framing(name: &HeaderName) -> bool {
    matches!(
        name.as_str(),
        "connection"
            | "content-length"
            | "host"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
    )
}

/// A text as a part of a user agent: what isn't allowed there becomes a hyphen.
fn token(text: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    text.chars()
        .map(|c| if allowed(c) { c } else { '-' })
        .collect()
}
