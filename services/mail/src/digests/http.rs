use axum::{Json, extract::State};
use gate::{At, Caller, Form, House, Permit, Problem};
use kernel::{Id, Room};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Habit, KeepOwnMail, Pace, RoomPace, SeeOwnMail, Wish,
    rules::{self, Zone},
};

/// How somebody wants mail of what was said.
#[derive(Debug, Deserialize, ToSchema)]
struct MailHabitForm {
    pace: Pace,
    /// When a day's letter comes, from 0 to 23.
    hour: i64,
    /// Whose clocks count, as `Europe/Paris`.
    zone: String,
}

/// How somebody wants mail of one room.
#[derive(Debug, Deserialize, ToSchema)]
struct MailRoomForm {
    /// How soon; null for as usual.
    pace: Option<Pace>,
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(see_habit, keep_habit))
        .routes(routes!(see_room_pace, keep_room_pace))
}

/// How one wants mail of what was said and not read.
#[utoipa::path(get, path = "/api/v1/me/mail", operation_id = "see_own_mail", tag = "mail", responses((status = 200, body = Habit)))]
async fn see_habit(
    State(house): State<House>,
    permit: Permit<SeeOwnMail>,
    caller: Caller,
) -> Result<Json<Habit>, Problem> {
    let mut conn = house.db.read().await?;
    Ok(Json(super::see(&mut conn, &permit, &caller).await?))
}

/// Say how one wants mail of what was said and not read.
#[utoipa::path(put, path = "/api/v1/me/mail", operation_id = "keep_own_mail", tag = "mail", request_body = MailHabitForm, responses((status = 200, body = Habit), (status = 422)))]
async fn keep_habit(
    State(house): State<House>,
    permit: Permit<KeepOwnMail>,
    seeing: Permit<SeeOwnMail>,
    caller: Caller,
    Form(form): Form<MailHabitForm>,
) -> Result<Json<Habit>, Problem> {
    let wish = Wish {
        pace: form.pace,
        hour: rules::hour(form.hour)?,
        zone: Zone::read(&form.zone)?,
    };
    let mut tx = house.db.write().await?;
    super::keep(&mut tx, &permit, &caller, &wish, house.clock.now()).await?;
    let habit = super::see(&mut tx, &seeing, &caller).await?;
    tx.commit().await?;
    Ok(Json(habit))
}

/// How one wants mail of a room.
#[utoipa::path(get, path = "/api/v1/rooms/{room}/mail", operation_id = "see_room_mail", tag = "mail", params(("room" = Id<Room>, Path)), responses((status = 200, body = RoomPace), (status = 404)))]
async fn see_room_pace(
    State(house): State<House>,
    permit: Permit<SeeOwnMail>,
    caller: Caller,
    At(room): At<Id<Room>>,
) -> Result<Json<RoomPace>, Problem> {
    let mut conn = house.db.read().await?;
    Ok(Json(super::see_room(&mut conn, &permit, &caller, room).await?))
}

/// Say how one wants mail of a room.
#[utoipa::path(put, path = "/api/v1/rooms/{room}/mail", operation_id = "keep_room_mail", tag = "mail", params(("room" = Id<Room>, Path)), request_body = MailRoomForm, responses((status = 200, body = RoomPace), (status = 404), (status = 422)))]
async fn keep_room_pace(
    State(house): State<House>,
    permit: Permit<KeepOwnMail>,
    caller: Caller,
    At(room): At<Id<Room>>,
    Form(form): Form<MailRoomForm>,
) -> Result<Json<RoomPace>, Problem> {
    let mut tx = house.db.write().await?;
    let (now, wish) = (house.clock.now(), (room, form.pace));
    let pace = super::keep_room(&mut tx, &permit, &caller, wish, now).await?;
    tx.commit().await?;
    Ok(Json(pace))
}
