//! What goes through a dialect comes back, without what was told to stay behind.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

mod rich;

use proptest::prelude::*;
use serde_json::Value;
use trade::edi::validate;
use trade::{
    Document, Kind, Left, from_edifact, from_x12_of, to_edifact_of, to_x12, without,
};

fn x12_envelope() -> x12::Envelope {
    let endpoint = |id: &str| x12::Endpoint { qualifier: "ZZ".into(), id: id.into() };
    x12::Envelope {
        sender: endpoint("ACME"),
        receiver: endpoint("NORDWIND"),
        group_sender: "ACME".into(),
        group_receiver: "NORDWIND".into(),
        version: "004010".into(),
        usage: x12::Usage::Test,
        numbers: x12::Numbers { interchange: 1, group: 1, set: 1 },
        stamp: x12::Stamp { date: "20261122".into(), time: "1830".into() },
    }
}

fn edifact_envelope() -> edifact::Envelope {
    let endpoint = |id: &str| edifact::Endpoint {
        id: id.into(),
        qualifier: "ZZZ".into(),
        address: String::new(),
    };
    edifact::Envelope {
        sender: endpoint("ACME"),
        receiver: endpoint("NORDWIND"),
        control: "1".into(),
        is_test: true,
        stamp: edifact::Stamp { date: "20261122".into(), time: "1830".into() },
    }
}

#[derive(Clone, Copy, Debug)]
enum Way {
    X12,
    X12Later,
    D96a,
    D01b,
}

/// The bytes, what was left, and what reads back.
fn through(way: Way, document: &Document) -> (Vec<u8>, Vec<Left>, Document, Vec<Left>) {
    match way {
        Way::X12 | Way::X12Later => {
            let version = if matches!(way, Way::X12) { "004010" } else { "005010" };
            let written = to_x12(
                document,
                &x12::Envelope { version: version.into(), ..x12_envelope() },
            );
            let bytes = written.outcome;
            let all = x12::read(&bytes).unwrap();
            let back = from_x12_of(&all[0].groups[0].sets[0], version).unwrap();
            (bytes.clone(), written.left, back.outcome, back.left)
        }
        Way::D96a | Way::D01b => {
            let directory = if matches!(way, Way::D96a) { "96A" } else { "01B" };
            let written = to_edifact_of(document, &edifact_envelope(), directory);
            let bytes = written.outcome;
            let all = edifact::read(&bytes).unwrap();
            let back = from_edifact(&all[0].groups[0].sets[0]).unwrap();
            (bytes.clone(), written.left, back.outcome, back.left)
        }
    }
}

/// The order of anything but lines, packages, streets, products and confirmations has no meaning.
fn sorted(document: &Document) -> Value {
    fn sort(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for (name, inner) in fields.iter_mut() {
                    sort(inner);
                    let kept = ["lines", "packages", "street", "confirmations", "breaks"];
                    if let (Value::Array(list), false) =
                        (inner, kept.contains(&name.as_str()))
                    {
                        list.sort_by_key(ToString::to_string);
                    }
                }
            }
            Value::Array(list) => list.iter_mut().for_each(sort),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut value = serde_json::to_value(document).unwrap();
    sort(&mut value);
    value
}

fn differences(at: &str, one: &Value, two: &Value, all: &mut Vec<String>) {
    match (one, two) {
        (Value::Object(left), Value::Object(right)) => {
            let names: std::collections::BTreeSet<&String> =
                left.keys().chain(right.keys()).collect();
            for name in names {
                let none = Value::Null;
                let (one, two) =
                    (left.get(name).unwrap_or(&none), right.get(name).unwrap_or(&none));
                differences(&format!("{at}.{name}"), one, two, all);
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (place, (one, two)) in left.iter().zip(right).enumerate() {
                differences(&format!("{at}[{place}]"), one, two, all);
            }
        }
        _ if one == two => {}
        _ => all.push(format!("{at}\n   expected {one}\n   found    {two}")),
    }
}

fn comes_back(seed: u64, kind: Kind, way: Way) {
    let before = rich::Draw::new(seed).document(kind);
    let (bytes, left, after, unread) = through(way, &before);
    let text = String::from_utf8_lossy(&bytes);
    let told: Vec<String> = left
        .iter()
        .map(|left| format!("{} — {} {:?}", left.what, left.why, left.becomes))
        .collect();
    let scene =
        format!("{kind:?} {way:?} seed {seed}\n{text}\nLEFT\n{}", told.join("\n"));
    let report = validate(&bytes);
    assert!(report.faults.is_empty(), "{report}\n{scene}");
    assert!(unread.is_empty(), "UNREAD {unread:?}\n{scene}");
    let json = serde_json::to_vec(&after).unwrap();
    assert_eq!(
        trade::from_json(&json).map_err(|wrong| wrong.to_string()),
        Ok(after.clone()),
        "{scene}"
    );
    let expected = without(&before, &left).ok_or(&scene).unwrap();
    let mut all = Vec::new();
    differences("", &sorted(&expected), &sorted(&after), &mut all);
    assert!(all.is_empty(), "{}\n{scene}", all.join("\n"));
    for left in &left {
        assert!(!left.path.is_empty() && !left.why.is_empty(), "{left:?}\n{scene}");
    }
}

/// Documents that once did not come back.
#[test]
fn documents_that_were_once_lost_come_back() {
    for (seed, kind, way) in [
        (3_254_121_365_130_471_149, Kind::DispatchAdvice, Way::X12),
        (14_036_522_929_721_432_361, Kind::DispatchAdvice, Way::X12),
        (4_664_360_125_707_987_517, Kind::RequestForQuote, Way::X12Later),
        (7_050_356_305_279_318_677, Kind::OrderChange, Way::D01b),
        (10_629_284_009_276_686_664, Kind::Invoice, Way::X12Later),
    ] {
        comes_back(seed, kind, way);
    }
}

proptest! {
    #[test]
    fn property_a_rich_document_comes_back_from_x12(seed: u64, kind in 0..8_usize) {
        comes_back(seed, Kind::ALL[kind], Way::X12);
    }

    #[test]
    fn property_a_rich_document_comes_back_from_a_later_x12(seed: u64, kind in 0..8_usize) {
        comes_back(seed, Kind::ALL[kind], Way::X12Later);
    }

    #[test]
    fn property_a_rich_document_comes_back_from_edifact(seed: u64, kind in 0..8_usize) {
        comes_back(seed, Kind::ALL[kind], Way::D96a);
    }

    #[test]
    fn property_a_rich_document_comes_back_from_a_later_edifact(seed: u64, kind in 0..8_usize) {
        comes_back(seed, Kind::ALL[kind], Way::D01b);
    }
}
