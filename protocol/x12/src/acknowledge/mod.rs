//! Answering an interchange with TA1 and 997, from the faults that were found in it.

mod complaints;
mod contexts;

use segments::{Broken, Flaw, Tag, Weight};

use crate::check::release;
use crate::codes::{group_code, receipt_code};
use crate::envelope::holds_acknowledgements;
use crate::{
    Answer, Draft, Envelope, Field, Group, GroupVerdict, Interchange, Numbers, Part,
    Stamp, Verdict,
};

const AK1: Tag = Tag::of(b"AK1");

/// With which set groups are acknowledged.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Notice {
    /// 997, in the release of the group.
    #[default]
    Functional,
    /// 999, which exists from 005010 on and says more about the place.
    Implementation,
}

/// Writes the answer to an interchange with TA1 and 997, as [`acknowledge_with`] does.
pub fn acknowledge(
    interchange: &Interchange<'_>,
    verdict: &Verdict,
    numbers: Numbers,
    stamp: &Stamp,
) -> Option<Vec<u8>> {
    acknowledge_with(Notice::Functional, interchange, verdict, numbers, stamp)
}

/// Writes the answer to an interchange; none where nothing is to be answered.
///
/// A broken shell, or ISA14, calls for a TA1. Every group gets a 997 or 999 unless the shell was
/// rejected. Groups of acknowledgements are never acknowledged, and an interchange of nothing
/// else gets no TA1 either; nor does one that names no sender or no receiver. The answer goes from the receiver to the sender.
///
/// Source: ASC X12.5 (TA1), the 997 of 004010 and the 999 of 005010.
pub fn acknowledge_with(
    notice: Notice,
    interchange: &Interchange<'_>,
    verdict: &Verdict,
    numbers: Numbers,
    stamp: &Stamp,
) -> Option<Vec<u8>> {
    let mut acknowledger = Acknowledger::new(notice, numbers, stamp.clone());
    acknowledger.take(interchange, None, verdict);
    acknowledger.finish(interchange, verdict)
}

/// Answers an interchange part by part, as [`acknowledge_with`] does at once. It keeps no set: of
/// each there is a line or two in the answer.
#[derive(Debug)]
pub struct Acknowledger {
    notice: Notice,
    numbers: Numbers,
    stamp: Stamp,
    envelope: Option<Envelope>,
    /// What is answered to the groups that are closed, and how many were answered.
    sets: Draft,
    count: u32,
    open: Option<Open>,
    groups: usize,
    receipts: usize,
}

/// A group that is being answered.
#[derive(Debug)]
struct Open {
    at: usize,
    draft: Draft,
    received: usize,
    taken: usize,
    is_acknowledgement: bool,
}

impl Acknowledger {
    /// Begins with an interchange.
    pub fn new(notice: Notice, numbers: Numbers, stamp: Stamp) -> Self {
        Self {
            notice,
            numbers,
            stamp,
            envelope: None,
            sets: Draft::default(),
            count: 0,
            open: None,
            groups: 0,
            receipts: 0,
        }
    }

    /// Takes the next part in, with what was found in it; gives the answer, if there is one, with
    /// the last.
    pub fn part(&mut self, part: &Part<'_>, verdict: &Verdict) -> Option<Vec<u8>> {
        self.take(&part.interchange, part.open, verdict);
        if part.is_last { self.finish(&part.interchange, verdict) } else { None }
    }

    fn take(
        &mut self,
        interchange: &Interchange<'_>,
        open: Option<usize>,
        verdict: &Verdict,
    ) {
        self.receipts = self.receipts.saturating_add(interchange.asides.len());
        for (group, judged) in interchange.groups.iter().zip(&verdict.groups) {
            if self.open.as_ref().is_none_or(|open| open.at != group.at) {
                self.open_group(interchange, group);
            }
            if let Some(open) = self.open.as_mut() {
                open.take(self.notice, group, judged);
            }
            if open != Some(group.at) {
                self.close_group(group, judged);
            }
        }
    }

    fn envelope(&mut self, interchange: &Interchange<'_>) -> &Envelope {
        let (notice, numbers, stamp) = (self.notice, self.numbers, &self.stamp);
        self.envelope.get_or_insert_with(|| {
            let mut envelope = Envelope::answering(interchange, numbers, stamp.clone());
            if notice == Notice::Implementation {
                "005010".clone_into(&mut envelope.version);
            }
            envelope
        })
    }

    fn open_group(&mut self, interchange: &Interchange<'_>, group: &Group<'_>) {
        let release = release(&self.envelope(interchange).version);
        self.groups = self.groups.saturating_add(1);
        let mut draft = Draft::default();
        let code = group.head.code.as_str();
        let code = if code.len() == 2 && code.is_ascii() { code } else { "ZZ" };
        // Told back with nine digits at most, as counts are with six.
        let digits: String = group.control.chars().take(9).collect();
        let control = digits.parse::<u32>().unwrap_or_default().to_string();
        let mut fields: Vec<Field> = vec![code.into(), control.into()];
        // AK103 exists from 005010 on.
        if release
            .and_then(|release| release.layout(AK1))
            .is_some_and(|ak1| ak1.slots.len() > 2)
        {
            fields.push(group.head.version.chars().take(12).collect::<String>().into());
        }
        draft.segment("AK1", fields);
        self.open = Some(Open {
            at: group.at,
            draft,
            received: 0,
            taken: 0,
            is_acknowledgement: false,
        });
    }

