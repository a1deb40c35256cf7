//! An accepted lead becomes an account of the vendor's and a deal of both.

use gate::{Permit, Problem};
use kernel::{Account, Id, Moment, Organisation, Space};
use sharing::{History, Mask, Verbs};
use store::Tx;

use super::{
    Flaw, HandLeads, Refusal,
    sql::{self, Row},
};
use crate::{
    accounts::{self, EditAccounts},
    contacts::{self, EditContacts},
    deals::{
        self, CreateDeal, InviteToDeal, NewDeal, Stage,
        parties::{self, Invitation},
        rules::Card,
    },
};

/// Opens the deal of a lead, with its account: one that is in the books already by its domain,
/// else a new one, with the contact. The partner accepted, so it takes part at once, with these
/// fields of the card.
pub(super) async fn open(
    tx: &mut Tx,
    permit: &Permit<HandLeads>,
    row: &Row,
    mask: Mask,
    at: Moment,
) -> Result<(Id<Account>, Id<Space>), Refusal> {
    let caller = permit.caller().ok_or(Refusal::NotFound)?;
    let not_yours = |_forbidden: Problem| {
        let why = "your role opens no deals; ask a channel manager";
        Refusal::from(Flaw { field: "move", why })
    };
    let create = caller.permit::<CreateDeal>().map_err(not_yours)?;
    let invite = caller.permit::<InviteToDeal>().map_err(not_yours)?;
    let books = caller.permit::<EditAccounts>().map_err(not_yours)?;
    let people = caller.permit::<EditContacts>().map_err(not_yours)?;
    let lead = &row.lead;
    let why = "say what it may be worth before a deal is opened";
    let worth = lead.amount_minor.zip(lead.currency);
    let worth = worth.ok_or(Flaw { field: "amount_minor", why })?;
    let partner = row.partner_id.ok_or(Refusal::NotFound)?;
    let account = account(tx, (&books, &people), row, at).await?;
    let title = match &lead.family {
        Some(family) => format!("{} – {family}", lead.company),
        None => lead.company.clone(),
    };
    let card = Card {
        title: title.chars().take(200).collect(),
        account: lead.company.clone(),
        amount_minor: worth.0,
        currency: worth.1,
        close_on: None,
        next_step: None,
    };
    let new = NewDeal { card, stage: Stage::Identified, account: Some(account) };
    let deal = deals::open(tx, &create, &new, at).await?;
    let invitation = Invitation {
        organisation: partner,
        mask,
        verbs: Verbs::of(["comment", "edit"]),
        history: History::All,
    };
    parties::bring_in(tx, &invite, deal, &invitation, &accepted_by(partner), at).await?;
    Ok((account, deal))
}

async fn account(
    tx: &mut Tx,
    (books, people): (&Permit<EditAccounts>, &Permit<EditContacts>),
    row: &Row,
    at: Moment,
) -> Result<Id<Account>, Refusal> {
    let lead = &row.lead;
    if let Some(key) = lead.key() {
        let known = sql::accounts(tx, row.organisation_id, &key).await?;
        if let Some((known, _)) = known.into_iter().next() {
            return Ok(known);
        }
    }
    let fields = accounts::Fields {
        name: lead.company.clone(),
        domain: lead.domain.clone(),
        city: lead.city.clone(),
        country: lead.country.clone(),
        ..accounts::Fields::default()
    };
    let account = accounts::add(tx, books, &fields, at).await?;
    if let Some(name) = &lead.contact_name {
        let contact = contacts::Fields {
            name: name.clone(),
            email: lead.contact_email.clone(),
            phone: lead.contact_phone.clone(),
            title: None,
        };
        contacts::add(tx, people, account, &contact, at).await?;
    }
    Ok(account)
}

/// The partner's yes.
#[expect(
    clippy::disallowed_methods,
    reason = "the partner said yes when it accepted the lead; nobody of it acts now"
)]
const fn accepted_by(partner: Id<Organisation>) -> Permit<InviteToDeal> {
    Permit::for_system(partner)
}
