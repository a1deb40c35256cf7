//! The palette: a few accounts, deals and partners by how words of their names begin. A name
//! outside the reader's mask is not searched.

mod sql;

use axum::{Json, extract::State};
use gate::{Action, Asked, House, Page, Permit, Problem, Reach, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use sql::ALL as STATEMENTS;

use crate::accounts::Sought;

/// Search what one may see.
#[derive(Debug)]
pub enum Search {}

impl Action for Search {
    const NAME: &'static str = "search";
    const WRITES: bool = false;

    fn reach(_role: Role) -> Reach {
        Reach::Organisation
    }
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(find_anything))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchAsk {
    /// Beginnings of words.
    #[serde(default)]
    q: String,
}

/// What kind of thing was found.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum FoundKind {
    Account,
    Deal,
    Partner,
}

/// Something that was found.
#[derive(Debug, Serialize, ToSchema)]
struct Found {
    kind: FoundKind,
    id: String,
    title: String,
    /// A city, a customer, a domain: whatever tells it apart.
    subtitle: String,
}

/// How many of each kind are shown.
const EACH: i64 = 7;
/// How many in all.
const MOST: usize = 20;

/// Find accounts, deals and partners.
#[utoipa::path(get, path = "/api/v1/search", tag = "search", params(SearchAsk), responses((status = 200, body = Page<Found>)))]
async fn find_anything(
    State(house): State<House>,
    permit: Permit<Search>,
    Asked(asked): Asked<SearchAsk>,
) -> Result<Json<Page<Found>>, Problem> {
    let sought = Sought::read(&asked.q);
    if sought.is_empty() {
        return Ok(Json(Page::all(Vec::new())));
    }
    let (scope, mut conn) = (permit.scope(), house.db.read().await?);
    let mut found = Vec::new();
    let lead = sought.lead().to_owned();
    let patterns = sought.into_patterns();
    for (id, title, subtitle) in sql::deals(&mut conn, scope, &patterns, EACH).await? {
        let (kind, id) = (FoundKind::Deal, id.to_string());
        found.push(Found { kind, id, title, subtitle: subtitle.unwrap_or_default() });
    }
    for (id, title, subtitle) in sql::partners(&mut conn, scope, &patterns, EACH).await? {
        let (kind, id) = (FoundKind::Partner, id.to_string());
        found.push(Found { kind, id, title, subtitle });
    }
    let own = sql::accounts(&mut conn, scope, &lead, &patterns, EACH).await?;
    let shared = sql::shared(&mut conn, scope, &patterns, EACH).await?;
    for (id, title, subtitle) in own.into_iter().chain(shared) {
        let (kind, id) = (FoundKind::Account, id.to_string());
        found.push(Found { kind, id, title, subtitle: subtitle.unwrap_or_default() });
    }
    found.truncate(MOST);
    Ok(Json(Page::all(found)))
}
