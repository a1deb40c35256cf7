//! What a guide asks for is told beside the standard, with its line; it never allows more.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

use std::fs;
use std::path::Path;

use guide::{Document, ElementRule, Guide, Learner, SegmentRule, Spot, Use, When};
use proptest::prelude::*;
use trade::edi::{Language, Report, validate, validate_by};

const GUIDE: &str = r#"guide = "Nordwind orders"
version = "3"

[[document]]
set = "850"
release = "004010"

[[document.segment]]
at = "N1/N1"
when = { element = "01", codes = ["ST"] }
use = "must"
most = 1

[[document.segment]]
at = "REF"
when = { element = "01", codes = ["DP"] }
use = "must"
[[document.segment.element]]
element = "02"
use = "must"
longest = 4

[[document.segment]]
at = "BEG"
[[document.segment.element]]
element = "02"
codes = ["SA"]

[[document.segment]]
at = "PO1/PID/PID"
use = "must"

[[document.segment]]
at = "CUR"
use = "never"
"#;

fn order(body: &str) -> String {
    let count = body.matches('~').count() + 2;
    format!(
        "ISA*00*          *00*          *ZZ*ACME           *ZZ*NORDWIND       *261120*1030*U*00401*000000077*0*T*>~\
         GS*PO*ACME*NORDWIND*20261120*1030*77*X*004010~ST*850*0001~{body}SE*{count}*0001~GE*1*77~IEA*1*000000077~"
    )
}

const GOOD: &str = "BEG*00*SA*4500017*20*20261120~REF*DP*042~N1*ST*Plant*92*70~\
    PO1*1*24*EA*9.5**VP*A1~PID*F****Bolt~PO1*2*8*EA*1**VP*B2~PID*F****Nut~CTT*2~";

/// The faults that the guide gives, each as rule, line and bytes of the file.
fn told(report: &Report) -> Vec<(String, usize)> {
    let lines = report.faults.iter().filter_map(|told| {
        let line = told.broken.place.guideline.as_ref()?.line;
        let flaw = format!("{:?}", told.broken.flaw);
        Some((flaw.split([' ', '(']).next().unwrap().to_owned(), line))
    });
    lines.collect()
}

#[test]
fn an_order_that_keeps_to_the_guide_is_taken() {
    let guide = Guide::read(GUIDE).unwrap();
    let good = GOOD.replace("*20*2026", "**2026");
    let report = validate_by(order(&good).as_bytes(), Some(&guide));

    assert_eq!(told(&report), [], "{report}");
    assert!(!report.has_faults(), "{report}");
}

#[test]
fn each_kind_of_rule_is_told_with_the_line_of_the_guide() {
    let guide = Guide::read(GUIDE).unwrap();
    let good = GOOD.replace("*20*2026", "**2026");
    let faults = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        told(&validate_by(order(&good.replacen(from, to, 1)).as_bytes(), Some(&guide)))
    };
    let one = |flaw: &str, line: usize| vec![(flaw.to_owned(), line)];

    assert_eq!(faults("N1*ST*Plant*92*70~", ""), one("SegmentMissing", 9));
    assert_eq!(faults("N1*ST", "N1*BT"), one("SegmentMissing", 9));
    assert_eq!(faults("N1*ST", "N1*ST*Dock*92*80~N1*ST"), one("SegmentRepeated", 9));
    assert_eq!(faults("REF*DP*042~", ""), one("SegmentMissing", 15));
    assert_eq!(faults("REF*DP*042", "REF*DP*04242"), one("TooLong", 19));
    assert_eq!(faults("REF*DP*042", "REF*DP**Desk"), one("ElementMissing", 19));
    assert_eq!(faults("*SA*", "*NE*"), one("CodeUnknown", 26));
    assert_eq!(faults("PID*F****Bolt~", ""), one("SegmentMissing", 30));
    assert_eq!(faults("PID*F****Nut~", ""), one("SegmentMissing", 30));
    assert_eq!(faults("REF*DP", "CUR*BY*EUR~REF*DP"), one("SegmentNotInSet", 34));
}

