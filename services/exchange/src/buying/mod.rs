//! Orders to sellers that are not on the hub: written in the browser, sent as 850 or ORDERS in the
//! same commit. What comes back is taken by `interchanges/sellers`.

mod http;
pub(crate) mod paper;
mod sql;

use commerce::{
    orders::{self, NewOrder, Refusal, WriteOrders},
    quotes::{self, AnswerQuotes},
};
use gate::{House, Permit};
use kernel::{Fault, Id, Interchange, Moment, Order, Organisation};
use store::{Conn, Tx};
use trade::Document;

pub use http::routes;
pub(crate) use http::{OrderTo, seller};
pub use paper::{ShipTo, Syntax};
pub use sql::{ALL as STATEMENTS, OrderPartner};

use crate::{
    interchanges::{self, NotCarried, Paper},
    names,
};

/// An order, as its buyer writes it, with what stands in its paper alone.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What is kept of it; the buyer's names are filled in.
    pub order: NewOrder,
    /// In which dialect the seller reads.
    pub syntax: Syntax,
    /// Where the goods are to go.
    pub ship_to: Option<ShipTo>,
    /// A word to the seller.
    pub note: String,
}

/// Why an order was not written.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// It makes no sense.
    #[error("{1}")]
    Field(&'static str, String),
    /// The order was refused.
    #[error(transparent)]
    Order(#[from] Refusal),
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<Stopped> for quotes::Refusal {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::Field(field, why) => Self::Field(field, why),
            Stopped::Order(refusal) => refusal.into(),
            Stopped::Fault(fault) => fault.into(),
        }
    }
}

/// Writes an order, and sends it.
///
/// # Errors
/// [`Stopped::Field`] where one's organisation has no EDI id, or the order cannot be written in the
/// seller's dialect; as [`orders::write`].
pub async fn order(
    house: &House,
    permit: &Permit<WriteOrders>,
    mut wanted: Wanted,
) -> Result<Id<Order>, Stopped> {
    let (scope, now) = (permit.scope(), house.clock.now());
    let organisation = scope.organisation();
    let mut tx = house.db.write().await?;
    let own = own_name(&mut tx, organisation, wanted.syntax).await?;
    let name = directory::organisations::name_of(&mut tx, organisation).await?;
    wanted.order.buyer_name = name.unwrap_or_else(|| own.clone());
    wanted.order.buyer_key.clone_from(&own);
    let named = wanted.order.seller_key.as_str();
    let partner = fitting(&mut tx, organisation, (wanted.syntax, named)).await?;
    wanted.order.seller_key.clone_from(&partner);
    interchanges::hold_pair(&mut tx, organisation, (&own, &partner)).await?;
    let number = wanted.order.number.clone();
    let id = orders::write(&mut tx, permit, wanted.order.clone(), now).await?;
    let view = orders::read(&mut tx, permit, id).await?;
    let said = (wanted.ship_to.as_ref(), wanted.note.as_str());
    let document = paper::document(&view, said);
    let paper = (&document, wanted.syntax, wanted.syntax.order());
    send(house, &mut tx, (organisation, vec![id]), (&own, &partner), paper, now).await?;
    orders::note(&mut tx, permit, (id, &number), now).await?;
    store::brink("order.writing");
    tx.commit().await?;
    store::brink("order.written");
    Ok(id)
}

/// Sends the order that accepting a quote of a seller that is not on the hub made.
///
/// # Errors
/// [`Stopped::Field`] where it cannot be written in the seller's dialect.
pub(crate) async fn send_accepted(
    house: &House,
    tx: &mut Tx,
    permit: &Permit<AnswerQuotes>,
    (order, names, syntax): (Id<Order>, (&str, &str), Syntax),
    now: Moment,
) -> Result<(), Stopped> {
    let view = orders::read(tx, permit, order).await?;
    let document = paper::document(&view, (None, ""));
    let on = (permit.scope().organisation(), vec![order]);
    send(house, tx, on, names, (&document, syntax, syntax.order()), now).await?;
    let of = (order, view.summary.number.as_str());
    Ok(orders::note(tx, permit, of, now).await?)
}

/// Sends a paper to a seller that is not on the hub.
pub(crate) async fn send(
    house: &House,
    tx: &mut Tx,
    (organisation, orders): (Id<Organisation>, Vec<Id<Order>>),
    names: (&str, &str),
    (document, syntax, kind): (&Document, Syntax, &'static str),
    now: Moment,
) -> Result<Id<Interchange>, Stopped> {
    let stamp = interchanges::stamp(now);
    let write = |numbers| paper::write(document, (syntax, names), numbers, &stamp);
    // Where it cannot be written, no number is drawn for it.
    let (bytes, left) = write(x12::Numbers { interchange: 0, group: 0, set: 0 });
    paper::is_good(&bytes).map_err(|why| Stopped::Field("lines", why))?;
    let paper = Paper {
        sender: organisation,
        receiver: None,
        names,
        kind,
        sets: 1,
        acknowledges: None,
        orders,
    };
    let id = interchanges::build(house, tx, paper, |it| write(it).0, now).await?;
    interchanges::not_carried(tx, id, left.iter().map(NotCarried::from).collect())
        .await?;
    Ok(id)
}

/// By what name a partner is written to in a dialect: the one of its names that fits, whichever of
/// them is known.
///
/// # Errors
/// [`Stopped::Field`] where it has none.
pub(crate) async fn fitting(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    (syntax, name): (Syntax, &str),
) -> Result<String, Stopped> {
    let found = names::fitting(conn, organisation, (syntax.dialect(), name)).await?;
    let Some(found) = found else {
        let called = syntax.called();
        let why = format!(
            "the partner {name} has no EDI id for {called}; add one to it among your trading \
             partners, or choose another syntax"
        );
        return Err(Stopped::Field("seller", why));
    };
    let (short, long) = syntax.identifier();
    let fits = found.split_once(':').is_some_and(|(qualifier, id)| {
        short.contains(&qualifier.len()) && long.contains(&id.len())
    });
    if !fits {
        let why = "write the qualifier and id of the seller, such as `ZZ:ACME`; in X12 of 2 \
                   letters and at most 15, in EDIFACT of at most 4 and at most 35";
        return Err(Stopped::Field("seller", why.to_owned()));
    }
    Ok(found)
}

/// By what name one's organisation sends in a dialect.
pub(crate) async fn own_name(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    syntax: Syntax,
) -> Result<String, Stopped> {
    let known = directory::organisations::identifiers(conn, organisation).await?;
    let of =
        |scheme: &str| known.iter().find(|it| it.0 == scheme).map(|it| it.1.as_str());
    let found = match syntax {
        Syntax::X12 | Syntax::X12At5010 => of("isa").map(str::to_owned),
        Syntax::Edifact | Syntax::EdifactD01b => of("gln")
            .map(|gln| format!("14:{gln}"))
            .or_else(|| of("isa").map(|isa| isa.replacen("ZZ:", "ZZZ:", 1))),
    };
    found.ok_or_else(|| {
        let why =
            "your organisation has no EDI id to send under; add one to its identifiers";
        Stopped::Field("seller", why.to_owned())
    })
}
