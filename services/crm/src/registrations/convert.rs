//! An approved registration becomes a deal: the vendor opens it, and the partner is in it.

use gate::{Permit, Problem};
use kernel::{Id, Moment, Organisation, Space};
use sharing::{History, Mask, Verbs};
use store::Tx;

use super::{AnswerRegistrations, Flaw, Refusal, sql::Row};
use crate::deals::{
    self, CreateDeal, InviteToDeal, NewDeal, Stage,
    parties::{self, Invitation},
    rules::Card,
};

/// Opens the deal of a registration. The partner asked for it by registering, so it takes part
/// at once, with these fields of the card.
pub(super) async fn open(
    tx: &mut Tx,
    permit: &Permit<AnswerRegistrations>,
    row: &Row,
    mask: Mask,
    at: Moment,
) -> Result<Id<Space>, Refusal> {
    let caller = permit.caller().ok_or(Refusal::NotFound)?;
    let not_yours = |_forbidden: Problem| {
        let why = "your role opens no deals; ask a channel manager";
        Refusal::from(Flaw { field: "move", why })
    };
    let create = caller.permit::<CreateDeal>().map_err(not_yours)?;
    let invite = caller.permit::<InviteToDeal>().map_err(not_yours)?;
    let wanted = row.wanted()?;
    let missing = Flaw { field: "amount_minor", why: "it does not say what it is worth" };
    let worth = wanted.amount_minor.zip(wanted.currency).ok_or(missing)?;
    let title = format!("{} – {}", wanted.customer, wanted.families.join(", "));
    let card = Card {
        title: title.chars().take(200).collect(),
        account: wanted.customer,
        amount_minor: worth.0,
        currency: worth.1,
        close_on: wanted.close_month.map(super::Month::last_day),
        next_step: None,
    };
    let new = NewDeal { card, stage: Stage::Identified, account: None };
    let deal = deals::open(tx, &create, &new, at).await?;
    let invitation = Invitation {
        organisation: row.partner_id,
        mask,
        verbs: Verbs::of(["comment", "edit"]),
        history: History::All,
    };
    parties::bring_in(tx, &invite, deal, &invitation, &asked_for(row.partner_id), at)
        .await?;
    Ok(deal)
}

/// The partner's yes.
#[expect(
    clippy::disallowed_methods,
    reason = "the partner said yes when it registered the deal; nobody of it acts now"
)]
const fn asked_for(partner: Id<Organisation>) -> Permit<InviteToDeal> {
    Permit::for_system(partner)
}
