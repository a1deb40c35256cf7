use std::fmt;

use segments::{
    Answer, Faults, Heading, Language, Overlay, Rules, Standard, Verdict, Weight,
};
use serde::Serialize;

use super::Dialect;
use super::reading::{Part, Reading, broken};
use super::validate::{JudgedSet, Told, word};

/// Judges a file that arrives piece by piece, and gives away what it found set by set.
///
/// It holds a piece, the set that is open, and a few numbers; never the file.
#[derive(Debug)]
pub struct Stream<'g> {
    reading: Reading,
    judge: Judge<'g>,
    count: Count,
    sum: Sum,
}

/// What a file comes to.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Sum {
    /// The dialect; none where it could not be told.
    pub dialect: Option<Dialect>,
    /// How many errors there are, those left out included.
    pub errors: usize,
    /// How many remarks there are.
    pub remarks: usize,
    /// How many faults were counted and not told.
    pub left_out: usize,
    /// How many interchanges there are.
    pub interchanges: usize,
    /// How many sets there are.
    pub sets: usize,
    /// How many of them may be used.
    pub accepted: usize,
    /// Why it was not read to the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unread: Option<Told>,
}

/// Something that was judged.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// A set or message.
    Set(FoundSet),
    /// The shell of a group, once it is closed, with faults.
    Group(FoundGroup),
    /// The shell of an interchange, once it is closed.
    Interchange(FoundInterchange),
}

impl Found {
    /// The same, its faults told in another language.
    #[must_use]
    pub fn told_in(mut self, language: Language) -> Self {
        let faults = match &mut self {
            Self::Set(set) => &mut set.faults,
            Self::Group(group) => &mut group.faults,
            Self::Interchange(interchange) => &mut interchange.faults,
        };
        for told in faults {
            told.tell_in(language);
        }
        self
    }
}

/// A set or message that was judged. A shell around it may be rejected still, and the set with it.
#[derive(Clone, Debug, Serialize)]
pub struct FoundSet {
    /// The set, and the answer to it alone.
    #[serde(flatten)]
    pub set: JudgedSet,
    /// The byte of the file where it begins.
    pub at: usize,
    /// What is wrong with it.
    pub faults: Vec<Told>,
    /// How many faults more there are.
    pub left_out: usize,
}

/// The shell of a group.
#[derive(Clone, Debug, Serialize)]
pub struct FoundGroup {
    /// Its control number.
    pub control: String,
    /// The answer to it.
    pub answer: Answer,
    /// What is wrong with its shell.
    pub faults: Vec<Told>,
    /// How many faults more there are.
    pub left_out: usize,
}

/// The shell of an interchange.
#[derive(Clone, Debug, Serialize)]
pub struct FoundInterchange {
    /// Who sent it.
    pub sender: String,
    /// Who gets it.
    pub receiver: String,
    /// Its control number.
    pub control: String,
    /// The answer to its shell. Rejected: none of its sets may be used.
    pub answer: Answer,
    /// How many sets it has.
    pub sets: usize,
    /// How many of them may be used, its shells considered.
    pub accepted: usize,
    /// What is wrong with its shell.
    pub faults: Vec<Told>,
    /// How many faults more there are.
    pub left_out: usize,
}

/// The sets of the interchange that is open.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    sets: usize,
    accepted: usize,
    /// Those of the group that is open.
    group: usize,
}

impl<'g> Stream<'g> {
    /// Judges by the standard and, where there is one, a partner's guide.
    pub fn new(guide: Option<&'g dyn Overlay>) -> Self {
        Self {
            reading: Reading::default(),
            judge: Judge::new(guide),
            count: Count::default(),
            sum: Sum::default(),
        }
    }

    /// Takes more bytes in.
    pub fn push(&mut self, bytes: &[u8]) {
        self.reading.push(bytes);
    }

    /// There are no more bytes.
    pub fn end(&mut self) {
        self.reading.end();
    }

    /// What was found since; none where more bytes are needed, or all were judged.
    pub fn found(&mut self) -> Option<Vec<Found>> {
        let found = match self.reading.part() {
            Ok(None) => return None,
            Ok(Some(part)) => {
                let verdict = self.judge.part(&part);
                match &part {
                    Part::X12(part) => found_in(part, &verdict, &mut self.count),
                    Part::Edifact(part) => found_in(part, &verdict, &mut self.count),
                }
            }
            Err(unread) => {
                let text = unread.to_string();
                let told = Told { text, broken: broken(unread) };
                self.sum.errors = self.sum.errors.saturating_add(1);
                self.sum.unread = Some(told);
                return None;
            }
        };
        for one in &found {
            self.sum.add(one);
        }
        Some(found)
    }

    /// What the file came to so far.
    pub fn sum(&mut self) -> &Sum {
        self.sum.dialect = self.reading.dialect();
        &self.sum
    }
}

/// Judges interchanges of either dialect part by part.
#[derive(Debug)]
pub(super) struct Judge<'g> {
    rules: Rules<'g>,
    judge: segments::Judge<'g>,
}

impl Default for Judge<'_> {
    fn default() -> Self {
        Self::new(None)
    }
}

impl<'g> Judge<'g> {
    pub(super) fn new(guide: Option<&'g dyn Overlay>) -> Self {
        let rules = Rules { overlay: guide, ..Rules::default() };
        Self { rules, judge: segments::Judge::new(rules) }
    }

