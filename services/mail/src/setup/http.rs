use axum::{Json, extract::State, http::StatusCode};
use gate::{House, MailDns, Permit, Problem};
use kernel::Moment;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{SeeMailSetup, TestMail, records::Record, sql, test};
use crate::{
    authentic::{Checks, Verdict},
    letters::LetterState,
};

/// Whether mail works.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct MailSetup {
    /// The domain of our addresses.
    domain: String,
    /// Whether there is a relay that takes outgoing mail.
    sends: bool,
    /// Whether a mailbox elsewhere is read.
    polls: bool,
    /// Whether the DNS is asked at all.
    asks_dns: bool,
    /// What the DNS must say, and says.
    records: Vec<Record>,
    /// The last mail that one sent oneself.
    #[schema(nullable)]
    test: Option<MailTest>,
}

/// A mail that somebody sent themselves to see whether mail works.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct MailTest {
    to: String,
    at: Moment,
    /// Where it is.
    state: LetterState,
    /// Why it is not there.
    #[schema(nullable)]
    error: Option<String>,
    /// When its answer came.
    #[schema(nullable)]
    answered_at: Option<Moment>,
    /// What its answer proves.
    checks: Checks,
}

impl From<sql::Last> for MailTest {
    fn from(row: sql::Last) -> Self {
        let known = |it: Option<Verdict>| it.unwrap_or(Verdict::Unknown);
        Self {
            to: row.recipient,
            at: row.at,
            state: row.state,
            error: row.refusal,
            answered_at: row.answered_at,
            checks: Checks {
                spf: known(row.spf),
                dkim: known(row.dkim),
                dmarc: known(row.dmarc),
            },
        }
    }
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(mail_setup)).routes(routes!(test_mail))
}

/// Whether mail works: what the DNS must say and says, and what came of one's last test.
#[utoipa::path(get, path = "/api/v1/mail/setup", tag = "mail", responses((status = 200, body = MailSetup)))]
async fn mail_setup(
    State(house): State<House>,
    permit: Permit<SeeMailSetup>,
) -> Result<Json<MailSetup>, Problem> {
    let scope = permit.scope();
    let mut conn = house.db.read().await?;
    let test = match scope.actor() {
        Some(person) => sql::last(&mut conn, scope.organisation(), person).await?,
        None => None,
    };
    drop(conn);
    let settings = &house.settings;
    Ok(Json(MailSetup {
        domain: settings.mail_domain.clone(),
        sends: settings.smtp_relay.is_some(),
        polls: settings.mail.imap.is_some(),
        asks_dns: settings.mail.dns != MailDns::Off,
        records: super::records(&house).await?,
        test: test.map(MailTest::from),
    }))
}

/// Send oneself a mail, to be answered: `GET /api/v1/mail/setup` tells what came of it.
#[utoipa::path(post, path = "/api/v1/mail/test", tag = "mail", responses((status = 204, description = "It is on its way"), (status = 403)))]
async fn test_mail(
    State(house): State<House>,
    permit: Permit<TestMail>,
) -> Result<StatusCode, Problem> {
    if !test(&house, &permit).await? {
        return Err(Problem::not_found());
    }
    Ok(StatusCode::NO_CONTENT)
}
