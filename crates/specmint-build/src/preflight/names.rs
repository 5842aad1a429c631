//! Names of operations, resolved for all at once.
//!
//! An id is taken as given. Where there is none, the name comes from method and path, and a page's
//! heading is asked only where two operations would be called the same. No name depends on the
//! order of the operations. Before all this, what is published keeps its name.

use std::collections::{BTreeMap, BTreeSet};

use specmint_spec::{
    diag::{Code, Diagnostics},
    document::{Lowered, OperationKey},
    names::Names,
    node::{Node, escape_pointer},
};

use super::{published::Methods, words};

/// What an operation is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationName {
    /// As reports call it: the id as given, else derived.
    pub id: String,
    /// As Rust calls it: snake case, unique, no keyword, no method of the client.
    pub rust: String,
    /// Its former names.
    pub was: Vec<String>,
    /// Whether the name is published.
    pub is_published: bool,
}

/// Two operations have one id.
pub const DOUBLED_ID: Code = Code("P0101");

/// Methods that every client has, or that traits in scope give it.
pub(super) const RESERVED: &[&str] = &[
    "as_mut",
    "as_ref",
    "borrow",
    "borrow_mut",
    "builder",
    "call",
    "clone",
    "clone_from",
    "clone_into",
    "default",
    "deref",
    "deref_mut",
    "drop",
    "eq",
    "execute",
    "fmt",
    "from",
    "from_env",
    "into",
    "new",
    "request",
    "to_owned",
    "to_string",
    "try_from",
    "try_into",
    "type_id",
    "with_options",
];

/// The methods of a path item.
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Names every operation of the document.
pub fn operations(
    lowered: &Lowered,
    published: &Names,
    diags: &mut Diagnostics,
) -> BTreeMap<OperationKey, OperationName> {
    named(lowered, published, diags).0
}

/// As [`operations`], with what is published of them.
pub(super) fn named(
    lowered: &Lowered,
    published: &Names,
    diags: &mut Diagnostics,
) -> (BTreeMap<OperationKey, OperationName>, Methods) {
    let mut wanted: Vec<Wanted> = lowered
        .root
        .get("paths")
        .and_then(Node::as_object)
        .into_iter()
        .flatten()
        .flat_map(|(path, item)| METHODS.iter().map(move |method| (path, item, *method)))
        .filter_map(|(path, item, method)| {
            let operation = item.get(method).filter(|node| node.as_object().is_some())?;
            let key = OperationKey {
                path: path.to_string(),
                method: method.to_owned(),
            };
            let title = lowered
                .operations
                .get(&key)
                .and_then(|origin| origin.title.as_deref());
            Some(Wanted::new(key, operation, title, item))
        })
        .collect();
    wanted.sort_by(|a, b| a.key.cmp(&b.key));
    say_doubled_ids(&wanted, diags);
    let methods = Methods::of(published, wanted.iter().map(|w| &w.key), diags);
    for w in &mut wanted {
        if let Some(entry) = methods.get(&w.key) {
            w.candidates = vec![entry.name.clone()];
            w.is_published = true;
        }
    }
    settle(&mut wanted, &methods);
    let names = wanted
        .into_iter()
        .map(|w| {
            let rust = w.name().to_owned();
            let was = methods.get(&w.key).map(|entry| entry.was.clone());
            (
                w.key,
                OperationName {
                    id: w.id.unwrap_or_else(|| rust.clone()),
                    rust,
                    was: was.unwrap_or_default(),
                    is_published: w.is_published,
                },
            )
        })
        .collect();
    (names, methods)
}

/// An operation and what it might be called.
struct Wanted {
    key: OperationKey,
    span: specmint_spec::page::Span,
    id: Option<String>,
    /// From the best to the surest.
    candidates: Vec<String>,
    chosen: usize,
    is_published: bool,
}

impl Wanted {
    fn new(key: OperationKey, operation: &Node, title: Option<&str>, item: &Node) -> Self {
        let id = operation
            .get_str("operationId")
            .map(str::trim)
            .filter(|id| !id.is_empty());
        let path = Path::new(&key.path);
        let derived = path.name(&key.method, item);
        let by = path.parameters_suffix();
        let mut candidates = Vec::new();
        if let Some(id) = id {
            candidates.push(words::snake(id));
        }
        candidates.push(derived.clone());
        if !by.is_empty() {
            candidates.push(format!("{derived}_by_{by}"));
        }
        candidates.extend(title.map(words::snake));
        candidates.push(words::snake(&format!("{} {}", key.method, key.path)));
        candidates.push(format!("{}_{}", words::snake(&key.path), key.method));
        let candidates = candidates
            .into_iter()
            .filter_map(|name| guard(&name))
            .collect();
        Self {
            span: operation.span,
            id: id.map(str::to_owned),
            candidates,
            chosen: 0,
            is_published: false,
            key,
        }
    }

