//! Sheets as files: what they say, whatever they are of.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use print::{Seal, Sheet, pdf};
use proptest::prelude::*;
use rust_decimal::Decimal;
use segments::Language;
use trade::{Amount, DateOf, Document, Kind, Line, Note, Party, Product};

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn party(role: &str, name: &str) -> Party {
    Party {
        role: role.to_owned(),
        name: name.to_owned(),
        street: vec!["Überseering 12".to_owned()],
        city: Some("Bremen".to_owned()),
        postal_code: Some("28195".to_owned()),
        country: Some("DE".to_owned()),
        ..Party::default()
    }
}

fn line(at: usize) -> Line {
    let (before, off) = (number("12.50"), at.is_multiple_of(3));
    Line {
        number: at.to_string(),
        quantity: Some(Decimal::from(at)),
        unit: "EA".to_owned(),
        price: Some(if off { number("11.25") } else { before }),
        products: vec![Product {
            kind: "vendor".to_owned(),
            value: format!("GATE-{at}"),
        }],
        description: Some(format!("Gateway {at}, 48 ports, rack kit")),
        dates: vec![DateOf {
            kind: "promised".to_owned(),
            date: "2026-12-02".to_owned(),
        }],
        notes: off
            .then(|| Note { text: format!("{before} - 10 %"), ..Note::default() })
            .into_iter()
            .collect(),
        ..Line::default()
    }
}

fn quote(lines: usize) -> Document {
    let mut document = Document {
        kind: Kind::Quote,
        number: "Q-261123-7KD2A".to_owned(),
        date: Some("2026-11-23".to_owned()),
        currency: Some("EUR".to_owned()),
        dates: vec![DateOf { kind: "expiry".to_owned(), date: "2026-12-23".to_owned() }],
        parties: vec![
            party("seller", "Nordwind Systeme GmbH"),
            party("buyer", "Atelier Ñandú"),
        ],
        notes: vec![Note {
            text: "Free on board Bremen.\nPayment within 30 days.".to_owned(),
            ..Note::default()
        }],
        lines: (1..=lines).map(line).collect(),
        ..Document::default()
    };
    let total = document.sum().total;
    document.amounts = vec![Amount { kind: "total".to_owned(), amount: total }];
    document
}

const HASH: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

fn sheet(document: &Document, language: Language) -> Vec<u8> {
    pdf(&Sheet { document, language, seal: Seal::Sha256(HASH) }).unwrap()
}

#[test]
fn the_same_sheet_makes_the_same_bytes() {
    let document = quote(40);
    assert_eq!(sheet(&document, Language::French), sheet(&document, Language::French));
    assert_ne!(sheet(&document, Language::French), sheet(&document, Language::Spanish));
    assert_ne!(sheet(&document, Language::French), sheet(&quote(41), Language::French));
}

#[test]
fn every_kind_of_document_is_printed_even_an_empty_one() {
    for kind in Kind::ALL {
        let bytes = sheet(&Document { kind, ..quote(3) }, Language::English);
        assert!(bytes.starts_with(b"%PDF-1.7"));
        let bare = Document { kind, ..Document::default() };
        assert!(sheet(&bare, Language::Spanish).starts_with(b"%PDF-1.7"));
    }
}

proptest! {
    /// Any text can be printed: it becomes a file that is valid PDF/A-2a and PDF/UA-1, or
    /// the writer would refuse it.
    #[test]
    fn property_any_text_is_printed(
        name in any::<String>(), words in "\\PC{0,400}", term in any::<String>(),
        quantity in any::<i64>(), scale in 0..=9_u32,
    ) {
        let mut document = quote(2);
        document.number.clone_from(&term);
        document.parties[0].name = name;
        document.notes[0].text = term;
        document.lines[0].description = Some(words);
        document.lines[0].quantity = Some(Decimal::new(quantity, scale));
        sheet(&document, Language::English);
    }
}
