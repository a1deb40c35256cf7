use segments::{Broken, Flaw, Place, Weight};

use super::sheet::{Cut, Row, Sheet};
use super::{KINDS, Mapped, blank, edifact_lines, push_date, some};
use crate::codes::{
    ANSWERS, DATES, Dialect, ORDER_TYPES, PURPOSES, REFERENCES, ROLES, SCHEMES,
};
use crate::{Contact, Document, Identifier, Kind, Party, Reference};

const EDIFACT: Dialect = Dialect::Edifact;

/// Reads a document from an EDIFACT message: REQOTE, QUOTES, ORDERS, ORDRSP, ORDCHG, DESADV or
/// INVOIC.
///
/// # Errors
/// [`Flaw::SetNotSupported`] for another message, [`Flaw::NotANumber`] for a quantity or price
/// that is none. Judge the message first: what its tables refuse is told better there.
pub fn from_edifact(message: &edifact::Message<'_>) -> Result<Mapped<Document>, Broken> {
    let sheet = Sheet::read(message.segments(), Cut::Always);
    let known = |row: &&(Kind, &str, &str, &str, &str)| row.3 == message.kind;
    let Some((kind, ..)) = KINDS.iter().find(known) else {
        return Err(Broken {
            flaw: Flaw::SetNotSupported,
            weight: Weight::Error,
            place: Box::new(Place { at: message.at, ..Place::default() }),
            value: message.kind.clone(),
            mend: String::new(),
        });
    };
    let mut document = blank(*kind);
    let mut part = Part::Heading;
    for row in &sheet.rows {
        take(&mut document, row, &mut part)?;
    }
    if let Some(order) = document.about.as_mut() {
        order.date = order.date.take().or_else(|| own_date(&mut document.dates, "order"));
    }
    Ok(Mapped { outcome: document, left: sheet.left() })
}

/// Where in the message the reader stands.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Part {
    Heading,
    Reference,
    Party,
    Line,
    Summary,
}

fn own_date(dates: &mut Vec<crate::DateOf>, kind: &str) -> Option<String> {
    let place = dates.iter().position(|date| date.kind == kind)?;
    Some(dates.remove(place).date)
}

fn take(document: &mut Document, row: &Row, part: &mut Part) -> Result<(), Broken> {
    match (row.tag.as_str(), *part) {
        ("UNH" | "UNT" | "CNT" | "CPS", _) => row.pass(),
        ("UNS", _) => {
            row.pass();
            *part = Part::Summary;
        }
        ("BGM", _) => heading(document, row),
        ("LIN", _) => {
            document.lines.push(edifact_lines::read(document.kind, row));
            *part = Part::Line;
        }
        (_, Part::Line) => {
            if let Some(line) = document.lines.last_mut() {
                edifact_lines::extend(document.kind, line, row)?;
            }
        }
        ("MOA", _) if matches!(row.part(1, 1).as_str(), "86" | "77" | "39" | "9") => {
            document.total = row.number(1, 2)?;
        }
        ("NAD", _) => {
            document.parties.push(party(row));
            *part = Part::Party;
        }
        ("RFF", Part::Heading | Part::Reference) => {
            reference(document, row);
            *part = Part::Reference;
        }
        ("DTM", Part::Reference) => {
            let day = date(row).1;
            match (document.references.last_mut(), document.about.as_mut()) {
                (None, Some(about)) => about.date = some(day),
                (Some(reference), _) => reference.date = some(day),
                (None, None) => {}
            }
        }
        ("DTM", Part::Heading | Part::Party) => {
            let (kind, day) = date(row);
            if kind == "edifact:137" {
                document.date = some(day);
            } else {
                push_date(&mut document.dates, kind, day);
            }
        }
        ("CUX", _) => {
            let _ = (row.part(1, 1), row.part(1, 3));
            document.currency = row.some_part(1, 2);
        }
        ("FTX", Part::Heading) => document.notes.extend(note(row)),
        ("CTA" | "COM", Part::Party) => {
            if let Some(party) = document.parties.last_mut() {
                contact(party, row);
            }
        }
        (_, Part::Heading | Part::Reference | Part::Party | Part::Summary) => {}
    }
    Ok(())
}

