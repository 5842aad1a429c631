//! What a page says around its block: heading, quote, published address.

use crate::{extract::fence::Line, fragment::Prose};

/// Collects the prose while the scanner walks towards a block.
///
/// A file may be several pages joined together, so that each block has the prose since the block
/// before it.
#[derive(Debug, Default)]
pub(super) struct Collector {
    prose: Prose,
    state: State,
}

#[derive(Debug, Default, PartialEq)]
enum State {
    #[default]
    BeforeTitle,
    /// Only blank lines since the title: a quote here is the description.
    AfterTitle,
    InQuote,
    Done,
}

impl Collector {
    /// Looks at a line outside all fences.
    pub(super) fn line(&mut self, line: Line<'_>) {
        if let Some(url) = line.text.strip_prefix("# Source:") {
            let url = url.trim();
            if self.prose.url.is_none() && url.starts_with("http") {
                self.prose.url = Some(url.to_owned());
            }
            return;
        }
        match self.state {
            State::BeforeTitle => {
                if let Some(title) = line.heading(1).filter(|title| !title.is_empty()) {
                    self.prose.title = Some(title.to_owned());
                    self.state = State::AfterTitle;
                }
            }
            State::AfterTitle | State::InQuote => self.quote(line.text),
            State::Done => {}
        }
    }

    fn quote(&mut self, text: &str) {
        let quoted = text.strip_prefix('>').map(str::trim);
        match quoted {
            // The banner is the site's, not the page's.
            Some(quoted) if quoted.starts_with("## ") => self.state = State::Done,
            Some(quoted) => {
                let description = self.prose.description.get_or_insert_default();
                if self.state == State::InQuote {
                    description.push('\n');
                }
                description.push_str(quoted);
                self.state = State::InQuote;
            }
            None if self.state == State::AfterTitle && text.trim().is_empty() => {}
            None => self.state = State::Done,
        }
    }

    /// Looks at a fenced block that is no specification.
    pub(super) fn fence(&mut self) {
        if self.state != State::BeforeTitle {
            self.state = State::Done;
        }
    }

    /// The prose so far, for the block that was reached; the next block starts afresh.
    pub(super) fn take(&mut self) -> Prose {
        std::mem::take(self).prose
    }
}
