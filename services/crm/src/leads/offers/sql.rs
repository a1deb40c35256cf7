//! The table `lead_offer`. A partner reads it through `live_visible`: by its grant, and under its mask.

use kernel::{
    Fault, Id, Lead as LeadKind, LeadOffer, Moment, Organisation, Partnership, Space,
};
use sharing::Mask;
use store::{Conn, Tx, statements};

use crate::leads::{Lead, OfferState};

statements! {
    /// The live partnership with a partner, and its name.
    PARTNERSHIP unscoped "both organisations are bound" = "
        select h.id, o.name
        from partnership h
        join organisation o on o.id = $2
        where ((h.proposer_id = $1 and h.answerer_id = $2) or (h.proposer_id = $2 and h.answerer_id = $1))
          and h.state in ('active', 'ending') and h.suspended_by is null";

    /// Offers a lead.
    INSERT unscoped "vendor_id is the organisation" = "
        insert into lead_offer (id, lead_id, vendor_id, partner_id, partnership_id, state, after_mask, words, offered_at, due_at, revision)
        values ($1, $2, $3, $4, $5, 'offered', $6, $7, $8, $9, 1)";

    /// What became of an offer, if it is still so as it was read.
    ANSWER unscoped "by the offer of the lead that is held" = "
        update lead_offer
        set state = $4, accepted_at = $5, ended_at = $6, revision = revision + 1
        where id = $1 and revision = $2 and state = $3";

    /// What is offered to an organisation, with what it may see of it.
    ONE = "
        select o.id, o.lead_id, o.vendor_id, v.name as vendor_name, o.state as offer_state, o.words,
               o.offered_at, o.due_at, o.accepted_at, o.revision as offer_revision, o.after_mask, s.mask,
               w.record_id as deal_id, l.company, l.domain, l.country, l.region, l.city,
               l.contact_name, l.contact_email, l.contact_phone, l.consent, l.source, l.campaign,
               l.family, l.note, l.amount_minor, l.currency
        from live_visible s
        join lead_offer o on o.id = s.record_id and o.partner_id = s.organisation_id
        join lead l on l.id = o.lead_id
        join organisation v on v.id = o.vendor_id
        left join live_visible w on w.organisation_id = $1 and w.kind = 'deal' and w.record_id = l.space_id
        where s.organisation_id = $1 and s.kind = 'lead' and s.record_id = $2";

    /// A page of what is offered to an organisation, newest first; $3 is 1 for what waits for it.
    LIST = "
        select o.id, o.lead_id, o.vendor_id, v.name as vendor_name, o.state as offer_state, o.words,
               o.offered_at, o.due_at, o.accepted_at, o.revision as offer_revision, o.after_mask, s.mask,
               w.record_id as deal_id, l.company, l.domain, l.country, l.region, l.city,
               l.contact_name, l.contact_email, l.contact_phone, l.consent, l.source, l.campaign,
               l.family, l.note, l.amount_minor, l.currency
        from live_visible s
        join lead_offer o on o.id = s.record_id and o.partner_id = s.organisation_id
        join lead l on l.id = o.lead_id
        join organisation v on v.id = o.vendor_id
        left join live_visible w on w.organisation_id = $1 and w.kind = 'deal' and w.record_id = l.space_id
        where s.organisation_id = $1 and s.kind = 'lead' and s.record_id < $2
          and ($3 = 0 or o.state = 'offered')
        order by s.record_id desc
        limit $4";

    /// Offers whose time is over.
    DUE unscoped "the clock looks after all" = "
        select vendor_id, lead_id from lead_offer
        where state = 'offered' and due_at <= $1
        order by due_at, id
        limit 500";
}

/// An offer, as its partner may read it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::leads) struct OfferRow {
    pub(in crate::leads) id: Id<LeadOffer>,
    pub(in crate::leads) lead_id: Id<LeadKind>,
    pub(in crate::leads) vendor_id: Id<Organisation>,
    pub(in crate::leads) vendor_name: String,
    pub(in crate::leads) offer_state: OfferState,
    pub(in crate::leads) words: Option<String>,
    pub(in crate::leads) offered_at: Moment,
    pub(in crate::leads) due_at: Moment,
    pub(in crate::leads) accepted_at: Option<Moment>,
    pub(in crate::leads) offer_revision: i64,
    pub(in crate::leads) after_mask: String,
    pub(in crate::leads) mask: String,
    pub(in crate::leads) deal_id: Option<Id<Space>>,
    #[sqlx(flatten)]
    pub(in crate::leads) lead: Lead,
}

/// A new offer.
pub(super) struct NewOffer<'n> {
    pub(super) id: Id<LeadOffer>,
    pub(super) lead: Id<LeadKind>,
    pub(super) vendor: Id<Organisation>,
    pub(super) partner: Id<Organisation>,
    pub(super) partnership: Id<Partnership>,
    pub(super) after: &'n Mask,
    pub(super) words: Option<&'n str>,
    pub(super) due: Moment,
}

pub(in crate::leads) async fn partnership(
    conn: &mut Conn,
    vendor: Id<Organisation>,
    partner: Id<Organisation>,
) -> Result<Option<(Id<Partnership>, String)>, Fault> {
    conn.run(PARTNERSHIP).bind(vendor).bind(partner).optional().await
}

pub(super) async fn insert(
    tx: &mut Tx,
    new: &NewOffer<'_>,
    at: Moment,
) -> Result<(), Fault> {
    let query = tx.run(INSERT).bind(new.id).bind(new.lead).bind(new.vendor);
    let query = query.bind(new.partner).bind(new.partnership).bind(new.after.text());
    query
        .bind(new.words.map(str::to_owned))
        .bind(at)
        .bind(new.due)
        .execute()
        .await
        .map(drop)
}

/// Whether it was answered: false, if somebody was faster.
pub(super) async fn answer(
    tx: &mut Tx,
    (id, revision, from): (Id<LeadOffer>, i64, OfferState),
    to: OfferState,
    (accepted_at, ended_at): (Option<Moment>, Option<Moment>),
) -> Result<bool, Fault> {
    let query = tx.run(ANSWER).bind(id).bind(revision).bind(from).bind(to);
    Ok(query.bind(accepted_at).bind(ended_at).execute().await? == 1)
}

pub(in crate::leads) async fn one(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    id: Id<LeadOffer>,
) -> Result<Option<OfferRow>, Fault> {
    conn.run(ONE).bind(organisation).bind(id).optional().await
}

pub(in crate::leads) async fn list(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    (before, waiting): (Id<LeadOffer>, bool),
    limit: i64,
) -> Result<Vec<OfferRow>, Fault> {
    let query = conn.run(LIST).bind(organisation).bind(before);
    query.bind(i64::from(waiting)).bind(limit).all().await
}

pub(super) async fn due(
    conn: &mut Conn,
    now: Moment,
) -> Result<Vec<(Id<Organisation>, Id<LeadKind>)>, Fault> {
    conn.run(DUE).bind(now).all().await
}
