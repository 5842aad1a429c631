//! Pages that are read while others are still on their way.
//!
//! What is read of a page names it by its place among all of them in order, which has to be known
//! before they are all there. So this is for an API that has no pages yet: all of them come, or none
//! is used. Whatever is missing in the end, everything is read anew by whoever asked.

use std::{
    sync::{Mutex, OnceLock, PoisonError, mpsc},
    thread,
};

use specmint_spec::{
    extract::{OfPage, Reader},
    page::{Page, PageIndex},
};

/// One reads while the other one's page comes; more would only keep the fetching waiting.
const READERS: usize = 2;

/// Takes a page that came, and the place it will have among all.
pub type Came<'a> = &'a dyn Fn(PageIndex, Page);

/// Pages that were read, in their order.
#[derive(Default)]
pub struct Early {
    pages: Vec<Page>,
    read: Vec<OfPage>,
}

impl Early {
    /// The pages and what was found in them, where they are exactly those of these names.
    pub(crate) fn of<'n>(
        self,
        names: impl ExactSizeIterator<Item = &'n str>,
    ) -> Option<(Vec<Page>, Vec<OfPage>)> {
        let are_all = self.read.len() == self.pages.len() && names.len() == self.pages.len();
        let are_these = are_all && names.zip(&self.pages).all(|(name, page)| page.id.0 == name);
        are_these.then_some((self.pages, self.read))
    }
}

/// Reads what comes of at most so many pages while `work` has them come.
pub fn while_coming<T>(most: usize, work: impl FnOnce(Came<'_>) -> T) -> (T, Early) {
    let places: Vec<OnceLock<Page>> = (0..most).map(|_| OnceLock::new()).collect();
    let reader = Reader::default();
    let (send, receive) = mpsc::channel::<(PageIndex, Page)>();
    let receive = Mutex::new(receive);
    let read_all = || {
        let mut read = Vec::new();
        loop {
            let next = receive
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .recv();
            let Ok((index, page)) = next else {
                return read;
            };
            if let Some(place) = usize::try_from(index.0).ok().and_then(|at| places.get(at)) {
                read.push((index, reader.page(place.get_or_init(|| page), index)));
            }
        }
    };
    let (done, mut read) = thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS.min(most))
            .map(|_| scope.spawn(read_all))
            .collect();
        let done = work(&move |index, page| {
            // Nobody listens where nobody reads early.
            let _ = send.send((index, page));
        });
        let read = readers.into_iter().filter_map(|reader| reader.join().ok());
        (done, read.flatten().collect::<Vec<_>>())
    });
    drop(reader);
    read.sort_by_key(|(index, _)| *index);
    let without_holes = (0..).zip(&read).all(|(at, (index, _))| index.0 == at);
    let early = if without_holes {
        Early {
            pages: places
                .into_iter()
                .filter_map(OnceLock::into_inner)
                .collect(),
            read: read.into_iter().map(|(_, read)| read).collect(),
        }
    } else {
        Early::default()
    };
    (done, early)
}

#[cfg(test)]
mod tests {
    use specmint_spec::{
        diag::Diagnostics,
        extract,
        page::{PageId, Sources},
    };

    use super::*;

    fn page(at: usize) -> Page {
        let text = format!(
            "# Get\n\n## OpenAPI\n\n````yaml get /v1/{at}\nopenapi: 3.1.0\ninfo: {{title: A, version: '1'}}\n\
             paths:\n  /v1/{at}:\n    get:\n      responses: {{'200': {{description: ok}}}}\n\
             components:\n  schemas:\n    Shared:\n      type: object\n````\n"
        );
        Page {
            id: PageId(format!("acme/{at}.md")),
            text,
        }
    }

    fn come(order: &[usize]) -> Early {
        let (done, early) = while_coming(10, |came| {
            for at in order {
                came(
                    PageIndex(u32::try_from(*at).expect("it is small")),
                    page(*at),
                );
            }
            "done"
        });
        assert_eq!(done, "done");
        early
    }

    #[test]
    fn what_came_in_any_order_is_what_is_read_at_once() {
        let names: Vec<String> = (0..6).map(|at| format!("acme/{at}.md")).collect();
        let names = || names.iter().map(String::as_str);
        let (pages, read) = come(&[5, 0, 3, 1, 4, 2]).of(names()).expect("all came");
        let sources = Sources::new(pages);
        let mut diags = Diagnostics::default();
        let early = extract::together(read, &sources, &mut diags);
        let late = extract::fragments(&Sources::new((0..6).map(page).collect()), &mut diags);
        assert_eq!(early.len(), 6);
        assert_eq!(format!("{early:?}"), format!("{late:?}"));
        // Others than were expected, or not all, or none of them, are no set of pages.
        for order in [
            &[0, 1, 2, 3, 4][..],
            &[0, 1, 2, 4, 5],
            &[0, 1, 2, 3, 4, 5, 6],
            &[],
        ] {
            assert!(come(order).of(names()).is_none(), "{order:?}");
        }
    }
}
