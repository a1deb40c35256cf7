//! A business document as a PDF: a [`Sheet`] in, bytes out.
//!
//! [`pdf`] prints any [`trade::Document`] from [`trade::view()`], so that paper, screen and EDI say
//! the same words, numbers and dates. The same sheet makes the same bytes: no clock, no chance, and
//! places are counted in whole thousandths of a point. The file is tagged (PDF/UA-1) and archival
//! (PDF/A-2a), with its fonts inside. `text` sets lines of text, `compose` says what stands where,
//! `flow` cuts it into pages, `paint` draws them.
//!
//! No character is lost without a word: what no font has a picture for, and what would hide or
//! turn other text around (controls, bidirectional overrides), stands as `‹U+202E›`.
#![deny(clippy::indexing_slicing)]

mod compose;
mod flow;
mod fonts;
mod lines;
mod paint;
mod table;
mod text;
mod words;

pub use segments::Language;
use trade::Document;

/// What is printed.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'s> {
    /// The document.
    pub document: &'s Document,
    /// In which language, with its numbers and dates.
    pub language: Language,
    /// What stands at the foot of each page.
    pub seal: Seal<'s>,
}

/// What tells which document a sheet is of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Seal<'s> {
    /// The SHA-256 of the bytes that were sent, in hexadecimal digits.
    Sha256(&'s str),
    /// Nothing was sent yet; the sheet says so.
    Draft,
}

/// Why a sheet was not printed. Not the fault of what it says: any text can be printed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Broken {
    /// A font that comes with the program cannot be read.
    #[error("the font {0} cannot be read")]
    Font(&'static str),
    /// The pages cannot be written as PDF/A and PDF/UA.
    #[error("the pages cannot be written: {0}")]
    Pages(String),
}

/// Prints a document on A4.
///
/// Sources: ISO 32000-1, ISO 19005-2 (level A), ISO 14289-1.
///
/// # Errors
/// [`Broken`], by a fault of the program alone.
pub fn pdf(sheet: &Sheet<'_>) -> Result<Vec<u8>, Broken> {
    let fonts = fonts::Fonts::own()?;
    paint::paint(fonts, sheet, compose::compose(fonts, sheet))
}
