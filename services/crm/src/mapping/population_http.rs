//! `/populations`.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{DefaultBodyLimit, State as Held},
    http::StatusCode,
};
use gate::{At, Form, House, Page, Permit, Problem};
use kernel::{Id, Moment, Population};
use serde::{Deserialize, Serialize};
use store::Conn;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    EditPopulations, ReadMappings, Refusal,
    populations::{self, Filter, Made, Row, Source},
};
use crate::imports::{self, rules::LIMIT_BYTES};

pub(super) fn routes() -> OpenApiRouter<House> {
    // JSON escapes: a file of quotes doubles.
    let limit = DefaultBodyLimit::max(2 * LIMIT_BYTES + 64 * 1024);
    OpenApiRouter::new()
        .routes(routes!(list_populations, add_population))
        .routes(routes!(try_population))
        .routes(routes!(change_population, delete_population))
        .layer(limit)
}

/// Which accounts belong to a population; what is absent does not matter.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
struct PopulationFilter {
    segment: Option<String>,
    /// ISO 3166-1 alpha-2.
    country: Option<String>,
    city: Option<String>,
}

/// A file of customers.
#[derive(Debug, Deserialize, ToSchema)]
struct PopulationList {
    filename: String,
    /// The file's text, up to 5 MB. Comma, semicolon or tab between values.
    csv: String,
    /// For each of `name`, `domain`, `vat`, `gln`, `duns`, `city`, `country` the column that has it.
    mapping: BTreeMap<String, String>,
}

/// A population: a filter or a list; neither to keep what it is made of.
#[derive(Debug, Deserialize, ToSchema)]
struct PopulationForm {
    /// Up to 80 characters. A partner to whom it is shown reads it.
    name: String,
    filter: Option<PopulationFilter>,
    list: Option<PopulationList>,
    /// The revision that was read; 0 for a new one.
    #[serde(default)]
    revision: i64,
}

/// What a population would be made of.
#[derive(Debug, Deserialize, ToSchema)]
struct TryForm {
    filter: Option<PopulationFilter>,
    list: Option<PopulationList>,
}

/// A population of one's own.
#[derive(Debug, Serialize, ToSchema)]
struct PopulationView {
    id: Id<Population>,
    name: String,
    source: Source,
    filter: PopulationFilter,
    /// The file of a list.
    filename: Option<String>,
    rows: i64,
    /// How many of them have a domain of their own, a VAT number, a GLN or a D-U-N-S number.
    keyed: i64,
    /// To how many partners it is shown.
    shown_to: i64,
    updated_at: Moment,
    revision: i64,
}

/// What a population would be.
#[derive(Debug, Serialize, ToSchema)]
struct PopulationTried {
    rows: i64,
    /// How many of them can be compared.
    keyed: i64,
    /// What is wrong in the file; the first twenty.
    errors: Vec<PopulationFault>,
    error_count: i64,
}

/// A value that was refused.
#[derive(Debug, Serialize, ToSchema)]
struct PopulationFault {
    /// As a spreadsheet counts: the header is row 1.
    row: i64,
    column: String,
    value: String,
    message: &'static str,
}

impl From<Row> for PopulationView {
    fn from(row: Row) -> Self {
        let Row { segment, country, city, .. } = row;
        Self {
            id: row.id,
            name: row.name,
            source: row.source,
            filter: PopulationFilter { segment, country, city },
            filename: row.filename,
            rows: row.rows,
            keyed: row.keyed_count,
            shown_to: row.shown_to,
            updated_at: row.updated_at,
            revision: row.revision,
        }
    }
}

impl From<PopulationFilter> for Filter {
    fn from(form: PopulationFilter) -> Self {
        let PopulationFilter { segment, country, city } = form;
        Self { segment, country, city }
    }
}

/// Reads what it is made of; none where neither is given.
fn made(
    filter: Option<PopulationFilter>,
    list: Option<PopulationList>,
) -> Result<Option<Made>, Problem> {
    match (filter, list) {
        (None, None) => Ok(None),
        (Some(filter), None) => {
            let filter = Filter::from(filter).read().map_err(Refusal::from)?;
            Ok(Some(Made::Of(filter)))
        }
        (None, Some(list)) => {
            let filename = imports::filename(&list.filename).map_err(Refusal::from)?;
            let (_, rows) = populations::read_list(&list.csv, &list.mapping)?;
            Ok(Some(Made::From { filename, rows }))
        }
        (Some(_), Some(_)) => {
            Err(Problem::refused("list", "give a filter or a list, not both"))
        }
    }
}

