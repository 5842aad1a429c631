//! What is to be done with each page: add, change, remove, keep. Pure; nothing is fetched or written.

use std::collections::BTreeMap;

use specmint_spec::page::Sources;

use crate::{
    classify::{self, Found, Kind},
    config::Site,
    early::Early,
    lock::{Entry, Other},
    upstream::{Look, Seen, View},
};

/// What becomes of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// As committed.
    Same,
    /// Its prose changed, its specification didn't.
    Prose,
    /// Its specification changed.
    Changed,
    /// It is new.
    Added,
    /// It goes.
    Removed,
    /// It is no longer listed and stays.
    Kept,
    /// It is pinned and stays.
    Pinned,
}

/// One page of the plan.
#[derive(Clone, Debug)]
pub struct Planned {
    /// What becomes of it.
    pub state: State,
    /// What the lock will say of it.
    pub entry: Entry,
    /// What will be on disk; for a removed page, what was.
    pub bytes: Vec<u8>,
    /// What the site serves in place of a pinned page, where its specification differs.
    pub differs: Option<Vec<u8>>,
    /// How the site answered where the page goes: 404, 410, or 200 without a specification.
    pub gone: Option<u16>,
}

/// Everything that is to be done.
pub struct Plan {
    /// Every page, by file.
    pub pages: BTreeMap<String, Planned>,
    /// What is listed and no specification.
    pub others: Vec<Other>,
    /// What can't be used: address and reason.
    pub failures: Vec<(String, String)>,
    /// Pages and what was found in them, where all pages of the API had to be looked at anyway.
    pub all: Option<(Sources, Found)>,
}

impl Plan {
    /// How many pages become what.
    pub fn count(&self, state: State) -> usize {
        self.pages
            .values()
            .filter(|page| page.state == state)
            .count()
    }

    /// Whether the API's specification is another one afterwards.
    pub fn changes_fragments(&self) -> bool {
        self.pages
            .values()
            .any(|page| matches!(page.state, State::Changed | State::Added | State::Removed))
    }

    /// The pages that stay or come: what will be committed.
    pub fn kept(&self) -> impl Iterator<Item = (&String, &Planned)> {
        self.pages
            .iter()
            .filter(|(_, page)| page.state != State::Removed)
    }
}

/// Decides about every page that was seen.
pub fn plan(site: &Site, view: &View, early: Early) -> Plan {
    let mut plan = Plan {
        pages: BTreeMap::new(),
        others: Vec::new(),
        failures: view.failures.clone(),
        all: None,
    };
    let mut open = BTreeMap::new();
    for seen in &view.pages {
        decide(site, seen, &mut plan, &mut open);
    }
    for (file, page) in &site.pages {
        // What came is looked at below; what was here before has no part in that.
        if open.contains_key(file) {
            continue;
        }
        // Without an address nobody could look, so it stays.
        plan.pages.entry(file.clone()).or_insert_with(|| {
            planned(
                if pinned(site, file) {
                    State::Pinned
                } else {
                    State::Kept
                },
                page.entry.clone(),
                page.bytes.clone(),
            )
        });
    }
    if let Some(lock) = &site.lock {
        let unchanged = |other: &&Other| view.others.contains(&other.url);
        plan.others
            .extend(lock.others.iter().filter(unchanged).cloned());
    }
    look(site, open, early, &mut plan);
    plan.others.sort_by(|a, b| a.url.cmp(&b.url));
    plan
}

/// A page whose blocks have to be looked at.
struct Open<'a> {
    seen: &'a Seen,
    text: String,
    entry: Entry,
}

fn pinned(site: &Site, file: &str) -> bool {
    site.api.pinned.iter().any(|pinned| pinned == file)
}

fn planned(state: State, entry: Entry, bytes: Vec<u8>) -> Planned {
    Planned {
        state,
        entry,
        bytes,
        differs: None,
        gone: None,
    }
}

fn decide<'a>(site: &Site, seen: &'a Seen, plan: &mut Plan, open: &mut BTreeMap<String, Open<'a>>) {
    let committed = site.pages.get(&seen.file);
    let is_pinned = committed.is_some() && pinned(site, &seen.file);
    let shown = seen
        .url
        .as_ref()
        .map_or_else(|| seen.file.clone(), crate::urls::shown);
    let keep = |state: State| {
        committed.map(|page| {
            let mut entry = page.entry.clone();
            if entry.url.is_none() {
                entry.url = seen.url.as_ref().map(ToString::to_string);
            }
            planned(
                if is_pinned { State::Pinned } else { state },
                entry,
                page.bytes.clone(),
            )
        })
    };
    let decided = match &seen.answer {
        Look::Same => keep(if seen.listed {
            State::Same
        } else {
            State::Kept
        }),
        Look::Unseen => keep(State::Kept),
        Look::Gone(_) | Look::Superseded if is_pinned => keep(State::Pinned),
        Look::Gone(status) => keep(State::Removed).map(|page| Planned {
            gone: Some(*status),
            ..page
        }),
        Look::Superseded => keep(State::Removed),
        Look::Body(body) => {
            let sha256 = crate::sha256(&body.bytes);
            let text = match classify::text(body) {
                Ok(text) => text,
                Err(why) => {
                    plan.failures.push((shown, why));
                    return;
                }
            };
            if committed.is_some_and(|page| page.intact && page.entry.sha256 == sha256) {
                // Served whole although it is the same: the site knows no conditional requests, or
                // none was made.
                keep(if seen.listed {
                    State::Same
                } else {
                    State::Kept
                })
            } else if let Some(other) = unchanged_other(site, seen, &sha256) {
                plan.others.push(other);
                return;
            } else {
                let fragment_sha256 = classify::blocks_sha256(&text);
                let prose =
                    committed.is_some_and(|page| page.entry.fragment_sha256 == fragment_sha256);
                if is_pinned {
                    let differs = (!prose).then(|| body.bytes.clone());
                    keep(State::Pinned).map(|page| Planned { differs, ..page })
                } else {
                    let entry = Entry {
                        file: seen.file.clone(),
                        url: seen.url.as_ref().map(ToString::to_string),
                        operations: committed
                            .map(|page| page.entry.operations.clone())
                            .unwrap_or_default(),
                        sha256,
                        fragment_sha256,
                        etag: body.validators.etag.clone(),
                        last_modified: body.validators.last_modified.clone(),
                    };
                    if prose {
                        Some(planned(State::Prose, entry, body.bytes.clone()))
                    } else {
                        open.insert(seen.file.clone(), Open { seen, text, entry });
                        return;
                    }
                }
            }
        }
    };
    if let Some(page) = decided {
        plan.pages.insert(seen.file.clone(), page);
    }
}

