use std::sync::LazyLock;

use segments::{
    Answer, Broken, Check, Flaw, GroupVerdict, Limits, Plan, Policy, Release, Rules,
    SetVerdict, Shelf, Tally, Verdict, Weight, facts,
};

use crate::totals::Totals;
use crate::{Group, Interchange, Part, Set};

/// The release whose tables a group asks for, such as `004010`; none that are not here.
pub fn release(version: &str) -> Option<&'static Release> {
    static SHELF: LazyLock<Shelf> =
        LazyLock::new(|| Shelf::new(facts::X12.iter().map(|(_, texts)| *texts)));
    let place = facts::X12.iter().position(|(name, _)| version.starts_with(name))?;
    SHELF.release(place)
}

/// Judges an interchange as the standard has it.
pub fn check(interchange: &Interchange<'_>) -> Verdict {
    check_under(interchange, Policy::default())
}

/// Judges an interchange under a partner's policy.
pub fn check_under(interchange: &Interchange<'_>, policy: Policy) -> Verdict {
    check_by(interchange, Rules { policy, ..Rules::default() })
}

/// Judges an interchange by a partner's policy and guide.
pub fn check_by(interchange: &Interchange<'_>, rules: Rules<'_>) -> Verdict {
    let mut judge = Judge::new(rules);
    judge.spent = interchange.faults.list.len();
    judge.interchange(interchange, None)
}

/// Judges an interchange part by part, as [`check_by`] does at once.
#[derive(Debug)]
pub struct Judge<'r> {
    rules: Rules<'r>,
    /// How many faults are kept already, of all that may be.
    spent: usize,
    tally: Tally,
}

impl<'r> Judge<'r> {
    /// Begins with an interchange.
    pub fn new(rules: Rules<'r>) -> Self {
        Self { rules, spent: 0, tally: Tally::default() }
    }

    /// Judges the next part. The answer to a group that goes on is the answer to what of it was
    /// read; the answer to the interchange holds with the last part.
    pub fn part(&mut self, part: &Part<'_>) -> Verdict {
        self.interchange(&part.interchange, part.open)
    }

    fn interchange(
        &mut self,
        interchange: &Interchange<'_>,
        open: Option<usize>,
    ) -> Verdict {
        let mut groups = Vec::with_capacity(interchange.groups.len());
        for group in &interchange.groups {
            groups.push(self.group(group));
            if open != Some(group.at) {
                self.tally = Tally::default();
            }
        }
        let faults = interchange.faults.clone();
        let fatal = |broken: &&Broken| {
            broken.weight == Weight::Error
                && !matches!(broken.flaw, Flaw::HeaderWidth { .. })
        };
        let answer = match (faults.list.iter().find(fatal), faults.has_error) {
            (Some(_), _) => Answer::Rejected,
            (None, true) => Answer::WithErrors,
            (None, false) => Answer::Accepted,
        };
        Verdict { answer, faults, groups }
    }

    fn group(&mut self, group: &Group<'_>) -> GroupVerdict {
        let faults = group.faults.clone().within(self.spent);
        self.spent = self.spent.saturating_add(faults.list.len());
        let mut sets = Vec::with_capacity(group.sets.len());
        for set in &group.sets {
            let verdict = check_set(group, set, self.rules, self.spent);
            self.spent = self.spent.saturating_add(verdict.faults.list.len());
            self.tally.add(&verdict);
            sets.push(verdict);
        }
        GroupVerdict { answer: self.tally.answer(&faults), faults, sets }
    }
}

fn own(version: &str, set: &str) -> Option<(&'static Release, &'static Plan)> {
    let release = release(version)?;
    Some((release, release.plan(set)?))
}

fn check_set(
    group: &Group<'_>,
    set: &Set<'_>,
    rules: Rules<'_>,
    spent: usize,
) -> SetVerdict {
    let mut faults = set.faults.clone().within(spent);
    let mut scanner = set.segments();
    match rules.find(&group.version, &set.kind).or_else(|| own(&group.version, &set.kind))
    {
        None => {
            if let Some(st) = scanner.next_segment() {
                let broken = Broken::in_element(Flaw::SetNotSupported, &st, 1);
                faults.push(broken.at_ordinal(1));
            }
        }
        Some((release, plan)) => {
            if !plan.group.is_empty()
                && *plan.group != group.code
                && let Some(st) = set.segments().next_segment()
            {
                let broken = Broken::in_element(Flaw::WrongGroup, &st, 1);
                faults.push(broken.noted().at_ordinal(1));
            }
            let mut check = Check::new(release, &set.kind, Limits::default());
            let mut totals = Totals::default();
            let overlay = rules.overlay;
            let mut look =
                overlay.and_then(|overlay| overlay.look(&set.kind, release.name()));
            while let Some(segment) = scanner.next_segment() {
                check.segment(&segment, &mut faults);
                totals.segment(&segment, check.seen(), &mut faults);
                if let Some(look) = look.as_mut() {
                    look.segment(&segment, &check, &mut faults);
                }
            }
        }
    }
    SetVerdict { answer: Answer::to_set(&faults, rules.policy), faults }
}
