//! The table `push_device`.

use kernel::{Device, Fault, Id, Moment, Organisation, Person, Session};
use store::{Conn, Tx, statements};
use webpush::Browser;

use crate::{Locale, notices};

statements! {
    /// Keeps a device. What was there before it is told by nobody.
    KEEP unscoped "the acting person's own device" = "
        insert into push_device (id, person_id, session_id, endpoint, p256dh, secret, created_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (endpoint) do update
        set person_id = excluded.person_id, session_id = excluded.session_id,
            p256dh = excluded.p256dh, secret = excluded.secret, created_at = excluded.created_at";

    /// Lets those go whose session is over.
    CLEAR unscoped "the acting person's own devices" = "
        delete from push_device
        where person_id = $1
          and not exists (
              select 1 from session s
              where s.id = push_device.session_id and s.ended_at is null and s.expires_at > $2)";

    /// Lets all but the newest go.
    LIMIT unscoped "the acting person's own devices" = "
        delete from push_device
        where person_id = $1
          and id not in (select id from push_device where person_id = $1 order by id desc limit $2)";

    /// A person's devices, the newest first.
    LIST unscoped "the acting person's own devices" = "
        select d.id, s.user_agent, d.created_at, d.session_id
        from push_device d
        join session s on s.id = d.session_id
        where d.person_id = $1 and s.ended_at is null and s.expires_at > $2
        order by d.id desc";

    /// The device of a session.
    HERE unscoped "the acting person's own device" = "
        select id from push_device
        where person_id = $1 and session_id = $2
        order by id desc
        limit 1";

    /// Lets one go.
    FORGET unscoped "by its owner, or by what the push service says of it" = "
        delete from push_device where id = $1 and (person_id = $2 or $2 is null)";

    /// The devices of a person that are to be told, and of which that is not planned yet.
    PLAN unscoped "devices are the person's, wherever they act" = "
        update push_device
        set due = $2
        where person_id = $1 and due is null
          and exists (
              select 1 from session s
              where s.id = push_device.session_id and s.ended_at is null and s.expires_at > $3)
        returning id";

    /// A turn is put off.
    PUT_OFF unscoped "the job names the device" = "
        update push_device set due = $2 where id = $1";

    /// A turn has begun: what comes now is for the next.
    BEGIN unscoped "the job names the device" = "
        update push_device set due = null where id = $1";

    /// A device, while the session in it lives.
    LIVE unscoped "the job names the device" = "
        select d.person_id, d.endpoint, d.p256dh, d.secret, d.created_at, p.locale
        from push_device d
        join session s on s.id = d.session_id and s.person_id = d.person_id
        join person p on p.id = d.person_id
        where d.id = $1 and s.ended_at is null and s.expires_at > $2";

    /// The newest of what a person was told since a moment and has not read, wherever they are a
    /// member.
    NEWEST unscoped "a person's notices, in each organisation where they are a member" = "
        select n.id, n.kind, n.params, n.subject_kind, n.subject_id, n.at, n.read_at, n.hides_title,
               n.organisation_id, o.name as organisation
        from live_notification n
        join membership m
          on m.organisation_id = n.organisation_id and m.person_id = n.person_id and m.state = 'active'
        join organisation o on o.id = n.organisation_id
        where n.person_id = $1 and n.read_at is null and n.at >= $2
        order by n.at desc, n.id desc
        limit 1";
}

/// A device that is to be told.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Live {
    pub(super) person_id: Id<Person>,
    pub(super) endpoint: String,
    p256dh: Vec<u8>,
    secret: Vec<u8>,
    /// Since when it is this person's.
    pub(super) created_at: Moment,
    pub(super) locale: Locale,
}

impl Live {
    /// What it takes to write to it.
    pub(super) fn browser(&self) -> Result<Browser, Fault> {
        let browser = Browser::from_bytes(&self.p256dh, &self.secret);
        browser.map_err(Fault::new("reading the keys of a browser"))
    }
}

/// A device, for its owner.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Id<Device>,
    pub(super) user_agent: String,
    pub(super) created_at: Moment,
    pub(super) session_id: Id<Session>,
}

/// What is new.
#[derive(sqlx::FromRow)]
pub(super) struct News {
    #[sqlx(flatten)]
    pub(super) notice: notices::Row,
    pub(super) organisation_id: Id<Organisation>,
    pub(super) organisation: String,
}

pub(super) async fn keep(
    tx: &mut Tx,
    (person, session): (Id<Person>, Id<Session>),
    (endpoint, browser): (&str, &Browser),
    now: Moment,
) -> Result<(), Fault> {
    let query = tx.run(KEEP).bind(Id::<Device>::mint()).bind(person).bind(session);
    let query = query.bind(endpoint.to_owned()).bind(browser.key().to_vec());
    query.bind(browser.secret().to_vec()).bind(now).execute().await.map(drop)
}

pub(super) async fn clear(
    tx: &mut Tx,
    person: Id<Person>,
    now: Moment,
) -> Result<(), Fault> {
    tx.run(CLEAR).bind(person).bind(now).execute().await.map(drop)
}

pub(super) async fn limit(
    tx: &mut Tx,
    person: Id<Person>,
    most: i64,
) -> Result<(), Fault> {
    tx.run(LIMIT).bind(person).bind(most).execute().await.map(drop)
}

pub(super) async fn list(
    conn: &mut Conn,
    person: Id<Person>,
    now: Moment,
) -> Result<Vec<Row>, Fault> {
    conn.run(LIST).bind(person).bind(now).all().await
}

pub(super) async fn here(
    tx: &mut Tx,
    person: Id<Person>,
    session: Id<Session>,
) -> Result<Option<Id<Device>>, Fault> {
    let row: Option<(Id<Device>,)> =
        tx.run(HERE).bind(person).bind(session).optional().await?;
    Ok(row.map(|(device,)| device))
}

/// Lets a device go: one of this person's, or whoever's it is. Whether it was there.
pub(super) async fn forget(
    tx: &mut Tx,
    device: Id<Device>,
    of: Option<Id<Person>>,
) -> Result<bool, Fault> {
    Ok(tx.run(FORGET).bind(device).bind(of).execute().await? == 1)
}

pub(super) async fn plan(
    tx: &mut Tx,
    person: Id<Person>,
    due: Moment,
    now: Moment,
) -> Result<Vec<Id<Device>>, Fault> {
    let rows: Vec<(Id<Device>,)> =
        tx.run(PLAN).bind(person).bind(due).bind(now).all().await?;
    Ok(rows.into_iter().map(|(device,)| device).collect())
}

pub(super) async fn put_off(
    tx: &mut Tx,
    device: Id<Device>,
    due: Moment,
) -> Result<(), Fault> {
    tx.run(PUT_OFF).bind(device).bind(due).execute().await.map(drop)
}

pub(super) async fn begin(tx: &mut Tx, device: Id<Device>) -> Result<(), Fault> {
    tx.run(BEGIN).bind(device).execute().await.map(drop)
}

pub(super) async fn live(
    conn: &mut Conn,
    device: Id<Device>,
    now: Moment,
) -> Result<Option<Live>, Fault> {
    conn.run(LIVE).bind(device).bind(now).optional().await
}

pub(super) async fn newest(
    conn: &mut Conn,
    person: Id<Person>,
    since: Moment,
) -> Result<Option<News>, Fault> {
    conn.run(NEWEST).bind(person).bind(since).optional().await
}
