//! One router for everything that is asked over HTTP.

use std::{net::SocketAddr, time::Duration};

use axum::{
    Router,
    extract::{ConnectInfo, DefaultBodyLimit, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use gate::{House, Problem};
use metrics_exporter_prometheus::PrometheusHandle;
use rooms::Live;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    set_header::SetResponseHeaderLayer,
    timeout::TimeoutLayer,
    trace::TraceLayer,
};
use utoipa::openapi::{Info, InfoBuilder, License, OpenApi};
use utoipa_axum::router::OpenApiRouter;

use crate::{docs, document};

/// How long a request may take before it is given up.
const PATIENCE: Duration = Duration::from_mins(1);

/// The API's routes with their document.
fn api(live: &Live) -> (Router<House>, OpenApi) {
    let document = OpenApi::new(info(), utoipa::openapi::Paths::new());
    let (routes, mut document) = OpenApiRouter::with_openapi(document)
        .merge(gate::sessions::routes())
        .merge(gate::tokens::routes())
        .merge(directory::routes())
        .merge(sharing::routes())
        .merge(crm::routes())
        .merge(commerce::routes())
        .merge(exchange::routes())
        .merge(campaigns::routes())
        .merge(rooms::routes(live))
        .merge(mail::routes())
        .split_for_parts();
    document::finish(&mut document);
    (routes, document)
}

fn info() -> Info {
    InfoBuilder::new()
        .title("Entente")
        .version("1")
        .description(Some("Everything that the hub does, for programs. Lists are paged by `after`; writes take an `Idempotency-Key`; changes name the revision they change in `If-Match`; what was refused is told as RFC 9457 says."))
        .license(Some(License::new("MIT")))
        .build()
}

/// The OpenAPI document (3.1).
pub fn openapi() -> OpenApi {
    api(&Live::new()).1
}

/// The whole router: API, documents, health, UI.
pub fn router(
    house: &House,
    live: &Live,
    body_limit_bytes: usize,
    metrics: Option<PrometheusHandle>,
) -> Router {
    let (api, document) = api(live);
    let page = docs::page(&document);
    let json = document.to_json().unwrap_or_default();
    let open = Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route(
            "/metrics",
            get(async move |request: Request| tell_metrics(&request, metrics.as_ref())),
        )
        .route(
            "/api/v1/openapi.json",
            get(async move || {
                ([(header::CONTENT_TYPE, "application/json")], json.clone())
            }),
        )
        .route(
            "/api/docs",
            get(async move || {
                ([(header::CONTENT_SECURITY_POLICY, docs::POLICY)], Html(page.clone()))
            }),
        );
    api.merge(open)
        .route("/api/{*rest}", axum::routing::any(async || Problem::not_found()))
        .method_not_allowed_fallback(async || {
            Problem::new(&gate::NOT_FOUND, "this address does not take that method")
        })
        .layer(from_fn_with_state(house.clone(), gate::idempotent))
        .layer(from_fn_with_state(house.clone(), gate::fence))
        .layer(from_fn_with_state(house.clone(), gate::authenticate))
        .with_state(house.clone())
        .fallback(web::serve)
        .layer(DefaultBodyLimit::max(body_limit_bytes))
        .layer(from_fn(guard))
        .layer(CompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(TraceLayer::new_for_http())
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::REFERRER_POLICY,
            HeaderValue::from_static("same-origin"),
        ))
}

/// What no answer goes without: it is kept by nobody on the way, and is no page of another.
async fn guard(request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if api {
        headers
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
        let strict =
            HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(strict);
    }
    response
}

/// Whether requests can be served: the database answers.
async fn ready(State(house): State<House>) -> Response {
    if !house.db.bus().lease().is_live() {
        return (StatusCode::SERVICE_UNAVAILABLE, "this node has no lease\n")
            .into_response();
    }
    match house.db.read().await {
        Ok(_conn) => "ready\n".into_response(),
        Err(fault) => {
            tracing::warn!(
                error = &fault as &dyn std::error::Error,
                "not ready: {fault}"
            );
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
                .into_response()
        }
    }
}

/// Only this machine reads the measures: they tell how busy everybody is.
fn tell_metrics(request: &Request, metrics: Option<&PrometheusHandle>) -> Response {
    let who = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let near = who.is_some_and(|ConnectInfo(peer)| peer.ip().is_loopback());
    let forwarded = ["forwarded", "x-forwarded-for"]
        .iter()
        .any(|name| request.headers().contains_key(*name));
    match metrics.filter(|_| near && !forwarded) {
        Some(handle) => handle.render().into_response(),
        None => Problem::not_found().into_response(),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the layer hands the panic over")]
fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    let text =
        text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    tracing::error!("a request panicked: {text}");
    Problem::new(
        &gate::INTERNAL,
        "it has been written down; try again, or ask the administrator",
    )
    .into_response()
}
