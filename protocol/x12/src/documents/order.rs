use rust_decimal::Decimal;
use segments::{Broken, Flaw, Segment};
use serde::{Deserialize, Serialize};

use super::{Contact, Party, decimal, filled};
use crate::Set;

/// A purchase order: an 850.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct PurchaseOrder {
    /// BEG03.
    pub number: String,
    /// BEG05, `YYYYMMDD`.
    pub date: String,
    /// BEG01: `00` original, `01` cancellation, `05` replacement, and others.
    pub purpose: String,
    /// BEG02: `SA` stand-alone, `NE` new, and others.
    pub kind: String,
    /// BEG04.
    pub release: Option<String>,
    /// BEG06.
    pub contract: Option<String>,
    /// CUR02, ISO 4217; none where the order does not say.
    pub currency: Option<String>,
    /// REF of the heading.
    pub references: Vec<Reference>,
    /// DTM of the heading.
    pub dates: Vec<DateOf>,
    /// PER of the heading.
    pub contacts: Vec<Contact>,
    /// N1 loops of the heading.
    pub parties: Vec<Party>,
    /// PO1 loops.
    pub lines: Vec<OrderLine>,
    /// CTT01: how many lines the buyer counted.
    pub line_count: Option<Decimal>,
    /// AMT02 of the summary: the total that the buyer computed.
    pub total: Option<Decimal>,
    /// N9, MSG of the heading.
    pub notes: Vec<String>,
}

/// A reference: REF.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// REF01, such as `CT` contract.
    pub qualifier: String,
    /// REF02.
    pub value: String,
    /// REF03.
    pub description: Option<String>,
}

/// A date with its meaning: DTM.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct DateOf {
    /// DTM01, such as `002` delivery requested.
    pub qualifier: String,
    /// DTM02, `YYYYMMDD`.
    pub date: String,
}

/// One line: a PO1 loop.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct OrderLine {
    /// PO101: the line's number as the buyer gave it.
    pub assigned: Option<String>,
    /// PO102.
    pub quantity: Decimal,
    /// PO103, such as `EA`.
    pub unit: String,
    /// PO104.
    pub unit_price: Option<Decimal>,
    /// PO105: what the price is for, such as `PE` for each.
    pub price_basis: Option<String>,
    /// PO106 and PO107, PO108 and PO109, and so on.
    pub products: Vec<Product>,
    /// PID05, put together.
    pub description: Option<String>,
    /// The day for which the line is wanted, `YYYYMMDD`.
    pub requested: Option<String>,
    /// REF of the line.
    pub references: Vec<Reference>,
    /// MSG of the line.
    pub notes: Vec<String>,
    /// The byte of PO1 in the file; 0 for a line that was not read from one.
    #[serde(default)]
    pub at: usize,
}

/// What a line is about: a kind of identifier and its value.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Product {
    /// Such as `BP` buyer's part, `VP` vendor's part, `UP` U.P.C.
    pub qualifier: String,
    /// The identifier.
    pub value: String,
}

/// DTM01 that ask for a day of delivery or shipment, the first of them counts.
const WANTED: [&str; 5] = ["002", "010", "106", "038", "063"];

impl PurchaseOrder {
    /// Reads an 850.
    ///
    /// # Errors
    /// [`Flaw::SetNotSupported`] for another set, [`Flaw::SegmentMissing`] without BEG,
    /// [`Flaw::NotANumber`] for a quantity or price that is none. [`check`](crate::check) finds
    /// everything else; an order that it did not reject can be read.
    pub fn read(set: &Set<'_>) -> Result<Self, Broken> {
        let mut order = Self::default();
        let mut place = Part::Heading;
        let mut begun = false;
        let mut scanner = set.segments();
        while let Some(segment) = scanner.next_segment() {
            match segment.name() {
                b"ST" if segment.text(1) != "850" => {
                    return Err(Broken::in_element(Flaw::SetNotSupported, &segment, 1));
                }
                b"BEG" => {
                    order.begin(&segment);
                    begun = true;
                }
                b"SE" if !begun => {
                    let flaw = Flaw::SegmentMissing { tag: "BEG".into() };
                    return Err(Broken::in_segment(flaw, &segment));
                }
                _ => order.take(&segment, &mut place)?,
            }
        }
        Ok(order)
    }

    /// The party in a role, such as `BY`.
    pub fn party(&self, role: &str) -> Option<&Party> {
        self.parties.iter().find(|party| party.role == role)
    }

    /// Who buys.
    pub fn buyer(&self) -> Option<&Party> {
        self.party("BY").or_else(|| self.party("BT"))
    }

    /// Who sells.
    pub fn seller(&self) -> Option<&Party> {
        self.party("SE").or_else(|| self.party("SU")).or_else(|| self.party("VN"))
    }

