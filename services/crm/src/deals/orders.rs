//! The orders of a deal, as its page lists them.

use gate::Scope;
use kernel::{Currency, Fault, Id, Moment, Order, Organisation, Space};
use serde::Serialize;
use store::{Conn, statements};
use utoipa::ToSchema;

use super::{Stage, stage::Proof};
use crate::OrgRef;

statements! {
    /// The orders of a deal, for those who read its main room.
    ORDERS = "
        select t.id, t.number, t.state, t.buyer_id, t.buyer_name, t.seller_id,
               coalesce(t.seller_name, o.name) as seller_name, t.ordered_on, t.currency, t.total_minor, t.updated_at,
               t.revision
        from live_party p
        join trade_order t on t.space_id = p.space_id
        join organisation o on o.id = t.seller_id
        where p.organisation_id = $1 and p.space_id = $2 and p.role in ('host', 'party')
        order by t.created_at, t.id";

    /// Whether a quote of the deal was accepted, and whether an order of it was taken on.
    PROOFS = "
        select (select count(*) from quote q where q.space_id = p.space_id and q.state = 'accepted') as quotes,
               (select count(*) from trade_order t where t.space_id = p.space_id and t.state in ('accepted', 'accepted_with_change', 'changed', 'part_shipped', 'shipped', 'invoiced', 'closed')) as orders
        from live_party p
        where p.organisation_id = $1 and p.space_id = $2";
}

/// Whether a paper of the deal proves a step to a stage.
pub(super) async fn proof(
    conn: &mut Conn,
    scope: Scope,
    deal: Id<Space>,
    to: Stage,
) -> Result<Proof, Fault> {
    let query = conn.run(PROOFS).bind(scope.organisation()).bind(deal);
    let (quotes, orders): (i64, i64) = query.optional().await?.unwrap_or_default();
    let papers = match to {
        Stage::Committed => quotes,
        Stage::Won => orders,
        Stage::Identified
        | Stage::Qualified
        | Stage::TechnicalOk
        | Stage::BusinessOk
        | Stage::Delivered
        | Stage::Lost => 0,
    };
    Ok(if papers > 0 { Proof::Paper } else { Proof::Word })
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Id<Order>,
    number: String,
    state: String,
    buyer_id: Option<Id<Organisation>>,
    buyer_name: String,
    seller_id: Id<Organisation>,
    seller_name: String,
    ordered_on: String,
    currency: Currency,
    total_minor: i64,
    updated_at: Moment,
    revision: i64,
}

/// An order of a deal.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DealOrder {
    id: Id<Order>,
    number: String,
    /// How far it is, as `OrderState` tells.
    #[schema(schema_with = crate::words::order_state)]
    state: String,
    buyer: DealBuyer,
    seller: OrgRef,
    /// `YYYY-MM-DD`.
    ordered_on: String,
    currency: Currency,
    total_minor: i64,
    deal: DealTitle,
    updated_at: Moment,
    revision: i64,
}

/// Who ordered; without an id if they are not on this hub.
#[derive(Debug, Serialize, ToSchema)]
struct DealBuyer {
    id: Option<Id<Organisation>>,
    name: String,
}

/// The deal; without a title if the reader may not see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct DealTitle {
    id: Id<Space>,
    title: Option<String>,
}

/// The orders of a deal; none for one who looks on.
pub(super) async fn of_deal(
    conn: &mut Conn,
    scope: Scope,
    deal: Id<Space>,
    title: Option<&str>,
) -> Result<Vec<DealOrder>, Fault> {
    let rows: Vec<Row> =
        conn.run(ORDERS).bind(scope.organisation()).bind(deal).all().await?;
    let deal = DealTitle { id: deal, title: title.map(str::to_owned) };
    let view = |row: Row| DealOrder {
        id: row.id,
        number: row.number,
        state: row.state,
        buyer: DealBuyer { id: row.buyer_id, name: row.buyer_name },
        seller: OrgRef { id: row.seller_id, name: row.seller_name },
        ordered_on: row.ordered_on,
        currency: row.currency,
        total_minor: row.total_minor,
        deal: deal.clone(),
        updated_at: row.updated_at,
        revision: row.revision,
    };
    Ok(rows.into_iter().map(view).collect())
}
