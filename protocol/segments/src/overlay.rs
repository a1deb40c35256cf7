//! Rules beside the tables, such as those of a partner's guide.

use std::fmt;

use serde::Serialize;

use crate::{Check, Faults, Plan, Policy, Release, Segment};

/// By what an interchange is judged, besides the standard.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules<'r> {
    /// What the agreement says about faults.
    pub policy: Policy,
    /// What the partner's guide says about documents.
    pub overlay: Option<&'r dyn Overlay>,
    /// Releases beside those that come with the crate, looked at first.
    pub releases: &'r [Release],
}

impl<'r> Rules<'r> {
    /// The release of these, and its plan, that has a set; a release is known by how the version
    /// that a group or message names begins.
    pub fn find(&self, version: &str, set: &str) -> Option<(&'r Release, &'r Plan)> {
        let named = |release: &&Release| {
            !release.name().is_empty() && version.starts_with(release.name())
        };
        let mut plans = self.releases.iter().filter(named);
        plans.find_map(|release| Some((release, release.plan(set)?)))
    }
}

/// Rules that narrow what the tables allow.
pub trait Overlay: fmt::Debug {
    /// Begins to look at a set of a release, such as `850` of `004010`; none where there are no
    /// rules for it.
    fn look<'o>(&'o self, set: &str, release: &str) -> Option<Box<dyn Look + 'o>>;
}

/// Looks at one set.
pub trait Look {
    /// Looks at the next segment, which `check` has seen already; what only the whole set can
    /// tell is told at its trailer.
    fn segment(
        &mut self,
        segment: &Segment<'_, '_>,
        check: &Check<'_>,
        faults: &mut Faults,
    );
}

/// The line of a guide that was not kept to.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Guideline {
    /// The guide, with its version.
    pub guide: String,
    /// Its line, from 1.
    pub line: usize,
    /// What it says there, in plain English words.
    pub says: String,
    /// The same as data, for the words of other languages.
    #[serde(skip)]
    pub narrowing: Narrowing,
}

/// What a guide asks for beyond the standard.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Narrowing {
    /// Which kind of rule.
    pub rule: GuideRule,
    /// The segment or element, such as `DTM` or `N102`.
    pub tag: String,
    /// Which of those segments are meant: the codes, and the element where they stand.
    pub when: Option<(Vec<String>, String)>,
    /// How often, how long, or which codes.
    pub limit: String,
}

/// The kinds of rules of a guide.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum GuideRule {
    /// A segment that must stand does not.
    Missing,
    /// A segment or element stands that must not.
    Unwanted,
    /// A segment stands too often.
    Repeated,
    /// An element that must be filled is empty.
    Empty,
    /// An element is too short.
    Short,
    /// An element is too long.
    Long,
    /// A code is none of those that the partner takes.
    Code,
}

impl GuideRule {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Missing,
        Self::Unwanted,
        Self::Repeated,
        Self::Empty,
        Self::Short,
        Self::Long,
        Self::Code,
    ];

    /// Its key in `tables/words.txt`, behind `guide.`.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Unwanted => "unwanted",
            Self::Repeated => "repeated",
            Self::Empty => "empty",
            Self::Short => "short",
            Self::Long => "long",
            Self::Code => "code",
        }
    }
}