#[test]
fn a_fault_says_what_the_partner_wants_and_in_which_line() {
    let guide = Guide::read(GUIDE).unwrap();
    let report = validate_by(
        order(&GOOD.replace("*SA*", "*NE*").replace("*20*2", "**2")).as_bytes(),
        Some(&guide),
    );

    let text = &report.faults[0].text;
    assert!(
        text.contains("this partner takes SA only (guide Nordwind orders 3, line 26)"),
        "{text}"
    );
    assert!(text.contains("“NE”") && text.contains("write one of SA"), "{text}");
}

#[test]
fn a_fault_of_a_guide_is_told_in_the_language_of_the_reader() {
    let guide = Guide::read(GUIDE).unwrap();
    let good = GOOD.replace("*20*2026", "**2026");
    let told = |from: &str, to: &str, language: Language| {
        let file = order(&good.replacen(from, to, 1));
        let report = validate_by(file.as_bytes(), Some(&guide));
        language.words().tell(&report.faults[0].broken)
    };
    let missing = |language| told("N1*ST*Plant*92*70~", "", language);
    assert!(missing(Language::English).contains("asks for N1 with ST in 01 before here"));
    let french = missing(Language::French);
    assert!(french.contains("demande N1 avec ST en 01 avant cet endroit"), "{french}");
    assert!(french.contains("ajoutez N1 avec ST en 01"), "{french}");
    let spanish = told("REF*DP*042", "REF*DP*04242", Language::Spanish);
    assert!(spanish.contains("este socio admite 4 caracteres como máximo"), "{spanish}");
    assert!(spanish.contains("escriba 4 caracteres como máximo"), "{spanish}");
    assert!(spanish.contains("(guía Nordwind orders 3, línea 19)"), "{spanish}");
    let code = told("*SA*", "*NE*", Language::French);
    assert!(code.contains("ce partenaire n'accepte que SA"), "{code}");
}

/// Rules for segments told apart by a qualifier: each line has its wanted day, prices are net.
const BY_QUALIFIER: &str = r#"
guide = "Atelier Sud"
version = "1"

[[document]]
set = "ORDERS"
release = "D96A"

[[document.segment]]
at = "SG25/DTM"
when = { element = "01-1", codes = ["2", "63"] }
use = "must"
most = 1
[[document.segment.element]]
element = "01-3"
codes = ["102"]

[[document.segment]]
at = "SG25/SG28/PRI"
when = { element = "01-1", codes = ["AAB"] }
use = "never"

[[document.segment]]
at = "SG2/NAD"
when = { element = "01", codes = ["DP"] }
[[document.segment.element]]
element = "02-1"
use = "must"
shortest = 13
longest = 13
"#;

fn message(lines: &str) -> String {
    let body = format!(
        "BGM+220+PO-1+9'DTM+137:20261122:102'NAD+BY+1::92'NAD+DP+4012345000009::9'{lines}UNS+S'"
    );
    let count = body.matches('\'').count() + 2;
    format!(
        "UNB+UNOC:3+ACME:ZZZ+NORDWIND:ZZZ+261122:1830+1'UNH+1+ORDERS:D:96A:UN'{body}\
         UNT+{count}+1'UNZ+1+1'"
    )
}

#[test]
fn a_rule_speaks_only_of_the_segments_with_its_qualifier() {
    let guide = Guide::read(BY_QUALIFIER).unwrap();
    let good = "LIN+1++W-1:VP'QTY+21:5:EA'DTM+2:20261201:102'PRI+AAA:9.5'\
                LIN+2++W-2:VP'QTY+21:5:EA'DTM+63:20261201:102'PRI+AAA:9.5'";
    let faults = |from: &str, to: &str| {
        let file = message(good);
        assert!(from.is_empty() || file.contains(from), "{from}");
        told(&validate_by(file.replacen(from, to, 1).as_bytes(), Some(&guide)))
    };
    let segments = |from: &str, to: &str, more: i32| {
        let count = message(good).matches('\'').count();
        let own = format!("UNT+{}", count - 3);
        let new = format!("UNT+{}", i32::try_from(count - 3).unwrap() + more);
        let file = message(good).replacen(from, to, 1).replacen(&own, &new, 1);
        told(&validate_by(file.as_bytes(), Some(&guide)))
    };
    let one = |flaw: &str, line: usize| vec![(flaw.to_owned(), line)];

    assert_eq!(faults("", ""), []);
    // Each line asks for its own day; that of another line does not count.
    assert_eq!(segments("DTM+63:20261201:102'", "", -1), one("SegmentMissing", 10));
    assert_eq!(faults("DTM+63", "DTM+11"), one("SegmentMissing", 10));
    // Either qualifier will do, but not both.
    let both = "DTM+2:20261201:102'DTM+63:20261201:102'";
    assert_eq!(segments("DTM+2:20261201:102'", both, 1), one("SegmentRepeated", 10));
    // How it is written is asked of these dates only.
    assert_eq!(
        faults("DTM+2:20261201:102", "DTM+2:202612011200:203"),
        one("CodeUnknown", 15)
    );
    assert_eq!(faults("137:20261122:102", "137:202611221830:203"), []);
    assert_eq!(faults("PRI+AAA", "PRI+AAB"), one("SegmentNotInSet", 19));
    assert_eq!(faults("NAD+BY+1", "NAD+BY+12"), []);
    assert_eq!(faults("4012345000009", "401234500000"), one("TooShort", 27));
    assert_eq!(
        faults("NAD+DP+4012345000009::9", "NAD+DP+++Depot"),
        one("ElementMissing", 27)
    );
}

