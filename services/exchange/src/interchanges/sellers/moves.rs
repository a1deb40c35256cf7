//! The moves that a seller's papers make: those of the browser, by the same verbs.

use commerce::{
    changes::{self, ChangeAnswer},
    fulfilment::{Excess, InvoiceBasis, WriteInvoices, WriteShipments},
    invoices,
    orders::{self, AnswerOrders, OrderState, OrderView},
    quotes, shipments,
};
use gate::{Action, Permit};
use kernel::{Fault, Id, Moment, Order, Organisation};
use store::Tx;
use trade::Kind;

use super::{Stop, reads};
use crate::{
    dialects::seller::{self, Known, Said},
    fulfilment::{self, Source},
    interchanges::apply::{Case, Subject, fault},
};

/// A permit of the seller, or of who keeps the order in its stead.
#[expect(
    clippy::disallowed_methods,
    reason = "a paper of the seller does what a person would do in the browser"
)]
pub(super) fn permit<A: Action>(organisation: Id<Organisation>) -> Permit<A> {
    Permit::for_system(organisation)
}

/// Does what a seller's paper says; gives what is news, if anything is.
///
/// # Errors
/// [`Stop::Why`], in plain words; then what was begun is to be undone.
pub(super) async fn apply(
    tx: &mut Tx,
    case: &Case<'_>,
    order: Id<Order>,
    said: &Said,
) -> Result<Option<Subject>, Stop> {
    let view = orders::read(tx, &reads(case.receiver), order).await.map_err(fault)?;
    match said.document.kind {
        Kind::OrderAnswer | Kind::OrderChangeAnswer => {
            answered(tx, case, &view, said).await
        }
        Kind::DispatchAdvice => shipped(tx, case, &view, said).await,
        Kind::Invoice if said.document.invoice_type.as_deref() == Some("credit_note") => {
            credited(tx, case, &view, said).await
        }
        Kind::Invoice => invoiced(tx, case, &view, said).await,
        Kind::RequestForQuote | Kind::Quote | Kind::Order | Kind::OrderChange => {
            Err("it is no paper of a seller".to_owned().into())
        }
    }
}

/// An ORDRSP answers the order while that waits, and a change of it afterwards.
async fn answered(
    tx: &mut Tx,
    case: &Case<'_>,
    view: &OrderView,
    said: &Said,
) -> Result<Option<Subject>, Stop> {
    let order = view.summary.id;
    let waits = view.summary.state == OrderState::Received;
    let may: Permit<AnswerOrders> = permit(case.receiver);
    let asked = changes::asked(tx, &may, order).await;
    if asked.is_err() && confirms(tx, &may, order, said).await? {
        return Ok(None);
    }
    if said.document.kind == Kind::OrderChangeAnswer || !waits && asked.is_ok() {
        return changed(tx, case, (view, asked), said).await;
    }
    let (house, scope) = (case.house, may.scope());
    let file = fulfilment::origin(house, tx, scope, order).await?;
    let source = Source::read(&file)?;
    let given = seller::answer(&said.document, &Known::new(view, source.document()))?;
    if !waits && orders::is_answered_so(view, &given.lines) {
        return Ok(None);
    }
    let of = (order, given);
    let done =
        crate::orders::answer_in((house, tx), &may, file.as_ref(), of, case.now).await;
    done.map_err(of_order)?;
    Ok(Some(Subject::Answered(order)))
}

/// Whether a paper only says yes to what the buyer took or refused of the seller's own offer.
async fn confirms(
    tx: &mut Tx,
    may: &Permit<AnswerOrders>,
    order: Id<Order>,
    said: &Said,
) -> Result<bool, Stop> {
    let settled = match changes::settled(tx, may, order).await {
        Ok(settled) => settled,
        Err(refusal) => return Err(Stop::Why(refusal.into_words()?)),
    };
    let Some((lines, before)) = settled else { return Ok(false) };
    let told = seller::change_answer(&said.document, (&lines, &before));
    Ok(told
        .is_ok_and(|(lines, _)| lines.iter().all(|it| it.accept && it.offer.is_none())))
}

