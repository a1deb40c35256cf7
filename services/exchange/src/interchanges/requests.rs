//! Requests for quote that come in: 840 and REQOTE.

use commerce::{orders, quotes, rfqs};
use kernel::{Fault, Id, Rfq, Space};
use store::Tx;

use super::{
    NotCarried,
    apply::{Case, Lines, receives},
    papers, sql,
};
use crate::dialects::{Asked, Paper};

/// What the requests of an interchange came to.
#[derive(Default)]
pub(super) struct Requests {
    /// Those that are news.
    pub(super) new: Vec<Id<Rfq>>,
    /// All of them.
    pub(super) all: Vec<Id<Rfq>>,
    /// The deals that new ones were put into.
    pub(super) placed: Vec<Id<Space>>,
    /// What of them we hold in the paper alone.
    pub(super) left: Vec<NotCarried>,
}

/// Receives a request and puts it into its deal, if it leads to one.
///
/// # Errors
/// In plain words, why it is no good request; a fault is ours.
pub(super) async fn take(
    tx: &mut Tx,
    case: &Case<'_>,
    (paper, ordinal): (Paper<'_, '_>, i64),
    lines: &mut Lines,
    requests: &mut Requests,
) -> Result<Result<(), String>, Fault> {
    let (_, sender) = case.names;
    let known = match case.sender {
        Some(id) => directory::organisations::name_of(tx, id).await?,
        None => None,
    };
    let Asked { wanted, name, mut clues, left } = match paper.asked() {
        Ok(asked) => asked,
        Err(why) => return Ok(Err(why)),
    };
    let number = wanted.number.clone().unwrap_or_default();
    if let Err(why) = lines.count(&format!("request {number}"), wanted.lines.len()) {
        return Ok(Err(why));
    }
    let told = name.clone().or_else(|| known.clone());
    let buyer = (case.authentic, told.unwrap_or_else(|| sender.to_owned()), sender);
    let buyer = (buyer.0, buyer.1, buyer.2.to_owned());
    let permit = receives(case.receiver);
    let (id, new) = match rfqs::receive(tx, &permit, buyer, &wanted, case.now).await {
        Ok(received) => received,
        Err(refusal) => return plain(refusal, &number),
    };
    papers::link_rfq(tx, case.id, id, ordinal).await?;
    requests.all.push(id);
    requests.left.extend(left);
    if new {
        requests.new.push(id);
        clues.names.extend(known);
        if let Some(id) = case.sender {
            clues.domain = sql::domain_of(tx, id).await?;
        }
        place(tx, case, id, &clues, requests).await?;
    }
    Ok(Ok(()))
}

async fn place(
    tx: &mut Tx,
    case: &Case<'_>,
    rfq: Id<Rfq>,
    clues: &orders::Clues,
    requests: &mut Requests,
) -> Result<(), Fault> {
    let scope = receives(case.receiver).scope();
    let Some(space) = orders::find_deal(tx, scope, clues).await? else { return Ok(()) };
    match rfqs::place(tx, scope, rfq, space, case.now).await {
        Ok(()) => requests.placed.push(space),
        // It waits among those without a deal.
        Err(refusal) => drop(plain(refusal, "")?),
    }
    Ok(())
}

/// A refusal in plain words; a fault stays one.
fn plain(refusal: quotes::Refusal, number: &str) -> Result<Result<(), String>, Fault> {
    if let quotes::Refusal::Fault(fault)
    | quotes::Refusal::Shared(sharing::Refusal::Fault(fault)) = refusal
    {
        return Err(fault);
    }
    if matches!(refusal, quotes::Refusal::Lines(quotes::LineError::Empty)) {
        return Ok(Err(format!("request {number} asks for nothing: it has no lines")));
    }
    let names_it =
        !matches!(refusal, quotes::Refusal::Lines(_) | quotes::Refusal::Field(..));
    let words = refusal.to_string();
    Ok(Err(if names_it { words } else { format!("request {number}: {words}") }))
}
