//! Which requests and quotes an interchange is about, and what of it could not be carried: what
//! is written, looked up on the way, and shown on the pages of requests and quotes.

use gate::{Action, Permit, Scope};
use kernel::{Fault, Id, Interchange, Quote, Rfq, Space};
use serde::{Deserialize, Serialize};
use store::{Conn, Tx, statements};
use utoipa::ToSchema;

use super::{InterchangeView, rules, views};

statements! {
    /// An interchange is about a request.
    LINK_RFQ unscoped "of rows made in the same breath" = "
        insert into interchange_rfq (interchange_id, rfq_id, set_ordinal)
        values ($1, $2, $3)
        on conflict do nothing";

    /// An interchange is about a quote.
    LINK_QUOTE unscoped "of rows made in the same breath" = "
        insert into interchange_quote (interchange_id, quote_id, set_ordinal)
        values ($1, $2, $3)
        on conflict do nothing";

    /// The quote that a set of an interchange was taken for.
    TAKEN_FOR unscoped "by the interchange in hand" = "
        select quote_id from interchange_quote where interchange_id = $1 and set_ordinal = $2";

    /// The requests that an interchange is about, with the deals that they stand in.
    RFQS unscoped "by the interchange in hand" = "
        select f.id, f.space_id
        from interchange_rfq x
        join rfq f on f.id = x.rfq_id
        where x.interchange_id = $1
        order by f.id";

    /// The quotes that an interchange is about, with the deals that they stand in.
    QUOTES unscoped "by the interchange in hand" = "
        select q.id, q.space_id
        from interchange_quote x
        join quote q on q.id = x.quote_id
        where x.interchange_id = $1
        order by q.id";

    /// The paper by which the request came that a quote answers.
    ORIGIN_OF_QUOTE = "
        select i.sha256, x.set_ordinal
        from quote q
        join interchange_rfq x on x.rfq_id = q.rfq_id and x.set_ordinal > 0
        join interchange i on i.id = x.interchange_id and i.organisation_id = $1 and i.direction = 'in'
        where q.seller_id = $1 and q.id = $2
        order by i.at, i.id
        limit 1";

    /// The interchanges about a request that an organisation holds, oldest first.
    OF_RFQ = "
        select p.interchange_id
        from rfq f
        join interchange_rfq x on x.rfq_id = f.id
        join interchange_party p on p.interchange_id = x.interchange_id and p.organisation_id = $1
        where f.id = $2 and (f.seller_id = $1 or f.buyer_id = $1)
        order by p.at, p.interchange_id";

    /// The interchanges about a quote, and about the request that it answers, that an
    /// organisation holds, oldest first.
    OF_QUOTE = "
        select p.interchange_id
        from (
            select q.id as quote_id, x.interchange_id
            from quote q
            join interchange_rfq x on x.rfq_id = q.rfq_id
            where q.id = $2 and (q.seller_id = $1 or (q.buyer_id = $1 and q.offer_rev > 0))
            union
            select q.id, x.interchange_id
            from quote q
            join interchange_quote x on x.quote_id = q.id
            where q.id = $2 and (q.seller_id = $1 or (q.buyer_id = $1 and q.offer_rev > 0))
        ) as mine
        join interchange_party p on p.interchange_id = mine.interchange_id and p.organisation_id = $1
        order by p.at, p.interchange_id";

    /// What of an interchange could not be carried.
    NOT_CARRIED unscoped "of an interchange made or judged in the same breath" = "
        update interchange set not_carried = $2 where id = $1";
}

/// Something that one side says and the other's dialect, or our record, has no place for.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct NotCarried {
    /// What it is.
    pub what: String,
    /// Why it stays behind.
    pub why: String,
}

/// How much is kept of what could not be carried.
const LIMIT: usize = 50;

/// An interchange is about a request: in the set of this ordinal, from 1; 0 where in none.
pub(crate) async fn link_rfq(
    tx: &mut Tx,
    id: Id<Interchange>,
    rfq: Id<Rfq>,
    ordinal: i64,
) -> Result<(), Fault> {
    tx.run(LINK_RFQ).bind(id).bind(rfq).bind(ordinal).execute().await.map(drop)
}

