//! The seller's moves of a quote, and the clock's.

use gate::{House, Permit, Reach, Scope};
use kernel::{Day, Fault, Id, Moment, Organisation, Quote, Space};
use serde::Deserialize;
use store::{Conn, Files, Tx};
use trade::Document;
use utoipa::ToSchema;

use super::{
    ApproveQuotes, FREE_DISCOUNT, Refusal, WriteQuotes, lines, paper,
    row::{RevisionRow, Row},
    rules::{QuoteState, Side, Stand, Step},
    sql, tell, view,
};
use crate::rfqs;

/// A move of a quote's seller.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuoteMove {
    /// Every line has its price.
    Price,
    /// To the buyer.
    Send,
    /// Begin the next revision, from the words of the last.
    Revise,
    /// Take it back.
    Withdraw,
}

/// What was sent to a quote's buyer.
#[derive(Clone, Debug)]
pub struct SentQuote {
    /// The document, as it is kept under its hash.
    pub document: Document,
    /// The buyer, if it is on the hub.
    pub buyer: Option<Id<Organisation>>,
    /// The deal that the quote stands in.
    pub space: Option<Id<Space>>,
}

/// A quote at the revision that was read, for whoever changes it.
pub(super) async fn take(
    conn: &mut Conn,
    scope: Scope,
    quote: Id<Quote>,
    revision: i64,
) -> Result<Row, Refusal> {
    let row = sql::one(conn, scope.organisation(), quote).await?;
    let row = row.ok_or(Refusal::NotFound)?;
    let now = row.revision_for(row.side(scope.organisation()));
    if now == revision { Ok(row) } else { Err(Refusal::Stale(now)) }
}

/// Makes a step of a quote, and tells the screens.
pub(super) async fn shift(
    tx: &mut Tx,
    scope: Scope,
    row: &Row,
    step: Step,
    at: Moment,
) -> Result<Row, Refusal> {
    let organisation = scope.organisation();
    let side = row.side(organisation);
    let stand = row.stand()?.step(side, step, at)?;
    let moved = sql::shift(tx, organisation, row, &stand, at).await?;
    let moved = moved.ok_or(Refusal::Stale(row.revision_for(side) + 1))?;
    tell::hint(tx, Some(row), &moved);
    Ok(moved)
}

/// Moves a quote as its seller. Gives what was sent, if this sent it.
///
/// # Errors
/// [`Refusal::NoStep`], [`Refusal::Stale`]; [`Refusal::Lines`] for one that is not complete;
/// [`Refusal::NotShared`], if the deal is not shared by both sides any more.
pub async fn step(
    tx: &mut Tx,
    files: &Files,
    permit: &Permit<WriteQuotes>,
    (quote, revision): (Id<Quote>, i64),
    step: QuoteMove,
    at: Moment,
) -> Result<Option<SentQuote>, Refusal> {
    let scope = permit.scope();
    let row = take(tx, scope, quote, revision).await?;
    match step {
        QuoteMove::Price => {
            let words = current(tx, scope, &row).await?;
            lines::complete(&view::lines(&words)?, words.currency)?;
            shift(tx, scope, &row, Step::Price, at).await?;
        }
        QuoteMove::Send => return send(tx, files, scope, &row, at).await.map(Some),
        QuoteMove::Revise => revise(tx, scope, &row, at).await?,
        QuoteMove::Withdraw => withdraw(tx, scope, &row, at).await?,
    }
    Ok(None)
}

/// The words of the revision that the seller is at.
async fn current(
    conn: &mut Conn,
    scope: Scope,
    row: &Row,
) -> Result<RevisionRow, Refusal> {
    let all = sql::revisions(conn, scope.organisation(), row.id).await?;
    all.into_iter().find(|it| it.rev == row.rev).ok_or(Refusal::NotFound)
}

/// Approves a quote, for its seller. A seller's own reach ends where much is taken off.
///
/// # Errors
/// As [`step`]; [`Refusal::TooDeep`].
pub async fn approve(
    tx: &mut Tx,
    permit: &Permit<ApproveQuotes>,
    (quote, revision): (Id<Quote>, i64),
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let row = take(tx, scope, quote, revision).await?;
    let words = current(tx, scope, &row).await?;
    let deepest = lines::deepest_discount(&view::lines(&words)?);
    if permit.reach() == Reach::Own && deepest > FREE_DISCOUNT.into() {
        return Err(Refusal::TooDeep(deepest.normalize().to_string()));
    }
    let row = shift(tx, scope, &row, Step::Approve, at).await?;
    let by = (row.seller_id, scope.actor());
    Ok(tell::entry(tx, by, &row, "quote.approve", at).await?)
}

