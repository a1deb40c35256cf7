//! What sellers offer by EDI: 843 and QUOTES.
//!
//! Where the seller is on the hub, its own system does what its people do in the browser, by the same
//! verbs: it begins the quote in the deal of the request, or the next revision of one that was
//! countered, prices it, approves it and sends it; so the refusals are the same. Where it is not, the
//! buyer, who asked, keeps the quote in its stead.

use commerce::{
    quotes::{self, ApproveQuotes, QuoteBuyer, QuoteMove, QuoteState, WriteQuotes},
    rfqs,
};
use gate::Permit;
use kernel::{Fault, Id, Quote, Rfq};
use store::Tx;

use super::{Sellers, Stop, moves::permit};
use crate::{
    dialects::{
        self, Paper,
        seller::{self, Offer},
    },
    interchanges::{
        apply::{Case, Lines, Subject, receives},
        papers,
    },
    names,
};

/// Takes what a seller offers for a request.
///
/// # Errors
/// In plain words, why it does not fit; a fault is ours.
pub(super) async fn take(
    tx: &mut Tx,
    case: &Case<'_>,
    (paper, set): (Paper<'_, '_>, i64),
    lines: &mut Lines,
    all: &mut Sellers,
) -> Result<Result<(), String>, Fault> {
    if papers::taken_for(tx, case.id, set).await?.is_some() {
        return Ok(Ok(()));
    }
    let offer = match seller::offer(paper, case.now.day()) {
        Ok(offer) => offer,
        Err(why) => return Ok(Err(why)),
    };
    let what = format!("{} {}", paper.kind(), offer.offered.number);
    if let Err(why) = lines.count(&what, offer.offered.content.lines.len()) {
        return Ok(Err(why));
    }
    let rfq = match find(tx, case, &offer.request).await? {
        Ok(rfq) => rfq,
        Err(why) => return Ok(Err(format!("{what}: {why}"))),
    };
    let step = tx.step().await?;
    let done = if case.sells {
        own(tx, case, rfq, &offer).await
    } else {
        elsewhere(tx, case, rfq, &offer).await
    };
    let (quote, new) = match done {
        Ok(done) => done,
        Err(Stop::Fault(fault)) => return Err(fault),
        Err(Stop::Why(why)) => {
            tx.undo(step).await?;
            return Ok(Err(format!("{what}: {why}")));
        }
    };
    tx.keep(step).await?;
    all.new.extend(new.map(|subject| (case.receiver, subject)));
    papers::link_quote(tx, case.id, quote, set).await?;
    papers::link_rfq(tx, case.id, rfq, 0).await?;
    all.rfqs.push(rfq);
    all.left.extend(offer.left);
    Ok(Ok(()))
}

/// The request that a paper names.
async fn find(
    tx: &mut Tx,
    case: &Case<'_>,
    number: &str,
) -> Result<Result<Id<Rfq>, String>, Fault> {
    let (receiver, sender) = case.names;
    let scope = receives(case.receiver).scope();
    let other = if case.sells { receiver } else { sender };
    let mut found = None;
    // The other side goes by several names, and the request bears one of them.
    for name in names::all_of(tx, case.receiver, other).await? {
        let names = dialects::aliases(&name);
        let names = [names[0].as_str(), names[1].as_str()];
        found = found.or(if case.sells {
            rfqs::find_received(tx, scope, number, (case.buyer, names)).await?
        } else {
            rfqs::find_asked(tx, scope, number, names).await?
        });
    }
    if case.sells {
        return Ok(found.ok_or_else(|| {
            format!("you have no request {number} of {receiver}; it is not here, or is another's")
        }));
    }
    Ok(found.ok_or_else(|| {
        format!(
            "you asked {sender} for no quote under {number}; a seller on this hub offers over its \
             own API, drop folder or station"
        )
    }))
}

type Done = Result<(Id<Quote>, Option<Subject>), Stop>;

/// The buyer keeps the offer of a seller that is not on the hub.
async fn elsewhere(tx: &mut Tx, case: &Case<'_>, rfq: Id<Rfq>, offer: &Offer) -> Done {
    let (may, files) = (receives(case.receiver), &case.house.files);
    let taken = quotes::take_in((tx, files), &may, rfq, &offer.offered, case.now).await;
    let (quote, new) = taken.map_err(plain)?;
    Ok((quote, new.then_some(Subject::Offered(quote))))
}

