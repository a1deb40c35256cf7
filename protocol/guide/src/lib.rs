//! Partner guides: what one trading partner asks for beyond the standard.
//!
//! A [`Guide`] is a TOML file; `README.md` documents it. It only narrows: its faults come beside
//! those of the standard, and [`Guide::read`] refuses a line that would allow more. [`Learner`]
//! infers a guide from sample files, [`Guide::differences`] tells it from the standard in plain
//! words. No I/O, no clock, no chance.
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod berths;
mod diff;
mod learn;
mod look;
mod model;
mod print;
mod quote;
mod read;

pub use diff::Difference;
pub use learn::Learner;
pub use model::{Document, ElementRule, Guide, SegmentRule, Spot, Use, When};
pub use read::GuideFlaw;
