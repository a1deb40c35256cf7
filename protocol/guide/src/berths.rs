use segments::{Layout, Plan, Release, Slot, Tag};

use crate::Spot;

/// The tables of a release, by the name that guides give it.
pub(crate) fn release(name: &str) -> Option<&'static Release> {
    match name.strip_prefix('D') {
        Some(directory) => edifact::release(directory, 3),
        None => x12::release(name).filter(|release| release.name() == name),
    }
}

/// A segment of a document, as guides name it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Berth {
    /// Its loops and its name.
    pub(crate) at: String,
    /// Its name.
    pub(crate) tag: Tag,
    /// Its place among the segments of the document.
    pub(crate) order: usize,
    /// Whether it opens the last of its loops.
    pub(crate) opens: bool,
    /// Whether it, or the loop that it opens, must be there.
    pub(crate) mandatory: bool,
    /// How often it, or the loop that it opens, may be there.
    pub(crate) most: u32,
}

/// The segments of a document; where one name stands for two, what is allowed in either.
pub(crate) fn berths(plan: &Plan) -> Vec<Berth> {
    let mut all: Vec<Berth> = Vec::new();
    let mut loops: Vec<(&str, bool, u32)> = Vec::new();
    let mut opens = false;
    for (order, node) in plan.nodes.iter().enumerate() {
        loops.truncate(usize::from(node.depth));
        if let Some(name) = node.name.as_deref() {
            loops.push((name, node.mandatory, node.most));
            opens = true;
            continue;
        }
        let mut at = String::new();
        for (name, ..) in &loops {
            at.push_str(name);
            at.push('/');
        }
        at.push_str(&node.tag.to_string());
        let (mandatory, most) = match loops.last() {
            Some((_, mandatory, most)) if opens => (*mandatory, *most),
            Some(_) | None => (node.mandatory, node.most),
        };
        match all.iter_mut().find(|berth| berth.at == at) {
            Some(berth) => {
                berth.mandatory &= mandatory;
                berth.most = berth.most.saturating_add(most);
            }
            None => all.push(Berth { at, tag: node.tag, order, opens, mandatory, most }),
        }
        opens = false;
    }
    all
}

/// The slot of an element or component.
pub(crate) fn slot(layout: &Layout, spot: Spot) -> Option<&Slot> {
    let whole = layout.slots.get(spot.element.checked_sub(1)?)?;
    match (&whole.form, spot.component.checked_sub(1)) {
        (_, None) => Some(whole),
        (segments::Form::Composite(parts), Some(place)) => parts.get(place),
        (segments::Form::Simple { .. }, Some(_)) => None,
    }
}
