//! Lines in EDIFACT: LIN and what follows it.

use segments::{Broken, Plan, Tag};

use super::bag::Bag;
use super::from_edifact::{date, note};
use super::sheet::Row;
use super::to_x12::pieces;
use super::x12_lines::number;
use super::{Left, push_date};
use crate::codes::{
    CHANGES, DATES, Dialect, LINE_ANSWERS, PRODUCTS, REFERENCES, UNITS, Words,
};
use crate::{Document, Kind, Line, Product, Reference};

const EDIFACT: Dialect = Dialect::Edifact;

/// One element after the other, each as its components.
pub(super) type Elements = Vec<Vec<String>>;
/// A segment to write.
pub(super) type Written = (&'static str, Elements);

/// 6063: the quantity that a kind of document is about.
fn main_quantity(kind: Kind) -> &'static str {
    match kind {
        Kind::DispatchAdvice => "12",
        Kind::Invoice => "47",
        Kind::RequestForQuote
        | Kind::Quote
        | Kind::Order
        | Kind::OrderAnswer
        | Kind::OrderChange
        | Kind::OrderChangeAnswer => "21",
    }
}

pub(super) fn read(kind: Kind, row: &Row) -> Line {
    let mut line = Line { number: row.take(1), ..Line::default() };
    let action = row.some(2);
    match kind {
        Kind::OrderAnswer => {
            line.answer = action.map(|code| LINE_ANSWERS.word(EDIFACT, &code));
        }
        Kind::OrderChange | Kind::OrderChangeAnswer => {
            line.change = action.map(|code| CHANGES.word(EDIFACT, &code));
        }
        Kind::RequestForQuote
        | Kind::Quote
        | Kind::Order
        | Kind::DispatchAdvice
        | Kind::Invoice => {}
    }
    product(&mut line, row, 3);
    line
}

fn product(line: &mut Line, row: &Row, element: usize) {
    let (value, kind) = (row.part(element, 1), row.part(element, 2));
    if !value.is_empty() {
        line.products.push(Product { kind: PRODUCTS.word(EDIFACT, &kind), value });
    }
}

pub(super) fn extend(kind: Kind, line: &mut Line, row: &Row) -> Result<(), Broken> {
    match row.tag.as_str() {
        "PIA" => {
            let _ = row.take(1);
            (2..=6).for_each(|element| product(line, row, element));
        }
        "IMD" => {
            let _ = row.take(1);
            let text = [row.part(3, 4), row.part(3, 5)].join("");
            line.description = Some(match line.description.take() {
                Some(own) => format!("{own} {text}"),
                None => text,
            });
        }
        "QTY" => {
            let code = row.part(1, 1);
            if code == main_quantity(kind) || (code == "1" && line.quantity.is_none()) {
                line.quantity = row.number(1, 2)?;
            } else if code == "113" {
                line.confirmed = row.number(1, 2)?;
            } else {
                return Ok(());
            }
            if let Some(unit) = row.some_part(1, 3) {
                line.unit = UNITS.word(EDIFACT, &unit);
            }
        }
        "PRI" => {
            let code = row.part(1, 1);
            line.price = row.number(1, 2)?;
            line.price_basis = Some(code).filter(|code| code != "AAA");
        }
        "DTM" => {
            let (kind, day) = date(row);
            push_date(&mut line.dates, kind, day);
        }
        "RFF" => {
            let kind = REFERENCES.word(EDIFACT, &row.part(1, 1));
            line.references.push(Reference { kind, number: row.part(1, 2), date: None });
        }
        "FTX" => line.notes.extend(note(row)),
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
    let found = words.code(EDIFACT, word).map(std::borrow::Cow::into_owned);
    if found.is_none() {
        left.push(Left::new(
            0,
            format!("{what} {word}"),
            "EDIFACT has no code for it here",
        ));
    }
    found
}

pub(super) fn one(text: &str) -> Vec<String> {
    vec![text.to_owned()]
}

pub(super) fn parts<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}

/// FTX with up to five lines of 70 characters each.
pub(super) fn free_text(text: &str) -> Vec<Written> {
    let lines = pieces(text, 70);
    let chunks = lines.chunks(5);
    let ftx =
        |lines: &[String]| ("FTX", vec![one("AAI"), vec![], vec![], lines.to_vec()]);
    chunks.map(ftx).collect()
}

