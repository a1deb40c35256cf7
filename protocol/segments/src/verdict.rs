//! What was found in an interchange, and what is answered to it.

use serde::Serialize;

use crate::{Broken, Faults, Weight};

/// What is answered to an interchange, a group or a set.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Nothing is wrong.
    Accepted,
    /// It is taken, with errors noted.
    WithErrors,
    /// Some of its sets are taken, some are not.
    Partly,
    /// It is not taken.
    Rejected,
}

/// What was found in an interchange.
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    /// The answer to its own shell. Rejected: none of its sets may be used.
    pub answer: Answer,
    /// What is wrong with its own shell.
    pub faults: Faults,
    /// Its groups, in order.
    pub groups: Vec<GroupVerdict>,
}

/// What was found in a group.
#[derive(Clone, Debug, Serialize)]
pub struct GroupVerdict {
    /// The answer.
    pub answer: Answer,
    /// What is wrong with its own shell.
    pub faults: Faults,
    /// Its sets, in order.
    pub sets: Vec<SetVerdict>,
}

/// What was found in a set.
#[derive(Clone, Debug, Serialize)]
pub struct SetVerdict {
    /// The answer.
    pub answer: Answer,
    /// What is wrong with it.
    pub faults: Faults,
}

/// What a partner agreement says about faults.
#[derive(Clone, Copy, Debug, Default)]
pub struct Policy {
    /// What becomes of a set whose elements are wrong while its structure is right.
    pub element_faults: Reaction,
}

/// What becomes of something with a fault.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Reaction {
    /// It is not taken.
    #[default]
    Reject,
    /// It is taken, with the error noted.
    Accept,
}

impl Verdict {
    /// Everything that was found, in the order of the shells.
    pub fn all(&self) -> impl Iterator<Item = &Broken> {
        let groups = self.groups.iter().flat_map(|group| {
            let sets = group.sets.iter().flat_map(|set| set.faults.list.iter());
            group.faults.list.iter().chain(sets)
        });
        self.faults.list.iter().chain(groups)
    }

    /// Whether any of it is an error, not a remark.
    pub fn has_error(&self) -> bool {
        self.faults.has_error
            || self.groups.iter().any(|group| {
                group.faults.has_error
                    || group.sets.iter().any(|set| set.faults.has_error)
            })
    }

    /// The answer to the set `set` of the group `group`, both from 0; a set of a rejected shell
    /// is rejected with it.
    pub fn answer_to(&self, group: usize, set: usize) -> Answer {
        let shell = self.groups.get(group);
        let own = shell.and_then(|shell| shell.sets.get(set));
        match (self.answer, shell, own) {
            (Answer::Rejected, _, _) | (_, None, _) | (_, _, None) => Answer::Rejected,
            (_, Some(shell), Some(own)) if shell.answer != Answer::Rejected => own.answer,
            (_, Some(_), Some(_)) => Answer::Rejected,
        }
    }
}

impl Answer {
    /// The answer to a set with these faults.
    pub fn to_set(faults: &Faults, policy: Policy) -> Self {
        let grave = |broken: &Broken| {
            broken.weight == Weight::Error
                && (policy.element_faults == Reaction::Reject
                    || !broken.flaw.is_of_element())
        };
        if faults.list.iter().any(grave) || (faults.has_error && faults.left_out > 0) {
            Self::Rejected
        } else if faults.has_error {
            Self::WithErrors
        } else {
            Self::Accepted
        }
    }

    /// The answer to a group with these faults of its own and these sets.
    pub fn to_group(faults: &Faults, sets: &[SetVerdict]) -> Self {
        let mut tally = Tally::default();
        for set in sets {
            tally.add(set);
        }
        tally.answer(faults)
    }
}

/// How the sets of a group fared.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    all: usize,
    taken: usize,
    clean: usize,
}

impl Tally {
    /// Counts one.
    pub(crate) fn add(&mut self, set: &SetVerdict) {
        self.all = self.all.saturating_add(1);
        let taken = set.answer != Answer::Rejected;
        self.taken = self.taken.saturating_add(usize::from(taken));
        let clean = set.answer == Answer::Accepted;
        self.clean = self.clean.saturating_add(usize::from(clean));
    }

    /// The answer to their group, which has these faults of its own.
    pub(crate) fn answer(self, faults: &Faults) -> Answer {
        if faults.has_error || self.taken == 0 {
            Answer::Rejected
        } else if self.taken < self.all {
            Answer::Partly
        } else if self.clean < self.all {
            Answer::WithErrors
        } else {
            Answer::Accepted
        }
    }
}
