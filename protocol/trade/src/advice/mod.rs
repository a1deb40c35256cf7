//! Application advice: what became of a document once it was read, beyond its syntax.
//!
//! An acknowledgement (997, CONTRL) says that a document could be read. An advice says that its
//! content was taken, or why not: which document, which line, what is wrong. It is written as
//! APERAK of D.96A or D.01B; [`read`](from_aperak) reads those of others.

mod read;
mod write;

use segments::Language;
use serde::{Deserialize, Serialize};

use crate::compare::{Comparison, What};
use crate::said::Say;
use crate::{Document, Kind, Party, Reference};

pub use read::from_aperak;
pub use write::to_aperak;

/// What became of a document.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Advice {
    /// Its own number.
    pub number: String,
    /// When it was written, as in [`Document`].
    pub date: Option<String>,
    /// Whether the document was taken.
    pub answer: AdviceAnswer,
    /// The document that it is about, as the partner numbers it.
    pub about: Option<Reference>,
    /// The control number of the message in which that document came.
    pub message: Option<String>,
    /// Who takes part; role and identifier count.
    pub parties: Vec<Party>,
    /// What is wrong, in order.
    pub faults: Vec<AdviceFault>,
}

/// Whether a document was taken.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdviceAnswer {
    /// It was.
    #[default]
    Accepted,
    /// It was, but something is to be known.
    AcceptedWithFaults,
    /// It was not.
    Rejected,
}

/// Something that is wrong with a document.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AdviceFault {
    /// What kind of fault, in up to eight letters, such as `PRICE`; agreed between the partners.
    pub code: String,
    /// The number of the line; none where it is about the whole.
    pub line: Option<String>,
    /// What is wrong, in words.
    pub text: String,
}

impl Advice {
    /// An advice that a document is refused, because it disagrees with what came before it.
    pub fn refusing(
        document: &Document,
        comparison: &Comparison,
        language: Language,
    ) -> Self {
        let told = comparison.tell(language);
        let faults = comparison.differences.iter().zip(told).map(|(own, text)| {
            let code = code(own.what).to_owned();
            AdviceFault { code, line: own.line.clone(), text }
        });
        let faults: Vec<AdviceFault> = faults.collect();
        let answer = if faults.is_empty() {
            AdviceAnswer::Accepted
        } else {
            AdviceAnswer::Rejected
        };
        Self { answer, about: Some(reference(document)), faults, ..Self::default() }
    }

    /// What it says, in sentences: which document, and for each fault which line and why.
    pub fn tell(&self, language: Language) -> Vec<String> {
        let say = Say(language);
        let document = match (&self.about, &self.message) {
            (Some(about), _) => {
                let kind = say.word("reference", &about.kind);
                let number = match &about.date {
                    Some(date) => {
                        let values = [
                            ("number", about.number.as_str()),
                            ("date", &say.date(date)),
                        ];
                        say.say("say.dated", &values)
                    }
                    None => about.number.clone(),
                };
                format!("{kind} {number}")
            }
            (None, Some(message)) => say.say("advice.message", &[("number", message)]),
            (None, None) => say.say("advice.document", &[]),
        };
        let key = match self.answer {
            AdviceAnswer::Accepted => "advice.accepted",
            AdviceAnswer::AcceptedWithFaults => "advice.remarks",
            AdviceAnswer::Rejected => "advice.rejected",
        };
        let mut told = vec![say.say(key, &[("document", &document)])];
        told.extend(self.faults.iter().map(|fault| fault.tell(say)));
        told
    }
}

impl AdviceFault {
    fn tell(&self, say: Say) -> String {
        let text = if self.text.is_empty() {
            say.say("advice.code", &[("code", &self.code)])
        } else {
            self.text.clone()
        };
        match &self.line {
            // Some texts name their line themselves.
            Some(line) if !text.contains(&format!(" {line}")) => {
                say.say("advice.line", &[("line", line), ("text", &text)])
            }
            Some(_) | None => text,
        }
    }
}

/// What a document is to others, by its number.
fn reference(document: &Document) -> Reference {
    let kind = match document.kind {
        Kind::RequestForQuote => "request",
        Kind::Quote => "quote",
        Kind::Order => "order",
        Kind::OrderChange => "order_change",
        // Answers often have no number of their own: they are known by the order.
        Kind::OrderAnswer | Kind::OrderChangeAnswer => "supplier_order",
        Kind::DispatchAdvice => "dispatch_advice",
        Kind::Invoice => "invoice",
    };
    match &document.about {
        Some(about) if document.number.is_empty() => about.clone(),
        _ => Reference {
            kind: kind.to_owned(),
            number: document.number.clone(),
            date: document.date.clone(),
        },
    }
}

/// The code of a fault.
const fn code(what: What) -> &'static str {
    match what {
        What::Refused | What::LineRefused => "REFUSED",
        What::Currency => "CURRENCY",
        What::Total => "TOTAL",
        What::Charges => "CHARGES",
        What::LineMissing => "MISSING",
        What::LineExtra => "EXTRA",
        What::Product => "PRODUCT",
        What::Quantity => "QUANTITY",
        What::Unit => "UNIT",
        What::Price => "PRICE",
        What::Date => "DATE",
    }
}
