//! `/orders/{order}/changes`. Asking for one and answering one are served by `exchange`, for their papers' sake.

use axum::{Json, extract::State};
use gate::{At, House, Page, Permit, Problem};
use kernel::{Id, Order};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::ChangeView;
use crate::orders::ReadOrders;

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list))
}

/// The changes of an order, oldest first, with what the order was before each.
#[utoipa::path(get, path = "/api/v1/orders/{order}/changes", operation_id = "list_order_changes", tag = "orders", params(("order" = Id<Order>, Path)), responses((status = 200, body = Page<ChangeView>), (status = 404)))]
async fn list(
    State(house): State<House>,
    permit: Permit<ReadOrders>,
    At(order): At<Id<Order>>,
) -> Result<Json<Page<ChangeView>>, Problem> {
    let mut conn = house.db.read().await?;
    Ok(Json(Page::all(super::list(&mut conn, &permit, order).await?)))
}
