//! Parser events → [`Node`], in one pass and without recursion.

use std::collections::{BTreeMap, BTreeSet};

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use super::{
    MAX_DEPTH, Origin,
    scalar::{self, Plain},
    small,
};
use crate::{
    diag::{Diagnostics, Reported, codes::yaml as codes},
    node::{self, Map, Node, Value, map::Entry},
    page::Span,
};

/// Aliases one text may hold.
const MAX_ALIASES: usize = 20_000;
/// Nodes that anchors and aliases may copy.
const MAX_COPIED_NODES: usize = 2_000_000;
/// Bytes of text that anchors and aliases may copy.
const MAX_COPIED_BYTES: usize = 64 << 20;
/// Repeated keys named one by one; the rest say nothing new.
const MAX_DUPLICATES: usize = 20;

/// Reads YAML that holds no NUL.
pub(super) fn parse(text: &str, origin: Origin, diags: &mut Diagnostics) -> Result<Node, Reported> {
    let mut tree = Tree::new(origin, 0, diags);
    tree.read(text)?;
    tree.finish()
}

/// As [`parse`], for a text below this many mappings; `None` where anything reaches beyond it.
pub(super) fn parse_part(text: &str, origin: Origin, above: usize) -> Option<Node> {
    let mut diags = Diagnostics::default();
    let mut tree = Tree::new(origin, above, &mut diags);
    tree.read(text).ok()?;
    let is_alone = tree.anchors.is_empty() && tree.aliases == 0;
    let node = tree.finish().ok()?;
    (is_alone && diags.is_empty()).then_some(node)
}

/// Says that a text is nested too deeply.
pub(super) fn report_depth(span: Span, diags: &mut Diagnostics) {
    diags.error(
        codes::DEPTH,
        span,
        format!("more than {MAX_DEPTH} levels deep"),
    );
}

/// Says that a key stands twice in one mapping.
pub(super) fn report_duplicate(key: &str, span: Span, first: Span, diags: &mut Diagnostics) {
    diags
        .error(
            codes::DUPLICATE_KEY,
            span,
            format!("the key `{key}` stands twice in one mapping"),
        )
        .label(first, "first here")
        .help("remove one of the two; which one is meant can't be guessed");
}

/// What is under construction.
struct Tree<'d> {
    origin: Origin,
    /// How many mappings the text stands below.
    above: usize,
    diags: &'d mut Diagnostics,
    stack: Vec<Frame>,
    /// Complete elements of all open sequences, and members of all open mappings: each frame owns
    /// the tail from its start. So every collection is made once, in its final size.
    elements: Vec<Node>,
    members: Vec<(Key, Value)>,
    root: Option<Node>,
    documents: usize,
    anchors: BTreeMap<usize, Anchored>,
    /// Nodes and bytes of text so far, copies included.
    nodes: usize,
    bytes: usize,
    aliases: usize,
    copied_nodes: usize,
    copied_bytes: usize,
    duplicates: usize,
    unknown_tags: usize,
}

/// A complete node that an alias may copy.
struct Anchored {
    value: Value,
    nodes: usize,
    bytes: usize,
    height: usize,
}

/// A sequence or mapping that hasn't ended.
struct Frame {
    span: Span,
    anchor: usize,
    /// The totals when it began.
    nodes: usize,
    bytes: usize,
    /// Levels below it so far.
    height: usize,
    open: Open,
}

enum Open {
    /// Where its elements begin.
    Sequence(usize),
    /// Where its members begin, and the key whose value comes next.
    Mapping(usize, Option<Key>),
}

enum Key {
    Named(node::Key, Span),
    /// A plain `<<`: the value's members are this mapping's, unless it has its own.
    Merge(Span),
}

impl<'d> Tree<'d> {
    fn new(origin: Origin, above: usize, diags: &'d mut Diagnostics) -> Self {
        Self {
            origin,
            above,
            diags,
            stack: Vec::new(),
            elements: Vec::new(),
            members: Vec::new(),
            root: None,
            documents: 0,
            anchors: BTreeMap::new(),
            nodes: 0,
            bytes: 0,
            aliases: 0,
            copied_nodes: 0,
            copied_bytes: 0,
            duplicates: 0,
            unknown_tags: 0,
        }
    }

