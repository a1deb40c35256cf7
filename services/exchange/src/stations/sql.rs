//! `as2_station`, `as2_key`, `as2_partner`, `as2_message`.

use kernel::{
    As2Message, Fault, Id, Interchange, Moment, Organisation, StationKey, TradingPartner,
};
use store::{Conn, Tx, statements};

use super::unproven::Unproven;

statements! {
    /// The station of an organisation.
    STATION = "
        select name from as2_station where organisation_id = $1";

    /// Makes or renames a station.
    SET_STATION = "
        insert into as2_station (organisation_id, name, created_at)
        values ($1, $2, $3)
        on conflict (organisation_id) do update set name = excluded.name";

    /// Adds a key.
    ADD_KEY = "
        insert into as2_key (id, organisation_id, certificate, sealed, created_at)
        values ($1, $2, $3, $4, $5)";

    /// The keys of a station, newest first.
    KEYS = "
        select id, certificate, sealed, created_at
        from as2_key
        where organisation_id = $1
        order by created_at desc, id desc
        limit 10";

    /// Makes or changes a partner.
    SET_PARTNER = "
        insert into as2_partner (id, organisation_id, name, identifier, url, certificates, terms, created_at, updated_at, further)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)
        on conflict (organisation_id, name) do update
        set identifier = excluded.identifier, further = excluded.further, url = excluded.url, certificates = excluded.certificates,
            terms = excluded.terms, updated_at = excluded.updated_at, closed_at = null";

    /// Trades with a partner no more. Its messages stay.
    CLOSE_PARTNER = "
        update as2_partner set closed_at = $3
        where organisation_id = $1 and id = $2 and closed_at is null";

    /// The partners of a station.
    PARTNERS = "
        select id, name, identifier, further, url, certificates, terms, updated_at
        from as2_partner
        where organisation_id = $1 and closed_at is null
        order by name";

    /// A partner by its AS2 name.
    PARTNER = "
        select id, name, identifier, further, url, certificates, terms, updated_at
        from as2_partner
        where organisation_id = $1 and name = $2 and closed_at is null";

    /// The partner that calls, the station that it calls, what a message of this Message-ID got
    /// before, and what came unproven today: all that is asked of each message in one read.
    CALLER = "
        select p.id, p.name, p.identifier, p.further, p.url, p.certificates, p.terms, p.updated_at,
               s.name as station, m.state as taken, m.receipt,
               coalesce(u.refused, 0) as refused, coalesce(u.refused_bytes, 0) as refused_bytes,
               coalesce(u.unsigned_bytes, 0) as unsigned_bytes
        from as2_partner p
        left join as2_station s on s.organisation_id = $1
        left join as2_message m
          on m.organisation_id = $1 and m.partner_id = p.id and m.direction = 'in' and m.message_id = $3 and m.state = 'taken'
        left join as2_unproven u on u.organisation_id = $1 and u.partner_id = p.id and u.day = $4
        where p.organisation_id = $1 and p.name = $2 and p.closed_at is null";

    /// A partner by any of its EDI names.
    PARTNER_OF = "
        select id, name, identifier, further, url, certificates, terms, updated_at
        from as2_partner
        where organisation_id = $1 and closed_at is null
          and id = (select partner_id from edi_name where organisation_id = $1 and identifier = $2)";

    /// A partner by its id.
    PARTNER_WITH = "
        select id, name, identifier, further, url, certificates, terms, updated_at
        from as2_partner
        where organisation_id = $1 and id = $2 and closed_at is null";

    /// Keeps a message.
    ADD_MESSAGE = "
        insert into as2_message (id, organisation_id, partner_id, direction, message_id, state, interchange_id, raw, receipt, mic, why, content, head, signature, at, attempt)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        on conflict do nothing";

    /// The receipt that a message got.
    RECEIPT = "
        select receipt from as2_message
        where organisation_id = $1 and partner_id = $2 and direction = 'in' and message_id = $3 and state = 'taken'";

    /// The receipt of one message, whether it was taken or refused.
    RECEIPT_OF = "
        select receipt from as2_message
        where organisation_id = $1 and id = $2 and direction = 'in'";

    /// A message that takes an interchange out: the first, or one for each time it was asked for.
    OUTGOING = "
        select id, partner_id, interchange_id, message_id, state, raw, mic, why, sent_at
        from as2_message
        where organisation_id = $1 and interchange_id = $2 and direction = 'out' and attempt = $3";

    /// A message that went to a partner under this Message-ID.
    SENT_AS = "
        select id, partner_id, interchange_id, message_id, state, raw, mic, why, sent_at
        from as2_message
        where organisation_id = $1 and partner_id = $2 and direction = 'out' and message_id = $3";

    /// What became of a message that went out. One that is delivered stays so, and one that
    /// failed is not awaited.
    SETTLE = "
        update as2_message set state = $3, receipt = coalesce($4, receipt), why = $5, sent_at = $6
        where organisation_id = $1 and id = $2 and direction = 'out' and state <> 'delivered'";

    /// A message is sent once more, as it is.
    AGAIN = "
        update as2_message set state = 'waiting', why = null
        where organisation_id = $1 and id = $2 and direction = 'out' and state <> 'delivered'
        returning interchange_id, attempt";

    /// A message, with the files that prove it.
    MESSAGE = "
        select m.message_id, m.direction, m.state, m.raw, m.receipt, m.mic, m.content, m.head, m.signature, p.name as partner, p.certificates
        from as2_message m
        join as2_partner p on p.id = m.partner_id and p.organisation_id = $1
        where m.organisation_id = $1 and m.id = $2";

    /// The messages of an organisation, newest first.
    MESSAGES = "
        select m.id, p.name as partner, m.direction, m.message_id, m.state, m.interchange_id, m.why, m.at
        from as2_message m
        join as2_partner p on p.id = m.partner_id and p.organisation_id = $1
        where m.organisation_id = $1 and (m.at, m.id) < ($2, $3)
        order by m.at desc, m.id desc
        limit $4";
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct KeyRow {
    pub(super) id: Id<StationKey>,
    pub(super) certificate: String,
    pub(super) sealed: String,
    pub(super) created_at: Moment,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct PartnerRow {
    pub(super) id: Id<TradingPartner>,
    pub(super) name: String,
    pub(super) identifier: String,
    /// Its other names, as a list in JSON.
    pub(super) further: String,
    pub(super) url: String,
    pub(super) certificates: String,
    pub(super) terms: String,
    pub(super) updated_at: Moment,
}

/// Who calls, and whom.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct CallerRow {
    #[sqlx(flatten)]
    pub(super) partner: PartnerRow,
    /// The name of the station.
    pub(super) station: Option<String>,
    /// Set if the message was taken before.
    pub(super) taken: Option<String>,
    /// The receipt that it got then.
    pub(super) receipt: Option<Vec<u8>>,
    #[sqlx(flatten)]
    pub(super) unproven: Unproven,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct OutgoingRow {
    pub(super) id: Id<As2Message>,
    pub(super) partner_id: Id<TradingPartner>,
    pub(super) interchange_id: Option<Id<Interchange>>,
    pub(super) message_id: String,
    pub(super) state: String,
    pub(super) raw: String,
    pub(super) mic: Option<String>,
    pub(super) why: Option<String>,
    pub(super) sent_at: Option<Moment>,
}

/// A message, with the files that prove it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct ProofRow {
    pub(super) message_id: String,
    pub(super) direction: String,
    pub(super) state: String,
    pub(super) raw: String,
    pub(super) receipt: Option<Vec<u8>>,
    pub(super) mic: Option<String>,
    pub(super) content: Option<String>,
    pub(super) head: Option<Vec<u8>>,
    pub(super) signature: Option<Vec<u8>>,
    pub(super) partner: String,
    pub(super) certificates: String,
}

