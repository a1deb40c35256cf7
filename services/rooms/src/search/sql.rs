//! Finding words in logs, under the right that reads the log.

use kernel::{Fault, Id, Moment, Organisation, Person, Room, Space};
use sharing::{EventKind, Reader, RoomKind};
use store::{Conn, statements};
use uuid::Uuid;

use super::rules::Looks;

statements! {
    /// What was said with such words, the newest first. A message stands with its newest words;
    /// a change of a card is found only by those who may see the field.
    FIND = sqlite "
        select t.room_id, t.seq, t.field, e.kind, e.author_kind, e.author_id, e.author_name,
               e.organisation_id, o.name as organisation_name,
               coalesce((select b.body from room_event b
                         where b.room_id = e.room_id and b.target = e.seq and b.kind = 'edit' and b.body is not null
                         order by b.seq desc limit 1), e.body) as body,
               e.detail, coalesce(e.at, q.created_at) as at, r.kind as room_kind, r.title,
               r.space_id,
               case when ',' || v.mask || ',' like '%,title,%' then d.title end as deal_title
        from message_word($2) w
        cross join message_text t on t.id = w.rowid
        join person_room r on r.room_id = t.room_id
        join room q on q.id = t.room_id
        left join room_event e on e.room_id = t.room_id and e.seq = t.seq
        left join message_hidden h on h.room_id = t.room_id and h.seq = t.seq
        left join organisation o on o.id = e.organisation_id
        left join live_visible v
          on v.organisation_id = r.organisation_id and v.record_id = r.space_id and v.kind = 'deal'
        left join deal d on d.space_id = r.space_id
        where r.organisation_id = $1 and (r.person_id is null or r.person_id = $8) and w.rowid < $3
          and (h.seq is null or h.organisation_id = $1)
          and (t.seq = 0 or (t.seq >= r.from_seq and t.seq >= r.first_seq))
          and (t.field = '' or ',' || v.mask || ',' like '%,' || t.field || ',%')
          and ($4 is null or (e.author_id = $4 and e.author_kind = 'person'))
          and coalesce(e.at, q.created_at) >= $5 and coalesce(e.at, q.created_at) < $6
        order by w.rowid desc
        limit $7", postgres "
        select t.room_id, t.seq, t.field, e.kind, e.author_kind, e.author_id, e.author_name,
               e.organisation_id, o.name as organisation_name,
               coalesce((select b.body from room_event b
                         where b.room_id = e.room_id and b.target = e.seq and b.kind = 'edit' and b.body is not null
                         order by b.seq desc limit 1), e.body) as body,
               e.detail, coalesce(e.at, q.created_at) as at, r.kind as room_kind, r.title,
               r.space_id,
               case when ',' || v.mask || ',' like '%,title,%' then d.title end as deal_title
        from message_word w
        join message_text t on t.id = w.rowid
        join person_room r on r.room_id = t.room_id
        join room q on q.id = t.room_id
        left join room_event e on e.room_id = t.room_id and e.seq = t.seq
        left join message_hidden h on h.room_id = t.room_id and h.seq = t.seq
        left join organisation o on o.id = e.organisation_id
        left join live_visible v
          on v.organisation_id = r.organisation_id and v.record_id = r.space_id and v.kind = 'deal'
        left join deal d on d.space_id = r.space_id
        where r.organisation_id = $1 and (r.person_id is null or r.person_id = $8)
          and w.words @@ cast(cast($2 as text) as tsquery) and w.rowid < $3
          and (h.seq is null or h.organisation_id = $1)
          and (t.seq = 0 or (t.seq >= r.from_seq and t.seq >= r.first_seq))
          and (t.field = '' or ',' || v.mask || ',' like '%,' || t.field || ',%')
          and (cast($4 as uuid) is null or (e.author_id = $4 and e.author_kind = 'person'))
          and coalesce(e.at, q.created_at) >= $5 and coalesce(e.at, q.created_at) < $6
        order by w.rowid desc
        limit $7";

    /// The number of something that was found, while it may be read.
    PLACE = "
        select t.id
        from message_text t
        join person_room r on r.room_id = t.room_id
        where r.organisation_id = $1 and t.room_id = $2 and t.seq = $3
          and (r.person_id is null or r.person_id = $4)
          and (t.seq = 0 or (t.seq >= r.from_seq and t.seq >= r.first_seq))";

    /// Some rooms that an organisation may read.
    READABLE = "
        select r.room_id from person_room r
        where r.organisation_id = $1 and (r.person_id is null or r.person_id = $3)
        order by r.room_id
        limit $2";
}

/// Something that was found.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Found {
    pub(super) room_id: Id<Room>,
    pub(super) seq: i64,
    pub(super) field: String,
    /// None for a title.
    pub(super) kind: Option<EventKind>,
    pub(super) author_kind: Option<String>,
    pub(super) author_id: Option<Uuid>,
    pub(super) author_name: Option<String>,
    pub(super) organisation_id: Option<Id<Organisation>>,
    pub(super) organisation_name: Option<String>,
    pub(super) body: Option<String>,
    pub(super) detail: Option<String>,
    pub(super) at: Moment,
    pub(super) room_kind: RoomKind,
    pub(super) title: String,
    pub(super) space_id: Id<Space>,
    pub(super) deal_title: Option<String>,
}

pub(super) async fn find(
    conn: &mut Conn,
    reader: Reader,
    looks: &Looks,
    limit: i64,
) -> Result<Vec<Found>, Fault> {
    let query = conn.run(FIND).anew().bind(reader.organisation).bind(looks.words.clone());
    let query = query.bind(looks.below).bind(looks.by.map(Id::<Person>::uuid));
    let query = query.bind(looks.span.0).bind(looks.span.1).bind(limit);
    query.bind(reader.person).all().await
}

pub(super) async fn place(
    conn: &mut Conn,
    reader: Reader,
    room: Id<Room>,
    seq: i64,
) -> Result<Option<i64>, Fault> {
    let query = conn.run(PLACE).bind(reader.organisation).bind(room).bind(seq);
    let row: Option<(i64,)> = query.bind(reader.person).optional().await?;
    Ok(row.map(|(id,)| id))
}

pub(super) async fn readable(
    conn: &mut Conn,
    reader: Reader,
    limit: i64,
) -> Result<Vec<Id<Room>>, Fault> {
    let query = conn.run(READABLE).bind(reader.organisation).bind(limit);
    let rows: Vec<(Id<Room>,)> = query.bind(reader.person).all().await?;
    Ok(rows.into_iter().map(|(room,)| room).collect())
}