    fn read(&mut self, text: &str) -> Result<(), Reported> {
        let mut parser = Parser::new_from_str(text);
        while let Some(event) = parser.next_event() {
            match event {
                Ok((event, span)) => {
                    let mark = span.start;
                    let span = self.origin.span(small(mark.line()), small(mark.col() + 1));
                    self.event(event, span)?;
                }
                Err(error) => {
                    let mark = error.marker();
                    let span = self.origin.span(small(mark.line()), small(mark.col() + 1));
                    self.diags.error(
                        codes::SYNTAX,
                        span,
                        format!("this is not YAML: {}", error.info().replace('\'', "`")),
                    );
                    return Err(Reported);
                }
            }
        }
        Ok(())
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Reported> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, anchor, tag.as_deref(), span)
            }
            Event::MappingStart(anchor, tag) => {
                self.tag(tag.as_deref(), span);
                let open = Open::Mapping(self.members.len(), None);
                self.open(open, anchor, span)
            }
            Event::SequenceStart(anchor, tag) => {
                self.tag(tag.as_deref(), span);
                self.open(Open::Sequence(self.elements.len()), anchor, span)
            }
            Event::MappingEnd | Event::SequenceEnd => self.close(),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.diags
                        .error(codes::DOCUMENTS, span, "a second YAML document begins here")
                        .help("keep one document per block or file");
                    return Err(Reported);
                }
                Ok(())
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
        }
    }

    fn finish(self) -> Result<Node, Reported> {
        if self.duplicates > 0 {
            return Err(Reported);
        }
        Ok(self.root.unwrap_or(Node {
            span: self.origin.span(1, 1),
            value: Value::Null,
        }))
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), Reported> {
        self.nodes += 1;
        self.bytes += text.len();
        let plain = style == ScalarStyle::Plain;
        if self.expects_key() {
            if anchor != 0 {
                self.remember(anchor, &text.into(), 1, text.len(), 0)?;
            }
            self.key(text, plain && tag.is_none(), span);
            return Ok(());
        }
        let value = match self.tag(tag, span) {
            Typing::Plain => self.plain(text, span),
            Typing::None if plain => self.plain(text, span),
            Typing::None | Typing::Text => text.into(),
        };
        if anchor != 0 {
            let bytes = if let Value::String(text) = &value {
                text.len()
            } else {
                0
            };
            self.remember(anchor, &value, 1, bytes, 0)?;
        }
        self.place(value, 0, span);
        Ok(())
    }

    fn plain(&mut self, text: &str, span: Span) -> Value {
        match scalar::plain(text) {
            Plain::Typed(value) => value,
            Plain::Text => text.into(),
            Plain::NonFinite => {
                self.diags.note(
                    codes::NON_FINITE,
                    span,
                    format!("`{text}` is no number that JSON can hold, so it is read as text"),
                );
                text.into()
            }
        }
    }

    /// What a tag says about a scalar; a tag nobody knows is noted once.
    fn tag(&mut self, tag: Option<&Tag>, span: Span) -> Typing {
        let Some(tag) = tag else { return Typing::None };
        if tag.is_yaml_core_schema() {
            return match tag.suffix.as_str() {
                "int" | "float" | "bool" | "null" => Typing::Plain,
                "str" | "binary" | "timestamp" => Typing::Text,
                _ => Typing::None,
            };
        }
        if tag.handle.is_empty() && tag.suffix == "!" || tag.handle == "!" && tag.suffix.is_empty()
        {
            return Typing::Text;
        }
        self.unknown_tags += 1;
        if self.unknown_tags == 1 {
            self.diags
                .note(codes::TAG, span, format!("the tag `{tag}` is ignored"));
        }
        Typing::None
    }

    fn expects_key(&self) -> bool {
        matches!(
            self.stack.last(),
            Some(Frame {
                open: Open::Mapping(_, None),
                ..
            })
        )
    }

    fn key(&mut self, text: &str, plain: bool, span: Span) {
        let Some(Frame {
            open: Open::Mapping(_, key),
            ..
        }) = self.stack.last_mut()
        else {
            return; // only called where `expects_key` holds
        };
        *key = Some(match text {
            "<<" if plain => Key::Merge(span),
            "" | "~" if plain => Key::Named("null".into(), span),
            _ => Key::Named(text.into(), span),
        });
    }

    fn open(&mut self, open: Open, anchor: usize, span: Span) -> Result<(), Reported> {
        if self.expects_key() {
            return self.bad_key(span);
        }
        if self.above + self.stack.len() >= MAX_DEPTH {
            report_depth(span, self.diags);
            return Err(Reported);
        }
        self.nodes += 1;
        self.stack.push(Frame {
            span,
            anchor,
            nodes: self.nodes,
            bytes: self.bytes,
            height: 1,
            open,
        });
        Ok(())
    }

    fn bad_key(&mut self, span: Span) -> Result<(), Reported> {
        self.diags.error(
            codes::KEY,
            span,
            "a key must be a scalar, not a sequence or a mapping",
        );
        Err(Reported)
    }

    fn close(&mut self) -> Result<(), Reported> {
        let Some(frame) = self.stack.pop() else {
            return Ok(());
        };
        let value = match frame.open {
            Open::Sequence(start) => Value::Array(self.elements.split_off(start)),
            Open::Mapping(start, _) => Value::Object(self.map(start)?),
        };
        if frame.anchor != 0 {
            let nodes = self.nodes - frame.nodes + 1;
            let bytes = self.bytes - frame.bytes;
            self.remember(frame.anchor, &value, nodes, bytes, frame.height)?;
        }
        self.place(value, frame.height, frame.span);
        Ok(())
    }

    /// Keeps a copy for aliases. The copy counts, because anchors can be nested in anchors.
    fn remember(
        &mut self,
        anchor: usize,
        value: &Value,
        nodes: usize,
        bytes: usize,
        height: usize,
    ) -> Result<(), Reported> {
        self.spend(nodes, bytes, Span::NONE)?;
        self.anchors.insert(
            anchor,
            Anchored {
                value: value.clone(),
                nodes,
                bytes,
                height,
            },
        );
        Ok(())
    }

    fn spend(&mut self, nodes: usize, bytes: usize, span: Span) -> Result<(), Reported> {
        self.copied_nodes = self.copied_nodes.saturating_add(nodes);
        self.copied_bytes = self.copied_bytes.saturating_add(bytes);
        if self.copied_nodes > MAX_COPIED_NODES || self.copied_bytes > MAX_COPIED_BYTES {
            let span = if span.is_none() { self.here() } else { span };
            self.diags.error(
                codes::ALIASES,
                span,
                format!(
                    "anchors and aliases expand to more than {MAX_COPIED_NODES} nodes or {} MiB",
                    MAX_COPIED_BYTES >> 20
                ),
            );
            return Err(Reported);
        }
        Ok(())
    }

    /// The best position known while no event is at hand.
    fn here(&self) -> Span {
        self.stack
            .last()
            .map_or(self.origin.span(1, 1), |frame| frame.span)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Reported> {
        self.aliases += 1;
        if self.aliases > MAX_ALIASES {
            self.diags.error(
                codes::ALIASES,
                span,
                format!("more than {MAX_ALIASES} aliases"),
            );
            return Err(Reported);
        }
        let Some(anchored) = self.anchors.get(&anchor) else {
            self.diags.error(
                codes::SELF_ALIAS,
                span,
                "this alias stands inside its own anchor",
            );
            return Err(Reported);
        };
        let (nodes, bytes, height) = (anchored.nodes, anchored.bytes, anchored.height);
        if self.stack.len() + height > MAX_DEPTH {
            report_depth(span, self.diags);
            return Err(Reported);
        }
        self.spend(nodes, bytes, span)?;
        self.nodes += nodes;
        self.bytes += bytes;
        // The look-up is repeated because `spend` needed all of `self` in between.
        let Some(value) = self
            .anchors
            .get(&anchor)
            .map(|anchored| anchored.value.clone())
        else {
            return Err(Reported);
        };
        if self.expects_key() {
            let text = match value {
                Value::String(text) => text,
                Value::Number(number) => number.text().into(),
                Value::Bool(value) => value.to_string().into(),
                Value::Null => "null".into(),
                Value::Array(_) | Value::Object(_) => return self.bad_key(span),
            };
            self.key(&text, false, span);
            return Ok(());
        }
        self.place(value, height, span);
        Ok(())
    }

    /// Puts a complete value where it belongs.
    fn place(&mut self, value: Value, height: usize, span: Span) {
        let Some(frame) = self.stack.last_mut() else {
            self.root = Some(Node { span, value });
            return;
        };
        frame.height = frame.height.max(height + 1);
        match &mut frame.open {
            Open::Sequence(_) => self.elements.push(Node { span, value }),
            // Keys are placed by `key`, so that one is always there.
            Open::Mapping(_, key) => self.members.extend(key.take().map(|key| (key, value))),
        }
    }

    /// Makes a mapping of the members from a start.
    fn map(&mut self, start: usize) -> Result<Map, Reported> {
        let mut map = Map::with_capacity(self.members.len() - start);
        let mut merged = BTreeSet::new();
        for (key, value) in self.members.drain(start..) {
            match key {
                Key::Named(key, span) => match map.entry(key) {
                    Entry::Vacant(entry) => {
                        entry.insert(Node { span, value });
                    }
                    Entry::Occupied(mut entry) => {
                        if merged.remove(entry.key()) {
                            entry.insert(Node { span, value });
                        } else {
                            self.duplicates += 1;
                            if self.duplicates <= MAX_DUPLICATES {
                                report_duplicate(entry.key(), span, entry.get().span, self.diags);
                            }
                        }
                    }
                },
                Key::Merge(span) => {
                    let merges = merge(&mut map, &mut merged, value);
                    if !merges {
                        self.diags.error(
                            codes::MERGE,
                            span,
                            "`<<` takes a mapping or a sequence of mappings",
                        );
                        return Err(Reported);
                    }
                }
            }
        }
        Ok(map)
    }
}

/// What a tag says about a scalar.
#[derive(Clone, Copy)]
enum Typing {
    /// Nothing.
    None,
    /// Read as if plain.
    Plain,
    /// Always a string.
    Text,
}

/// Adds the members of one or several mappings; an earlier one wins. Whether `value` allowed it.
fn merge(map: &mut Map, merged: &mut BTreeSet<node::Key>, value: Value) -> bool {
    match value {
        Value::Object(members) => {
            for (key, node) in members {
                if let Entry::Vacant(entry) = map.entry(key) {
                    merged.insert(entry.key().clone());
                    entry.insert(node);
                }
            }
            true
        }
        Value::Array(nodes) => nodes
            .into_iter()
            .all(|node| matches!(node.value, Value::Object(_)) && merge(map, merged, node.value)),
        _ => false,
    }
}
