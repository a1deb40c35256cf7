use rust_decimal::Decimal;
use segments::{Broken, Flaw, Segment};
use serde::{Deserialize, Serialize};

use super::{OrderLine, Party, decimal, filled};
use crate::Set;

/// The answer to an order: an 855.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct OrderAnswer {
    /// BAK03: the order that it answers.
    pub order_number: String,
    /// BAK04: the day of the order, `YYYYMMDD`.
    pub order_date: String,
    /// BAK02: `AD` no change, `AC` with change, `RD` refused, and others.
    pub kind: String,
    /// BAK08: the seller's own number for it.
    pub seller_order: Option<String>,
    /// BAK09: the day of the answer.
    pub date: Option<String>,
    /// CUR02.
    pub currency: Option<String>,
    /// N1 loops of the heading.
    pub parties: Vec<Party>,
    /// PO1 loops.
    pub lines: Vec<LineAnswer>,
    /// MSG of the heading.
    pub notes: Vec<String>,
}

/// The answer to a line.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct LineAnswer {
    /// The line as PO1 has it, with the confirmed price.
    pub line: OrderLine,
    /// ACK01: `IA` accepted, `IR` refused, and others; empty where there is no ACK.
    pub status: String,
    /// ACK02: the confirmed quantity.
    pub quantity: Option<Decimal>,
    /// ACK05: the promised day.
    pub date: Option<String>,
}

impl LineAnswer {
    /// Whether the line is refused.
    pub fn is_rejected(&self) -> bool {
        matches!(
            self.status.as_str(),
            "IR" | "ID" | "R1" | "R2" | "R3" | "R4" | "R5" | "R6"
        )
    }
}

impl OrderAnswer {
    /// Reads an 855.
    ///
    /// # Errors
    /// [`Flaw::SetNotSupported`] for another set, [`Flaw::SegmentMissing`] without BAK,
    /// [`Flaw::NotANumber`] for a quantity or price that is none.
    pub fn read(set: &Set<'_>) -> Result<Self, Broken> {
        let mut answer = Self::default();
        let mut begun = false;
        let mut in_party = false;
        let mut scanner = set.segments();
        while let Some(segment) = scanner.next_segment() {
            match segment.name() {
                b"ST" if segment.text(1) != "855" => {
                    return Err(Broken::in_element(Flaw::SetNotSupported, &segment, 1));
                }
                b"BAK" => {
                    answer.begin(&segment);
                    begun = true;
                }
                b"SE" if !begun => {
                    let flaw = Flaw::SegmentMissing { tag: "BAK".into() };
                    return Err(Broken::in_segment(flaw, &segment));
                }
                b"PO1" => answer.lines.push(LineAnswer {
                    line: OrderLine::read(&segment)?,
                    ..LineAnswer::default()
                }),
                _ if answer.lines.is_empty() => answer.heading(&segment, &mut in_party),
                _ => answer.line(&segment)?,
            }
        }
        Ok(answer)
    }

    fn begin(&mut self, bak: &Segment<'_, '_>) {
        self.kind = bak.text(2).into_owned();
        bak.text(3).trim().clone_into(&mut self.order_number);
        self.order_date = bak.text(4).into_owned();
        self.seller_order = filled(bak, 8);
        self.date = filled(bak, 9);
    }

    fn heading(&mut self, segment: &Segment<'_, '_>, in_party: &mut bool) {
        match segment.name() {
            b"N1" => {
                self.parties.push(Party::read(segment));
                *in_party = true;
            }
            b"CUR" => self.currency = filled(segment, 2),
            b"MSG" if !*in_party => self.notes.extend(filled(segment, 1)),
            _ if *in_party => {
                if let Some(party) = self.parties.last_mut() {
                    party.extend(segment);
                }
            }
            _ => {}
        }
    }

    fn line(&mut self, segment: &Segment<'_, '_>) -> Result<(), Broken> {
        let Some(answer) = self.lines.last_mut() else {
            return Ok(());
        };
        match segment.name() {
            b"PID" => answer.line.description = filled(segment, 5),
            b"ACK" if answer.status.is_empty() => {
                answer.status = segment.text(1).into_owned();
                answer.quantity = decimal(segment, 2)?;
                answer.date = filled(segment, 5);
            }
            _ => {}
        }
        Ok(())
    }
}
