//! The tables `fund` and `fund_allocation`, and the view `fund_part`.

use kernel::{
    Currency, Fault, Fund, FundAllocation, Id, Moment, Organisation, Partnership,
};
use store::{Conn, Tx, statements};

use super::{FundState, Proof, run::Terms};

statements! {
    /// The live partnership with a partner.
    PARTNERSHIP unscoped "both organisations are bound" = "
        select id from partnership
        where ((proposer_id = $1 and answerer_id = $2) or (proposer_id = $2 and answerer_id = $1))
          and state in ('active', 'ending') and suspended_by is null";

    /// Keeps a new fund, which is a draft and holds nothing yet.
    INSERT unscoped "vendor_id is the organisation" = "
        insert into fund (id, vendor_id, name, currency, starts_on, ends_on, share_percent, claim_days, words, proofs, state, amount_minor, free_minor, expired_minor, postings, revision, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'draft', $11, 0, 0, 0, 1, $12, $12)";

    /// What a fund says and where it stands, if it is still at the revision that was read.
    WRITE unscoped "vendor_id is the organisation" = "
        update fund
        set name = $4, currency = $5, starts_on = $6, ends_on = $7, share_percent = $8,
            claim_days = $9, words = $10, proofs = $11, amount_minor = $12, state = $13,
            updated_at = $14, revision = revision + 1
        where id = $2 and vendor_id = $1 and revision = $3";

    /// A fund of an organisation, with what its parts hold together.
    ONE unscoped "vendor_id is the organisation" = "
        select f.id, f.vendor_id, f.name, f.currency, f.starts_on, f.ends_on, f.share_percent,
               f.claim_days, f.words, f.proofs, f.state, f.amount_minor, f.free_minor,
               f.expired_minor, f.revision,
               cast(coalesce(sum(a.free_minor), 0) as bigint) as allocated_minor,
               cast(coalesce(sum(a.reserved_minor), 0) as bigint) as reserved_minor,
               cast(coalesce(sum(a.claimed_minor), 0) as bigint) as claimed_minor,
               cast(coalesce(sum(a.paid_minor), 0) as bigint) as paid_minor
        from fund f
        left join fund_allocation a on a.fund_id = f.id
        where f.id = $2 and f.vendor_id = $1
        group by f.id";

    /// A page of an organisation's funds, newest first.
    LIST unscoped "vendor_id is the organisation" = "
        select f.id, f.vendor_id, f.name, f.currency, f.starts_on, f.ends_on, f.share_percent,
               f.claim_days, f.words, f.proofs, f.state, f.amount_minor, f.free_minor,
               f.expired_minor, f.revision,
               cast(coalesce(sum(a.free_minor), 0) as bigint) as allocated_minor,
               cast(coalesce(sum(a.reserved_minor), 0) as bigint) as reserved_minor,
               cast(coalesce(sum(a.claimed_minor), 0) as bigint) as claimed_minor,
               cast(coalesce(sum(a.paid_minor), 0) as bigint) as paid_minor
        from fund f
        left join fund_allocation a on a.fund_id = f.id
        where f.vendor_id = $1 and f.id < $2
        group by f.id
        order by f.id desc
        limit $3";

    /// Keeps a new part of a fund, which holds nothing yet.
    INSERT_PART unscoped "by the fund that was just read as the vendor's" = "
        insert into fund_allocation (id, fund_id, partner_id, partnership_id, free_minor, reserved_minor, claimed_minor, paid_minor, revision, created_at, updated_at)
        values ($1, $2, $3, $4, 0, 0, 0, 0, 1, $5, $5)
        on conflict do nothing";

    /// A part of a fund, for one of its two sides.
    PART unscoped "vendor_id or partner_id is the organisation" = "
        select * from fund_part
        where id = $2 and (vendor_id = $1 or (partner_id = $1 and live = 1))";

    /// The parts of a vendor's fund.
    PARTS unscoped "vendor_id is the organisation" = "
        select * from fund_part where vendor_id = $1 and fund_id = $2 order by id";

    /// What an organisation has of its vendors' funds, newest first.
    OURS unscoped "partner_id is the organisation" = "
        select * from fund_part
        where partner_id = $1 and live = 1 and id < $2
        order by id desc
        limit $3";

    /// Parts of open funds that have ended, with money that nobody asked for.
    LAPSED unscoped "the clock looks after all" = "
        select id, vendor_id from fund_part
        where fund_state = 'open' and ends_on < $1 and free_minor > pending_minor
        order by id
        limit 500";
}

/// A fund, with what it holds.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct FundRow {
    pub(super) id: Id<Fund>,
    pub(super) vendor_id: Id<Organisation>,
    pub(super) name: String,
    pub(super) currency: Currency,
    pub(super) starts_on: String,
    pub(super) ends_on: String,
    pub(super) share_percent: i64,
    pub(super) claim_days: i64,
    pub(super) words: String,
    pub(super) proofs: String,
    pub(super) state: FundState,
    pub(super) amount_minor: i64,
    pub(super) free_minor: i64,
    pub(super) expired_minor: i64,
    pub(super) allocated_minor: i64,
    pub(super) reserved_minor: i64,
    pub(super) claimed_minor: i64,
    pub(super) paid_minor: i64,
    pub(super) revision: i64,
}

