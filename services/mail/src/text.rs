//! Small things about text that more than one feature needs.

use std::panic::{AssertUnwindSafe, catch_unwind};

use mail_parser::{Message, MessageParser};

/// Reads a mail; none where it is none. What its reader trips over was sent by a stranger: it
/// is then no mail, and waits for a person, instead of being tried for ever.
pub(crate) fn read_mail(raw: &[u8]) -> Option<Message<'_>> {
    let reading = || MessageParser::default().parse(raw);
    catch_unwind(AssertUnwindSafe(reading)).ok().flatten()
}

/// A text as it stands in HTML, in words and in attributes.
pub(crate) fn escaped(text: &str) -> String {
    let plain = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    plain.replace('"', "&quot;").replace('\'', "&#39;")
}

/// The first `most` characters of a text.
pub(crate) fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// Whether this can stand as a message's id: what a stranger sent goes into our headers.
pub(crate) fn is_message_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>');
    (3..=200).contains(&text.len()) && text.bytes().all(plain)
}
