//! Tables of facts: what a release allows, as numbers and codes.

mod keys;
mod parse;
mod plan;

use std::sync::{Arc, OnceLock};

pub(crate) use keys::{Keys, LOW, low_bytes, word_at};
pub use parse::TableFlaw;
pub use plan::{Berth, Node, Plan};

use crate::Tag;

/// One release of a standard: layouts of segments, plans of sets, lists of codes.
#[derive(Clone, Debug, Default)]
pub struct Release {
    pub(crate) name: String,
    pub(crate) layouts: Vec<Layout>,
    pub(crate) plans: Vec<Plan>,
    pub(crate) lists: Vec<Arc<CodeList>>,
}

impl Release {
    /// What it is called, such as `004010` or `D96A`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The layout of a segment.
    pub fn layout(&self, tag: Tag) -> Option<&Layout> {
        let found = self.layouts.binary_search_by_key(&tag, |layout| layout.tag).ok()?;
        self.layouts.get(found)
    }

    /// The layouts of all segments, in the order of their names.
    pub fn layouts(&self) -> &[Layout] {
        &self.layouts
    }

    /// The plan of a set, such as `850` or `ORDERS`.
    pub fn plan(&self, set: &str) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.set.as_ref() == set)
    }

    /// The plans that it has.
    pub fn plans(&self) -> &[Plan] {
        &self.plans
    }

    /// The codes of an element, by its number in the dictionary.
    pub fn codes(&self, element: &str) -> Option<&CodeList> {
        self.lists.iter().find(|list| list.element.as_ref() == element).map(Arc::as_ref)
    }
}

/// Releases that are read when the first of their sets comes.
#[derive(Debug)]
pub struct Shelf {
    tables: Vec<(&'static [&'static str], OnceLock<Option<Release>>)>,
}

impl Shelf {
    /// A shelf for these tables, none of them read yet.
    pub fn new(tables: impl Iterator<Item = &'static [&'static str]>) -> Self {
        Self { tables: tables.map(|texts| (texts, OnceLock::new())).collect() }
    }

    /// The release at this place, from 0; none for a table that cannot be read.
    pub fn release(&self, place: usize) -> Option<&Release> {
        let (texts, read) = self.tables.get(place)?;
        read.get_or_init(|| Release::read(texts).ok()).as_ref()
    }
}

/// How a segment is laid out.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Its name.
    pub tag: Tag,
    /// Its elements, in order.
    pub slots: Vec<Slot>,
    /// What its elements demand of each other.
    pub conditions: Vec<Condition>,
    /// Up to which element one must be there.
    pub(crate) demanded: usize,
}

/// A place for an element or a component.
#[derive(Clone, Debug)]
pub struct Slot {
    /// Its number in the dictionary.
    pub reference: Box<str>,
    /// Whether it must be there.
    pub mandatory: bool,
    /// How often it may repeat.
    pub repeats: u32,
    /// What it holds.
    pub form: Form,
}

/// What a slot holds.
#[derive(Clone, Debug)]
pub enum Form {
    /// One value.
    Simple {
        /// Its kind.
        kind: Kind,
        /// The fewest characters.
        least: u32,
        /// The most characters.
        most: u32,
        /// The values it may have, where the list is whole or all that were published are known.
        codes: Option<Arc<CodeList>>,
    },
    /// Several.
    Composite(Arc<[Slot]>),
}

/// The kinds of values.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// X12 `ID`: a code.
    Code,
    /// X12 `AN`, EDIFACT `an`: text.
    Text,
    /// X12 `Nn`: a whole number with this many implied decimals.
    Whole(u8),
    /// X12 `R`: a number with a decimal point.
    Real,
    /// X12 `DT`.
    Date,
    /// X12 `TM`.
    Time,
    /// EDIFACT `a`: letters, no digits.
    Letters,
    /// EDIFACT `n`: a number with a decimal mark.
    Number,
    /// X12 `B`: any bytes.
    Binary,
}

/// What elements of a segment demand of each other.
///
/// Source: ASC X12.6 3.8.3, relational conditions.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Of which kind.
    pub rule: Rule,
    /// The elements, by place.
    pub places: Vec<usize>,
    /// As X12 writes it, such as `P0405`.
    pub text: Box<str>,
    /// The elements as bits, the first element lowest, and the first of them; none where an
    /// element has no bit.
    pub(crate) bits: Option<[u64; 2]>,
}

/// The kinds of conditions.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Rule {
    /// If one is there, all must be.
    Paired,
    /// At least one must be there.
    Required,
    /// At most one may be there.
    Exclusive,
    /// If the first is there, all others must be.
    Conditional,
    /// If the first is there, at least one other must be.
    ListConditional,
}

/// The codes of an element.
#[derive(Clone, Debug, Default)]
pub struct CodeList {
    /// The element, by its number in the dictionary.
    pub element: Box<str>,
    /// Whether there are no others: another is an error.
    pub whole: bool,
    /// Whether all that were published are here: another, which may have come later or been
    /// agreed, is remarked on.
    pub known: bool,
    /// The codes and what they mean, sorted by code.
    pub codes: Vec<(Box<str>, Box<str>)>,
    /// The codes of up to eight bytes.
    pub(crate) keys: Keys,
}

impl CodeList {
    /// Whether it has this code.
    pub fn has(&self, code: &[u8]) -> bool {
        if code.len() <= 8 {
            return self.keys.has(low_bytes(word_at(code, 0), code.len()));
        }
        self.codes.binary_search_by(|(own, _)| own.as_bytes().cmp(code)).is_ok()
    }

    /// What a code means, in our words.
    pub fn meaning(&self, code: &str) -> Option<&str> {
        let found =
            self.codes.binary_search_by(|(own, _)| own.as_ref().cmp(code)).ok()?;
        self.codes.get(found).map(|(_, meaning)| meaning.as_ref())
    }
}
