//! Dispatch advices: what a seller sends of an order, told before it arrives.
//!
//! One is written once ([`write()`]) for lines and quantities of an order that was taken on, and
//! never changes: it is a document of `trade` (`paper.rs`), kept under its SHA-256, held by both
//! sides. There may be several for an order. No more is sent than is open, unless the seller says
//! by how many percent (`rules.rs`). If the order came by EDI, `exchange` sends the document in its
//! dialect, in the same commit.

mod http;
mod paper;
mod rules;
mod sql;
mod sscc;
mod view;

use gate::{Permit, Scope};
use kernel::{Fault, Id, Moment, Order, Organisation, Shipment, Space};
use serde_json::json;
use store::{Conn, Files, Tx};
use trade::Document;

pub use http::routes;
pub use rules::{NewShipment, OVER_LIMIT, PackageKind, ShipmentLine, ShipmentPackage};
pub use sql::ALL as STATEMENTS;
pub(crate) use sql::Row;
pub use sscc::sscc;
pub use view::{PaperOrder, ShipmentSummary, ShipmentView, ShippedLine};
pub(crate) use view::{lines as parts, summary};

use crate::{
    fulfilment::{self, Refusal, Told, WriteShipments},
    orders::{self, ReadOrders},
    quotes::own_number,
};

/// A paper that was written, for whoever sends it on.
#[derive(Clone, Debug)]
pub struct Written<I> {
    /// Which.
    pub id: I,
    /// What it says.
    pub document: Document,
    /// The deal that its order stands in.
    pub space: Option<Id<Space>>,
    /// The buyer, if it is on the hub.
    pub buyer: Option<Id<Organisation>>,
}

/// Writes a dispatch advice for an order, as its seller. `came` is the document by which the order
/// came, if it came by EDI: its parties and products are named as the buyer named them.
///
/// # Errors
/// [`Refusal::NotNow`] for an order that was not taken on, or is closed; [`Refusal::Field`] for
/// more than is open and what else makes no sense; [`Refusal::Stale`], [`Refusal::NumberTaken`].
pub async fn write(
    tx: &mut Tx,
    files: &Files,
    permit: &Permit<WriteShipments>,
    (order, new): (Id<Order>, &NewShipment),
    came: Option<&Document>,
    at: Moment,
) -> Result<Written<Id<Shipment>>, Refusal> {
    let scope = permit.scope();
    let course = fulfilment::take(tx, permit, order, new.revision).await?;
    fulfilment::speaks(scope, &course.order.summary)?;
    let (parts, packages) = rules::check(new, &course.stands)?;
    let note = orders::note_of(&new.note).map_err(|why| Refusal::Field("note", why))?;
    let id: Id<Shipment> = Id::mint();
    let number = fulfilment::number_of(new.number.as_deref())?;
    let number = number.unwrap_or_else(|| own_number("S", &id.to_string(), at));
    let head = paper::Head {
        number: &number,
        sent_on: new.sent_on,
        expected_on: new.expected_on,
        carrier: new.carrier.trim(),
        tracking: new.tracking.trim(),
        note: &note,
    };
    let base = fulfilment::base(&course.order, came);
    let document = paper::document(head, &base, (&course.order, &parts), &packages);
    let sha256 = fulfilment::keep(tx, files, &course.order, &document, at).await?;
    let (lines, packages) = kept(new, &parts, &packages)?;
    let summary = &course.order.summary;
    let row = Row {
        id,
        number,
        order_id: order,
        order_number: summary.number.clone(),
        seller_id: summary.keeper,
        seller_name: summary.seller.name.clone(),
        seller_key: summary.seller_key.clone(),
        buyer_id: summary.buyer.id,
        buyer_name: summary.buyer.name.clone(),
        sent_on: new.sent_on,
        expected_on: new.expected_on,
        carrier: new.carrier.trim().to_owned(),
        tracking: new.tracking.trim().to_owned(),
        note,
        lines,
        packages,
        sha256,
        at,
    };
    if !sql::insert(tx, &row).await? {
        return Err(Refusal::NumberTaken(row.number));
    }
    let course = fulfilment::advance(tx, permit, order, at).await?;
    fulfilment::say(tx, scope, course.space, card(&row, &course.order), at).await?;
    let sides = [Some(row.seller_id), row.buyer_id];
    fulfilment::hint(tx, sides, ("shipment", id.to_string()), 1);
    Ok(Written { id, document, space: course.space, buyer: row.buyer_id })
}

