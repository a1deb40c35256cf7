//! What goes to partners: interchanges, and receipts that they want later.

use std::time::Duration;

use as2::{Cipher, Compression, Digest, KeyTransport, Mic, Outgoing, Scheme};
use gate::House;
use kernel::{As2Message, Fault, Id, Interchange, Organisation};
use mime::Fields;
use serde::{Deserialize, Serialize};
use store::jobs::Outcome;

use super::{
    Partner, Station,
    settle::told,
    sql,
    verdict::{self, Verdict},
    wire::post,
};

/// The kind of job that sends a receipt to where a partner wants it.
pub(crate) const RECEIPT: &str = "as2.receipt";

/// For how long the receipt of what a partner took is awaited before it is sent once more.
const AWAITED_FOR: Duration = Duration::from_mins(10);

/// The errand of that job.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct ReceiptErrand {
    pub(super) organisation: Id<Organisation>,
    pub(super) partner: String,
    pub(super) url: String,
    /// The message whose receipt it is.
    pub(super) message: Id<As2Message>,
}

/// Carries an interchange to its receiver, if that is a partner of the sender's station with
/// an address. `None` if it is not.
///
/// # Errors
/// Only ours.
pub(crate) async fn carry(
    house: &House,
    (organisation, interchange, attempt): (Id<Organisation>, Id<Interchange>, i64),
    receiver: &str,
    (document, last): (&[u8], bool),
) -> Result<Option<Outcome>, Fault> {
    let mut conn = house.db.read().await?;
    let kept = sql::outgoing(&mut conn, organisation, (interchange, attempt)).await?;
    let partner = match &kept {
        Some(row) => sql::partner_with(&mut conn, organisation, row.partner_id).await?,
        None => sql::partner_of(&mut conn, organisation, receiver).await?,
    };
    let Some(partner) = partner else { return Ok(None) };
    let partner = Partner::try_from(partner)?;
    let Some(station) = super::station(house, &mut conn, organisation).await? else {
        return Ok(None);
    };
    drop(conn);
    if partner.url.is_empty() {
        return Ok(None);
    }
    let row = if let Some(row) = kept {
        row
    } else {
        let from = (organisation, interchange, attempt);
        keep(house, from, (&station, &partner), document).await?
    };
    let now = house.clock.now();
    match row.state.as_str() {
        "delivered" => return Ok(Some(Outcome::Done)),
        "failed" => {
            return Ok(Some(Outcome::Dead(row.why.unwrap_or_default())));
        }
        "sent" if !last && row.sent_at.is_some_and(|at| now < at + AWAITED_FOR) => {
            return Ok(Some(Outcome::Retry("its receipt has not come yet".to_owned())));
        }
        _ => {}
    }
    let whole = house.files.read(row.raw.parse()?).await?;
    store::brink("as2.posting");
    let verdict = match post(house, &partner.url, &whole).await {
        Err(why) => Verdict::wait(why),
        Ok(told) => verdict::weigh(&partner, &row, told),
    };
    store::brink("as2.posted");
    let verdict = if last { verdict.at_last() } else { verdict };
    verdict::settle(house, organisation, row.id, verdict).await.map(Some)
}

/// Makes the message once and keeps the bytes that go over the wire: a second try sends the
/// same ones.
async fn keep(
    house: &House,
    (organisation, interchange, attempt): (Id<Organisation>, Id<Interchange>, i64),
    (station, partner): (&Station, &Partner),
    document: &[u8],
) -> Result<sql::OutgoingRow, Fault> {
    let (id, now) = (Id::<As2Message>::mint(), house.clock.now());
    let content =
        Content { bytes: document, kind: kind_of(document), later: partner.terms.later };
    let wrapped = wrap(house, (station, partner), id, content)?;
    let raw = house.files.keep(wrapped.whole).await?.to_string();
    let new = sql::NewMessage {
        id,
        organisation,
        partner: partner.id,
        direction: "out",
        message_id: wrapped.message_id,
        state: "waiting",
        interchange: Some(interchange),
        raw,
        receipt: None,
        mic: Some(told(&wrapped.mic)),
        why: None,
        evidence: None,
        at: now,
        attempt,
    };
    let mut tx = house.db.write().await?;
    sql::add_message(&mut tx, new).await?;
    let row = sql::outgoing(&mut tx, organisation, (interchange, attempt)).await?;
    tx.commit().await?;
    store::brink("as2.made");
    row.ok_or_else(|| Fault::broken("keeping an AS2 message", "it is not there"))
}

/// What a message is made of.
#[derive(Clone, Copy)]
pub(super) struct Content<'c> {
    pub(super) bytes: &'c [u8],
    pub(super) kind: &'c str,
    /// Whether its receipt is to come later, by itself.
    pub(super) later: bool,
}

