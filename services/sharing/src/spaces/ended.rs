//! What a partnership that ends, or is suspended, takes with it.

use std::collections::BTreeSet;

use kernel::{Id, Moment, Organisation, Partnership, Person, Space};
use serde_json::json;
use store::{Hint, Tx};

use super::{PartyState, changed, depart, sql};
use crate::{Author, EventKind, NewEvent, Refusal, directs, grants, log};

/// A party that lost its place because the partnership ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Dropped {
    /// From which space.
    pub space: Id<Space>,
    /// Whose.
    pub organisation: Id<Organisation>,
}

/// Drops every party whose place rests on a partnership that has ended, in the transaction
/// that ends it. Invitations are cancelled.
///
/// # Errors
/// If the database fails.
pub async fn drop_of_partnership(
    tx: &mut Tx,
    partnership: Id<Partnership>,
    actor: Option<(Id<Person>, Id<Organisation>)>,
    at: Moment,
) -> Result<Vec<Dropped>, Refusal> {
    let mut dropped = Vec::new();
    for row in sql::of_partnership(tx, partnership).await? {
        let gone = if row.state == PartyState::Active {
            PartyState::Dropped
        } else {
            PartyState::Cancelled
        };
        if !sql::set_state(tx, &row, gone, at).await? {
            continue;
        }
        if row.state == PartyState::Active {
            let main = log::main_room(tx, row.space_id).await?;
            let detail =
                json!({ "organisation": row.organisation_name, "move": "dropped" });
            let author = actor.map_or(Author::System, |(person, organisation)| {
                Author::Person { person, organisation }
            });
            let event = NewEvent::telling(EventKind::Party, author, detail);
            log::append(tx, main, at, event).await?;
            depart(tx, row.space_id, row.id, row.organisation_id, "ended").await?;
        }
        changed(tx, row.space_id, "deal", &row.space_id.to_string(), 0).await?;
        dropped.push(Dropped { space: row.space_id, organisation: row.organisation_id });
    }
    for organisation in organisations_of(&dropped) {
        directs::cut(tx, organisation, at).await?;
    }
    grants::revoke_of_partnership(tx, partnership).await?;
    Ok(dropped)
}

/// Cuts every party whose place rests on a partnership that is suspended. Their rows stay: the
/// views no longer count them as live, until it is resumed.
pub(crate) async fn darken(
    tx: &mut Tx,
    partnership: Id<Partnership>,
    at: Moment,
) -> Result<(), Refusal> {
    let mut dark = Vec::new();
    for row in sql::of_partnership(tx, partnership).await? {
        let (space, organisation) = (row.space_id, row.organisation_id);
        tx.hint(Hint::Revoked { space, organisation, reason: "suspended".to_owned() });
        dark.push(Dropped { space, organisation });
    }
    for organisation in organisations_of(&dark) {
        directs::cut(tx, organisation, at).await?;
    }
    Ok(())
}

/// The organisations that lost a space, each once.
fn organisations_of(lost: &[Dropped]) -> BTreeSet<Id<Organisation>> {
    lost.iter().map(|each| each.organisation).collect()
}
