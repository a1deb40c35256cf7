//! `/leads`, what partners are offered of them, and on what terms.

use axum::{
    Json,
    extract::State as Held,
    http::{HeaderMap, StatusCode},
};
use gate::{Asked, At, Form, House, Page, PageAsk, Permit, Problem, Revision};
use kernel::{Id, Lead as LeadKind, LeadOffer, Organisation};
use serde::{Deserialize, Serialize};
use sharing::Mask;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    AnswerLeads, Changes, HandLeads, Move, ReadLeads, Reason, Refusal, State, Step,
    WriteLeads, moves,
    offers::{self, LeadOfferView},
    routing,
    terms::{self, Terms},
    view::{self, LeadView},
    writing::{self, Anyway},
};
use crate::{accounts::tagged, deals::CARD_FIELDS};

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list_leads, add_lead))
        .routes(routes!(read_lead, change_lead))
        .routes(routes!(move_lead))
        .routes(routes!(offer_lead))
        .routes(routes!(list_lead_offers))
        .routes(routes!(read_lead_offer))
        .routes(routes!(answer_lead_offer))
        .routes(routes!(read_lead_terms, set_lead_terms))
        .merge(routing::routes())
}

type Tagged = (HeaderMap, Json<LeadView>);

/// Which leads are asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct LeadAsk {
    /// Only those that are so far.
    #[param(inline)]
    state: Option<State>,
    /// How many rows, 1 to 200; 50 unless told.
    limit: Option<i64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// Which offers are asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct LeadOfferAsk {
    /// Only those that wait for an answer.
    #[serde(default)]
    waiting: bool,
    /// How many rows, 1 to 200; 50 unless told.
    limit: Option<i64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// A lead to be written down.
#[derive(Debug, Deserialize, ToSchema)]
struct NewLead {
    /// It is meant, though there is a lead of this company.
    #[serde(default)]
    anyway: bool,
    /// What it says.
    #[serde(flatten)]
    says: Changes,
}

/// A move of the vendor's.
#[derive(Debug, Deserialize, ToSchema)]
struct LeadMoveForm {
    r#move: Move,
    /// The revision that was read.
    revision: i64,
    /// Why; putting a lead away needs one.
    reason: Option<Reason>,
    /// In words; up to 2,000 characters.
    words: Option<String>,
    /// Where a deal is opened: the fields of its card that the partner sees; all unless told.
    #[schema(schema_with = crate::words::card_fields)]
    fields: Option<Vec<String>>,
}

/// A lead that is offered.
#[derive(Debug, Deserialize, ToSchema)]
struct LeadOfferForm {
    /// To whom.
    organisation: Id<Organisation>,
    /// The revision of the lead that was read.
    revision: i64,
    /// In words, for the partner, who reads them at once; up to 2,000 characters.
    words: Option<String>,
}

/// A move of the partner's.
#[derive(Debug, Deserialize, ToSchema)]
struct LeadAnswerForm {
    r#move: Move,
    /// The revision of the offer that was read.
    revision: i64,
    /// Why; declining and returning need one.
    reason: Option<Reason>,
    /// In words, for the vendor; up to 2,000 characters.
    words: Option<String>,
}

/// What came of a partner's move.
#[derive(Debug, Serialize, ToSchema)]
struct LeadAnswered {
    /// The offer as it is now; null once it is given back, since nothing of it is left to see.
    offer: Option<LeadOfferView>,
}

/// How long partners have to accept a lead, and what they see of it.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
struct LeadTerms {
    /// Within how many hours; 1 to 720.
    accept_hours: i64,
    /// What they see before: of `company`, `country`, `region`, `city`, `source`, `campaign`,
    /// `family`, `size`, `amount`.
    before: Vec<String>,
    /// What they see after: those before, and of `domain`, `contact`, `note`.
    after: Vec<String>,
    /// The revision that was read; 0 for terms that were never set.
    revision: i64,
}

impl From<Terms> for LeadTerms {
    fn from(terms: Terms) -> Self {
        let Terms { accept_hours, before, after, revision } = terms;
        Self { accept_hours, before: before.list(), after: after.list(), revision }
    }
}

