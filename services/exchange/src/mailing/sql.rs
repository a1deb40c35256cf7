//! `mail_partner`, `mail_file`.

use kernel::{
    Fault, Id, Interchange, Letter, MailFile, MailPartner, Moment, Organisation,
};
use store::{Conn, Tx, statements};

use super::Whose;

statements! {
    /// Makes or changes a partner; its address of ours stays.
    SET = "
        insert into mail_partner (id, organisation_id, name, identifier, local, address, senders, must_prove, acknowledge_hours, created_at, updated_at, further)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11)
        on conflict (organisation_id, name) do update
        set identifier = excluded.identifier, further = excluded.further, address = excluded.address, senders = excluded.senders,
            must_prove = excluded.must_prove, acknowledge_hours = excluded.acknowledge_hours,
            updated_at = excluded.updated_at, closed_at = null";

    /// Another address of ours for a partner: what comes to the old one is refused.
    READDRESS = "
        update mail_partner set local = $3, updated_at = $4
        where organisation_id = $1 and id = $2 and closed_at is null";

    /// Trades with a partner no more. Its files stay.
    CLOSE = "
        update mail_partner set closed_at = $3
        where organisation_id = $1 and id = $2 and closed_at is null";

    /// The partners of an organisation.
    PARTNERS = "
        select id, organisation_id, name, identifier, further, local, address, senders, must_prove, acknowledge_hours, seen_at, updated_at
        from mail_partner
        where organisation_id = $1 and closed_at is null
        order by name";

    /// A partner by its name, open or closed.
    NAMED = "
        select id, organisation_id, name, identifier, further, local, address, senders, must_prove, acknowledge_hours, seen_at, updated_at
        from mail_partner
        where organisation_id = $1 and name = $2";

    /// A partner by any of its EDI names.
    OF = "
        select id, organisation_id, name, identifier, further, local, address, senders, must_prove, acknowledge_hours, seen_at, updated_at
        from mail_partner
        where organisation_id = $1 and closed_at is null
          and id = (select partner_id from edi_name where organisation_id = $1 and identifier = $2)";

    /// A partner by its id.
    ONE = "
        select id, organisation_id, name, identifier, further, local, address, senders, must_prove, acknowledge_hours, seen_at, updated_at
        from mail_partner
        where organisation_id = $1 and id = $2 and closed_at is null";

    /// The partner whose address this is.
    DOOR unscoped "nobody guesses the address, which is the right" = "
        select id, organisation_id from mail_partner where local = $1 and closed_at is null";

    /// The partner to whom a mail came.
    AT_DOOR unscoped "by the partner whose address was proved" = "
        select id, organisation_id, name, identifier, further, local, address, senders, must_prove, acknowledge_hours, seen_at, updated_at
        from mail_partner
        where id = $1 and closed_at is null";

    /// A mail of a partner is being taken, and it was its own, if so much is known.
    SEEN = "
        update mail_partner set seen_at = coalesce($3, seen_at)
        where organisation_id = $1 and id = $2";

    /// Keeps a file; nothing if a mail of this partner brought the same bytes before, or a letter
    /// takes this interchange.
    ADD = "
        insert into mail_file (id, organisation_id, partner_id, direction, name, sha256, bytes, state, interchange_id, attempt, sender, why, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        on conflict do nothing";

    /// Which of a partner's files with these bytes were taken, or wait.
    KNOWN = "
        select id, state from mail_file
        where organisation_id = $1 and partner_id = $2 and direction = 'in' and sha256 = $3
          and state in ('taken', 'held')";

    /// How many files, and bytes, came to a partner's address since a moment.
    BROUGHT unscoped "by the partner whose address was proved" = "
        select count(*), cast(coalesce(sum(bytes), 0) as bigint) from mail_file
        where partner_id = $1 and direction = 'in' and at > $2";

    /// The same, of those that were refused.
    REFUSED = "
        select count(*) from mail_file
        where organisation_id = $1 and partner_id = $2 and direction = 'in' and state = 'refused' and at > $3";

    /// A file that waits for its letter, with whom it is from and goes to.
    TO_WRITE unscoped "by the id that its job names" = "
        select f.organisation_id, f.name, f.sha256, f.state, p.local, p.address, o.name as organisation
        from mail_file f
        join mail_partner p on p.id = f.partner_id
        join organisation o on o.id = f.organisation_id
        where f.id = $1 and f.direction = 'out'";

    /// The letter of a file.
    LETTERED unscoped "by the id that its job names" = "
        update mail_file set letter_id = $2 where id = $1 and letter_id is null";

    /// The file that a letter carries.
    OF_LETTER unscoped "by the letter in hand" = "
        select f.id, f.organisation_id, f.interchange_id, p.name as partner
        from mail_file f
        join mail_partner p on p.id = f.partner_id
        where f.letter_id = $1";

    /// What became of a file; nothing if it stood elsewhere by then.
    SETTLE = "
        update mail_file set state = $4, why = $5, interchange_id = coalesce($6, interchange_id), settled_at = $7
        where organisation_id = $1 and id = $2 and state = $3";

    /// A file that waits for a person, or that came or went.
    FILE = "
        select partner_id, sha256, bytes, state
        from mail_file
        where organisation_id = $1 and id = $2";

    /// The files of an organisation, newest first.
    FILES = "
        select f.id, p.name as partner, f.direction, f.name, f.bytes, f.state, f.interchange_id, f.sender, f.why, f.at
        from mail_file f
        join mail_partner p on p.id = f.partner_id and p.organisation_id = $1
        where f.organisation_id = $1 and (f.at, f.id) < ($2, $3)
        order by f.at desc, f.id desc
        limit $4";
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct PartnerRow {
    pub(super) id: Id<MailPartner>,
    pub(super) organisation_id: Id<Organisation>,
    pub(super) name: String,
    pub(super) identifier: String,
    /// Its other names, as a list in JSON.
    pub(super) further: String,
    pub(super) local: String,
    pub(super) address: String,
    pub(super) senders: String,
    pub(super) must_prove: bool,
    pub(super) acknowledge_hours: Option<i64>,
    pub(super) seen_at: Option<Moment>,
    pub(super) updated_at: Moment,
}

impl PartnerRow {
    pub(super) const fn whose(&self) -> Whose {
        (self.organisation_id, self.id)
    }

    /// Who may send, the partner's own address first.
    pub(super) fn allowed(&self) -> Result<Vec<String>, Fault> {
        let more: Vec<String> = serde_json::from_str(&self.senders)
            .map_err(Fault::new("reading who may send"))?;
        Ok(std::iter::once(self.address.clone()).chain(more).collect())
    }
}

/// A file as it stands.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct FileRow {
    pub(super) partner_id: Id<MailPartner>,
    pub(super) sha256: String,
    pub(super) bytes: i64,
    pub(super) state: String,
}

