//! `/registrations`, and the terms on which a vendor takes them.

use axum::{
    Json,
    extract::State as Held,
    http::{HeaderMap, StatusCode},
};
use gate::{Asked, At, Form, House, Page, PageAsk, Permit, Problem, Revision};
use kernel::{Currency, Id, Organisation, Registration};
use serde::{Deserialize, Serialize};
use sharing::Mask;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    AnswerRegistrations, KeyScheme, Move, ReadRegistrations, Reason, RegisterDeals,
    SetTerms, Side, WantedChanges,
    answering::{self, Answer, Anyway},
    moves::Step,
    terms::{self, Terms, Vendor},
    view::{self, RegistrationFilter, RegistrationView},
    writing,
};
use crate::{Given, OrgRef, accounts::tagged, deals::CARD_FIELDS};

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list_registrations, draft_registration))
        .routes(routes!(read_registration, write_registration))
        .routes(routes!(move_registration))
        .routes(routes!(answer_registration))
        .routes(routes!(list_registration_vendors))
        .routes(routes!(read_registration_terms, set_registration_terms))
}

type Tagged = (HeaderMap, Json<RegistrationView>);

/// Which registrations are asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct RegistrationAsk {
    /// Only those that one's organisation registered (`partner`), or is to answer (`vendor`).
    #[param(inline)]
    side: Option<Side>,
    /// `all` unless told.
    #[serde(default)]
    #[param(inline)]
    show: RegistrationFilter,
    /// How many rows, 1 to 200; 50 unless told.
    limit: Option<i64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// What a registration says; what is absent stays. It need not be whole before it is submitted.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct RegistrationPatch {
    /// The customer's name.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    customer: Given<String>,
    /// Its city, where that helps to tell it apart.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    city: Given<String>,
    /// What kind of key the customer is known by.
    #[serde(default)]
    #[schema(value_type = Option<KeyScheme>)]
    key_scheme: Given<KeyScheme>,
    /// Its domain, VAT number, GLN or D-U-N-S number, as people write it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    key: Given<String>,
    /// Of the vendor's product families, at most 10.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    families: Given<Vec<String>>,
    /// Of the vendor's territories, at most 10.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    territories: Given<Vec<String>>,
    /// Minor units, above 0.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    amount_minor: Given<i64>,
    #[serde(default)]
    #[schema(value_type = Option<Currency>)]
    currency: Given<Currency>,
    /// The month in which it may be won: `YYYY-MM`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    close_month: Given<String>,
    /// In words; up to 2,000 characters.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    note: Given<String>,
}

impl From<RegistrationPatch> for WantedChanges {
    fn from(form: RegistrationPatch) -> Self {
        Self {
            customer: form.customer,
            city: form.city,
            key_scheme: form.key_scheme,
            key_text: form.key,
            families: form.families,
            territories: form.territories,
            amount_minor: form.amount_minor,
            currency: form.currency,
            close_month: form.close_month,
            note: form.note,
        }
    }
}

/// A deal to be registered.
#[derive(Debug, Deserialize, ToSchema)]
struct NewRegistration {
    /// With whom.
    vendor: Id<Organisation>,
    /// Whether to hand it in at once; else it is a draft.
    #[serde(default)]
    submit: bool,
    /// What it says.
    #[serde(flatten)]
    says: RegistrationPatch,
}

/// A move of the partner's.
#[derive(Debug, Deserialize, ToSchema)]
struct PartnerMoveForm {
    r#move: Move,
    /// The revision that was read.
    revision: i64,
    /// For how many days more, where an extension is asked.
    days: Option<i64>,
    /// In words, for the vendor; up to 2,000 characters.
    words: Option<String>,
}

/// A move of the vendor's.
#[derive(Debug, Deserialize, ToSchema)]
struct VendorMoveForm {
    r#move: Move,
    /// The revision that was read.
    revision: i64,
    /// For how many days it is protected, or how many more.
    days: Option<i64>,
    /// Why; a refusal and a revocation need one.
    reason: Option<Reason>,
    /// In words, for the partner; up to 2,000 characters.
    words: Option<String>,
    /// The words go out even though they name another partner.
    #[serde(default)]
    anyway: bool,
    /// Where a deal is opened: the fields of its card that the partner sees; all unless told.
    #[schema(schema_with = crate::words::card_fields)]
    fields: Option<Vec<String>>,
}

