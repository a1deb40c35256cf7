//! Answering an interchange with CONTRL, from the faults that were found in it.

use segments::{Broken, Weight};

use crate::codes::syntax_error;
use crate::{
    Answer, Draft, Endpoint, Envelope, Group, Interchange, Message, MessageHead, Part,
    SetVerdict, Stamp, Verdict,
};

/// How many segments and elements one message's answer tells of.
const SEGMENTS_LIMIT: usize = 999;
const ELEMENTS_LIMIT: usize = 99;

/// Writes the CONTRL that answers an interchange; none where nothing is to be answered.
///
/// UCI tells what becomes of the interchange, UCF of each group, UCM of each message. An
/// interchange of CONTRL messages is never answered. `control` is our interchange reference.
///
/// Nor is one whose UNB names no sender, no recipient or no reference: CONTRL could not say what it
/// is about. Source: ISO 9735 part 4: CONTRL 4:1 in syntax 4 answers syntax 4, CONTRL D:3 in
/// syntax 3 everything before.
pub fn acknowledge(
    interchange: &Interchange<'_>,
    verdict: &Verdict,
    control: &str,
    stamp: &Stamp,
) -> Option<Vec<u8>> {
    let mut acknowledger = Acknowledger::default();
    acknowledger.take(interchange, None, verdict);
    acknowledger.finish(interchange, verdict, control, stamp)
}

/// Answers an interchange part by part, as [`acknowledge`] does at once. It keeps no message: of
/// each there is a line or two in the answer.
#[derive(Debug, Default)]
pub struct Acknowledger {
    /// What is answered to the messages of the groups that are closed, and of the open one.
    closed: Draft,
    open: Option<(usize, Draft)>,
    /// How many messages there were, and how many were CONTRL.
    messages: usize,
    answers: usize,
}

impl Acknowledger {
    /// Takes the next part in, with what was found in it; gives the answer, if there is one, with
    /// the last. `control` is our interchange reference.
    pub fn part(
        &mut self,
        part: &Part<'_>,
        verdict: &Verdict,
        control: &str,
        stamp: &Stamp,
    ) -> Option<Vec<u8>> {
        self.take(&part.interchange, part.open, verdict);
        if !part.is_last {
            return None;
        }
        std::mem::take(self).finish(&part.interchange, verdict, control, stamp)
    }

    fn take(
        &mut self,
        interchange: &Interchange<'_>,
        open: Option<usize>,
        verdict: &Verdict,
    ) {
        for (group, judged) in interchange.groups.iter().zip(&verdict.groups) {
            let (at, mut draft) =
                self.open.take().unwrap_or((group.at, Draft::default()));
            messages_of(&mut draft, group, &judged.sets);
            let answers = group.sets.iter().filter(|message| message.kind == "CONTRL");
            self.answers = self.answers.saturating_add(answers.count());
            self.messages = self.messages.saturating_add(group.sets.len());
            if open == Some(group.at) {
                self.open = Some((at, draft));
                continue;
            }
            if !group.is_implied {
                let header = &interchange.header;
                let mut ucf = vec![
                    vec![fitting(&group.control, 14, "0")],
                    party(&group.head.sender, &header.sender),
                    party(&group.head.receiver, &header.receiver),
                    vec![action(judged.answer).to_owned()],
                ];
                ucf.extend(at_fault(&judged.faults.list));
                self.closed.segment("UCF", ucf);
            }
            self.closed.append(draft);
        }
    }

    fn finish(
        self,
        interchange: &Interchange<'_>,
        verdict: &Verdict,
        control: &str,
        stamp: &Stamp,
    ) -> Option<Vec<u8>> {
        let header = &interchange.header;
        let named = [&header.control, &header.sender.id, &header.receiver.id];
        let is_answer = self.messages > 0 && self.messages == self.answers;
        if is_answer || named.iter().any(|id| id.is_empty()) {
            return None;
        }
        let mut draft = Draft::default();
        let mut uci = vec![
            vec![fitting(&header.control, 14, "0")],
            endpoint(&header.sender),
            endpoint(&header.receiver),
            vec![action(verdict.answer).to_owned()],
        ];
        uci.extend(at_fault(&verdict.faults.list));
        draft.segment("UCI", uci);
        if verdict.answer != Answer::Rejected {
            draft.append(self.closed);
        }
        let mut envelope = Envelope::answering(interchange, control, stamp.clone());
        for end in [&mut envelope.sender, &mut envelope.receiver] {
            let mut parts = endpoint(end).into_iter();
            let mut next = || parts.next().unwrap_or_default();
            *end = Endpoint { id: next(), qualifier: next(), address: next() };
        }
        let message = if header.version == 4 {
            draft.in_syntax_4().as_message(["CONTRL", "4", "1", "UN"], "1")
        } else {
            draft.as_message(["CONTRL", "D", "3", "UN"], "1")
        };
        Some(message.write(1, &envelope))
    }
}

fn endpoint(endpoint: &Endpoint) -> Vec<String> {
    let Endpoint { id, qualifier, address } = endpoint;
    vec![fitting(id, 35, ""), fitting(qualifier, 4, ""), fitting(address, 14, "")]
}

/// What is told back of a file must fit where it is told, whatever the file made of it.
fn fitting(text: &str, most: usize, otherwise: &str) -> String {
    let kept: String = text.chars().take(most).collect();
    let kept = kept.trim_end();
    if kept.is_empty() { otherwise.to_owned() } else { kept.to_owned() }
}

