//! What goes out for an order that came by EDI: a dispatch advice as 856 or DESADV, an invoice, its
//! cancellation and its credit notes as 810 or INVOIC, in the dialect and release of the order. Each is written by
//! its verb in `commerce` and sent from here in the same commit; an order that did not come by EDI
//! has the same papers, and nothing goes out.

mod http;

use commerce::{
    fulfilment::{Refusal, WriteInvoices, WriteShipments},
    invoices::{self, NewCredit, NewInvoice},
    orders,
    shipments::{self, NewShipment, Written},
};
use gate::{House, Scope};
use kernel::{Day, Fault, Id, Invoice, Moment, Order, Shipment};
use serde_json::json;
use store::{Conn, Tx};
use trade::Document;

pub use http::routes;

use crate::{
    dialects::Came,
    interchanges::{self, Paper},
};

/// The file by which an order came, and which of its documents it is, from 1.
pub(crate) type Origin = Option<(Vec<u8>, i64)>;

/// Where an order came from. Only its seller finds that; for others, the verbs refuse.
pub(crate) async fn origin(
    house: &House,
    conn: &mut Conn,
    scope: Scope,
    order: Id<Order>,
) -> Result<Origin, Fault> {
    Ok(match interchanges::origin(conn, scope, order).await? {
        Some((sha256, at)) => Some((house.files.read(sha256.parse()?).await?, at)),
        None => None,
    })
}

/// What an order came as, read again.
pub(crate) struct Source<'f> {
    came: Option<(Came<'f>, Document)>,
}

impl<'f> Source<'f> {
    pub(crate) fn read(origin: &'f Origin) -> Result<Self, Fault> {
        let Some((file, ordinal)) = origin else { return Ok(Self { came: None }) };
        let came = Came::of(file, *ordinal)?;
        let document = came.order()?;
        Ok(Self { came: Some((came, document)) })
    }

    pub(crate) fn document(&self) -> Option<&Document> {
        self.came.as_ref().map(|(_, document)| document)
    }

    /// Takes the lock of the partner's numbers, which comes before all others.
    async fn hold(&self, tx: &mut Tx, scope: Scope) -> Result<(), Fault> {
        if let Some((came, _)) = &self.came {
            let names = (came.own.as_str(), came.partner.as_str());
            interchanges::hold_pair(tx, scope.organisation(), names).await?;
        }
        Ok(())
    }

    /// Sends what was written, if the order came by EDI.
    async fn send<I>(
        &self,
        (house, tx): (&House, &mut Tx),
        scope: Scope,
        (order, written): (Id<Order>, &Written<I>),
        now: Moment,
    ) -> Result<(), Refusal> {
        let Some((came, _)) = &self.came else { return Ok(()) };
        let kind = came.kind_of(written.document.kind);
        let stamp = interchanges::stamp(now);
        let write = |numbers| came.write(&written.document, numbers, &stamp);
        // Where it cannot be written, no number is drawn for it.
        if write(x12::Numbers { interchange: 0, group: 0, set: 0 }).is_empty() {
            let doing = "writing a paper that follows an order";
            return Err(Fault::broken(doing, "its release has no tables").into());
        }
        let paper = Paper {
            sender: scope.organisation(),
            receiver: written.buyer,
            names: (&came.own, &came.partner),
            kind,
            sets: 1,
            acknowledges: None,
            orders: vec![order],
        };
        let id = interchanges::build(house, tx, paper, write, now).await?;
        if let Some(space) = written.space {
            let detail = json!({ "interchange": id, "kind": kind, "state": "built" });
            orders::tell_paper(tx, scope, space, detail, now).await?;
        }
        Ok(())
    }
}

/// Writes a dispatch advice for an order, as its seller; if it came by EDI, as 856 or DESADV.
///
/// # Errors
/// As [`shipments::write`].
pub async fn ship(
    house: &House,
    permit: &gate::Permit<WriteShipments>,
    order: Id<Order>,
    new: &NewShipment,
) -> Result<Id<Shipment>, Refusal> {
    let (scope, now) = (permit.scope(), house.clock.now());
    let mut conn = house.db.read().await?;
    let origin = origin(house, &mut conn, scope, order).await?;
    drop(conn);
    let source = Source::read(&origin)?;
    let mut tx = house.db.write().await?;
    let id = ship_in((house, &mut tx), permit, &source, (order, new), now).await?;
    shipments::announce(&mut tx, permit, id, now).await?;
    store::brink("order.shipping");
    tx.commit().await?;
    store::brink("order.shipped");
    Ok(id)
}

