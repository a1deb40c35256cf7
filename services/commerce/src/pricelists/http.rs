//! `/price-lists` and `/prices`.

use axum::{Json, extract::State, http::StatusCode};
use gate::{Asked, At, Form, House, Page, PageAsk, Permit, Problem};
use kernel::{Currency, Day, Id, Organisation, Partnership, PriceList};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Between, PriceListSummary, PriceListView, PriceListWords, PricedProduct,
    tiers::{self, PriceTier},
};
use crate::catalogue::{ReadPrices, WriteProducts};

/// A price list, as it is to be.
#[derive(Debug, Deserialize, ToSchema)]
struct PriceListForm {
    /// The revision that is changed.
    revision: i64,
    /// What it says from now on, with all its prices.
    list: PriceListWords,
}

/// Whose prices, for whom, in what and when.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct PricesAsk {
    /// How many rows, 1 to 200; 50 unless told.
    limit: Option<i64>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Your prices for this partner; or `seller`.
    buyer: Option<Id<Organisation>>,
    /// This partner's prices for you; or `buyer`.
    seller: Option<Id<Organisation>>,
    /// In what; EUR unless told.
    currency: Option<Currency>,
    /// On which day, in UTC; today unless told.
    on: Option<Day>,
    /// Only products with this in their number, GTIN, family or names.
    q: Option<String>,
}

/// Into which tier a partner is put.
#[derive(Debug, Deserialize, ToSchema)]
struct PriceTierForm {
    /// At most 40 characters; none takes it out of its tier.
    tier: Option<String>,
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(one, write))
        .routes(routes!(prices))
        .routes(routes!(list_tiers))
        .routes(routes!(write_tier))
}

/// One's own price lists, the newest first.
#[utoipa::path(get, path = "/api/v1/price-lists", operation_id = "list_price_lists", tag = "prices", responses((status = 200, body = Page<PriceListSummary>)))]
async fn list(
    State(house): State<House>,
    permit: Permit<ReadPrices>,
) -> Result<Json<Page<PriceListSummary>>, Problem> {
    let mut conn = house.db.read().await?;
    Ok(Json(super::list(&mut conn, permit.scope()).await?))
}

/// Add a price list.
#[utoipa::path(post, path = "/api/v1/price-lists", operation_id = "add_price_list", tag = "prices", responses((status = 201, body = PriceListView), (status = 403), (status = 409), (status = 422)))]
async fn add(
    State(house): State<House>,
    permit: Permit<WriteProducts>,
    Form(form): Form<PriceListWords>,
) -> Result<(StatusCode, Json<PriceListView>), Problem> {
    let (now, mut tx) = (house.clock.now(), house.db.write().await?);
    let id = super::write(&mut tx, &permit, None, form, now).await?;
    let view = super::read(&mut tx, permit.scope(), id).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// A price list of one's own, with its prices.
#[utoipa::path(get, path = "/api/v1/price-lists/{price_list}", operation_id = "read_price_list", tag = "prices", params(("price_list" = Id<PriceList>, Path)), responses((status = 200, body = PriceListView), (status = 404)))]
async fn one(
    State(house): State<House>,
    permit: Permit<ReadPrices>,
    At(list): At<Id<PriceList>>,
) -> Result<Json<PriceListView>, Problem> {
    let mut conn = house.db.read().await?;
    Ok(Json(super::read(&mut conn, permit.scope(), list).await?))
}

/// Write a price list anew, with all its prices.
#[utoipa::path(put, path = "/api/v1/price-lists/{price_list}", operation_id = "write_price_list", tag = "prices", params(("price_list" = Id<PriceList>, Path)), responses((status = 200, body = PriceListView), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn write(
    State(house): State<House>,
    permit: Permit<WriteProducts>,
    At(list): At<Id<PriceList>>,
    Form(form): Form<PriceListForm>,
) -> Result<Json<PriceListView>, Problem> {
    let of = Some((list, form.revision));
    let (now, mut tx) = (house.clock.now(), house.db.write().await?);
    super::write(&mut tx, &permit, of, form.list, now).await?;
    let view = super::read(&mut tx, permit.scope(), list).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// What products cost: yours a partner, or a partner's you.
#[utoipa::path(get, path = "/api/v1/prices", operation_id = "list_prices", tag = "prices", params(PricesAsk), responses((status = 200, body = Page<PricedProduct>), (status = 422)))]
async fn prices(
    State(house): State<House>,
    permit: Permit<ReadPrices>,
    Asked(ask): Asked<PricesAsk>,
) -> Result<Json<Page<PricedProduct>>, Problem> {
    let between = match (ask.buyer, ask.seller) {
        (Some(buyer), None) => Between::Buyer(buyer),
        (None, Some(seller)) => Between::Seller(seller),
        (Some(_), Some(_)) | (None, None) => {
            let why =
                "name one partner: as `buyer` of your products, or as `seller` to you";
            return Err(Problem::refused("buyer", why));
        }
    };
    let on = ask.on.unwrap_or_else(|| house.clock.now().day());
    let currency = ask.currency.unwrap_or(Currency::EUR);
    let of = (currency, on, ask.q.as_deref().unwrap_or_default());
    let page = PageAsk { limit: ask.limit, after: ask.after, total: None };
    let mut conn = house.db.read().await?;
    super::prices(&mut conn, permit.scope(), between, of, &page).await.map(Json)
}

/// The partners that you have put into a tier; they do not learn of it.
#[utoipa::path(get, path = "/api/v1/price-tiers", operation_id = "list_price_tiers", tag = "prices", responses((status = 200, body = Page<PriceTier>)))]
async fn list_tiers(
    State(house): State<House>,
    permit: Permit<ReadPrices>,
) -> Result<Json<Page<PriceTier>>, Problem> {
    let mut conn = house.db.read().await?;
    Ok(Json(tiers::list(&mut conn, permit.scope()).await?))
}

/// Put a partner into a tier, or take it out; the lists of its tier hold for it from now on.
#[utoipa::path(put, path = "/api/v1/partnerships/{partnership}/price-tier", operation_id = "write_price_tier", tag = "prices", params(("partnership" = Id<Partnership>, Path)), responses((status = 200, body = PriceTier), (status = 403), (status = 404), (status = 422)))]
async fn write_tier(
    State(house): State<House>,
    permit: Permit<WriteProducts>,
    At(partnership): At<Id<Partnership>>,
    Form(form): Form<PriceTierForm>,
) -> Result<Json<PriceTier>, Problem> {
    let (now, mut tx) = (house.clock.now(), house.db.write().await?);
    let tier = form.tier.as_deref();
    let told = tiers::write(&mut tx, &permit, partnership, tier, now).await?;
    tx.commit().await?;
    Ok(Json(told))
}
