//! `/people`: one's colleagues.

use axum::{Json, extract::State, http::StatusCode};
use gate::{Asked, At, Form, House, Page, PageAsk, Permit, Problem, Revision, Role};
use kernel::{Id, Membership, Person};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Change, MemberState, RunPeople, SeePeople, sql};

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(edit, end))
}

/// Who somebody is.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Colleague {
    id: Id<Person>,
    name: String,
    email: String,
}

/// A colleague, and what they are here.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MemberView {
    membership: Id<Membership>,
    person: Colleague,
    role: Role,
    state: MemberState,
    revision: i64,
}

impl From<sql::Row> for MemberView {
    fn from(row: sql::Row) -> Self {
        let person = Colleague { id: row.person_id, name: row.name, email: row.email };
        Self {
            membership: row.id,
            person,
            role: row.role,
            state: row.state,
            revision: row.revision,
        }
    }
}

/// What may be set of a membership.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SetState {
    Active,
    Suspended,
}

/// What is to be another than before.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MemberForm {
    role: Option<Role>,
    state: Option<SetState>,
}

/// One's colleagues, by name; 200 unless told.
#[utoipa::path(get, path = "/api/v1/people", operation_id = "list_people", tag = "directory", params(PageAsk), responses((status = 200, body = Page<MemberView>)))]
async fn list(
    State(house): State<House>,
    permit: Permit<SeePeople>,
    Asked(page): Asked<PageAsk>,
) -> Result<Json<Page<MemberView>>, Problem> {
    let organisation = permit.scope().organisation();
    let after = page.after()?.unwrap_or_else(|| (String::new(), Id::mint()));
    let limit = page.limit.unwrap_or(200).clamp(1, 200);
    let mut conn = house.db.read().await?;
    let rows = sql::list(&mut conn, organisation, after, limit).await?;
    let page = Page::cut(rows, limit, |row| (row.name.clone(), row.id));
    Ok(Json(page.map(MemberView::from)))
}

/// Give a colleague another role, or suspend them, or let them act again.
#[utoipa::path(patch, path = "/api/v1/people/{membership}", operation_id = "change_member", tag = "directory", params(("membership" = Id<Membership>, Path), ("If-Match" = String, Header)), responses((status = 200, body = MemberView), (status = 403), (status = 404), (status = 409), (status = 428)))]
async fn edit(
    State(house): State<House>,
    permit: Permit<RunPeople>,
    At(membership): At<Id<Membership>>,
    Revision(revision): Revision,
    Form(form): Form<MemberForm>,
) -> Result<Json<MemberView>, Problem> {
    let state = form.state.map(|state| match state {
        SetState::Active => MemberState::Active,
        SetState::Suspended => MemberState::Suspended,
    });
    let change = Change { role: form.role, state };
    let mut tx = house.db.write().await?;
    let now = house.clock.now();
    let view =
        super::change(&mut tx, &permit, membership, change, Some(revision), now).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// End a colleague's membership. They are signed out for good.
#[utoipa::path(delete, path = "/api/v1/people/{membership}", operation_id = "end_membership", tag = "directory", params(("membership" = Id<Membership>, Path)), responses((status = 204), (status = 403), (status = 404), (status = 409)))]
async fn end(
    State(house): State<House>,
    permit: Permit<RunPeople>,
    At(membership): At<Id<Membership>>,
) -> Result<StatusCode, Problem> {
    let change = Change { role: None, state: Some(MemberState::Ended) };
    let mut tx = house.db.write().await?;
    super::change(&mut tx, &permit, membership, change, None, house.clock.now()).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
