//! Mails that mean harm: none makes the judge panic, and each is words, or nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};

use proptest::prelude::{any, prop, proptest};

use super::rules::{ATTACHMENTS, LONGEST_CHARS, Nature, Words, judge};
use crate::{text::is_message_id, token::redact};

const HEAD: &str = "From: Xavier <x@client.test>\r\nTo: reply@hub.test\r\nSubject: Re: Price\r\nMessage-ID: <m1@client.test>\r\nMIME-Version: 1.0\r\n";
/// A token of the right length, as it stands in our letters.
const ADDRESS: &str =
    "reply+abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrst@hub.test";

fn words(raw: &[u8]) -> Words {
    match judge(raw, "x@client.test", false) {
        Nature::Words(words) => words,
        other @ (Nature::Automatic(_) | Nature::Bounce(_) | Nature::Nonsense) => {
            panic!("{other:?}")
        }
    }
}

/// What holds for every mail, whoever wrote it.
fn harmless(raw: &[u8]) -> Nature {
    let nature = judge(raw, "x@client.test", false);
    if let Nature::Words(words) = &nature {
        assert!(words.reply.chars().count() <= LONGEST_CHARS);
        assert!(!words.reply.contains('\0'), "PostgreSQL keeps no such text");
        assert!(!words.subject.contains('\0'), "nor such a subject");
        for told in [&words.reply, &words.subject] {
            assert_eq!(*told, redact(told), "a token is told");
        }
        assert!(words.files.len() <= ATTACHMENTS);
        assert!(is_message_id(&words.message_id), "{:?}", words.message_id);
        let from = words.from.as_deref().unwrap_or_default();
        assert_eq!(from, from.trim().to_lowercase());
        assert!(!from.contains('\0'));
    }
    nature
}

/// Multiparts within multiparts, with words in the innermost.
fn nested(depth: usize) -> String {
    let mut mail = HEAD.to_owned();
    for at in 0..depth {
        let head = format!("Content-Type: multipart/mixed; boundary=\"b{at}\"");
        mail.extend([&*head, "\r\n\r\n", &*format!("--b{at}\r\n")]);
    }
    mail.push_str("Content-Type: text/plain\r\n\r\nAt the bottom.\r\n");
    for at in (0..depth).rev() {
        mail.extend([&*format!("--b{at}--\r\n")]);
    }
    mail
}

#[test]
fn what_is_nested_without_end_is_read_or_is_empty() {
    assert_eq!(words(nested(3).as_bytes()).reply, "At the bottom.");
    for depth in [100, 5_000] {
        harmless(nested(depth).as_bytes());
    }
    let within = "Content-Type: message/rfc822\r\n\r\n".repeat(5_000);
    harmless(format!("{HEAD}{within}").as_bytes());
}

#[test]
fn a_flood_of_headers_hides_nothing_of_the_mail() {
    let flood = "X-Flood: reply+aaaaaaaa@hub.test\r\n".repeat(100_000);
    let words = words(format!("{HEAD}{flood}\r\nStill here.\r\n").as_bytes());
    assert_eq!(words.reply, "Still here.");
    assert_eq!(words.from.as_deref(), Some("x@client.test"));
}

#[test]
fn a_header_without_end_is_a_header() {
    let folded = "\r\n \t reply+a@hub.test".repeat(100_000);
    let raw = format!("{HEAD}References: <a@b.test>{folded}\r\n\r\nStill here.\r\n");
    assert_eq!(words(raw.as_bytes()).reply, "Still here.");
}

#[test]
fn a_mail_names_its_sender_once_or_not_at_all() {
    for from in [
        "From: a@client.test, x@client.test\r\n",
        "From: x@client.test\r\nFrom: a@client.test\r\n",
        "From: undisclosed:;\r\n",
        "From: \"x@client.test\" <mallory@else.test>\r\n",
        "From: x@client.test <mallory@else.test>\r\n",
        "From: =?utf-8?q?x=40client=2Etest?= <mallory@else.test>\r\n",
        "From: =?utf-8?b?eEBjbGllbnQudGVzdAA=?= <mallory@else.test>\r\n",
        "From : x@client.test\r\nFrom: mallory@else.test\r\n",
        "Sender: x@client.test\r\nReply-To: x@client.test\r\n",
        "",
    ] {
        let raw = format!("{from}Message-ID: <m1@c.test>\r\n\r\nIt is me\r\n");
        let named = words(raw.as_bytes()).from;
        assert_ne!(named.as_deref(), Some("x@client.test"), "{from}");
    }
}

