//! Quotes as the API shows them: to its seller all, to its buyer what was sent.

use gate::{Action, Caller, Reach};
use kernel::{Currency, Day, Fault, Id, Moment, Order, Organisation, Quote, Rfq};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    AnswerQuotes, ApproveQuotes, WriteQuotes,
    lines::{QuoteLine, QuoteWish},
    row::{RevisionRow, Row},
    rules::{QuoteState, Side, Stand},
};
use crate::orders::{BuyerRef, OrderDeal, SellerRef};

/// A quote in brief, as far as the reader's side goes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuoteSummary {
    /// Which.
    pub id: Id<Quote>,
    /// The seller's number for it.
    pub number: String,
    /// Where it stands, for the reader: a buyer sees no draft.
    pub state: QuoteState,
    /// On which side the reader is.
    pub side: Side,
    /// Who sells.
    pub seller: SellerRef,
    /// Who buys.
    pub buyer: BuyerRef,
    /// What the buyer had asked for, if it did.
    pub rfq: Option<QuoteRfq>,
    /// The deal it stands in, if the reader takes part there.
    pub deal: Option<OrderDeal>,
    /// Which revision, from 1.
    pub rev: i64,
    /// In what its prices are.
    pub currency: Currency,
    /// What it comes to, in minor units.
    pub total_minor: i64,
    /// The last day, in UTC, on which it can be accepted.
    pub valid_until: Day,
    /// The hash of the document that was sent last: answers name it.
    pub sha256: Option<String>,
    /// The order that came of it.
    pub order: Option<Id<Order>>,
    /// When it last changed, for the reader.
    pub updated_at: Moment,
    /// How often it changed, for the reader: moves name it.
    pub revision: i64,
}

/// A request for quote that a quote answers.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct QuoteRfq {
    /// Which.
    pub id: Id<Rfq>,
    /// The buyer's number for it.
    pub number: String,
}

/// A line, with what it comes to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuoteLineView {
    /// The line.
    #[serde(flatten)]
    pub line: QuoteLine,
    /// The price of `price_per` units, less the discount, exact.
    pub net_price: Option<String>,
    /// What it comes to in minor units, halves rounded up.
    pub amount_minor: Option<i64>,
}

/// A revision of a quote.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuoteRevision {
    /// Which, from 1.
    pub rev: i64,
    /// In what its prices are.
    pub currency: Currency,
    /// The last day, in UTC, on which it can be accepted.
    pub valid_until: Day,
    /// Its terms, in words.
    pub terms: String,
    /// Its lines.
    pub lines: Vec<QuoteLineView>,
    /// The sum of its lines, in minor units.
    pub total_minor: i64,
    /// The SHA-256 of its document, once it was sent.
    pub sha256: Option<String>,
    /// When it was sent.
    pub sent_at: Option<Moment>,
    /// What became of it: `accepted`, `rejected`, `countered`, `expired` or `withdrawn`.
    pub became: Option<QuoteState>,
    /// When.
    pub became_at: Option<Moment>,
    /// What the buyer said to it.
    pub note: Option<String>,
    /// What the buyer wished of its lines.
    pub wishes: Vec<QuoteWish>,
}

/// What the caller may do with a quote now.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuoteMay {
    /// Write its draft.
    Write,
    /// Say that it is priced.
    Price,
    /// Approve it.
    Approve,
    /// Send it.
    Send,
    /// Begin the next revision.
    Revise,
    /// Take it back.
    Withdraw,
    /// Accept, reject or counter it.
    Answer,
}

/// A quote with its revisions.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuoteView {
    /// The quote in brief.
    #[serde(flatten)]
    pub summary: QuoteSummary,
    /// Its revisions, oldest first; for its buyer those that were sent.
    pub revisions: Vec<QuoteRevision>,
    /// What the caller may do with it now.
    pub may: Vec<QuoteMay>,
}

