//! Everything that needs a name gets one: inline objects, unions and enums become named schemas.
//!
//! Equal ones become one. Its name is what all places that use it have in common, where that says
//! something; otherwise the first place names it.

mod naming;

use std::{collections::BTreeMap, rc::Rc};

use indexmap::{IndexMap, IndexSet};

use self::naming::{Names, element, hints};
use super::{
    super::words,
    shape::{Key, Named, Schema, Shape, identity},
    type_names::Taken,
};

/// Words that don't make a name: too many things are called so.
const GENERIC: &[&str] = &[
    "answer",
    "array",
    "attribute",
    "body",
    "content",
    "data",
    "detail",
    "details",
    "element",
    "entry",
    "error",
    "field",
    "info",
    "inner",
    "input",
    "item",
    "items",
    "key",
    "kind",
    "list",
    "metadata",
    "model",
    "object",
    "one",
    "option",
    "options",
    "output",
    "param",
    "parameter",
    "params",
    "payload",
    "properties",
    "record",
    "request",
    "response",
    "result",
    "results",
    "schema",
    "type",
    "value",
    "values",
    "variant",
];

/// Properties that hold nothing but what their owner is about.
const WRAPPERS: &[&str] = &[
    "Content", "Data", "Entries", "Items", "List", "Objects", "Records", "Results", "Values",
];

/// A named schema with fewer properties than this isn't found again by its shape.
const TELLING_PROPERTIES: usize = 3;

/// The schemas that were lifted out of others.
pub(super) struct Lifted {
    groups: Vec<Group>,
    /// The group that each lifted schema belongs to, by the order of lifting.
    tokens: Vec<Option<usize>>,
    /// What each of them stood in, by the same order.
    stood: Vec<Use>,
    by_identity: BTreeMap<String, usize>,
}

/// Equal schemas.
struct Group {
    schema: Schema,
    uses: Vec<Use>,
    /// What it turned out to be.
    same_as: Option<Key>,
}

/// What a lifted schema stood in.
#[derive(Clone)]
struct Use {
    owner: Owner,
    /// Where it stands in the document.
    pointer: Rc<str>,
    /// What it is to its owner, in Pascal case.
    suffix: String,
    /// Whether it is one of the many that its owner is.
    element: bool,
    /// Whether it is a branch of its owner, so that the suffix is no name by itself.
    branch: bool,
}

#[derive(Clone)]
enum Owner {
    Named(Rc<str>),
    Place(usize),
    Token(usize),
}

/// Lifts everything out of the named schemas and of these others.
pub(super) fn lift(named: &mut Named, others: &mut [Schema]) -> Lifted {
    let mut lifted = Lifted {
        groups: Vec::new(),
        tokens: Vec::new(),
        stood: Vec::new(),
        by_identity: BTreeMap::new(),
    };
    for (name, schema) in named.iter_mut() {
        let owner = Owner::Named(name.clone());
        lifted.below(schema, &Use::whole(owner));
    }
    for (at, schema) in others.iter_mut().enumerate() {
        let owner = Owner::Place(at);
        lifted.visit(schema, Use::whole(owner));
    }
    lifted.recognise(named);
    for schema in named.values_mut().chain(others.iter_mut()) {
        schema.each_mut(&mut |schema| lifted.redirect(schema));
    }
    lifted
}

impl Lifted {
    /// Lifts the schemas below this one.
    fn below(&mut self, schema: &mut Schema, here: &Use) {
        let within = |suffix: String| Use {
            suffix,
            ..Use::whole(here.owner.clone())
        };
        match &mut schema.shape {
            Shape::Array(inner) | Shape::Map(inner) => {
                let element = if here.suffix.is_empty() || here.element {
                    Use {
                        element: true,
                        ..here.clone()
                    }
                } else {
                    let one = words::singular(&here.suffix);
                    // The many of `data` and `results` are what the owner is about.
                    let suffix = if WRAPPERS.contains(&here.suffix.as_str()) {
                        "Item".to_owned()
                    } else if one == here.suffix {
                        format!("{one}Item")
                    } else {
                        one
                    };
                    within(suffix)
                };
                self.visit(inner, element);
            }
            Shape::Object(object) => {
                for (name, property) in &mut object.properties {
                    self.visit(
                        property,
                        within(format!("{}{}", here.suffix, words::pascal(name))),
                    );
                }
                if let Some(additional) = &mut object.additional {
                    self.visit(additional, within(format!("{}ExtraValue", here.suffix)));
                }
            }
            Shape::Union(union) => {
                let hints = hints(union);
                for (branch, hint) in union.branches.iter_mut().zip(hints) {
                    let suffix = format!("{}{hint}", here.suffix);
                    self.visit(
                        branch,
                        Use {
                            branch: true,
                            ..within(suffix)
                        },
                    );
                }
            }
            _ => {}
        }
    }

