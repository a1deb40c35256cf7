//! Words for acknowledgements that came in.

use super::Words;
use crate::{Answer, Release, Syntax};

impl Words {
    /// What an answer is called; none where the acknowledgement gives none.
    pub fn answer(self, answer: Option<Answer>) -> &'static str {
        let key = match answer {
            Some(Answer::Accepted) => "answer.accepted",
            Some(Answer::WithErrors) => "answer.with_errors",
            Some(Answer::Partly) => "answer.partly",
            Some(Answer::Rejected) => "answer.rejected",
            None => "answer.none",
        };
        self.name(key).unwrap_or_default()
    }

    /// What a code of an acknowledgement says, by the number of its element.
    ///
    /// Source: X12 data elements I18, 716, 718 (618), 720 (620), 723 (621); ISO 9735 part 4, 0085.
    pub fn complaint(self, element: &str, code: &str) -> &'static str {
        let said = self.name(&format!("{element}.{code}"));
        said.or_else(|| self.name("receipt.other")).unwrap_or_default()
    }

    /// The line about a document, with what the codes say that are held against it; `element` is
    /// the number of those codes.
    pub fn told_of_set<'c>(
        self,
        (release, syntax, kind): (Option<&Release>, Syntax, &str),
        control: &str,
        answer: Option<Answer>,
        element: &str,
        codes: impl Iterator<Item = &'c str>,
    ) -> String {
        let named = match syntax {
            Syntax::X12 => "143",
            Syntax::Edifact => "0065",
        };
        let name = release.and_then(|it| self.meaning(it, syntax, named, kind));
        let name = name.or_else(|| self.name("receipt.document")).unwrap_or_default();
        let answer = self.answer(answer);
        let values =
            [("kind", kind), ("name", name), ("control", control), ("answer", answer)];
        let mut told = self.say("receipt.set", &values);
        self.against(&mut told, element, codes);
        told
    }

    /// Adds what codes say.
    pub fn against<'c>(
        self,
        told: &mut String,
        element: &str,
        codes: impl Iterator<Item = &'c str>,
    ) {
        for code in codes.filter(|code| !code.is_empty()) {
            told.push_str("; ");
            told.push_str(self.complaint(element, code));
        }
    }
}
