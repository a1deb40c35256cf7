//! A document as a person reads it: in sections and rows, each value with the bytes it came from.
//!
//! [`view`] tells a document in a language; where its [`Origins`] are known, each cell has its
//! spans, so that a value and its bytes can be shown beside each other.

mod build;
mod heading;
mod lines;
mod print;

use rust_decimal::Decimal;
use segments::Language;
use serde::Serialize;

use crate::said::Say;
use crate::{Document, Kind, Origins, Span};

/// A document as a person reads it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct View {
    /// What it is.
    pub kind: Kind,
    /// The tag of the language, such as `fr`.
    pub language: &'static str,
    /// What it is called, with its number.
    pub title: Cell,
    /// Its parts, in order; the first is the heading and has no name.
    pub sections: Vec<Section>,
}

/// A part of a document.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Section {
    /// `heading`, `parties`, `lines`, `charges`, `totals`, `packages` or `notes`.
    pub key: &'static str,
    /// What it is called.
    pub name: String,
    /// The heads of its columns, where it is a table.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// Its rows, in order.
    pub rows: Vec<Row>,
}

/// A row: of a table one cell a column, otherwise what its label says.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Row {
    /// What it is about; empty in a table.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// Its values, in order.
    pub cells: Vec<Cell>,
    /// What belongs to it, such as the dates of a line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub under: Vec<Row>,
}

/// A value.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Cell {
    /// As it is read.
    pub text: String,
    /// What of the document it tells, as JSON pointers, such as `/lines/0/quantity`.
    pub paths: Vec<String>,
    /// Where it stands in the file, in the order of the file; empty where it does not.
    pub spans: Vec<Span>,
}

/// A number with the marks of a language and at least this many decimals, no digit lost.
pub fn number(language: Language, number: Decimal, decimals: u32) -> String {
    Say(language).number(number, decimals)
}

/// Tells a document in a language. `origins` may be empty.
pub fn view(document: &Document, origins: &Origins, language: Language) -> View {
    build::Builder::new(document, origins, language).view()
}
