//! CTX: what a complaint of a 999 hangs on.

use std::collections::{BTreeMap, BTreeSet};

use segments::{Broken, Flaw, Tag};

use super::complaints::{inner, tag};
use crate::{Field, Set};

/// Which line, party or level the segments in error belong to.
///
/// Source: X12 005010, 999 and CTX. One CTX names the unit of business by the first element of the
/// segment that opens the outermost loop, such as `PO101:3`; another, `SITUATIONAL TRIGGER`, names
/// the element for whose sake a second one must, or must not, be there.
#[derive(Debug, Default)]
pub(super) struct Contexts {
    /// By the number of the segment in the set: the element that names the unit, and its value.
    units: BTreeMap<usize, (String, String)>,
}

impl Contexts {
    /// Reads the set once and keeps what names the units of these faults, which are in order.
    pub(super) fn of(set: &Set<'_>, told: &[&Broken]) -> Self {
        let lead = |broken: &&Broken| {
            let lead = broken.place.path.split('[').next().unwrap_or_default();
            Tag::read(lead.as_bytes())
        };
        let leads: BTreeSet<Tag> = told.iter().map(lead).collect();
        let mut units = BTreeMap::new();
        let mut last: BTreeMap<Tag, (String, String)> = BTreeMap::new();
        let mut wanted = told.iter().peekable();
        let mut scanner = set.segments();
        let mut ordinal = 0_usize;
        while let Some(segment) = scanner.next_segment() {
            ordinal = ordinal.saturating_add(1);
            let tag = segment.tag();
            if leads.contains(&tag) {
                let value: String = segment.text(1).chars().take(35).collect();
                last.insert(tag, (format!("{tag}01"), value));
            }
            while let Some(broken) = wanted.next_if(|next| next.place.ordinal <= ordinal)
            {
                let unit = last.get(&lead(broken));
                if let Some(unit) = unit.filter(|(_, value)| !value.is_empty()) {
                    units.insert(broken.place.ordinal, unit.clone());
                }
            }
            if wanted.peek().is_none() {
                break;
            }
        }
        Self { units }
    }

    /// The CTX that names the unit of business.
    pub(super) fn of_segment(&self, broken: &Broken) -> Option<Vec<Field>> {
        let (name, value) = self.units.get(&broken.place.ordinal)?;
        Some(vec![Field::Parts(vec![name.clone(), value.clone()])])
    }

    /// The CTX that names the element for whose sake this one is missing or forbidden.
    pub(super) fn of_element(broken: &Broken) -> Option<Vec<Field>> {
        let (Flaw::ConditionMissing { condition }
        | Flaw::ConditionExcluded { condition }) = &broken.flaw
        else {
            return None;
        };
        let place = &broken.place;
        let trigger = trigger(condition, place.element)?;
        Some(vec![
            "SITUATIONAL TRIGGER".into(),
            tag(&place.segment).into(),
            place.ordinal.to_string().into(),
            inner(broken).into(),
            trigger.to_string().into(),
        ])
    }
}

/// The element that calls for the one at `missing`, where the condition leaves no other.
fn trigger(condition: &str, missing: usize) -> Option<usize> {
    let (rule, digits) = condition.split_at_checked(1)?;
    let places = digits
        .as_bytes()
        .chunks(2)
        .filter_map(|pair| std::str::from_utf8(pair).ok()?.parse::<usize>().ok());
    let places: Vec<usize> = places.collect();
    let mut others = places.iter().copied().filter(|place| *place != missing);
    match rule {
        "C" | "L" => places.first().copied().filter(|first| *first != missing),
        "P" | "E" if places.len() == 2 => others.next(),
        _ => None,
    }
}
