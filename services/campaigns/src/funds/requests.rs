//! The table `fund_request`, and what the partner does with a request: writes it, hands it in,
//! takes it back.

use gate::{Permit, Scope};
use kernel::{
    Currency, Day, Fault, Fund, FundAllocation, FundRequest, Id, Moment, Organisation,
};
use store::{Conn, Tx, statements};

use super::{
    Activity, ClaimFunds, Flaw, FundState, Move, Refusal, RequestState, Side, ledger,
    moves::{self, Said},
    rules::share_of,
    run::{amount, day, text},
    sql::{self, PartRow},
    tell,
};

statements! {
    /// Keeps a new draft.
    INSERT unscoped "by the part that was just read as the partner's" = "
        insert into fund_request (id, allocation_id, title, kind, starts_on, ends_on, cost_minor, asked_minor, note, state, rest_minor, revision, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'draft', 0, 1, $10, $10)";

    /// What a request says, if it is still at the revision that was read.
    WRITE unscoped "by a request that was just read as the partner's" = "
        update fund_request
        set title = $3, kind = $4, starts_on = $5, ends_on = $6, cost_minor = $7,
            asked_minor = $8, note = $9, updated_at = $10, revision = revision + 1
        where id = $1 and revision = $2 and state in ('draft', 'action_required')";

    /// Where a request stands, if it is still where it was read.
    SHIFT unscoped "by a request that was just read as one side's" = "
        update fund_request
        set state = $4, submitted_at = $5, approved_minor = $6, rest_minor = $7, use_by = $8,
            updated_at = $9, revision = revision + 1
        where id = $1 and revision = $2 and state = $3";

    /// A request, for one of its two sides. A draft is its partner's alone, and what a partner
    /// asked goes dark for it with the partnership.
    ONE unscoped "vendor_id or partner_id is the organisation" = "
        select r.id, r.allocation_id, a.fund_id, a.fund_name, a.vendor_id, a.vendor_name,
               a.partner_id, a.partner_name, a.currency, a.share_percent, a.claim_days, a.proofs,
               a.live, r.title, r.kind, r.starts_on, r.ends_on, r.cost_minor, r.asked_minor,
               r.note, r.state, r.submitted_at, r.approved_minor, r.rest_minor, r.use_by,
               r.revision, r.updated_at
        from fund_request r
        join fund_part a on a.id = r.allocation_id
        where r.id = $2
          and ((a.partner_id = $1 and a.live = 1) or (a.vendor_id = $1 and r.submitted_at is not null))";

    /// A page of requests, newest first: $3 is the side (1 the partner's, 2 the vendor's, 0
    /// either), $4 the part that they are of, if of one.
    LIST unscoped "vendor_id or partner_id is the organisation" = "
        select r.id, r.allocation_id, a.fund_id, a.fund_name, a.vendor_id, a.vendor_name,
               a.partner_id, a.partner_name, a.currency, a.share_percent, a.claim_days, a.proofs,
               a.live, r.title, r.kind, r.starts_on, r.ends_on, r.cost_minor, r.asked_minor,
               r.note, r.state, r.submitted_at, r.approved_minor, r.rest_minor, r.use_by,
               r.revision, r.updated_at
        from fund_request r
        join fund_part a on a.id = r.allocation_id
        where r.id < $2
          and (($3 <> 2 and a.partner_id = $1 and a.live = 1)
               or ($3 <> 1 and a.vendor_id = $1 and r.submitted_at is not null))
          and r.allocation_id = coalesce($4, r.allocation_id)
        order by r.id desc
        limit $5";

    /// What was approved and not claimed by a moment, and waits for no answer to a claim.
    OVERDUE unscoped "the clock looks after all" = "
        select r.id, a.vendor_id
        from fund_request r
        join fund_part a on a.id = r.allocation_id
        where r.state = 'approved' and r.use_by < $1
          and not exists (select 1 from fund_claim c where c.request_id = r.id and c.state in ('submitted', 'in_review', 'action_required'))
        order by r.id
        limit 500";

    /// Tells what became of a request or a claim of it.
    ADD_EVENT unscoped "by the request that was just moved" = "
        insert into fund_event (request_id, seq, claim_id, move, side, person_id, minor, words, at)
        select $1, coalesce(max(seq), 0) + 1, $2, $3, $4, $5, $6, $7, $8
        from fund_event where request_id = $1";

    /// What became of a request and its claims.
    EVENTS unscoped "by the request that was just read" = "
        select e.seq, e.claim_id, e.move, e.side, p.name as person_name, e.minor, e.words, e.at
        from fund_event e
        left join person p on p.id = e.person_id
        where e.request_id = $1
        order by e.seq";
}

