//! The table `space_export`; and what an export lists besides logs.

use directory::Locale;
use gate::Role;
use kernel::{
    Export, Fault, Id, Moment, Organisation, Party, Person, Room, Space, StoredFile,
};
use sharing::spaces::Standing;
use store::{Conn, Sha256, Tx, statements};

use super::{State, rules::Right};

statements! {
    /// Asks for one, unless one is being made.
    ASK = "
        insert into space_export (id, organisation_id, space_id, party_id, asked_by, locale, state, asked_at)
        select $1, $2, $3, $4, p.id, p.locale, 'waiting', $6
        from person p
        where p.id = $5
        on conflict do nothing";

    /// Those of an organisation's present part in a space, the newest first.
    LIST = "
        select x.id, x.state, x.asked_at, x.made_at, x.expires_at, x.bytes, p.name as asked_by
        from space_export x
        join person p on p.id = x.asked_by
        where x.organisation_id = $1 and x.space_id = $2 and x.party_id = $3
          and (x.id = $4 or cast($5 as bigint) = 1)
        order by x.id desc
        limit 20";

    /// One that is to be made, and who asked for it: as what, if they are still there.
    WAITING unscoped "the job names the export, which names its organisation" = "
        select x.organisation_id, x.space_id, x.party_id, x.asked_by, x.locale, x.asked_at, m.role
        from space_export x
        left join membership m
          on m.organisation_id = x.organisation_id and m.person_id = x.asked_by and m.state = 'active'
        where x.id = $1 and x.state = 'waiting'";

    /// It is made.
    READY = "
        update space_export
        set state = 'ready', made_at = $3, expires_at = $4, sha256 = $5, bytes = $6, made_under = $7
        where organisation_id = $1 and id = $2 and state = 'waiting'";

    /// It will not be made.
    REFUSE unscoped "the job names the export" = "
        update space_export set state = 'refused' where id = $1 and state = 'waiting'";

    /// One that is ready.
    READABLE = "
        select sha256, bytes, made_under
        from space_export
        where organisation_id = $1 and space_id = $2 and id = $3 and state = 'ready'";

    /// The files of those that go: of one, or of all but one of a space.
    LEAVING unscoped "by the export that a job, or a right that was shown, names" = "
        select x.id, x.sha256
        from space_export x
        join space_export n on n.organisation_id = x.organisation_id and n.space_id = x.space_id
        where n.id = $1 and x.state = 'ready' and (x.id = n.id) = (cast($2 as bigint) = 1)
          and (cast($3 as bigint) is null or x.expires_at <= $3)";

    /// Its file goes.
    REMOVE unscoped "by the export that a job, or a right that was shown, names" = "
        update space_export set state = 'removed', sha256 = null where id = $1 and state = 'ready'";

    /// A file that may be named by nobody.
    LET_GO unscoped "files belong to no one organisation" = "
        insert into file_leaving (sha256, since) values ($1, $2)
        on conflict (sha256) do update set since = excluded.since";

    /// Whether something that stood in a log when it was read was taken back or hidden since.
    TAKEN_BACK = "
        select 1
        from readable_room r
        join room_event e on e.room_id = r.room_id and e.seq >= r.from_seq
        where r.organisation_id = $1 and r.room_id = $2
          and e.seq > $3 and e.kind in ('redact', 'hide') and e.target <= $3
        limit 1";

    /// What a topic has besides its room.
    TOPIC = "
        select k.category, k.locked, k.answer, p.name as opened_by
        from readable_room r
        join topic k on k.room_id = r.room_id
        left join person p on p.id = k.opened_by
        where r.organisation_id = $1 and r.room_id = $2";

    /// The files of a room's messages, after a place in it.
    FILES = "
        select f.seq, f.place, f.id, f.name, f.kind, f.bytes, f.sha256
        from readable_room r
        join told_event e on e.room_id = r.room_id and e.seq >= r.from_seq
        join room_file f on f.room_id = e.room_id and f.seq = e.seq
        where r.organisation_id = $1 and r.room_id = $2 and e.seq <= $3
          and (f.seq, f.place) > ($4, $5)
          and e.body is not null and (e.hidden is null or e.hidden_of = $1)
        order by f.seq, f.place
        limit $6";

    /// The papers of a deal that an organisation holds.
    PAPERS = "
        select 'quote' as kind, q.number, v.rev as revision, h.sha256, h.bytes, h.media_type, h.at
        from document_holding h
        join quote_revision v on v.sha256 = h.sha256
        join quote q on q.id = v.quote_id
        where h.organisation_id = $1 and q.space_id = $2 and $1 in (q.seller_id, q.buyer_id)
        union all
        select 'shipment', s.number, cast(null as bigint), h.sha256, h.bytes, h.media_type, h.at
        from document_holding h
        join shipment s on s.sha256 = h.sha256
        join trade_order t on t.id = s.order_id
        where h.organisation_id = $1 and t.space_id = $2 and $1 in (t.seller_id, t.buyer_id)
        union all
        select i.kind, i.number, cast(null as bigint), h.sha256, h.bytes, h.media_type, h.at
        from document_holding h
        join invoice i on i.sha256 = h.sha256
        join trade_order t on t.id = i.order_id
        where h.organisation_id = $1 and t.space_id = $2 and $1 in (t.seller_id, t.buyer_id)
        order by 7, 2, 4
        limit 10000";
}

