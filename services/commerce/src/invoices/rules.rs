//! What an invoice may say, and where it may stand. Pure.

use kernel::Day;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::fulfilment::{Excess, InvoiceBasis};

/// What a paper is to its order.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum InvoiceKind {
    /// It asks for money.
    Invoice,
    /// It takes an invoice back, wholly.
    Cancellation,
    /// It gives a part of an invoice back.
    CreditNote,
}

/// Where an invoice stands.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum InvoiceState {
    /// It waits for its buyer. What takes an invoice back stays so.
    Sent,
    /// Its buyer approved it.
    Approved,
    /// Its buyer disputes it, and said why.
    Disputed,
    /// Its seller took it back.
    Cancelled,
}

impl InvoiceState {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Approved => "approved",
            Self::Disputed => "disputed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether the next state may be this one.
    pub const fn may_become(self, next: Self) -> bool {
        match (self, next) {
            (Self::Sent | Self::Disputed, Self::Approved)
            | (Self::Sent | Self::Approved, Self::Disputed)
            | (Self::Sent | Self::Approved | Self::Disputed, Self::Cancelled) => true,
            (Self::Sent | Self::Approved | Self::Disputed | Self::Cancelled, _) => false,
        }
    }
}

/// Which tax it is.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum TaxKind {
    /// Value added tax.
    #[default]
    Vat,
    /// Goods and services tax.
    GoodsAndServices,
    /// Sales tax of a state.
    StateSales,
}

/// Why a rate of zero is none.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Untaxed {
    /// What is sold is exempt.
    #[default]
    Exempt,
    /// What is sold is taxed at zero.
    Zero,
    /// The buyer owes the tax.
    ReverseCharge,
}

/// Whether something adds to an invoice or takes from it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChargeDirection {
    /// It takes from it.
    Allowance,
    /// It adds to it.
    Charge,
}

/// What a charge is for.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ChargeService {
    /// The carriage.
    #[default]
    Freight,
    /// A discount.
    Discount,
    /// Packing.
    Packing,
    /// Handling.
    Handling,
    /// Insurance.
    Insurance,
}

/// A charge or an allowance on the whole.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct InvoiceCharge {
    /// Which way it goes.
    pub direction: ChargeDirection,
    /// What it is for.
    #[serde(default)]
    pub service: ChargeService,
    /// In words; at most 80 characters.
    #[serde(default)]
    pub text: String,
    /// How much, in decimals of the currency, before tax.
    pub amount: String,
    /// The rate of the tax, in percent; none, if it is not taxed.
    pub tax_percent: Option<String>,
}

/// A line of an invoice, as its seller writes it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, ToSchema)]
pub struct NewInvoiceLine {
    /// The line, as the order names it.
    pub line: String,
    /// How much, in decimals; more than nothing.
    pub quantity: String,
    /// At what price a unit, in decimals; else the price that both agreed on.
    pub unit_price: Option<String>,
    /// The rate of the tax, in percent; none, if it is not taxed.
    pub tax_percent: Option<String>,
}

/// A line of an invoice that was written.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct InvoiceLine {
    /// The line, as the order names it.
    pub line: String,
    /// How much, in decimals.
    pub quantity: String,
    /// Of what unit.
    pub unit: String,
    /// At what price a unit, in decimals.
    pub unit_price: String,
    /// What, by the first of its numbers.
    pub product: String,
    /// What, in words.
    pub description: Option<String>,
    /// What it comes to before tax, in minor units.
    pub net_minor: i64,
    /// The rate of the tax, in percent.
    pub tax_percent: Option<String>,
}

/// A tax on what is taxed at one rate.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct InvoiceTax {
    /// The rate, in percent.
    pub percent: String,
    /// What it is a part of, in minor units.
    pub base_minor: i64,
    /// How much it is, in minor units: rounded once, halves up.
    pub amount_minor: i64,
}

/// What an invoice says besides its head.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Content {
    /// From what it was written.
    pub(crate) basis: InvoiceBasis,
    /// Which tax it bears.
    pub(crate) tax_kind: TaxKind,
    /// Why a rate of zero is none.
    pub(crate) untaxed: Untaxed,
    /// When to pay, in words.
    pub(crate) terms: String,
    /// A word to the buyer.
    pub(crate) note: String,
    /// Its lines.
    pub(crate) lines: Vec<InvoiceLine>,
    /// Its charges and allowances.
    pub(crate) charges: Vec<InvoiceCharge>,
    /// Its taxes, by rate.
    pub(crate) taxes: Vec<InvoiceTax>,
}

/// An invoice, as its seller writes it.
#[derive(Clone, Debug)]
pub struct NewInvoice {
    /// The revision of the order that the seller read.
    pub revision: i64,
    /// The seller's number for it; else the next one of the year.
    pub number: Option<String>,
    /// Its day.
    pub issued_on: Day,
    /// By what day it is to be paid.
    pub due_on: Option<Day>,
    /// When to pay, in words; at most 80 characters.
    pub terms: String,
    /// A word to the buyer.
    pub note: String,
    /// From what it is written.
    pub basis: InvoiceBasis,
    /// Which tax it bears.
    pub tax_kind: TaxKind,
    /// Why a rate of zero is none.
    pub untaxed: Untaxed,
    /// Its lines.
    pub lines: Vec<NewInvoiceLine>,
    /// Its charges and allowances.
    pub charges: Vec<InvoiceCharge>,
    /// What its writer says it comes to, in minor units; else nothing is compared.
    pub comes_to: Option<i64>,
    /// What becomes of more than is to be invoiced.
    pub excess: Excess,
}

#[cfg(test)]
mod tests {
    use super::InvoiceState;

    #[test]
    fn an_invoice_goes_only_where_the_table_lets_it() {
        use InvoiceState::{Approved, Cancelled, Disputed, Sent};
        let all = [Sent, Approved, Disputed, Cancelled];
        let leads = [
            vec![Approved, Disputed, Cancelled],
            vec![Disputed, Cancelled],
            vec![Approved, Cancelled],
            vec![],
        ];
        for (from, leads) in all.into_iter().zip(leads) {
            let found: Vec<_> =
                all.into_iter().filter(|to| from.may_become(*to)).collect();
            assert_eq!(found, leads, "from {}", from.word());
        }
    }
}