    fn close_group(&mut self, group: &Group<'_>, judged: &GroupVerdict) {
        let Some(open) = self.open.take().filter(|open| !open.is_acknowledgement) else {
            return;
        };
        let kind = match self.notice {
            Notice::Functional => "997",
            Notice::Implementation => "999",
        };
        let control = self.numbers.set.saturating_add(self.count);
        self.sets.append(open.close(self.notice, group, judged).as_set(kind, control));
        self.count = self.count.saturating_add(1);
    }

    /// Writes the answer, and begins anew.
    fn finish(
        &mut self,
        interchange: &Interchange<'_>,
        verdict: &Verdict,
    ) -> Option<Vec<u8>> {
        let only_receipts = self.groups == 0 && self.receipts > 0;
        let only_acknowledgements = self.groups > 0 && self.count == 0;
        let header = &interchange.header;
        let nameless = header.sender.id.is_empty() || header.receiver.id.is_empty();
        if only_receipts || only_acknowledgements || nameless {
            return None;
        }
        let envelope = self.envelope(interchange).clone();
        let mut whole = Draft::default();
        if verdict.answer != Answer::Accepted || header.asks_for_receipt {
            receipt(&mut whole, interchange, verdict);
        }
        let sets = std::mem::take(&mut self.sets);
        let has_group = self.count > 0 && verdict.answer != Answer::Rejected;
        if has_group {
            let count = usize::try_from(self.count).unwrap_or(usize::MAX);
            whole.append(sets.as_group("FA", count, &envelope));
        }
        (!whole.is_empty()).then(|| whole.write(usize::from(has_group), &envelope))
    }
}

impl Open {
    fn take(&mut self, notice: Notice, group: &Group<'_>, judged: &GroupVerdict) {
        self.is_acknowledgement |= holds_acknowledgements(group);
        for (set, judged) in group.sets.iter().zip(&judged.sets) {
            complaints::answer_set(&mut self.draft, notice, set, judged);
            let taken = judged.answer != Answer::Rejected;
            self.taken = self.taken.saturating_add(usize::from(taken));
        }
        self.received = self.received.saturating_add(group.sets.len());
    }

    fn close(self, notice: Notice, group: &Group<'_>, judged: &GroupVerdict) -> Draft {
        let Self { mut draft, received, .. } = self;
        let answer = match judged.answer {
            Answer::Accepted => "A",
            Answer::WithErrors => "E",
            Answer::Partly => "P",
            Answer::Rejected => "R",
        };
        let taken = match judged.answer {
            Answer::Rejected => 0,
            Answer::Accepted | Answer::WithErrors | Answer::Partly => self.taken,
        };
        let told = |count: usize| count.min(999_999).to_string();
        let mut fields: Vec<Field> = vec![
            answer.into(),
            told(group.counted.unwrap_or(received)).into(),
            told(received).into(),
            told(taken).into(),
        ];
        let errors =
            judged.faults.list.iter().filter(|broken| broken.weight == Weight::Error);
        fields.extend(distinct(errors.filter_map(|broken| group_code(notice, broken))));
        draft.segment("AK9", fields);
        draft
    }
}

fn receipt(draft: &mut Draft, interchange: &Interchange<'_>, verdict: &Verdict) {
    let header = &interchange.header;
    let errors =
        || verdict.faults.list.iter().filter(|broken| broken.weight == Weight::Error);
    let is_width = |broken: &&Broken| matches!(broken.flaw, Flaw::HeaderWidth { .. });
    let worst = errors().find(|broken| !is_width(broken)).or_else(|| errors().next());
    let code =
        worst.map_or("000", |broken| receipt_code(&broken.flaw, broken.place.element));
    let answer = match verdict.answer {
        Answer::Accepted => "A",
        Answer::WithErrors | Answer::Partly => "E",
        Answer::Rejected => "R",
    };
    let digits = |text: &str, width: usize| {
        let kept: String =
            text.chars().filter(char::is_ascii_digit).take(width).collect();
        format!("{kept:0>width$}")
    };
    draft.segment(
        "TA1",
        vec![
            digits(&header.control, 9).into(),
            digits(&header.date, 6).into(),
            digits(&header.time, 4).into(),
            answer.into(),
            code.into(),
        ],
    );
}

/// Up to five codes, each once, in the order in which they were found.
fn distinct(codes: impl Iterator<Item = &'static str>) -> Vec<Field> {
    let mut seen: Vec<&'static str> = Vec::new();
    for code in codes {
        if seen.len() < 5 && !seen.contains(&code) {
            seen.push(code);
        }
    }
    seen.into_iter().map(Field::from).collect()
}
