//! What came over AS2 is written down in one commit: the message with its evidence, what it
//! brings, judged, and what is answered.

use as2::{Broken, Mic, Wish};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use gate::House;
use kernel::{Fault, Id, Moment, Organisation};
use store::{Tx, jobs};

use super::{
    Partner,
    inbound::{Envelope, Heard},
    outbound::{RECEIPT, ReceiptErrand},
    sql, trial,
    unwrap::{Brought, Piece},
};
use crate::interchanges::{Arrival, Source};

/// A message that was read, or refused, and the receipt that was made for it.
pub(super) struct Message {
    pub(super) read: Result<Brought, Broken>,
    pub(super) wish: Option<Wish>,
    pub(super) receipt: Option<Vec<u8>>,
    pub(super) envelope: Envelope,
}

/// The same, with all its files kept.
struct Kept {
    documents: Vec<Document>,
    /// The file of the receipt, and its bytes.
    receipt: Option<(String, Bytes)>,
    evidence: Option<(String, String)>,
    mic: Option<String>,
    why: Option<String>,
    /// Where the receipt is wanted, if not in the answer.
    later_to: Option<String>,
    envelope: Envelope,
}

/// A document, by the name of its file.
enum Document {
    Held(String, Bytes),
    /// Of so many bytes.
    Long(String, u64),
}

/// When what a message brings is judged.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Judging {
    /// In the commit that takes it.
    Now,
    /// By a job.
    Later,
}

/// Writes down what came. Its interchanges are judged in the same commit; if that fails for a
/// reason of ours, the message is taken all the same, and a job judges them.
pub(super) async fn settle(house: &House, message: Message) -> Result<Heard, Fault> {
    let now = house.clock.now();
    let kept = keep(house, message).await?;
    let mut arrivals = Vec::with_capacity(kept.documents.len());
    for document in &kept.documents {
        let Envelope { organisation, partner, .. } = &kept.envelope;
        let source = Source::As2(*organisation, partner.name.to_string());
        arrivals.push(match document {
            Document::Held(sha256, bytes) => {
                let file = (sha256.clone(), bytes.as_ref());
                Arrival::read(house, source, file, now).await?
            }
            Document::Long(sha256, length) => {
                Arrival::long(&source, (sha256.clone(), *length), now)
            }
        });
    }
    let what = (&kept, arrivals.as_slice());
    match write(house, what, Judging::Now, now).await {
        Err(fault) if !arrivals.is_empty() => {
            tracing::error!(
                error = &fault as &dyn std::error::Error,
                "judging what came over AS2 is left to a job"
            );
            write(house, what, Judging::Later, now).await
        }
        written => written,
    }
}

/// Keeps the files of a message: those that are held with one sync.
async fn keep(house: &House, message: Message) -> Result<Kept, Fault> {
    let Message { read, wish, receipt, envelope } = message;
    let later_to = wish.and_then(|wish| wish.later_to);
    let (brought, why) = match read {
        Ok(brought) => (Some(brought), None),
        Err(broken) => (None, Some(broken.to_string())),
    };
    let mic = brought.as_ref().map(|it| told(&it.mic));
    let (pieces, evidence) = match brought {
        Some(Brought { documents, evidence, .. }) => (documents, evidence),
        None => (Vec::new(), None),
    };
    let mut shelf = Shelf { house, held: Vec::new() };
    let mut placed = Vec::new();
    for piece in pieces {
        // A test message brings nothing.
        if matches!(&piece, Piece::Held(bytes) if trial::is_trial(bytes)) {
            continue;
        }
        placed.push(shelf.place(piece).await?);
    }
    let signed = match evidence {
        Some((content, signature)) => {
            let content = shelf.place(content).await?;
            Some((content, shelf.hold(signature)))
        }
        None => None,
    };
    let receipt = receipt.map(|receipt| shelf.hold(receipt));
    let names = shelf.names().await?;
    let name = |place: &Place| match place {
        Place::Held(at, _) => names.get(*at).cloned().unwrap_or_default(),
        Place::Long(name, _) => name.clone(),
    };
    let document = |place: &Place| match place {
        Place::Held(_, bytes) => Document::Held(name(place), bytes.clone()),
        Place::Long(name, length) => Document::Long(name.clone(), *length),
    };
    let bytes = |place: &Place| match place {
        Place::Held(_, bytes) => bytes.clone(),
        Place::Long(..) => Bytes::new(),
    };
    Ok(Kept {
        documents: placed.iter().map(document).collect(),
        receipt: receipt.as_ref().map(|it| (name(it), bytes(it))),
        evidence: signed.map(|(content, signature)| (name(&content), name(&signature))),
        mic,
        why,
        later_to,
        envelope,
    })
}