/// A message as it goes over the wire.
pub(super) struct Wrapped {
    pub(super) message_id: String,
    pub(super) whole: Vec<u8>,
    pub(super) mic: Mic,
}

/// The media type of an interchange.
///
/// Source: RFC 1767, 2 and 3.
fn kind_of(document: &[u8]) -> &'static str {
    if document.starts_with(b"UN") {
        "application/edifact"
    } else {
        "application/edi-x12"
    }
}

/// Wraps a document as agreed with a partner.
pub(super) fn wrap(
    house: &House,
    (station, partner): (&Station, &Partner),
    id: Id<As2Message>,
    content: Content<'_>,
) -> Result<Wrapped, Fault> {
    let message_id = format!("<{id}@entente>");
    let (fields, body, mic) = make(station, partner, content, house.clock.now())?;
    let mut all: Fields = [
        ("AS2-Version", "1.3".to_owned()),
        ("AS2-From", station.name.header()),
        ("AS2-To", partner.name.header()),
        ("Message-ID", message_id.clone()),
        ("Subject", "EDI".to_owned()),
        ("MIME-Version", "1.0".to_owned()),
        ("AS2-Product", "Entente".to_owned()),
        ("EDIINT-Features", "multiple-attachments, AS2-Reliability".to_owned()),
        ("Disposition-Notification-To", station.name.header()),
    ]
    .into_iter()
    .collect();
    if partner.terms.signed_receipt {
        let options = format!(
            "signed-receipt-protocol=optional, pkcs7-signature; \
             signed-receipt-micalg=optional, {}",
            mic.digest.name()
        );
        all.push("Disposition-Notification-Options", options);
    }
    if content.later {
        all.push("Receipt-Delivery-Option", station.url.clone());
    }
    for (name, value) in fields.iter() {
        all.push(name, value);
    }
    let mut whole = all.lines().into_bytes();
    whole.extend_from_slice(b"\r\n");
    whole.extend_from_slice(&body);
    Ok(Wrapped { message_id, whole, mic })
}

fn make(
    station: &Station,
    partner: &Partner,
    content: Content<'_>,
    now: kernel::Moment,
) -> Result<(Fields, Vec<u8>, Mic), Fault> {
    let terms = &partner.terms;
    let missing =
        || Fault::broken("making an AS2 message", "a key or certificate is missing");
    let own = station.identities.first().ok_or_else(missing)?;
    let to = partner.certificates.first().ok_or_else(missing)?;
    let cipher = terms.cipher.as_deref().and_then(Cipher::named);
    let boundary = format!("=_{}", Id::<As2Message>::mint());
    let outgoing = Outgoing {
        document: content.bytes,
        content_type: content.kind,
        file_name: Some("interchange.edi"),
        sign: terms.sign.then_some((own, Digest::Sha256, Scheme::Pkcs1)),
        encrypt: cipher.map(|cipher| (to, cipher, KeyTransport::Pkcs1)),
        compression: if terms.compress {
            Compression::BeforeSigning
        } else {
            Compression::None
        },
        mic: Digest::Sha256,
        at_seconds: now.micros() / 1_000_000,
        boundary: &boundary,
    };
    let made = outgoing.make().map_err(Fault::new("making an AS2 message"))?;
    Ok((made.fields, made.content, made.mic))
}

/// Sends a receipt to where a partner wants it: the job's errand.
pub(crate) async fn send_receipt(
    house: &House,
    errand: ReceiptErrand,
) -> Result<Outcome, Fault> {
    let mut conn = house.db.read().await?;
    let own = sql::station(&mut conn, errand.organisation).await?;
    let kept = sql::receipt_of(&mut conn, errand.organisation, errand.message).await?;
    drop(conn);
    let (Some(own), Some(kept)) = (own, kept) else {
        return Ok(Outcome::Dead("there is no station, or no receipt".to_owned()));
    };
    let name =
        |name: &str| as2::Name::new(name).map(|it| it.header()).unwrap_or_default();
    let headers: Fields = [
        ("AS2-Version", "1.3".to_owned()),
        ("AS2-From", name(&own)),
        ("AS2-To", name(&errand.partner)),
        ("Message-ID", format!("<{}@entente>", Id::<As2Message>::mint())),
        ("MIME-Version", "1.0".to_owned()),
    ]
    .into_iter()
    .collect();
    let whole = [headers.lines().as_bytes(), &kept].concat();
    Ok(match post(house, &errand.url, &whole).await {
        Ok(told) if told.status.is_success() => Outcome::Done,
        Ok(told) => Outcome::Retry(format!("the partner answered {}", told.status)),
        Err(why) => Outcome::Retry(why),
    })
}
