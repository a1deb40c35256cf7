//! `/audit`: the log of one's own organisation.

use axum::{Json, extract::State};
use gate::{Asked, House, Page, PageAsk, Permit, Problem};
use kernel::Moment;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{ReadAudit, sql};

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list))
}

/// An entry of the audit log.
#[derive(Serialize, ToSchema)]
struct EntryView {
    /// 1, 2, 3 …: dense, one chain an organisation.
    seq: i64,
    at: Moment,
    /// Who did it; null for the hub, or for a person of another organisation.
    actor: Option<String>,
    action: String,
    /// What kind of thing it was done to.
    subject_kind: String,
    /// Which.
    subject: String,
    #[schema(value_type = Object)]
    detail: Value,
}

/// The audit log, newest first.
#[utoipa::path(get, path = "/api/v1/audit", operation_id = "list_audit", tag = "organisation", params(PageAsk), responses((status = 200, body = Page<EntryView>)))]
async fn list(
    State(house): State<House>,
    permit: Permit<ReadAudit>,
    Asked(ask): Asked<PageAsk>,
) -> Result<Json<Page<EntryView>>, Problem> {
    let (before, limit) = (ask.after::<i64>()?.unwrap_or(i64::MAX), ask.limit());
    let mut conn = house.db.read().await?;
    let organisation = permit.scope().organisation();
    let rows = sql::page(&mut conn, organisation, before, limit + 1).await?;
    let page = Page::cut(rows, limit, |row| row.seq).map(|row| EntryView {
        seq: row.seq,
        at: row.at,
        actor: row.actor,
        action: row.action,
        subject_kind: row.subject_kind,
        subject: row.subject_id,
        detail: serde_json::from_str(&row.detail).unwrap_or_default(),
    });
    Ok(Json(page))
}
