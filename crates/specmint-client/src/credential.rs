//! What callers know that others must not, and how it gets into a request.
//!
//! Nothing here ever prints a secret: not in `Debug`, not in an error.

pub(crate) mod source;

use std::fmt;

use base64::Engine as _;
use reqwest::Request;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use secrecy::ExposeSecret as _;

use crate::api::{In, Kind, Scheme};
use crate::client::ascii_value;
use crate::parameter::{append_cookie, encode};

/// A text that is never printed.
pub use secrecy::SecretString as Secret;

/// The credentials of one API, as a type with a constructor per scheme.
pub trait Credentials: Clone + Default + Send + Sync + 'static {
    /// The credentials by the index of their scheme.
    fn set(&self) -> &CredentialSet;

    /// The other way round.
    fn from_set(set: CredentialSet) -> Self;
}

/// Credentials by the index of their scheme in [`Api::SCHEMES`](crate::Api::SCHEMES).
#[derive(Clone, Default)]
pub struct CredentialSet {
    entries: Vec<(usize, Credential)>,
}

#[derive(Clone)]
enum Credential {
    Secret(Secret),
    Basic { user: String, password: Secret },
}

impl CredentialSet {
    /// Adds a key or a token; an earlier credential for the same scheme is replaced.
    #[must_use]
    pub fn with(self, scheme: usize, secret: impl Into<Secret>) -> Self {
        self.put(scheme, Credential::Secret(secret.into()))
    }

    /// Adds a user name and a password.
    #[must_use]
    pub fn with_basic(
        self,
        scheme: usize,
        user: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Self {
        self.put(
            scheme,
            Credential::Basic {
                user: user.into(),
                password: password.into(),
            },
        )
    }

    fn put(mut self, scheme: usize, credential: Credential) -> Self {
        self.entries.retain(|(index, _)| *index != scheme);
        self.entries.push((scheme, credential));
        self
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn get(&self, scheme: usize) -> Option<&Credential> {
        self.entries
            .iter()
            .find(|(index, _)| *index == scheme)
            .map(|(_, credential)| credential)
    }

    /// Whether there is a credential for the scheme that can be sent.
    fn has(&self, index: usize, schemes: &[Scheme]) -> bool {
        match (
            schemes.get(index).map(|scheme| scheme.kind),
            self.get(index),
        ) {
            (Some(Kind::MutualTls), _) | (Some(Kind::Basic), Some(Credential::Basic { .. })) => {
                true
            }
            (Some(Kind::ApiKey(..) | Kind::Bearer), Some(Credential::Secret(secret))) => {
                // An empty key is what an unset variable becomes in scripts: no credential.
                !secret.expose_secret().is_empty()
            }
            _ => false,
        }
    }

    /// The combination to use, or the names of what is missing from the nearest one.
    pub(crate) fn choose(
        &self,
        alternatives: &[&[usize]],
        schemes: &[Scheme],
    ) -> Result<Vec<usize>, Vec<&'static str>> {
        let complete =
            |combination: &&[usize]| combination.iter().all(|index| self.has(*index, schemes));
        if alternatives.is_empty() {
            return Ok(Vec::new());
        }
        // An empty combination is always complete, but a caller who has credentials wants them
        // used, wherever the document lists the optional case.
        let named = alternatives
            .iter()
            .filter(|combination| !combination.is_empty());
        if let Some(combination) = named.clone().find(|combination| complete(combination)) {
            return Ok(combination.to_vec());
        }
        if alternatives
            .iter()
            .any(|combination| combination.is_empty())
        {
            return Ok(Vec::new());
        }
        let mut missing: Vec<&'static str> = Vec::new();
        for index in named.flat_map(|combination| combination.iter()) {
            let name = schemes.get(*index).map_or("unknown scheme", Scheme::name);
            if !self.has(*index, schemes) && !missing.contains(&name) {
                missing.push(name);
            }
        }
        Err(missing)
    }

    /// The schemes that have a credential, for requests that no table describes.
    pub(crate) fn present(&self, schemes: &[Scheme]) -> Vec<usize> {
        (0..schemes.len())
            .filter(|index| self.has(*index, schemes))
            .collect()
    }

    /// Puts the credentials of the chosen schemes into a request.
    pub(crate) fn apply(
        &self,
        chosen: &[usize],
        schemes: &[Scheme],
        request: &mut Request,
    ) -> Result<(), String> {
        for index in chosen {
            let (Some(scheme), Some(credential)) = (schemes.get(*index), self.get(*index)) else {
                continue;
            };
            match (scheme.kind, credential) {
                (Kind::ApiKey(place, key), Credential::Secret(secret)) => {
                    apply_key(scheme, place, key, secret.expose_secret(), request)?;
                }
                (Kind::Bearer, Credential::Secret(secret)) => {
                    let value = format!("Bearer {}", secret.expose_secret());
                    request
                        .headers_mut()
                        .insert(AUTHORIZATION, sensitive(scheme, &value)?);
                }
                (Kind::Basic, Credential::Basic { user, password }) => {
                    if user.contains(':') {
                        return Err(format!(
                            "the user name for `{}` may not have a colon",
                            scheme.name
                        ));
                    }
                    let pair = format!("{user}:{}", password.expose_secret());
                    let value = format!(
                        "Basic {}",
                        base64::engine::general_purpose::STANDARD.encode(pair)
                    );
                    request
                        .headers_mut()
                        .insert(AUTHORIZATION, sensitive(scheme, &value)?);
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn apply_key(
    scheme: &Scheme,
    place: In,
    key: &str,
    secret: &str,
    request: &mut Request,
) -> Result<(), String> {
    match place {
        In::Header => {
            let name = HeaderName::from_bytes(key.as_bytes())
                .map_err(|_| format!("`{key}` is not a header name"))?;
            request
                .headers_mut()
                .insert(name, sensitive(scheme, secret)?);
        }
        In::Query => {
            let url = request.url_mut();
            let pair = format!("{}={}", encode(key), encode(secret));
            let query = match url.query() {
                Some(query) if !query.is_empty() => format!("{query}&{pair}"),
                _ => pair,
            };
            url.set_query(Some(&query));
        }
        In::Cookie => {
            let pair = format!("{key}={}", encode(secret));
            append_cookie(request.headers_mut(), &pair).map_err(|()| unsendable(scheme))?;
        }
        In::Path => return Err(format!("the scheme `{}` can't be served", scheme.name)),
    }
    Ok(())
}

fn sensitive(scheme: &Scheme, value: &str) -> Result<HeaderValue, String> {
    let mut value = ascii_value(value).ok_or_else(|| unsendable(scheme))?;
    value.set_sensitive(true);
    Ok(value)
}

fn unsendable(scheme: &Scheme) -> String {
    format!(
        "the credential for `{}` has characters that can't be sent, such as a line break",
        scheme.name
    )
}

impl fmt::Debug for CredentialSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let schemes: Vec<usize> = self.entries.iter().map(|(index, _)| *index).collect();
        f.debug_struct("CredentialSet")
            .field("schemes", &schemes)
            .finish_non_exhaustive()
    }
}
