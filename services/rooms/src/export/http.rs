//! `/deals/{deal}/exports`.

use axum::{
    Json,
    body::Body,
    extract::State as Shared,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::stream;
use gate::{At, House, Page, Permit, Problem};
use kernel::{Export, Fault, Id, Moment, Organisation, Space};
use serde::Serialize;
use store::Sha256;
use tokio::{fs::File, io::AsyncReadExt};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{ExportSpace, State, rules::Right, sql::Row};

/// How much is sent under one look at the right, in bytes.
const PIECE_BYTES: u64 = 1 << 20;

/// A space as a file.
#[derive(Debug, Serialize, ToSchema)]
struct ExportView {
    id: Id<Export>,
    state: State,
    asked_by: String,
    asked_at: Moment,
    made_at: Option<Moment>,
    /// Until when the file is kept.
    expires_at: Option<Moment>,
    /// The size of the file.
    bytes: Option<i64>,
}

impl From<Row> for ExportView {
    fn from(row: Row) -> Self {
        let Row { id, state, asked_at, made_at, expires_at, bytes, asked_by } = row;
        Self { id, state, asked_by, asked_at, made_at, expires_at, bytes }
    }
}

/// The routes of this feature.
pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list_exports, ask_for_export))
        .routes(routes!(fetch_export))
}

/// The files that were made of a deal for one's organisation, the newest first; at most 20.
#[utoipa::path(get, path = "/api/v1/deals/{deal}/exports", tag = "deals", params(("deal" = Id<Space>, Path)), responses((status = 200, body = Page<ExportView>), (status = 403), (status = 404)))]
async fn list_exports(
    Shared(house): Shared<House>,
    permit: Permit<ExportSpace>,
    At(deal): At<Id<Space>>,
) -> Result<Json<Page<ExportView>>, Problem> {
    let mut conn = house.db.read().await?;
    let rows = super::list(&mut conn, &permit, deal).await?;
    Ok(Json(Page::all(rows.into_iter().map(ExportView::from).collect())))
}

/// Have a deal made into a file, as far as one's organisation may read it: its card, its rooms
/// with their events, its papers and files, as a ZIP. One is made at a time.
#[utoipa::path(post, path = "/api/v1/deals/{deal}/exports", tag = "deals", params(("deal" = Id<Space>, Path)), responses((status = 202, body = ExportView), (status = 403), (status = 404), (status = 409)))]
async fn ask_for_export(
    Shared(house): Shared<House>,
    permit: Permit<ExportSpace>,
    At(deal): At<Id<Space>>,
) -> Result<(StatusCode, Json<ExportView>), Problem> {
    let (mut tx, now) = (house.db.write().await?, house.clock.now());
    let row = super::ask(&mut tx, &permit, deal, now).await?;
    tx.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(row.into())))
}

/// The file. Where less may be read by now than stands in it, it is gone.
#[utoipa::path(get, path = "/api/v1/deals/{deal}/exports/{export}/file", tag = "deals", params(("deal" = Id<Space>, Path), ("export" = Id<Export>, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/zip"), (status = 403), (status = 404), (status = 409)))]
async fn fetch_export(
    Shared(house): Shared<House>,
    permit: Permit<ExportSpace>,
    At((deal, export)): At<(Id<Space>, Id<Export>)>,
) -> Result<Response, Problem> {
    let (mut tx, now) = (house.db.write().await?, house.clock.now());
    let fetched = super::fetch(&mut tx, &permit, (deal, export), now).await?;
    // What was found outdated goes, though it is refused.
    tx.commit().await?;
    let ready = fetched?;
    let file = house.files.open(ready.sha256.parse::<Sha256>()?).await?;
    let sending = Sending {
        organisation: permit.scope().organisation(),
        right: ready.made_under()?,
        house,
        deal,
        file,
    };
    let body = Body::from_stream(stream::try_unfold(sending, Sending::next));
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_LENGTH, ready.bytes.to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{deal}.zip\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, body).into_response())
}

/// A file on its way.
struct Sending {
    house: House,
    organisation: Id<Organisation>,
    deal: Id<Space>,
    right: Right,
    file: File,
}

impl Sending {
    /// The next piece, read while no right is being taken away; the body breaks off where the
    /// right does not show it any more.
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, Fault> {
        let bus = self.house.db.bus().clone();
        let answers = bus.answers();
        let held = bus.fence().read().await;
        let mut conn = self.house.db.read().await?;
        let of = (self.organisation, self.deal);
        let stands = super::still(&mut conn, of.0, of.1, &self.right).await?;
        drop(conn);
        let mut piece = Vec::new();
        let reading = (&mut self.file).take(PIECE_BYTES).read_to_end(&mut piece).await;
        reading.map_err(Fault::new("reading an export"))?;
        drop(held);
        if !stands || !bus.lease().is_live() || bus.answers() != answers {
            let why = "less may be read than when it was made";
            return Err(Fault::broken("sending an export", why));
        }
        Ok((!piece.is_empty()).then(|| (Bytes::from(piece), self)))
    }
}