    fn visit(&mut self, schema: &mut Schema, mut here: Use) {
        here.pointer = schema.pointer.clone();
        if !matches!(
            schema.shape,
            Shape::Object(_) | Shape::Union(_) | Shape::Enum(_) | Shape::Tag(_)
        ) {
            self.below(schema, &here);
            return;
        }
        let token = self.tokens.len();
        self.tokens.push(None);
        self.stood.push(here.clone());
        self.below(schema, &Use::whole(Owner::Token(token)));
        let mut body = schema.with(Shape::Any);
        std::mem::swap(&mut body.shape, &mut schema.shape);
        body.prose = schema.prose.clone();
        body.prose.deprecated = false;
        // What is said of a place is not said of every place that has the same type.
        body.prose
            .notes
            .retain(|note| !note.starts_with("Default: "));
        let key = identity(&body.with(body.shape.clone()));
        let at = *self.by_identity.entry(key).or_insert_with(|| {
            self.groups.push(Group {
                schema: body,
                uses: Vec::new(),
                same_as: None,
            });
            self.groups.len() - 1
        });
        self.groups[at].uses.push(here);
        self.tokens[token] = Some(at);
        schema.shape = Shape::Ref(Key::Lifted(at));
    }

    /// Finds the lifted schemas that the document names elsewhere.
    fn recognise(&mut self, named: &Named) {
        for _ in 0..4 {
            let mut known: BTreeMap<String, Key> = BTreeMap::new();
            for (name, schema) in named {
                let telling = match &schema.shape {
                    Shape::Object(object) => object.properties.len() >= TELLING_PROPERTIES,
                    Shape::Enum(values) => values.len() > 1,
                    Shape::Union(_) => true,
                    _ => false,
                };
                if telling && !name.starts_with("#/") {
                    let mut schema = schema.with(schema.shape.clone());
                    schema.each_mut(&mut |schema| self.redirect(schema));
                    known
                        .entry(identity(&schema))
                        .or_insert(Key::Named(name.clone()));
                }
            }
            let mut changed = false;
            for at in 0..self.groups.len() {
                if self.groups[at].same_as.is_some() {
                    continue;
                }
                let mut schema = self.groups[at].schema.clone();
                schema.each_mut(&mut |schema| self.redirect(schema));
                let key = identity(&schema.with(schema.shape.clone()));
                self.groups[at].schema = schema;
                match known.get(&key) {
                    Some(same) => {
                        self.groups[at].same_as = Some(same.clone());
                        if let Key::Lifted(other) = *same {
                            let uses = self.groups[at].uses.clone();
                            self.groups[other].uses.extend(uses);
                        }
                        changed = true;
                    }
                    None => {
                        known.insert(key, Key::Lifted(at));
                    }
                }
            }
            if !changed {
                break;
            }
        }
    }

    /// Makes a reference to a group a reference to what the group turned out to be.
    fn redirect(&self, schema: &mut Schema) {
        for _ in 0..16 {
            let Shape::Ref(Key::Lifted(at)) = &schema.shape else {
                return;
            };
            let Some(same) = self.groups.get(*at).and_then(|group| group.same_as.clone()) else {
                return;
            };
            schema.shape = Shape::Ref(same);
        }
    }

    /// Names the groups. Their owners come before them.
    pub(super) fn name(
        &self,
        named: &BTreeMap<Rc<str>, String>,
        places: &[&str],
        frozen: &BTreeMap<Key, String>,
        taken: &mut Taken,
    ) -> BTreeMap<usize, String> {
        let published = frozen.iter().filter_map(|(key, name)| match key {
            Key::Lifted(at) => Some((*at, name.clone())),
            Key::Named(_) => None,
        });
        let mut names = Names {
            lifted: self,
            named,
            places,
            done: published.collect(),
        };
        let claims = self.claims(places);
        let levels = self.levels();
        let mut order: Vec<usize> = (0..self.groups.len())
            .filter(|at| {
                self.groups
                    .get(*at)
                    .is_some_and(|group| group.same_as.is_none())
            })
            .collect();
        order.sort_by_key(|at| (levels.get(*at).copied(), *at));
        for at in order {
            if names.done.contains_key(&at) {
                continue;
            }
            let candidates = names.candidates(at, &claims);
            let name = taken.first(candidates);
            names.done.insert(at, name);
        }
        names.done
    }

    /// The lifted schemas that are types of their own, with their keys.
    pub(super) fn into_schemas(self) -> impl Iterator<Item = (usize, Schema)> {
        self.groups
            .into_iter()
            .enumerate()
            .filter(|(_, group)| group.same_as.is_none())
            .map(|(at, group)| (at, group.schema))
    }

    /// Where the lifted schemas stand, and what each is a use of.
    pub(super) fn places(&self) -> impl Iterator<Item = (&str, Key)> {
        self.groups.iter().enumerate().flat_map(|(at, group)| {
            let mut key = Key::Lifted(at);
            // As in `redirect`: what a group turned out to be may be a group that did so, too.
            for _ in 0..16 {
                let Key::Lifted(at) = key else { break };
                match self.groups.get(at).and_then(|group| group.same_as.clone()) {
                    Some(same) => key = same,
                    None => break,
                }
            }
            let uses = group.uses.iter();
            uses.map(move |here| (&*here.pointer, key.clone()))
        })
    }