    pub(super) fn part(&mut self, part: &Part<'_>) -> Verdict {
        let (verdict, is_last) = match part {
            Part::X12(part) => (self.judge.part(part), part.is_last),
            Part::Edifact(part) => (self.judge.part(part), part.is_last),
        };
        if is_last {
            self.judge = segments::Judge::new(self.rules);
        }
        verdict
    }
}

impl Sum {
    /// Whether there is an error, not only remarks.
    pub fn has_faults(&self) -> bool {
        self.errors > 0
    }

    fn add(&mut self, found: &Found) {
        let (faults, left_out) = match found {
            Found::Set(set) => {
                self.sets = self.sets.saturating_add(1);
                (&set.faults, set.left_out)
            }
            Found::Group(group) => (&group.faults, group.left_out),
            Found::Interchange(interchange) => {
                self.interchanges = self.interchanges.saturating_add(1);
                self.accepted = self.accepted.saturating_add(interchange.accepted);
                (&interchange.faults, interchange.left_out)
            }
        };
        let is_error = |told: &&Told| told.broken.weight == Weight::Error;
        let errors = faults.iter().filter(is_error).count();
        let remarks = faults.len().saturating_sub(errors);
        self.errors = self.errors.saturating_add(errors).saturating_add(left_out);
        self.remarks = self.remarks.saturating_add(remarks);
        self.left_out = self.left_out.saturating_add(left_out);
    }
}

fn told(faults: &Faults) -> Vec<Told> {
    faults.list.iter().map(Told::of).collect()
}

fn found_set(
    kind: &str,
    control: &str,
    at: usize,
    judged: &segments::SetVerdict,
    count: &mut Count,
) -> Found {
    count.sets = count.sets.saturating_add(1);
    if judged.answer != Answer::Rejected {
        count.group = count.group.saturating_add(1);
    }
    let faults = told(&judged.faults);
    let errors = faults.iter().filter(|told| told.broken.weight == Weight::Error);
    let errors = errors.count().saturating_add(judged.faults.left_out);
    let set = JudgedSet {
        kind: kind.to_owned(),
        control: control.to_owned(),
        answer: judged.answer,
        errors,
    };
    Found::Set(FoundSet { set, at, faults, left_out: judged.faults.left_out })
}

/// Closes a group: its sets count unless it was rejected.
fn close_group(
    control: &str,
    verdict: &segments::GroupVerdict,
    count: &mut Count,
    found: &mut Vec<Found>,
) {
    let taken = std::mem::take(&mut count.group);
    if verdict.answer != Answer::Rejected {
        count.accepted = count.accepted.saturating_add(taken);
    }
    if !verdict.faults.is_empty() {
        let faults = told(&verdict.faults);
        let control = control.to_owned();
        let left_out = verdict.faults.left_out;
        found.push(Found::Group(FoundGroup {
            control,
            answer: verdict.answer,
            faults,
            left_out,
        }));
    }
}

fn close(header: &impl Heading, verdict: &Verdict, count: &mut Count) -> Found {
    let Count { sets, accepted, .. } = std::mem::take(count);
    let is_rejected = verdict.answer == Answer::Rejected;
    let [sender, receiver] = header.ends();
    Found::Interchange(FoundInterchange {
        sender,
        receiver,
        control: header.control().to_owned(),
        answer: verdict.answer,
        sets,
        accepted: if is_rejected { 0 } else { accepted },
        faults: told(&verdict.faults),
        left_out: verdict.faults.left_out,
    })
}

fn found_in<S: Standard>(
    part: &segments::Part<'_, S>,
    verdict: &Verdict,
    count: &mut Count,
) -> Vec<Found> {
    let mut found = Vec::new();
    let interchange = &part.interchange;
    for (group, judged) in interchange.groups.iter().zip(&verdict.groups) {
        for (set, judged) in group.sets.iter().zip(&judged.sets) {
            found.push(found_set(&set.kind, &set.control, set.at, judged, count));
        }
        if part.open != Some(group.at) {
            close_group(&group.control, judged, count, &mut found);
        }
    }
    if part.is_last {
        found.push(close(&interchange.header, verdict, count));
    }
    found
}

impl fmt::Display for Found {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (faults, left_out) = match self {
            Self::Set(set) => (&set.faults, set.left_out),
            Self::Group(group) => (&group.faults, group.left_out),
            Self::Interchange(interchange) => (&interchange.faults, interchange.left_out),
        };
        for told in faults {
            writeln!(out, "{told}")?;
        }
        if left_out > 0 {
            writeln!(out, "and {left_out} more")?;
        }
        match self {
            Self::Set(FoundSet { set, .. }) => {
                writeln!(out, "  {} {}: {}", set.kind, set.control, word(set.answer))
            }
            Self::Group(group) => {
                writeln!(out, "  group {}: {}", group.control, word(group.answer))
            }
            Self::Interchange(shell) => {
                let FoundInterchange { sender, receiver, control, .. } = shell;
                let answer = word(shell.answer);
                writeln!(
                    out,
                    "interchange {control} from {sender} to {receiver}: {answer}"
                )
            }
        }
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(unread) = &self.unread {
            writeln!(out, "{unread}")?;
        }
        let Self { interchanges, sets, accepted, errors, remarks, .. } = self;
        write!(
            out,
            "{interchanges} interchanges, {accepted} of {sets} documents accepted, \
             {errors} errors, {remarks} remarks"
        )
    }
}
