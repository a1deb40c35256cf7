//! The secrets in mail addresses and links: who they are about, and proof that we made them.
//!
//! A token is sixteen bytes of id and sixteen of HMAC-SHA256 (RFC 2104), in base 32 in lower
//! case (RFC 4648 § 6), so that it survives mail servers that change the case of addresses. The
//! code covers the purpose, the guest, the room and a secret of the guest's own, under the
//! hub's secret: knowing ids, or another token, helps nobody to make one.

use std::{borrow::Cow, fmt};

use aws_lc_rs::{constant_time::verify_slices_are_equal, hmac};
use kernel::{Guest, Id, Letter, MailSeat, Room};

use crate::digests::LiveSeat;

/// What a token is good for. One never passes for another.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Purpose {
    /// Writing into a topic.
    Reply,
    /// Writing into a room, as its member.
    Member,
    /// Telling that a letter did not arrive.
    Bounce,
    /// Leaving a topic.
    Unsubscribe,
    /// Getting no more mail of a room.
    Quiet,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Reply => b"entente mail reply v1",
            Self::Member => b"entente mail member v1",
            Self::Quiet => b"entente mail quiet v1",
            Self::Bounce => b"entente mail bounce v1",
            Self::Unsubscribe => b"entente mail unsubscribe v1",
        }
    }
}

/// A token as it was read: it may still be forged. Never shown in logs.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) struct Token {
    about: [u8; HALF],
    code: [u8; HALF],
}

/// Makes and checks tokens under the hub's secret.
pub(crate) struct Signer(hmac::Key);

const HALF: usize = 16;
/// 32 bytes in digits of five bits.
const LENGTH: usize = 52;
const DIGITS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

impl Signer {
    pub(crate) fn new(secret: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    /// The token of a guest in a room.
    pub(crate) fn of_guest(
        &self,
        purpose: Purpose,
        guest: Id<Guest>,
        room: Id<Room>,
        secret: &[u8],
    ) -> Token {
        let about = *guest.uuid().as_bytes();
        Token {
            about,
            code: self.code(purpose, &[&about, room.uuid().as_bytes(), secret]),
        }
    }

    /// The token of a letter, to which bounces come.
    pub(crate) fn of_letter(&self, letter: Id<Letter>) -> Token {
        self.about_letter(Purpose::Bounce, letter)
    }

    /// The token of a letter, for something else.
    pub(crate) fn about_letter(&self, purpose: Purpose, letter: Id<Letter>) -> Token {
        let about = *letter.uuid().as_bytes();
        Token { about, code: self.code(purpose, &[&about]) }
    }

    /// The token of a member in a room. It covers all that must stand for it to be good: another
    /// part in the space, another place in the organisation or another address makes another.
    pub(crate) fn of_seat(&self, seat: &LiveSeat) -> Token {
        let about = *seat.id.uuid().as_bytes();
        let email = seat.email.to_lowercase();
        let room = seat.room_id.uuid();
        let party = seat.party_id.uuid();
        let place = seat.membership_id.uuid();
        let covered: [&[u8]; 6] = [
            &about,
            room.as_bytes(),
            party.as_bytes(),
            place.as_bytes(),
            email.as_bytes(),
            &seat.secret,
        ];
        Token { about, code: self.code(Purpose::Member, &covered) }
    }

    /// The token of who wants no more mail of a room.
    pub(crate) fn quiet_seat(&self, seat: Id<MailSeat>, secret: &[u8]) -> Token {
        let about = *seat.uuid().as_bytes();
        Token { about, code: self.code(Purpose::Quiet, &[&about, secret]) }
    }

    fn code(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; HALF] {
        let mut context = hmac::Context::with_key(&self.0);
        for part in std::iter::once(&purpose.label()).chain(parts) {
            // Each part tells its length first, so that no two lists read the same.
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        let tag = context.sign();
        let mut code = [0; HALF];
        for (to, from) in code.iter_mut().zip(tag.as_ref()) {
            *to = *from;
        }
        code
    }
}

impl Token {
    /// The guest it names, if it is a guest's.
    pub(crate) fn guest(&self) -> Id<Guest> {
        Id::from_uuid(sqlx::types::Uuid::from_bytes(self.about))
    }

    /// The member's place at a room that it names, if it is one's.
    pub(crate) fn seat(&self) -> Id<MailSeat> {
        Id::from_uuid(sqlx::types::Uuid::from_bytes(self.about))
    }

    /// The letter it names, if it is a letter's.
    pub(crate) fn letter(&self) -> Id<Letter> {
        Id::from_uuid(sqlx::types::Uuid::from_bytes(self.about))
    }

    /// Whether it is this one. Takes the same time wherever they differ.
    pub(crate) fn is(&self, made: &Self) -> bool {
        self.about == made.about
            && verify_slices_are_equal(&self.code, &made.code).is_ok()
    }

    /// Its text.
    pub(crate) fn text(&self) -> String {
        let bytes: Vec<u8> = self.about.iter().chain(&self.code).copied().collect();
        let digit = |place: usize| {
            let bits = (0..5).fold(0_usize, |bits, step| {
                let at = place * 5 + step;
                let byte = bytes.get(at / 8).copied().unwrap_or(0);
                bits << 1 | usize::from(byte >> (7 - at % 8) & 1)
            });
            char::from(DIGITS[bits % DIGITS.len()])
        };
        (0..LENGTH).map(digit).collect()
    }

    /// Reads one, in either case.
    pub(crate) fn read(text: &str) -> Option<Self> {
        if text.len() != LENGTH {
            return None;
        }
        let mut bytes = [0_u8; HALF * 2];
        for (place, letter) in text.bytes().enumerate() {
            let letter = letter.to_ascii_lowercase();
            let value = DIGITS.iter().position(|digit| *digit == letter)?;
            for step in (0..5).filter(|step| value >> (4 - step) & 1 == 1) {
                let at = place * 5 + step;
                // The last four bits belong to no byte, and are zero.
                *bytes.get_mut(at / 8)? |= 1 << (7 - at % 8);
            }
        }
        let (about, code) = bytes.split_at(HALF);
        Some(Self { about: about.try_into().ok()?, code: code.try_into().ok()? })
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer")
    }
}

/// The address of a token: `reply+…@domain`, `room+…@domain` or `bounce+…@domain`.
pub(crate) fn address(purpose: Purpose, token: &Token, domain: &str) -> String {
    format!("{}+{}@{domain}", mailbox(purpose), token.text())
}

/// Reads such an address; none for any other, and for other domains.
pub(crate) fn read_address(address: &str, domain: &str) -> Option<(Purpose, Token)> {
    let (local, at) = address.trim().rsplit_once('@')?;
    let (name, token) = local.split_once('+')?;
    let known = [Purpose::Reply, Purpose::Member, Purpose::Bounce];
    let purpose = known.into_iter().find(|it| name.eq_ignore_ascii_case(mailbox(*it)))?;
    let token = Token::read(token).filter(|_| at.eq_ignore_ascii_case(domain))?;
    Some((purpose, token))
}

const fn mailbox(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Reply => "reply",
        Purpose::Member => "room",
        Purpose::Quiet => "quiet",
        Purpose::Bounce => "bounce",
        Purpose::Unsubscribe => "unsubscribe",
    }
}

/// A text in which no token of ours can be read any more: for logs, and for what others see.
pub(crate) fn redact(text: &str) -> Cow<'_, str> {
    let is_digit = |letter: char| {
        u8::try_from(letter.to_ascii_lowercase()).is_ok_and(|it| DIGITS.contains(&it))
    };
    let mut clean = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['+', '/']) {
        let (before, from) = rest.split_at(at + 1);
        clean.push_str(before);
        let end = from.find(|letter| !is_digit(letter)).unwrap_or(from.len());
        let (digits, after) = from.split_at(end);
        clean.push_str(if digits.len() == LENGTH { "…" } else { digits });
        rest = after;
    }
    if clean.is_empty() {
        return Cow::Borrowed(text);
    }
    clean.push_str(rest);
    Cow::Owned(clean)
}

