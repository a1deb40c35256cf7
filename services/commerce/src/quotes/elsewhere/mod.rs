//! Quotes that come by EDI. Of a seller that is not on the hub ([`take_in`]): what an 843 or a QUOTES
//! offers for a request that the buyer sent, kept by the buyer in the seller's stead. The same number
//! with other words is the next revision; the same words again change nothing.

mod sql;

use gate::{Permit, Scope};
use kernel::{Day, Fault, Id, Moment, Organisation, Quote, Rfq};
use store::{Conn, Files, Tx};

pub use sql::ALL as STATEMENTS;
pub(super) use sql::of_rfq;

use super::{
    Content, Refusal, lines, moves, paper,
    row::{RevisionRow, Row},
    rules::{QuoteState, Side},
    sql as quotes, tell, words,
};
use crate::{
    orders::ReceiveOrders,
    rfqs::{self, SellerElsewhere},
};

/// What a seller offers.
#[derive(Clone, Debug)]
pub struct Offered {
    /// The seller's number for it, at most 35 characters.
    pub number: String,
    /// Its day, as the seller wrote it.
    pub day: Option<Day>,
    /// What it says.
    pub content: Content,
}

/// Takes in what a seller that is not on the hub offers for a request. Gives the quote, and whether
/// that is news.
///
/// People and the log are told by [`announce_offer`], which stands apart: it takes the locks that
/// come last.
///
/// # Errors
/// [`Refusal::NoStep`] for another revision of what was accepted; [`Refusal::Lines`] and
/// [`Refusal::Field`] for what makes no sense; [`Refusal::NotFound`] for no such request.
pub async fn take_in(
    (tx, files): (&mut Tx, &Files),
    permit: &Permit<ReceiveOrders>,
    rfq: Id<Rfq>,
    offered: &Offered,
    at: Moment,
) -> Result<(Id<Quote>, bool), Refusal> {
    let scope = permit.scope();
    let organisation = scope.organisation();
    let asked = rfqs::seller_elsewhere(tx, scope, rfq).await?.ok_or(Refusal::NotFound)?;
    let number = &offered.number;
    if !(1..=35).contains(&number.chars().count()) || number.contains(char::is_control) {
        let why = "a quote has a number of at most 35 characters".to_owned();
        return Err(Refusal::Field("number", why));
    }
    let content = &offered.content;
    lines::complete(&content.lines, content.currency)?;
    let words = words(content)?;
    let known = known(tx, organisation, (&asked.key, number), rfq).await?;
    if let Some(row) = &known {
        let all = quotes::revisions(tx, organisation, row.id).await?;
        if all.last().is_some_and(|last| is_same(last, &words)) {
            return Ok((row.id, false));
        }
        // Before a file is kept for a step that is none.
        row.stand()?.replaced(String::new(), at)?;
    }
    let rev = known.as_ref().map_or(1, |row| row.rev.saturating_add(1));
    let (sha256, size) = keep(files, &asked, (offered, rev, &words), at).await?;
    let until = moves::end_of(words.valid_until)?;
    let id = if let Some(row) = known {
        next(tx, organisation, &row, (sha256.clone(), until), at).await?;
        row.id
    } else {
        let new = quotes::NewRow {
            id: Id::mint(),
            seller: organisation,
            buyer: Some(organisation),
            buyer_name: &asked.buyer_name,
            rfq: Some(rfq),
            space: None,
            number,
        };
        if !sql::insert(tx, &new, &asked, (&sha256, until), at).await? {
            return Err(Refusal::NumberTaken(number.clone()));
        }
        new.id
    };
    quotes::write(tx, (id, rev), &words).await?;
    quotes::send(tx, (id, rev), &sha256, at).await?;
    quotes::hold(tx, organisation, (&sha256, size), at).await?;
    rfqs::quoted(tx, organisation, rfq, at).await?;
    let row = quotes::one(tx, organisation, id).await?.ok_or(Refusal::NotFound)?;
    tell::hint(tx, None, &row);
    Ok((id, true))
}

