//! The tables `mapping`, `mapping_run`, `mapping_cell` and `mapping_match`. The clock works for
//! both sides; what either may read is in `live_pair` and `live_overlap`.

use kernel::{Fault, Id, MappingCell, Moment, Organisation, Partnership, Population};
use store::{Conn, Tx, statements};

statements! {
    /// Begins the mapping of a partnership.
    BEGIN unscoped "by the partnership that was just read by one of its sides" = "
        insert into mapping (partnership_id) values ($1) on conflict do nothing";

    /// Holds it to the end of the transaction: comparisons go one after the other.
    HOLD unscoped "the clock compares for both sides" = "
        update mapping set computed_at = computed_at where partnership_id = $1";

    /// How it stands.
    STATE unscoped "the clock compares for both sides" = "
        select h.proposer_id, h.answerer_id, m.full_at
        from mapping m
        join partnership h on h.id = m.partnership_id
        where m.partnership_id = $1 and h.answerer_id is not null";

    /// Each population of one side with each of the other's, as far as both are shown.
    PAIRS unscoped "the clock compares for both sides" = "
        select l.proposer_population_id as proposed, l.answerer_population_id as answered, l.cell_id,
               l.computed_at, c.counted,
               cast(case when exists (
                   select 1 from population p
                   where p.id in (l.proposer_population_id, l.answerer_population_id)
                     and p.changed_at > l.computed_at) then 1 else 0 end as bigint) as changed
        from live_pair l
        left join mapping_cell c on c.id = l.cell_id
        where l.partnership_id = $1
        order by l.proposer_population_id, l.answerer_population_id";

    /// What is due at $1: what was asked for, and what changed since it was compared before $2.
    DUE unscoped "the clock looks after all" = "
        select m.partnership_id from mapping m
        join partnership h on h.id = m.partnership_id
        where h.state in ('active', 'ending') and h.suspended_by is null
          and (m.new_at <= $1 or m.full_at <= $1
               or exists (
                   select 1 from live_pair l
                   join population p on p.id in (l.proposer_population_id, l.answerer_population_id)
                   where l.partnership_id = m.partnership_id
                     and l.computed_at <= $2 and p.changed_at > l.computed_at)
               or (coalesce(m.computed_at, 0) <= $2 and exists (
                   select 1 from live_pair l
                   where l.partnership_id = m.partnership_id and l.computed_at is null)))
        order by m.partnership_id
        limit 200";

    /// What a side had compared out of turn, the newest first.
    RUNS = "
        select kind, at from mapping_run
        where partnership_id = $1 and organisation_id = $2 and at > $3
        order by at desc
        limit 100";

    /// It had something compared out of turn.
    ADD_RUN = "
        insert into mapping_run (partnership_id, organisation_id, kind, at)
        values ($1, $2, $3, $4)";

    /// What was never compared is to be.
    SET_NEW unscoped "by the partnership that was just read by one of its sides" = "
        update mapping set new_at = $2 where partnership_id = $1";

    /// Everything is to be compared.
    SET_FULL unscoped "by the partnership that was just read by one of its sides" = "
        update mapping set full_at = $2 where partnership_id = $1";

    /// Nothing is due any more that was due at $2.
    SETTLE unscoped "the clock compares for both sides" = "
        update mapping
        set new_at = case when new_at > $2 then new_at end,
            full_at = case when full_at > $2 then full_at end,
            computed_at = case when $3 = 1 then $2 else computed_at end
        where partnership_id = $1";

    /// Two populations are compared for the first time.
    ADD_CELL unscoped "the clock compares for both sides" = "
        insert into mapping_cell (id, partnership_id, proposer_population_id, answerer_population_id, counted, computed_at)
        values ($1, $2, $3, $4, 0, $5)";

    /// Rows of a side that the other no longer has. The order of the join is ours: SQLite would
    /// else walk the other side for each row.
    DROP_MATCHES = "
        delete from mapping_match
        where cell_id = $1
          and organisation_id = (select p.organisation_id from population p where p.id = $2)
          and not exists (
              select 1 from population_key m
              cross join population_key t
              where m.population_id = $2 and m.row_id = mapping_match.row_id
                and t.population_id = $3 and t.scheme = m.scheme and t.value = m.value
              limit 1 offset 0)";

    /// Rows of a side that the other has too. Each key is looked up by itself.
    ADD_MATCHES = "
        insert into mapping_match (cell_id, organisation_id, row_id)
        select distinct c.id, p.organisation_id, m.row_id
        from mapping_cell c
        join population p on p.id = $2
        join population_key m on m.population_id = p.id
        where c.id = $1
          and exists (
              select 1 from population_key t
              where t.population_id = $3 and t.scheme = m.scheme and t.value = m.value
              limit 1 offset 0)
        on conflict do nothing";

    /// How many rows of each side the other has too.
    COUNT = "
        select count(*) from mapping_match where cell_id = $1
        group by organisation_id";

    /// What is told of two populations from now on.
    COUNT_CELL unscoped "the clock compares for both sides" = "
        update mapping_cell set counted = $2, computed_at = $3 where id = $1";
}

