use std::fmt::Write as _;

use crate::{Node, Plan, Tag};

/// Where in a plan the last segment stood.
///
/// Source: ASC X12.6 3.9 and ISO 9735 part 1 §8: segments come in the order of the table; a loop
/// begins with its first segment; what may be left out is left out without a trace.
#[derive(Clone, Debug)]
pub(super) struct Walk {
    /// A loop after the loop around it; the segment last.
    here: Vec<Here>,
    opened: Option<usize>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Here {
    node: usize,
    uses: u32,
}

/// What became of a segment.
pub(super) enum Step {
    /// It stands where it may.
    Found,
    /// It stands where it may, but these should have come before it.
    Missed(Vec<Tag>),
    /// It stands more often than it may.
    SegmentRepeated(u32),
    /// Its loop stands more often than it may.
    LoopRepeated(u32),
    /// It stands nowhere from here on.
    Nowhere,
}

/// A place that a segment could take.
#[derive(Clone, Copy)]
struct Target {
    /// How many loops stay open around it.
    level: usize,
    node: usize,
    again: bool,
}

impl Walk {
    pub(super) fn new() -> Self {
        Self { here: Vec::with_capacity(8), opened: None }
    }

    pub(super) fn step(
        &mut self,
        plan: &Plan,
        tag: Tag,
        next: impl FnOnce() -> Tag,
    ) -> Step {
        self.opened = None;
        if self.moves(plan, tag) {
            return Step::Found;
        }
        let (target, full) = self.find(plan, tag);
        let Some(target) = target else {
            return match full {
                Some(full) => self.repeat(plan, full),
                None => Step::Nowhere,
            };
        };
        if !self.demands(plan, target) {
            self.take(plan, target);
            return Step::Found;
        }
        let missing = self.missing(plan, target);
        let next = next();
        if next != Tag::NONE && self.fits(plan, next) {
            let mut moved = self.clone();
            moved.take(plan, target);
            if !moved.fits(plan, next) {
                return Step::Nowhere;
            }
        }
        self.take(plan, target);
        Step::Missed(missing)
    }

    /// The step that most segments take: on within the innermost loop, past nothing that must be
    /// there, into no other loop. Tells whether it was that step.
    fn moves(&mut self, plan: &Plan, tag: Tag) -> bool {
        let Some(here) = self.here.last_mut() else {
            return false;
        };
        let Some(node) = plan.nodes.get(here.node).filter(|node| !node.is_loop()) else {
            return false;
        };
        if node.tag == tag {
            let is_free = here.uses < node.most;
            here.uses = here.uses.saturating_add(u32::from(is_free));
            return is_free;
        }
        if node.reach & tag.bit() == 0 {
            return false;
        }
        let Some(place) = seek(plan, node.next, node.depth, tag) else {
            return false;
        };
        let Some(found) = plan.nodes.get(place).filter(|found| !found.is_loop()) else {
            return false;
        };
        let rest = found.demanded.saturating_add(u32::from(found.mandatory));
        if node.demanded > rest {
            return false;
        }
        *here = Here { node: place, uses: 1 };
        true
    }

    pub(super) fn path(&self, plan: &Plan) -> String {
        let mut path = String::new();
        let loops = self.here.len().saturating_sub(1);
        for here in self.here.iter().take(loops) {
            let name = plan.nodes.get(here.node).and_then(|node| node.name.as_deref());
            let lead = if path.is_empty() { "" } else { "/" };
            // Writing to a string does not fail.
            let _ = write!(path, "{lead}{}[{}]", name.unwrap_or_default(), here.uses);
        }
        path
    }

    pub(super) fn loops(&self, plan: &Plan) -> Vec<Tag> {
        let loops = self.here.iter().take(self.here.len().saturating_sub(1));
        loops.filter_map(|here| plan.nodes.get(here.node).map(|node| node.tag)).collect()
    }

