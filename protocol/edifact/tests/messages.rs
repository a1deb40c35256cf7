//! Messages come in, are judged and answered with CONTRL.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

use edifact::{
    Answer, Draft, Endpoint, Envelope, Language, Stamp, acknowledge, check, read,
    receipts,
};

const ORDER: &str = "UNA:+.? '\r\nUNB+UNOC:3+5412345000013:14+4012345500004:14+261122:1015+77'\r\nUNH+1+ORDERS:D:96A:UN'\r\nBGM+220+PO-900+9'\r\nDTM+137:20261122:102'\r\nFTX+AAI+++Ring at gate 5?: ask for M?'Bala?+'\r\nNAD+BY+5412345000013::9'\r\nCUX+2:EUR:9'\r\nLIN+1++4000862141404:EN'\r\nQTY+21:100:PCE'\r\nPRI+AAA:12.5'\r\nUNS+S'\r\nCNT+2:1'\r\nUNT+12+1'\r\nUNZ+1+77'\r\n";

fn stamp() -> Stamp {
    Stamp { date: "20261122".into(), time: "1830".into() }
}

fn answer(text: &str) -> String {
    let all = read(text.as_bytes()).unwrap();
    let bytes = acknowledge(&all[0], &check(&all[0]), "12", &stamp()).unwrap();
    let own = read(&bytes).unwrap();
    let told: Vec<String> = check(&own[0]).all().map(ToString::to_string).collect();
    assert_eq!(told, [""; 0], "our own CONTRL is without fault");
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_good_order_is_taken_and_its_released_marks_are_text() {
    let all = read(ORDER.as_bytes()).unwrap();
    let verdict = check(&all[0]);
    assert_eq!(verdict.all().map(ToString::to_string).collect::<Vec<_>>(), [""; 0]);
    assert_eq!(verdict.answer_to(0, 0), Answer::Accepted);
    let mut scanner = all[0].groups[0].sets[0].segments();
    let mut text = String::new();
    while let Some(segment) = scanner.next_segment() {
        if segment.name() == b"FTX" {
            text = segment.part(4, 1).into_owned();
        }
    }
    assert_eq!(text, "Ring at gate 5: ask for M'Bala+");
    assert_eq!(all[0].write(), ORDER.as_bytes());
}

#[test]
fn contrl_points_at_segment_element_and_component() {
    let broken =
        ORDER.replace("QTY+21:100:PCE", "QTY+21:1x0:PCE").replace("UNT+12", "UNT+13");
    let text = answer(&broken);

    let lines: Vec<&str> = text.lines().skip(2).collect();
    assert_eq!(
        lines,
        [
            "UNH+1+CONTRL:D:3:UN'",
            "UCI+77+5412345000013:14+4012345500004:14+7'",
            "UCM+1+ORDERS:D:96A:UN+4+29+UNT+2'",
            "UCS+8'",
            "UCD+37+2:2'",
            "UNT+6+1'",
            "UNZ+1+12'",
        ]
    );
    let all = read(text.as_bytes()).unwrap();
    let receipt = receipts(&all[0]).remove(0);
    assert_eq!((receipt.control.as_str(), receipt.answer), ("77", Answer::Accepted));
    assert_eq!(receipt.messages[0].answer, Answer::Rejected);
    let element = &receipt.messages[0].complaints[0].elements[0];
    assert_eq!((element.element, element.component), (1, 2));
}

#[test]
fn a_broken_shell_is_refused_and_a_contrl_is_never_answered() {
    let text = answer(&ORDER.replace("UNZ+1+77", "UNZ+2+78"));
    assert!(
        text.contains("UCI+77+5412345000013:14+4012345500004:14+4+29+UNZ+2'"),
        "{text}"
    );
    let all = read(text.as_bytes()).unwrap();
    assert_eq!(acknowledge(&all[0], &check(&all[0]), "13", &stamp()), None);
}

#[test]
fn latin_letters_survive_under_unoc_and_others_call_for_utf_8() {
    for (name, syntax) in [("Müller & Söhne", "UNOC"), ("Łódź ?*'+:", "UNOY")] {
        let mut draft = Draft::default();
        let one = |text: &str| vec![text.to_owned()];
        draft.segment("BGM", vec![one("220"), one("PO-1"), one("9")]);
        draft
            .segment("DTM", vec![["137", "20261122", "102"].map(str::to_owned).to_vec()]);
        draft.segment("NAD", vec![one("BY"), vec![], vec![], one(name)]);
        draft.segment("UNS", vec![one("S")]);
        let endpoint = |id: &str| Endpoint {
            id: id.into(),
            qualifier: "14".into(),
            ..Endpoint::default()
        };
        let envelope = Envelope {
            sender: endpoint("5412345000013"),
            receiver: endpoint("4012345500004"),
            control: "5".into(),
            is_test: true,
            stamp: stamp(),
        };
        let bytes =
            draft.as_message(["ORDERS", "D", "96A", "UN"], "1").write(1, &envelope);

        let all = read(&bytes).unwrap();
        assert_eq!(all[0].header.syntax, syntax);
        assert!(all[0].header.is_test);
        assert_eq!(
            check(&all[0]).all().map(ToString::to_string).collect::<Vec<_>>(),
            [""; 0]
        );
        let mut scanner = all[0].groups[0].sets[0].segments();
        let mut found = String::new();
        while let Some(segment) = scanner.next_segment() {
            if segment.name() == b"NAD" {
                found = segment.part(4, 1).into_owned();
            }
        }
        assert_eq!(found, name);
    }
}

#[test]
fn groups_are_counted_and_answered_each_by_its_own() {
    let grouped = ORDER
        .replace("UNH+1+", "UNG+ORDERS+A+B+261122:1015+9+UN+D:96A'\r\nUNH+1+")
        .replace("UNZ+1", "UNE+1+9'\r\nUNZ+1");
    let all = read(grouped.as_bytes()).unwrap();
    assert_eq!(
        check(&all[0]).all().map(ToString::to_string).collect::<Vec<_>>(),
        [""; 0]
    );
    assert_eq!(all[0].groups[0].head.kind, "ORDERS");
    let wrong = grouped.replace("UNE+1+9", "UNE+4+9");
    assert!(!check(&read(wrong.as_bytes()).unwrap()[0]).groups[0].faults.is_empty());
}

#[test]
fn syntax_4_is_answered_in_syntax_4_and_read_back_in_words() {
    let order = ORDER
        .replace("UNA:+.? '", "UNA:+.?*'")
        .replace("UNOC:3", "UNOC:4")
        .replace("261122:1015+77", "20261122:1015+77")
        .replace("QTY+21:100:PCE", "QTY+21:1x0:PCE");
    let text = answer(&order);

    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines,
        [
            "UNA:+.?*'",
            "UNB+UNOC:4+4012345500004:14+5412345000013:14+20261122:1830+12'",
            "UNH+1+CONTRL:4:1:UN'",
            "UCI+77+5412345000013:14+4012345500004:14+7'",
            "UCM+1+ORDERS:D:96A:UN+4'",
            "UCS+8'",
            "UCD+37+2:2'",
            "UNT+6+1'",
            "UNZ+1+12'",
        ]
    );
    let all = read(text.as_bytes()).unwrap();
    let receipt = receipts(&all[0]).remove(0);
    assert_eq!(
        receipt.to_string(),
        "interchange 77 was accepted\n  ORDERS (order) 1 was rejected\n    \
         segment 8 of the document, element 1-2: it is not a number"
    );
    assert!(receipt.tell(Language::Spanish.words()).contains("no es un número"));
    assert_eq!(acknowledge(&all[0], &check(&all[0]), "13", &stamp()), None);
}

