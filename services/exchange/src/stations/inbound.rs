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
use store::Conn;

use super::{
    Partner, Station,
    raw::{self, Raw},
    settle, sql,
    unproven::{self, Unproven},
    unwrap, verdict,
    wire::{self, Content, Room},
};
use crate::interchanges;

/// What partners' stations call; no door of the API, and no person behind it.
pub fn listener_routes(house: &House) -> Router {
    Router::new().route("/as2/{organisation}", post(message)).with_state(house.clone())
}

/// What a partner hears.
pub(super) enum Heard {
    /// A receipt: just made, or the one that the same message got before.
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
        Ok(heard) => answer(&fields, heard),
        Err(fault) => Err(fault),
    };
    answered.unwrap_or_else(|fault| {
        let error = &fault as &dyn std::error::Error;
        tracing::error!(error, "an AS2 message: {fault}");
        (StatusCode::INTERNAL_SERVER_ERROR, "it has been written down; send it again\n")
            .into_response()
    })
}

fn answer(fields: &Fields, heard: Heard) -> Result<Response, Fault> {
    let kept = match heard {
        Heard::Taken => return Ok(StatusCode::NO_CONTENT.into_response()),
        Heard::Plain(status, why) => return Ok((status, why + "\n").into_response()),
        Heard::Receipt(receipt) => receipt,
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
    let Some(Caller { partner, station, before, unproven }) = known else {
        tracing::warn!(%from, %to, "an AS2 message of a stranger was refused");
        let why =
            format!("no station {to} here trades with {from}; check both AS2 names");
        return Ok(Heard::Plain(StatusCode::NOT_FOUND, why));
    };
    if let Some(heard) = before {
        return Ok(heard);
    }
    if unproven.is_full() && !partner.terms.require_signed {
        let why = "too much came without a signature today; sign your messages, or go on \
                   tomorrow";
        return Ok(Heard::Plain(StatusCode::SERVICE_UNAVAILABLE, why.to_owned()));
    }
    let envelope = Envelope { organisation, station, partner, message_id };
    let raw = Raw::of(fields, body);
    let (length_bytes, body) = (raw.length_bytes()?, raw.body()?);
    if !unproven.is_pressing() {
        let raw = raw.keep(house).await?.to_string();
        let message = read(house, fields, body, envelope).await?;
        return settle::settle(house, message, settle::Raw { file: raw, length_bytes })
            .await;
    }
    let message = read(house, fields, body, envelope).await?;
    if let Err(broken) = &message.read {
        tracing::info!(partner.id = %message.envelope.partner.id, "refused, and not kept: {broken}");
        return Ok(settle::refusal(message.receipt.as_ref(), &broken.to_string()));
    }
    let file = raw.keep(house).await?.to_string();
    settle::settle(house, message, settle::Raw { file, length_bytes }).await
}

/// Unwraps a message, and writes its receipt.
async fn read(
    house: &House,
    fields: &Fields,
    body: raw::Body,
    envelope: Envelope,
) -> Result<settle::Message, Fault> {
    let (own, fields) = (house.clone(), fields.clone());
    let working = tokio::task::spawn_blocking(move || {
        let (read, wish) = match body {
            raw::Body::Held(body) => unwrap::held(&fields, &body, &envelope),
            raw::Body::Spooled(file, from) => {
                unwrap::spooled(&own, &fields, (file, from), &envelope)?
            }
        };
        let receipt = unwrap::receipt(&own, &envelope, wish.as_ref(), &read)?;
        let receipt = receipt.map(Bytes::from);
        Ok(settle::Message { read, wish, receipt, envelope })
    });
    working.await.map_err(Fault::new("waiting for a message to be read"))?
}

/// A partner that calls a station of ours.
struct Caller {
    partner: Partner,
    station: Station,
    /// What the same message heard, if it was taken before.
    before: Option<Heard>,
    /// How much came in its name today that proves nothing.
    unproven: Unproven,
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
    let today = unproven::day(house.clock.now());
    let Some(row) = sql::caller(conn, organisation, names, today).await? else {
        return Ok(None);
    };
    let Some(name) = row.station.filter(|name| name == to.as_str()) else {
        return Ok(None);
    };
    let station = super::named(house, conn, organisation, &name).await?;
    let heard = |_taken| row.receipt.map_or(Heard::Taken, |it| Heard::Receipt(it.into()));
    let before = row.taken.map(heard);
    let (partner, unproven) = (Partner::try_from(row.partner)?, row.unproven);
    Ok(Some(Caller { partner, station, before, unproven }))
}

/// Judges what was just kept, beside whoever brought it.
pub(crate) async fn judge_soon(house: House, interchange: Id<Interchange>) {
    let errand = interchanges::Errand { interchange, chased: 0 };
    if let Err(fault) = interchanges::judge_kept(&house, errand).await {
        let error = &fault as &dyn std::error::Error;
        tracing::error!(error, "judging {interchange} is left to a job");
    }
}