/// An export, for those who may fetch it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Id<Export>,
    pub(super) state: State,
    pub(super) asked_at: Moment,
    pub(super) made_at: Option<Moment>,
    pub(super) expires_at: Option<Moment>,
    pub(super) bytes: Option<i64>,
    pub(super) asked_by: String,
}

/// One that is to be made.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub(super) struct Waiting {
    pub(super) organisation_id: Id<Organisation>,
    pub(super) space_id: Id<Space>,
    pub(super) party_id: Id<Party>,
    pub(super) asked_by: Id<Person>,
    pub(super) locale: Locale,
    pub(super) asked_at: Moment,
    /// None for somebody who is not there any more.
    pub(super) role: Option<Role>,
}

/// One that is ready.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Ready {
    pub(super) sha256: String,
    pub(super) bytes: i64,
    made_under: String,
}

impl Ready {
    /// Under which right it was made.
    pub(super) fn made_under(&self) -> Result<Right, Fault> {
        let right = serde_json::from_str(&self.made_under);
        right.map_err(Fault::new("reading the right under which an export was made"))
    }
}

/// What a topic has besides its room.
#[derive(Debug, serde::Serialize, sqlx::FromRow)]
pub(super) struct TopicRow {
    category: String,
    locked: bool,
    /// The seq of the accepted answer.
    answer: Option<i64>,
    opened_by: Option<String>,
}

/// A file of a message.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct FileRow {
    pub(super) seq: i64,
    pub(super) place: i64,
    pub(super) id: Id<StoredFile>,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) bytes: i64,
    pub(super) sha256: String,
}

/// A paper.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct PaperRow {
    pub(super) kind: String,
    pub(super) number: String,
    pub(super) revision: Option<i64>,
    pub(super) sha256: String,
    pub(super) bytes: i64,
    pub(super) media_type: String,
    pub(super) at: Moment,
}

/// Which exports of a space are meant.
#[derive(Clone, Copy, Debug)]
pub(super) enum Which {
    /// The newest.
    All,
    /// This one.
    One(Id<Export>),
}

/// Whose files go.
#[derive(Clone, Copy, Debug)]
pub(super) enum Goes {
    /// This one's.
    Itself,
    /// This one's, if its time is over.
    Due(Moment),
    /// Those of the older ones, since this one is there.
    Older,
}

