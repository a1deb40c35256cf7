//! `/funds`, `/fund-allocations`, `/fund-requests`, `/fund-claims`.

mod asking;
mod claiming;
mod running;

use axum::{
    Json,
    http::{HeaderMap, header::ETAG},
};
use gate::House;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    running::routes().merge(asking::routes()).merge(claiming::routes())
}

type Tagged<T> = (HeaderMap, Json<T>);

fn tagged<T: Serialize>(revision: i64, body: T) -> Tagged<T> {
    let tag = format!("\"{revision}\"").parse();
    let headers = tag.into_iter().map(|tag| (ETAG, tag)).collect();
    (headers, Json(body))
}
