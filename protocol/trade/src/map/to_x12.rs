use segments::Tag;
use x12::{Draft, Envelope, Field};

use super::bag::Bag;
use super::x12_lines::{self, code, number};
use super::{KINDS, Left, Mapped};
use crate::codes::{ANSWERS, DATES, ORDER_TYPES, PURPOSES, REFERENCES, ROLES, SCHEMES};
use crate::{Document, Kind, Party};

type Lines = Vec<(&'static str, Vec<Field>)>;

/// Writes a document as an X12 set of 004010, in an interchange of its own.
pub fn to_x12(document: &Document, envelope: &Envelope) -> Mapped<Vec<u8>> {
    let mut left = Vec::new();
    let names = KINDS.iter().find(|(kind, ..)| *kind == document.kind);
    let (set, group) = names.map_or(("850", "PO"), |(_, set, group, ..)| (*set, *group));
    let mut draft = Draft::default();
    for (tag, fields) in body(document, set, &mut left) {
        draft.segment(tag, fields);
    }
    let set = draft.as_set(set, envelope.numbers.set);
    let bytes = set.as_group(group, 1, envelope).write(1, envelope);
    Mapped { outcome: bytes, left }
}

fn body(document: &Document, set: &str, left: &mut Vec<Left>) -> Lines {
    let release = x12::release("004010");
    let Some(plan) = release.and_then(|release| release.plan(set)) else {
        return Vec::new();
    };
    let mut all = vec![heading(document, left)];
    let mut bag = Bag::new();
    around(document, &mut bag, left);
    if document.kind == Kind::DispatchAdvice {
        shipment(document, bag, plan, &mut all, left);
    } else {
        all.extend(bag.arrange(plan, &[], 0, left));
        for line in &document.lines {
            all.extend(x12_lines::write(document, line, plan, left));
        }
    }
    if document.kind == Kind::Invoice {
        let cents = document.total.and_then(|total| total.checked_mul(100.into()));
        let cents = cents.map(|cents| number(cents.round())).unwrap_or_default();
        all.push(("TDS", vec![cents.into()]));
    }
    let levels = all.iter().filter(|(tag, _)| *tag == "HL").count();
    let count = if levels > 0 { levels } else { document.lines.len() };
    all.push(("CTT", vec![count.to_string().into()]));
    if let (Some(total), true) = (document.total, document.kind != Kind::Invoice) {
        if plan.berth(&[Tag::of(b"CTT")], 0, Tag::of(b"AMT")).is_some() {
            all.push(("AMT", vec!["TT".into(), number(total).into()]));
        } else {
            left.push(Left::new(
                0,
                format!("total {total}"),
                format!("{set} has no total"),
            ));
        }
    }
    all
}

fn heading(document: &Document, left: &mut Vec<Left>) -> (&'static str, Vec<Field>) {
    let purpose = code(&PURPOSES, or(&document.purpose, "original"), "purpose", left);
    let purpose = purpose.unwrap_or_else(|| "00".to_owned());
    let date = document.date.clone().unwrap_or_default();
    let number = document.number.clone();
    let (about, about_date) = about(document, left);
    let own = Some(number.clone()).filter(|number| *number != about);
    let blank = String::new;
    let (tag, texts): (&'static str, Vec<String>) = match document.kind {
        Kind::Order => {
            ("BEG", vec![purpose, order_type(document, left), number, blank(), date])
        }
        Kind::OrderAnswer => {
            let start = [purpose, answer(document, left), about, about_date];
            let rest = [blank(), blank(), blank(), own.unwrap_or_default(), date];
            ("BAK", start.into_iter().chain(rest).collect())
        }
        Kind::RequestForQuote => ("BQT", vec![purpose, number, date]),
        Kind::Quote => ("BQR", vec![purpose, about, date]),
        Kind::OrderChange | Kind::OrderChangeAnswer => {
            let (tag, second) = if document.kind == Kind::OrderChange {
                ("BCH", order_type(document, left))
            } else {
                ("BCA", answer(document, left))
            };
            let start =
                [purpose, second, about, blank(), sequence(own, left), about_date];
            let rest = [blank(), blank(), blank(), blank(), date];
            (tag, start.into_iter().chain(rest).collect())
        }
        Kind::Invoice => {
            let order = document.about.as_ref().map(|_| (about_date, about));
            let (day, order) = order.unwrap_or_default();
            let rest = [blank(), blank(), blank(), purpose];
            ("BIG", [date, number, day, order].into_iter().chain(rest).collect())
        }
        Kind::DispatchAdvice => {
            let time = document.time.clone().unwrap_or_else(|| "0000".to_owned());
            ("BSN", vec![purpose, number, date, time])
        }
    };
    (tag, texts.into_iter().map(Field::from).collect())
}

/// The number and date of what the document is about; where it is about nothing, its own.
fn about(document: &Document, left: &mut Vec<Left>) -> (String, String) {
    let own_date = document.date.clone().unwrap_or_default();
    let Some(about) = &document.about else {
        return (document.number.clone(), own_date);
    };
    let date = about.date.clone().unwrap_or_default();
    let is_wanted = matches!(
        document.kind,
        Kind::OrderAnswer | Kind::OrderChange | Kind::OrderChangeAnswer
    );
    if !is_wanted || !date.is_empty() {
        return (about.number.clone(), date);
    }
    let why = "X12 wants it, so the date of the document stands for it";
    left.push(Left::new(0, "date of the order: not given", why));
    (about.number.clone(), own_date)
}

/// The number of a change, for which X12 has eight characters.
fn sequence(own: Option<String>, left: &mut Vec<Left>) -> String {
    let own = own.unwrap_or_default();
    if own.len() <= 8 {
        return own;
    }
    let why = "X12 has eight characters for the number of a change";
    left.push(Left::new(0, format!("number {own}"), why));
    String::new()
}

fn order_type(document: &Document, left: &mut Vec<Left>) -> String {
    let word = document.order_type.as_deref().unwrap_or("stand_alone");
    code(&ORDER_TYPES, word, "order type", left).unwrap_or_else(|| "SA".to_owned())
}

fn answer(document: &Document, left: &mut Vec<Left>) -> String {
    let word = document.answer.as_deref().unwrap_or("received");
    code(&ANSWERS, word, "answer", left).unwrap_or_else(|| "AK".to_owned())
}

fn or<'a>(text: &'a str, fallback: &'a str) -> &'a str {
    if text.is_empty() { fallback } else { text }
}

/// What stands around the lines: currency, references, dates, free text, parties.
fn around(
    document: &Document,
    bag: &mut Bag<(&'static str, Vec<Field>)>,
    left: &mut Vec<Left>,
) {
    if let Some(currency) = &document.currency {
        let who = match document.kind {
            Kind::RequestForQuote | Kind::Order | Kind::OrderChange => "BY",
            Kind::Quote
            | Kind::OrderAnswer
            | Kind::OrderChangeAnswer
            | Kind::DispatchAdvice
            | Kind::Invoice => "SE",
        };
        bag.push(*b"CUR", vec![("CUR", vec![who.into(), currency.into()])]);
    }
    if let (Kind::Quote, Some(about)) = (document.kind, &document.about)
        && about.number != document.number
    {
        bag.push(*b"REF", vec![("REF", vec!["QR".into(), (&document.number).into()])]);
    }
    for reference in &document.references {
        if let Some(kind) = code(&REFERENCES, &reference.kind, "reference", left) {
            bag.push(
                *b"REF",
                vec![("REF", vec![kind.into(), (&reference.number).into()])],
            );
        }
    }
    for date in &document.dates {
        if let Some(kind) = code(&DATES, &date.kind, "date", left) {
            bag.push(*b"DTM", vec![("DTM", vec![kind.into(), (&date.date).into()])]);
        }
    }
    if !document.notes.is_empty() {
        let mut chunk = vec![("N9", vec!["ZZ".into(), "NOTE".into()])];
        for note in &document.notes {
            chunk.extend(
                pieces(note, 264).into_iter().map(|piece| ("MSG", vec![piece.into()])),
            );
        }
        bag.push(*b"N9 ", chunk);
    }
    for party in &document.parties {
        if let Some(role) = code(&ROLES, &party.role, "party", left) {
            bag.push(*b"N1 ", loop_of(party, role, left));
        }
    }
}

fn loop_of(party: &Party, role: String, left: &mut Vec<Left>) -> Lines {
    let (mut scheme, mut id) = (String::new(), String::new());
    if let Some(own) = &party.id
        && let Some(code) = code(&SCHEMES, &own.scheme, "identifier", left)
    {
        scheme = code;
        id.clone_from(&own.value);
    }
    let mut names = pieces(&party.name, 60).into_iter();
    let first = names.next().unwrap_or_default();
    let mut lines: Lines =
        vec![("N1", vec![role.into(), first.into(), scheme.into(), id.into()])];
    let more: Vec<Field> = names.by_ref().take(2).map(Field::from).collect();
    if names.next().is_some() {
        let what = format!("name of {}", party.name);
        left.push(Left::new(0, what, "N1 and N2 have 180 characters"));
    }
    if party.street.len() > 4 {
        let what = format!("street of {}", party.name);
        left.push(Left::new(0, what, "N3 has four lines"));
    }
    if !more.is_empty() {
        lines.push(("N2", more));
    }
    for pair in party.street.chunks(2).take(2) {
        lines.push(("N3", pair.iter().map(Field::from).collect()));
    }
    let place = [&party.city, &party.region, &party.postal_code, &party.country];
    if place.iter().any(|part| part.is_some()) {
        lines.push(("N4", place.iter().map(|part| part.as_ref().into()).collect()));
    }
    for contact in &party.contacts {
        let mut fields: Vec<Field> = vec!["IC".into(), (&contact.name).into()];
        if let Some(phone) = &contact.phone {
            fields.extend(["TE".into(), phone.into()]);
        }
        if let Some(email) = &contact.email {
            fields.extend(["EM".into(), email.into()]);
        }
        lines.push(("PER", fields));
    }
    lines
}

/// HL: the shipment, the order in it, the items in the order.
fn shipment(
    document: &Document,
    bag: Bag<(&'static str, Vec<Field>)>,
    plan: &segments::Plan,
    all: &mut Lines,
    left: &mut Vec<Left>,
) {
    all.push(("HL", vec!["1".into(), "".into(), "S".into()]));
    all.extend(bag.arrange(plan, &[Tag::of(b"HL ")], 0, left));
    all.push(("HL", vec!["2".into(), "1".into(), "O".into()]));
    if let Some(about) = &document.about {
        let day = about.date.clone().unwrap_or_default();
        let fields = [about.number.as_str(), "", "", day.as_str()];
        all.push(("PRF", fields.map(Field::from).to_vec()));
    }
    for (line, place) in document.lines.iter().zip(3_u32..) {
        all.push(("HL", vec![place.to_string().into(), "2".into(), "I".into()]));
        let mut written =
            x12_lines::write(document, line, plan, &mut Vec::new()).into_iter();
        let Some((_, po1)) = written.next() else {
            continue;
        };
        let mut po1 = po1.into_iter();
        let assigned = po1.next().unwrap_or_else(|| "".into());
        let (quantity, unit) = (po1.next(), po1.next());
        let products = po1.skip(2);
        all.push(("LIN", std::iter::once(assigned.clone()).chain(products).collect()));
        let amounts = [quantity, unit].into_iter().flatten();
        all.push(("SN1", std::iter::once(assigned).chain(amounts).collect()));
        for piece in pieces(line.description.as_deref().unwrap_or_default(), 80) {
            all.push((
                "PID",
                ["F", "", "", "", piece.as_str()].map(Field::from).to_vec(),
            ));
        }
        for (what, count) in [
            ("dates of a line", line.dates.len()),
            ("references of a line", line.references.len()),
            ("notes of a line", line.notes.len()),
            ("price of a line", usize::from(line.price.is_some())),
        ] {
            if count > 0 {
                left.push(Left::new(0, what, "a dispatch advice carries the goods only"));
            }
        }
    }
}

/// Cuts a text into pieces of at most `most` characters, at blanks where there are some.
pub(super) fn pieces(text: &str, most: usize) -> Vec<String> {
    let mut all = Vec::new();
    let mut open = String::new();
    for word in text.split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        for chunk in letters.chunks(most) {
            let chunk: String = chunk.iter().collect();
            let together = open.chars().count().saturating_add(chunk.chars().count());
            if !open.is_empty() && together.saturating_add(1) > most {
                all.push(std::mem::take(&mut open));
            }
            if !open.is_empty() {
                open.push(' ');
            }
            open.push_str(&chunk);
        }
    }
    if !open.is_empty() {
        all.push(open);
    }
    all
}
