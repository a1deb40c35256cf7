//! X12 and EDIFACT, as far as an exchange has to tell them apart: what an interchange says of
//! itself, what is in it, and how it is answered. What an order says is the same in both.

mod answer;
mod change;
mod follow;
mod order;
mod request;
pub(crate) mod seller;
mod told;

use commerce::orders::{Clues, Incoming};
use kernel::Day;
use trade::{Document, Mapped, edi::Dialect};
use x12::{Broken, Verdict};

use crate::interchanges::{FaultNote, clean, incoming_850};

pub(crate) use answer::{Answering, Came};
pub(crate) use change::AskedChange;
pub(crate) use request::Asked;
pub(crate) use told::{Number, Told};

/// An interchange as it came over the wire.
pub(crate) enum Wire<'f> {
    /// ISA to IEA.
    X12(x12::Interchange<'f>),
    /// UNB to UNZ.
    Edifact(edifact::Interchange<'f>),
}

/// A document of an interchange: a transaction set, or a message.
#[derive(Clone, Copy)]
pub(crate) enum Paper<'w, 'f> {
    /// ST to SE.
    X12(&'w x12::Set<'f>),
    /// UNH to UNT.
    Edifact(&'w edifact::Message<'f>),
}

/// What a document is to the exchange.
pub(crate) enum Work {
    /// A new order.
    Order,
    /// A request for quote.
    Request,
    /// A change of an order.
    Change,
    /// What a seller says about an order or a request: an answer, a dispatch advice, an invoice, a
    /// quote.
    Seller,
    /// An answer to the form of what we sent.
    Receipt,
    /// Kept, and nothing else.
    Other,
}

/// The interchanges of a file; X12 if it is neither, so that its words say what is missing.
pub(crate) fn read(file: &[u8]) -> Result<Vec<Wire<'_>>, Broken> {
    Ok(match trade::edi::dialect(file) {
        Some(Dialect::Edifact) => {
            edifact::read(file)?.into_iter().map(Wire::Edifact).collect()
        }
        Some(Dialect::X12) | None => {
            x12::read(file)?.into_iter().map(Wire::X12).collect()
        }
    })
}

/// Under which of the schemes of an organisation's identifiers an EDI name may be found, the
/// likeliest first.
///
/// Source: X12 element I05 (`01` is DUNS); EDIFACT 0007 (`1` is DUNS, `14` is GLN, `ZZZ` is agreed).
pub(crate) fn schemes(of: Dialect, name: &str) -> Vec<(&'static str, String)> {
    let mut all = vec![("isa", name.to_owned())];
    let (qualifier, id) = name.split_once(':').unwrap_or(("", name));
    match (of, qualifier) {
        (Dialect::X12, "01") | (Dialect::Edifact, "1") => {
            all.push(("duns", id.to_owned()));
        }
        (Dialect::Edifact, "14") => all.push(("gln", id.to_owned())),
        (Dialect::Edifact, "ZZZ" | "") => all.push(("isa", format!("ZZ:{id}"))),
        _ => {}
    }
    all
}

/// The names under which an order may hold whom X12 and EDIFACT name differently: an agreed id is
/// `ZZ` in the one and `ZZZ` in the other.
pub(crate) fn aliases(name: &str) -> [String; 2] {
    let other = match name.split_once(':') {
        Some(("ZZ", id)) => format!("ZZZ:{id}"),
        Some(("ZZZ", id)) => format!("ZZ:{id}"),
        Some(_) | None => name.to_owned(),
    };
    [name.to_owned(), other]
}

impl<'f> Wire<'f> {
    pub(crate) const fn dialect(&self) -> Dialect {
        match self {
            Self::X12(_) => Dialect::X12,
            Self::Edifact(_) => Dialect::Edifact,
        }
    }

