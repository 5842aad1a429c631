//! What tells one API from another: names, servers, security schemes.
//!
//! Constants only. This room knows nothing of requests.

use std::fmt;

use crate::credential::Credentials;
use crate::server::Variable;

/// An HTTP API, as a type: its names, its servers and its security schemes.
///
/// A generated client implements this for an empty enum. By hand it is just as short; the
/// [crate's documentation](crate) has an example.
pub trait Api: Sized + Send + Sync + 'static {
    /// Name of the API, as it stands in the user agent.
    const NAME: &'static str;
    /// Version of the API's description, as it stands in the user agent.
    const VERSION: &'static str;
    /// Prefix of the API's environment variables: `ACME` makes `ACME_API_KEY`.
    const ENV: &'static str;
    /// Addresses of the API; the first is used, unless a caller chooses. Variables stand in braces.
    const SERVERS: &'static [&'static str] = &[];
    /// The variables of these addresses, and of those of operations.
    const VARIABLES: &'static [Variable] = &[];
    /// Security schemes. Operations and credentials refer to them by index.
    const SCHEMES: &'static [Scheme] = &[];
    /// What the API sends along with an error status, [`NoBody`](crate::NoBody) if nothing is
    /// known about it.
    type ErrorBody: fmt::Debug + Send + Sync + 'static;
    /// The credentials that callers have.
    type Credentials: Credentials;
}

/// Where a parameter or a credential travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum In {
    /// In a segment of the path.
    Path,
    /// In the query string.
    Query,
    /// In a header.
    Header,
    /// In the `Cookie` header.
    Cookie,
}

/// A way in which an API wants its callers to say who they are.
#[derive(Clone, Copy, Debug)]
pub struct Scheme {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

/// What a [`Scheme`] does with a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The key, bare, in the named place.
    ApiKey(In, &'static str),
    /// `Authorization: Bearer …`; also what an OAuth 2 or OpenID Connect token comes to.
    Bearer,
    /// `Authorization: Basic …`.
    Basic,
    /// A certificate, which belongs to the transport.
    MutualTls,
    /// Something this crate can't do.
    Unsupported,
}

impl Scheme {
    const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind }
    }

    /// A key that is sent bare, as the header, query parameter or cookie called `key`.
    pub const fn api_key(name: &'static str, place: In, key: &'static str) -> Self {
        Self::new(name, Kind::ApiKey(place, key))
    }

    /// A token that is sent as `Authorization: Bearer …`.
    pub const fn bearer(name: &'static str) -> Self {
        Self::new(name, Kind::Bearer)
    }

    /// A user name and a password, sent as `Authorization: Basic …`.
    pub const fn basic(name: &'static str) -> Self {
        Self::new(name, Kind::Basic)
    }

    /// OAuth 2. The caller has the access token already; it is sent as a bearer token.
    pub const fn oauth2(name: &'static str) -> Self {
        Self::new(name, Kind::Bearer)
    }

    /// OpenID Connect. The caller has the token already; it is sent as a bearer token.
    pub const fn open_id(name: &'static str) -> Self {
        Self::new(name, Kind::Bearer)
    }

    /// A client certificate. It is given to the caller's own [`reqwest::Client`], so the scheme
    /// always counts as present.
    pub const fn mutual_tls(name: &'static str) -> Self {
        Self::new(name, Kind::MutualTls)
    }

    /// A scheme that this crate can't serve, such as HTTP digest. It always counts as missing.
    pub const fn unsupported(name: &'static str) -> Self {
        Self::new(name, Kind::Unsupported)
    }

    /// Name of the scheme in the API's description.
    pub const fn name(&self) -> &'static str {
        self.name
    }
}
