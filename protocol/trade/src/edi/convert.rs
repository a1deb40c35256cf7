use std::collections::HashSet;

use segments::{Answer, Broken, Verdict};
use serde::Serialize;

use super::reading::{Part, Reading, broken};
use super::stream::Judge;
use super::{Numbering, Target};
use crate::{
    Document, Kind, Left, Mapped, WrongJson, from_edifact, from_json, from_x12_of,
    to_edifact_of, to_x12,
};

/// The documents of a file, converted.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Conversion {
    /// One for each document that was taken, in order.
    pub documents: Vec<Converted>,
    /// Sets that could not be converted, each with the reason.
    pub refused: Vec<String>,
    /// How many documents were converted before these.
    #[serde(skip)]
    pub before: usize,
}

/// A document, converted.
#[derive(Clone, Debug, Serialize)]
pub struct Converted {
    /// What it is.
    pub kind: Kind,
    /// Its number.
    pub number: String,
    /// The outcome.
    #[serde(skip)]
    pub bytes: Vec<u8>,
    /// What the outcome does not hold.
    pub left: Vec<Left>,
}

/// Why nothing was converted.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The file cannot be read.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// The JSON is no document.
    #[error("this is no document: {0}")]
    NoDocument(#[from] WrongJson),
    /// A document cannot be told as JSON.
    #[error("this document cannot be told as JSON: {0}")]
    Unwritable(#[from] serde_json::Error),
}

/// Converts the documents of a file: X12, EDIFACT, or a [`Document`] as JSON.
///
/// A set that its tables reject is not converted, and says so in `refused`; the sets beside it are.
///
/// # Errors
/// [`Refusal::Broken`] where the file is no interchange, [`Refusal::NoDocument`] where it is JSON
/// and no document; the others do not happen.
pub fn convert(
    file: &[u8],
    target: Target,
    numbering: &Numbering,
) -> Result<Conversion, Refusal> {
    let mut conversion = Conversion::default();
    if file.trim_ascii_start().starts_with(b"{") {
        let document: Document = from_json(file)?;
        let mapped = Mapped { outcome: document, left: Vec::new() };
        let ends = Ends {
            numbering,
            from: ("ZZ", "SENDER"),
            to: ("ZZ", "RECEIVER"),
            test: true,
        };
        conversion.write(mapped, target, &ends)?;
        return Ok(conversion);
    }
    let mut shells = RejectedShells::default();
    let mut reading = Reading::of(file);
    while let Some(part) = reading.part().map_err(broken)? {
        shells.part(&part);
    }
    let mut converting = Converting::new(target, numbering.clone(), shells);
    let mut reading = Reading::of(file);
    while let Some(part) = reading.part().map_err(broken)? {
        let mut more = converting.part(&part)?;
        conversion.documents.append(&mut more.documents);
        conversion.refused.append(&mut more.refused);
    }
    Ok(conversion)
}

/// The shells of a file whose sets may not be used. Only its trailers tell, so a file is read once
/// for them before its sets are converted.
#[derive(Debug, Default)]
pub struct RejectedShells {
    judge: Judge<'static>,
    /// Which interchange of the file is read.
    place: usize,
    interchanges: HashSet<usize>,
    /// Groups, by the byte where they begin.
    groups: HashSet<usize>,
}

impl RejectedShells {
    /// Takes the next part in.
    pub fn part(&mut self, part: &Part<'_>) {
        let verdict = self.judge.part(part);
        let (open, is_last, places) = match part {
            Part::X12(part) => {
                let groups = part.interchange.groups.iter().map(|group| group.at);
                (part.open, part.is_last, groups.collect::<Vec<_>>())
            }
            Part::Edifact(part) => {
                let groups = part.interchange.groups.iter().map(|group| group.at);
                (part.open, part.is_last, groups.collect())
            }
        };
        for (at, judged) in places.into_iter().zip(&verdict.groups) {
            if open != Some(at) && judged.faults.has_error {
                self.groups.insert(at);
            }
        }
        if is_last {
            if verdict.answer == Answer::Rejected {
                self.interchanges.insert(self.place);
            }
            self.place = self.place.saturating_add(1);
        }
    }
}

/// Converts a file part by part.
#[derive(Debug)]
pub struct Converting {
    target: Target,
    numbering: Numbering,
    shells: RejectedShells,
    judge: Judge<'static>,
    place: usize,
    count: usize,
}

impl Converting {
    /// Converts to `target`; `shells` saw the whole file before.
    pub fn new(target: Target, numbering: Numbering, shells: RejectedShells) -> Self {
        let judge = Judge::default();
        Self { target, numbering, shells, judge, place: 0, count: 0 }
    }

    /// The documents of the next part.
    ///
    /// # Errors
    /// A document cannot be written as JSON.
    pub fn part(&mut self, part: &Part<'_>) -> Result<Conversion, Refusal> {
        let mut verdict = self.judge.part(part);
        let answer = |is_rejected: bool| {
            if is_rejected { Answer::Rejected } else { Answer::Accepted }
        };
        verdict.answer = answer(self.shells.interchanges.contains(&self.place));
        let mut conversion = Conversion { before: self.count, ..Conversion::default() };
        let is_last = match part {
            Part::X12(part) => {
                let groups = &part.interchange.groups;
                for (group, judged) in groups.iter().zip(&mut verdict.groups) {
                    judged.answer = answer(self.shells.groups.contains(&group.at));
                }
                let (target, numbering) = (self.target, &self.numbering);
                let read = &part.interchange;
                x12_sets(read, &verdict, target, numbering, &mut conversion)?;
                part.is_last
            }
            Part::Edifact(part) => {
                let groups = &part.interchange.groups;
                for (group, judged) in groups.iter().zip(&mut verdict.groups) {
                    judged.answer = answer(self.shells.groups.contains(&group.at));
                }
                let (target, numbering) = (self.target, &self.numbering);
                let read = &part.interchange;
                edifact_messages(read, &verdict, target, numbering, &mut conversion)?;
                part.is_last
            }
        };
        self.place = self.place.saturating_add(usize::from(is_last));
        self.count = self.count.saturating_add(conversion.documents.len());
        Ok(conversion)
    }
}

/// Who stands at both ends, by X12 qualifier.
struct Ends<'a> {
    numbering: &'a Numbering,
    from: (&'a str, &'a str),
    to: (&'a str, &'a str),
    test: bool,
}

