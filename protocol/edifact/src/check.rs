use std::sync::LazyLock;

use segments::{
    Answer, Broken, Charset, Check, Faults, Flaw, GroupVerdict, Limits, Policy, Release,
    Rules, Segment, SetVerdict, Shelf, Tally, Verdict, Weight, facts,
};

use crate::totals::Totals;
use crate::{Group, Header, Interchange, Message, Part};

/// The tables of a directory, such as `96A`, with the service segments of a syntax version.
pub fn release(directory: &str, syntax: u8) -> Option<&'static Release> {
    static SHELF: LazyLock<Shelf> =
        LazyLock::new(|| Shelf::new(facts::EDIFACT.iter().map(|(_, _, texts)| *texts)));
    let service = if syntax == 4 { 4 } else { 3 };
    let wanted =
        |(name, syntax, _): &(&str, u8, _)| *name == directory && *syntax == service;
    SHELF.release(facts::EDIFACT.iter().position(wanted)?)
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
            groups.push(self.group(&interchange.header, group));
            if open != Some(group.at) {
                self.tally = Tally::default();
            }
        }
        let mut faults = interchange.faults.clone();
        interchange.unb.iter().for_each(|broken| faults.push(broken.clone()));
        let grave = |broken: &Broken| {
            broken.weight == Weight::Error && !broken.flaw.is_of_element()
        };
        let answer = if faults.list.iter().any(grave) {
            Answer::Rejected
        } else if faults.has_error {
            Answer::WithErrors
        } else {
            Answer::Accepted
        };
        Verdict { answer, faults, groups }
    }

    fn group(&mut self, header: &Header, group: &Group<'_>) -> GroupVerdict {
        let faults = group.faults.clone().within(self.spent);
        self.spent = self.spent.saturating_add(faults.list.len());
        let mut sets = Vec::with_capacity(group.messages.len());
        for message in &group.messages {
            let verdict = check_message(header, message, self.rules, self.spent);
            self.spent = self.spent.saturating_add(verdict.faults.list.len());
            self.tally.add(&verdict);
            sets.push(verdict);
        }
        GroupVerdict { answer: self.tally.answer(&faults), faults, sets }
    }
}

/// Checks the elements of UNB, UNG, UNE or UNZ.
pub(crate) fn shell(segment: &Segment<'_, '_>, version: u8) -> Vec<Broken> {
    let Some(release) = release("96A", version) else {
        return Vec::new();
    };
    let mut faults = Faults::default();
    Check::new(release, "", Limits::default()).segment(segment, &mut faults);
    for broken in &mut faults.list {
        broken.place.ordinal = 0;
    }
    faults.list
}

/// The tables for a message; CONTRL belongs to the syntax that it names, not to a directory.
fn own(header: &Header, message: &Message<'_>) -> Option<&'static Release> {
    let found = match (message.kind.as_str(), message.version.as_str()) {
        ("CONTRL", "4") => release("96A", 4),
        ("CONTRL", _) => release("96A", header.version),
        _ => release(&message.release, header.version),
    };
    found.filter(|release| release.plan(&message.kind).is_some())
}

fn check_message(
    header: &Header,
    message: &Message<'_>,
    rules: Rules<'_>,
    spent: usize,
) -> SetVerdict {
    let mut faults = message.faults.clone().within(spent);
    let mut scanner = message.segments();
    let named = format!("{}{}", message.version, message.release);
    let found = rules.find(&named, &message.kind).map(|(release, _)| release);
    match found.or_else(|| own(header, message)) {
        None => {
            if let Some(unh) = scanner.next_segment() {
                let broken = Broken::in_element(Flaw::SetNotSupported, &unh, 2);
                faults.push(broken.at_ordinal(1));
            }
        }
        Some(release) => {
            let limits = Limits { charset: charset(&header.syntax) };
            let mut check = Check::new(release, &message.kind, limits);
            let mut totals = Totals::default();
            let overlay = rules.overlay;
            let mut look =
                overlay.and_then(|overlay| overlay.look(&message.kind, release.name()));
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

/// Source: ISO 9735 part 1, character repertoires.
fn charset(syntax: &str) -> Charset {
    match syntax {
        "UNOA" => Charset::LevelA,
        "UNOB" => Charset::LevelB,
        _ => Charset::Any,
    }
}
