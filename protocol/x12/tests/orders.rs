//! An order comes in, is judged, acknowledged and answered.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

use x12::{
    Answer, Answering, DateOf, Decision, Endpoint, Envelope, Language, Notice, Numbers,
    OrderAnswer, OrderLine, Party, Product, PurchaseOrder, Receipt, Reference, Stamp,
    Usage, acknowledge, acknowledge_with, check, read, receipts, write_850, write_855,
};

const STAMP: [&str; 2] = ["20261122", "1830"];

fn stamp() -> Stamp {
    Stamp { date: STAMP[0].into(), time: STAMP[1].into() }
}

fn numbers() -> Numbers {
    Numbers { interchange: 41, group: 7, set: 12 }
}

fn acme_to_nordwind() -> Envelope {
    Envelope {
        sender: Endpoint { qualifier: "ZZ".into(), id: "ACME".into() },
        receiver: Endpoint { qualifier: "ZZ".into(), id: "NORDWIND".into() },
        group_sender: "ACME".into(),
        group_receiver: "NORDWIND".into(),
        usage: Usage::Test,
        version: "004010".into(),
        numbers: numbers(),
        stamp: stamp(),
    }
}

fn line(assigned: &str, quantity: &str, price: &str, part: &str) -> OrderLine {
    OrderLine {
        assigned: Some(assigned.into()),
        quantity: quantity.parse().unwrap(),
        unit: "EA".into(),
        unit_price: Some(price.parse().unwrap()),
        price_basis: Some("PE".into()),
        products: vec![Product { qualifier: "VP".into(), value: part.into() }],
        description: Some("Widget, blue".into()),
        requested: Some("20261224".into()),
        ..OrderLine::default()
    }
}

fn order() -> PurchaseOrder {
    PurchaseOrder {
        number: "PO-4711".into(),
        date: "20261120".into(),
        purpose: "00".into(),
        kind: "SA".into(),
        currency: Some("EUR".into()),
        references: vec![Reference {
            qualifier: "CT".into(),
            value: "FRAME-7".into(),
            description: None,
        }],
        dates: vec![DateOf { qualifier: "002".into(), date: "20261224".into() }],
        parties: vec![
            Party {
                role: "BY".into(),
                name: "Acme Corporation".into(),
                qualifier: Some("92".into()),
                id: Some("ACME".into()),
                street: vec!["1 Dock Road".into()],
                city: Some("Reno".into()),
                region: Some("NV".into()),
                postal_code: Some("89501".into()),
                country: Some("US".into()),
                ..Party::default()
            },
            Party { role: "SE".into(), name: "Nordwind".into(), ..Party::default() },
        ],
        lines: vec![line("1", "100", "12.5", "W-1"), line("2", "2.25", "48", "P-3")],
        line_count: Some(2.into()),
        total: Some("1358".parse().unwrap()),
        notes: vec!["Deliver to gate 4*not 5".into()],
        ..PurchaseOrder::default()
    }
}

/// An interchange with the good order and, beside it, one that is broken where `from` stood.
fn with_broken_twin(from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(write_850(
        &PurchaseOrder { notes: vec![], ..order() },
        &acme_to_nordwind(),
    ))
    .unwrap();
    let (head, rest) = text.split_once("ST*850").unwrap();
    let (set, tail) = rest.split_once("GE*1").unwrap();
    let twin = set.replace("*0012~", "*0013~").replace(from, to);
    format!("{head}ST*850{set}ST*850{twin}GE*2{tail}").into_bytes()
}

fn answer_text(bytes: &[u8]) -> String {
    let all = read(bytes).unwrap();
    let verdict = check(&all[0]);
    String::from_utf8(acknowledge(&all[0], &verdict, numbers(), &stamp()).unwrap())
        .unwrap()
}

