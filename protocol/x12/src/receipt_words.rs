//! Acknowledgements that came in, in plain words.

use std::fmt;

use segments::{Syntax, Words, english};

use crate::check::release;
use crate::{Complaint, Context, ElementComplaint, GroupReceipt, Receipt, SetReceipt};

impl fmt::Display for Receipt {
    /// In English, as [`Receipt::tell`] does.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.tell(english()))
    }
}

impl Receipt {
    /// One line for what it is about and one for each document and complaint.
    pub fn tell(&self, words: Words) -> String {
        match self {
            Self::Interchange { control, answer, code } => {
                let answer = words.answer(Some(*answer));
                let values = [("control", control.as_str()), ("answer", answer)];
                let mut told = words.say("receipt.interchange", &values);
                let codes = Some(code.as_str()).into_iter();
                words.against(&mut told, "I18", codes.filter(|code| *code != "000"));
                told
            }
            Self::Group(group) => group.tell(words),
        }
    }
}

impl fmt::Display for GroupReceipt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.tell(english()))
    }
}

impl GroupReceipt {
    /// One line for the group and one for each document and complaint.
    pub fn tell(&self, words: Words) -> String {
        let values = [
            ("code", self.code.as_str()),
            ("control", &self.control),
            ("answer", words.answer(Some(self.answer))),
        ];
        let mut told = words.say("receipt.group", &values);
        words.against(&mut told, "716", self.codes.iter().map(String::as_str));
        for set in &self.sets {
            told.push_str("\n  ");
            told.push_str(&set.tell(words));
        }
        told
    }
}

impl SetReceipt {
    fn tell(&self, words: Words) -> String {
        let of = (release("005010"), Syntax::X12, self.kind.as_str());
        let codes = self.codes.iter().map(String::as_str);
        let mut told = words.told_of_set(of, &self.control, self.answer, "718", codes);
        for complaint in &self.complaints {
            told.push_str("\n    ");
            told.push_str(&complaint.tell(words));
        }
        told
    }
}

impl Complaint {
    fn tell(&self, words: Words) -> String {
        let name = words.name(&self.segment).map(|name| format!(" ({name})"));
        let mut told = self.segment.clone() + &name.unwrap_or_default();
        let ordinal = self.ordinal.to_string();
        told.push_str(&words.say("say.in_document", &[("number", &ordinal)]));
        for context in &self.contexts {
            told.push_str(", ");
            told.push_str(&context.tell(words));
        }
        if self.elements.is_empty() || self.code != "8" {
            told.push_str(": ");
            told.push_str(words.complaint("720", &self.code));
        }
        for element in &self.elements {
            told.push_str(", ");
            told.push_str(&element.tell(words, &self.segment));
        }
        told
    }
}

impl ElementComplaint {
    fn tell(&self, words: Words, segment: &str) -> String {
        let mut told = format!("{segment}{:02}", self.element);
        if self.component > 0 {
            told.push('-');
            told.push_str(&self.component.to_string());
        }
        if let Some(name) = words.element(Syntax::X12, &self.reference) {
            told.extend([" (", name, ")"]);
        }
        if !self.value.is_empty() {
            told.push_str(&words.say("say.quote", &[("value", &self.value)]));
        }
        told.push_str(": ");
        told.push_str(words.complaint("723", &self.code));
        for context in &self.contexts {
            told.push_str(", ");
            told.push_str(&context.tell(words));
        }
        told
    }
}

impl Context {
    fn tell(&self, words: Words) -> String {
        if self.element > 0 {
            let element = format!("{}{:02}", self.segment, self.element);
            return words.say("receipt.trigger", &[("element", &element)]);
        }
        let name = match self.name.strip_suffix("01") {
            Some(segment) => words.name(segment).unwrap_or(&self.name),
            None => &self.name,
        };
        if self.value.is_empty() {
            return name.to_owned();
        }
        format!("{name} {}", self.value)
    }
}
