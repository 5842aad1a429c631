//! The members of an object, in the order of the text.
//!
//! Objects of descriptions are small and there are very many of them, so that what counts is how
//! quickly they are made and given back: one list, searched from its beginning. An object with many
//! members gets an index when something is looked for in it. It is seeded at random, because pages
//! are not trusted; no order comes from it.

use std::{fmt, hash::BuildHasher as _, iter::FusedIterator, slice, sync::OnceLock, vec};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::{Key, Node};

/// Members that are found faster one after the other than by an index.
const FEW: usize = 16;

/// Members of an object.
#[derive(Default)]
pub struct Map {
    members: Vec<(Key, Node)>,
    /// Of many members; made when it is needed, forgotten when positions change.
    index: OnceLock<Box<Index>>,
}

/// Positions by key.
#[derive(Default)]
struct Index {
    state: RandomState,
    positions: HashTable<usize>,
}

impl Index {
    fn of(members: &[(Key, Node)]) -> Self {
        let mut index = Self {
            state: RandomState::default(),
            positions: HashTable::with_capacity(members.len()),
        };
        for at in 0..members.len() {
            index.add(members, at);
        }
        index
    }

    fn add(&mut self, members: &[(Key, Node)], at: usize) {
        let hash = |at: &usize| self.state.hash_one(members[*at].0.as_str());
        self.positions.insert_unique(hash(&at), at, hash);
    }

    fn find(&self, members: &[(Key, Node)], key: &str) -> Option<usize> {
        let hash = self.state.hash_one(key);
        let found = self.positions.find(hash, |at| members[*at].0 == key);
        found.copied()
    }
}

impl Map {
    /// No members.
    pub fn new() -> Self {
        Self::default()
    }

    /// No members, and room for some.
    pub fn with_capacity(members: usize) -> Self {
        Self {
            members: Vec::with_capacity(members),
            index: OnceLock::new(),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Where a member stands.
    pub fn get_index_of(&self, key: &str) -> Option<usize> {
        if self.members.len() <= FEW {
            return self.members.iter().position(|(known, _)| known == key);
        }
        let index = self
            .index
            .get_or_init(|| Box::new(Index::of(&self.members)));
        index.find(&self.members, key)
    }

    /// Whether there is a member of this name.
    pub fn contains_key(&self, key: &str) -> bool {
        self.get_index_of(key).is_some()
    }

    /// A member.
    pub fn get(&self, key: &str) -> Option<&Node> {
        Some(&self.members[self.get_index_of(key)?].1)
    }

    /// A member, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        let at = self.get_index_of(key)?;
        Some(&mut self.members[at].1)
    }

    /// The first member.
    pub fn first(&self) -> Option<(&Key, &Node)> {
        self.iter().next()
    }

    /// The last member.
    pub fn last(&self) -> Option<(&Key, &Node)> {
        self.iter().next_back()
    }

    /// Sets a member: a known one where it stands, a new one at the end.
    pub fn insert(&mut self, key: impl Into<Key>, node: Node) -> Option<Node> {
        let key = key.into();
        if let Some(at) = self.get_index_of(&key) {
            return Some(std::mem::replace(&mut self.members[at].1, node));
        }
        self.push(key, node);
        None
    }

    /// Adds a member that is not there yet; its position.
    fn push(&mut self, key: Key, node: Node) -> usize {
        let at = self.members.len();
        self.members.push((key, node));
        if let Some(index) = self.index.get_mut() {
            index.add(&self.members, at);
        }
        at
    }

    /// Puts a member at a position, moving it there where it is known.
    pub fn shift_insert(&mut self, at: usize, key: impl Into<Key>, node: Node) -> Option<Node> {
        let key = key.into();
        let known = self.shift_remove(&key);
        self.index.take();
        self.members.insert(at.min(self.members.len()), (key, node));
        known
    }

    /// Takes a member out, keeping the order of the others.
    pub fn shift_remove(&mut self, key: &str) -> Option<Node> {
        let at = self.get_index_of(key)?;
        self.index.take();
        Some(self.members.remove(at).1)
    }

    /// Moves a member from one position to another; does nothing where there is none.
    pub fn move_index(&mut self, from: usize, to: usize) {
        if from < self.members.len() && to < self.members.len() {
            self.index.take();
            let member = self.members.remove(from);
            self.members.insert(to, member);
        }
    }

    /// Keeps the members that are wanted.
    pub fn retain(&mut self, mut wanted: impl FnMut(&Key, &mut Node) -> bool) {
        self.index.take();
        self.members.retain_mut(|(key, node)| wanted(key, node));
    }

    /// Keeps the first members.
    pub fn truncate(&mut self, members: usize) {
        self.index.take();
        self.members.truncate(members);
    }

    /// Takes all members away.
    pub fn clear(&mut self) {
        self.index.take();
        self.members.clear();
    }

    /// The place of a member, there or not.
    pub fn entry(&mut self, key: impl Into<Key>) -> Entry<'_> {
        let key = key.into();
        match self.get_index_of(&key) {
            Some(at) => Entry::Occupied(OccupiedEntry { map: self, at }),
            None => Entry::Vacant(VacantEntry { map: self, key }),
        }
    }

