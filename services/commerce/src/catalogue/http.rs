//! `/products`.

use axum::{Json, extract::State, http::StatusCode};
use gate::{Asked, At, Form, House, Page, PageAsk, Permit, Problem};
use kernel::{Id, Product};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{ProductView, ProductWords, ReadProducts, WriteProducts};

/// A product, as it is to be.
#[derive(Debug, Deserialize, ToSchema)]
struct ProductForm {
    /// The revision that is changed.
    revision: i64,
    /// What it says from now on.
    product: ProductWords,
}

/// Which products to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ProductsAsk {
    /// How many rows, 1 to 200; 50 unless told.
    limit: Option<i64>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Only those with this in their number, GTIN, family or names.
    q: Option<String>,
    /// Also those that are not sold any more.
    inactive: Option<bool>,
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(one, write))
}

/// One's own products, by number.
#[utoipa::path(get, path = "/api/v1/products", operation_id = "list_products", tag = "products", params(ProductsAsk), responses((status = 200, body = Page<ProductView>)))]
async fn list(
    State(house): State<House>,
    permit: Permit<ReadProducts>,
    Asked(ask): Asked<ProductsAsk>,
) -> Result<Json<Page<ProductView>>, Problem> {
    let page = PageAsk { limit: ask.limit, after: ask.after, total: None };
    let filter = (ask.q.as_deref().unwrap_or_default(), ask.inactive.unwrap_or(false));
    let mut conn = house.db.read().await?;
    super::list(&mut conn, permit.scope(), filter, &page).await.map(Json)
}

/// Add a product.
#[utoipa::path(post, path = "/api/v1/products", operation_id = "add_product", tag = "products", responses((status = 201, body = ProductView), (status = 403), (status = 409), (status = 422)))]
async fn add(
    State(house): State<House>,
    permit: Permit<WriteProducts>,
    Form(form): Form<ProductWords>,
) -> Result<(StatusCode, Json<ProductView>), Problem> {
    let (now, mut tx) = (house.clock.now(), house.db.write().await?);
    let id = super::add(&mut tx, &permit, form, now).await?;
    let view = super::read(&mut tx, permit.scope(), id).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// A product of one's own.
#[utoipa::path(get, path = "/api/v1/products/{product}", operation_id = "read_product", tag = "products", params(("product" = Id<Product>, Path)), responses((status = 200, body = ProductView), (status = 404)))]
async fn one(
    State(house): State<House>,
    permit: Permit<ReadProducts>,
    At(product): At<Id<Product>>,
) -> Result<Json<ProductView>, Problem> {
    let mut conn = house.db.read().await?;
    Ok(Json(super::read(&mut conn, permit.scope(), product).await?))
}

/// Write a product anew.
#[utoipa::path(put, path = "/api/v1/products/{product}", operation_id = "write_product", tag = "products", params(("product" = Id<Product>, Path)), responses((status = 200, body = ProductView), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn write(
    State(house): State<House>,
    permit: Permit<WriteProducts>,
    At(product): At<Id<Product>>,
    Form(form): Form<ProductForm>,
) -> Result<Json<ProductView>, Problem> {
    let of = (product, form.revision);
    let (now, mut tx) = (house.clock.now(), house.db.write().await?);
    super::write(&mut tx, &permit, of, form.product, now).await?;
    let view = super::read(&mut tx, permit.scope(), product).await?;
    tx.commit().await?;
    Ok(Json(view))
}