    pub(crate) const fn bytes(&self) -> &'f [u8] {
        match self {
            Self::X12(it) => it.bytes,
            Self::Edifact(it) => it.bytes,
        }
    }

    /// Qualifier and id of whom it is from.
    pub(crate) fn sender(&self) -> String {
        match self {
            Self::X12(it) => it.header.sender.to_string(),
            Self::Edifact(it) => it.header.sender.to_string(),
        }
    }

    /// Qualifier and id of whom it is for.
    pub(crate) fn receiver(&self) -> String {
        match self {
            Self::X12(it) => it.header.receiver.to_string(),
            Self::Edifact(it) => it.header.receiver.to_string(),
        }
    }

    /// Its number: ISA13, or 0020 of UNB.
    pub(crate) fn control(&self) -> &str {
        match self {
            Self::X12(it) => &it.header.control,
            Self::Edifact(it) => &it.header.control,
        }
    }

    /// What it is, by its first document.
    pub(crate) fn kind(&self) -> &'static str {
        let known = [
            "810", "840", "843", "850", "855", "856", "860", "865", "997", "REQOTE",
            "QUOTES", "ORDERS", "ORDRSP", "ORDCHG", "DESADV", "INVOIC", "CONTRL",
        ];
        let first = self.papers().first().map(|(_, paper)| paper.kind().to_owned());
        match (first, self) {
            (Some(kind), _) => {
                known.into_iter().find(|it| *it == kind).unwrap_or("unknown")
            }
            (None, Self::X12(it)) if !x12::receipts(it).is_empty() => "TA1",
            (None, _) => "unknown",
        }
    }

    pub(crate) fn check(&self) -> Verdict {
        match self {
            Self::X12(it) => x12::check(it),
            Self::Edifact(it) => edifact::check(it),
        }
    }

    /// Its documents, each with the places of its group and of itself, as a verdict has them.
    pub(crate) fn papers(&self) -> Vec<((usize, usize), Paper<'_, 'f>)> {
        let mut all = Vec::new();
        match self {
            Self::X12(it) => {
                for (g, group) in it.groups.iter().enumerate() {
                    let sets = group.sets.iter().map(Paper::X12).enumerate();
                    all.extend(sets.map(|(s, paper)| ((g, s), paper)));
                }
            }
            Self::Edifact(it) => {
                for (g, group) in it.groups.iter().enumerate() {
                    let messages = group.sets.iter().map(Paper::Edifact).enumerate();
                    all.extend(messages.map(|(s, paper)| ((g, s), paper)));
                }
            }
        }
        all
    }

    /// Whether all that it holds is what a seller says about orders.
    pub(crate) fn is_a_sellers(&self) -> bool {
        let papers = self.papers();
        !papers.is_empty()
            && papers.iter().all(|(_, it)| matches!(it.work(), Work::Seller))
    }

    /// What answers it, under these numbers, and what that is; none where nothing is to be
    /// answered. CONTRL is for who asks for it (0031), and for who made a fault.
    pub(crate) fn acknowledge(
        &self,
        verdict: &Verdict,
        numbers: x12::Numbers,
        stamp: &x12::Stamp,
    ) -> Option<Vec<u8>> {
        match self {
            Self::X12(it) => x12::acknowledge(it, verdict, numbers, stamp),
            Self::Edifact(it) => {
                let wrong = verdict.all().any(|it| it.weight == x12::Weight::Error);
                if !it.header.asks_for_receipt && !wrong {
                    return None;
                }
                let control = reference(numbers);
                edifact::acknowledge(it, verdict, &control, &written(stamp))
            }
        }
    }

    /// The kind of what answers it, and how many sets that has.
    pub(crate) fn answered_by(&self, verdict: &Verdict) -> (&'static str, u32) {
        match self {
            Self::X12(it) => {
                let groups = u32::try_from(it.groups.len()).unwrap_or(u32::MAX);
                let alone = verdict.answer == x12::Answer::Rejected || groups == 0;
                (if alone { "TA1" } else { "997" }, groups.max(1))
            }
            Self::Edifact(_) => ("CONTRL", 1),
        }
    }
}

/// Our own interchange reference: nine digits, as ISA13 has them, so that one number of a pair
/// of partners looks the same in both.
pub(crate) fn reference(numbers: x12::Numbers) -> String {
    format!("{:09}", numbers.interchange)
}

fn written(stamp: &x12::Stamp) -> edifact::Stamp {
    edifact::Stamp { date: stamp.date.clone(), time: stamp.time.clone() }
}

/// The same as EDIFACT has it.
pub(crate) fn stamp_of(stamp: &x12::Stamp) -> edifact::Stamp {
    written(stamp)
}

impl Paper<'_, '_> {
    /// The set, or the type of message, such as `850` or `ORDERS`.
    pub(crate) fn kind(&self) -> &str {
        match self {
            Self::X12(set) => &set.kind,
            Self::Edifact(message) => &message.kind,
        }
    }