/// The same, in a transaction that does more; nobody is told yet.
pub(crate) async fn ship_in(
    (house, tx): (&House, &mut Tx),
    permit: &gate::Permit<WriteShipments>,
    source: &Source<'_>,
    (order, new): (Id<Order>, &NewShipment),
    now: Moment,
) -> Result<Id<Shipment>, Refusal> {
    let scope = permit.scope();
    source.hold(tx, scope).await?;
    let (files, came) = (&house.files, source.document());
    let written = shipments::write(tx, files, permit, (order, new), came, now).await?;
    source.send((house, tx), scope, (order, &written), now).await?;
    Ok(written.id)
}

/// Writes an invoice for an order, as its seller; if it came by EDI, as 810 or INVOIC.
///
/// # Errors
/// As [`invoices::write`].
pub async fn invoice(
    house: &House,
    permit: &gate::Permit<WriteInvoices>,
    order: Id<Order>,
    new: &NewInvoice,
) -> Result<Id<Invoice>, Refusal> {
    let (scope, now) = (permit.scope(), house.clock.now());
    let mut conn = house.db.read().await?;
    let origin = origin(house, &mut conn, scope, order).await?;
    drop(conn);
    let source = Source::read(&origin)?;
    let mut tx = house.db.write().await?;
    let id = invoice_in((house, &mut tx), permit, &source, (order, new), now).await?;
    invoices::announce(&mut tx, permit, id, now).await?;
    store::brink("order.invoicing");
    tx.commit().await?;
    store::brink("order.invoiced");
    Ok(id)
}

/// The same, in a transaction that does more; nobody is told yet.
pub(crate) async fn invoice_in(
    (house, tx): (&House, &mut Tx),
    permit: &gate::Permit<WriteInvoices>,
    source: &Source<'_>,
    (order, new): (Id<Order>, &NewInvoice),
    now: Moment,
) -> Result<Id<Invoice>, Refusal> {
    let scope = permit.scope();
    source.hold(tx, scope).await?;
    let (files, came) = (&house.files, source.document());
    let written = invoices::write(tx, files, permit, (order, new), came, now).await?;
    source.send((house, tx), scope, (order, &written), now).await?;
    Ok(written.id)
}

/// Takes an invoice back, as its seller; if its order came by EDI, as 810 or INVOIC.
///
/// # Errors
/// As [`invoices::cancel`].
pub async fn cancel(
    house: &House,
    permit: &gate::Permit<WriteInvoices>,
    (invoice, revision): (Id<Invoice>, i64),
    (issued_on, reason): (Option<Day>, &str),
) -> Result<Id<Invoice>, Refusal> {
    let (scope, now) = (permit.scope(), house.clock.now());
    let mut conn = house.db.read().await?;
    let order = invoices::order_of(&mut conn, scope, invoice).await?;
    let origin = origin(house, &mut conn, scope, order).await?;
    drop(conn);
    let source = Source::read(&origin)?;
    let mut tx = house.db.write().await?;
    source.hold(&mut tx, scope).await?;
    let (files, came) = (&house.files, source.document());
    let (of, says) = ((invoice, revision), (issued_on.unwrap_or(now.day()), reason));
    let written = invoices::cancel(&mut tx, files, permit, of, says, came, now).await?;
    source.send((house, &mut tx), scope, (order, &written), now).await?;
    invoices::announce(&mut tx, permit, written.id, now).await?;
    tx.commit().await?;
    Ok(written.id)
}

/// Credits a part of an invoice, as its seller; if its order came by EDI, as 810 (BIG07 `CR`) or
/// INVOIC (1001 of BGM `381`).
///
/// # Errors
/// As [`invoices::credit`].
pub async fn credit(
    house: &House,
    permit: &gate::Permit<WriteInvoices>,
    invoice: Id<Invoice>,
    new: &NewCredit,
) -> Result<Id<Invoice>, Refusal> {
    let (scope, now) = (permit.scope(), house.clock.now());
    let mut conn = house.db.read().await?;
    let order = invoices::order_of(&mut conn, scope, invoice).await?;
    let origin = origin(house, &mut conn, scope, order).await?;
    drop(conn);
    let source = Source::read(&origin)?;
    let mut tx = house.db.write().await?;
    let of = (order, invoice, new);
    let id = credit_in((house, &mut tx), permit, &source, of, now).await?;
    invoices::announce(&mut tx, permit, id, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// The same, in a transaction that does more; nobody is told yet.
pub(crate) async fn credit_in(
    (house, tx): (&House, &mut Tx),
    permit: &gate::Permit<WriteInvoices>,
    source: &Source<'_>,
    (order, invoice, new): (Id<Order>, Id<Invoice>, &NewCredit),
    now: Moment,
) -> Result<Id<Invoice>, Refusal> {
    let scope = permit.scope();
    source.hold(tx, scope).await?;
    let (files, came) = (&house.files, source.document());
    let of = (invoice, new);
    let written = invoices::credit(tx, files, permit, of, came, now).await?;
    source.send((house, tx), scope, (order, &written), now).await?;
    Ok(written.id)
}
