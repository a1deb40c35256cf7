use std::fmt;

use serde::Serialize;

use crate::escape::{escape, escape_run};
use crate::{Flaw, Guideline, Segment, Syntax, words::english};

/// A place where an interchange is not what it must be, and why.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Broken {
    /// What is wrong.
    #[serde(flatten)]
    pub flaw: Flaw,
    /// Whether it is an error, or only worth a remark.
    pub weight: Weight,
    /// Where.
    #[serde(flatten)]
    pub place: Box<Place>,
    /// The value that stands there, escaped; empty where nothing stands.
    pub value: String,
    /// How to mend it, in plain words.
    pub mend: String,
}

/// How much a flaw weighs.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// A remark: the document can be used as it is.
    Note,
    /// An error: the document is not what the standard, or the agreement, asks for.
    Error,
}

/// A place in an interchange.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Place {
    /// The byte, from the start of the file.
    pub at: usize,
    /// How many bytes it spans; 0 where something is missing.
    pub length: usize,
    /// The segment, as it stands there.
    pub segment: String,
    /// Its number in the file, from 1; 0 for no segment.
    pub number: usize,
    /// Its number in the set, from 1 for ST or UNH; 0 outside a set.
    pub ordinal: usize,
    /// The loops around it, such as `PO1[3]/PID[1]`.
    pub path: String,
    /// The element, from 1; 0 for the segment itself.
    pub element: usize,
    /// The component, from 1; 0 for the whole element.
    pub component: usize,
    /// The repetition, from 1; 0 where the element does not repeat.
    pub repetition: usize,
    /// The number of the element in its dictionary, such as `355`.
    pub reference: String,
    /// Whose dictionary that is.
    #[serde(skip)]
    pub syntax: Syntax,
    /// Where it is a partner's guide that was not kept to, not the standard: its line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guideline: Option<Box<Guideline>>,
}

impl Broken {
    /// A flaw of a whole segment.
    pub fn in_segment(flaw: Flaw, segment: &Segment<'_, '_>) -> Self {
        let place = Place {
            at: segment.start(),
            length: segment.name().len(),
            ..Place::of(segment)
        };
        let value = escape(segment.name());
        Self {
            mend: String::new(),
            flaw,
            weight: Weight::Error,
            place: Box::new(place),
            value,
        }
        .mended()
    }

    /// A flaw of the element at this place, from 1.
    pub fn in_element(flaw: Flaw, segment: &Segment<'_, '_>, element: usize) -> Self {
        let raw = segment.element(element).unwrap_or_default();
        let place = Place {
            at: segment.at(element),
            length: raw.len(),
            element,
            ..Place::of(segment)
        };
        Self {
            mend: String::new(),
            flaw,
            weight: Weight::Error,
            place: Box::new(place),
            value: escape(raw),
        }
        .mended()
    }

    /// A flaw of bytes that belong to no segment.
    pub fn in_bytes(flaw: Flaw, at: usize, bytes: &[u8]) -> Self {
        let place = Place { at, length: bytes.len(), ..Place::default() };
        Self {
            mend: String::new(),
            flaw,
            weight: Weight::Error,
            place: Box::new(place),
            value: escape(bytes),
        }
        .mended()
    }

    /// A flaw of a run of `length` bytes, of which `head` are the first.
    pub fn in_run(flaw: Flaw, at: usize, head: &[u8], length: usize) -> Self {
        let mut broken = Self::in_bytes(flaw, at, head);
        broken.place.length = length;
        broken.value = escape_run(head, length);
        broken
    }

    /// The same, that many bytes further on in the file.
    #[must_use]
    pub fn further(mut self, bytes: usize) -> Self {
        self.place.at = self.place.at.saturating_add(bytes);
        self
    }

    /// The same, as a remark.
    #[must_use]
    pub fn noted(mut self) -> Self {
        self.weight = Weight::Note;
        self
    }

    /// The same, with its number in the set.
    #[must_use]
    pub fn at_ordinal(mut self, ordinal: usize) -> Self {
        self.place.ordinal = ordinal;
        self
    }

    /// The same, with the way out written for its place as it is now.
    #[must_use]
    pub fn mended(mut self) -> Self {
        self.mend = english().mend(&self);
        self
    }
}

impl Place {
    fn of(segment: &Segment<'_, '_>) -> Self {
        Self {
            segment: escape(segment.name()),
            number: segment.number(),
            syntax: segment.marks().syntax(),
            ..Self::default()
        }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&english().tell(self))
    }
}

impl std::error::Error for Broken {}

/// The broken places of one interchange or set, with a lid on how many are kept.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Faults {
    /// The first of them, in the order of the bytes where they were found.
    pub list: Vec<Broken>,
    /// How many more there were.
    pub left_out: usize,
    /// Whether one of them, kept or not, is an error.
    pub has_error: bool,
    /// How many may be kept.
    #[serde(skip)]
    room: usize,
}

impl Default for Faults {
    fn default() -> Self {
        Self { list: Vec::new(), left_out: 0, has_error: false, room: Self::LIMIT }
    }
}

impl Faults {
    /// How many are kept in one list.
    pub const LIMIT: usize = 1000;

    /// How many are kept in all the lists of one interchange; later ones are counted only.
    pub const TOTAL_LIMIT: usize = 10_000;

    /// An empty list beside others that keep `spent` already.
    pub fn beside(spent: usize) -> Self {
        let room = Self::TOTAL_LIMIT.saturating_sub(spent).min(Self::LIMIT);
        Self { room, ..Self::default() }
    }

    /// The same faults in a list that may keep no more than [`Faults::beside`] allows.
    #[must_use]
    pub fn within(mut self, spent: usize) -> Self {
        let room = Self::TOTAL_LIMIT.saturating_sub(spent).min(Self::LIMIT);
        let kept = self.list.len();
        if kept > room {
            self.list.truncate(room);
            self.left_out = self.left_out.saturating_add(kept.saturating_sub(room));
        }
        self.room = room;
        self
    }

    /// Adds one.
    pub fn push(&mut self, broken: Broken) {
        self.has_error |= broken.weight == Weight::Error;
        if self.list.len() < self.room {
            self.list.push(broken);
        } else {
            self.left_out = self.left_out.saturating_add(1);
        }
    }

    /// Adds those of another list.
    pub fn absorb(&mut self, others: Self) {
        self.has_error |= others.has_error;
        self.left_out = self.left_out.saturating_add(others.left_out);
        others.list.into_iter().for_each(|broken| self.push(broken));
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty() && self.left_out == 0
    }
}