/// The lock's word on a page that is no specification and came again as it was.
fn unchanged_other(site: &Site, seen: &Seen, sha256: &str) -> Option<Other> {
    let url = seen.url.as_ref()?.as_str();
    let known = site
        .lock
        .as_ref()?
        .others
        .iter()
        .find(|other| other.url == url)?;
    (known.sha256 == sha256).then(|| known.clone())
}

/// Looks at the blocks of everything that is new or changed.
fn look(site: &Site, open: BTreeMap<String, Open<'_>>, early: Early, plan: &mut Plan) {
    let unread: Vec<String> = plan
        .pages
        .iter()
        .filter(|(_, page)| page.state != State::Removed && page.entry.operations.is_empty())
        .map(|(file, _)| file.clone())
        .collect();
    if open.is_empty() && unread.is_empty() {
        return;
    }
    // Where nothing stays as it was, this is already the whole API's reading.
    let all = plan.pages.values().all(|page| page.state == State::Removed);
    let beside = if all { site.beside.clone() } else { Vec::new() };
    let ids: Vec<String> = open
        .keys()
        .map(|file| format!("{}/{file}", site.name))
        .collect();
    let early = early
        .of(ids.iter().map(String::as_str))
        .filter(|_| unread.is_empty());
    let (sources, mut found) = if let Some((pages, read)) = early {
        let sources = Sources::with_beside(pages, beside);
        let found = classify::read(&sources, read);
        (sources, found)
    } else {
        let mut pages: Vec<_> = open
            .iter()
            .map(|(file, open)| classify::page(&site.name, file, &open.text))
            .collect();
        for file in &unread {
            if let Some(page) = plan.pages.get(file) {
                let text = String::from_utf8_lossy(&page.bytes);
                pages.push(classify::page(&site.name, file, &text));
            }
        }
        let sources = Sources::with_beside(pages, beside);
        let found = classify::pages(&sources);
        (sources, found)
    };
    for file in unread {
        if let (Some(Kind::Endpoint(operations) | Kind::Webhook(operations)), Some(page)) = (
            found.kinds.get(&format!("{}/{file}", site.name)),
            plan.pages.get_mut(&file),
        ) {
            page.entry.operations.clone_from(operations);
        }
    }
    for (
        file,
        Open {
            seen,
            text: _,
            mut entry,
        },
    ) in open
    {
        let Look::Body(body) = &seen.answer else {
            continue;
        };
        let committed = site.pages.get(&file);
        let shown = seen
            .url
            .as_ref()
            .map_or_else(|| file.clone(), crate::urls::shown);
        let kind = found.kinds.remove(&format!("{}/{file}", site.name));
        let decided = match kind {
            Some(Kind::Endpoint(operations) | Kind::Webhook(operations)) => {
                entry.operations = operations;
                let state = if committed.is_some() {
                    State::Changed
                } else {
                    State::Added
                };
                planned(state, entry, body.bytes.clone())
            }
            Some(Kind::Unusable(why, line)) => {
                let line = line
                    .filter(|line| *line > 0)
                    .map(|line| format!(" (line {line})"));
                plan.failures.push((shown, why + &line.unwrap_or_default()));
                continue;
            }
            Some(Kind::Guide(kind)) => {
                if let Some(url) = &seen.url {
                    plan.others.push(Other {
                        url: url.to_string(),
                        kind: kind.to_owned(),
                        sha256: entry.sha256,
                        etag: entry.etag,
                        last_modified: entry.last_modified,
                    });
                }
                match committed {
                    None => continue,
                    Some(page) => Planned {
                        gone: Some(200),
                        ..planned(State::Removed, page.entry.clone(), page.bytes.clone())
                    },
                }
            }
            None => {
                plan.failures
                    .push((shown, "it could not be looked at".to_owned()));
                continue;
            }
        };
        plan.pages.insert(file, decided);
    }
    if all {
        plan.all = Some((sources, found));
    }
}