/// One's organisation's leads, newest first.
#[utoipa::path(get, path = "/api/v1/leads", tag = "leads", params(LeadAsk), responses((status = 200, body = Page<LeadView>)))]
async fn list_leads(
    Held(house): Held<House>,
    permit: Permit<ReadLeads>,
    Asked(ask): Asked<LeadAsk>,
) -> Result<Json<Page<LeadView>>, Problem> {
    let page = PageAsk { limit: ask.limit, after: ask.after, total: None };
    let mut conn = house.db.read().await?;
    view::list(&mut conn, permit.scope(), ask.state, &page).await.map(Json)
}

/// Write a lead down.
#[utoipa::path(post, path = "/api/v1/leads", tag = "leads", responses((status = 201, body = LeadView), (status = 409), (status = 422)))]
async fn add_lead(
    Held(house): Held<House>,
    permit: Permit<WriteLeads>,
    Form(form): Form<NewLead>,
) -> Result<(StatusCode, Tagged), Problem> {
    let anyway = if form.anyway { Anyway::Yes } else { Anyway::No };
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    let id = writing::add(&mut tx, &permit, form.says, anyway, at).await?;
    let view = view::read(&mut tx, permit.scope(), id).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, tagged(view.revision, view)))
}

/// A lead, with its timeline, and what else is known of its company.
#[utoipa::path(get, path = "/api/v1/leads/{lead}", tag = "leads", params(("lead" = Id<LeadKind>, Path)), responses((status = 200, body = LeadView), (status = 404)))]
async fn read_lead(
    Held(house): Held<House>,
    permit: Permit<ReadLeads>,
    At(id): At<Id<LeadKind>>,
) -> Result<Tagged, Problem> {
    let mut conn = house.db.read().await?;
    let view = view::read(&mut conn, permit.scope(), id).await?;
    Ok(tagged(view.revision, view))
}

/// Change what a lead says.
#[utoipa::path(patch, path = "/api/v1/leads/{lead}", tag = "leads", params(("lead" = Id<LeadKind>, Path), ("If-Match" = String, Header)), responses((status = 200, body = LeadView), (status = 404), (status = 409), (status = 422)))]
async fn change_lead(
    Held(house): Held<House>,
    permit: Permit<WriteLeads>,
    At(id): At<Id<LeadKind>>,
    Revision(revision): Revision,
    Form(changes): Form<Changes>,
) -> Result<Tagged, Problem> {
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    writing::change(&mut tx, &permit, (id, revision), changes, at).await?;
    let view = view::read(&mut tx, permit.scope(), id).await?;
    tx.commit().await?;
    Ok(tagged(view.revision, view))
}

/// Move a lead: `qualify`, `disqualify`, `reopen`, `withdraw`, `convert`.
#[utoipa::path(post, path = "/api/v1/leads/{lead}/moves", tag = "leads", params(("lead" = Id<LeadKind>, Path)), responses((status = 200, body = LeadView), (status = 404), (status = 409), (status = 422)))]
async fn move_lead(
    Held(house): Held<House>,
    permit: Permit<HandLeads>,
    At(id): At<Id<LeadKind>>,
    Form(form): Form<LeadMoveForm>,
) -> Result<Tagged, Problem> {
    let LeadMoveForm { r#move: to, revision, reason, words, fields } = form;
    let step = Step { to, revision, reason, words }.read().map_err(Refusal::from)?;
    let mask = match fields {
        Some(fields) => Mask::among(fields, &CARD_FIELDS)?,
        None => Mask::of(CARD_FIELDS),
    };
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    moves::hand(&mut tx, &permit, id, step, mask, at).await?;
    let view = view::read(&mut tx, permit.scope(), id).await?;
    tx.commit().await?;
    Ok(tagged(view.revision, view))
}

/// Offer a qualified lead to a partner.
#[utoipa::path(post, path = "/api/v1/leads/{lead}/offers", tag = "leads", params(("lead" = Id<LeadKind>, Path)), responses((status = 201, body = LeadView), (status = 404), (status = 409), (status = 422)))]
async fn offer_lead(
    Held(house): Held<House>,
    permit: Permit<HandLeads>,
    At(id): At<Id<LeadKind>>,
    Form(form): Form<LeadOfferForm>,
) -> Result<(StatusCode, Tagged), Problem> {
    let words = offers::words(form.words).map_err(Refusal::from)?;
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    let which = (id, form.revision);
    offers::offer(&mut tx, &permit, which, form.organisation, words, at).await?;
    let view = view::read(&mut tx, permit.scope(), id).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, tagged(view.revision, view)))
}

