//! The API's document, as a page that people read. Plain HTML, no script.

use std::fmt::Write;

use utoipa::openapi::{OpenApi, path::Operation};

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b18;background:#fbfbf9}h2{margin-top:2.5rem;border-bottom:1px solid #e6e6e1}code{font:13px ui-monospace,monospace}b{display:inline-block;min-width:4.5rem;color:#128060}li{margin:.4rem 0;list-style:none}ul{padding:0}p{margin:.1rem 0 .1rem 4.7rem;color:#63635b}@media(prefers-color-scheme:dark){body{background:#0f1211;color:#e6e8e6}p{color:#a2a8a4}h2{border-color:#292e2b}b{color:#31a579}}";

/// The page: every operation, by what it is about.
pub(crate) fn page(document: &OpenApi) -> String {
    let mut rows: Vec<(String, String)> = Vec::new();
    for (path, item) in &document.paths.paths {
        let methods = [
            ("GET", &item.get),
            ("POST", &item.post),
            ("PUT", &item.put),
            ("PATCH", &item.patch),
            ("DELETE", &item.delete),
        ];
        for (method, operation) in methods {
            if let Some(operation) = operation {
                rows.push(row(method, path, operation));
            }
        }
    }
    rows.sort_by(|one, other| one.0.cmp(&other.0));
    let mut html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Entente API</title><style>{STYLE}</style><h1>Entente API</h1><p style=\"margin-left:0\">The same, for programs: <a href=\"/api/v1/openapi.json\">openapi.json</a></p>"
    );
    let mut about = String::new();
    for (tag, line) in rows {
        if tag != about {
            let close = if about.is_empty() { "" } else { "</ul>" };
            let _infallible = write!(html, "{close}<h2>{}</h2><ul>", escape(&tag));
            about = tag;
        }
        html.push_str(&line);
    }
    html.push_str("</ul></html>");
    html.replace(" style=\"margin-left:0\"", "")
}

fn row(method: &str, path: &str, operation: &Operation) -> (String, String) {
    let tag = operation.tags.as_ref().and_then(|tags| tags.first()).cloned();
    let told = operation.summary.clone().or_else(|| operation.description.clone());
    let line = format!(
        "<li><b>{method}</b><code>{}</code><p>{}</p></li>",
        escape(path),
        escape(&told.unwrap_or_default())
    );
    (tag.unwrap_or_else(|| "other".to_owned()), line)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// What lets the page's own style through a strict policy.
pub(crate) const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