/// A seller on the hub offers, as its people would.
async fn own(tx: &mut Tx, case: &Case<'_>, rfq: Id<Rfq>, offer: &Offer) -> Done {
    let (number, content) = (&offer.offered.number, &offer.offered.content);
    let may: Permit<WriteQuotes> = permit(case.receiver);
    let scope = may.scope();
    let quote = match quotes::numbered(tx, scope, number).await? {
        Some(quote) => {
            let same = quotes::says_the_same(tx, scope, quote, content).await;
            if same.map_err(plain)? && is_sent(tx, &may, quote).await? {
                return Ok((quote, None));
            }
            again(tx, case, (quote, rfq), offer).await?;
            quote
        }
        None => begin(tx, case, rfq, offer).await?,
    };
    let step = (quote, revision(tx, &may, quote).await?);
    let files = &case.house.files;
    let priced = quotes::step(tx, files, &may, step, QuoteMove::Price, case.now).await;
    priced.map_err(plain)?;
    let approves: Permit<ApproveQuotes> = permit(case.receiver);
    let step = (quote, revision(tx, &may, quote).await?);
    quotes::approve(tx, &approves, step, case.now).await.map_err(plain)?;
    let step = (quote, revision(tx, &may, quote).await?);
    let sent = crate::quotes::send_in((case.house, tx), &may, step, case.now).await;
    sent.map_err(plain)?;
    Ok((quote, None))
}

/// Begins a quote in the deal of the request.
async fn begin(
    tx: &mut Tx,
    case: &Case<'_>,
    rfq: Id<Rfq>,
    offer: &Offer,
) -> Result<Id<Quote>, Stop> {
    let may: Permit<WriteQuotes> = permit(case.receiver);
    let asked = rfqs::read(tx, may.scope(), rfq).await.map_err(plain)?;
    let deal = asked.deal.ok_or_else(|| {
        format!(
            "request {} stands in no deal yet; put it into one, and take this in again",
            asked.number
        )
    })?;
    let buyer = match asked.buyer.id {
        Some(id) => QuoteBuyer::OnHub(id),
        None => QuoteBuyer::Outside(asked.buyer.name),
    };
    let (number, of) = (Some(offer.offered.number.clone()), (buyer, Some(rfq)));
    let content = &offer.offered.content;
    let made = quotes::create(tx, &may, deal.id, of, number, content, case.now).await;
    made.map_err(plain)
}

/// Writes the next revision of a quote that its buyer countered, or a draft anew.
async fn again(
    tx: &mut Tx,
    case: &Case<'_>,
    (quote, rfq): (Id<Quote>, Id<Rfq>),
    offer: &Offer,
) -> Result<(), Stop> {
    let may: Permit<WriteQuotes> = permit(case.receiver);
    let view = quotes::read(tx, &may, quote).await.map_err(plain)?;
    if view.summary.rfq.as_ref().map(|it| it.id) != Some(rfq) {
        return Err(format!(
            "your quote {} answers another request",
            view.summary.number
        )
        .into());
    }
    let (files, now) = (&case.house.files, case.now);
    let mut revision = view.summary.revision;
    if view.summary.state == QuoteState::Countered {
        let of = (quote, revision);
        let revised = quotes::step(tx, files, &may, of, QuoteMove::Revise, now).await;
        revised.map_err(plain)?;
        revision = self::revision(tx, &may, quote).await?;
    }
    let content = &offer.offered.content;
    quotes::write(tx, &may, quote, revision, content, now).await.map_err(plain)
}

async fn revision(
    tx: &mut Tx,
    may: &Permit<WriteQuotes>,
    quote: Id<Quote>,
) -> Result<i64, Stop> {
    Ok(quotes::read(tx, may, quote).await.map_err(plain)?.summary.revision)
}

/// Whether a quote waits for its buyer, or was answered: then the same words again change nothing.
async fn is_sent(
    tx: &mut Tx,
    may: &Permit<WriteQuotes>,
    quote: Id<Quote>,
) -> Result<bool, Stop> {
    let state = quotes::read(tx, may, quote).await.map_err(plain)?.summary.state;
    Ok(match state {
        QuoteState::Sent
        | QuoteState::Accepted
        | QuoteState::Rejected
        | QuoteState::Expired => true,
        QuoteState::Draft
        | QuoteState::Priced
        | QuoteState::ApprovedInternal
        | QuoteState::Countered
        | QuoteState::Withdrawn => false,
    })
}

/// A refusal in plain words; a fault stays one.
fn plain(refusal: quotes::Refusal) -> Stop {
    if let quotes::Refusal::Fault(fault)
    | quotes::Refusal::Shared(sharing::Refusal::Fault(fault)) = refusal
    {
        return Stop::Fault(fault);
    }
    Stop::Why(refusal.to_string())
}
