//! What the acknowledgements of an interchange say of what we sent.

use x12::Answer;

use super::Wire;

/// What of ours is acknowledged.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Number {
    /// An interchange, by ISA13 or 0020 of UNB.
    Interchange(String),
    /// A group, by GS06.
    Group(String),
}

/// One acknowledgement.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Told {
    /// What it is about.
    pub(crate) number: Number,
    /// What the partner answers.
    pub(crate) answer: Answer,
    /// Whether it speaks of what is in it, and not only of how it came.
    pub(crate) of_content: bool,
    /// The same in words, with what was wrong.
    pub(crate) words: String,
}

impl Wire<'_> {
    /// Every acknowledgement in it.
    pub(crate) fn told(&self) -> Vec<Told> {
        match self {
            Self::X12(it) => x12::receipts(it).iter().map(in_x12).collect(),
            Self::Edifact(it) => edifact::receipts(it).iter().map(in_edifact).collect(),
        }
    }
}

fn in_x12(receipt: &x12::Receipt) -> Told {
    match receipt {
        x12::Receipt::Interchange { control, answer, code } => Told {
            number: Number::Interchange(control.clone()),
            answer: *answer,
            // A TA1 that took the envelope says nothing of what is in it.
            of_content: false,
            words: format!("interchange {control} (TA1 code {code})"),
        },
        x12::Receipt::Group(group) => Told {
            number: Number::Group(group.control.clone()),
            answer: group.answer,
            of_content: true,
            words: format!("group {} ({}){}", group.control, group.code, why(group)),
        },
    }
}

/// What was wrong, in the words of the codes that came.
fn why(group: &x12::GroupReceipt) -> String {
    let complaints = group.sets.iter().flat_map(|set| &set.complaints);
    let told = complaints.take(5).map(|complaint| {
        let elements = complaint.elements.iter().take(5);
        let elements: Vec<_> = elements
            .map(|it| format!("element {} code {}", it.element, it.code))
            .collect();
        let elements = elements.join(", ");
        format!("; {} at {}: {elements}", complaint.segment, complaint.ordinal)
    });
    told.collect()
}

/// An interchange whose UCI accepts it, with a message that is refused, is taken in part.
fn in_edifact(receipt: &edifact::Receipt) -> Told {
    let refused = receipt.messages.iter().filter(|it| it.answer == Answer::Rejected);
    let refused: Vec<_> = refused.take(5).map(message).collect();
    let partly = !refused.is_empty() && receipt.answer != Answer::Rejected;
    let first = format!("interchange {}{}", receipt.control, coded(&receipt.code));
    Told {
        number: Number::Interchange(receipt.control.clone()),
        answer: if partly { Answer::Partly } else { receipt.answer },
        of_content: !receipt.came_only,
        words: [vec![first], refused].concat().join("; "),
    }
}

/// A message that is refused, and what was wrong in it.
fn message(message: &edifact::MessageReceipt) -> String {
    let complaints = message.complaints.iter().take(5).map(|complaint| {
        let elements = complaint.elements.iter().take(5);
        let elements: String = elements
            .flat_map(|it| {
                [" element ".to_owned(), it.element.to_string(), coded(&it.code)]
            })
            .collect();
        [", segment ".to_owned(), complaint.ordinal.to_string(), elements].concat()
    });
    let first =
        format!("{} {} refused{}", message.kind, message.control, coded(&message.code));
    [first].into_iter().chain(complaints).collect()
}

fn coded(code: &str) -> String {
    if code.is_empty() { String::new() } else { format!(" (code {code})") }
}
