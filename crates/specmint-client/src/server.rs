//! Where requests go: base URLs, and which of them may see a credential.

use std::fmt::Write as _;
use std::net::IpAddr;

use reqwest::Url;

/// A documented server, for [`ClientBuilder::server`](crate::ClientBuilder::server). Its address may
/// have variables in braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Server {
    url: &'static str,
}

impl Server {
    /// A server at an address, which may have variables of the API in braces.
    pub const fn new(url: &'static str) -> Self {
        Self { url }
    }

    /// Its address as documented, with its variables in braces.
    pub const fn url(&self) -> &'static str {
        self.url
    }
}

/// A variable of the servers' addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable {
    name: &'static str,
    default: Option<&'static str>,
    values: &'static [&'static str],
}

impl Variable {
    /// A variable that stands in braces under this name, and has to be given a value.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            default: None,
            values: &[],
        }
    }

    /// What stands there when nobody says.
    #[must_use]
    pub const fn default(mut self, default: &'static str) -> Self {
        self.default = Some(default);
        self
    }

    /// The only values that it can have.
    #[must_use]
    pub const fn values(mut self, values: &'static [&'static str]) -> Self {
        self.values = values;
        self
    }

    /// Refuses what isn't documented, or would mean something else than a part of an address.
    fn check(&self, value: &str) -> Result<(), String> {
        let refuse = |reason: &str| Err(format!("the server's variable `{}` {reason}", self.name));
        if self.values.contains(&value) || self.default == Some(value) {
            return Ok(());
        }
        if !self.values.is_empty() {
            return refuse(&format!("is one of `{}`", self.values.join("`, `")));
        }
        if value.is_empty() {
            return refuse("may not be empty");
        }
        // A port or a path is a place of its own, and only a documented value can show that the
        // variable stands for one.
        let allowed = |c: char| {
            c.is_ascii_alphanumeric()
                || "-._~".contains(c)
                || "/:".contains(c) && self.default.is_some_and(|default| default.contains(c))
        };
        if let Some(wrong) = value.chars().find(|c| !allowed(*c)) {
            return refuse(&format!("may not have `{}` in it", wrong.escape_debug()));
        }
        if value
            .split('/')
            .any(|part| part.starts_with('.') || part.ends_with('.') || part.contains(".."))
        {
            return refuse("may not have dots at an end or side by side");
        }
        Ok(())
    }
}

/// The variables of an API with the values that a caller gave them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Variables {
    known: &'static [Variable],
    given: Vec<(String, String)>,
}

impl Variables {
    /// Checks the values; the last one of a variable counts.
    pub(crate) fn new(
        known: &'static [Variable],
        given: Vec<(String, String)>,
    ) -> Result<Self, String> {
        for (name, value) in &given {
            let variable = known.iter().find(|variable| variable.name == name);
            variable
                .ok_or_else(|| format!("no server has a variable `{}`", name.escape_debug()))?
                .check(value)?;
        }
        Ok(Self { known, given })
    }

    /// Whether the caller gave none of them a value.
    pub(crate) fn is_empty(&self) -> bool {
        self.given.is_empty()
    }

    /// An address with values in place of its variables.
    pub(crate) fn fill(&self, template: &str) -> Result<String, String> {
        let mut out = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else {
                break;
            };
            let given = self.given.iter().rev().find(|(known, _)| known == name);
            let default = || {
                self.known
                    .iter()
                    .find(|variable| variable.name == name)?
                    .default
            };
            let value = given.map(|(_, value)| value.as_str()).or_else(default);
            let value =
                value.ok_or_else(|| format!("the server's variable `{name}` has no value"))?;
            let _ = write!(out, "{before}{value}");
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }
}

/// Reads a base URL, and refuses those that would send credentials in clear text.
pub(crate) fn base(text: &str, allow_http: bool) -> Result<Url, String> {
    let url: Url = text
        .trim()
        .parse()
        .map_err(|error| format!("it is not a URL: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("its scheme is `{}`, not `https`", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it has a user name or a password in it".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("it has a query or a fragment".to_owned());
    }
    if url.scheme() == "http" && !allow_http && !is_loopback(&url) {
        return Err(format!(
            "`{}` would be reached by plain http, which has to be allowed explicitly",
            url.host_str().unwrap_or_default()
        ));
    }
    Ok(url)
}

/// Puts a path, and perhaps a query, behind a base URL. The base keeps its own path.
pub(crate) fn join(base: &Url, path: &str) -> Result<Url, String> {
    let slash = if path.is_empty() || path.starts_with(['/', '?']) {
        ""
    } else {
        "/"
    };
    format!("{}{slash}{path}", base.as_str().trim_end_matches('/'))
        .parse()
        .map_err(|error| format!("the address can't be made: {error}"))
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match host.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_keeps_its_path_with_or_without_a_slash() {
        for (text, path, expected) in [
            ("https://acme.test", "/v1/x", "https://acme.test/v1/x"),
            ("https://acme.test/", "/v1/x", "https://acme.test/v1/x"),
            (
                "https://acme.test/api",
                "/v1/x",
                "https://acme.test/api/v1/x",
            ),
            (
                "https://acme.test/api/",
                "/v1/x",
                "https://acme.test/api/v1/x",
            ),
            (
                "https://acme.test/api/",
                "v1/x",
                "https://acme.test/api/v1/x",
            ),
            ("https://acme.test/api/", "", "https://acme.test/api"),
            ("https://acme.test/api", "?a=b", "https://acme.test/api?a=b"),
            (
                "https://acme.test",
                "//evil.test/x",
                "https://acme.test//evil.test/x",
            ),
            (
                "https://acme.test:8443/a",
                "/x/",
                "https://acme.test:8443/a/x/",
            ),
        ] {
            let joined = join(&base(text, false).expect(text), path).expect(path);
            assert_eq!(joined.as_str(), expected);
        }
    }

    #[test]
    fn plain_http_is_for_loopback_only() {
        for text in [
            "http://localhost:4010",
            "http://api.localhost",
            "http://127.0.0.1:1/x",
            "http://127.8.8.8",
            "http://[::1]:80",
            "https://acme.test",
        ] {
            assert!(base(text, false).is_ok(), "{text}");
        }
        for text in [
            "http://acme.test",
            "http://10.0.0.1",
            "http://localhost.acme.test",
        ] {
            let message = base(text, false).expect_err(text);
            assert!(message.contains("plain http"), "{message}");
            assert!(base(text, true).is_ok(), "{text}");
        }
    }

    #[test]
    fn bases_that_make_no_sense_are_refused_without_quoting_secrets() {
        for text in [
            "",
            "acme.test",
            "/v1",
            "ftp://acme.test",
            "https://user:s3cret@acme.test",
            "https://acme.test/?key=s3cret",
            "https://acme.test/#s3cret",
        ] {
            let message = base(text, true).expect_err(text);
            assert!(!message.contains("s3cret"), "{message}");
        }
    }
}
