use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A reference to another document.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reference {
    /// `contract`, `order`, `quote`, and others.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Its number.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub number: String,
    /// Its date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// The order that a line belongs to.
#[derive(
    Clone, Debug, Default, Eq, Ord, PartialEq, PartialOrd, Serialize, Deserialize,
)]
#[serde(default, deny_unknown_fields)]
pub struct OrderOf {
    /// Its number.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub number: String,
    /// Its date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// A date and what it is for.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DateOf {
    /// `requested_delivery`, `promised`, and others.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// As precise as it was given.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub date: String,
}

/// Somebody who takes part.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Party {
    /// `buyer`, `seller`, `ship_to`, and others.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub role: String,
    /// The name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Identifier>,
    /// Street and house, line by line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
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
    /// Further identifiers, such as `vat_number`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference>,
    /// People and desks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
}

/// An identifier and who gave it.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Identifier {
    /// `gln`, `duns`, `assigned_by_buyer`, `assigned_by_seller`, `agreed`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub scheme: String,
    /// The identifier.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub value: String,
}

/// A person or desk to turn to.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Contact {
    /// `order`, `accounts_payable`, and others; information where it is not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desk: Option<String>,
    /// The name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// How to reach it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
}

/// A way to reach somebody.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Channel {
    /// `phone`, `email`, `fax`, `mobile`, `web`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// The number or address.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub value: String,
}

/// Free text.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Note {
    /// `delivery`, `invoice`, and others; general where it is not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// What its writer calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// ISO 639-1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The text.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// When to pay, or what paying early is worth.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PaymentTerm {
    /// `net`, `discount`, and others.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// From when the days count: `invoice_date`, `delivery_date`, `receipt_of_goods`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Within how many days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<Decimal>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The discount in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
    /// The discount as an amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Decimal>,
    /// In words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// Who pays the freight, and where the risk passes.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Delivery {
    /// `prepaid`, `collect`, and others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment: Option<String>,
    /// Three letters of the Incoterms, such as `FCA`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incoterm: Option<String>,
    /// `destination`, `origin`, `warehouse`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place_kind: Option<String>,
    /// The place in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// How goods travel.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Transport {
    /// `road`, `rail`, `sea`, `air`, `parcel`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// The carrier's code (SCAC).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier: Option<String>,
    /// The carrier's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The service, as the dialect codes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
}

/// An allowance or a charge.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Charge {
    /// `allowance` or `charge`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub direction: String,
    /// What it is for: `freight`, `discount`, `packing`, and others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// In the currency, before tax, never negative.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Decimal>,
    /// In percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
    /// For each unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<Decimal>,
    /// Of how many units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Decimal>,
    /// UN/ECE recommendation 20.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// `off_invoice`, `credit`, and others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement: Option<String>,
    /// In words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A tax.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tax {
    /// `vat`, `state_sales`, and others.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// In the currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Decimal>,
    /// What it is a part of, in the currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<Decimal>,
    /// In percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
    /// `standard`, `exempt`, `zero`, `reverse_charge`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The number under which it is paid or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

/// An amount of money and what it is.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Amount {
    /// `total`, `lines`, `tax`, `taxable`, `payable`, and others.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// In the currency of the document.
    pub amount: Decimal,
}

/// A price from a quantity on.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Break {
    /// The quantity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Decimal>,
    /// UN/ECE recommendation 20.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The price.
    pub price: Decimal,
}

/// A product identifier and who gave it.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Product {
    /// `buyer`, `vendor`, `ean`, `upc`, and others.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// The identifier.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub value: String,
}

/// A part of a line and when it is to come.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Schedule {
    /// How many.
    pub quantity: Decimal,
    /// UN/ECE recommendation 20.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What the date is: `requested_delivery`, and others.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// When.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub date: String,
}

/// What an answer says of a line or a part of it.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Confirmation {
    /// `accepted`, `changed`, `rejected`, `back_ordered`, and others.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub status: String,
    /// How many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Decimal>,
    /// UN/ECE recommendation 20.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What the date is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_kind: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// A quantity and what it is.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QuantityOf {
    /// `dispatched`, `back_ordered`, and others.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// How many.
    pub quantity: Decimal,
    /// UN/ECE recommendation 20.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// A pallet, carton or other package.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Package {
    /// Its number in this document, from 1.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub number: String,
    /// The number of the package that it stands in or on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// `pallet`, `carton`, and others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// How many such packages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<Decimal>,
    /// What stands on it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
}

/// What stands on a package.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mark {
    /// `sscc`, `serial`, and others.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// The mark; of an SSCC its eighteen digits.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub value: String,
}