async fn view(
    conn: &mut Conn,
    scope: gate::Scope,
    id: Id<Population>,
) -> Result<PopulationView, Problem> {
    let row = populations::one(conn, scope.organisation(), id).await?;
    row.map(PopulationView::from).ok_or_else(Problem::not_found)
}

/// The organisation's populations, by name.
#[utoipa::path(get, path = "/api/v1/populations", tag = "mapping", responses((status = 200, body = Page<PopulationView>)))]
async fn list_populations(
    Held(house): Held<House>,
    permit: Permit<ReadMappings>,
) -> Result<Json<Page<PopulationView>>, Problem> {
    let mut conn = house.db.read().await?;
    let rows = populations::list(&mut conn, permit.scope().organisation()).await?;
    Ok(Json(Page::all(rows.into_iter().map(PopulationView::from).collect())))
}

/// Make a population. No partner learns of it before it is shown to one.
#[utoipa::path(post, path = "/api/v1/populations", tag = "mapping", responses((status = 201, body = PopulationView), (status = 409), (status = 422)))]
async fn add_population(
    Held(house): Held<House>,
    permit: Permit<EditPopulations>,
    Form(form): Form<PopulationForm>,
) -> Result<(StatusCode, Json<PopulationView>), Problem> {
    let made = made(form.filter, form.list)?;
    let made =
        made.ok_or_else(|| Problem::refused("filter", "give a filter or a list"))?;
    let (now, mut tx) = (house.clock.now(), house.db.write().await?);
    let id = populations::add(&mut tx, &permit, &form.name, &made, now).await?;
    let view = view(&mut tx, permit.scope(), id).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// Tell how many rows a filter or a list would have. Nothing changes.
#[utoipa::path(post, path = "/api/v1/populations/preview", tag = "mapping", responses((status = 200, body = PopulationTried), (status = 422)))]
async fn try_population(
    Held(house): Held<House>,
    permit: Permit<EditPopulations>,
    Form(form): Form<TryForm>,
) -> Result<Json<PopulationTried>, Problem> {
    if let Some(list) = form.list {
        let (sheet, rows) = populations::read_list(&list.csv, &list.mapping)?;
        let keyed = rows.iter().filter(|row| !row.keys.is_empty()).count();
        let told = |fault: imports::rules::Fault| PopulationFault {
            row: fault.row,
            column: fault.column,
            value: fault.value,
            message: fault.message,
        };
        return Ok(Json(PopulationTried {
            rows: i64::try_from(rows.len()).unwrap_or(i64::MAX),
            keyed: i64::try_from(keyed).unwrap_or(i64::MAX),
            errors: sheet.faults.into_iter().take(20).map(told).collect(),
            error_count: sheet.fault_count,
        }));
    }
    let filter = Filter::from(form.filter.unwrap_or_default());
    let filter = filter.read().map_err(Refusal::from)?;
    let mut conn = house.db.read().await?;
    let (rows, keyed) = populations::found(&mut conn, permit.scope(), &filter).await?;
    Ok(Json(PopulationTried { rows, keyed, errors: Vec::new(), error_count: 0 }))
}

/// Change a population: its name, its filter, or the list in its stead.
#[utoipa::path(put, path = "/api/v1/populations/{population}", tag = "mapping", params(("population" = Id<Population>, Path)), responses((status = 200, body = PopulationView), (status = 404), (status = 409), (status = 422)))]
async fn change_population(
    Held(house): Held<House>,
    permit: Permit<EditPopulations>,
    At(id): At<Id<Population>>,
    Form(form): Form<PopulationForm>,
) -> Result<Json<PopulationView>, Problem> {
    let made = made(form.filter, form.list)?;
    let (now, mut tx) = (house.clock.now(), house.db.write().await?);
    let at = (id, form.revision);
    populations::change(&mut tx, &permit, at, &form.name, made.as_ref(), now).await?;
    let view = view(&mut tx, permit.scope(), id).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// Delete a population. Partners see nothing of it any more.
#[utoipa::path(delete, path = "/api/v1/populations/{population}", tag = "mapping", params(("population" = Id<Population>, Path)), responses((status = 204), (status = 404)))]
async fn delete_population(
    Held(house): Held<House>,
    permit: Permit<EditPopulations>,
    At(id): At<Id<Population>>,
) -> Result<StatusCode, Problem> {
    let (now, mut tx) = (house.clock.now(), house.db.write().await?);
    populations::delete(&mut tx, &permit, id, now).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
