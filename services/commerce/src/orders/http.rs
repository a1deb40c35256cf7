//! `GET /orders`. A single order comes with its papers, from `exchange`.

use axum::{Json, extract::State, response::Response};
use gate::{Asked, At, House, Page, PageAsk, Permit, Problem};
use kernel::{Id, Order};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{OrderSummary, ReadOrders};
use crate::sheets::{self, SheetAsk};

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(pdf))
}

/// An order as it stands, with what was answered, for printing.
#[utoipa::path(get, path = "/api/v1/orders/{order}/pdf", operation_id = "print_order", tag = "orders", params(("order" = Id<Order>, Path), SheetAsk), responses((status = 200, body = Vec<u8>, content_type = "application/pdf"), (status = 404)))]
async fn pdf(
    State(house): State<House>,
    permit: Permit<ReadOrders>,
    At(order): At<Id<Order>>,
    Asked(ask): Asked<SheetAsk>,
) -> Result<Response, Problem> {
    let mut conn = house.db.read().await?;
    let language = sheets::language(&mut conn, permit.scope(), ask.lang).await?;
    let paper = super::sheet::sheet(&mut conn, &permit, order).await?;
    drop(conn);
    sheets::answer(paper, language).await
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
