//! Mails that wait for the member whose name they bear: that person reads one, says it after all,
//! or puts it away. Nobody else sees them.

use axum::{Json, extract::State, http::StatusCode};
use gate::{At, CONFLICT, Caller, House, Page, Permit, Problem};
use kernel::{Arrival, Fault, Id, Moment};
use serde::Serialize;
use sharing::files::{File, NewFile};
use store::{Conn, Sha256};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ArrivalState, held, hold,
    member::{self, Said},
    rules::{self, Nature},
    sql::{self, Mine},
};
use crate::{
    authentic::Checks,
    digests::{KeepOwnMail, SeeOwnMail},
};

/// A mail that waits for the member whose name it bears.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct OwnMail {
    id: Id<Arrival>,
    /// From which address.
    from: String,
    subject: String,
    /// Why it waits.
    reason: String,
    at: Moment,
    /// What is known of whether it comes from where it says.
    checks: Checks,
}

/// The same, opened.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct OpenedOwnMail {
    #[serde(flatten)]
    mail: OwnMail,
    /// What would be said: its new words, without what it quotes.
    text: String,
    /// What hangs on it.
    files: Vec<File>,
}

impl From<Mine> for OwnMail {
    fn from(row: Mine) -> Self {
        Self {
            id: row.id,
            from: row.sender,
            subject: row.subject,
            reason: row.reason,
            at: row.at,
            checks: Checks { spf: row.spf, dkim: row.dkim, dmarc: row.dmarc },
        }
    }
}

/// The routes of this part.
pub(super) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(own_held))
        .routes(routes!(open_own_held))
        .routes(routes!(release_own_held))
        .routes(routes!(discard_own_held))
}

/// Mails that wait since they bear one's own name and are in doubt, newest first.
#[utoipa::path(get, path = "/api/v1/me/mail/held", operation_id = "list_own_held_mail", tag = "mail", responses((status = 200, body = Page<OwnMail>)))]
async fn own_held(
    State(house): State<House>,
    _permit: Permit<SeeOwnMail>,
    caller: Caller,
) -> Result<Json<Page<OwnMail>>, Problem> {
    let mut conn = house.db.read().await?;
    let query = conn.run(sql::MINE).bind(caller.organisation).bind(caller.person);
    let rows: Vec<Mine> = query.all().await?;
    Ok(Json(Page::all(rows.into_iter().map(OwnMail::from).collect())))
}

/// Open one of them.
#[utoipa::path(get, path = "/api/v1/me/mail/held/{mail}", operation_id = "open_own_held_mail", tag = "mail", params(("mail" = Id<Arrival>, Path)), responses((status = 200, body = OpenedOwnMail), (status = 404)))]
async fn open_own_held(
    State(house): State<House>,
    _permit: Permit<SeeOwnMail>,
    caller: Caller,
    At(mail): At<Id<Arrival>>,
) -> Result<Json<OpenedOwnMail>, Problem> {
    let mut conn = house.db.read().await?;
    let row = find(&mut conn, &caller, mail).await?;
    drop(conn);
    let (text, files) = match read(&house, &row).await? {
        Nature::Words(words) => (words.reply, words.files),
        Nature::Automatic(_) | Nature::Bounce(_) | Nature::Nonsense => Default::default(),
    };
    let files = files.iter().map(|it| NewFile::of(&it.name, &it.bytes).file).collect();
    Ok(Json(OpenedOwnMail { mail: row.into(), text, files }))
}

/// Say it after all, under the right that one has now.
#[utoipa::path(post, path = "/api/v1/me/mail/held/{mail}/release", operation_id = "release_own_held_mail", tag = "mail", params(("mail" = Id<Arrival>, Path)), responses((status = 204), (status = 404), (status = 409)))]
async fn release_own_held(
    State(house): State<House>,
    _permit: Permit<KeepOwnMail>,
    caller: Caller,
    At(mail): At<Id<Arrival>>,
) -> Result<StatusCode, Problem> {
    release(&house, &caller, mail).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Put it away; its bytes stay.
#[utoipa::path(post, path = "/api/v1/me/mail/held/{mail}/discard", operation_id = "discard_own_held_mail", tag = "mail", params(("mail" = Id<Arrival>, Path)), responses((status = 204), (status = 404), (status = 409)))]
async fn discard_own_held(
    State(house): State<House>,
    _permit: Permit<KeepOwnMail>,
    caller: Caller,
    At(mail): At<Id<Arrival>>,
) -> Result<StatusCode, Problem> {
    let mut tx = house.db.write().await?;
    find(&mut tx, &caller, mail).await?.waits()?;
    if !sql::take(&mut tx, mail, "a person put it away").await? {
        return Err(held::Refusal::Settled("let in or put away a moment ago").into());
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn release(house: &House, caller: &Caller, id: Id<Arrival>) -> Result<(), Problem> {
    let now = house.clock.now();
    let mut conn = house.db.read().await?;
    let row = find(&mut conn, caller, id).await?;
    drop(conn);
    row.waits()?;
    let Nature::Words(mut words) = read(house, &row).await? else {
        return Err(held::Refusal::Unreadable.into());
    };
    let files = hold(house, &mut words).await?;
    let checks = Checks { spf: row.spf, dkim: row.dkim, dmarc: row.dmarc };
    let mut tx = house.db.write().await?;
    let member = sql::member(&mut tx, row.seat_id).await?;
    let member = member.ok_or(held::Refusal::NotFound)?;
    // The row is taken first: of two who let the same mail in, one finds it settled.
    if !sql::take(&mut tx, id, "a person let it in").await? {
        return Err(held::Refusal::Settled("let in or put away a moment ago").into());
    }
    let mut detail = member::detail(&files, checks);
    detail["released_by"] = serde_json::json!(caller.person);
    match member::say(&mut tx, &member, (&words, &files), detail, now).await? {
        Said::At(seq) => sql::stands(&mut tx, id, seq).await?,
        Said::Before => {
            return Err(
                held::Refusal::Settled("posted before, by another copy of it").into()
            );
        }
        Said::Refused(why) => return Err(Problem::new(&CONFLICT, why)),
    }
    Ok(tx.commit().await?)
}

async fn find(
    conn: &mut Conn,
    caller: &Caller,
    id: Id<Arrival>,
) -> Result<Mine, held::Refusal> {
    let query = conn.run(sql::ONE_OF_MINE).bind(caller.organisation);
    let found: Option<Mine> = query.bind(caller.person).bind(id).optional().await?;
    found.ok_or(held::Refusal::NotFound)
}

impl Mine {
    fn waits(&self) -> Result<(), held::Refusal> {
        match self.state {
            ArrivalState::Quarantined => Ok(()),
            ArrivalState::Posted => Err(held::Refusal::Settled("let in")),
            ArrivalState::Ignored | ArrivalState::Handed => {
                Err(held::Refusal::Settled("put away"))
            }
        }
    }
}

async fn read(house: &House, row: &Mine) -> Result<Nature, Fault> {
    let raw = house.files.read(row.sha256.parse::<Sha256>()?).await?;
    let sender = row.sender.clone();
    let judging = tokio::task::spawn_blocking(move || rules::judge(&raw, &sender, false));
    judging.await.map_err(Fault::new("reading a mail"))
}
