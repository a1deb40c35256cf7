//! Lines in X12: PO1, POC, IT1, LIN with SN1.

use rust_decimal::Decimal;
use segments::{Broken, Plan, Tag};
use x12::Field;

use super::bag::Bag;
use super::sheet::Row;
use super::{Left, push_date};
use crate::codes::{
    CHANGES, DATES, Dialect, LINE_ANSWERS, PRODUCTS, REFERENCES, UNITS, Words,
};
use crate::{Document, Kind, Line, Product, Reference};

const X12: Dialect = Dialect::X12;
/// The plain price of one unit.
const EACH: &str = "PE";

pub(super) fn read(row: &Row) -> Result<Line, Broken> {
    let mut line = Line { number: row.take(1), ..Line::default() };
    let first = if row.tag == "POC" {
        line.change = Some(CHANGES.word(X12, &row.take(2)));
        line.quantity = row.number(3, 1)?;
        if row.number(4, 1)? != line.quantity {
            line.confirmed = row.number(4, 1)?;
        }
        line.unit = UNITS.word(X12, &row.take(5));
        line.price = row.number(6, 1)?;
        line.price_basis = row.some(7).filter(|basis| basis != EACH);
        8
    } else {
        line.quantity = row.number(2, 1)?;
        line.unit = row.some(3).map(|unit| UNITS.word(X12, &unit)).unwrap_or_default();
        line.price = row.number(4, 1)?;
        line.price_basis = row.some(5).filter(|basis| basis != EACH);
        6
    };
    products(&mut line, row, first);
    Ok(line)
}

/// A line of a dispatch advice; SN1 brings its quantity.
pub(super) fn item(row: &Row) -> Line {
    let mut line = Line { number: row.take(1), ..Line::default() };
    products(&mut line, row, 2);
    line
}

fn products(line: &mut Line, row: &Row, first: usize) {
    for element in (first..=row.len()).step_by(2) {
        let (kind, value) = (row.take(element), row.take(element.saturating_add(1)));
        if !value.is_empty() {
            line.products.push(Product { kind: PRODUCTS.word(X12, &kind), value });
        }
    }
}

pub(super) fn extend(line: &mut Line, row: &Row) -> Result<(), Broken> {
    match row.tag.as_str() {
        "SN1" => {
            let _ = row.take(1);
            line.quantity = row.number(2, 1)?;
            line.unit = UNITS.word(X12, &row.take(3));
        }
        "PID" if row.take(1) == "F" => {
            let more = row.take(5);
            line.description = Some(match line.description.take() {
                Some(own) => format!("{own} {more}"),
                None => more,
            });
        }
        "ACK" if line.answer.is_none() => {
            line.answer = Some(LINE_ANSWERS.word(X12, &row.take(1)));
            line.confirmed = row.number(2, 1)?;
            if row.some(3).is_some_and(|unit| UNITS.word(X12, &unit) != line.unit) {
                line.unit = UNITS.word(X12, &row.take(3));
            }
            push_date(&mut line.dates, DATES.word(X12, &row.take(4)), row.take(5));
        }
        "DTM" => push_date(&mut line.dates, DATES.word(X12, &row.take(1)), row.take(2)),
        "REF" => {
            let kind = REFERENCES.word(X12, &row.take(1));
            line.references.push(Reference { kind, number: row.take(2), date: None });
        }
        "MSG" => line.notes.extend(row.some(1)),
        _ => {}
    }
    Ok(())
}

/// The code for a word, or nothing and a note in `left`.
pub(super) fn code(
    words: &Words,
    word: &str,
    what: &str,
    left: &mut Vec<Left>,
) -> Option<String> {
    let found = words.code(X12, word).map(std::borrow::Cow::into_owned);
    if found.is_none() {
        left.push(Left::new(0, format!("{what} {word}"), "X12 has no code for it here"));
    }
    found
}

pub(super) fn number(value: Decimal) -> String {
    value.normalize().to_string()
}

