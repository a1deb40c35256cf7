//! A document into segments, by the rules of a dialect.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use segments::{Form, Release, Slot, Tag};
use serde_json::Value;

use super::convert::{Conv, Misfit, plain};
use super::pointer;
use super::repair;
use super::rules::{Field, Guard, Repeat, Rule, Source, Spot};
use crate::codes::Dialect;

mod leaf;
mod price;
mod queues;

pub(super) use price::line_of;
pub(super) use queues::joined;

/// A segment that was made, and what of the document stands in it.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) tag: &'static str,
    pub(super) summary: bool,
    pub(super) always: bool,
    pub(super) texts: BTreeMap<Spot, String>,
    pub(super) claims: Vec<Claim>,
    pub(super) pieces: Vec<Piece>,
    pub(super) children: Vec<Written>,
}

/// A value that stands in a segment.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) element: usize,
    pub(super) pointer: String,
    /// What reads back in its place, and why.
    pub(super) changed: Option<(String, String)>,
}

/// A piece of a text, or of a list of texts.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) element: usize,
    pub(super) pointer: String,
    pub(super) text: String,
    /// How wide its place is; nothing for an element of a list.
    pub(super) width: Option<usize>,
}

/// What the writer knows.
pub(super) struct Writer<'a> {
    pub(super) dialect: Dialect,
    pub(super) set: &'a str,
    /// The X12 number of the kind of document.
    pub(super) kind: &'a str,
    pub(super) release: &'static Release,
    pub(super) root: &'a Value,
    pub(super) computed: HashMap<&'static str, String>,
    /// Elements of lists that a rule has taken.
    pub(super) claimed: HashSet<String>,
    /// Values that stand in a segment so far.
    pub(super) taken: HashSet<String>,
    /// Why values found no place.
    pub(super) reasons: HashMap<String, Misfit>,
    queues: HashMap<String, VecDeque<Piece>>,
    items: HashMap<String, usize>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        dialect: Dialect,
        (set, kind): (&'a str, &'a str),
        release: &'static Release,
        root: &'a Value,
    ) -> Self {
        Self {
            dialect,
            set,
            kind,
            release,
            root,
            computed: HashMap::new(),
            claimed: HashSet::new(),
            taken: HashSet::new(),
            reasons: HashMap::new(),
            queues: HashMap::new(),
            items: HashMap::new(),
        }
    }

    /// Writes what stands at `base` by the rules.
    pub(super) fn write(&mut self, rules: &'static [Rule], base: &str) -> Vec<Written> {
        let mut all = Vec::new();
        for rule in rules {
            if rule.only_read || !rule.is_of(self.set, self.kind) {
                continue;
            }
            let inside = rule.guards.iter().all(|guard| self.is_inside(*guard, base));
            if !inside {
                continue;
            }
            match rule.repeat {
                Repeat::Once => all.extend(self.one(rule, base)),
                Repeat::Each(list) => {
                    self.each(rule, &pointer::join(base, list), &mut all);
                }
                Repeat::While(path) => {
                    let pointer = pointer::join(base, path);
                    while self.has_more(rule, &pointer) && all.len() < 100_000 {
                        let before = self.remaining(&pointer);
                        all.extend(self.one(rule, base));
                        if self.remaining(&pointer) >= before {
                            break;
                        }
                    }
                }
            }
        }
        all
    }

    fn each(&mut self, rule: &'static Rule, list: &str, all: &mut Vec<Written>) {
        for place in 0..pointer::length(self.root, list) {
            let item = format!("{list}/{place}");
            let fits = rule.guards.iter().all(|guard| self.admits(*guard, &item));
            if self.claimed.contains(&item) || !fits {
                continue;
            }
            let Some(mut written) = self.one(rule, &item) else {
                continue;
            };
            for guard in &rule.guards {
                if let Guard::Is(field, _) = guard {
                    let pointer = pointer::join(&item, field);
                    written.claims.push(Claim { element: 0, pointer, changed: None });
                }
            }
            self.claimed.insert(item.clone());
            all.push(written);
            while rule.again && self.queue_waits(rule, &item) {
                match self.one(rule, &item) {
                    Some(more) => all.push(more),
                    None => break,
                }
            }
        }
    }

    fn is_inside(&self, guard: Guard, base: &str) -> bool {
        let (field, words) = match guard {
            Guard::In(release) => return self.release.name() == release,
            Guard::NotIn(release) => return self.release.name() != release,
            Guard::Inside(field, words) | Guard::When(field, words) => (field, words),
            Guard::Is(..)
            | Guard::IsNot(..)
            | Guard::Has(_)
            | Guard::Lacks(_)
            | Guard::Short
            | Guard::Filled(_)
            | Guard::Next(_)
            | Guard::NextIsNot(_) => return true,
        };
        let own = self.text(&pointer::join(base, field));
        own.is_some_and(|own| words.split('/').any(|word| word == own))
    }

    fn admits(&self, guard: Guard, item: &str) -> bool {
        let text = |field: &str| self.text(&pointer::join(item, field));
        match guard {
            Guard::Is(field, words) => {
                text(field).is_some_and(|own| words.split('/').any(|word| word == own))
            }
            Guard::IsNot(field, word) => text(field).is_none_or(|own| own != word),
            Guard::Has(field) => text(field).is_some(),
            Guard::Lacks(field) => text(field).is_none(),
            Guard::Short => {
                let fields = self.root.pointer(item).and_then(Value::as_object);
                let alone = fields.is_some_and(|fields| fields.len() == 1);
                let text = text("text").unwrap_or_default();
                alone && text.chars().count() <= 80 && plain(text) == text
            }
            Guard::In(_)
            | Guard::NotIn(_)
            | Guard::Inside(..)
            | Guard::When(..)
            | Guard::Filled(_)
            | Guard::Next(_)
            | Guard::NextIsNot(_) => true,
        }
    }

    /// The text at a pointer, unless it is empty.
    pub(super) fn text(&self, pointer: &str) -> Option<&'a str> {
        let text = self.root.pointer(pointer).and_then(Value::as_str);
        text.filter(|text| !text.is_empty())
    }

    fn one(&mut self, rule: &'static Rule, base: &str) -> Option<Written> {
        let mut written = Written {
            tag: rule.tag,
            summary: rule.summary,
            always: rule.always,
            ..Written::default()
        };
        for field in &rule.fields {
            self.fill(rule, field, base, &mut written);
        }
        constants(rule, &mut written);
        let had_unit = self.counts_units(base, &written);
        let mended = repair::mend(self.release, &mut written);
        let (dropped, stands) = match mended {
            Ok(dropped) => (dropped, true),
            Err(dropped) => (dropped, false),
        };
        for (pointer, why) in dropped {
            self.reasons.entry(pointer).or_insert(why);
        }
        self.mend_price(rule, base, had_unit, &mut written);
        if !stands || price::is_missing(rule, base, &written) {
            return None;
        }
        self.hush(rule, base, &mut written);
        for claim in &written.claims {
            self.taken.insert(claim.pointer.clone());
        }
        written.children = self.write(&rule.children, base);
        for guard in &rule.guards {
            // What is only known by what follows it is not written without.
            if let Guard::Next(tag) = guard
                && written.children.first().is_none_or(|child| child.tag != *tag)
            {
                let why = format!("{} says nothing without {tag}", rule.tag);
                let reason = (why, String::new());
                self.reasons.entry(base.to_owned()).or_insert(reason);
                return None;
            }
        }
        let says = !written.claims.is_empty()
            || !written.pieces.is_empty()
            || !written.children.is_empty();
        (says || rule.always).then_some(written)
    }

    /// A stand-in that goes without saying beside the value that it repeats is not told.
    fn hush(&self, rule: &'static Rule, base: &str, written: &mut Written) {
        for field in &rule.fields {
            let source = field.stand_in.and_then(|path| path.strip_prefix('='));
            let (Source::Leaf(path, _), Some(source)) = (&field.source, source) else {
                continue;
            };
            let (own, source) = (pointer::join(base, path), pointer::join(base, source));
            let stands = written.claims.iter().any(|claim| claim.pointer == source);
            if stands && self.text(&own).is_none() {
                let hushed = |claim: &&mut Claim| claim.pointer == own;
                written
                    .claims
                    .iter_mut()
                    .filter(hushed)
                    .for_each(|claim| claim.changed = None);
            }
        }
    }

    fn fill(
        &mut self,
        rule: &'static Rule,
        field: &'static Field,
        base: &str,
        written: &mut Written,
    ) {
        let Some(first) = field.spots.first().copied() else {
            return;
        };
        match &field.source {
            Source::Guard(_) | Source::Constant(..) => {}
            Source::Computed(name) => {
                if let Some(text) = self.computed.get(name) {
                    written.texts.insert(first, text.clone());
                }
            }
            Source::Leaf(path, Conv::Basis) => {
                self.price(rule, field, path, base, written);
            }
            Source::Leaf(path, conv) => {
                self.leaf(rule, field, (path, *conv), base, written);
            }
            Source::Piece(path) => {
                let pointer = pointer::join(base, path);
                self.line_up(rule, &pointer, first);
                let piece = self.queues.get_mut(&pointer).and_then(VecDeque::pop_front);
                if let Some(piece) = piece {
                    written.texts.insert(first, piece.text.clone());
                    written.pieces.push(Piece { element: first.0, ..piece });
                }
            }
            Source::NextText(path) => {
                let pointer = pointer::join(base, path);
                self.line_up_list(rule, &pointer, first);
                let piece = self.queues.get_mut(&pointer).and_then(VecDeque::pop_front);
                if let Some(piece) = piece {
                    written.texts.insert(first, piece.text.clone());
                    written.pieces.push(Piece { element: first.0, ..piece });
                }
            }
            Source::NextItem(path, inner) => {
                self.item(rule, &pointer::join(base, path), &field.spots, inner, written);
            }
        }
    }

    fn slot(&self, tag: &str, (element, part): Spot) -> Option<&'static Slot> {
        slot(self.release, tag, (element, part))
    }

    fn width(&self, tag: &str, spot: Spot) -> usize {
        match self.slot(tag, spot).map(|slot| &slot.form) {
            Some(Form::Simple { most, .. }) => {
                usize::try_from(*most).unwrap_or(usize::MAX)
            }
            Some(Form::Composite(_)) | None => 35,
        }
    }
}

