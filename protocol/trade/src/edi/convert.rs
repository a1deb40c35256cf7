use segments::{Answer, Broken};
use serde::Serialize;

use super::{Dialect, Numbering, dialect, unknown};
use crate::{Document, Kind, Left, Mapped, from_edifact, from_x12, to_edifact, to_x12};

/// What a file is converted to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Target {
    /// X12 004010.
    X12,
    /// UN/EDIFACT D.96A.
    Edifact,
    /// The document free of dialect, as JSON.
    Json,
}

/// The documents of a file, converted.
#[derive(Clone, Debug, Serialize)]
pub struct Conversion {
    /// One for each document that was taken, in order.
    pub documents: Vec<Converted>,
    /// Sets that could not be converted, each with the reason.
    pub refused: Vec<String>,
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
    NoDocument(#[from] serde_json::Error),
}

/// Converts the documents of a file: X12, EDIFACT, or a [`Document`] as JSON.
///
/// A set that its tables reject is not converted, and says so in `refused`; the sets beside it are.
///
/// # Errors
/// [`Refusal::Broken`] where the file is no interchange, [`Refusal::NoDocument`] where it is JSON
/// and no document.
pub fn convert(
    file: &[u8],
    target: Target,
    numbering: &Numbering,
) -> Result<Conversion, Refusal> {
    let mut conversion = Conversion { documents: Vec::new(), refused: Vec::new() };
    if file.trim_ascii_start().starts_with(b"{") {
        let document: Document = serde_json::from_slice(file)?;
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
    match dialect(file).ok_or_else(|| unknown(file))? {
        Dialect::X12 => {
            for interchange in &x12::read(file)? {
                x12_sets(interchange, target, numbering, &mut conversion)?;
            }
        }
        Dialect::Edifact => {
            for interchange in &edifact::read(file)? {
                edifact_messages(interchange, target, numbering, &mut conversion)?;
            }
        }
    }
    Ok(conversion)
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
    let verdict = x12::check(interchange);
    for (place, group) in interchange.groups.iter().enumerate() {
        for (number, set) in group.sets.iter().enumerate() {
            let name = format!("{} {}", set.kind, set.control);
            if verdict.answer_to(place, number) == Answer::Rejected {
                conversion
                    .refused
                    .push(format!("{name}: its faults must be mended first"));
                continue;
            }
            match from_x12(set) {
                Ok(mapped) => conversion.write(mapped, target, &ends)?,
                Err(broken) => conversion.refused.push(format!("{name}: {broken}")),
            }
        }
    }
    Ok(())
}

fn edifact_messages(
    interchange: &edifact::Interchange<'_>,
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
    let verdict = edifact::check(interchange);
    for (place, group) in interchange.groups.iter().enumerate() {
        for (number, message) in group.messages.iter().enumerate() {
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
        let place = u32::try_from(self.documents.len()).unwrap_or(u32::MAX);
        let document = read.outcome;
        let mut left = read.left;
        let bytes = match target {
            Target::X12 => {
                let written = to_x12(&document, &ends.x12(place));
                left.extend(written.left);
                written.outcome
            }
            Target::Edifact => {
                let written = to_edifact(&document, &ends.edifact(place));
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
    fn x12(&self, place: u32) -> x12::Envelope {
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
            version: "004010".to_owned(),
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
