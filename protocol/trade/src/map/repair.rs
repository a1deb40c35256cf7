//! What a segment demands of its elements, before it is written.

use segments::{Condition, Form, Release, Rule, Slot, Tag};

use super::convert::Misfit;
use super::write::Written;

type Dropped = Vec<(String, Misfit)>;

/// Takes out of a segment what it may not hold as it is, and tells what that was.
///
/// # Errors
/// What stood in it, where the segment cannot be written at all.
pub(super) fn mend(
    release: &'static Release,
    written: &mut Written,
) -> Result<Dropped, Dropped> {
    let Some(layout) = release.layout(Tag::read(written.tag.as_bytes())) else {
        return Err(all_of(written, "the release has no such segment"));
    };
    let mut dropped = Vec::new();
    for (slot, element) in layout.slots.iter().zip(1_usize..) {
        parts(slot, element, written, &mut dropped);
    }
    for _ in 0..40 {
        let broken = layout.conditions.iter().find_map(|condition| {
            verdict(condition, written).map(|cure| (condition, cure))
        });
        let Some((condition, cure)) = broken else {
            break;
        };
        let why = format!("{} demands more beside it ({})", written.tag, condition.text);
        let Cure::Without(element) = cure else {
            return Err([dropped, all_of(written, &why)].concat());
        };
        drop_element(element, written, &why, &mut dropped);
    }
    for (slot, element) in layout.slots.iter().zip(1_usize..) {
        if slot.mandatory && !has(written, element) && !written.texts.is_empty() {
            let why =
                format!("{} cannot be without its element {element:02}", written.tag);
            return Err([dropped, all_of(written, &why)].concat());
        }
        let needs = slot.mandatory && written.texts.is_empty() && !written.always;
        if needs {
            return Err(dropped);
        }
    }
    Ok(dropped)
}

fn has(written: &Written, element: usize) -> bool {
    written.texts.keys().any(|spot| spot.0 == element)
}

/// A composite of which a part is missing that must be there goes as a whole.
fn parts(slot: &Slot, element: usize, written: &mut Written, dropped: &mut Dropped) {
    let Form::Composite(parts) = &slot.form else {
        return;
    };
    let missing = parts.iter().zip(1_usize..).any(|(part, place)| {
        part.mandatory && !written.texts.contains_key(&(element, place))
    });
    if missing && has(written, element) {
        let why = format!("{}{element:02} cannot be without its first part", written.tag);
        drop_element(element, written, &why, dropped);
    }
}

/// What makes a condition hold.
#[derive(Clone, Copy)]
enum Cure {
    /// This element goes.
    Without(usize),
    /// The segment goes.
    Nothing,
}

fn verdict(condition: &Condition, written: &Written) -> Option<Cure> {
    let there = |place: &usize| has(written, *place);
    let places = condition.places.as_slice();
    let (first, others) = places.split_first()?;
    match condition.rule {
        Rule::Paired => {
            let odd = places.iter().any(there) && !places.iter().all(there);
            let found = places.iter().find(|place| odd && there(place));
            found.map(|place| Cure::Without(*place))
        }
        Rule::Required => (!places.iter().any(there)).then_some(Cure::Nothing),
        Rule::Conditional => {
            (there(first) && !others.iter().all(there)).then_some(Cure::Without(*first))
        }
        Rule::ListConditional => {
            (there(first) && !others.iter().any(there)).then_some(Cure::Without(*first))
        }
        Rule::Exclusive => places
            .iter()
            .filter(|place| there(place))
            .nth(1)
            .map(|place| Cure::Without(*place)),
    }
}

fn drop_element(element: usize, written: &mut Written, why: &str, dropped: &mut Dropped) {
    written.texts.retain(|spot, _| spot.0 != element);
    let mend = "give what belongs beside it".to_owned();
    written.claims.retain(|claim| {
        let stays = claim.element != element;
        if !stays {
            dropped.push((claim.pointer.clone(), (why.to_owned(), mend.clone())));
        }
        stays
    });
    written.pieces.retain(|piece| piece.element != element);
}

fn all_of(written: &Written, why: &str) -> Dropped {
    let claimed = written.claims.iter().map(|claim| claim.pointer.clone());
    let cut = written.pieces.iter().map(|piece| piece.pointer.clone());
    let told = |pointer| (pointer, (why.to_owned(), "give what is missing".to_owned()));
    claimed.chain(cut).map(told).collect()
}