/// What became of a message that went out.
#[derive(Clone, Debug)]
pub(super) struct Settled {
    pub(super) state: &'static str,
    pub(super) receipt: Option<Vec<u8>>,
    pub(super) why: Option<String>,
    pub(super) at: Moment,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct MessageRow {
    pub(super) id: Id<As2Message>,
    pub(super) partner: String,
    pub(super) direction: String,
    pub(super) message_id: String,
    pub(super) state: String,
    pub(super) interchange_id: Option<Id<Interchange>>,
    pub(super) why: Option<String>,
    pub(super) at: Moment,
}

/// What was signed, and its signature.
#[derive(Clone, Debug)]
pub(super) struct Evidence {
    /// The file of what was signed, or of what follows its head.
    pub(super) content: String,
    /// What stands before the file's bytes in what was signed: the headers of a part whose content
    /// is kept as a document anyway.
    pub(super) head: Vec<u8>,
    pub(super) signature: Vec<u8>,
}

/// A message to be kept.
#[derive(Clone, Debug)]
pub(super) struct NewMessage {
    pub(super) id: Id<As2Message>,
    pub(super) organisation: Id<Organisation>,
    pub(super) partner: Id<TradingPartner>,
    pub(super) direction: &'static str,
    pub(super) message_id: String,
    pub(super) state: &'static str,
    pub(super) interchange: Option<Id<Interchange>>,
    pub(super) raw: String,
    pub(super) receipt: Option<Vec<u8>>,
    pub(super) mic: Option<String>,
    pub(super) why: Option<String>,
    pub(super) evidence: Option<Evidence>,
    pub(super) at: Moment,
    /// How often the partner was asked for its acknowledgement before.
    pub(super) attempt: i64,
}

pub(super) async fn station(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<Option<String>, Fault> {
    let row: Option<(String,)> = conn.run(STATION).bind(organisation).optional().await?;
    Ok(row.map(|(name,)| name))
}

pub(super) async fn set_station(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    name: &str,
    now: Moment,
) -> Result<(), Fault> {
    let run = tx.run(SET_STATION).bind(organisation).bind(name.to_owned()).bind(now);
    run.execute().await.map(drop)
}

pub(super) async fn add_key(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    key: KeyRow,
) -> Result<(), Fault> {
    let run = tx.run(ADD_KEY).bind(key.id).bind(organisation).bind(key.certificate);
    run.bind(key.sealed).bind(key.created_at).execute().await.map(drop)
}

pub(super) async fn keys(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<Vec<KeyRow>, Fault> {
    conn.run(KEYS).bind(organisation).all().await
}

pub(super) async fn set_partner(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    row: PartnerRow,
) -> Result<(), Fault> {
    let run = tx.run(SET_PARTNER).bind(row.id).bind(organisation).bind(row.name);
    let run = run.bind(row.identifier).bind(row.url).bind(row.certificates);
    run.bind(row.terms).bind(row.updated_at).bind(row.further).execute().await.map(drop)
}

pub(super) async fn partners(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<Vec<PartnerRow>, Fault> {
    conn.run(PARTNERS).bind(organisation).all().await
}

pub(super) async fn partner(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    name: &str,
) -> Result<Option<PartnerRow>, Fault> {
    conn.run(PARTNER).bind(organisation).bind(name.to_owned()).optional().await
}

pub(super) async fn caller(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    (name, message_id): (&str, &str),
    day: i64,
) -> Result<Option<CallerRow>, Fault> {
    let run = conn.run(CALLER).bind(organisation).bind(name.to_owned());
    run.bind(message_id.to_owned()).bind(day).optional().await
}

pub(super) async fn partner_of(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    identifier: &str,
) -> Result<Option<PartnerRow>, Fault> {
    conn.run(PARTNER_OF).bind(organisation).bind(identifier.to_owned()).optional().await
}

pub(super) async fn partner_with(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    id: Id<TradingPartner>,
) -> Result<Option<PartnerRow>, Fault> {
    conn.run(PARTNER_WITH).bind(organisation).bind(id).optional().await
}

/// Whether there was one to close.
pub(super) async fn close_partner(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    id: Id<TradingPartner>,
    now: Moment,
) -> Result<bool, Fault> {
    let run = tx.run(CLOSE_PARTNER).bind(organisation).bind(id).bind(now);
    Ok(run.execute().await? > 0)
}

/// Whether it is new: one with the same Message-ID may have been faster.
pub(super) async fn add_message(tx: &mut Tx, new: NewMessage) -> Result<bool, Fault> {
    let run = tx.run(ADD_MESSAGE).bind(new.id).bind(new.organisation).bind(new.partner);
    let run = run.bind(new.direction).bind(new.message_id).bind(new.state);
    let run = run.bind(new.interchange).bind(new.raw).bind(new.receipt).bind(new.mic);
    let (content, head, signature) = match new.evidence {
        Some(it) => (Some(it.content), Some(it.head), Some(it.signature)),
        None => (None, None, None),
    };
    let run = run.bind(new.why).bind(content).bind(head).bind(signature);
    Ok(run.bind(new.at).bind(new.attempt).execute().await? > 0)
}

pub(super) async fn receipt(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    partner: Id<TradingPartner>,
    message_id: &str,
) -> Result<Option<Vec<u8>>, Fault> {
    let run = conn.run(RECEIPT).bind(organisation).bind(partner);
    let row: Option<(Option<Vec<u8>>,)> =
        run.bind(message_id.to_owned()).optional().await?;
    Ok(row.and_then(|(receipt,)| receipt))
}

pub(super) async fn receipt_of(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    id: Id<As2Message>,
) -> Result<Option<Vec<u8>>, Fault> {
    let run = conn.run(RECEIPT_OF).bind(organisation).bind(id);
    let row: Option<(Option<Vec<u8>>,)> = run.optional().await?;
    Ok(row.and_then(|(receipt,)| receipt))
}

pub(super) async fn outgoing(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    (interchange, attempt): (Id<Interchange>, i64),
) -> Result<Option<OutgoingRow>, Fault> {
    let run = conn.run(OUTGOING).bind(organisation).bind(interchange);
    run.bind(attempt).optional().await
}

pub(super) async fn sent_as(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    (partner, message_id): (Id<TradingPartner>, &str),
) -> Result<Option<OutgoingRow>, Fault> {
    let run = conn.run(SENT_AS).bind(organisation).bind(partner);
    run.bind(message_id.to_owned()).optional().await
}

pub(super) async fn settle(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    id: Id<As2Message>,
    it: Settled,
) -> Result<bool, Fault> {
    let run = tx.run(SETTLE).bind(organisation).bind(id).bind(it.state);
    Ok(run.bind(it.receipt).bind(it.why).bind(it.at).execute().await? == 1)
}

/// The interchange that it takes; none if there is no such message, or it is delivered.
pub(super) async fn again(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    id: Id<As2Message>,
) -> Result<Option<(Id<Interchange>, i64)>, Fault> {
    let row: Option<(Option<Id<Interchange>>, i64)> =
        tx.run(AGAIN).bind(organisation).bind(id).optional().await?;
    Ok(row.and_then(|(interchange, attempt)| interchange.map(|it| (it, attempt))))
}

pub(super) async fn message(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    id: Id<As2Message>,
) -> Result<Option<ProofRow>, Fault> {
    conn.run(MESSAGE).bind(organisation).bind(id).optional().await
}

pub(super) async fn messages(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    (at, id): (Moment, Id<As2Message>),
    limit: i64,
) -> Result<Vec<MessageRow>, Fault> {
    let run = conn.run(MESSAGES).bind(organisation).bind(at).bind(id);
    run.bind(limit).all().await
}
