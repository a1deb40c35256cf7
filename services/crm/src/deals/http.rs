//! The routes of deals: lists, the board, the card, the stage, one's own side.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use gate::{Asked, At, Form, House, Page, PageAsk, Permit, Problem, Revision};
use kernel::{Account, Currency, Day, Id, Moment, Organisation, Space};
use serde::{Deserialize, Serialize};
use sharing::{History, Mask, Verbs};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    CARD_FIELDS, Card, CardChanges, CreateDeal, DealView, EditDeal, InviteToDeal,
    NewDeal, ReadDeals, Refusal, SideChanges, Stage, StageMove, list,
    parties::{self, Invitation},
    summary::{self, DealSummary},
    view::{self, SideView},
};
use crate::{
    Given,
    accounts::{Sought, tagged},
};

/// The routes of this part.
pub(super) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list_deals, open_deal))
        .routes(routes!(read_board))
        .routes(routes!(read_deal, change_deal))
        .routes(routes!(change_side))
        .routes(routes!(move_deal))
}

type Tagged<T> = (HeaderMap, Json<T>);

/// Which deals are asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct DealAsk {
    /// Only those in this stage.
    #[param(inline)]
    stage: Option<Stage>,
    /// Beginnings of words of title or account.
    #[serde(default)]
    q: String,
    /// How many rows, 1 to 200; 50 unless told.
    limit: Option<i64>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Whether to count all rows.
    total: Option<bool>,
}

/// A deal to be opened.
#[derive(Debug, Deserialize, ToSchema)]
struct DealForm {
    title: String,
    /// The customer, as the parties shall read it.
    account: String,
    /// The account in one's own books.
    account_id: Option<Id<Account>>,
    /// Minor units.
    amount_minor: i64,
    currency: Currency,
    /// `identified` unless told; up to `business_ok`.
    stage: Option<Stage>,
    close_on: Option<Day>,
    next_step: Option<String>,
    /// Partners to invite at once; each sees every field unless told, and may edit.
    #[serde(default)]
    parties: Vec<FirstParty>,
}

/// A partner to be invited at once.
#[derive(Debug, Deserialize, ToSchema)]
struct FirstParty {
    organisation: Id<Organisation>,
    fields: Option<Vec<String>>,
}

/// Fields of a card; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
struct CardPatch {
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    title: Given<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    account: Given<String>,
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    amount_minor: Given<i64>,
    #[serde(default)]
    #[schema(value_type = Option<Currency>)]
    currency: Given<Currency>,
    #[serde(default)]
    #[schema(value_type = Option<Day>)]
    close_on: Given<Day>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    next_step: Given<String>,
}

/// Fields of one's own side; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
struct SidePatch {
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    stage_name: Given<String>,
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    margin_bp: Given<i64>,
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    forecast_minor: Given<i64>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    notes: Given<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    crm_id: Given<String>,
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    published: Given<Vec<String>>,
}

/// A step to another stage.
#[derive(Debug, Deserialize, ToSchema)]
struct StageForm {
    stage: Stage,
    /// Needed for a step back, and for `committed`, `won` and `lost`.
    reason: Option<String>,
    /// The revision of the deal that was read.
    revision: i64,
}

/// The board.
#[derive(Debug, Serialize, ToSchema)]
struct Board {
    lanes: Vec<Lane>,
}

/// One stage of the board.
#[derive(Debug, Serialize, ToSchema)]
struct Lane {
    stage: Stage,
    /// How many deals stand here.
    count: i64,
    sums: Vec<Sum>,
    /// The first fifty.
    deals: Vec<DealSummary>,
}

/// What the deals of a lane are worth, as far as their amount is seen.
#[derive(Debug, Serialize, ToSchema)]
struct Sum {
    currency: Currency,
    amount_minor: i64,
}

/// How many deals a lane shows.
const LANE: i64 = 50;

impl From<CardPatch> for CardChanges {
    fn from(form: CardPatch) -> Self {
        let CardPatch { title, account, amount_minor, currency, close_on, next_step } =
            form;
        Self { title, account, amount_minor, currency, close_on, next_step }
    }
}

