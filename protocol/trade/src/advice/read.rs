use segments::{Broken, Flaw, Place, Segment, Weight};

use super::{Advice, AdviceAnswer, AdviceFault};
use crate::codes::{self, Dialect};
use crate::map::moments;
use crate::map::pieces::join;
use crate::{Identifier, Party, Reference};

/// Reads an advice from an APERAK.
///
/// The document is that of the first reference that is not one to a message; in D.01B also of DOC.
/// Where BGM does not say whether the document was taken, a fault means that it was not.
///
/// # Errors
/// [`Flaw::SetNotSupported`] for another message.
pub fn from_aperak(message: &edifact::Message<'_>) -> Result<Advice, Broken> {
    if message.kind != "APERAK" {
        return Err(Broken {
            flaw: Flaw::SetNotSupported,
            weight: Weight::Error,
            place: Box::new(Place { at: message.at, ..Place::default() }),
            value: message.kind.clone(),
            mend: String::new(),
        });
    }
    let mut reader = Reader::default();
    let mut segments = message.segments();
    while let Some(segment) = segments.next_segment() {
        reader.segment(&segment);
    }
    let Reader { mut advice, told, .. } = reader;
    advice.answer = match told {
        Some(answer) => answer,
        None if advice.faults.is_empty() => AdviceAnswer::Accepted,
        None => AdviceAnswer::Rejected,
    };
    Ok(advice)
}

#[derive(Default)]
struct Reader {
    advice: Advice,
    told: Option<AdviceAnswer>,
    /// The segment before the last.
    after: String,
}

fn filled(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

impl Reader {
    fn segment(&mut self, segment: &Segment<'_, '_>) {
        let tag = segment.tag().to_string();
        let part = |element, part| segment.part(element, part).trim().to_owned();
        match tag.as_str() {
            "BGM" => {
                self.advice.number = part(2, 1);
                self.told = match (part(4, 1).as_str(), part(1, 1).as_str()) {
                    ("AP", _) | ("", "312") => Some(AdviceAnswer::Accepted),
                    ("CA" | "AC", _) => Some(AdviceAnswer::AcceptedWithFaults),
                    ("RE", _) | ("", "313") => Some(AdviceAnswer::Rejected),
                    _ => None,
                };
            }
            "DTM" => {
                let date = moments::read_edifact(&[part(1, 2), part(1, 3)]);
                let is_of_document = matches!(self.after.as_str(), "RFF" | "DOC");
                match (part(1, 1).as_str(), &mut self.advice.about) {
                    ("137", _) if !is_of_document => self.advice.date = date,
                    (_, Some(about)) if is_of_document => about.date = date,
                    _ => {}
                }
            }
            "DOC" => {
                let word = match part(1, 1).as_str() {
                    "220" | "221" | "224" => "order",
                    "230" => "order_change",
                    "310" => "quote",
                    "311" => "request",
                    "351" => "dispatch_advice",
                    "380" | "381" | "383" => "invoice",
                    _ => "supplier_order",
                };
                self.about(word.to_owned(), part(2, 1));
            }
            "RFF" => self.reference(&part(1, 1), part(1, 2), part(1, 3)),
            "NAD" => {
                let scheme = codes::list("scheme").word(Dialect::Edifact, &part(2, 3));
                let id = filled(part(2, 1)).map(|value| Identifier { scheme, value });
                let role = codes::list("role").word(Dialect::Edifact, &part(1, 1));
                self.advice.parties.push(Party { role, id, ..Party::default() });
            }
            "ERC" => {
                let fault = AdviceFault { code: part(1, 1), ..AdviceFault::default() };
                self.advice.faults.push(fault);
            }
            "FTX" => {
                if let Some(fault) = self.advice.faults.last_mut() {
                    let mut is_full = false;
                    for text in (1..=5).map(|place| part(4, place)) {
                        if !text.is_empty() {
                            join(&mut fault.text, &text, is_full);
                            // The widths of 4440 in D.96A and in D.01B.
                            is_full = matches!(text.chars().count(), 70 | 512);
                        }
                    }
                }
            }
            _ => {}
        }
        let is_of_message = tag == "RFF" && matches!(part(1, 1).as_str(), "ACW" | "AGO");
        self.after = if is_of_message { String::new() } else { tag };
    }

    fn about(&mut self, kind: String, number: String) {
        if self.advice.about.is_none() && !number.is_empty() {
            self.advice.about = Some(Reference { kind, number, date: None });
        }
    }

    fn reference(&mut self, code: &str, number: String, line: String) {
        let kind = codes::list("reference").word(Dialect::Edifact, code);
        match (self.advice.faults.last_mut(), code) {
            (Some(fault), "LI") => fault.line = filled(number),
            (Some(fault), _) => {
                fault.line = fault.line.take().or(filled(line));
                self.about(kind, number);
            }
            (None, "ACW" | "AGO") => self.advice.message = filled(number),
            (None, _) => self.about(kind, number),
        }
    }
}
