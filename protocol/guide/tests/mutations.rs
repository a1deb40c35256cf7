//! Guides that were bitten: none makes the reader panic, and what is read is written and read again.
//!
//! A fixed part runs with the other tests; `cargo xtask fuzz` runs hundreds of thousands.
#![expect(clippy::print_stdout, reason = "what was seen is told by `cargo xtask fuzz`")]

#[path = "../../../tests/fuzz/mutate.rs"]
mod mutate;

use guide::Guide;
use trade::edi::{Overlay, validate_by};

const WORDS: &[&[u8]] = &[
    b"\n",
    b"[",
    b"]",
    b"[[",
    b"]]",
    b"=",
    b"\"",
    b"#",
    b"{",
    b"}",
    b",",
    b"''",
    b"\xff",
    b"\0",
    b"-1",
    b"999999999999",
    b"true",
    b"[]",
    b"PO1",
    b"UNH",
    b"850",
    b"ORDERS",
    b"01",
    b"0",
    b"\\u0000",
];

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
shortest = 3
longest = 4
codes = ["042", "043"]

[[document]]
set = "ORDERS"
release = "D96A"

[[document.segment]]
at = "SG2/NAD"
use = "must"
"#;

const ORDER: &str = "ISA*00*          *00*          *ZZ*ACME           *ZZ*NORDWIND       *261120*1030*U*00401*000000077*0*T*>~\
    GS*PO*ACME*NORDWIND*20261120*1030*77*X*004010~ST*850*0001~BEG*00*SA*45*20*20261120~\
    REF*DP*042~N1*ST*Plant*92*70~PO1*1*24*EA*9.5**VP*A1~CTT*1~SE*7*0001~GE*1*77~IEA*1*000000077~";

#[test]
fn mutations_of_guides_are_read_or_refused() {
    let samples = vec![GUIDE.as_bytes().to_vec()];
    let input = |case| mutate::input(&samples, WORDS, case);
    assert_eq!(Guide::read(GUIDE).err().map(|flaw| flaw.to_string()), None);
    let plain = validate_by(ORDER.as_bytes(), None);
    mutate::run("guide", mutate::cases(300), input, |bytes, count| {
        let text = String::from_utf8_lossy(bytes);
        let guide = match Guide::read(&text) {
            Ok(guide) => guide,
            Err(flaw) => {
                let words = flaw.to_string();
                let lines = text.lines().count().max(1);
                assert!(!words.is_empty() && words.len() < text.len() + 500, "{words}");
                count.saw("refused");
                return assert!(lines > 0);
            }
        };
        count.saw("read");
        let printed = guide.to_string();
        let again = Guide::read(&printed).map(|again| again.to_string());
        assert_eq!(
            again.ok().as_deref(),
            Some(printed.as_str()),
            "printed and read it is the same"
        );
        drop(guide.differences());
        // A guide narrows: what the standard finds is found under every guide.
        let judged = validate_by(ORDER.as_bytes(), Some(&guide as &dyn Overlay));
        assert!(judged.faults.len() >= plain.faults.len());
    });
}