type AskedChange = (i64, Vec<changes::ChangeLine>, Vec<changes::OrderedLine>);

async fn changed(
    tx: &mut Tx,
    case: &Case<'_>,
    (view, asked): (&OrderView, Result<AskedChange, changes::Refusal>),
    said: &Said,
) -> Result<Option<Subject>, Stop> {
    let (ordinal, lines, ordered) = match asked {
        Ok(asked) => asked,
        Err(changes::Refusal::NotFound) => {
            return Err("no change of it waits for an answer".to_owned().into());
        }
        Err(refusal) => return Err(Stop::Why(refusal.into_words()?)),
    };
    let (lines, note) = seller::change_answer(&said.document, (&lines, &ordered))?;
    let given = ChangeAnswer { revision: view.summary.revision, note, lines };
    let (house, may) = (case.house, permit::<AnswerOrders>(case.receiver));
    let change = (view.summary.id, ordinal);
    let file = crate::changes::origin(house, tx, may.scope(), change).await?;
    let on = (house, &mut *tx);
    let done =
        crate::changes::answer_in(on, &may, file.as_ref(), change, given, case.now).await;
    match done {
        Ok(_) => Ok(Some(Subject::ChangeAnswered(view.summary.id))),
        Err(refusal) => Err(Stop::Why(refusal.into_words()?)),
    }
}

/// A seller on the hub keeps to its rules; what another one wrote is shown.
fn excess(view: &OrderView) -> Excess {
    if view.summary.seller_key.is_some() { Excess::Shown } else { Excess::Refused }
}

async fn shipped(
    tx: &mut Tx,
    case: &Case<'_>,
    view: &OrderView,
    said: &Said,
) -> Result<Option<Subject>, Stop> {
    let order = view.summary.id;
    let may: Permit<WriteShipments> = permit(case.receiver);
    let file = fulfilment::origin(case.house, tx, may.scope(), order).await?;
    let source = Source::read(&file)?;
    let known = Known::new(view, source.document());
    let new = seller::advice(&said.document, &known, excess(view))?;
    let same = shipments::known(tx, &may, (order, &new)).await;
    if same.map_err(of_paper)?.is_some() {
        return Ok(None);
    }
    let of = (order, &new);
    let done = fulfilment::ship_in((case.house, tx), &may, &source, of, case.now).await;
    Ok(Some(Subject::Shipped(done.map_err(of_paper)?)))
}

async fn invoiced(
    tx: &mut Tx,
    case: &Case<'_>,
    view: &OrderView,
    said: &Said,
) -> Result<Option<Subject>, Stop> {
    let order = view.summary.id;
    let may: Permit<WriteInvoices> = permit(case.receiver);
    let file = fulfilment::origin(case.house, tx, may.scope(), order).await?;
    let source = Source::read(&file)?;
    let known = Known::new(view, source.document());
    // Of what nothing was sent yet is paid in advance, or is a service.
    let sent = commerce::fulfilment::overview(tx, &may, order).await.map_err(of_paper)?;
    let basis = if sent.shipments.is_empty() {
        InvoiceBasis::Ordered
    } else {
        InvoiceBasis::Shipped
    };
    let new = seller::bill(&said.document, &known, (basis, excess(view)))?;
    let same = invoices::known(tx, &may, (order, &new)).await;
    if same.map_err(of_paper)?.is_some() {
        return Ok(None);
    }
    let of = (order, &new);
    let done =
        fulfilment::invoice_in((case.house, tx), &may, &source, of, case.now).await;
    Ok(Some(Subject::Invoiced(done.map_err(of_paper)?)))
}

