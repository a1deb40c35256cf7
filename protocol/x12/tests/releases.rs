//! Releases and sets are tables: those that come with the crate, and others.

use x12::{
    Answer, Flaw, Policy, Release, Rules, Weight, check, check_by, facts, read, release,
};

/// A release that nobody published, with one set of three segments.
const PARTY: &str = "release 009990
segment ST 143:M:ID:3:3 329:M:AN:4:9
segment SE 96:M:N0:1:10 329:M:AN:4:9
segment GST 9001:M:ID:2:2 9002:M:AN:1:30 380:O:R:1:15
note GST P0203
segment GFT 352:M:AN:1:80
codes 9001 whole
=9001 AD adult
=9001 CH child
set 777 XX
0 ST M 1
0 +GST M 3
1 GST M 1
1 GFT O 2
0 SE M 1
";

fn party(body: &str, segments: usize) -> String {
    format!(
        "ISA*00*          *00*          *ZZ*ACME           *ZZ*NORDWIND       \
         *261122*1015*^*00999*000000077*0*T*>~GS*XX*ACME*NORDWIND*20261122*1015*7*X*009990~\
         ST*777*0001~{body}SE*{segments}*0001~GE*1*7~IEA*1*000000077~"
    )
}

#[test]
fn a_set_that_nobody_published_needs_a_table_and_no_code() {
    let good = party("GST*AD*Ada*2~GFT*a book~GST*CH*Emil*1~", 5);
    let bad = party("GST*XX*Ada~GFT*a~GFT*b~GFT*c~", 6);
    let own = [Release::read(&[PARTY, facts::X12_ENVELOPE]).unwrap()];
    let rules = Rules { policy: Policy::default(), releases: &own, ..Rules::default() };

    let good = read(good.as_bytes()).unwrap();
    assert!(check(&good[0]).all().any(|broken| broken.flaw == Flaw::SetNotSupported));
    let verdict = check_by(&good[0], rules);
    assert_eq!(verdict.all().map(ToString::to_string).collect::<Vec<_>>(), [""; 0]);
    assert_eq!(verdict.answer_to(0, 0), Answer::Accepted);
    let bad = read(bad.as_bytes()).unwrap();
    let verdict = check_by(&bad[0], rules);
    let flaws: Vec<&Flaw> = verdict.all().map(|broken| &broken.flaw).collect();
    assert!(
        matches!(
            flaws.as_slice(),
            [
                Flaw::CodeUnknown,
                Flaw::ConditionMissing { .. },
                Flaw::SegmentRepeated { most: 2 }
            ]
        ),
        "{flaws:?}"
    );
}

#[test]
fn both_releases_have_every_set_with_its_group() {
    for (version, sets) in [
        ("004010", "810 820 840 843 850 855 856 860 864 865 997"),
        ("005010", "810 820 840 843 850 855 856 860 864 865 997 999"),
    ] {
        let release = release(version).unwrap();
        for set in sets.split(' ') {
            let plan = release.plan(set).unwrap();
            assert_eq!(plan.group.len(), 2, "{version} {set}");
            for node in plan.nodes.iter().filter(|node| !node.is_loop()) {
                assert!(
                    release.layout(node.tag).is_some(),
                    "{version} {set} {}",
                    node.tag
                );
            }
        }
        assert_eq!(release.plans().len(), sets.split(' ').count());
    }
    assert!(release("003030").is_none());
    assert_eq!(release("005010X231A1").map(Release::name), Some("005010"));
}

#[test]
fn a_code_that_is_not_in_a_known_list_is_remarked_on_and_not_refused() {
    let text = "ISA*00*          *00*          *ZZ*ACME           *ZZ*NORDWIND       \
        *261122*1015*U*00401*000000077*0*T*>~GS*PO*ACME*NORDWIND*20261122*1015*7*X*004010~\
        ST*850*0001~BEG*00*QX*PO-9**20261122~PO1*1*5*EA*2.5*QX*VP*A1~SE*4*0001~GE*1*7~\
        IEA*1*000000077~";
    let all = read(text.as_bytes()).unwrap();
    let verdict = check(&all[0]);
    let told: Vec<(String, Flaw, Weight)> = verdict
        .all()
        .map(|broken| {
            (broken.place.reference.clone(), broken.flaw.clone(), broken.weight)
        })
        .collect();
    let unknown =
        |reference: &str| (reference.to_owned(), Flaw::CodeUnknown, Weight::Note);
    assert_eq!(told, [unknown("92"), unknown("639")]);
    assert_eq!(verdict.answer_to(0, 0), Answer::Accepted);
}

