//! `robots.txt`: what a site asks programs not to do, and which of its lines says so.

use std::time::Duration;

use texting_robots::Robot;
use url::Url;

/// The name by which a site's rules can mean us.
pub const AGENT: &str = "specmint-sync";

/// Bytes of a `robots.txt` that are read.
pub const MAX_BYTES: usize = 512 << 10;

/// What one host asks for.
pub struct Robots {
    rules: Option<Robot>,
    text: String,
}

impl Robots {
    /// A host without rules.
    pub fn none() -> Self {
        Self {
            rules: None,
            text: String::new(),
        }
    }

    /// Reads the file; one that can't be read has no rules.
    pub fn parse(bytes: &[u8]) -> Self {
        let bytes = &bytes[..bytes.len().min(MAX_BYTES)];
        Self {
            rules: Robot::new(AGENT, bytes).ok(),
            text: String::from_utf8_lossy(bytes).into_owned(),
        }
    }

    /// How long to wait between the beginnings of two requests.
    pub fn delay(&self) -> Option<Duration> {
        let delay = self.rules.as_ref()?.delay?;
        // Not a number, negative or beyond a day: nothing that was meant.
        (delay.is_finite() && delay > 0.0 && delay <= 86_400.0)
            .then(|| Duration::from_secs_f32(delay))
    }

    /// The rule that forbids an address, with its line.
    pub fn forbids(&self, url: &Url) -> Option<String> {
        let rules = self.rules.as_ref()?;
        if rules.allowed(url.as_str()) {
            return None;
        }
        // The parser answers yes or no. Which line it was, is found by asking each alone; the
        // longest that matches is the one that counts.
        let rule = self
            .text
            .lines()
            .zip(1..)
            .filter_map(|(line, number)| {
                let rule = line.split('#').next().unwrap_or_default().trim();
                let (key, path) = rule.split_once(':')?;
                let path = path.trim();
                if !key.trim().eq_ignore_ascii_case("disallow") || path.is_empty() {
                    return None;
                }
                let alone = format!("User-agent: *\nDisallow: {path}\n");
                let alone = Robot::new(AGENT, alone.as_bytes()).ok()?;
                (!alone.allowed(url.as_str()))
                    .then(|| (path.len(), format!("`{rule}` (line {number})")))
            })
            .max_by_key(|(length, _)| *length);
        Some(rule.map_or_else(|| "its rules for this program".to_owned(), |(_, rule)| rule))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forbids(robots: &str, path: &str) -> Option<String> {
        let url = Url::parse(&format!("https://docs.acme.test{path}")).expect("it is an address");
        Robots::parse(robots.as_bytes()).forbids(&url)
    }

    #[test]
    fn the_rule_is_named() {
        let robots = "User-agent: *\nDisallow: /private\nAllow: /private/open\n\nUser-agent: other\nDisallow: /\n";
        assert_eq!(forbids(robots, "/a.md"), None);
        assert_eq!(forbids(robots, "/private/open/a.md"), None);
        assert_eq!(
            forbids(robots, "/private/a.md").as_deref(),
            Some("`Disallow: /private` (line 2)")
        );
        let us = "User-agent: specmint-sync\nDisallow: /\n\nUser-agent: *\nAllow: /\n";
        assert_eq!(
            forbids(us, "/a.md").as_deref(),
            Some("`Disallow: /` (line 2)")
        );
    }

    #[test]
    fn the_delay_is_read() {
        let delay = |text: &str| Robots::parse(text.as_bytes()).delay();
        assert_eq!(
            delay("User-agent: *\nCrawl-delay: 2\n"),
            Some(Duration::from_secs(2))
        );
        assert_eq!(
            delay("User-agent: *\nCrawl-delay: 0.5\n"),
            Some(Duration::from_millis(500))
        );
        assert_eq!(delay("User-agent: *\nCrawl-delay: -1\n"), None);
        assert_eq!(delay("User-agent: *\nCrawl-delay: NaN\n"), None);
        assert_eq!(delay("User-agent: *\nDisallow:\n"), None);
        assert_eq!(delay("\0\u{1}garbage"), None);
    }
}
