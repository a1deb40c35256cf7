//! The tables `lead` and `lead_event`: an organisation's own.

use kernel::{
    Account, Fault, Id, Lead as LeadKind, LeadOffer, Moment, Organisation, Person, Space,
};
use store::{Conn, Tx, statements};

use super::{Lead, Move, OfferState, Reason, Side, State};

statements! {
    /// Keeps a new lead.
    INSERT = "
        insert into lead (id, organisation_id, company, consent, source, state, revision, created_at, updated_at)
        values ($2, $1, '', 'unknown', 'hand', 'new', 0, $3, $3)";

    /// What a lead says, if it is still at the revision that was read.
    WRITE = "
        update lead
        set company = $4, domain = $5, key_value = $6, country = $7, region = $8, city = $9,
            contact_name = $10, contact_email = $11, contact_phone = $12, consent = $13, source = $14,
            campaign = $15, family = $16, note = $17, amount_minor = $18, currency = $19,
            updated_at = $20, revision = revision + 1
        where organisation_id = $1 and id = $2 and revision = $3";

    /// Holds a lead to the end of the transaction: its moves go one after the other.
    LOCK = "
        update lead set revision = revision where organisation_id = $1 and id = $2";

    /// A lead, with the partner that has it now.
    ONE = "
        select l.id, l.organisation_id, l.company, l.domain, l.country, l.region, l.city,
               l.contact_name, l.contact_email, l.contact_phone, l.consent, l.source, l.campaign,
               l.family, l.note, l.amount_minor, l.currency, l.state, l.account_id, l.space_id,
               w.record_id as deal_id, l.revision, l.created_at, l.updated_at, v.name as vendor_name,
               o.id as offer_id, o.state as offer_state, o.partner_id, p.name as partner_name,
               o.due_at, o.accepted_at, o.revision as offer_revision
        from lead l
        join organisation v on v.id = l.organisation_id
        left join lead_offer o on o.lead_id = l.id and o.state in ('offered', 'accepted', 'converted')
        left join organisation p on p.id = o.partner_id
        left join live_visible w on w.organisation_id = $1 and w.kind = 'deal' and w.record_id = l.space_id
        where l.organisation_id = $1 and l.id = $2";

    /// A page of leads, newest first: of one state, or of all (an empty word).
    LIST = "
        select l.id, l.organisation_id, l.company, l.domain, l.country, l.region, l.city,
               l.contact_name, l.contact_email, l.contact_phone, l.consent, l.source, l.campaign,
               l.family, l.note, l.amount_minor, l.currency, l.state, l.account_id, l.space_id,
               w.record_id as deal_id, l.revision, l.created_at, l.updated_at, v.name as vendor_name,
               o.id as offer_id, o.state as offer_state, o.partner_id, p.name as partner_name,
               o.due_at, o.accepted_at, o.revision as offer_revision
        from lead l
        join organisation v on v.id = l.organisation_id
        left join lead_offer o on o.lead_id = l.id and o.state in ('offered', 'accepted', 'converted')
        left join organisation p on p.id = o.partner_id
        left join live_visible w on w.organisation_id = $1 and w.kind = 'deal' and w.record_id = l.space_id
        where l.organisation_id = $1 and l.id < $2 and ($3 = '' or l.state = $3)
        order by l.id desc
        limit $4";

    /// A lead's step, if it is still at the revision and in the state that were read.
    SHIFT = "
        update lead
        set state = $5, account_id = $6, space_id = $7, updated_at = $8, revision = revision + 1
        where organisation_id = $1 and id = $2 and revision = $3 and state = $4";

    /// Other leads of the same key that are not put away, newest first.
    TWINS = "
        select id, company, state from lead
        where organisation_id = $1 and key_value = $2 and id <> $3 and state <> 'disqualified'
        order by id desc
        limit 20";

    /// Accounts of the same domain.
    ACCOUNTS = "
        select a.id, a.name
        from account_key k
        join account a on a.id = k.account_id and a.organisation_id = k.organisation_id
        where k.organisation_id = $1 and k.scheme = 'domain' and k.value = $2 and a.deleted_at is null
        order by a.id
        limit 20";

    /// Tells what became of a lead.
    ADD_EVENT unscoped "by the lead that was just moved" = "
        insert into lead_event (lead_id, seq, move, side, person_id, partner_id, state, reason, words, due_at, at)
        select $1, coalesce(max(seq), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10
        from lead_event where lead_id = $1";

    /// What became of a lead, move by move.
    EVENTS unscoped "by the lead that was just read" = "
        select e.move, e.side, p.name as person_name, o.name as partner_name, e.state, e.reason,
               e.words, e.due_at, e.at
        from lead_event e
        left join person p on p.id = e.person_id
        left join organisation o on o.id = e.partner_id
        where e.lead_id = $1
        order by e.seq";
}

/// A lead, as its organisation reads it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Id<LeadKind>,
    pub(super) organisation_id: Id<Organisation>,
    pub(super) vendor_name: String,
    #[sqlx(flatten)]
    pub(super) lead: Lead,
    pub(super) state: State,
    pub(super) account_id: Option<Id<Account>>,
    pub(super) space_id: Option<Id<Space>>,
    pub(super) deal_id: Option<Id<Space>>,
    pub(super) revision: i64,
    pub(super) created_at: Moment,
    pub(super) updated_at: Moment,
    pub(super) offer_id: Option<Id<LeadOffer>>,
    pub(super) offer_state: Option<OfferState>,
    pub(super) partner_id: Option<Id<Organisation>>,
    pub(super) partner_name: Option<String>,
    pub(super) due_at: Option<Moment>,
    pub(super) accepted_at: Option<Moment>,
    pub(super) offer_revision: Option<i64>,
}

