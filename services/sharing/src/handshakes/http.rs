//! `/partnerships/{id}/moves`.

use axum::{Json, extract::State};
use directory::partnerships::{self, MoveAsk, RunPartnerships};
use gate::{At, Form, House, Permit, Problem};
use kernel::{Id, Partnership};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(step))
}

/// Move a partnership. One that ends leaves every space that rested on it, at once.
#[utoipa::path(post, path = "/api/v1/partnerships/{partnership}/moves", operation_id = "move_partnership", tag = "partnerships", params(("partnership" = Id<Partnership>, Path)), responses((status = 200, body = partnerships::Partnership), (status = 404), (status = 409)))]
async fn step(
    State(house): State<House>,
    permit: Permit<RunPartnerships>,
    At(id): At<Id<Partnership>>,
    Form(ask): Form<MoveAsk>,
) -> Result<Json<partnerships::Partnership>, Problem> {
    let mut tx = house.db.write().await?;
    let stepped = super::step(&mut tx, &permit, id, &ask, house.clock.now()).await?;
    tx.commit().await?;
    Ok(Json(stepped.partnership))
}
