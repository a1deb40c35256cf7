//! What the vendor does with its funds: writes, opens, allocates, takes back, closes.

use gate::{Permit, Scope};
use kernel::{Currency, Day, Fault, Fund, FundAllocation, Id, Moment, Organisation};
use store::{Conn, Tx};

use super::{
    Flaw, FundState, Proof, Refusal, RunFunds,
    ledger::{self, About, Cause},
    rules::MOST_MINOR,
    sql::{self, FundRow, PartRow},
    tell,
};

/// What a fund says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Terms {
    /// Its name; 1 to 120 characters.
    pub(super) name: String,
    /// In what it is counted.
    pub(super) currency: Currency,
    /// The first day of what it pays for.
    pub(super) starts_on: Day,
    /// The last one.
    pub(super) ends_on: Day,
    /// What of a cost it pays, in percent.
    pub(super) share_percent: i64,
    /// For how many days after an activity it may be claimed.
    pub(super) claim_days: i64,
    /// What may be claimed, in words; up to 4,000 characters.
    pub(super) words: String,
    /// What every claim is proven by.
    pub(super) proofs: Vec<Proof>,
    /// Minor units, above 0.
    pub(super) amount_minor: i64,
}

impl Terms {
    /// These terms, if they can be.
    ///
    /// # Errors
    /// The first field that cannot.
    pub(super) fn read(mut self) -> Result<Self, Flaw> {
        self.name = text("name", &self.name, 1, 120)?;
        self.words = text("words", &self.words, 0, 4_000)?;
        if self.ends_on < self.starts_on {
            return Err(Flaw { field: "ends_on", why: "it ends before it starts" });
        }
        if !(1..=100).contains(&self.share_percent) {
            return Err(Flaw { field: "share_percent", why: "take 1 to 100 percent" });
        }
        if !(0..=365).contains(&self.claim_days) {
            return Err(Flaw { field: "claim_days", why: "take 0 to 365 days" });
        }
        self.proofs.sort_unstable();
        self.proofs.dedup();
        amount("amount_minor", self.amount_minor)?;
        Ok(self)
    }

    pub(super) fn proofs_text(&self) -> Result<String, Fault> {
        serde_json::to_string(&self.proofs)
            .map_err(Fault::new("writing proofs of a fund"))
    }

    pub(super) fn of(row: &FundRow) -> Result<Self, Fault> {
        Ok(Self {
            name: row.name.clone(),
            currency: row.currency,
            starts_on: day(&row.starts_on)?,
            ends_on: day(&row.ends_on)?,
            share_percent: row.share_percent,
            claim_days: row.claim_days,
            words: row.words.clone(),
            proofs: sql::proofs_of(&row.proofs)?,
            amount_minor: row.amount_minor,
        })
    }

    /// Whether partners were told something else: all but the name, the words and the amount.
    fn differs_for_partners(&self, other: &Self) -> bool {
        let told = |it: &Self| {
            let period = (it.starts_on, it.ends_on);
            (it.currency, period, it.share_percent, it.claim_days, it.proofs.clone())
        };
        told(self) != told(other)
    }
}

/// A day that the database holds.
pub(super) fn day(text: &str) -> Result<Day, Fault> {
    text.parse().map_err(Fault::new("reading a day of a fund"))
}

/// Words of a person's, trimmed.
pub(super) fn text(
    field: &'static str,
    given: &str,
    least: usize,
    most: usize,
) -> Result<String, Flaw> {
    let words = given.trim().replace("\r\n", "\n");
    let odd = |it: char| it.is_control() && it != '\n';
    let count = words.chars().count();
    if count < least {
        return Err(Flaw { field, why: "say it in words" });
    }
    if count > most || words.contains(odd) {
        let why = "it is too long, or has control characters";
        return Err(Flaw { field, why });
    }
    Ok(words)
}

/// An amount above zero that can be counted.
pub(super) fn amount(field: &'static str, minor: i64) -> Result<i64, Flaw> {
    let why = "take an amount above 0, in minor units";
    if (1..=MOST_MINOR).contains(&minor) { Ok(minor) } else { Err(Flaw { field, why }) }
}

/// Begins a fund. It holds no money before it is opened.
///
/// # Errors
/// If the database fails.
pub(super) async fn create(
    tx: &mut Tx,
    permit: &Permit<RunFunds>,
    terms: &Terms,
    at: Moment,
) -> Result<Id<Fund>, Refusal> {
    let (id, scope) = (Id::mint(), permit.scope());
    sql::insert(tx, (id, scope.organisation()), terms, at).await?;
    let row = own(tx, scope, id).await?;
    tell::fund(tx, scope, &row, "fund.create", at).await?;
    Ok(id)
}

