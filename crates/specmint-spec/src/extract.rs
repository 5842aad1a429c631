//! Pages → fragments: which blocks are specifications, which are prose.
//!
//! A block is a specification because of its place (under `## OpenAPI`), the words behind its
//! fence, and its shape. Look-alikes are refused by name; a broken block is an error and never a
//! missing operation. It must never look inside an operation.

pub mod fence;
pub mod form;
mod front_matter;
mod index;
mod info;
mod prose;

use fence::{Fence, Piece};
use form::{Refusal, Shape};
use front_matter::FrontMatter;
use info::Notation;

use crate::{
    diag::{Diagnostics, codes::extract as codes},
    fragment::{Form, Fragment, Info, Prose},
    page::{Page, PageIndex, Sources, Span},
    parallel,
    shared::{Copies, Parts},
    yaml::{self, Origin},
};

/// Finds every specification block of every page.
///
/// A look-alike next to blocks that can be read is a warning; alone it is an error.
pub fn fragments(sources: &Sources, diags: &mut Diagnostics) -> Vec<Fragment> {
    let pages: Vec<(PageIndex, &Page)> = sources.iter().collect();
    let bytes: usize = pages.iter().map(|(_, page)| page.text.len()).sum();
    let reader = Reader::default();
    let by_page = parallel::map(pages, bytes, |(index, page)| reader.page(page, index));
    together(by_page, sources, diags)
}

/// Looks at pages one by one, in any order and from several threads: for those that come one by one.
#[derive(Default)]
pub struct Reader<'t> {
    parts: Parts<'t>,
}

/// What was found in one page.
pub struct OfPage(Found);

impl<'t> Reader<'t> {
    /// Looks at a page that will have this index among all.
    pub fn page(&self, page: &'t Page, index: PageIndex) -> OfPage {
        let mut found = Found::default();
        found.page(page, index, &self.parts);
        OfPage(found)
    }
}

/// As [`fragments`], of pages that were looked at; in the order of the sources.
pub fn together(by_page: Vec<OfPage>, sources: &Sources, diags: &mut Diagnostics) -> Vec<Fragment> {
    let mut all = Found::default();
    for OfPage(found) in by_page {
        all.fragments.extend(found.fragments);
        all.refusals.extend(found.refusals);
        diags.append(found.diags);
    }
    finish(all, sources, diags)
}

/// Says what was refused, and that there is nothing.
fn finish(found: Found, sources: &Sources, diags: &mut Diagnostics) -> Vec<Fragment> {
    let Found {
        fragments,
        refusals,
        ..
    } = found;
    let alone = fragments.is_empty();
    for (span, refusal) in &refusals {
        let diagnostic = if alone {
            diags.error(refusal.code, *span, refusal.message.as_str())
        } else {
            diags.warning(refusal.code, *span, refusal.message.as_str())
        };
        diagnostic.help(refusal.help);
    }
    if alone && diags.gate().is_ok() {
        let span = sources
            .iter()
            .next()
            .map_or(Span::NONE, |(index, _)| place(index, 1));
        let message = match sources.len() {
            0 => "there is no page to read".to_owned(),
            1 => "the page holds no specification block".to_owned(),
            pages => format!("none of the {pages} pages holds a specification block"),
        };
        diags
            .error(codes::NOTHING, span, message)
            .help("a page needs a heading `## OpenAPI` and a fenced block below it; was it saved as Markdown?");
    }
    fragments
}

/// What was found so far.
#[derive(Default)]
struct Found {
    fragments: Vec<Fragment>,
    refusals: Vec<(Span, Refusal)>,
    diags: Diagnostics,
}