pub(super) async fn ask(
    tx: &mut Tx,
    export: Id<Export>,
    (organisation, person): (Id<Organisation>, Option<Id<Person>>),
    (space, standing): (Id<Space>, &Standing),
    now: Moment,
) -> Result<bool, Fault> {
    let query = tx.run(ASK).bind(export).bind(organisation).bind(space);
    let query = query.bind(standing.party).bind(person).bind(now);
    Ok(query.execute().await? == 1)
}

pub(super) async fn list(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    (space, party): (Id<Space>, Id<Party>),
    which: Which,
) -> Result<Vec<Row>, Fault> {
    let (one, all) = match which {
        Which::All => (Id::mint(), 1_i64),
        Which::One(export) => (export, 0),
    };
    let query = conn.run(LIST).bind(organisation).bind(space).bind(party);
    query.bind(one).bind(all).all().await
}

pub(super) async fn waiting(
    conn: &mut Conn,
    export: Id<Export>,
) -> Result<Option<Waiting>, Fault> {
    conn.run(WAITING).bind(export).optional().await
}

pub(super) async fn ready(
    tx: &mut Tx,
    (organisation, export): (Id<Organisation>, Id<Export>),
    (file, bytes): (Sha256, i64),
    under: &Right,
    (now, until): (Moment, Moment),
) -> Result<bool, Fault> {
    let under = serde_json::to_string(under).map_err(Fault::new("writing a right"))?;
    let query = tx.run(READY).bind(organisation).bind(export).bind(now).bind(until);
    Ok(query.bind(file.to_string()).bind(bytes).bind(under).execute().await? == 1)
}

pub(super) async fn refuse(tx: &mut Tx, export: Id<Export>) -> Result<(), Fault> {
    tx.run(REFUSE).bind(export).execute().await.map(drop)
}

pub(super) async fn readable(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    (space, export): (Id<Space>, Id<Export>),
) -> Result<Option<Ready>, Fault> {
    conn.run(READABLE).bind(organisation).bind(space).bind(export).optional().await
}

/// Lets files go; whether there were any.
pub(super) async fn remove(
    tx: &mut Tx,
    (export, goes): (Id<Export>, Goes),
    now: Moment,
) -> Result<bool, Fault> {
    let (itself, due) = match goes {
        Goes::Itself => (1_i64, None),
        Goes::Due(at) => (1, Some(at)),
        Goes::Older => (0, None),
    };
    let query = tx.run(LEAVING).bind(export).bind(itself).bind(due);
    let rows: Vec<(Id<Export>, String)> = query.all().await?;
    for (gone, file) in &rows {
        tx.run(REMOVE).bind(*gone).execute().await?;
        let_go(tx, file.clone(), now).await?;
    }
    Ok(!rows.is_empty())
}

pub(super) async fn let_go(tx: &mut Tx, file: String, now: Moment) -> Result<(), Fault> {
    tx.run(LET_GO).bind(file).bind(now).execute().await.map(drop)
}

pub(super) async fn taken_back(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    (room, head): (Id<Room>, i64),
) -> Result<bool, Fault> {
    let query = conn.run(TAKEN_BACK).bind(organisation).bind(room).bind(head);
    let row: Option<(i32,)> = query.optional().await?;
    Ok(row.is_some())
}

pub(super) async fn topic(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    room: Id<Room>,
) -> Result<Option<TopicRow>, Fault> {
    conn.run(TOPIC).bind(organisation).bind(room).optional().await
}

pub(super) async fn files(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    (room, head): (Id<Room>, i64),
    (seq, place): (i64, i64),
    limit: i64,
) -> Result<Vec<FileRow>, Fault> {
    let query = conn.run(FILES).bind(organisation).bind(room).bind(head);
    query.bind(seq).bind(place).bind(limit).all().await
}

pub(super) async fn papers(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    space: Id<Space>,
) -> Result<Vec<PaperRow>, Fault> {
    conn.run(PAPERS).bind(organisation).bind(space).all().await
}
