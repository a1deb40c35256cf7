//! `POST /orders/{order}/close`. What is written for an order by EDI is the business of `exchange`.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::IntoResponse,
};
use gate::{At, Form, House, Permit, Problem};
use kernel::{Id, Order};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Fulfilment;
use crate::orders::AnswerOrders;

/// The end of an order, by hand.
#[derive(Debug, Deserialize, ToSchema)]
struct CloseOrder {
    /// The revision of the order that was read.
    revision: i64,
    /// Why, in at most 500 characters; the buyer reads it too.
    reason: String,
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(close))
}

/// Close an order as its seller: nothing more is to be sent or invoiced.
#[utoipa::path(post, path = "/api/v1/orders/{order}/close", operation_id = "close_order", tag = "orders", params(("order" = Id<Order>, Path)), responses((status = 200, body = Fulfilment), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn close(
    State(house): State<House>,
    permit: Permit<AnswerOrders>,
    At(order): At<Id<Order>>,
    Form(form): Form<CloseOrder>,
) -> Result<Json<Fulfilment>, Problem> {
    let of = (order, form.revision);
    let (now, mut tx) = (house.clock.now(), house.db.write().await?);
    super::close(&mut tx, &permit, of, &form.reason, now).await?;
    let view = super::overview(&mut tx, &permit, order).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// A document as its bytes, under its hash.
pub(crate) fn served((sha256, bytes): (String, Vec<u8>)) -> impl IntoResponse {
    let mut headers = HeaderMap::new();
    let json = HeaderValue::from_static("application/json");
    headers.insert(header::CONTENT_TYPE, json);
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{sha256}\"")) {
        headers.insert(header::ETAG, tag);
    }
    (headers, bytes)
}
