//! `/edi/views`.

use axum::{Json, extract::State, http::StatusCode};
use gate::{At, Caller, Form, House, Permit, Problem};
use kernel::{Id, SavedView};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    super::{KeepViews, ReadInterchanges},
    SavedViewForm, SavedViews,
};

/// The routes of this feature.
pub(in super::super) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list_views, save_view)).routes(routes!(drop_view))
}

/// The saved views of the inbox and outbox: one's own and the organisation's.
#[utoipa::path(get, path = "/api/v1/edi/views", operation_id = "list_saved_views", tag = "edi", responses((status = 200, body = SavedViews)))]
async fn list_views(
    State(house): State<House>,
    permit: Permit<ReadInterchanges>,
    caller: Caller,
) -> Result<Json<SavedViews>, Problem> {
    let mut conn = house.db.read().await?;
    Ok(Json(super::list(&mut conn, &permit, &caller).await?))
}

/// Save a view under a name; one that is called so is replaced.
#[utoipa::path(post, path = "/api/v1/edi/views", operation_id = "save_view", tag = "edi", request_body = SavedViewForm, responses((status = 200, body = SavedViews), (status = 403), (status = 409), (status = 422)))]
async fn save_view(
    State(house): State<House>,
    permit: Permit<KeepViews>,
    caller: Caller,
    Form(form): Form<SavedViewForm>,
) -> Result<Json<SavedViews>, Problem> {
    Ok(Json(super::save(&house, &permit, &caller, form).await?))
}

/// Take a saved view away.
#[utoipa::path(delete, path = "/api/v1/edi/views/{view}", operation_id = "remove_saved_view", tag = "edi", params(("view" = Id<SavedView>, Path)), responses((status = 204), (status = 403), (status = 404)))]
async fn drop_view(
    State(house): State<House>,
    permit: Permit<KeepViews>,
    caller: Caller,
    At(id): At<Id<SavedView>>,
) -> Result<StatusCode, Problem> {
    super::remove(&house, &permit, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
