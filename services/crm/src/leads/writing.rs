//! Leads are written down, and what they say is changed.

use gate::Permit;
use kernel::{Id, Lead as LeadKind, Moment};
use serde_json::json;
use sharing::audit;
use store::Tx;

use super::{Changes, Flaw, Lead, Refusal, State, WriteLeads, sql, tell};

/// Whether a warning was read.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Anyway {
    /// No: warn.
    #[default]
    No,
    /// It was, and the lead is meant.
    Yes,
}

/// Writes a lead down.
///
/// # Errors
/// [`Refusal::Twin`], if there is one of this company that goes on, unless that is known.
pub async fn add(
    tx: &mut Tx,
    permit: &Permit<WriteLeads>,
    changes: Changes,
    anyway: Anyway,
    at: Moment,
) -> Result<Id<LeadKind>, Refusal> {
    let (scope, own) = (permit.scope(), permit.scope().organisation());
    let (id, lead) = (Id::mint(), changes.over(Lead::default())?);
    if let Some(key) = lead.key().filter(|_| anyway == Anyway::No) {
        let twins = sql::twins(tx, own, &key, id).await?;
        let goes_on = twins.into_iter().find(|(_, _, state)| *state != State::Converted);
        if let Some((twin, ..)) = goes_on {
            return Err(Refusal::Twin(twin));
        }
    }
    sql::insert(tx, own, id, at).await?;
    sql::write(tx, own, (id, 0), &lead, at).await?;
    let (of, detail) = ((tell::KIND, id.to_string()), json!({ "source": lead.source }));
    audit::write(tx, own, scope.actor(), "lead.create", of, detail, at).await?;
    tell::hint(tx, own, id, 1);
    Ok(id)
}

/// Changes what a lead says; the partner that has it sees it so at once, as far as its mask goes.
///
/// # Errors
/// [`Refusal::Stale`]; a flaw; one that became a deal is changed no more.
pub async fn change(
    tx: &mut Tx,
    permit: &Permit<WriteLeads>,
    (id, revision): (Id<LeadKind>, i64),
    changes: Changes,
    at: Moment,
) -> Result<(), Refusal> {
    let own = permit.scope().organisation();
    let row = sql::hold(tx, own, id).await?.ok_or(Refusal::NotFound)?;
    if row.revision != revision {
        return Err(Refusal::Stale(row.revision));
    }
    if row.state == State::Converted {
        let why = "a deal came of it; change the deal";
        return Err(Flaw { field: "company", why }.into());
    }
    let lead = changes.over(row.lead.clone())?;
    if lead == row.lead {
        return Ok(());
    }
    if !sql::write(tx, own, (id, revision), &lead, at).await? {
        return Err(Refusal::Stale(row.revision));
    }
    tell::hint(tx, own, id, revision + 1);
    if let Some((partner, offer)) = row.partner_id.zip(row.offer_id) {
        let revision = row.offer_revision.unwrap_or_default();
        tell::hint_partner(tx, partner, offer, revision);
    }
    let scope = permit.scope();
    Ok(tell::entry(tx, scope, &row, "lead.change", at).await?)
}
