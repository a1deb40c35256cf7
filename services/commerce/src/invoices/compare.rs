//! Where an invoice says something else than its order and what was sent, line by line. Pure.

use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    rules::Content,
    sums::{Sums, major},
};
use crate::{
    fulfilment::{LineStand, agreed_price},
    orders::{self, OrderView},
};

/// About what an invoice disagrees with its order.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceDisagreementKind {
    /// The price of a unit.
    Price,
    /// More of a line was invoiced, in all, than was confirmed.
    MoreThanConfirmed,
    /// More of a line was invoiced, in all, than was sent.
    MoreThanShipped,
    /// A charge that the order does not know.
    Charge,
    /// What the lines come to before tax, with charges and allowances.
    Total,
}

/// Something in which an invoice disagrees with its order, or with what was sent.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct InvoiceDisagreement {
    /// About what.
    pub what: InvoiceDisagreementKind,
    /// The line, as the order names it; none where it is about the whole.
    pub line: Option<String>,
    /// What the order or the dispatch advices say, in decimals.
    pub expected: Option<String>,
    /// What the invoice says, in decimals; of a quantity, with all invoices that stand.
    pub invoiced: String,
}

/// In what an invoice disagrees with its order as it stands, and with what was sent.
pub(super) fn compare(
    content: &Content,
    sums: Sums,
    (order, stands): (&OrderView, &[LineStand]),
) -> Vec<InvoiceDisagreement> {
    use InvoiceDisagreementKind::{
        Charge, MoreThanConfirmed, MoreThanShipped, Price, Total,
    };
    let currency = order.summary.currency;
    let some_shipped = stands.iter().any(|it| !it.shipped.is_zero());
    let mut told = Vec::new();
    let mut expected_minor = Some(0_i64);
    for line in &content.lines {
        let own = order.lines.iter().find(|it| it.line == line.line);
        let agreed = own.and_then(agreed_price);
        let (Ok(price), Ok(quantity)) =
            (line.unit_price.parse::<Decimal>(), line.quantity.parse::<Decimal>())
        else {
            continue;
        };
        let mut tell = |what, expected: Decimal, invoiced: Decimal| {
            told.push(InvoiceDisagreement {
                what,
                line: Some(line.line.clone()),
                expected: Some(expected.normalize().to_string()),
                invoiced: invoiced.normalize().to_string(),
            });
        };
        match agreed {
            Some(agreed) if agreed != price => {
                tell(Price, agreed, price);
                let worth = orders::amount(quantity, agreed, currency);
                expected_minor =
                    expected_minor.zip(worth).and_then(|(all, one)| all.checked_add(one));
            }
            Some(_) | None => {
                expected_minor =
                    expected_minor.and_then(|all| all.checked_add(line.net_minor));
            }
        }
        let Some(stand) = stands.iter().find(|it| it.line == line.line) else { continue };
        let confirmed = stand.confirmed.max(stand.shipped);
        if stand.invoiced > confirmed {
            tell(MoreThanConfirmed, confirmed, stand.invoiced);
        } else if some_shipped && stand.invoiced > stand.shipped {
            tell(MoreThanShipped, stand.shipped, stand.invoiced);
        }
    }
    for charge in &content.charges {
        told.push(InvoiceDisagreement {
            what: Charge,
            line: None,
            expected: None,
            invoiced: charge.amount.clone(),
        });
    }
    if let Some(expected) = expected_minor.filter(|it| *it != sums.net) {
        let amount = |minor| major(minor, currency).to_string();
        told.push(InvoiceDisagreement {
            what: Total,
            line: None,
            expected: Some(amount(expected)),
            invoiced: amount(sums.net),
        });
    }
    told
}
