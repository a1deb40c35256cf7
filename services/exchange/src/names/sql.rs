//! `edi_name`.

use kernel::{Fault, Id, Kind, Organisation};
use store::{Conn, Tx, statements};

statements! {
    /// Whether a name is another partner's than this one.
    IS_ANOTHERS = "
        select count(*) from edi_name
        where organisation_id = $1 and identifier = $2 and partner_id <> $3";

    /// The names of the partner that bears this one.
    ALL_OF = "
        select identifier from edi_name
        where organisation_id = $1
          and partner_id = (select partner_id from edi_name where organisation_id = $1 and identifier = $2)
        order by identifier";

    /// A partner has a name.
    ADD = "
        insert into edi_name (organisation_id, identifier, partner_id)
        values ($1, $2, $3)";

    /// A partner has no names any more.
    CLEAR = "
        delete from edi_name where organisation_id = $1 and partner_id = $2";
}

pub(super) async fn is_anothers<K: Kind>(
    conn: &mut Conn,
    (organisation, partner): (Id<Organisation>, Id<K>),
    name: &str,
) -> Result<bool, Fault> {
    let run = conn.run(IS_ANOTHERS).bind(organisation).bind(name.to_owned());
    let (count,): (i64,) = run.bind(partner).one().await?;
    Ok(count > 0)
}

pub(super) async fn all_of(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    name: &str,
) -> Result<Vec<String>, Fault> {
    let run = conn.run(ALL_OF).bind(organisation).bind(name.to_owned());
    let rows: Vec<(String,)> = run.all().await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

pub(super) async fn add<K: Kind>(
    tx: &mut Tx,
    (organisation, partner): (Id<Organisation>, Id<K>),
    name: &str,
) -> Result<(), Fault> {
    let run = tx.run(ADD).bind(organisation).bind(name.to_owned()).bind(partner);
    run.execute().await.map(drop)
}

pub(super) async fn clear<K: Kind>(
    tx: &mut Tx,
    (organisation, partner): (Id<Organisation>, Id<K>),
) -> Result<(), Fault> {
    tx.run(CLEAR).bind(organisation).bind(partner).execute().await.map(drop)
}
