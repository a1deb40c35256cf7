//! The tables `deal` and `deal_side`: one deal at a time.

use gate::Scope;
use kernel::{Account, Currency, Day, Fault, Id, Moment, Organisation, Party, Space};
use sharing::Mask;
use store::{Conn, Tx, statements};

use super::{
    Stage,
    rules::{Card, Side, read_published},
};
use crate::OrgRef;

statements! {
    /// A card, for an organisation that takes part now, with the mask under which it reads.
    CARD = "
        select d.space_id, d.title, d.account_name, d.amount_minor, d.currency, d.stage,
               d.close_on, d.next_step, d.revision, d.updated_at, v.mask, v.sort_at,
               s.host_id, h.name as host_name, s.visibility, s.state,
               m.stage_name as own_stage_name
        from live_visible v
        join deal d on d.space_id = v.record_id
        join space s on s.id = d.space_id
        join organisation h on h.id = s.host_id
        left join deal_side m on m.organisation_id = v.organisation_id and m.space_id = v.record_id
        where v.organisation_id = $1 and v.kind = 'deal' and v.record_id = $2";

    /// Keeps a new card.
    ADD_CARD unscoped "the space that was just opened names its host" = "
        insert into deal (space_id, title, account_name, amount_minor, currency, stage, close_on, next_step, revision, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $9)";

    /// Changes a card, if it is still at the revision that was read, for one who may.
    CHANGE_CARD = "
        update deal
        set title = $4, account_name = $5, amount_minor = $6, currency = $7, close_on = $8,
            next_step = $9, updated_at = $10, revision = revision + 1
        where space_id = $2 and revision = $3
          and exists (
              select 1 from live_visible v
              where v.organisation_id = $1 and v.kind = 'deal' and v.record_id = deal.space_id
                and ',' || v.verbs || ',' like '%,edit,%')";

    /// Moves a deal to a stage, if it is still at the revision that was read.
    CHANGE_STAGE = "
        update deal
        set stage = $4, updated_at = $5, revision = revision + 1
        where space_id = $2 and revision = $3
          and exists (
              select 1 from live_visible v
              where v.organisation_id = $1 and v.kind = 'deal' and v.record_id = deal.space_id
                and ',' || v.verbs || ',' like '%,edit,%')";

    /// A party's own side.
    SIDE = "
        select s.account_id, s.stage_name, s.margin_bp, s.forecast_minor, s.notes, s.crm_id,
               s.published, s.revision
        from deal_side s
        join live_party p on p.organisation_id = s.organisation_id and p.space_id = s.space_id
        where s.organisation_id = $1 and s.space_id = $2";

    /// Begins a side; one that was there before stays.
    ADD_SIDE = "
        insert into deal_side (space_id, organisation_id, account_id, published, revision, updated_at)
        values ($2, $1, $3, '', 1, $4)
        on conflict do nothing";

    /// Changes a side, if it is still at the revision that was read.
    CHANGE_SIDE = "
        update deal_side
        set stage_name = $4, margin_bp = $5, forecast_minor = $6, notes = $7, crm_id = $8,
            published = $9, updated_at = $10, revision = revision + 1
        where organisation_id = $1 and space_id = $2 and revision = $3";

    /// The sides of the other live parties, as far as they publish something. Where parties
    /// do not see each other, only to and from the host.
    OTHER_SIDES = "
        select s.organisation_id, o.name as organisation_name, s.stage_name, s.margin_bp,
               s.forecast_minor, s.notes, s.crm_id, s.published
        from live_party me
        join space sp on sp.id = me.space_id
        join live_party p on p.space_id = me.space_id and p.organisation_id <> me.organisation_id
        join deal_side s on s.space_id = p.space_id and s.organisation_id = p.organisation_id
        join organisation o on o.id = s.organisation_id
        where me.organisation_id = $1 and me.space_id = $2 and s.published <> ''
          and (sp.visibility = 'full' or me.role = 'host' or p.role = 'host')
        order by p.id";

    /// The masks that were offered to those who have not answered yet.
    OFFERED_MASKS unscoped "by the space that the caller has shown its right to" = "
        select offered_mask from space_party where space_id = $1 and state = 'invited'";

    /// The title of a deal, for the two sides of a party of it.
    TITLE = "
        select d.title
        from space_party p
        join space s on s.id = p.space_id
        join deal d on d.space_id = p.space_id
        where p.id = $2 and (p.organisation_id = $1 or s.host_id = $1)";

    /// Whether an account is the organisation's own, or shared with it.
    KNOWS_ACCOUNT = "
        select count(*) from account a
        where a.id = $2 and a.deleted_at is null
          and (a.organisation_id = $1
               or exists (
                   select 1 from live_visible v
                   where v.organisation_id = $1 and v.kind = 'account' and v.record_id = a.id))";
}

