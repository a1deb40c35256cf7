//! Dispatch advices as the API shows them.

use kernel::{Day, Fault, Id, Moment, Order, Shipment};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    rules::{ShipmentLine, ShipmentPackage},
    sql::Row,
};
use crate::orders::{BuyerRef, SellerRef};

/// The order that a paper is about.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct PaperOrder {
    /// Which.
    pub id: Id<Order>,
    /// The buyer's number for it.
    pub number: String,
}

/// A dispatch advice in brief.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct ShipmentSummary {
    /// Which.
    pub id: Id<Shipment>,
    /// The seller's number for it.
    pub number: String,
    /// The order that it is for.
    pub order: PaperOrder,
    /// Who sells.
    pub seller: SellerRef,
    /// Who buys.
    pub buyer: BuyerRef,
    /// The day on which the goods went out.
    pub sent_on: Day,
    /// The day on which they are expected.
    pub expected_on: Option<Day>,
    /// Who carries them; empty, if that was not said.
    pub carrier: String,
    /// The carrier's number; empty, if that was not said.
    pub tracking: String,
    /// How many packages it names.
    pub packages: usize,
    /// The SHA-256 of its document.
    pub sha256: String,
    /// When it was written.
    pub at: Moment,
}

/// A dispatch advice.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct ShipmentView {
    /// It in brief.
    #[serde(flatten)]
    pub summary: ShipmentSummary,
    /// What is under way.
    pub lines: Vec<ShippedLine>,
    /// In what; lines name them by place, from 1.
    pub contents: Vec<ShipmentPackage>,
    /// A word to the buyer; empty, if there is none.
    pub note: String,
}

/// A line that is under way.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct ShippedLine {
    /// Which, how much of it, in which package.
    #[serde(flatten)]
    pub part: ShipmentLine,
    /// Of what unit.
    pub unit: String,
    /// What, by the first of its numbers.
    pub product: String,
    /// What, in words.
    pub description: Option<String>,
}

pub(crate) fn lines(row: &Row) -> Result<Vec<ShipmentLine>, Fault> {
    serde_json::from_str(&row.lines)
        .map_err(Fault::new("reading the lines of a dispatch advice"))
}

pub(super) fn packages(row: &Row) -> Result<Vec<ShipmentPackage>, Fault> {
    serde_json::from_str(&row.packages)
        .map_err(Fault::new("reading the packages of a dispatch advice"))
}

pub(crate) fn summary(row: Row) -> Result<ShipmentSummary, Fault> {
    let packages = packages(&row)?.len();
    Ok(ShipmentSummary {
        id: row.id,
        number: row.number,
        order: PaperOrder { id: row.order_id, number: row.order_number },
        seller: SellerRef::of(row.seller_id, row.seller_name, row.seller_key.as_ref()),
        buyer: BuyerRef { id: row.buyer_id, name: row.buyer_name },
        sent_on: row.sent_on,
        expected_on: row.expected_on,
        carrier: row.carrier,
        tracking: row.tracking,
        packages,
        sha256: row.sha256,
        at: row.at,
    })
}
