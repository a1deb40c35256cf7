//! Answering an interchange with TA1 and 997, from the faults that were found in it.

mod complaints;
mod contexts;

use segments::{Broken, Flaw, Release, Tag, Weight};

use crate::check::release;
use crate::codes::{group_code, receipt_code};
use crate::{
    Answer, Draft, Envelope, Field, Group, GroupVerdict, Interchange, Numbers, Stamp,
    Verdict,
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
    let answered = |group: &&Group<'_>| !group.is_acknowledgement();
    let only_receipts = interchange.groups.is_empty() && !interchange.receipts.is_empty();
    let only_acknowledgements = !interchange.groups.is_empty()
        && !interchange.groups.iter().any(|group| answered(&group));
    let header = &interchange.header;
    let nameless = header.sender.id.is_empty() || header.receiver.id.is_empty();
    if only_receipts || only_acknowledgements || nameless {
        return None;
    }
    let mut envelope = Envelope::answering(interchange, numbers, stamp.clone());
    if notice == Notice::Implementation {
        "005010".clone_into(&mut envelope.version);
    }
    let mut whole = Draft::default();
    if verdict.answer != Answer::Accepted || interchange.header.asks_for_receipt {
        receipt(&mut whole, interchange, verdict);
    }
    let mut sets = Draft::default();
    let mut count = 0_u32;
    if verdict.answer != Answer::Rejected {
        let groups = interchange.groups.iter().zip(&verdict.groups);
        for (group, judged) in groups.filter(|(group, _)| answered(group)) {
            let control = numbers.set.saturating_add(count);
            let kind = match notice {
                Notice::Functional => "997",
                Notice::Implementation => "999",
            };
            let version = release(&envelope.version);
            sets.append(
                answer_group(notice, version, group, judged).as_set(kind, control),
            );
            count = count.saturating_add(1);
        }
    }
    if count > 0 {
        let sets =
            sets.as_group("FA", usize::try_from(count).unwrap_or(usize::MAX), &envelope);
        whole.append(sets);
    }
    let groups = usize::from(count > 0);
    (!whole.is_empty()).then(|| whole.write(groups, &envelope))
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

fn answer_group(
    notice: Notice,
    release: Option<&Release>,
    group: &Group<'_>,
    judged: &GroupVerdict,
) -> Draft {
    let mut draft = Draft::default();
    let code = if group.code.is_empty() { "ZZ" } else { &group.code };
    let control = group.control.parse::<u32>().unwrap_or_default().to_string();
    let mut fields: Vec<Field> = vec![code.into(), control.into()];
    // AK103 exists from 005010 on.
    if release
        .and_then(|release| release.layout(AK1))
        .is_some_and(|ak1| ak1.slots.len() > 2)
    {
        fields.push(group.version.chars().take(12).collect::<String>().into());
    }
    draft.segment("AK1", fields);
    for (set, judged) in group.sets.iter().zip(&judged.sets) {
        complaints::answer_set(&mut draft, notice, set, judged);
    }
    let answer = match judged.answer {
        Answer::Accepted => "A",
        Answer::WithErrors => "E",
        Answer::Partly => "P",
        Answer::Rejected => "R",
    };
    let taken = match judged.answer {
        Answer::Rejected => 0,
        Answer::Accepted | Answer::WithErrors | Answer::Partly => {
            judged.sets.iter().filter(|set| set.answer != Answer::Rejected).count()
        }
    };
    let received = group.sets.len();
    let counted =
        group.counted.map_or_else(|| received.to_string(), |count| count.to_string());
    let mut fields: Vec<Field> = vec![
        answer.into(),
        counted.into(),
        received.to_string().into(),
        taken.to_string().into(),
    ];
    let errors =
        judged.faults.list.iter().filter(|broken| broken.weight == Weight::Error);
    fields.extend(distinct(errors.filter_map(|broken| group_code(notice, broken))));
    draft.segment("AK9", fields);
    draft
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
