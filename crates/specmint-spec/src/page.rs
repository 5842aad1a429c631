//! One text that came in, and the set of all of them.
//!
//! A page is anything with lines: a Markdown page, or a whole OpenAPI document.

use std::fmt;

/// The path of a page below the directory that was read, `/`-joined on every system.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageId(pub String);

impl PageId {
    /// The page that a relative reference in this page names; `None` where it leads out of the
    /// directory, or isn't a relative path.
    pub fn join(&self, reference: &str) -> Option<Self> {
        let reference = percent_decode(reference)?;
        if reference.is_empty()
            || reference.starts_with('/')
            || reference.contains(['\\', '\0'])
            || reference
                .split('/')
                .next()
                .is_some_and(|first| first.contains(':'))
        {
            return None;
        }
        let mut segments: Vec<&str> = self.0.split('/').collect();
        segments.pop();
        for segment in reference.split('/') {
            match segment {
                "" | "." => {}
                ".." => {
                    segments.pop()?;
                }
                segment => segments.push(segment),
            }
        }
        (!segments.is_empty()).then(|| Self(segments.join("/")))
    }
}

/// `%20` and its like; `None` where what results is not text.
fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = (*first == b'%').then(|| hex_byte(tail)).flatten();
        if let Some(byte) = hex {
            bytes.push(byte);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

fn hex_byte(text: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*text.get(at)?).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

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
    beside: Vec<Page>,
}

impl Sources {
    /// Sorts the pages.
    pub fn new(pages: Vec<Page>) -> Self {
        Self::with_beside(pages, Vec::new())
    }

    /// Sorts the pages, and the files beside them: settings, and what documents refer to. Those
    /// can be found and pointed at, but nothing is looked for in them.
    pub fn with_beside(mut pages: Vec<Page>, mut beside: Vec<Page>) -> Self {
        pages.sort_by(|a, b| a.id.cmp(&b.id));
        beside.sort_by(|a, b| a.id.cmp(&b.id));
        beside.dedup_by(|a, b| a.id == b.id);
        Self { pages, beside }
    }

    /// The page of this name, or the file beside the pages.
    pub fn find(&self, id: &PageId) -> Option<PageIndex> {
        let at = |pages: &[Page]| pages.binary_search_by(|page| page.id.cmp(id)).ok();
        let index = at(&self.pages).or_else(|| Some(self.pages.len() + at(&self.beside)?))?;
        u32::try_from(index).ok().map(PageIndex)
    }

    /// The page that a relative reference in another page names (without its `#` and what
    /// follows). `None` also for an address, and for a path that leads out of the directory.
    pub fn resolve(&self, from: PageIndex, reference: &str) -> Option<PageIndex> {
        self.find(&self.get(from)?.id.join(reference)?)
    }

    /// The pages with their index, which is what a [`Span`] carries; not the files beside them.
    pub fn iter(&self) -> impl Iterator<Item = (PageIndex, &Page)> {
        (0..).map(PageIndex).zip(&self.pages)
    }

    /// The page or file a span points into; `None` for [`Span::NONE`].
    pub fn get(&self, index: PageIndex) -> Option<&Page> {
        let index = usize::try_from(index.0).ok()?;
        self.pages
            .get(index)
            .or_else(|| self.beside.get(index.checked_sub(self.pages.len())?))
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
        self.get(span.page)
            .map(|page| format!("{}:{}", page.id, span.line))
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
    pub const NONE: Self = Self {
        page: PageIndex(u32::MAX),
        line: 0,
        column: 0,
    };

    /// Whether this is [`Span::NONE`].
    pub fn is_none(self) -> bool {
        self == Self::NONE
    }
}