impl Found {
    fn page<'t>(&mut self, page: &'t Page, index: PageIndex, parts: &Parts<'t>) {
        let name = page.id.0.rsplit('/').next().unwrap_or_default();
        if name == "llms.txt" {
            index::note_whole_specifications(page, index, &mut self.diags);
        } else if name == "llms-full.txt" || index::is_llms_full(&page.text) {
            self.refuse(place(index, 1), index::llms_full());
        } else if is_document(&page.text) {
            self.document(page, index);
        } else if is_html(&page.text) {
            self.refuse(place(index, 1), html());
        } else {
            self.markdown(page, index, parts);
        }
    }

    /// A page that is a specification as a whole.
    fn document(&mut self, page: &Page, index: PageIndex) {
        let Ok(root) = yaml::parse_document(page, index, &mut self.diags) else {
            return;
        };
        let span = root.span;
        match form::of(&root) {
            Shape::Known(form) => self.fragments.push(Fragment {
                page: index,
                span,
                form,
                info: Info::default(),
                prose: Prose::default(),
                root,
                copies: Copies::default(),
            }),
            Shape::Refused(refusal) => self.refuse(span, refusal),
            Shape::Unknown => {
                self.refuse(
                    span,
                    Refusal {
                        code: codes::UNKNOWN_DOCUMENT,
                        message: "this is no OpenAPI document: it has no `openapi` at its root"
                            .to_owned(),
                        help: "name the document whose root has `openapi: 3.0.x` or `3.1.x`",
                    },
                );
            }
        }
    }

    /// A Markdown page.
    fn markdown<'t>(&mut self, page: &'t Page, index: PageIndex, parts: &Parts<'t>) {
        let front = front_matter::read(&page.text);
        let mut section = Section::default();
        let mut prose = prose::Collector::default();
        let before = (self.fragments.len(), self.refusals.len());
        for piece in fence::pieces(&page.text) {
            match piece {
                Piece::Line(line) if line.number <= front.lines => {}
                Piece::Line(line) => {
                    if line.heading(1).is_some() || line.heading(2).is_some() {
                        self.leave(section, index);
                        section = Section::of(line);
                    } else {
                        section.line(line);
                    }
                    prose.line(line);
                }
                Piece::Fence(fence) => {
                    if self.fence(&fence, &mut section, &front, &mut prose, index, parts) {
                        continue;
                    }
                    section.not_taken(&fence);
                    prose.fence();
                }
            }
        }
        self.leave(section, index);
        if let Some(Info {
            method: Some(method),
            target: Some(target),
            ..
        }) = &front.operation
            && before == (self.fragments.len(), self.refusals.len())
        {
            self.refuse(
                place(index, front.operation_line),
                Refusal {
                    code: codes::SOURCE_PAGE,
                    message: format!(
                        "the front matter names `{} {target}`, but the page holds no block",
                        method.to_uppercase()
                    ),
                    help: "this is the page's source; save the page as published (`.md` behind its address)",
                },
            );
        }
    }

    /// Looks at a fence; whether it was taken for a specification, readable or not.
    fn fence<'t>(
        &mut self,
        fence: &Fence<'t>,
        section: &mut Section,
        front: &FrontMatter,
        prose: &mut prose::Collector,
        index: PageIndex,
        parts: &Parts<'t>,
    ) -> bool {
        let span = place(index, fence.line);
        let parsed = info::parse(fence.info);
        if !fence.closed {
            // Whatever is cut off might have been an operation.
            let matters = section.kind != Kind::Other
                || matches!(parsed, Some((_, Some(_))))
                || fence::pieces(fence.body).any(
                    |piece| matches!(piece, Piece::Line(line) if Section::of(line).kind != Kind::Other),
                );
            if matters {
                self.diags
                    .error(codes::UNCLOSED, span, "this fence is never closed")
                    .help("the page was probably cut short while it was saved; fetch it again");
                section.used = true;
            }
            return matters;
        }
        if swallows(fence.body) {
            self.diags
                .error(
                    codes::UNCLOSED,
                    span,
                    "this fence is closed by the fence of a later block",
                )
                .help("close it before the heading `## OpenAPI`, or fetch the page again");
            section.used = true;
            return true;
        }
        let Some((notation, operation)) = parsed else {
            return false;
        };
        match section.kind {
            Kind::AsyncApi => {
                section.used = true;
                self.refuse(span, form::async_api());
                return true;
            }
            Kind::Apidog => {
                section.used = true;
                self.refuse(span, apidog());
                return true;
            }
            Kind::OpenApi if operation.is_some() => {}
            // Elsewhere, and without an operation's words, only the shape speaks for a block.
            Kind::OpenApi if looks_like_specification(fence.body) => {}
            Kind::Other if operation.is_some() && looks_like_specification(fence.body) => {}
            Kind::OpenApi | Kind::Other => return false,
        }
        section.used = true;
        let mut prose = prose.take();
        if prose.title.is_none() {
            prose.title.clone_from(&front.title);
        }
        let info = operation
            .or_else(|| front.operation.clone())
            .unwrap_or_default();
        let origin = Origin {
            page: index,
            first_line: fence.line + 1,
            indent: 0,
        };
        let read = match notation {
            Notation::Yaml => match parts.read(fence.body, origin) {
                Some(read) => Ok(read),
                None => yaml::parse_either(fence.body, origin, &mut self.diags)
                    .map(|root| (root, Copies::default())),
            },
            Notation::Json => yaml::parse_json(fence.body, origin, &mut self.diags)
                .map(|root| (root, Copies::default())),
        };
        let Ok((root, copies)) = read else {
            return true;
        };
        match form::of(&root) {
            Shape::Known(Form::OpenApi) if is_apidog(&root) => self.refuse(span, apidog()),
            Shape::Known(form) => {
                self.fragments.push(Fragment {
                    page: index,
                    span,
                    form,
                    info,
                    prose,
                    root,
                    copies,
                });
            }
            Shape::Refused(refusal) => self.refuse(span, refusal),
            Shape::Unknown => {
                self.diags
                    .error(codes::UNKNOWN_FORM, span, "this block has no form that can be read")
                    .help("expected `openapi: 3.x`, or `paths` with a `path` and a `method`, at its root");
            }
        }
        true
    }

    /// The end of a section: one headed `## OpenAPI` must have held a block, unless it is a guide
    /// that talks about the specification.
    fn leave(&mut self, section: Section, index: PageIndex) {
        if section.kind != Kind::OpenApi || section.used {
            return;
        }
        if section.talks && !section.might_be_a_block {
            self.diags.note(
                codes::NO_BLOCK,
                place(index, section.line),
                "no specification block under `## OpenAPI`, only text; taken for a guide",
            );
        } else {
            self.diags
                .error(
                    codes::NO_BLOCK,
                    place(index, section.line),
                    "no specification block under `## OpenAPI`",
                )
                .help("the block opens with three or more backticks at the beginning of a line, then `yaml` and the operation");
        }
    }

    fn refuse(&mut self, span: Span, refusal: Refusal) {
        self.refusals.push((span, refusal));
    }
}

