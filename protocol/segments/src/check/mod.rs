//! The table-driven check of one set: its structure, its elements, its codes.

mod conditions;
mod elements;
mod quick;
mod values;
mod walk;

use crate::{Broken, Faults, Flaw, Form, Plan, Release, Segment, Slot, Tag};
use values::Classes;
use walk::{Step, Walk};

/// What the check is told besides the tables.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// Bytes that a text may hold beyond printable ASCII.
    pub charset: Charset,
}

/// The characters that texts may hold.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Charset {
    /// Everything but control characters.
    #[default]
    Any,
    /// EDIFACT UNOA: upper-case letters, digits and some signs.
    LevelA,
    /// EDIFACT UNOB: as `LevelA`, with lower-case letters and more signs.
    LevelB,
}

/// Checks the segments of one set, one after the other.
#[derive(Debug)]
pub struct Check<'t> {
    release: &'t Release,
    plan: Option<&'t Plan>,
    walk: Walk,
    limits: Limits,
    classes: Option<Classes>,
    ordinal: usize,
    placed: bool,
}

impl<'t> Check<'t> {
    /// Checks against the plan of a set; without one, layouts only.
    pub fn new(release: &'t Release, set: &str, limits: Limits) -> Self {
        let plan = release.plan(set);
        Self {
            release,
            plan,
            walk: Walk::new(),
            limits,
            classes: None,
            ordinal: 0,
            placed: false,
        }
    }

    /// Checks the next segment.
    pub fn segment(&mut self, segment: &Segment<'_, '_>, faults: &mut Faults) {
        self.ordinal = self.ordinal.saturating_add(1);
        let tag = segment.tag();
        let layout = match self.place(segment, tag, faults) {
            Some(place) => self.release.layouts.get(place),
            None => self.release.layout(tag),
        };
        let Some(layout) = layout else {
            return;
        };
        let (marks, charset) = (segment.marks(), self.limits.charset);
        let classes = self.classes.get_or_insert_with(|| Classes::of(marks, charset));
        let mut found = elements::Found { segment, faults, classes, first: None };
        let filled = elements::check(layout, &mut found);
        conditions::check(&layout.conditions, &layout.slots, filled, &mut found);
        if let Some(first) = found.first {
            self.locate(faults, first);
        }
    }

    /// How many segments it has seen.
    pub fn seen(&self) -> usize {
        self.ordinal
    }

    /// The loops around the last segment, such as `PO1[3]/PID[1]`.
    pub fn path(&self) -> String {
        self.plan.map(|plan| self.walk.path(plan)).unwrap_or_default()
    }

    /// The segments that open the loops around the last segment, the outermost first; none where
    /// the last segment stood where the plan does not have it.
    pub fn loops(&self) -> Option<Vec<Tag>> {
        self.placed.then(|| self.plan.map(|plan| self.walk.loops(plan)))?
    }

    /// Whether the segment starts a loop, and the loop's name.
    pub fn opened(&self) -> Option<&'t str> {
        self.walk.opened(self.plan?)
    }

    /// Finds the segment's place in the plan; gives its layout where that is known from it.
    fn place(
        &mut self,
        segment: &Segment<'_, '_>,
        tag: Tag,
        faults: &mut Faults,
    ) -> Option<usize> {
        let first = faults.list.len();
        self.placed = false;
        let Some(plan) = self.plan else {
            if self.release.layout(tag).is_none() {
                faults.push(Broken::in_segment(Flaw::SegmentUnknown, segment));
                self.locate(faults, first);
            }
            return None;
        };
        match self.walk.step(plan, tag, || segment.following()) {
            Step::Found => {
                self.placed = true;
                return self.walk.layout(plan);
            }
            Step::Missed(missing) => {
                self.placed = true;
                for tag in missing {
                    let mut broken = Broken::in_segment(
                        Flaw::SegmentMissing { tag: tag.to_string() },
                        segment,
                    );
                    broken.place.length = 0;
                    broken.value.clear();
                    faults.push(broken.mended());
                }
            }
            Step::SegmentRepeated(most) => {
                faults.push(Broken::in_segment(Flaw::SegmentRepeated { most }, segment));
            }
            Step::LoopRepeated(most) => {
                faults.push(Broken::in_segment(Flaw::LoopRepeated { most }, segment));
            }
            Step::Nowhere => {
                let flaw = if plan.uses(tag) {
                    Flaw::SegmentMisplaced
                } else if self.release.layout(tag).is_some() {
                    Flaw::SegmentNotInSet
                } else {
                    Flaw::SegmentUnknown
                };
                faults.push(Broken::in_segment(flaw, segment));
            }
        }
        self.locate(faults, first);
        None
    }

    /// Gives the faults from `first` on their place in the set.
    fn locate(&self, faults: &mut Faults, first: usize) {
        let path = self.path();
        for broken in faults.list.iter_mut().skip(first) {
            broken.place.ordinal = self.ordinal;
            broken.place.path.clone_from(&path);
        }
    }
}

impl Slot {
    /// Whether the slot holds components.
    pub fn is_composite(&self) -> bool {
        match self.form {
            Form::Composite(_) => true,
            Form::Simple { .. } => false,
        }
    }
}