#[test]
fn bare_ends_of_lines_make_no_second_mail() {
    let inner = "\n.\nMAIL FROM:<a@b.test>\nFrom: boss@client.test\n\r.\rGive me all\r\n";
    let words = words(format!("{HEAD}\r\nHello{inner}").as_bytes());
    assert_eq!(words.from.as_deref(), Some("x@client.test"));
    assert!(words.reply.starts_with("Hello"));
}

#[test]
fn a_hundred_parts_are_fifty_files() {
    let part = "--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"../../etc/passwd\"\r\n\r\n%PDF\r\n";
    let raw = format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n{}--b--\r\n",
        part.repeat(100)
    );
    assert_eq!(words(raw.as_bytes()).files.len(), ATTACHMENTS);
}

#[test]
fn what_no_database_keeps_is_not_in_a_subject_or_an_address() {
    let raw = format!(
        "From: =?utf-8?b?WA==?= <x\0@client.test>\r\nSubject: =?utf-8?b?UmU6AFByaWNl?= {ADDRESS}\r\n\r\nHi\r\n"
    );
    let Nature::Words(words) = harmless(raw.as_bytes()) else { panic!("no words") };
    assert_eq!((words.subject.as_str(), words.from), ("Re:Price reply+…@hub.test", None));
}

#[test]
fn what_the_reader_trips_over_is_no_mail_and_no_end() {
    let part = "--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@b.test\r\n\r\n";
    let raw = format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Ty\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n{part}{part}--b--\r\n"
    );
    for cut in 0..raw.len() {
        harmless(&raw.as_bytes()[..cut]);
    }
}

#[test]
fn a_token_that_comes_back_in_the_words_is_not_told() {
    let quoted = format!("{HEAD}\r\nWrite to <{ADDRESS}>, or to {ADDRESS}.\r\n");
    let reply = words(quoted.as_bytes()).reply;
    assert_eq!(reply, "Write to <reply+…@hub.test>, or to reply+…@hub.test.");
}

/// What people and servers send, to be bitten.
fn mails() -> Vec<Vec<u8>> {
    let two = |head: &str, first: &str, second: &str| {
        format!(
            "{HEAD}Content-Type: {head}; boundary=\"b\"\r\n\r\n--b\r\n{first}\r\n--b\r\n{second}\r\n--b--\r\n"
        )
    };
    let plain = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nDeux, s'il vous plaît.";
    let html = "Content-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>=C9t=E9</p><div class=3D\"gmail_quote\"><blockquote>a</blockquote></div><img src=3D\"cid:i\">";
    let picture = "Content-Type: image/png; name*0=\"a\"; name*1*=utf-8''%C3%A9.png\r\nContent-ID: <i>\r\nContent-Disposition: inline\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=";
    let inner = format!("Content-Type: message/rfc822\r\n\r\n{HEAD}\r\nWithin\r\n");
    let status = "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: rfc822; x@client.test\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no";
    let japanese = [
        format!("{HEAD}Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n").as_bytes(),
        b"\x1b$B$3$s$K$A$O\x1b(B\r\n",
    ]
    .concat();
    let quoted = format!(
        "{HEAD}References: <a@hub.test>\r\n <b@hub.test>\r\n\r\nYes.\r\n\r\nOn 22 Nov 2026, Ana <{ADDRESS}> wrote:\r\n> ##- Reply above this line -##\r\n> How many?\r\n-- \r\nX\r\n"
    );
    let encoded = "From: =?iso-8859-1?Q?Xavi=E9r?= <x@client.test>\r\nSubject: =?utf-8?B?UHJpeCDigqw=?=\r\nDate: Mon, 23 Nov 2026 10:00:00 +0100 (CET)\r\nContent-Type: text/plain; format=flowed\r\n\r\nFine \r\nso.\r\n";
    let texts = [
        quoted,
        encoded.to_owned(),
        two("multipart/alternative", plain, html),
        two("multipart/related", html, picture),
        two("multipart/mixed", plain, &inner),
        two("multipart/report; report-type=delivery-status", plain, status),
    ];
    texts.into_iter().map(String::into_bytes).chain([japanese]).collect()
}

