use std::fmt;

use segments::{
    Answer, Broken, Faults, Heading, Interchange, Language, Overlay, Rules, Standard,
    Verdict, Weight, check_by,
};
use serde::Serialize;

use super::{Dialect, dialect, unknown};

/// What is right and wrong in a file.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The dialect; none where it could not be told.
    pub dialect: Option<Dialect>,
    /// How many errors there are, those left out included.
    pub errors: usize,
    /// How many remarks there are.
    pub remarks: usize,
    /// How many faults the lists below leave out.
    pub left_out: usize,
    /// The interchanges, in order.
    pub interchanges: Vec<JudgedInterchange>,
    /// Everything that was found, each as a sentence with its place.
    pub faults: Vec<Told>,
}

/// A fault, with its sentence.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    /// The sentence.
    pub text: String,
    /// The fault itself.
    #[serde(flatten)]
    pub broken: Broken,
}

/// What became of an interchange.
#[derive(Clone, Debug, Serialize)]
pub struct JudgedInterchange {
    /// Who sent it, such as `ZZ:ACME`.
    pub sender: String,
    /// Who gets it.
    pub receiver: String,
    /// Its control number.
    pub control: String,
    /// The answer to its shell.
    pub answer: Answer,
    /// Its sets.
    pub sets: Vec<JudgedSet>,
}

/// What became of a set or message.
#[derive(Clone, Debug, Serialize)]
pub struct JudgedSet {
    /// Such as `850` or `ORDERS`.
    pub kind: String,
    /// Its control number.
    pub control: String,
    /// The answer to it, its shells considered.
    pub answer: Answer,
    /// How many errors it has.
    pub errors: usize,
}

/// Judges a file by the standard. Never fails: what cannot be read is a fault too.
pub fn validate(file: &[u8]) -> Report {
    validate_by(file, None)
}

/// Judges a file by the standard and, where there is one, a partner's guide. Never fails: what
/// cannot be read is a fault too.
pub fn validate_by(file: &[u8], guide: Option<&dyn Overlay>) -> Report {
    let rules = Rules { overlay: guide, ..Rules::default() };
    let mut report = Report {
        dialect: dialect(file),
        errors: 0,
        remarks: 0,
        left_out: 0,
        interchanges: Vec::new(),
        faults: Vec::new(),
    };
    let broken = match report.dialect {
        None => Some(unknown(file)),
        Some(Dialect::X12) => {
            x12::read(file).map(|all| judge_all(&mut report, &all, rules)).err()
        }
        Some(Dialect::Edifact) => {
            edifact::read(file).map(|all| judge_all(&mut report, &all, rules)).err()
        }
    };
    if let Some(broken) = broken {
        let mut faults = Faults::default();
        faults.push(broken);
        report.take(&faults);
    }
    report
}

impl Report {
    /// Whether there is an error, not only remarks.
    pub fn has_faults(&self) -> bool {
        self.errors > 0
    }

    /// The same report, its faults told in another language.
    #[must_use]
    pub fn told_in(mut self, language: Language) -> Self {
        self.faults.iter_mut().for_each(|told| told.tell_in(language));
        self
    }

    fn take(&mut self, faults: &Faults) {
        let errors =
            faults.list.iter().filter(|broken| broken.weight == Weight::Error).count();
        let remarks = faults.list.len().saturating_sub(errors);
        self.errors = self.errors.saturating_add(errors).saturating_add(faults.left_out);
        self.remarks = self.remarks.saturating_add(remarks);
        self.left_out = self.left_out.saturating_add(faults.left_out);
        self.faults.extend(faults.list.iter().map(Told::of));
    }

    fn take_all(&mut self, verdict: &Verdict) {
        self.take(&verdict.faults);
        for group in &verdict.groups {
            self.take(&group.faults);
            group.sets.iter().for_each(|set| self.take(&set.faults));
        }
    }
}

fn judge_all<S: Standard>(
    report: &mut Report,
    all: &[Interchange<'_, S>],
    rules: Rules<'_>,
) {
    for interchange in all {
        let verdict = check_by(interchange, rules);
        report.take_all(&verdict);
        let mut sets = Vec::new();
        for (place, group) in interchange.groups.iter().enumerate() {
            for (number, set) in group.sets.iter().enumerate() {
                sets.push(judged(&verdict, place, number, &set.kind, &set.control));
            }
        }
        let [sender, receiver] = interchange.header.ends();
        report.interchanges.push(JudgedInterchange {
            sender,
            receiver,
            control: interchange.header.control().to_owned(),
            answer: verdict.answer,
            sets,
        });
    }
}

fn judged(
    verdict: &Verdict,
    group: usize,
    set: usize,
    kind: &str,
    control: &str,
) -> JudgedSet {
    let found = verdict.groups.get(group).and_then(|group| group.sets.get(set));
    let errors = found.map_or(0, |set| {
        let errors =
            set.faults.list.iter().filter(|broken| broken.weight == Weight::Error);
        errors.count().saturating_add(set.faults.left_out)
    });
    JudgedSet {
        kind: kind.to_owned(),
        control: control.to_owned(),
        answer: verdict.answer_to(group, set),
        errors,
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.faults {
            writeln!(out, "{fault}")?;
        }
        if self.left_out > 0 {
            writeln!(out, "and {} more", self.left_out)?;
        }
        for interchange in &self.interchanges {
            let JudgedInterchange { sender, receiver, control, .. } = interchange;
            let answer = word(interchange.answer);
            writeln!(out, "interchange {control} from {sender} to {receiver}: {answer}")?;
            for set in &interchange.sets {
                writeln!(out, "  {} {}: {}", set.kind, set.control, word(set.answer))?;
            }
        }
        Ok(())
    }
}

impl Told {
    pub(super) fn of(broken: &Broken) -> Self {
        Self { text: broken.to_string(), broken: broken.clone() }
    }

    /// Tells it in another language. What a guide says is its writer's.
    pub(super) fn tell_in(&mut self, language: Language) {
        let words = language.words();
        self.text = words.tell(&self.broken);
        if self.broken.place.guideline.is_none() {
            self.broken.mend = words.mend(&self.broken);
        }
    }
}

impl fmt::Display for Told {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.broken.weight {
            Weight::Error => "error",
            Weight::Note => "note",
        };
        write!(out, "{word}: {}", self.text)
    }
}

pub(super) fn word(answer: Answer) -> &'static str {
    match answer {
        Answer::Accepted => "accepted",
        Answer::WithErrors => "accepted with errors",
        Answer::Partly => "accepted in part",
        Answer::Rejected => "rejected",
    }
}
