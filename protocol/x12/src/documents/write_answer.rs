use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::write_order::notes;
use super::{OrderLine, PurchaseOrder, number};
use crate::{Draft, Envelope, Field};

/// How an order is answered.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Answering {
    /// The seller's own number for the order.
    pub seller_order: Option<String>,
    /// One decision for each line of the order, in its order; lines without one are accepted.
    pub decisions: Vec<Decision>,
    /// A word to the buyer.
    pub note: Option<String>,
}

/// What is decided about a line.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum Decision {
    /// As ordered.
    #[default]
    Accept,
    /// With changes; what is none stays as ordered.
    Change {
        /// The quantity that will come.
        quantity: Option<Decimal>,
        /// The price of one unit.
        unit_price: Option<Decimal>,
        /// The day of delivery, `YYYYMMDD`.
        date: Option<String>,
    },
    /// Not at all.
    Reject,
}

/// Writes the 855 of 004010 that answers an order.
///
/// PO1 repeats the line as it was ordered, with the confirmed price; ACK says what becomes of it:
/// `IA`, `IQ`, `IP`, `DR`, `IC` or `IR`. BAK02 follows from the lines: `AD` where nothing
/// changed, `AC` where something did, `RD` where every line is refused.
pub fn write_855(
    order: &PurchaseOrder,
    answering: &Answering,
    envelope: &Envelope,
) -> Vec<u8> {
    let decision =
        |place: usize| answering.decisions.get(place).cloned().unwrap_or_default();
    let decisions: Vec<Decision> = (0..order.lines.len()).map(decision).collect();
    let mut draft = Draft::default();
    let blank = || Field::from("");
    draft.segment(
        "BAK",
        vec![
            "00".into(),
            overall(&decisions).into(),
            (&order.number).into(),
            (&order.date).into(),
            order.release.as_ref().into(),
            blank(),
            order.contract.as_ref().into(),
            answering.seller_order.as_ref().into(),
            (&envelope.stamp.date).into(),
        ],
    );
    if let Some(currency) = &order.currency {
        draft.segment("CUR", vec!["SE".into(), currency.into()]);
    }
    for reference in &order.references {
        reference.write(&mut draft);
    }
    let note: Vec<String> = answering.note.iter().cloned().collect();
    notes(&mut draft, &note);
    for party in &order.parties {
        party.write(&mut draft);
    }
    for (line, decision) in order.lines.iter().zip(&decisions) {
        line.answer(decision, &mut draft);
    }
    draft.segment("CTT", vec![order.lines.len().to_string().into()]);
    let set = draft.as_set("855", envelope.numbers.set);
    set.as_group("PR", 1, envelope).write(1, envelope)
}

fn overall(decisions: &[Decision]) -> &'static str {
    let refused = |decision: &Decision| *decision == Decision::Reject;
    let plain = |decision: &Decision| *decision == Decision::Accept;
    if !decisions.is_empty() && decisions.iter().all(refused) {
        "RD"
    } else if decisions.iter().all(plain) {
        "AD"
    } else {
        "AC"
    }
}

impl OrderLine {
    fn answer(&self, decision: &Decision, draft: &mut Draft) {
        let ordered = self.quantity;
        let (status, quantity, price, date) = match decision {
            Decision::Accept => ("IA", ordered, self.unit_price, self.requested.clone()),
            Decision::Reject => ("IR", ordered, self.unit_price, None),
            Decision::Change { quantity, unit_price, date } => (
                status(quantity.is_some(), unit_price.is_some(), date.is_some()),
                quantity.unwrap_or(ordered),
                unit_price.or(self.unit_price),
                date.clone().or_else(|| self.requested.clone()),
            ),
        };
        draft.segment("PO1", self.heading(price.map(number).as_ref()));
        self.describe(draft);
        let mut fields: Vec<Field> =
            vec![status.into(), number(quantity).into(), (&self.unit).into()];
        if let Some(date) = date.filter(|date| !date.is_empty()) {
            fields.extend(["067".into(), date.into()]);
        }
        draft.segment("ACK", fields);
    }
}

/// Source: X12 data element 668.
fn status(quantity: bool, price: bool, date: bool) -> &'static str {
    match (quantity, price, date) {
        (false, false, false) => "IA",
        (true, false, false) => "IQ",
        (false, true, false) => "IP",
        (false, false, true) => "DR",
        (true, true, _) | (_, true, true) | (true, _, true) => "IC",
    }
}
