use std::sync::LazyLock;

use segments::{Broken, Check, Faults, Flaw, Limits, Release, Weight, facts};
use serde::Serialize;

use crate::{Group, Interchange, Set};

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

/// The release whose tables a group asks for, such as `004010`; none that are not here.
pub fn release(version: &str) -> Option<&'static Release> {
    static X12_004010: LazyLock<Option<Release>> = LazyLock::new(|| {
        let texts = [facts::X12_004010, facts::X12_ENVELOPE, facts::X12_CODES];
        Release::read(&texts).ok()
    });
    if version.starts_with("004010") { X12_004010.as_ref() } else { None }
}

/// Judges an interchange as the standard has it.
pub fn check(interchange: &Interchange<'_>) -> Verdict {
    check_under(interchange, Policy::default())
}

/// Judges an interchange under a partner's policy.
pub fn check_under(interchange: &Interchange<'_>, policy: Policy) -> Verdict {
    let groups =
        interchange.groups.iter().map(|group| check_group(group, policy)).collect();
    let faults = interchange.faults.clone();
    let fatal = |broken: &&Broken| {
        broken.weight == Weight::Error && !matches!(broken.flaw, Flaw::HeaderWidth { .. })
    };
    let answer = match (faults.list.iter().find(fatal), faults.has_error) {
        (Some(_), _) => Answer::Rejected,
        (None, true) => Answer::WithErrors,
        (None, false) => Answer::Accepted,
    };
    Verdict { answer, faults, groups }
}

fn check_group(group: &Group<'_>, policy: Policy) -> GroupVerdict {
    let sets: Vec<SetVerdict> =
        group.sets.iter().map(|set| check_set(group, set, policy)).collect();
    let faults = group.faults.clone();
    let taken = sets.iter().filter(|set| set.answer != Answer::Rejected).count();
    let clean = sets.iter().filter(|set| set.answer == Answer::Accepted).count();
    let answer = if faults.has_error || taken == 0 {
        Answer::Rejected
    } else if taken < sets.len() {
        Answer::Partly
    } else if clean < sets.len() {
        Answer::WithErrors
    } else {
        Answer::Accepted
    };
    GroupVerdict { answer, faults, sets }
}

fn check_set(group: &Group<'_>, set: &Set<'_>, policy: Policy) -> SetVerdict {
    let mut faults = set.faults.clone();
    let mut scanner = set.segments();
    let release =
        release(&group.version).filter(|release| release.plan(&set.kind).is_some());
    match release {
        None => {
            if let Some(st) = scanner.next_segment() {
                let broken = Broken::in_element(Flaw::SetNotSupported, &st, 1);
                faults.push(broken.at_ordinal(1));
            }
        }
        Some(release) => {
            let mut check = Check::new(release, &set.kind, Limits::default());
            while let Some(segment) = scanner.next_segment() {
                check.segment(&segment, segment.following(), &mut faults);
            }
        }
    }
    let grave = |broken: &Broken| {
        broken.weight == Weight::Error
            && (policy.element_faults == Reaction::Reject || !broken.flaw.is_of_element())
    };
    let answer = if faults.list.iter().any(grave) || faults.left_out > 0 {
        Answer::Rejected
    } else if faults.has_error {
        Answer::WithErrors
    } else {
        Answer::Accepted
    };
    SetVerdict { answer, faults }
}
