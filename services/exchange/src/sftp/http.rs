//! `/sftp`: one's mailboxes, and the files of both directions.

use axum::{Json, extract::State, http::StatusCode};
use gate::{Asked, At, Form, House, Page, PageAsk, Permit, Problem};
use kernel::{Id, Kind, Moment, SftpFile, SftpMailbox};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    SftpFileView, SftpMailboxView,
    mailboxes::{self, SftpMailboxForm},
    sql, trial, view,
};
use crate::stations::{ManageStation, ReadStation, TrialView};

/// Which files are asked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct FileAsk {
    /// How many rows, 1 to 200; 50 unless told.
    limit: Option<i64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(mailboxes, set_mailbox))
        .routes(routes!(close_mailbox))
        .routes(routes!(try_mailbox))
        .routes(routes!(files))
}

/// One's mailboxes by SFTP, by name.
#[utoipa::path(get, path = "/api/v1/sftp/mailboxes", operation_id = "sftp_mailboxes", tag = "sftp", responses((status = 200, body = Page<SftpMailboxView>)))]
async fn mailboxes(
    State(house): State<House>,
    permit: Permit<ReadStation>,
) -> Result<Json<Page<SftpMailboxView>>, Problem> {
    let mut conn = house.db.read().await?;
    let rows = sql::mailboxes(&mut conn, permit.scope().organisation()).await?;
    Ok(Json(Page::all(view::of(&house, &mut conn, rows).await?)))
}

/// Make a mailbox by SFTP, or change the one of that name.
#[utoipa::path(post, path = "/api/v1/sftp/mailboxes", operation_id = "set_sftp_mailbox", tag = "sftp", request_body = SftpMailboxForm, responses((status = 200, body = SftpMailboxView), (status = 422)))]
async fn set_mailbox(
    State(house): State<House>,
    permit: Permit<ManageStation>,
    Form(form): Form<SftpMailboxForm>,
) -> Result<Json<SftpMailboxView>, Problem> {
    Ok(Json(mailboxes::set(&house, &permit, form).await?))
}

/// Trade over a mailbox by SFTP no more.
#[utoipa::path(delete, path = "/api/v1/sftp/mailboxes/{mailbox}", operation_id = "close_sftp_mailbox", tag = "sftp", params(("mailbox" = Id<SftpMailbox>, Path)), responses((status = 204), (status = 404)))]
async fn close_mailbox(
    State(house): State<House>,
    permit: Permit<ManageStation>,
    At(mailbox): At<Id<SftpMailbox>>,
) -> Result<StatusCode, Problem> {
    mailboxes::close(&house, &permit, mailbox).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Try a mailbox by SFTP now, and tell each step.
#[utoipa::path(post, path = "/api/v1/sftp/mailboxes/{mailbox}/test", operation_id = "test_sftp_mailbox", tag = "sftp", params(("mailbox" = Id<SftpMailbox>, Path)), responses((status = 200, body = TrialView), (status = 404)))]
async fn try_mailbox(
    State(house): State<House>,
    permit: Permit<ManageStation>,
    At(mailbox): At<Id<SftpMailbox>>,
) -> Result<Json<TrialView>, Problem> {
    Ok(Json(trial::run(&house, &permit, mailbox).await?))
}

/// The files that came and went by SFTP, newest first.
#[utoipa::path(get, path = "/api/v1/sftp/files", operation_id = "sftp_files", tag = "sftp", params(FileAsk), responses((status = 200, body = Page<SftpFileView>)))]
async fn files(
    State(house): State<House>,
    permit: Permit<ReadStation>,
    Asked(ask): Asked<FileAsk>,
) -> Result<Json<Page<SftpFileView>>, Problem> {
    let ask = PageAsk { limit: ask.limit, after: ask.after, total: None };
    let after: Option<(i64, Id<SftpFile>)> = ask.after()?;
    let before = match after {
        Some((at, id)) => (Moment::from_micros(at), id),
        None => (Moment::from_micros(i64::MAX), last()),
    };
    let mut conn = house.db.read().await?;
    let organisation = permit.scope().organisation();
    let rows = sql::files(&mut conn, organisation, before, ask.limit() + 1).await?;
    let page = Page::cut(rows, ask.limit(), |row| (row.at.micros(), row.id));
    let items = page.items.into_iter().map(SftpFileView::from).collect();
    Ok(Json(Page { items, next: page.next, total: None }))
}

fn last() -> Id<SftpFile> {
    let text = format!("{}_7zzzzzzzzzzzzzzzzzzzzzzzzz", SftpFile::PREFIX);
    text.parse().unwrap_or_else(|_never| Id::mint())
}