/// A part of a fund, with the fund's terms.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct PartRow {
    pub(super) id: Id<FundAllocation>,
    pub(super) fund_id: Id<Fund>,
    pub(super) vendor_id: Id<Organisation>,
    pub(super) vendor_name: String,
    pub(super) partner_id: Id<Organisation>,
    pub(super) partner_name: String,
    pub(super) fund_name: String,
    pub(super) currency: Currency,
    pub(super) starts_on: String,
    pub(super) ends_on: String,
    pub(super) share_percent: i64,
    pub(super) claim_days: i64,
    pub(super) words: String,
    pub(super) proofs: String,
    pub(super) fund_state: FundState,
    pub(super) free_minor: i64,
    pub(super) reserved_minor: i64,
    pub(super) claimed_minor: i64,
    pub(super) paid_minor: i64,
    pub(super) pending_minor: i64,
    pub(super) revision: i64,
    pub(super) live: i64,
}

impl PartRow {
    /// What may still be asked for.
    pub(super) fn rest_minor(&self) -> i64 {
        (self.free_minor - self.pending_minor).max(0)
    }

    /// What cannot be taken back: asked for, reserved, claimed, paid.
    pub(super) const fn used_minor(&self) -> i64 {
        self.pending_minor + self.reserved_minor + self.claimed_minor + self.paid_minor
    }

    /// All that was given.
    pub(super) const fn amount_minor(&self) -> i64 {
        self.free_minor + self.reserved_minor + self.claimed_minor + self.paid_minor
    }
}

pub(super) fn proofs_of(text: &str) -> Result<Vec<Proof>, Fault> {
    serde_json::from_str(text).map_err(Fault::new("reading which proofs a fund demands"))
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
    (id, vendor): (Id<Fund>, Id<Organisation>),
    terms: &Terms,
    at: Moment,
) -> Result<(), Fault> {
    let query = tx.run(INSERT).bind(id).bind(vendor).bind(&terms.name);
    let query = query.bind(terms.currency).bind(terms.starts_on.to_string());
    let query = query.bind(terms.ends_on.to_string()).bind(terms.share_percent);
    let query = query.bind(terms.claim_days).bind(&terms.words);
    let query = query.bind(terms.proofs_text()?).bind(terms.amount_minor);
    query.bind(at).execute().await.map(drop)
}

/// Whether it was written: false, if somebody was faster.
pub(super) async fn write(
    tx: &mut Tx,
    before: &FundRow,
    (terms, amount_minor, state): (&Terms, i64, FundState),
    at: Moment,
) -> Result<bool, Fault> {
    let query = tx.run(WRITE).bind(before.vendor_id).bind(before.id);
    let query = query.bind(before.revision).bind(&terms.name).bind(terms.currency);
    let query = query.bind(terms.starts_on.to_string()).bind(terms.ends_on.to_string());
    let query = query.bind(terms.share_percent).bind(terms.claim_days);
    let query = query.bind(&terms.words).bind(terms.proofs_text()?);
    let query = query.bind(amount_minor).bind(state).bind(at);
    Ok(query.execute().await? == 1)
}

pub(super) async fn one(
    conn: &mut Conn,
    vendor: Id<Organisation>,
    id: Id<Fund>,
) -> Result<Option<FundRow>, Fault> {
    conn.run(ONE).bind(vendor).bind(id).optional().await
}

pub(super) async fn list(
    conn: &mut Conn,
    vendor: Id<Organisation>,
    before: Id<Fund>,
    limit: i64,
) -> Result<Vec<FundRow>, Fault> {
    conn.run(LIST).bind(vendor).bind(before).bind(limit).all().await
}

/// Whether it was kept: false, if the partnership has a part already.
pub(super) async fn insert_part(
    tx: &mut Tx,
    (id, fund): (Id<FundAllocation>, Id<Fund>),
    (partner, partnership): (Id<Organisation>, Id<Partnership>),
    at: Moment,
) -> Result<bool, Fault> {
    let query = tx.run(INSERT_PART).bind(id).bind(fund).bind(partner);
    Ok(query.bind(partnership).bind(at).execute().await? == 1)
}

pub(super) async fn part(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    id: Id<FundAllocation>,
) -> Result<Option<PartRow>, Fault> {
    conn.run(PART).bind(organisation).bind(id).optional().await
}

pub(super) async fn parts(
    conn: &mut Conn,
    vendor: Id<Organisation>,
    fund: Id<Fund>,
) -> Result<Vec<PartRow>, Fault> {
    conn.run(PARTS).bind(vendor).bind(fund).all().await
}

pub(super) async fn ours(
    conn: &mut Conn,
    partner: Id<Organisation>,
    before: Id<FundAllocation>,
    limit: i64,
) -> Result<Vec<PartRow>, Fault> {
    conn.run(OURS).bind(partner).bind(before).bind(limit).all().await
}
