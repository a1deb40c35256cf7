//! The table `notification`.

use kernel::{Fault, Id, Moment, Notification, Organisation, Person};
use store::{Conn, Tx, statements};

use super::Notice;

statements! {
    /// Keeps a notice; one that folds takes the place of the unread one before.
    INSERT = "
        insert into notification (id, organisation_id, person_id, kind, params, subject_kind, subject_id, party_id, fold, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (organisation_id, person_id, fold) where read_at is null and fold is not null
        do update set kind = excluded.kind, params = excluded.params,
                      subject_kind = excluded.subject_kind, subject_id = excluded.subject_id,
                      party_id = excluded.party_id, at = excluded.at";

    /// A person's notices, newest first.
    LIST = "
        select id, kind, params, subject_kind, subject_id, at, read_at, hides_title
        from live_notification
        where organisation_id = $1 and person_id = $2
          and (at < $3 or (at = $3 and id < $4))
          and ($5 = 0 or read_at is null)
        order by at desc, id desc
        limit $6";

    /// How many are unread.
    UNREAD = "
        select count(*)
        from live_notification
        where organisation_id = $1 and person_id = $2 and read_at is null";

    /// Marks one as read.
    READ_ONE = "
        update notification set read_at = $4
        where organisation_id = $1 and person_id = $2 and id = $3 and read_at is null";

    /// Marks all as read.
    READ_ALL = "
        update notification set read_at = $3
        where organisation_id = $1 and person_id = $2 and read_at is null";
}

#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    pub(super) id: Id<Notification>,
    pub(super) kind: String,
    pub(super) params: String,
    pub(super) subject_kind: Option<String>,
    pub(super) subject_id: Option<String>,
    pub(super) at: Moment,
    pub(super) read_at: Option<Moment>,
    /// Not 0 where the reader may not see the deal's title any more.
    pub(super) hides_title: i64,
}

/// Which rows of a list.
pub(super) struct Stretch {
    /// Those before this place; none to begin at the newest.
    pub(super) after: Option<(i64, Id<Notification>)>,
    pub(super) unread: bool,
    pub(super) limit: i64,
}

pub(super) async fn insert(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    person: Id<Person>,
    notice: &Notice<'_>,
    at: Moment,
) -> Result<(), Fault> {
    let subject = notice.subject.clone();
    let (subject_kind, subject_id) =
        subject.map(|(kind, id)| (kind.to_owned(), id)).unzip();
    tx.run(INSERT)
        .bind(Id::<Notification>::mint())
        .bind(organisation)
        .bind(person)
        .bind(notice.kind)
        .bind(notice.params.to_string())
        .bind(subject_kind)
        .bind(subject_id)
        .bind(notice.party)
        .bind(notice.fold.map(str::to_owned))
        .bind(at)
        .execute()
        .await
        .map(drop)
}

pub(super) async fn list(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    person: Id<Person>,
    stretch: Stretch,
) -> Result<Vec<Row>, Fault> {
    let (at, id) = stretch.after.unwrap_or_else(|| (i64::MAX, Id::mint()));
    conn.run(LIST)
        .bind(organisation)
        .bind(person)
        .bind(at)
        .bind(id)
        .bind(i64::from(stretch.unread))
        .bind(stretch.limit + 1)
        .all()
        .await
}

pub(super) async fn unread(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    person: Id<Person>,
) -> Result<i64, Fault> {
    let (count,) = conn.run(UNREAD).bind(organisation).bind(person).one().await?;
    Ok(count)
}

pub(super) async fn read_one(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    person: Id<Person>,
    id: Id<Notification>,
    at: Moment,
) -> Result<(), Fault> {
    let query = tx.run(READ_ONE).bind(organisation).bind(person);
    query.bind(id).bind(at).execute().await.map(drop)
}

pub(super) async fn read_all(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    person: Id<Person>,
    at: Moment,
) -> Result<(), Fault> {
    tx.run(READ_ALL).bind(organisation).bind(person).bind(at).execute().await.map(drop)
}