#[test]
fn a_rule_that_the_standard_does_not_have_or_that_allows_more_is_refused() {
    let flaw = |from: &str, to: &str| {
        assert!(GUIDE.contains(from), "{from}");
        Guide::read(&GUIDE.replacen(from, to, 1)).unwrap_err().to_string()
    };

    let told = flaw("at = \"N1/N1\"", "at = \"N1\"");
    assert!(told.starts_with("line 9") && told.contains("there is N1/N1"), "{told}");
    assert!(flaw("most = 1", "most = 999").contains("allows N1/N1 200 times"));
    assert!(flaw("longest = 4", "longest = 31").contains("30 characters"));
    assert!(
        flaw("codes = [\"SA\"]", "codes = [\"SALE\"]")
            .contains("SALE does not fit element 92")
    );
    assert!(flaw("at = \"CUR\"", "at = \"BEG\"").contains("demands BEG"));
    assert!(flaw("release = \"004010\"", "release = \"009999\"").contains("no tables"));
    assert!(flaw("element = \"02\"", "element = \"99\"").contains("has no 99"));
    assert!(flaw("use = \"must\"", "use = \"perhaps\"").starts_with("line 11"));
}

#[test]
fn a_refusal_quotes_no_more_of_a_guide_than_a_person_reads() {
    let long = "k".repeat(1 << 20);
    let places = [
        ("at = \"N1/N1\"", format!("{long} = 1\nat = \"N1/N1\"")),
        ("at = \"N1/N1\"", format!("at = \"{long}\"")),
        ("at = \"N1/N1\"", format!("at = \"N1/N1\"\nuse = \"{long}\"")),
        ("release = \"004010\"", format!("release = \"{long}\"")),
        ("set = \"850\"", format!("set = \"{long}\"")),
        ("element = \"02\"", format!("element = \"{long}\"")),
        ("codes = [\"SA\"]", format!("codes = [\"{long}\"]")),
        ("guide = \"Nordwind orders\"", format!("guide = \"{long}\"")),
    ];
    for (from, to) in places {
        assert!(GUIDE.contains(from), "{from}");
        let told = Guide::read(&GUIDE.replacen(from, &to, 1)).unwrap_err().to_string();
        assert!(told.len() < 1_200, "{from}: {} bytes", told.len());
    }
}

#[test]
fn the_difference_to_the_standard_is_told_rule_by_rule() {
    let all: Vec<String> = Guide::read(GUIDE)
        .unwrap()
        .differences()
        .iter()
        .map(ToString::to_string)
        .collect();

    assert_eq!(
        all[0],
        "850 of 004010, N1/N1 with ST in 01: must be there, at most 1 \
         (standard: optional, at most 200; line 9)"
    );
    assert!(all.iter().any(|line| line.contains("BEG02: only SA")), "{all:#?}");
    assert_eq!(all.len(), 6);
}

/// Sample files without an error.
fn samples() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../trade/tests/samples");
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let files =
        paths.iter().filter(|path| path.extension().is_some_and(|end| end == "edi"));
    files
        .map(|path| fs::read(path).unwrap())
        .filter(|file| !validate(file).has_faults())
        .collect()
}