    /// Where the goods go.
    pub fn ship_to(&self) -> Option<&Party> {
        self.party("ST")
    }

    fn begin(&mut self, beg: &Segment<'_, '_>) {
        self.purpose = beg.text(1).into_owned();
        self.kind = beg.text(2).into_owned();
        beg.text(3).trim().clone_into(&mut self.number);
        self.release = filled(beg, 4);
        self.date = beg.text(5).into_owned();
        self.contract = filled(beg, 6);
    }

    fn take(
        &mut self,
        segment: &Segment<'_, '_>,
        place: &mut Part,
    ) -> Result<(), Broken> {
        match (segment.name(), *place) {
            (b"PO1", _) => {
                self.lines.push(OrderLine::read(segment)?);
                *place = Part::Line;
            }
            (b"CTT", _) => {
                self.line_count = decimal(segment, 1)?;
                *place = Part::Summary;
            }
            (b"AMT", Part::Summary) => self.total = decimal(segment, 2)?,
            (b"N1", Part::Heading | Part::Party | Part::Note) => {
                self.parties.push(Party::read(segment));
                *place = Part::Party;
            }
            (b"N9", Part::Heading | Part::Party) => *place = Part::Note,
            (b"N1" | b"SLN" | b"N9", Part::Line) => *place = Part::Other,
            (_, Part::Heading) => self.heading(segment),
            (_, Part::Party) => {
                if let Some(party) = self.parties.last_mut() {
                    party.extend(segment);
                }
            }
            (b"MSG", Part::Note) => self.notes.extend(filled(segment, 1)),
            (_, Part::Line) => {
                if let Some(line) = self.lines.last_mut() {
                    line.take(segment);
                }
            }
            (_, Part::Note | Part::Summary | Part::Other) => {}
        }
        Ok(())
    }

    fn heading(&mut self, segment: &Segment<'_, '_>) {
        match segment.name() {
            b"CUR" => self.currency = filled(segment, 2),
            b"REF" => self.references.push(Reference::read(segment)),
            b"DTM" => self.dates.push(DateOf::read(segment)),
            b"PER" => self.contacts.push(Contact::read(segment)),
            b"MSG" => self.notes.extend(filled(segment, 1)),
            _ => {}
        }
    }
}

/// Where in the order the reader stands.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Part {
    Heading,
    Party,
    Note,
    Line,
    /// A loop inside a line whose segments say nothing about the line itself.
    Other,
    Summary,
}

impl Reference {
    pub(crate) fn read(segment: &Segment<'_, '_>) -> Self {
        Self {
            qualifier: segment.text(1).into_owned(),
            value: segment.text(2).trim().to_owned(),
            description: filled(segment, 3),
        }
    }
}

impl DateOf {
    pub(crate) fn read(segment: &Segment<'_, '_>) -> Self {
        Self {
            qualifier: segment.text(1).into_owned(),
            date: segment.text(2).into_owned(),
        }
    }
}

impl OrderLine {
    /// The identifier of a kind, such as `VP`.
    pub fn product(&self, qualifier: &str) -> Option<&str> {
        let found = self.products.iter().find(|product| product.qualifier == qualifier);
        found.map(|product| product.value.as_str())
    }

    pub(crate) fn read(po1: &Segment<'_, '_>) -> Result<Self, Broken> {
        let pairs = (6..=po1.len().min(25)).step_by(2);
        let products = pairs.filter_map(|element| {
            let value = filled(po1, element.saturating_add(1))?;
            Some(Product { qualifier: po1.text(element).into_owned(), value })
        });
        Ok(Self {
            assigned: filled(po1, 1),
            quantity: decimal(po1, 2)?.unwrap_or_default(),
            unit: po1.text(3).into_owned(),
            unit_price: decimal(po1, 4)?,
            price_basis: filled(po1, 5),
            products: products.collect(),
            at: po1.start(),
            ..Self::default()
        })
    }

    fn take(&mut self, segment: &Segment<'_, '_>) {
        match segment.name() {
            b"PID" => {
                if let Some(more) = filled(segment, 5) {
                    self.description = Some(match self.description.take() {
                        Some(own) => format!("{own} {more}"),
                        None => more,
                    });
                }
            }
            b"DTM" => {
                let date = DateOf::read(segment);
                if self.requested.is_none() && WANTED.contains(&date.qualifier.as_str()) {
                    self.requested = Some(date.date).filter(|date| !date.is_empty());
                }
            }
            b"SCH" if self.requested.is_none() => self.requested = filled(segment, 6),
            b"REF" => self.references.push(Reference::read(segment)),
            b"MSG" => self.notes.extend(filled(segment, 1)),
            _ => {}
        }
    }
}
