//! The paper of an order: an 850 or an ORDERS out of the canonical document. Pure.

use std::ops::RangeInclusive;

use commerce::orders::OrderView;
use serde::{Deserialize, Serialize};
use trade::{
    DateOf, Document, Kind, Left, Line, Note, Party, Product, Reference, edi::Dialect,
};
use utoipa::ToSchema;

use crate::dialects;

/// In which dialect a partner reads.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = OrderSyntax)]
pub enum Syntax {
    /// X12, 004010.
    #[default]
    X12,
    /// X12, 005010.
    X12At5010,
    /// EDIFACT, D.96A.
    Edifact,
    /// EDIFACT, D.01B.
    EdifactD01b,
}

impl Syntax {
    /// How long the qualifier and the id of a name may be.
    ///
    /// Source: X12 I05 and I06; EDIFACT 0007 and 0004.
    pub(super) const fn identifier(
        self,
    ) -> (RangeInclusive<usize>, RangeInclusive<usize>) {
        match self {
            Self::X12 | Self::X12At5010 => (2..=2, 1..=15),
            Self::Edifact | Self::EdifactD01b => (1..=4, 1..=35),
        }
    }

    /// What it is a release of.
    pub(super) const fn dialect(self) -> Dialect {
        match self {
            Self::X12 | Self::X12At5010 => Dialect::X12,
            Self::Edifact | Self::EdifactD01b => Dialect::Edifact,
        }
    }

    /// What people call that.
    pub(super) const fn called(self) -> &'static str {
        match self {
            Self::X12 | Self::X12At5010 => "X12",
            Self::Edifact | Self::EdifactD01b => "EDIFACT",
        }
    }

    /// What an order is called.
    pub(super) const fn order(self) -> &'static str {
        match self {
            Self::X12 | Self::X12At5010 => "850",
            Self::Edifact | Self::EdifactD01b => "ORDERS",
        }
    }

    /// What a request for quote is called.
    pub(crate) const fn request(self) -> &'static str {
        match self {
            Self::X12 | Self::X12At5010 => "840",
            Self::Edifact | Self::EdifactD01b => "REQOTE",
        }
    }

    /// The word under which it is kept.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::X12 => "x12",
            Self::X12At5010 => "x12_at5010",
            Self::Edifact => "edifact",
            Self::EdifactD01b => "edifact_d01b",
        }
    }

    /// The one of a word; the plainest for one that is not known.
    pub(crate) fn of(word: &str) -> Self {
        let all = [Self::X12At5010, Self::Edifact, Self::EdifactD01b];
        all.into_iter().find(|it| it.word() == word).unwrap_or_default()
    }
}

/// Where goods are to go.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, ToSchema)]
#[schema(as = OrderShipTo)]
pub struct ShipTo {
    /// Whom to; at most 35 characters.
    pub name: String,
    /// Street and number; at most 35 characters.
    #[serde(default)]
    pub street: String,
    /// At most 30 characters.
    #[serde(default)]
    pub city: String,
    /// At most 9 characters.
    #[serde(default)]
    pub postal_code: String,
    /// ISO 3166-1, such as `DE`.
    #[serde(default)]
    pub country: String,
}

/// The order as a document.
pub(super) fn document(
    order: &OrderView,
    (ship_to, note): (Option<&ShipTo>, &str),
) -> Document {
    let summary = &order.summary;
    let party = |role: &str, name: &str| Party {
        role: role.to_owned(),
        name: name.to_owned(),
        ..Party::default()
    };
    let filled = |text: &str| Some(text.trim().to_owned()).filter(|it| !it.is_empty());
    let to = ship_to.map(|to| Party {
        street: filled(&to.street).into_iter().collect(),
        city: filled(&to.city),
        postal_code: filled(&to.postal_code),
        country: filled(&to.country),
        ..party("ship_to", to.name.trim())
    });
    let sides =
        [party("buyer", &summary.buyer.name), party("seller", &summary.seller.name)];
    let line = |line: &commerce::orders::OrderLineView| Line {
        number: line.line.clone(),
        quantity: line.quantity.parse().ok(),
        unit: line.unit.clone(),
        price: line.unit_price.parse().ok(),
        products: filled(&line.product)
            .map(|value| Product { kind: "vendor".to_owned(), value })
            .into_iter()
            .collect(),
        description: line.description.clone(),
        dates: line
            .requested_on
            .map(|day| DateOf {
                kind: "requested_delivery".to_owned(),
                date: day.to_string(),
            })
            .into_iter()
            .collect(),
        ..Line::default()
    };
    let quote = summary.quote.as_ref().map(|it| Reference {
        kind: "quote".to_owned(),
        number: it.number.clone(),
        date: None,
    });
    let note = filled(note).map(|text| Note { text, ..Note::default() });
    Document {
        kind: Kind::Order,
        number: summary.number.clone(),
        date: Some(summary.ordered_on.to_string()),
        purpose: "original".to_owned(),
        order_type: Some("stand_alone".to_owned()),
        currency: Some(summary.currency.to_string()),
        references: quote.into_iter().collect(),
        parties: sides.into_iter().chain(to).collect(),
        notes: note.into_iter().collect(),
        lines: order.lines.iter().map(line).collect(),
        ..Document::default()
    }
}

/// Writes the document from one name to another under these numbers, and tells what could not be
/// carried.
pub(crate) fn write(
    document: &Document,
    (syntax, (own, partner)): (Syntax, (&str, &str)),
    numbers: x12::Numbers,
    stamp: &x12::Stamp,
) -> (Vec<u8>, Vec<Left>) {
    let split = |name: &str| {
        let (qualifier, id) = name.split_once(':').unwrap_or(("", name));
        (qualifier.to_owned(), id.to_owned())
    };
    let mapped = match syntax {
        Syntax::X12 | Syntax::X12At5010 => {
            let end = |name: &str| {
                let (qualifier, id) = split(name);
                x12::Endpoint { qualifier, id }
            };
            let envelope = x12::Envelope {
                group_sender: end(own).id,
                group_receiver: end(partner).id,
                sender: end(own),
                receiver: end(partner),
                usage: x12::Usage::Production,
                version: if syntax == Syntax::X12 { "004010" } else { "005010" }
                    .to_owned(),
                numbers,
                stamp: stamp.clone(),
            };
            trade::to_x12(document, &envelope)
        }
        Syntax::Edifact | Syntax::EdifactD01b => {
            let end = |name: &str| {
                let (qualifier, id) = split(name);
                edifact::Endpoint { id, qualifier, address: String::new() }
            };
            let envelope = edifact::Envelope {
                sender: end(own),
                receiver: end(partner),
                control: dialects::reference(numbers),
                is_test: false,
                stamp: dialects::stamp_of(stamp),
            };
            let directory = if syntax == Syntax::Edifact { "96A" } else { "01B" };
            trade::to_edifact_of(document, &envelope, directory)
        }
    };
    (mapped.outcome, mapped.left)
}

/// Whether what was written is good by the tables of its dialect.
///
/// # Errors
/// In plain words, the first thing that is not.
pub(crate) fn is_good(bytes: &[u8]) -> Result<(), String> {
    let read = dialects::read(bytes).map_err(|broken| broken.to_string())?;
    let verdict = read.first().map(dialects::Wire::check);
    let wrong = verdict.as_ref().and_then(|it| it.all().next());
    wrong.map_or(Ok(()), |it| {
        Err(format!("the seller's dialect does not carry this: {it}"))
    })
}
