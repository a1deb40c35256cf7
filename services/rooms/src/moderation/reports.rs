//! What was reported, and to whom.

use std::collections::BTreeSet;

use gate::{Caller, Problem, Role};
use kernel::{Id, Moment, Report, Room};
use serde_json::json;
use sharing::{Reader, audit, log, notify};
use store::Tx;

use super::sql::{self, NewReport};
use crate::ReadReports;

/// The longest reason, in characters.
const MOST_REASON: usize = 1_000;

/// Reports a message to the administrators of one's own side, and of its author's. Who reports
/// the same message again says nothing more.
///
/// # Errors
/// 404 for a room that is not the caller's to see, 422 for what is no message and for a reason
/// that does not fit.
pub(super) async fn report(
    tx: &mut Tx,
    caller: &Caller,
    (room, seq): (Id<Room>, i64),
    reason: &str,
    now: Moment,
) -> Result<(), Problem> {
    let reason = reason.trim().replace('\0', "");
    if reason.is_empty() || reason.chars().nth(MOST_REASON).is_some() {
        return Err(Problem::refused("reason", "say why, in 1 to 1000 characters"));
    }
    let reader = Reader::from(caller);
    let reach = log::reach(tx, reader, room).await?.ok_or_else(Problem::not_found)?;
    let message = sql::reported(tx, reader, room, seq).await?;
    let message =
        message.ok_or_else(|| Problem::refused("target", "there is no such message"))?;
    let mut told = BTreeSet::from([(caller.organisation, Some(reach.party))]);
    if let Some(side) = message.side.filter(|side| *side != caller.organisation) {
        told.insert((side, message.party_id));
    }
    for (to, party) in told {
        // A side that does not read the room any more is told nothing of it.
        if party.is_none() {
            continue;
        }
        let new = NewReport { to, room, seq, message: &message, reason: &reason };
        let Some(id) = sql::report(tx, caller, new, now).await? else { continue };
        let who = crate::sql::person_name(tx, caller.person).await?;
        let notice = notify::Notice {
            kind: "report",
            params: json!({ "who": who, "about": message.author_name }),
            subject: Some(("report", id.to_string())),
            party,
            fold: None,
        };
        notify::all_who(tx, to, looks, &notice, now).await?;
        let (of, detail) =
            (("report", id.to_string()), json!({ "room": room, "seq": seq }));
        let by = (to == caller.organisation).then_some(caller.person);
        audit::write(tx, to, by, "message.report", of, detail, now).await?;
    }
    Ok(())
}

/// Whose role looks at reports.
fn looks(role: Role) -> bool {
    <ReadReports as gate::Action>::reach(role) != gate::Reach::Nowhere
}

/// Settles a report, or opens it again.
///
/// # Errors
/// 404 for a report that is not the caller's to see, 409 at another revision.
pub(super) async fn settle(
    tx: &mut Tx,
    caller: &Caller,
    (report, revision): (Id<Report>, i64),
    is_settled: bool,
    now: Moment,
) -> Result<(), Problem> {
    let at = sql::report_revision(tx, caller.organisation, report).await?;
    let at = at.ok_or_else(Problem::not_found)?;
    let settled = is_settled.then_some(now);
    if !sql::settle(tx, caller, (report, revision), settled).await? {
        return Err(sharing::Refusal::Stale(at).into());
    }
    let of = ("report", report.to_string());
    let detail = json!({ "settled": is_settled });
    let who = Some(caller.person);
    audit::write(tx, caller.organisation, who, "report.settle", of, detail, now).await?;
    Ok(())
}