fn heading(document: &mut Document, row: &Row) {
    let kind = row.part(1, 1);
    if document.kind == Kind::Order {
        document.order_type = Some(ORDER_TYPES.word(EDIFACT, &kind));
    }
    document.number = row.take(2);
    let purpose = row
        .some(3)
        .map_or_else(|| "original".into(), |code| PURPOSES.word(EDIFACT, &code));
    document.purpose = purpose;
    let is_answer = matches!(document.kind, Kind::OrderAnswer | Kind::OrderChangeAnswer);
    if is_answer {
        document.answer = row.some(4).map(|code| ANSWERS.word(EDIFACT, &code));
    } else if row.part(4, 1) == "NA" {
        // No acknowledgement is needed: that is for the sender's hub, not for the document.
    }
}

fn reference(document: &mut Document, row: &Row) {
    let (code, number) = (row.part(1, 1), row.part(1, 2));
    let own = match document.kind {
        Kind::RequestForQuote | Kind::Order => "",
        Kind::Quote => "AAG",
        Kind::OrderAnswer
        | Kind::OrderChange
        | Kind::OrderChangeAnswer
        | Kind::DispatchAdvice
        | Kind::Invoice => "ON",
    };
    if code == own && document.about.is_none() {
        let kind = if document.kind == Kind::Quote { "request" } else { "order" };
        document.about = Some(Reference { kind: kind.into(), number, date: None });
    } else {
        let kind = REFERENCES.word(EDIFACT, &code);
        document.references.push(Reference { kind, number, date: None });
    }
}

/// The kind and day of DTM. Source: 2379: 101 `YYMMDD`, 102 `CCYYMMDD`, 203 with hours and
/// minutes.
pub(super) fn date(row: &Row) -> (String, String) {
    let code = row.part(1, 1);
    let text = row.part(1, 2);
    let kind = DATES.word(EDIFACT, &code);
    let day = match row.part(1, 3).as_str() {
        "101" => format!("20{text}"),
        _ => text.chars().take(8).collect(),
    };
    (kind, day)
}

pub(super) fn note(row: &Row) -> Option<String> {
    let _ = row.take(1);
    let parts: Vec<String> = (1..=5).filter_map(|part| row.some_part(4, part)).collect();
    some(parts.join(" "))
}

fn party(row: &Row) -> Party {
    let role = ROLES.word(EDIFACT, &row.take(1));
    let (value, scheme) = (row.part(2, 1), row.part(2, 3));
    let id = some(value)
        .map(|value| Identifier { scheme: SCHEMES.word(EDIFACT, &scheme), value });
    let lines =
        |element: usize| (1..=5).filter_map(move |part| row.some_part(element, part));
    let unstructured: Vec<String> = lines(3).collect();
    let name: Vec<String> = lines(4).collect();
    let name = if name.is_empty() { unstructured.join(" ") } else { name.join(" ") };
    Party {
        role,
        name,
        id,
        street: lines(5).collect(),
        city: row.some(6),
        region: row.some(7),
        postal_code: row.some(8),
        country: row.some(9),
        contacts: Vec::new(),
    }
}

fn contact(party: &mut Party, row: &Row) {
    if row.tag == "CTA" {
        let _ = row.take(1);
        party.contacts.push(Contact { name: row.part(2, 2), ..Contact::default() });
        return;
    }
    if party.contacts.is_empty() {
        party.contacts.push(Contact::default());
    }
    if let Some(contact) = party.contacts.last_mut() {
        match row.part(1, 2).as_str() {
            "TE" => contact.phone = row.some_part(1, 1),
            "EM" => contact.email = row.some_part(1, 1),
            _ => {}
        }
    }
}