/// A file that waits for its letter.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct ToWrite {
    pub(super) organisation_id: Id<Organisation>,
    pub(super) name: String,
    pub(super) sha256: String,
    pub(super) state: String,
    pub(super) local: String,
    pub(super) address: String,
    pub(super) organisation: String,
}

/// The file of a letter.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Carried {
    pub(super) id: Id<MailFile>,
    pub(super) organisation_id: Id<Organisation>,
    pub(super) interchange_id: Option<Id<Interchange>>,
    pub(super) partner: String,
}

/// A file as a list shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct ListedRow {
    pub(super) id: Id<MailFile>,
    pub(super) partner: String,
    pub(super) direction: String,
    pub(super) name: String,
    pub(super) bytes: i64,
    pub(super) state: String,
    pub(super) interchange_id: Option<Id<Interchange>>,
    pub(super) sender: String,
    pub(super) why: Option<String>,
    pub(super) at: Moment,
}

/// A file to be written down.
#[derive(Clone, Debug)]
pub(super) struct NewFile {
    pub(super) direction: &'static str,
    pub(super) name: String,
    pub(super) sha256: String,
    pub(super) bytes: i64,
    pub(super) state: &'static str,
    pub(super) interchange: Option<Id<Interchange>>,
    pub(super) attempt: i64,
    pub(super) sender: String,
    pub(super) why: Option<String>,
    pub(super) at: Moment,
}

pub(super) async fn set(tx: &mut Tx, row: PartnerRow) -> Result<(), Fault> {
    let run = tx.run(SET).bind(row.id).bind(row.organisation_id).bind(row.name);
    let run = run.bind(row.identifier).bind(row.local).bind(row.address);
    let run = run.bind(row.senders).bind(row.must_prove).bind(row.acknowledge_hours);
    run.bind(row.updated_at).bind(row.further).execute().await.map(drop)
}

pub(super) async fn readdress(
    tx: &mut Tx,
    (organisation, id): Whose,
    local: String,
    now: Moment,
) -> Result<bool, Fault> {
    let run = tx.run(READDRESS).bind(organisation).bind(id).bind(local);
    Ok(run.bind(now).execute().await? == 1)
}

/// Whether there was one to close.
pub(super) async fn close(
    tx: &mut Tx,
    (organisation, id): Whose,
    now: Moment,
) -> Result<bool, Fault> {
    let run = tx.run(CLOSE).bind(organisation).bind(id).bind(now);
    Ok(run.execute().await? == 1)
}

