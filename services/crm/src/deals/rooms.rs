//! The rooms of a deal as they go out, each with its guests and its audience.

use std::collections::HashMap;

use gate::Scope;
use kernel::{Fault, Guest, Id, Moment, Organisation, Room, Space};
use serde::Serialize;
use sharing::{Reach, RoomKind, log};
use store::{Conn, statements};
use utoipa::ToSchema;

use crate::OrgRef;

statements! {
    /// How far a person has read the rooms of a deal, and how many messages of others are left:
    /// up to a hundred.
    READ_MARKS = "
        select r.room_id, coalesce(m.seq, 0) as seq,
               (select count(*) from (
                    select 1 from room_event e
                    where e.room_id = r.room_id and e.kind = 'msg' and e.body is not null
                      and e.seq >= r.from_seq and e.seq > coalesce(m.seq, 0)
                      and (e.author_id is null or e.author_id <> $3)
                    limit 100) n) as unread
        from readable_room r
        left join room_read m
          on m.room_id = r.room_id and m.organisation_id = r.organisation_id and m.person_id = $3
        where r.organisation_id = $1 and r.space_id = $2";

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
    let Some(reach) = log::reach(conn, scope.organisation(), room).await? else {
        return Ok(None);
    };
    let deal = reach.space;
    Ok(dress(conn, scope, deal, vec![reach]).await?.into_iter().next())
}

/// Adds marks, guests and audiences.
async fn dress(
    conn: &mut Conn,
    scope: Scope,
    deal: Id<Space>,
    reaches: Vec<Reach>,
) -> Result<Vec<RoomView>, Fault> {
    let own = scope.organisation();
    let marks: Vec<(Id<Room>, i64, i64)> = match scope.actor() {
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
    let mark = |room: Id<Room>| marks.iter().find(|(id, _, _)| *id == room);
    let view = |reach: Reach| RoomView {
        id: reach.room,
        deal,
        kind: reach.kind,
        title: reach.title,
        head: reach.head,
        first: reach.first,
        read: mark(reach.room).map_or(0, |(_, seq, _)| *seq),
        unread: mark(reach.room).map_or(0, |(_, _, unread)| *unread),
        epoch: reach.epoch,
        guests: guests.remove(&reach.room).unwrap_or_default(),
        audience: audiences.remove(&reach.room).unwrap_or_default(),
    };
    Ok(reaches.into_iter().map(view).collect())
}
