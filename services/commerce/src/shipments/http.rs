//! `/shipments/{shipment}`. Writing one is the business of `exchange`.

use axum::{Json, extract::State, response::IntoResponse};
use gate::{At, House, Permit, Problem};
use kernel::{Id, Shipment};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::ShipmentView;
use crate::{fulfilment, orders::ReadOrders};

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(one)).routes(routes!(document))
}

/// A dispatch advice of an order that one's organisation sells or buys.
#[utoipa::path(get, path = "/api/v1/shipments/{shipment}", operation_id = "read_shipment", tag = "shipments", params(("shipment" = Id<Shipment>, Path)), responses((status = 200, body = ShipmentView), (status = 404)))]
async fn one(
    State(house): State<House>,
    permit: Permit<ReadOrders>,
    At(shipment): At<Id<Shipment>>,
) -> Result<Json<ShipmentView>, Problem> {
    let mut conn = house.db.read().await?;
    Ok(Json(super::read(&mut conn, &permit, shipment).await?))
}

/// The document of a dispatch advice: the very bytes that its hash is of.
#[utoipa::path(get, path = "/api/v1/shipments/{shipment}/document", operation_id = "read_shipment_document", tag = "shipments", params(("shipment" = Id<Shipment>, Path)), responses((status = 200, body = serde_json::Value, content_type = "application/json"), (status = 404)))]
async fn document(
    State(house): State<House>,
    permit: Permit<ReadOrders>,
    At(shipment): At<Id<Shipment>>,
) -> Result<impl IntoResponse, Problem> {
    let mut conn = house.db.read().await?;
    let told = super::document(&mut conn, &house.files, &permit, shipment).await?;
    Ok(fulfilment::served(told))
}
