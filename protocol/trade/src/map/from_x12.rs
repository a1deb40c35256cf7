use segments::{Broken, Flaw, Place, Weight};

use super::sheet::{Cut, Row, Sheet};
use super::{KINDS, Mapped, blank, push_date, some, x12_lines};
use crate::codes::{
    ANSWERS, DATES, Dialect, ORDER_TYPES, PURPOSES, REFERENCES, ROLES, SCHEMES,
};
use crate::{Contact, Document, Identifier, Kind, Party, Reference};

const X12: Dialect = Dialect::X12;

/// Reads a document from an X12 set: 840, 843, 850, 855, 856, 860, 865 or 810.
///
/// # Errors
/// [`Flaw::SetNotSupported`] for another set, [`Flaw::NotANumber`] for a quantity or price that is
/// none. Judge the set first: what its tables refuse is told better there.
pub fn from_x12(set: &x12::Set<'_>) -> Result<Mapped<Document>, Broken> {
    let sheet = Sheet::read(set.segments(), Cut::Never);
    let Some((kind, ..)) = KINDS.iter().find(|(_, code, ..)| *code == set.kind) else {
        return Err(Broken {
            flaw: Flaw::SetNotSupported,
            weight: Weight::Error,
            place: Box::new(Place { at: set.at, ..Place::default() }),
            value: set.kind.clone(),
            mend: String::new(),
        });
    };
    let mut document = blank(*kind);
    let mut part = Part::Heading;
    for row in &sheet.rows {
        take(&mut document, row, &mut part)?;
    }
    Ok(Mapped { outcome: document, left: sheet.left() })
}

/// Where in the set the reader stands.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Part {
    Heading,
    Party,
    Note,
    Line,
    /// A loop in a line that says nothing about the line itself.
    Inner,
    Summary,
}

fn take(document: &mut Document, row: &Row, part: &mut Part) -> Result<(), Broken> {
    match (row.tag.as_str(), *part) {
        ("ST" | "SE" | "CTT" | "HL", _) => {
            row.pass();
            if row.tag == "CTT" {
                *part = Part::Summary;
            }
        }
        ("BEG" | "BAK" | "BQT" | "BQR" | "BCH" | "BCA" | "BIG" | "BSN", _) => {
            heading(document, row);
        }
        ("PO1" | "POC" | "IT1", _) => {
            document.lines.push(x12_lines::read(row)?);
            *part = Part::Line;
        }
        ("LIN", _) if document.kind == Kind::DispatchAdvice => {
            document.lines.push(x12_lines::item(row));
            *part = Part::Line;
        }
        ("PRF", _) => {
            let number = row.take(1);
            let date = row.some(4);
            document.about = Some(Reference { kind: "order".into(), number, date });
        }
        ("TDS", _) => {
            if let Some(cents) = row.number(1, 1)? {
                document.total =
                    cents.checked_div(100.into()).map(|total| total.normalize());
            }
            *part = Part::Summary;
        }
        ("AMT", Part::Summary) if row.take(1) == "TT" => {
            document.total = row.number(2, 1)?;
        }
        ("N1", Part::Heading | Part::Party | Part::Note) => {
            document.parties.push(party(row));
            *part = Part::Party;
        }
        ("N9", Part::Heading | Part::Party | Part::Note) => *part = note(document, row),
        ("MSG", Part::Note | Part::Heading) => document.notes.extend(row.some(1)),
        ("N1" | "N9" | "SLN" | "SAC", Part::Line | Part::Inner) => *part = Part::Inner,
        (_, Part::Line) => {
            if let Some(line) = document.lines.last_mut() {
                x12_lines::extend(line, row)?;
            }
        }
        // The invoice has its dates after the parties.
        ("DTM" | "CUR", Part::Party) | (_, Part::Heading) => of_heading(document, row),
        (_, Part::Party) => {
            if let Some(party) = document.parties.last_mut() {
                of_party(party, row);
            }
        }
        (_, Part::Note | Part::Inner | Part::Summary) => {}
    }
    Ok(())
}

/// N9 opens free text; ours says nothing, another's reference is kept.
fn note(document: &mut Document, row: &Row) -> Part {
    let (kind, number) = (row.take(1), row.take(2));
    let opens_text = kind == "ZZ" && number == "NOTE";
    if !opens_text && !number.is_empty() {
        let kind = REFERENCES.word(X12, &kind);
        document.references.push(Reference { kind, number, date: None });
    }
    Part::Note
}

