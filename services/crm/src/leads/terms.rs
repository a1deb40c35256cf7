//! How long a partner has to accept a lead, and what it sees of it before and after.

use gate::Permit;
use kernel::{Fault, Id, Moment, Organisation};
use serde_json::json;
use sharing::{Mask, audit};
use store::{Conn, Tx, statements};

use super::{EARLY_FIELDS, FIELDS, Flaw, HandLeads, Refusal};

statements! {
    /// The terms of an organisation.
    TERMS = "
        select accept_hours, before_mask, after_mask, revision
        from lead_terms where organisation_id = $1";

    /// The terms with which one begins, so that there is a row to change.
    BEGIN = "
        insert into lead_terms (organisation_id, accept_hours, before_mask, after_mask, revision, updated_at)
        values ($1, 24, '', '', 0, $2)
        on conflict do nothing";

    /// New terms, if they are still at the revision that was read.
    SET = "
        update lead_terms
        set accept_hours = $3, before_mask = $4, after_mask = $5, updated_at = $6, revision = revision + 1
        where organisation_id = $1 and revision = $2";
}

/// The terms of an organisation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Terms {
    /// Within how many hours a partner accepts; 1 to 720.
    pub accept_hours: i64,
    /// What it sees before that, of [`EARLY_FIELDS`].
    pub before: Mask,
    /// What it sees after that, of [`FIELDS`].
    pub after: Mask,
    /// How often they were set; 0 for those that were never.
    pub revision: i64,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            accept_hours: 24,
            before: Mask::of(["country", "region", "family", "size"]),
            after: Mask::of(FIELDS),
            revision: 0,
        }
    }
}

/// An organisation's terms; the usual ones where it never set any.
///
/// # Errors
/// If the database fails.
pub(super) async fn of(
    conn: &mut Conn,
    vendor: Id<Organisation>,
) -> Result<Terms, Fault> {
    let row: Option<(i64, String, String, i64)> =
        conn.run(TERMS).bind(vendor).optional().await?;
    let Some((accept_hours, before, after, revision)) = row.filter(|row| row.3 > 0)
    else {
        return Ok(Terms::default());
    };
    let (before, after) = (Mask::read(&before), Mask::read(&after));
    Ok(Terms { accept_hours, before, after, revision })
}

/// Sets the terms; what is offered already keeps those under which it was. Whoever accepts
/// sees at least what it saw before.
///
/// # Errors
/// [`Refusal::Flaw`]; [`Refusal::Stale`]; a field that may not be shown so early.
pub(super) async fn set(
    tx: &mut Tx,
    permit: &Permit<HandLeads>,
    (accept_hours, revision): (i64, i64),
    (before, after): (Vec<String>, Vec<String>),
    at: Moment,
) -> Result<Terms, Refusal> {
    if !(1..=720).contains(&accept_hours) {
        let why = "take 1 to 720 hours";
        return Err(Flaw { field: "accept_hours", why }.into());
    }
    let before = Mask::among(before, &EARLY_FIELDS)?;
    let after =
        Mask::of(before.list().into_iter().chain(Mask::among(after, &FIELDS)?.list()));
    let (scope, own) = (permit.scope(), permit.scope().organisation());
    tx.run(BEGIN).bind(own).bind(at).execute().await?;
    let query = tx.run(SET).bind(own).bind(revision).bind(accept_hours);
    let set = query.bind(before.text()).bind(after.text()).bind(at).execute().await?;
    if set != 1 {
        return Err(Refusal::Stale(of(tx, own).await?.revision));
    }
    let of_what = ("organisation", own.to_string());
    let detail = json!({
        "accept_hours": accept_hours, "before": before.list(), "after": after.list(),
    });
    audit::write(tx, own, scope.actor(), "lead.terms", of_what, detail, at).await?;
    Ok(of(tx, own).await?)
}
