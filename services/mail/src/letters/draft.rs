//! What a letter to a guest says, from the message that it carries.

use gate::House;
use kernel::Fault;
use sharing::{
    Range,
    files::{self, Kept},
    log,
};
use store::Sha256;

use super::{
    SENDER,
    compose::{Draft, Enclosed, Words},
    sql::{self, ToSend},
    words,
};
use crate::token::{Purpose, Signer, address};

/// So many bytes of files go with a letter; most servers take 25 MB, and base 64 makes 4 of 3.
const ENCLOSED_BYTES: i64 = 15_000_000;

/// What a letter to a guest says. It is read by the sponsor's own right.
pub(super) async fn draft(house: &House, row: &ToSend) -> Result<Option<Draft>, Fault> {
    let (Some(room), Some(guest), Some(seq), Some(sponsor)) =
        (row.room_id, row.live_guest_id, row.seq, row.sponsor_id)
    else {
        return Ok(None);
    };
    let mut conn = house.db.read().await?;
    let slice = log::slice(&mut conn, sponsor, room, Range::After(seq - 1), 1).await?;
    let mut earlier = sql::earlier(&mut conn, guest, seq).await?;
    let kept = files::of_message(&mut conn, sponsor, room, seq).await?;
    drop(conn);
    let Some(slice) = slice else { return Ok(None) };
    let event = slice.events.into_iter().find(|it| it.seq == seq && it.hidden.is_none());
    let Some((event, body)) = event.and_then(|it| it.body.clone().map(|body| (it, body)))
    else {
        return Ok(None);
    };
    let domain = &house.settings.mail_domain;
    let first = earlier.is_empty();
    earlier.insert(0, format!("{room}@{domain}"));
    let secret = row.secret.as_deref().unwrap_or_default();
    let signer = Signer::new(&house.settings.secret);
    let reply = signer.of_guest(Purpose::Reply, guest, room, secret);
    let leave = signer.of_guest(Purpose::Unsubscribe, guest, room, secret).text();
    let leave = format!("{}/api/v1/mail/unsubscribe/{leave}", house.settings.public_url);
    let speaker = words::speaker(&event.name, event.organisation_name.as_deref());
    let (files, body) = enclosed(house, kept, body).await?;
    let said = Words {
        locale: row.locale.unwrap_or_default(),
        speaker: &speaker,
        topic: &slice.reach.title,
        body: &body,
        sponsor: row.sponsor_name.as_deref().unwrap_or_default(),
        leave: &leave,
    };
    Ok(Some(Draft {
        from: speaker.clone(),
        address: format!("{SENDER}@{domain}"),
        to: row.recipient.clone(),
        to_name: row.name.clone(),
        subject: if first { row.subject.clone() } else { format!("Re: {}", row.subject) },
        message_id: row.message_id.clone(),
        earlier,
        reply_to: Some(address(Purpose::Reply, &reply, domain)),
        unsubscribe: Some(leave.clone()),
        text: said.text(),
        html: Some(said.html()),
        automatic: false,
        files,
    }))
}

/// The files of a message that fit into a letter; of the others its words tell.
async fn enclosed(
    house: &House,
    kept: Vec<Kept>,
    mut body: String,
) -> Result<(Vec<Enclosed>, String), Fault> {
    let (mut files, mut left) = (Vec::new(), ENCLOSED_BYTES);
    for Kept { name, kind, bytes, sha256, .. } in kept {
        if bytes > left {
            let size = (bytes / 1_000_000).to_string();
            body.extend(["\n\n[", &name, ", ", &size, " MB]"]);
            continue;
        }
        left -= bytes;
        let bytes = house.files.read(sha256.parse::<Sha256>()?).await?;
        files.push(Enclosed { name, kind, bytes });
    }
    Ok((files, body))
}
