//! What the partner sends.

use as2::{
    Answer, Cipher, Compression, Digest, Identity, KeyTransport, Legacy, Outgoing, Proof,
    Scheme,
};
use kernel::Fault;

use super::{
    super::{Refusal, wire::Told},
    LaneLook, LaneStep,
    hall::{Hall, until},
    papers::{PARTNER, Paper, verdict},
    peer, sql,
};

/// How a message is dressed.
#[derive(Clone, Copy)]
pub(super) struct Dress<'d> {
    pub(super) sign: Option<&'d Identity>,
    pub(super) compression: Compression,
    pub(super) file_name: Option<&'d str>,
}

impl<'d> Dress<'d> {
    /// As it should be.
    pub(super) fn proper(hall: &'d Hall) -> Self {
        let sign = Some(&hall.peer.identity);
        Self { sign, compression: Compression::None, file_name: None }
    }
}

/// A message as it goes over the wire.
pub(super) struct Message {
    id: String,
    fields: Vec<(String, String)>,
    body: Vec<u8>,
    mic: as2::Mic,
}

/// A paper of the lane for the station's organisation.
pub(super) fn paper(hall: &Hall, control: u32) -> Paper<'_> {
    let (from, to) = (PARTNER, hall.own.as_str());
    Paper { from, to, control, order: "LANE-1", unit: "EA" }
}

