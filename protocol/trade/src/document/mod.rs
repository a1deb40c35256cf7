use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

mod parts;
mod sums;
mod tidy;

pub use parts::{
    Amount, Break, Channel, Charge, Confirmation, Contact, DateOf, Delivery, Identifier,
    Mark, Note, OrderOf, Package, Party, PaymentTerm, Product, QuantityOf, Reference,
    Schedule, Tax, Transport,
};
pub use sums::{Sum, decimals};

/// The name and version of the format, as it stands in `entente` of every document as JSON.
///
/// A reader refuses another version. What is added to the format keeps the version; what changes
/// its meaning raises it.
pub const FORMAT: &str = "trade/1";

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

impl Kind {
    /// All of them, in the order of a trade.
    pub const ALL: [Self; 8] = [
        Self::RequestForQuote,
        Self::Quote,
        Self::Order,
        Self::OrderAnswer,
        Self::OrderChange,
        Self::OrderChangeAnswer,
        Self::DispatchAdvice,
        Self::Invoice,
    ];

    /// Whether it answers or follows an order.
    pub(crate) fn follows_an_order(self) -> bool {
        match self {
            Self::OrderAnswer
            | Self::OrderChange
            | Self::OrderChangeAnswer
            | Self::DispatchAdvice
            | Self::Invoice => true,
            Self::RequestForQuote | Self::Quote | Self::Order => false,
        }
    }
}

/// A business document.
///
/// Codes are words of ours, such as `requested_delivery`; a code of a dialect that has no word
/// keeps its own, such as `x12:QD` or `edifact:ZZZ`. Dates are ISO 8601 in local time and as
/// precise as they were given: `2026`, `2026-11`, `2026-W47`, `2026-11-22`, `2026-11-22T18:30`,
/// `2026-11-01/2026-11-30`. Units are of UN/ECE recommendation 20. Amounts are in the currency of
/// the document. The order of lines is kept; the order of dates, references, parties, notes,
/// charges and taxes has no meaning.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Document {
    /// [`FORMAT`].
    pub entente: String,
    /// What it is.
    pub kind: Kind,
    /// Its own number.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub number: String,
    /// Its date, perhaps with the time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// `original`, `cancellation`, `change`, `replacement`, `duplicate`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub purpose: String,
    /// `stand_alone`, `blanket`, `rush`; of orders and their changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_type: Option<String>,
    /// `invoice`, `credit_note`, `debit_note`; of invoices, and an invoice unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invoice_type: Option<String>,
    /// The release of a blanket order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference>,
    /// Further dates.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<DateOf>,
    /// Who takes part.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parties: Vec<Party>,
    /// People and desks of whoever wrote it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    /// Free text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// When to pay, and what paying early is worth.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub payment_terms: Vec<PaymentTerm>,
    /// Who pays the freight, and from where on the goods are the buyer's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// How the goods travel.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transport: Vec<Transport>,
    /// Allowances and charges on the whole.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub charges: Vec<Charge>,
    /// Taxes on the whole.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taxes: Vec<Tax>,
    /// The lines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Line>,
    /// What the goods are packed in; of dispatch advices.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<Package>,
    /// The totals, each of its kind.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub amounts: Vec<Amount>,
}

impl Default for Document {
    fn default() -> Self {
        Self {
            entente: FORMAT.to_owned(),
            kind: Kind::default(),
            number: String::new(),
            date: None,
            purpose: String::new(),
            order_type: None,
            invoice_type: None,
            release: None,
            answer: None,
            about: None,
            currency: None,
            references: Vec::new(),
            dates: Vec::new(),
            parties: Vec::new(),
            contacts: Vec::new(),
            notes: Vec::new(),
            payment_terms: Vec::new(),
            delivery: None,
            transport: Vec::new(),
            charges: Vec::new(),
            taxes: Vec::new(),
            lines: Vec::new(),
            packages: Vec::new(),
            amounts: Vec::new(),
        }
    }
}

impl Document {
    /// The amount of a kind, such as `total`.
    pub fn amount(&self, kind: &str) -> Option<Decimal> {
        self.amounts.iter().find(|amount| amount.kind == kind).map(|amount| amount.amount)
    }

    /// The party in a role, such as `buyer`.
    pub fn party(&self, role: &str) -> Option<&Party> {
        self.parties.iter().find(|party| party.role == role)
    }
}

/// A line.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Line {
    /// Its number, as it was given.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub number: String,
    /// `added`, `deleted`, `changed`, and others; of order changes and their answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<String>,
    /// What is asked for, ordered, shipped or invoiced, as the kind of document has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Decimal>,
    /// What is still to come after a change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_quantity: Option<Decimal>,
    /// UN/ECE recommendation 20.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// The price of `price_per` units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Decimal>,
    /// How many units the price is for; one where it is not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_per: Option<Decimal>,
    /// The unit of the price where it is another than that of the quantity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_unit: Option<String>,
    /// `gross`, `calculation`; net where it is not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_kind: Option<String>,
    /// Prices from certain quantities on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub breaks: Vec<Break>,
    /// What it is about, as buyer, seller and others name it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<Product>,
    /// In words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What is to come when.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub schedules: Vec<Schedule>,
    /// What an answer says of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub confirmations: Vec<Confirmation>,
    /// Further quantities.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quantities: Vec<QuantityOf>,
    /// Dates of the line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<DateOf>,
    /// References of the line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference>,
    /// Free text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// Parties of the line alone, such as where it goes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parties: Vec<Party>,
    /// Allowances and charges on the line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub charges: Vec<Charge>,
    /// Taxes on the line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taxes: Vec<Tax>,
    /// Amounts of the line, each of its kind.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub amounts: Vec<Amount>,
    /// The number of the package that it is in; of dispatch advices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
    /// The order that it belongs to, where that is not the one that the document is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderOf>,
}