/// S006 or S007: who UNG names, or else UNB.
fn party(own: &Endpoint, outer: &Endpoint) -> Vec<String> {
    let named = if own.id.is_empty() { outer } else { own };
    vec![fitting(&named.id, 35, ""), fitting(&named.qualifier, 4, "")]
}

/// Source: ISO 9735 part 4, 0083. Partly: this level is acknowledged, messages below are not.
fn action(answer: Answer) -> &'static str {
    match answer {
        Answer::Accepted | Answer::WithErrors | Answer::Partly => "7",
        Answer::Rejected => "4",
    }
}

/// 0085, 0013 and S011 for the first error of a shell.
fn at_fault(faults: &[Broken]) -> Vec<Vec<String>> {
    let error = faults.iter().find(|broken| broken.weight == Weight::Error);
    error.map_or_else(Vec::new, |broken| {
        let place = &broken.place;
        let tag: String = place.segment.chars().take(3).collect();
        let mut parts = vec![vec![syntax_error(&broken.flaw).to_owned()]];
        let is_service =
            tag.starts_with("UN") && tag.chars().all(|it| it.is_ascii_uppercase());
        if tag.len() == 3 && is_service {
            parts.push(vec![tag]);
            parts.push(position(broken));
        }
        parts
    })
}

/// S011. Source: ISO 9735 part 4, 0098: the segment's tag counts as position 1.
fn position(broken: &Broken) -> Vec<String> {
    let place = &broken.place;
    // Each is told with three digits at most.
    if place.element == 0 || place.element > 998 {
        return Vec::new();
    }
    let mut parts = vec![place.element.saturating_add(1).to_string()];
    if place.component > 0 && place.component <= 999 {
        parts.push(place.component.to_string());
    }
    parts
}

fn messages_of(draft: &mut Draft, group: &Group<'_>, sets: &[SetVerdict]) {
    for (message, judged) in group.sets.iter().zip(sets) {
        let mut ucm = vec![
            vec![fitting(&message.control, 14, "0")],
            identity(message),
            vec![action(judged.answer).to_owned()],
        ];
        let shell = |broken: &&Broken| {
            broken.weight == Weight::Error && broken.place.segment.starts_with("UN")
        };
        let own: Vec<Broken> = judged.faults.list.iter().filter(shell).cloned().collect();
        ucm.extend(at_fault(&own));
        draft.segment("UCM", ucm);
        complaints(draft, judged);
    }
}

fn identity(message: &Message<'_>) -> Vec<String> {
    let MessageHead { version, release, agency, association } = &message.head;
    // Z: agreed between the partners; the first four must be there.
    vec![
        fitting(&message.kind, 6, "ZZZ"),
        fitting(version, 3, "Z"),
        fitting(release, 3, "Z"),
        fitting(agency, 2, "ZZ"),
        fitting(association, 6, ""),
    ]
}

fn complaints(draft: &mut Draft, judged: &SetVerdict) {
    let told = |broken: &&Broken| {
        broken.weight == Weight::Error
            && broken.place.ordinal > 0
            && !broken.place.segment.starts_with("UN")
    };
    let mut errors: Vec<&Broken> = judged.faults.list.iter().filter(told).collect();
    errors.sort_by_key(|broken| (broken.place.ordinal, broken.flaw.is_of_element()));
    let (mut open, mut segments, mut elements) = (0, 0_usize, 0_usize);
    for broken in errors {
        let code = syntax_error(&broken.flaw).to_owned();
        let ordinal = broken.place.ordinal;
        let of_element = broken.flaw.is_of_element();
        if !of_element || open != ordinal {
            segments = segments.saturating_add(1);
            elements = 0;
            if segments > SEGMENTS_LIMIT {
                return;
            }
            let own = if of_element { Vec::new() } else { vec![code.clone()] };
            draft.segment("UCS", vec![vec![ordinal.to_string()], own]);
        }
        open = if of_element { ordinal } else { 0 };
        elements = elements.saturating_add(usize::from(of_element));
        if of_element && elements <= ELEMENTS_LIMIT {
            draft.segment("UCD", vec![vec![code], position(broken)]);
        }
    }
}

/// What an application, not the syntax, has against a message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Objection {
    /// ERC 9321, a code of the receiver, up to 8 characters.
    pub code: String,
    /// What a person reads.
    pub text: String,
}

/// Writes the APERAK (D.96A) that refuses a message for reasons of the application.
///
/// `document` is the number of the document that it is about, such as an order's.
pub fn refuse(
    message: &Message<'_>,
    document: &str,
    objections: &[Objection],
    envelope: &Envelope,
) -> Vec<u8> {
    let one = |text: &str| vec![text.to_owned()];
    let pair = |first: &str, second: &str| vec![first.to_owned(), second.to_owned()];
    let mut draft = Draft::default();
    draft.segment("BGM", vec![Vec::new(), one(&envelope.control), one("27")]);
    let date = vec!["137".to_owned(), envelope.stamp.date.clone(), "102".to_owned()];
    draft.segment("DTM", vec![date]);
    let number: String = document.chars().take(35).collect();
    draft.segment(
        "RFF",
        vec![pair("ACW", if number.is_empty() { &message.control } else { &number })],
    );
    for objection in objections.iter().take(999) {
        let code: String = objection.code.chars().take(8).collect();
        draft.segment("ERC", vec![vec![code]]);
        let letters: Vec<char> = objection.text.chars().collect();
        let lines: Vec<String> =
            letters.chunks(70).take(5).map(|line| line.iter().collect()).collect();
        draft.segment("FTX", vec![one("AAO"), Vec::new(), Vec::new(), lines]);
    }
    draft.as_message(["APERAK", "D", "96A", "UN"], "1").write(1, envelope)
}
