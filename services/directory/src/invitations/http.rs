//! `/invitations`.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, IntoResponse},
};
use gate::{
    At, Form, House, Page, Password, Permit, Problem, Role,
    sessions::{SignedIn, cookie_for},
};
use kernel::{Id, Invitation as Kind, Moment};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Acceptance, InvitationState, Invite, OpenInvitation, Refusal, SeeInvitations, sql,
};
use crate::{Email, Locale};

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list, invite))
        .routes(routes!(cancel))
        .routes(routes!(by_token))
        .routes(routes!(accept))
}

/// Somebody who has been invited.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InviteView {
    pub(super) id: Id<Kind>,
    pub(super) email: String,
    pub(super) role: Role,
    pub(super) state: InvitationState,
    pub(super) expires_at: Moment,
    /// The link, told this once, and only where the hub sends no mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) link: Option<String>,
}

impl InviteView {
    pub(super) fn new(row: sql::Row, now: Moment) -> Self {
        Self {
            id: row.id,
            email: row.email,
            role: row.role,
            state: row.state.at(row.expires_at, now),
            expires_at: row.expires_at,
            link: None,
        }
    }
}

/// Whom to invite, to be what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InviteForm {
    email: String,
    role: Role,
}

/// What somebody gives to come in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AcceptForm {
    /// From the link.
    token: String,
    /// The person's name; of no effect for who has an account.
    name: String,
    /// The password they have, or will have.
    password: Password,
    /// How their organisation is called; only for a partner.
    organisation_name: Option<String>,
    /// Their language.
    locale: Option<Locale>,
}

/// Who has been invited and has not come, newest first.
#[utoipa::path(get, path = "/api/v1/invitations", operation_id = "list_invitations", tag = "directory", responses((status = 200, body = Page<InviteView>)))]
async fn list(
    State(house): State<House>,
    permit: Permit<SeeInvitations>,
) -> Result<Json<Page<InviteView>>, Problem> {
    let mut conn = house.db.read().await?;
    let items = super::list(&mut conn, &permit, house.clock.now()).await?;
    Ok(Json(Page::all(items)))
}

/// Invite a colleague by mail.
#[utoipa::path(post, path = "/api/v1/invitations", operation_id = "invite_person", tag = "directory", responses((status = 201, body = InviteView), (status = 403), (status = 409), (status = 422)))]
async fn invite(
    State(house): State<House>,
    permit: Permit<Invite>,
    Form(form): Form<InviteForm>,
) -> Result<(StatusCode, Json<InviteView>), Problem> {
    let email: Email = form.email.parse().map_err(Refusal::Email)?;
    let (whom, now) = ((&email, form.role), house.clock.now());
    let mut tx = house.db.write().await?;
    let view = super::invite(&mut tx, &permit, &house.settings, whom, now).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// Take an invitation back.
#[utoipa::path(delete, path = "/api/v1/invitations/{invitation}", operation_id = "cancel_invitation", tag = "directory", params(("invitation" = Id<Kind>, Path)), responses((status = 204), (status = 404)))]
async fn cancel(
    State(house): State<House>,
    permit: Permit<Invite>,
    At(id): At<Id<Kind>>,
) -> Result<StatusCode, Problem> {
    let mut tx = house.db.write().await?;
    super::cancel(&mut tx, &permit, id, house.clock.now()).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What stands behind the link of an invitation.
#[utoipa::path(get, path = "/api/v1/invitations/by-token/{token}", operation_id = "read_invitation_by_token", tag = "directory", security(()), params(("token" = String, Path)), responses((status = 200, body = OpenInvitation), (status = 404)))]
async fn by_token(
    State(house): State<House>,
    At(token): At<String>,
) -> Result<Json<OpenInvitation>, Problem> {
    let mut conn = house.db.read().await?;
    let found = super::by_token(&mut conn, &token, house.clock.now()).await?;
    found.map(Json).ok_or_else(Problem::not_found)
}

/// Come in by the link of an invitation, and be signed in.
#[utoipa::path(post, path = "/api/v1/invitations/accept", operation_id = "accept_invitation", tag = "directory", security(()), responses((status = 200, body = SignedIn), (status = 404), (status = 409), (status = 410), (status = 422), (status = 429)))]
async fn accept(
    State(house): State<House>,
    headers: HeaderMap,
    Form(form): Form<AcceptForm>,
) -> Result<impl IntoResponse, Problem> {
    let agent = headers.get(header::USER_AGENT).and_then(|told| told.to_str().ok());
    let acceptance = Acceptance {
        token: form.token,
        name: form.name,
        password: form.password,
        organisation_name: form.organisation_name,
        locale: form.locale,
    };
    let fresh = super::accept(&house, acceptance, agent.unwrap_or_default()).await?;
    let cookie = cookie_for(&house, &fresh.token);
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Json(SignedIn::from(fresh))))
}