/// A request, as one of its sides reads it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct RequestRow {
    pub(super) id: Id<FundRequest>,
    pub(super) allocation_id: Id<FundAllocation>,
    pub(super) fund_id: Id<Fund>,
    pub(super) fund_name: String,
    pub(super) vendor_id: Id<Organisation>,
    pub(super) vendor_name: String,
    pub(super) partner_id: Id<Organisation>,
    pub(super) partner_name: String,
    pub(super) currency: Currency,
    pub(super) share_percent: i64,
    pub(super) claim_days: i64,
    pub(super) proofs: String,
    pub(super) live: i64,
    pub(super) title: String,
    pub(super) kind: Activity,
    pub(super) starts_on: String,
    pub(super) ends_on: String,
    pub(super) cost_minor: i64,
    pub(super) asked_minor: i64,
    pub(super) note: String,
    pub(super) state: RequestState,
    pub(super) submitted_at: Option<Moment>,
    pub(super) approved_minor: Option<i64>,
    pub(super) rest_minor: i64,
    pub(super) use_by: Option<Moment>,
    pub(super) revision: i64,
    pub(super) updated_at: Moment,
}

impl RequestRow {
    pub(super) fn side(&self, organisation: Id<Organisation>) -> Side {
        if organisation == self.vendor_id { Side::Vendor } else { Side::Partner }
    }
}

/// One thing that became of a request or a claim.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct EventRow {
    pub(super) seq: i64,
    pub(super) claim_id: Option<Id<kernel::FundClaim>>,
    pub(super) r#move: Move,
    pub(super) side: Side,
    pub(super) person_name: Option<String>,
    pub(super) minor: Option<i64>,
    pub(super) words: Option<String>,
    pub(super) at: Moment,
}

/// What a partner wants to do, and what for it asks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Wish {
    /// In a few words; 1 to 160 characters.
    pub(super) title: String,
    /// What kind of thing.
    pub(super) kind: Activity,
    /// Its first day.
    pub(super) starts_on: Day,
    /// Its last one.
    pub(super) ends_on: Day,
    /// What it is to cost.
    pub(super) cost_minor: i64,
    /// What of that the fund is to pay.
    pub(super) asked_minor: i64,
    /// In words; up to 4,000 characters.
    pub(super) note: String,
}

impl Wish {
    fn read(mut self, part: &PartRow) -> Result<Self, Refusal> {
        self.title = text("title", &self.title, 1, 160)?;
        self.note = text("note", &self.note, 0, 4_000)?;
        amount("cost_minor", self.cost_minor)?;
        amount("asked_minor", self.asked_minor)?;
        if self.ends_on < self.starts_on {
            return Err(Flaw { field: "ends_on", why: "it ends before it starts" }.into());
        }
        if self.starts_on < day(&part.starts_on)? || self.ends_on > day(&part.ends_on)? {
            let why = "the fund pays for what happens within its period";
            return Err(Flaw { field: "starts_on", why }.into());
        }
        within_share(part.share_percent, self.cost_minor, self.asked_minor)?;
        Ok(self)
    }

    pub(super) fn of(row: &RequestRow) -> Result<Self, Fault> {
        Ok(Self {
            title: row.title.clone(),
            kind: row.kind,
            starts_on: day(&row.starts_on)?,
            ends_on: day(&row.ends_on)?,
            cost_minor: row.cost_minor,
            asked_minor: row.asked_minor,
            note: row.note.clone(),
        })
    }
}

/// Refuses more than a fund's share of a cost.
pub(super) fn within_share(percent: i64, cost: i64, asked: i64) -> Result<(), Refusal> {
    let most_minor = share_of(cost, percent);
    if asked <= most_minor {
        Ok(())
    } else {
        Err(Refusal::OverShare { percent, most_minor })
    }
}

