use super::{Advice, AdviceAnswer, AdviceFault};
use crate::codes::{self, Dialect};
use crate::map::convert::plain;
use crate::map::moments;
use crate::map::pieces::cut;
use crate::{Left, Mapped};

/// Writes an advice as APERAK of a directory, `96A` or `01B`, in an interchange of its own.
///
/// Each fault is an ERC with its text in FTX (qualifier AAO) and its line in RFF (qualifier LI).
/// What does not fit is told.
pub fn to_aperak(
    advice: &Advice,
    envelope: &edifact::Envelope,
    directory: &str,
) -> Mapped<Vec<u8>> {
    let mut writer = Writer { draft: edifact::Draft::default(), left: Vec::new() };
    let release = edifact::release(directory, 3);
    let Some(directory) = release.and_then(|own| own.plan("APERAK")).map(|_| directory)
    else {
        let why = "the tables of this EDIFACT directory are missing".into();
        let left = Left { what: "all of it".into(), why, ..Left::default() };
        return Mapped { outcome: Vec::new(), left: vec![left] };
    };
    writer.head(advice, &envelope.stamp);
    for (place, fault) in advice.faults.iter().enumerate() {
        writer.fault(fault, place, directory);
    }
    let message = writer.draft.as_message(["APERAK", "D", directory, "UN"], "1");
    Mapped { outcome: message.write(1, envelope), left: writer.left }
}

struct Writer {
    draft: edifact::Draft,
    left: Vec<Left>,
}

impl Writer {
    fn add(&mut self, tag: &'static str, elements: &[&[&str]]) {
        let own = |parts: &[&str]| parts.iter().map(|part| plain(part)).collect();
        self.draft.segment(tag, elements.iter().map(|parts| own(parts)).collect());
    }

    fn leave(&mut self, at: &str, why: &str) {
        let (what, path) = (at.replace('/', " ").trim().to_owned(), at.to_owned());
        self.left.push(Left { what, path, why: why.to_owned(), ..Left::default() });
    }

    fn date(&mut self, qualifier: &str, date: &str, at: &str) {
        match moments::edifact(date) {
            Ok(texts) => {
                let mut parts = vec![qualifier];
                parts.extend(texts.iter().map(String::as_str));
                self.add("DTM", &[&parts]);
            }
            Err((why, _)) => self.leave(at, &why),
        }
    }

    fn head(&mut self, advice: &Advice, stamp: &edifact::Stamp) {
        let (name, answer) = match advice.answer {
            AdviceAnswer::Accepted => ("312", "AP"),
            AdviceAnswer::AcceptedWithFaults => ("312", "CA"),
            AdviceAnswer::Rejected => ("313", "RE"),
        };
        let number: String = plain(&advice.number).chars().take(35).collect();
        if number != advice.number {
            self.leave("/number", "a number has up to 35 characters");
        }
        self.add("BGM", &[&[name], &[&number], &["9"], &[answer]]);
        if let Some(date) = &advice.date {
            self.date("137", date, "/date");
        } else {
            let moment = format!("{}{}", stamp.date, stamp.time);
            self.add("DTM", &[&["137", &moment, "203"]]);
        }
        if let Some(about) = &advice.about {
            match codes::list("reference").code(Dialect::Edifact, &about.kind) {
                Some(code) => {
                    self.add("RFF", &[&[code, &about.number]]);
                    if let Some(date) = &about.date {
                        self.date("171", date, "/about/date");
                    }
                }
                None => self.leave("/about", "EDIFACT has no code for this reference"),
            }
        }
        if let Some(message) = &advice.message {
            self.add("RFF", &[&["ACW", message]]);
        }
        for (place, party) in advice.parties.iter().enumerate() {
            let at = format!("/parties/{place}");
            let role = codes::list("role").code(Dialect::Edifact, &party.role);
            let (Some(role), Some(id)) = (role, &party.id) else {
                self.leave(&at, "a party needs a role and an identifier here");
                continue;
            };
            let scheme = codes::list("scheme").code(Dialect::Edifact, &id.scheme);
            self.add("NAD", &[&[role], &[&id.value, "", scheme.unwrap_or_default()]]);
        }
    }

    fn fault(&mut self, fault: &AdviceFault, place: usize, directory: &str) {
        let at = format!("/faults/{place}");
        let code: String = plain(&fault.code).chars().take(8).collect();
        let code = if code.is_empty() { "OTHER".to_owned() } else { code };
        if code != fault.code {
            self.leave(&format!("{at}/code"), "a code has one to eight characters");
        }
        self.add("ERC", &[&[&code, "", "ZZZ"]]);
        let width = if directory == "96A" { 70 } else { 512 };
        let pieces = cut(&plain(&fault.text), width);
        if pieces.len() > 5 {
            self.leave(
                &format!("{at}/text"),
                "only five lines of text fit, and the rest is cut",
            );
        }
        if !pieces.is_empty() {
            let texts: Vec<&str> = pieces.iter().take(5).map(String::as_str).collect();
            self.add("FTX", &[&["AAO"], &[], &[], &texts]);
        }
        if let Some(line) = &fault.line {
            self.add("RFF", &[&["LI", line]]);
        }
    }
}
