//! The routes of this feature, and what goes out.

use axum::{Json, extract::State, http::StatusCode};
use gate::{Asked, At, Caller, Form, House, Page, Permit, Problem, Revision};
use kernel::{Id, Moment, Report as ReportKind, Room, Space};
use serde::{Deserialize, Serialize};
use sharing::RoomKind;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Rules, reports, sql};
use crate::{Moderate, ReadReports, Report};

/// What is to be changed of a room; what is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
struct RoomRules {
    /// Whether nobody writes in it any more.
    locked: Option<bool>,
    /// How many seconds a person waits between two messages, 0 to 3,600.
    slow_s: Option<i64>,
}

/// A message that one finds wrong.
#[derive(Debug, Deserialize, ToSchema)]
struct NewReportForm {
    /// Its seq.
    target: i64,
    /// Why: 1 to 1,000 characters.
    reason: String,
}

/// Which reports are asked for.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ReportAsk {
    /// Those that were settled; else those that are open.
    #[serde(default)]
    settled: bool,
}

/// What becomes of a report.
#[derive(Debug, Deserialize, ToSchema)]
struct ReportForm {
    /// Whether it has been looked at.
    settled: bool,
}

/// A message that somebody found wrong.
#[derive(Debug, Serialize, ToSchema)]
struct ReportView {
    id: Id<ReportKind>,
    room: Id<Room>,
    room_kind: RoomKind,
    /// Its title; empty but for topics.
    room_title: String,
    deal: Id<Space>,
    /// The deal's title, where one may see it.
    deal_title: Option<String>,
    seq: i64,
    /// The words as they stand, where one may read them.
    body: Option<String>,
    author_name: String,
    author_organisation: Option<String>,
    reporter_name: String,
    reporter_organisation: String,
    reason: String,
    at: Moment,
    settled: bool,
    settled_by: Option<String>,
    settled_at: Option<Moment>,
    revision: i64,
}

/// The routes of this feature.
pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(change_rules))
        .routes(routes!(report_message))
        .routes(routes!(list_reports))
        .routes(routes!(settle_report))
}

/// Lock a room or open it, slow it down or let it run: where one's organisation is the host.
#[utoipa::path(patch, path = "/api/v1/rooms/{room}/rules", tag = "rooms", params(("room" = Id<Room>, Path), ("If-Match" = String, Header, description = "The revision that was read, in quotes")), request_body = RoomRules, responses((status = 204), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn change_rules(
    State(house): State<House>,
    permit: Permit<Moderate>,
    caller: Caller,
    At(room): At<Id<Room>>,
    Revision(revision): Revision,
    Form(form): Form<RoomRules>,
) -> Result<StatusCode, Problem> {
    let rules = Rules { locked: form.locked, slow_s: form.slow_s };
    let (mut tx, now) = (house.db.write().await?, house.clock.now());
    super::rule(&mut tx, &permit, &caller, (room, revision), rules, now).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Report a message, to the administrators of one's own side and of its author's. Who reports
/// it again says nothing more.
#[utoipa::path(post, path = "/api/v1/rooms/{room}/reports", tag = "rooms", params(("room" = Id<Room>, Path)), request_body = NewReportForm, responses((status = 204), (status = 404), (status = 422)))]
async fn report_message(
    State(house): State<House>,
    _permit: Permit<Report>,
    caller: Caller,
    At(room): At<Id<Room>>,
    Form(form): Form<NewReportForm>,
) -> Result<StatusCode, Problem> {
    let (mut tx, now) = (house.db.write().await?, house.clock.now());
    let of = (room, form.target);
    reports::report(&mut tx, &caller, of, &form.reason, now).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What was reported to one's organisation, the newest first: at most 200.
#[utoipa::path(get, path = "/api/v1/reports", tag = "rooms", params(ReportAsk), responses((status = 200, body = Page<ReportView>), (status = 403)))]
async fn list_reports(
    State(house): State<House>,
    permit: Permit<ReadReports>,
    Asked(asked): Asked<ReportAsk>,
) -> Result<Json<Page<ReportView>>, Problem> {
    let (scope, mut conn) = (permit.scope(), house.db.read().await?);
    let state = if asked.settled { "settled" } else { "open" };
    let reader = (scope.organisation(), scope.actor());
    let rows = sql::reports(&mut conn, reader, state).await?;
    Ok(Json(Page::all(rows.into_iter().map(view).collect())))
}

/// Settle a report, or open it again.
#[utoipa::path(patch, path = "/api/v1/reports/{report}", tag = "rooms", params(("report" = Id<ReportKind>, Path), ("If-Match" = String, Header, description = "The revision that was read, in quotes")), request_body = ReportForm, responses((status = 204), (status = 403), (status = 404), (status = 409)))]
async fn settle_report(
    State(house): State<House>,
    _permit: Permit<ReadReports>,
    caller: Caller,
    At(report): At<Id<ReportKind>>,
    Revision(revision): Revision,
    Form(form): Form<ReportForm>,
) -> Result<StatusCode, Problem> {
    let (mut tx, now) = (house.db.write().await?, house.clock.now());
    let of = (report, revision);
    reports::settle(&mut tx, &caller, of, form.settled, now).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

fn view(row: sql::Row) -> ReportView {
    ReportView {
        id: row.id,
        room: row.room_id,
        room_kind: row.room_kind,
        room_title: row.room_title,
        deal: row.space_id,
        deal_title: row.deal_title,
        seq: row.seq,
        body: row.body,
        author_name: row.author_name,
        author_organisation: row.author_organisation,
        reporter_name: row.reporter_name,
        reporter_organisation: row.reporter_organisation,
        reason: row.reason,
        at: row.at,
        settled: row.state == "settled",
        settled_by: row.settled_by,
        settled_at: row.settled_at,
        revision: row.revision,
    }
}