#[test]
fn an_order_that_was_written_is_read_back_as_it_was() {
    let bytes = write_850(&order(), &acme_to_nordwind());

    let all = read(&bytes).unwrap();
    let verdict = check(&all[0]);
    assert_eq!(verdict.all().map(ToString::to_string).collect::<Vec<_>>(), [""; 0]);
    let mut found = PurchaseOrder::read(&all[0].groups[0].sets[0]).unwrap();
    for line in &mut found.lines {
        assert!(bytes[line.at..].starts_with(b"PO1"));
        line.at = 0;
    }
    assert_eq!(found, order());
    assert_eq!(all[0].header.sender.to_string(), "ZZ:ACME");
    assert_eq!(all[0].write(), bytes);
}

#[test]
fn a_separator_that_a_text_holds_is_not_used() {
    let bytes = write_850(&order(), &acme_to_nordwind());
    assert_eq!(bytes[3], b'|');
}

#[test]
fn a_broken_order_leaves_the_good_one_beside_it_whole() {
    let bytes = with_broken_twin("PO1*1*100*EA", "PO1*1*1x0*QQ");
    let all = read(&bytes).unwrap();
    let verdict = check(&all[0]);

    assert_eq!(verdict.groups[0].answer, Answer::Partly);
    assert_eq!(verdict.answer_to(0, 0), Answer::Accepted);
    assert_eq!(verdict.answer_to(0, 1), Answer::Rejected);
    assert_eq!(PurchaseOrder::read(&all[0].groups[0].sets[0]).unwrap().number, "PO-4711");
    let told: Vec<String> = verdict.all().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "PO1 (order line), segment 10 of the document, PO102 (quantity ordered) “1x0”: is not a number; write digits alone, with a point only where decimals are allowed (byte 676)",
            "PO1 (order line), segment 10 of the document, PO103 (unit of measure) “QQ”: is none of the codes that the standard knows here; use a unit code such as EA (each) (byte 680)",
        ]
    );
}

#[test]
fn the_acknowledgement_names_the_element_the_code_and_the_value() {
    let text = answer_text(&with_broken_twin("PO1*1*100*EA", "PO1*1*1x0*QQ"));

    let lines: Vec<&str> = text.lines().skip(2).collect();
    assert_eq!(
        lines,
        [
            "ST*997*0012~",
            "AK1*PO*7~",
            "AK2*850*0012~",
            "AK5*A~",
            "AK2*850*0013~",
            "AK3*PO1*10*PO1*8~",
            "AK4*2*330*6*1x0~",
            "AK4*3*355*7*QQ~",
            "AK5*R*5~",
            "AK9*P*2*2*1~",
            "SE*11*0012~",
            "GE*1*7~",
            "IEA*1*000000041~",
        ]
    );
    let receipts = receipts(&read(text.as_bytes()).unwrap()[0]);
    let [Receipt::Group(group)] = receipts.as_slice() else {
        panic!("one group was answered: {receipts:?}");
    };
    assert_eq!(
        (group.code.as_str(), group.control.as_str(), group.taken),
        ("PO", "7", 1)
    );
    assert_eq!(
        group.to_string().lines().collect::<Vec<_>>(),
        [
            "group PO 7 was accepted in part",
            "  850 (order) 0012 was accepted",
            "  850 (order) 0013 was rejected; segments are in error",
            "    PO1 (order line), segment 10 of the document, PO102 (quantity ordered) “1x0”: it holds a wrong character, PO103 (unit of measure) “QQ”: its code is not known there",
        ]
    );
    assert_eq!(group.sets[1].answer, Some(Answer::Rejected));
    assert_eq!(group.sets[1].complaints[0].elements[1].value, "QQ");
}