/// Files on their way to disk.
struct Shelf<'h> {
    house: &'h House,
    held: Vec<Bytes>,
}

/// Where a file is.
enum Place {
    /// It is the so-manieth of those that are kept together.
    Held(usize, Bytes),
    /// It is kept under this name, and has so many bytes.
    Long(String, u64),
}

impl Shelf<'_> {
    fn hold(&mut self, bytes: Vec<u8>) -> Place {
        let bytes = Bytes::from(bytes);
        self.held.push(bytes.clone());
        Place::Held(self.held.len().saturating_sub(1), bytes)
    }

    async fn place(&mut self, piece: Piece) -> Result<Place, Fault> {
        match piece {
            Piece::Held(bytes) => Ok(self.hold(bytes)),
            Piece::Spooled(spool) => {
                let length = spool.length().map_err(Fault::new("keeping a long file"))?;
                let name = self.house.files.adopt(spool).await?.to_string();
                Ok(Place::Long(name, length))
            }
        }
    }

    async fn names(self) -> Result<Vec<String>, Fault> {
        if self.held.is_empty() {
            return Ok(Vec::new());
        }
        let names = self.house.files.keep_all(self.held).await?;
        Ok(names.iter().map(ToString::to_string).collect())
    }
}

async fn write(
    house: &House,
    (kept, arrivals): (&Kept, &[Arrival<'_>]),
    judging: Judging,
    now: Moment,
) -> Result<Heard, Fault> {
    let Envelope { organisation, partner, message_id, raw, .. } = &kept.envelope;
    let mut tx = house.db.write().await?;
    for arrival in arrivals {
        match judging {
            Judging::Now => arrival.judged_in(house, &mut tx, now).await?,
            Judging::Later => arrival.kept_in(&mut tx, now).await?,
        }
    }
    let new = sql::NewMessage {
        id: Id::mint(),
        organisation: *organisation,
        partner: partner.id,
        direction: "in",
        message_id: message_id.clone(),
        state: if kept.why.is_none() { "taken" } else { "refused" },
        interchange: arrivals.first().map(Arrival::id),
        raw: raw.clone(),
        receipt: kept.receipt.as_ref().map(|(name, _)| name.clone()),
        mic: kept.mic.clone(),
        why: kept.why.clone(),
        evidence: kept.evidence.clone(),
        at: now,
        attempt: 0,
    };
    if !sql::add_message(&mut tx, new).await? {
        // Somebody brought the same message at the same moment: theirs is kept, and answers.
        drop(tx);
        let mut conn = house.db.read().await?;
        let receipt =
            sql::receipt(&mut conn, *organisation, partner.id, message_id).await?;
        return Ok(receipt.flatten().map_or(Heard::Taken, Heard::Kept));
    }
    let heard = match (&kept.later_to, &kept.receipt) {
        (Some(url), Some(receipt)) => {
            later(&mut tx, (*organisation, partner), url, receipt, now).await?
        }
        (None, Some((_, receipt))) => Heard::Receipt(receipt.clone()),
        (_, None) => match &kept.why {
            Some(why) => Heard::Plain(axum::http::StatusCode::BAD_REQUEST, why.clone()),
            None => Heard::Taken,
        },
    };
    store::brink("as2.taking");
    tx.commit().await?;
    store::brink("as2.taken");
    let taken = kept.why.is_none();
    tracing::info!(partner.id = %partner.id, taken, "an AS2 message came");
    Ok(heard)
}

/// A receipt that is wanted elsewhere is sent by a job: only to the partner's own host, so
/// that nobody makes us call another.
async fn later(
    tx: &mut Tx,
    (organisation, partner): (Id<Organisation>, &Partner),
    url: &str,
    (kept, receipt): &(String, Bytes),
    now: Moment,
) -> Result<Heard, Fault> {
    let host = |url: &str| reqwest::Url::parse(url).ok()?.host_str().map(str::to_owned);
    if host(url).is_none() || host(url) != host(&partner.url) {
        tracing::warn!(partner.id = %partner.id, "a receipt is wanted at a foreign host");
        return Ok(Heard::Receipt(receipt.clone()));
    }
    let partner = partner.name.as_str().to_owned();
    let (url, receipt) = (url.to_owned(), kept.clone());
    let errand = ReceiptErrand { organisation, partner, url, receipt };
    jobs::add(tx, RECEIPT, &errand, now).await?;
    Ok(Heard::Taken)
}

/// A MIC as it is stored, and as an MDN tells it.
pub(super) fn told(mic: &Mic) -> String {
    format!("{}, {}", STANDARD.encode(&mic.bytes), mic.digest.name())
}