/// On what terms one's organisation takes registrations.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
struct RegistrationTerms {
    /// Its product families; up to 50 words.
    families: Vec<String>,
    /// Its territories; up to 50 words.
    territories: Vec<String>,
    /// Within how many hours a first answer is given; 1 to 720.
    answer_hours: i64,
    /// For how many days it protects unless told otherwise; 1 to 365.
    protect_days: i64,
    /// Above what amount a second person approves, in minor units; none does unless told.
    second_over_minor: Option<i64>,
    /// Of what; an amount in another currency takes a second person too.
    second_currency: Option<Currency>,
    /// The revision that was read; 0 for terms that were never set.
    revision: i64,
}

impl From<Terms> for RegistrationTerms {
    fn from(terms: Terms) -> Self {
        let (second_over_minor, second_currency) = terms.second_over.unzip();
        Self {
            families: terms.families,
            territories: terms.territories,
            answer_hours: terms.answer_hours,
            protect_days: terms.protect_days,
            second_over_minor,
            second_currency,
            revision: terms.revision,
        }
    }
}

/// A vendor with which one may register.
#[derive(Debug, Serialize, ToSchema)]
struct RegistrationVendor {
    vendor: OrgRef,
    families: Vec<String>,
    territories: Vec<String>,
    /// Within how many hours it gives a first answer.
    answer_hours: i64,
    /// For how many days it protects unless it says otherwise.
    protect_days: i64,
}

impl From<Vendor> for RegistrationVendor {
    fn from(Vendor { vendor, terms }: Vendor) -> Self {
        Self {
            vendor,
            families: terms.families,
            territories: terms.territories,
            answer_hours: terms.answer_hours,
            protect_days: terms.protect_days,
        }
    }
}

/// Registrations that one's organisation made, or is to answer, newest first.
#[utoipa::path(get, path = "/api/v1/registrations", tag = "registrations", params(RegistrationAsk), responses((status = 200, body = Page<RegistrationView>)))]
async fn list_registrations(
    Held(house): Held<House>,
    permit: Permit<ReadRegistrations>,
    Asked(ask): Asked<RegistrationAsk>,
) -> Result<Json<Page<RegistrationView>>, Problem> {
    let page = PageAsk { limit: ask.limit, after: ask.after, total: None };
    let (at, mut conn) = (house.clock.now(), house.db.read().await?);
    let which = (ask.side, ask.show);
    view::list(&mut conn, permit.scope(), which, &page, at).await.map(Json)
}

/// Register a deal with a vendor: as a draft, or handed in at once.
#[utoipa::path(post, path = "/api/v1/registrations", tag = "registrations", responses((status = 201, body = RegistrationView), (status = 409), (status = 422)))]
async fn draft_registration(
    Held(house): Held<House>,
    permit: Permit<RegisterDeals>,
    Form(form): Form<NewRegistration>,
) -> Result<(StatusCode, Tagged), Problem> {
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    let says = form.says.into();
    let id = writing::draft(&mut tx, &permit, form.vendor, says, at).await?;
    if form.submit {
        let step = plain(Move::Submit, 1 + 1);
        writing::step(&mut tx, &permit, id, step, at).await?;
    }
    let view = view::read(&mut tx, permit.scope(), id, at).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, tagged(view.revision, view)))
}

/// A registration, with its timeline; for its vendor, with its conflicts.
#[utoipa::path(get, path = "/api/v1/registrations/{registration}", tag = "registrations", params(("registration" = Id<Registration>, Path)), responses((status = 200, body = RegistrationView), (status = 404)))]
async fn read_registration(
    Held(house): Held<House>,
    permit: Permit<ReadRegistrations>,
    At(id): At<Id<Registration>>,
) -> Result<Tagged, Problem> {
    let (at, mut conn) = (house.clock.now(), house.db.read().await?);
    let view = view::read(&mut conn, permit.scope(), id, at).await?;
    Ok(tagged(view.revision, view))
}

/// Change what a registration says, before it is handed in or when more is wanted.
#[utoipa::path(patch, path = "/api/v1/registrations/{registration}", tag = "registrations", params(("registration" = Id<Registration>, Path), ("If-Match" = String, Header)), responses((status = 200, body = RegistrationView), (status = 404), (status = 409), (status = 422)))]
async fn write_registration(
    Held(house): Held<House>,
    permit: Permit<RegisterDeals>,
    At(id): At<Id<Registration>>,
    Revision(revision): Revision,
    Form(form): Form<RegistrationPatch>,
) -> Result<Tagged, Problem> {
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    writing::write(&mut tx, &permit, (id, revision), form.into(), at).await?;
    let view = view::read(&mut tx, permit.scope(), id, at).await?;
    tx.commit().await?;
    Ok(tagged(view.revision, view))
}

