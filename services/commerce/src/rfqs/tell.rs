//! Who is told of what becomes of requests: the deal's room, people, screens, logs.

use gate::Scope;
use kernel::{Fault, Id, Moment, Space};
use serde_json::json;
use sharing::{Author, EventKind, NewEvent, audit, log, notify, spaces};
use store::{Conn, Hint, Tx};

use super::sql;
use crate::quotes::{self, Refusal};

pub(super) async fn writes(
    conn: &mut Conn,
    scope: Scope,
    space: Id<Space>,
) -> Result<bool, Fault> {
    let standing = spaces::standing(conn, scope.organisation(), space).await?;
    Ok(standing.is_some_and(|it| it.open && it.verbs.comment))
}

pub(super) async fn card(
    tx: &mut Tx,
    scope: Option<Scope>,
    row: &sql::Row,
    space: Id<Space>,
    at: Moment,
) -> Result<(), Refusal> {
    let by = scope.and_then(|scope| Some((scope.actor()?, scope.organisation())));
    let author = by.map_or(Author::System, |(person, organisation)| Author::Person {
        person,
        organisation,
    });
    let detail = json!({
        "rfq": row.id,
        "number": row.number,
        "state": row.state,
        "seller": row.seller_name,
        "buyer": row.buyer_name,
    });
    let room = log::main_room(tx, space).await?;
    let event = NewEvent::telling(EventKind::Quote, author, detail);
    log::append(tx, room, at, event).await?;
    Ok(spaces::changed(tx, space, "deal", &space.to_string(), 0).await?)
}

pub(super) async fn tell_seller(
    tx: &mut Tx,
    row: &sql::Row,
    at: Moment,
) -> Result<(), Fault> {
    hint(tx, row);
    let notice = notice("rfq_received", row, &row.buyer_name);
    notify::all_who(tx, row.seller_id, quotes::sells, &notice, at).await
}

pub(super) fn notice(
    kind: &'static str,
    row: &sql::Row,
    other: &str,
) -> notify::Notice<'static> {
    notify::Notice {
        kind,
        params: json!({ "number": row.number, "other": other }),
        subject: Some(("rfq", row.id.to_string())),
        party: None,
        fold: None,
    }
}

pub(super) fn hint(tx: &mut Tx, row: &sql::Row) {
    for organisation in [Some(row.seller_id), row.buyer_id].into_iter().flatten() {
        let (kind, id) = ("rfq".to_owned(), row.id.to_string());
        tx.hint(Hint::Changed { organisation, kind, id, revision: row.revision });
    }
}

pub(super) async fn entry(
    tx: &mut Tx,
    scope: Scope,
    row: &sql::Row,
    action: &str,
    at: Moment,
) -> Result<(), Refusal> {
    let of = ("rfq", row.id.to_string());
    let detail = json!({ "number": row.number });
    let (organisation, person) = (scope.organisation(), scope.actor());
    Ok(audit::write(tx, organisation, person, action, of, detail, at).await?)
}
