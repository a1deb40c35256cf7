//! Requests for quote to sellers that are not on the hub: written in the browser, sent as 840 or REQOTE
//! in the same commit. What comes back is taken by `interchanges/sellers`.

mod http;
mod paper;

use commerce::{
    quotes::{AnswerQuotes, Refusal},
    rfqs::{self, NewRequest, RfqView, Wanted},
};
use gate::{House, Permit};

pub use http::routes;

use crate::{
    buying::{self, Syntax},
    interchanges,
};

/// Whom a request goes to.
#[derive(Clone, Debug)]
pub struct Seller {
    /// Its name.
    pub name: String,
    /// By what name it is known in EDI.
    pub key: String,
    /// In which dialect it reads.
    pub syntax: Syntax,
}

/// Writes a request for quote, and sends it.
///
/// # Errors
/// As [`rfqs::write`]; [`Refusal::Field`] where one's organisation has no EDI id, or the request cannot
/// be written in the seller's dialect.
pub async fn ask(
    house: &House,
    permit: &Permit<AnswerQuotes>,
    seller: Seller,
    wanted: Wanted,
) -> Result<RfqView, Refusal> {
    let (scope, now) = (permit.scope(), house.clock.now());
    let (organisation, syntax) = (scope.organisation(), seller.syntax);
    let mut tx = house.db.write().await?;
    let own = buying::own_name(&mut tx, organisation, syntax).await?;
    let name = directory::organisations::name_of(&mut tx, organisation).await?;
    let key = buying::fitting(&mut tx, organisation, (syntax, &seller.key)).await?;
    let names = (own.as_str(), key.as_str());
    interchanges::hold_pair(&mut tx, organisation, names).await?;
    let new = NewRequest {
        seller_name: seller.name,
        seller_key: key.clone(),
        syntax: syntax.word().to_owned(),
        buyer_name: name.unwrap_or_else(|| own.clone()),
        buyer_key: own.clone(),
        wanted,
    };
    let id = rfqs::write(&mut tx, permit, new, now).await?;
    let view = rfqs::read(&mut tx, scope, id).await?;
    let document = paper::document(&view, now.day());
    let paper = (&document, syntax, syntax.request());
    let on = (organisation, Vec::new());
    let sent = buying::send(house, &mut tx, on, names, paper, now).await?;
    interchanges::link_rfq(&mut tx, sent, id, 0).await?;
    rfqs::note(&mut tx, permit, id, now).await?;
    store::brink("rfq.asking");
    tx.commit().await?;
    store::brink("rfq.asked");
    Ok(view)
}
