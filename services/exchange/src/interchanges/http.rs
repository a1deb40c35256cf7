//! `/edi/interchanges`.

use axum::{
    Json,
    body::{Body, to_bytes},
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use gate::{Asked, At, Form, House, Page, PageAsk, Permit, Problem, ProblemKind};
use kernel::{Day, Id, Interchange};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Deed, Direction, Discard, InterchangeFacets, InterchangeFilter, InterchangeState,
    InterchangeView, LIMIT_BYTES, Mend, MendPreview, ReadInterchanges,
    ReplayInterchanges, Source, SubmitInterchanges, Taken, Way, deadlines, long, mend,
    pages,
    reading::{self, PaperReading, ReadingAsk},
    views,
};

const TOO_LARGE: ProblemKind =
    ProblemKind { slug: "too-large", status: 413, title: "The body is too large" };

/// Which interchanges are asked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct InterchangeAsk {
    /// How many rows, 1 to 200; 50 unless told.
    limit: Option<i64>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Which way they went.
    direction: Option<Direction>,
    /// Where they stand.
    state: Option<InterchangeState>,
    /// Whether only those that partners should have acknowledged by now.
    overdue: Option<bool>,
    /// The other side, by its EDI name, such as `ZZ:ACME`.
    partner: Option<String>,
    /// The set or message of the first document, such as `850` or `ORDERS`.
    kind: Option<String>,
    /// A control number (zeros before it do not matter), or the whole number of an order, a
    /// request for quote or a quote.
    number: Option<String>,
    /// By which way it came, or was handed over.
    way: Option<Way>,
    /// The first day, in UTC.
    from: Option<Day>,
    /// The last day, in UTC.
    until: Option<Day>,
    /// Only the last so many days, 1 to 3,660, today among them.
    days: Option<u16>,
}

impl InterchangeAsk {
    fn split(self) -> (PageAsk, InterchangeFilter) {
        let Self { limit, after, direction, state, overdue, .. } = self;
        let Self { partner, kind, number, way, from, until, days, .. } = self;
        let overdue = overdue.unwrap_or(false);
        let page = PageAsk { limit, after, total: None };
        let filter = InterchangeFilter {
            direction,
            state,
            overdue,
            partner,
            kind,
            number,
            way,
            from,
            until,
            days,
        };
        (page, filter)
    }
}

/// Which bytes are asked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct RawAsk {
    /// Those before the deed of this number: 1 for what came; those that stand there unless told.
    before: Option<i64>,
}

/// An interchange, with what people did to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct InterchangeWithDeeds {
    /// The interchange.
    #[serde(flatten)]
    interchange: InterchangeView,
    /// What was done to it by hand, oldest first.
    deeds: Vec<Deed>,
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list, submit))
        .merge(views::routes())
        .routes(routes!(facets))
        .routes(routes!(one))
        .routes(routes!(raw))
        .routes(routes!(replay))
        .routes(routes!(mend_bytes))
        .routes(routes!(preview))
        .routes(routes!(discard))
        .routes(routes!(chase))
        .routes(routes!(read_document))
}

/// Send a file of interchanges in. It is kept before it is judged.
#[utoipa::path(post, path = "/api/v1/edi/interchanges", operation_id = "submit_interchanges", tag = "edi", request_body(content = String, content_type = "application/edi-x12"), responses((status = 202, body = Taken), (status = 413), (status = 422)))]
async fn submit(
    State(house): State<House>,
    permit: Permit<SubmitInterchanges>,
    body: Body,
) -> Result<(StatusCode, Json<Taken>), Problem> {
    let file = to_bytes(body, LIMIT_BYTES).await.map_err(|_too_long_or_cut| {
        let detail = format!("send at most {LIMIT_BYTES} bytes at once");
        Problem::new(&TOO_LARGE, detail)
    })?;
    if file.trim_ascii().is_empty() {
        return Err(Problem::refused("body", "send the bytes of an interchange"));
    }
    let scope = permit.scope();
    let ids = super::take(&house, Source::Api(scope), file).await?;
    let mut conn = house.db.read().await?;
    let items = super::read_all(&mut conn, scope, ids).await?;
    Ok((StatusCode::ACCEPTED, Json(Taken { items })))
}