    fn name(&self) -> &str {
        self.candidates
            .get(self.chosen)
            .map_or("call_api", String::as_str)
    }

    /// Whether the name is the id as given.
    fn is_given(&self) -> bool {
        self.id.is_some() && self.chosen == 0
    }
}

/// A name that can be a method of the client; `None` for an empty one.
fn guard(name: &str) -> Option<String> {
    let name = words::snake(name);
    if name.is_empty() {
        None
    } else if words::is_keyword(&name) {
        Some(format!("{name}_"))
    } else if RESERVED.contains(&name.as_str()) {
        Some(format!("{name}_operation"))
    } else if name.starts_with(|c: char| c.is_ascii_digit()) {
        Some(format!("_{name}"))
    } else {
        Some(name)
    }
}

/// Gives operations that share a name their next candidate, all of them at once.
fn settle(wanted: &mut [Wanted], methods: &Methods) {
    let most = wanted.iter().map(|w| w.candidates.len()).max().unwrap_or(0);
    for _ in 0..=most {
        let clashing: Vec<usize> = clashes(wanted, methods);
        if clashing.is_empty() {
            return;
        }
        for at in clashing {
            let w = &mut wanted[at];
            if w.chosen + 1 < w.candidates.len() {
                w.chosen += 1;
            }
        }
    }
    // Nothing but a number tells them apart; their order is that of the keys.
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for w in wanted.iter_mut().filter(|w| !w.is_published) {
        let base = w.name().to_owned();
        let name = std::iter::once(base.clone())
            .chain((2..=u32::MAX).map(|n| format!("{}_{n}", base.trim_end_matches('_'))))
            .find(|name| !taken.contains(name) && !methods.has(name))
            .unwrap_or(base);
        taken.insert(name.clone());
        w.chosen = w.candidates.len();
        w.candidates.push(name);
    }
}

/// The operations that have to give way: those with a published name that isn't theirs; and of
/// those with one name, all but a single one whose id it is.
fn clashes(wanted: &[Wanted], methods: &Methods) -> Vec<usize> {
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, w) in wanted.iter().enumerate() {
        if !w.is_published {
            by_name.entry(w.name()).or_default().push(at);
        }
    }
    by_name
        .into_iter()
        .filter(|(name, group)| group.len() > 1 || methods.has(name))
        .flat_map(|(name, group)| {
            let given = group.iter().filter(|at| wanted[**at].is_given()).count();
            let keeps = given == 1 && !methods.has(name);
            group
                .into_iter()
                .filter(move |at| !(keeps && wanted[*at].is_given()))
        })
        .collect()
}

fn say_doubled_ids(wanted: &[Wanted], diags: &mut Diagnostics) {
    let mut by_id: BTreeMap<&str, Vec<&Wanted>> = BTreeMap::new();
    for w in wanted {
        if let Some(id) = &w.id {
            by_id.entry(id).or_default().push(w);
        }
    }
    for (id, group) in by_id {
        for w in group.iter().skip(1) {
            let pointer = format!("/paths/{}/{}", escape_pointer(&w.key.path), w.key.method);
            let diagnostic = diags.note(
                DOUBLED_ID,
                w.span,
                format!("the id `{id}` is given to more than one operation"),
            );
            diagnostic
                .at(pointer)
                .help("their methods are named after method and path instead");
            if let Some(first) = group.first() {
                diagnostic.label(first.span, "also given here");
            }
        }
    }
}

/// A path template, taken apart.
struct Path {
    segments: Vec<Segment>,
    /// `…:verb` at the end.
    verb: Option<String>,
}

enum Segment {
    Word(String),
    /// Names of the parameters in it.
    Parameter(Vec<String>),
}

impl Path {
    fn new(path: &str) -> Self {
        let mut segments = Vec::new();
        let mut verb = None;
        let path = path.split(['?', '#']).next().unwrap_or(path);
        for text in path.split('/').filter(|text| !text.is_empty()) {
            let (text, action) = match text.rsplit_once(':') {
                Some((head, tail)) if !head.is_empty() && !tail.contains('}') => (head, Some(tail)),
                _ => (text, None),
            };
            verb = action.map(str::to_owned);
            let text = text.strip_suffix(".json").unwrap_or(text);
            let names: Vec<_> = text
                .split('{')
                .skip(1)
                .filter_map(|part| part.split_once('}'))
                .map(|(name, _)| name.to_owned())
                .collect();
            if !names.is_empty() {
                segments.push(Segment::Parameter(names));
            } else if !is_noise(text) {
                segments.push(Segment::Word(text.to_owned()));
            }
        }
        Self { segments, verb }
    }

