//! The tables `registration` and `registration_event`. Every statement
//! binds the acting organisation as vendor or partner.

use kernel::{
    Currency, Fault, Id, Moment, Organisation, Partnership, Person, Registration, Space,
};
use store::{Conn, Tx, statements};

use super::{
    CustomerKey, KeyScheme, Month, Move, Reason, Side, State, Wanted,
    terms::{list_text, read_list},
};

statements! {
    /// The live partnership with a vendor.
    PARTNERSHIP unscoped "both organisations are bound" = "
        select id from partnership
        where ((proposer_id = $1 and answerer_id = $2) or (proposer_id = $2 and answerer_id = $1))
          and state in ('active', 'ending') and suspended_by is null";

    /// Keeps a new draft.
    INSERT unscoped "partner_id is the organisation" = "
        insert into registration (id, vendor_id, partner_id, partnership_id, customer, families, territories, state, told_overdue, warned_days, conflicts, revision, created_at, updated_at)
        values ($1, $2, $3, $4, '', '[]', '[]', 'draft', 0, 0, 0, 1, $5, $5)";

    /// What a partner writes, while it may, if it is still at the revision that was read.
    WRITE unscoped "partner_id is the organisation" = "
        update registration
        set customer = $4, city = $5, key_scheme = $6, key_text = $7, key_value = $8, families = $9,
            territories = $10, amount_minor = $11, currency = $12, close_month = $13, note = $14,
            updated_at = $15, revision = revision + 1
        where id = $2 and partner_id = $1 and revision = $3 and state in ('draft', 'action_required')";

    /// A registration, for one of its two sides. A draft is its partner's alone; what a partner
    /// registered goes dark for it with the partnership.
    ONE = "
        select r.id, r.vendor_id, v.name as vendor_name, r.partner_id, p.name as partner_name,
               r.customer, r.city, r.key_scheme, r.key_text, r.key_value, r.families,
               r.territories, r.amount_minor, r.currency, r.close_month, r.note, r.state,
               r.submitted_at, r.answer_due, r.answered_at, r.told_overdue, r.until,
               r.wished_days, r.warned_days, r.first_by, f.name as first_name, r.first_days,
               r.first_at, r.conflicts, r.space_id, w.record_id as deal_id, r.revision, r.updated_at,
               cast(case when h.state in ('active', 'ending') and h.suspended_by is null then 1 else 0 end as bigint) as live
        from registration r
        join organisation v on v.id = r.vendor_id
        join organisation p on p.id = r.partner_id
        join partnership h on h.id = r.partnership_id
        left join person f on f.id = r.first_by
        left join live_visible w on w.organisation_id = $1 and w.kind = 'deal' and w.record_id = r.space_id
        where r.id = $2
          and ((r.partner_id = $1 and h.state in ('active', 'ending') and h.suspended_by is null)
               or (r.vendor_id = $1 and r.submitted_at is not null))";

    /// A page of registrations, newest first: $3 is the side (1 the partner's, 2 the vendor's,
    /// 0 either), $4 which (1 that wait for the reader, 2 overdue at $5, 0 all).
    LIST = "
        select r.id, r.vendor_id, v.name as vendor_name, r.partner_id, p.name as partner_name,
               r.customer, r.city, r.key_scheme, r.key_text, r.key_value, r.families,
               r.territories, r.amount_minor, r.currency, r.close_month, r.note, r.state,
               r.submitted_at, r.answer_due, r.answered_at, r.told_overdue, r.until,
               r.wished_days, r.warned_days, r.first_by, f.name as first_name, r.first_days,
               r.first_at, r.conflicts, r.space_id, w.record_id as deal_id, r.revision, r.updated_at,
               cast(case when h.state in ('active', 'ending') and h.suspended_by is null then 1 else 0 end as bigint) as live
        from registration r
        join organisation v on v.id = r.vendor_id
        join organisation p on p.id = r.partner_id
        join partnership h on h.id = r.partnership_id
        left join person f on f.id = r.first_by
        left join live_visible w on w.organisation_id = $1 and w.kind = 'deal' and w.record_id = r.space_id
        where r.id < $2
          and ((r.partner_id = $1 and $3 <> 2 and h.state in ('active', 'ending') and h.suspended_by is null)
               or (r.vendor_id = $1 and $3 <> 1 and r.submitted_at is not null))
          and ($4 <> 1
               or (r.partner_id = $1 and r.state in ('draft', 'action_required'))
               or (r.vendor_id = $1 and r.state in ('submitted', 'in_review', 'extension_asked')))
          and ($4 <> 2 or (r.state in ('submitted', 'in_review') and r.answer_due < $5))
        order by r.id desc
        limit $6";

    /// A registration's step, if it is still at the revision and in the state that were read,
    /// and the partnership stands.
    SHIFT unscoped "vendor_id or partner_id is the organisation" = "
        update registration
        set state = $5, key_value = $6, families = $7, territories = $8, submitted_at = $9,
            answer_due = $10, answered_at = $11, told_overdue = $12, until = $13, wished_days = $14,
            warned_days = $15, first_by = $16, first_days = $17, first_at = $18, conflicts = $19,
            space_id = $20, updated_at = $21, revision = revision + 1
        where id = $2 and (vendor_id = $1 or partner_id = $1) and revision = $3 and state = $4
          and exists (
              select 1 from partnership h
              where h.id = registration.partnership_id
                and h.state in ('active', 'ending') and h.suspended_by is null)";

    /// The first of two approvals: the vendor's own affair, so the revision stays.
    SIGN unscoped "vendor_id is the organisation" = "
        update registration set first_by = $4, first_days = $5, first_at = $6
        where id = $2 and vendor_id = $1 and revision = $3 and state = 'in_review' and first_by is null";

    /// What the clock has told already.
    TELL unscoped "vendor_id is the organisation" = "
        update registration set told_overdue = $3, warned_days = $4
        where id = $2 and vendor_id = $1 and (told_overdue <> $3 or warned_days <> $4)";

    /// Tells what became of a registration.
    ADD_EVENT unscoped "by the registration that was just moved" = "
        insert into registration_event (registration_id, seq, move, side, person_id, state, reason, words, days, until, at)
        select $1, coalesce(max(seq), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10
        from registration_event where registration_id = $1";

    /// What became of a registration, move by move.
    EVENTS unscoped "by the registration that was just read" = "
        select e.seq, e.move, e.side, p.name as person_name, e.state, e.reason, e.words, e.days,
               e.until, e.at
        from registration_event e
        left join person p on p.id = e.person_id
        where e.registration_id = $1
        order by e.seq";

    /// What the clock has to look at: protections that end within 14 days, late answers.
    DUE unscoped "the clock looks after all" = "
        select r.id, r.vendor_id
        from registration r
        join partnership h on h.id = r.partnership_id
        where h.state in ('active', 'ending') and h.suspended_by is null
          and ((r.state in ('approved', 'extension_asked')
                and (r.until <= $1 or (r.until <= $2 and r.warned_days = 0) or (r.until <= $3 and r.warned_days <> 3)))
               or (r.state in ('submitted', 'in_review') and r.answer_due < $1 and r.told_overdue = 0))
        order by r.id
        limit 500";

    /// The names and domains of a vendor's other partners.
    OTHER_PARTNERS unscoped "both organisations are bound" = "
        select distinct o.name, o.domain
        from partnership h
        join organisation o on o.id = case when h.proposer_id = $1 then h.answerer_id else h.proposer_id end
        where (h.proposer_id = $1 or h.answerer_id = $1) and o.id <> $2";
}

/// A registration, as one of its sides reads it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Id<Registration>,
    pub(super) vendor_id: Id<Organisation>,
    pub(super) vendor_name: String,
    pub(super) partner_id: Id<Organisation>,
    pub(super) partner_name: String,
    pub(super) customer: String,
    pub(super) city: Option<String>,
    pub(super) key_scheme: Option<KeyScheme>,
    pub(super) key_text: Option<String>,
    pub(super) key_value: Option<String>,
    pub(super) families: String,
    pub(super) territories: String,
    pub(super) amount_minor: Option<i64>,
    pub(super) currency: Option<Currency>,
    pub(super) close_month: Option<String>,
    pub(super) note: Option<String>,
    pub(super) state: State,
    pub(super) submitted_at: Option<Moment>,
    pub(super) answer_due: Option<Moment>,
    pub(super) answered_at: Option<Moment>,
    pub(super) told_overdue: i64,
    pub(super) until: Option<Moment>,
    pub(super) wished_days: Option<i64>,
    pub(super) warned_days: i64,
    pub(super) first_by: Option<Id<Person>>,
    pub(super) first_name: Option<String>,
    pub(super) first_days: Option<i64>,
    pub(super) first_at: Option<Moment>,
    pub(super) conflicts: i64,
    pub(super) space_id: Option<Id<Space>>,
    pub(super) deal_id: Option<Id<Space>>,
    pub(super) revision: i64,
    pub(super) updated_at: Moment,
    pub(super) live: i64,
}

