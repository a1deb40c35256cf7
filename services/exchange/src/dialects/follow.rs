//! What follows an order in the dialect and release that it came in: 856 or DESADV, 810 or INVOIC.

use kernel::Fault;
use trade::{Document, Kind};

use super::{Came, Paper, Wire, reference, written};

impl Came<'_> {
    /// The order, as it came.
    pub(crate) fn order(&self) -> Result<Document, Fault> {
        let doing = "reading an order again";
        let papers = self.wire.papers();
        match papers.get(self.ordinal).map(|(_, paper)| *paper) {
            Some(Paper::X12(set)) => {
                trade::from_x12(set).map(|it| it.outcome).map_err(Fault::new(doing))
            }
            Some(Paper::Edifact(message)) => trade::from_edifact(message)
                .map(|it| it.outcome)
                .map_err(Fault::new(doing)),
            None => Err(Fault::broken(doing, "it has no such document")),
        }
    }

    /// What a kind of document is called here.
    pub(crate) const fn kind_of(&self, kind: Kind) -> &'static str {
        match (&self.wire, kind) {
            (Wire::X12(_), Kind::RequestForQuote) => "840",
            (Wire::X12(_), Kind::Quote) => "843",
            (Wire::X12(_), Kind::Order) => "850",
            (Wire::X12(_), Kind::OrderAnswer) => "855",
            (Wire::X12(_), Kind::OrderChange) => "860",
            (Wire::X12(_), Kind::OrderChangeAnswer) => "865",
            (Wire::X12(_), Kind::DispatchAdvice) => "856",
            (Wire::X12(_), Kind::Invoice) => "810",
            (Wire::Edifact(_), Kind::RequestForQuote) => "REQOTE",
            (Wire::Edifact(_), Kind::Quote) => "QUOTES",
            (Wire::Edifact(_), Kind::Order) => "ORDERS",
            (Wire::Edifact(_), Kind::OrderAnswer | Kind::OrderChangeAnswer) => "ORDRSP",
            (Wire::Edifact(_), Kind::OrderChange) => "ORDCHG",
            (Wire::Edifact(_), Kind::DispatchAdvice) => "DESADV",
            (Wire::Edifact(_), Kind::Invoice) => "INVOIC",
        }
    }

    /// Writes a document that follows the order, back to whom it came from, under these numbers.
    /// Nothing, if there are no tables of its release.
    pub(crate) fn write(
        &self,
        document: &Document,
        numbers: x12::Numbers,
        stamp: &x12::Stamp,
    ) -> Vec<u8> {
        let papers = self.wire.papers();
        let paper = papers.get(self.ordinal).map(|(_, paper)| *paper);
        match (&self.wire, paper) {
            (Wire::X12(wire), _) => {
                let envelope = x12::Envelope::answering(wire, numbers, stamp.clone());
                trade::to_x12(document, &envelope).outcome
            }
            (Wire::Edifact(wire), paper) => {
                let release = match paper {
                    Some(Paper::Edifact(message)) if message.head.release == "01B" => {
                        "01B"
                    }
                    Some(Paper::Edifact(_) | Paper::X12(_)) | None => "96A",
                };
                let control = reference(numbers);
                let envelope =
                    edifact::Envelope::answering(wire, &control, written(stamp));
                trade::to_edifact_of(document, &envelope, release).outcome
            }
        }
    }
}
