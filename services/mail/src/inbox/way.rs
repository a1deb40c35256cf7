//! To whom a mail leads.

use exchange::mailing;
use gate::House;
use kernel::{Fault, Guest, Id, Room};
use mail_parser::MessageParser;
use store::Conn;

use super::sql::{self, Known};
use crate::{
    digests::{self, LiveSeat},
    letters,
    token::{Purpose, Signer, Token, read_address, redact},
};

/// Headers in which servers and people name recipients; a token in any other counts for nothing.
const NAMING: &[&str] =
    &["To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"];
/// So many addresses and ids of one mail are looked at.
const MOST: usize = 100;

/// To whom an address leads.
pub(crate) async fn by_address(
    house: &House,
    conn: &mut Conn,
    address: &str,
) -> Result<Option<Known>, Fault> {
    let domain = &house.settings.mail_domain;
    if let Some(local) = mailing::local(address, domain) {
        let found = mailing::door(conn, &local).await?;
        return Ok(found.map(|(id, _)| Known { partner: Some(id), ..Known::default() }));
    }
    let Some((purpose, token)) = read_address(address, domain) else {
        return Ok(None);
    };
    let signer = Signer::new(&house.settings.secret);
    match purpose {
        Purpose::Bounce => {
            if !token.is(&signer.of_letter(token.letter())) {
                return Ok(None);
            }
            let about = letters::about(conn, token.letter()).await?;
            let bounce_of = Some(token.letter());
            Ok(about.map(|(guest, room)| Known {
                guest,
                room,
                bounce_of,
                ..Known::default()
            }))
        }
        Purpose::Member => {
            let found = digests::seat(conn, &signer, &token).await?;
            Ok(found.map(|seat| Known::from(&seat)))
        }
        Purpose::Reply | Purpose::Unsubscribe | Purpose::Quiet => {
            let found = guest(conn, &signer, purpose, &token).await?;
            Ok(found.map(|(guest, room)| Known {
                guest: Some(guest),
                room: Some(room),
                ..Known::default()
            }))
        }
    }
}

impl From<&LiveSeat> for Known {
    fn from(seat: &LiveSeat) -> Self {
        Self { room: Some(seat.room_id), seat: Some(seat.id), ..Self::default() }
    }
}

/// The live guest that a token proves, and its room.
async fn guest(
    conn: &mut Conn,
    signer: &Signer,
    purpose: Purpose,
    token: &Token,
) -> Result<Option<(Id<Guest>, Id<Room>)>, Fault> {
    let found = sql::guest(conn, token.guest()).await?;
    Ok(found
        .filter(|(guest, room, secret)| {
            token.is(&signer.of_guest(purpose, *guest, *room, secret))
        })
        .map(|(guest, room, _)| (guest, room)))
}

/// To whom addresses lead, each once, with the address as it may be shown.
pub(crate) async fn by_addresses(
    house: &House,
    conn: &mut Conn,
    addresses: &[String],
) -> Result<Vec<(Known, String)>, Fault> {
    let mut known: Vec<(Known, String)> = Vec::new();
    for address in ours(addresses, &house.settings.mail_domain).take(MOST) {
        let found = by_address(house, conn, address).await?;
        let new = found.filter(|found| known.iter().all(|(it, _)| it != found));
        known.extend(new.map(|found| (found, shown(found, address))));
    }
    Ok(known)
}

/// The addresses at our domain: where a mail names thousands, ours may be the last of them.
fn ours<'a>(addresses: &'a [String], domain: &str) -> impl Iterator<Item = &'a String> {
    let is_ours = move |it: &&String| {
        it.trim().rsplit_once('@').is_some_and(|(_, at)| at.eq_ignore_ascii_case(domain))
    };
    addresses.iter().filter(is_ours)
}

/// An address as it may be shown: a secret that is in it is left out.
fn shown(known: Known, address: &str) -> String {
    match (known.partner, address.rsplit_once('@')) {
        (Some(_), Some((_, domain))) => format!("edi+…@{domain}"),
        (Some(_), None) | (None, _) => redact(address).into_owned(),
    }
}

/// To whom a mail leads by itself: by the tokens in the headers that name recipients, or else
/// by the first of our letters that it answers.
pub(crate) async fn by_mail(
    house: &House,
    conn: &mut Conn,
    bytes: &[u8],
) -> Result<Vec<(Known, String)>, Fault> {
    let (addresses, answered) = named(bytes);
    let known = by_addresses(house, conn, &addresses).await?;
    if !known.is_empty() {
        return Ok(known);
    }
    let ours = format!("@{}", house.settings.mail_domain.to_lowercase());
    let ours = answered.iter().filter(|id| id.to_lowercase().ends_with(&ours));
    for id in ours.take(MOST) {
        if let Some((guest, room)) = sql::answered(conn, id).await? {
            let (guest, room) = (Some(guest), Some(room));
            let known = Known { guest, room, ..Known::default() };
            return Ok(vec![(known, format!("in reply to {id}"))]);
        }
        if let Some(seat) = digests::answered(conn, id).await? {
            return Ok(vec![(Known::from(&seat), format!("in reply to {id}"))]);
        }
    }
    Ok(Vec::new())
}

/// The addresses in the headers that name recipients, and the ids that a mail answers, the
/// nearest first.
fn named(bytes: &[u8]) -> (Vec<String>, Vec<String>) {
    let Some(mail) = MessageParser::default().parse_headers(bytes) else {
        return Default::default();
    };
    let (mut addresses, mut answered) = (Vec::new(), Vec::new());
    for (name, value) in mail.headers_raw() {
        let pieces = || {
            let cut = |it: char| it.is_whitespace() || "<>,;\"()".contains(it);
            value.split(cut).filter(|piece| piece.contains('@')).map(str::to_owned)
        };
        if NAMING.iter().any(|it| name.eq_ignore_ascii_case(it)) {
            addresses.extend(pieces());
        } else if name.eq_ignore_ascii_case("In-Reply-To") {
            answered.splice(0..0, pieces());
        } else if name.eq_ignore_ascii_case("References") {
            answered.extend(pieces().collect::<Vec<_>>().into_iter().rev());
        }
    }
    (addresses, answered)
}

#[cfg(test)]
mod tests {
    use super::{named, ours};

    #[test]
    fn only_headers_that_name_recipients_name_recipients() {
        let raw = b"Received: for <reply+r@hub.test>\r\nTo: \"A, B\" <reply+a@hub.test>,\r\n c@d.test\r\nSubject: reply+s@hub.test\r\nX-Odd: <reply+x@hub.test>\r\ndelivered-to: reply+b@hub.test\r\nReferences: <1@hub.test>\r\n <2@hub.test>\r\nIn-Reply-To: <3@hub.test>\r\n\r\nTo: reply+body@hub.test\r\n";
        let (addresses, answered) = named(raw);
        assert_eq!(addresses, ["reply+a@hub.test", "c@d.test", "reply+b@hub.test"]);
        assert_eq!(answered, ["3@hub.test", "2@hub.test", "1@hub.test"]);
    }

    #[test]
    fn ours_is_found_behind_ten_thousand_others() {
        let others = (0..10_000).map(|at| format!("somebody{at}@else.test, "));
        let to: String = others.chain(["<reply+a@Hub.test>".to_owned()]).collect();
        let (addresses, _) = named(format!("To: {to}\r\n\r\nHi\r\n").as_bytes());
        assert_eq!(addresses.len(), 10_001);
        let found: Vec<_> = ours(&addresses, "hub.test").collect();
        assert_eq!(found, ["reply+a@Hub.test"]);
    }
}