pub(super) fn day(code: &str, day: &str) -> Written {
    ("DTM", vec![parts([code, day, "102"])])
}

/// Writes a line: LIN, then what belongs to it, in the order of the plan.
pub(super) fn write(
    document: &Document,
    line: &Line,
    place: usize,
    plan: &Plan,
    scope: &[Tag],
    left: &mut Vec<Left>,
) -> Vec<Written> {
    let mut products = Vec::new();
    for product in &line.products {
        if let Some(kind) = code(&PRODUCTS, &product.kind, "product identifier", left) {
            products.push(parts([product.value.as_str(), kind.as_str()]));
        }
    }
    let action = match document.kind {
        Kind::OrderAnswer => line.answer.as_deref().map(|word| (&LINE_ANSWERS, word)),
        Kind::OrderChange | Kind::OrderChangeAnswer => {
            line.change.as_deref().map(|word| (&CHANGES, word))
        }
        Kind::RequestForQuote
        | Kind::Quote
        | Kind::Order
        | Kind::DispatchAdvice
        | Kind::Invoice => None,
    };
    let action = action.and_then(|(words, word)| code(words, word, "line answer", left));
    let given =
        line.number.len() <= 6 && line.number.bytes().all(|byte| byte.is_ascii_digit());
    let number_of = if given && !line.number.is_empty() {
        line.number.clone()
    } else {
        if !line.number.is_empty() {
            let what = format!("line number {}", line.number);
            left.push(Left::new(0, what, "a line number of EDIFACT is up to six digits"));
        }
        place.to_string()
    };
    let mut products = products.into_iter();
    let first = products.next().unwrap_or_default();
    let mut all: Vec<Written> =
        vec![("LIN", vec![vec![number_of], one(&action.unwrap_or_default()), first])];
    let mut bag = Bag::new();
    let others: Vec<Vec<String>> = products.collect();
    for five in others.chunks(5) {
        let pia = std::iter::once(one("1")).chain(five.iter().cloned()).collect();
        bag.push(*b"PIA", vec![("PIA", pia)]);
    }
    for text in pieces(line.description.as_deref().unwrap_or_default(), 70) {
        let (head, tail): (Vec<char>, Vec<char>) = {
            let letters: Vec<char> = text.chars().collect();
            let (head, tail) = letters.split_at_checked(35).unwrap_or((&letters, &[]));
            (head.to_vec(), tail.to_vec())
        };
        let (head, tail) = (String::from_iter(head), String::from_iter(tail));
        let imd =
            vec![one("F"), vec![], parts(["", "", "", head.as_str(), tail.as_str()])];
        bag.push(*b"IMD", vec![("IMD", imd)]);
    }
    amounts(document.kind, line, &mut bag, left);
    for date in &line.dates {
        if let Some(kind) = code(&DATES, &date.kind, "date", left) {
            bag.push(*b"DTM", vec![day(&kind, &date.date)]);
        }
    }
    for reference in &line.references {
        if let Some(kind) = code(&REFERENCES, &reference.kind, "reference", left) {
            bag.push(*b"RFF", vec![("RFF", vec![parts([&kind, &reference.number])])]);
        }
    }
    for ftx in line.notes.iter().flat_map(|note| free_text(note)) {
        bag.push(*b"FTX", vec![ftx]);
    }
    all.extend(bag.arrange(plan, scope, 0, left));
    all
}

fn amounts(kind: Kind, line: &Line, bag: &mut Bag<Written>, left: &mut Vec<Left>) {
    let unit = if line.unit.is_empty() {
        String::new()
    } else {
        code(&UNITS, &line.unit, "unit", left).unwrap_or_default()
    };
    for (code, quantity) in
        [(main_quantity(kind), line.quantity), ("113", line.confirmed)]
    {
        if let Some(quantity) = quantity {
            let qty = parts([code, number(quantity).as_str(), unit.as_str()]);
            bag.push(*b"QTY", vec![("QTY", vec![qty])]);
        }
    }
    if let Some(price) = line.price {
        let basis = match line.price_basis.as_deref() {
            Some(basis) if basis.len() == 3 => basis,
            Some(basis) => {
                let what = format!("price basis {basis}");
                left.push(Left::new(0, what, "EDIFACT has no code for it here"));
                "AAA"
            }
            None => "AAA",
        };
        bag.push(*b"PRI", vec![("PRI", vec![parts([basis, number(price).as_str()])])]);
    }
}