/// A card with the right by which it is read.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct CardRow {
    pub(super) space_id: Id<Space>,
    title: String,
    account_name: String,
    amount_minor: i64,
    currency: Currency,
    pub(super) stage: Stage,
    close_on: Option<Day>,
    next_step: Option<String>,
    pub(super) revision: i64,
    pub(super) updated_at: Moment,
    mask: String,
    pub(super) sort_at: Moment,
    host_id: Id<Organisation>,
    host_name: String,
    pub(super) visibility: String,
    pub(super) state: String,
    pub(super) own_stage_name: Option<String>,
}

impl CardRow {
    pub(super) fn card(&self) -> Card {
        Card {
            title: self.title.clone(),
            account: self.account_name.clone(),
            amount_minor: self.amount_minor,
            currency: self.currency,
            close_on: self.close_on,
            next_step: self.next_step.clone(),
        }
    }

    pub(super) fn mask(&self) -> Mask {
        Mask::read(&self.mask)
    }

    pub(super) fn host(&self) -> OrgRef {
        OrgRef { id: self.host_id, name: self.host_name.clone() }
    }
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct SideRow {
    pub(super) account_id: Option<Id<Account>>,
    stage_name: Option<String>,
    margin_bp: Option<i64>,
    forecast_minor: Option<i64>,
    notes: Option<String>,
    crm_id: Option<String>,
    published: String,
    pub(super) revision: i64,
}

impl SideRow {
    pub(super) fn side(&self) -> Side {
        Side {
            stage_name: self.stage_name.clone(),
            margin_bp: self.margin_bp,
            forecast_minor: self.forecast_minor,
            notes: self.notes.clone(),
            crm_id: self.crm_id.clone(),
            published: read_published(&self.published),
        }
    }
}

/// What another party lets be read of its side.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct OtherSideRow {
    pub(super) organisation_id: Id<Organisation>,
    pub(super) organisation_name: String,
    stage_name: Option<String>,
    margin_bp: Option<i64>,
    forecast_minor: Option<i64>,
    notes: Option<String>,
    crm_id: Option<String>,
    published: String,
}

impl OtherSideRow {
    pub(super) fn side(&self) -> Side {
        Side {
            stage_name: self.stage_name.clone(),
            margin_bp: self.margin_bp,
            forecast_minor: self.forecast_minor,
            notes: self.notes.clone(),
            crm_id: self.crm_id.clone(),
            published: read_published(&self.published),
        }
    }
}

pub(super) async fn card(
    conn: &mut Conn,
    scope: Scope,
    deal: Id<Space>,
) -> Result<Option<CardRow>, Fault> {
    conn.run(CARD).bind(scope.organisation()).bind(deal).optional().await
}

