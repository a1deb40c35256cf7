//! The table `topic`, and lists of topics.

use gate::Caller;
use kernel::{Fault, Id, Moment, Organisation, Person, Room, Space};
use store::{Conn, Tx, statements};

statements! {
    /// The topics of a space that an organisation reads, the one said something in last first.
    TOPICS = "
        select r.room_id, r.title, k.category, k.locked, k.answer, k.revision,
               (select k.origin from readable_room n
                where n.organisation_id = r.organisation_id and n.space_id = r.space_id
                  and n.kind = 'main' and k.origin >= n.from_seq) as origin,
               k.opened_by, p.name as opener, k.organisation_id, o.name as organisation_name,
               q.created_at, coalesce(l.at, q.created_at) as active_at,
               l.author_name as last_name,
               (select count(*) from room_event e
                where e.room_id = r.room_id and e.kind = 'msg' and e.seq >= r.from_seq and e.body is not null) as messages,
               (select count(*) from room_event e
                where e.room_id = r.room_id and e.kind = 'msg' and e.seq >= r.from_seq
                  and e.seq > coalesce(m.seq, 0) and e.body is not null
                  and (e.author_id is null or e.author_id <> $3)) as unread,
               (select count(*) from guest g
                where g.room_id = r.room_id and g.state in ('added', 'active')) as guests,
               coalesce(w.level, 'all') as level
        from readable_room r
        join room q on q.id = r.room_id
        join topic k on k.room_id = r.room_id
        left join person p on p.id = k.opened_by
        left join organisation o on o.id = k.organisation_id
        left join room_read m
          on m.room_id = r.room_id and m.person_id = $3 and m.organisation_id = r.organisation_id
        left join room_own w
          on w.room_id = r.room_id and w.person_id = $3 and w.organisation_id = r.organisation_id
        left join room_event l
          on l.room_id = r.room_id and l.seq = (
              select max(e.seq) from room_event e
              where e.room_id = r.room_id and e.kind = 'msg' and e.seq >= r.from_seq)
        where r.organisation_id = $1 and r.space_id = $2 and r.kind = 'topic'
        order by coalesce(l.at, q.created_at) desc, r.room_id desc
        limit 200";

    /// Who said something in the topics of a space that an organisation reads.
    PEOPLE = "
        select distinct e.room_id, e.author_name
        from readable_room r
        join room_event e on e.room_id = r.room_id and e.seq >= r.from_seq and e.kind = 'msg'
        where r.organisation_id = $1 and r.space_id = $2 and r.kind = 'topic'
        order by e.room_id, e.author_name
        limit 2000";

    /// What a topic has besides its room.
    KEPT = "
        select k.opened_by, k.organisation_id, k.category, k.locked, k.answer, k.revision
        from readable_room r
        join topic k on k.room_id = r.room_id
        where r.organisation_id = $1 and r.room_id = $2";

    /// Changes it, at the revision that was read.
    CHANGE unscoped "the caller has shown its right to the topic" = "
        update topic set category = $3, locked = $4, answer = $5, revision = revision + 1
        where room_id = $1 and revision = $2";
}

/// A topic of the list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) room_id: Id<Room>,
    pub(super) title: String,
    pub(super) category: String,
    pub(super) locked: bool,
    pub(super) answer: Option<i64>,
    pub(super) origin: Option<i64>,
    pub(super) revision: i64,
    pub(super) opened_by: Option<Id<Person>>,
    pub(super) opener: Option<String>,
    pub(super) organisation_id: Option<Id<Organisation>>,
    pub(super) organisation_name: Option<String>,
    pub(super) created_at: Moment,
    pub(super) active_at: Moment,
    pub(super) last_name: Option<String>,
    pub(super) messages: i64,
    pub(super) unread: i64,
    pub(super) guests: i64,
    pub(super) level: crate::own::Level,
}

/// What a topic has besides its room.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Kept {
    pub(super) opened_by: Option<Id<Person>>,
    pub(super) organisation_id: Option<Id<Organisation>>,
    pub(super) category: String,
    pub(super) locked: bool,
    pub(super) answer: Option<i64>,
    pub(super) revision: i64,
}

pub(super) async fn topics(
    conn: &mut Conn,
    caller: &Caller,
    space: Id<Space>,
) -> Result<Vec<Row>, Fault> {
    let query = conn.run(TOPICS).bind(caller.organisation).bind(space);
    query.bind(caller.person).all().await
}

pub(super) async fn people(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    space: Id<Space>,
) -> Result<Vec<(Id<Room>, String)>, Fault> {
    conn.run(PEOPLE).bind(organisation).bind(space).all().await
}

pub(super) async fn kept(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    room: Id<Room>,
) -> Result<Option<Kept>, Fault> {
    conn.run(KEPT).bind(organisation).bind(room).optional().await
}

/// Whether it stood at that revision.
pub(super) async fn change(
    tx: &mut Tx,
    room: Id<Room>,
    revision: i64,
    next: &Kept,
) -> Result<bool, Fault> {
    let query = tx.run(CHANGE).bind(room).bind(revision).bind(next.category.clone());
    Ok(query.bind(next.locked).bind(next.answer).execute().await? > 0)
}