fn heading(document: &mut Document, row: &Row) {
    let purpose = |code: String| PURPOSES.word(X12, &code);
    let about = |kind: &str, number: String, date: Option<String>| {
        some(number).map(|number| Reference { kind: kind.into(), number, date })
    };
    match row.tag.as_str() {
        "BEG" => {
            document.purpose = purpose(row.take(1));
            document.order_type = Some(ORDER_TYPES.word(X12, &row.take(2)));
            document.number = row.take(3);
            document.date = row.some(5);
            let contract = about("contract", row.take(6), None);
            document.references.extend(contract);
        }
        "BAK" => {
            document.purpose = purpose(row.take(1));
            document.answer = Some(ANSWERS.word(X12, &row.take(2)));
            document.about = about("order", row.take(3), row.some(4));
            let order = document.about.as_ref().map(|about| about.number.clone());
            document.number = row.some(8).or(order).unwrap_or_default();
            document.date = row.some(9);
        }
        "BQT" => {
            document.purpose = purpose(row.take(1));
            document.number = row.take(2);
            document.date = row.some(3);
            push_date(&mut document.dates, DATES.word(X12, &row.take(4)), row.take(5));
        }
        "BQR" => {
            document.purpose = purpose(row.take(1));
            let request = row.take(2);
            document.number.clone_from(&request);
            document.about = about("request", request, None);
            document.date = row.some(3);
            push_date(&mut document.dates, DATES.word(X12, &row.take(4)), row.take(5));
        }
        "BCH" | "BCA" => {
            document.purpose = purpose(row.take(1));
            let code = row.take(2);
            if document.kind == Kind::OrderChange {
                document.order_type = Some(ORDER_TYPES.word(X12, &code));
            } else {
                document.answer = some(code).map(|code| ANSWERS.word(X12, &code));
            }
            let order = row.take(3);
            document.number = row.some(5).unwrap_or_else(|| order.clone());
            document.about = about("order", order, row.some(6));
            document.date = row.some(11);
        }
        "BIG" => {
            document.purpose = row.some(8).map_or_else(|| "original".into(), purpose);
            document.date = row.some(1);
            document.number = row.take(2);
            document.about = about("order", row.take(4), row.some(3));
        }
        "BSN" => {
            document.purpose = purpose(row.take(1));
            document.number = row.take(2);
            document.date = row.some(3);
            document.time = row.some(4);
        }
        _ => {}
    }
}

fn of_heading(document: &mut Document, row: &Row) {
    match row.tag.as_str() {
        "CUR" => {
            let _ = row.take(1);
            document.currency = row.some(2);
        }
        "REF" => {
            let (code, number) = (row.take(1), row.take(2));
            if document.kind == Kind::Quote && code == "QR" {
                document.number = number;
            } else {
                let kind = REFERENCES.word(X12, &code);
                document.references.push(Reference { kind, number, date: None });
            }
        }
        "DTM" => {
            push_date(&mut document.dates, DATES.word(X12, &row.take(1)), row.take(2));
        }
        _ => {}
    }
}

fn party(row: &Row) -> Party {
    let role = ROLES.word(X12, &row.take(1));
    let name = row.take(2);
    let (scheme, value) = (row.take(3), row.take(4));
    let id =
        some(value).map(|value| Identifier { scheme: SCHEMES.word(X12, &scheme), value });
    Party { role, name, id, ..Party::default() }
}

fn of_party(party: &mut Party, row: &Row) {
    match row.tag.as_str() {
        "N2" => {
            for more in [row.some(1), row.some(2)].into_iter().flatten() {
                let name = format!("{} {more}", party.name);
                name.trim().clone_into(&mut party.name);
            }
        }
        "N3" => party.street.extend([row.some(1), row.some(2)].into_iter().flatten()),
        "N4" => {
            party.city = row.some(1);
            party.region = row.some(2);
            party.postal_code = row.some(3);
            party.country = row.some(4);
        }
        "PER" => {
            let _ = row.take(1);
            let mut contact = Contact { name: row.take(2), ..Contact::default() };
            for (kind, number) in [(3, 4), (5, 6), (7, 8)] {
                match row.take(kind).as_str() {
                    "TE" => contact.phone = row.some(number),
                    "EM" => contact.email = row.some(number),
                    _ => {}
                }
            }
            party.contacts.push(contact);
        }
        _ => {}
    }
}