/// Writes a line: its first segment, then what belongs to it, in the order of the plan.
pub(super) fn write(
    document: &Document,
    line: &Line,
    plan: &Plan,
    left: &mut Vec<Left>,
) -> Vec<(&'static str, Vec<Field>)> {
    let unit = code(&UNITS, &line.unit, "unit", left).unwrap_or_default();
    let lead = match document.kind {
        Kind::OrderChange | Kind::OrderChangeAnswer => "POC",
        Kind::Invoice => "IT1",
        Kind::RequestForQuote
        | Kind::Quote
        | Kind::Order
        | Kind::OrderAnswer
        | Kind::DispatchAdvice => "PO1",
    };
    let quantity = line.quantity.map(number).unwrap_or_default();
    let price = line.price.map(number).unwrap_or_default();
    let basis = match (&line.price_basis, line.price) {
        (Some(basis), _) if basis.len() == 2 => basis.clone(),
        (Some(basis), Some(_)) => {
            let what = format!("price basis {basis}");
            left.push(Left::new(0, what, "X12 has no code for it here"));
            EACH.to_owned()
        }
        (_, Some(_)) => EACH.to_owned(),
        (_, None) => String::new(),
    };
    let mut fields: Vec<Field> = vec![(&line.number).into()];
    if lead == "POC" {
        let change = line.change.as_deref().unwrap_or("changed");
        fields.push(code(&CHANGES, change, "change", left).unwrap_or_default().into());
        let open = line.confirmed.map_or_else(|| quantity.clone(), number);
        fields.extend([quantity.clone().into(), open.into()]);
    } else {
        fields.push(quantity.clone().into());
    }
    fields.extend([unit.clone().into(), price.into(), basis.into()]);
    for product in line.products.iter().take(10) {
        if let Some(kind) = code(&PRODUCTS, &product.kind, "product identifier", left) {
            fields.extend([kind.into(), (&product.value).into()]);
        }
    }
    if line.products.len() > 10 {
        let what = format!("product identifiers of line {}", line.number);
        left.push(Left::new(0, what, "a line of X12 has ten"));
    }
    let mut all = vec![(lead, fields)];
    let mut bag = Bag::new();
    describe(line, &mut bag);
    let mut dates: Vec<&crate::DateOf> = line.dates.iter().collect();
    if document.kind == Kind::OrderAnswer {
        let status = line.answer.as_deref().unwrap_or("accepted");
        let status = code(&LINE_ANSWERS, status, "answer", left).unwrap_or_default();
        let confirmed = line.confirmed.map_or(quantity, number);
        let mut ack: Vec<Field> = vec![status.into(), confirmed.into(), unit.into()];
        if let Some((first, rest)) = dates.split_first() {
            if let Some(kind) = code(&DATES, &first.kind, "date", left) {
                ack.extend([kind.into(), (&first.date).into()]);
            }
            dates = rest.to_vec();
        }
        bag.push(*b"ACK", vec![("ACK", ack)]);
    }
    for date in dates {
        if let Some(kind) = code(&DATES, &date.kind, "date", left) {
            bag.push(*b"DTM", vec![("DTM", vec![kind.into(), (&date.date).into()])]);
        }
    }
    for reference in &line.references {
        if let Some(kind) = code(&REFERENCES, &reference.kind, "reference", left) {
            bag.push(
                *b"REF",
                vec![("REF", vec![kind.into(), (&reference.number).into()])],
            );
        }
    }
    for note in &line.notes {
        bag.push(*b"MSG", vec![("MSG", vec![note.into()])]);
    }
    let scope = [Tag::read(lead.as_bytes())];
    all.extend(bag.arrange(plan, &scope, 0, left));
    all
}

/// PID, up to 80 characters each.
fn describe(line: &Line, bag: &mut Bag<(&'static str, Vec<Field>)>) {
    for piece in
        super::to_x12::pieces(line.description.as_deref().unwrap_or_default(), 80)
    {
        let fields = ["F", "", "", "", piece.as_str()].map(Field::from).to_vec();
        bag.push(*b"PID", vec![("PID", fields)]);
    }
}
