//! The table `mapping_ask`. Every statement binds the acting organisation as asker or giver.

use kernel::{
    Fault, Id, MappingAsk, Moment, Organisation, Partnership, Person, Population,
};
use sharing::Mask;
use store::{Conn, Tx, statements};

use crate::mapping::rules::AskState;

statements! {
    /// Keeps a wish, unless the same one is open.
    INSERT unscoped "asker_id is the organisation" = "
        insert into mapping_ask (id, partnership_id, asker_id, giver_id, asker_population_id, giver_population_id, state, message, mask, asked_by, asked_at, expires_at, revision)
        values ($1, $2, $3, $4, $5, $6, 'asked', $7, '', $8, $9, $10, 1)
        on conflict do nothing";

    /// A wish, for one of its two sides.
    ONE unscoped "asker_id or giver_id is the organisation" = "
        select k.id, k.partnership_id, k.asker_id, k.giver_id, k.asker_population_id,
               a.name as asker_population, k.giver_population_id, g.name as giver_population,
               k.state, k.message, k.mask, k.asked_at, k.expires_at, k.answered_at, k.revision
        from mapping_ask k
        join population a on a.id = k.asker_population_id
        join population g on g.id = k.giver_population_id
        where k.id = $2 and (k.asker_id = $1 or k.giver_id = $1)";

    /// The wishes of a partnership that is live, newest first. Whoever was asked by a population
    /// that is hidden by now reads of it no more than its name then.
    OF_PARTNERSHIP unscoped "asker_id or giver_id is the organisation" = "
        select k.id, k.partnership_id, k.asker_id, k.giver_id, k.asker_population_id,
               a.name as asker_population, k.giver_population_id, g.name as giver_population,
               k.state, k.message, k.mask, k.asked_at, k.expires_at, k.answered_at, k.revision
        from mapping_ask k
        join live_offer a on a.population_id = k.asker_population_id and a.partnership_id = k.partnership_id
        join live_offer g on g.population_id = k.giver_population_id and g.partnership_id = k.partnership_id
        where k.partnership_id = $2 and (k.asker_id = $1 or k.giver_id = $1)
        order by k.asked_at desc, k.id
        limit 100";

    /// The wishes that are open or granted, with a population of the organisation's own.
    OPEN_OF unscoped "asker_id or giver_id is the organisation" = "
        select k.id, k.partnership_id, k.asker_id, k.giver_id, k.asker_population_id,
               a.name as asker_population, k.giver_population_id, g.name as giver_population,
               k.state, k.message, k.mask, k.asked_at, k.expires_at, k.answered_at, k.revision
        from mapping_ask k
        join population a on a.id = k.asker_population_id
        join population g on g.id = k.giver_population_id
        where ((k.asker_id = $1 and k.asker_population_id = $2) or (k.giver_id = $1 and k.giver_population_id = $2))
          and k.state in ('asked', 'granted', 'narrowed')
        order by k.id";

    /// The wishes that nobody answered in time.
    LATE unscoped "the clock looks after all" = "
        select k.id, k.partnership_id, k.asker_id, k.giver_id, k.asker_population_id,
               a.name as asker_population, k.giver_population_id, g.name as giver_population,
               k.state, k.message, k.mask, k.asked_at, k.expires_at, k.answered_at, k.revision
        from mapping_ask k
        join population a on a.id = k.asker_population_id
        join population g on g.id = k.giver_population_id
        where k.state = 'asked' and k.expires_at <= $1
        order by k.id
        limit 500";

    /// A wish's step, if it is still at the revision and in the state that were read.
    SHIFT unscoped "asker_id or giver_id is the organisation" = "
        update mapping_ask
        set state = $5, mask = $6, answered_at = $7, revision = revision + 1
        where id = $2 and (asker_id = $1 or giver_id = $1) and revision = $3 and state = $4";
}

/// A wish for names.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::mapping) struct Row {
    pub(in crate::mapping) id: Id<MappingAsk>,
    pub(in crate::mapping) partnership_id: Id<Partnership>,
    pub(in crate::mapping) asker_id: Id<Organisation>,
    pub(in crate::mapping) giver_id: Id<Organisation>,
    pub(in crate::mapping) asker_population_id: Id<Population>,
    pub(in crate::mapping) asker_population: String,
    pub(in crate::mapping) giver_population_id: Id<Population>,
    pub(in crate::mapping) giver_population: String,
    pub(in crate::mapping) state: AskState,
    pub(in crate::mapping) message: String,
    pub(in crate::mapping) mask: String,
    pub(in crate::mapping) asked_at: Moment,
    pub(in crate::mapping) expires_at: Moment,
    pub(in crate::mapping) answered_at: Option<Moment>,
    pub(in crate::mapping) revision: i64,
}

/// A wish to be kept.
pub(super) struct NewAsk<'m> {
    pub(super) id: Id<MappingAsk>,
    pub(super) partnership: Id<Partnership>,
    pub(super) asker: Id<Organisation>,
    pub(super) giver: Id<Organisation>,
    /// The asker's, and the one that it asks for.
    pub(super) populations: (Id<Population>, Id<Population>),
    pub(super) message: &'m str,
    pub(super) person: Id<Person>,
    pub(super) until: Moment,
}

pub(super) async fn insert(
    tx: &mut Tx,
    new: &NewAsk<'_>,
    at: Moment,
) -> Result<bool, Fault> {
    let (own, theirs) = new.populations;
    let query = tx.run(INSERT).bind(new.id).bind(new.partnership).bind(new.asker);
    let query = query.bind(new.giver).bind(own).bind(theirs).bind(new.message);
    let kept = query.bind(new.person).bind(at).bind(new.until).execute().await?;
    Ok(kept == 1)
}

pub(super) async fn one(
    conn: &mut Conn,
    own: Id<Organisation>,
    id: Id<MappingAsk>,
) -> Result<Option<Row>, Fault> {
    conn.run(ONE).bind(own).bind(id).optional().await
}

pub(in crate::mapping) async fn of_partnership(
    conn: &mut Conn,
    own: Id<Organisation>,
    partnership: Id<Partnership>,
) -> Result<Vec<Row>, Fault> {
    conn.run(OF_PARTNERSHIP).bind(own).bind(partnership).all().await
}

pub(super) async fn open_of(
    conn: &mut Conn,
    own: Id<Organisation>,
    population: Id<Population>,
) -> Result<Vec<Row>, Fault> {
    conn.run(OPEN_OF).bind(own).bind(population).all().await
}

pub(super) async fn late(conn: &mut Conn, now: Moment) -> Result<Vec<Row>, Fault> {
    conn.run(LATE).bind(now).all().await
}

pub(super) async fn shift(
    tx: &mut Tx,
    own: Id<Organisation>,
    row: &Row,
    state: AskState,
    mask: &Mask,
    at: Moment,
) -> Result<bool, Fault> {
    let query = tx.run(SHIFT).bind(own).bind(row.id).bind(row.revision).bind(row.state);
    let query = query.bind(state).bind(mask.text()).bind(at);
    Ok(query.execute().await? == 1)
}