    pub(crate) fn work(&self) -> Work {
        match self.kind() {
            "850" | "ORDERS" => Work::Order,
            "840" | "REQOTE" => Work::Request,
            "860" | "ORDCHG" => Work::Change,
            "855" | "865" | "ORDRSP" | "856" | "DESADV" | "810" | "INVOIC" | "843"
            | "QUOTES" => Work::Seller,
            "997" | "CONTRL" => Work::Receipt,
            _ => Work::Other,
        }
    }

    /// Something about it, with its place.
    pub(crate) fn note(&self, text: impl Into<String>) -> FaultNote {
        let (segment, first, at) = match self {
            Self::X12(set) => ("ST", set.first, set.at),
            Self::Edifact(message) => ("UNH", message.first, message.at),
        };
        FaultNote {
            text: text.into(),
            segment: Some(segment.to_owned()),
            segment_number: Some(first as u64),
            byte: Some(at as u64),
            ..FaultNote::default()
        }
    }

    /// The order that it is, and what it says about the deal that it belongs to. The buyer's
    /// `fallback` name stands in where it tells none.
    ///
    /// # Errors
    /// In plain words, what keeps it from being one.
    pub(crate) fn order(
        &self,
        sender: &str,
        fallback: &str,
    ) -> Result<(Incoming, Clues), String> {
        match self {
            Self::X12(set) => incoming_850(set, sender, fallback),
            Self::Edifact(message) => order::incoming(message, sender, fallback),
        }
    }
}

impl Paper<'_, '_> {
    /// The change of an order that it is.
    ///
    /// # Errors
    /// In plain words, what keeps it from being one.
    pub(crate) fn changed(self) -> Result<AskedChange, String> {
        change::asked(self)
    }

    /// The canonical document that it is, with what of it has no place there.
    ///
    /// # Errors
    /// In plain words, what keeps it from being one.
    pub(crate) fn document(self) -> Result<Mapped<Document>, String> {
        canonical(self).map_err(|broken| broken.to_string())
    }

    /// The request for quote that it is.
    ///
    /// # Errors
    /// In plain words, what keeps it from being one.
    pub(crate) fn asked(self) -> Result<Asked, String> {
        request::asked(self)
    }
}

/// What a document says about the deal that it belongs to.
fn clues(document: &Document) -> Clues {
    let word = |text: &str| {
        let text = clean(text.trim());
        (!text.is_empty()).then_some(text)
    };
    let told = document.references.iter().chain(&document.about);
    let references = told.filter_map(|it| word(&it.number)).take(20).collect();
    let name = document.party("buyer").and_then(|party| word(&party.name));
    Clues { references, names: name.into_iter().collect(), domain: None }
}

/// `YYYYMMDD` as documents write a day.
fn day(digits: &str) -> String {
    match (digits.get(..4), digits.get(4..6), digits.get(6..8)) {
        (Some(year), Some(month), Some(day)) => format!("{year}-{month}-{day}"),
        _ => String::new(),
    }
}

/// The canonical document of a paper.
fn canonical(paper: Paper<'_, '_>) -> Result<Mapped<Document>, Broken> {
    match paper {
        Paper::X12(set) => trade::from_x12(set),
        Paper::Edifact(message) => trade::from_edifact(message),
    }
}

pub(crate) fn iso_day(text: &str) -> Option<Day> {
    text.get(..10)?.parse().ok()
}

/// A partner's words in one line.
pub(crate) fn plain(text: &str) -> String {
    let text: String =
        clean(text).chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use trade::edi::Dialect;

    use super::schemes;

    #[test]
    fn an_edi_name_is_looked_for_under_what_its_qualifier_means() {
        let of = |dialect, name: &str| {
            let all = schemes(dialect, name);
            all.into_iter()
                .map(|(scheme, id)| format!("{scheme} {id}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(of(Dialect::X12, "ZZ:ACME"), ["isa ZZ:ACME"]);
        assert_eq!(of(Dialect::X12, "14:12"), ["isa 14:12"], "in X12 that is no GLN");
        assert_eq!(of(Dialect::Edifact, "14:12"), ["isa 14:12", "gln 12"]);
        assert_eq!(of(Dialect::Edifact, "ZZZ:ACME"), ["isa ZZZ:ACME", "isa ZZ:ACME"]);
    }
}
