//! CONTRL messages that came in, in plain words.

use std::fmt;

use segments::{Syntax, Words, english};

use crate::check::release;
use crate::{Answer, Complaint, ElementComplaint, GroupReceipt, MessageReceipt, Receipt};

impl fmt::Display for Receipt {
    /// In English, as [`Receipt::tell`] does.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.tell(english()))
    }
}

impl Receipt {
    /// One line for the interchange and one for each group, message and complaint.
    pub fn tell(&self, words: Words) -> String {
        let values =
            [("control", self.control.as_str()), ("answer", word(words, self.answer))];
        let mut told = words.say("receipt.interchange", &values);
        push(&mut told, words, &self.code);
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
        let answer = word(words, self.answer);
        let values =
            [("code", ""), ("control", self.control.as_str()), ("answer", answer)];
        let mut told = words.say("receipt.group", &values).replace("  ", " ");
        push(&mut told, words, &self.code);
        told
    }
}

impl MessageReceipt {
    fn tell(&self, words: Words) -> String {
        let release = release("96A", 3);
        let name = release.and_then(|release| {
            words.meaning(release, Syntax::Edifact, "0065", &self.kind)
        });
        let name = name.or_else(|| words.name("receipt.document")).unwrap_or_default();
        let values = [
            ("kind", self.kind.as_str()),
            ("name", name),
            ("control", &self.control),
            ("answer", word(words, self.answer)),
        ];
        let mut told = words.say("receipt.set", &values);
        push(&mut told, words, &self.code);
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
            told.push_str(note(words, &self.code));
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
        words.say(key, &[("number", &number)]) + ": " + note(words, &self.code)
    }
}

fn push(told: &mut String, words: Words, code: &str) {
    if !code.is_empty() {
        told.push_str("; ");
        told.push_str(note(words, code));
    }
}

fn word(words: Words, answer: Answer) -> &'static str {
    let key = match answer {
        Answer::Accepted => "answer.accepted",
        Answer::WithErrors => "answer.with_errors",
        Answer::Partly => "answer.partly",
        Answer::Rejected => "answer.rejected",
    };
    words.name(key).unwrap_or_default()
}

/// What a code says. Source: ISO 9735 part 4, code list of 0085.
fn note(words: Words, code: &str) -> &'static str {
    let said = words.name(&format!("0085.{code}"));
    said.or_else(|| words.name("receipt.other")).unwrap_or_default()
}
