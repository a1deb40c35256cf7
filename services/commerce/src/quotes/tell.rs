//! Who is told of what becomes of quotes: the deal's room, both sides' people, screens, logs.

use gate::{Role, Scope};
use kernel::{Fault, Id, Moment, Organisation, Person};
use serde_json::{Value, json};
use sharing::{Author, EventKind, NewEvent, audit, log, notify, spaces};
use store::{Conn, Hint, Tx};

use super::{
    Refusal, access,
    row::Row,
    rules::{QuoteState, Side},
};

/// Checks that an organisation may write into the room of a quote's deal.
pub(super) async fn may_write(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    row: &Row,
) -> Result<(), Refusal> {
    // One of a seller that is not on the hub stands in no deal.
    let Some(space) = row.space_id else { return Ok(()) };
    let standing = spaces::standing(conn, organisation, space).await?;
    let standing = standing.filter(|it| it.open).ok_or(Refusal::NotShared)?;
    if standing.verbs.comment { Ok(()) } else { Err(Refusal::ReadOnlyDeal) }
}

/// Checks that the buyer, if it is on the hub, takes part in the quote's deal.
pub(super) async fn still_shared(conn: &mut Conn, row: &Row) -> Result<(), Refusal> {
    let Some(space) = row.space_id else { return Ok(()) };
    for organisation in [Some(row.seller_id), row.buyer_id].into_iter().flatten() {
        let standing = spaces::standing(conn, organisation, space).await?;
        let takes_part =
            standing.is_some_and(|it| it.open && it.role != spaces::PartyRole::Observer);
        if !takes_part {
            return Err(Refusal::NotShared);
        }
    }
    Ok(())
}

/// Puts the quote's card, as it is now, into the room of its deal.
pub(super) async fn card(
    tx: &mut Tx,
    scope: Option<Scope>,
    row: &Row,
    at: Moment,
) -> Result<(), Refusal> {
    let Some(space) = row.space_id else { return Ok(()) };
    let by = scope.and_then(|scope| Some((scope.actor()?, scope.organisation())));
    let author = by.map_or(Author::System, |(person, organisation)| Author::Person {
        person,
        organisation,
    });
    let detail = json!({
        "quote": row.id,
        "number": row.number,
        "rev": row.rev,
        "amount_minor": row.total_minor,
        "currency": row.currency,
        "state": row.state,
        "seller": row.seller_name,
        "buyer": row.buyer_name,
    });
    let room = log::main_room(tx, space).await?;
    let event = NewEvent::telling(EventKind::Quote, author, detail);
    log::append(tx, room, at, event).await?;
    Ok(spaces::changed(tx, space, "deal", &space.to_string(), 0).await?)
}

/// Tells the screens of both sides that a quote changed; the buyer's only where it is shown.
pub(super) fn hint(tx: &mut Tx, before: Option<&Row>, row: &Row) {
    let (kind, id) = ("quote".to_owned(), row.id.to_string());
    let shown = row.offer_rev > 0 && before.is_none_or(|it| it.face != row.face);
    let buyer = row.buyer_id.filter(|_| shown).map(|it| (it, row.face));
    let seller = Some((row.seller_id, row.revision)).filter(|_| !row.is_elsewhere());
    for (organisation, revision) in [seller, buyer].into_iter().flatten() {
        let (kind, id) = (kind.clone(), id.clone());
        tx.hint(Hint::Changed { organisation, kind, id, revision });
    }
}

/// What the people of the other side are told, by the state that was reached.
pub(super) async fn notice(
    tx: &mut Tx,
    row: &Row,
    to: Side,
    at: Moment,
) -> Result<(), Fault> {
    let (organisation, who): (_, fn(Role) -> bool) = match to {
        Side::Seller => {
            (Some(row.seller_id).filter(|_| !row.is_elsewhere()), access::sells)
        }
        Side::Buyer => (row.buyer_id, access::buys),
    };
    let Some(organisation) = organisation else { return Ok(()) };
    let kind = match to {
        Side::Buyer if row.state == QuoteState::Sent => "quote_sent",
        Side::Seller | Side::Buyer => "quote_moved",
    };
    let other = match to {
        Side::Seller => &row.buyer_name,
        Side::Buyer => &row.seller_name,
    };
    let notice = notify::Notice {
        kind,
        params: json!({ "number": row.number, "other": other, "state": row.state.word() }),
        subject: Some(("quote", row.id.to_string())),
        party: None,
        fold: None,
    };
    notify::all_who(tx, organisation, who, &notice, at).await
}

/// An entry in an organisation's log.
pub(super) async fn entry(
    tx: &mut Tx,
    (organisation, person): (Id<Organisation>, Option<Id<Person>>),
    row: &Row,
    action: &str,
    at: Moment,
) -> Result<(), Fault> {
    let of = ("quote", row.id.to_string());
    let detail: Value =
        json!({ "number": row.number, "rev": row.rev, "sha256": row.sha256 });
    audit::write(tx, organisation, person, action, of, detail, at).await
}
