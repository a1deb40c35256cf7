//! How far a population goes with one partner. Showing customers is a grant like any other, so
//! it is taken back like any other; what a level no longer allows ends in the same commit.

mod sql;

use gate::{Permit, Scope};
use kernel::{Fault, Id, MappingOffer, Moment, Organisation, Partnership, Population};
use serde_json::json;
use sharing::{Mask, Verbs, audit, grants, notify};
use store::{Conn, Hint, Tx};

pub use sql::ALL as STATEMENTS;
pub(super) use sql::{Pair, Row, own, theirs};

use super::{FIELDS, Level, Refusal, SetMappings, access, asks, compute, populations};
use crate::accounts::Flaw;

/// What grants of mapping are on.
pub(super) const KIND: &str = "mapping";

/// Sets how far a population goes with a partner, and which fields it shows there.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Sharing`], if the partnership is not live.
pub async fn set(
    tx: &mut Tx,
    permit: &Permit<SetMappings>,
    (partnership, population): (Id<Partnership>, Id<Population>),
    level: Level,
    fields: Vec<String>,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let own = scope.organisation();
    let pair = sql::pair(tx, own, partnership).await?.ok_or(Refusal::NotFound)?;
    let row = populations::one(tx, own, population).await?.ok_or(Refusal::NotFound)?;
    if !pair.is_live() {
        return Err(sharing::Refusal::NoPartnership.into());
    }
    let mask = Mask::among(fields, &FIELDS)?;
    if level.shows_rows() && mask.list().is_empty() {
        return Err(Flaw { field: "fields", why: "name at least one field" }.into());
    }
    let before = sql::one(tx, own, partnership, population).await?;
    let was = before.as_ref().map_or(Level::Hidden, |it| it.level);
    let offer = before.as_ref().map_or_else(Id::mint, |it| it.id);
    let kept = sql::Kept { offer, partnership, population, level, mask: &mask };
    sql::keep(tx, own, &kept, at).await?;
    if level.shows_rows() {
        give(tx, scope, &pair, offer.uuid(), mask, "admin", at).await?;
    } else {
        grants::lapse(tx, KIND, offer.uuid(), &partnership.to_string(), at).await?;
    }
    if level == Level::Hidden {
        asks::end_of(tx, own, Some(partnership), population, at).await?;
    }
    if level < was {
        tx.hint(Hint::Narrowed { organisation: pair.partner_id });
    }
    compute::wanted(tx, (partnership, own), at).await?;
    tell(tx, partnership, [own, pair.partner_id]);
    if was == Level::Hidden && level != Level::Hidden {
        notice(tx, &pair, "mapping_offered", &row.name, at).await?;
    }
    let detail = json!({
        "organisation": pair.partner_id, "population": population, "level": level.word(),
    });
    Ok(log(tx, scope, partnership, "mapping.level", detail, at).await?)
}

/// Gives the partner of a mapping a right to customers in common.
pub(super) async fn give(
    tx: &mut Tx,
    scope: Scope,
    pair: &Pair,
    record: uuid::Uuid,
    mask: Mask,
    cause: &'static str,
    at: Moment,
) -> Result<(), Refusal> {
    let shared = grants::Shared {
        kind: KIND,
        record,
        name: pair.partnership_id.to_string(),
        sort_name: "",
        name_field: "name",
        sort_at: at,
        cause,
    };
    let right = grants::Right { mask, verbs: Verbs { export: true, ..Verbs::READ } };
    grants::give(tx, scope, &shared, pair.partner_id, &right, at).await?;
    Ok(())
}

/// A population is shown to nobody any more.
pub(super) async fn hide_everywhere(
    tx: &mut Tx,
    scope: Scope,
    population: Id<Population>,
    at: Moment,
) -> Result<(), Fault> {
    let own = scope.organisation();
    for (offer, partnership, partner) in sql::shown(tx, own, population).await? {
        grants::lapse(tx, KIND, offer.uuid(), &partnership.to_string(), at).await?;
        tx.hint(Hint::Narrowed { organisation: partner });
        tell(tx, partnership, [own, partner]);
    }
    asks::end_of(tx, own, None, population, at).await?;
    sql::hide(tx, own, population, at).await
}

/// Tells the screens of those to whom a population is shown: its name may be another.
pub(super) async fn tell_of(
    tx: &mut Tx,
    scope: Scope,
    population: Id<Population>,
) -> Result<(), Fault> {
    let own = scope.organisation();
    for (_, partnership, partner) in sql::shown(tx, own, population).await? {
        tell(tx, partnership, [own, partner]);
    }
    Ok(())
}

/// Tells the screens of both sides.
pub(super) fn tell(
    tx: &mut Tx,
    partnership: Id<Partnership>,
    sides: [Id<Organisation>; 2],
) {
    for organisation in sides {
        let (kind, id) = (KIND.to_owned(), partnership.to_string());
        tx.hint(Hint::Changed { organisation, kind, id, revision: 0 });
    }
}

/// Tells the people of the other side who answer for mappings.
pub(super) async fn notice(
    tx: &mut Tx,
    pair: &Pair,
    kind: &str,
    population: &str,
    at: Moment,
) -> Result<(), Fault> {
    let allowed: fn(gate::Role) -> bool = match kind {
        "mapping_offered" | "mapping_asked" => access::answers,
        _ => access::asks,
    };
    let notice = notify::Notice {
        kind,
        params: json!({ "other": pair.own_name, "population": population }),
        subject: Some((KIND, pair.partnership_id.to_string())),
        party: None,
        fold: None,
    };
    notify::all_who(tx, pair.partner_id, allowed, &notice, at).await
}

/// An entry in the log of who acts.
pub(super) async fn log(
    tx: &mut Tx,
    scope: Scope,
    partnership: Id<Partnership>,
    action: &str,
    detail: serde_json::Value,
    at: Moment,
) -> Result<(), Fault> {
    let of = (KIND, partnership.to_string());
    audit::write(tx, scope.organisation(), scope.actor(), action, of, detail, at).await
}

/// A mapping of the acting organisation's.
pub(super) async fn pair_of(
    conn: &mut Conn,
    scope: Scope,
    partnership: Id<Partnership>,
) -> Result<Pair, Refusal> {
    let pair = sql::pair(conn, scope.organisation(), partnership).await?;
    pair.ok_or(Refusal::NotFound)
}

/// An offer, a partnership, the partner.
type Shown = (Id<MappingOffer>, Id<Partnership>, Id<Organisation>);
