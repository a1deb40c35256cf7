//! Who takes part in a deal. The host invites; the invited answers; the host sets what each
//! party sees.

use gate::{Permit, Scope};
use kernel::{Id, Moment, Organisation, Party, Space};
use serde_json::json;
use sharing::{
    History, Mask, Verbs, notify,
    spaces::{self, PartyMove, PartyRow, PartyState},
};
use store::Tx;

use super::{InviteToDeal, Refusal, access::follows, sql};

/// What a partner is invited with.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Whom.
    pub organisation: Id<Organisation>,
    /// The fields of the card that they will see.
    pub mask: Mask,
    /// What they may do.
    pub verbs: Verbs,
    /// From where they may read the rooms. What was told there of fields that they may not see
    /// is left out when they read it.
    pub history: History,
}

/// Invites a partner into a deal.
///
/// # Errors
/// [`sharing::Refusal::NoPartnership`] without a live partnership.
pub async fn invite(
    tx: &mut Tx,
    permit: &Permit<InviteToDeal>,
    deal: Id<Space>,
    invitation: &Invitation,
    at: Moment,
) -> Result<PartyRow, Refusal> {
    let scope = permit.scope();
    let row = sql::card(tx, scope, deal).await?.ok_or(Refusal::NotFound)?;
    let Invitation { organisation, mask, verbs, history } = invitation;
    let party =
        spaces::invite(tx, scope, deal, *organisation, mask, *verbs, *history, at)
            .await?;
    let card = row.card();
    let title = shown_title(&card.title, mask);
    let notice = notify::Notice {
        kind: "deal_invited",
        params: json!({ "title": title, "organisation": party.host_name }),
        subject: Some(("invitation", party.id.to_string())),
        party: Some(party.id),
        fold: None,
    };
    notify::all_who(tx, *organisation, follows, &notice, at).await?;
    Ok(party)
}

/// Brings in a partner that has asked to take part: its `yes` is its own, so nobody is told of an
/// invitation.
///
/// # Errors
/// [`sharing::Refusal::NoPartnership`] without a live partnership.
pub(crate) async fn bring_in(
    tx: &mut Tx,
    permit: &Permit<InviteToDeal>,
    deal: Id<Space>,
    invitation: &Invitation,
    yes: &Permit<InviteToDeal>,
    at: Moment,
) -> Result<(), Refusal> {
    let (scope, Invitation { organisation, mask, verbs, history }) =
        (permit.scope(), invitation);
    let row = sql::card(tx, scope, deal).await?.ok_or(Refusal::NotFound)?;
    let party =
        spaces::invite(tx, scope, deal, *organisation, mask, *verbs, *history, at)
            .await?;
    let name = crate::fold(&row.card().title);
    spaces::step(tx, yes.scope(), party.id, PartyMove::Accept, &name, at).await?;
    Ok(sql::add_side(tx, *organisation, deal, None, at).await?)
}

/// A title in a notice: three dots for one who may not see it.
pub(super) fn shown_title<'t>(title: &'t str, mask: &Mask) -> &'t str {
    if mask.has("title") { title } else { "…" }
}

/// Changes what a party sees and may do.
///
/// # Errors
/// [`sharing::Refusal::Stale`], if the party has another revision than the caller read.
#[expect(clippy::too_many_arguments, reason = "what a right says")]
pub async fn set_party(
    tx: &mut Tx,
    permit: &Permit<InviteToDeal>,
    deal: Id<Space>,
    party: Id<Party>,
    mask: Option<Mask>,
    verbs: Option<Verbs>,
    revision: i64,
    at: Moment,
) -> Result<PartyRow, Refusal> {
    let scope = permit.scope();
    of_deal(tx, scope, deal, party).await?;
    let row = sql::card(tx, scope, deal).await?.ok_or(Refusal::NotFound)?;
    let name = crate::fold(&row.card().title);
    let set =
        spaces::set_mask(tx, scope, party, mask, verbs, revision, &name, at).await?;
    Ok(set)
}

/// Moves a party: the invited accepts or declines, a party leaves, the host cancels or
/// removes. Accepting again what was accepted changes nothing.
///
/// # Errors
/// [`sharing::Refusal::NoMove`] where the state, or the side, does not allow it.
pub async fn answer(
    tx: &mut Tx,
    permit: &Permit<InviteToDeal>,
    deal: Id<Space>,
    party: Id<Party>,
    step: PartyMove,
    at: Moment,
) -> Result<PartyRow, Refusal> {
    let scope = permit.scope();
    let before = of_deal(tx, scope, deal, party).await?;
    let own = before.organisation_id == scope.organisation();
    if step == PartyMove::Accept && own && before.state == PartyState::Active {
        return Ok(before);
    }
    let title = sql::title(tx, party, scope.organisation()).await?.unwrap_or_default();
    let after = spaces::step(tx, scope, party, step, &crate::fold(&title), at).await?;
    if after.state == PartyState::Active {
        sql::add_side(tx, after.organisation_id, deal, None, at).await?;
        let notice = notify::Notice {
            kind: "deal_joined",
            params: json!({ "title": title, "organisation": after.organisation_name }),
            subject: Some(("deal", deal.to_string())),
            party: None,
            fold: None,
        };
        notify::all_who(tx, after.host_id, follows, &notice, at).await?;
    }
    Ok(after)
}

/// A party of this deal, as far as the caller may know of it.
async fn of_deal(
    tx: &mut Tx,
    scope: Scope,
    deal: Id<Space>,
    party: Id<Party>,
) -> Result<PartyRow, Refusal> {
    let mut rows = spaces::parties(tx, scope, deal).await?;
    rows.extend(spaces::invitations(tx, scope.organisation()).await?);
    let found = rows.into_iter().find(|row| row.id == party && row.space_id == deal);
    found.ok_or(Refusal::NotFound)
}