/// One thing that became of a lead.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct EventRow {
    pub(super) r#move: Move,
    pub(super) side: Side,
    pub(super) person_name: Option<String>,
    pub(super) partner_name: Option<String>,
    pub(super) state: State,
    pub(super) reason: Option<Reason>,
    pub(super) words: Option<String>,
    pub(super) due_at: Option<Moment>,
    pub(super) at: Moment,
}

/// What an event tells.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) step: Move,
    pub(super) side: Side,
    pub(super) person: Option<Id<Person>>,
    pub(super) partner: Option<Id<Organisation>>,
    pub(super) state: State,
    pub(super) reason: Option<Reason>,
    pub(super) words: Option<String>,
    pub(super) due: Option<Moment>,
}

pub(super) async fn insert(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    id: Id<LeadKind>,
    at: Moment,
) -> Result<(), Fault> {
    tx.run(INSERT).bind(organisation).bind(id).bind(at).execute().await.map(drop)
}

pub(super) async fn write(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    (id, revision): (Id<LeadKind>, i64),
    lead: &Lead,
    at: Moment,
) -> Result<bool, Fault> {
    let written = tx
        .run(WRITE)
        .bind(organisation)
        .bind(id)
        .bind(revision)
        .bind(&lead.company)
        .bind(&lead.domain)
        .bind(lead.key())
        .bind(&lead.country)
        .bind(&lead.region)
        .bind(&lead.city)
        .bind(&lead.contact_name)
        .bind(&lead.contact_email)
        .bind(&lead.contact_phone)
        .bind(lead.consent)
        .bind(lead.source)
        .bind(&lead.campaign)
        .bind(&lead.family)
        .bind(&lead.note)
        .bind(lead.amount_minor)
        .bind(lead.currency)
        .bind(at)
        .execute()
        .await?;
    Ok(written == 1)
}

pub(super) async fn one(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    id: Id<LeadKind>,
) -> Result<Option<Row>, Fault> {
    conn.run(ONE).bind(organisation).bind(id).optional().await
}

/// The same, held to the end of the transaction.
pub(super) async fn hold(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    id: Id<LeadKind>,
) -> Result<Option<Row>, Fault> {
    tx.run(LOCK).bind(organisation).bind(id).execute().await?;
    one(tx, organisation, id).await
}

/// Whether it was moved: false, if somebody was faster.
pub(super) async fn shift(
    tx: &mut Tx,
    before: &Row,
    after: &Row,
    at: Moment,
) -> Result<bool, Fault> {
    let query = tx.run(SHIFT).bind(before.organisation_id).bind(before.id);
    let query = query.bind(before.revision).bind(before.state).bind(after.state);
    let query = query.bind(after.account_id).bind(after.space_id).bind(at);
    Ok(query.execute().await? == 1)
}

pub(super) async fn twins(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    key: &str,
    but: Id<LeadKind>,
) -> Result<Vec<(Id<LeadKind>, String, State)>, Fault> {
    conn.run(TWINS).bind(organisation).bind(key).bind(but).all().await
}

pub(super) async fn accounts(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    key: &str,
) -> Result<Vec<(Id<Account>, String)>, Fault> {
    conn.run(ACCOUNTS).bind(organisation).bind(key).all().await
}

pub(super) async fn add_event(
    tx: &mut Tx,
    id: Id<LeadKind>,
    told: &Told,
    at: Moment,
) -> Result<(), Fault> {
    let query = tx.run(ADD_EVENT).bind(id).bind(told.step).bind(told.side);
    let query = query.bind(told.person).bind(told.partner).bind(told.state);
    let query = query.bind(told.reason).bind(&told.words).bind(told.due).bind(at);
    query.execute().await.map(drop)
}

pub(super) async fn events(
    conn: &mut Conn,
    id: Id<LeadKind>,
) -> Result<Vec<EventRow>, Fault> {
    conn.run(EVENTS).bind(id).all().await
}
