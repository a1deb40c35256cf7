use segments::{Broken, Overlay};
use x12::Notice;

use super::reading::Part;
use super::stream::Judge;
use super::{Dialect, dialect, unknown};

/// Control numbers to count up from, and when it is written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Numbering {
    /// The first interchange control number.
    pub interchange: u32,
    /// The first group control number.
    pub group: u32,
    /// The first set control number.
    pub set: u32,
    /// Eight digits, `YYYYMMDD`.
    pub date: String,
    /// Four digits, `HHMM`.
    pub time: String,
}

impl Numbering {
    pub(super) fn x12(&self, place: u32) -> (x12::Numbers, x12::Stamp) {
        let numbers = x12::Numbers {
            interchange: self.interchange.saturating_add(place),
            group: self.group.saturating_add(place),
            set: self.set,
        };
        (numbers, x12::Stamp { date: self.date.clone(), time: self.time.clone() })
    }

    pub(super) fn edifact(&self, place: u32) -> (String, edifact::Stamp) {
        let control = self.interchange.saturating_add(place).to_string();
        (control, edifact::Stamp { date: self.date.clone(), time: self.time.clone() })
    }
}

/// Writes the answers to a file: one for each interchange that is to be answered, TA1 and 997 or
/// CONTRL. Numbers count up from `numbering`.
///
/// # Errors
/// The file is no interchange.
pub fn acknowledge(file: &[u8], numbering: &Numbering) -> Result<Vec<Vec<u8>>, Broken> {
    acknowledge_with(Notice::Functional, file, numbering)
}

/// The same, with the set that acknowledges groups of X12.
///
/// # Errors
/// The file is no interchange.
pub fn acknowledge_with(
    notice: Notice,
    file: &[u8],
    numbering: &Numbering,
) -> Result<Vec<Vec<u8>>, Broken> {
    let mut answers = Vec::new();
    match dialect(file).ok_or_else(|| unknown(file))? {
        Dialect::X12 => {
            for (interchange, place) in x12::read(file)?.iter().zip(0_u32..) {
                let (numbers, stamp) = numbering.x12(place);
                let verdict = x12::check(interchange);
                answers.extend(x12::acknowledge_with(
                    notice,
                    interchange,
                    &verdict,
                    numbers,
                    &stamp,
                ));
            }
        }
        Dialect::Edifact => {
            for (interchange, place) in edifact::read(file)?.iter().zip(0_u32..) {
                let (control, stamp) = numbering.edifact(place);
                let verdict = edifact::check(interchange);
                answers.extend(edifact::acknowledge(
                    interchange,
                    &verdict,
                    &control,
                    &stamp,
                ));
            }
        }
    }
    Ok(answers)
}

/// Answers interchanges that are read part by part. It keeps the answer so far, which has a line
/// or two for each set, and no set.
#[derive(Debug)]
pub struct Answering<'g> {
    notice: Notice,
    numbering: Numbering,
    judge: Judge<'g>,
    x12: Option<x12::Acknowledger>,
    edifact: edifact::Acknowledger,
    place: u32,
}

impl<'g> Answering<'g> {
    /// Answers by the standard and, where there is one, a partner's guide.
    pub fn new(
        notice: Notice,
        numbering: Numbering,
        guide: Option<&'g dyn Overlay>,
    ) -> Self {
        Self {
            notice,
            numbering,
            judge: Judge::new(guide),
            x12: None,
            edifact: edifact::Acknowledger::default(),
            place: 0,
        }
    }

    /// Takes the next part in; gives the answer, if there is one, with the last of an interchange.
    pub fn part(&mut self, part: &Part<'_>) -> Option<Vec<u8>> {
        let verdict = self.judge.part(part);
        let (answer, is_last) = match part {
            Part::X12(part) => {
                let (notice, place, numbering) =
                    (self.notice, self.place, &self.numbering);
                let acknowledger = self.x12.get_or_insert_with(|| {
                    let (numbers, stamp) = numbering.x12(place);
                    x12::Acknowledger::new(notice, numbers, stamp)
                });
                let answer = acknowledger.part(part, &verdict);
                if part.is_last {
                    self.x12 = None;
                }
                (answer, part.is_last)
            }
            Part::Edifact(part) => {
                let (control, stamp) = self.numbering.edifact(self.place);
                (self.edifact.part(part, &verdict, &control, &stamp), part.is_last)
            }
        };
        self.place = self.place.saturating_add(u32::from(is_last));
        answer
    }
}
