//! The tables `retention`, `legal_hold`, `held_word` and `file_leaving`.

use kernel::{Fault, Hold, Id, Moment, Organisation, Person, Room, Space, StoredFile};
use sharing::RoomKind;
use store::{Conn, Tx, statements};

use super::rules::{Days, HoldKind, Subject};

statements! {
    /// The rule of an organisation.
    RULE = "
        select main_days, topic_days, internal_days, direct_days, changed_at, revision
        from retention where organisation_id = $1";

    /// Changes it, if it is at the revision that was read; 0 where there is none.
    SET = "
        insert into retention (organisation_id, main_days, topic_days, internal_days, direct_days, changed_at, revision)
        select $1, $2, $3, $4, $5, $6, 1
        where cast($7 as bigint) = 0 or exists (select 1 from retention where organisation_id = $1)
        on conflict (organisation_id) do update
        set main_days = excluded.main_days, topic_days = excluded.topic_days,
            internal_days = excluded.internal_days, direct_days = excluded.direct_days,
            changed_at = excluded.changed_at, revision = retention.revision + 1
        where retention.revision = $7";

    /// Whether an organisation may hold something: it takes part in the space, reads the room, or
    /// the person has a place there.
    MAY_HOLD = "
        select 1 from readable_room r
        where r.organisation_id = $1 and (r.space_id = $2 or r.room_id = $2)
        union all
        select 1 from membership m where m.organisation_id = $1 and m.person_id = $2
        limit 1";

    /// Places a hold, unless there is one.
    PLACE = "
        insert into legal_hold (id, organisation_id, kind, subject_id, reason, placed_by, at, revision)
        values ($1, $2, $3, $4, $5, $6, $7, 1)
        on conflict do nothing";

    /// Ends a hold.
    RELEASE = "
        update legal_hold
        set released_by = $4, released_at = $5, revision = revision + 1
        where organisation_id = $1 and id = $2 and revision = $3 and released_at is null";

    /// The holds of an organisation: those that hold first, the newest first.
    HOLDS = "
        select h.id, h.kind, h.subject_id, h.reason, h.at, p.name as placed_by, h.released_at,
               q.name as released_by, h.revision,
               (select count(*) from (
                    select distinct w.room_id, w.message from held_word w where w.hold_id = h.id) k) as kept,
               m.name as person_name, r.kind as room_kind, r.title as room_title,
               case when ',' || v.mask || ',' like '%,title,%' then d.title end as deal_title,
               coalesce(r.space_id, d.space_id) as space_id
        from legal_hold h
        join person p on p.id = h.placed_by
        left join person q on q.id = h.released_by
        left join person m on h.kind = 'person' and m.id = h.subject_id
        left join readable_room r
          on h.kind = 'room' and r.room_id = h.subject_id and r.organisation_id = h.organisation_id
        left join live_visible v
          on v.organisation_id = h.organisation_id and v.kind = 'deal'
          and v.record_id = coalesce(r.space_id, h.subject_id)
        left join deal d on d.space_id = v.record_id
        where h.organisation_id = $1 and (h.id = $2 or cast($3 as bigint) = 1)
        order by case when h.released_at is null then 0 else 1 end, h.id desc
        limit 500";

    /// What was taken back under a hold, where its organisation may still read it: what its own
    /// member said, or what stood in a room that it reads.
    WORDS = "
        select w.room_id, w.seq, w.message, w.author_name, o.name as side, w.body, w.detail, w.at,
               w.taken_at
        from held_word w
        join legal_hold h on h.id = w.hold_id
        left join organisation o on o.id = w.side_id
        where w.organisation_id = $1 and w.hold_id = $2
          and (h.kind = 'person' or exists (
              select 1 from readable_room r
              where r.organisation_id = $1 and r.room_id = w.room_id and r.from_seq <= w.message))
        order by w.at, w.room_id, w.seq
        limit $3";

    /// A file of a message that was taken back under a hold.
    FILE = "
        select f.name, f.sha256
        from held_word w
        join legal_hold h on h.id = w.hold_id
        join room_file f on f.room_id = w.room_id and f.seq = w.seq
        where w.organisation_id = $1 and w.hold_id = $2 and f.id = $3
          and (h.kind = 'person' or exists (
              select 1 from readable_room r
              where r.organisation_id = $1 and r.room_id = w.room_id and r.from_seq <= w.message))";

    /// The messages of which a hold keeps words.
    MESSAGES = "
        select distinct room_id, message from held_word
        where organisation_id = $1 and hold_id = $2";

    /// Lets go of the words that a hold kept.
    LET_GO = "
        delete from held_word where organisation_id = $1 and hold_id = $2";

    /// Files that have waited since before a moment.
    LEAVING unscoped "files belong to no one organisation" = "
        select sha256, aside from file_leaving where since < $1 order by since limit $2";

    /// Whether anything names a file still: every table that keeps one.
    IS_NAMED unscoped "files belong to no one organisation" = "
        select 1 from room_file where sha256 = $1
        union all select 1 from document_holding where sha256 = $1
        union all select 1 from interchange where sha256 = $1 or file = $1
        union all select 1 from interchange_deed where sha256 = $1
        union all select 1 from letter where sha256 = $1
        union all select 1 from arrival where sha256 = $1
        union all select 1 from as2_message where raw = $1
        union all select 1 from quote where sha256 = $1
        union all select 1 from quote_revision where sha256 = $1
        union all select 1 from shipment where sha256 = $1
        union all select 1 from invoice where sha256 = $1
        union all select 1 from fund_proof where sha256 = $1
        union all select 1 from sftp_file where sha256 = $1
        union all select 1 from mail_file where sha256 = $1
        union all select 1 from space_export where sha256 = $1
        union all select 1 from job where payload like '%' || $1 || '%'
        limit 1";

    /// A file has been put aside.
    PUT_ASIDE unscoped "files belong to no one organisation" = "
        update file_leaving set aside = $2, since = $3 where sha256 = $1";

    /// A file is gone, or stays.
    FORGET_LEAVING unscoped "files belong to no one organisation" = "
        delete from file_leaving where sha256 = $1";
}