impl Row {
    /// What it says.
    pub(super) fn wanted(&self) -> Result<Wanted, Fault> {
        let month = self.close_month.as_deref().map(Month::read).transpose();
        Ok(Wanted {
            customer: self.customer.clone(),
            city: self.city.clone(),
            key_scheme: self.key_scheme,
            key_text: self.key_text.clone(),
            families: read_list(&self.families)?,
            territories: read_list(&self.territories)?,
            amount_minor: self.amount_minor,
            currency: self.currency,
            close_month: month.map_err(Fault::new("reading a registration's month"))?,
            note: self.note.clone(),
        })
    }

    /// The customer's key, once it was read.
    pub(super) fn key(&self) -> Option<CustomerKey> {
        let (scheme, value) = self.key_scheme.zip(self.key_value.clone())?;
        Some(CustomerKey { scheme, value })
    }

    /// Which side an organisation is.
    pub(super) fn side(&self, organisation: Id<Organisation>) -> Side {
        if organisation == self.vendor_id { Side::Vendor } else { Side::Partner }
    }
}

/// One thing that became of a registration.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct EventRow {
    pub(super) seq: i64,
    pub(super) r#move: Move,
    pub(super) side: Side,
    pub(super) person_name: Option<String>,
    pub(super) state: State,
    pub(super) reason: Option<Reason>,
    pub(super) words: Option<String>,
    pub(super) days: Option<i64>,
    pub(super) until: Option<Moment>,
    pub(super) at: Moment,
}