#[cfg(test)]
mod tests {
    use kernel::Id;
    use proptest::prelude::{any, proptest};

    use super::{Purpose, Signer, Token, address, read_address, redact};

    fn signer() -> Signer {
        Signer::new(&[7; 32])
    }

    proptest! {
        #[test]
        fn property_a_token_survives_its_address(secret in any::<[u8; 16]>(), upper in any::<bool>()) {
            let (guest, room) = (Id::mint(), Id::mint());
            let token = signer().of_guest(Purpose::Reply, guest, room, &secret);
            let mut written = address(Purpose::Reply, &token, "hub.test");
            assert!(written.split_once('@').unwrap().0.len() <= 64, "RFC 5321 § 4.5.3.1.1");
            if upper {
                written = written.to_uppercase();
            }

            let (purpose, read) = read_address(&written, "hub.test").unwrap();

            assert_eq!(purpose, Purpose::Reply);
            assert_eq!(read.guest(), guest);
            assert!(read.is(&token));
        }

        #[test]
        fn property_no_text_makes_the_reader_panic(text in "\\PC*", digits in "[a-z2-7]{50,54}") {
            let _ = (read_address(&text, "hub.test"), Token::read(&text), redact(&text));
            let _ = (Token::read(&digits), redact(&digits));
        }

        #[test]
        fn property_one_changed_digit_makes_a_token_false(place in 0_usize..52, digit in "[a-z2-7]") {
            let token = signer().of_guest(Purpose::Reply, Id::mint(), Id::mint(), b"s");
            let text = token.text();
            let forged: String = text
                .char_indices()
                .map(|(at, letter)| if at == place { digit.chars().next().unwrap() } else { letter })
                .collect();
            let read = Token::read(&forged);
            assert_eq!(read.is_some_and(|read| read.is(&token)), forged == text);
        }
    }

    #[test]
    fn a_token_is_good_for_one_purpose_one_room_and_one_secret() {
        let (guest, room) = (Id::mint(), Id::mint());
        let token = signer().of_guest(Purpose::Reply, guest, room, b"one");

        assert!(token.is(&signer().of_guest(Purpose::Reply, guest, room, b"one")));
        assert!(!token.is(&signer().of_guest(Purpose::Unsubscribe, guest, room, b"one")));
        assert!(!token.is(&signer().of_guest(Purpose::Reply, guest, Id::mint(), b"one")));
        assert!(!token.is(&signer().of_guest(Purpose::Reply, guest, room, b"two")));
        let other = Signer::new(&[8; 32]);
        assert!(!token.is(&other.of_guest(Purpose::Reply, guest, room, b"one")));
    }

    #[test]
    fn a_token_is_not_told() {
        let token = signer().of_letter(Id::mint());
        let written = address(Purpose::Bounce, &token, "hub.test");
        let text = format!("to <{written}>, https://hub.test/u/{}, 1+1", token.text());

        let clean = redact(&text);

        assert_eq!(clean, "to <bounce+…@hub.test>, https://hub.test/u/…, 1+1");
        assert_eq!(format!("{token:?}"), "Token");
    }
}
