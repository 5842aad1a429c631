//! Tables of pagination: which way leads from a page to the next, and what it goes by.

/// How the pages of a list follow one another; a part of [`Operation`](crate::Operation).
///
/// Parameters are given by their position in [`Operation::parameters`](crate::Operation::parameters),
/// fields of the answer by JSON Pointer (RFC 6901): `/data`, `/meta/next_cursor`, or the empty
/// text for the answer as a whole.
#[derive(Clone, Copy, Debug)]
pub struct Pagination {
    pub(super) way: Way,
    pub(super) items: &'static str,
    pub(super) more: Option<&'static str>,
    pub(super) total: Option<&'static str>,
    pub(super) last: Option<&'static str>,
    pub(super) size: Option<Size>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Way {
    Cursor {
        to: Target,
        next: &'static str,
    },
    After {
        to: Target,
        key: &'static str,
    },
    Page {
        to: Target,
        first: u64,
    },
    Offset {
        to: Target,
        first: u64,
    },
    Link,
    Url {
        next: &'static str,
    },
    /// Without a word in the table there is one page.
    Once,
}

/// What of a request asks for another page.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    /// A parameter, by its position.
    Parameter(usize),
    /// A member of the body in JSON, by its place.
    Body(&'static str),
}

/// The parameter that says how long a page may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    pub(super) parameter: usize,
    /// What is documented to be its value where none is given; 0 where nothing is.
    pub(super) usual: u64,
    /// The most that is documented to be given; 0 where nothing is.
    pub(super) most: u64,
}

impl Pagination {
    pub(super) const fn new(way: Way) -> Self {
        Self {
            way,
            items: "",
            more: None,
            total: None,
            last: None,
            size: None,
        }
    }

    /// The field `next` of a page has the value that this parameter must have for the page after
    /// it. No value, `null`, `false` and an empty text mean that there is none.
    pub const fn cursor(parameter: usize, next: &'static str) -> Self {
        let to = Target::Parameter(parameter);
        Self::new(Way::Cursor { to, next })
    }

    /// The same with a member of the body in JSON, given by JSON Pointer, in place of a parameter.
    pub const fn cursor_in_body(member: &'static str, next: &'static str) -> Self {
        let to = Target::Body(member);
        Self::new(Way::Cursor { to, next })
    }

    /// The field `key` of the last item of a page has the value that this parameter must have for
    /// the page after it. A page without items is the last one, and a field that says whether there
    /// is [more](Self::more) spares asking for it.
    pub const fn after(parameter: usize, key: &'static str) -> Self {
        let to = Target::Parameter(parameter);
        Self::new(Way::After { to, key })
    }

    /// The same with a member of the body in JSON, given by JSON Pointer, in place of a parameter.
    pub const fn after_in_body(member: &'static str, key: &'static str) -> Self {
        let to = Target::Body(member);
        Self::new(Way::After { to, key })
    }

    /// The parameter is the number of the page; `first` is that of the first one.
    pub const fn page(parameter: usize, first: u64) -> Self {
        let to = Target::Parameter(parameter);
        Self::new(Way::Page { to, first })
    }

    /// The same with a member of the body in JSON, given by JSON Pointer, in place of a parameter.
    pub const fn page_in_body(member: &'static str, first: u64) -> Self {
        let to = Target::Body(member);
        Self::new(Way::Page { to, first })
    }

    /// The parameter is the number of items to pass over; `first` is what it is on the first page.
    pub const fn offset(parameter: usize, first: u64) -> Self {
        let to = Target::Parameter(parameter);
        Self::new(Way::Offset { to, first })
    }

    /// The same with a member of the body in JSON, given by JSON Pointer, in place of a parameter.
    pub const fn offset_in_body(member: &'static str, first: u64) -> Self {
        let to = Target::Body(member);
        Self::new(Way::Offset { to, first })
    }

    /// The header `Link` has the address of the next page, with `rel="next"` (RFC 8288).
    pub const fn link() -> Self {
        Self::new(Way::Link)
    }

    /// The field `next` has the address of the next page.
    pub const fn url(next: &'static str) -> Self {
        Self::new(Way::Url { next })
    }

    /// Where the items of a page are.
    #[must_use]
    pub const fn items(mut self, items: &'static str) -> Self {
        self.items = items;
        self
    }

    /// A field that says whether there is another page.
    #[must_use]
    pub const fn more(mut self, more: &'static str) -> Self {
        self.more = Some(more);
        self
    }

    /// A field that says how many items there are on all pages.
    #[must_use]
    pub const fn total(mut self, total: &'static str) -> Self {
        self.total = Some(total);
        self
    }

    /// A field that says how many pages there are.
    #[must_use]
    pub const fn pages(mut self, pages: &'static str) -> Self {
        self.last = Some(pages);
        self
    }

    /// The parameter that says how many items a page has, the value that it is documented to have
    /// where none is given, and its documented maximum; 0 stands for neither.
    #[must_use]
    pub const fn size(mut self, parameter: usize, usual: u64, most: u64) -> Self {
        self.size = Some(Size {
            parameter,
            usual,
            most,
        });
        self
    }
}
