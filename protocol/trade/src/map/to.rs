//! Documents into interchanges.

use segments::{Plan, Release};
use serde_json::{Value, json};

use super::account::Account;
use super::arrange::arrange;
use super::levels::{self, Origins};
use super::write::{Writer, Written};
use super::{KINDS, Left, Mapped, pointer, rules};
use crate::codes::Dialect;
use crate::{Amount, Document, Kind, Line};

/// Writes a document as an X12 set of the release that the envelope names, `004010` or `005010`,
/// in an interchange of its own.
pub fn to_x12(document: &Document, envelope: &x12::Envelope) -> Mapped<Vec<u8>> {
    let names = names(document.kind);
    let today = &envelope.stamp.date;
    let release = x12::release(&envelope.version);
    let Some((release, plan)) = release.and_then(|own| Some((own, own.plan(names.1)?)))
    else {
        return nothing("the tables of this X12 release are missing");
    };
    let (segments, left) = body(document, Dialect::X12, (release, plan), today);
    let mut draft = x12::Draft::default();
    for segment in segments {
        let fields = elements(&segment).into_iter().map(|mut parts| {
            if parts.len() > 1 {
                x12::Field::Parts(parts)
            } else {
                x12::Field::One(parts.pop().unwrap_or_default())
            }
        });
        draft.segment(segment.tag, fields.collect());
    }
    let set = draft.as_set(names.1, envelope.numbers.set);
    let bytes = set.as_group(names.2, 1, envelope).write(1, envelope);
    Mapped { outcome: bytes, left }
}

/// Writes a document as an EDIFACT message of D.96A, in an interchange of its own.
pub fn to_edifact(document: &Document, envelope: &edifact::Envelope) -> Mapped<Vec<u8>> {
    to_edifact_of(document, envelope, "96A")
}

/// Writes a document as an EDIFACT message of a directory: `96A` or `01B`.
pub fn to_edifact_of(
    document: &Document,
    envelope: &edifact::Envelope,
    directory: &str,
) -> Mapped<Vec<u8>> {
    let names = names(document.kind);
    let release = edifact::release(directory, 3);
    let Some((release, plan)) = release.and_then(|own| Some((own, own.plan(names.3)?)))
    else {
        return nothing("the tables of this EDIFACT directory are missing");
    };
    let today = &envelope.stamp.date;
    let (segments, left) = body(document, Dialect::Edifact, (release, plan), today);
    let mut draft = edifact::Draft::default();
    for segment in segments {
        draft.segment(segment.tag, elements(&segment));
    }
    let message = draft.as_message([names.3, "D", directory, "UN"], "1");
    Mapped { outcome: message.write(1, envelope), left }
}

fn names(kind: Kind) -> (Kind, &'static str, &'static str, &'static str) {
    let found = KINDS.iter().find(|(own, ..)| *own == kind).copied();
    found.unwrap_or((Kind::Order, "850", "PO", "ORDERS"))
}

fn nothing(why: &str) -> Mapped<Vec<u8>> {
    let left = Left { what: "all of it".into(), why: why.into(), ..Left::default() };
    Mapped { outcome: Vec::new(), left: vec![left] }
}

fn elements(segment: &Written) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = Vec::new();
    for ((element, part), text) in &segment.texts {
        all.resize(all.len().max(*element), Vec::new());
        if let Some(parts) = element.checked_sub(1).and_then(|place| all.get_mut(place)) {
            parts.resize(parts.len().max(*part), String::new());
            if let Some(slot) = part.checked_sub(1).and_then(|place| parts.get_mut(place))
            {
                slot.clone_from(text);
            }
        }
    }
    all
}

fn body(
    document: &Document,
    dialect: Dialect,
    (release, plan): (&'static Release, &'static Plan),
    today: &str,
) -> (Vec<Written>, Vec<Left>) {
    let (mut document, mut left) = (document.clone().tidy(), Vec::new());
    if document.kind == Kind::DispatchAdvice && dialect == Dialect::X12 {
        (document, left) = one_order_a_package(document);
    }
    let (document, added) = complete(document, dialect, today);
    left.extend(added);
    let Ok(mut value) = serde_json::to_value(&document) else {
        return (Vec::new(), vec![Left::of_field("", None, "it cannot be told".into())]);
    };
    let mut origins = Origins::new();
    if document.kind == Kind::DispatchAdvice {
        let (levels, from) = match dialect {
            Dialect::X12 => levels::x12(&document, &value),
            Dialect::Edifact => levels::edifact(&document, &value),
        };
        origins = from;
        pointer::set(&mut value, "/levels", levels);
    }
    let (_, kind, _, _) = names(document.kind);
    let mut writer = Writer::new(dialect, (&plan.set, kind), release, &value);
    let count = match (dialect, document.kind) {
        (Dialect::X12, Kind::DispatchAdvice) => pointer::length(&value, "/levels"),
        _ => document.lines.len(),
    };
    let side = match document.kind {
        Kind::RequestForQuote | Kind::Order | Kind::OrderChange => "BY",
        Kind::Quote
        | Kind::OrderAnswer
        | Kind::OrderChangeAnswer
        | Kind::DispatchAdvice
        | Kind::Invoice => "SE",
    };
    writer.computed.insert("count", count.to_string());
    if document.currency.is_some() {
        writer.computed.insert("currency_side", side.to_owned());
    }
    let written = writer.write(rules::rules(dialect), "");
    let arranged = arrange(plan, written);
    let mut account = Account { origins, ..Account::default() };
    for claim in &arranged.claims {
        account.carry(&claim.pointer, claim.changed.as_ref());
    }
    account.pieces(&value, writer.cut_texts(), &arranged.pieces);
    for (at, (why, mend)) in &writer.reasons {
        account.reason(at, why, mend);
    }
    for (at, why) in &arranged.turned_away {
        account.reason(at, why, "");
    }
    if let Some(fields) = value.as_object_mut() {
        fields.remove("levels");
    }
    let set = format!("{} {}", dialect.name(), plan.set);
    left.extend(account.close(&document, &value, &set));
    (arranged.segments, left)
}

