//! What came over AS2 is written down in one commit: the message with its evidence, what it
//! brings, judged, and what is answered.

use as2::{Broken, Mic, Wish};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use gate::House;
use kernel::{As2Message, Fault, Id, Moment, Organisation};
use store::{Tx, jobs};

use super::{
    Partner,
    inbound::{Envelope, Heard},
    outbound::{RECEIPT, ReceiptErrand},
    sql, trial,
    unproven::{self, Unproven},
    unwrap::{Brought, Piece},
};
use crate::interchanges::{Arrival, Source};

/// A message that was read, or refused, and the receipt that was made for it.
pub(super) struct Message {
    pub(super) read: Result<Brought, Broken>,
    pub(super) wish: Option<Wish>,
    pub(super) receipt: Option<Bytes>,
    pub(super) envelope: Envelope,
}

/// A message as it came, which is kept.
pub(super) struct Raw {
    pub(super) file: String,
    pub(super) length_bytes: u64,
}

/// The same, with all its files kept.
struct Kept {
    documents: Vec<Document>,
    receipt: Option<Bytes>,
    evidence: Option<sql::Evidence>,
    mic: Option<String>,
    why: Option<String>,
    /// Where the receipt is wanted, if not in the answer.
    later_to: Option<String>,
    envelope: Envelope,
    raw: Raw,
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
pub(super) async fn settle(
    house: &House,
    message: Message,
    raw: Raw,
) -> Result<Heard, Fault> {
    let now = house.clock.now();
    let kept = keep(house, message, raw).await?;
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
async fn keep(house: &House, message: Message, raw: Raw) -> Result<Kept, Fault> {
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
            let (content, head) = shelf.place_signed(content, &placed).await?;
            Some((content, head, signature))
        }
        None => None,
    };
    let names = shelf.names().await?;
    let name = |place: &Place| match place {
        Place::Held(at, _) => names.get(*at).cloned().unwrap_or_default(),
        Place::Long(name, _) => name.clone(),
    };
    let document = |place: &Place| match place {
        Place::Held(_, bytes) => Document::Held(name(place), bytes.clone()),
        Place::Long(_, length) => Document::Long(name(place), *length),
    };
    let evidence = signed.map(|(content, head, signature)| sql::Evidence {
        content: name(&content),
        head,
        signature,
    });
    let documents = placed.iter().map(document).collect();
    Ok(Kept { documents, receipt, evidence, mic, why, later_to, envelope, raw })
}

/// Files on their way to disk.
struct Shelf<'h> {
    house: &'h House,
    held: Vec<Bytes>,
}

/// Where a file is.
#[derive(Clone)]
enum Place {
    /// It is the so-manieth of those that are kept together.
    Held(usize, Bytes),
    /// It is kept under this name, and has so many bytes.
    Long(String, u64),
}

impl Shelf<'_> {
    async fn place(&mut self, piece: Piece) -> Result<Place, Fault> {
        match piece {
            Piece::Held(bytes) => {
                let bytes = Bytes::from(bytes);
                self.held.push(bytes.clone());
                Ok(Place::Held(self.held.len().saturating_sub(1), bytes))
            }
            Piece::Spooled(spool) => {
                let length = spool.length().map_err(Fault::new("keeping a long file"))?;
                let name = self.house.files.adopt(spool).await?.to_string();
                Ok(Place::Long(name, length))
            }
        }
    }

    /// Places what was signed. Where it ends in a document that is kept anyway, as nearly always,
    /// that file does, and what stands before it, the headers of the part, is given back.
    async fn place_signed(
        &mut self,
        content: Piece,
        documents: &[Place],
    ) -> Result<(Place, Vec<u8>), Fault> {
        if let Piece::Held(signed) = &content {
            for document in documents {
                if let Place::Held(_, bytes) = document
                    && let Some(head) = signed.strip_suffix(bytes.as_ref())
                    && head.len() <= LIMIT_HEAD_BYTES
                {
                    return Ok((document.clone(), head.to_vec()));
                }
            }
        }
        Ok((self.place(content).await?, Vec::new()))
    }

    async fn names(self) -> Result<Vec<String>, Fault> {
        if self.held.is_empty() {
            return Ok(Vec::new());
        }
        let names = self.house.files.keep_all(self.held).await?;
        Ok(names.iter().map(ToString::to_string).collect())
    }
}

