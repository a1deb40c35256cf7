//! Where an order asks for other prices than the lists have for its buyer, line by line.

use std::collections::HashMap;

use gate::{Action, Permit};
use kernel::Fault;
use rust_decimal::Decimal;
use serde::Serialize;
use store::Conn;
use utoipa::ToSchema;

use super::{
    effective,
    rules::{PriceBreak, price_of},
    sql,
};
use crate::orders::{self, OrderView};

/// A line of an order that asks for another price than the list has.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct OffList {
    /// The line, as the order names it.
    pub line: String,
    /// What the list says for this quantity, of `price_per` units.
    pub listed: String,
    /// For how many units.
    pub price_per: u32,
    /// What the order says, of one unit.
    pub ordered: String,
}

/// The lines of an order that ask for another price than the lists have for its buyer, on the
/// day that is on it. A line of a product or a unit that no list has is none of them; nor is
/// any where the two are no partners.
///
/// # Errors
/// If the database fails.
pub async fn off_list<A: Action>(
    conn: &mut Conn,
    permit: &Permit<A>,
    order: &OrderView,
) -> Result<Vec<OffList>, Fault> {
    let own = permit.scope().organisation();
    let (Some(seller), Some(buyer)) = (order.summary.seller.id, order.summary.buyer.id)
    else {
        return Ok(Vec::new());
    };
    let other = if own == seller { buyer } else { seller };
    if sql::partner(conn, own, other).await?.is_none() {
        return Ok(Vec::new());
    }
    let (currency, on) = (order.summary.currency, order.summary.ordered_on);
    let asked = sql::Asked { seller, buyer, currency, on };
    let mut offers: HashMap<(String, String), Vec<sql::OfferRow>> = HashMap::new();
    for row in sql::listed(conn, asked, order.summary.id).await? {
        offers.entry((row.sku, row.unit)).or_default().push(row.offer);
    }
    let prices: HashMap<_, _> =
        offers.into_iter().map(|(key, all)| (key, effective(asked, all))).collect();
    let told = order.lines.iter().filter_map(|line| {
        let own = prices.get(&(line.product.clone(), line.unit.clone()))?;
        let listed = price_of(own, orders::decimal(&line.quantity)?)?;
        let ordered: Decimal = line.unit_price.parse().ok()?;
        (each(listed)? != ordered).then(|| OffList {
            line: line.line.clone(),
            listed: listed.unit_price.clone(),
            price_per: listed.price_per,
            ordered: line.unit_price.clone(),
        })
    });
    Ok(told.collect())
}

/// The price of one unit.
fn each(price: &PriceBreak) -> Option<Decimal> {
    let whole: Decimal = price.unit_price.parse().ok()?;
    whole.checked_div(Decimal::from(price.price_per))
}