/// The interchanges that one's organisation holds, newest first.
#[utoipa::path(get, path = "/api/v1/edi/interchanges", operation_id = "list_interchanges", tag = "edi", params(InterchangeAsk), responses((status = 200, body = Page<InterchangeView>)))]
async fn list(
    State(house): State<House>,
    permit: Permit<ReadInterchanges>,
    Asked(ask): Asked<InterchangeAsk>,
) -> Result<Json<Page<InterchangeView>>, Problem> {
    let (page, filter) = ask.split();
    let wanted = pages::Wanted::new(&page, filter, house.clock.now())?;
    let mut conn = house.db.read().await?;
    Ok(Json(pages::page(&mut conn, permit.scope(), &wanted).await?))
}

/// What one's interchanges can be narrowed to: partners and kinds of documents.
#[utoipa::path(get, path = "/api/v1/edi/facets", operation_id = "list_interchange_facets", tag = "edi", responses((status = 200, body = InterchangeFacets)))]
async fn facets(
    State(house): State<House>,
    permit: Permit<ReadInterchanges>,
) -> Result<Json<InterchangeFacets>, Problem> {
    Ok(Json(pages::facets(&house, permit.scope()).await?))
}

/// An interchange, with its faults and what acknowledges it.
#[utoipa::path(get, path = "/api/v1/edi/interchanges/{interchange}", operation_id = "read_interchange", tag = "edi", params(("interchange" = Id<Interchange>, Path)), responses((status = 200, body = InterchangeWithDeeds), (status = 404)))]
async fn one(
    State(house): State<House>,
    permit: Permit<ReadInterchanges>,
    At(id): At<Id<Interchange>>,
) -> Result<Json<InterchangeWithDeeds>, Problem> {
    let mut conn = house.db.read().await?;
    let interchange = super::read(&mut conn, permit.scope(), id).await?;
    let deeds = mend::deeds(&mut conn, &permit, id).await?;
    Ok(Json(InterchangeWithDeeds { interchange, deeds }))
}

/// Its bytes, as they came or went.
#[utoipa::path(get, path = "/api/v1/edi/interchanges/{interchange}/raw", operation_id = "read_interchange_bytes", tag = "edi", params(("interchange" = Id<Interchange>, Path), RawAsk), responses((status = 200, body = String, content_type = "application/edi-x12"), (status = 404)))]
async fn raw(
    State(house): State<House>,
    permit: Permit<ReadInterchanges>,
    At(id): At<Id<Interchange>>,
    Asked(ask): Asked<RawAsk>,
) -> Result<impl IntoResponse, Problem> {
    let mut conn = house.db.read().await?;
    let view = super::read(&mut conn, permit.scope(), id).await?;
    let deeds = mend::deeds(&mut conn, &permit, id).await?;
    drop(conn);
    let sha256 = match ask.before {
        None => view.sha256,
        Some(number) => {
            let deed = deeds.into_iter().find(|it| it.number == number);
            deed.ok_or(super::Refusal::NotFound)?.sha256
        }
    };
    let name = sha256.parse()?;
    let bytes = if long::is(house.files.length(name).await?) {
        let file = house.files.open(name).await?;
        Body::from_stream(tokio_util::io::ReaderStream::new(file))
    } else {
        Body::from(house.files.read(name).await?)
    };
    let name = format!("attachment; filename=\"{id}.edi\"");
    let headers = [
        (header::CONTENT_TYPE, "application/edi-x12".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, bytes))
}

/// Have an interchange in quarantine judged again.
#[utoipa::path(post, path = "/api/v1/edi/interchanges/{interchange}/replay", operation_id = "replay_interchange", tag = "edi", params(("interchange" = Id<Interchange>, Path)), responses((status = 202, body = Taken), (status = 404), (status = 409)))]
async fn replay(
    State(house): State<House>,
    permit: Permit<ReplayInterchanges>,
    At(id): At<Id<Interchange>>,
) -> Result<(StatusCode, Json<Taken>), Problem> {
    let ids = super::replay(&house, &permit, id).await?;
    let mut conn = house.db.read().await?;
    let items = super::read_all(&mut conn, permit.scope(), ids).await?;
    Ok((StatusCode::ACCEPTED, Json(Taken { items })))
}

