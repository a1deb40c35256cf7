//! A change of an order out of an 860 or an ORDCHG, and the 865 or ORDRSP that answers it: by the
//! canonical document.

use commerce::{
    changes::{
        AnsweredChange, ChangeError, ChangeKind, ChangeLine, ChangeState, OrderedLine,
        Wanted,
    },
    orders::OrderView,
};
use kernel::Fault;
use trade::{Confirmation, DateOf, Document, Kind, Left, Line, Note, Product, Reference};

use super::{Came, Paper, Wire, canonical, day, iso_day, plain, reference, written};
use crate::interchanges::clean;

/// A change, as a buyer sent it.
pub(crate) struct AskedChange {
    /// The number of the order that is to be changed.
    pub(crate) order: String,
    document: Document,
}

/// The change that a document is.
///
/// # Errors
/// In plain words, what keeps it from being one.
pub(super) fn asked(paper: Paper<'_, '_>) -> Result<AskedChange, String> {
    let document = canonical(paper).map_err(|broken| broken.to_string())?.outcome;
    let about = document.about.as_ref().filter(|it| it.kind == "order");
    let order = about.map(|it| plain(&it.number)).unwrap_or_default();
    if order.is_empty() {
        return Err("the change names no order (BCH03, or RFF ON)".to_owned());
    }
    Ok(AskedChange { order, document })
}

impl AskedChange {
    /// How many lines it has.
    pub(crate) fn lines(&self) -> usize {
        self.document.lines.len()
    }

    /// What it wants otherwise in its order.
    ///
    /// # Errors
    /// [`ChangeError::Line`], where a line says what cannot be compared with the order's.
    pub(crate) fn wanted(&self, order: &OrderView) -> Result<Wanted, ChangeError> {
        let document = &self.document;
        let whole = document.purpose == "cancellation";
        let anew = matches!(document.purpose.as_str(), "original" | "replacement");
        let mut lines = Vec::with_capacity(document.lines.len());
        for line in &document.lines {
            lines.push(change(line, order, anew)?);
        }
        if anew {
            // What a replacement does not name is ordered no more.
            let gone = order
                .lines
                .iter()
                .filter(|it| !lines.iter().any(|line: &ChangeLine| line.line == it.line));
            let gone: Vec<_> = gone.map(|it| it.line.clone()).collect();
            lines.extend(gone.into_iter().map(|line| bare(line, ChangeKind::Deleted)));
        }
        let notes = document.notes.iter().map(|note| plain(&note.text));
        let note = notes.filter(|it| !it.is_empty()).collect::<Vec<_>>().join("\n");
        Ok(Wanted {
            number: plain(&document.number),
            whole,
            lines: if whole { Vec::new() } else { lines },
            note: note.chars().take(2_000).collect(),
        })
    }
}

fn bare(line: String, kind: ChangeKind) -> ChangeLine {
    ChangeLine {
        line,
        kind,
        product: String::new(),
        description: String::new(),
        unit: String::new(),
        quantity: None,
        unit_price: None,
        requested_on: None,
        accepted: None,
        offered: None,
    }
}

