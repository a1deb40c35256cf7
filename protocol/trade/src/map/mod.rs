//! The ways between a document and its dialects.

mod bag;
mod edifact_lines;
mod from_edifact;
mod from_x12;
mod sheet;
mod to_edifact;
mod to_x12;
mod x12_lines;

use serde::Serialize;

use crate::Document;

pub use from_edifact::from_edifact;
pub use from_x12::from_x12;
pub use to_edifact::to_edifact;
pub use to_x12::to_x12;

/// What was mapped, and what was not.
#[derive(Clone, Debug, Serialize)]
pub struct Mapped<T> {
    /// The outcome.
    pub outcome: T,
    /// What it does not hold.
    pub left: Vec<Left>,
}

/// Something that one side says and the other side cannot carry.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Left {
    /// The byte of the file where it stands; 0 where it comes from no file.
    pub at: usize,
    /// What it is.
    pub what: String,
    /// Why it stays behind.
    pub why: String,
}

impl Left {
    fn new(at: usize, what: impl Into<String>, why: impl Into<String>) -> Self {
        Self { at, what: what.into(), why: why.into() }
    }
}

/// Adds a date unless it says nothing.
fn push_date(dates: &mut Vec<crate::DateOf>, kind: String, date: String) {
    if !date.is_empty() {
        dates.push(crate::DateOf { kind, date });
    }
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// The kinds and their names: kind, X12 set, X12 group, EDIFACT message, BGM 1001.
const KINDS: [(crate::Kind, &str, &str, &str, &str); 8] = [
    (crate::Kind::RequestForQuote, "840", "RQ", "REQOTE", "311"),
    (crate::Kind::Quote, "843", "RR", "QUOTES", "310"),
    (crate::Kind::Order, "850", "PO", "ORDERS", "220"),
    (crate::Kind::OrderAnswer, "855", "PR", "ORDRSP", "231"),
    (crate::Kind::OrderChange, "860", "PC", "ORDCHG", "230"),
    (crate::Kind::OrderChangeAnswer, "865", "CA", "ORDRSP", "231"),
    (crate::Kind::DispatchAdvice, "856", "SH", "DESADV", "351"),
    (crate::Kind::Invoice, "810", "IN", "INVOIC", "380"),
];

/// A document without anything in it, for readers to fill.
fn blank(kind: crate::Kind) -> Document {
    Document { kind, ..Document::default() }
}
