//! `/shipments/{shipment}`. Writing one is the business of `exchange`.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use gate::{Asked, At, House, Permit, Problem};
use kernel::{Id, Shipment};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::ShipmentView;
use crate::{
    fulfilment,
    orders::ReadOrders,
    sheets::{self, Paper, SheetAsk},
};

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(one))
        .routes(routes!(document))
        .routes(routes!(pdf))
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

/// A dispatch advice, for printing: what is printed is the very document.
#[utoipa::path(get, path = "/api/v1/shipments/{shipment}/pdf", operation_id = "print_shipment", tag = "shipments", params(("shipment" = Id<Shipment>, Path), SheetAsk), responses((status = 200, body = Vec<u8>, content_type = "application/pdf"), (status = 404)))]
async fn pdf(
    State(house): State<House>,
    permit: Permit<ReadOrders>,
    At(shipment): At<Id<Shipment>>,
    Asked(ask): Asked<SheetAsk>,
) -> Result<Response, Problem> {
    let mut conn = house.db.read().await?;
    let language = sheets::language(&mut conn, permit.scope(), ask.lang).await?;
    let sha256 = super::sha256(&mut conn, permit.scope(), shipment).await?;
    drop(conn);
    sheets::answer(Paper::kept(&house.files, sha256).await?, language).await
}
