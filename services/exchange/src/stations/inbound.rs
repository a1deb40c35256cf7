//! `POST /as2/{organisation}`: what partners send.

use as2::{
    Broken, Demand, Digest, Disposition, Keys, Legacy, Mic, Policy, Receipt, Received,
    Wish,
};
use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use gate::House;
use kernel::{Fault, Id, Interchange, Organisation};
use mime::Fields;
use store::{Conn, Tx, jobs};

use super::{
    Partner, Station,
    outbound::{RECEIPT, ReceiptErrand},
    sql, trial, verdict,
};
use crate::{
    dialects,
    interchanges::{self, LIMIT_BYTES, Source},
};

/// The longest message, in bytes: base64 and signatures make an interchange longer.
const LIMIT_MESSAGE_BYTES: usize = LIMIT_BYTES * 2;

/// What partners' stations call; no door of the API, and no person behind it.
pub fn listener_routes(house: &House) -> Router {
    Router::new()
        .route("/as2/{organisation}", post(message))
        .layer(DefaultBodyLimit::max(LIMIT_MESSAGE_BYTES))
        .with_state(house.clone())
}

/// What a partner hears.
enum Heard {
    /// A receipt, kept under this name.
    Receipt(String),
    /// That it was taken; a receipt comes later, or none is wanted.
    Taken,
    /// A stranger, or one whom we cannot answer otherwise.
    Plain(StatusCode, String),
}

