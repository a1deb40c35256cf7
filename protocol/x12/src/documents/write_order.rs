use super::party::split;
use super::{DateOf, OrderLine, PurchaseOrder, Reference, number};
use crate::{Draft, Envelope, Field};

/// Writes an 850 of 004010.
pub fn write_850(order: &PurchaseOrder, envelope: &Envelope) -> Vec<u8> {
    let mut draft = Draft::default();
    draft.segment(
        "BEG",
        vec![
            (&order.purpose).into(),
            (&order.kind).into(),
            (&order.number).into(),
            order.release.as_ref().into(),
            (&order.date).into(),
            order.contract.as_ref().into(),
        ],
    );
    if let Some(currency) = &order.currency {
        draft.segment("CUR", vec!["BY".into(), currency.into()]);
    }
    for reference in &order.references {
        reference.write(&mut draft);
    }
    for contact in &order.contacts {
        contact.write(&mut draft);
    }
    for date in &order.dates {
        date.write(&mut draft);
    }
    notes(&mut draft, &order.notes);
    for party in &order.parties {
        party.write(&mut draft);
    }
    for line in &order.lines {
        line.write(&mut draft);
    }
    draft.segment("CTT", vec![order.lines.len().to_string().into()]);
    if let Some(total) = order.total {
        draft.segment("AMT", vec!["TT".into(), number(total).into()]);
    }
    let set = draft.as_set("850", envelope.numbers.set);
    set.as_group("PO", 1, envelope).write(1, envelope)
}

/// Free text of the heading: N9 opens a loop, MSG holds up to 264 characters.
pub(super) fn notes(draft: &mut Draft, notes: &[String]) {
    if notes.is_empty() {
        return;
    }
    draft.segment("N9", vec!["ZZ".into(), "NOTE".into()]);
    for note in notes {
        message(draft, note);
    }
}

pub(super) fn message(draft: &mut Draft, text: &str) {
    let mut rest = text.to_owned();
    while !rest.is_empty() {
        let (head, tail) = split(&rest, 264);
        draft.segment("MSG", vec![head.into()]);
        rest = tail;
    }
}

impl Reference {
    pub(super) fn write(&self, draft: &mut Draft) {
        draft.segment(
            "REF",
            vec![
                (&self.qualifier).into(),
                (&self.value).into(),
                self.description.as_ref().into(),
            ],
        );
    }
}

impl DateOf {
    pub(super) fn write(&self, draft: &mut Draft) {
        draft.segment("DTM", vec![(&self.qualifier).into(), (&self.date).into()]);
    }
}

impl OrderLine {
    /// PO1 with a price of its own, which an answer may have changed.
    pub(super) fn heading(&self, price: Option<&String>) -> Vec<Field> {
        let mut fields: Vec<Field> = vec![
            self.assigned.as_ref().into(),
            number(self.quantity).into(),
            (&self.unit).into(),
            price.into(),
            self.price_basis.as_ref().into(),
        ];
        for product in self.products.iter().take(10) {
            fields.push((&product.qualifier).into());
            fields.push((&product.value).into());
        }
        fields
    }

    /// PID, up to 80 characters each.
    pub(super) fn describe(&self, draft: &mut Draft) {
        let mut rest = self.description.clone().unwrap_or_default();
        while !rest.is_empty() {
            let (head, tail) = split(&rest, 80);
            let blank = || Field::from("");
            draft
                .segment("PID", vec!["F".into(), blank(), blank(), blank(), head.into()]);
            rest = tail;
        }
    }

    fn write(&self, draft: &mut Draft) {
        draft.segment("PO1", self.heading(self.unit_price.map(number).as_ref()));
        self.describe(draft);
        for reference in &self.references {
            reference.write(draft);
        }
        if let Some(requested) = &self.requested {
            draft.segment("DTM", vec!["002".into(), requested.into()]);
        }
        for note in &self.notes {
            message(draft, note);
        }
    }
}