/// Sends a quote: its document is kept and held by both, its card goes into the room.
async fn send(
    tx: &mut Tx,
    files: &Files,
    scope: Scope,
    row: &Row,
    at: Moment,
) -> Result<SentQuote, Refusal> {
    if row.state != QuoteState::ApprovedInternal {
        // Nothing is written for a step that is none.
        let (sha256, until) = (String::new(), end_of(row.valid_until)?);
        row.stand()?.step(Side::Seller, Step::Send { sha256, until }, at)?;
    }
    tell::may_write(tx, row.seller_id, row).await?;
    tell::still_shared(tx, row).await?;
    let words = current(tx, scope, row).await?;
    let kept = view::lines(&words)?;
    lines::complete(&kept, words.currency)?;
    let head = paper::Head {
        number: &row.number,
        rev: row.rev,
        day: at.day(),
        seller: &row.seller_name,
        buyer: &row.buyer_name,
        asked: row.rfq_number.as_deref(),
        valid_until: words.valid_until,
        currency: words.currency,
        terms: &words.terms,
    };
    let doing = "writing the document of a quote";
    let document = paper::document(head, &kept, words.total_minor);
    let document = document.ok_or_else(|| Fault::broken(doing, "it does not add up"))?;
    let bytes = paper::bytes(&document).map_err(Fault::new(doing))?;
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let sha256 = files.keep(bytes).await?.to_string();
    let until = end_of(words.valid_until)?;
    let told = Step::Send { sha256: sha256.clone(), until };
    let sent = shift(tx, scope, row, told, at).await?;
    sql::send(tx, (row.id, row.rev), &sha256, at).await?;
    for organisation in [Some(row.seller_id), row.buyer_id].into_iter().flatten() {
        sql::hold(tx, organisation, (&sha256, size), at).await?;
    }
    if let Some(rfq) = row.rfq_id {
        rfqs::quoted(tx, row.seller_id, rfq, at).await?;
    }
    tell::card(tx, Some(scope), &sent, at).await?;
    tell::notice(tx, &sent, Side::Buyer, at).await?;
    let by = (row.seller_id, scope.actor());
    tell::entry(tx, by, &sent, "quote.send", at).await?;
    Ok(SentQuote { document, buyer: row.buyer_id, space: row.space_id })
}

/// The first moment after a day, in UTC.
pub(super) fn end_of(day: Day) -> Result<Moment, Fault> {
    let next = format!("{}T00:00:00Z", day.plus_days(1));
    next.parse().map_err(Fault::new("finding the end of a day"))
}

/// Begins the next revision, from the words of the one that was countered.
async fn revise(tx: &mut Tx, scope: Scope, row: &Row, at: Moment) -> Result<(), Refusal> {
    let words = current(tx, scope, row).await?;
    let next = shift(tx, scope, row, Step::Revise, at).await?;
    let words = sql::Words {
        currency: words.currency,
        valid_until: words.valid_until,
        terms: words.terms,
        lines: words.lines,
        total_minor: words.total_minor,
    };
    Ok(sql::write(tx, (row.id, next.rev), &words).await?)
}

/// Takes a quote back. What was sent stays with both; it can be accepted no more.
async fn withdraw(
    tx: &mut Tx,
    scope: Scope,
    row: &Row,
    at: Moment,
) -> Result<(), Refusal> {
    let gone = shift(tx, scope, row, Step::Withdraw, at).await?;
    if row.state == QuoteState::Sent {
        let of = (row.id, row.offer_rev);
        let nothing = (None, "[]".to_owned());
        sql::became(tx, of, QuoteState::Withdrawn, nothing, at).await?;
    }
    if gone.offer_rev > 0 {
        if tell::may_write(tx, row.seller_id, row).await.is_ok() {
            let shown = of_offer(tx, &gone).await?;
            tell::card(tx, Some(scope), &shown, at).await?;
        }
        tell::notice(tx, &gone, Side::Buyer, at).await?;
    }
    let by = (row.seller_id, scope.actor());
    Ok(tell::entry(tx, by, &gone, "quote.withdraw", at).await?)
}

/// The row with the numbers of what was sent last, as everybody in the room knows it: those
/// of a revision that was not sent are the seller's alone.
async fn of_offer(conn: &mut Conn, row: &Row) -> Result<Row, Refusal> {
    let all = sql::revisions(conn, row.seller_id, row.id).await?;
    let offer = all.into_iter().find(|it| it.rev == row.offer_rev);
    let offer = offer.ok_or(Refusal::NotFound)?;
    let (rev, currency, total_minor) = (offer.rev, offer.currency, offer.total_minor);
    Ok(Row { rev, currency, total_minor, ..row.clone() })
}

/// One look at the clock: how many quotes expired. Each does so once, however long the hub
/// was down.
///
/// # Errors
/// Only ours.
pub async fn expire(house: &House) -> Result<usize, Refusal> {
    let now = house.clock.now();
    let due = sql::due(&mut house.db.read().await?, now).await?;
    let mut expired = 0;
    for (quote, seller) in due {
        let mut tx = house.db.write().await?;
        let Some(row) = sql::one(&mut tx, seller, quote).await? else { continue };
        let stand = row.stand()?.ring(now);
        if !matches!(stand, Stand::Expired(_)) || row.state == QuoteState::Expired {
            continue;
        }
        let Some(moved) = sql::shift(&mut tx, seller, &row, &stand, now).await? else {
            continue;
        };
        let (of, nothing) = ((quote, row.offer_rev), (None, "[]".to_owned()));
        sql::became(&mut tx, of, QuoteState::Expired, nothing, now).await?;
        tell::hint(&mut tx, Some(&row), &moved);
        if tell::may_write(&mut tx, seller, &moved).await.is_ok() {
            tell::card(&mut tx, None, &moved, now).await?;
        }
        tell::notice(&mut tx, &moved, Side::Seller, now).await?;
        tell::notice(&mut tx, &moved, Side::Buyer, now).await?;
        tell::entry(&mut tx, (seller, None), &moved, "quote.expire", now).await?;
        tx.commit().await?;
        expired += 1;
    }
    Ok(expired)
}