/// The slot of a place; for an element that is a composite, that of its component.
pub(super) fn slot(
    release: &'static Release,
    tag: &str,
    (element, part): Spot,
) -> Option<&'static Slot> {
    let layout = release.layout(Tag::read(tag.as_bytes()))?;
    let slot = layout.slots.get(element.checked_sub(1)?)?;
    match &slot.form {
        Form::Simple { .. } => (part == 1).then_some(slot),
        Form::Composite(parts) => parts.get(part.checked_sub(1)?),
    }
}

/// Adds the constants where nothing stands.
fn constants(rule: &'static Rule, written: &mut Written) {
    let mut put = |spot: Spot, text: &str, with: Option<Spot>| {
        let wanted = with.is_none_or(|with| written.texts.contains_key(&with));
        if wanted {
            written.texts.entry(spot).or_insert_with(|| text.to_owned());
        }
    };
    for field in &rule.fields {
        let Some(spot) = field.spots.first().copied() else {
            continue;
        };
        match (&field.source, field.default) {
            (Source::Guard(words), _) => {
                put(spot, words.split('/').next().unwrap_or_default(), None);
            }
            (Source::Constant(text, with), _) => put(spot, text, *with),
            (_, Some((text, with))) => put(spot, text, with),
            (
                Source::Computed(_)
                | Source::Leaf(..)
                | Source::Piece(_)
                | Source::NextText(_)
                | Source::NextItem(..),
                None,
            ) => {}
        }
    }
}
