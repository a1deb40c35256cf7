//! Segments, elements and components: what X12 and UN/EDIFACT have in common.
//!
//! One byte tokenizer ([`Scanner`]) cuts an interchange into [`Segment`]s without copying it, one
//! reader finds its envelopes, at once ([`read()`]) or as the bytes arrive ([`Stream`]), and one
//! table-driven check ([`Check`]) walks the segments of a set through a plan of a [`Release`]
//! and reports every [`Broken`] place. What sets the syntaxes apart is a [`Standard`]. Which bytes cut is told by [`Marks`]; what is allowed is
//! told by tables of numbers and codes under `tables/`. No I/O, no clock, no chance.
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod broken;
mod check;
mod dates;
mod envelope;
mod escape;
pub mod facts;
mod feed;
mod flaw;
mod marks;
mod numbers;
mod overlay;
mod scan;
mod segment;
mod tables;
mod tag;
mod verdict;
mod words;

pub use broken::{Broken, Faults, Place, Weight};
pub use check::{Charset, Check, Limits};
pub use dates::{is_date, is_time};
pub use envelope::{
    Group, Grouping, Heading, Interchange, Judge, Part, Set, Standard, Stream, Totals,
    check_by, read,
};
pub use escape::{escape, text};
pub use feed::{Shells, Unread};
pub use flaw::{Flaw, Level};
pub use marks::{Marks, Syntax};
pub use overlay::{GuideRule, Guideline, Look, Narrowing, Overlay, Rules};
pub use scan::Scanner;
pub use segment::{Parts, Segment};
pub use tables::{
    Berth, CodeList, Condition, Form, Kind, Layout, Node, Plan, Release, Rule, Shelf,
    Slot, TableFlaw,
};
pub use tag::Tag;
pub use verdict::{Answer, GroupVerdict, Policy, Reaction, SetVerdict, Verdict};
pub use words::{Language, Words, english};

use feed::{Feed, Header, Opening, Reach};
use numbers::Numbers;
use scan::Sheet;
use verdict::Tally;