/// Changes what a fund says. Of an open one the name, the words and the amount alone, since
/// partners count on the rest.
///
/// # Errors
/// [`Refusal::UnderUsed`], where the amount would be below what is given away.
pub(super) async fn write(
    tx: &mut Tx,
    permit: &Permit<RunFunds>,
    (id, revision): (Id<Fund>, i64),
    change: impl FnOnce(Terms) -> Terms,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let row = held(tx, scope, id, revision).await?;
    let old = Terms::of(&row)?;
    let terms = change(old.clone()).read()?;
    if terms == old {
        return Ok(());
    }
    let differs = terms.differs_for_partners(&old);
    match row.state {
        FundState::Closed => return Err(Refusal::NotOpen),
        FundState::Open if differs => {
            let why = "partners count on this since the fund was opened; only its name, words and amount can change";
            return Err(Flaw { field: "state", why }.into());
        }
        FundState::Draft | FundState::Open => {}
    }
    let drafted = row.state == FundState::Draft;
    let amount = if drafted { terms.amount_minor } else { row.amount_minor };
    if !sql::write(tx, &row, (&terms, amount, row.state), at).await? {
        return Err(Refusal::Stale(row.revision));
    }
    if !drafted {
        let more = terms.amount_minor - row.amount_minor;
        if -more > row.free_minor {
            return Err(Refusal::UnderUsed(row.amount_minor - row.free_minor));
        }
        let cause = if more > 0 { Cause::Endow } else { Cause::Cut };
        let about = About { person: scope.actor(), ..About::default() };
        ledger::post(tx, (id, cause, more.abs()), &about, at).await?;
    }
    for part in sql::parts(tx, scope.organisation(), id).await? {
        tell::part(tx, &part);
    }
    let row = own(tx, scope, id).await?;
    Ok(tell::fund(tx, scope, &row, "fund.write", at).await?)
}

/// Opens a fund: its money is there from now on.
///
/// # Errors
/// [`Refusal::NoMove`], unless it is a draft.
pub(super) async fn open(
    tx: &mut Tx,
    permit: &Permit<RunFunds>,
    (id, revision): (Id<Fund>, i64),
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let row = held(tx, scope, id, revision).await?;
    if row.state != FundState::Draft {
        return Err(Refusal::NoMove { from: row.state.word(), next: Vec::new() });
    }
    let terms = Terms::of(&row)?;
    // The amount of a draft is a plan; the posting makes it money.
    if !sql::write(tx, &row, (&terms, 0, FundState::Open), at).await? {
        return Err(Refusal::Stale(row.revision));
    }
    let about = About { person: scope.actor(), ..About::default() };
    ledger::post(tx, (id, Cause::Endow, row.amount_minor), &about, at).await?;
    let row = own(tx, scope, id).await?;
    Ok(tell::fund(tx, scope, &row, "fund.open", at).await?)
}

/// Closes a fund: what is free in its parts comes back, and all that is left expires.
///
/// # Errors
/// [`Refusal::UnderWay`], while money is asked for, reserved, or claimed and not paid.
pub(super) async fn close(
    tx: &mut Tx,
    permit: &Permit<RunFunds>,
    (id, revision): (Id<Fund>, i64),
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let row = held(tx, scope, id, revision).await?;
    if row.state != FundState::Open {
        return Err(Refusal::NoMove { from: row.state.word(), next: Vec::new() });
    }
    let parts = sql::parts(tx, scope.organisation(), id).await?;
    let under_way =
        |it: &PartRow| it.pending_minor + it.reserved_minor + it.claimed_minor;
    let under_way: i64 = parts.iter().map(under_way).sum();
    if under_way > 0 {
        return Err(Refusal::UnderWay(under_way));
    }
    let terms = Terms::of(&row)?;
    if !sql::write(tx, &row, (&terms, row.amount_minor, FundState::Closed), at).await? {
        return Err(Refusal::Stale(row.revision));
    }
    let person = scope.actor();
    for part in &parts {
        let about = About { part: Some(part.id), person, ..About::default() };
        ledger::post(tx, (id, Cause::TakeBack, part.free_minor), &about, at).await?;
        tell::part(tx, part);
    }
    let left = own(tx, scope, id).await?.free_minor;
    let about = About { person, ..About::default() };
    ledger::post(tx, (id, Cause::Close, left), &about, at).await?;
    let row = own(tx, scope, id).await?;
    Ok(tell::fund(tx, scope, &row, "fund.close", at).await?)
}

