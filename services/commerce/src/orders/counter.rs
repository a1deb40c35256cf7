//! A seller's counter-offer: what its answer to an order has otherwise than it was ordered, as long
//! as the buyer has neither taken nor refused it ([`crate::changes::settle`]). Pure.

use kernel::Currency;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    rules::{self, Decision},
    state::OrderState,
    view::OrderLineView,
};

/// What a seller offers otherwise than it was ordered. It binds nobody before the buyer takes it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct CounterOffer {
    /// The lines that are offered otherwise, in order; how stands in their answers.
    pub lines: Vec<CounterLine>,
    /// What the order comes to if the buyer takes all of them, in minor units.
    pub total_minor: i64,
}

/// A line that is offered otherwise.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct CounterLine {
    /// The line, as the order names it.
    pub line: String,
    /// What it comes to as it is offered, in minor units.
    pub amount_minor: i64,
}

/// The counter-offer that stands; none, where there is none, or goods or invoices of the order
/// are under way: then it is sent as it was offered.
pub(super) fn standing(
    state: OrderState,
    currency: Currency,
    lines: &[OrderLineView],
) -> Option<CounterOffer> {
    if !state.is_agreed() {
        return None;
    }
    let mut counter = CounterOffer { lines: Vec::new(), total_minor: 0 };
    for line in lines {
        let amount_minor = match line.decision() {
            Some(Decision::Reject) => continue,
            Some(Decision::Change) => offered(line, currency)?,
            Some(Decision::Accept) | None => line.amount_minor,
        };
        counter.total_minor = counter.total_minor.checked_add(amount_minor)?;
        if line.decision() == Some(Decision::Change) {
            counter.lines.push(CounterLine { line: line.line.clone(), amount_minor });
        }
    }
    (!counter.lines.is_empty()).then_some(counter)
}

/// What a line comes to as it is offered.
fn offered(line: &OrderLineView, currency: Currency) -> Option<i64> {
    let answer = line.answer.as_ref()?;
    let number = |offered: &Option<String>, ordered: &str| -> Option<Decimal> {
        offered.as_deref().unwrap_or(ordered).parse().ok()
    };
    let quantity = number(&answer.quantity, &line.quantity)?;
    rules::amount(quantity, number(&answer.unit_price, &line.unit_price)?, currency)
}

#[cfg(test)]
mod tests {
    use super::{super::view::LineAnswerView, *};

    fn line(name: &str, decision: Decision, quantity: Option<&str>) -> OrderLineView {
        OrderLineView {
            line: name.to_owned(),
            quantity: "3".to_owned(),
            unit: "EA".to_owned(),
            unit_price: "4.15".to_owned(),
            amount_minor: 1245,
            product: "GATE".to_owned(),
            description: None,
            requested_on: None,
            answer: Some(LineAnswerView {
                decision,
                quantity: quantity.map(str::to_owned),
                unit_price: None,
                requested_on: None,
            }),
        }
    }

    #[test]
    fn a_counter_offer_stands_until_goods_are_under_way() {
        let eur: Currency = "EUR".parse().unwrap();
        let lines = [
            line("1", Decision::Accept, None),
            line("2", Decision::Change, Some("2")),
            line("3", Decision::Reject, None),
        ];
        let stands = standing(OrderState::AcceptedWithChange, eur, &lines).unwrap();
        // 3 × 4.15 as ordered, 2 × 4.15 as offered, nothing of what is rejected.
        assert_eq!(stands.total_minor, 1245 + 830);
        let expected = CounterLine { line: "2".to_owned(), amount_minor: 830 };
        assert_eq!(stands.lines, [expected]);
        assert_eq!(standing(OrderState::PartShipped, eur, &lines), None);
        assert_eq!(standing(OrderState::Cancelled, eur, &lines), None);
        assert_eq!(standing(OrderState::Accepted, eur, &lines[..1]), None);
    }
}
