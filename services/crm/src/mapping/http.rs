//! `/mappings`: levels, numbers, customers in common, wishes for names.

use axum::{
    Json,
    extract::State as Held,
    http::{StatusCode, header},
    response::IntoResponse,
};
use gate::{Asked, At, Form, House, Page, PageAsk, Permit, Problem};
use kernel::{Id, MappingAsk, Partnership, Population};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    AskForNames, ExportOverlap, Level, ReadMappings, SetMappings, asks, compute, offers,
    overlap::{self, OverlapPage},
    population_http,
    rules::AskMove,
    view::{self, MappingItem, MappingView},
};

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    population_http::routes()
        .routes(routes!(list_mappings))
        .routes(routes!(read_mapping))
        .routes(routes!(set_mapping_level))
        .routes(routes!(compare_mapping))
        .routes(routes!(read_overlap))
        .routes(routes!(export_overlap))
        .routes(routes!(ask_for_names))
        .routes(routes!(answer_mapping_ask))
}

/// How far a population goes with a partner.
#[derive(Debug, Deserialize, ToSchema)]
struct LevelForm {
    level: Level,
    /// The fields of the customers in common that the partner sees, from `overlapping` on; where
    /// both sides say `all`, every field of the list.
    #[serde(default)]
    #[schema(schema_with = crate::words::mapping_fields)]
    fields: Vec<String>,
}

/// Which names one wishes to see.
#[derive(Debug, Deserialize, ToSchema)]
struct NamesForm {
    /// One's own population.
    yours: Id<Population>,
    /// The partner's.
    theirs: Id<Population>,
    /// Why; up to 1,000 characters, which the partner reads.
    #[serde(default)]
    message: String,
}

/// An answer to a wish.
#[derive(Debug, Deserialize, ToSchema)]
struct AskMoveForm {
    r#move: AskMove,
    /// The revision that was read.
    revision: i64,
    /// The fields that the partner sees, for `grant` and `narrow`.
    #[serde(default)]
    #[schema(schema_with = crate::words::mapping_fields)]
    fields: Vec<String>,
}

/// How far account mapping is with each live partner.
#[utoipa::path(get, path = "/api/v1/mappings", tag = "mapping", responses((status = 200, body = Page<MappingItem>)))]
async fn list_mappings(
    Held(house): Held<House>,
    permit: Permit<ReadMappings>,
) -> Result<Json<Page<MappingItem>>, Problem> {
    let mut conn = house.db.read().await?;
    Ok(Json(Page::all(view::list(&mut conn, permit.scope()).await?)))
}

/// Account mapping with a partner: both sides' populations, and what they have in common.
#[utoipa::path(get, path = "/api/v1/mappings/{partnership}", tag = "mapping", params(("partnership" = Id<Partnership>, Path)), responses((status = 200, body = MappingView), (status = 404)))]
async fn read_mapping(
    Held(house): Held<House>,
    permit: Permit<ReadMappings>,
    At(id): At<Id<Partnership>>,
) -> Result<Json<MappingView>, Problem> {
    let (now, mut conn) = (house.clock.now(), house.db.read().await?);
    Ok(Json(view::one(&mut conn, permit.scope(), id, now).await?))
}

/// Set how far a population of one's own goes with a partner.
#[utoipa::path(put, path = "/api/v1/mappings/{partnership}/levels/{population}", tag = "mapping", params(("partnership" = Id<Partnership>, Path), ("population" = Id<Population>, Path)), responses((status = 200, body = MappingView), (status = 404), (status = 422)))]
async fn set_mapping_level(
    Held(house): Held<House>,
    permit: Permit<SetMappings>,
    At((id, population)): At<(Id<Partnership>, Id<Population>)>,
    Form(form): Form<LevelForm>,
) -> Result<Json<MappingView>, Problem> {
    let (now, mut tx) = (house.clock.now(), house.db.write().await?);
    let LevelForm { level, fields } = form;
    offers::set(&mut tx, &permit, (id, population), level, fields, now).await?;
    let view = view::one(&mut tx, permit.scope(), id, now).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// Have everything compared again, a few times a week.
#[utoipa::path(post, path = "/api/v1/mappings/{partnership}/compare", tag = "mapping", params(("partnership" = Id<Partnership>, Path)), responses((status = 202, body = MappingView), (status = 404), (status = 409)))]
async fn compare_mapping(
    Held(house): Held<House>,
    permit: Permit<AskForNames>,
    At(id): At<Id<Partnership>>,
) -> Result<(StatusCode, Json<MappingView>), Problem> {
    let (now, mut tx) = (house.clock.now(), house.db.write().await?);
    compute::ask_anew(&mut tx, &permit, id, now).await?;
    let view = view::one(&mut tx, permit.scope(), id, now).await?;
    tx.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(view)))
}

