//! CONTRL messages that came in, in plain words.

use std::fmt;

use segments::{Syntax, Words, english};

use crate::check::release;
use crate::{Complaint, ElementComplaint, GroupReceipt, MessageReceipt, Receipt};

impl fmt::Display for Receipt {
    /// In English, as [`Receipt::tell`] does.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.tell(english()))
    }
}

impl Receipt {
    /// One line for the interchange and one for each group, message and complaint.
    pub fn tell(&self, words: Words) -> String {
        let values = [
            ("control", self.control.as_str()),
            ("answer", words.answer(Some(self.answer))),
        ];
        let mut told = words.say("receipt.interchange", &values);
        words.against(&mut told, "0085", Some(self.code.as_str()).into_iter());
        for group in &self.groups {
            told.push_str("\n  ");
            told.push_str(&group.tell(words));
        }
        for message in &self.messages {
            told.push_str("\n  ");
            told.push_str(&message.tell(words));
        }
        told
    }
}

impl GroupReceipt {
    fn tell(&self, words: Words) -> String {
        let answer = words.answer(Some(self.answer));
        let values =
            [("code", ""), ("control", self.control.as_str()), ("answer", answer)];
        let mut told = words.say("receipt.group", &values).replace("  ", " ");
        words.against(&mut told, "0085", Some(self.code.as_str()).into_iter());
        told
    }
}

impl MessageReceipt {
    fn tell(&self, words: Words) -> String {
        let of = (release("96A", 3), Syntax::Edifact, self.kind.as_str());
        let (answer, codes) = (Some(self.answer), Some(self.code.as_str()));
        let mut told =
            words.told_of_set(of, &self.control, answer, "0085", codes.into_iter());
        for complaint in &self.complaints {
            told.push_str("\n    ");
            told.push_str(&complaint.tell(words));
        }
        told
    }
}

impl Complaint {
    fn tell(&self, words: Words) -> String {
        let place =
            words.say("say.in_document", &[("number", &self.ordinal.to_string())]);
        let mut told = place.trim_start_matches([',', ' ']).to_owned();
        if !self.code.is_empty() {
            told.push_str(": ");
            told.push_str(words.complaint("0085", &self.code));
        }
        for element in &self.elements {
            told.push_str(", ");
            told.push_str(&element.tell(words));
        }
        told
    }
}

impl ElementComplaint {
    fn tell(&self, words: Words) -> String {
        let (key, number) = match (self.element, self.component) {
            (element, 0) => ("receipt.element", element.to_string()),
            (element, component) => ("receipt.element", format!("{element}-{component}")),
        };
        words.say(key, &[("number", &number)])
            + ": "
            + words.complaint("0085", &self.code)
    }
}