/// The headers of a part are kept with the message, if they have no more bytes than this.
const LIMIT_HEAD_BYTES: usize = 4 << 10;

async fn write(
    house: &House,
    (kept, arrivals): (&Kept, &[Arrival<'_>]),
    judging: Judging,
    now: Moment,
) -> Result<Heard, Fault> {
    let Envelope { organisation, partner, message_id, .. } = &kept.envelope;
    let mut tx = house.db.write().await?;
    for arrival in arrivals {
        match judging {
            Judging::Now => arrival.judged_in(house, &mut tx, now).await?,
            Judging::Later => arrival.kept_in(&mut tx, now).await?,
        }
    }
    let id = Id::mint();
    let new = sql::NewMessage {
        id,
        organisation: *organisation,
        partner: partner.id,
        direction: "in",
        message_id: message_id.clone(),
        state: if kept.why.is_none() { "taken" } else { "refused" },
        interchange: arrivals.first().map(Arrival::id),
        raw: kept.raw.file.clone(),
        receipt: kept.receipt.as_ref().map(|receipt| receipt.to_vec()),
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
        return Ok(receipt.map_or(Heard::Taken, |it| Heard::Receipt(it.into())));
    }
    let unproven = match (&kept.why, &kept.evidence) {
        (Some(_), _) => Some(unproven::Outcome::Refused),
        (None, None) => Some(unproven::Outcome::Unsigned),
        (None, Some(_)) => None,
    };
    if let Some(outcome) = unproven {
        let one = Unproven::one(outcome, kept.raw.length_bytes);
        unproven::count(&mut tx, (*organisation, partner), one, now).await?;
    }
    let heard = match (&kept.later_to, &kept.receipt, &kept.why) {
        (Some(url), Some(receipt), _) => {
            later(&mut tx, (*organisation, partner), (id, url), receipt, now).await?
        }
        (_, receipt, Some(why)) => refusal(receipt.as_ref(), why),
        (None, Some(receipt), None) => Heard::Receipt(receipt.clone()),
        (_, None, None) => Heard::Taken,
    };
    store::brink("as2.taking");
    tx.commit().await?;
    store::brink("as2.taken");
    let taken = kept.why.is_none();
    tracing::info!(partner.id = %partner.id, taken, "an AS2 message came");
    Ok(heard)
}

/// What is answered to a message that is refused: its receipt, or plain words to who wanted none.
pub(super) fn refusal(receipt: Option<&Bytes>, why: &str) -> Heard {
    match receipt {
        Some(receipt) => Heard::Receipt(receipt.clone()),
        None => Heard::Plain(axum::http::StatusCode::BAD_REQUEST, why.to_owned()),
    }
}

/// A receipt that is wanted elsewhere is sent by a job: only to the partner's own host, so
/// that nobody makes us call another.
async fn later(
    tx: &mut Tx,
    (organisation, partner): (Id<Organisation>, &Partner),
    (message, url): (Id<As2Message>, &str),
    receipt: &Bytes,
    now: Moment,
) -> Result<Heard, Fault> {
    let host = |url: &str| reqwest::Url::parse(url).ok()?.host_str().map(str::to_owned);
    if host(url).is_none() || host(url) != host(&partner.url) {
        tracing::warn!(partner.id = %partner.id, "a receipt is wanted at a foreign host");
        return Ok(Heard::Receipt(receipt.clone()));
    }
    let (partner, url) = (partner.name.as_str().to_owned(), url.to_owned());
    let errand = ReceiptErrand { organisation, partner, url, message };
    jobs::add(tx, RECEIPT, &errand, now).await?;
    Ok(Heard::Taken)
}

/// A MIC as it is stored, and as an MDN tells it.
pub(super) fn told(mic: &Mic) -> String {
    format!("{}, {}", STANDARD.encode(&mic.bytes), mic.digest.name())
}
