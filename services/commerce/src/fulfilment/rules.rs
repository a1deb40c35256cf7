//! How far the lines of an order are, and where that leads it. Pure.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::orders::{Decision, OrderLineView, OrderState};

/// How far a line of an order is; each in the unit of the line, never negative.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct LineStand {
    /// The line, as the order names it.
    pub line: String,
    /// How much was ordered.
    pub ordered: Decimal,
    /// How much the seller is to send: nothing of a line that was rejected.
    pub confirmed: Decimal,
    /// How much is under way.
    pub shipped: Decimal,
    /// How much was invoiced, less what was taken back.
    pub invoiced: Decimal,
    /// How much of that was credited; it is not invoiced anew.
    pub credited: Decimal,
}

/// What an invoice is written from.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceBasis {
    /// What was sent and not invoiced yet.
    #[default]
    Shipped,
    /// What was confirmed and not invoiced yet: services, and what is paid in advance.
    Ordered,
}

/// What becomes of a paper that sends or invoices more than there is to send or to invoice.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Excess {
    /// It is refused: its seller keeps to the rules of the hub.
    #[default]
    Refused,
    /// It is taken, and the buyer is shown: its seller is not on the hub, and wrote it elsewhere.
    Shown,
}

impl LineStand {
    /// What is still to be sent.
    pub fn open(&self) -> Decimal {
        less(self.confirmed, self.shipped)
    }

    /// What may be invoiced.
    pub fn to_invoice(&self, basis: InvoiceBasis) -> Decimal {
        let all = match basis {
            InvoiceBasis::Shipped => self.shipped,
            InvoiceBasis::Ordered => self.confirmed.max(self.shipped),
        };
        less(all, self.invoiced)
    }
}

fn less(all: Decimal, part: Decimal) -> Decimal {
    all.checked_sub(part).unwrap_or_default().max(Decimal::ZERO)
}

/// How much of a line its seller is to send, in an order that stands so.
pub(super) fn confirmed(state: OrderState, line: &OrderLineView) -> Option<Decimal> {
    let taken_on = state.is_open() || state == OrderState::Closed;
    let decision = line.answer.as_ref().map_or(Decision::Accept, |it| it.decision);
    let changed = line.answer.as_ref().and_then(|it| it.quantity.as_deref());
    match decision {
        _ if !taken_on => Some(Decimal::ZERO),
        Decision::Reject => Some(Decimal::ZERO),
        Decision::Accept => line.quantity.parse().ok(),
        Decision::Change => changed.unwrap_or(&line.quantity).parse().ok(),
    }
}

/// The price of one unit that seller and buyer agreed on.
pub(crate) fn agreed_price(line: &OrderLineView) -> Option<Decimal> {
    let changed = line.answer.as_ref().and_then(|it| it.unit_price.as_deref());
    changed.unwrap_or(&line.unit_price).parse().ok()
}

/// Where an order stands by its lines; `agreed` is where it stood before anything was under way.
///
/// All that was confirmed and sent is [`OrderState::Shipped`], and [`OrderState::Invoiced`] once
/// it is invoiced; so is an order of which nothing was sent, by its invoices alone.
pub(super) fn stand(agreed: OrderState, lines: &[LineStand]) -> OrderState {
    let some_shipped = lines.iter().any(|it| !it.shipped.is_zero());
    let all_shipped = lines.iter().all(|it| it.open().is_zero());
    let some_invoiced = lines.iter().any(|it| !it.invoiced.is_zero());
    let to_come = |it: &LineStand| it.to_invoice(InvoiceBasis::Ordered);
    let all_invoiced = some_invoiced && lines.iter().all(|it| to_come(it).is_zero());
    match (some_shipped, all_shipped) {
        (true, true) | (false, _) if all_invoiced => OrderState::Invoiced,
        (true, true) => OrderState::Shipped,
        (true, false) => OrderState::PartShipped,
        (false, _) => agreed,
    }
}