/// What is to become of a line. `anew` is whether a line that the order does not have is new.
fn change(line: &Line, order: &OrderView, anew: bool) -> Result<ChangeLine, ChangeError> {
    let ours = line.products.iter().find(|product| product.kind == "vendor");
    let product = ours.or(line.products.first()).map(|it| plain(&it.value));
    let product = product.unwrap_or_default();
    let number = plain(&line.number);
    let named = order.lines.iter().find(|it| it.line == number);
    let mut same =
        order.lines.iter().filter(|it| !product.is_empty() && it.product == product);
    let alone = match (same.next(), same.next()) {
        (Some(only), None) => Some(only),
        (Some(_) | None, _) => None,
    };
    let kind = match line.change.as_deref() {
        Some("added") => ChangeKind::Added,
        Some("deleted" | "cancelled") => ChangeKind::Deleted,
        Some(_) | None if anew && named.is_none() => ChangeKind::Added,
        Some(_) | None => ChangeKind::Changed,
    };
    // A line that says another number is known by its product, unless it is new.
    let known = named.or(alone.filter(|_| kind != ChangeKind::Added));
    let name = known.map_or(number, |it| it.line.clone());
    let refused = |why: String| ChangeError::Line(name.clone(), why);
    let unit = clean(&line.unit);
    if let (Some(known), ChangeKind::Changed) = (known, kind)
        && !unit.is_empty()
        && unit != known.unit
    {
        return Err(refused(format!(
            "it counts {unit}, and the order {}; say it in the unit of the order",
            known.unit
        )));
    }
    let unit_price = match line.price {
        None => None,
        Some(_) => Some(line.unit_price().ok_or_else(|| {
            refused("its price is of another unit; state the price of one".to_owned())
        })?),
    };
    let dates = line.dates.iter().map(|it| (&it.kind, &it.date));
    let dates = dates.chain(line.schedules.iter().map(|it| (&it.kind, &it.date)));
    let mut wanted = dates.filter(|(kind, _)| *kind == "requested_delivery");
    let number = |it: rust_decimal::Decimal| it.normalize().to_string();
    Ok(ChangeLine {
        product,
        description: plain(line.description.as_deref().unwrap_or_default()),
        unit,
        quantity: line.quantity.map(number),
        unit_price: unit_price.map(number),
        requested_on: wanted.find_map(|(_, date)| iso_day(date)),
        ..bare(name, kind)
    })
}

impl Came<'_> {
    /// What the answer to a change of it is called.
    pub(crate) const fn change_answer_kind(&self) -> &'static str {
        match self.wire {
            Wire::X12(_) => "865",
            Wire::Edifact(_) => "ORDRSP",
        }
    }

    /// Writes the answer to a change of an order, or of the order that a change is of, under these
    /// numbers, and tells what could not be carried.
    ///
    /// # Errors
    /// If what was read before cannot be read any more.
    pub(crate) fn answer_change(
        &self,
        (answered, note): (&AnsweredChange, Option<&str>),
        numbers: x12::Numbers,
        stamp: &x12::Stamp,
    ) -> Result<(Vec<u8>, Vec<Left>), Fault> {
        let doing = "writing the answer to a change";
        let papers = self.wire.papers();
        let paper = papers.get(self.ordinal).map(|(_, paper)| *paper);
        let gone = || Fault::broken(doing, "its paper is not there any more");
        let paper = paper.ok_or_else(gone)?;
        let origin = canonical(paper).map_err(Fault::new(doing))?.outcome;
        let control = reference(numbers);
        let today = day(&stamp.date);
        let document = response(&origin, (answered, note), (&control, &today));
        let mapped = match (&self.wire, paper) {
            (Wire::X12(wire), Paper::X12(_)) => {
                let envelope = x12::Envelope::answering(wire, numbers, stamp.clone());
                let mut document = document;
                for line in &mut document.lines {
                    // POC04 stands with POC03: nothing is under way, so all is still to come.
                    let gone = line.confirmations.iter().any(|it| it.status == "deleted");
                    line.open_quantity = if gone {
                        line.quantity.map(|_| rust_decimal::Decimal::ZERO)
                    } else {
                        line.quantity
                    };
                }
                trade::to_x12(&document, &envelope)
            }
            (Wire::Edifact(wire), Paper::Edifact(message)) => {
                let stamp = written(stamp);
                let envelope = edifact::Envelope::answering(wire, &control, stamp);
                let release = if message.head.release == "01B" { "01B" } else { "96A" };
                trade::to_edifact_of(&document, &envelope, release)
            }
            (Wire::X12(_), Paper::Edifact(_)) | (Wire::Edifact(_), Paper::X12(_)) => {
                return Err(gone());
            }
        };
        Ok((mapped.outcome, mapped.left))
    }
}