/// What an event tells.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub(super) person: Option<Id<Person>>,
    pub(super) reason: Option<Reason>,
    pub(super) words: Option<String>,
    pub(super) days: Option<i64>,
}

pub(super) async fn partnership(
    conn: &mut Conn,
    one: Id<Organisation>,
    other: Id<Organisation>,
) -> Result<Option<Id<Partnership>>, Fault> {
    let found: Option<(Id<Partnership>,)> =
        conn.run(PARTNERSHIP).bind(one).bind(other).optional().await?;
    Ok(found.map(|(id,)| id))
}

pub(super) async fn insert(
    tx: &mut Tx,
    id: Id<Registration>,
    (vendor, partner): (Id<Organisation>, Id<Organisation>),
    partnership: Id<Partnership>,
    at: Moment,
) -> Result<(), Fault> {
    let query = tx.run(INSERT).bind(id).bind(vendor).bind(partner);
    query.bind(partnership).bind(at).execute().await.map(drop)
}

pub(super) async fn write(
    tx: &mut Tx,
    partner: Id<Organisation>,
    (id, revision): (Id<Registration>, i64),
    wanted: &Wanted,
    at: Moment,
) -> Result<bool, Fault> {
    let key = wanted.key_scheme.zip(wanted.key_text.as_deref());
    let key = key.and_then(|(scheme, text)| CustomerKey::read(scheme, text).ok());
    let written = tx
        .run(WRITE)
        .bind(partner)
        .bind(id)
        .bind(revision)
        .bind(&wanted.customer)
        .bind(&wanted.city)
        .bind(wanted.key_scheme)
        .bind(&wanted.key_text)
        .bind(key.map(|key| key.value))
        .bind(list_text(&wanted.families)?)
        .bind(list_text(&wanted.territories)?)
        .bind(wanted.amount_minor)
        .bind(wanted.currency)
        .bind(wanted.close_month.map(Month::text))
        .bind(&wanted.note)
        .bind(at)
        .execute()
        .await?;
    Ok(written == 1)
}

