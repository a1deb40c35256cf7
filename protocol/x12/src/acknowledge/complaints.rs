use segments::{Broken, Flaw, Weight};

use super::contexts::Contexts;
use super::{Notice, distinct};
use crate::codes::{element_code, segment_code, set_code};
use crate::{Answer, Draft, Field, Set, SetVerdict};

/// How many AK4 or IK4 one AK3 or IK3 may hold.
const ELEMENTS_LIMIT: usize = 99;

/// The segments of a notice: about a segment, about an element, about the set.
fn tags(notice: Notice) -> [&'static str; 3] {
    match notice {
        Notice::Functional => ["AK3", "AK4", "AK5"],
        Notice::Implementation => ["IK3", "IK4", "IK5"],
    }
}

/// Writes AK2 to AK5, or AK2 to IK5, for a set.
pub(super) fn answer_set(
    draft: &mut Draft,
    notice: Notice,
    set: &Set<'_>,
    judged: &SetVerdict,
) {
    // What is told back must fit, whatever the file made of it.
    let control: String = set.control.chars().take(9).collect();
    let is_kind = set.kind.len() == 3 && set.kind.is_ascii();
    let kind = if is_kind { set.kind.as_str() } else { "ZZZ" };
    draft.segment("AK2", vec![kind.into(), format!("{:0>4}", control.trim_end()).into()]);
    let errors =
        judged.faults.list.iter().filter(|broken| broken.weight == Weight::Error);
    let is_told = |broken: &&Broken| {
        broken.place.ordinal > 0
            && (segment_code(notice, broken).is_some()
                || element_code(notice, broken).is_some())
    };
    let mut told: Vec<&Broken> = errors.clone().filter(is_told).collect();
    told.sort_by_key(|broken| (broken.place.ordinal, broken.flaw.is_of_element()));
    let contexts = match notice {
        Notice::Functional => None,
        Notice::Implementation => Some(Contexts::of(set, &told)),
    };
    Writer { draft, notice, contexts: contexts.as_ref() }.complaints(&told);
    let answer = match judged.answer {
        Answer::Accepted => "A",
        Answer::WithErrors | Answer::Partly => "E",
        Answer::Rejected => "R",
    };
    let mut fields: Vec<Field> = vec![answer.into()];
    fields.extend(distinct(errors.map(|broken| set_code(notice, broken))));
    let [_, _, end] = tags(notice);
    draft.segment(end, fields);
}

struct Writer<'w> {
    draft: &'w mut Draft,
    notice: Notice,
    contexts: Option<&'w Contexts>,
}

impl Writer<'_> {
    fn complaints(&mut self, told: &[&Broken]) {
        let mut open = None;
        let mut elements = 0_usize;
        for broken in told {
            let place = &broken.place;
            let codes =
                (segment_code(self.notice, broken), element_code(self.notice, broken));
            match codes {
                (Some(code), _) => {
                    open = None;
                    if let Flaw::SegmentMissing { tag } = &broken.flaw {
                        self.segment(broken, tag, code);
                    } else {
                        self.segment(broken, &place.segment, code);
                    }
                }
                (None, Some(code)) => {
                    if open != Some(place.ordinal) {
                        open = Some(place.ordinal);
                        elements = 0;
                        self.segment(broken, &place.segment, "8");
                    }
                    elements = elements.saturating_add(1);
                    if elements <= ELEMENTS_LIMIT {
                        self.element(broken, code);
                    }
                }
                (None, None) => {}
            }
        }
    }

    fn segment(&mut self, broken: &Broken, tag: &str, code: &str) {
        let tag = self::tag(tag);
        let inner = inner(broken);
        let [note, _, _] = tags(self.notice);
        self.draft.segment(
            note,
            vec![
                tag.into(),
                broken.place.ordinal.to_string().into(),
                inner.into(),
                code.into(),
            ],
        );
        if let Some(context) = self.contexts.and_then(|all| all.of_segment(broken)) {
            self.draft.segment("CTX", context);
        }
    }

    fn element(&mut self, broken: &Broken, code: &str) {
        let place = &broken.place;
        let repeated = place.repetition > 1 && self.contexts.is_some();
        // Each is told with two digits at most.
        let written = |number: usize| match number {
            0 => String::new(),
            told => told.min(99).to_string(),
        };
        let mut parts = vec![written(place.element), written(place.component)];
        if repeated {
            parts.push(written(place.repetition));
        }
        let copy: String = broken.value.chars().take(99).collect();
        let [_, note, _] = tags(self.notice);
        self.draft.segment(
            note,
            vec![Field::Parts(parts), reference(broken).into(), code.into(), copy.into()],
        );
        if let Some(context) = self.contexts.and_then(|_| Contexts::of_element(broken)) {
            self.draft.segment("CTX", context);
        }
    }
}

/// The number of the element in the dictionary, if it is one.
pub(super) fn reference(broken: &Broken) -> Option<&String> {
    let digits = |reference: &&String| {
        reference.len() <= 4 && reference.bytes().all(|byte| byte.is_ascii_digit())
    };
    Some(&broken.place.reference).filter(digits)
}

/// The name of a segment, whatever stood there.
pub(super) fn tag(text: &str) -> String {
    let tag: String = text.chars().filter(char::is_ascii_alphanumeric).take(3).collect();
    if tag.len() < 2 { "ZZ".to_owned() } else { tag }
}

/// The innermost loop, up to four letters.
pub(super) fn inner(broken: &Broken) -> &str {
    let inner = broken.place.path.rsplit('/').next().unwrap_or_default();
    inner.split('[').next().unwrap_or_default()
}
