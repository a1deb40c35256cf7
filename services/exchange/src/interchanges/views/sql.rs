//! `saved_view`: a person's own, or (without a person) an organisation's.

use kernel::{Fault, Id, Moment, Organisation, Person, SavedView};
use store::{Conn, Tx, statements};

statements! {
    /// A person's own views and the organisation's, by name.
    LIST = "
        select id, name, person_id is null as shared, filter, opens_first
        from saved_view
        where organisation_id = $1 and (person_id = $2 or person_id is null)
        order by name, id";

    /// How many a person keeps, or an organisation.
    COUNT = "
        select count(*) from saved_view
        where organisation_id = $1 and (person_id = $2 or (cast($2 as uuid) is null and person_id is null))";

    /// None of these opens first any more.
    NONE_FIRST = "
        update saved_view set opens_first = $3
        where organisation_id = $1 and (person_id = $2 or (cast($2 as uuid) is null and person_id is null))";

    /// A view of that name there was replaced.
    REPLACE = "
        update saved_view set filter = $4, opens_first = $5, updated_at = $6
        where organisation_id = $1 and (person_id = $2 or (cast($2 as uuid) is null and person_id is null)) and name = $3
        returning id";

    /// Keeps a new one.
    INSERT = "
        insert into saved_view (organisation_id, person_id, name, filter, opens_first, updated_at, id)
        values ($1, $2, $3, $4, $5, $6, $7)";

    /// One that a person may take away: an own one, or the organisation's.
    REMOVE = "
        delete from saved_view
        where organisation_id = $1 and id = $2 and (person_id = $3 or (person_id is null and $4))
        returning name";

    /// Whether there is one of the organisation's.
    SHARED = "
        select name from saved_view
        where organisation_id = $1 and id = $2 and person_id is null";
}

/// A saved view.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Id<SavedView>,
    pub(super) name: String,
    pub(super) shared: bool,
    pub(super) filter: String,
    pub(super) opens_first: bool,
}

/// Whose views: an organisation's, or one of its people's.
pub(super) type Whose = (Id<Organisation>, Option<Id<Person>>);

pub(super) async fn list(
    conn: &mut Conn,
    (organisation, person): (Id<Organisation>, Id<Person>),
) -> Result<Vec<Row>, Fault> {
    conn.run(LIST).bind(organisation).bind(person).all().await
}

pub(super) async fn count(conn: &mut Conn, whose: Whose) -> Result<i64, Fault> {
    let run = conn.run(COUNT).bind(whose.0).bind(whose.1);
    let (count,): (i64,) = run.one().await?;
    Ok(count)
}

pub(super) async fn none_first(tx: &mut Tx, whose: Whose) -> Result<(), Fault> {
    let run = tx.run(NONE_FIRST).bind(whose.0).bind(whose.1).bind(false);
    run.execute().await.map(drop)
}

/// What is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct New<'n> {
    pub(super) name: &'n str,
    pub(super) filter: &'n str,
    pub(super) opens_first: bool,
}

pub(super) async fn replace(
    tx: &mut Tx,
    whose: Whose,
    new: New<'_>,
    at: Moment,
) -> Result<Option<Id<SavedView>>, Fault> {
    let run = tx.run(REPLACE).bind(whose.0).bind(whose.1).bind(new.name);
    let run = run.bind(new.filter).bind(new.opens_first).bind(at);
    let found: Option<(Id<SavedView>,)> = run.optional().await?;
    Ok(found.map(|(id,)| id))
}

pub(super) async fn insert(
    tx: &mut Tx,
    whose: Whose,
    new: New<'_>,
    at: Moment,
) -> Result<Id<SavedView>, Fault> {
    let id = Id::mint();
    let run = tx.run(INSERT).bind(whose.0).bind(whose.1).bind(new.name);
    let run = run.bind(new.filter).bind(new.opens_first).bind(at).bind(id);
    run.execute().await?;
    Ok(id)
}

pub(super) async fn remove(
    tx: &mut Tx,
    (organisation, person): (Id<Organisation>, Id<Person>),
    id: Id<SavedView>,
    may_share: bool,
) -> Result<Option<(String,)>, Fault> {
    let run = tx.run(REMOVE).bind(organisation).bind(id).bind(person).bind(may_share);
    run.optional().await
}

pub(super) async fn is_shared(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    id: Id<SavedView>,
) -> Result<bool, Fault> {
    let found: Option<(String,)> =
        conn.run(SHARED).bind(organisation).bind(id).optional().await?;
    Ok(found.is_some())
}