/// The section of a page a line stands in.
#[derive(Clone, Copy, Debug, Default)]
struct Section {
    kind: Kind,
    line: u32,
    /// A block was found, readable or not.
    used: bool,
    /// It holds text of its own.
    talks: bool,
    /// It holds something that could be a block, or what is left of one.
    might_be_a_block: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Kind {
    #[default]
    Other,
    OpenApi,
    AsyncApi,
    Apidog,
}

impl Section {
    fn of(line: fence::Line<'_>) -> Self {
        let kind = match line.heading(2) {
            Some(heading) if heading.eq_ignore_ascii_case("openapi") => Kind::OpenApi,
            Some(heading) if heading.eq_ignore_ascii_case("asyncapi") => Kind::AsyncApi,
            Some(heading) if heading.eq_ignore_ascii_case("openapi specification") => Kind::Apidog,
            _ => Kind::Other,
        };
        Self {
            kind,
            line: line.number,
            ..Self::default()
        }
    }

    /// A line of the section that stands in no fence.
    fn line(&mut self, line: fence::Line<'_>) {
        let text = line.text.trim();
        if looks_like_specification(text) {
            self.might_be_a_block = true;
        } else if !text.is_empty() && !text.starts_with(['`', '~']) {
            // A page that was cut can end within the marks of a fence.
            self.talks = true;
        }
    }

