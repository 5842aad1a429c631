//! Why nothing came back, in words that name nobody.

use std::{error::Error as _, fmt, time::Duration};

use crate::{net::PrivateAddress, retry::Failed, urls::Refusal};

/// Why nothing came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchError {
    /// The address asked for, as messages show it.
    pub url: String,
    /// What happened.
    pub cause: Cause,
    /// How often it was tried.
    pub tries: u32,
    /// How long that took.
    pub took: Duration,
    /// What the server asked us to wait, where that was too long.
    pub retry_after: Option<Duration>,
}

/// What happened instead of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Another status.
    Status(u16),
    /// Not asked for: the host wants to be left alone for so long.
    Resting(Duration),
    /// 304 to a request that was not conditional.
    Unasked,
    /// The address may not be fetched.
    Refused(Refusal),
    /// A redirect leads where it must not: from, to, why.
    Redirect(String, String, &'static str),
    /// robots.txt says no: the rule.
    Robots(String),
    /// robots.txt itself could not be had.
    RobotsUnknown(String),
    /// The name leads to a private address.
    Private(PrivateAddress),
    /// No connection.
    Connect(String),
    /// Connection, but no trusted encryption.
    Tls(String),
    /// Too slow.
    Timeout,
    /// The connection broke: bytes that came, bytes that were announced.
    Broken(usize, Option<u64>),
    /// More decompressed bytes than may be.
    TooLarge(usize),
    /// More bytes in all than may be.
    TooMuch(u64),
    /// The time for everything is over.
    Budget,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "{status}"),
            Self::Resting(over) => {
                write!(
                    f,
                    "not asked for: the host wants a rest of {}s",
                    over.as_secs()
                )
            }
            Self::Unasked => f.write_str("304 to a plain request"),
            Self::Refused(refusal) => write!(f, "{refusal}"),
            Self::Redirect(from, to, why) => write!(f, "redirect from {from} to {to}: {why}"),
            Self::Robots(rule) => write!(f, "robots.txt forbids it by {rule}"),
            Self::RobotsUnknown(why) => write!(f, "robots.txt could not be read ({why})"),
            Self::Private(address) => write!(f, "{address}"),
            Self::Connect(why) => write!(f, "no connection ({why})"),
            Self::Tls(why) => write!(f, "no trusted connection ({why})"),
            Self::Timeout => f.write_str("timed out"),
            Self::Broken(came, Some(announced)) => {
                write!(
                    f,
                    "cut short: {came} bytes came, Content-Length {announced}"
                )
            }
            Self::Broken(came, None) => write!(f, "cut short after {came} bytes"),
            Self::TooLarge(bound) => write!(f, "larger than {bound} bytes, decompressed"),
            Self::TooMuch(bound) => write!(f, "more than {bound} bytes in all"),
            Self::Budget => f.write_str("the time for one API is over"),
        }
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.cause)?;
        if self.tries > 1 {
            write!(
                f,
                " after {} tries ({:.1}s)",
                self.tries,
                self.took.as_secs_f64()
            )?;
        }
        if let Some(after) = self.retry_after {
            write!(f, ", Retry-After: {}", after.as_secs())?;
        }
        Ok(())
    }
}

/// A failure that the next try would meet again.
pub(super) fn finally(error: Cause) -> Failed<Cause> {
    Failed {
        again: false,
        after: None,
        error,
    }
}

/// What the HTTP library's error amounts to.
pub(super) fn broken(error: &reqwest::Error, came: usize, announced: Option<u64>) -> Failed<Cause> {
    if let Some(private) = source::<PrivateAddress>(error) {
        return finally(Cause::Private(*private));
    }
    if error.is_timeout() {
        return Failed {
            again: true,
            after: None,
            error: Cause::Timeout,
        };
    }
    if error.is_connect() {
        let why = reason(error);
        if why.contains("certificate") || why.contains("TLS") || why.contains("tls") {
            return finally(Cause::Tls(why));
        }
        return Failed {
            again: true,
            after: None,
            error: Cause::Connect(why),
        };
    }
    if error.is_decode() {
        // Compressed data that can't be decompressed, or a body that ended early.
        return Failed {
            again: true,
            after: None,
            error: Cause::Broken(came, announced),
        };
    }
    Failed {
        again: true,
        after: None,
        error: Cause::Broken(came, announced),
    }
}

/// The error of a type among an error's causes.
fn source<E: std::error::Error + 'static>(error: &reqwest::Error) -> Option<&E> {
    let mut source = error.source();
    while let Some(inner) = source {
        if let Some(found) = inner.downcast_ref::<E>() {
            return Some(found);
        }
        source = inner.source();
    }
    None
}

/// An error's innermost cause, in words of the system; never a text that could name a host.
pub(super) fn reason(error: &reqwest::Error) -> String {
    let mut tls = None;
    let mut io = None;
    let mut source = error.source();
    while let Some(inner) = source {
        let words = inner.to_string();
        if words.contains("certificate") {
            tls = Some("the certificate is not trusted");
        } else if words.contains("handshake") || words.contains("tls") || words.contains("TLS") {
            tls = tls.or(Some("TLS could not be agreed on"));
        }
        if let Some(found) = inner.downcast_ref::<std::io::Error>()
            && found.raw_os_error().is_some()
        {
            io = Some(found.kind().to_string());
        }
        source = inner.source();
    }
    tls.map(str::to_owned)
        .or(io)
        .unwrap_or_else(|| "the name or the host can't be reached".to_owned())
}
