//! That what the maps write stands in the lists that the tables carry.

use segments::{Form, Release};

use super::convert::Conv;
use super::rules::{Rule, Source, Spot, rules};
use crate::codes::{self, Dialect};

/// Elements that take free text, where the maps put a word of their own.
const FREE: [&str; 2] = ["127", "1000"];

struct Place {
    reference: String,
    at: String,
    codes: Vec<&'static str>,
}

fn places(dialect: Dialect, release: &'static Release) -> Vec<Place> {
    let mut waiting: Vec<&Rule> = rules(dialect).iter().collect();
    let mut all = Vec::new();
    while let Some(rule) = waiting.pop() {
        waiting.extend(&rule.children);
        for field in &rule.fields {
            let mut add = |spot: Option<&Spot>, codes: Vec<&'static str>| {
                let slot =
                    spot.and_then(|spot| super::write::slot(release, rule.tag, *spot));
                let Some(slot) =
                    slot.filter(|slot| matches!(slot.form, Form::Simple { .. }))
                else {
                    return;
                };
                let at = format!("{} {:?}", rule.tag, field.spots);
                all.push(Place { reference: slot.reference.to_string(), at, codes });
            };
            let first = field.spots.first();
            match &field.source {
                Source::Guard(words) => add(first, words.split('/').collect()),
                Source::Constant(code, _) => add(first, vec![code]),
                Source::Leaf(_, Conv::Basis) if dialect == Dialect::X12 => {
                    add(field.spots.get(1), super::basis::codes().collect());
                }
                Source::Leaf(_, Conv::Code(list)) => {
                    add(first, codes::list(list).all(dialect).collect());
                }
                Source::NextItem(_, inner) => {
                    for ((_, conv), spot) in inner.iter().zip(&field.spots) {
                        if let Conv::Code(list) = conv {
                            add(Some(spot), codes::list(list).all(dialect).collect());
                        }
                    }
                }
                Source::Leaf(..)
                | Source::Computed(_)
                | Source::Piece(_)
                | Source::NextText(_) => {}
            }
            if let Some((code, _)) = field.default {
                add(first, vec![code]);
            }
        }
    }
    all
}

#[test]
fn every_code_of_the_maps_stands_in_the_lists_of_the_tables() {
    let releases = [
        (Dialect::X12, x12::release("004010")),
        (Dialect::X12, x12::release("005010")),
        (Dialect::Edifact, edifact::release("96A", 3)),
        (Dialect::Edifact, edifact::release("01B", 3)),
    ];
    let (mut tried, mut wrong) = (0, Vec::new());
    for (dialect, release) in releases {
        let release = release.unwrap();
        for place in places(dialect, release) {
            if FREE.contains(&place.reference.as_str()) {
                continue;
            }
            let Some(list) = release.codes(&place.reference) else {
                wrong.push(format!(
                    "{} {}: no list of {}",
                    release.name(),
                    place.at,
                    place.reference
                ));
                continue;
            };
            for code in place.codes.into_iter().filter(|code| !code.is_empty()) {
                tried += 1;
                if !list.has(code.as_bytes()) {
                    wrong.push(format!(
                        "{} {}: {} {code}",
                        release.name(),
                        place.at,
                        place.reference
                    ));
                }
            }
        }
    }
    assert!(tried > 1_000, "{tried}");
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
