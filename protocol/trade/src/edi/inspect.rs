use std::fmt;

use segments::{Broken, Check, Form, Language, Limits, Release, Scanner, Syntax, Words};
use serde::Serialize;

use super::reading::{Part, Reading, broken};
use super::{Dialect, unknown};
use crate::codes;
use crate::said::Say;
use crate::{Left, Traced, View, from_aperak, trace_edifact, trace_x12, view};

/// A file as a person reads it.
#[derive(Clone, Debug, Serialize)]
pub struct Inspection {
    /// The dialect.
    pub dialect: Dialect,
    /// The sets, in order.
    pub sets: Vec<InspectedSet>,
}

/// A set as a person reads it.
#[derive(Clone, Debug, Serialize)]
pub struct InspectedSet {
    /// Such as `850` or `ORDERS`.
    pub kind: String,
    /// What that is.
    pub name: String,
    /// Its control number.
    pub control: String,
    /// Who sent it.
    pub sender: String,
    /// Who gets it.
    pub receiver: String,
    /// The document in it, in sections and rows; none where it is no document, such as a 997.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<View>,
    /// What the document does not hold of the set.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<Left>,
    /// What it says in sentences, where it answers a document, such as APERAK.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<String>,
    /// Its segments, in order.
    pub segments: Vec<InspectedSegment>,
}

/// A segment as a person reads it.
#[derive(Clone, Debug, Serialize)]
pub struct InspectedSegment {
    /// Such as `PO1`.
    pub tag: String,
    /// What that is; empty where there is no word for it.
    pub name: String,
    /// The first byte in the file.
    pub at: usize,
    /// How many bytes, terminator included.
    pub length: usize,
    /// How many loops it stands in.
    pub depth: usize,
    /// Its values.
    pub values: Vec<InspectedValue>,
}

/// A value as a person reads it.
#[derive(Clone, Debug, Serialize)]
pub struct InspectedValue {
    /// The element, from 1.
    pub element: usize,
    /// What it is; empty where there is no word for it.
    pub name: String,
    /// What stands there.
    pub value: String,
    /// What a code means; empty where there is no word for it.
    pub meaning: String,
}

/// Reads a file for a person.
///
/// # Errors
/// The file is no interchange.
pub fn inspect(file: &[u8]) -> Result<Inspection, Broken> {
    inspect_in(file, Language::English)
}

/// Reads a file for a person who reads this language.
///
/// # Errors
/// The file is no interchange.
pub fn inspect_in(file: &[u8], language: Language) -> Result<Inspection, Broken> {
    let mut reading = Reading::of(file);
    let mut sets = Vec::new();
    while let Some(part) = reading.part().map_err(broken)? {
        sets.extend(inspect_part(&part, language));
    }
    let dialect = reading.dialect().ok_or_else(|| unknown(file))?;
    Ok(Inspection { dialect, sets })
}

/// The sets of part of a file, as a person reads them.
pub fn inspect_part(part: &Part<'_>, language: Language) -> Vec<InspectedSet> {
    let words = language.words();
    let mut sets = Vec::new();
    match part {
        Part::X12(part) => {
            let header = &part.interchange.header;
            for group in &part.interchange.groups {
                let release = x12::release(&group.head.version);
                for set in &group.sets {
                    let traced = trace_x12(set, &group.head.version).ok();
                    let (document, left) = told_as_document(traced, language);
                    sets.push(InspectedSet {
                        kind: set.kind.clone(),
                        name: set_name(words, release, Syntax::X12, &set.kind),
                        control: set.control.clone(),
                        sender: header.sender.to_string(),
                        receiver: header.receiver.to_string(),
                        document,
                        left,
                        told: Vec::new(),
                        segments: segments(words, set.segments(), release, &set.kind),
                    });
                }
            }
        }
        Part::Edifact(part) => {
            let header = &part.interchange.header;
            for message in part.interchange.sets() {
                let release = edifact::release(&message.head.release, header.version);
                let own = segments(words, message.segments(), release, &message.kind);
                let traced = trace_edifact(message).ok();
                let (document, left) = told_as_document(traced, language);
                sets.push(InspectedSet {
                    kind: message.kind.clone(),
                    name: set_name(words, release, Syntax::Edifact, &message.kind),
                    control: message.control.clone(),
                    sender: header.sender.to_string(),
                    receiver: header.receiver.to_string(),
                    document,
                    left,
                    told: from_aperak(message)
                        .map(|advice| advice.tell(language))
                        .unwrap_or_default(),
                    segments: own,
                });
            }
        }
    }
    sets
}

fn told_as_document(
    traced: Option<Traced>,
    language: Language,
) -> (Option<View>, Vec<Left>) {
    traced.map_or((None, Vec::new()), |traced| {
        let told = view(&traced.document, &traced.origins, language);
        (Some(told), traced.left)
    })
}

