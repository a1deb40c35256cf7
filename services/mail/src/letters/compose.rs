//! A letter as the bytes that go over the wire. The same letter is written once: its bytes are
//! kept, and a second attempt sends the same ones.

use std::time::{Duration, UNIX_EPOCH};

use directory::Locale;
use kernel::{Fault, Moment};
use lettre::{
    Address, Message,
    message::{
        Attachment, Body, Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, Header, HeaderName, HeaderValue},
    },
};

use super::words;
use crate::text::escaped;

/// What a letter says to whom.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    /// Whose name stands on it.
    pub(crate) from: String,
    /// Our own address.
    pub(crate) address: String,
    /// To whom.
    pub(crate) to: String,
    /// Their name, if known.
    pub(crate) to_name: Option<String>,
    /// One line.
    pub(crate) subject: String,
    /// Its id, without angle brackets.
    pub(crate) message_id: String,
    /// The ids of what came before, the oldest first, without angle brackets.
    pub(crate) earlier: Vec<String>,
    /// Where answers go.
    pub(crate) reply_to: Option<String>,
    /// Where one leaves by one click (RFC 8058).
    pub(crate) unsubscribe: Option<String>,
    /// As plain text.
    pub(crate) text: String,
    /// The same as HTML, if there is more to show.
    pub(crate) html: Option<String>,
    /// Whether we say it of ourselves, and no person does (RFC 3834). One to which nobody can
    /// answer is in any case.
    pub(crate) automatic: bool,
    /// What hangs on it.
    pub(crate) files: Vec<Enclosed>,
}

/// What hangs on a letter.
#[derive(Clone, Debug)]
pub(crate) struct Enclosed {
    /// Its name.
    pub(super) name: String,
    /// What it is, by its bytes.
    pub(super) kind: String,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
}

macro_rules! header {
    ($type:ident, $name:literal) => {
        #[derive(Clone)]
        struct $type(String);

        impl Header for $type {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }

            fn parse(
                text: &str,
            ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok(Self(text.to_owned()))
            }

            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), self.0.clone())
            }
        }
    };
}
header!(AutoSubmitted, "Auto-Submitted");
header!(AutoResponseSuppress, "X-Auto-Response-Suppress");
header!(ListUnsubscribe, "List-Unsubscribe");
header!(ListUnsubscribePost, "List-Unsubscribe-Post");

/// RFC 5322 § 2.1.1 allows lines of 998 bytes, and some servers refuse headers above that.
const REFERENCES_BYTES: usize = 900;

/// The bytes of a letter.
///
/// # Errors
/// If an address cannot be one.
pub(super) fn bytes(draft: &Draft, at: Moment) -> Result<Vec<u8>, Fault> {
    let since = Duration::from_micros(u64::try_from(at.micros()).unwrap_or(0));
    let mut message = Message::builder()
        .date(UNIX_EPOCH + since)
        .from(mailbox(Some(&draft.from), &draft.address)?)
        .to(mailbox(draft.to_name.as_deref(), &draft.to)?)
        .subject(one_line(&draft.subject))
        .message_id(Some(format!("<{}>", draft.message_id)))
        .header(AutoResponseSuppress("OOF, AutoReply".to_owned()));
    if let Some(last) = draft.earlier.last().filter(|_| draft.earlier.len() > 1) {
        message = message.in_reply_to(format!("<{last}>"));
    }
    if !draft.earlier.is_empty() {
        message = message.references(references(&draft.earlier));
    }
    if let Some(address) = &draft.reply_to {
        message = message.reply_to(mailbox(Some(&draft.from), address)?);
    }
    // A person's words are no automatic mail; what we write ourselves is (RFC 3834).
    if draft.automatic || draft.reply_to.is_none() {
        message = message.header(AutoSubmitted("auto-generated".to_owned()));
    }
    if let Some(link) = &draft.unsubscribe {
        message = message
            .header(ListUnsubscribe(format!("<{link}>")))
            .header(ListUnsubscribePost("List-Unsubscribe=One-Click".to_owned()));
    }
    let (text, html) = (draft.text.clone(), draft.html.clone());
    let written = match (html, draft.files.is_empty()) {
        (Some(html), true) => {
            message.multipart(MultiPart::alternative_plain_html(text, html))
        }
        (None, true) => message.singlepart(SinglePart::plain(text)),
        (html, false) => message.multipart(enclosing(text, html, &draft.files)?),
    };
    written.map(|message| message.formatted()).map_err(Fault::new("writing a letter"))
}

