//! Names to addresses, public ones only: the checked address is the one that is dialled.
//!
//! It must never know which name is asked for, or why.

use std::{
    collections::BTreeSet,
    error::Error,
    fmt,
    future::Future,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    pin::Pin,
    sync::Arc,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// A name's addresses, asked of somebody.
pub type Answer = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Who is asked.
pub type Lookup = Arc<dyn Fn(String) -> Answer + Send + Sync>;

/// The system's resolver.
pub fn system() -> Lookup {
    Arc::new(|name: String| {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    })
}

/// The names of the proxies that the environment asks to be used for HTTPS, which is all that is
/// fetched where private addresses are not. An address literal is no name, and is asked of nobody.
pub fn proxies(variable: impl Fn(&str) -> Option<String>) -> BTreeSet<String> {
    ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
        .into_iter()
        .filter_map(variable)
        .filter_map(|value| {
            let address = if value.contains("://") {
                value
            } else {
                format!("http://{value}")
            };
            match Url::parse(&address).ok()?.host()? {
                Host::Domain(name) => Some(name.to_ascii_lowercase()),
                Host::Ipv4(_) | Host::Ipv6(_) => None,
            }
        })
        .collect()
}

/// A resolver that refuses a name with any address that is not public.
///
/// A name with one public and one private address is how rebinding begins, so the whole name is
/// refused. The guard is about where a site leads us; the way there is the user's own choice, so a
/// proxy may stand in a private network.
#[derive(Clone)]
pub struct Guarded {
    lookup: Lookup,
    allow_private: bool,
    proxies: Arc<BTreeSet<String>>,
}

impl Guarded {
    /// A resolver over `lookup`.
    pub fn new(lookup: Lookup, allow_private: bool) -> Self {
        Self {
            lookup,
            allow_private,
            proxies: Arc::default(),
        }
    }

    /// Lets these names lead anywhere. None of them may be one that pages are fetched from.
    #[must_use]
    pub fn through(mut self, proxies: BTreeSet<String>) -> Self {
        self.proxies = Arc::new(proxies);
        self
    }
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let lookup = self.lookup.clone();
        let is_proxy = self.proxies.contains(&name.as_str().to_ascii_lowercase());
        let allow_private = self.allow_private || is_proxy;
        Box::pin(async move {
            let found = lookup(name.as_str().to_owned()).await?;
            if let Some(private) = found.iter().find(|ip| !allow_private && !is_global(**ip)) {
                return Err(PrivateAddress(*private).into());
            }
            let addresses = found.into_iter().map(|ip| SocketAddr::new(ip, 0));
            Ok(Box::new(addresses) as Addrs)
        })
    }
}

/// A name resolved to an address that is not public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrivateAddress(pub IpAddr);

impl fmt::Display for PrivateAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the name resolves to {}, which is not a public address",
            self.0
        )
    }
}

impl Error for PrivateAddress {}

/// Whether an address is one that the public internet routes.
///
/// The standard library's is not stable; this one errs on the side of refusing, and addresses that
/// carry another one inside (mapped, translated, tunnelled) are refused as a class.
pub fn is_global(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_global_v4(v4),
        IpAddr::V6(v6) => is_global_v6(v6),
    }
}

fn is_global_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(a == 0
        || a == 10
        || a == 127
        || a >= 224
        || (a == 100 && (64..128).contains(&b))
        || (a == 169 && b == 254)
        || (a == 172 && (16..32).contains(&b))
        || (a == 192 && b == 168)
        || (a == 192 && b == 0 && (c == 0 || c == 2))
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
        || (a == 198 && b == 51 && c == 100)
        || (a == 203 && b == 0 && c == 113))
}

fn is_global_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    // Only 2000::/3 is given out; in it, protocol assignments (2001::/23), documentation (2001:db8::/32,
    // 3fff::/20) and 6to4 (2002::/16) are no hosts of their own.
    (a & 0xe000) == 0x2000
        && !(a == 0x2001 && (b < 0x0200 || b == 0x0db8))
        && a != 0x2002
        && !(a == 0x3fff && b < 0x1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_ranges_are_not_global() {
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::a00:1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "100::1",
        ] {
            let address: IpAddr = address.parse().expect("it is an address");
            assert!(!is_global(address), "{address}");
        }
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "100.128.0.1",
            "172.32.0.1",
            "192.1.0.1",
            "2606:4700::1111",
            "2a00:1450::1",
            "2001:4860::8888",
        ] {
            let address: IpAddr = address.parse().expect("it is an address");
            assert!(is_global(address), "{address}");
        }
    }

    #[test]
    fn proxies_are_known_by_their_names() {
        for (value, expected) in [
            ("http://proxy.corp.test:3128", Some("proxy.corp.test")),
            ("http://me:secret@Proxy.corp.test", Some("proxy.corp.test")),
            ("proxy.corp.test:3128", Some("proxy.corp.test")),
            ("socks5h://proxy.corp.test:1080", Some("proxy.corp.test")),
            ("http://10.0.0.1:3128", None),
            ("", None),
        ] {
            let found = proxies(|name| (name == "all_proxy").then(|| value.to_owned()));
            assert_eq!(found.first().map(String::as_str), expected, "{value}");
        }
        assert!(proxies(|_| None).is_empty());
        // Plain HTTP is fetched from loopback only, and past every proxy.
        assert!(proxies(|name| (name == "HTTP_PROXY").then(|| "a.test".to_owned())).is_empty());
    }

    #[tokio::test]
    async fn only_a_proxy_may_be_private() {
        let lookup: Lookup = Arc::new(|_| Box::pin(async { Ok(vec![Ipv4Addr::LOCALHOST.into()]) }));
        let guarded = Guarded::new(lookup, false).through(["proxy.corp.test".to_owned()].into());
        for (name, expected) in [
            ("proxy.corp.test", true),
            ("PROXY.corp.test", true),
            ("docs.acme.test", false),
            ("evil.proxy.corp.test", false),
        ] {
            let name = name.parse().expect("it is a name");
            assert_eq!(guarded.resolve(name).await.is_ok(), expected);
        }
    }

    #[tokio::test]
    async fn a_name_with_any_private_address_is_refused() {
        for addresses in [
            vec!["127.0.0.1"],
            vec!["169.254.169.254"],
            vec!["8.8.8.8", "10.0.0.1"],
        ] {
            let addresses: Vec<IpAddr> = addresses
                .iter()
                .map(|a| a.parse().expect("it is an address"))
                .collect();
            for allow_private in [false, true] {
                let addresses = addresses.clone();
                let lookup: Lookup = Arc::new(move |_| {
                    let addresses = addresses.clone();
                    Box::pin(async move { Ok(addresses) })
                });
                let name = "docs.acme.test".parse().expect("it is a name");
                let found = Guarded::new(lookup, allow_private).resolve(name).await;
                assert_eq!(found.is_ok(), allow_private);
                if let Err(error) = found {
                    assert!(error.downcast_ref::<PrivateAddress>().is_some());
                }
            }
        }
    }
}
