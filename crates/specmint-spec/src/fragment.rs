//! One specification block of one page, as a tree that remembers its page.

use crate::{
    node::Node,
    page::{PageIndex, Span},
    shared::{Copies, Fate},
};

/// What a fragment's text is, found by its shape and never by its file name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// Mintlify's older form: `paths.path` and `paths.method` are strings.
    Endpoint,
    /// An OpenAPI 3.0.x or 3.1.x document, whole or pruned to one operation.
    OpenApi,
}

/// The words behind the opening fence: `[SPEC] METHOD TARGET`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Info {
    /// The specification the page was made from, as the page's author named it.
    pub spec: Option<String>,
    /// Lower case; `webhook` hides the real method.
    pub method: Option<String>,
    /// A path template, or a webhook's name.
    pub target: Option<String>,
}

/// What the page says around the block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prose {
    /// The page's first heading (not a `# Source:` line).
    pub title: Option<String>,
    /// The quote under the heading, first line only marked by `> `.
    pub description: Option<String>,
    /// Where the page is published, from a `# Source:` line.
    pub url: Option<String>,
}

/// One specification block.
#[derive(Clone, Debug)]
pub struct Fragment {
    /// The page it stands in.
    pub page: PageIndex,
    /// Where its opening fence (or the document) begins.
    pub span: Span,
    /// What its text is.
    pub form: Form,
    /// The words behind its fence; empty for a whole document.
    pub info: Info,
    /// What the page says around it.
    pub prose: Prose,
    /// Its content; see [`Fragment::whole`].
    pub root: Node,
    /// What stands in `root` as an empty object, because other pages show it as well.
    pub(crate) copies: Copies,
}

impl Fragment {
    /// Its content with everything in its place, for whoever looks at components before the pages
    /// are merged.
    pub fn whole(&mut self) -> &Node {
        self.copies
            .put(&mut self.root, |_, _, tree| Fate::Put(tree));
        &self.root
    }
}
