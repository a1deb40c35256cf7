//! What is protected: one row for each family in each territory of a customer's key. The table's
//! primary key is what lets at most one registration have it, whoever approves at once.

use kernel::{Fault, Id, Moment, Organisation, Registration};
use store::{Conn, Tx, statements};

use super::{
    CustomerKey, Refusal, State, rules::days_after, sql::Row, terms::read_list,
    wanted::overlap,
};

statements! {
    /// Other registrations under the same key that stand with a vendor.
    SAME_KEY unscoped "vendor_id is the organisation" = "
        select id, partner_id, families, territories, state, submitted_at, until
        from registration
        where vendor_id = $1 and key_scheme = $2 and key_value = $3 and id <> $4
          and state in ('submitted', 'in_review', 'action_required', 'approved', 'extension_asked', 'converted')";

    /// Lets go of protections that are over: their time, or their partnership.
    LET_GO unscoped "vendor_id is the organisation" = "
        delete from registration_hold
        where vendor_id = $1 and key_scheme = $2 and key_value = $3
          and (until <= $4
               or exists (
                   select 1 from registration r
                   join partnership h on h.id = r.partnership_id
                   where r.id = registration_hold.registration_id and h.state in ('ended', 'closed')))";

    /// Who holds a family in a territory.
    HELD unscoped "vendor_id is the organisation" = "
        select registration_id from registration_hold
        where vendor_id = $1 and key_scheme = $2 and key_value = $3 and family = $4 and territory = $5";

    /// Protects a family in a territory, unless somebody else does.
    HOLD unscoped "vendor_id is the organisation" = "
        insert into registration_hold (vendor_id, key_scheme, key_value, family, territory, registration_id, until)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict do nothing";

    /// A protection lasts longer.
    PROLONG unscoped "vendor_id is the organisation" = "
        update registration_hold set until = $3 where vendor_id = $1 and registration_id = $2";

    /// A protection ends.
    RELEASE unscoped "vendor_id is the organisation" = "
        delete from registration_hold where vendor_id = $1 and registration_id = $2";
}

/// Another registration under the same key.
#[derive(Clone, Debug, sqlx::FromRow)]
struct TwinRow {
    id: Id<Registration>,
    partner_id: Id<Organisation>,
    families: String,
    territories: String,
    state: State,
    submitted_at: Option<Moment>,
    until: Option<Moment>,
}

/// Refuses an approval that would protect what is protected for another registration, or that
/// overtakes an earlier one which waits for its answer.
pub(super) async fn is_free(
    tx: &mut Tx,
    row: &Row,
    key: &CustomerKey,
    at: Moment,
) -> Result<(), Refusal> {
    let query = tx.run(LET_GO).bind(row.vendor_id).bind(key.scheme);
    query.bind(&key.value).bind(at).execute().await?;
    for (family, territory) in atoms(row)? {
        let holder = holder(tx, row, key, &family, &territory).await?;
        if let Some(holder) = holder.filter(|holder| *holder != row.id) {
            return Err(Refusal::Held(holder));
        }
    }
    earliest(tx, row, key).await
}

async fn earliest(conn: &mut Conn, row: &Row, key: &CustomerKey) -> Result<(), Refusal> {
    let own = (row.submitted_at, row.id);
    for twin in same_key(conn, row.vendor_id, key, row.id).await? {
        let earlier = (twin.submitted_at, twin.id) < own;
        if twin.state.awaits_answer()
            && earlier
            && overlaps(row, (&twin.families, &twin.territories))?
        {
            return Err(Refusal::EarlierFirst(twin.id));
        }
    }
    Ok(())
}