/// Adds what the dialects cannot do without, and tells so.
fn complete(
    mut document: Document,
    dialect: Dialect,
    today: &str,
) -> (Document, Vec<Left>) {
    let mut left = Vec::new();
    let mut told = |path: &str, becomes: Value, why: &str| {
        let own = Left::of_field(&pointer::of_shown(path), None, why.to_owned());
        left.push(Left { mend: format!("give {path}"), becomes: Some(becomes), ..own });
    };
    if document.number.is_empty() {
        "NONE".clone_into(&mut document.number);
        told("number", json!("NONE"), "a document must have a number");
    }
    if document.date.is_none() {
        let day = super::moments::read_day(today);
        told("date", json!(day), "a document must have a date; today's stands for it");
        document.date = Some(day);
    }
    let is_day = |date: &String| super::moments::day(date).is_ok();
    if dialect == Dialect::X12 && !document.date.as_ref().is_some_and(is_day) {
        let day = super::moments::read_day(today);
        told("date", json!(day), "X12 demands a day; today stands for it");
        document.date = Some(day);
    }
    let answers = matches!(document.kind, Kind::OrderAnswer | Kind::OrderChangeAnswer);
    if answers && document.answer.is_none() && dialect == Dialect::X12 {
        document.answer = Some("received".to_owned());
        told("answer", json!("received"), "X12 demands an answer");
    }
    if dialect == Dialect::X12 {
        let orders = matches!(document.kind, Kind::Order | Kind::OrderChange);
        let fields = [
            ("purpose", Some(&mut document.purpose), "purpose", "original"),
            (
                "order_type",
                document.order_type.as_mut().filter(|_| orders),
                "order_type",
                "stand_alone",
            ),
            (
                "answer",
                document.answer.as_mut().filter(|_| answers),
                "answer",
                "received",
            ),
        ];
        for (path, own, list, stand_in) in fields {
            let Some(own) = own else {
                continue;
            };
            if crate::codes::list(list).code(dialect, own).is_none() {
                stand_in.clone_into(own);
                told(path, json!(stand_in), "X12 has no code for it and demands one");
            }
        }
    }
    if document.lines.is_empty() && document.kind != Kind::DispatchAdvice {
        document.lines.push(Line { number: "1".into(), ..Line::default() });
        told("lines", json!([{ "number": "1" }]), "a document must have lines");
    }
    for place in 0..document.lines.len() {
        let Some(line) = document.lines.get_mut(place) else {
            continue;
        };
        let digits = line.number.len() <= 6
            && line.number.bytes().all(|byte| byte.is_ascii_digit());
        if line.number.is_empty() || (dialect == Dialect::Edifact && !digits) {
            line.number = place.saturating_add(1).to_string();
            let path = format!("lines[{place}].number");
            told(
                &path,
                json!(line.number),
                "a line must have a number, in EDIFACT of up to six digits",
            );
        }
    }
    if document.kind == Kind::Invoice && document.amount("total").is_none() {
        let sum = document.sum();
        told_total(&mut document, sum, &mut left);
    }
    (document, left)
}

fn told_total(document: &mut Document, sum: crate::Sum, left: &mut Vec<Left>) {
    let amount = sum.total.normalize();
    document.amounts.push(Amount { kind: "total".to_owned(), amount });
    let why = if sum.is_whole {
        "an invoice must have a total; that of its lines, charges and taxes stands for it"
    } else {
        "an invoice must have a total; that of what can be added up stands for it, without the \
         lines whose price is for other units than those that they count"
    };
    let becomes = serde_json::to_value(&document.amounts).ok();
    let own = Left::of_field("/amounts", None, why.to_owned());
    left.push(Left { mend: "give the amount of kind total".into(), becomes, ..own });
}

/// X12 nests packages in orders: all that is in a package belongs to the order of its first line.
fn one_order_a_package(document: Document) -> (Document, Vec<Left>) {
    let mut fixed = document.clone();
    for (line, own) in fixed.lines.iter_mut().zip(&document.lines) {
        let Some(mut package) = own.package.as_ref() else {
            continue;
        };
        for _ in 0..16 {
            let outer = document.packages.iter().find(|outer| outer.number == *package);
            match outer.and_then(|outer| outer.parent.as_ref()) {
                Some(outer) => package = outer,
                None => break,
            }
        }
        line.order = document.order_in(package, 0);
    }
    let fixed = fixed.tidy();
    let mut left = Vec::new();
    let (Ok(before), Ok(after)) =
        (serde_json::to_value(&document), serde_json::to_value(&fixed))
    else {
        return (document, left);
    };
    for field in ["about", "references", "lines", "packages"] {
        let becomes = after.get(field).cloned().unwrap_or_default();
        if before.get(field) != after.get(field) {
            let why = "a package of X12 belongs to one order".to_owned();
            let own = Left::of_field(&format!("/{field}"), None, why);
            let mend = "pack each order by itself".to_owned();
            left.push(Left { becomes: Some(becomes), mend, ..own });
        }
    }
    (fixed, left)
}
