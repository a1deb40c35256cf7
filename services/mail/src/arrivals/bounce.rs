//! Mails by which other servers say that they could not deliver ours. Pure.
//!
//! What is believed depends on where it was sent: only the address of a letter, which nobody
//! can guess (VERP), and the Message-ID of a letter, which its reader alone has seen, say
//! which letter it is about. Here is read only what happened: the fields of RFC 3464 first,
//! the words of older servers last.

use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

use super::table::{BOUNCE_COPIES, BOUNCE_PASSING, BOUNCE_PERMANENT, BOUNCE_SUBJECTS};
use crate::{
    text::{cut, is_message_id},
    token::redact,
};

/// Whether it helps to try again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Lasting {
    /// The address gets no mail, and will not (RFC 3463 class 5).
    Permanent,
    /// It gets none now: it is full, or its server is away (class 4).
    Passing,
}

/// A letter that could not be delivered.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Failure {
    pub(super) lasting: Lasting,
    /// Who says so and why, in one line.
    pub(super) why: String,
    /// The ids that the returned mail bears, without angle brackets.
    pub(super) about: Vec<String>,
}

/// As much of a report as is looked at.
const LONGEST_BYTES: usize = 64 * 1024;
const ABOUT: usize = 20;

/// Where a mail came to, and from whom, says whether its mere words can make it a report: a
/// person may write about what failed, too.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Standing {
    /// It came to a letter's own address, or has no sender that could be answered.
    Report,
    /// It came as any mail does.
    Mail,
}

/// What a mail says of a failure, if it is a server's report of one.
pub(super) fn read(mail: &Message<'_>, standing: Standing) -> Option<Failure> {
    if is_receipt(mail) {
        return None;
    }
    let (lasting, why) = match (fields(mail), standing) {
        (Some(told), _) => told?,
        (None, Standing::Report) if looks_like_one(mail) => by_words(&words(mail))?,
        (None, Standing::Mail) if is_by_server(mail) => by_words(&words(mail))?,
        (None, Standing::Report | Standing::Mail) => return None,
    };
    Some(Failure { lasting, why: cut(&redact(&why), 300), about: about(mail) })
}

/// Whether somebody's program says that a mail was read (RFC 8098): no failure, unless it was
/// thrown away unread.
fn is_receipt(mail: &Message<'_>) -> bool {
    let is_receipt = mail.content_type().is_some_and(|it| {
        it.attribute("report-type").is_some_and(|kind| kind.starts_with("disposition"))
    });
    let unread = mail.parts.iter().any(|part| {
        text_of(&part.body).to_lowercase().lines().any(|line| {
            line.starts_with("disposition:")
                && line.contains("automatic")
                && line.contains("delet")
        })
    });
    is_receipt && !unread
}

/// What RFC 3464's fields say: nothing, if there are none; none, if nothing failed.
fn fields(mail: &Message<'_>) -> Option<Told> {
    let mut found = None;
    for part in &mail.parts {
        // Some gateways wrap the report that another server made.
        if let (PartType::Message(inner), true) = (&part.body, found.is_none()) {
            found = is_report(inner).then(|| fields_of(inner)).flatten();
        }
        if let Some(told) = fields_of_part(part) {
            found = Some(worse(found.flatten(), told));
        }
    }
    found
}

fn fields_of(mail: &Message<'_>) -> Option<Told> {
    mail.parts.iter().find_map(fields_of_part)
}

fn is_report(mail: &Message<'_>) -> bool {
    mail.content_type().is_some_and(|it| {
        it.subtype().is_some_and(|sub| sub.eq_ignore_ascii_case("report"))
    })
}

/// What fields say of all recipients together: none, if nothing failed.
type Told = Option<(Lasting, String)>;

fn fields_of_part(part: &MessagePart<'_>) -> Option<Told> {
    let is_status = part.content_type().is_some_and(|it| {
        it.subtype().is_some_and(|sub| {
            let known = ["delivery-status", "global-delivery-status"];
            known.iter().any(|name| sub.eq_ignore_ascii_case(name))
        })
    });
    if !is_status {
        return None;
    }
    let text = text_of(&part.body).to_lowercase().replace("\r\n", "\n");
    let told = text.split("\n\n").filter_map(|it| recipient_fields(it, &text));
    told.reduce(worse)
}

fn worse(known: Told, told: Told) -> Told {
    match (&known, &told) {
        (Some((Lasting::Permanent, _)), _) | (_, None) => known,
        (Some((Lasting::Passing, _)) | None, Some(_)) => told,
    }
}