/// Whether nothing more is to happen: all is sent, invoiced and approved.
pub(super) fn is_done(stand: OrderState, lines: &[LineStand], approved: bool) -> bool {
    let sent = lines.iter().any(|it| !it.shipped.is_zero());
    stand == OrderState::Invoiced && sent && approved
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::{InvoiceBasis, LineStand, is_done, stand};
    use crate::orders::OrderState::{
        self, Accepted, AcceptedWithChange, Changed, Closed, Invoiced, PartShipped,
        Shipped,
    };

    fn line(confirmed: u32, shipped: u32, invoiced: u32) -> LineStand {
        LineStand {
            line: "1".to_owned(),
            ordered: confirmed.into(),
            confirmed: confirmed.into(),
            shipped: shipped.into(),
            invoiced: invoiced.into(),
            credited: Decimal::ZERO,
        }
    }

    #[test]
    fn an_order_stands_where_its_lines_lead_it() {
        let of = |lines: &[LineStand]| stand(Accepted, lines);
        assert_eq!(of(&[line(3, 0, 0), line(1, 0, 0)]), Accepted);
        assert_eq!(of(&[line(3, 3, 0), line(1, 0, 0)]), PartShipped);
        assert_eq!(of(&[line(3, 2, 2)]), PartShipped);
        assert_eq!(of(&[line(3, 3, 2)]), Shipped);
        assert_eq!(of(&[line(3, 4, 3)]), Shipped, "what was sent beyond is owed too");
        assert_eq!(of(&[line(3, 4, 4), line(0, 0, 0)]), Invoiced);
        assert_eq!(of(&[line(3, 0, 3)]), Invoiced, "services are not sent");
        assert_eq!(of(&[line(3, 0, 2)]), Accepted);
        assert_eq!(of(&[line(3, 2, 3)]), PartShipped, "paid in advance, not all sent");
        assert_eq!(stand(Changed, &[line(3, 0, 1)]), Changed);
    }

    #[test]
    fn only_what_was_sent_invoiced_and_approved_is_done() {
        assert!(is_done(Invoiced, &[line(3, 3, 3)], true));
        assert!(!is_done(Invoiced, &[line(3, 3, 3)], false));
        assert!(!is_done(Shipped, &[line(3, 3, 2)], true));
        assert!(!is_done(Invoiced, &[line(3, 0, 3)], true), "nothing was sent");
    }

    #[test]
    fn nothing_is_invoiced_twice_nor_before_its_time() {
        let one = line(5, 3, 2);
        assert_eq!(one.to_invoice(InvoiceBasis::Shipped), Decimal::ONE);
        assert_eq!(one.to_invoice(InvoiceBasis::Ordered), Decimal::from(3));
        assert_eq!(line(5, 7, 0).to_invoice(InvoiceBasis::Ordered), Decimal::from(7));
        assert_eq!(line(5, 7, 0).open(), Decimal::ZERO);
    }

    proptest! {
        /// Whatever is sent, invoiced and taken back, each step of the state is one of the table.
        #[test]
        fn property_every_history_keeps_to_the_table_of_states(
            confirmed in proptest::collection::vec(0..4_u32, 1..4),
            steps in proptest::collection::vec((0..3_usize, 0..3_u8, 0..4_u32), 0..30),
            agreed in proptest::sample::select(vec![Accepted, AcceptedWithChange, Changed]),
        ) {
            prop_assume!(confirmed.iter().any(|it| *it > 0));
            let mut lines: Vec<_> =
                confirmed.into_iter().map(|it| line(it, 0, 0)).collect();
            let mut state: OrderState = agreed;
            for (place, what, count) in steps {
                let Some(one) = lines.get_mut(place) else { continue };
                let count = Decimal::from(count);
                match what {
                    0 => one.shipped += count.min(one.open()),
                    1 => one.invoiced += count.min(one.to_invoice(InvoiceBasis::Ordered)),
                    _ => one.invoiced -= count.min(one.invoiced),
                }
                let next = stand(agreed, &lines);
                prop_assert!(
                    next == state || state.may_become(next),
                    "{} to {}", state.word(), next.word()
                );
                state = next;
                let done = is_done(state, &lines, true);
                prop_assert!(!done || state.may_become(Closed));
            }
        }
    }
}
