//! Lists of rooms of two people.

use gate::Caller;
use kernel::{Fault, Id, Moment, Organisation, Person, Room};
use store::{Conn, statements};

statements! {
    /// The rooms that a person shares with one other, the one said something in last first. One
    /// in which nothing was said yet is only its opener's to see.
    DIRECTS = "
        select r.room_id, d.person_id, p.name, d.organisation_id, o.name as organisation_name,
               r.head_seq, coalesce(l.at, q.created_at) as active_at,
               l.author_id as last_author, l.at as last_at,
               coalesce((select b.body from room_event b
                         where b.room_id = l.room_id and b.target = l.seq and b.kind = 'edit' and b.body is not null
                         order by b.seq desc limit 1), l.body) as last_body,
               (select count(*) from (
                    select 1 from room_event e
                    where e.room_id = r.room_id and e.kind = 'msg' and e.body is not null
                      and e.seq >= r.from_seq and e.seq > coalesce(m.seq, 0) and e.author_id <> $2
                    limit 100) n) as unread,
               (select count(*) from person_room x
                where x.room_id = r.room_id and x.person_id <> $2) as others
        from person_room r
        join room q on q.id = r.room_id
        join direct_person me on me.room_id = r.room_id and me.person_id = r.person_id
            and me.organisation_id = r.organisation_id
        join direct_person d on d.room_id = r.room_id and d.person_id <> r.person_id
        join person p on p.id = d.person_id
        join organisation o on o.id = d.organisation_id
        left join room_read m
          on m.room_id = r.room_id and m.person_id = $2 and m.organisation_id = r.organisation_id
        left join room_event l
          on l.room_id = r.room_id and l.seq = (
              select max(e.seq) from room_event e
              where e.room_id = r.room_id and e.kind = 'msg' and e.seq >= r.from_seq)
        where r.organisation_id = $1 and r.person_id = $2 and (l.seq is not null or me.opened = $3)
        order by coalesce(l.at, q.created_at) desc, r.room_id desc
        limit 200";

    /// The people to whom one may write, whose names have a part in them: one's own, then those
    /// of other sides who said something where one's organisation reads.
    PEOPLE = "
        select m.person_id, p.name, m.organisation_id, o.name as organisation_name
        from membership m
        join person p on p.id = m.person_id
        join organisation o on o.id = m.organisation_id
        where m.state = 'active' and m.person_id <> $2
          and (cast($3 as text) = '' or lower(p.name) like $3)
          and (m.organisation_id = $1
               or (m.organisation_id in (
                       select c.other_id from common_space c where c.organisation_id = $1)
                   and exists (
                       select 1
                       from readable_room a
                       join readable_room b on b.room_id = a.room_id and b.organisation_id = m.organisation_id
                       join room_event e on e.room_id = a.room_id and e.author_id = m.person_id
                           and e.organisation_id = m.organisation_id and e.seq >= a.from_seq
                       where a.organisation_id = $1)))
        order by case when m.organisation_id = $1 then 0 else 1 end, p.name, m.id
        limit 50";
}

/// A room of two people.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) room_id: Id<Room>,
    pub(super) person_id: Id<Person>,
    pub(super) name: String,
    pub(super) organisation_id: Id<Organisation>,
    pub(super) organisation_name: String,
    pub(super) head_seq: i64,
    pub(super) active_at: Moment,
    pub(super) last_author: Option<Id<Person>>,
    pub(super) last_at: Option<Moment>,
    pub(super) last_body: Option<String>,
    pub(super) unread: i64,
    pub(super) others: i64,
}

/// Somebody to whom one may write.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Reachable {
    pub(super) person_id: Id<Person>,
    pub(super) name: String,
    pub(super) organisation_id: Id<Organisation>,
    pub(super) organisation_name: String,
}

pub(super) async fn directs(conn: &mut Conn, caller: &Caller) -> Result<Vec<Row>, Fault> {
    let query = conn.run(DIRECTS).bind(caller.organisation).bind(caller.person);
    query.bind(true).all().await
}

pub(super) async fn people(
    conn: &mut Conn,
    caller: &Caller,
    part: &str,
) -> Result<Vec<Reachable>, Fault> {
    let plain: String =
        part.chars().filter(|it| !matches!(it, '%' | '_' | '\0')).collect();
    let like = match plain.trim() {
        "" => String::new(),
        plain => format!("%{}%", plain.to_lowercase()),
    };
    let query = conn.run(PEOPLE).bind(caller.organisation).bind(caller.person);
    query.bind(like).all().await
}