impl From<SidePatch> for SideChanges {
    fn from(form: SidePatch) -> Self {
        let SidePatch { stage_name, margin_bp, forecast_minor, notes, crm_id, published } =
            form;
        Self { stage_name, margin_bp, forecast_minor, notes, crm_id, published }
    }
}

/// Deals in which one's organisation takes part, the last changed first.
#[utoipa::path(get, path = "/api/v1/deals", tag = "deals", params(DealAsk), responses((status = 200, body = Page<DealSummary>)))]
async fn list_deals(
    State(house): State<House>,
    permit: Permit<ReadDeals>,
    Asked(asked): Asked<DealAsk>,
) -> Result<Json<Page<DealSummary>>, Problem> {
    let DealAsk { stage, q, limit, after, total } = asked;
    let (scope, page) = (permit.scope(), PageAsk { limit, after, total });
    let ask = list::Ask { stage, patterns: Sought::read(&q).into_patterns() };
    let start = (i64::MAX, Id::from_uuid(uuid::Uuid::max()));
    let (at, id): (i64, Id<Space>) = page.after()?.unwrap_or(start);
    let place = (Moment::from_micros(at), id);
    let mut conn = house.db.read().await?;
    let rows = list::page(&mut conn, scope, &ask, place, page.limit() + 1).await?;
    let cut = Page::cut(rows, page.limit(), |row| (row.sort_at.micros(), row.space_id));
    let counted = if total == Some(true) {
        Some(list::total(&mut conn, scope, &ask).await?)
    } else {
        None
    };
    let items = summary::many(&mut conn, scope, cut.items).await?;
    Ok(Json(Page { items, next: cut.next, total: counted }))
}

/// The board: a lane for each stage. Deals whose stage one may not see stand in none.
#[utoipa::path(get, path = "/api/v1/deals/board", tag = "deals", responses((status = 200, body = Board)))]
async fn read_board(
    State(house): State<House>,
    permit: Permit<ReadDeals>,
) -> Result<Json<Board>, Problem> {
    let (scope, mut conn) = (permit.scope(), house.db.read().await?);
    let heaps = list::lanes(&mut conn, scope).await?;
    let rows = list::board(&mut conn, scope, LANE).await?;
    let deals = summary::many(&mut conn, scope, rows).await?;
    let lane = |stage: Stage| {
        let its = heaps.iter().filter(|(of, ..)| *of == stage);
        let sum = |(_, currency, _, minor): &list::Heap| {
            Some(Sum { currency: (*currency)?, amount_minor: (*minor)? })
        };
        Lane {
            stage,
            count: its.clone().map(|(_, _, count, _)| count).sum(),
            sums: its.filter_map(sum).collect(),
            deals: deals
                .iter()
                .filter(|deal| deal.stage == Some(stage))
                .cloned()
                .collect(),
        }
    };
    Ok(Json(Board { lanes: Stage::ALL.into_iter().map(lane).collect() }))
}

/// Open a deal. One's organisation is its host.
#[utoipa::path(post, path = "/api/v1/deals", tag = "deals", responses((status = 201, body = DealView), (status = 422)))]
async fn open_deal(
    State(house): State<House>,
    permit: Permit<CreateDeal>,
    invites: Permit<InviteToDeal>,
    Form(form): Form<DealForm>,
) -> Result<(StatusCode, Tagged<DealView>), Problem> {
    let invitations: Vec<Invitation> =
        form.parties.into_iter().map(invitation).collect::<Result<_, Problem>>()?;
    let card = Card {
        title: form.title,
        account: form.account,
        amount_minor: form.amount_minor,
        currency: form.currency,
        close_on: form.close_on,
        next_step: form.next_step,
    };
    // Nothing is changed, but everything is checked.
    let again = |card: &Card| CardChanges {
        title: Given::Value(card.title.clone()),
        account: Given::Value(card.account.clone()),
        amount_minor: Given::Value(card.amount_minor),
        ..CardChanges::default()
    };
    let card = again(&card).over(card).map_err(Refusal::from)?;
    let stage = form.stage.unwrap_or(Stage::Identified);
    let new = NewDeal { card, stage, account: form.account_id };
    let (mut tx, at) = (house.db.write().await?, house.clock.now());
    let deal = super::open(&mut tx, &permit, &new, at).await?;
    for invitation in &invitations {
        parties::invite(&mut tx, &invites, deal, invitation, at).await?;
    }
    let opened = view::one(&mut tx, permit.scope(), deal).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, tagged(opened.summary.revision, opened)))
}

