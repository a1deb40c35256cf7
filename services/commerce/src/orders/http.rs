//! `GET /orders`. A single order comes with its papers, from `exchange`.

use axum::{Json, extract::State};
use gate::{Asked, House, Page, PageAsk, Permit, Problem};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{OrderSummary, ReadOrders};

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list))
}

/// The orders that one's organisation sells or buys, newest first.
#[utoipa::path(get, path = "/api/v1/orders", operation_id = "list_orders", tag = "orders", params(PageAsk), responses((status = 200, body = Page<OrderSummary>)))]
async fn list(
    State(house): State<House>,
    permit: Permit<ReadOrders>,
    Asked(ask): Asked<PageAsk>,
) -> Result<Json<Page<OrderSummary>>, Problem> {
    let mut conn = house.db.read().await?;
    super::list(&mut conn, permit.scope(), &ask).await.map(Json)
}
