//! A seller's moves of a quote. One that answers a request by EDI goes out as 843 or QUOTES, in one
//! commit with its sending, and each revision again; what the buyer's dialect cannot carry is told
//! to both sides, with the paper and in the room. And the buyer's answers: one to a seller that is not on
//! the hub goes out as an order.

mod http;

use commerce::{
    orders::{self, SellerRef},
    quotes::{
        self, AnswerQuotes, QuoteAnswer, QuoteMove, QuoteSummary, QuoteView, ReadQuotes,
        Refusal, SentQuote, WriteQuotes,
    },
    rfqs,
};
use gate::{House, Permit, Scope};
use kernel::{Fault, Id, Moment, Quote, Rfq};
use serde_json::json;
use store::{Conn, Tx};

pub use http::routes;

use crate::{
    buying::{self, Syntax},
    dialects::Came,
    interchanges::{self, InterchangeView, NotCarried, Paper},
};

/// Moves a quote as its seller; gives it as it is then.
///
/// # Errors
/// As [`quotes::step`].
pub async fn step(
    house: &House,
    permit: &Permit<WriteQuotes>,
    (quote, revision): (Id<Quote>, i64),
    step: QuoteMove,
) -> Result<QuoteView, Refusal> {
    let (now, mut tx) = (house.clock.now(), house.db.write().await?);
    let of = (quote, revision);
    match step {
        QuoteMove::Send => send_in((house, &mut tx), permit, of, now).await?,
        QuoteMove::Price | QuoteMove::Revise | QuoteMove::Withdraw => {
            quotes::step(&mut tx, &house.files, permit, of, step, now).await?;
        }
    }
    let view = quotes::read(&mut tx, permit, quote).await?;
    store::brink("quote.sending");
    tx.commit().await?;
    store::brink("quote.sent");
    Ok(view)
}

/// Sends a quote, in a transaction that may do more.
///
/// # Errors
/// As [`quotes::step`].
pub(crate) async fn send_in(
    (house, tx): (&House, &mut Tx),
    permit: &Permit<WriteQuotes>,
    (quote, revision): (Id<Quote>, i64),
    now: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let file = origin(house, tx, scope, quote).await?;
    let came = match &file {
        Some((file, ordinal)) => Some(Came::of(file, *ordinal)?),
        None => None,
    };
    if let Some(came) = &came {
        let names = (came.own.as_str(), came.partner.as_str());
        interchanges::hold_pair(tx, scope.organisation(), names).await?;
    }
    let (of, step) = ((quote, revision), QuoteMove::Send);
    let sent = quotes::step(tx, &house.files, permit, of, step, now).await?;
    if let (Some(came), Some(sent)) = (&came, sent) {
        write(house, tx, scope, (came, quote, sent), now).await?;
    }
    Ok(())
}

/// Answers a quote as its buyer; gives it as it is then. Where its seller is not on the hub, an
/// acceptance goes out as 850 or ORDERS, in the same commit.
///
/// # Errors
/// As [`quotes::answer`]; [`Refusal::Field`] where the order cannot be written in the seller's dialect.
pub async fn answer(
    house: &House,
    permit: &Permit<AnswerQuotes>,
    of: (Id<Quote>, i64, String),
    answer: QuoteAnswer,
    note: Option<String>,
) -> Result<QuoteView, Refusal> {
    let (scope, quote) = (permit.scope(), of.0);
    let (now, mut tx) = (house.clock.now(), house.db.write().await?);
    let seller = match quotes::read(&mut tx, permit, quote).await?.summary {
        QuoteSummary { seller: SellerRef { id: None, .. }, rfq: Some(rfq), .. } => {
            rfqs::seller_elsewhere(&mut tx, scope, rfq.id).await?
        }
        _ => None,
    };
    if let Some(seller) = &seller {
        let names = (seller.buyer_key.as_str(), seller.key.as_str());
        interchanges::hold_pair(&mut tx, scope.organisation(), names).await?;
    }
    let order = quotes::answer(&mut tx, permit, of, answer, note, now).await?;
    if let (Some(order), Some(seller)) = (order, &seller) {
        let names = (seller.buyer_key.as_str(), seller.key.as_str());
        let sent = (order, names, Syntax::of(&seller.syntax));
        buying::send_accepted(house, &mut tx, permit, sent, now).await?;
    }
    let view = quotes::read(&mut tx, permit, quote).await?;
    store::brink("quote.answering");
    tx.commit().await?;
    store::brink("quote.answered");
    Ok(view)
}

/// Writes a quote that was sent as a paper of the buyer's dialect.
async fn write(
    house: &House,
    tx: &mut Tx,
    scope: Scope,
    (came, quote, sent): (&Came<'_>, Id<Quote>, SentQuote),
    now: Moment,
) -> Result<(), Fault> {
    let stamp = interchanges::stamp(now);
    let write = |numbers| came.quote(&sent.document, numbers, &stamp);
    // Where it cannot be written, no number is drawn for it.
    let (_, left) = write(x12::Numbers { interchange: 0, group: 0, set: 0 })?;
    let kind = came.quote_kind();
    let paper = Paper {
        sender: scope.organisation(),
        receiver: sent.buyer,
        names: (&came.own, &came.partner),
        kind,
        sets: 1,
        acknowledges: None,
        orders: Vec::new(),
    };
    let bytes = |numbers| write(numbers).map(|it| it.0).unwrap_or_default();
    let id = interchanges::build(house, tx, paper, bytes, now).await?;
    interchanges::link_quote(tx, id, quote, 0).await?;
    let left: Vec<_> = left.iter().map(NotCarried::from).collect();
    let count = left.len();
    interchanges::not_carried(tx, id, left).await?;
    let detail =
        json!({ "interchange": id, "kind": kind, "state": "built", "left": count });
    let Some(space) = sent.space else { return Ok(()) };
    let told = orders::tell_paper(tx, scope, space, detail, now).await;
    told.map_err(Fault::new("telling of a quote"))
}

/// The file of the request that a quote answers, if it came by EDI, and which of its documents.
async fn origin(
    house: &House,
    conn: &mut Conn,
    scope: Scope,
    quote: Id<Quote>,
) -> Result<Option<(Vec<u8>, i64)>, Fault> {
    let found = interchanges::origin_of_quote(conn, scope, quote).await?;
    Ok(match found {
        Some((sha256, ordinal)) => {
            Some((house.files.read(sha256.parse()?).await?, ordinal))
        }
        None => None,
    })
}

/// The papers of a quote that one's organisation wrote or was sent, oldest first.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn papers(
    conn: &mut Conn,
    permit: &Permit<ReadQuotes>,
    quote: Id<Quote>,
) -> Result<Vec<InterchangeView>, Refusal> {
    quotes::read(conn, permit, quote).await?;
    Ok(interchanges::of_quote(conn, permit, quote).await?)
}

/// The papers of a request that one's organisation asked or is to answer, oldest first.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn papers_of_request(
    conn: &mut Conn,
    permit: &Permit<ReadQuotes>,
    rfq: Id<Rfq>,
) -> Result<Vec<InterchangeView>, Refusal> {
    rfqs::read(conn, permit.scope(), rfq).await?;
    Ok(interchanges::of_rfq(conn, permit, rfq).await?)
}
