//! Another program (pypdf) reads the sheets: what it finds is what the document says.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use print::{Seal, Sheet, pdf};
use rust_decimal::Decimal;
use segments::Language;
use serde_json::Value;
use trade::{Amount, Document, Kind, Line, Note, Origins, Party, Product};

const HASH: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/// What the reader tells of a sheet; none without the reader.
fn read(document: &Document, language: Language) -> Option<Value> {
    let Some(python) = std::env::var_os("ENTENTE_TEST_PYTHON") else {
        assert!(std::env::var_os("CI").is_none(), "ENTENTE_TEST_PYTHON is needed");
        return None;
    };
    let bytes = pdf(&Sheet { document, language, seal: Seal::Sha256(HASH) }).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/peers/print/read.py");
    let mut child = Command::new(python)
        .args(["-W", "ignore", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut ask = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || ask.write_all(&bytes));
    let told = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(told.status.success(), "pypdf did not read it");
    Some(serde_json::from_slice(&told.stdout).unwrap())
}

/// Without the spaces: readers guess them from gaps.
fn dense(text: &str) -> String {
    text.chars().filter(|it| !it.is_whitespace()).collect()
}

fn pages(told: &Value) -> Vec<String> {
    let pages = told["pages"].as_array().unwrap();
    pages.iter().map(|it| dense(it.as_str().unwrap())).collect()
}

fn line(at: usize) -> Line {
    let price = Decimal::new(i64::try_from(at * 37 + 1).unwrap(), 2);
    Line {
        number: at.to_string(),
        quantity: Some(Decimal::from(at)),
        unit: "EA".to_owned(),
        price: Some(price),
        products: vec![Product { kind: "vendor".to_owned(), value: format!("GATE{at}") }],
        description: Some(format!("Gateway number {at}")),
        ..Line::default()
    }
}

fn quote(lines: Vec<Line>) -> Document {
    let party = |role: &str, name: &str| Party {
        role: role.to_owned(),
        name: name.to_owned(),
        ..Party::default()
    };
    let mut document = Document {
        kind: Kind::Quote,
        number: "Q-261123-7KD2A".to_owned(),
        date: Some("2026-11-23".to_owned()),
        currency: Some("EUR".to_owned()),
        parties: vec![party("seller", "Nordwind"), party("buyer", "Atelier Ñandú")],
        notes: vec![Note { text: "Free on board Bremen".to_owned(), ..Note::default() }],
        lines,
        ..Document::default()
    };
    let total = document.sum().total;
    document.amounts = vec![Amount { kind: "total".to_owned(), amount: total }];
    document
}

#[test]
fn every_line_and_every_amount_is_read_back_in_each_language_also_of_a_thousand_lines() {
    let sizes =
        [(Language::English, 60), (Language::French, 1_000), (Language::Spanish, 1)];
    for (language, count) in sizes {
        let document = quote((1..=count).map(line).collect());
        let Some(told) = read(&document, language) else { return };
        let pages = pages(&told);
        let all = pages.concat();
        let number = |it: Decimal| dense(&trade::number(language, it, 2));
        for own in &document.lines {
            // In the order of reading: the number, the words, the code, how many, the price,
            // the amount.
            let worth = number(own.worth(2).unwrap());
            let price = number(own.price.unwrap());
            let name = format!("{}Gatewaynumber{}", own.number, own.number);
            let (_, rest) = all.split_once(&name).expect(&name);
            let row: String = rest.chars().take(120).collect();
            assert!(row.contains(&format!("GATE{}", own.number)), "{name}: {row}");
            assert!(row.contains(&format!("{price}{worth}")), "{name}: {row}");
        }
        let total = number(document.sum().total);
        assert!(all.contains(&format!("{total}EUR")), "{total}");
        let last = pages.len();
        for (at, page) in (1..).zip(&pages) {
            let words = match language {
                Language::English => format!("Page{at}of{last}"),
                Language::French => format!("Page{at}sur{last}"),
                Language::Spanish => format!("Página{at}de{last}"),
            };
            assert!(page.contains(&words), "{words}");
            assert!(page.contains(HASH), "page {at} does not tell the hash");
            let view = trade::view(&document, &Origins::default(), language);
            let head = view.sections.iter().find(|it| it.key == "lines").unwrap();
            let product = dense(&head.columns[1]);
            // All but a last page of totals alone repeat the head.
            assert!(at == last || page.contains(&product), "page {at}: no head");
        }
        assert_eq!(told["language"], language.tag());
        assert_eq!(told["marked"], true);
        let xmp = told["xmp"].as_str().unwrap();
        assert!(xmp.contains("<pdfaid:part>2<") && xmp.contains("<pdfuaid:part>1<"));
        // The table is one table: a row a line and one of heads, five cells each.
        assert_eq!(told["kinds"]["/Table"], 1);
        assert_eq!(told["kinds"]["/TR"], count + 1);
        assert_eq!(told["kinds"]["/TH"], 5);
        assert_eq!(told["kinds"]["/TD"], 5 * count);
    }
}

#[test]
fn hostile_words_are_read_back_letter_by_letter() {
    let cases = [
        ("Žluťoučký kůň Ωμέγα Щука", "Žluťoučký kůň Ωμέγα Щука"),
        ("1\u{202e}001\u{7}", "1‹U+202E›001‹U+0007›"),
        ("中文 gate", "‹U+4E2D U+6587› gate"),
        ("a😀b", "a😀b"),
        ("\u{e000}\u{fffe}", "‹U+E000 U+FFFE›"),
    ];
    for (given, expected) in cases {
        let own = Line { description: Some((*given).to_owned()), ..line(1) };
        let mut document = quote(vec![own]);
        document.parties[1].name = (*given).to_owned();
        let Some(told) = read(&document, Language::English) else { return };
        let all = pages(&told).concat();
        let found = all.matches(&dense(expected)).count();
        assert_eq!(found, 2, "{given}: {all}");
    }
}

#[test]
fn a_word_without_end_goes_over_lines_and_loses_no_letter() {
    let word = "Ðonaudampfschiff".repeat(300);
    let own = Line { description: Some(word.clone()), ..line(1) };
    let mut document = quote(vec![own]);
    document.notes[0].text.clone_from(&word);
    let Some(told) = read(&document, Language::English) else { return };
    let pages = pages(&told);
    assert!(pages.len() > 1);
    let letters = pages.concat().matches('Ð').count();
    assert_eq!(letters, 600, "300 in the line, 300 in the note");
}

#[test]
fn words_from_right_to_left_are_all_there() {
    let own = Line { description: Some("שלום עולם".to_owned()), ..line(1) };
    let Some(told) = read(&quote(vec![own]), Language::English) else { return };
    let all = pages(&told).concat();
    let letters = |text: &str| {
        let mut own: Vec<char> = text.chars().filter(|it| *it >= '\u{5d0}').collect();
        own.retain(|it| *it <= '\u{5ea}');
        own.sort_unstable();
        own
    };
    assert_eq!(letters(&all), letters("שלום עולם"));
}