#[test]
fn groups_are_checked_and_answered_one_by_one() {
    let grouped = ORDER
        .replace("UNH+1", "UNG+ORDERS+A+B+261122:1015+5+UN+D:96A'\r\nUNH+1")
        .replace("UNZ+1", "UNE+1+5'\r\nUNZ+1");
    let all = read(grouped.as_bytes()).unwrap();
    let told: Vec<String> = check(&all[0]).all().map(ToString::to_string).collect();
    assert_eq!(told, [""; 0]);
    let text = answer(&grouped);
    assert!(text.contains("UCF+5+A+B+7'\nUCM+1+ORDERS:D:96A:UN+7'"), "{text}");

    let broken = grouped
        .replace("UNG+ORDERS+A+B+261122:1015", "UNG+ORDERS+A+B+26112:1015")
        .replace("UNE+1+5", "UNE+x+5");
    let all = read(broken.as_bytes()).unwrap();
    let verdict = check(&all[0]);
    let told: Vec<(String, usize)> = verdict.groups[0]
        .faults
        .list
        .iter()
        .map(|broken| (broken.place.segment.clone(), broken.place.element))
        .collect();
    assert_eq!(told, [("UNG".into(), 4), ("UNE".into(), 1), ("UNE".into(), 1)]);
}

#[test]
fn a_file_of_headers_keeps_a_thousand_and_counts_the_rest() {
    let header = "UNB+UNOC:3+A+B+261122:1015+77'";
    let good =
        "UNH+1+ORDERS:D:96A:UN'BGM+220+1+9'DTM+137:20261122:102'UNS+S'UNT+5+1'UNZ+1+77'";
    let file = [header.repeat(5001).as_str(), good, &header.repeat(500)].concat();

    let all = read(file.as_bytes()).unwrap();

    assert_eq!((all.len(), all[1000].sets().count()), (1001, 1));
    let faults = &all[999].faults;
    assert_eq!((faults.list.len(), faults.left_out), (1000, 3501));
    let written: Vec<u8> = all.iter().flat_map(edifact::Interchange::write).collect();
    assert_eq!(written, file.as_bytes());
}