/// An interchange carries a quote, or is about one: in the set of this ordinal, from 1; 0 where in
/// none of its own.
pub(crate) async fn link_quote(
    tx: &mut Tx,
    id: Id<Interchange>,
    quote: Id<Quote>,
    ordinal: i64,
) -> Result<(), Fault> {
    tx.run(LINK_QUOTE).bind(id).bind(quote).bind(ordinal).execute().await.map(drop)
}

/// The quote that a set of an interchange was taken for.
pub(super) async fn taken_for(
    conn: &mut Conn,
    id: Id<Interchange>,
    ordinal: i64,
) -> Result<Option<Id<Quote>>, Fault> {
    let query = conn.run(TAKEN_FOR).bind(id).bind(ordinal);
    Ok(query.optional::<(Id<Quote>,)>().await?.map(|(quote,)| quote))
}

pub(super) async fn rfqs(
    conn: &mut Conn,
    id: Id<Interchange>,
) -> Result<Vec<(Id<Rfq>, Option<Id<Space>>)>, Fault> {
    conn.run(RFQS).bind(id).all().await
}

pub(super) async fn quotes(
    conn: &mut Conn,
    id: Id<Interchange>,
) -> Result<Vec<(Id<Quote>, Option<Id<Space>>)>, Fault> {
    conn.run(QUOTES).bind(id).all().await
}

/// Where the request came from that a quote answers: its file, and which of its sets it is, from
/// 1. None for others than the quote's seller.
pub(crate) async fn origin_of_quote(
    conn: &mut Conn,
    scope: Scope,
    quote: Id<Quote>,
) -> Result<Option<(String, i64)>, Fault> {
    conn.run(ORIGIN_OF_QUOTE).bind(scope.organisation()).bind(quote).optional().await
}

/// The papers of a request that one's organisation holds, oldest first.
pub(crate) async fn of_rfq<A: Action>(
    conn: &mut Conn,
    permit: &Permit<A>,
    rfq: Id<Rfq>,
) -> Result<Vec<InterchangeView>, Fault> {
    let organisation = permit.scope().organisation();
    let ids: Vec<(Id<Interchange>,)> =
        conn.run(OF_RFQ).bind(organisation).bind(rfq).all().await?;
    let ids: Vec<_> = ids.into_iter().map(|(id,)| id).collect();
    views(conn, organisation, &ids).await
}

/// The papers of a quote, and of the request that it answers, that one's organisation holds,
/// oldest first.
pub(crate) async fn of_quote<A: Action>(
    conn: &mut Conn,
    permit: &Permit<A>,
    quote: Id<Quote>,
) -> Result<Vec<InterchangeView>, Fault> {
    let organisation = permit.scope().organisation();
    let ids: Vec<(Id<Interchange>,)> =
        conn.run(OF_QUOTE).bind(organisation).bind(quote).all().await?;
    let ids: Vec<_> = ids.into_iter().map(|(id,)| id).collect();
    views(conn, organisation, &ids).await
}

/// Keeps what of an interchange could not be carried, for all who hold it.
pub(crate) async fn not_carried(
    tx: &mut Tx,
    id: Id<Interchange>,
    mut left: Vec<NotCarried>,
) -> Result<(), Fault> {
    if left.is_empty() {
        return Ok(());
    }
    let beyond = left.len().saturating_sub(LIMIT);
    if beyond > 0 {
        left.truncate(LIMIT);
        let what = format!("and {beyond} more");
        left.push(NotCarried { what, why: String::new() });
    }
    for one in &mut left {
        one.what = rules::clean(&one.what);
    }
    let text = serde_json::to_string(&left);
    let text = text.map_err(Fault::new("keeping what could not be carried"))?;
    tx.run(NOT_CARRIED).bind(id).bind(text).execute().await.map(drop)
}