/// Mend an interchange in quarantine by hand, and have it judged again.
#[utoipa::path(post, path = "/api/v1/edi/interchanges/{interchange}/mend", operation_id = "mend_interchange", tag = "edi", params(("interchange" = Id<Interchange>, Path)), request_body = Mend, responses((status = 202, body = Taken), (status = 404), (status = 409), (status = 422)))]
async fn mend_bytes(
    State(house): State<House>,
    permit: Permit<ReplayInterchanges>,
    At(id): At<Id<Interchange>>,
    Form(form): Form<Mend>,
) -> Result<(StatusCode, Json<Taken>), Problem> {
    let ids = mend::mend(&house, &permit, id, form).await?;
    let mut conn = house.db.read().await?;
    let items = super::read_all(&mut conn, permit.scope(), ids).await?;
    Ok((StatusCode::ACCEPTED, Json(Taken { items })))
}

/// What would be wrong with an interchange in quarantine if it were mended so.
#[utoipa::path(post, path = "/api/v1/edi/interchanges/{interchange}/mend/preview", operation_id = "preview_mend", tag = "edi", params(("interchange" = Id<Interchange>, Path)), request_body = Mend, responses((status = 200, body = MendPreview), (status = 404), (status = 409), (status = 422)))]
async fn preview(
    State(house): State<House>,
    permit: Permit<ReplayInterchanges>,
    At(id): At<Id<Interchange>>,
    Form(form): Form<Mend>,
) -> Result<Json<MendPreview>, Problem> {
    Ok(Json(mend::preview(&house, &permit, id, form).await?))
}

/// Put an interchange in quarantine away: it is kept, and not worked on.
#[utoipa::path(post, path = "/api/v1/edi/interchanges/{interchange}/discard", operation_id = "discard_interchange", tag = "edi", params(("interchange" = Id<Interchange>, Path)), request_body = Discard, responses((status = 200, body = InterchangeView), (status = 404), (status = 409), (status = 422)))]
async fn discard(
    State(house): State<House>,
    permit: Permit<ReplayInterchanges>,
    At(id): At<Id<Interchange>>,
    Form(form): Form<Discard>,
) -> Result<Json<InterchangeView>, Problem> {
    Ok(Json(mend::discard(&house, &permit, id, form).await?))
}

/// Ask a partner once more to acknowledge an interchange: it is handed over again, as it is.
#[utoipa::path(post, path = "/api/v1/edi/interchanges/{interchange}/chase", operation_id = "chase_interchange", tag = "edi", params(("interchange" = Id<Interchange>, Path)), responses((status = 200, body = InterchangeView), (status = 404), (status = 409)))]
async fn chase(
    State(house): State<House>,
    permit: Permit<ReplayInterchanges>,
    At(id): At<Id<Interchange>>,
) -> Result<Json<InterchangeView>, Problem> {
    Ok(Json(deadlines::chase(&house, &permit, id).await?))
}

/// A document of an interchange as a person reads it, each value with its bytes.
#[utoipa::path(get, path = "/api/v1/edi/interchanges/{interchange}/reading", operation_id = "read_interchange_document", tag = "edi", params(("interchange" = Id<Interchange>, Path), ReadingAsk), responses((status = 200, body = PaperReading), (status = 404), (status = 422)))]
async fn read_document(
    State(house): State<House>,
    permit: Permit<ReadInterchanges>,
    At(id): At<Id<Interchange>>,
    Asked(ask): Asked<ReadingAsk>,
) -> Result<Json<PaperReading>, Problem> {
    let conn = house.db.read().await?;
    let what = (permit.scope().organisation(), id);
    Ok(Json(reading::read(&house, conn, what, ask).await?))
}
