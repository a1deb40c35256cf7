//! What the listener asks the house: is this recipient known, and is this mail kept?

use std::net::SocketAddr;

use exchange::mailing;
use gate::House;
use kernel::{Fault, Moment};

use super::session::{Mail, Verdict};
use crate::inbox::{self, Bearer};

/// Whether mail for this address is taken.
pub(super) async fn recipient(house: &House, address: &str) -> Verdict {
    let found = async {
        let mut conn = house.db.read().await?;
        let found = inbox::by_address(house, &mut conn, address).await?;
        let partner = found.and_then(|it| it.partner);
        let full = match partner {
            Some(partner) => {
                mailing::is_full(&mut conn, partner, house.clock.now()).await?
            }
            None => false,
        };
        Ok((found.is_some(), full))
    };
    match found.await {
        Ok((true, true)) => Verdict::Later,
        Ok((true, false)) => Verdict::Taken,
        Ok((false, _)) => Verdict::Unknown,
        Err(fault) => not_now(&fault),
    }
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
    let mut conn = house.db.read().await?;
    // The right may have gone since the recipient was named.
    let known = inbox::by_addresses(house, &mut conn, &mail.recipients).await?;
    drop(conn);
    if known.is_empty() {
        return Ok(0);
    }
    let now = house.clock.now();
    let traced = [trace(house, peer, &mail, now).as_bytes(), &mail.bytes].concat();
    let bearer = Bearer {
        sender: mail.from.clone(),
        peer: Some(peer.ip()),
        helo: mail.helo.clone(),
    };
    inbox::keep(house, &known, &bearer, traced).await?;
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
