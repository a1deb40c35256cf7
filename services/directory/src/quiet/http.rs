//! `/me/quiet`.

use axum::{Json, extract::State};
use gate::{Caller, Form, House, Permit, Problem};
use kernel::Moment;
use serde::{Deserialize, Serialize};
use store::Hint;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{rules, sql};
use crate::me::{EditMe, SeeMe};

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(see_quiet, keep_quiet))
}

/// When one wants to hear nothing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QuietForm {
    /// The time zone by its IANA name, such as `Europe/Paris`.
    zone: String,
    /// `HH:MM`.
    from: String,
    /// `HH:MM`; on the next day, if it is not later.
    to: String,
    /// The days on which these hours begin: `mon`, `tue`, … Empty for none.
    days: Vec<String>,
    /// Days on which it is quiet all day.
    off_days: Vec<String>,
    /// Besides, quiet until then; 31 days ahead at most.
    pause_until: Option<Moment>,
}

/// When one wants to hear nothing, and whether that is now.
#[derive(Serialize, ToSchema)]
struct QuietView {
    /// None where one has never said anything.
    zone: Option<String>,
    from: String,
    to: String,
    days: Vec<String>,
    off_days: Vec<String>,
    pause_until: Option<Moment>,
    /// Until when it is quiet, if it is quiet now.
    quiet_until: Option<Moment>,
}

fn view(row: Option<sql::Row>, now: Moment) -> QuietView {
    let quiet_until = row.as_ref().and_then(|row| row.quiet().ok()?.until(now));
    let days = |text: &str| {
        text.split(',').filter(|it| !it.is_empty()).map(str::to_owned).collect()
    };
    match row {
        None => QuietView {
            zone: None,
            from: "20:00".to_owned(),
            to: "07:00".to_owned(),
            days: Vec::new(),
            off_days: Vec::new(),
            pause_until: None,
            quiet_until,
        },
        Some(row) => QuietView {
            days: days(&row.days),
            off_days: days(&row.off_days),
            pause_until: row.pause_until.filter(|it| *it > now),
            zone: Some(row.zone),
            from: row.starts,
            to: row.ends,
            quiet_until,
        },
    }
}

/// When one wants to hear nothing, wherever one acts.
#[utoipa::path(get, path = "/api/v1/me/quiet", operation_id = "read_quiet", tag = "notifications", responses((status = 200, body = QuietView)))]
async fn see_quiet(
    State(house): State<House>,
    _permit: Permit<SeeMe>,
    caller: Caller,
) -> Result<Json<QuietView>, Problem> {
    let mut conn = house.db.read().await?;
    let row = sql::read(&mut conn, caller.person).await?;
    Ok(Json(view(row, house.clock.now())))
}

/// Say when one wants to hear nothing. Notices are kept and counted as ever; what would ring or be
/// mailed waits.
#[utoipa::path(put, path = "/api/v1/me/quiet", operation_id = "keep_quiet", tag = "notifications", request_body = QuietForm, responses((status = 200, body = QuietView), (status = 422)))]
async fn keep_quiet(
    State(house): State<House>,
    _permit: Permit<EditMe>,
    caller: Caller,
    Form(form): Form<QuietForm>,
) -> Result<Json<QuietView>, Problem> {
    let now = house.clock.now();
    let row = sql::Row {
        zone: form.zone,
        starts: form.from,
        ends: form.to,
        days: form.days.join(","),
        off_days: form.off_days.join(","),
        pause_until: rules::pause(form.pause_until, now)?,
    };
    let quiet = row.quiet()?;
    // Kept in one order, each once.
    let row = sql::Row {
        days: quiet.days.names().join(","),
        off_days: quiet.off_days.names().join(","),
        ..row
    };
    let mut tx = house.db.write().await?;
    super::keep(&mut tx, caller.person, &row).await?;
    let (person, organisation) = (caller.person, caller.organisation);
    tx.hint(Hint::Person { person, organisation, kind: "quiet".to_owned() });
    tx.commit().await?;
    Ok(Json(view(Some(row), now)))
}
