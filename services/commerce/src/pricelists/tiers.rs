//! Tiers: the groups into which a seller puts its partners, each with lists of its own.
//!
//! A tier is the seller's alone: neither its partner nor anybody else learns that there are any.
//! It is told of a partnership, so that a partner who leaves and comes back has none.

use gate::{Page, Permit, Scope};
use kernel::{Id, Moment, Organisation, Partnership};
use serde::Serialize;
use serde_json::json;
use sharing::audit;
use store::{Conn, Tx};
use utoipa::ToSchema;

use super::{
    PriceListBuyer, Refusal,
    rules::{self, PriceFlaw},
    sql,
};
use crate::catalogue::WriteProducts;

/// The tier of a partner.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct PriceTier {
    /// Of which partnership.
    pub partnership: Id<Partnership>,
    /// Whom it is with.
    pub partner: PriceListBuyer,
    /// The tier; none, if the partner is in none.
    pub tier: Option<String>,
}

/// Puts a partner into a tier, or takes it out. The last one who does so wins.
///
/// # Errors
/// [`Refusal::NotFound`] for what is no partnership of one's own that stands; [`Refusal::Flaw`].
pub async fn write(
    tx: &mut Tx,
    permit: &Permit<WriteProducts>,
    partnership: Id<Partnership>,
    tier: Option<&str>,
    at: Moment,
) -> Result<PriceTier, Refusal> {
    let own = permit.scope().organisation();
    let tier = tier.map(rules::tier).transpose()?.flatten();
    let (id, name) =
        sql::other_side(tx, own, partnership).await?.ok_or(Refusal::NotFound)?;
    sql::leave_tier(tx, own, partnership).await?;
    if let Some(tier) = &tier {
        sql::join_tier(tx, own, (partnership, id), tier, at).await?;
    }
    let (subject, actor) = (("organisation", id.to_string()), permit.scope().actor());
    let detail = json!({ "tier": tier });
    audit::write(tx, own, actor, "price_tier.write", subject, detail, at).await?;
    Ok(PriceTier { partnership, partner: PriceListBuyer { id, name }, tier })
}

/// One's own partners that are in a tier, by their names.
///
/// # Errors
/// If the database fails.
pub async fn list(conn: &mut Conn, scope: Scope) -> Result<Page<PriceTier>, Refusal> {
    let rows = sql::tiers(conn, scope.organisation()).await?;
    let told = rows.into_iter().map(|(partnership, id, name, tier)| PriceTier {
        partnership,
        partner: PriceListBuyer { id, name },
        tier: Some(tier),
    });
    Ok(Page::all(told.collect()))
}

/// A row of a tier: partnership, partner, its name, the tier.
pub(super) type TierRow = (Id<Partnership>, Id<Organisation>, String, String);

/// Why a tier's name makes no sense.
pub(super) fn odd() -> PriceFlaw {
    PriceFlaw {
        field: "tier",
        why: "name a tier in one line of at most 40 characters".to_owned(),
    }
}
