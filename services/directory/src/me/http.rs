//! `/me`.

use axum::{Json, extract::State};
use gate::{Caller, Form, House, Permit, Problem, Reach, Role, sessions};
use kernel::{Id, Membership, Organisation, Person};
use serde::{Deserialize, Serialize};
use store::Conn;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{EditMe, SeeMe, sql};
use crate::{Locale, notices, people, words};

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(see, edit))
}

/// For whom the caller acts.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct ActingFor {
    id: Id<Organisation>,
    name: String,
    domain: String,
}

/// Who the caller is.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Myself {
    id: Id<Person>,
    name: String,
    email: String,
    #[schema(value_type = Locale)]
    locale: String,
}

/// An organisation, by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct PlaceName {
    id: Id<Organisation>,
    name: String,
}

/// A place where the caller could act.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct PlaceOfMine {
    id: Id<Membership>,
    organisation: PlaceName,
    role: Role,
}

/// Who the caller is, and what they may do here.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MeView {
    organisation: ActingFor,
    person: Myself,
    role: Role,
    /// The names of the actions that the role may do, such as `deal.create`.
    can: Vec<&'static str>,
    memberships: Vec<PlaceOfMine>,
    unread_notifications: i64,
}

/// What is to be another than before.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MeForm {
    /// 1 to 200 characters.
    name: Option<String>,
    locale: Option<Locale>,
}

/// Who the caller is, for whom they act, and what they may do.
#[utoipa::path(get, path = "/api/v1/me", operation_id = "read_me", tag = "session", responses((status = 200, body = MeView)))]
async fn see(
    State(house): State<House>,
    _permit: Permit<SeeMe>,
    caller: Caller,
) -> Result<Json<MeView>, Problem> {
    let mut conn = house.db.read().await?;
    view(&house, &mut conn, caller).await.map(Json)
}

/// Change one's name or language.
#[utoipa::path(patch, path = "/api/v1/me", operation_id = "change_me", tag = "session", responses((status = 200, body = MeView), (status = 422)))]
async fn edit(
    State(house): State<House>,
    _permit: Permit<EditMe>,
    caller: Caller,
    Form(form): Form<MeForm>,
) -> Result<Json<MeView>, Problem> {
    let name = match form.name {
        None => None,
        Some(name) => {
            Some(words::line(&name, people::LIMIT_NAME).ok_or(people::Refusal::Name)?)
        }
    };
    let mut tx = house.db.write().await?;
    sql::update(&mut tx, caller.person, name, form.locale).await?;
    let view = view(&house, &mut tx, caller).await?;
    tx.commit().await?;
    Ok(Json(view))
}

async fn view(house: &House, conn: &mut Conn, caller: Caller) -> Result<MeView, Problem> {
    let places = sessions::places(conn, caller.person).await?;
    let here = places.iter().find(|place| place.organisation_id == caller.organisation);
    // The membership was live when the request was let in.
    let here = here.cloned().ok_or_else(Problem::not_found)?;
    let unread = notices::unread(conn, caller.organisation, caller.person).await?;
    let able =
        house.actions.iter().filter(|row| (row.reach)(caller.role) != Reach::Nowhere);
    let place = |place: sessions::Place| PlaceOfMine {
        id: place.membership_id,
        organisation: PlaceName {
            id: place.organisation_id,
            name: place.organisation_name,
        },
        role: place.role,
    };
    Ok(MeView {
        organisation: ActingFor {
            id: caller.organisation,
            name: here.organisation_name,
            domain: here.organisation_domain,
        },
        person: Myself {
            id: caller.person,
            name: here.name,
            email: here.email,
            locale: here.locale,
        },
        role: caller.role,
        can: able.map(|row| row.name).collect(),
        memberships: places.into_iter().map(place).collect(),
        unread_notifications: unread,
    })
}