/// Leads that partners offer one's organisation, and those that it accepted, newest first.
#[utoipa::path(get, path = "/api/v1/lead-offers", tag = "leads", params(LeadOfferAsk), responses((status = 200, body = Page<LeadOfferView>)))]
async fn list_lead_offers(
    Held(house): Held<House>,
    permit: Permit<ReadLeads>,
    Asked(ask): Asked<LeadOfferAsk>,
) -> Result<Json<Page<LeadOfferView>>, Problem> {
    let page = PageAsk { limit: ask.limit, after: ask.after, total: None };
    let (at, mut conn) = (house.clock.now(), house.db.read().await?);
    let listed =
        offers::list_offered(&mut conn, permit.scope(), ask.waiting, &page, at).await;
    listed.map(Json)
}

/// A lead that a partner offers, as far as it shows it.
#[utoipa::path(get, path = "/api/v1/lead-offers/{offer}", tag = "leads", params(("offer" = Id<LeadOffer>, Path)), responses((status = 200, body = LeadOfferView), (status = 404)))]
async fn read_lead_offer(
    Held(house): Held<House>,
    permit: Permit<ReadLeads>,
    At(id): At<Id<LeadOffer>>,
) -> Result<(HeaderMap, Json<LeadOfferView>), Problem> {
    let (at, mut conn) = (house.clock.now(), house.db.read().await?);
    let view = offers::offered(&mut conn, permit.scope(), id, at).await?;
    let view = view.ok_or_else(Problem::not_found)?;
    Ok(tagged(view.revision, view))
}

/// Answer what a partner offers: `accept`, `decline`, `return`.
#[utoipa::path(post, path = "/api/v1/lead-offers/{offer}/moves", tag = "leads", params(("offer" = Id<LeadOffer>, Path)), responses((status = 200, body = LeadAnswered), (status = 404), (status = 409), (status = 422)))]
async fn answer_lead_offer(
    Held(house): Held<House>,
    permit: Permit<AnswerLeads>,
    At(id): At<Id<LeadOffer>>,
    Form(form): Form<LeadAnswerForm>,
) -> Result<Json<LeadAnswered>, Problem> {
    let LeadAnswerForm { r#move: to, revision, reason, words } = form;
    let step = Step { to, revision, reason, words }.read().map_err(Refusal::from)?;
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    offers::answer(&mut tx, &permit, id, step, at).await?;
    let offer = offers::offered(&mut tx, permit.scope(), id, at).await?;
    tx.commit().await?;
    Ok(Json(LeadAnswered { offer }))
}

/// How long partners have to accept one's leads, and what they see of them.
#[utoipa::path(get, path = "/api/v1/lead-terms", tag = "leads", responses((status = 200, body = LeadTerms)))]
async fn read_lead_terms(
    Held(house): Held<House>,
    permit: Permit<ReadLeads>,
) -> Result<Json<LeadTerms>, Problem> {
    let mut conn = house.db.read().await?;
    Ok(Json(terms::of(&mut conn, permit.scope().organisation()).await?.into()))
}

/// Set that. What is offered already keeps the terms under which it was.
#[utoipa::path(put, path = "/api/v1/lead-terms", tag = "leads", responses((status = 200, body = LeadTerms), (status = 409), (status = 422)))]
async fn set_lead_terms(
    Held(house): Held<House>,
    permit: Permit<HandLeads>,
    Form(form): Form<LeadTerms>,
) -> Result<Json<LeadTerms>, Problem> {
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    let LeadTerms { accept_hours, before, after, revision } = form;
    let (which, seen) = ((accept_hours, revision), (before, after));
    let set = terms::set(&mut tx, &permit, which, seen, at).await?;
    tx.commit().await?;
    Ok(Json(set.into()))
}
