//! What the listener asks the house: is this recipient known, and is this mail kept?

use std::net::{IpAddr, SocketAddr};

use gate::House;
use kernel::{Arrival, Fault, Guest, Id, Letter, Moment, Room};
use serde::{Deserialize, Serialize};
use store::{Conn, jobs, statements};

use super::session::{Mail, Verdict};
use crate::{
    letters,
    text::cut,
    token::{Purpose, Signer, Token, read_address, redact},
};

statements! {
    /// A guest that may write to us.
    GUEST unscoped "the token in the address is the right" = "
        select id, room_id, secret from live_guest where id = $1";

    /// A mail has been kept.
    KEPT unscoped "the token in the address is the right" = "
        insert into arrival (id, room_id, guest_id, message_id, sender, recipient, subject, sha256, state, reason, seq, at, spf, dkim, dmarc)
        values ($1, $2, $3, null, $4, $5, '', $6, 'stored', '', null, $7, 'unknown', 'unknown', 'unknown')";
}

/// The kind of job that files a mail.
pub(crate) const FILE: &str = "mail.file";

/// The work of filing one mail.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Errand {
    /// Which.
    pub(crate) arrival: Id<Arrival>,
    /// The envelope's sender; empty for bounces.
    pub(crate) sender: String,
    /// Which server brought it.
    pub(crate) peer: IpAddr,
    /// What that server called itself.
    pub(crate) helo: String,
    /// The letter it came back about, if it came to a letter's own address.
    pub(crate) bounce_of: Option<Id<Letter>>,
}

/// To whom a recipient's address leads.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Known {
    guest: Option<Id<Guest>>,
    room: Option<Id<Room>>,
    bounce_of: Option<Id<Letter>>,
}

/// Whether mail for this address is taken.
pub(super) async fn recipient(house: &House, address: &str) -> Verdict {
    let found = async {
        let mut conn = house.db.read().await?;
        find(house, &mut conn, address).await
    };
    match found.await {
        Ok(Some(_)) => Verdict::Taken,
        Ok(None) => Verdict::Unknown,
        Err(fault) => not_now(&fault),
    }
}

async fn find(
    house: &House,
    conn: &mut Conn,
    address: &str,
) -> Result<Option<Known>, Fault> {
    let Some((purpose, token)) = read_address(address, &house.settings.mail_domain)
    else {
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
            Ok(about.map(|(guest, room)| Known { guest, room, bounce_of }))
        }
        Purpose::Reply | Purpose::Unsubscribe => {
            let found = guest(conn, &signer, purpose, &token).await?;
            Ok(found.map(|(guest, room)| Known {
                guest: Some(guest),
                room: Some(room),
                bounce_of: None,
            }))
        }
    }
}

/// The live guest that a token proves, and its room.
async fn guest(
    conn: &mut Conn,
    signer: &Signer,
    purpose: Purpose,
    token: &Token,
) -> Result<Option<(Id<Guest>, Id<Room>)>, Fault> {
    let found: Option<(Id<Guest>, Id<Room>, Vec<u8>)> =
        conn.run(GUEST).bind(token.guest()).optional().await?;
    Ok(found
        .filter(|(guest, room, secret)| {
            token.is(&signer.of_guest(purpose, *guest, *room, secret))
        })
        .map(|(guest, room, _)| (guest, room)))
}

/// Keeps a mail: its bytes are synced, and its row and its job are committed, when this says
/// that it is taken.
pub(super) async fn keep(house: &House, peer: SocketAddr, mail: Mail) -> Verdict {
    match try_keep(house, peer, mail).await {
        Ok(0) => Verdict::Unknown,
        Ok(_) => Verdict::Taken,
        Err(fault) => not_now(&fault),
    }
}

async fn try_keep(house: &House, peer: SocketAddr, mail: Mail) -> Result<usize, Fault> {
    let now = house.clock.now();
    let mut known: Vec<(Known, String)> = Vec::new();
    let mut conn = house.db.read().await?;
    for address in &mail.recipients {
        // The right may have gone since the recipient was named.
        let found = find(house, &mut conn, address).await?;
        let new = found.filter(|found| known.iter().all(|(it, _)| it != found));
        known.extend(new.map(|found| (found, redact(address).into_owned())));
    }
    drop(conn);
    if known.is_empty() {
        return Ok(0);
    }
    let traced = [trace(house, peer, &mail, now).as_bytes(), &mail.bytes].concat();
    let sha256 = house.files.keep(traced).await?.to_string();
    let mut tx = house.db.write().await?;
    for (known, recipient) in &known {
        let arrival = Id::<Arrival>::mint();
        tx.run(KEPT)
            .bind(arrival)
            .bind(known.room)
            .bind(known.guest)
            .bind(cut(&mail.from, 320).to_lowercase())
            .bind(recipient.clone())
            .bind(sha256.clone())
            .bind(now)
            .execute()
            .await?;
        let sender = mail.from.clone();
        let (peer, helo) = (peer.ip(), cut(&mail.helo, 255));
        let errand = Errand { arrival, sender, peer, helo, bounce_of: known.bounce_of };
        jobs::add(&mut tx, FILE, &errand, now).await?;
    }
    store::brink("mail.keeping");
    tx.commit().await?;
    store::brink("mail.kept");
    tracing::info!(bytes = mail.bytes.len(), "kept a mail for {} rooms", known.len());
    Ok(known.len())
}

/// What the last server writes above a mail (RFC 5321 § 4.4).
fn trace(house: &House, peer: SocketAddr, mail: &Mail, now: Moment) -> String {
    let plain = |text: &str| -> String {
        let graphic =
            |it: &char| it.is_ascii_graphic() && !matches!(it, '(' | ')' | '\\');
        text.chars().filter(graphic).take(255).collect()
    };
    format!(
        "Return-Path: <{}>\r\nReceived: from {} ([{}]) by {} with ESMTP; {}\r\n",
        plain(&mail.from),
        plain(&mail.helo),
        peer.ip(),
        plain(&house.settings.mail_domain),
        mail_parser::DateTime::from_timestamp(now.micros() / 1_000_000).to_rfc822(),
    )
}

fn not_now(fault: &Fault) -> Verdict {
    let error: &dyn std::error::Error = fault;
    tracing::error!(error, "answering 451 to incoming mail: {fault}");
    Verdict::Later
}
