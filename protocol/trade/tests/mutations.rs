//! Files that were bitten: nothing panics, and what must hold of every file holds.
//!
//! A fixed part runs with the other tests; `cargo xtask fuzz` runs hundreds of thousands.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]
#![expect(clippy::print_stdout, reason = "what was seen is told by `cargo xtask fuzz`")]

#[path = "../../../tests/fuzz/mutate.rs"]
mod mutate;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use mutate::Count;
use segments::{Flaw, escape};
use trade::edi::{
    Dialect, Notice, Numbering, Stream, Target, acknowledge_with, convert, dialect,
    inspect, split, validate,
};

const WORDS: &[&[u8]] = &[
    b"~", b"*", b"'", b"+", b":", b"?", b"^", b">", b"\n", b"\r\n", b"??'", b"\xc3\xbc", b"\xff",
    b"\0", b"-1", b"0", b"99999999999999999999", b"4294967296", b"1E999", b"20260230",
    b"~ST*850*0001~", b"~SE*2*0001~", b"~GE*1*77~", b"~GS*PO*A*B*20261120*1030*77*X*004010~",
    b"~IEA*1*000000077~", b"~TA1*000000077*261120*1030*A*000~", b"~HL*1**S~", b"~N1*ST*X~",
    b"'UNH+1+ORDERS:D:96A:UN'", b"'UNT+2+1'", b"'UNZ+1+77'", b"'UNG+ORDERS+A+B+261122:1015+1+UN+D:96A'",
    b"'UNE+1+1'", b"'UNS+S'", b"UNA:+.? '", b"UNB+UNOC:3+A+B+261122:1015+77'", b"'LIN+1'",
    b"ISA*00*          *00*          *ZZ*A              *ZZ*B              *261120*1030*U*00401*000000077*1*T*>~",
];

fn samples() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "edi"));
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

fn numbering() -> Numbering {
    let (date, time) = ("20261122".to_owned(), "1830".to_owned());
    Numbering { interchange: 1, group: 1, set: 1, date, time }
}

fn rule(flaw: &Flaw) -> String {
    let name = format!("{flaw:?}");
    name.split(|letter: char| !letter.is_alphanumeric()).next().unwrap().to_owned()
}

/// What is read is written back byte by byte.
fn is_lossless(file: &[u8]) -> bool {
    let written: Option<Vec<u8>> = match dialect(file) {
        Some(Dialect::X12) => x12::read(file)
            .ok()
            .map(|all| all.iter().flat_map(x12::Interchange::write).collect()),
        Some(Dialect::Edifact) => edifact::read(file)
            .ok()
            .map(|all| all.iter().flat_map(edifact::Interchange::write).collect()),
        None => None,
    };
    written.as_ref().is_none_or(|written| written == file)
}

/// Faults lie within the file and show what stands there; in pieces they are the same.
fn faults(file: &[u8], count: &mut Count) -> bool {
    let report = validate(file);
    let mut rules = BTreeSet::new();
    let mut whole: Vec<&str> = Vec::new();
    for told in &report.faults {
        let (place, flaw) = (&told.broken.place, &told.broken.flaw);
        let raw = file.get(place.at..place.at + place.length);
        assert!(raw.is_some(), "beyond the file: {:?}", told.broken);
        let raw = raw.unwrap_or_default();
        if !matches!(flaw, Flaw::SegmentMissing { .. }) {
            assert_eq!(told.broken.value, escape(raw), "{:?}", told.broken);
        }
        rules.insert(rule(flaw));
        whole.push(&told.text);
    }
    for rule in rules {
        count.saw(format!("rule {rule}"));
    }

    let mut stream = Stream::new(None);
    let mut pieces = Vec::new();
    for piece in file.chunks(1 + file.len() / 3) {
        stream.push(piece);
        pieces.extend(std::iter::from_fn(|| stream.found()).flatten());
    }
    stream.end();
    pieces.extend(std::iter::from_fn(|| stream.found()).flatten());
    let mut told: Vec<&str> = pieces
        .iter()
        .flat_map(|found| match found {
            trade::edi::Found::Set(set) => &set.faults,
            trade::edi::Found::Group(group) => &group.faults,
            trade::edi::Found::Interchange(interchange) => &interchange.faults,
        })
        .map(|told| told.text.as_str())
        .collect();
    let sum = stream.sum();
    told.extend(sum.unread.iter().map(|told| told.text.as_str()));
    assert_eq!((sum.errors, sum.remarks), (report.errors, report.remarks));
    told.sort_unstable();
    whole.sort_unstable();
    assert_eq!(told, whole);
    report.has_faults()
}

#[test]
fn mutations_of_files_are_read_judged_answered_and_converted() {
    let samples = samples();
    let input = |case| mutate::input(&samples, WORDS, case);
    mutate::run("edi", mutate::cases(300), input, |file, count| {
        assert!(is_lossless(file), "it is not written back as it was");
        let is_faulty = faults(file, count);
        count.saw(if is_faulty { "files with faults" } else { "files without a fault" });
        for notice in [Notice::Functional, Notice::Implementation] {
            let answers = acknowledge_with(notice, file, &numbering());
            if answers.is_err() {
                count.saw("files refused");
            }
            for answer in answers.unwrap_or_default() {
                count.saw("answers");
                let report = validate(&answer);
                assert!(
                    !report.has_faults(),
                    "{report}\n{}",
                    String::from_utf8_lossy(&answer)
                );
                let again = acknowledge_with(notice, &answer, &numbering()).unwrap();
                assert!(again.is_empty(), "an acknowledgement is acknowledged");
            }
        }
        drop((inspect(file), split(file)));
        for target in [Target::EDIFACT_D96A, Target::X12_004010, Target::Json] {
            let done = convert(file, target, &numbering());
            for _ in done.iter().flat_map(|conversion| &conversion.documents) {
                count.saw("documents converted");
            }
        }
    });
}