/// A quote in brief, for an organisation.
pub(super) fn summary(
    row: Row,
    organisation: Id<Organisation>,
) -> Result<QuoteSummary, Fault> {
    let side = row.side(organisation);
    let unseen = || Fault::broken("reading a quote", "a buyer read what was not sent");
    let state = row.stand()?.face(side).ok_or_else(unseen)?;
    let sees_title =
        row.deal_mask.iter().any(|mask| mask.split(',').any(|word| word == "title"));
    let title = row.deal_title.clone().filter(|_| sees_title);
    let (rev, updated_at) = match side {
        Side::Seller => (row.rev, row.updated_at),
        Side::Buyer => (row.offer_rev, row.shown_at.unwrap_or(row.updated_at)),
    };
    let revision = row.revision_for(side);
    let rfq = row.rfq_id.zip(row.rfq_number);
    Ok(QuoteSummary {
        id: row.id,
        number: row.number,
        state,
        side,
        seller: SellerRef {
            id: Some(row.seller_id).filter(|_| row.seller_key.is_empty()),
            name: row.seller_name,
        },
        buyer: BuyerRef { id: row.buyer_id, name: row.buyer_name },
        rfq: rfq.map(|(id, number)| QuoteRfq { id, number }),
        deal: row.deal_id.map(|id| OrderDeal { id, title }),
        rev,
        currency: row.currency,
        total_minor: row.total_minor,
        valid_until: row.valid_until,
        sha256: row.sha256,
        order: row.order_id,
        updated_at,
        revision,
    })
}

/// Reads the lines that a revision keeps.
pub(super) fn lines(row: &RevisionRow) -> Result<Vec<QuoteLine>, Fault> {
    serde_json::from_str(&row.lines).map_err(Fault::new("reading the lines of a quote"))
}

/// A revision.
pub(super) fn revision(row: RevisionRow) -> Result<QuoteRevision, Fault> {
    let doing = "reading what became of a quote";
    let wishes = serde_json::from_str(&row.wishes).map_err(Fault::new(doing))?;
    let became = row.became.as_deref().map(|word| {
        serde_json::from_value(serde_json::Value::from(word)).map_err(Fault::new(doing))
    });
    let shown = |line: QuoteLine| {
        let worth = line.worth(row.currency);
        QuoteLineView {
            line,
            net_price: worth.map(|it| it.net.to_string()),
            amount_minor: worth.map(|it| it.amount_minor),
        }
    };
    Ok(QuoteRevision {
        rev: row.rev,
        valid_until: row.valid_until,
        lines: lines(&row)?.into_iter().map(shown).collect(),
        currency: row.currency,
        terms: row.terms,
        total_minor: row.total_minor,
        sha256: row.sha256,
        sent_at: row.sent_at,
        became: became.transpose()?,
        became_at: row.became_at,
        note: row.note,
        wishes,
    })
}

/// What a caller may do with a quote that stands so. The deal, the discount and the clock
/// may still be against it.
pub(super) fn may(row: &Row, caller: Option<&Caller>) -> Result<Vec<QuoteMay>, Fault> {
    let Some(caller) = caller else { return Ok(Vec::new()) };
    let side = row.side(caller.organisation);
    let writes = WriteQuotes::reach(caller.role) != Reach::Nowhere;
    let approves = ApproveQuotes::reach(caller.role) != Reach::Nowhere;
    let answers = AnswerQuotes::reach(caller.role) != Reach::Nowhere;
    let written = |more: &[QuoteMay]| {
        let all = [&[QuoteMay::Write], more, &[QuoteMay::Withdraw]].concat();
        if writes { all } else { Vec::new() }
    };
    Ok(match (side, row.stand()?) {
        (Side::Seller, Stand::Draft { .. }) => written(&[QuoteMay::Price]),
        (Side::Seller, Stand::Priced { .. }) => {
            let mut all = written(&[]);
            all.extend(approves.then_some(QuoteMay::Approve));
            all
        }
        (Side::Seller, Stand::Approved { .. }) => written(&[QuoteMay::Send]),
        (Side::Seller, Stand::Sent(_)) if writes => vec![QuoteMay::Withdraw],
        (Side::Seller, Stand::Countered(_)) if writes => {
            vec![QuoteMay::Revise, QuoteMay::Withdraw]
        }
        (Side::Buyer, Stand::Sent(_)) if answers => vec![QuoteMay::Answer],
        (
            Side::Seller | Side::Buyer,
            Stand::Draft { .. }
            | Stand::Priced { .. }
            | Stand::Approved { .. }
            | Stand::Sent(_)
            | Stand::Accepted(_)
            | Stand::Rejected(_)
            | Stand::Countered(_)
            | Stand::Expired(_)
            | Stand::Withdrawn { .. },
        ) => Vec::new(),
    })
}
