//! Interchanges as the API shows them.

use commerce::{orders::OrderQuote, quotes::QuoteRfq};
use kernel::{Id, Interchange, Moment, Order};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    NotCarried, Way,
    rules::{Direction, FaultNote, InterchangeState},
    seen::{AckRow, Row},
};

/// An order, by id and number.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct OrderRef {
    /// Which.
    pub id: Id<Order>,
    /// The buyer's number for it.
    pub number: String,
}

/// What acknowledges an interchange.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct AckRef {
    /// Which.
    pub id: Id<Interchange>,
    /// What it is: `997` or `TA1`.
    pub kind: String,
    /// Where it stands.
    pub state: InterchangeState,
}

/// An interchange: one EDI envelope, in or out.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct InterchangeView {
    /// Which.
    pub id: Id<Interchange>,
    /// Which way it went, for the reader.
    pub direction: Direction,
    /// The set or message of its first document, such as `850` or `ORDERS`; `TA1`, or `unknown`.
    pub kind: String,
    /// Where it stands.
    pub state: InterchangeState,
    /// By which way it came, or was handed over.
    pub way: Way,
    /// ISA13.
    pub control_number: Option<String>,
    /// ISA05 and ISA06, such as `ZZ:ACME`.
    pub sender: Option<String>,
    /// ISA07 and ISA08.
    pub receiver: Option<String>,
    /// How many bytes it has.
    pub bytes: i64,
    /// The SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// The order it is about; the first, if there are several.
    pub order: Option<OrderRef>,
    /// The request for quote it is about; the first, if there are several.
    pub rfq: Option<QuoteRfq>,
    /// The quote it carries, or acknowledges.
    pub quote: Option<OrderQuote>,
    /// The interchange that it acknowledges.
    pub acknowledges: Option<Id<Interchange>>,
    /// What acknowledges it.
    pub acknowledged_by: Vec<AckRef>,
    /// Until when its receiver is to acknowledge it; null for who did not send it, where no
    /// acknowledgement is awaited, and once it came.
    pub acknowledge_by: Option<Moment>,
    /// Whether that has passed.
    pub overdue: bool,
    /// What is wrong with it, or with what it acknowledges.
    pub faults: Vec<FaultNote>,
    /// What of it has no place in the dialect that it was written in, or in what we hold of it
    /// beside the paper.
    pub not_carried: Vec<NotCarried>,
    /// When it came, or was made.
    pub at: Moment,
}

/// What became of a file that was sent in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Taken {
    /// Its interchanges.
    pub items: Vec<InterchangeView>,
}

impl InterchangeView {
    pub(super) fn of(row: Row, acks: Vec<AckRow>) -> Self {
        let order = row.order_id.zip(row.order_number);
        let ack = |it: AckRow| AckRef { id: it.id, kind: it.kind, state: it.state };
        Self {
            id: row.id,
            direction: row.direction,
            kind: row.kind,
            state: row.state,
            way: row.way,
            control_number: row.control_number,
            sender: row.sender,
            receiver: row.receiver,
            bytes: row.bytes,
            sha256: row.sha256,
            order: order.map(|(id, number)| OrderRef { id, number }),
            rfq: row
                .rfq_id
                .zip(row.rfq_number)
                .map(|(id, number)| QuoteRfq { id, number }),
            quote: row
                .quote_id
                .zip(row.quote_number)
                .map(|(id, number)| OrderQuote { id: Some(id), number }),
            acknowledges: row.acknowledges_id,
            acknowledged_by: acks.into_iter().map(ack).collect(),
            acknowledge_by: row.due_at.filter(|_| row.acknowledged_at.is_none()),
            overdue: row.overdue_at.is_some(),
            faults: serde_json::from_str(&row.faults).unwrap_or_default(),
            not_carried: serde_json::from_str(&row.not_carried).unwrap_or_default(),
            at: row.at,
        }
    }
}