pub(super) async fn add_card(
    tx: &mut Tx,
    deal: Id<Space>,
    card: &Card,
    stage: Stage,
    at: Moment,
) -> Result<(), Fault> {
    tx.run(ADD_CARD)
        .bind(deal)
        .bind(&card.title)
        .bind(&card.account)
        .bind(card.amount_minor)
        .bind(card.currency)
        .bind(stage)
        .bind(card.close_on)
        .bind(&card.next_step)
        .bind(at)
        .execute()
        .await
        .map(drop)
}

pub(super) async fn change_card(
    tx: &mut Tx,
    scope: Scope,
    deal: Id<Space>,
    revision: i64,
    card: &Card,
    at: Moment,
) -> Result<bool, Fault> {
    let changed = tx
        .run(CHANGE_CARD)
        .bind(scope.organisation())
        .bind(deal)
        .bind(revision)
        .bind(&card.title)
        .bind(&card.account)
        .bind(card.amount_minor)
        .bind(card.currency)
        .bind(card.close_on)
        .bind(&card.next_step)
        .bind(at)
        .execute()
        .await?;
    Ok(changed == 1)
}

pub(super) async fn change_stage(
    tx: &mut Tx,
    scope: Scope,
    deal: Id<Space>,
    revision: i64,
    stage: Stage,
    at: Moment,
) -> Result<bool, Fault> {
    let query = tx.run(CHANGE_STAGE).bind(scope.organisation()).bind(deal);
    let changed = query.bind(revision).bind(stage).bind(at).execute().await?;
    Ok(changed == 1)
}

pub(super) async fn side(
    conn: &mut Conn,
    scope: Scope,
    deal: Id<Space>,
) -> Result<Option<SideRow>, Fault> {
    conn.run(SIDE).bind(scope.organisation()).bind(deal).optional().await
}

pub(super) async fn add_side(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    deal: Id<Space>,
    account: Option<Id<Account>>,
    at: Moment,
) -> Result<(), Fault> {
    let query = tx.run(ADD_SIDE).bind(organisation).bind(deal);
    query.bind(account).bind(at).execute().await.map(drop)
}

pub(super) async fn change_side(
    tx: &mut Tx,
    scope: Scope,
    deal: Id<Space>,
    revision: i64,
    side: &Side,
    at: Moment,
) -> Result<bool, Fault> {
    let changed = tx
        .run(CHANGE_SIDE)
        .bind(scope.organisation())
        .bind(deal)
        .bind(revision)
        .bind(&side.stage_name)
        .bind(side.margin_bp)
        .bind(side.forecast_minor)
        .bind(&side.notes)
        .bind(&side.crm_id)
        .bind(side.published.join(","))
        .bind(at)
        .execute()
        .await?;
    Ok(changed == 1)
}

pub(super) async fn other_sides(
    conn: &mut Conn,
    scope: Scope,
    deal: Id<Space>,
) -> Result<Vec<OtherSideRow>, Fault> {
    conn.run(OTHER_SIDES).bind(scope.organisation()).bind(deal).all().await
}

pub(super) async fn offered_masks(
    conn: &mut Conn,
    deal: Id<Space>,
) -> Result<Vec<Mask>, Fault> {
    let rows: Vec<(String,)> = conn.run(OFFERED_MASKS).bind(deal).all().await?;
    Ok(rows.iter().map(|(mask,)| Mask::read(mask)).collect())
}

/// The whole title, to keep sort keys and to tell the host: it goes to nobody else.
pub(super) async fn title(
    conn: &mut Conn,
    party: Id<Party>,
    organisation: Id<Organisation>,
) -> Result<Option<String>, Fault> {
    let title: Option<(String,)> =
        conn.run(TITLE).bind(organisation).bind(party).optional().await?;
    Ok(title.map(|(title,)| title))
}

pub(super) async fn knows_account(
    conn: &mut Conn,
    scope: Scope,
    account: Id<Account>,
) -> Result<bool, Fault> {
    let query = conn.run(KNOWS_ACCOUNT).bind(scope.organisation()).bind(account);
    let (known,): (i64,) = query.one().await?;
    Ok(known > 0)
}
