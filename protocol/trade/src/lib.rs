//! Business documents free of dialect, and their way into X12 and UN/EDIFACT and back.
//!
//! A [`Document`] is a request for quote, a quote, an order, its answer, its change, a dispatch
//! advice or an invoice. [`from_x12`] and [`from_edifact`] read one; [`to_x12`] and [`to_edifact`]
//! write it. What the other side cannot carry is never dropped without a word: it comes back as
//! [`Left`], and [`without`] gives the document that arrives. [`edi`] has the functions behind
//! `entente edi`.
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod advice;
mod codes;
mod compare;
mod document;
pub mod edi;
mod json;
mod map;
mod said;
mod units;
mod view;

pub use advice::{Advice, AdviceAnswer, AdviceFault, from_aperak, to_aperak};
pub use compare::{Comparison, Difference, Said, What, compare};
pub use document::{
    Amount, Break, Channel, Charge, Confirmation, Contact, DateOf, Delivery, Document,
    FORMAT, Identifier, Kind, Line, Mark, Note, OrderOf, Package, Party, PaymentTerm,
    Product, QuantityOf, Reference, Schedule, Sum, Tax, Transport, decimals,
};
pub use json::{SCHEMA, WrongField, WrongJson, from_json};
pub use map::{
    Left, Mapped, Origins, Span, Traced, from_edifact, from_x12, from_x12_of, to_edifact,
    to_edifact_of, to_x12, trace_edifact, trace_x12, without, x12_unit, x12_unit_price,
};
pub use units::is_unit;
pub use view::{Cell, Row, Section, View, number, view};
