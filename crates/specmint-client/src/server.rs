//! Where requests go: base URLs, and which of them may see a credential.

use std::net::IpAddr;

use reqwest::Url;

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
