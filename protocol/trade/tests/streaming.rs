//! A file that arrives in pieces is read and judged as it is when it comes whole.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use trade::edi::{
    Answering, Found, Notice, Numbering, Reading, Stream, acknowledge_with, validate,
};

/// What a file comes to: its faults in the order of their bytes, its sets and interchanges.
type Outcome = (Vec<String>, Vec<String>, usize, usize);

fn whole(file: &[u8]) -> Outcome {
    let report = validate(file);
    let mut faults: Vec<String> =
        report.faults.iter().map(|told| format!("{:?}", told.broken)).collect();
    faults.sort();
    let mut shells = Vec::new();
    for interchange in &report.interchanges {
        for set in &interchange.sets {
            shells.push(format!("{} {} {}", set.kind, set.control, set.errors));
        }
        shells.push(format!("{} {:?}", interchange.control, interchange.answer));
    }
    (faults, shells, report.errors, report.remarks)
}

fn in_pieces(file: &[u8], piece: usize) -> Outcome {
    let mut stream = Stream::new(None);
    let (mut faults, mut shells) = (Vec::new(), Vec::new());
    let mut take = |found: &Found| match found {
        Found::Set(set) => {
            let judged = &set.set;
            faults.extend(set.faults.iter().map(|told| format!("{:?}", told.broken)));
            shells.push(format!("{} {} {}", judged.kind, judged.control, judged.errors));
        }
        Found::Group(group) => {
            faults.extend(group.faults.iter().map(|told| format!("{:?}", told.broken)));
        }
        Found::Interchange(interchange) => {
            let told = interchange.faults.iter();
            faults.extend(told.map(|told| format!("{:?}", told.broken)));
            shells.push(format!("{} {:?}", interchange.control, interchange.answer));
        }
    };
    for piece in file.chunks(piece) {
        stream.push(piece);
        while let Some(found) = stream.found() {
            found.iter().for_each(&mut take);
        }
    }
    stream.end();
    while let Some(found) = stream.found() {
        found.iter().for_each(&mut take);
    }
    let sum = stream.sum();
    if let Some(unread) = &sum.unread {
        faults.push(format!("{:?}", unread.broken));
    }
    faults.sort();
    (faults, shells, sum.errors, sum.remarks)
}

fn samples() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.extension().is_some_and(|end| end == "edi"));
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let mut all: Vec<_> =
        files.map(|path| (name(&path), fs::read(&path).unwrap())).collect();
    all.sort();
    all
}

#[test]
fn every_sample_comes_to_the_same_in_pieces_of_any_size() {
    for (name, file) in samples() {
        let expected = whole(&file);
        for piece in [1, 7, 64, 1000, 1 << 20] {
            assert_eq!(in_pieces(&file, piece), expected, "{name} in pieces of {piece}");
        }
    }
}

fn numbering() -> Numbering {
    let (date, time) = ("20261122".to_owned(), "1830".to_owned());
    Numbering { interchange: 7, group: 8, set: 9, date, time }
}

fn answers_in_pieces(file: &[u8], piece: usize, notice: Notice) -> Vec<String> {
    let mut answering = Answering::new(notice, numbering(), None);
    let mut reading = Reading::default();
    let mut answers = Vec::new();
    for piece in file.chunks(piece).map(Some).chain([None]) {
        match piece {
            Some(piece) => reading.push(piece),
            None => reading.end(),
        }
        while let Ok(Some(part)) = reading.part() {
            answers.extend(answering.part(&part));
        }
    }
    answers.iter().map(|answer| String::from_utf8_lossy(answer).into_owned()).collect()
}

fn answers(file: &[u8], notice: Notice) -> Vec<String> {
    let answers = acknowledge_with(notice, file, &numbering()).unwrap_or_default();
    answers.iter().map(|answer| String::from_utf8_lossy(answer).into_owned()).collect()
}

#[test]
fn every_sample_is_answered_alike_in_pieces_and_at_once() {
    let (mut all, mut contexts) = (0, 0);
    for (name, file) in samples() {
        for notice in [Notice::Functional, Notice::Implementation] {
            let expected = answers(&file, notice);
            for piece in [1, 64, 1000] {
                let found = answers_in_pieces(&file, piece, notice);
                assert_eq!(found, expected, "{name} in pieces of {piece}");
            }
            all += expected.len();
            contexts += expected.iter().filter(|answer| answer.contains("CTX*")).count();
        }
    }
    assert!(all > 100 && contexts > 3, "{all} answers, {contexts} with contexts");
}

/// Several samples one after the other, with bytes changed, taken out, doubled or put between.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let all: Vec<Vec<u8>> = samples().into_iter().map(|(_, file)| file).collect();
    let files = prop::collection::vec(0..all.len(), 1..4);
    let hurt =
        prop::collection::vec((any::<u8>(), any::<prop::sample::Index>(), 0..4_u8), 0..6);
    (files, hurt).prop_map(move |(files, hurt)| {
        let mut file: Vec<u8> =
            files.iter().flat_map(|place| all[*place].clone()).collect();
        for (byte, place, way) in hurt {
            let place = place.index(file.len());
            match way {
                0 => file[place] = byte,
                1 => file.insert(place, byte),
                2 => {
                    let to = place.saturating_add(usize::from(byte)).min(file.len());
                    file.drain(place..to);
                }
                _ => {
                    let to = place.saturating_add(usize::from(byte)).min(file.len());
                    let twice = file[place..to].to_vec();
                    file.splice(place..place, twice);
                }
            }
            if file.is_empty() {
                file.push(byte);
            }
        }
        file
    })
}

proptest! {
    #[test]
    fn properties_of_a_damaged_file_are_the_same_in_pieces(
        file in damaged(), piece in 1..5000_usize,
    ) {
        let expected = whole(&file);
        prop_assert_eq!(in_pieces(&file, piece), expected);
        for notice in [Notice::Functional, Notice::Implementation] {
            let expected = answers(&file, notice);
            prop_assert_eq!(answers_in_pieces(&file, piece, notice), expected);
        }
    }
}