/// Move a registration as its partner: `submit`, `withdraw`, `ask_extension`, `lose`.
#[utoipa::path(post, path = "/api/v1/registrations/{registration}/moves", tag = "registrations", params(("registration" = Id<Registration>, Path)), responses((status = 200, body = RegistrationView), (status = 404), (status = 409), (status = 422)))]
async fn move_registration(
    Held(house): Held<House>,
    permit: Permit<RegisterDeals>,
    At(id): At<Id<Registration>>,
    Form(form): Form<PartnerMoveForm>,
) -> Result<Tagged, Problem> {
    let PartnerMoveForm { r#move, revision, days, words } = form;
    let step = Step { days, words, ..plain(r#move, revision) };
    let step = step.read().map_err(super::Refusal::from)?;
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    writing::step(&mut tx, &permit, id, step, at).await?;
    let view = view::read(&mut tx, permit.scope(), id, at).await?;
    tx.commit().await?;
    Ok(tagged(view.revision, view))
}

/// Answer a registration as its vendor: `review`, `approve`, `reject`, `ask_more`, `extend`,
/// `refuse_extension`, `convert`, `revoke`.
#[utoipa::path(post, path = "/api/v1/registrations/{registration}/answers", tag = "registrations", params(("registration" = Id<Registration>, Path)), responses((status = 200, body = RegistrationView), (status = 404), (status = 409), (status = 422)))]
async fn answer_registration(
    Held(house): Held<House>,
    permit: Permit<AnswerRegistrations>,
    At(id): At<Id<Registration>>,
    Form(form): Form<VendorMoveForm>,
) -> Result<Tagged, Problem> {
    let VendorMoveForm { r#move, revision, days, reason, words, anyway, fields } = form;
    let step = Step { days, reason, words, ..plain(r#move, revision) };
    let step = step.read().map_err(super::Refusal::from)?;
    let mask = match fields {
        Some(fields) => Mask::among(fields, &CARD_FIELDS)?,
        None => Mask::of(CARD_FIELDS),
    };
    let anyway = if anyway { Anyway::Yes } else { Anyway::No };
    let answer = Answer { step, anyway, mask };
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    answering::answer(&mut tx, &permit, id, answer, at).await?;
    let view = view::read(&mut tx, permit.scope(), id, at).await?;
    tx.commit().await?;
    Ok(tagged(view.revision, view))
}

/// The partners with which one's organisation may register deals now.
#[utoipa::path(get, path = "/api/v1/registration-vendors", tag = "registrations", responses((status = 200, body = Page<RegistrationVendor>)))]
async fn list_registration_vendors(
    Held(house): Held<House>,
    permit: Permit<ReadRegistrations>,
) -> Result<Json<Page<RegistrationVendor>>, Problem> {
    let mut conn = house.db.read().await?;
    let vendors = terms::vendors(&mut conn, permit.scope()).await?;
    Ok(Json(Page::all(vendors.into_iter().map(RegistrationVendor::from).collect())))
}

/// On what terms one's organisation takes registrations.
#[utoipa::path(get, path = "/api/v1/registration-terms", tag = "registrations", responses((status = 200, body = RegistrationTerms)))]
async fn read_registration_terms(
    Held(house): Held<House>,
    permit: Permit<ReadRegistrations>,
) -> Result<Json<RegistrationTerms>, Problem> {
    let mut conn = house.db.read().await?;
    Ok(Json(terms::of(&mut conn, permit.scope().organisation()).await?.into()))
}

/// Set on what terms one's organisation takes registrations.
#[utoipa::path(put, path = "/api/v1/registration-terms", tag = "registrations", responses((status = 200, body = RegistrationTerms), (status = 409), (status = 422)))]
async fn set_registration_terms(
    Held(house): Held<House>,
    permit: Permit<SetTerms>,
    Form(form): Form<RegistrationTerms>,
) -> Result<Json<RegistrationTerms>, Problem> {
    let second_over = form.second_over_minor.zip(form.second_currency);
    if second_over.is_none() && form.second_over_minor.is_some() {
        let detail = "say in which currency the limit is";
        return Err(Problem::refused("second_currency", detail));
    }
    let terms = Terms {
        families: form.families,
        territories: form.territories,
        answer_hours: form.answer_hours,
        protect_days: form.protect_days,
        second_over,
        revision: form.revision,
    };
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    let set = terms::set(&mut tx, &permit, terms, at).await?;
    tx.commit().await?;
    Ok(Json(set.into()))
}

const fn plain(to: Move, revision: i64) -> Step {
    Step { to, revision, days: None, reason: None, words: None }
}