pub(super) async fn one(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    id: Id<Registration>,
) -> Result<Option<Row>, Fault> {
    conn.run(ONE).bind(organisation).bind(id).optional().await
}

/// Whether it was moved: false, if somebody was faster, or the partnership does not stand.
pub(super) async fn shift(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    before: &Row,
    after: &Row,
    at: Moment,
) -> Result<bool, Fault> {
    let moved = tx
        .run(SHIFT)
        .bind(organisation)
        .bind(before.id)
        .bind(before.revision)
        .bind(before.state)
        .bind(after.state)
        .bind(&after.key_value)
        .bind(&after.families)
        .bind(&after.territories)
        .bind(after.submitted_at)
        .bind(after.answer_due)
        .bind(after.answered_at)
        .bind(after.told_overdue)
        .bind(after.until)
        .bind(after.wished_days)
        .bind(after.warned_days)
        .bind(after.first_by)
        .bind(after.first_days)
        .bind(after.first_at)
        .bind(after.conflicts)
        .bind(after.space_id)
        .bind(at)
        .execute()
        .await?;
    Ok(moved == 1)
}

pub(super) async fn sign(
    tx: &mut Tx,
    row: &Row,
    person: Option<Id<Person>>,
    days: i64,
    at: Moment,
) -> Result<bool, Fault> {
    let query = tx.run(SIGN).bind(row.vendor_id).bind(row.id).bind(row.revision);
    Ok(query.bind(person).bind(days).bind(at).execute().await? == 1)
}

pub(super) async fn tell(
    tx: &mut Tx,
    row: &Row,
    told_overdue: i64,
    warned_days: i64,
) -> Result<bool, Fault> {
    let query = tx.run(TELL).bind(row.vendor_id).bind(row.id);
    Ok(query.bind(told_overdue).bind(warned_days).execute().await? == 1)
}

pub(super) async fn add_event(
    tx: &mut Tx,
    after: &Row,
    (step, by): (Move, Side),
    told: &Told,
    at: Moment,
) -> Result<(), Fault> {
    tx.run(ADD_EVENT)
        .bind(after.id)
        .bind(step)
        .bind(by)
        .bind(told.person)
        .bind(after.state)
        .bind(told.reason)
        .bind(&told.words)
        .bind(told.days)
        .bind(after.until)
        .bind(at)
        .execute()
        .await
        .map(drop)
}

pub(super) async fn events(
    conn: &mut Conn,
    id: Id<Registration>,
) -> Result<Vec<EventRow>, Fault> {
    conn.run(EVENTS).bind(id).all().await
}

pub(super) async fn other_partners(
    conn: &mut Conn,
    vendor: Id<Organisation>,
    partner: Id<Organisation>,
) -> Result<Vec<(String, String)>, Fault> {
    conn.run(OTHER_PARTNERS).bind(vendor).bind(partner).all().await
}