/// The customers that a population of one's own and one of a partner's have in common.
#[utoipa::path(get, path = "/api/v1/mappings/{partnership}/overlap/{population}/{their_population}", tag = "mapping", params(("partnership" = Id<Partnership>, Path), ("population" = Id<Population>, Path), ("their_population" = Id<Population>, Path), PageAsk), responses((status = 200, body = OverlapPage), (status = 404)))]
async fn read_overlap(
    Held(house): Held<House>,
    permit: Permit<ReadMappings>,
    At((id, yours, theirs)): At<(Id<Partnership>, Id<Population>, Id<Population>)>,
    Asked(ask): Asked<PageAsk>,
) -> Result<Json<OverlapPage>, Problem> {
    let mut conn = house.db.read().await?;
    let pair = (yours, theirs);
    overlap::page(&mut conn, permit.scope(), id, pair, &ask).await.map(Json)
}

/// The same as a CSV file, under the same mask; up to 20,000 rows of one's own.
#[utoipa::path(get, path = "/api/v1/mappings/{partnership}/overlap/{population}/{their_population}/csv", tag = "mapping", params(("partnership" = Id<Partnership>, Path), ("population" = Id<Population>, Path), ("their_population" = Id<Population>, Path)), responses((status = 200, body = String, content_type = "text/csv"), (status = 404)))]
async fn export_overlap(
    Held(house): Held<House>,
    permit: Permit<ExportOverlap>,
    At((id, yours, theirs)): At<(Id<Partnership>, Id<Population>, Id<Population>)>,
) -> Result<impl IntoResponse, Problem> {
    let mut conn = house.db.read().await?;
    let scope = permit.scope();
    let file = overlap::export(&mut conn, scope, id, (yours, theirs)).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"in-common.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, file))
}

/// Ask a partner for the names behind a number.
#[utoipa::path(post, path = "/api/v1/mappings/{partnership}/asks", tag = "mapping", params(("partnership" = Id<Partnership>, Path)), responses((status = 201, body = MappingView), (status = 404), (status = 409), (status = 422)))]
async fn ask_for_names(
    Held(house): Held<House>,
    permit: Permit<AskForNames>,
    At(id): At<Id<Partnership>>,
    Form(form): Form<NamesForm>,
) -> Result<(StatusCode, Json<MappingView>), Problem> {
    let (now, mut tx) = (house.clock.now(), house.db.write().await?);
    let pair = (form.yours, form.theirs);
    asks::ask(&mut tx, &permit, id, pair, &form.message, now).await?;
    let view = view::one(&mut tx, permit.scope(), id, now).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// Answer a partner who asked for names: `grant`, `refuse`, later `narrow`, `revoke`.
#[utoipa::path(post, path = "/api/v1/mappings/{partnership}/asks/{ask}/moves", tag = "mapping", params(("partnership" = Id<Partnership>, Path), ("ask" = Id<MappingAsk>, Path)), responses((status = 200, body = MappingView), (status = 404), (status = 409), (status = 422)))]
async fn answer_mapping_ask(
    Held(house): Held<House>,
    permit: Permit<SetMappings>,
    At((id, ask)): At<(Id<Partnership>, Id<MappingAsk>)>,
    Form(form): Form<AskMoveForm>,
) -> Result<Json<MappingView>, Problem> {
    let AskMoveForm { r#move, revision, fields } = form;
    let (now, mut tx) = (house.clock.now(), house.db.write().await?);
    asks::answer(&mut tx, &permit, (ask, revision), r#move, fields, now).await?;
    let view = view::one(&mut tx, permit.scope(), id, now).await?;
    tx.commit().await?;
    Ok(Json(view))
}
