use super::{Group, Interchange, Part, Set, Standard, Totals};
use crate::{
    Answer, Broken, Check, Flaw, GroupVerdict, Limits, Rules, SetVerdict, Tally, Verdict,
};

/// Judges an interchange by a partner's policy and guide.
pub fn check_by<S: Standard>(
    interchange: &Interchange<'_, S>,
    rules: Rules<'_>,
) -> Verdict {
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
    pub fn part<S: Standard>(&mut self, part: &Part<'_, S>) -> Verdict {
        self.interchange(&part.interchange, part.open)
    }

    fn interchange<S: Standard>(
        &mut self,
        interchange: &Interchange<'_, S>,
        open: Option<usize>,
    ) -> Verdict {
        let mut groups = Vec::with_capacity(interchange.groups.len());
        for group in &interchange.groups {
            groups.push(self.group(&interchange.header, group));
            if open != Some(group.at) {
                self.tally = Tally::default();
            }
        }
        let mut faults = interchange.faults.clone();
        interchange.header_faults.iter().for_each(|broken| faults.push(broken.clone()));
        let answer = if interchange.is_fatal() {
            Answer::Rejected
        } else if faults.has_error {
            Answer::WithErrors
        } else {
            Answer::Accepted
        };
        Verdict { answer, faults, groups }
    }

    fn group<S: Standard>(
        &mut self,
        header: &S::Header,
        group: &Group<'_, S>,
    ) -> GroupVerdict {
        let faults = group.faults.clone().within(self.spent);
        self.spent = self.spent.saturating_add(faults.list.len());
        let mut sets = Vec::with_capacity(group.sets.len());
        for set in &group.sets {
            let verdict = self.set(header, group, set);
            self.spent = self.spent.saturating_add(verdict.faults.list.len());
            self.tally.add(&verdict);
            sets.push(verdict);
        }
        GroupVerdict { answer: self.tally.answer(&faults), faults, sets }
    }

    fn set<S: Standard>(
        &self,
        header: &S::Header,
        group: &Group<'_, S>,
        set: &Set<'_, S>,
    ) -> SetVerdict {
        let rules = self.rules;
        let mut faults = set.faults.clone().within(self.spent);
        let mut scanner = set.segments();
        let Some(release) = S::tables(&rules, header, group, set) else {
            if let Some(first) = scanner.next_segment() {
                let broken = Broken::in_element(Flaw::SetNotSupported, &first, S::KIND);
                faults.push(broken.at_ordinal(1));
            }
            return SetVerdict { answer: Answer::to_set(&faults, rules.policy), faults };
        };
        if release.plan(&set.kind).is_some_and(|plan| !S::carries(&group.head, plan))
            && let Some(first) = set.segments().next_segment()
        {
            let broken = Broken::in_element(Flaw::WrongGroup, &first, S::KIND);
            faults.push(broken.noted().at_ordinal(1));
        }
        let mut check =
            Check::new(release, &set.kind, Limits { charset: S::charset(header) });
        let mut totals = S::Totals::default();
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
        SetVerdict { answer: Answer::to_set(&faults, rules.policy), faults }
    }
}
