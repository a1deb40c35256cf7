//! Which pages may open a socket with a person's cookie: our own.

use axum::http::{HeaderMap, header};

/// Whether a page of ours, or no page at all, asks. Browsers always tell the origin; what is
/// no browser has no cookie that it did not get by signing in.
pub(super) fn is_ours(headers: &HeaderMap, public_url: &str) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).into_iter();
    let (Some(origin), None) = (origins.next(), origins.next()) else {
        return !headers.contains_key(header::ORIGIN);
    };
    let Ok(origin) = origin.to_str() else { return false };
    if origin.eq_ignore_ascii_case(origin_of(public_url)) {
        return true;
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let asked = origin.split_once("://").map(|(_, host)| host);
    host.zip(asked).is_some_and(|(host, asked)| host.eq_ignore_ascii_case(asked))
}

/// Scheme, host and port of an address.
fn origin_of(url: &str) -> &str {
    let Some((scheme, rest)) = url.split_once("://") else { return url };
    let host = rest.split('/').next().unwrap_or(rest);
    url.get(..scheme.len() + "://".len() + host.len()).unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::is_ours;

    fn asks(origin: Option<&'static str>, host: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static(host));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
        }
        is_ours(&headers, "https://hub.example/entente")
    }

    #[test]
    fn only_pages_of_this_hub_open_a_socket() {
        assert!(asks(Some("https://hub.example"), "10.0.0.7:4200"));
        assert!(asks(Some("http://10.0.0.7:4200"), "10.0.0.7:4200"));
        assert!(asks(None, "hub.example"));
        assert!(!asks(Some("https://evil.example"), "hub.example"));
        assert!(!asks(Some("https://hub.example.evil.example"), "hub.example"));
        assert!(!asks(Some("null"), "hub.example"));
    }
}
