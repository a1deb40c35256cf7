//! The table `partnership`.

use kernel::{Fault, Id, Moment, Organisation, Partnership};
use store::{Conn, Tx, statements};

use super::rules::{Side, State, StateWord};

statements! {
    /// The organisation that has proven a domain.
    OWNER_OF unscoped "finds the organisation" = "
        select id from organisation where domain = $1 and domain_verified = $2";

    /// Keeps a proposal, unless the two have something open already.
    INSERT unscoped "proposer_id is the acting organisation" = "
        insert into partnership (id, proposer_id, answerer_id, domain, low_id, high_id, state, message, reason, expires_at, revision, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, 'proposed', $7, '', $8, 1, $9, $9)
        on conflict do nothing";

    /// Closes what two organisations left unanswered for too long.
    CLOSE_LATE unscoped "proposer_id is the acting organisation" = "
        update partnership
        set state = 'closed', revision = revision + 1, updated_at = $5
        where state = 'proposed' and expires_at <= $5
          and ((proposer_id = $1 and domain = $2) or (low_id = $3 and high_id = $4))";

    /// Addresses the proposals that wait for a domain to the organisation that has proven it.
    /// The proposer cannot tell: the revision stays.
    ADDRESS = "
        update partnership
        set answerer_id = $2,
            low_id = case when proposer_id < $2 then proposer_id else $2 end,
            high_id = case when proposer_id < $2 then $2 else proposer_id end
        where domain = $1 and answerer_id is null and state = 'proposed' and proposer_id <> $2
        returning proposer_id as organisation_id";

    /// One side's partnerships, newest first.
    LIST = "
        select p.id, p.proposer_id, p.answerer_id, p.domain, p.state, p.suspended_by, p.message,
               p.reason, p.ends_at, p.expires_at, p.revision, p.created_at,
               a.name as proposer_name, a.domain as proposer_domain,
               b.name as answerer_name, b.domain as answerer_domain,
               (select count(*) from live_party l
                where l.partnership_id = p.id and l.organisation_id in (p.proposer_id, p.answerer_id)) as shared_spaces
        from partnership p
        join organisation a on a.id = p.proposer_id
        left join organisation b on b.id = p.answerer_id
        where (p.proposer_id = $1 or p.answerer_id = $1)
        order by p.id desc
        limit 1000";

    /// One of them.
    ONE = "
        select p.id, p.proposer_id, p.answerer_id, p.domain, p.state, p.suspended_by, p.message,
               p.reason, p.ends_at, p.expires_at, p.revision, p.created_at,
               a.name as proposer_name, a.domain as proposer_domain,
               b.name as answerer_name, b.domain as answerer_domain,
               (select count(*) from live_party l
                where l.partnership_id = p.id and l.organisation_id in (p.proposer_id, p.answerer_id)) as shared_spaces
        from partnership p
        join organisation a on a.id = p.proposer_id
        left join organisation b on b.id = p.answerer_id
        where (p.proposer_id = $1 or p.answerer_id = $1) and p.id = $2";

    /// What time has overtaken, and between whom.
    DUE unscoped "the timer goes through all" = "
        select id, proposer_id
        from partnership
        where (state = 'proposed' and expires_at <= $1)
           or (state = 'ending' and ends_at <= $1)
        order by id
        limit 200";

    /// Moves it on, if it is as it was read.
    UPDATE unscoped "the row was read under the acting organisation, at this revision" = "
        update partnership
        set state = $2, suspended_by = $3, ends_at = $4, reason = $5,
            revision = revision + 1, updated_at = $6
        where id = $1 and revision = $7";

    /// What lives between two organisations.
    LIVE_BETWEEN unscoped "low_id and high_id are the two organisations" = "
        select id from partnership
        where low_id = $1 and high_id = $2 and state in ('active', 'ending') and suspended_by is null";

    /// With whom an organisation may share now.
    PARTNERS_OF = "
        select p.id as partnership_id, o.id as organisation_id, o.name, o.domain
        from partnership p
        join organisation o
          on o.id = case when p.proposer_id = $1 then p.answerer_id else p.proposer_id end
        where (p.proposer_id = $1 or p.answerer_id = $1)
          and p.state in ('active', 'ending') and p.suspended_by is null
        order by o.name, o.id";
}

/// A partnership, with the names of the two.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Id<Partnership>,
    pub(super) proposer_id: Id<Organisation>,
    pub(super) answerer_id: Option<Id<Organisation>>,
    pub(super) domain: String,
    state: StateWord,
    suspended_by: Option<Id<Organisation>>,
    pub(super) message: String,
    pub(super) reason: String,
    ends_at: Option<Moment>,
    expires_at: Moment,
    pub(super) revision: i64,
    pub(super) created_at: Moment,
    pub(super) proposer_name: String,
    pub(super) proposer_domain: String,
    pub(super) answerer_name: Option<String>,
    pub(super) answerer_domain: Option<String>,
    pub(super) shared_spaces: i64,
}

/// An organisation with which another one may share now.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Partner {
    /// By this partnership.
    pub partnership_id: Id<Partnership>,
    /// Which.
    pub organisation_id: Id<Organisation>,
    /// Its name.
    pub name: String,
    /// Its domain.
    pub domain: String,
}

/// A proposal to be kept.
pub(super) struct Asked<'a> {
    pub(super) id: Id<Partnership>,
    pub(super) proposer: Id<Organisation>,
    pub(super) answerer: Option<Id<Organisation>>,
    pub(super) domain: &'a str,
    pub(super) message: &'a str,
    pub(super) until: Moment,
    pub(super) at: Moment,
}

