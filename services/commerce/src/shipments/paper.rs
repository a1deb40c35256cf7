//! The document that a dispatch advice is: canonical JSON of `trade`. Pure.

use kernel::Day;
use rust_decimal::Decimal;
use trade::{DateOf, Document, Kind, Line, Mark, Note, Package, Reference, Transport};

use super::rules::{Part, ShipmentPackage};
use crate::orders::OrderView;

/// What a dispatch advice says besides its lines.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head<'h> {
    pub(super) number: &'h str,
    pub(super) sent_on: Day,
    pub(super) expected_on: Option<Day>,
    pub(super) carrier: &'h str,
    pub(super) tracking: &'h str,
    pub(super) note: &'h str,
}

/// The document: of an order that is written as `base`, line by line.
pub(super) fn document(
    head: Head<'_>,
    base: &Document,
    (order, parts): (&OrderView, &[Part]),
    packages: &[ShipmentPackage],
) -> Document {
    let date = |kind: &str, day: Day| DateOf { kind: kind.into(), date: day.to_string() };
    let filled = |text: &str| Some(text.trim().to_owned()).filter(|it| !it.is_empty());
    let dates = [
        Some(date("shipped", head.sent_on)),
        head.expected_on.map(|day| date("estimated_delivery", day)),
    ];
    let tracking = filled(head.tracking).map(|number| Reference {
        kind: "carrier_reference".to_owned(),
        number,
        date: None,
    });
    let carrier = filled(head.carrier)
        .map(|name| Transport { name: Some(name), ..Transport::default() });
    let line = |part: &Part| {
        let (ordered, own) = (base.lines.get(part.place), order.lines.get(part.place));
        Some(line(part, ordered?, &own?.line))
    };
    Document {
        kind: Kind::DispatchAdvice,
        number: head.number.to_owned(),
        date: Some(head.sent_on.to_string()),
        purpose: "original".to_owned(),
        about: Some(Reference {
            kind: "order".to_owned(),
            number: order.summary.number.clone(),
            date: Some(order.summary.ordered_on.to_string()),
        }),
        dates: dates.into_iter().flatten().collect(),
        references: tracking.into_iter().collect(),
        parties: base.parties.clone(),
        notes: filled(head.note)
            .map(|text| Note { text, ..Note::default() })
            .into_iter()
            .collect(),
        transport: carrier.into_iter().collect(),
        lines: parts.iter().filter_map(line).collect(),
        packages: (1_usize..).zip(packages).map(|(at, it)| package(at, it)).collect(),
        ..Document::default()
    }
}

fn line(part: &Part, ordered: &Line, name: &str) -> Line {
    Line {
        number: name.to_owned(),
        quantity: Some(part.quantity),
        unit: ordered.unit.clone(),
        products: ordered.products.clone(),
        description: ordered.description.clone(),
        package: part.package.map(|at| at.to_string()),
        ..Line::default()
    }
}

fn package(at: usize, package: &ShipmentPackage) -> Package {
    let mark = |code: &String| Mark { kind: "sscc".to_owned(), value: code.clone() };
    Package {
        number: at.to_string(),
        parent: None,
        kind: Some(package.kind.word().to_owned()),
        count: Some(Decimal::ONE),
        marks: package.sscc.iter().map(mark).collect(),
    }
}