/// RFC 3464 § 2.3, of one recipient: nothing, if this is no recipient's. Some servers put a
/// blank line too many, so what is not found here may stand anywhere in the part.
fn recipient_fields(text: &str, part: &str) -> Option<Told> {
    let unfolded = text.replace("\n ", " ").replace("\n\t", " ");
    let field = |name: &str| field_in(&unfolded, name);
    let action = field("action")?;
    let status = field("status").or_else(|| field_in(part, "status")).unwrap_or_default();
    let told = field("diagnostic-code").unwrap_or_else(|| status.clone());
    let failed = ["fail", "error"].iter().any(|word| action.starts_with(word));
    let lasting = if failed {
        let full = status.starts_with("5.2.2") || told.contains("quota");
        let temporary = status.starts_with('4') && status != "4.4.7";
        if full || temporary { Lasting::Passing } else { Lasting::Permanent }
    } else if action.starts_with("delayed") {
        Lasting::Passing
    } else {
        return Some(None);
    };
    Some(Some((lasting, told)))
}

fn field_in(text: &str, name: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (known, value) = line.split_once(':')?;
        (known.trim() == name).then(|| value.trim().to_owned())
    })
}

/// Whether its subject or its sender is that of a report: old servers put all else into words.
fn looks_like_one(mail: &Message<'_>) -> bool {
    let subject = mail.subject().unwrap_or_default().to_lowercase();
    is_report(mail)
        || is_by_server(mail)
        || BOUNCE_SUBJECTS.iter().any(|it| subject.contains(it))
}

pub(super) fn is_by_server(mail: &Message<'_>) -> bool {
    let from = mail.from().and_then(|from| from.first()).and_then(|it| it.address());
    let from = from.unwrap_or_default().to_lowercase();
    let local = from.split('@').next().unwrap_or_default();
    let known = ["mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon", "mdaemon"];
    mail.header("X-Failed-Recipients").is_some() || known.contains(&local)
}

/// The words of a report, in lower case and one line, without the mail that it returns.
fn words(mail: &Message<'_>) -> String {
    let mut text = mail.subject().unwrap_or_default().to_owned();
    for part in &mail.parts {
        match &part.body {
            PartType::Text(words) => text.extend(["\n", words]),
            PartType::Html(html) => text.extend(["\n", &super::html::to_text(html)]),
            PartType::Binary(_)
            | PartType::InlineBinary(_)
            | PartType::Message(_)
            | PartType::Multipart(_) => {}
        }
        if text.len() > LONGEST_BYTES {
            break;
        }
    }
    let text = super::strip::head(&text, LONGEST_BYTES).to_lowercase();
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = BOUNCE_COPIES.iter().filter_map(|mark| line.find(mark)).min();
    line.get(..end.unwrap_or(line.len())).unwrap_or(&line).to_owned()
}

fn by_words(line: &str) -> Option<(Lasting, String)> {
    let near = |at: usize| {
        let from = line.floor_char_boundary(at.saturating_sub(60));
        line.get(from..).unwrap_or_default().chars().take(200).collect::<String>()
    };
    let first = |table: &[&str]| table.iter().filter_map(|it| line.find(it)).min();
    if let Some(at) = first(BOUNCE_PASSING) {
        return Some((Lasting::Passing, near(at)));
    }
    if let Some(at) = first(BOUNCE_PERMANENT) {
        return Some((Lasting::Permanent, near(at)));
    }
    let code = line.split(' ').find_map(|word| {
        let word = word.trim_matches(|it: char| !it.is_ascii_alphanumeric());
        let bytes = word.as_bytes();
        let digits = |it: &[u8]| it.iter().all(u8::is_ascii_digit);
        let basic = bytes.len() == 3 && digits(bytes);
        let enhanced = word.split('.').count() == 3
            && word.split('.').all(|it| !it.is_empty() && digits(it.as_bytes()));
        match bytes.first() {
            Some(b'5') if enhanced || basic => Some((Lasting::Permanent, word)),
            Some(b'4') if enhanced => Some((Lasting::Passing, word)),
            _ => None,
        }
    });
    code.map(|(lasting, word)| (lasting, near(line.find(word).unwrap_or(0))))
}

/// The ids in what was returned with the report.
fn about(mail: &Message<'_>) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    let mut add = |id: &str| {
        let id = id.trim().trim_matches(['<', '>']);
        if is_message_id(id) && ids.len() < ABOUT && !ids.iter().any(|it| it == id) {
            ids.push(id.to_owned());
        }
    };
    for part in &mail.parts {
        if let PartType::Message(returned) = &part.body {
            returned.message_id().into_iter().for_each(&mut add);
        }
        let text = super::strip::head(text_of(&part.body), LONGEST_BYTES);
        for line in text.lines() {
            let named =
                line.get(..11).is_some_and(|it| it.eq_ignore_ascii_case("message-id:"));
            if let Some(id) = line.get(11..).filter(|_| named) {
                add(id);
            }
        }
    }
    for name in ["In-Reply-To", "References"] {
        let value =
            mail.header(name).and_then(|it| it.as_text_list()).unwrap_or_default();
        for id in value {
            add(id);
        }
    }
    ids
}

fn text_of<'m>(body: &'m PartType<'_>) -> &'m str {
    match body {
        PartType::Text(text) | PartType::Html(text) => text,
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            std::str::from_utf8(bytes).unwrap_or_default()
        }
        PartType::Message(_) | PartType::Multipart(_) => "",
    }
}