/// Begins a request. Nobody but the partner knows of it.
///
/// # Errors
/// [`Refusal::NotFound`], for a part that is not the partner's; [`Refusal::Flaw`].
pub(super) async fn draft(
    tx: &mut Tx,
    permit: &Permit<ClaimFunds>,
    allocation: Id<FundAllocation>,
    wish: Wish,
    at: Moment,
) -> Result<Id<FundRequest>, Refusal> {
    let (scope, id) = (permit.scope(), Id::mint());
    let part = own_part(tx, scope, allocation).await?;
    if part.fund_state != FundState::Open {
        return Err(Refusal::NotOpen);
    }
    let wish = wish.read(&part)?;
    let query = tx.run(INSERT).bind(id).bind(allocation).bind(&wish.title);
    let query = query.bind(wish.kind).bind(wish.starts_on.to_string());
    let query = query.bind(wish.ends_on.to_string()).bind(wish.cost_minor);
    query.bind(wish.asked_minor).bind(&wish.note).bind(at).execute().await?;
    let row = own(tx, scope, id).await?;
    tell::request(tx, &row);
    Ok(id)
}

/// Changes what a request says, before it is handed in or when the vendor wants to know more.
///
/// # Errors
/// [`Refusal::Stale`]; [`Refusal::NoMove`], while it is not the partner's to write.
pub(super) async fn write(
    tx: &mut Tx,
    permit: &Permit<ClaimFunds>,
    (id, revision): (Id<FundRequest>, i64),
    change: impl FnOnce(Wish) -> Wish,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let fund = own(tx, scope, id).await?.fund_id;
    ledger::hold(tx, fund).await?;
    let row = own(tx, scope, id).await?;
    if row.revision != revision {
        return Err(Refusal::Stale(row.revision));
    }
    if !row.state.is_written() {
        let next = row.state.moves(Side::Partner);
        return Err(Refusal::NoMove { from: row.state.word(), next });
    }
    let part = own_part(tx, scope, row.allocation_id).await?;
    let old = Wish::of(&row)?;
    let wish = change(old.clone()).read(&part)?;
    if wish == old {
        return Ok(());
    }
    // What was submitted counts as asked for, also while it is written anew.
    let more = wish.asked_minor - old.asked_minor;
    if row.state == RequestState::ActionRequired && more > part.rest_minor() {
        return Err(Refusal::OverRest(old.asked_minor + part.rest_minor()));
    }
    let query = tx.run(WRITE).bind(id).bind(revision).bind(&wish.title);
    let query = query.bind(wish.kind).bind(wish.starts_on.to_string());
    let query = query.bind(wish.ends_on.to_string()).bind(wish.cost_minor);
    let query = query.bind(wish.asked_minor).bind(&wish.note).bind(at);
    if query.execute().await? != 1 {
        return Err(Refusal::Stale(row.revision));
    }
    let row = own(tx, scope, id).await?;
    tell::request(tx, &row);
    Ok(())
}

/// Hands a request in, or takes it back.
///
/// # Errors
/// [`Refusal::OverRest`], if it asks for more than is left; [`Refusal`], each by its name.
pub(super) async fn step(
    tx: &mut Tx,
    permit: &Permit<ClaimFunds>,
    id: Id<FundRequest>,
    said: &Said,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let fund = own(tx, scope, id).await?.fund_id;
    ledger::hold(tx, fund).await?;
    let row = own(tx, scope, id).await?;
    let state = moves::request(&row, Side::Partner, said)?;
    let mut after = RequestRow { state, ..row.clone() };
    if said.to == Move::Submit {
        let part = own_part(tx, scope, row.allocation_id).await?;
        if part.fund_state != FundState::Open {
            return Err(Refusal::NotOpen);
        }
        Wish::of(&row)?.read(&part)?;
        if row.state == RequestState::Draft && row.asked_minor > part.rest_minor() {
            return Err(Refusal::OverRest(part.rest_minor()));
        }
        after.submitted_at = Some(at);
    }
    moves::shift(tx, scope, (&row, &after), (Side::Partner, said), at).await
}

pub(super) async fn one(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    id: Id<FundRequest>,
) -> Result<Option<RequestRow>, Fault> {
    conn.run(ONE).bind(organisation).bind(id).optional().await
}

async fn own(
    conn: &mut Conn,
    scope: Scope,
    id: Id<FundRequest>,
) -> Result<RequestRow, Refusal> {
    let row = one(conn, scope.organisation(), id).await?;
    row.filter(|it| it.partner_id == scope.organisation()).ok_or(Refusal::NotFound)
}

async fn own_part(
    conn: &mut Conn,
    scope: Scope,
    id: Id<FundAllocation>,
) -> Result<PartRow, Refusal> {
    let part = sql::part(conn, scope.organisation(), id).await?;
    part.filter(|it| it.partner_id == scope.organisation()).ok_or(Refusal::NotFound)
}