/// The words, and then the files.
fn enclosing(
    text: String,
    html: Option<String>,
    files: &[Enclosed],
) -> Result<MultiPart, Fault> {
    let mixed = MultiPart::mixed();
    let mut whole = match html {
        Some(html) => mixed.multipart(MultiPart::alternative_plain_html(text, html)),
        None => mixed.singlepart(SinglePart::plain(text)),
    };
    for Enclosed { name, kind, bytes } in files {
        let kind = kind.parse().map_err(Fault::new("naming what a file is"))?;
        // Base 64 in any case: no server then touches the ends of its lines.
        let encoding = ContentTransferEncoding::Base64;
        let bytes = Body::new_with_encoding(bytes.clone(), encoding)
            .map_err(|_refused| Fault::broken("enclosing a file", "it has no base 64"))?;
        let file = Attachment::new(one_line(name)).body(bytes, kind);
        whole = whole.singlepart(file);
    }
    Ok(whole)
}

fn mailbox(name: Option<&str>, address: &str) -> Result<Mailbox, Fault> {
    let address: Address =
        address.parse().map_err(Fault::new("reading an address for a letter"))?;
    Ok(Mailbox::new(name.map(one_line), address))
}

/// A text that cannot end a header.
fn one_line(text: &str) -> String {
    let spaced = text.chars().map(|it| if it.is_control() { ' ' } else { it });
    spaced.collect::<String>().trim().to_owned()
}

/// The first id, by which the thread is known, and as many of the last ones as fit.
fn references(earlier: &[String]) -> String {
    let Some((root, others)) = earlier.split_first() else { return String::new() };
    let mut left = REFERENCES_BYTES.saturating_sub(root.len() + 2);
    let fits = |id: &&String| {
        let length = id.len() + 3;
        let fits = length <= left;
        left = left.saturating_sub(length);
        fits
    };
    let mut last: Vec<&String> = others.iter().rev().take_while(fits).collect();
    last.reverse();
    let ids = std::iter::once(root).chain(last).map(|id| format!("<{id}>"));
    ids.collect::<Vec<_>>().join(" ")
}

/// What a guest reads: our line, who speaks, the words, and how to answer or leave.
pub(super) struct Words<'w> {
    pub(super) locale: Locale,
    pub(super) speaker: &'w str,
    pub(super) topic: &'w str,
    pub(super) body: &'w str,
    pub(super) sponsor: &'w str,
    pub(super) leave: &'w str,
}

impl Words<'_> {
    pub(super) fn text(&self) -> String {
        let Words { locale, body, leave, .. } = *self;
        format!(
            "{}\n\n{}\n\n{body}\n\n-- \n{}\n{}: {leave}\n",
            words::marker(locale),
            words::opening(locale, self.speaker, self.topic),
            words::reason(locale, self.sponsor),
            words::leave(locale),
        )
    }

    pub(super) fn html(&self) -> String {
        let Words { locale, .. } = *self;
        let paragraphs = self.body.split("\n\n").map(|paragraph| {
            let lines: Vec<String> = paragraph.split('\n').map(escaped).collect();
            format!("<p>{}</p>", lines.join("<br>"))
        });
        format!(
            "<!doctype html><html lang=\"{}\"><body style=\"font-family:sans-serif;font-size:15px;line-height:1.5\">\
             <div style=\"color:#767676;font-size:12px\">{}</div>\
             <p style=\"color:#555\">{}</p>{}\
             <div style=\"color:#767676;font-size:12px;margin-top:24px\">{}<br><a href=\"{}\">{}</a></div>\
             </body></html>",
            locale.code(),
            escaped(words::marker(locale)),
            escaped(&words::opening(locale, self.speaker, self.topic)),
            paragraphs.collect::<String>(),
            escaped(&words::reason(locale, self.sponsor)),
            escaped(self.leave),
            escaped(words::leave(locale)),
        )
    }
}

#[cfg(test)]
mod tests {
    use directory::Locale;
    use kernel::Moment;
    use mail_parser::{MessageParser, MimeHeaders};
    use proptest::prelude::proptest;

    use super::{Draft, Enclosed, REFERENCES_BYTES, Words, bytes, references};

    fn draft() -> Draft {
        Draft {
            from: "Żółta, Łódź (Vendor)".to_owned(),
            address: "post@hub.test".to_owned(),
            to: "x@client.test".to_owned(),
            to_name: Some("Xavier".to_owned()),
            subject: "Re: Prix spécial — offre №7".to_owned(),
            message_id: "ltr_1@hub.test".to_owned(),
            earlier: vec!["room_1@hub.test".to_owned(), "m7@client.test".to_owned()],
            reply_to: Some("reply+abc@hub.test".to_owned()),
            unsubscribe: Some("https://hub.test/api/v1/mail/unsubscribe/abc".to_owned()),
            text: "hello\n.\nMüller".to_owned(),
            html: Some("<p>hello</p>".to_owned()),
            automatic: false,
            files: Vec::new(),
        }
    }

