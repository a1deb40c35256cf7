//! Reading the acknowledgements that came in.

use segments::Segment;
use serde::Serialize;

use crate::{Answer, Interchange, Set};

/// What an acknowledgement says.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Receipt {
    /// A TA1: about a whole interchange.
    Interchange {
        /// The control number of the interchange that it is about.
        control: String,
        /// The answer.
        answer: Answer,
        /// Element I18, `000` for nothing wrong.
        code: String,
    },
    /// A 997 or 999: about a group.
    Group(GroupReceipt),
}

/// What a 997 or 999 says.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct GroupReceipt {
    /// The kind of group that it is about, such as `PR`.
    pub code: String,
    /// The control number of that group.
    pub control: String,
    /// The answer.
    pub answer: Answer,
    /// How many sets were taken.
    pub taken: u32,
    /// What was wrong with the group, as codes of element 716.
    pub codes: Vec<String>,
    /// The sets that it tells about; sets that are not named share the answer to the group.
    pub sets: Vec<SetReceipt>,
}

/// What a 997 or 999 says about a set.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct SetReceipt {
    /// The kind of set, such as `855`.
    pub kind: String,
    /// Its control number.
    pub control: String,
    /// The answer; none where AK5 is missing.
    pub answer: Option<Answer>,
    /// What was wrong with the set, as codes of element 718.
    pub codes: Vec<String>,
    /// What was wrong with its segments.
    pub complaints: Vec<Complaint>,
}

/// What a 997 or 999 says about a segment.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Complaint {
    /// The segment.
    pub segment: String,
    /// Its number in the set, from 1 for ST.
    pub ordinal: u32,
    /// The loop around it, if it was told.
    pub path: String,
    /// The code of element 720 or 620; `8` where only elements were wrong.
    pub code: String,
    /// What it hangs on, as CTX of a 999 says.
    pub contexts: Vec<Context>,
    /// What was wrong with its elements.
    pub elements: Vec<ElementComplaint>,
}

/// What a 997 or 999 says about an element.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct ElementComplaint {
    /// The element, from 1.
    pub element: u32,
    /// The component, from 1; 0 for the whole.
    pub component: u32,
    /// Its number in the dictionary, if it was told.
    pub reference: String,
    /// The code of element 723 or 621.
    pub code: String,
    /// What it hangs on, as CTX of a 999 says.
    pub contexts: Vec<Context>,
    /// The value that was refused, if it was told.
    pub value: String,
}

/// What a complaint of a 999 hangs on.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Context {
    /// What names it, such as `PO101`, or `SITUATIONAL TRIGGER`.
    pub name: String,
    /// The value that names it; empty for a trigger.
    pub value: String,
    /// The segment of the trigger; empty for none.
    pub segment: String,
    /// The number of that segment in the set; 0 for none.
    pub ordinal: u32,
    /// The element of the trigger, from 1; 0 for none.
    pub element: u32,
}

/// Reads every TA1, 997 and 999 of an interchange.
pub fn receipts(interchange: &Interchange<'_>) -> Vec<Receipt> {
    let mut all = Vec::new();
    for mut scanner in interchange.asides() {
        if let Some(ta1) = scanner.next_segment() {
            all.push(Receipt::Interchange {
                control: ta1.text(1).trim().to_owned(),
                answer: answer(&ta1, 4).unwrap_or(Answer::Rejected),
                code: ta1.text(5).trim().to_owned(),
            });
        }
    }
    let sets =
        interchange.sets().filter(|set| matches!(set.kind.as_str(), "997" | "999"));
    all.extend(sets.filter_map(group_receipt).map(Receipt::Group));
    all
}

fn group_receipt(set: &Set<'_>) -> Option<GroupReceipt> {
    let mut found: Option<GroupReceipt> = None;
    let mut scanner = set.segments();
    while let Some(segment) = scanner.next_segment() {
        match segment.name() {
            b"AK1" => {
                found = Some(GroupReceipt {
                    code: segment.text(1).into_owned(),
                    control: segment.text(2).into_owned(),
                    answer: Answer::Rejected,
                    taken: 0,
                    codes: Vec::new(),
                    sets: Vec::new(),
                });
            }
            b"AK9" => {
                let group = found.as_mut()?;
                group.answer = answer(&segment, 1).unwrap_or(Answer::Rejected);
                group.taken = count(&segment, 4);
                group.codes = codes(&segment, 5);
            }
            _ => {
                if let Some(group) = found.as_mut() {
                    about_sets(&mut group.sets, &segment);
                }
            }
        }
    }
    found
}

fn about_sets(sets: &mut Vec<SetReceipt>, segment: &Segment<'_, '_>) {
    if segment.name() == b"AK2" {
        sets.push(SetReceipt {
            kind: segment.text(1).into_owned(),
            control: segment.text(2).into_owned(),
            answer: None,
            codes: Vec::new(),
            complaints: Vec::new(),
        });
        return;
    }
    let Some(set) = sets.last_mut() else {
        return;
    };
    match segment.name() {
        b"AK3" | b"IK3" => set.complaints.push(Complaint {
            segment: segment.text(1).into_owned(),
            ordinal: count(segment, 2),
            path: segment.text(3).into_owned(),
            code: segment.text(4).into_owned(),
            contexts: Vec::new(),
            elements: Vec::new(),
        }),
        b"AK4" | b"IK4" => {
            if let Some(complaint) = set.complaints.last_mut() {
                complaint.elements.push(ElementComplaint {
                    element: segment.part(1, 1).parse().unwrap_or_default(),
                    component: segment.part(1, 2).parse().unwrap_or_default(),
                    reference: segment.text(2).into_owned(),
                    code: segment.text(3).into_owned(),
                    contexts: Vec::new(),
                    value: segment.text(4).into_owned(),
                });
            }
        }
        b"CTX" => {
            if let Some(complaint) = set.complaints.last_mut() {
                let context = context(segment);
                match complaint.elements.last_mut() {
                    Some(element) => element.contexts.push(context),
                    None => complaint.contexts.push(context),
                }
            }
        }
        b"AK5" | b"IK5" => {
            set.answer = answer(segment, 1);
            set.codes = codes(segment, 2);
        }
        _ => {}
    }
}

fn context(segment: &Segment<'_, '_>) -> Context {
    Context {
        name: segment.part(1, 1).into_owned(),
        value: segment.part(1, 2).into_owned(),
        segment: segment.text(2).into_owned(),
        ordinal: count(segment, 3),
        element: segment.part(5, 1).parse().unwrap_or_default(),
    }
}

fn answer(segment: &Segment<'_, '_>, element: usize) -> Option<Answer> {
    match segment.text(element).trim() {
        "A" => Some(Answer::Accepted),
        "E" => Some(Answer::WithErrors),
        "P" => Some(Answer::Partly),
        "R" | "M" | "W" | "X" => Some(Answer::Rejected),
        _ => None,
    }
}

fn count(segment: &Segment<'_, '_>, element: usize) -> u32 {
    segment.text(element).trim().parse().unwrap_or_default()
}

fn codes(segment: &Segment<'_, '_>, from: usize) -> Vec<String> {
    let all = (from..=segment.len()).map(|element| segment.text(element).into_owned());
    all.filter(|code| !code.is_empty()).collect()
}
