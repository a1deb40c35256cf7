//! What the crate `edifact-rs` says of EDIFACT files: a line a file, its findings behind tabs.

use std::{env, fs};

use edifact_rs::{decode_interchange, from_bytes, validate_envelope_lenient};

/// The charset, the segments, the envelopes and their counts.
fn findings(file: &[u8]) -> Vec<String> {
    let decoded = match decode_interchange(file) {
        Ok(decoded) => decoded,
        Err(error) => return vec![told(&format!("{} {error}", error.stable_code()))],
    };
    let segments: Result<Vec<_>, _> = from_bytes(&decoded).collect();
    match segments {
        Ok(segments) => validate_envelope_lenient(&segments)
            .errors
            .iter()
            .map(|error| told(&format!("{} {error}", error.stable_code())))
            .collect(),
        Err(error) => vec![told(&format!("{} {error}", error.stable_code()))],
    }
}

fn told(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn main() {
    for path in env::args().skip(1) {
        let file = fs::read(&path).expect("a file");
        let mut line = vec![path];
        line.extend(findings(&file));
        println!("{}", line.join("\t"));
    }
}
