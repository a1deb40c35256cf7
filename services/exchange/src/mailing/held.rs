//! Files that wait for a person: who keeps the ways to partners lets them in, or puts them away.

use gate::{House, Permit};
use kernel::{Id, MailFile};
use serde_json::json;
use store::Sha256;

use super::{Refusal, partners::note, sql, sql::Step, take};
use crate::{
    interchanges::{self, Source},
    stations::{self, ManageStation, ReadStation},
};

/// Lets a file in: it is judged as if its sender had been proven. Whom the interchange itself names
/// as its sender is not for people to overlook.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Settled`]; [`Refusal::Value`] if the interchange is another's.
pub(super) async fn release(
    house: &House,
    permit: &Permit<ManageStation>,
    id: Id<MailFile>,
) -> Result<(), Refusal> {
    let (organisation, now) = (permit.scope().organisation(), house.clock.now());
    let mut conn = house.db.read().await?;
    let file = sql::file(&mut conn, organisation, id).await?;
    drop(conn);
    let file = file.ok_or(Refusal::NotFound)?;
    let bytes = match file.state.as_str() {
        "held" => house.files.read(file.sha256.parse::<Sha256>()?).await?,
        _ => return Err(Refusal::Settled(file.state)),
    };
    let mut tx = house.db.write().await?;
    let whose = (organisation, file.partner_id);
    let partner = sql::one(&mut tx, whose).await?.ok_or(Refusal::NotFound)?;
    let senders = take::senders(&bytes);
    if let Some(why) = take::stranger(&senders, &partner)? {
        return Err(Refusal::Value { field: "file", why });
    }
    sql::seen(&mut tx, whose, None).await?;
    let known = sql::known(&mut tx, whose, &file.sha256).await?;
    if known.iter().any(|(_, state)| state == "taken") {
        return Err(Refusal::Settled(
            "known: the same bytes were taken before".to_owned(),
        ));
    }
    let source = Source::Mail(organisation, partner.name);
    let kept = (file.sha256, file.bytes);
    let interchange = interchanges::keep_in(&mut tx, source, kept, now).await?;
    let why = Some("a person let it in".to_owned());
    let step = Step { from: "held", to: "taken", why, interchange: Some(interchange) };
    if !sql::settle(&mut tx, (organisation, id), step, now).await? {
        return Err(Refusal::Settled("decided by somebody else".to_owned()));
    }
    note(&mut tx, permit, ("mailing.release", json!({ "file": id })), now).await?;
    tx.commit().await?;
    tokio::spawn(stations::judge_soon(house.clone(), interchange));
    Ok(())
}

/// Puts a file away: nothing is done with it.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Settled`].
pub(super) async fn discard(
    house: &House,
    permit: &Permit<ManageStation>,
    id: Id<MailFile>,
) -> Result<(), Refusal> {
    let (organisation, now) = (permit.scope().organisation(), house.clock.now());
    let mut tx = house.db.write().await?;
    let file = sql::file(&mut tx, organisation, id).await?;
    let file = file.ok_or(Refusal::NotFound)?;
    let why = Some("a person put it away".to_owned());
    let step = Step { from: "held", to: "discarded", why, interchange: None };
    if !sql::settle(&mut tx, (organisation, id), step, now).await? {
        return Err(Refusal::Settled(file.state));
    }
    note(&mut tx, permit, ("mailing.discard", json!({ "file": id })), now).await?;
    Ok(tx.commit().await?)
}

/// The bytes of a file.
///
/// # Errors
/// [`Refusal::NotFound`].
pub(super) async fn raw(
    house: &House,
    permit: &Permit<ReadStation>,
    id: Id<MailFile>,
) -> Result<Vec<u8>, Refusal> {
    let mut conn = house.db.read().await?;
    let file = sql::file(&mut conn, permit.scope().organisation(), id).await?;
    drop(conn);
    // What is no interchange was not kept apart from its mail.
    let file = file.filter(|it| it.state != "refused").ok_or(Refusal::NotFound)?;
    let sha256: Sha256 = file.sha256.parse()?;
    Ok(house.files.read(sha256).await?)
}
