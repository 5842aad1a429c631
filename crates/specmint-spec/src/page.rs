//! One text that came in, and the set of all of them.
//!
//! A page is anything with lines: a Markdown page, or a whole OpenAPI document.

use std::fmt;

/// The path of a page below the directory that was read, `/`-joined on every system.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageId(pub String);

impl fmt::Display for PageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One text with its name.
#[derive(Clone, Debug)]
pub struct Page {
    /// Where it was found.
    pub id: PageId,
    /// The whole text, line endings as `\n`, no byte-order mark.
    pub text: String,
}

/// All texts of one API, sorted by [`PageId`], so that no result depends on the order of reading.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    pages: Vec<Page>,
}

impl Sources {
    /// Sorts the pages.
    pub fn new(mut pages: Vec<Page>) -> Self {
        pages.sort_by(|a, b| a.id.cmp(&b.id));
        Self { pages }
    }

    /// The pages with their index, which is what a [`Span`] carries.
    pub fn iter(&self) -> impl Iterator<Item = (PageIndex, &Page)> {
        (0..).map(PageIndex).zip(&self.pages)
    }

    /// The page a span points into; `None` for [`Span::NONE`].
    pub fn get(&self, index: PageIndex) -> Option<&Page> {
        self.pages.get(usize::try_from(index.0).ok()?)
    }

    /// How many pages there are.
    pub fn len(&self) -> usize {
        self.pages.len()
    }

    /// Whether nothing was read.
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    /// `page:line` of a span, as reports and messages write it.
    pub fn locate(&self, span: Span) -> Option<String> {
        self.get(span.page).map(|page| format!("{}:{}", page.id, span.line))
    }
}

/// A page's position in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageIndex(pub u32);

/// Where something was written: a page, a one-based line and a one-based column in characters.
///
/// The span of an object's member is that of its key; of an array's element, that of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The page.
    pub page: PageIndex,
    /// One-based.
    pub line: u32,
    /// One-based, in characters.
    pub column: u32,
}

impl Span {
    /// The span of what no page says.
    pub const NONE: Self = Self { page: PageIndex(u32::MAX), line: 0, column: 0 };

    /// Whether this is [`Span::NONE`].
    pub fn is_none(self) -> bool {
        self == Self::NONE
    }
}