    /// A readable name: `list_messages`, `get_contact`, `cancel_message`.
    fn name(&self, method: &str, item: &Node) -> String {
        let words: Vec<(String, bool)> = self
            .segments
            .iter()
            .enumerate()
            .filter_map(|(at, segment)| match segment {
                Segment::Word(word) => {
                    let of_one = matches!(self.segments.get(at + 1), Some(Segment::Parameter(_)));
                    Some((word.clone(), of_one))
                }
                Segment::Parameter(_) => None,
            })
            .collect();
        let mut nouns: Vec<String> = words
            .iter()
            .map(|(word, of_one)| {
                let word = words::snake(word);
                if *of_one {
                    words::singular(&word)
                } else {
                    word
                }
            })
            .filter(|word| !word.is_empty())
            .collect();
        nouns.dedup();
        let ends_in_parameter = matches!(self.segments.last(), Some(Segment::Parameter(_)));
        let many = nouns.last().is_some_and(|word| words::is_plural(word)) && !ends_in_parameter;
        if let Some(verb) = &self.verb {
            return joined(&words::snake(verb), &nouns);
        }
        let verb = match method {
            "get" if many => "list",
            "get" => "get",
            "post" if ends_in_parameter => "update",
            "post" if many => {
                if let Some(last) = nouns.last_mut() {
                    *last = words::singular(last);
                }
                "create"
            }
            "post" => {
                let Some(action) = nouns.pop() else {
                    return "create".to_owned();
                };
                return joined(&action, &nouns);
            }
            "put" if item.get("patch").is_some() => "replace",
            "put" | "patch" => "update",
            other => other,
        };
        if nouns.is_empty() {
            if let Some(Segment::Parameter(names)) = self.segments.last() {
                nouns.push(words::snake(&names.join("_")));
            } else {
                nouns.push("root".to_owned());
            }
        }
        joined(verb, &nouns)
    }

    /// `id` or `id_and_page` of the parameters.
    fn parameters_suffix(&self) -> String {
        let names: Vec<_> = self
            .segments
            .iter()
            .filter_map(|segment| match segment {
                Segment::Parameter(names) => Some(names),
                Segment::Word(_) => None,
            })
            .flatten()
            .map(|name| words::snake(name))
            .collect();
        names.join("_and_")
    }
}

fn joined(verb: &str, nouns: &[String]) -> String {
    std::iter::once(verb)
        .chain(nouns.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join("_")
}

/// `v1`, `v2.1`, `2024-01-01`, `api`, `rest`: segments that say nothing of what is called.
fn is_noise(segment: &str) -> bool {
    let lower = segment.to_ascii_lowercase();
    let version = lower.strip_prefix('v').unwrap_or(&lower);
    let is_version = version.starts_with(|c: char| c.is_ascii_digit())
        && version
            .trim_end_matches("beta")
            .trim_end_matches("alpha")
            .chars()
            .all(|c| c.is_ascii_digit() || c == '.' || c == '-');
    is_version || matches!(lower.as_str(), "api" | "rest" | "apis" | "public")
}

#[cfg(test)]
mod tests {
    use super::*;
    use specmint_spec::{node::Map, page::Span};

    fn derived(method: &str, path: &str) -> String {
        let item = Node::new(Span::NONE, Map::new());
        Path::new(path).name(method, &item)
    }

    #[test]
    fn names_from_method_and_path() {
        for (method, path, expected) in [
            ("get", "/v1/messages", "list_messages"),
            ("delete", "/v1/contacts/{id}", "delete_contact"),
            ("get", "/api/v2/contacts/{id}", "get_contact"),
            ("post", "/contacts", "create_contact"),
            ("get", "/users/{id}/posts", "list_user_posts"),
            ("patch", "/users/{id}/posts/{post}", "update_user_post"),
            ("post", "/messages/{id}/cancel", "cancel_message"),
            ("post", "/messages/{id}:cancel", "cancel_message"),
            ("post", "/login", "login"),
            ("get", "/status", "get_status"),
            ("get", "/", "get_root"),
            ("get", "/{id}", "get_id"),
            ("get", "/2010-04-01/Accounts.json", "list_accounts"),
            ("get", "/v1/{a}/{b}", "get_b"),
        ] {
            assert_eq!(derived(method, path), expected, "{method} {path}");
        }
    }

    #[test]
    fn names_are_guarded() {
        for (name, expected) in [
            ("new", "new_operation"),
            ("move", "move_"),
            ("2fa", "_2fa"),
            ("getФ", "get_f"),
        ] {
            assert_eq!(guard(name).as_deref(), Some(expected));
        }
        assert_eq!(guard("!!"), None);
    }
}
