//! What a mail is: words for a room, an automatic answer, a bounce. Pure.

use std::fmt;

use mail_parser::{Message, MessagePart, MimeHeaders, PartType};
use store::Sha256;

use super::{
    bounce::{self, Failure, Standing},
    html, strip,
    table::AUTOMATIC_SUBJECTS,
};
use crate::{
    text::{cut, is_message_id, read_mail},
    token::redact,
};

/// What a mail turned out to be.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Nature {
    /// A person's words.
    Words(Words),
    /// A program wrote it: it is answered by nothing, and posted nowhere.
    Automatic(&'static str),
    /// A server says that a letter could not be delivered.
    Bounce(Failure),
    /// It is no mail.
    Nonsense,
}

/// A person's mail.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Words {
    /// The one address it says it is from, in lower case; none if it names none, or several.
    pub(super) from: Option<String>,
    /// Its id; one made of its words, where it has none.
    pub(super) message_id: String,
    /// Its subject.
    pub(super) subject: String,
    /// What is new in it.
    pub(super) reply: String,
    /// What hangs on it.
    pub(super) files: Vec<Attached>,
}

/// What hangs on a mail.
#[derive(Clone, PartialEq)]
pub(super) struct Attached {
    /// Its name, as the sender gave it.
    pub(super) name: String,
    /// Its bytes, decoded.
    pub(super) bytes: Vec<u8>,
}

impl fmt::Debug for Attached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attached({:?}, {} bytes)", self.name, self.bytes.len())
    }
}

/// A longer message is cut; the mail itself is kept whole.
pub(super) const LONGEST_CHARS: usize = 16_000;
pub(super) const ATTACHMENTS: usize = 50;

/// Judges a mail by its bytes and the envelope's sender.
///
/// Whether a report of a failure is believed is for those to say who know where it was sent.
pub(super) fn judge(raw: &[u8], sender: &str, is_bounce_address: bool) -> Nature {
    let Some(mail) = read_mail(raw) else { return Nature::Nonsense };
    let vacation = mail.header("Auto-Submitted").and_then(|it| it.as_text());
    let replied = vacation.is_some_and(|it| it.trim().starts_with("auto-replied"));
    let is_report = mail.content_type().is_some_and(|it| {
        it.ctype().eq_ignore_ascii_case("multipart")
            && it.subtype().is_some_and(|sub| sub.eq_ignore_ascii_case("report"))
    });
    let standing = if is_bounce_address || sender.is_empty() {
        Standing::Report
    } else {
        Standing::Mail
    };
    // Some servers say `auto-replied` of their reports, too.
    let by_server = is_report || bounce::is_by_server(&mail);
    let failure = bounce::read(&mail, standing).filter(|_| by_server || !replied);
    if let Some(failure) = failure {
        return Nature::Bounce(failure);
    }
    if is_report || is_bounce_address {
        return Nature::Automatic("a report about a mail");
    }
    match automatic(&mail, sender) {
        Some(why) => Nature::Automatic(why),
        None => Nature::Words(words(&mail)),
    }
}

/// Why a mail is a program's, if it is.
pub(super) fn automatic(mail: &Message<'_>, sender: &str) -> Option<&'static str> {
    let header = |name: &'static str| {
        let told = mail.header(name).and_then(|value| value.as_text());
        told.map(|value| value.trim().to_lowercase())
    };
    let auto = header("Auto-Submitted").is_some_and(|value| !value.starts_with("no"));
    let bulk = header("Precedence")
        .is_some_and(|it| matches!(&*it, "bulk" | "junk" | "list" | "auto_reply"));
    let exchange = header("X-Auto-Response-Suppress").is_some_and(|it| {
        ["all", "oof", "autoreply"].iter().any(|word| it.contains(word))
    });
    let marks = ["X-Autoreply", "X-Autorespond", "X-Autoresponse", "X-Auto-Reply-From"];
    let marked = marks.iter().any(|name| mail.header(*name).is_some());
    let local = sender.split('@').next().unwrap_or_default().to_lowercase();
    let subject = mail.subject().unwrap_or_default().trim().to_lowercase();
    let away = AUTOMATIC_SUBJECTS.iter().any(|start| subject.starts_with(start));
    let reasons = [
        (sender.is_empty(), "it has no sender"),
        (auto, "it says that it was sent automatically"),
        (bulk, "it says that it is bulk mail"),
        (exchange || marked, "it says that it is an automatic answer"),
        (matches!(&*local, "mailer-daemon" | "postmaster"), "a mail server wrote it"),
        (away, "its subject is that of an automatic answer"),
    ];
    reasons.into_iter().find(|(is, _)| *is).map(|(_, why)| why)
}