fn x12_sets(
    interchange: &x12::Interchange<'_>,
    verdict: &Verdict,
    target: Target,
    numbering: &Numbering,
    conversion: &mut Conversion,
) -> Result<(), Refusal> {
    let header = &interchange.header;
    let ends = Ends {
        numbering,
        from: (&header.sender.qualifier, &header.sender.id),
        to: (&header.receiver.qualifier, &header.receiver.id),
        test: header.usage != x12::Usage::Production,
    };
    for (place, group) in interchange.groups.iter().enumerate() {
        for (number, set) in group.sets.iter().enumerate() {
            let name = format!("{} {}", set.kind, set.control);
            if verdict.answer_to(place, number) == Answer::Rejected {
                conversion
                    .refused
                    .push(format!("{name}: its faults must be mended first"));
                continue;
            }
            match from_x12_of(set, &group.head.version) {
                Ok(mapped) => conversion.write(mapped, target, &ends)?,
                Err(broken) => conversion.refused.push(format!("{name}: {broken}")),
            }
        }
    }
    Ok(())
}

fn edifact_messages(
    interchange: &edifact::Interchange<'_>,
    verdict: &Verdict,
    target: Target,
    numbering: &Numbering,
    conversion: &mut Conversion,
) -> Result<(), Refusal> {
    let header = &interchange.header;
    let qualifier = |code: &str| match code {
        "14" => "14",
        "1" => "01",
        _ => "ZZ",
    };
    let ends = Ends {
        numbering,
        from: (qualifier(&header.sender.qualifier), &header.sender.id),
        to: (qualifier(&header.receiver.qualifier), &header.receiver.id),
        test: header.is_test,
    };
    for (place, group) in interchange.groups.iter().enumerate() {
        for (number, message) in group.sets.iter().enumerate() {
            let name = format!("{} {}", message.kind, message.control);
            if verdict.answer_to(place, number) == Answer::Rejected {
                conversion
                    .refused
                    .push(format!("{name}: its faults must be mended first"));
                continue;
            }
            match from_edifact(message) {
                Ok(mapped) => conversion.write(mapped, target, &ends)?,
                Err(broken) => conversion.refused.push(format!("{name}: {broken}")),
            }
        }
    }
    Ok(())
}

impl Conversion {
    fn write(
        &mut self,
        read: Mapped<Document>,
        target: Target,
        ends: &Ends<'_>,
    ) -> Result<(), Refusal> {
        let place = self.before.saturating_add(self.documents.len());
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        let document = read.outcome;
        let mut left = read.left;
        let bytes = match target {
            Target::X12(release) => {
                let written = to_x12(&document, &ends.x12(place, release));
                left.extend(written.left);
                written.outcome
            }
            Target::Edifact(directory) => {
                let envelope = ends.edifact(place);
                let written = to_edifact_of(&document, &envelope, directory);
                left.extend(written.left);
                written.outcome
            }
            Target::Json => serde_json::to_vec_pretty(&document)?,
        };
        let Document { kind, number, .. } = document;
        self.documents.push(Converted { kind, number, bytes, left });
        Ok(())
    }
}

impl Ends<'_> {
    fn x12(&self, place: u32, release: &str) -> x12::Envelope {
        let (numbers, stamp) = self.numbering.x12(place);
        let endpoint = |(qualifier, id): (&str, &str)| x12::Endpoint {
            qualifier: qualifier.to_owned(),
            id: id.to_owned(),
        };
        x12::Envelope {
            sender: endpoint(self.from),
            receiver: endpoint(self.to),
            group_sender: self.from.1.to_owned(),
            group_receiver: self.to.1.to_owned(),
            usage: if self.test { x12::Usage::Test } else { x12::Usage::Production },
            version: release.to_owned(),
            numbers,
            stamp,
        }
    }

    fn edifact(&self, place: u32) -> edifact::Envelope {
        let (control, stamp) = self.numbering.edifact(place);
        let endpoint = |(qualifier, id): (&str, &str)| edifact::Endpoint {
            id: id.to_owned(),
            qualifier: match qualifier {
                "14" => "14".to_owned(),
                "01" => "1".to_owned(),
                _ => "ZZZ".to_owned(),
            },
            address: String::new(),
        };
        edifact::Envelope {
            sender: endpoint(self.from),
            receiver: endpoint(self.to),
            control,
            is_test: self.test,
            stamp,
        }
    }
}
