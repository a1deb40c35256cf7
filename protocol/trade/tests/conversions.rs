//! Documents cross from one dialect to the other and come back.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

use trade::edi::{Numbering, Target, acknowledge, convert, inspect, split, validate};
use trade::{
    Amount, Channel, Confirmation, Contact, DateOf, Document, Identifier, Kind, Line,
    Party, Product, Reference, from_edifact, from_x12, to_edifact, to_x12,
};

const KINDS: [Kind; 8] = [
    Kind::RequestForQuote,
    Kind::Quote,
    Kind::Order,
    Kind::OrderAnswer,
    Kind::OrderChange,
    Kind::OrderChangeAnswer,
    Kind::DispatchAdvice,
    Kind::Invoice,
];

fn numbering() -> Numbering {
    Numbering {
        interchange: 41,
        group: 7,
        set: 1,
        date: "20261122".into(),
        time: "1830".into(),
    }
}

fn x12_envelope() -> x12::Envelope {
    let endpoint = |id: &str| x12::Endpoint { qualifier: "ZZ".into(), id: id.into() };
    x12::Envelope {
        sender: endpoint("ACME"),
        receiver: endpoint("NORDWIND"),
        group_sender: "ACME".into(),
        group_receiver: "NORDWIND".into(),
        usage: x12::Usage::Test,
        version: "004010".into(),
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

/// A document of each kind that holds what both dialects carry.
fn document(kind: Kind) -> Document {
    let is_dispatch = kind == Kind::DispatchAdvice;
    let is_change = matches!(kind, Kind::OrderChange | Kind::OrderChangeAnswer);
    let answers = matches!(kind, Kind::OrderAnswer | Kind::OrderChangeAnswer);
    let about = Reference {
        kind: if kind == Kind::Quote { "request" } else { "order" }.into(),
        number: "PO-4711".into(),
        date: (kind != Kind::Quote).then(|| "2026-11-01".into()),
    };
    let asks = matches!(kind, Kind::RequestForQuote | Kind::Order);
    let priced = !matches!(kind, Kind::RequestForQuote | Kind::DispatchAdvice);
    let line = |number: &str| Line {
        number: number.into(),
        change: is_change.then(|| "changed".into()),
        quantity: Some("100".parse().unwrap()),
        confirmations: if answers {
            vec![Confirmation {
                status: "changed".into(),
                quantity: Some("80".parse().unwrap()),
                unit: Some("PCE".into()),
                date_kind: Some("promised".into()),
                date: Some("2026-12-28".into()),
            }]
        } else {
            Vec::new()
        },
        unit: "PCE".into(),
        price: priced.then(|| "12.5".parse().unwrap()),
        products: vec![
            Product { kind: "vendor".into(), value: "W-100".into() },
            Product { kind: "ean".into(), value: "4000862141404".into() },
        ],
        description: Some("Widget, blue".into()),
        ..Line::default()
    };
    Document {
        kind,
        number: "D-1".into(),
        date: Some("2026-11-20".into()),
        purpose: "original".into(),
        order_type: matches!(kind, Kind::Order).then(|| "stand_alone".into()),
        answer: answers.then(|| "changed".into()),
        about: (!asks).then_some(about),
        currency: (!is_dispatch).then(|| "EUR".into()),
        references: if is_dispatch {
            Vec::new()
        } else {
            vec![Reference { kind: "contract".into(), number: "F-7".into(), date: None }]
        },
        dates: if is_dispatch {
            Vec::new()
        } else {
            vec![DateOf { kind: "requested_delivery".into(), date: "2026-12-24".into() }]
        },
        parties: vec![
            Party {
                role: "buyer".into(),
                name: "Acme & Sons".into(),
                id: Some(Identifier {
                    scheme: "gln".into(),
                    value: "5412345000013".into(),
                }),
                street: vec!["1 Dock Road".into()],
                city: Some("Reno".into()),
                region: Some("NV".into()),
                postal_code: Some("89501".into()),
                country: Some("US".into()),
                contacts: vec![Contact {
                    name: "Ana Ruiz".into(),
                    channels: vec![
                        Channel { kind: "phone".into(), value: "+1 555 0100".into() },
                        Channel {
                            kind: "email".into(),
                            value: "ana@acme.example".into(),
                        },
                    ],
                    ..Contact::default()
                }],
                ..Party::default()
            },
            Party { role: "seller".into(), name: "Nordwind".into(), ..Party::default() },
        ],
        lines: vec![line("1"), line("2")],
        amounts: if matches!(kind, Kind::Order | Kind::Invoice) {
            vec![Amount { kind: "total".into(), amount: "2500".parse().unwrap() }]
        } else {
            Vec::new()
        },
        ..Document::default()
    }
}

#[test]
fn what_both_dialects_carry_crosses_both_without_loss() {
    for kind in KINDS {
        let before = document(kind).tidy();
        let there = to_x12(&before, &x12_envelope());
        assert_eq!(there.left, [], "{kind:?}");
        let all = x12::read(&there.outcome).unwrap();
        let middle = from_x12(&all[0].groups[0].sets[0]).unwrap().outcome;
        assert_eq!(middle, before, "{kind:?}");
        let across = to_edifact(&middle, &edifact_envelope());
        assert_eq!(across.left, [], "{kind:?}");
        let all = edifact::read(&across.outcome).unwrap();
        let end = from_edifact(&all[0].groups[0].sets[0]).unwrap();
        assert_eq!((end.outcome, end.left), (before, Vec::new()), "{kind:?}");
    }
}

#[test]
fn what_the_target_cannot_carry_is_told() {
    let mut order = document(Kind::Order);
    order.references.push(Reference {
        kind: "x12:QZ".into(),
        number: "7".into(),
        ..Reference::default()
    });
    order.lines[0].unit = "x12:ZZ".into();
    order.lines[1].number = "10-A".into();

    let told = to_edifact(&order, &edifact_envelope()).left;
    let told: Vec<(&str, &str)> =
        told.iter().map(|left| (left.what.as_str(), left.why.as_str())).collect();
    assert_eq!(
        told,
        [
            (
                "lines[1].number: not given",
                "a line must have a number, in EDIFACT of up to six digits"
            ),
            ("lines[0].unit: x12:ZZ", "QTY01: EDIFACT has no code for this unit"),
            (
                "references[1].kind: x12:QZ",
                "RFF01: EDIFACT has no code for this reference"
            ),
            ("references[1].number: 7", "RFF01 cannot be without its first part"),
        ]
    );
    assert_eq!(to_x12(&order, &x12_envelope()).left, []);
}

#[test]
fn money_is_exact_to_the_cent_and_rounded_half_away_from_zero() {
    let mut invoice = document(Kind::Invoice);
    invoice.amounts[0].amount = "2500.005".parse().unwrap();
    let written = to_x12(&invoice, &x12_envelope());
    let text = String::from_utf8(written.outcome).unwrap();
    assert!(text.contains("TDS*250001~"), "{text}");
    assert_eq!(written.left[0].becomes, Some("2500.01".into()));

    invoice.amounts.clear();
    invoice.lines[0].quantity = Some("3".parse().unwrap());
    invoice.lines[0].price = Some("0.335".parse().unwrap());
    // 3 × 0.335 = 1.005, which is 1.01, and 1250 of the other line.
    assert_eq!(invoice.sum().total.to_string(), "1251.01");
    let text = String::from_utf8(to_x12(&invoice, &x12_envelope()).outcome).unwrap();
    assert!(text.contains("TDS*125101~"), "{text}");
}

#[test]
fn a_document_in_any_release_reads_as_the_same_document() {
    for kind in Kind::ALL {
        let first = to_x12(&document(kind), &x12_envelope()).outcome;
        let json = |file: &[u8]| {
            let read = convert(file, Target::Json, &numbering()).unwrap();
            assert_eq!(read.refused, [""; 0]);
            read.documents.into_iter().next().unwrap().bytes
        };
        let expected = json(&first);

        for name in Target::names() {
            let target = name.parse::<Target>().unwrap();
            let written =
                convert(&first, target, &numbering()).unwrap().documents.remove(0);
            let same = json(&written.bytes) == expected;
            assert!(same || !written.left.is_empty(), "{kind:?} through {name}");
            let text = String::from_utf8_lossy(&written.bytes).into_owned();
            let release = name.rsplit([':', '.']).next().unwrap();
            assert!(name == "json" || text.contains(release), "{name}: {text}");
        }
    }
}

#[test]
fn an_order_crosses_from_x12_to_edifact_and_back() {
    let order = to_x12(&document(Kind::Order), &x12_envelope()).outcome;

    let there = convert(&order, Target::EDIFACT_D96A, &numbering()).unwrap();
    let text = String::from_utf8(there.documents[0].bytes.clone()).unwrap();
    assert!(text.contains("LIN+1++W-100:VP'\nPIA+1+4000862141404:EN'"), "{text}");
    assert!(text.contains("QTY+21:100:PCE'") && text.contains("PRI+AAA:12.5'"), "{text}");
    assert!(!validate(&there.documents[0].bytes).has_faults());
    let back =
        convert(&there.documents[0].bytes, Target::X12_004010, &numbering()).unwrap();
    let all = x12::read(&back.documents[0].bytes).unwrap();
    let document_again = from_x12(&all[0].groups[0].sets[0]).unwrap().outcome;
    assert_eq!(document_again, document(Kind::Order).tidy());
    let json =
        convert(&order, Target::Json, &numbering()).unwrap().documents.remove(0).bytes;
    let third = convert(&json, Target::X12_004010, &numbering()).unwrap();
    assert!(!validate(&third.documents[0].bytes).has_faults());
}

#[test]
fn a_file_is_split_into_interchanges_that_stand_alone() {
    let one = to_x12(&document(Kind::Order), &x12_envelope()).outcome;
    let two = to_edifact(&document(Kind::Order), &edifact_envelope()).outcome;
    let text = String::from_utf8(one).unwrap();
    let (head, rest) = text.split_once("ST*850").unwrap();
    let (set, tail) = rest.split_once("GE*1").unwrap();
    let second = set.replace("*0001~", "*0002~");
    let both = format!("{head}ST*850{set}ST*850{second}GE*2{tail}");

    let pieces = split(both.as_bytes()).unwrap();
    assert_eq!(pieces.len(), 2);
    assert_eq!(pieces[1].name, "000000001-2-850-0002.edi");
    for piece in pieces.into_iter().chain(split(&two).unwrap()) {
        let report = validate(&piece.bytes);
        assert!(!report.has_faults(), "{report}");
    }
}

#[test]
fn a_file_is_told_to_a_person_and_answered() {
    let order = to_edifact(&document(Kind::Order), &edifact_envelope()).outcome;
    let inspection = inspect(&order).unwrap();
    let (document, segments) = (inspection.to_string(), format!("{inspection:#}"));
    assert!(document.contains("Purchase order D-1"), "{document}");
    assert!(!document.contains("kind of quantity"), "{document}");
    let shown = segments;
    assert!(shown.contains("quantity: kind of quantity 21:100:PCE (ordered)"), "{shown}");
    let answers = acknowledge(&order, &numbering()).unwrap();
    assert!(
        String::from_utf8(answers[0].clone())
            .unwrap()
            .contains("UCI+1+ACME:ZZZ+NORDWIND:ZZZ+7'")
    );
    assert!(validate(b"nothing of the kind").has_faults());
    assert!(inspect(b"").is_err());
}

#[test]
fn a_credit_note_and_what_lines_come_to_cross_both_dialects_and_stand_where_the_standard_has_them()
 {
    let mut note = document(Kind::Invoice);
    note.invoice_type = Some("credit_note".into());
    note.references = vec![Reference {
        kind: "invoice".into(),
        number: "2026-00001".into(),
        date: None,
    }];
    for line in &mut note.lines {
        line.amounts =
            vec![Amount { kind: "line".into(), amount: "1250".parse().unwrap() }];
    }
    let before = note.tidy();
    for version in ["004010", "005010"] {
        let envelope = x12::Envelope { version: version.into(), ..x12_envelope() };
        let there = to_x12(&before, &envelope);
        assert_eq!(there.left, [], "{version}");
        let text = String::from_utf8(there.outcome.clone()).unwrap();
        assert!(text.contains("BIG*20261120*D-1*20261101*PO-4711***CR*00~"), "{text}");
        assert_eq!(text.matches("PAM****1*1250~").count(), 2, "{text}");
        let all = x12::read(&there.outcome).unwrap();
        let back = from_x12(&all[0].groups[0].sets[0]).unwrap();
        assert_eq!((back.outcome, back.left), (before.clone(), Vec::new()), "{version}");
    }
    for release in ["96A", "01B"] {
        let there = trade::to_edifact_of(&before, &edifact_envelope(), release);
        assert_eq!(there.left, [], "{release}");
        let text = String::from_utf8(there.outcome.clone()).unwrap();
        assert!(text.contains("BGM+381+D-1+9'"), "{text}");
        assert!(text.contains("RFF+IV:2026-00001'"), "{text}");
        assert_eq!(text.matches("MOA+203:1250'").count(), 2, "{text}");
        let all = edifact::read(&there.outcome).unwrap();
        let back = from_edifact(&all[0].groups[0].sets[0]).unwrap();
        assert_eq!((back.outcome, back.left), (before.clone(), Vec::new()), "{release}");
    }
}