/// The seller's answer as a document of its own: it names the order, repeats the parties, and says
/// of each line of the change what becomes of it.
fn response(
    origin: &Document,
    (answered, note): (&AnsweredChange, Option<&str>),
    (number, today): (&str, &str),
) -> Document {
    let summary = &answered.order.summary;
    let answer = match answered.state {
        ChangeState::Accepted => "accepted",
        ChangeState::Rejected => "rejected",
        ChangeState::Asked | ChangeState::AcceptedInPart => "changed",
    };
    let about = Reference {
        kind: "order".to_owned(),
        number: summary.number.clone(),
        date: Some(summary.ordered_on.to_string()),
    };
    let notes = note.filter(|it| !it.trim().is_empty());
    let notes = notes.map(|text| Note { text: text.to_owned(), ..Note::default() });
    let lines = answered.lines.iter().map(|it| confirmed(it, &answered.before, origin));
    Document {
        kind: Kind::OrderChangeAnswer,
        number: number.to_owned(),
        date: Some(today.to_owned()),
        purpose: "original".to_owned(),
        answer: Some(answer.to_owned()),
        about: Some(about),
        currency: Some(summary.currency.to_string()),
        parties: origin.parties.clone(),
        notes: notes.into_iter().collect(),
        lines: lines.collect(),
        ..Document::default()
    }
}

/// What the seller says of a line of the change. A line that stays as it was says how it was.
fn confirmed(line: &ChangeLine, before: &[OrderedLine], origin: &Document) -> Line {
    let agreed = line.accepted == Some(true);
    let (change, status) = match (line.kind, agreed) {
        (ChangeKind::Added, true) if line.offered.is_some() => ("added", "changed"),
        (ChangeKind::Changed, true) if line.offered.is_some() => ("changed", "changed"),
        (ChangeKind::Added, true) => ("added", "accepted"),
        (ChangeKind::Added, false) => ("added", "rejected"),
        (ChangeKind::Changed, true) => ("changed", "accepted"),
        (ChangeKind::Changed, false) => ("changed", "rejected"),
        (ChangeKind::Deleted, true) => ("deleted", "deleted"),
        (ChangeKind::Deleted, false) => ("deleted", "rejected"),
    };
    let was = before.iter().find(|it| it.line == line.line);
    let now = line.agreed();
    let taken = |new: Option<&String>, was: Option<&String>| {
        let says = if agreed { new.or(was) } else { was.or(new) };
        says.and_then(|it| it.parse().ok())
    };
    let quantity = taken(now.quantity.as_ref(), was.map(|it| &it.quantity));
    let price = taken(now.unit_price.as_ref(), was.map(|it| &it.unit_price));
    let told = origin.lines.iter().find(|it| it.number.trim() == line.line);
    let ours = Product { kind: "vendor".to_owned(), value: line.product.clone() };
    let ours = Some(ours).filter(|it| !it.value.is_empty());
    let products = told.map(|it| it.products.clone()).filter(|it| !it.is_empty());
    let promised = now.requested_on.filter(|_| agreed);
    let dates =
        promised.map(|day| DateOf { kind: "promised".to_owned(), date: day.to_string() });
    let unit = told.map(|it| it.unit.clone()).filter(|it| !it.is_empty());
    let unit = unit.unwrap_or_else(|| line.unit.clone());
    let confirmation = Confirmation {
        status: status.to_owned(),
        quantity,
        unit: Some(unit.clone()).filter(|it| !it.is_empty() && quantity.is_some()),
        ..Confirmation::default()
    };
    Line {
        number: line.line.clone(),
        change: Some(change.to_owned()),
        quantity,
        unit,
        price,
        products: products.unwrap_or_else(|| ours.into_iter().collect()),
        description: Some(line.description.clone()).filter(|it| !it.is_empty()),
        dates: dates.into_iter().collect(),
        confirmations: vec![confirmation],
        ..Line::default()
    }
}
