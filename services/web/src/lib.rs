//! The built UI, embedded. Hashed assets never change and are served as they were compressed
//! at build time; the page itself is never cached and gets a fresh CSP nonce each time. A few files
//! have addresses that browsers keep: the service worker, the manifest, the icons.

use std::future::{Ready, ready};

use axum::{
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

#[derive(rust_embed::RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/ui/dist"]
#[allow_missing = true]
struct Dist;

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><title>Entente</title><p>The API runs; the UI is not built. Run <code>cargo xtask run</code>.</p></html>";
const NONCE: &str = "__NONCE__";
/// Files with addresses that browsers keep.
const LASTING: &[&str] =
    &["sw.js", "manifest.webmanifest", "icon-192.png", "icon-512.png"];
/// What the page may ask a person for: calls need a microphone and a screen, nothing else does.
/// Their streams come from no address, so the content policy says nothing of them.
const MAY_ASK_FOR: &str =
    "microphone=(self), display-capture=(self), camera=(), geolocation=()";

/// Serves the UI: an asset by its path, and the page for every other address, since the
/// addresses below it are the UI's own.
#[expect(clippy::needless_pass_by_value, reason = "a handler takes what it is given")]
pub fn serve(uri: Uri, headers: HeaderMap) -> Ready<Response> {
    ready(answer(&uri, &headers))
}

fn answer(uri: &Uri, headers: &HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path.starts_with("assets/") {
        return asset(path, headers)
            .unwrap_or_else(|| StatusCode::NOT_FOUND.into_response());
    }
    if LASTING.contains(&path) {
        return lasting(path).unwrap_or_else(|| StatusCode::NOT_FOUND.into_response());
    }
    page()
}

/// A file whose address stays while its bytes change: it is asked for again each time. A service
/// worker may do what it does for the whole site, and fetch from nowhere else.
fn lasting(path: &str) -> Option<Response> {
    let file = Dist::get(path)?;
    let kind = match path.rsplit('.').next() {
        Some("webmanifest") => "application/manifest+json",
        Some("js") => "text/javascript",
        Some(_) | None => "image/png",
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; connect-src 'self'"),
    ];
    Some((headers, file.data).into_response())
}

fn page() -> Response {
    let nonce = format!("{:032x}", rand::random::<u128>());
    let built = Dist::get("index.html");
    let html =
        built.map(|file| String::from_utf8_lossy(&file.data).replace(NONCE, &nonce));
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::HeaderName::from_static("permissions-policy"), MAY_ASK_FOR.to_owned()),
    ];
    (headers, html.unwrap_or_else(|| NOT_BUILT.to_owned())).into_response()
}

fn asset(path: &str, headers: &HeaderMap) -> Option<Response> {
    let accepted =
        headers.get(header::ACCEPT_ENCODING).and_then(|told| told.to_str().ok());
    let brotli = accepted.is_some_and(|told| {
        told.split(',').any(|each| each.trim().split(';').next() == Some("br"))
    });
    let packed = brotli.then(|| Dist::get(&format!("{path}.br"))).flatten();
    let is_packed = packed.is_some();
    let file = packed.or_else(|| Dist::get(path))?;
    let kind = mime_guess::from_path(path).first_or_octet_stream().to_string();
    let always = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()),
        (header::VARY, "accept-encoding".to_owned()),
    ];
    let mut response = (always, file.data).into_response();
    if is_packed {
        let brotli = header::HeaderValue::from_static("br");
        response.headers_mut().insert(header::CONTENT_ENCODING, brotli);
    }
    Some(response)
}

#[cfg(test)]
mod tests {
    use super::{StatusCode, header, serve};

    #[tokio::test]
    async fn each_page_has_a_nonce_of_its_own_and_is_not_kept() {
        let ask = || serve("/deals/4".parse().unwrap(), header::HeaderMap::new());
        let (one, other) = (ask().await, ask().await);
        let policy = |page: &super::Response| {
            page.headers()[header::CONTENT_SECURITY_POLICY].clone()
        };
        assert_ne!(policy(&one), policy(&other));
        assert!(!policy(&one).to_str().unwrap().contains("unsafe"));
        assert_eq!(one.headers()[header::CACHE_CONTROL], "no-store");
        let may_ask = one.headers()["permissions-policy"].to_str().unwrap();
        assert!(may_ask.contains("microphone=(self)") && may_ask.contains("camera=()"));
    }

    #[tokio::test]
    async fn the_service_worker_is_asked_for_again_each_time_and_is_no_page() {
        let worker = serve("/sw.js".parse().unwrap(), header::HeaderMap::new()).await;
        // Where the UI is not built, it is missing, and no page in its place.
        if worker.status() == StatusCode::OK {
            assert_eq!(worker.headers()[header::CONTENT_TYPE], "text/javascript");
            assert_eq!(worker.headers()[header::CACHE_CONTROL], "no-cache");
        } else {
            assert_eq!(worker.status(), StatusCode::NOT_FOUND);
        }
    }

    #[tokio::test]
    async fn a_missing_asset_is_not_a_page() {
        let gone =
            serve("/assets/gone.js".parse().unwrap(), header::HeaderMap::new()).await;
        assert_eq!(gone.status(), StatusCode::NOT_FOUND);
    }
}