/// Protects what a registration claims.
///
/// # Errors
/// [`Refusal::Held`], if another one got any of it in the meantime.
pub(super) async fn take(
    tx: &mut Tx,
    row: &Row,
    key: &CustomerKey,
    until: Moment,
) -> Result<(), Refusal> {
    for (family, territory) in atoms(row)? {
        let query = tx.run(HOLD).bind(row.vendor_id).bind(key.scheme);
        let query = query.bind(&key.value).bind(&family).bind(&territory);
        if query.bind(row.id).bind(until).execute().await? != 1 {
            let holder = holder(tx, row, key, &family, &territory).await?;
            return Err(Refusal::Held(holder.unwrap_or(row.id)));
        }
    }
    Ok(())
}

async fn holder(
    conn: &mut Conn,
    row: &Row,
    key: &CustomerKey,
    family: &str,
    territory: &str,
) -> Result<Option<Id<Registration>>, Fault> {
    let query = conn.run(HELD).bind(row.vendor_id).bind(key.scheme);
    let query = query.bind(&key.value).bind(family).bind(territory);
    let held: Option<(Id<Registration>,)> = query.optional().await?;
    Ok(held.map(|(holder,)| holder))
}

/// A protection lasts to another moment.
pub(super) async fn prolong(tx: &mut Tx, row: &Row, until: Moment) -> Result<(), Fault> {
    let query = tx.run(PROLONG).bind(row.vendor_id).bind(row.id);
    query.bind(until).execute().await.map(drop)
}

/// A protection is over.
pub(super) async fn release(tx: &mut Tx, row: &Row) -> Result<(), Fault> {
    tx.run(RELEASE).bind(row.vendor_id).bind(row.id).execute().await.map(drop)
}

/// The partner's own registration of the same, if it stands.
pub(super) async fn twin(
    conn: &mut Conn,
    row: &Row,
    key: &CustomerKey,
    at: Moment,
) -> Result<Option<Id<Registration>>, Fault> {
    for twin in same_key(conn, row.vendor_id, key, row.id).await? {
        if twin.partner_id == row.partner_id
            && stands(twin.state, twin.until, at)
            && overlaps(row, (&twin.families, &twin.territories))?
        {
            return Ok(Some(twin.id));
        }
    }
    Ok(None)
}

/// Whether a registration still claims its customer: one that was approved does until its
/// protection ends, also where a deal came of it.
pub(super) fn stands(state: State, until: Option<Moment>, at: Moment) -> bool {
    match state {
        State::Submitted | State::InReview | State::ActionRequired => true,
        State::Approved | State::ExtensionAsked | State::Converted => {
            until.is_some_and(|until| at < until)
        }
        State::Draft
        | State::Rejected
        | State::Withdrawn
        | State::Expired
        | State::Lost
        | State::Revoked => false,
    }
}

/// The furthest that a protection may last: 365 days from now.
pub(super) fn furthest(at: Moment) -> Moment {
    days_after(at, super::rules::MOST_DAYS)
}

fn overlaps(row: &Row, (families, territories): (&str, &str)) -> Result<bool, Fault> {
    let both = |own: &str, other: &str| -> Result<bool, Fault> {
        Ok(!overlap(&read_list(own)?, &read_list(other)?).is_empty())
    };
    Ok(both(&row.families, families)? && both(&row.territories, territories)?)
}

/// Each family with each territory, folded, always in the same order: two that approve at once
/// take them in one order.
fn atoms(row: &Row) -> Result<Vec<(String, String)>, Fault> {
    let folded = |text: &str| -> Result<Vec<String>, Fault> {
        let mut list: Vec<String> =
            read_list(text)?.iter().map(|word| crate::fold(word)).collect();
        list.sort_unstable();
        Ok(list)
    };
    let territories = folded(&row.territories)?;
    let pair = |family: String| {
        territories.iter().map(move |territory| (family.clone(), territory.clone()))
    };
    Ok(folded(&row.families)?.into_iter().flat_map(pair).collect())
}

async fn same_key(
    conn: &mut Conn,
    vendor: Id<Organisation>,
    key: &CustomerKey,
    but: Id<Registration>,
) -> Result<Vec<TwinRow>, Fault> {
    let query = conn.run(SAME_KEY).bind(vendor).bind(key.scheme).bind(&key.value);
    query.bind(but).all().await
}