async fn message(
    State(house): State<House>,
    Path(organisation): Path<String>,
    headers: HeaderMap,
    body: Bytes,
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
        Heard::Receipt(kept) => house.files.read(kept.parse()?).await?,
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
struct Envelope {
    organisation: Id<Organisation>,
    station: Station,
    partner: Partner,
    message_id: String,
    raw: String,
}

async fn take(
    house: &House,
    organisation: Id<Organisation>,
    fields: &Fields,
    body: Bytes,
) -> Result<Heard, Fault> {
    let name = |header| fields.get(header).and_then(|it| as2::Name::read(it).ok());
    let (Some(from), Some(to)) = (name("AS2-From"), name("AS2-To")) else {
        let why = "send the headers AS2-From and AS2-To, each with an AS2 name";
        return Ok(Heard::Plain(StatusCode::BAD_REQUEST, why.to_owned()));
    };
    let mut conn = house.db.read().await?;
    let known = correspondents(house, &mut conn, organisation, (&from, &to)).await?;
    if let Some((partner, _)) = &known
        && verdict::speaks_of_receipt(fields, &body)
    {
        drop(conn);
        let heard = verdict::hear(house, organisation, partner, (fields, &body)).await?;
        return Ok(match heard {
            Ok(()) => Heard::Taken,
            Err(why) => {
                tracing::warn!(partner.id = %partner.id, "a receipt proves nothing: {why}");
                Heard::Plain(StatusCode::BAD_REQUEST, why)
            }
        });
    }
    let id = fields
        .get("Message-ID")
        .map(str::trim)
        .filter(|id| (1..=500).contains(&id.len()));
    let Some(message_id) = id.map(str::to_owned) else {
        let why = "send the header Message-ID, at most 500 characters".to_owned();
        return Ok(Heard::Plain(StatusCode::BAD_REQUEST, why));
    };
    let Some((partner, station)) = known else {
        tracing::warn!(%from, %to, "an AS2 message of a stranger was refused");
        let why =
            format!("no station {to} here trades with {from}; check both AS2 names");
        return Ok(Heard::Plain(StatusCode::NOT_FOUND, why));
    };
    if let Some(receipt) =
        sql::receipt(&mut conn, organisation, partner.id, &message_id).await?
    {
        return Ok(receipt.map_or(Heard::Taken, Heard::Receipt));
    }
    drop(conn);
    let mut whole = fields.lines().into_bytes();
    whole.extend_from_slice(b"\r\n");
    whole.extend_from_slice(&body);
    let raw = house.files.keep(whole).await?.to_string();
    let envelope = Envelope { organisation, station, partner, message_id, raw };
    judge(house, fields.clone(), body, envelope).await
}

/// The partner that calls, and the station that it calls; none if either is not known by
/// its name at this address.
async fn correspondents(
    house: &House,
    conn: &mut Conn,
    organisation: Id<Organisation>,
    (from, to): (&as2::Name, &as2::Name),
) -> Result<Option<(Partner, Station)>, Fault> {
    let Some(partner) = sql::partner(conn, organisation, from.as_str()).await? else {
        return Ok(None);
    };
    let station = super::station(house, conn, organisation).await?;
    let Some(station) = station.filter(|it| it.name.as_str() == to.as_str()) else {
        return Ok(None);
    };
    Ok(Some((Partner::try_from(partner)?, station)))
}

/// Unwraps a message and writes its receipt; all that is slow, and nothing that waits.
fn unwrap(
    fields: &Fields,
    body: &[u8],
    envelope: &Envelope,
) -> (Result<Received, Broken>, Option<Wish>) {
    let wish = match Wish::read(fields) {
        Ok(wish) => wish,
        Err(broken) => return (Err(broken), None),
    };
    let Envelope { station, partner, .. } = envelope;
    let demand = |must| if must { Demand::Required } else { Demand::Optional };
    let policy = Policy {
        signed: demand(partner.terms.require_signed),
        encrypted: demand(partner.terms.require_encrypted),
        legacy: if partner.terms.legacy { Legacy::Taken } else { Legacy::Refused },
        limit_bytes: LIMIT_BYTES * 2,
    };
    let own: Vec<_> = station.identities.iter().map(AsRef::as_ref).collect();
    let theirs: Vec<_> = partner.certificates.iter().collect();
    let keys = Keys { own: &own, partner: &theirs };
    let digest = wish.as_ref().map_or(Digest::Sha256, |wish| wish.digest);
    let read = as2::receive(fields, body, keys, policy, digest);
    (read.and_then(|read| check(read, partner)), wish)
}

/// A partner speaks for itself alone: the senders inside are its own.
fn check(read: Received, partner: &Partner) -> Result<Received, Broken> {
    for document in &read.documents {
        if document.bytes.len() > LIMIT_BYTES {
            return Err(Broken::Unsupported("a document of more than 10 MB"));
        }
        let interchanges = dialects::read(&document.bytes).unwrap_or_default();
        if interchanges.iter().any(|it| it.sender() != partner.identifier) {
            return Err(Broken::Unsupported(
                "a sender (ISA06 or UNB) that is not this partner's",
            ));
        }
    }
    Ok(read)
}

fn receipt(
    house: &House,
    envelope: &Envelope,
    wish: &Wish,
    disposition: &Disposition,
    (mic, text): (Option<&Mic>, &str),
) -> Result<Vec<u8>, Fault> {
    let boundary = || format!("=_{}", Id::<kernel::As2Message>::mint());
    let [outer, inner] = [boundary(), boundary()];
    let receipt = Receipt {
        receiver: envelope.station.name.as_str(),
        message_id: &envelope.message_id,
        disposition,
        mic,
        text,
        product: "Entente",
        boundaries: [&outer, &inner],
    };
    let by = envelope.station.identities.first().filter(|_| wish.signed);
    let by = by.map(AsRef::as_ref);
    let at = house.clock.now().micros() / 1_000_000;
    let made = receipt.make(by.map(|by| (by, wish.digest)), at);
    let (kind, content) = made.map_err(Fault::new("making a receipt"))?;
    let mut whole = format!("Content-Type: {kind}\r\n\r\n").into_bytes();
    whole.extend(content);
    Ok(whole)
}

async fn judge(
    house: &House,
    fields: Fields,
    body: Bytes,
    envelope: Envelope,
) -> Result<Heard, Fault> {
    let own = house.clone();
    let working = tokio::task::spawn_blocking(move || {
        let (read, wish) = unwrap(&fields, &body, &envelope);
        let (disposition, text, mic) = match &read {
            Ok(read) => {
                let text = "It was taken and is kept. What is in it is answered apart.";
                (Disposition::Processed, text.to_owned(), Some(&read.mic))
            }
            Err(broken) => {
                let modifier = broken.modifier().to_owned();
                (Disposition::Error(modifier), broken.to_string(), None)
            }
        };
        let made = match &wish {
            Some(wish) => {
                let told = receipt(&own, &envelope, wish, &disposition, (mic, &text))?;
                Some(told)
            }
            None => None,
        };
        Ok::<_, Fault>((read, wish, made, envelope))
    });
    let worked = working.await.map_err(Fault::new("waiting for a message to be read"))?;
    let (read, wish, made, envelope) = worked?;
    let made = match made {
        Some(made) => Some(house.files.keep(made).await?.to_string()),
        None => None,
    };
    settle(house, read, wish, made, envelope).await
}

/// Writes down what came, with what it brings and what is answered, in one transaction.
async fn settle(
    house: &House,
    read: Result<Received, Broken>,
    wish: Option<Wish>,
    made: Option<String>,
    envelope: Envelope,
) -> Result<Heard, Fault> {
    let mut kept = Vec::new();
    let documents = read.iter().flat_map(|read| &read.documents);
    for document in documents.filter(|it| !trial::is_trial(&it.bytes)) {
        let sha256 = house.files.keep(document.bytes.clone()).await?.to_string();
        kept.push((sha256, i64::try_from(document.bytes.len()).unwrap_or(i64::MAX)));
    }
    let evidence = match read.as_ref().ok().and_then(|read| read.evidence.clone()) {
        Some(as2::Evidence { content, signature }) => {
            let content = house.files.keep(content).await?.to_string();
            Some((content, house.files.keep(signature).await?.to_string()))
        }
        None => None,
    };
    let now = house.clock.now();
    let Envelope { organisation, partner, message_id, raw, .. } = envelope;
    let mut tx = house.db.write().await?;
    let mut ids = Vec::new();
    for (sha256, bytes) in kept {
        let source = Source::As2(organisation, partner.name.to_string());
        ids.push(interchanges::keep_in(&mut tx, source, (sha256, bytes), now).await?);
    }
    let why = read.as_ref().err().map(ToString::to_string);
    let mic = read.as_ref().ok().map(|read| told(&read.mic));
    let new = sql::NewMessage {
        id: Id::mint(),
        organisation,
        partner: partner.id,
        direction: "in",
        message_id: message_id.clone(),
        state: if read.is_ok() { "taken" } else { "refused" },
        interchange: ids.first().copied(),
        raw,
        receipt: made.clone(),
        mic,
        why: why.clone(),
        evidence,
        at: now,
        attempt: 0,
    };
    if !sql::add_message(&mut tx, new).await? {
        // Somebody brought the same message at the same moment: theirs is kept, and answers.
        drop(tx);
        let mut conn = house.db.read().await?;
        let receipt =
            sql::receipt(&mut conn, organisation, partner.id, &message_id).await?;
        return Ok(receipt.flatten().map_or(Heard::Taken, Heard::Receipt));
    }
    let heard = match (wish.and_then(|wish| wish.later_to), made) {
        (Some(url), Some(receipt)) => {
            later(&mut tx, &partner, (organisation, url, receipt), now).await?
        }
        (None, Some(receipt)) => Heard::Receipt(receipt),
        (_, None) => match &why {
            Some(why) => Heard::Plain(StatusCode::BAD_REQUEST, why.clone()),
            None => Heard::Taken,
        },
    };
    store::brink("as2.taking");
    tx.commit().await?;
    store::brink("as2.taken");
    tracing::info!(partner.id = %partner.id, taken = why.is_none(), "an AS2 message came");
    for id in ids {
        tokio::spawn(judge_soon(house.clone(), id));
    }
    Ok(heard)
}

/// A receipt that is wanted elsewhere is sent by a job: only to the partner's own host, so
/// that nobody makes us call another.
async fn later(
    tx: &mut Tx,
    partner: &Partner,
    (organisation, url, receipt): (Id<Organisation>, String, String),
    now: kernel::Moment,
) -> Result<Heard, Fault> {
    let host = |url: &str| reqwest::Url::parse(url).ok()?.host_str().map(str::to_owned);
    if host(&url).is_none() || host(&url) != host(&partner.url) {
        tracing::warn!(partner.id = %partner.id, "a receipt is wanted at a foreign host");
        return Ok(Heard::Receipt(receipt));
    }
    let partner = partner.name.as_str().to_owned();
    let errand = ReceiptErrand { organisation, partner, url, receipt };
    jobs::add(tx, RECEIPT, &errand, now).await?;
    Ok(Heard::Taken)
}

/// Judges what was just kept, beside whoever brought it.
pub(crate) async fn judge_soon(house: House, interchange: Id<Interchange>) {
    let errand = interchanges::Errand { interchange, chased: 0 };
    if let Err(fault) = interchanges::judge_kept(&house, errand).await {
        let error = &fault as &dyn std::error::Error;
        tracing::error!(error, "judging {interchange} is left to a job");
    }
}

/// A MIC as it is stored, and as an MDN tells it.
pub(super) fn told(mic: &Mic) -> String {
    format!("{}, {}", STANDARD.encode(&mic.bytes), mic.digest.name())
}