/// The dispatch advice that was written before for an order, if it is this very one.
///
/// # Errors
/// [`Refusal::NumberTaken`] where it has this number, and says something else.
pub async fn known<A: gate::Action>(
    conn: &mut Conn,
    permit: &Permit<A>,
    (order, new): (Id<Order>, &NewShipment),
) -> Result<Option<Id<Shipment>>, Refusal> {
    let all = sql::of_order(conn, permit.scope().organisation(), order).await?;
    let same = |row: &&Row| Some(row.number.as_str()) == new.number.as_deref();
    let Some(row) = all.iter().find(same) else { return Ok(None) };
    let plain = |line: &ShipmentLine| {
        let quantity = orders::decimal(line.quantity.trim())?.normalize();
        Some((line.line.clone(), quantity, line.package))
    };
    let written: Vec<_> = new.lines.iter().map(plain).collect();
    let kept: Vec<_> = parts(row)?.iter().map(plain).collect();
    if (row.sent_on, row.expected_on) == (new.sent_on, new.expected_on) && written == kept
    {
        return Ok(Some(row.id));
    }
    Err(Refusal::NumberTaken(row.number.clone()))
}

/// Lines and packages, as they are kept.
fn kept(
    new: &NewShipment,
    parts: &[rules::Part],
    packages: &[ShipmentPackage],
) -> Result<(String, String), Fault> {
    let line = |(part, line): (&rules::Part, &ShipmentLine)| ShipmentLine {
        line: line.line.clone(),
        quantity: part.quantity.normalize().to_string(),
        package: part.package,
    };
    let lines: Vec<_> = parts.iter().zip(&new.lines).map(line).collect();
    let doing = "keeping a dispatch advice";
    let lines = serde_json::to_string(&lines).map_err(Fault::new(doing))?;
    Ok((lines, serde_json::to_string(packages).map_err(Fault::new(doing))?))
}

/// What the room is told.
fn card(row: &Row, order: &orders::OrderView) -> serde_json::Value {
    json!({
        "order": row.order_id,
        "number": row.order_number,
        "shipment": { "id": row.id, "number": row.number },
        "state": order.summary.state,
    })
}

/// Tells the buyer's people of a dispatch advice that has just been written, and the log. It
/// stands apart since it takes the locks that come last.
///
/// # Errors
/// If the database fails.
pub async fn announce(
    tx: &mut Tx,
    permit: &Permit<WriteShipments>,
    shipment: Id<Shipment>,
    at: Moment,
) -> Result<(), Refusal> {
    let organisation = permit.scope().organisation();
    let row = sql::one(tx, organisation, shipment).await?.ok_or(Refusal::NotFound)?;
    let told = Told {
        kind: "order_shipped",
        params: json!({ "number": row.order_number, "seller": row.seller_name, "shipment": row.number }),
        subject: ("shipment", row.id.to_string()),
        who: fulfilment::receives,
    };
    fulfilment::notice(tx, row.buyer_id, told, at).await?;
    let of = ("shipment", row.id.to_string());
    let detail =
        json!({ "number": row.number, "order": row.order_id, "sha256": row.sha256 });
    let scope = permit.scope();
    Ok(fulfilment::entry(tx, scope, of, ("shipment.write", detail), at).await?)
}

/// The dispatch advices of an order.
pub(crate) async fn rows(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    order: Id<Order>,
) -> Result<Vec<Row>, Fault> {
    sql::of_order(conn, organisation, order).await
}

/// A dispatch advice of an order that one's organisation sells or buys.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn read<A: gate::Action>(
    conn: &mut Conn,
    permit: &Permit<A>,
    shipment: Id<Shipment>,
) -> Result<ShipmentView, Refusal> {
    let organisation = permit.scope().organisation();
    let row = sql::one(conn, organisation, shipment).await?.ok_or(Refusal::NotFound)?;
    let order = orders::read(conn, permit, row.order_id).await?;
    let lines = parts(&row)?.into_iter().map(|part| {
        let own = order.lines.iter().find(|it| it.line == part.line);
        ShippedLine {
            unit: own.map(|it| it.unit.clone()).unwrap_or_default(),
            product: own.map(|it| it.product.clone()).unwrap_or_default(),
            description: own.and_then(|it| it.description.clone()),
            part,
        }
    });
    let lines = lines.collect();
    let (contents, note) = (view::packages(&row)?, row.note.clone());
    Ok(ShipmentView { summary: summary(row)?, lines, contents, note })
}

/// The document of a dispatch advice, byte for byte, with its hash.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn document(
    conn: &mut Conn,
    files: &Files,
    permit: &Permit<ReadOrders>,
    shipment: Id<Shipment>,
) -> Result<(String, Vec<u8>), Refusal> {
    let sha256 = sha256(conn, permit.scope(), shipment).await?;
    let bytes = files.read(sha256.parse()?).await?;
    Ok((sha256, bytes))
}

/// The hash of the document of a dispatch advice.
async fn sha256(
    conn: &mut Conn,
    scope: Scope,
    shipment: Id<Shipment>,
) -> Result<String, Refusal> {
    let row = sql::one(conn, scope.organisation(), shipment).await?;
    row.map(|it| it.sha256).ok_or(Refusal::NotFound)
}
