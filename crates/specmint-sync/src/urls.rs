//! Which addresses may be fetched. Everything that leaves this room was checked; everything that
//! comes in is hostile. It must never know what is fetched or why.

use std::{collections::BTreeSet, fmt, net::IpAddr};

use url::{Host, Url};

/// Characters an address may have.
const MAX_LENGTH: usize = 2048;

/// The hosts that a person allowed, as `host` or `host:port`.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    allowed: BTreeSet<(String, Option<u16>)>,
    allow_private: bool,
}

/// Why an address is not fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It can't be read as one, or holds characters that programs read differently.
    Malformed,
    /// Longer than 2048 characters.
    TooLong,
    /// Neither HTTPS nor, on a private loopback mirror, HTTP.
    Scheme,
    /// A user name or password stands in it.
    Credentials,
    /// The host is an address literal.
    AddressLiteral,
    /// The host is not among those allowed.
    Host,
    /// The host is allowed, the port isn't.
    Port,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "it is not a well-formed address",
            Self::TooLong => "it is longer than 2048 characters",
            Self::Scheme => "only https is fetched",
            Self::Credentials => "it holds credentials",
            Self::AddressLiteral => "its host is an address literal",
            Self::Host => "its host is not among the allowed ones",
            Self::Port => "its port is not among the allowed ones",
        })
    }
}

impl Policy {
    /// A policy that allows nothing yet.
    pub fn new(allow_private: bool) -> Self {
        Self {
            allowed: BTreeSet::new(),
            allow_private,
        }
    }

    /// Allows a host, `host` or `host:port`, as `api.toml` writes it.
    pub fn allow(&mut self, host: &str) {
        let host = host.trim().to_ascii_lowercase();
        let entry = match host.rsplit_once(':') {
            Some((name, port)) if !name.contains(':') => match port.parse() {
                Ok(port) => (name.to_owned(), Some(port)),
                Err(_) => return,
            },
            _ => (host, None),
        };
        self.allowed.insert(entry);
    }

    /// Allows the host and port of an address that a person wrote.
    pub fn allow_url(&mut self, url: &Url) {
        if let Some(host) = url.host_str() {
            self.allowed.insert((host.to_ascii_lowercase(), url.port()));
        }
    }

    /// Whether a host is allowed, on whatever port.
    pub fn names(&self, host: &str) -> bool {
        self.allowed.iter().any(|(allowed, _)| allowed == host)
    }

    /// Whether private addresses may be dialled.
    pub fn allows_private(&self) -> bool {
        self.allow_private
    }

    /// Reads a link as it stands on a page of `base`; the fragment is dropped.
    pub fn resolve(&self, base: &Url, link: &str) -> Result<Url, Refusal> {
        if link.len() > MAX_LENGTH {
            return Err(Refusal::TooLong);
        }
        if link.is_empty()
            || link.contains('\\')
            || link.chars().any(|c| c.is_control() || c.is_whitespace())
        {
            return Err(Refusal::Malformed);
        }
        let mut url = base.join(link).map_err(|_| Refusal::Malformed)?;
        url.set_fragment(None);
        self.check(&url)?;
        Ok(url)
    }

