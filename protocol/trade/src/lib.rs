//! Business documents free of dialect, and their way into X12 and UN/EDIFACT and back.
//!
//! A [`Document`] is a request for quote, a quote, an order, its answer, its change, a dispatch
//! advice or an invoice. [`from_x12`] and [`from_edifact`] read one; [`to_x12`] and [`to_edifact`]
//! write it. What the other side cannot carry is never dropped without a word: it comes back as
//! [`Left`]. [`edi`] has the functions behind `entente edi`.
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod codes;
mod document;
pub mod edi;
mod map;

pub use document::{
    Contact, DateOf, Document, Identifier, Kind, Line, Party, Product, Reference,
};
pub use map::{Left, Mapped, from_edifact, from_x12, to_edifact, to_x12};
