//! `interchange_deed`: what people did to interchanges by hand.

use kernel::{Fault, Id, Interchange, Moment, Organisation, Person};
use serde::{Deserialize, Serialize};
use store::{Conn, Tx, statements};
use utoipa::ToSchema;

statements! {
    /// What may be mended or put away: the bytes as they stand, of an interchange whose receiver
    /// the organisation is, or that it sent in while nobody receives it.
    IN_HAND = "
        select i.state, i.sha256, i.bytes
        from interchange_party p
        join interchange i on i.id = p.interchange_id
        where p.organisation_id = $1 and p.interchange_id = $2 and i.direction = 'in'
          and (i.organisation_id = $1 or i.organisation_id is null)";

    /// An interchange has other bytes, if it still has those that were read.
    REWRITE unscoped "of the interchange in hand, which the caller holds" = "
        update interchange set sha256 = $3, bytes = $4 where id = $1 and sha256 = $2";

    /// An interchange is put away, if it waits for somebody.
    DISCARD unscoped "of the interchange in hand, which the caller holds" = "
        update interchange set state = 'discarded'
        where id = $1 and sha256 = $2 and state in ('quarantined', 'rejected')";

    /// Notes what was done.
    NOTE = "
        insert into interchange_deed (interchange_id, number, organisation_id, person_id, kind, sha256, bytes, reason, at)
        select $2, 1 + count(*), $1, $3, $4, $5, $6, $7, $8
        from interchange_deed where interchange_id = $2";

    /// What was done to an interchange, oldest first. Who did it and why is for the organisation
    /// that did it; that it was done, for everybody who holds the interchange.
    DEEDS = "
        select d.number, d.kind, d.sha256, d.bytes, d.at, o.name as organisation,
               case when d.organisation_id = $1 then h.name end as person,
               case when d.organisation_id = $1 then d.reason end as reason
        from interchange_deed d
        join interchange_party p on p.interchange_id = d.interchange_id and p.organisation_id = $1
        join organisation o on o.id = d.organisation_id
        left join person h on h.id = d.person_id
        where d.interchange_id = $2
        order by d.number";
}

/// What can be done by hand.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum DeedKind {
    /// Its bytes were mended.
    Mend,
    /// It was put away.
    Discard,
}

/// What somebody did to an interchange.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema, sqlx::FromRow)]
pub struct Deed {
    /// Its number, from 1.
    pub number: i64,
    /// What was done.
    pub kind: DeedKind,
    /// The SHA-256 of the bytes before it was done, in hex.
    pub sha256: String,
    /// How many these were.
    pub bytes: i64,
    /// When.
    pub at: Moment,
    /// Which organisation did it.
    pub organisation: String,
    /// Who; for one's own people alone.
    pub person: Option<String>,
    /// Why; for one's own organisation alone.
    pub reason: Option<String>,
}

/// An interchange as it stands.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct InHand {
    pub(super) state: super::super::InterchangeState,
    pub(super) sha256: String,
    pub(super) bytes: i64,
}

pub(super) async fn in_hand(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    id: Id<Interchange>,
) -> Result<Option<InHand>, Fault> {
    conn.run(IN_HAND).bind(organisation).bind(id).optional().await
}

pub(super) async fn rewrite(
    tx: &mut Tx,
    id: Id<Interchange>,
    before: &str,
    (sha256, bytes): (&str, i64),
) -> Result<bool, Fault> {
    let run = tx.run(REWRITE).bind(id).bind(before).bind(sha256).bind(bytes);
    Ok(run.execute().await? == 1)
}

pub(super) async fn discard(
    tx: &mut Tx,
    id: Id<Interchange>,
    before: &str,
) -> Result<bool, Fault> {
    let is = tx.run(DISCARD).bind(id).bind(before).execute().await? == 1;
    if is {
        super::super::pages::follow(tx, id).await?;
    }
    Ok(is)
}

/// What is noted of a deed.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewDeed<'d> {
    pub(super) kind: DeedKind,
    pub(super) organisation: Id<Organisation>,
    pub(super) person: Option<Id<Person>>,
    pub(super) before: &'d InHand,
    pub(super) reason: &'d str,
}

pub(super) async fn note(
    tx: &mut Tx,
    id: Id<Interchange>,
    deed: NewDeed<'_>,
    at: Moment,
) -> Result<(), Fault> {
    tx.run(NOTE)
        .bind(deed.organisation)
        .bind(id)
        .bind(deed.person)
        .bind(deed.kind)
        .bind(deed.before.sha256.as_str())
        .bind(deed.before.bytes)
        .bind(deed.reason)
        .bind(at)
        .execute()
        .await
        .map(drop)
}

pub(super) async fn deeds(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    id: Id<Interchange>,
) -> Result<Vec<Deed>, Fault> {
    conn.run(DEEDS).bind(organisation).bind(id).all().await
}
