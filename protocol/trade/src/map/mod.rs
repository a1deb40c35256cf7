//! The ways between a document and its dialects.
//!
//! What stands where is said once for both directions, in `maps/x12.txt` and `maps/edifact.txt`.
//! Writing goes through the rules and claims what it has written; what nobody claimed comes back
//! as [`Left`]. Reading goes through the same rules and takes values from segments; what nobody
//! took comes back as [`Left`] too.

mod account;
mod arrange;
mod basis;
pub(crate) mod convert;
mod left;
mod levels;
pub(crate) mod moments;
pub(crate) mod pieces;
pub(crate) mod pointer;
#[cfg(test)]
mod published;
mod read;
mod repair;
mod rules;
mod sheet;
mod to;
mod trace;
mod write;

use serde::Serialize;

pub use basis::{x12_unit, x12_unit_price};
pub use left::{Left, without};
pub use read::{from_edifact, from_x12, from_x12_of, trace_edifact, trace_x12};
pub use to::{to_edifact, to_edifact_of, to_x12};
pub use trace::{Origins, Span, Traced};

/// What was mapped, and what was not.
#[derive(Clone, Debug, Serialize)]
pub struct Mapped<T> {
    /// The outcome.
    pub outcome: T,
    /// What it does not hold.
    pub left: Vec<Left>,
}

impl From<Traced> for Mapped<crate::Document> {
    fn from(traced: Traced) -> Self {
        Self { outcome: traced.document, left: traced.left }
    }
}

/// The kinds and their names: kind, X12 set, X12 group, EDIFACT message.
const KINDS: [(crate::Kind, &str, &str, &str); 8] = [
    (crate::Kind::RequestForQuote, "840", "RQ", "REQOTE"),
    (crate::Kind::Quote, "843", "RR", "QUOTES"),
    (crate::Kind::Order, "850", "PO", "ORDERS"),
    (crate::Kind::OrderAnswer, "855", "PR", "ORDRSP"),
    (crate::Kind::OrderChange, "860", "PC", "ORDCHG"),
    (crate::Kind::OrderChangeAnswer, "865", "CA", "ORDRSP"),
    (crate::Kind::DispatchAdvice, "856", "SH", "DESADV"),
    (crate::Kind::Invoice, "810", "IN", "INVOIC"),
];
