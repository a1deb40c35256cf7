//! `/orders/{order}/changes`. Answering one is served by `exchange`, for its paper's sake.

use axum::{Json, extract::State, http::StatusCode};
use gate::{At, Form, House, Page, Permit, Problem};
use kernel::{Id, Order};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{ChangeLine, ChangeOrders, ChangeView, Wanted};
use crate::orders::ReadOrders;

/// What a buyer wants otherwise.
#[derive(Debug, Deserialize, ToSchema)]
struct NewChange {
    /// The order's revision that is changed.
    revision: i64,
    /// Your number for the change, at most 45 characters.
    #[serde(default)]
    number: String,
    /// Whether to call the order off; then no lines are named.
    #[serde(default)]
    cancels: bool,
    /// What is to become of which lines.
    #[serde(default)]
    lines: Vec<ChangeLine>,
    /// In words; at most 2,000 characters.
    #[serde(default)]
    note: String,
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list, ask))
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

/// Ask for a change of an order as its buyer, or call it off.
#[utoipa::path(post, path = "/api/v1/orders/{order}/changes", operation_id = "change_order", tag = "orders", params(("order" = Id<Order>, Path)), responses((status = 201, body = Page<ChangeView>), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn ask(
    State(house): State<House>,
    permit: Permit<ChangeOrders>,
    At(order): At<Id<Order>>,
    Form(form): Form<NewChange>,
) -> Result<(StatusCode, Json<Page<ChangeView>>), Problem> {
    let NewChange { revision, number, cancels, lines, note } = form;
    let wanted = Wanted { number, whole: cancels, lines, note };
    let (now, mut tx) = (house.clock.now(), house.db.write().await?);
    super::ask(&mut tx, &permit, (order, revision), wanted, now).await?;
    let all = super::list(&mut tx, &permit, order).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(Page::all(all))))
}