/// The quote of this seller's number, if there is one: it answers this very request.
async fn known(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    (key, number): (&str, &str),
    rfq: Id<Rfq>,
) -> Result<Option<Row>, Refusal> {
    let Some(id) = sql::of_seller(conn, organisation, key, number).await? else {
        return Ok(None);
    };
    let row = quotes::one(conn, organisation, id).await?;
    if row.as_ref().is_some_and(|it| it.rfq_id != Some(rfq)) {
        let why = format!("quote {number} answers another request of yours");
        return Err(Refusal::Field("number", why));
    }
    Ok(row)
}

/// Whether a revision says what is offered.
fn is_same(kept: &RevisionRow, words: &quotes::Words) -> bool {
    (kept.currency, kept.valid_until, &kept.terms, &kept.lines)
        == (words.currency, words.valid_until, &words.terms, &words.lines)
}

/// Keeps the document of a revision; gives its hash, and its size in bytes.
async fn keep(
    files: &Files,
    asked: &SellerElsewhere,
    (offered, rev, words): (&Offered, i64, &quotes::Words),
    at: Moment,
) -> Result<(String, i64), Refusal> {
    let head = paper::Head {
        number: &offered.number,
        rev,
        day: offered.day.unwrap_or(at.day()),
        seller: &asked.name,
        buyer: &asked.buyer_name,
        asked: Some(&asked.number),
        valid_until: words.valid_until,
        currency: words.currency,
        terms: &words.terms,
    };
    let doing = "writing the document of a quote";
    let document = paper::document(head, &offered.content.lines, words.total_minor);
    let document = document.ok_or_else(|| Fault::broken(doing, "it does not add up"))?;
    let bytes = paper::bytes(&document).map_err(Fault::new(doing))?;
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    Ok((files.keep(bytes).await?.to_string(), size))
}

/// The next revision stands; the one before it, if it still waited, was taken back by it.
async fn next(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    row: &Row,
    (sha256, until): (String, Moment),
    at: Moment,
) -> Result<(), Refusal> {
    let stand = row.stand()?.replaced(sha256, until)?;
    if row.state == QuoteState::Sent {
        let (of, nothing) = ((row.id, row.offer_rev), (None, "[]".to_owned()));
        quotes::became(tx, of, QuoteState::Withdrawn, nothing, at).await?;
    }
    let moved = quotes::shift(tx, organisation, row, &stand, at).await?;
    moved.map(drop).ok_or(Refusal::Stale(row.revision))
}

/// Tells the buyer's people, and the log, of a quote that has just been taken in.
///
/// # Errors
/// If the database fails.
pub async fn announce_offer(
    tx: &mut Tx,
    permit: &Permit<ReceiveOrders>,
    quote: Id<Quote>,
    at: Moment,
) -> Result<(), Refusal> {
    let buyer = permit.scope().organisation();
    let row = quotes::one(tx, buyer, quote).await?.ok_or(Refusal::NotFound)?;
    tell::notice(tx, &row, Side::Buyer, at).await?;
    Ok(tell::entry(tx, (buyer, None), &row, "quote.receive", at).await?)
}

/// A quote of one's own by its number, if there is one.
///
/// # Errors
/// If the database fails.
pub async fn numbered(
    conn: &mut Conn,
    scope: Scope,
    number: &str,
) -> Result<Option<Id<Quote>>, Fault> {
    sql::of_seller(conn, scope.organisation(), "", number).await
}

/// Whether what was sent last of a quote of one's own says just this.
///
/// # Errors
/// [`Refusal::Lines`] and [`Refusal::Field`] for what makes no sense.
pub async fn says_the_same(
    conn: &mut Conn,
    scope: Scope,
    quote: Id<Quote>,
    content: &Content,
) -> Result<bool, Refusal> {
    let words = words(content)?;
    let all = quotes::revisions(conn, scope.organisation(), quote).await?;
    let last = all.iter().rev().find(|it| it.sent_at.is_some());
    Ok(last.is_some_and(|it| is_same(it, &words)))
}