    #[test]
    fn files_hang_on_a_letter_whatever_they_are_called() {
        let file = |name: &str, bytes: &[u8]| Enclosed {
            name: name.to_owned(),
            kind: "application/octet-stream".to_owned(),
            bytes: bytes.to_vec(),
        };
        let long = format!("{}.pdf", "é".repeat(100));
        let names = ["plan.pdf", "Été № 7.png", "a\"\r\nBcc: x@y.test", &long];
        let binary: Vec<u8> = (0..=255).collect();
        let files = names.iter().map(|name| file(name, &binary)).collect();

        let raw = bytes(&Draft { files, ..draft() }, Moment::from_micros(0)).unwrap();

        let read = MessageParser::default().parse(&raw).unwrap();
        assert!(read.bcc().is_none());
        assert_eq!(read.body_text(0).unwrap().trim().lines().count(), 3);
        let got: Vec<_> = read.attachments().collect();
        assert_eq!(got.len(), names.len());
        for (part, name) in got.iter().zip(names) {
            assert_eq!(part.contents(), &binary[..], "{name}");
        }
        assert_eq!(got[1].attachment_name(), Some("Été № 7.png"));
        assert_eq!(got[3].attachment_name(), Some(&*long));
    }

    #[test]
    fn a_letter_threads_and_can_be_answered_and_left() {
        let raw = bytes(&draft(), Moment::from_micros(1_700_000_000_000_000)).unwrap();
        let read = MessageParser::default().parse(&raw).unwrap();

        assert_eq!(read.subject(), Some("Re: Prix spécial — offre №7"));
        assert_eq!(read.message_id(), Some("ltr_1@hub.test"));
        assert_eq!(read.in_reply_to().as_text(), Some("m7@client.test"));
        assert_eq!(read.references().as_text_list().unwrap().len(), 2);
        let from = read.from().unwrap().first().unwrap();
        assert_eq!(from.name(), Some("Żółta, Łódź (Vendor)"));
        assert_eq!(from.address(), Some("post@hub.test"));
        let reply = read.reply_to().unwrap().first().unwrap();
        assert_eq!(reply.address(), Some("reply+abc@hub.test"));
        assert_eq!(read.date().unwrap().to_timestamp(), 1_700_000_000);
        assert!(read.header("Auto-Submitted").is_none());
        let post = read.header("List-Unsubscribe-Post").unwrap();
        assert_eq!(post.as_text(), Some("List-Unsubscribe=One-Click"));
        assert_eq!(
            read.body_text(0).unwrap().trim().replace('\r', ""),
            "hello\n.\nMüller"
        );
        let text = String::from_utf8(raw).unwrap();
        assert!(text.is_ascii() && text.lines().all(|line| line.len() < 998));
        assert!(text.contains(
            "List-Unsubscribe: <https://hub.test/api/v1/mail/unsubscribe/abc>"
        ));
    }

    #[test]
    fn a_letter_of_our_own_says_that_it_is_automatic() {
        let draft = Draft { reply_to: None, earlier: Vec::new(), ..draft() };
        let raw = bytes(&draft, Moment::from_micros(0)).unwrap();
        let read = MessageParser::default().parse(&raw).unwrap();
        assert_eq!(
            read.header("Auto-Submitted").unwrap().as_text(),
            Some("auto-generated")
        );
        assert!(read.header("In-Reply-To").is_none());
    }

    #[test]
    fn a_hub_without_a_name_of_its_own_can_write_too() {
        let address = "post@localhost".to_owned();
        let draft = Draft { address, ..draft() };
        assert!(bytes(&draft, Moment::from_micros(0)).is_ok());
    }

    #[test]
    fn a_name_cannot_add_a_header() {
        let draft = Draft {
            subject: "a\r\nBcc: evil@x.test".to_owned(),
            from: "b\r\nBcc: evil@x.test".to_owned(),
            ..draft()
        };
        let raw = bytes(&draft, Moment::from_micros(0)).unwrap();
        assert!(MessageParser::default().parse(&raw).unwrap().bcc().is_none());
    }

    #[test]
    fn words_of_others_stay_words_in_html() {
        let words = Words {
            locale: Locale::Fr,
            speaker: "<b>Ana</b>",
            topic: "a & b",
            body: "<script>\nx",
            sponsor: "\"V\"",
            leave: "https://h.test/?a&b",
        };
        let html = words.html();
        assert!(!html.contains("<script>") && !html.contains("<b>"));
        assert!(html.contains("&lt;script&gt;<br>x"));
        assert!(words.text().starts_with("##- Répondez au-dessus de cette ligne -##\n"));
    }

    proptest! {
        #[test]
        fn property_references_keep_the_root_and_the_last_and_stay_short(count in 1_usize..200, length in 1_usize..120) {
            let earlier: Vec<String> = (0..count).map(|at| format!("{at}-{}@h", "x".repeat(length))).collect();
            let line = references(&earlier);
            assert!(line.len() <= REFERENCES_BYTES);
            let first = format!("<{}>", earlier[0]);
            let last = format!("<{}>", earlier[count - 1]);
            assert!(line.starts_with(&first) && line.ends_with(&last));
        }
    }
}