fn infer(files: &[&Vec<u8>]) -> Guide {
    let learner = Learner::default();
    for file in files {
        validate_by(file, Some(&learner));
    }
    learner.guide("samples", "1")
}

#[test]
fn a_guide_that_was_inferred_names_what_is_always_there() {
    let file = order(&GOOD.replace("*20*2026", "**2026")).into_bytes();
    let guide = infer(&[&file, &file]).to_string();

    let ship_to = "at = \"N1/N1\"\nwhen = { element = \"01\", codes = [\"ST\"] }\nuse = \"must\"\nmost = 1\n";
    assert!(guide.contains(ship_to), "{guide}");
    assert!(guide.contains("at = \"PO1/PID/PID\""), "{guide}");
}

fn spot() -> impl Strategy<Value = Spot> {
    (1..4_usize).prop_map(|element| Spot { element, component: 0 })
}

fn usage() -> impl Strategy<Value = Use> {
    prop_oneof![Just(Use::May), Just(Use::Must), Just(Use::Never)]
}

/// Guides of rules that the standard has; not all of them make sense.
fn guides() -> impl Strategy<Value = Guide> {
    let at = prop::sample::select(vec![
        "BEG",
        "CUR",
        "REF",
        "N1/N1",
        "N1/N3",
        "PO1/PO1",
        "PO1/PID/PID",
    ]);
    let codes = prop::collection::vec("[A-Z0-9\"\\\\ é]{1,4}", 0..3);
    let element = (spot(), usage(), proptest::option::of(1..3_u32), codes).prop_map(
        |(element, usage, longest, codes)| ElementRule {
            element,
            usage,
            shortest: None,
            longest,
            codes,
            line: 0,
        },
    );
    let when = proptest::option::of((spot(), prop::collection::vec("[A-Z]{2}", 1..3)));
    let rule = (
        at,
        when,
        usage(),
        proptest::option::of(1..2_u32),
        prop::collection::vec(element, 0..3),
    )
        .prop_map(|(at, when, usage, most, elements)| SegmentRule {
            at: at.to_owned(),
            when: when.map(|(element, codes)| When { element, codes }),
            usage,
            most,
            elements,
            line: 0,
        });
    (".{0,12}", "[0-9.]{1,4}", prop::collection::vec(rule, 0..6)).prop_map(
        |(name, version, segments)| Guide {
            name,
            version,
            documents: vec![Document {
                set: "850".into(),
                release: "004010".into(),
                segments,
            }],
        },
    )
}

proptest! {
    #[test]
    fn properties_of_a_guide_printed_and_read_it_is_the_same(guide in guides()) {
        match Guide::read(&guide.to_string()) {
            Ok(read) => prop_assert_eq!(read, guide),
            // Refused for what it asks, never for how it is written.
            Err(flaw) => prop_assert!(!flaw.what.contains("TOML") && !flaw.what.contains("expected"), "{}", flaw),
        }
    }

    #[test]
    fn properties_of_an_inferred_guide_it_takes_the_files_it_came_from(
        places in prop::collection::btree_set(0..1000_usize, 1..6),
    ) {
        let all = samples();
        let files: Vec<&Vec<u8>> =
            places.iter().map(|place| &all[place % all.len()]).collect();
        let guide = infer(&files);
        let read = Guide::read(&guide.to_string());
        prop_assert!(read.is_ok(), "{}\n{guide}", read.unwrap_err());
        let read = read.unwrap();
        prop_assert_eq!(&read, &guide);
        for file in files {
            let report = validate_by(file, Some(&read));
            prop_assert!(!report.has_faults(), "{report}\n{guide}");
        }
    }

    #[test]
    fn properties_of_any_guide_it_never_takes_what_the_standard_refuses(
        guide in guides(), place in 0..1000_usize, cut in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let all = samples();
        let mut file = all[place % all.len()].clone();
        let at = cut.index(file.len());
        file[at] = byte;
        let (standard, narrowed) = (validate(&file), validate_by(&file, Some(&guide)));
        let own = |report: &Report| -> Vec<String> {
            let own = report.faults.iter().filter(|told| told.broken.place.guideline.is_none());
            own.map(|told| format!("{:?}", told.broken)).collect()
        };
        prop_assert_eq!(own(&standard), own(&narrowed));
        prop_assert!(narrowed.errors >= standard.errors);
    }
}
