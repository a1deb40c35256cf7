//! Application advice goes into APERAK and comes back, and says which document, line and why.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use trade::edi::{Language, inspect_in, validate};
use trade::{
    Advice, AdviceAnswer, AdviceFault, Document, Identifier, Kind, Line, Party, Product,
    Reference, compare, from_aperak, to_aperak,
};

fn envelope() -> edifact::Envelope {
    let endpoint = |id: &str| edifact::Endpoint {
        id: id.into(),
        qualifier: "ZZZ".into(),
        address: String::new(),
    };
    edifact::Envelope {
        sender: endpoint("NORDWIND"),
        receiver: endpoint("ACME"),
        control: "1".into(),
        is_test: true,
        stamp: edifact::Stamp { date: "20261122".into(), time: "1830".into() },
    }
}

fn read(bytes: &[u8]) -> Advice {
    let all = edifact::read(bytes).unwrap();
    let message = all[0].sets().next().unwrap();
    from_aperak(message).unwrap()
}

fn words(most: usize) -> impl Strategy<Value = String> {
    let word = "[A-Za-zÀ-ÿ0-9+:?'*.,%-]{1,14}";
    proptest::collection::vec(word, 1..most).prop_map(|words| words.join(" "))
}

fn advice() -> impl Strategy<Value = Advice> {
    let fault = ("[A-Z]{1,8}", proptest::option::of("[0-9A-Z]{1,6}"), words(20));
    let fault = fault.prop_map(|(code, line, text)| AdviceFault { code, line, text });
    let about =
        (proptest::sample::select(vec!["order", "invoice", "quote"]), "[A-Z0-9]{1,20}");
    let about = about.prop_map(|(kind, number)| Reference {
        kind: kind.into(),
        number,
        date: Some("2026-11-20".into()),
    });
    let party = Party {
        role: "buyer".into(),
        id: Some(Identifier { scheme: "gln".into(), value: "4012345000009".into() }),
        ..Party::default()
    };
    let answer = proptest::sample::select(vec![
        AdviceAnswer::Accepted,
        AdviceAnswer::AcceptedWithFaults,
        AdviceAnswer::Rejected,
    ]);
    let faults = proptest::collection::vec(fault, 0..4);
    let drawn = (
        "[A-Z0-9]{1,20}",
        answer,
        proptest::option::of(about),
        proptest::option::of("[0-9]{1,14}"),
        faults,
    );
    drawn.prop_map(move |(number, answer, about, message, faults)| Advice {
        number,
        date: Some("2026-11-22T18:30".into()),
        answer,
        about,
        message,
        parties: vec![party.clone()],
        faults,
    })
}

proptest! {
    #[test]
    fn property_an_advice_comes_back_from_aperak_of_each_directory(advice in advice()) {
        for directory in ["96A", "01B"] {
            let written = to_aperak(&advice, &envelope(), directory);
            prop_assert_eq!(&written.left, &[], "{}", directory);
            let report = validate(&written.outcome);
            let text = String::from_utf8_lossy(&written.outcome).into_owned();
            prop_assert!(!report.has_faults(), "{}\n{}", report, text);
            prop_assert_eq!(&read(&written.outcome), &advice, "{}", text);
        }
    }
}

#[test]
fn what_does_not_fit_an_aperak_is_told() {
    let long = "a word and ".repeat(60);
    let fault = AdviceFault { code: "FAR TOO LONG".into(), line: None, text: long };
    let about = Reference { kind: "promise".into(), number: "1".into(), date: None };
    let advice = Advice { about: Some(about), faults: vec![fault], ..Advice::default() };

    let written = to_aperak(&advice, &envelope(), "96A");

    let told: Vec<&str> = written.left.iter().map(|left| left.path.as_str()).collect();
    assert_eq!(told, ["/about", "/faults/0/code", "/faults/0/text"]);
    assert!(!validate(&written.outcome).has_faults());
}

#[test]
fn a_refusal_says_which_document_which_line_and_why() {
    let line = |price: &str| Line {
        number: "2".into(),
        quantity: "10".parse().ok(),
        unit: "EA".into(),
        price: price.parse().ok(),
        products: vec![Product { kind: "vendor".into(), value: "W-1".into() }],
        ..Line::default()
    };
    let order = Document {
        number: "PO-7".into(),
        currency: Some("EUR".into()),
        lines: vec![line("12.5")],
        ..Document::default()
    };
    let invoice = Document {
        kind: Kind::Invoice,
        number: "INV-9".into(),
        date: Some("2026-11-20".into()),
        lines: vec![line("13")],
        ..order.clone()
    };
    let refusal = |language| {
        let advice = Advice::refusing(&invoice, &compare(&order, &invoice), language);
        let bytes = to_aperak(&advice, &envelope(), "01B").outcome;
        read(&bytes).tell(language)
    };
    assert_eq!(
        refusal(Language::English),
        [
            "Invoice INV-9 of 20 November 2026 was rejected",
            "Line 2, price: purchase order 12.50 EUR, invoice 13.00 EUR",
        ]
    );
    assert_eq!(
        refusal(Language::French),
        [
            "« Facture INV-9 du 20 novembre 2026 » : refusé",
            "Ligne 2, prix : commande 12,50 EUR, facture 13,00 EUR",
        ]
    );
}

#[test]
fn those_of_others_are_read_in_plain_words() {
    let told = |name: &str, language| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
        let file = fs::read(folder.join(name)).unwrap();
        inspect_in(&file, language).unwrap().sets.remove(0).told
    };
    assert_eq!(
        told("APERAK_d96a.edi", Language::English),
        ["Order 4506701767 of 4 May 2021 was accepted"]
    );
    // Its colon was not released, and so cuts the text in two.
    assert_eq!(
        told("APERAK_rejected_v4.edi", Language::Spanish),
        ["«Mensaje PO123456»: rechazado", "Order rejected invalid product code"]
    );
}