/// A part of an invoice is credited, as on its page.
async fn credited(
    tx: &mut Tx,
    case: &Case<'_>,
    view: &OrderView,
    said: &Said,
) -> Result<Option<Subject>, Stop> {
    if view.summary.seller_key.is_some() {
        let why = "a credit note of a seller that is not on this hub is not taken; settle it with \
                   the seller, and dispute the invoice where it is wrong";
        return Err(why.to_owned().into());
    }
    let order = view.summary.id;
    let may: Permit<WriteInvoices> = permit(case.receiver);
    let file = fulfilment::origin(case.house, tx, may.scope(), order).await?;
    let source = Source::read(&file)?;
    let known = Known::new(view, source.document());
    let (invoice, mut new) = seller::credit(&said.document, &known)?;
    let same = invoices::known_credit(tx, &may, (order, &invoice), &new).await;
    if same.map_err(of_paper)?.is_some() {
        return Ok(None);
    }
    let found = invoices::numbered(tx, &may, (order, &invoice)).await;
    let Some((id, revision)) = found.map_err(of_paper)? else {
        return Err(format!("there is no invoice {invoice} for this order").into());
    };
    new.revision = revision;
    let of = (order, id, &new);
    let done = fulfilment::credit_in((case.house, tx), &may, &source, of, case.now).await;
    Ok(Some(Subject::Invoiced(done.map_err(of_paper)?)))
}

fn of_order(refusal: orders::Refusal) -> Stop {
    if let orders::Refusal::Fault(fault)
    | orders::Refusal::Shared(sharing::Refusal::Fault(fault)) = refusal
    {
        return Stop::Fault(fault);
    }
    Stop::Why(refusal.to_string())
}

fn of_paper(refusal: commerce::fulfilment::Refusal) -> Stop {
    use commerce::fulfilment::Refusal;
    if let Refusal::Order(refusal) = refusal {
        return of_order(refusal);
    }
    if let Refusal::Fault(fault) | Refusal::Shared(sharing::Refusal::Fault(fault)) =
        refusal
    {
        return Stop::Fault(fault);
    }
    Stop::Why(refusal.to_string())
}

/// Tells people of what a seller's paper did.
pub(in crate::interchanges) async fn announce(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    subject: Subject,
    now: Moment,
) -> Result<(), Fault> {
    let unlike = |doing: &'static str| {
        move |stop: Stop| match stop {
            Stop::Fault(fault) => fault,
            Stop::Why(why) => Fault::new(doing)(std::io::Error::other(why)),
        }
    };
    match subject {
        Subject::Answered(order) => {
            let scope = reads(organisation).scope();
            let told = orders::announce_answer(tx, scope, order, now).await;
            told.map_err(fault)
        }
        Subject::ChangeAnswered(order) => {
            let may = reads(organisation);
            let view = orders::read(tx, &may, order).await.map_err(fault)?;
            let told = changes::announce_answer(tx, may.scope(), &view, now).await;
            match told {
                Ok(()) => Ok(()),
                Err(refusal) => {
                    let why = refusal.into_words()?;
                    Err(Fault::new("telling of a change")(std::io::Error::other(why)))
                }
            }
        }
        Subject::Shipped(shipment) => {
            let may = permit::<WriteShipments>(organisation);
            let told = shipments::announce(tx, &may, shipment, now).await;
            told.map_err(|it| unlike("telling of a dispatch advice")(of_paper(it)))
        }
        Subject::Invoiced(invoice) => {
            let may = permit::<WriteInvoices>(organisation);
            let told = invoices::announce(tx, &may, invoice, now).await;
            told.map_err(|it| unlike("telling of an invoice")(of_paper(it)))
        }
        Subject::Offered(quote) => {
            let may = crate::interchanges::apply::receives(organisation);
            let told = quotes::announce_offer(tx, &may, quote, now).await;
            told.map_err(quotes::Refusal::into_fault)
        }
        Subject::Order(_)
        | Subject::Rfq(_)
        | Subject::Accepted(_)
        | Subject::Change(_) => Ok(()),
    }
}