    /// How far below something named each group stands.
    fn levels(&self) -> Vec<usize> {
        // Owners have higher numbers than what they own, as they were lifted later.
        let mut levels = vec![0; self.groups.len()];
        for at in (0..self.groups.len()).rev() {
            levels[at] = self.groups[at]
                .uses
                .iter()
                .filter_map(|here| match here.owner {
                    Owner::Token(token) => self.tokens.get(token).copied().flatten(),
                    _ => None,
                })
                .filter(|owner| *owner > at)
                .map(|owner| levels[owner] + 1)
                .max()
                .unwrap_or(0);
        }
        levels
    }

    /// What the uses of shared groups have in common, as far as no two groups claim it.
    fn claims(&self, places: &[&str]) -> BTreeMap<usize, String> {
        let mut claims: IndexMap<String, Vec<usize>> = IndexMap::new();
        for (at, group) in self.groups.iter().enumerate() {
            if group.same_as.is_none()
                && let Some(name) = self.common(group, places)
            {
                claims.entry(name).or_default().push(at);
            }
        }
        // What a place is called means that place alone.
        for (at, place) in places.iter().enumerate() {
            if let Some(groups) = claims.get_mut(&words::pascal(place)) {
                let is_use = |group: &usize| {
                    self.groups.get(*group).is_some_and(|group| {
                        group
                            .uses
                            .iter()
                            .any(|here| matches!(here.owner, Owner::Place(used) if used == at))
                    })
                };
                if !groups.iter().all(is_use) {
                    groups.push(usize::MAX);
                }
            }
        }
        claims
            .into_iter()
            .filter_map(|(name, groups)| match groups.as_slice() {
                [only] => Some((*only, name)),
                _ => None,
            })
            .collect()
    }

    /// The words that all uses of a shared group have in common, unless they are no name.
    fn common(&self, group: &Group, places: &[&str]) -> Option<String> {
        if group.uses.len() < 2 {
            return None;
        }
        let texts: IndexSet<String> = group
            .uses
            .iter()
            .map(|here| self.text(here, places, 0))
            .collect();
        let mut split = texts.iter().map(|text| words::split(text));
        let first = split.next()?;
        let others: Vec<Vec<String>> = split.collect();
        let tail = others
            .iter()
            .map(|other| {
                first
                    .iter()
                    .rev()
                    .zip(other.iter().rev())
                    .take_while(|(a, b)| a == b)
                    .count()
            })
            .min()
            .unwrap_or(first.len());
        let tail = first.get(first.len() - tail..)?;
        if is_telling(tail) {
            return Some(words::pascal(&tail.join("_")));
        }
        // `CreateUserResponse` and `GetUserByIdResponse` are `UserResponse`.
        let shared: Vec<String> = others
            .iter()
            .fold(first.clone(), |shared, other| common_words(&shared, other));
        is_telling(&shared).then(|| words::pascal(&shared.join("_")))
    }

    /// What a use is called without the names of types.
    fn text(&self, here: &Use, places: &[&str], depth: usize) -> String {
        let place = |at: &usize| places.get(*at).copied().unwrap_or_default();
        let name = match &here.owner {
            Owner::Place(at) if here.suffix.is_empty() => place(at).to_owned(),
            Owner::Place(at) if here.branch => format!("{}{}", place(at), here.suffix),
            Owner::Named(name) if here.branch => format!("{name}{}", here.suffix),
            Owner::Token(token) if here.branch && depth < 32 => {
                let owner = self.stood.get(*token);
                let owner = owner.map(|owner| self.text(owner, places, depth + 1));
                format!("{}{}", owner.unwrap_or_default(), here.suffix)
            }
            _ => here.suffix.clone(),
        };
        if here.element { element(&name) } else { name }
    }
}

impl Use {
    /// The whole of its owner.
    fn whole(owner: Owner) -> Self {
        Self {
            owner,
            pointer: "".into(),
            suffix: String::new(),
            element: false,
            branch: false,
        }
    }
}

/// Whether words make a name that says something.
fn is_telling(words: &[String]) -> bool {
    words.iter().any(|word| {
        !GENERIC.contains(&word.as_str())
            && word.len() > 2
            && !word.starts_with(|c: char| c.is_ascii_digit())
    })
}

/// The longest run of words, gaps allowed, that both have in this order.
fn common_words(a: &[String], b: &[String]) -> Vec<String> {
    let mut table = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for (i, left) in a.iter().enumerate().rev() {
        for (j, right) in b.iter().enumerate().rev() {
            table[i][j] = if left == right {
                table[i + 1][j + 1] + 1
            } else {
                table[i + 1][j].max(table[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut shared = Vec::new();
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            shared.push(a[i].clone());
            i += 1;
            j += 1;
        } else if table[i + 1][j] >= table[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    shared
}
