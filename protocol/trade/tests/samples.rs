//! Every sample file: our verdict, and that it is read without loss and answered without fault.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use segments::Weight;
use trade::edi::{Dialect, Numbering, acknowledge, inspect, split, validate};

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples")
}

/// The file, the errors that it has, and their rules.
fn verdicts() -> Vec<(String, usize, String)> {
    let table = fs::read_to_string(samples().join("verdicts.tsv")).unwrap();
    let rows = table.lines().filter(|line| !line.starts_with('#')).skip(1);
    let verdict = |row: &str| {
        let cells: Vec<&str> = row.split('\t').collect();
        (cells[0].to_owned(), cells[3].parse().unwrap(), cells[4].to_owned())
    };
    rows.map(verdict).collect()
}

#[test]
fn every_sample_has_the_verdict_of_the_table() {
    for (file, errors, rules) in verdicts() {
        let bytes = fs::read(samples().join(&file)).unwrap();
        let report = validate(&bytes);
        let found =
            report.faults.iter().filter(|told| told.broken.weight == Weight::Error);
        let rule = |told: &trade::edi::Told| {
            let name = format!("{:?}", told.broken.flaw);
            name.split(|letter: char| !letter.is_alphanumeric())
                .next()
                .unwrap()
                .to_owned()
        };
        let found: BTreeSet<String> = found.map(rule).collect();
        let found = found.into_iter().collect::<Vec<_>>().join(",");
        let found = if found.is_empty() { "-".to_owned() } else { found };
        assert_eq!((report.errors, found), (errors, rules), "{file}\n{report}");
    }
}

#[test]
fn every_sample_is_written_back_as_it_was() {
    for (file, ..) in verdicts() {
        let bytes = fs::read(samples().join(&file)).unwrap();
        let written: Option<Vec<u8>> = match trade::edi::dialect(&bytes) {
            Some(Dialect::X12) => x12::read(&bytes)
                .ok()
                .map(|all| all.iter().flat_map(x12::Interchange::write).collect()),
            Some(Dialect::Edifact) => edifact::read(&bytes)
                .ok()
                .map(|all| all.iter().flat_map(edifact::Interchange::write).collect()),
            None => None,
        };
        // Two samples have messages without an interchange around them.
        assert!(written.is_none_or(|written| written == bytes), "{file}");
    }
}

#[test]
fn our_answers_are_without_fault_and_are_never_answered() {
    let numbering = Numbering {
        interchange: 1,
        group: 1,
        set: 1,
        date: "20261122".into(),
        time: "1830".into(),
    };
    for (file, ..) in verdicts() {
        let bytes = fs::read(samples().join(&file)).unwrap();
        drop(inspect(&bytes));
        drop(split(&bytes));
        for answer in acknowledge(&bytes, &numbering).unwrap_or_default() {
            let report = validate(&answer);
            let shown = String::from_utf8_lossy(&answer).into_owned();
            assert!(!report.has_faults(), "{file}\n{report}\n{shown}");
            assert_eq!(acknowledge(&answer, &numbering).unwrap(), Vec::<Vec<u8>>::new());
        }
    }
}