    /// Whether an address may be fetched.
    pub fn check(&self, url: &Url) -> Result<(), Refusal> {
        if url.as_str().len() > MAX_LENGTH {
            return Err(Refusal::TooLong);
        }
        let Some(host) = url.host() else {
            return Err(Refusal::Scheme);
        };
        let private = self.allow_private && is_loopback(&host);
        if !(url.scheme() == "https" || private && url.scheme() == "http") {
            return Err(Refusal::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        let name = match &host {
            Host::Domain(name) => (*name).to_owned(),
            Host::Ipv4(_) | Host::Ipv6(_) if private => {
                url.host_str().unwrap_or_default().to_owned()
            }
            Host::Ipv4(_) | Host::Ipv6(_) => return Err(Refusal::AddressLiteral),
        };
        if self.allowed.contains(&(name.clone(), url.port())) {
            return Ok(());
        }
        Err(if self.names(&name) {
            Refusal::Port
        } else {
            Refusal::Host
        })
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => IpAddr::V4(*address).is_loopback(),
        Host::Ipv6(address) => IpAddr::V6(*address).is_loopback(),
    }
}

/// An address as messages show it: without user, password, query and fragment.
pub fn shown(url: &Url) -> String {
    let mut url = url.clone();
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.to_string()
}

/// A link that could not even be read, as messages show it.
pub fn shown_link(link: &str) -> String {
    if let Ok(url) = Url::parse(link) {
        return crate::problem::plain(&shown(&url));
    }
    let cut: String = link.chars().take(120).collect();
    let cut = cut.split(['?', '#']).next().unwrap_or_default();
    let cut = cut.rsplit_once('@').map_or(cut, |(_, rest)| rest);
    crate::problem::plain(cut)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn policy(allow_private: bool) -> Policy {
        let mut policy = Policy::new(allow_private);
        policy.allow("docs.acme.test");
        policy.allow("docs.acme.test:8443");
        policy.allow("127.0.0.1:4000");
        policy.allow("localhost");
        policy
    }

    fn base() -> Url {
        Url::parse("https://docs.acme.test/docs/llms.txt").expect("it is an address")
    }

    #[test]
    fn forty_addresses() {
        use Refusal::{AddressLiteral, Credentials, Host, Malformed, Port, Scheme, TooLong};
        let long = format!("https://docs.acme.test/{}", "a".repeat(2048));
        let table: &[(&str, Result<&str, Refusal>)] = &[
            (
                "https://docs.acme.test/a.md",
                Ok("https://docs.acme.test/a.md"),
            ),
            (
                "HTTPS://DOCS.ACME.TEST/a.md",
                Ok("https://docs.acme.test/a.md"),
            ),
            (
                "https://docs.acme.test:443/a.md",
                Ok("https://docs.acme.test/a.md"),
            ),
            (
                "https://docs.acme.test:8443/a.md",
                Ok("https://docs.acme.test:8443/a.md"),
            ),
            ("/api/a.md", Ok("https://docs.acme.test/api/a.md")),
            ("api/a.md", Ok("https://docs.acme.test/docs/api/a.md")),
            ("../a.md", Ok("https://docs.acme.test/a.md")),
            ("../../../../a.md", Ok("https://docs.acme.test/a.md")),
            ("a.md#part", Ok("https://docs.acme.test/docs/a.md")),
            ("a.md?v=2", Ok("https://docs.acme.test/docs/a.md?v=2")),
            ("/%2e%2e/a.md", Ok("https://docs.acme.test/a.md")),
            ("//docs.acme.test/a.md", Ok("https://docs.acme.test/a.md")),
            ("//evil.test/a.md", Err(Host)),
            ("https://evil.test/a.md", Err(Host)),
            ("https://docs.acme.test.evil.test/a.md", Err(Host)),
            ("https://evil-docs.acme.test/a.md", Err(Host)),
            ("https://acme.test/a.md", Err(Host)),
            ("https://docs.acme.test./a.md", Err(Host)),
            ("https://d\u{43e}cs.acme.test/a.md", Err(Host)),
            ("https://docs.acme.test:444/a.md", Err(Port)),
            ("https://docs.acme.test:80/a.md", Err(Port)),
            ("http://docs.acme.test/a.md", Err(Scheme)),
            ("file:///etc/passwd", Err(Scheme)),
            ("ftp://docs.acme.test/a.md", Err(Scheme)),
            ("data:text/markdown,x", Err(Scheme)),
            ("javascript:alert(1)", Err(Scheme)),
            ("gopher://docs.acme.test/", Err(Scheme)),
            ("ws://docs.acme.test/", Err(Scheme)),
            ("https://user@docs.acme.test/a.md", Err(Credentials)),
            ("https://user:secret@docs.acme.test/a.md", Err(Credentials)),
            ("https://docs.acme.test@evil.test/a.md", Err(Credentials)),
            ("https://127.0.0.1:4000/a.md", Err(AddressLiteral)),
            ("https://2130706433/a.md", Err(AddressLiteral)),
            ("https://0x7f.1/a.md", Err(AddressLiteral)),
            ("https://[::1]/a.md", Err(AddressLiteral)),
            (
                "https://169.254.169.254/latest/meta-data",
                Err(AddressLiteral),
            ),
            ("https:\\\\docs.acme.test\\a.md", Err(Malformed)),
            ("https://docs.acme.test/a\u{0}.md", Err(Malformed)),
            (
                "https://docs.acme.test/a\r\nHost: evil.test",
                Err(Malformed),
            ),
            ("https://", Err(Malformed)),
            ("", Err(Malformed)),
            (&long, Err(TooLong)),
        ];
        assert!(table.len() >= 40);
        for (link, expected) in table {
            let found = policy(false).resolve(&base(), link);
            assert_eq!(
                found.as_ref().map(Url::as_str).map_err(|r| *r),
                *expected,
                "{link}"
            );
        }
    }

    #[test]
    fn plain_http_goes_to_loopback_only_and_only_where_allowed() {
        for (link, allow_private, expected) in [
            ("http://127.0.0.1:4000/a.md", true, Ok(())),
            ("http://127.0.0.1:4000/a.md", false, Err(Refusal::Scheme)),
            ("http://127.0.0.1:4001/a.md", true, Err(Refusal::Port)),
            ("http://localhost/a.md", true, Ok(())),
            ("http://localhost/a.md", false, Err(Refusal::Scheme)),
            ("http://docs.acme.test/a.md", true, Err(Refusal::Scheme)),
            ("http://10.0.0.1/a.md", true, Err(Refusal::Scheme)),
            ("https://10.0.0.1/a.md", true, Err(Refusal::AddressLiteral)),
        ] {
            let found = policy(allow_private).resolve(&base(), link).map(|_| ());
            assert_eq!(found, expected, "{link} {allow_private}");
        }
    }

    #[test]
    fn addresses_in_messages_have_no_userinfo_and_no_query() {
        let url = Url::parse("https://me:secret@docs.acme.test/a?token=secret#secret");
        assert_eq!(
            shown(&url.expect("it is an address")),
            "https://docs.acme.test/a"
        );
        assert_eq!(
            shown_link("//me:secret@docs.acme.test/a?token=secret"),
            "docs.acme.test/a"
        );
        assert!(!shown_link("http://[secret]@x?token=secret").contains("token"));
    }

    proptest! {
        #[test]
        fn an_accepted_address_has_an_allowed_host(link in "(https?:)?[/\\\\]{0,3}([a-z@:.%0-9\\[\\]-]{0,20}|[a-z.@-]{0,4}docs\\.acme\\.test[a-z.@:0-9-]{0,5})[/:@?#\\\\]?\\PC{0,20}") {
            if let Ok(url) = policy(false).resolve(&base(), &link) {
                let again = Url::parse(url.as_str()).expect("what was accepted can be read again");
                prop_assert_eq!(again.scheme(), "https");
                prop_assert_eq!(again.host_str(), Some("docs.acme.test"));
                prop_assert!(matches!(again.port(), None | Some(8443)));
                prop_assert!(again.username().is_empty() && again.password().is_none());
            }
        }
    }
}