/// Gives a partner a part of a fund.
///
/// # Errors
/// [`Refusal::OverRest`], [`Refusal::Twin`]; [`Refusal::NoPartnership`], also for a partner
/// that does not exist.
pub(super) async fn allocate(
    tx: &mut Tx,
    permit: &Permit<RunFunds>,
    fund: Id<Fund>,
    (partner, minor): (Id<Organisation>, i64),
    at: Moment,
) -> Result<Id<FundAllocation>, Refusal> {
    let (scope, minor) = (permit.scope(), amount("amount_minor", minor)?);
    own(tx, scope, fund).await?;
    ledger::hold(tx, fund).await?;
    let row = own(tx, scope, fund).await?;
    gives(&row, at)?;
    let partnership = sql::partnership(tx, scope.organisation(), partner).await?;
    let partnership = partnership.ok_or(Refusal::NoPartnership)?;
    if minor > row.free_minor {
        return Err(Refusal::OverRest(row.free_minor));
    }
    let id = Id::mint();
    if !sql::insert_part(tx, (id, fund), (partner, partnership), at).await? {
        return Err(Refusal::Twin);
    }
    let about = About { part: Some(id), person: scope.actor(), ..About::default() };
    ledger::post(tx, (fund, Cause::Allocate, minor), &about, at).await?;
    let part = sql::part(tx, scope.organisation(), id).await?.ok_or(Refusal::NotFound)?;
    tell::part(tx, &part);
    tell::allocated(tx, scope, &part, at).await?;
    Ok(id)
}

/// Makes a partner's part so large; without an amount, as small as it can be.
///
/// # Errors
/// [`Refusal::UnderUsed`], below what is asked for or approved; [`Refusal::OverRest`], above
/// what the fund has.
pub(super) async fn set_amount(
    tx: &mut Tx,
    permit: &Permit<RunFunds>,
    (id, revision): (Id<FundAllocation>, i64),
    minor: Option<i64>,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let fund = own_part(tx, scope, id).await?.fund_id;
    ledger::hold(tx, fund).await?;
    let (row, part) = (own(tx, scope, fund).await?, own_part(tx, scope, id).await?);
    if part.revision != revision {
        return Err(Refusal::Stale(part.revision));
    }
    let minor = minor.unwrap_or(part.used_minor());
    if !(0..=MOST_MINOR).contains(&minor) {
        let why = "take an amount of 0 or more, in minor units";
        return Err(Flaw { field: "amount_minor", why }.into());
    }
    let more = minor - part.amount_minor();
    if more == 0 {
        return Ok(());
    }
    if more > 0 {
        gives(&row, at)?;
        if part.live == 0 {
            return Err(Refusal::NoPartnership);
        }
    }
    if more > row.free_minor {
        return Err(Refusal::OverRest(part.amount_minor() + row.free_minor));
    }
    if minor < part.used_minor() {
        return Err(Refusal::UnderUsed(part.used_minor()));
    }
    let cause = if more > 0 { Cause::Allocate } else { Cause::TakeBack };
    let about = About { part: Some(id), person: scope.actor(), ..About::default() };
    ledger::post(tx, (fund, cause, more.abs()), &about, at).await?;
    let part = own_part(tx, scope, id).await?;
    tell::part(tx, &part);
    Ok(tell::allocated(tx, scope, &part, at).await?)
}

/// Whether a fund gives money away now.
fn gives(row: &FundRow, at: Moment) -> Result<(), Refusal> {
    if row.state != FundState::Open {
        return Err(Refusal::NotOpen);
    }
    if day(&row.ends_on)? < at.day() {
        let why = "the fund has ended; nothing of it is given any more";
        return Err(Flaw { field: "fund", why }.into());
    }
    Ok(())
}

async fn own(conn: &mut Conn, scope: Scope, id: Id<Fund>) -> Result<FundRow, Refusal> {
    sql::one(conn, scope.organisation(), id).await?.ok_or(Refusal::NotFound)
}

async fn held(
    tx: &mut Tx,
    scope: Scope,
    id: Id<Fund>,
    revision: i64,
) -> Result<FundRow, Refusal> {
    own(tx, scope, id).await?;
    ledger::hold(tx, id).await?;
    let row = own(tx, scope, id).await?;
    if row.revision == revision { Ok(row) } else { Err(Refusal::Stale(row.revision)) }
}

async fn own_part(
    conn: &mut Conn,
    scope: Scope,
    id: Id<FundAllocation>,
) -> Result<PartRow, Refusal> {
    let part = sql::part(conn, scope.organisation(), id).await?;
    part.filter(|it| it.vendor_id == scope.organisation()).ok_or(Refusal::NotFound)
}
