//! What a buyer or seller wrote, read by hand and by us.
//!
//! `readings/NAME.json` was checked against the bytes of `NAME.edi` element by element: every
//! value of the file stands in it, or in `left`, or is an envelope, a count or a code that says
//! what another value is. Where a reading is a judgement, a line that begins with `//` says so.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use trade::edi::{Numbering, Target, convert};

fn readings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readings")
}

/// The file of a reading: beside it, or among the samples.
fn file(name: &str) -> Vec<u8> {
    let own = readings().join(format!("{name}.edi"));
    let shared = readings().join(format!("../samples/{name}.edi"));
    fs::read(own).or_else(|_| fs::read(shared)).unwrap()
}

/// The reading as it was checked, without its remarks.
fn checked(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap();
    let is_said = |line: &&str| !line.trim_start().starts_with("//");
    let text: Vec<&str> = text.lines().filter(is_said).collect();
    serde_json::from_str(&text.join("\n")).unwrap()
}

/// What we read: the document, and what it has no place for.
fn read(file: &[u8]) -> Value {
    let numbering = Numbering {
        interchange: 1,
        group: 1,
        set: 1,
        date: "20261122".into(),
        time: "1830".into(),
    };
    let conversion = convert(file, Target::Json, &numbering).unwrap();
    assert_eq!(conversion.refused, [""; 0]);
    assert_eq!(conversion.documents.len(), 1, "one document a reading");
    let one = conversion.documents.first().unwrap();
    let left: Vec<&str> = one.left.iter().map(|left| left.what.as_str()).collect();
    let document: Value = serde_json::from_slice(&one.bytes).unwrap();
    json!({ "document": document, "left": left })
}

#[test]
fn every_reading_is_as_it_was_checked_by_hand() {
    let mut names = Vec::new();
    for entry in fs::read_dir(readings()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();

        let (expected, found) = (checked(&path), read(&file(&name)));

        let shown = serde_json::to_string_pretty(&found).unwrap();
        assert!(found == expected, "{name} is read as\n{shown}");
        names.push(name);
    }
    assert!(names.len() >= 12, "{names:?}");
}
