use super::elements::Found;
use crate::{Condition, Flaw, Rule, Slot};

/// Checks what the elements of a segment demand of each other; `filled` has a bit for each of the
/// first 64 elements that is there.
pub(super) fn check(
    conditions: &[Condition],
    slots: &[Slot],
    filled: u64,
    found: &mut Found<'_, '_, '_>,
) {
    for condition in conditions {
        if condition.bits.is_some_and(|bits| holds(condition.rule, bits, filled)) {
            continue;
        }
        let there = |place: &usize| {
            found.segment.element(*place).is_some_and(|raw| !raw.is_empty())
        };
        let places = condition.places.as_slice();
        let Some((first, others)) = places.split_first() else {
            continue;
        };
        let missing = || places.iter().find(|place| !there(place)).copied();
        let fault = match condition.rule {
            Rule::Paired if places.iter().any(there) => missing(),
            Rule::Required if !places.iter().any(there) => Some(*first),
            Rule::Conditional if there(first) => {
                others.iter().find(|place| !there(place)).copied()
            }
            Rule::ListConditional if there(first) && !others.iter().any(there) => {
                others.first().copied()
            }
            Rule::Exclusive => {
                let second = places.iter().filter(|place| there(place)).nth(1).copied();
                if let Some(second) = second {
                    let condition = condition.text.to_string();
                    let slot = second.checked_sub(1).and_then(|place| slots.get(place));
                    found.element(Flaw::ConditionExcluded { condition }, second, slot);
                }
                None
            }
            Rule::Paired | Rule::Required | Rule::Conditional | Rule::ListConditional => {
                None
            }
        };
        if let Some(place) = fault {
            let condition = condition.text.to_string();
            let slot = place.checked_sub(1).and_then(|place| slots.get(place));
            found.element(Flaw::ConditionMissing { condition }, place, slot);
        }
    }
}

fn holds(rule: Rule, [all, first]: [u64; 2], filled: u64) -> bool {
    let there = filled & all;
    let is_single = there & there.wrapping_sub(1) == 0;
    match rule {
        Rule::Paired => there == 0 || there == all,
        Rule::Required => there != 0,
        Rule::Exclusive => is_single,
        Rule::Conditional => there & first == 0 || there == all,
        Rule::ListConditional => there & first == 0 || !is_single,
    }
}
