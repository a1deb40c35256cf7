use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The kinds of documents.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// X12 840, REQOTE.
    RequestForQuote,
    /// X12 843, QUOTES.
    Quote,
    /// X12 850, ORDERS.
    #[default]
    Order,
    /// X12 855, ORDRSP.
    OrderAnswer,
    /// X12 860, ORDCHG.
    OrderChange,
    /// X12 865, ORDRSP to a change.
    OrderChangeAnswer,
    /// X12 856, DESADV.
    DispatchAdvice,
    /// X12 810, INVOIC.
    Invoice,
}

/// A business document.
///
/// Codes are words of ours, such as `requested_delivery`; a code of a dialect that has no word
/// keeps its own, such as `x12:QD` or `edifact:ZZZ`. Dates are `YYYYMMDD`. Units are of UN/ECE
/// recommendation 20.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Document {
    /// What it is.
    pub kind: Kind,
    /// Its own number.
    pub number: String,
    /// Its date.
    pub date: Option<String>,
    /// Its time of day, `HHMM`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// `original`, `cancellation`, `change`, `replacement`, `duplicate`.
    pub purpose: String,
    /// `stand_alone`, `blanket`, `rush`; of orders.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_type: Option<String>,
    /// `accepted`, `changed`, `rejected`, `received`; of answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// The document that it answers or belongs to: the order, or the request of a quote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<Reference>,
    /// ISO 4217.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Further references.
    pub references: Vec<Reference>,
    /// Further dates.
    pub dates: Vec<DateOf>,
    /// Who takes part.
    pub parties: Vec<Party>,
    /// Free text.
    pub notes: Vec<String>,
    /// The lines.
    pub lines: Vec<Line>,
    /// The total in the currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<Decimal>,
}

/// A reference to another document.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reference {
    /// `contract`, `order`, `quote`, and others.
    pub kind: String,
    /// Its number.
    pub number: String,
    /// Its date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// A date and what it is for.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DateOf {
    /// `requested_delivery`, `promised`, and others.
    pub kind: String,
    /// The day.
    pub date: String,
}

/// Somebody who takes part.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Party {
    /// `buyer`, `seller`, `ship_to`, and others.
    pub role: String,
    /// The name.
    pub name: String,
    /// The identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Identifier>,
    /// Street and house, line by line.
    pub street: Vec<String>,
    /// The town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// The state or province.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// People and desks.
    pub contacts: Vec<Contact>,
}

/// An identifier and who gave it.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Identifier {
    /// `gln`, `duns`, `assigned_by_buyer`, `assigned_by_seller`, `agreed`.
    pub scheme: String,
    /// The identifier.
    pub value: String,
}

/// A person or desk to turn to.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    /// The name.
    pub name: String,
    /// Telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// E-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// A line.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Line {
    /// Its number, as it was given.
    pub number: String,
    /// `added`, `deleted`, `changed`, and others; of order changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<String>,
    /// `accepted`, `changed`, `rejected`, and others; of answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// What is asked for, ordered, shipped or invoiced, as the kind of document has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Decimal>,
    /// What an answer confirms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Decimal>,
    /// UN/ECE recommendation 20.
    pub unit: String,
    /// The price of one unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Decimal>,
    /// X12 639 or EDIFACT 5125 where it is not the plain price of a unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_basis: Option<String>,
    /// What it is about.
    pub products: Vec<Product>,
    /// In words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Dates of the line.
    pub dates: Vec<DateOf>,
    /// References of the line.
    pub references: Vec<Reference>,
    /// Free text.
    pub notes: Vec<String>,
}

/// A product identifier and who gave it.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Product {
    /// `buyer`, `vendor`, `ean`, `upc`, and others.
    pub kind: String,
    /// The identifier.
    pub value: String,
}
