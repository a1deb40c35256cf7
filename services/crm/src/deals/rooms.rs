//! The rooms of a deal as they go out, each with its guests and its audience.

use std::collections::HashMap;

use gate::Scope;
use kernel::{Fault, Guest, Id, Moment, Organisation, Person, Room, Space};
use serde::Serialize;
use sharing::{Reach, RoomKind, log};
use store::{Conn, statements};
use utoipa::ToSchema;

use crate::OrgRef;

statements! {
    /// How far a person has read the rooms of a deal, and how many messages of others are left:
    /// up to a hundred.
    READ_MARKS = "
        select r.room_id, coalesce(m.seq, 0) as seq, q.revision,
               case when r.kind = 'internal' or (r.kind <> 'direct' and s.host_id = $1)
                    then cast(1 as bigint) else cast(0 as bigint) end as hosted,
               (select count(*) from (
                    select 1 from room_event e
                    where e.room_id = r.room_id and e.kind = 'msg' and e.body is not null
                      and e.seq >= r.from_seq and e.seq > coalesce(m.seq, 0)
                      and (e.author_id is null or e.author_id <> $3)
                    limit 100) n) as unread
        from person_room r
        join room q on q.id = r.room_id
        join space s on s.id = r.space_id
        left join room_read m
          on m.room_id = r.room_id and m.organisation_id = r.organisation_id and m.person_id = $3
        where r.organisation_id = $1 and r.space_id = $2
          and (r.person_id is null or r.person_id = $3)";

    /// The other one of two people.
    OTHER = "
        select d.person_id, p.name, d.organisation_id, o.name as organisation_name
        from person_room r
        join direct_person d on d.room_id = r.room_id and d.person_id <> r.person_id
        join person p on p.id = d.person_id
        join organisation o on o.id = d.organisation_id
        where r.organisation_id = $1 and r.room_id = $2 and r.person_id = $3";

    /// For how many days the rooms of a deal keep what is said, and who says so.
    KEPT_FOR = "
        select r.room_id, case r.kind when 'main' then t.main_days when 'topic' then t.topic_days
                   when 'internal' then t.internal_days else t.direct_days end as days,
               o.id, o.name
        from person_room r
        join space s on s.id = r.space_id
        join retention t
          on t.organisation_id = case r.kind when 'internal' then r.organisation_id else s.host_id end
        join organisation o on o.id = t.organisation_id
        where r.organisation_id = $1 and r.space_id = $2
          and (r.person_id is null or r.person_id = $3)";

    /// Who reads the rooms of a deal that the organisation reads.
    AUDIENCES = "
        select a.room_id, o.id, o.name
        from readable_room r
        join readable_room a on a.room_id = r.room_id
        join organisation o on o.id = a.organisation_id
        where r.organisation_id = $1 and r.space_id = $2
        order by a.party_id";

    /// The guests of the rooms of a deal, each with the last mail to them.
    GUESTS = "
        select g.id, g.room_id, g.email, g.name, g.state, g.sponsor_id,
               o.name as sponsor_name, l.state as mail_state, l.at as mail_at
        from readable_room r
        join guest g on g.room_id = r.room_id and g.state <> 'removed'
        join organisation o on o.id = g.sponsor_id
        left join letter l on l.id = (
            select n.id from letter n
            where n.guest_id = g.id and n.state <> 'cancelled'
            order by n.at desc, n.id desc
            limit 1)
        where r.organisation_id = $1 and r.space_id = $2
        order by g.created_at, g.id";
}

/// A room.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RoomView {
    /// Which.
    pub id: Id<Room>,
    /// Of which deal.
    pub deal: Id<Space>,
    /// What kind.
    pub kind: RoomKind,
    /// Its title; empty but for topics.
    pub title: String,
    /// The newest seq; 0 in an empty log.
    pub head: i64,
    /// The oldest seq that may be read.
    pub first: i64,
    /// How far the acting person has read.
    pub read: i64,
    /// How many messages of others they have not read, up to a hundred.
    pub unread: i64,
    /// Changes when a log is restored.
    pub epoch: String,
    /// Outside contacts; only topics have some.
    pub guests: Vec<GuestView>,
    /// The organisations that read here.
    pub audience: Vec<OrgRef>,
    /// Whether one's organisation may write here.
    pub can_write: bool,
    /// Whether the host has locked it.
    pub locked: bool,
    /// How many seconds a person waits between two messages; 0 for none.
    pub slow_s: i64,
    /// Counts the changes of its rules.
    pub revision: i64,
    /// Whether one's organisation keeps order here.
    pub hosted: bool,
    /// In a room of two people, the other one.
    pub with: Option<OtherView>,
    /// For how long it keeps what is said; none for ever.
    pub keeps: Option<KeepsView>,
}

/// For how long a room keeps what is said.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KeepsView {
    /// In days. What is older may be gone.
    pub days: i64,
    /// Whose rule it is.
    pub by: OrgRef,
}

/// The other one of two people.
#[derive(Clone, Debug, Serialize, ToSchema, sqlx::FromRow)]
pub struct OtherView {
    /// Who.
    #[serde(rename = "user")]
    pub person_id: Id<Person>,
    /// Their name.
    pub name: String,
    /// For which organisation.
    #[serde(rename = "organisation")]
    pub organisation_id: Id<Organisation>,
    /// Its name.
    pub organisation_name: String,
}

/// An outside contact.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GuestView {
    /// Who.
    pub id: Id<Guest>,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// `added`, `active`, `removed` or `bounced`.
    #[schema(schema_with = crate::words::guest_state)]
    pub state: String,
    /// Who brought them in.
    pub sponsor: OrgRef,
    /// The last mail to them.
    pub last_mail: Option<LastMail>,
}

