//! `POST /as2/{organisation}`: what partners send.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use gate::House;
use kernel::{Fault, Id, Interchange, Organisation};
use mime::Fields;
use store::{Conn, Sha256, Spool};

use super::{
    Partner, Station, settle, sql, unwrap, verdict,
    wire::{self, Content, Room},
};
use crate::interchanges;

/// What partners' stations call; no door of the API, and no person behind it.
pub fn listener_routes(house: &House) -> Router {
    Router::new().route("/as2/{organisation}", post(message)).with_state(house.clone())
}

/// What a partner hears.
pub(super) enum Heard {
    /// A receipt, kept under this name.
    Kept(String),
    /// A receipt that was just made.
    Receipt(Bytes),
    /// That it was taken; a receipt comes later, or none is wanted.
    Taken,
    /// A stranger, or one whom we cannot answer otherwise.
    Plain(StatusCode, String),
}

async fn message(
    State(house): State<House>,
    Path(organisation): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let fields: Fields = headers
        .iter()
        .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
        .collect();
    // An address that makes no sense is answered as a station that is not there.
    let organisation = organisation.parse().unwrap_or_else(|_bad| Id::mint());
    let answered = match take(&house, organisation, &fields, body).await {
        Ok(heard) => answer(&house, &fields, heard).await,
        Err(fault) => Err(fault),
    };
    answered.unwrap_or_else(|fault| {
        let error = &fault as &dyn std::error::Error;
        tracing::error!(error, "an AS2 message: {fault}");
        (StatusCode::INTERNAL_SERVER_ERROR, "it has been written down; send it again\n")
            .into_response()
    })
}

async fn answer(house: &House, fields: &Fields, heard: Heard) -> Result<Response, Fault> {
    let kept = match heard {
        Heard::Taken => return Ok(StatusCode::NO_CONTENT.into_response()),
        Heard::Plain(status, why) => return Ok((status, why + "\n").into_response()),
        Heard::Receipt(receipt) => receipt,
        Heard::Kept(kept) => house.files.read(kept.parse()?).await?.into(),
    };
    let read = mime::entity(&kept).map_err(Fault::new("reading a receipt"))?;
    let kind = read.fields.get("Content-Type").unwrap_or_default().to_owned();
    let (own, partner) = (fields.get("AS2-To"), fields.get("AS2-From"));
    let headers = [
        (header::CONTENT_TYPE.as_str(), kind),
        ("as2-version", "1.3".to_owned()),
        ("as2-from", own.unwrap_or_default().to_owned()),
        ("as2-to", partner.unwrap_or_default().to_owned()),
        ("message-id", format!("<{}@entente>", Id::<kernel::As2Message>::mint())),
        ("mime-version", "1.0".to_owned()),
    ];
    Ok((headers, read.content.to_vec()).into_response())
}

/// Who sends what to whom.
pub(super) struct Envelope {
    pub(super) organisation: Id<Organisation>,
    pub(super) station: Station,
    pub(super) partner: Partner,
    pub(super) message_id: String,
    /// The file of the message as it came.
    pub(super) raw: String,
}

async fn take(
    house: &House,
    organisation: Id<Organisation>,
    fields: &Fields,
    body: Body,
) -> Result<Heard, Fault> {
    let name = |header| fields.get(header).and_then(|it| as2::Name::read(it).ok());
    let (Some(from), Some(to)) = (name("AS2-From"), name("AS2-To")) else {
        let why = "send the headers AS2-From and AS2-To, each with an AS2 name";
        return Ok(Heard::Plain(StatusCode::BAD_REQUEST, why.to_owned()));
    };
    let id = fields.get("Message-ID").map(str::trim);
    let id = id.filter(|id| (1..=500).contains(&id.len()));
    let mut conn = house.db.read().await?;
    let names = (&from, &to);
    let known = caller(house, &mut conn, organisation, names, id).await?;
    drop(conn);
    // A stranger's message is read to its end, as far as it is short, and thrown away.
    let room = if known.is_some() { Room::OnDisk } else { Room::InMemory };
    let body = match wire::gather(house, fields, body, room).await? {
        Ok(body) => body,
        Err((status, why)) => return Ok(Heard::Plain(status, why)),
    };
    if let (Some(Caller { partner, .. }), Content::Held(body)) = (&known, &body)
        && verdict::speaks_of_receipt(fields, body)
    {
        let heard = verdict::hear(house, organisation, partner, (fields, body)).await?;
        return Ok(match heard {
            Ok(()) => Heard::Taken,
            Err(why) => {
                tracing::warn!(partner.id = %partner.id, "a receipt proves nothing: {why}");
                Heard::Plain(StatusCode::BAD_REQUEST, why)
            }
        });
    }
    let Some(message_id) = id.map(str::to_owned) else {
        let why = "send the header Message-ID, at most 500 characters".to_owned();
        return Ok(Heard::Plain(StatusCode::BAD_REQUEST, why));
    };
    let Some(Caller { partner, station, before }) = known else {
        tracing::warn!(%from, %to, "an AS2 message of a stranger was refused");
        let why =
            format!("no station {to} here trades with {from}; check both AS2 names");
        return Ok(Heard::Plain(StatusCode::NOT_FOUND, why));
    };
    if let Some(heard) = before {
        return Ok(heard);
    }
    let (raw, body) = keep(house, fields, body).await?;
    let raw = raw.to_string();
    let envelope = Envelope { organisation, station, partner, message_id, raw };
    judge(house, fields.clone(), body, envelope).await
}