pub(super) fn wrap(
    hall: &Hall,
    document: &[u8],
    dress: Dress<'_>,
) -> Result<Message, Fault> {
    let boundary = peer::boundary();
    let message = Outgoing {
        document,
        content_type: "application/edi-x12",
        file_name: dress.file_name,
        sign: dress.sign.map(|by| (by, Digest::Sha256, Scheme::Pkcs1)),
        encrypt: Some((&hall.peer.station, Cipher::Aes256Cbc, KeyTransport::Pkcs1)),
        compression: dress.compression,
        mic: Digest::Sha256,
        at_seconds: hall.peer.at_seconds,
        boundary: &boundary,
    };
    let made = message.make().map_err(Fault::new("making a message of the test lane"))?;
    let id = Hall::message_id();
    let mut fields: Vec<(String, String)> = [
        ("AS2-Version", "1.2"),
        ("Message-ID", id.as_str()),
        ("Disposition-Notification-To", "lane@test-lane.invalid"),
        (
            "Disposition-Notification-Options",
            "signed-receipt-protocol=required, pkcs7-signature; \
             signed-receipt-micalg=required, sha-256",
        ),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let own = made.fields.iter();
    fields.extend(own.map(|(name, value)| (name.to_owned(), value.to_owned())));
    Ok(Message { id, fields, body: made.content, mic: made.mic })
}

/// Sends it; tells what was sent, and what the receipt says.
pub(super) async fn bring(
    hall: &Hall,
    message: &Message,
    (what, wanted): (&str, &str),
) -> Result<(Vec<LaneStep>, Told), Fault> {
    let told = hall.post(&message.fields, &message.body).await?;
    let (seen, detail) = disposition(hall, message, &told);
    let sent = format!("{what}, Message-ID {}", message.id);
    let sent = LaneStep::told(LaneLook::Sent, sent);
    let receipt = LaneStep::compared(LaneLook::Receipt, seen, wanted).with(detail);
    Ok((vec![sent, receipt], told))
}

/// What a receipt says, if it proves it; and its words.
fn disposition(hall: &Hall, message: &Message, told: &Told) -> (String, Option<String>) {
    let words = || Some(String::from_utf8_lossy(&told.content).trim().to_owned());
    if !told.status.is_success() {
        return (format!("HTTP {}", told.status.as_u16()), words());
    }
    let station = [&hall.peer.station];
    match Answer::read(&told.fields, &told.content, &station, Legacy::Refused) {
        Err(broken) => ("no receipt".to_owned(), Some(broken.to_string())),
        Ok(answer) => {
            let seen = answer.disposition.text();
            match answer.proves(&message.id, &message.mic, true) {
                Proof::Delivered | Proof::Refused(_) => (seen, None),
                Proof::Nothing(why) => {
                    (format!("{seen}, unproven"), Some(why.to_owned()))
                }
            }
        }
    }
}

/// What became of the newest that came, once so many came.
pub(super) async fn judged(
    hall: &Hall,
    came: i64,
    wanted: &str,
) -> Result<LaneStep, Fault> {
    let found = until(|| async {
        let mut conn = hall.house.db.read().await?;
        let row = sql::came(&mut conn, hall.seller).await?;
        Ok(row.filter(|row| row.number >= came && row.state != "received"))
    })
    .await?;
    let Some(row) = found else {
        return Ok(LaneStep::compared(LaneLook::Judged, "not judged in time", wanted));
    };
    tracing::debug!(interchange.id = %row.id, "judged in the test lane");
    let faults: Vec<serde_json::Value> =
        serde_json::from_str(&row.faults).unwrap_or_default();
    let words = faults.iter().filter_map(|it| it["text"].as_str());
    let words = words.collect::<Vec<_>>().join("; ");
    Ok(LaneStep::compared(LaneLook::Judged, row.state, wanted).with(Some(words)))
}

/// What the functional acknowledgement says, once there are so many.
pub(super) async fn acknowledged(
    hall: &Hall,
    number: usize,
    wanted: &str,
) -> Result<LaneStep, Fault> {
    let found = until(|| async {
        let papers = hall.peer.papers().await;
        let mut verdicts = papers.iter().filter_map(|paper| verdict(paper));
        Ok(verdicts.nth(number.saturating_sub(1)))
    })
    .await?;
    let (seen, words) = found.unwrap_or_else(|| ("none came".to_owned(), String::new()));
    Ok(LaneStep::compared(LaneLook::Acknowledged, seen, wanted).with(Some(words)))
}

/// How many orders there are.
pub(super) async fn orders(hall: &Hall, wanted: usize) -> Result<LaneStep, Fault> {
    let mut conn = hall.house.db.read().await?;
    let found = sql::orders(&mut conn, hall.seller).await?.len();
    Ok(LaneStep::compared(LaneLook::Orders, found.to_string(), &wanted.to_string()))
}

/// What is wanted of one interchange: what its receipt says, how it stands, what its 997 says, and how
/// many orders there are.
struct Wants {
    receipt: &'static str,
    judged: Option<&'static str>,
    acknowledged: Option<&'static str>,
    orders: usize,
}

/// It is done what it says.
const APPLIED: Wants = Wants {
    receipt: "processed",
    judged: Some("applied"),
    acknowledged: Some("A"),
    orders: 1,
};

/// It is kept for a person, and rejected by its 997.
const SET_ASIDE: Wants =
    Wants { judged: Some("quarantined"), acknowledged: Some("R"), orders: 0, ..APPLIED };

/// A good order.
pub(super) async fn good(hall: &Hall) -> Result<Vec<LaneStep>, Refusal> {
    one(hall, (&paper(hall, 1).order(), "850"), Dress::proper(hall), APPLIED).await
}

/// A unit that is none; AK4 names it.
pub(super) async fn wrong_unit(hall: &Hall) -> Result<Vec<LaneStep>, Refusal> {
    let bad = Paper { unit: "QQ", ..paper(hall, 1) };
    let what = "850, line 3 in unit QQ";
    one(hall, (&bad.order(), what), Dress::proper(hall), SET_ASIDE).await
}

/// A set that is not supported: AK502 is 1.
pub(super) async fn unknown_set(hall: &Hall) -> Result<Vec<LaneStep>, Refusal> {
    let document = paper(hall, 1).catalogue();
    one(hall, (&document, "832"), Dress::proper(hall), SET_ASIDE).await
}

/// Addressed to somebody else: it is not ours to acknowledge.
pub(super) async fn wrong_receiver(hall: &Hall) -> Result<Vec<LaneStep>, Refusal> {
    let foreign = Paper { to: "ZZ:SOMEBODYELSE", ..paper(hall, 1) };
    let wants = Wants { acknowledged: None, ..SET_ASIDE };
    let what = "850 for ZZ:SOMEBODYELSE";
    one(hall, (&foreign.order(), what), Dress::proper(hall), wants).await
}

/// In somebody else's name.
pub(super) async fn wrong_sender(hall: &Hall) -> Result<Vec<LaneStep>, Refusal> {
    let forged = Paper { from: "ZZ:SOMEBODYELSE", ..paper(hall, 1) };
    let receipt = "processed/error: unexpected-processing-error";
    let wants = Wants { receipt, judged: None, acknowledged: None, orders: 0 };
    let what = "850 from ZZ:SOMEBODYELSE";
    one(hall, (&forged.order(), what), Dress::proper(hall), wants).await
}

/// A file name that leads out of its folder.
pub(super) async fn hostile_file_name(hall: &Hall) -> Result<Vec<LaneStep>, Refusal> {
    let name = "../../../etc/cron.d/lane";
    let dress = Dress { file_name: Some(name), ..Dress::proper(hall) };
    let what = format!("850, file name {name}");
    one(hall, (&paper(hall, 1).order(), &what), dress, APPLIED).await
}

/// One message with one interchange.
async fn one(
    hall: &Hall,
    (document, what): (&str, &str),
    dress: Dress<'_>,
    wants: Wants,
) -> Result<Vec<LaneStep>, Refusal> {
    let message = wrap(hall, document.as_bytes(), dress)?;
    let (mut steps, _) = bring(hall, &message, (what, wants.receipt)).await?;
    if let Some(wanted) = wants.judged {
        steps.push(judged(hall, 1, wanted).await?);
    }
    if let Some(wanted) = wants.acknowledged {
        steps.push(acknowledged(hall, 1, wanted).await?);
    }
    steps.push(orders(hall, wants.orders).await?);
    Ok(steps)
}

/// A good order has come, and is acknowledged; gives what was heard too.
async fn first(hall: &Hall, message: &Message) -> Result<(Vec<LaneStep>, Told), Fault> {
    let (mut steps, heard) = bring(hall, message, ("850", "processed")).await?;
    steps.push(judged(hall, 1, "applied").await?);
    steps.push(acknowledged(hall, 1, "A").await?);
    Ok((steps, heard))
}

/// The same Message-ID comes again.
pub(super) async fn replay(hall: &Hall) -> Result<Vec<LaneStep>, Refusal> {
    let message = wrap(hall, paper(hall, 1).order().as_bytes(), Dress::proper(hall))?;
    let (mut steps, heard) = first(hall, &message).await?;
    let what = ("the same message again", "processed");
    let (again, told) = bring(hall, &message, what).await?;
    steps.extend(again);
    let same = told.content == heard.content;
    let seen = if same { "the same receipt" } else { "another receipt" };
    steps.push(LaneStep::compared(LaneLook::Receipt, seen, "the same receipt"));
    steps.push(orders(hall, 1).await?);
    Ok(steps)
}

/// The same interchange comes in another message.
pub(super) async fn duplicate(hall: &Hall) -> Result<Vec<LaneStep>, Refusal> {
    twice(hall, (&paper(hall, 1).order(), "850 again"), "duplicate").await
}

/// The same order comes under other numbers.
pub(super) async fn renumbered(hall: &Hall) -> Result<Vec<LaneStep>, Refusal> {
    twice(hall, (&paper(hall, 2).order(), "850, new control numbers"), "applied").await
}

async fn twice(
    hall: &Hall,
    (second, what): (&str, &str),
    wanted: &str,
) -> Result<Vec<LaneStep>, Refusal> {
    let dress = Dress::proper(hall);
    let message = wrap(hall, paper(hall, 1).order().as_bytes(), dress)?;
    let (mut steps, _) = first(hall, &message).await?;
    let message = wrap(hall, second.as_bytes(), dress)?;
    steps.extend(bring(hall, &message, (what, "processed")).await?.0);
    steps.push(judged(hall, 2, wanted).await?);
    steps.push(acknowledged(hall, 2, "A").await?);
    steps.push(orders(hall, 1).await?);
    Ok(steps)
}

/// The signature was taken away.
pub(super) async fn stripped(hall: &Hall) -> Result<Vec<LaneStep>, Refusal> {
    let dress = Dress { sign: None, ..Dress::proper(hall) };
    let document = paper(hall, 1).order().into_bytes();
    let wanted = "processed/error: insufficient-message-security";
    refused(hall, (&document, "850, not signed"), dress, wanted).await
}

/// Somebody else has signed.
pub(super) async fn wrong_key(hall: &Hall) -> Result<Vec<LaneStep>, Refusal> {
    let foreign = peer::identity(hall.peer.at_seconds).await?;
    let dress = Dress { sign: Some(&foreign), ..Dress::proper(hall) };
    let document = paper(hall, 1).order().into_bytes();
    let wanted = "processed/error: authentication-failed";
    refused(hall, (&document, "850, signed by another key"), dress, wanted).await
}

/// How much a bomb unpacks to, in bytes: more than the station takes.
const BOMB_BYTES: usize = 24 << 20;

/// A little unpacks to a lot.
pub(super) async fn bomb(hall: &Hall) -> Result<Vec<LaneStep>, Refusal> {
    let dress = Dress { compression: Compression::AfterSigning, ..Dress::proper(hall) };
    let wanted = "processed/error: decompression-failed";
    let document = vec![b' '; BOMB_BYTES];
    refused(hall, (&document, "24 MiB of blanks, compressed"), dress, wanted).await
}

/// What the station must not take.
async fn refused(
    hall: &Hall,
    (document, what): (&[u8], &str),
    dress: Dress<'_>,
    wanted: &str,
) -> Result<Vec<LaneStep>, Refusal> {
    let message = wrap(hall, document, dress)?;
    let size = message.body.len();
    let what = format!("{what} ({size} bytes)");
    let (mut steps, _) = bring(hall, &message, (&what, wanted)).await?;
    let mut conn = hall.house.db.read().await?;
    let came = sql::came(&mut conn, hall.seller).await?.map_or(0, |row| row.number);
    drop(conn);
    let seen = if came == 0 { "nothing was taken" } else { "something was taken" };
    steps.push(LaneStep::compared(LaneLook::Judged, seen, "nothing was taken"));
    steps.push(orders(hall, 0).await?);
    Ok(steps)
}
