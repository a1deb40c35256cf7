//! Whom a partnership's moves are told: both sides' logs, and the people who answer for it.

use gate::Settings;
use kernel::{Fault, Id, Moment, Organisation, Person};
use serde_json::{Value, json};
use store::Tx;

use super::{
    access,
    rules::{Command, Side, State},
    sql::Row,
};
use crate::{
    audit::{self, Entry},
    letters::{self, Letter},
    notices::{self, Notice},
    outbox, people,
};

/// A move that was made.
pub(super) struct Told<'t> {
    /// The partnership before it.
    pub(super) row: &'t Row,
    /// Who moved.
    pub(super) side: Side,
    /// How.
    pub(super) command: Command,
    /// What came of it.
    pub(super) next: State,
    /// Why.
    pub(super) reason: &'t str,
}

/// Writes one entry into the log of each of the two, in the order of their ids. A log names
/// persons of its own organisation only.
async fn log(
    tx: &mut Tx,
    row: &Row,
    action: &str,
    (by, person): (Option<Side>, Option<Id<Person>>),
    at: Moment,
) -> Result<(), Fault> {
    let mut sides = [Side::Proposer, Side::Answerer];
    sides.sort_by_key(|side| row.organisation(*side));
    for side in sides {
        let Some(organisation) = row.organisation(side) else { continue };
        let by_whom = match by {
            None => "hub",
            Some(mover) if mover == side => "us",
            Some(_) => "them",
        };
        let entry = Entry {
            organisation,
            person: person.filter(|_| by == Some(side)),
            action,
            subject_kind: "partnership",
            subject_id: row.id.to_string(),
            detail: json!({ "by": by_whom }),
        };
        audit::write(tx, &entry, at).await?;
    }
    Ok(())
}

/// Tells those of an organisation who answer for partnerships.
async fn notify(
    tx: &mut Tx,
    row: &Row,
    kind: &str,
    (to, params): (Option<Id<Organisation>>, Value),
    at: Moment,
) -> Result<(), Fault> {
    let Some(organisation) = to else { return Ok(()) };
    let fold = format!("partnership:{}", row.id);
    let subject = Some(("partnership", row.id.to_string()));
    let notice = Notice { kind, params, subject, party: None, fold: Some(&fold) };
    notices::all_who(tx, organisation, access::answers, &notice, at).await
}

/// A proposal was made: its answerer is told, if it is here.
pub(super) async fn proposed(
    tx: &mut Tx,
    row: &Row,
    person: Option<Id<Person>>,
    settings: &Settings,
    at: Moment,
) -> Result<(), Fault> {
    log(tx, row, "partnership.propose", (Some(Side::Proposer), person), at).await?;
    let Some(answerer) = row.answerer_id else { return Ok(()) };
    let params = json!({ "partner": row.proposer_name, "domain": row.proposer_domain });
    notify(tx, row, "partnership_proposed", (Some(answerer), params), at).await?;
    for reader in people::readers(tx, answerer, access::answers).await? {
        let letter = letters::proposal(&Letter {
            locale: reader.locale,
            organisation: &row.proposer_name,
            message: &row.message,
            link: &format!("{}/partners", settings.public_url),
        });
        let mail = letter.to(reader.email, Some(answerer));
        outbox::mail(tx, &mail, at).await?;
    }
    Ok(())
}

/// A move was made.
pub(super) async fn stepped(
    tx: &mut Tx,
    told: &Told<'_>,
    person: Option<Id<Person>>,
    at: Moment,
) -> Result<(), Fault> {
    let Told { row, side, command, next, reason } = *told;
    let action = format!("partnership.{}", command.word());
    log(tx, row, &action, (Some(side), person), at).await?;
    let to = row.organisation(side.other());
    let mut params = json!({ "partner": row.name(side), "reason": reason });
    let kind = match command {
        Command::Accept => "partnership_active",
        Command::GiveNotice { until } => {
            if let Some(params) = params.as_object_mut() {
                params.insert("ends_at".to_owned(), json!(until));
            }
            "partnership_ending"
        }
        Command::EndNow => "partnership_ended",
        Command::Decline | Command::Cancel | Command::Suspend | Command::Resume => {
            return Ok(());
        }
    };
    debug_assert!(next.was_agreed(), "each side knows the other by now");
    notify(tx, row, kind, (to, params), at).await
}

/// Time has made a move.
pub(super) async fn expired(
    tx: &mut Tx,
    row: &Row,
    next: State,
    at: Moment,
) -> Result<(), Fault> {
    let ended = next == State::Ended;
    let action = if ended { "partnership.end" } else { "partnership.expire" };
    log(tx, row, action, (None, None), at).await?;
    if !ended {
        return Ok(());
    }
    for side in [Side::Proposer, Side::Answerer] {
        let params = json!({ "partner": row.name(side.other()), "reason": row.reason });
        notify(tx, row, "partnership_ended", (row.organisation(side), params), at)
            .await?;
    }
    Ok(())
}

/// The two became partners without a proposal.
pub(super) async fn established(tx: &mut Tx, row: &Row, at: Moment) -> Result<(), Fault> {
    log(tx, row, "partnership.accept", (None, None), at).await
}
