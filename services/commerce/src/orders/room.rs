//! Where orders meet deals: which deal an order belongs to, and its card in the deal's room.

use gate::Scope;
use kernel::{Fault, Id, Kind, Moment, Order, Organisation, Space};
use serde_json::json;
use sharing::{Author, EventKind, NewEvent, log, spaces};
use store::{Conn, Tx};

use super::{
    Refusal,
    sql::{self, Row},
};

/// What an order says about the deal that it belongs to.
#[derive(Clone, Debug, Default)]
pub struct Clues {
    /// References, any of which may be a deal's id or title.
    pub references: Vec<String>,
    /// Names that the buyer goes by.
    pub names: Vec<String>,
    /// The buyer's domain, if it is on the hub.
    pub domain: Option<String>,
}

/// The deal that clues lead to: one whose id or title is referred to, else the only open one
/// with that customer. None, if they lead nowhere, or to more than one.
///
/// Only deals that the organisation takes part in are looked at, and of those only the
/// fields that it may see.
///
/// # Errors
/// If the database fails.
pub async fn find_deal(
    conn: &mut Conn,
    scope: Scope,
    clues: &Clues,
) -> Result<Option<Id<Space>>, Fault> {
    let organisation = scope.organisation();
    let mut found = Vec::new();
    for reference in &clues.references {
        if let Some(id) = deal_id(reference) {
            found.extend(sql::deal_by_id(conn, organisation, id).await?);
        } else {
            found.extend(sql::deals_by_title(conn, organisation, reference).await?);
        }
    }
    if found.is_empty() {
        let domain = clues.domain.as_deref();
        for name in &clues.names {
            found.extend(sql::deals_by_customer(conn, organisation, name, domain).await?);
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(match *found {
        [(only,)] => Some(only),
        _ => None,
    })
}

/// A deal's id, with or without its prefix: whole, it is one letter longer than REF02 holds.
fn deal_id(reference: &str) -> Option<Id<Space>> {
    let reference = reference.to_ascii_lowercase();
    let with_prefix = || format!("{}_{reference}", Space::PREFIX);
    reference.parse().or_else(|_| with_prefix().parse()).ok()
}

/// Whether the seller may put a card into the deal's room.
pub(super) async fn may_place(
    conn: &mut Conn,
    scope: Scope,
    space: Id<Space>,
) -> Result<(), Refusal> {
    let standing = spaces::standing(conn, scope.organisation(), space).await?;
    let standing = standing.filter(|it| it.open).ok_or(Refusal::NotFound)?;
    if standing.verbs.comment { Ok(()) } else { Err(Refusal::ReadOnlyDeal) }
}

/// Puts the order's card, as it is now, into the room of its deal.
pub(super) async fn card(
    tx: &mut Tx,
    scope: Scope,
    row: &Row,
    space: Id<Space>,
    at: Moment,
) -> Result<(), Refusal> {
    let author = author(scope);
    let detail = json!({
        "order": row.id,
        "number": row.number,
        "amount_minor": row.total_minor,
        "currency": row.currency,
        "state": row.state,
    });
    say(tx, space, NewEvent::telling(EventKind::Order, author, detail), at).await
}

/// Puts a card about a change of an order into the room of its deal: by whoever acts, if one may
/// write there, else by the hub in the seller's stead, if that may.
pub(crate) async fn change_card(
    tx: &mut Tx,
    scope: Scope,
    order: Id<Order>,
    mut detail: serde_json::Value,
    at: Moment,
) -> Result<(), Refusal> {
    let row = sql::one(tx, scope.organisation(), order).await?;
    let row = row.ok_or(Refusal::NotFound)?;
    let Some(space) = row.space_id else { return Ok(()) };
    if let Some(detail) = detail.as_object_mut() {
        detail.insert("amount_minor".to_owned(), json!(row.total_minor));
        detail.insert("currency".to_owned(), json!(row.currency));
    }
    tell_in_stead(tx, scope, (row.seller_id, space), detail, at).await
}

/// Puts a card into the room of the order's deal: by whoever acts, if one may write there, else by
/// the hub in the seller's stead, if that may.
///
/// # Errors
/// If the database fails.
pub(crate) async fn tell_in_stead(
    tx: &mut Tx,
    scope: Scope,
    (seller, space): (Id<Organisation>, Id<Space>),
    detail: serde_json::Value,
    at: Moment,
) -> Result<(), Refusal> {
    let may = |found: Option<spaces::Standing>| {
        found.is_some_and(|it| it.open && it.verbs.comment)
    };
    let own = may(spaces::standing(tx, scope.organisation(), space).await?);
    if !own && !may(spaces::standing(tx, seller, space).await?) {
        return Ok(());
    }
    let author = match scope.actor() {
        Some(person) if own => {
            Author::Person { person, organisation: scope.organisation() }
        }
        Some(_) | None => Author::System,
    };
    say(tx, space, NewEvent::telling(EventKind::Order, author, detail), at).await
}

/// Tells the room of the order's deal something about a paper of it, if the seller still
/// takes part there.
///
/// # Errors
/// If the database fails.
pub async fn tell_paper(
    tx: &mut Tx,
    scope: Scope,
    space: Id<Space>,
    detail: serde_json::Value,
    at: Moment,
) -> Result<(), Refusal> {
    if may_place(tx, scope, space).await.is_ok() {
        let event = NewEvent::telling(EventKind::Edi, Author::System, detail);
        say(tx, space, event, at).await?;
    }
    Ok(())
}

/// Puts a card into the room of the order's deal, if the one who acts may write there.
///
/// # Errors
/// If the database fails.
pub(crate) async fn tell_order(
    tx: &mut Tx,
    scope: Scope,
    space: Id<Space>,
    detail: serde_json::Value,
    at: Moment,
) -> Result<(), Refusal> {
    if may_place(tx, scope, space).await.is_ok() {
        let event = NewEvent::telling(EventKind::Order, author(scope), detail);
        say(tx, space, event, at).await?;
    }
    Ok(())
}

/// The one who acts.
fn author(scope: Scope) -> Author {
    match scope.actor() {
        Some(person) => Author::Person { person, organisation: scope.organisation() },
        None => Author::System,
    }
}

async fn say(
    tx: &mut Tx,
    space: Id<Space>,
    event: NewEvent,
    at: Moment,
) -> Result<(), Refusal> {
    let room = log::main_room(tx, space).await?;
    log::append(tx, room, at, event).await?;
    spaces::changed(tx, space, "deal", &space.to_string(), 0).await?;
    Ok(())
}