/// The rule of an organisation.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub(super) struct RuleRow {
    #[sqlx(flatten)]
    pub(super) days: Days,
    pub(super) changed_at: Moment,
    pub(super) revision: i64,
}

/// A hold.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct HoldRow {
    pub(super) id: Id<Hold>,
    pub(super) kind: HoldKind,
    pub(super) subject_id: uuid::Uuid,
    pub(super) reason: String,
    pub(super) at: Moment,
    pub(super) placed_by: String,
    pub(super) released_at: Option<Moment>,
    pub(super) released_by: Option<String>,
    pub(super) revision: i64,
    pub(super) kept: i64,
    pub(super) person_name: Option<String>,
    pub(super) room_kind: Option<RoomKind>,
    pub(super) room_title: Option<String>,
    pub(super) deal_title: Option<String>,
    pub(super) space_id: Option<Id<Space>>,
}

/// Words that were taken back.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct WordRow {
    pub(super) room_id: Id<Room>,
    pub(super) seq: i64,
    pub(super) message: i64,
    pub(super) author_name: String,
    pub(super) side: Option<String>,
    pub(super) body: String,
    pub(super) detail: Option<String>,
    pub(super) at: Moment,
    pub(super) taken_at: Moment,
}

/// Which holds are asked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Which {
    /// Every one.
    All,
    /// This one.
    One(Id<Hold>),
}

pub(super) async fn rule(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<Option<RuleRow>, Fault> {
    conn.run(RULE).bind(organisation).optional().await
}

pub(super) async fn set(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    (days, revision): (&Days, i64),
    now: Moment,
) -> Result<bool, Fault> {
    let query = tx.run(SET).bind(organisation).bind(days.main_days).bind(days.topic_days);
    let query = query.bind(days.internal_days).bind(days.direct_days);
    Ok(query.bind(now).bind(revision).execute().await? == 1)
}

pub(super) async fn may_hold(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    subject: Subject,
) -> Result<bool, Fault> {
    let row: Option<(i32,)> =
        conn.run(MAY_HOLD).bind(organisation).bind(subject.uuid()).optional().await?;
    Ok(row.is_some())
}

pub(super) async fn place(
    tx: &mut Tx,
    (id, organisation): (Id<Hold>, Id<Organisation>),
    subject: Subject,
    reason: &str,
    (person, now): (Id<Person>, Moment),
) -> Result<bool, Fault> {
    let query = tx.run(PLACE).bind(id).bind(organisation).bind(subject.kind());
    let query = query.bind(subject.uuid()).bind(reason.to_owned());
    Ok(query.bind(person).bind(now).execute().await? == 1)
}

pub(super) async fn release(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    (hold, revision): (Id<Hold>, i64),
    (person, now): (Id<Person>, Moment),
) -> Result<bool, Fault> {
    let query = tx.run(RELEASE).bind(organisation).bind(hold).bind(revision);
    Ok(query.bind(person).bind(now).execute().await? == 1)
}

pub(super) async fn holds(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    which: Which,
) -> Result<Vec<HoldRow>, Fault> {
    let (one, all) = match which {
        Which::All => (Id::mint(), 1_i64),
        Which::One(hold) => (hold, 0),
    };
    conn.run(HOLDS).bind(organisation).bind(one).bind(all).all().await
}

pub(super) async fn words(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    hold: Id<Hold>,
    limit: i64,
) -> Result<Vec<WordRow>, Fault> {
    conn.run(WORDS).bind(organisation).bind(hold).bind(limit).all().await
}

pub(super) async fn file(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    hold: Id<Hold>,
    file: Id<StoredFile>,
) -> Result<Option<(String, String)>, Fault> {
    conn.run(FILE).bind(organisation).bind(hold).bind(file).optional().await
}

/// Lets go of the words that a hold kept; the messages that they were of.
pub(super) async fn let_go(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    hold: Id<Hold>,
) -> Result<Vec<(Id<Room>, i64)>, Fault> {
    let messages = tx.run(MESSAGES).bind(organisation).bind(hold).all().await?;
    tx.run(LET_GO).bind(organisation).bind(hold).execute().await?;
    Ok(messages)
}

pub(super) async fn leaving(
    conn: &mut Conn,
    before: Moment,
    limit: i64,
) -> Result<Vec<(String, bool)>, Fault> {
    conn.run(LEAVING).bind(before).bind(limit).all().await
}

pub(super) async fn is_named(conn: &mut Conn, name: &str) -> Result<bool, Fault> {
    let row: Option<(i32,)> = conn.run(IS_NAMED).bind(name.to_owned()).optional().await?;
    Ok(row.is_some())
}

pub(super) async fn put_aside(tx: &mut Tx, name: &str, now: Moment) -> Result<(), Fault> {
    let query = tx.run(PUT_ASIDE).bind(name.to_owned()).bind(true);
    query.bind(now).execute().await.map(drop)
}

pub(super) async fn forget_leaving(tx: &mut Tx, name: &str) -> Result<(), Fault> {
    tx.run(FORGET_LEAVING).bind(name.to_owned()).execute().await.map(drop)
}
