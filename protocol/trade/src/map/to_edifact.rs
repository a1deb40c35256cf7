use edifact::{Draft, Envelope};
use segments::Tag;

use super::bag::Bag;
use super::edifact_lines::{self, Written, code, day, free_text, one, parts};
use super::to_x12::pieces;
use super::x12_lines::number;
use super::{KINDS, Left, Mapped};
use crate::codes::{ANSWERS, DATES, ORDER_TYPES, PURPOSES, REFERENCES, ROLES, SCHEMES};
use crate::{Document, Kind, Party};

/// Writes a document as an EDIFACT message of D.96A, in an interchange of its own.
pub fn to_edifact(document: &Document, envelope: &Envelope) -> Mapped<Vec<u8>> {
    let mut left = Vec::new();
    let names = KINDS.iter().find(|(kind, ..)| *kind == document.kind);
    let (kind, code) =
        names.map_or(("ORDERS", "220"), |(_, _, _, kind, code)| (*kind, *code));
    let mut draft = Draft::default();
    for (tag, elements) in body(document, kind, code, &mut left) {
        draft.segment(tag, elements);
    }
    let message = draft.as_message([kind, "D", "96A", "UN"], "1");
    Mapped { outcome: message.write(1, envelope), left }
}

fn body(
    document: &Document,
    kind: &str,
    bgm: &str,
    left: &mut Vec<Left>,
) -> Vec<Written> {
    let release = edifact::release("96A", 3);
    let Some(plan) = release.and_then(|release| release.plan(kind)) else {
        return Vec::new();
    };
    let mut all = vec![heading(document, bgm, left)];
    let mut bag = Bag::new();
    around(document, &mut bag, left);
    all.extend(bag.arrange(plan, &[], 0, left));
    let is_dispatch = document.kind == Kind::DispatchAdvice;
    let (cps, lin) = (Tag::of(b"CPS"), Tag::of(b"LIN"));
    let scope = if is_dispatch { vec![cps, lin] } else { vec![lin] };
    if is_dispatch && !document.lines.is_empty() {
        all.push(("CPS", vec![one("1")]));
    }
    for (line, place) in document.lines.iter().zip(1_usize..) {
        all.extend(edifact_lines::write(document, line, place, plan, &scope, left));
    }
    let mut summary = Bag::new();
    let mut from = plan.berth(&[], 0, lin).map_or(0, |berth| berth.node);
    if let Some(uns) = plan.berth(&[], 0, Tag::of(b"UNS")) {
        all.push(("UNS", vec![one("S")]));
        from = uns.node;
    }
    if let Some(total) = document.total {
        let qualifier = if document.kind == Kind::Invoice { "77" } else { "86" };
        let moa = vec![parts([qualifier, number(total).as_str()])];
        summary.push(*b"MOA", vec![("MOA", moa)]);
    }
    let count = document.lines.len().to_string();
    summary.push(*b"CNT", vec![("CNT", vec![parts(["2", count.as_str()])])]);
    all.extend(summary.arrange(plan, &[], from, left));
    all
}

fn heading(document: &Document, bgm: &str, left: &mut Vec<Left>) -> Written {
    let order_type = document.order_type.as_deref();
    let kind = match (document.kind, order_type) {
        (Kind::Order, Some(word)) => code(&ORDER_TYPES, word, "order type", left),
        _ => None,
    };
    let purpose =
        if document.purpose.is_empty() { "original" } else { &document.purpose };
    let purpose =
        code(&PURPOSES, purpose, "purpose", left).unwrap_or_else(|| "9".to_owned());
    let answer = document.answer.as_deref();
    let answer = answer.and_then(|word| code(&ANSWERS, word, "answer", left));
    let elements = vec![
        vec![kind.unwrap_or_else(|| bgm.to_owned())],
        one(&document.number),
        vec![purpose],
        vec![answer.unwrap_or_default()],
    ];
    ("BGM", elements)
}

fn around(document: &Document, bag: &mut Bag<Written>, left: &mut Vec<Left>) {
    if let Some(date) = &document.date {
        bag.push(*b"DTM", vec![day("137", date)]);
    } else {
        left.push(Left::new(
            0,
            "date of the document",
            "it has none, and EDIFACT wants one",
        ));
    }
    for date in &document.dates {
        if let Some(kind) = code(&DATES, &date.kind, "date", left) {
            bag.push(*b"DTM", vec![day(&kind, &date.date)]);
        }
    }
    for ftx in document.notes.iter().flat_map(|note| free_text(note)) {
        bag.push(*b"FTX", vec![ftx]);
    }
    if let Some(about) = &document.about {
        let kind = if document.kind == Kind::Quote { "AAG" } else { "ON" };
        reference(bag, kind, &about.number, about.date.as_deref());
    }
    for other in &document.references {
        if let Some(kind) = code(&REFERENCES, &other.kind, "reference", left) {
            reference(bag, &kind, &other.number, other.date.as_deref());
        }
    }
    for party in &document.parties {
        if let Some(role) = code(&ROLES, &party.role, "party", left) {
            bag.push(*b"NAD", group_of(party, &role, left));
        }
    }
    if let Some(currency) = &document.currency {
        bag.push(*b"CUX", vec![("CUX", vec![parts(["2", currency.as_str(), "9"])])]);
    }
}

fn reference(bag: &mut Bag<Written>, kind: &str, number: &str, date: Option<&str>) {
    let mut chunk: Vec<Written> = vec![("RFF", vec![parts([kind, number])])];
    chunk.extend(date.map(|date| day("171", date)));
    bag.push(*b"RFF", chunk);
}

fn group_of(party: &Party, role: &str, left: &mut Vec<Left>) -> Vec<Written> {
    let mut id = Vec::new();
    if let Some(own) = &party.id
        && let Some(scheme) = code(&SCHEMES, &own.scheme, "identifier", left)
    {
        id = parts([own.value.as_str(), "", scheme.as_str()]);
    }
    let text = |value: &Option<String>| one(value.as_deref().unwrap_or_default());
    let limit = |lines: Vec<String>, most: usize, what: &str, left: &mut Vec<Left>| {
        if lines.len() > most {
            let what = format!("{what} of {}", party.name);
            left.push(Left::new(0, what, format!("NAD takes {most} lines only")));
        }
        lines.into_iter().take(most).collect::<Vec<String>>()
    };
    let name = limit(pieces(&party.name, 35), 5, "name", left);
    let street = party.street.iter().flat_map(|line| pieces(line, 35)).collect();
    let street = limit(street, 3, "street", left);
    let nad = vec![
        one(role),
        id,
        Vec::new(),
        name,
        street,
        text(&party.city),
        text(&party.region),
        text(&party.postal_code),
        text(&party.country),
    ];
    let mut all: Vec<Written> = vec![("NAD", nad)];
    for contact in &party.contacts {
        let short: String = contact.name.chars().take(35).collect();
        if short != contact.name {
            let what = format!("contact {}", contact.name);
            left.push(Left::new(0, what, "CTA has 35 characters for a name"));
        }
        all.push(("CTA", vec![one("IC"), parts(["", short.as_str()])]));
        for (kind, number) in [("TE", &contact.phone), ("EM", &contact.email)] {
            if let Some(number) = number {
                all.push(("COM", vec![parts([number.as_str(), kind])]));
            }
        }
    }
    all
}
