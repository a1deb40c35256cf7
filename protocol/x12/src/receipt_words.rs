//! Acknowledgements that came in, in plain words.

use std::fmt;

use segments::english;

use crate::check::release;
use crate::{Answer, Complaint, GroupReceipt, Receipt, SetReceipt};

impl fmt::Display for Receipt {
    /// One line for what it is about and one for each document and complaint.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Interchange { control, answer, code } => {
                write!(out, "interchange {control} was {}", word(*answer))?;
                if code != "000" {
                    write!(out, ": {}", note(code))?;
                }
                Ok(())
            }
            Self::Group(group) => group.fmt(out),
        }
    }
}

impl fmt::Display for GroupReceipt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "group {} {} was {}", self.code, self.control, word(self.answer))?;
        for code in &self.codes {
            write!(out, "; {}", group_note(code))?;
        }
        self.sets.iter().try_for_each(|set| write!(out, "\n{set}"))
    }
}

impl fmt::Display for SetReceipt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answer = self.answer.map_or("not answered", word);
        let name = meaning("143", &self.kind).unwrap_or("document");
        write!(out, "  {} ({name}) {} was {answer}", self.kind, self.control)?;
        for code in &self.codes {
            write!(out, "; {}", set_note(code))?;
        }
        self.complaints.iter().try_for_each(|complaint| write!(out, "\n{complaint}"))
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let called = |key: &str| english().name(key).map(|name| format!(" ({name})"));
        let segment = called(&self.segment).unwrap_or_default();
        write!(
            out,
            "    {}{segment}, segment {} of the document",
            self.segment, self.ordinal
        )?;
        if self.elements.is_empty() || self.code != "8" {
            write!(out, ": {}", segment_note(&self.code))?;
        }
        for element in &self.elements {
            let name = called(&element.reference).unwrap_or_default();
            write!(out, ", {}{:02}{name}", self.segment, element.element)?;
            if !element.value.is_empty() {
                write!(out, " “{}”", element.value)?;
            }
            write!(out, ": {}", element_note(&element.code))?;
        }
        Ok(())
    }
}

fn meaning(element: &str, code: &str) -> Option<&'static str> {
    release("004010")?.codes(element)?.meaning(code).filter(|meaning| !meaning.is_empty())
}

fn word(answer: Answer) -> &'static str {
    match answer {
        Answer::Accepted => "accepted",
        Answer::WithErrors => "accepted, with errors noted",
        Answer::Partly => "accepted in part",
        Answer::Rejected => "rejected",
    }
}

/// Source: X12 data element I18.
fn note(code: &str) -> &'static str {
    match code {
        "001" => "the control numbers of header and trailer differ",
        "002" | "016" => "its standards are not supported",
        "003" | "017" => "its version is not supported",
        "004" => "its segment terminator is wrong",
        "005" | "006" => "the sender is not named as agreed",
        "007" | "008" => "the receiver is not named as agreed",
        "009" => "the receiver is not known there",
        "010" | "011" => "the authorization is wrong",
        "012" | "013" => "the security information is wrong",
        "014" => "its date is wrong",
        "015" => "its time is wrong",
        "018" => "its control number is wrong",
        "019" => "it asks for a receipt in a wrong way",
        "020" => "its test indicator is wrong",
        "021" => "it does not hold as many groups as it says",
        "022" => "its structure is wrong",
        "023" => "it broke off",
        "024" => "its content is wrong",
        "025" => "its control number was used before",
        "026" => "its element separator is wrong",
        "027" => "its component separator is wrong",
        _ => "for a reason that has no name in the standard",
    }
}

/// Source: X12 data element 716.
fn group_note(code: &str) -> &'static str {
    match code {
        "1" => "this kind of group is not supported",
        "2" => "this version is not supported",
        "3" => "its trailer is missing",
        "4" => "the control numbers of header and trailer differ",
        "5" => "it does not hold as many documents as it says",
        "6" => "its control number is wrong",
        _ => "for a reason that has no name in the standard",
    }
}

/// Source: X12 data element 718.
fn set_note(code: &str) -> &'static str {
    match code {
        "1" => "this document is not supported",
        "2" => "its trailer is missing",
        "3" => "the control numbers of header and trailer differ",
        "4" => "it does not hold as many segments as it says",
        "5" => "segments are in error",
        "6" => "its kind is missing or wrong",
        "7" => "its control number is missing or wrong",
        "23" => "its control number was used before",
        _ => "for a reason that has no name in the standard",
    }
}

/// Source: X12 data element 720.
fn segment_note(code: &str) -> &'static str {
    match code {
        "1" => "no segment is called this",
        "2" => "it was not expected",
        "3" => "it is missing",
        "4" => "its loop stands too often",
        "5" => "it stands too often",
        "6" => "this document has no such segment",
        "7" => "it stands at the wrong place",
        "8" => "its elements are in error",
        _ => "for a reason that has no name in the standard",
    }
}

/// Source: X12 data element 723.
fn element_note(code: &str) -> &'static str {
    match code {
        "1" => "it is missing",
        "2" => "it is missing, and others call for it",
        "3" => "there are too many elements",
        "4" => "it is too short",
        "5" => "it is too long",
        "6" => "it holds a wrong character",
        "7" => "its code is not known there",
        "8" => "it is no day of the calendar",
        "9" => "it is no time of day",
        "10" => "it may not stand beside another",
        _ => "for a reason that has no name in the standard",
    }
}
