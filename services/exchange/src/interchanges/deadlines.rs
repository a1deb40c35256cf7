//! Until when a partner is to acknowledge what it got. Once a document was handed over, its
//! functional acknowledgement is awaited for as long as was agreed with the partner
//! ([`Terms::acknowledge_hours`](crate::stations::Terms)); one that does not come in time is
//! told of, stands in the list of what is overdue, and can be asked for again.
//!
//! X12 documents are always awaited; EDIFACT's where we asked for a CONTRL (0031 of UNB), as was agreed.

use std::time::Duration;

use gate::{House, Permit};
use kernel::{Fault, Id, Interchange, Moment};
use serde_json::json;
use sharing::notify;
use store::{
    Tx,
    jobs::{self, Outcome},
};

use super::{
    Errand, InterchangeView, Refusal, ReplayInterchanges, note, outbound, seen, sql, tell,
};
use crate::stations;

/// The kind of job that finds out whether an acknowledgement came in time.
pub(crate) const DUE: &str = "edi.due";

/// Awaits the acknowledgement of what was just handed over, where one is agreed.
pub(super) async fn begin(
    tx: &mut Tx,
    id: Id<Interchange>,
    now: Moment,
) -> Result<(), Fault> {
    let Some(row) = seen::to_deliver(tx, id).await? else { return Ok(()) };
    if row.asks_receipt || is_acknowledged(&row.kind) {
        wait(tx, &row, (id, 0), now).await?;
    }
    Ok(())
}

/// Whether partners acknowledge a document of this kind: an acknowledgement is never
/// acknowledged (X12.5; 997 and TA1 answer, and end it).
fn is_acknowledged(kind: &str) -> bool {
    kind.len() == 3
        && kind.bytes().all(|byte| byte.is_ascii_digit())
        && kind != "997"
        && kind != "999"
}

async fn wait(
    tx: &mut Tx,
    row: &seen::ToDeliver,
    (id, chased): (Id<Interchange>, i64),
    now: Moment,
) -> Result<(), Fault> {
    let organisation = row.organisation_id;
    let Some(hours) =
        stations::acknowledges_within(tx, organisation, &row.receiver).await?
    else {
        return Ok(());
    };
    let due = now + Duration::from_hours(hours.into());
    sql::expect(tx, organisation, id, due).await?;
    jobs::add(tx, DUE, &Errand { interchange: id, chased }, due).await.map(drop)
}

/// The hour has come: the job's errand.
pub(crate) async fn pass(house: &House, errand: Errand) -> Result<Outcome, Fault> {
    let (id, now) = (errand.interchange, house.clock.now());
    let mut tx = house.db.write().await?;
    if let Some(late) = sql::overdue(&mut tx, id, now).await? {
        let notice = notify::Notice {
            kind: "edi_overdue",
            params: json!({
                "partner": late.receiver, "kind": late.kind, "number": late.control_number,
            }),
            subject: Some(("interchange", id.to_string())),
            party: None,
            fold: None,
        };
        notify::all_who(&mut tx, late.organisation_id, tell::cares, &notice, now).await?;
        outbound::hint(&mut tx, late.organisation_id, id);
    }
    tx.commit().await?;
    Ok(Outcome::Done)
}

/// Asks a partner once more to acknowledge: hands over the very same interchange again, which
/// it is to acknowledge as a duplicate, and awaits the acknowledgement anew.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::NotAwaited`].
pub(super) async fn chase(
    house: &House,
    permit: &Permit<ReplayInterchanges>,
    id: Id<Interchange>,
) -> Result<InterchangeView, Refusal> {
    let (scope, now) = (permit.scope(), house.clock.now());
    let mut tx = house.db.write().await?;
    let known = seen::one(&mut tx, scope.organisation(), id).await?;
    known.ok_or(Refusal::NotFound)?;
    let chased = sql::chase(&mut tx, scope.organisation(), id).await?;
    let (chased,) = chased.ok_or(Refusal::NotAwaited)?;
    outbound::deliver(&mut tx, (id, chased), now).await?;
    if let Some(row) = seen::to_deliver(&mut tx, id).await? {
        wait(&mut tx, &row, (id, chased), now).await?;
    }
    outbound::hint(&mut tx, scope.organisation(), id);
    note(&mut tx, scope, "edi.chase", id, now).await?;
    let view = super::read(&mut tx, scope, id).await?;
    tx.commit().await?;
    Ok(view)
}
