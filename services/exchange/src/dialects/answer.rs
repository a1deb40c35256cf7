//! Answering an order in the dialect that it came in: 855 or ORDRSP.

use commerce::orders::{Decision, LineAnswer};
use kernel::Fault;
use trade::{Confirmation, DateOf, Document, Kind, Line, Note, Reference};

use super::{Paper, Wire, day, read, reference, written};
use crate::interchanges;

/// The paper that an order came from.
pub(crate) struct Came<'f> {
    pub(super) wire: Wire<'f>,
    pub(super) ordinal: usize,
    /// Qualifier and id of the seller.
    pub(crate) own: String,
    /// Qualifier and id of the buyer.
    pub(crate) partner: String,
}

/// What the seller answers.
pub(crate) struct Answering<'a> {
    /// A decision for each line, in their order.
    pub(crate) lines: &'a [LineAnswer],
    /// A word to the buyer.
    pub(crate) note: Option<String>,
}

impl<'f> Came<'f> {
    /// Finds the order of this ordinal, from 1, in a file of one interchange.
    pub(crate) fn of(file: &'f [u8], ordinal: i64) -> Result<Self, Fault> {
        let doing = "reading the paper of an order";
        let wire = read(file).map_err(Fault::new(doing))?.into_iter().next();
        let wire = wire.ok_or_else(|| Fault::broken(doing, "it holds no interchange"))?;
        let ordinal = usize::try_from(ordinal - 1).unwrap_or(usize::MAX);
        if ordinal >= wire.papers().len() {
            return Err(Fault::broken(doing, "it has no such document"));
        }
        let (own, partner) = (wire.receiver(), wire.sender());
        Ok(Self { wire, ordinal, own, partner })
    }

    /// What the answer is called.
    pub(crate) const fn answer_kind(&self) -> &'static str {
        match self.wire {
            Wire::X12(_) => "855",
            Wire::Edifact(_) => "ORDRSP",
        }
    }

    /// Writes the answer under these numbers.
    ///
    /// # Errors
    /// If what was read as an order before is none any more.
    pub(crate) fn answer(
        &self,
        answering: &Answering<'_>,
        numbers: x12::Numbers,
        stamp: x12::Stamp,
    ) -> Result<Vec<u8>, Fault> {
        let doing = "writing the answer to an order";
        let papers = self.wire.papers();
        let paper = papers.get(self.ordinal).map(|(_, paper)| *paper);
        match (&self.wire, paper) {
            (Wire::X12(wire), Some(Paper::X12(set))) => {
                let order = x12::PurchaseOrder::read(set).map_err(Fault::new(doing))?;
                let decisions = answering.lines.iter().map(decision).collect();
                let note = answering.note.clone();
                let told = x12::Answering { seller_order: None, decisions, note };
                let envelope = x12::Envelope::answering(wire, numbers, stamp);
                Ok(x12::write_855(&order, &told, &envelope))
            }
            (Wire::Edifact(wire), Some(Paper::Edifact(message))) => {
                let order = trade::from_edifact(message).map_err(Fault::new(doing))?;
                let control = reference(numbers);
                let today = day(&stamp.date);
                let document = response(&order.outcome, answering, (&control, &today));
                let stamp = written(&stamp);
                let envelope = edifact::Envelope::answering(wire, &control, stamp);
                let release = if message.head.release == "01B" { "01B" } else { "96A" };
                Ok(trade::to_edifact_of(&document, &envelope, release).outcome)
            }
            _ => Err(Fault::broken(doing, "it has no such document")),
        }
    }
}

fn decision(line: &LineAnswer) -> x12::Decision {
    match line.decision {
        Decision::Accept => x12::Decision::Accept,
        Decision::Reject => x12::Decision::Reject,
        Decision::Change => x12::Decision::Change {
            quantity: line.quantity,
            unit_price: line.unit_price,
            date: line.requested_on.map(interchanges::written),
        },
    }
}

/// The seller's answer as a document of its own: it names the order, repeats its parties, and
/// says of each line what becomes of it.
fn response(
    order: &Document,
    answering: &Answering<'_>,
    (number, today): (&str, &str),
) -> Document {
    let kept = |wanted| answering.lines.iter().all(|it| it.decision == wanted);
    let answer = if kept(Decision::Accept) {
        "accepted"
    } else if kept(Decision::Reject) {
        "rejected"
    } else {
        "changed"
    };
    let about = Reference {
        kind: "order".to_owned(),
        number: order.number.clone(),
        date: order.date.clone(),
    };
    let notes = answering.note.iter().filter(|it| !it.trim().is_empty());
    let notes = notes.map(|text| Note { text: text.clone(), ..Note::default() });
    let lines = order.lines.iter().zip(answering.lines);
    Document {
        kind: Kind::OrderAnswer,
        number: number.to_owned(),
        date: Some(today.to_owned()),
        purpose: "original".to_owned(),
        answer: Some(answer.to_owned()),
        about: Some(about),
        currency: order.currency.clone(),
        parties: order.parties.clone(),
        notes: notes.collect(),
        lines: lines.map(|(line, answer)| confirmed(line, answer)).collect(),
        ..Document::default()
    }
}

fn confirmed(line: &Line, answer: &LineAnswer) -> Line {
    let status = match answer.decision {
        Decision::Accept => "accepted",
        Decision::Reject => "rejected",
        Decision::Change => "changed",
    };
    let quantity = match answer.decision {
        Decision::Reject => None,
        Decision::Accept | Decision::Change => answer.quantity.or(line.quantity),
    };
    let promised = answer.requested_on.map(|day| day.to_string());
    let dates = promised
        .iter()
        .map(|date| DateOf { kind: "promised".to_owned(), date: date.clone() });
    let confirmation = Confirmation {
        status: status.to_owned(),
        quantity,
        unit: Some(line.unit.clone()).filter(|it| !it.is_empty() && quantity.is_some()),
        ..Confirmation::default()
    };
    Line {
        number: line.number.clone(),
        quantity: line.quantity,
        unit: line.unit.clone(),
        price: answer.unit_price.or(line.price),
        price_per: line.price_per.filter(|_| answer.unit_price.is_none()),
        products: line.products.clone(),
        description: line.description.clone(),
        dates: dates.collect(),
        confirmations: vec![confirmation],
        ..Line::default()
    }
}