impl Row {
    /// On which side an organisation stands.
    pub(super) fn side(&self, organisation: Id<Organisation>) -> Side {
        if self.proposer_id == organisation { Side::Proposer } else { Side::Answerer }
    }

    /// The organisation on a side.
    pub(super) fn organisation(&self, side: Side) -> Option<Id<Organisation>> {
        match side {
            Side::Proposer => Some(self.proposer_id),
            Side::Answerer => self.answerer_id,
        }
    }

    /// The name on a side, as the other one may know it once they agreed.
    pub(super) fn name(&self, side: Side) -> &str {
        match side {
            Side::Proposer => &self.proposer_name,
            Side::Answerer => self.answerer_name.as_deref().unwrap_or(&self.domain),
        }
    }

    /// How it stands, as it is kept.
    ///
    /// # Errors
    /// If the row is not one that [`update`] writes.
    pub(super) fn state(&self) -> Result<State, Fault> {
        let suspended = self.suspended_by.map(|id| self.side(id));
        let broken = |why| Fault::broken("reading a partnership", why);
        Ok(match self.state {
            StateWord::Proposed => State::Proposed { until: self.expires_at },
            StateWord::Active => State::Active,
            StateWord::Suspended => {
                let by = suspended.ok_or_else(|| broken("nobody suspended it"))?;
                State::Suspended { by }
            }
            StateWord::Ending => {
                let until = self.ends_at.ok_or_else(|| broken("it has no end"))?;
                State::Ending { until, suspended }
            }
            StateWord::Ended => State::Ended,
            StateWord::Closed => State::Closed,
        })
    }

    /// When it ended or will end.
    pub(super) const fn ends_at(&self) -> Option<Moment> {
        self.ends_at
    }
}

/// The pair in the order in which it is kept.
fn pair(
    one: Id<Organisation>,
    other: Id<Organisation>,
) -> (Id<Organisation>, Id<Organisation>) {
    if one < other { (one, other) } else { (other, one) }
}

pub(super) async fn owner_of(
    conn: &mut Conn,
    domain: &str,
) -> Result<Option<Id<Organisation>>, Fault> {
    let row: Option<(Id<Organisation>,)> =
        conn.run(OWNER_OF).bind(domain).bind(true).optional().await?;
    Ok(row.map(|(id,)| id))
}

pub(super) async fn insert(tx: &mut Tx, asked: &Asked<'_>) -> Result<bool, Fault> {
    let (low, high) = asked.answerer.map(|it| pair(asked.proposer, it)).unzip();
    let kept = tx
        .run(INSERT)
        .bind(asked.id)
        .bind(asked.proposer)
        .bind(asked.answerer)
        .bind(asked.domain)
        .bind(low)
        .bind(high)
        .bind(asked.message)
        .bind(asked.until)
        .bind(asked.at)
        .execute()
        .await?;
    Ok(kept == 1)
}

pub(super) async fn close_late(tx: &mut Tx, asked: &Asked<'_>) -> Result<(), Fault> {
    let (low, high) = asked.answerer.map(|it| pair(asked.proposer, it)).unzip();
    let query = tx.run(CLOSE_LATE).bind(asked.proposer).bind(asked.domain);
    query.bind(low).bind(high).bind(asked.at).execute().await.map(drop)
}

pub(super) async fn address(
    tx: &mut Tx,
    domain: &str,
    answerer: Id<Organisation>,
) -> Result<usize, Fault> {
    let rows: Vec<(Id<Organisation>,)> =
        tx.run(ADDRESS).bind(domain).bind(answerer).all().await?;
    Ok(rows.len())
}

pub(super) async fn list(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<Vec<Row>, Fault> {
    conn.run(LIST).bind(organisation).all().await
}

pub(super) async fn one(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    id: Id<Partnership>,
) -> Result<Option<Row>, Fault> {
    conn.run(ONE).bind(organisation).bind(id).optional().await
}

pub(super) async fn due(
    conn: &mut Conn,
    now: Moment,
) -> Result<Vec<(Id<Partnership>, Id<Organisation>)>, Fault> {
    conn.run(DUE).bind(now).all().await
}

/// Writes the state that `row` has come to; false if somebody was faster.
pub(super) async fn update(
    tx: &mut Tx,
    row: &Row,
    next: State,
    reason: &str,
    at: Moment,
) -> Result<bool, Fault> {
    let (suspended, ends) = match next {
        State::Suspended { by } => (row.organisation(by), None),
        State::Ending { until, suspended } => {
            (suspended.and_then(|side| row.organisation(side)), Some(until))
        }
        State::Ended => (None, Some(at)),
        State::Proposed { .. } | State::Active | State::Closed => (None, None),
    };
    let moved = tx
        .run(UPDATE)
        .bind(row.id)
        .bind(next.word())
        .bind(suspended)
        .bind(ends)
        .bind(reason)
        .bind(at)
        .bind(row.revision)
        .execute()
        .await?;
    Ok(moved == 1)
}

pub(super) async fn live_between(
    conn: &mut Conn,
    one: Id<Organisation>,
    other: Id<Organisation>,
) -> Result<Option<Id<Partnership>>, Fault> {
    let (low, high) = pair(one, other);
    let row: Option<(Id<Partnership>,)> =
        conn.run(LIVE_BETWEEN).bind(low).bind(high).optional().await?;
    Ok(row.map(|(id,)| id))
}

pub(super) async fn partners_of(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<Vec<Partner>, Fault> {
    conn.run(PARTNERS_OF).bind(organisation).all().await
}
