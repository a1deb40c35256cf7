//! Segments in the order of a plan, and no more of them than it takes.

use segments::{Plan, Tag};

use super::write::{Piece, Written};

/// The outcome: segments in order, what of the document stands in them, and what does not.
#[derive(Debug, Default)]
pub(super) struct Arranged {
    pub(super) segments: Vec<Written>,
    pub(super) pieces: Vec<Piece>,
    pub(super) claims: Vec<super::write::Claim>,
    /// Pointers of what found no room, and why.
    pub(super) turned_away: Vec<(String, String)>,
}

/// Puts segments with their children into the order of the plan.
pub(super) fn arrange(plan: &Plan, written: Vec<Written>) -> Arranged {
    let mut arranged = Arranged::default();
    children(plan, 0, written, &mut arranged);
    arranged
}

/// `first` is the node of the first segment that may stand here.
fn children(plan: &Plan, first: usize, written: Vec<Written>, into: &mut Arranged) {
    let mut placed = Vec::new();
    for own in written {
        if let Some(node) = node(plan, first, &own) {
            placed.push((node, own));
        } else {
            let why = format!("{} has no {} at this place", plan.set, own.tag);
            turn_away(own, &why, into);
        }
    }
    placed.sort_by_key(|(node, _)| *node);
    let (mut last, mut count) = (usize::MAX, 0_u32);
    for (at, mut own) in placed {
        count = if at == last { count.saturating_add(1) } else { 1 };
        last = at;
        let Some(node) = plan.nodes.get(at) else {
            continue;
        };
        if count > node.most {
            let why = format!(
                "{} takes {} {} times at this place",
                plan.set, own.tag, node.most
            );
            turn_away(own, &why, into);
            continue;
        }
        let inner = std::mem::take(&mut own.children);
        into.claims.append(&mut own.claims);
        into.pieces.append(&mut own.pieces);
        into.segments.push(own);
        if node.is_loop() {
            // The loop, then its first segment, then what may follow it.
            children(plan, at.saturating_add(2), inner, into);
        } else {
            for child in inner {
                let why = format!("{} has no {} at this place", plan.set, child.tag);
                turn_away(child, &why, into);
            }
        }
    }
}

/// Where a segment stands among the nodes from `first` on that are as deep.
fn node(plan: &Plan, first: usize, written: &Written) -> Option<usize> {
    let depth = plan.nodes.get(first)?.depth;
    let wanted = Tag::read(written.tag.as_bytes());
    let lines = [Tag::of(b"LIN"), Tag::of(b"CPS")];
    let mut after_lines = !written.summary;
    let mut at = first;
    while let Some(node) = plan.nodes.get(at).filter(|node| node.depth >= depth) {
        if node.tag == wanted && after_lines {
            return Some(at);
        }
        after_lines = after_lines || (node.is_loop() && lines.contains(&node.tag));
        at = node.next;
    }
    None
}

fn turn_away(written: Written, why: &str, into: &mut Arranged) {
    let pointers = written.claims.into_iter().map(|claim| claim.pointer);
    let pointers = pointers.chain(written.pieces.into_iter().map(|piece| piece.pointer));
    into.turned_away.extend(pointers.map(|pointer| (pointer, why.to_owned())));
    for child in written.children {
        turn_away(child, why, into);
    }
}