/// The one address that a mail is from, in lower case.
pub(super) fn from(mail: &Message<'_>) -> Option<String> {
    let senders: Vec<&str> = mail
        .from()
        .map(|from| from.iter().filter_map(|it| it.address()).collect())
        .unwrap_or_default();
    match senders.as_slice() {
        [one] if !one.contains(char::is_control) => Some(one.trim().to_lowercase()),
        _ => None,
    }
}

/// A mail's subject, as it may be kept and shown.
pub(super) fn subject(mail: &Message<'_>) -> String {
    let told = redact(mail.subject().unwrap_or_default()).replace('\0', "");
    cut(told.trim(), 500)
}

fn words(mail: &Message<'_>) -> Words {
    let from = from(mail);
    let subject = subject(mail);
    let text = strip::reply(&text(mail));
    let reply = cut(&redact(&text), LONGEST_CHARS).replace('\0', "");
    let named = mail.message_id().map(str::trim).filter(|id| is_message_id(id));
    let made_up = || {
        let date = mail.date().map(mail_parser::DateTime::to_timestamp);
        let told = format!("{}\n{subject}\n{text}", date.unwrap_or_default());
        format!("{}@none.invalid", Sha256::of(told.as_bytes()))
    };
    let message_id = named.map_or_else(made_up, str::to_owned);
    Words { from, message_id, subject, reply, files: files(mail) }
}

/// What hangs on a mail, its pictures within the text too. A mail that hangs on it stays one
/// file: nothing within is unpacked.
fn files(mail: &Message<'_>) -> Vec<Attached> {
    let named = |part: &MessagePart<'_>, ending: &str| {
        let name = part.attachment_name().map(str::to_owned);
        cut(&name.unwrap_or_else(|| format!("unnamed{ending}")), 500)
    };
    let attached = mail.attachments().filter_map(|part| {
        let (bytes, ending) = match &part.body {
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                (bytes.to_vec(), "")
            }
            PartType::Text(text) => (text.as_bytes().to_vec(), ".txt"),
            PartType::Html(text) => (text.as_bytes().to_vec(), ".html"),
            PartType::Message(inner) => (inner.raw_message().to_vec(), ".eml"),
            PartType::Multipart(_) => return None,
        };
        (!bytes.is_empty()).then(|| Attached { name: named(part, ending), bytes })
    });
    attached.take(ATTACHMENTS).collect()
}

