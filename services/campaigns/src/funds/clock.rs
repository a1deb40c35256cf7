//! The clock: what was approved and not claimed in time goes back to the partner's part, and what
//! nobody asked for by the fund's end goes back to the fund. Once each, also after downtime.

use std::time::Duration;

use gate::House;
use kernel::{Fault, FundAllocation, FundRequest, Id, Moment, Organisation};
use serde_json::json;
use store::Tx;

use super::{
    FundState, Move, Refusal, RequestState, Side,
    ledger::{self, About, Cause},
    moves::{self, Event},
    requests::{self, RequestRow},
    sql, tell,
};

const EVERY: Duration = Duration::from_secs(20);

/// Looks at the clock of funds, for ever.
pub(crate) async fn watch(house: House) {
    loop {
        if let Err(refusal) = look(&house).await {
            let error = &refusal as &dyn std::error::Error;
            tracing::error!(error, "watching the clock of funds: {refusal}");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// One look: tells how many requests and parts something became of.
///
/// # Errors
/// Only ours.
pub async fn look(house: &House) -> Result<usize, Refusal> {
    let (now, mut done) = (house.clock.now(), 0);
    let mut conn = house.db.read().await?;
    let overdue: Vec<(Id<FundRequest>, Id<Organisation>)> =
        conn.run(requests::OVERDUE).bind(now).all().await?;
    drop(conn);
    for (id, vendor) in overdue {
        let mut tx = house.db.write().await?;
        if expire(&mut tx, (vendor, id), now).await? {
            tx.commit().await?;
            done += 1;
        }
    }
    // What came back from requests just now is looked at too.
    let mut conn = house.db.read().await?;
    let lapsed: Vec<(Id<FundAllocation>, Id<Organisation>)> =
        conn.run(sql::LAPSED).bind(now.day().to_string()).all().await?;
    drop(conn);
    for (id, vendor) in lapsed {
        let mut tx = house.db.write().await?;
        if lapse(&mut tx, (vendor, id), now).await? {
            tx.commit().await?;
            done += 1;
        }
    }
    Ok(done)
}

async fn expire(
    tx: &mut Tx,
    (vendor, id): (Id<Organisation>, Id<FundRequest>),
    now: Moment,
) -> Result<bool, Refusal> {
    let Some(row) = requests::one(tx, vendor, id).await? else { return Ok(false) };
    ledger::hold(tx, row.fund_id).await?;
    // Somebody may have claimed it between the look and the hold.
    let due: Vec<(Id<FundRequest>, Id<Organisation>)> =
        tx.run(requests::OVERDUE).bind(now).all().await?;
    let Some(row) = requests::one(tx, vendor, id).await? else { return Ok(false) };
    if !due.contains(&(id, vendor)) {
        return Ok(false);
    }
    // What was claimed in part was used; the rest of it alone comes back.
    let claimed = row.approved_minor.is_some_and(|all| row.rest_minor < all);
    let step = if claimed { Move::Finish } else { Move::Expire };
    let state = row.state.step(Side::Clock, step).unwrap_or(RequestState::Expired);
    let after = RequestRow { state, rest_minor: 0, ..row.clone() };
    if !moves::keep(tx, &row, &after, now).await? {
        return Ok(false);
    }
    let about =
        About { part: Some(row.allocation_id), request: Some(id), ..About::default() };
    let posting = (row.fund_id, Cause::ExpireRequest, row.rest_minor);
    ledger::post(tx, posting, &about, now).await?;
    let line = Event {
        request: id,
        claim: None,
        step,
        side: Side::Clock,
        person: None,
        minor: Some(row.rest_minor),
        words: None,
    };
    moves::event(tx, line, now).await?;
    let after = RequestRow { revision: row.revision + 1, ..after };
    tell::request(tx, &after);
    tell::of_request(tx, &after, step, now).await?;
    let of = ("fund_request.expire", ("fund_request", id.to_string()));
    let detail = json!({ "title": row.title, "amount_minor": row.rest_minor });
    tell::clock_entry(tx, [row.vendor_id, row.partner_id], of, detail, now).await?;
    Ok(true)
}

async fn lapse(
    tx: &mut Tx,
    (vendor, id): (Id<Organisation>, Id<FundAllocation>),
    now: Moment,
) -> Result<bool, Fault> {
    let Some(part) = sql::part(tx, vendor, id).await? else { return Ok(false) };
    ledger::hold(tx, part.fund_id).await?;
    let Some(part) = sql::part(tx, vendor, id).await? else { return Ok(false) };
    let rest = part.rest_minor();
    if rest == 0 || part.fund_state != FundState::Open {
        return Ok(false);
    }
    let about = About { part: Some(id), ..About::default() };
    ledger::post(tx, (part.fund_id, Cause::ExpirePart, rest), &about, now).await?;
    tell::part(tx, &part);
    let of = ("fund.expire", ("fund_allocation", id.to_string()));
    let detail = json!({ "fund": part.fund_name, "amount_minor": rest });
    tell::clock_entry(tx, [part.vendor_id, part.partner_id], of, detail, now).await?;
    Ok(true)
}
