//! `/mailing/partners/{mail_partner}/test`.

use axum::{Json, extract::State};
use exchange::stations::{ManageStation, TrialView};
use gate::{At, House, Permit, Problem};
use kernel::{Id, MailPartner};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::trial;

/// The routes of this part.
pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(test_mail_partner))
}

/// Try a partner's address now, and tell each step.
#[utoipa::path(post, path = "/api/v1/mailing/partners/{mail_partner}/test", tag = "mailing", params(("mail_partner" = Id<MailPartner>, Path)), responses((status = 200, body = TrialView), (status = 404)))]
async fn test_mail_partner(
    State(house): State<House>,
    permit: Permit<ManageStation>,
    At(partner): At<Id<MailPartner>>,
) -> Result<Json<TrialView>, Problem> {
    Ok(Json(trial::run(&house, &permit, partner).await?))
}
