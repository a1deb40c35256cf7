//! `sftp_host_key`, `sftp_mailbox`, `sftp_file`.

use kernel::{Fault, Id, Interchange, Moment, Organisation, SftpFile, SftpMailbox};
use store::{Conn, Tx, statements};

statements! {
    /// The key by which partners know this hub.
    HOST_KEY unscoped "the hub has one for all" = "
        select sealed, public_key from sftp_host_key";

    /// Keeps it, if there is none yet.
    SET_HOST_KEY unscoped "the hub has one for all" = "
        insert into sftp_host_key (one, sealed, public_key, created_at)
        values (1, $1, $2, $3)
        on conflict do nothing";

    /// Makes or changes a mailbox; its keys stay.
    SET_MAILBOX = "
        insert into sftp_mailbox (id, organisation_id, name, identifier, side, password, sealed, public_key, acknowledge_hours, created_at, updated_at, further)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11)
        on conflict (organisation_id, name) do update
        set identifier = excluded.identifier, further = excluded.further, side = excluded.side, password = excluded.password,
            acknowledge_hours = excluded.acknowledge_hours, updated_at = excluded.updated_at,
            turn = sftp_mailbox.turn + 1, failures = 0, why = null, closed_at = null";

    /// Trades over a mailbox no more. Its files stay.
    CLOSE = "
        update sftp_mailbox set closed_at = $3, turn = turn + 1
        where organisation_id = $1 and id = $2 and closed_at is null";

    /// The mailboxes of an organisation.
    MAILBOXES = "
        select id, organisation_id, name, identifier, further, side, password, sealed, public_key, acknowledge_hours, turn, failures, seen_at, why, updated_at
        from sftp_mailbox
        where organisation_id = $1 and closed_at is null
        order by name";

    /// A mailbox by its name, open or closed.
    NAMED = "
        select id, organisation_id, name, identifier, further, side, password, sealed, public_key, acknowledge_hours, turn, failures, seen_at, why, updated_at
        from sftp_mailbox
        where organisation_id = $1 and name = $2";

    /// A mailbox by any of its partner's EDI names.
    OF = "
        select id, organisation_id, name, identifier, further, side, password, sealed, public_key, acknowledge_hours, turn, failures, seen_at, why, updated_at
        from sftp_mailbox
        where organisation_id = $1 and closed_at is null
          and id = (select partner_id from edi_name where organisation_id = $1 and identifier = $2)";

    /// A mailbox by its id.
    ONE = "
        select id, organisation_id, name, identifier, further, side, password, sealed, public_key, acknowledge_hours, turn, failures, seen_at, why, updated_at
        from sftp_mailbox
        where organisation_id = $1 and id = $2 and closed_at is null";

    /// A mailbox by its id, for who proves to be its partner, and for the job that looks into it.
    DOOR unscoped "a partner signs in by the mailbox's id; its own key or password decides" = "
        select id, organisation_id, name, identifier, further, side, password, sealed, public_key, acknowledge_hours, turn, failures, seen_at, why, updated_at
        from sftp_mailbox
        where id = $1 and closed_at is null";

    /// A partner was there.
    SEEN = "
        update sftp_mailbox set seen_at = $3
        where organisation_id = $1 and id = $2";

    /// A turn of looking is over; nothing if the mailbox was changed meanwhile.
    TURN = "
        update sftp_mailbox set turn = turn + 1, failures = $4, why = $5, seen_at = coalesce($6, seen_at)
        where organisation_id = $1 and id = $2 and turn = $3 and closed_at is null";

    /// Keeps a file; nothing if a mailbox brought the same bytes before, or took this interchange.
    ADD = "
        insert into sftp_file (id, organisation_id, mailbox_id, direction, name, sha256, bytes, state, interchange_id, attempt, why, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        on conflict do nothing";

    /// Whether a mailbox brought these bytes before.
    KNOWN = "
        select count(*) from sftp_file
        where organisation_id = $1 and mailbox_id = $2 and direction = 'in' and sha256 = $3 and state = 'taken'";

    /// How many files, and bytes, a mailbox brought since a moment.
    BROUGHT = "
        select count(*), cast(coalesce(sum(bytes), 0) as bigint) from sftp_file
        where organisation_id = $1 and mailbox_id = $2 and direction = 'in' and at > $3";

    /// What stands in one of a mailbox's folders: what was put lately, or is to be fetched.
    LISTED = "
        select id, name, sha256, bytes, state, interchange_id, why, at
        from sftp_file
        where organisation_id = $1 and mailbox_id = $2 and direction = $3 and hidden_at is null
          and (state = 'waiting' or (state in ('taken', 'delivered') and coalesce(settled_at, at) > $4))
        order by at desc, id desc
        limit 1000";

    /// A file that takes an interchange out.
    OUTGOING = "
        select id, name, sha256, bytes, state, interchange_id, why, at
        from sftp_file
        where organisation_id = $1 and interchange_id = $2 and direction = 'out' and attempt = $3";

    /// What became of a file that went out; one that was delivered stays so.
    SETTLE = "
        update sftp_file set state = $3, why = $4, settled_at = $5
        where organisation_id = $1 and id = $2 and direction = 'out' and state <> 'delivered'";

    /// A partner wants to see a file no more.
    HIDE = "
        update sftp_file set hidden_at = $3
        where organisation_id = $1 and id = $2";

    /// The files of an organisation, newest first.
    FILES = "
        select f.id, m.name as mailbox, f.direction, f.name, f.bytes, f.state, f.interchange_id, f.why, f.at
        from sftp_file f
        join sftp_mailbox m on m.id = f.mailbox_id and m.organisation_id = $1
        where f.organisation_id = $1 and (f.at, f.id) < ($2, $3)
        order by f.at desc, f.id desc
        limit $4";

    /// What its partner has not fetched for so long, and nobody was told of.
    UNFETCHED unscoped "whose mailbox warns itself" = "
        select f.id, f.organisation_id, m.name
        from sftp_file f
        join sftp_mailbox m on m.id = f.mailbox_id
        where f.state = 'waiting' and f.at < $1 and f.warned_at is null and m.closed_at is null
        order by f.at
        limit 100";

    /// Somebody was told of it.
    WARNED = "
        update sftp_file set warned_at = $3
        where organisation_id = $1 and id = $2 and warned_at is null";
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct MailboxRow {
    pub(super) id: Id<SftpMailbox>,
    pub(super) organisation_id: Id<Organisation>,
    pub(super) name: String,
    pub(super) identifier: String,
    /// Its other names, as a list in JSON.
    pub(super) further: String,
    /// A [`super::Side`].
    pub(super) side: String,
    /// Its hash where we serve; sealed where we call.
    pub(super) password: Option<String>,
    /// Our private key for this mailbox.
    pub(super) sealed: String,
    pub(super) public_key: String,
    pub(super) acknowledge_hours: Option<i64>,
    pub(super) turn: i64,
    pub(super) failures: i64,
    pub(super) seen_at: Option<Moment>,
    pub(super) why: Option<String>,
    pub(super) updated_at: Moment,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct FileRow {
    pub(super) id: Id<SftpFile>,
    pub(super) name: String,
    pub(super) sha256: String,
    pub(super) bytes: i64,
    pub(super) state: String,
    pub(super) interchange_id: Option<Id<Interchange>>,
    pub(super) why: Option<String>,
    pub(super) at: Moment,
}

/// A file, as its organisation sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct ListedRow {
    pub(super) id: Id<SftpFile>,
    pub(super) mailbox: String,
    pub(super) direction: String,
    pub(super) name: String,
    pub(super) bytes: i64,
    pub(super) state: String,
    pub(super) interchange_id: Option<Id<Interchange>>,
    pub(super) why: Option<String>,
    pub(super) at: Moment,
}

/// A file to be kept.
#[derive(Clone, Debug)]
pub(super) struct NewFile {
    pub(super) direction: &'static str,
    pub(super) name: String,
    pub(super) sha256: String,
    pub(super) bytes: i64,
    pub(super) state: &'static str,
    pub(super) interchange: Option<Id<Interchange>>,
    pub(super) attempt: i64,
    pub(super) why: Option<String>,
    pub(super) at: Moment,
}

/// Whose mailbox, and which.
pub(super) type Whose = (Id<Organisation>, Id<SftpMailbox>);

pub(super) async fn host_key(conn: &mut Conn) -> Result<Option<(String, String)>, Fault> {
    conn.run(HOST_KEY).optional().await
}

pub(super) async fn set_host_key(
    tx: &mut Tx,
    (sealed, public): (String, String),
    now: Moment,
) -> Result<(), Fault> {
    let run = tx.run(SET_HOST_KEY).bind(sealed).bind(public).bind(now);
    run.execute().await.map(drop)
}

pub(super) async fn set_mailbox(tx: &mut Tx, row: MailboxRow) -> Result<(), Fault> {
    let run = tx.run(SET_MAILBOX).bind(row.id).bind(row.organisation_id).bind(row.name);
    let run = run.bind(row.identifier).bind(row.side).bind(row.password);
    let run = run.bind(row.sealed).bind(row.public_key).bind(row.acknowledge_hours);
    run.bind(row.updated_at).bind(row.further).execute().await.map(drop)
}

/// Whether there was one to close.
pub(super) async fn close(
    tx: &mut Tx,
    (organisation, id): Whose,
    now: Moment,
) -> Result<bool, Fault> {
    let run = tx.run(CLOSE).bind(organisation).bind(id).bind(now);
    Ok(run.execute().await? > 0)
}

pub(super) async fn mailboxes(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<Vec<MailboxRow>, Fault> {
    conn.run(MAILBOXES).bind(organisation).all().await
}

pub(super) async fn named(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    name: &str,
) -> Result<Option<MailboxRow>, Fault> {
    conn.run(NAMED).bind(organisation).bind(name.to_owned()).optional().await
}

pub(super) async fn of(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    identifier: &str,
) -> Result<Option<MailboxRow>, Fault> {
    conn.run(OF).bind(organisation).bind(identifier.to_owned()).optional().await
}

pub(super) async fn one(
    conn: &mut Conn,
    (organisation, id): Whose,
) -> Result<Option<MailboxRow>, Fault> {
    conn.run(ONE).bind(organisation).bind(id).optional().await
}

pub(super) async fn door(
    conn: &mut Conn,
    id: Id<SftpMailbox>,
) -> Result<Option<MailboxRow>, Fault> {
    conn.run(DOOR).bind(id).optional().await
}

pub(super) async fn seen(
    tx: &mut Tx,
    (organisation, id): Whose,
    now: Moment,
) -> Result<(), Fault> {
    tx.run(SEEN).bind(organisation).bind(id).bind(now).execute().await.map(drop)
}

/// How a turn of looking ended.
#[derive(Clone, Debug)]
pub(super) struct Turn {
    pub(super) number: i64,
    pub(super) failures: i64,
    pub(super) why: Option<String>,
    pub(super) seen_at: Option<Moment>,
}

/// Whether the turn was still this one.
pub(super) async fn turn(
    tx: &mut Tx,
    (organisation, id): Whose,
    it: Turn,
) -> Result<bool, Fault> {
    let run = tx.run(TURN).bind(organisation).bind(id).bind(it.number);
    let run = run.bind(it.failures).bind(it.why).bind(it.seen_at);
    Ok(run.execute().await? == 1)
}

/// The file, if it is new.
pub(super) async fn add(
    tx: &mut Tx,
    (organisation, mailbox): Whose,
    new: NewFile,
) -> Result<Option<Id<SftpFile>>, Fault> {
    let id = Id::mint();
    let run = tx.run(ADD).bind(id).bind(organisation).bind(mailbox);
    let run = run.bind(new.direction).bind(new.name).bind(new.sha256).bind(new.bytes);
    let run = run.bind(new.state).bind(new.interchange).bind(new.attempt).bind(new.why);
    Ok((run.bind(new.at).execute().await? == 1).then_some(id))
}

pub(super) async fn is_known(
    conn: &mut Conn,
    (organisation, mailbox): Whose,
    sha256: &str,
) -> Result<bool, Fault> {
    let run = conn.run(KNOWN).bind(organisation).bind(mailbox);
    let (count,): (i64,) = run.bind(sha256.to_owned()).one().await?;
    Ok(count > 0)
}

pub(super) async fn brought(
    conn: &mut Conn,
    (organisation, mailbox): Whose,
    since: Moment,
) -> Result<(i64, i64), Fault> {
    conn.run(BROUGHT).bind(organisation).bind(mailbox).bind(since).one().await
}

pub(super) async fn listed(
    conn: &mut Conn,
    (organisation, mailbox): Whose,
    (direction, since): (&'static str, Moment),
) -> Result<Vec<FileRow>, Fault> {
    let run = conn.run(LISTED).bind(organisation).bind(mailbox);
    run.bind(direction).bind(since).all().await
}

pub(super) async fn outgoing(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    (interchange, attempt): (Id<Interchange>, i64),
) -> Result<Option<FileRow>, Fault> {
    let run = conn.run(OUTGOING).bind(organisation).bind(interchange);
    run.bind(attempt).optional().await
}

/// Whether it was not delivered before.
pub(super) async fn settle(
    tx: &mut Tx,
    (organisation, file): (Id<Organisation>, Id<SftpFile>),
    (state, why): (&'static str, Option<String>),
    now: Moment,
) -> Result<bool, Fault> {
    let run = tx.run(SETTLE).bind(organisation).bind(file).bind(state);
    Ok(run.bind(why).bind(now).execute().await? == 1)
}

pub(super) async fn hide(
    tx: &mut Tx,
    (organisation, file): (Id<Organisation>, Id<SftpFile>),
    now: Moment,
) -> Result<(), Fault> {
    tx.run(HIDE).bind(organisation).bind(file).bind(now).execute().await.map(drop)
}

pub(super) async fn files(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    (at, id): (Moment, Id<SftpFile>),
    limit: i64,
) -> Result<Vec<ListedRow>, Fault> {
    let run = conn.run(FILES).bind(organisation).bind(at).bind(id);
    run.bind(limit).all().await
}

pub(super) async fn unfetched(
    conn: &mut Conn,
    before: Moment,
) -> Result<Vec<(Id<SftpFile>, Id<Organisation>, String)>, Fault> {
    conn.run(UNFETCHED).bind(before).all().await
}

pub(super) async fn warned(
    tx: &mut Tx,
    (organisation, file): (Id<Organisation>, Id<SftpFile>),
    now: Moment,
) -> Result<bool, Fault> {
    let run = tx.run(WARNED).bind(organisation).bind(file).bind(now);
    Ok(run.execute().await? == 1)
}
