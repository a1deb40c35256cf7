//! A seller's moves of a quote. One that answers a request by EDI goes out as 843 or QUOTES, in one
//! commit with its sending, and each revision again; what the buyer's dialect cannot carry is told
//! to both sides, with the paper and in the room.

mod http;

use commerce::{
    orders,
    quotes::{self, QuoteMove, QuoteView, ReadQuotes, Refusal, SentQuote, WriteQuotes},
    rfqs,
};
use gate::{House, Permit, Scope};
use kernel::{Fault, Id, Moment, Quote, Rfq};
use serde_json::json;
use store::{Conn, Tx};

pub use http::routes;

use crate::{
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
    let scope = permit.scope();
    let file = match step {
        QuoteMove::Send => origin(house, scope, quote).await?,
        QuoteMove::Price | QuoteMove::Revise | QuoteMove::Withdraw => None,
    };
    let came = match &file {
        Some((file, ordinal)) => Some(Came::of(file, *ordinal)?),
        None => None,
    };
    let (now, mut tx) = (house.clock.now(), house.db.write().await?);
    if let Some(came) = &came {
        let names = (came.own.as_str(), came.partner.as_str());
        interchanges::hold_pair(&mut tx, scope.organisation(), names).await?;
    }
    let of = (quote, revision);
    let sent = quotes::step(&mut tx, &house.files, permit, of, step, now).await?;
    if let (Some(came), Some(sent)) = (&came, sent) {
        write(house, &mut tx, scope, (came, quote, sent), now).await?;
    }
    let view = quotes::read(&mut tx, permit, quote).await?;
    store::brink("quote.sending");
    tx.commit().await?;
    store::brink("quote.sent");
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
    interchanges::link_quote(tx, id, quote).await?;
    let left: Vec<_> = left.iter().map(NotCarried::from).collect();
    let count = left.len();
    interchanges::not_carried(tx, id, left).await?;
    let detail =
        json!({ "interchange": id, "kind": kind, "state": "built", "left": count });
    let told = orders::tell_paper(tx, scope, sent.space, detail, now).await;
    told.map_err(Fault::new("telling of a quote"))
}

/// The file of the request that a quote answers, if it came by EDI, and which of its documents.
async fn origin(
    house: &House,
    scope: Scope,
    quote: Id<Quote>,
) -> Result<Option<(Vec<u8>, i64)>, Fault> {
    let mut conn = house.db.read().await?;
    let found = interchanges::origin_of_quote(&mut conn, scope, quote).await?;
    drop(conn);
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