/// What became of a mail.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LastMail {
    /// `queued`, `sent`, `failed`, or `outbox` where the hub sends no mail.
    #[schema(schema_with = crate::words::mail_state)]
    pub state: String,
    /// When.
    pub at: Moment,
}

#[derive(sqlx::FromRow)]
struct Marks {
    room_id: Id<Room>,
    seq: i64,
    unread: i64,
    revision: i64,
    /// 1 where the organisation keeps order.
    hosted: i64,
}

/// For how many days a room keeps what is said, and whose rule it is.
#[derive(sqlx::FromRow)]
struct Kept {
    room_id: Id<Room>,
    days: Option<i64>,
    id: Id<Organisation>,
    name: String,
}

#[derive(sqlx::FromRow)]
struct GuestRow {
    id: Id<Guest>,
    room_id: Id<Room>,
    email: String,
    name: String,
    state: String,
    sponsor_id: Id<Organisation>,
    sponsor_name: String,
    mail_state: Option<String>,
    mail_at: Option<Moment>,
}

impl From<GuestRow> for GuestView {
    fn from(row: GuestRow) -> Self {
        let mail = row.mail_state.zip(row.mail_at).map(|(state, at)| {
            let state = if state == "kept" { "outbox".to_owned() } else { state };
            LastMail { state, at }
        });
        Self {
            id: row.id,
            email: row.email,
            name: row.name,
            state: row.state,
            sponsor: OrgRef { id: row.sponsor_id, name: row.sponsor_name },
            last_mail: mail,
        }
    }
}

/// The rooms of a deal that the organisation may read: main first, its notes, then topics.
///
/// # Errors
/// If the database fails.
pub async fn of_deal(
    conn: &mut Conn,
    scope: Scope,
    deal: Id<Space>,
) -> Result<Vec<RoomView>, Fault> {
    let reaches = log::rooms_of(conn, scope.organisation(), deal).await?;
    dress(conn, scope, deal, reaches).await
}

/// One room, if the organisation may read it.
///
/// # Errors
/// If the database fails.
pub async fn one(
    conn: &mut Conn,
    scope: Scope,
    room: Id<Room>,
) -> Result<Option<RoomView>, Fault> {
    let Some(reach) = log::reach(conn, scope, room).await? else {
        return Ok(None);
    };
    let (deal, kind) = (reach.space, reach.kind);
    let Some(mut view) = dress(conn, scope, deal, vec![reach]).await?.into_iter().next()
    else {
        return Ok(None);
    };
    if kind == RoomKind::Direct {
        let query = conn.run(OTHER).bind(scope.organisation()).bind(room);
        view.with = query.bind(scope.actor()).optional().await?;
        let side = view.with.as_ref().map(|it| OrgRef {
            id: it.organisation_id,
            name: it.organisation_name.clone(),
        });
        view.audience.extend(side);
    }
    Ok(Some(view))
}

/// Adds marks, guests and audiences.
async fn dress(
    conn: &mut Conn,
    scope: Scope,
    deal: Id<Space>,
    reaches: Vec<Reach>,
) -> Result<Vec<RoomView>, Fault> {
    let own = scope.organisation();
    let marks: Vec<Marks> = match scope.actor() {
        Some(person) => {
            conn.run(READ_MARKS).bind(own).bind(deal).bind(person).all().await?
        }
        None => Vec::new(),
    };
    let mut audiences: HashMap<Id<Room>, Vec<OrgRef>> = HashMap::new();
    let rows: Vec<(Id<Room>, Id<Organisation>, String)> =
        conn.run(AUDIENCES).bind(own).bind(deal).all().await?;
    for (room, id, name) in rows {
        audiences.entry(room).or_default().push(OrgRef { id, name });
    }
    let mut guests: HashMap<Id<Room>, Vec<GuestView>> = HashMap::new();
    let rows: Vec<GuestRow> = conn.run(GUESTS).bind(own).bind(deal).all().await?;
    for row in rows {
        guests.entry(row.room_id).or_default().push(row.into());
    }
    let mut keeps = kept_for(conn, scope, deal).await?;
    let mark = |room: Id<Room>| marks.iter().find(|marks| marks.room_id == room);
    let view = |reach: Reach| RoomView {
        can_write: reach.may_write,
        locked: reach.locked,
        slow_s: reach.slow_s,
        revision: mark(reach.room).map_or(1, |marks| marks.revision),
        hosted: mark(reach.room).is_some_and(|marks| marks.hosted > 0),
        with: None,
        keeps: keeps.remove(&reach.room),
        id: reach.room,
        deal,
        kind: reach.kind,
        title: reach.title,
        head: reach.head,
        first: reach.first,
        read: mark(reach.room).map_or(0, |marks| marks.seq),
        unread: mark(reach.room).map_or(0, |marks| marks.unread),
        epoch: reach.epoch,
        guests: guests.remove(&reach.room).unwrap_or_default(),
        audience: audiences.remove(&reach.room).unwrap_or_default(),
    };
    Ok(reaches.into_iter().map(view).collect())
}

/// For how long the rooms of a deal keep what is said, where there is a rule.
async fn kept_for(
    conn: &mut Conn,
    scope: Scope,
    deal: Id<Space>,
) -> Result<HashMap<Id<Room>, KeepsView>, Fault> {
    let query = conn.run(KEPT_FOR).bind(scope.organisation()).bind(deal);
    let rows: Vec<Kept> = query.bind(scope.actor()).all().await?;
    let keeps = |row: Kept| {
        let by = OrgRef { id: row.id, name: row.name };
        row.days.map(|days| (row.room_id, KeepsView { days, by }))
    };
    Ok(rows.into_iter().filter_map(keeps).collect())
}
