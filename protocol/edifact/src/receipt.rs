//! Reading the CONTRL messages that came in.

use segments::Segment;
use serde::Serialize;

use crate::{Answer, Interchange, Message};

/// What a CONTRL says.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Receipt {
    /// The reference of the interchange that it is about.
    pub control: String,
    /// The answer to that interchange.
    pub answer: Answer,
    /// Whether it says that the interchange came, and nothing of what is in it: 0083 is 8.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub came_only: bool,
    /// Code of 0085 against the interchange; empty for none.
    pub code: String,
    /// The groups that it tells about.
    pub groups: Vec<GroupReceipt>,
    /// The messages that it tells about; others share the answer above them.
    pub messages: Vec<MessageReceipt>,
}

/// What a CONTRL says about a group.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct GroupReceipt {
    /// The reference of the group.
    pub control: String,
    /// The answer.
    pub answer: Answer,
    /// Code of 0085 against the group; empty for none.
    pub code: String,
}

/// What a CONTRL says about a message.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct MessageReceipt {
    /// The reference of the message.
    pub control: String,
    /// The kind of message, such as `ORDERS`.
    pub kind: String,
    /// The answer.
    pub answer: Answer,
    /// Code of 0085 against the message; empty for none.
    pub code: String,
    /// What was wrong with its segments.
    pub complaints: Vec<Complaint>,
}

/// What a CONTRL says about a segment.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Complaint {
    /// Its number in the message, from 1 for UNH.
    pub ordinal: u32,
    /// Code of 0085; empty where only elements were wrong.
    pub code: String,
    /// What was wrong with its elements.
    pub elements: Vec<ElementComplaint>,
}

/// What a CONTRL says about an element.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct ElementComplaint {
    /// Code of 0085.
    pub code: String,
    /// The element, from 1 for the first after the tag; 0 where it was not told.
    pub element: u32,
    /// The component, from 1; 0 for the whole.
    pub component: u32,
}

/// Reads every CONTRL of an interchange.
pub fn receipts(interchange: &Interchange<'_>) -> Vec<Receipt> {
    let answers = interchange.sets().filter(|message| message.kind == "CONTRL");
    answers.filter_map(read).collect()
}

fn read(message: &Message<'_>) -> Option<Receipt> {
    let mut found: Option<Receipt> = None;
    let mut scanner = message.segments();
    while let Some(segment) = scanner.next_segment() {
        if segment.name() == b"UCI" {
            found = Some(Receipt {
                control: segment.text(1).into_owned(),
                answer: answer(&segment, 4),
                came_only: segment.text(4) == "8",
                code: segment.text(5).into_owned(),
                groups: Vec::new(),
                messages: Vec::new(),
            });
        } else if let Some(receipt) = found.as_mut() {
            below(receipt, &segment);
        }
    }
    found
}

fn below(receipt: &mut Receipt, segment: &Segment<'_, '_>) {
    if segment.name() == b"UCM" {
        receipt.messages.push(MessageReceipt {
            control: segment.text(1).into_owned(),
            kind: segment.part(2, 1).into_owned(),
            answer: answer(segment, 3),
            code: segment.text(4).into_owned(),
            complaints: Vec::new(),
        });
        return;
    }
    if segment.name() == b"UCF" {
        receipt.groups.push(GroupReceipt {
            control: segment.text(1).into_owned(),
            answer: answer(segment, 4),
            code: segment.text(5).into_owned(),
        });
        return;
    }
    let Some(message) = receipt.messages.last_mut() else {
        return;
    };
    match segment.name() {
        b"UCS" => message.complaints.push(Complaint {
            ordinal: segment.text(1).parse().unwrap_or_default(),
            code: segment.text(2).into_owned(),
            elements: Vec::new(),
        }),
        b"UCD" => {
            if let Some(complaint) = message.complaints.last_mut() {
                let told: u32 = segment.part(2, 1).parse().unwrap_or_default();
                complaint.elements.push(ElementComplaint {
                    code: segment.text(1).into_owned(),
                    element: told.saturating_sub(1),
                    component: segment.part(2, 2).parse().unwrap_or_default(),
                });
            }
        }
        _ => {}
    }
}

/// Source: 0083. Receipt alone (8) rejects nothing.
fn answer(segment: &Segment<'_, '_>, element: usize) -> Answer {
    match segment.text(element).as_ref() {
        "7" | "8" => Answer::Accepted,
        _ => Answer::Rejected,
    }
}
