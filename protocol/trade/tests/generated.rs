//! Documents made from the tables: every set that is shipped has a full and a minimal document
//! without fault, and for each kind of rule a broken one, of which that fault is told at its
//! element, and no other. `peers` shows the documents to readers that are not ours.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

#[path = "generated/make.rs"]
mod make;

use std::collections::{BTreeMap, BTreeSet};

use make::{Document, Extent, Row, broken, document, every_set};
use segments::{Broken, Weight};

fn judge(bytes: &[u8]) -> Vec<Broken> {
    trade::edi::validate(bytes).faults.into_iter().map(|told| told.broken).collect()
}

#[test]
fn every_set_has_a_full_and_a_minimal_document_without_fault() {
    for (version, release, set) in every_set() {
        for (extent, name) in [(Extent::Full, "full"), (Extent::Minimal, "minimal")] {
            let made = document(release, &set, extent);
            let bytes = made.write(&version);
            let told: Vec<String> = judge(&bytes)
                .iter()
                .filter(|broken| broken.weight == Weight::Error)
                .map(ToString::to_string)
                .collect();
            let text = String::from_utf8_lossy(&bytes);
            assert_eq!(told, [""; 0], "{set} {version} {name}\n{text}");
            let wanted = if name == "full" { 8 } else { 3 };
            assert!(
                made.rows.len() >= wanted,
                "{set} {version} {name}: {}",
                made.rows.len()
            );
        }
    }
}

#[test]
fn every_kind_of_rule_has_a_broken_document_whose_fault_is_told_at_its_place() {
    let mut kinds: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    for (version, release, set) in every_set() {
        let full = document(release, &set, Extent::Full);
        for wrong in broken(release, &set, &full) {
            let bytes = wrong.document.write(&version);
            let faults = judge(&bytes);
            let is_it = |broken: &Broken| {
                let rule = serde_json::to_value(&broken.flaw).unwrap();
                rule["rule"] == wrong.rule
                    && (wrong.segment.is_empty() || broken.place.segment == wrong.segment)
                    && (wrong.element == 0 || broken.place.element == wrong.element)
            };
            let errors = faults.iter().filter(|broken| broken.weight == Weight::Error);
            let (right, others): (Vec<&Broken>, Vec<&Broken>) =
                errors.partition(|broken| is_it(broken));
            let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
            let text = String::from_utf8_lossy(&bytes);
            let is_alone = !right.is_empty() && others.is_empty();
            assert!(is_alone, "{set} {version} {}: {told:#?}\n{text}", wrong.rule);
            kinds.entry(wrong.rule).or_default().insert(format!("{set} {version}"));
        }
    }
    let all = every_set().len();
    for rule in [
        "segment_missing",
        "segment_unknown",
        "segment_not_in_set",
        "segment_repeated",
        "element_missing",
        "too_many_elements",
        "too_long",
        "bad_character",
        "count_mismatch",
        "control_mismatch",
        "trailer_missing",
    ] {
        assert_eq!(kinds.get(rule).map_or(0, BTreeSet::len), all, "{rule}");
    }
    for rule in [
        "segment_empty",
        "loop_repeated",
        "too_short",
        "too_many_components",
        "not_a_number",
        "date_invalid",
        "time_invalid",
        "code_unknown",
        "condition_missing",
        "condition_excluded",
    ] {
        assert!(kinds.contains_key(rule), "{rule}");
    }
}

#[test]
fn a_made_document_is_written_as_its_rows_say() {
    let release = x12::release("004010").unwrap();
    let Document { rows, .. } = document(release, "850", Extent::Minimal);
    let tags: Vec<&str> = rows.iter().map(|row: &Row| row.tag.as_str()).collect();
    assert_eq!(tags, ["ST", "BEG", "PO1", "SE"]);
}