#[test]
fn counts_and_numbers_that_do_not_agree_are_told_at_their_level() {
    let good = String::from_utf8(with_broken_twin("~", "~")).unwrap();
    let answers = [
        ("SE*17*0013", "SE*99*0013", "AK5*R*4~"),
        ("SE*17*0013", "SE*17*0099", "AK5*R*3~"),
        ("SE*17*0013~\n", "", "AK5*R*2~"),
        ("GE*2*7", "GE*9*7", "AK9*R*9*2*0*5~"),
        ("GE*2*7", "GE*2*8", "AK9*R*2*2*0*4~"),
        ("IEA*1*000000041", "IEA*1*000000042", "TA1*000000041*261122*1830*R*001~"),
        ("IEA*1*", "IEA*3*", "TA1*000000041*261122*1830*R*021~"),
        ("IEA*1*000000041~\n", "", "TA1*000000041*261122*1830*R*023~"),
        (
            "BEG*00*SA*PO-4711**20261120~\nCUR*BY*EUR~\nREF*CT*FRAME-7~\nDTM*002*20261224~\nN1*BY*Acme Corporation*92*ACME~\nN3*1 Dock Road~\nN4*Reno*NV*89501*US~\nN1*SE*Nordwind~\nPO1*1*100*EA*12.5*PE*VP*W-1~\nPID*F****Widget, blue~\nDTM*002*20261224~\nPO1*2*2.25*EA*48*PE*VP*P-3~\nPID*F****Widget, blue~\nDTM*002*20261224~\nCTT*2~\nAMT*TT*1358~\nSE*18*0013",
            "CUR*BY*EUR~\nPO1**1*EA~\nCTT*1~\nSE*5*0013",
            "AK3*BEG*2**3~",
        ),
    ];
    assert!(good.contains("SE*18*0013"), "{good}");
    for (from, to, wanted) in answers {
        let from = from.replace("SE*17*", "SE*18*");
        let to = to.replace("SE*17*", "SE*18*");
        assert!(good.contains(&from), "{from}");
        let answer = answer_text(good.replace(&from, &to).as_bytes());
        assert!(answer.contains(wanted), "{from} -> {to}: {answer}");
    }
}

#[test]
fn an_acknowledgement_is_never_acknowledged() {
    let answer = answer_text(&with_broken_twin("SA", "SA"));
    let all = read(answer.as_bytes()).unwrap();
    assert_eq!(acknowledge(&all[0], &check(&all[0]), numbers(), &stamp()), None);
    assert_eq!(check(&all[0]).all().count(), 0);
}

#[test]
fn an_answer_tells_what_becomes_of_each_line() {
    let answering = Answering {
        seller_order: Some("SO-9".into()),
        decisions: vec![
            Decision::Change {
                quantity: Some(80.into()),
                unit_price: Some("12.75".parse().unwrap()),
                date: Some("20261228".into()),
            },
            Decision::Reject,
        ],
        note: Some("The rest follows in January".into()),
    };
    let bytes = write_855(&order(), &answering, &acme_to_nordwind());

    let all = read(&bytes).unwrap();
    assert_eq!(
        check(&all[0]).all().map(ToString::to_string).collect::<Vec<_>>(),
        [""; 0]
    );
    let answer = OrderAnswer::read(&all[0].groups[0].sets[0]).unwrap();
    assert_eq!((answer.kind.as_str(), answer.order_number.as_str()), ("AC", "PO-4711"));
    assert_eq!(answer.seller_order.as_deref(), Some("SO-9"));
    let [changed, refused] = answer.lines.as_slice() else { panic!("two lines") };
    assert_eq!((changed.status.as_str(), changed.quantity), ("IC", Some(80.into())));
    assert_eq!(changed.line.unit_price, Some("12.75".parse().unwrap()));
    assert_eq!(changed.date.as_deref(), Some("20261228"));
    assert!(refused.is_rejected() && !changed.is_rejected());
    assert_eq!(answer.notes, ["The rest follows in January"]);
}

