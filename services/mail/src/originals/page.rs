//! A mail's HTML made harmless. Pure.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use mail_parser::{Message, MimeHeaders, PartType};
use sharing::files;

use crate::{arrivals::head, text::cut, token::redact};

/// A page longer than this is cut.
const LONGEST_BYTES: usize = 1_000_000;
/// Pictures of the mail itself are shown up to this size, all together.
const PICTURES_BYTES: usize = 3_000_000;

/// The page of a mail: its own pictures in it, those of others and all that runs taken out.
pub(super) fn safe(mail: &Message<'_>) -> String {
    let html = mail.html_bodies().filter_map(|part| match &part.body {
        PartType::Html(html) => Some(html.as_ref()),
        PartType::Text(_)
        | PartType::Binary(_)
        | PartType::InlineBinary(_)
        | PartType::Message(_)
        | PartType::Multipart(_) => None,
    });
    let html = html.collect::<Vec<_>>().join("<hr>");
    let clean = cleaned(&redact(head(&html, LONGEST_BYTES)), &pictures(mail));
    format!(
        "<!doctype html><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light\"><style>body{{font:15px/1.5 sans-serif;margin:12px;overflow-wrap:anywhere}}img{{max-width:100%;height:auto}}table{{max-width:100%}}</style>{clean}"
    )
}

/// What a mail carries and calls by `cid:` (RFC 2392), as `data:` addresses (RFC 2397).
fn pictures(mail: &Message<'_>) -> HashMap<String, String> {
    let mut left = PICTURES_BYTES;
    let mut known = HashMap::new();
    for part in &mail.parts {
        let (Some(id), bytes) = (part.content_id(), part.contents()) else { continue };
        let kind = files::kind_of(bytes);
        if !files::is_picture(kind) || bytes.len() > left {
            continue;
        }
        left -= bytes.len();
        let data = format!("data:{kind};base64,{}", BASE64_STANDARD.encode(bytes));
        known.insert(cut(id.trim_matches(['<', '>']), 300), data);
    }
    known
}

fn cleaned(html: &str, pictures: &HashMap<String, String>) -> String {
    let pictures = pictures.clone();
    let mut builder = ammonia::Builder::default();
    builder
        .url_schemes(HashSet::from(["http", "https", "mailto", "cid"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .attribute_filter(move |element, attribute, value| {
            let picture = value.strip_prefix("cid:");
            match (element, attribute) {
                ("img", "src") => {
                    picture.and_then(|id| pictures.get(id)).cloned().map(Cow::Owned)
                }
                _ if picture.is_some() => None,
                _ => Some(Cow::Borrowed(value)),
            }
        });
    builder.clean(html).to_string()
}

#[cfg(test)]
mod tests {
    use mail_parser::MessageParser;

    use super::safe;

    fn page(html: &str) -> String {
        let raw = format!(
            "From: x@client.test\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n{html}\r\n--b\r\nContent-Type: image/png\r\nContent-ID: <p1@x>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgoAAAANSUhEUg==\r\n--b\r\nContent-Type: image/svg+xml\r\nContent-ID: <p2@x>\r\n\r\n<svg onload=x>\r\n--b--\r\n"
        );
        safe(&MessageParser::default().parse(raw.as_bytes()).unwrap())
    }

    #[test]
    fn nothing_runs_and_nothing_is_fetched() {
        for hostile in [
            "<script>alert(1)</script>",
            "<img src=\"https://spy.test/p.gif\">",
            "<img srcset=\"https://spy.test/p.gif 2x\">",
            "<img src=\"//spy.test/p.gif\">",
            "<img src=\"/api/v1/me\">",
            "<img src=\"data:text/html,<script>\">",
            "<img src=\"cid:p2@x\">",
            "<img src=x onerror=alert(1)>",
            "<body background=\"https://spy.test/p.gif\">",
            "<div style=\"background:url(https://spy.test/p.gif)\">a</div>",
            "<link rel=stylesheet href=https://spy.test/a.css>",
            "<iframe src=https://spy.test></iframe>",
            "<form action=https://spy.test><input name=a></form>",
            "<meta http-equiv=refresh content='0;url=https://spy.test'>",
            "<a href=\"javascript:alert(1)\">a</a>",
            "<a href=\"cid:p1@x\">a</a>",
            "<svg><use href=\"https://spy.test/#a\"/></svg>",
            "<video poster=\"https://spy.test/p.gif\"></video>",
            "<base href=\"https://spy.test/\">",
        ] {
            let page = page(hostile);
            for word in
                ["spy.test", "alert", "onerror", "onload", "/api/", "data:text", "cid:"]
            {
                assert!(!page.contains(word), "{hostile} left {word}: {page}");
            }
        }
    }

    #[test]
    fn its_own_pictures_and_links_stay() {
        let page = page(
            "<p>See <img src=\"cid:p1@x\" alt=\"plan\"> <a href=\"https://client.test/a\">there</a></p>",
        );
        assert!(page.contains("data:image/png;base64,iVBORw0KGgoAAAANSUhEUg=="));
        assert!(page.contains("href=\"https://client.test/a\""));
        assert!(page.contains("noopener"));
    }

    #[test]
    fn our_addresses_cannot_be_read_in_it() {
        let token = "a".repeat(52);
        let page = page(&format!(
            "<p>reply+{token}@hub.test <a href=\"https://hub.test/u/{token}\">x</a></p>"
        ));
        assert!(!page.contains(&token), "{page}");
    }
}