    /// A fence of the section that was not taken for a block.
    fn not_taken(&mut self, fence: &Fence<'_>) {
        let mut words = fence.info.split_whitespace();
        let is_data = words.next().is_none_or(|language| {
            ["yaml", "yml", "json"]
                .iter()
                .any(|known| language.eq_ignore_ascii_case(known))
        });
        // `title="…"` and its like are the page's layout; other words could be an operation's.
        let is_named = words.next().is_some_and(|word| !word.contains('='));
        self.might_be_a_block |= is_data && is_named || looks_like_specification(fence.body);
    }
}

fn place(page: PageIndex, line: u32) -> Span {
    Span {
        page,
        line,
        column: 1,
    }
}

/// Whether a block that was opened and never closed took a specification's closing fence for its
/// own. A page that is shown as an example is left with a block that is whole.
fn swallows(body: &str) -> bool {
    body.contains("\n## OpenAPI")
        && fence::pieces(body).any(|piece| match piece {
            Piece::Fence(fence) => {
                !fence.closed && matches!(info::parse(fence.info), Some((_, Some(_))))
            }
            Piece::Line(_) => false,
        })
}

/// Whether a block's text could be a specification, told by its first characters or by a key at
/// column 0; cheap, and only asked where nothing else says so.
fn looks_like_specification(body: &str) -> bool {
    body.trim_start().starts_with('{') && body.contains("\"openapi\"")
        || body.lines().any(|line| {
            ["openapi:", "paths:", "swagger:", "asyncapi:"]
                .iter()
                .any(|key| line.trim_start_matches(['"', '\'']).starts_with(key))
        })
}

/// Whether a text is a specification as a whole, of whatever kind, told without parsing it.
pub fn is_specification(text: &str) -> bool {
    let names = ["\"openapi\"", "\"swagger\"", "\"asyncapi\""];
    let has_key = |name: &str| {
        text.match_indices(name)
            .any(|(at, _)| text[at + name.len()..].trim_start().starts_with(':'))
    };
    is_document(text)
        && (!text.trim_start().starts_with('{') || names.iter().any(|name| has_key(name)))
}

/// Whether a page seems to hold a specification block, found by its heading alone.
pub fn has_specification(text: &str) -> bool {
    text.lines().any(|line| line.trim_end() == "## OpenAPI")
}

fn is_html(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(14).collect();
    let start = start.to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html")
}

fn html() -> Refusal {
    Refusal {
        code: codes::HTML,
        message: "this is HTML, not Markdown: probably a login, error or application page"
            .to_owned(),
        help: "save the Markdown of the page: the same address with `.md` at its end",
    }
}

/// Whether a page is a document as a whole: JSON, or YAML whose first line is a key and that has
/// a specification's version at its root.
fn is_document(text: &str) -> bool {
    let text = text.trim_start();
    if text.starts_with('{') {
        return true;
    }
    if front_matter::read(text).lines > 0 {
        return false;
    }
    let is_root = |line: &str| {
        ["openapi", "swagger", "asyncapi"].iter().any(|key| {
            let line = line.trim_start_matches(['"', '\'']);
            line.strip_prefix(key).is_some_and(|rest| {
                rest.trim_start_matches(['"', '\''])
                    .trim_start()
                    .starts_with(':')
            })
        })
    };
    let first = text.lines().find(|line| {
        !(line.trim().is_empty() || line.starts_with(['#', '%']) || line.trim_end() == "---")
    });
    let begins_with_key = first.is_some_and(|line| {
        line.split_once(':').is_some_and(|(key, rest)| {
            (rest.is_empty() || rest.starts_with([' ', '\t']))
                && key
                    .chars()
                    .all(|c| c.is_alphanumeric() || "\"'-_ ".contains(c))
        })
    });
    begins_with_key && text.lines().any(is_root)
}

/// Whether a whole document carries an exporter's marks.
fn is_apidog(root: &crate::node::Node) -> bool {
    let marked = |node: &crate::node::Node| {
        node.as_object().is_some_and(|map| {
            map.keys()
                .any(|key| key.starts_with("x-apidog") || key.starts_with("x-apifox"))
        })
    };
    let operations = root
        .get("paths")
        .and_then(crate::node::Node::as_object)
        .into_iter()
        .flat_map(super::node::map::Map::values)
        .filter_map(crate::node::Node::as_object)
        .flat_map(super::node::map::Map::values);
    marked(root) || operations.into_iter().any(marked)
}

fn apidog() -> Refusal {
    Refusal {
        code: codes::APIDOG,
        message: "this is an Apidog or Apifox export, which is not read".to_owned(),
        help: "save the block's content as an OpenAPI file of its own and name that file",
    }
}
