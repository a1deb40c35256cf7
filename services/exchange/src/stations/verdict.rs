//! What a partner's answer means for a message that went out, whether the receipt is the
//! answer itself or comes later.

use as2::{Answer, Digest, Legacy, Mic, Proof};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use gate::House;
use kernel::{As2Message, Fault, Id, Organisation};
use mime::Fields;
use reqwest::StatusCode;
use store::jobs::Outcome;

use super::{Partner, sql, warnings, wire::Told};
use crate::interchanges;

/// What became of a message, for now or for good.
pub(super) struct Verdict {
    /// `waiting`, `sent`, `delivered` or `failed`.
    pub(super) state: &'static str,
    /// Why it is not delivered.
    pub(super) why: Option<String>,
    /// The answer, with its headers, where one came.
    pub(super) receipt: Option<Vec<u8>>,
}

impl Verdict {
    /// It is tried again.
    pub(super) const fn wait(why: String) -> Self {
        Self { state: "waiting", why: Some(why), receipt: None }
    }

    const fn fail(why: String) -> Self {
        Self { state: "failed", why: Some(why), receipt: None }
    }

    fn with(self, receipt: Vec<u8>) -> Self {
        Self { receipt: Some(receipt), ..self }
    }

    /// There is no further try.
    pub(super) fn at_last(self) -> Self {
        match self.state {
            "waiting" => Self { state: "failed", ..self },
            "sent" => Self {
                state: "failed",
                why: Some("the partner took it, and sent no receipt in time".to_owned()),
                ..self
            },
            _ => self,
        }
    }

    /// What becomes of the job.
    fn outcome(&self) -> Outcome {
        let why = self.why.clone().unwrap_or_default();
        match self.state {
            "delivered" => Outcome::Done,
            "failed" => Outcome::Dead(why),
            _ => Outcome::Retry(why),
        }
    }
}

/// What the answer to a POST means.
pub(super) fn weigh(partner: &Partner, row: &sql::OutgoingRow, told: Told) -> Verdict {
    let Told { status, fields, content } = told;
    if !status.is_success() {
        let text: String = String::from_utf8_lossy(&content).chars().take(200).collect();
        let why = format!("the partner answered {status}: {}", text.trim());
        let again = !status.is_client_error()
            || matches!(
                status,
                StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS
            );
        return if again { Verdict::wait(why) } else { Verdict::fail(why) };
    }
    if partner.terms.later && !speaks_of_receipt(&fields, &content) {
        let why = "the partner took it; its receipt has not come yet".to_owned();
        return Verdict { state: "sent", why: Some(why), receipt: None };
    }
    match proof(partner, row, &fields, &content) {
        Ok(verdict) => verdict,
        Err(broken) => Verdict::wait(broken.to_string()).with(raw(&fields, &content)),
    }
}

/// What a receipt proves.
fn proof(
    partner: &Partner,
    row: &sql::OutgoingRow,
    fields: &Fields,
    content: &[u8],
) -> Result<Verdict, as2::Broken> {
    let answer = read(partner, fields, content)?;
    let raw = raw(fields, content);
    let Some(mic) = row.mic.as_deref().and_then(mic) else {
        let why = "the digest of what was sent is not known".to_owned();
        return Ok(Verdict::wait(why).with(raw));
    };
    Ok(match answer.proves(&row.message_id, &mic, partner.terms.signed_receipt) {
        Proof::Delivered => Verdict { state: "delivered", why: None, receipt: Some(raw) },
        Proof::Refused(why) => {
            Verdict::fail(format!("the partner refused it: {why}")).with(raw)
        }
        Proof::Nothing(why) => Verdict::wait(why.to_owned()).with(raw),
    })
}

fn read(
    partner: &Partner,
    fields: &Fields,
    content: &[u8],
) -> Result<Answer, as2::Broken> {
    let certificates: Vec<_> = partner.certificates.iter().collect();
    let legacy = if partner.terms.legacy { Legacy::Taken } else { Legacy::Refused };
    Answer::read(fields, content, &certificates, legacy)
}

fn raw(fields: &Fields, content: &[u8]) -> Vec<u8> {
    let mut raw = fields.lines().into_bytes();
    raw.extend_from_slice(b"\r\n");
    raw.extend_from_slice(content);
    raw
}

/// A MIC as it was stored.
fn mic(text: &str) -> Option<Mic> {
    let (letters, digest) = text.split_once(", ")?;
    Some(Mic { digest: Digest::named(digest)?, bytes: STANDARD.decode(letters).ok()? })
}

/// Writes a verdict down; a message that is delivered stays so.
pub(super) async fn settle(
    house: &House,
    organisation: Id<Organisation>,
    id: Id<As2Message>,
    verdict: Verdict,
) -> Result<Outcome, Fault> {
    let outcome = verdict.outcome();
    let settled = sql::Settled {
        state: verdict.state,
        receipt: verdict.receipt,
        why: verdict.why,
        at: house.clock.now(),
    };
    let failed = verdict.state == "failed";
    let mut tx = house.db.write().await?;
    if sql::settle(&mut tx, organisation, id, settled).await? && failed {
        warnings::tell_failed(&mut tx, organisation, id, house.clock.now()).await?;
    }
    tx.commit().await?;
    store::brink("as2.settled");
    Ok(outcome)
}

/// Whether what came is a receipt and no message: only a receipt's parts bear this type.
pub(super) fn speaks_of_receipt(fields: &Fields, content: &[u8]) -> bool {
    const TYPE: &[u8] = b"message/disposition-notification";
    let word = fields.content_type().word;
    word == "multipart/report"
        || word == "multipart/signed"
            && content.windows(TYPE.len()).any(|it| it.eq_ignore_ascii_case(TYPE))
}

/// A receipt that came by itself. It may be faster than the answer to the POST, come twice,
/// or late; one that proves nothing changes nothing.
///
/// # Errors
/// Only ours; inside, what the partner hears instead.
pub(super) async fn hear(
    house: &House,
    organisation: Id<Organisation>,
    partner: &Partner,
    (fields, content): (&Fields, &[u8]),
) -> Result<Result<(), String>, Fault> {
    let answer = match read(partner, fields, content) {
        Ok(answer) => answer,
        Err(broken) => return Ok(Err(broken.to_string())),
    };
    let bare = answer.message_id.trim().trim_matches(['<', '>']);
    let message_id = format!("<{bare}>");
    let mut conn = house.db.read().await?;
    let row = sql::sent_as(&mut conn, organisation, (partner.id, &message_id)).await?;
    drop(conn);
    let Some(row) = row else {
        return Ok(Err(format!("no message {message_id} went to you from here")));
    };
    match proof(partner, &row, fields, content) {
        Ok(verdict) if matches!(verdict.state, "delivered" | "failed") => {
            let delivered = verdict.state == "delivered";
            settle(house, organisation, row.id, verdict).await?;
            if let Some(interchange) = row.interchange_id.filter(|_| delivered) {
                interchanges::arrived(house, interchange).await?;
            }
            Ok(Ok(()))
        }
        Ok(verdict) => Ok(Err(verdict.why.unwrap_or_default())),
        Err(broken) => Ok(Err(broken.to_string())),
    }
}