/// The words: the plain ones, or else those of the HTML.
fn text(mail: &Message<'_>) -> String {
    let mut plain = Vec::new();
    let mut marked = Vec::new();
    for part in mail.text_bodies() {
        match &part.body {
            PartType::Text(text) => plain.push(text.as_ref()),
            PartType::Html(html) => marked.push(html.as_ref()),
            PartType::Binary(_)
            | PartType::InlineBinary(_)
            | PartType::Message(_)
            | PartType::Multipart(_) => {}
        }
    }
    let plain = plain.join("\n");
    if !plain.trim().is_empty() {
        return plain;
    }
    if marked.is_empty() {
        marked.extend(mail.html_bodies().filter_map(|part| match &part.body {
            PartType::Html(html) => Some(html.as_ref()),
            PartType::Text(_)
            | PartType::Binary(_)
            | PartType::InlineBinary(_)
            | PartType::Message(_)
            | PartType::Multipart(_) => None,
        }));
    }
    html::to_text(&marked.join("\n"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop, proptest};

    use super::{Nature, Words, judge};
    use crate::arrivals::bounce::Lasting;

    fn mail(headers: &str, body: &str) -> Vec<u8> {
        format!("From: Xavier <X@Client.test>\r\nSubject: Re: Price\r\nMessage-ID: <m1@client.test>\r\n{headers}\r\n{body}").into_bytes()
    }

    fn words(raw: &[u8]) -> Words {
        let Nature::Words(words) = judge(raw, "x@client.test", false) else {
            panic!("no words")
        };
        words
    }

    #[test]
    fn a_reply_is_its_new_words_by_its_sender() {
        let raw = mail(
            "",
            "Two, please.\r\n\r\nOn 22 Nov 2026, Ana <a@h.test> wrote:\r\n> How many?\r\n",
        );
        let words = words(&raw);
        assert_eq!(words.reply, "Two, please.");
        assert_eq!(words.from.as_deref(), Some("x@client.test"));
        assert_eq!(
            (words.message_id.as_str(), words.subject.as_str()),
            ("m1@client.test", "Re: Price")
        );
    }

    #[test]
    fn html_alone_is_read_too_and_charsets_are_right() {
        let raw = mail(
            "Content-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n",
            "<p>=C9t=E9 <b>2026</b></p><script>x</script>",
        );
        assert_eq!(words(&raw).reply, "Été 2026");
    }

    #[test]
    fn what_hangs_on_a_mail_is_named() {
        let raw = mail(
            "Content-Type: multipart/mixed; boundary=b\r\n",
            "--b\r\nContent-Type: text/plain\r\n\r\nSee it.\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"a.pdf\"\r\n\r\n%PDF\r\n--b--\r\n",
        );
        let words = words(&raw);
        assert_eq!(words.reply, "See it.");
        assert_eq!(words.files[0].name, "a.pdf");
        assert_eq!(words.files[0].bytes, b"%PDF");
    }

    #[test]
    fn nothing_automatic_is_taken_for_words() {
        for headers in [
            "Auto-Submitted: auto-replied\r\n",
            "Precedence: bulk\r\n",
            "Precedence: auto_reply\r\n",
            "X-Auto-Response-Suppress: All\r\n",
            "X-Autoreply: yes\r\n",
        ] {
            let nature = judge(&mail(headers, "I am away"), "x@client.test", false);
            assert!(matches!(nature, Nature::Automatic(_)), "{headers}");
        }
        let null = judge(&mail("", "failed"), "", false);
        assert!(matches!(null, Nature::Automatic(_)));
        let away = b"From: x@client.test\r\nSubject: R\xc3\xa9ponse automatique: Price\r\n\r\nabsent";
        assert!(matches!(judge(away, "x@client.test", false), Nature::Automatic(_)));
        let not = judge(&mail("Auto-Submitted: no\r\n", "here"), "x@client.test", false);
        assert!(matches!(not, Nature::Words(_)));
    }

    #[test]
    fn a_report_says_whether_it_helps_to_try_again() {
        let report = |action: &str, status: &str| {
            mail(
                "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n",
                &format!(
                    "--b\r\nContent-Type: text/plain\r\n\r\nsorry\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: rfc822; x@client.test\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; 550 no such user\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: s\r\nMessage-ID: <ltr_1@hub.test>\r\n--b--\r\n"
                ),
            )
        };
        for bounce_address in [true, false] {
            let failed = judge(&report("failed", "5.1.1"), "", bounce_address);
            let Nature::Bounce(failure) = failed else { panic!("{failed:?}") };
            assert_eq!(failure.lasting, Lasting::Permanent);
            assert_eq!(failure.why, "smtp; 550 no such user");
            assert_eq!(failure.about, ["ltr_1@hub.test"]);
        }
        let later = judge(&report("delayed", "4.4.1"), "", true);
        let Nature::Bounce(failure) = later else { panic!("{later:?}") };
        assert_eq!(failure.lasting, Lasting::Passing);
        let good = judge(&report("delivered", "2.0.0"), "", true);
        assert!(matches!(good, Nature::Automatic(_)));
        let hi = judge(&mail("", "hi"), "x@client.test", true);
        assert!(matches!(hi, Nature::Automatic(_)));
    }

    #[test]
    fn a_person_may_write_about_what_failed() {
        let raw = b"From: x@client.test\r\nSubject: Re: Undeliverable: offer rejected\r\n\r\nThe address does not exist, 550.";
        assert!(matches!(judge(raw, "x@client.test", false), Nature::Words(_)));
        assert!(matches!(judge(raw, "", false), Nature::Bounce(_)));
    }

    #[test]
    fn two_senders_are_none() {
        let raw = b"From: a@x.test, b@x.test\r\n\r\nhi";
        assert_eq!(words(raw).from, None);
        assert_eq!(words(b"Subject: s\r\n\r\nhi").from, None);
    }

    #[test]
    fn a_mail_without_id_gets_the_same_one_each_time() {
        let raw = b"From: a@x.test\r\nSubject: s\r\n\r\nhi";
        assert_eq!(words(raw).message_id, words(raw).message_id);
        assert_ne!(
            words(raw).message_id,
            words(b"From: a@x.test\r\nSubject: s\r\n\r\nho").message_id
        );
    }

    proptest! {
        #[test]
        fn property_no_bytes_make_the_judge_panic(raw in prop::collection::vec(any::<u8>(), 0..400), bounce in any::<bool>()) {
            judge(&raw, "x@client.test", bounce);
            let headed = [&b"From: x@client.test\r\nContent-Type: text/html\r\n\r\n"[..], &raw].concat();
            judge(&headed, "x@client.test", bounce);
        }
    }
}