fn invitation(party: FirstParty) -> Result<Invitation, Problem> {
    let mask = match party.fields {
        Some(fields) => Mask::among(fields, &CARD_FIELDS)?,
        None => Mask::of(CARD_FIELDS),
    };
    Ok(Invitation {
        organisation: party.organisation,
        mask,
        verbs: Verbs::of(["comment", "edit"]),
        history: History::All,
    })
}

/// One deal.
#[utoipa::path(get, path = "/api/v1/deals/{deal}", tag = "deals", params(("deal" = Id<Space>, Path)), responses((status = 200, body = DealView), (status = 404)))]
async fn read_deal(
    State(house): State<House>,
    permit: Permit<ReadDeals>,
    At(deal): At<Id<Space>>,
) -> Result<Tagged<DealView>, Problem> {
    let mut conn = house.db.read().await?;
    let deal = view::one(&mut conn, permit.scope(), deal).await?;
    Ok(tagged(deal.summary.revision, deal))
}

/// Change some fields of a card.
#[utoipa::path(patch, path = "/api/v1/deals/{deal}", tag = "deals", params(("deal" = Id<Space>, Path), ("If-Match" = String, Header)), responses((status = 200, body = DealView), (status = 404), (status = 409), (status = 422)))]
async fn change_deal(
    State(house): State<House>,
    permit: Permit<EditDeal>,
    At(deal): At<Id<Space>>,
    Revision(revision): Revision,
    Form(form): Form<CardPatch>,
) -> Result<Tagged<DealView>, Problem> {
    let (mut tx, at) = (house.db.write().await?, house.clock.now());
    super::change(&mut tx, &permit, deal, form.into(), revision, at).await?;
    let deal = view::one(&mut tx, permit.scope(), deal).await?;
    tx.commit().await?;
    Ok(tagged(deal.summary.revision, deal))
}

/// Change some fields of one's own side.
#[utoipa::path(patch, path = "/api/v1/deals/{deal}/side", tag = "deals", params(("deal" = Id<Space>, Path), ("If-Match" = String, Header)), responses((status = 200, body = SideView), (status = 404), (status = 409), (status = 422)))]
async fn change_side(
    State(house): State<House>,
    permit: Permit<EditDeal>,
    At(deal): At<Id<Space>>,
    Revision(revision): Revision,
    Form(form): Form<SidePatch>,
) -> Result<Tagged<SideView>, Problem> {
    let (mut tx, at) = (house.db.write().await?, house.clock.now());
    super::edit_side(&mut tx, &permit, deal, form.into(), revision, at).await?;
    let side = view::own_side(&mut tx, permit.scope(), deal).await?;
    tx.commit().await?;
    Ok(tagged(side.revision, side))
}

/// Move a deal to another stage.
#[utoipa::path(post, path = "/api/v1/deals/{deal}/stage", tag = "deals", params(("deal" = Id<Space>, Path)), responses((status = 200, body = DealView), (status = 404), (status = 409), (status = 422)))]
async fn move_deal(
    State(house): State<House>,
    permit: Permit<EditDeal>,
    At(deal): At<Id<Space>>,
    Form(form): Form<StageForm>,
) -> Result<Tagged<DealView>, Problem> {
    let StageForm { stage: to, reason, revision } = form;
    let step = StageMove { to, reason, revision };
    let (mut tx, at) = (house.db.write().await?, house.clock.now());
    super::move_stage(&mut tx, &permit, deal, step, at).await?;
    let deal = view::one(&mut tx, permit.scope(), deal).await?;
    tx.commit().await?;
    Ok(tagged(deal.summary.revision, deal))
}
