//! Files that were made to hurt.

use std::fmt::Write as _;

use trade::edi::{inspect, split, validate};

const ISA: &str = "ISA*00*          *00*          *ZZ*ACME           *ZZ*NORDWIND       *261120*1030*U*00401*000000077*1*T*>~";
const UNB: &str = "UNB+UNOC:3+A+B+261122:1015+77'";

/// Everything that a stranger's file is put through.
fn survives(file: &[u8]) -> usize {
    let report = validate(file);
    drop(split(file));
    assert!(report.has_faults());
    assert!(report.faults.len() <= 11_002, "the list has a lid: {}", report.faults.len());
    report.left_out
}

#[test]
fn a_flood_of_terminators_headers_or_trailers_is_counted_not_kept() {
    for noise in
        ["~", "ST~", "GS~", "ST*850*0001~", "SE*1*1~", "ZZ*1~", "*", "IEA~", "ISA~"]
    {
        let file =
            format!("{ISA}GS*PO*A*B*20261120*1030*77*X*004010~{}", noise.repeat(30_000));
        let left_out = survives(file.as_bytes());
        assert!(
            noise == "*" || noise.starts_with('I') || left_out > 0 || noise == "GS~",
            "{noise}"
        );
    }
    for noise in [
        "'",
        "UNH'",
        "UNG'",
        "UNH+1+ORDERS:D:96A:UN'",
        "UNT'",
        "ABC'",
        "+",
        "?",
        ":",
        "UNZ'",
    ] {
        survives(format!("{UNB}{}", noise.repeat(30_000)).as_bytes());
    }
}

#[test]
fn a_huge_element_or_segment_is_a_fault_and_no_more() {
    let mut file =
        format!("{ISA}GS*PO*A*B*20261120*1030*77*X*004010~ST*850*0001~BEG*00*SA*");
    file.push_str(&"9".repeat(2_000_000));
    file.push_str("**20261120~PO1");
    file.push_str(&"*1".repeat(500_000));
    file.push_str("~SE*4*0001~GE*1*77~IEA*1*000000077~");

    let report = validate(file.as_bytes());
    assert!(report.has_faults() && report.faults.len() < 100);
    assert!(report.faults.iter().all(|told| told.text.len() < 600));
    assert!(inspect(file.as_bytes()).is_ok());
}

#[test]
fn what_is_left_of_a_huge_text_is_told_in_short() {
    let file = format!(
        "{ISA}GS*PO*A*B*20261120*1030*77*X*004010~ST*850*0001~BEG*00*SA*1**20261120~\
         ZZZ*{}~PO1*1*1*EA~SE*5*0001~GE*1*77~IEA*1*000000077~",
        "9".repeat(1 << 20)
    );
    let all = x12::read(file.as_bytes()).unwrap();
    let read = trade::from_x12(&all[0].groups[0].sets[0]).unwrap();
    assert_eq!(read.left.len(), 1);
    assert!(read.left.iter().all(|left| left.what.len() < 1_200));

    let number = "9".repeat(1 << 20);
    let note = trade::Reference { kind: "contract".into(), number, date: None };
    let mut document = read.outcome;
    document.references.push(note);
    let endpoint = |id: &str| edifact::Endpoint {
        id: id.into(),
        qualifier: "ZZZ".into(),
        address: String::new(),
    };
    let envelope = edifact::Envelope {
        sender: endpoint("ACME"),
        receiver: endpoint("NORDWIND"),
        control: "1".into(),
        is_test: true,
        stamp: edifact::Stamp { date: "20261122".into(), time: "1830".into() },
    };
    let left = trade::to_edifact_of(&document, &envelope, "96A").left;
    assert!(left.iter().any(|left| left.what.contains("1048")), "{}", left.len());
    assert!(left.iter().all(|left| left.what.len() < 1_200));
}

#[test]
fn wrong_bytes_everywhere_are_shown_by_their_numbers() {
    let mut file =
        format!("{ISA}GS*PO*A*B*20261120*1030*77*X*004010~ST*850*0001~").into_bytes();
    for byte in 0..=255_u8 {
        file.extend_from_slice(&[b'B', b'E', b'G', b'*', byte, 0xff, 0xc3, b'~']);
    }
    survives(&file);
}

#[test]
fn twice_the_file_takes_no_more_than_twice_the_words() {
    let body = |sets: usize| {
        let mut file = format!("{ISA}GS*PO*A*B*20261120*1030*77*X*004010~");
        for set in 0..sets {
            // Writing to a string does not fail.
            let _ = write!(
                file,
                "ST*850*{set:05}~BEG*00*SA*1**20261341~PO1*1*x*EA~SE*4*{set:05}~"
            );
        }
        file
    };
    let (one, two) = (validate(body(500).as_bytes()), validate(body(1000).as_bytes()));
    let grown = two.faults.len().saturating_sub(one.faults.len());
    assert_eq!(grown, one.faults.len().saturating_sub(2));
}