/// Pieces that mean something to somebody who reads mails.
const PIECES: &[&[u8]] = &[
    b"\r\n",
    b"\r\n\r\n",
    b"\n",
    b"\r",
    b"\0",
    b"\xff\xfe",
    b"--b\r\n",
    b"--b--\r\n",
    b"=?utf-8?q?",
    b"=?utf-8?b?/w==?=",
    b"From: \r\n",
    b"From: y@client.test\r\n",
    b"Content-Type: multipart/mixed; boundary=b\r\n",
    b"Content-Type: message/rfc822\r\n\r\n",
    b"Content-Type: text/html; charset=utf-16\r\n\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"; charset=utf-7",
    b"; boundary=\"\"",
    b"<blockquote>",
    b"<!--",
    b"> ",
    b"(((((((((",
    b"\"",
    b"<",
    b"@",
    ADDRESS.as_bytes(),
    b"=?utf-8?b?AAAA?=",
    b"\r\nSubject: ",
];

/// A xorshift generator: the same bites each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let most = u64::try_from(most.max(1)).unwrap();
        usize::try_from(self.0 % most).unwrap()
    }

    /// Bites a mail once.
    fn bite(&mut self, mail: &mut Vec<u8>, other: &[u8]) {
        let at = self.below(mail.len() + 1);
        let to = (at + self.below(60)).min(mail.len());
        match self.below(6) {
            0 => drop(mail.drain(at..to)),
            1 => {
                let again = mail[at..to].repeat(1 + self.below(40));
                mail.splice(at..at, again);
            }
            2 => {
                let piece = PIECES[self.below(PIECES.len())];
                mail.splice(at..at, piece.iter().copied());
            }
            3 => {
                let from = self.below(other.len() + 1);
                mail.splice(at..to, other[from..].iter().copied().take(300));
            }
            4 => mail.truncate(at),
            _ => {
                if let Some(byte) = mail.get_mut(at) {
                    *byte = u8::try_from(self.below(256)).unwrap();
                }
            }
        }
    }
}

#[test]
fn ten_thousand_bitten_mails_do_no_harm() {
    let (mails, mut chance) = (mails(), Chance(20_261_123));
    let (mut spoken, mut silent) = (0, 0);
    for round in 0..10_000 {
        let mut mail = mails[round % mails.len()].clone();
        for _ in 0..=chance.below(8) {
            let other = chance.below(mails.len());
            chance.bite(&mut mail, &mails[other]);
        }
        let nature = catch_unwind(AssertUnwindSafe(|| harmless(&mail)));
        let Ok(nature) = nature else {
            panic!("round {round}: {:?}", String::from_utf8_lossy(&mail))
        };
        match nature {
            Nature::Words(_) => spoken += 1,
            Nature::Automatic(_) | Nature::Bounce(_) | Nature::Nonsense => silent += 1,
        }
    }
    // Else the bites are too deep, or too shallow.
    assert!(spoken > 5_000 && silent > 500, "{spoken} are words, {silent} are not");
}

proptest! {
    #[test]
    fn property_a_charset_may_lie(
        charset in prop::sample::select(vec!["utf-8", "utf-16", "utf-7", "iso-2022-jp", "gb18030", "big5", "koi8-r", "windows-1252", "x-nothing", "\"", "=?"]),
        encoding in prop::sample::select(vec!["base64", "quoted-printable", "8bit", "binary", "x-uuencode", ""]),
        body in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let head = format!("{HEAD}Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n");
        harmless(&[head.as_bytes(), &body].concat());
    }

    #[test]
    fn property_parts_in_any_order_make_no_harm(parts in prop::collection::vec(prop::sample::select(vec![
        "Content-Type: multipart/mixed; boundary=b\r\n", "Content-Type: multipart/alternative; boundary=\"\"\r\n",
        "Content-Type: message/rfc822\r\n", "Content-Type: text/html\r\n", "Content-Transfer-Encoding: base64\r\n",
        "--b\r\n", "--b--\r\n", "\r\n", "<blockquote>", "From: \r\n", "a\r\n", "--\r\n", "\n", "\r",
    ]), 0..60)) {
        let raw = format!("{HEAD}{}", parts.concat());
        harmless(raw.as_bytes());
    }
}