/// The body of a message that is kept.
enum Kept {
    Held(Bytes),
    /// In this file, from this byte on.
    Spooled(Spool, u64),
}

/// Keeps a message with its headers, before anything in it is looked at.
async fn keep(
    house: &House,
    fields: &Fields,
    body: Content,
) -> Result<(Sha256, Kept), Fault> {
    let mut head = fields.lines().into_bytes();
    head.extend_from_slice(b"\r\n");
    match body {
        Content::Held(body) => {
            head.extend_from_slice(&body);
            Ok((house.files.keep(head).await?, Kept::Held(body)))
        }
        Content::Spooled(spool) => {
            let from = u64::try_from(head.len()).unwrap_or(u64::MAX);
            let name = house.files.adopt(spool).await?;
            let opened = house.files.spooled(name);
            let opened = opened.map_err(Fault::new("opening a message that was kept"))?;
            Ok((name, Kept::Spooled(opened, from)))
        }
    }
}

/// A partner that calls a station of ours.
struct Caller {
    partner: Partner,
    station: Station,
    /// What the same message heard, if it was taken before.
    before: Option<Heard>,
}

/// Who calls; none if the partner or the station is not known by its name at this address.
async fn caller(
    house: &House,
    conn: &mut Conn,
    organisation: Id<Organisation>,
    (from, to): (&as2::Name, &as2::Name),
    message_id: Option<&str>,
) -> Result<Option<Caller>, Fault> {
    let names = (from.as_str(), message_id.unwrap_or_default());
    let Some(row) = sql::caller(conn, organisation, names).await? else {
        return Ok(None);
    };
    let Some(name) = row.station.filter(|name| name == to.as_str()) else {
        return Ok(None);
    };
    let station = super::named(house, conn, organisation, &name).await?;
    let heard = |_taken| row.receipt.map_or(Heard::Taken, Heard::Kept);
    let before = row.taken.map(heard);
    Ok(Some(Caller { partner: Partner::try_from(row.partner)?, station, before }))
}

async fn judge(
    house: &House,
    fields: Fields,
    body: Kept,
    envelope: Envelope,
) -> Result<Heard, Fault> {
    let own = house.clone();
    let working = tokio::task::spawn_blocking(move || {
        let (read, wish) = match body {
            Kept::Held(body) => unwrap::held(&fields, &body, &envelope),
            Kept::Spooled(file, from) => {
                unwrap::spooled(&own, &fields, (file, from), &envelope)?
            }
        };
        let receipt = unwrap::receipt(&own, &envelope, wish.as_ref(), &read)?;
        Ok::<_, Fault>(settle::Message { read, wish, receipt, envelope })
    });
    let worked = working.await.map_err(Fault::new("waiting for a message to be read"))?;
    settle::settle(house, worked?).await
}

/// Judges what was just kept, beside whoever brought it.
pub(crate) async fn judge_soon(house: House, interchange: Id<Interchange>) {
    let errand = interchanges::Errand { interchange, chased: 0 };
    if let Err(fault) = interchanges::judge_kept(&house, errand).await {
        let error = &fault as &dyn std::error::Error;
        tracing::error!(error, "judging {interchange} is left to a job");
    }
}