#[test]
fn the_long_lists_are_known_in_004010_alone() {
    let told = |isa: &str, version: &str, codes: [&str; 4]| {
        let [reference, charge, quantity, amount] = codes;
        let text = format!(
            "ISA*00*          *00*          *ZZ*ACME           *ZZ*NORDWIND       \
             *261122*1015*{isa}*000000077*0*T*>~GS*PO*ACME*NORDWIND*20261122*1015*7*X*{version}~\
             ST*850*0001~BEG*00*SA*PO-9**20261122~REF*{reference}*7~SAC*C*{charge}***500~\
             PO1*1*5*EA*2.5*PE*VP*A1~QTY*{quantity}*5~CTT*1~AMT*{amount}*12.5~SE*9*0001~\
             GE*1*7~IEA*1*000000077~"
        );
        let all = read(text.as_bytes()).unwrap();
        let verdict = check(&all[0]);
        assert_eq!(verdict.answer_to(0, 0), Answer::Accepted);
        let told = verdict.all().map(|broken| {
            (broken.place.reference.clone(), broken.flaw.clone(), broken.weight)
        });
        told.collect::<Vec<_>>()
    };
    let unknown =
        |reference: &str| (reference.to_owned(), Flaw::CodeUnknown, Weight::Note);
    assert_eq!(
        told("U*00401", "004010", ["ZZZ", "Q999", "ZZ", "QQQ"]),
        [unknown("128"), unknown("1300"), unknown("673"), unknown("522")]
    );
    // Codes of the ends and the midst, none of which was in the lists when they were in part.
    for codes in [
        ["01", "A010", "01", "01"],
        ["HHT", "G821", "K6", "LOW"],
        ["WDR", "ZZZZ", "ZS", "ZY"],
    ] {
        assert_eq!(told("U*00401", "004010", codes), []);
    }
    assert_eq!(told("^*00501", "005010", ["ZZZ", "Q999", "ZZ", "QQQ"]), []);
}

#[test]
fn a_segment_without_a_value_is_told_with_its_place() {
    let text = |line: &str| {
        format!(
            "ISA*00*          *00*          *ZZ*ACME           *ZZ*NORDWIND       \
             *261122*1015*U*00401*000000077*0*T*>~GS*PO*ACME*NORDWIND*20261122*1015*7*X*004010~\
             ST*850*0001~BEG*00*SA*1**20261122~{line}SE*4*0001~GE*1*7~IEA*1*000000077~"
        )
    };
    for (line, wanted) in [("PO1~", 1), ("PO1*~", 1), ("PO1***~", 1), ("PO1*1~", 0)] {
        let text = text(line);
        let all = read(text.as_bytes()).unwrap();
        let verdict = check(&all[0]);
        let empty: Vec<_> =
            verdict.all().filter(|it| it.flaw == Flaw::SegmentEmpty).collect();
        assert_eq!(empty.len(), wanted, "{line}");
        for broken in empty {
            let place = &broken.place;
            assert_eq!(text.get(place.at..place.at + place.length), Some("PO1"));
            assert_eq!((broken.weight, place.ordinal), (Weight::Error, 3));
            assert_eq!(
                broken.to_string(),
                "PO1 (order line), segment 3 of the document: holds no value at all; \
                 fill it in, or leave the segment out (byte 185)"
            );
            assert_eq!(verdict.answer_to(0, 0), Answer::Rejected);
        }
    }
    // A value that must be there is told to be missing, and nothing besides.
    let all = text("REF~");
    let all = read(all.as_bytes()).unwrap();
    let verdict = check(&all[0]);
    let flaws: Vec<&Flaw> = verdict.all().map(|broken| &broken.flaw).collect();
    assert!(!flaws.contains(&&Flaw::SegmentEmpty), "{flaws:?}");
    assert!(flaws.contains(&&Flaw::ElementMissing), "{flaws:?}");
}
