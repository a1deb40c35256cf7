//! Answering an interchange with TA1 and 997, from the faults that were found in it.

use segments::{Broken, Flaw, Weight};

use crate::codes::{codes, receipt_code};
use crate::{
    Answer, Draft, Envelope, Field, Group, GroupVerdict, Interchange, Numbers, Set,
    SetVerdict, Stamp, Verdict,
};

/// How many AK4 one AK3 may hold.
const ELEMENTS_LIMIT: usize = 99;

/// Writes the answer to an interchange; none where nothing is to be answered.
///
/// A broken shell, or ISA14, calls for a TA1. Every group gets a 997 unless the shell was
/// rejected. Groups of acknowledgements are never acknowledged, and an interchange of nothing
/// else gets no TA1 either; nor does one that names no sender or no receiver. The answer goes from the receiver to the sender.
///
/// Source: ASC X12.5 (TA1) and the 997 of 004010.
pub fn acknowledge(
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
    let envelope = Envelope::answering(interchange, numbers, stamp.clone());
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
            sets.append(functional(group, judged).as_set("997", control));
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

fn functional(group: &Group<'_>, judged: &GroupVerdict) -> Draft {
    let mut draft = Draft::default();
    let code = if group.code.is_empty() { "ZZ" } else { &group.code };
    let control = group.control.parse::<u32>().unwrap_or_default().to_string();
    draft.segment("AK1", vec![code.into(), control.into()]);
    for (set, judged) in group.sets.iter().zip(&judged.sets) {
        answer_set(&mut draft, set, judged);
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
    fields.extend(distinct(errors.filter_map(|broken| codes(&broken.flaw).group)));
    draft.segment("AK9", fields);
    draft
}

fn answer_set(draft: &mut Draft, set: &Set<'_>, judged: &SetVerdict) {
    let control = if set.control.is_empty() { "0000" } else { &set.control };
    draft.segment("AK2", vec![(&set.kind).into(), control.into()]);
    let errors =
        judged.faults.list.iter().filter(|broken| broken.weight == Weight::Error);
    let mut told: Vec<&Broken> =
        errors.clone().filter(|broken| is_told(broken)).collect();
    told.sort_by_key(|broken| (broken.place.ordinal, broken.flaw.is_of_element()));
    complaints(draft, &told);
    let answer = match judged.answer {
        Answer::Accepted => "A",
        Answer::WithErrors | Answer::Partly => "E",
        Answer::Rejected => "R",
    };
    let mut fields: Vec<Field> = vec![answer.into()];
    fields.extend(distinct(errors.map(|broken| codes(&broken.flaw).set)));
    draft.segment("AK5", fields);
}

/// Whether AK3 and AK4 can tell it; faults of the shell are told by AK5.
fn is_told(broken: &Broken) -> bool {
    let codes = codes(&broken.flaw);
    broken.place.ordinal > 0 && (codes.segment.is_some() || codes.element.is_some())
}

fn complaints(draft: &mut Draft, told: &[&Broken]) {
    let mut open = None;
    let mut elements = 0_usize;
    for broken in told {
        let place = &broken.place;
        let codes = codes(&broken.flaw);
        match (codes.segment, codes.element) {
            (Some(code), _) => {
                open = None;
                if let Flaw::SegmentMissing { tag } = &broken.flaw {
                    segment_note(draft, broken, tag, code);
                } else {
                    segment_note(draft, broken, &place.segment, code);
                }
            }
            (None, Some(code)) => {
                if open != Some(place.ordinal) {
                    open = Some(place.ordinal);
                    elements = 0;
                    segment_note(draft, broken, &place.segment, "8");
                }
                elements = elements.saturating_add(1);
                if elements <= ELEMENTS_LIMIT {
                    element_note(draft, broken, code);
                }
            }
            (None, None) => {}
        }
    }
}

fn segment_note(draft: &mut Draft, broken: &Broken, tag: &str, code: &str) {
    let tag: String = tag.chars().filter(char::is_ascii_alphanumeric).take(3).collect();
    let tag = if tag.len() < 2 { "ZZ".to_owned() } else { tag };
    let inner = broken.place.path.rsplit('/').next().unwrap_or_default();
    let inner = inner.split('[').next().unwrap_or_default();
    draft.segment(
        "AK3",
        vec![
            tag.into(),
            broken.place.ordinal.to_string().into(),
            inner.into(),
            code.into(),
        ],
    );
}

fn element_note(draft: &mut Draft, broken: &Broken, code: &str) {
    let place = &broken.place;
    let mut parts = vec![place.element.to_string()];
    if place.component > 0 {
        parts.push(place.component.to_string());
    }
    let digits = |reference: &&String| {
        reference.len() <= 4 && reference.bytes().all(|byte| byte.is_ascii_digit())
    };
    let reference = Some(&place.reference).filter(digits);
    let copy: String = broken.value.chars().take(99).collect();
    draft.segment(
        "AK4",
        vec![Field::Parts(parts), reference.into(), code.into(), copy.into()],
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