    pub(super) fn opened<'t>(&self, plan: &'t Plan) -> Option<&'t str> {
        plan.nodes.get(self.opened?)?.name.as_deref()
    }

    fn fits(&self, plan: &Plan, tag: Tag) -> bool {
        self.find(plan, tag).0.is_some_and(|target| !self.demands(plan, target))
    }

    /// The first place that a segment can take, and the first that it could if it were not full.
    fn find(&self, plan: &Plan, tag: Tag) -> (Option<Target>, Option<Target>) {
        let mut full = None;
        if self.here.is_empty() {
            let node = seek(plan, 0, 0, tag);
            return (node.map(|node| Target { level: 0, node, again: false }), None);
        }
        for (level, here) in self.here.iter().enumerate().rev() {
            let Some(node) = plan.nodes.get(here.node) else {
                continue;
            };
            if node.tag == tag {
                let again = Target { level, node: here.node, again: true };
                if here.uses < node.most {
                    return (Some(again), full);
                }
                // The segment that opens a loop is full with it: the loop is what stands too often.
                full = if node.is_loop() { Some(again) } else { full.or(Some(again)) };
            }
            let reach = node.reach & tag.bit() != 0;
            if reach && let Some(found) = seek(plan, node.next, node.depth, tag) {
                return (Some(Target { level, node: found, again: false }), full);
            }
        }
        (None, full)
    }

    /// Whether a mandatory segment stands between the last one and the target.
    fn demands(&self, plan: &Plan, target: Target) -> bool {
        let node = |place: usize| plan.nodes.get(place);
        let inner = self.here.iter().skip(target.level.saturating_add(1));
        if inner.filter_map(|here| node(here.node)).any(|node| node.demanded > 0) {
            return true;
        }
        let Some(found) = node(target.node).filter(|_| !target.again) else {
            return false;
        };
        let rest = found.demanded.saturating_add(u32::from(found.mandatory));
        match self.here.get(target.level).and_then(|here| node(here.node)) {
            Some(last) => last.demanded > rest,
            None => level(plan, 0, Some(target.node)).any(|node| node.mandatory),
        }
    }

    /// The layout of the segment that was found last.
    pub(super) fn layout(&self, plan: &Plan) -> Option<usize> {
        plan.nodes.get(self.here.last()?.node)?.layout
    }

    /// The mandatory segments that stand between the last one and the target.
    fn missing(&self, plan: &Plan, target: Target) -> Vec<Tag> {
        let mut missing = Vec::new();
        let mut demand = |node: &Node| {
            if node.mandatory && missing.len() < 64 {
                missing.push(node.tag);
            }
        };
        for here in self.here.iter().skip(target.level.saturating_add(1)).rev() {
            siblings(plan, here.node, None, &mut demand);
        }
        if !target.again {
            match self.here.get(target.level) {
                Some(here) => siblings(plan, here.node, Some(target.node), &mut demand),
                None => {
                    for node in level(plan, 0, Some(target.node)) {
                        demand(node);
                    }
                }
            }
        }
        missing
    }

    fn take(&mut self, plan: &Plan, target: Target) {
        let uses = match self.here.get(target.level) {
            Some(here) if target.again => here.uses.saturating_add(1),
            Some(_) | None => 1,
        };
        self.here.truncate(target.level);
        self.here.push(Here { node: target.node, uses });
        let mut at = target.node;
        while plan.nodes.get(at).is_some_and(Node::is_loop) {
            self.opened.get_or_insert(at);
            at = at.saturating_add(1);
            self.here.push(Here { node: at, uses: 1 });
        }
    }

    fn repeat(&mut self, plan: &Plan, target: Target) -> Step {
        self.take(plan, target);
        match plan.nodes.get(target.node) {
            Some(node) if node.is_loop() => Step::LoopRepeated(node.most),
            Some(node) => Step::SegmentRepeated(node.most),
            None => Step::Nowhere,
        }
    }
}

/// The first node from `from` on, at this depth, that the segment opens or is.
fn seek(plan: &Plan, from: usize, depth: u8, tag: Tag) -> Option<usize> {
    let mut at = from;
    while let Some(node) = plan.nodes.get(at) {
        if node.depth < depth {
            return None;
        }
        if node.tag == tag {
            return Some(at);
        }
        at = node.next;
    }
    None
}

/// Visits what follows a node at its depth, up to `until` or the end of the loop.
fn siblings(
    plan: &Plan,
    node: usize,
    until: Option<usize>,
    visit: &mut impl FnMut(&Node),
) {
    let Some(start) = plan.nodes.get(node) else {
        return;
    };
    for sibling in
        level(plan, start.next, until).take_while(|node| node.depth >= start.depth)
    {
        visit(sibling);
    }
}

fn level(plan: &Plan, from: usize, until: Option<usize>) -> impl Iterator<Item = &Node> {
    let mut at = from;
    std::iter::from_fn(move || {
        let node = plan.nodes.get(at).filter(|_| Some(at) != until)?;
        at = node.next;
        Some(node)
    })
}
