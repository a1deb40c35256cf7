//! Asking for names: one side wishes to see the customers behind a number, the other answers with
//! the fields that it shows, or with none. What is shown is a grant, which narrows, is taken
//! back, and ends with either population's being shown.

mod sql;

use gate::{House, Permit};
use kernel::{Fault, Id, MappingAsk, Moment, Organisation, Partnership, Population};
use serde_json::json;
use sharing::{Mask, grants};
use store::Tx;

pub use sql::ALL as STATEMENTS;
pub(super) use sql::{Row, of_partnership};

use super::{
    AskForNames, FIELDS, Refusal, SetMappings, offers, overlap,
    rules::{ASK_LASTS, AskMove},
};
use crate::accounts::Flaw;

/// Asks a partner for the names of the customers that two populations have in common.
///
/// # Errors
/// [`Refusal::NotFound`], unless both populations are shown; [`Refusal::SeenAlready`];
/// [`Refusal::AskedAlready`].
pub async fn ask(
    tx: &mut Tx,
    permit: &Permit<AskForNames>,
    partnership: Id<Partnership>,
    (own, theirs): (Id<Population>, Id<Population>),
    message: &str,
    at: Moment,
) -> Result<Id<MappingAsk>, Refusal> {
    let scope = permit.scope();
    let asker = scope.organisation();
    let pair = offers::pair_of(tx, scope, partnership).await?;
    let message = read_message(message)?;
    let cell = overlap::cell(tx, asker, partnership, (own, theirs)).await?;
    let cell = cell.ok_or(Refusal::NotFound)?;
    if cell.fields().is_some() {
        return Err(Refusal::SeenAlready);
    }
    let person = scope.actor().ok_or(Refusal::NotFound)?;
    let new = sql::NewAsk {
        id: Id::mint(),
        partnership,
        asker,
        giver: pair.partner_id,
        populations: (own, theirs),
        message: &message,
        person,
        until: at + ASK_LASTS,
    };
    if !sql::insert(tx, &new, at).await? {
        return Err(Refusal::AskedAlready);
    }
    offers::tell(tx, partnership, [asker, pair.partner_id]);
    offers::notice(tx, &pair, "mapping_asked", &cell.their_name, at).await?;
    let detail = json!({ "ask": new.id, "population": own, "of": theirs });
    offers::log(tx, scope, partnership, "mapping.ask", detail, at).await?;
    Ok(new.id)
}

/// Answers a wish, or changes the answer.
///
/// # Errors
/// [`Refusal::NotFound`], unless the acting organisation was asked; [`Refusal::NoMove`];
/// [`Refusal::Wider`].
pub async fn answer(
    tx: &mut Tx,
    permit: &Permit<SetMappings>,
    (id, revision): (Id<MappingAsk>, i64),
    step: AskMove,
    fields: Vec<String>,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let own = scope.organisation();
    let row = sql::one(tx, own, id).await?;
    let row = row.filter(|row| row.giver_id == own).ok_or(Refusal::NotFound)?;
    if row.revision != revision {
        return Err(Refusal::Stale(row.revision));
    }
    let pair = offers::pair_of(tx, scope, row.partnership_id).await?;
    if !pair.is_live() {
        return Err(sharing::Refusal::NoPartnership.into());
    }
    let state = row.state.step(step).ok_or(Refusal::NoMove)?;
    let mask = match step {
        AskMove::Grant | AskMove::Narrow => read_mask(fields)?,
        AskMove::Refuse | AskMove::Revoke => Mask::default(),
    };
    if step == AskMove::Narrow && !Mask::read(&row.mask).covers(&mask) {
        return Err(Refusal::Wider);
    }
    if !sql::shift(tx, own, &row, state, &mask, at).await? {
        return Err(Refusal::Stale(row.revision));
    }
    let (record, name) = (id.uuid(), row.partnership_id.to_string());
    match step {
        AskMove::Grant | AskMove::Narrow => {
            offers::give(tx, scope, &pair, record, mask, "request", at).await?;
        }
        AskMove::Revoke => grants::lapse(tx, offers::KIND, record, &name, at).await?,
        AskMove::Refuse => {}
    }
    offers::tell(tx, row.partnership_id, [own, row.asker_id]);
    let word = match step {
        AskMove::Grant => Some("mapping_granted"),
        AskMove::Refuse => Some("mapping_refused"),
        AskMove::Revoke => Some("mapping_revoked"),
        AskMove::Narrow => None,
    };
    if let Some(word) = word {
        offers::notice(tx, &pair, word, &row.giver_population, at).await?;
    }
    let detail = json!({ "ask": id, "move": step.word(), "fields": row.mask });
    Ok(offers::log(tx, scope, row.partnership_id, "mapping.answer", detail, at).await?)
}

/// A side shows a population no more: what was asked and shown with it is over.
pub(super) async fn end_of(
    tx: &mut Tx,
    own: Id<Organisation>,
    partnership: Option<Id<Partnership>>,
    population: Id<Population>,
    at: Moment,
) -> Result<(), Fault> {
    for row in sql::open_of(tx, own, population).await? {
        if partnership.is_some_and(|one| one != row.partnership_id) {
            continue;
        }
        let state = row.state.ended();
        sql::shift(tx, own, &row, state, &Mask::default(), at).await?;
        let name = row.partnership_id.to_string();
        grants::lapse(tx, offers::KIND, row.id.uuid(), &name, at).await?;
        offers::tell(tx, row.partnership_id, [row.asker_id, row.giver_id]);
    }
    Ok(())
}

/// Ends the wishes that nobody answered in time.
pub(super) async fn expire(house: &House, now: Moment) -> Result<(), Fault> {
    let mut conn = house.db.read().await?;
    let due: Vec<Row> = sql::late(&mut conn, now).await?;
    drop(conn);
    for row in due {
        let mut tx = house.db.write().await?;
        let giver = row.giver_id;
        let state = row.state.ended();
        if sql::shift(&mut tx, giver, &row, state, &Mask::default(), now).await? {
            offers::tell(&mut tx, row.partnership_id, [row.asker_id, giver]);
            tx.commit().await?;
        }
    }
    Ok(())
}

fn read_mask(fields: Vec<String>) -> Result<Mask, Refusal> {
    let mask = Mask::among(fields, &FIELDS)?;
    if mask.list().is_empty() {
        return Err(Flaw { field: "fields", why: "name at least one field" }.into());
    }
    Ok(mask)
}

fn read_message(text: &str) -> Result<String, Flaw> {
    let clean = text.trim().replace("\r\n", "\n");
    let control = |letter: char| letter.is_control() && letter != '\n';
    if clean.chars().count() > 1_000 || clean.contains(control) {
        let why = "take up to 1,000 characters, without control characters";
        return Err(Flaw { field: "message", why });
    }
    Ok(clean)
}