pub(super) async fn partners(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<Vec<PartnerRow>, Fault> {
    conn.run(PARTNERS).bind(organisation).all().await
}

pub(super) async fn named(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    name: &str,
) -> Result<Option<PartnerRow>, Fault> {
    conn.run(NAMED).bind(organisation).bind(name.to_owned()).optional().await
}

pub(super) async fn of(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    identifier: &str,
) -> Result<Option<PartnerRow>, Fault> {
    conn.run(OF).bind(organisation).bind(identifier.to_owned()).optional().await
}

pub(super) async fn one(
    conn: &mut Conn,
    (organisation, id): Whose,
) -> Result<Option<PartnerRow>, Fault> {
    conn.run(ONE).bind(organisation).bind(id).optional().await
}

pub(super) async fn door(
    conn: &mut Conn,
    local: &str,
) -> Result<Option<(Id<MailPartner>, Id<Organisation>)>, Fault> {
    conn.run(DOOR).bind(local.to_owned()).optional().await
}

pub(super) async fn at_door(
    conn: &mut Conn,
    id: Id<MailPartner>,
) -> Result<Option<PartnerRow>, Fault> {
    conn.run(AT_DOOR).bind(id).optional().await
}

pub(super) async fn seen(
    tx: &mut Tx,
    (organisation, id): Whose,
    now: Option<Moment>,
) -> Result<(), Fault> {
    tx.run(SEEN).bind(organisation).bind(id).bind(now).execute().await.map(drop)
}

/// The file, if it is new.
pub(super) async fn add(
    tx: &mut Tx,
    (organisation, partner): Whose,
    new: NewFile,
) -> Result<Option<Id<MailFile>>, Fault> {
    let id = Id::mint();
    let run = tx.run(ADD).bind(id).bind(organisation).bind(partner);
    let run = run.bind(new.direction).bind(new.name).bind(new.sha256).bind(new.bytes);
    let run = run.bind(new.state).bind(new.interchange).bind(new.attempt);
    let run = run.bind(new.sender).bind(new.why).bind(new.at);
    Ok((run.execute().await? == 1).then_some(id))
}

pub(super) async fn known(
    conn: &mut Conn,
    (organisation, partner): Whose,
    sha256: &str,
) -> Result<Vec<(Id<MailFile>, String)>, Fault> {
    let run = conn.run(KNOWN).bind(organisation).bind(partner);
    run.bind(sha256.to_owned()).all().await
}

pub(super) async fn brought(
    conn: &mut Conn,
    partner: Id<MailPartner>,
    since: Moment,
) -> Result<(i64, i64), Fault> {
    conn.run(BROUGHT).bind(partner).bind(since).one().await
}

pub(super) async fn refused(
    conn: &mut Conn,
    (organisation, partner): Whose,
    since: Moment,
) -> Result<i64, Fault> {
    let run = conn.run(REFUSED).bind(organisation).bind(partner).bind(since);
    let (count,): (i64,) = run.one().await?;
    Ok(count)
}

pub(super) async fn to_write(
    conn: &mut Conn,
    file: Id<MailFile>,
) -> Result<Option<ToWrite>, Fault> {
    conn.run(TO_WRITE).bind(file).optional().await
}

/// Whether it had none yet.
pub(super) async fn lettered(
    tx: &mut Tx,
    file: Id<MailFile>,
    letter: Id<Letter>,
) -> Result<bool, Fault> {
    Ok(tx.run(LETTERED).bind(file).bind(letter).execute().await? == 1)
}

pub(super) async fn of_letter(
    conn: &mut Conn,
    letter: Id<Letter>,
) -> Result<Option<Carried>, Fault> {
    conn.run(OF_LETTER).bind(letter).optional().await
}

/// What becomes of a file: from where it stands to where it will, and why.
pub(super) struct Step {
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    pub(super) why: Option<String>,
    pub(super) interchange: Option<Id<Interchange>>,
}

/// Whether it stood there.
pub(super) async fn settle(
    tx: &mut Tx,
    (organisation, file): (Id<Organisation>, Id<MailFile>),
    step: Step,
    now: Moment,
) -> Result<bool, Fault> {
    let run = tx.run(SETTLE).bind(organisation).bind(file).bind(step.from).bind(step.to);
    let run = run.bind(step.why).bind(step.interchange).bind(now);
    Ok(run.execute().await? == 1)
}

pub(super) async fn file(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    file: Id<MailFile>,
) -> Result<Option<FileRow>, Fault> {
    conn.run(FILE).bind(organisation).bind(file).optional().await
}

pub(super) async fn files(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    (at, id): (Moment, Id<MailFile>),
    limit: i64,
) -> Result<Vec<ListedRow>, Fault> {
    let run = conn.run(FILES).bind(organisation).bind(at).bind(id);
    run.bind(limit).all().await
}