    /// The members.
    pub fn iter(&self) -> Iter<'_> {
        Iter(self.members.iter())
    }

    /// The members, to change their values.
    pub fn iter_mut(&mut self) -> IterMut<'_> {
        IterMut(self.members.iter_mut())
    }

    /// The keys.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Key> + ExactSizeIterator {
        self.members.iter().map(|(key, _)| key)
    }

    /// The values.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Node> + ExactSizeIterator {
        self.members.iter().map(|(_, node)| node)
    }

    /// The values, to change them.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut Node> + ExactSizeIterator {
        self.members.iter_mut().map(|(_, node)| node)
    }

    /// The values alone.
    pub fn into_values(self) -> impl DoubleEndedIterator<Item = Node> + ExactSizeIterator {
        self.members.into_iter().map(|(_, node)| node)
    }
}

/// A copy has no index: few copies are searched.
impl Clone for Map {
    fn clone(&self) -> Self {
        Self {
            members: self.members.clone(),
            index: OnceLock::new(),
        }
    }
}

/// Objects are equal in any order of their members; copies mostly have them in the same.
impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && (self.iter().zip(other)).all(|((key, node), (other_key, other_node))| {
                if key == other_key {
                    node == other_node
                } else {
                    other.get(key) == Some(node)
                }
            })
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl<K: Into<Key>> Extend<(K, Node)> for Map {
    fn extend<I: IntoIterator<Item = (K, Node)>>(&mut self, members: I) {
        let members = members.into_iter();
        self.members.reserve(members.size_hint().0);
        for (key, node) in members {
            self.insert(key, node);
        }
    }
}

impl<K: Into<Key>> FromIterator<(K, Node)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, Node)>>(members: I) -> Self {
        let mut map = Self::new();
        map.extend(members);
        map
    }
}

/// The place of a member, there or not.
pub enum Entry<'m> {
    /// It is there.
    Occupied(OccupiedEntry<'m>),
    /// It is not.
    Vacant(VacantEntry<'m>),
}

impl<'m> Entry<'m> {
    /// The member, made where it is not there.
    pub fn or_insert_with(self, make: impl FnOnce() -> Node) -> &'m mut Node {
        match self {
            Self::Occupied(entry) => entry.into_mut(),
            Self::Vacant(entry) => entry.insert(make()),
        }
    }

    /// The member, set where it is not there.
    pub fn or_insert(self, node: Node) -> &'m mut Node {
        self.or_insert_with(|| node)
    }
}

/// A member that is there.
pub struct OccupiedEntry<'m> {
    map: &'m mut Map,
    at: usize,
}

impl<'m> OccupiedEntry<'m> {
    /// Its name.
    pub fn key(&self) -> &Key {
        &self.map.members[self.at].0
    }

    /// Its value.
    pub fn get(&self) -> &Node {
        &self.map.members[self.at].1
    }

    /// Its value, to change it.
    pub fn into_mut(self) -> &'m mut Node {
        &mut self.map.members[self.at].1
    }

    /// Sets its value and gives back the one before.
    pub fn insert(&mut self, node: Node) -> Node {
        std::mem::replace(&mut self.map.members[self.at].1, node)
    }
}

/// A member that is not there.
pub struct VacantEntry<'m> {
    map: &'m mut Map,
    key: Key,
}

impl<'m> VacantEntry<'m> {
    /// Its name.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Adds it at the end.
    pub fn insert(self, node: Node) -> &'m mut Node {
        let at = self.map.push(self.key, node);
        &mut self.map.members[at].1
    }
}

/// The members of a map.
#[derive(Clone)]
pub struct Iter<'m>(slice::Iter<'m, (Key, Node)>);

/// The members of a map, to change their values.
pub struct IterMut<'m>(slice::IterMut<'m, (Key, Node)>);

impl<'m> Iterator for Iter<'m> {
    type Item = (&'m Key, &'m Node);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, node)| (key, node))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(|(key, node)| (key, node))
    }
}

impl ExactSizeIterator for Iter<'_> {}
impl FusedIterator for Iter<'_> {}

impl<'m> Iterator for IterMut<'m> {
    type Item = (&'m Key, &'m mut Node);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, node)| (&*key, node))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for IterMut<'_> {}
impl FusedIterator for IterMut<'_> {}

impl IntoIterator for Map {
    type Item = (Key, Node);
    type IntoIter = vec::IntoIter<(Key, Node)>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.into_iter()
    }
}

impl<'m> IntoIterator for &'m Map {
    type Item = (&'m Key, &'m Node);
    type IntoIter = Iter<'m>;

    fn into_iter(self) -> Iter<'m> {
        self.iter()
    }
}

impl<'m> IntoIterator for &'m mut Map {
    type Item = (&'m Key, &'m mut Node);
    type IntoIter = IterMut<'m>;

    fn into_iter(self) -> IterMut<'m> {
        self.iter_mut()
    }
}