fn set_name(
    words: Words,
    release: Option<&Release>,
    syntax: Syntax,
    kind: &str,
) -> String {
    let element = match syntax {
        Syntax::X12 => "143",
        Syntax::Edifact => "0065",
    };
    if let Some(own) = Say(words.language()).line(&format!("set.{kind}")) {
        return own.to_owned();
    }
    let meaning =
        release.and_then(|release| words.meaning(release, syntax, element, kind));
    meaning.unwrap_or_default().to_owned()
}

fn segments(
    words: Words,
    mut scanner: Scanner<'_>,
    release: Option<&'static Release>,
    kind: &str,
) -> Vec<InspectedSegment> {
    let mut check = release.map(|release| Check::new(release, kind, Limits::default()));
    let mut unheard = segments::Faults::default();
    let mut all = Vec::new();
    while let Some(segment) = scanner.next_segment() {
        let mut depth = 0;
        if let Some(check) = check.as_mut() {
            check.segment(&segment, &mut unheard);
            let path = check.path();
            depth = if path.is_empty() { 0 } else { path.split('/').count() };
        }
        let tag = segment.tag().to_string();
        let layout = release.and_then(|release| release.layout(segment.tag()));
        let value = |element: usize| {
            let text = segments::escape(segment.element(element).unwrap_or_default());
            let place = element.checked_sub(1)?;
            let slot = layout.and_then(|layout| layout.slots.get(place));
            if text.is_empty() {
                return None;
            }
            let (name, meaning) =
                slot.map(|slot| told(words, release, slot, &segment, element))?;
            Some(InspectedValue { element, name, value: text, meaning })
        };
        all.push(InspectedSegment {
            name: words.name(&tag).unwrap_or_default().to_owned(),
            at: segment.start(),
            length: segment.raw().len(),
            depth,
            values: (1..=segment.len().min(64)).filter_map(value).collect(),
            tag,
        });
    }
    all
}

/// The name of an element and the meaning of its code; of a composite, of its first component.
fn told(
    words: Words,
    release: Option<&Release>,
    slot: &segments::Slot,
    segment: &segments::Segment<'_, '_>,
    element: usize,
) -> (String, String) {
    let reference = match &slot.form {
        Form::Simple { .. } => slot.reference.as_ref(),
        Form::Composite(parts) => {
            parts.first().map_or(slot.reference.as_ref(), |part| part.reference.as_ref())
        }
    };
    let syntax = segment.marks().syntax();
    let name = words.element(syntax, reference).unwrap_or_default().to_owned();
    let code = segment.part(element, 1);
    let dialect = match syntax {
        Syntax::X12 => codes::Dialect::X12,
        Syntax::Edifact => codes::Dialect::Edifact,
    };
    // Beside the words of the tables, which are English, those of the maps are in each language.
    let own = Say(words.language())
        .code(dialect, reference, &code)
        .filter(|_| words.language() != Language::English);
    let meaning = own.or_else(|| {
        let listed = release?.codes(reference)?.meaning(&code);
        let meaning = words.code(syntax, reference, &code).or(listed)?;
        Some(meaning.to_owned()).filter(|meaning| !meaning.is_empty())
    });
    (name, meaning.unwrap_or_default())
}

impl fmt::Display for Inspection {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sets.iter().try_for_each(|set| set.fmt(out))
    }
}

impl fmt::Display for InspectedSet {
    /// The document; what is no document, and `{:#}`, segment by segment.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, name, control, sender, receiver, .. } = self;
        writeln!(out, "{kind} {name} {control}, {sender} → {receiver}")?;
        if let Some(document) = &self.document {
            writeln!(out, "\n{document}")?;
            if !out.alternate() {
                return Ok(());
            }
        }
        if !self.told.is_empty() {
            writeln!(out)?;
            self.told.iter().try_for_each(|line| writeln!(out, "  {line}"))?;
            if !out.alternate() {
                return Ok(());
            }
        }
        for segment in &self.segments {
            let indent = segment.depth.saturating_add(1).saturating_mul(2);
            let name = if segment.name.is_empty() { &segment.tag } else { &segment.name };
            write!(out, "{:indent$}{name}", "")?;
            for (place, value) in segment.values.iter().enumerate() {
                let lead = if place == 0 { ": " } else { ", " };
                let label = if value.name.is_empty() { "" } else { " " };
                write!(out, "{lead}{}{label}{}", value.name, value.value)?;
                if !value.meaning.is_empty() {
                    write!(out, " ({})", value.meaning)?;
                }
            }
            writeln!(out)?;
        }
        Ok(())
    }
}