/// Whose mapping it is, and whether a comparison was asked for.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct StateRow {
    pub(super) proposer_id: Id<Organisation>,
    pub(super) answerer_id: Id<Organisation>,
    pub(super) full_at: Option<Moment>,
}

/// Two populations.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct PairRow {
    pub(super) proposed: Id<Population>,
    pub(super) answered: Id<Population>,
    pub(super) cell_id: Option<Id<MappingCell>>,
    pub(super) computed_at: Option<Moment>,
    pub(super) counted: Option<i64>,
    pub(super) changed: i64,
}

/// Something that was compared out of turn.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct RunRow {
    pub(super) kind: String,
    pub(super) at: Moment,
}

pub(super) async fn begin(tx: &mut Tx, of: Id<Partnership>) -> Result<(), Fault> {
    tx.run(BEGIN).bind(of).execute().await.map(drop)
}

pub(super) async fn hold(tx: &mut Tx, of: Id<Partnership>) -> Result<(), Fault> {
    tx.run(HOLD).bind(of).execute().await.map(drop)
}

pub(super) async fn state(
    conn: &mut Conn,
    of: Id<Partnership>,
) -> Result<Option<StateRow>, Fault> {
    conn.run(STATE).bind(of).optional().await
}

pub(super) async fn pairs(
    conn: &mut Conn,
    of: Id<Partnership>,
) -> Result<Vec<PairRow>, Fault> {
    conn.run(PAIRS).bind(of).all().await
}

pub(super) async fn due(
    conn: &mut Conn,
    now: Moment,
    before: Moment,
) -> Result<Vec<Id<Partnership>>, Fault> {
    let rows: Vec<(Id<Partnership>,)> =
        conn.run(DUE).bind(now).bind(before).all().await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(super) async fn runs(
    conn: &mut Conn,
    of: Id<Partnership>,
    by: Id<Organisation>,
    since: Moment,
) -> Result<Vec<RunRow>, Fault> {
    conn.run(RUNS).bind(of).bind(by).bind(since).all().await
}

pub(super) async fn add_run(
    tx: &mut Tx,
    of: Id<Partnership>,
    by: Id<Organisation>,
    kind: &str,
    at: Moment,
) -> Result<(), Fault> {
    tx.run(ADD_RUN).bind(of).bind(by).bind(kind).bind(at).execute().await.map(drop)
}

pub(super) async fn set_new(
    tx: &mut Tx,
    of: Id<Partnership>,
    at: Moment,
) -> Result<(), Fault> {
    tx.run(SET_NEW).bind(of).bind(at).execute().await.map(drop)
}

pub(super) async fn set_full(
    tx: &mut Tx,
    of: Id<Partnership>,
    at: Moment,
) -> Result<(), Fault> {
    tx.run(SET_FULL).bind(of).bind(at).execute().await.map(drop)
}

pub(super) async fn settle(
    tx: &mut Tx,
    of: Id<Partnership>,
    at: Moment,
    compared: bool,
) -> Result<(), Fault> {
    let query = tx.run(SETTLE).bind(of).bind(at).bind(i64::from(compared));
    query.execute().await.map(drop)
}

pub(super) async fn add_cell(
    tx: &mut Tx,
    of: Id<Partnership>,
    pair: &PairRow,
    at: Moment,
) -> Result<Id<MappingCell>, Fault> {
    let id = Id::mint();
    let query = tx.run(ADD_CELL).bind(id).bind(of).bind(pair.proposed);
    query.bind(pair.answered).bind(at).execute().await?;
    Ok(id)
}

/// Keeps which rows of `own` are in `other` too.
pub(super) async fn match_side(
    tx: &mut Tx,
    cell: Id<MappingCell>,
    own: Id<Population>,
    other: Id<Population>,
) -> Result<(), Fault> {
    for statement in [DROP_MATCHES, ADD_MATCHES] {
        tx.run(statement).anew().bind(cell).bind(own).bind(other).execute().await?;
    }
    Ok(())
}

/// How many are in common: the rows of the side that has fewer of them.
pub(super) async fn count(conn: &mut Conn, cell: Id<MappingCell>) -> Result<i64, Fault> {
    let sides: Vec<(i64,)> = conn.run(COUNT).bind(cell).all().await?;
    Ok(sides.into_iter().map(|(rows,)| rows).min().unwrap_or_default())
}

pub(super) async fn count_cell(
    tx: &mut Tx,
    cell: Id<MappingCell>,
    counted: i64,
    at: Moment,
) -> Result<(), Fault> {
    tx.run(COUNT_CELL).bind(cell).bind(counted).bind(at).execute().await.map(drop)
}