#[test]
fn files_that_were_wrapped_or_opened_with_a_mark_are_read_all_the_same() {
    let plain =
        write_850(&PurchaseOrder { notes: vec![], ..order() }, &acme_to_nordwind());
    let joined: Vec<u8> = plain.iter().copied().filter(|byte| *byte != b'\n').collect();
    let wrapped: Vec<u8> = joined.chunks(80).collect::<Vec<_>>().join(b"\r\n".as_slice());
    let marked =
        [b"\xef\xbb\xbf \r\n".as_slice(), &wrapped, b"\r\n", &plain, b"\n"].concat();

    let all = read(&marked).unwrap();
    assert_eq!(all.len(), 2);
    for interchange in &all {
        assert_eq!(
            check(interchange).all().map(ToString::to_string).collect::<Vec<_>>(),
            [""; 0]
        );
        let order = PurchaseOrder::read(&interchange.groups[0].sets[0]).unwrap();
        assert_eq!((order.number.as_str(), order.lines.len()), ("PO-4711", 2));
    }
    assert_eq!(all.iter().flat_map(x12::Interchange::write).collect::<Vec<u8>>(), marked);
}

#[test]
fn what_is_no_interchange_is_refused_at_its_first_byte() {
    assert_eq!(read(b"  UNB+UNOC:3").unwrap_err().place.at, 2);
    assert!(read(b"").is_err());
    assert!(read(b"ISA*00*").is_err());
}

fn order_5010(body: &str, segments: usize) -> String {
    format!(
        "ISA*00*          *00*          *ZZ*ACME           *ZZ*NORDWIND       \
         *261122*1015*^*00501*000000077*0*T*>~GS*PO*ACME*NORDWIND*20261122*1015*7*X*005010~\
         ST*850*0001~BEG*00*SA*PO-9**20261122~{body}SE*{segments}*0001~GE*1*7~IEA*1*000000077~"
    )
}

#[test]
fn a_999_names_the_line_and_the_element_that_calls_for_another() {
    let text = order_5010(
        "PO1*1*5*EA*2.5**VP*A1~PO1*2*5*QQ*2.5**VP~PID*F****bolt~PO1*3*1*EA~PO1*~",
        8,
    );
    let all = read(text.as_bytes()).unwrap();
    let verdict = check(&all[0]);
    let write = |notice| {
        let bytes = acknowledge_with(notice, &all[0], &verdict, numbers(), &stamp());
        String::from_utf8(bytes.unwrap()).unwrap()
    };

    let told = write(Notice::Implementation);
    let lines: Vec<&str> = told.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "GS*FA*NORDWIND*ACME*20261122*1830*7*X*005010~",
            "ST*999*0012~",
            "AK1*PO*7*005010~",
            "AK2*850*0001~",
            "IK3*PO1*4*PO1*8~",
            "CTX*PO101>2~",
            "IK4*3*355*7*QQ~",
            "IK4*7*234*2~",
            "CTX*SITUATIONAL TRIGGER*PO1*4*PO1*6~",
            "IK3*PO1*7*PO1*8~",
            "IK5*R*5~",
            "AK9*R*1*1*0~",
            "SE*12*0012~",
            "GE*1*7~",
            "IEA*1*000000041~",
        ]
    );
    assert!(told.starts_with("ISA*") && told.contains("*^*00501*000000041*0*T*>~"));
    let own = read(told.as_bytes()).unwrap();
    assert_eq!(
        check(&own[0]).all().map(ToString::to_string).collect::<Vec<_>>(),
        [""; 0]
    );
    for notice in [Notice::Functional, Notice::Implementation] {
        assert_eq!(
            acknowledge_with(notice, &own[0], &check(&own[0]), numbers(), &stamp()),
            None
        );
    }
    let read_back = receipts(&own[0]).remove(0);
    let words = read_back.to_string();
    assert!(words.contains("order line 2, PO103 (unit of measure) “QQ”"), "{words}");
    assert!(words.contains("because PO106 is there"), "{words}");
    let french = read_back.tell(Language::French.words());
    assert!(
        french.contains("ligne de commande 2, PO103 (unité de mesure) « QQ »"),
        "{french}"
    );
    let functional = write(Notice::Functional);
    assert!(
        functional.contains("ST*997*0012~") && functional.contains("AK4*3*355*7*QQ~")
    );
    assert!(!functional.contains("CTX"), "{functional}");
}
