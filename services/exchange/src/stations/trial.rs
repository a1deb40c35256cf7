//! A test message: a partner's station is asked, now, for a receipt of a few words, and each
//! step of it is told.

use gate::{House, Permit};
use kernel::{As2Message, Id, TradingPartner};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    ManageStation, Partner, Refusal, note,
    outbound::{Content, wrap},
    sql,
    verdict::{self, Verdict},
    wire::{Told, post},
};

/// What a test message says.
const WORDS: &str = "Entente test message. It is no document; nothing is to be done.\r\n";

/// Whether a document is a test message of another hub: it is receipted, and not kept as an
/// interchange.
pub(super) fn is_trial(document: &[u8]) -> bool {
    document.trim_ascii() == WORDS.trim().as_bytes()
}

/// What became of a test message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TrialView {
    /// Whether the partner's receipt proves that it arrived unchanged.
    pub ok: bool,
    /// The steps that were taken, in order; the last one that is not `ok` is where it ended.
    pub steps: Vec<TrialStep>,
}

/// One step of a test message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TrialStep {
    /// `made` (signed and encrypted), `answered` (the partner's station took the call),
    /// `receipt` (its answer proves delivery).
    pub step: &'static str,
    /// Whether it went well.
    pub ok: bool,
    /// What was seen.
    pub detail: String,
}

fn step(step: &'static str, ok: bool, detail: impl Into<String>) -> TrialStep {
    TrialStep { step, ok, detail: detail.into() }
}

/// Sends one to a partner; the receipt is asked for as the answer, whatever is agreed.
///
/// # Errors
/// [`Refusal::NoStation`], [`Refusal::NotFound`]; [`Refusal::Value`] if the partner has no address.
pub(super) async fn send(
    house: &House,
    permit: &Permit<ManageStation>,
    id: Id<TradingPartner>,
) -> Result<TrialView, Refusal> {
    let organisation = permit.scope().organisation();
    let mut conn = house.db.read().await?;
    let station = super::station(house, &mut conn, organisation).await?;
    let station = station.ok_or(Refusal::NoStation)?;
    let row = sql::partner_with(&mut conn, organisation, id).await?;
    let mut partner = Partner::try_from(row.ok_or(Refusal::NotFound)?)?;
    drop(conn);
    if partner.url.is_empty() {
        return Err(super::value("url", "give the partner's address first"));
    }
    partner.terms.later = false;
    let message = Id::<As2Message>::mint();
    let content = Content { bytes: WORDS.as_bytes(), kind: "text/plain", later: false };
    let wrapped = wrap(house, (&station, &partner), message, content)?;
    let mut steps = vec![step("made", true, wrapped.message_id.clone())];
    let heard = match post(house, &partner.url, &wrapped.whole).await {
        Err(why) => Err(why),
        Ok(told) if !told.status.is_success() => Err(refused(&told)),
        Ok(told) => Ok(told),
    };
    let ok = match heard {
        Err(why) => {
            steps.push(step("answered", false, why));
            false
        }
        Ok(told) => {
            steps.push(step("answered", true, told.status.to_string()));
            let row = sql::OutgoingRow {
                id: message,
                partner_id: partner.id,
                interchange_id: None,
                message_id: wrapped.message_id,
                state: "waiting".to_owned(),
                raw: String::new(),
                mic: Some(super::settle::told(&wrapped.mic)),
                why: None,
                sent_at: None,
            };
            let Verdict { state, why, .. } = verdict::weigh(&partner, &row, told);
            let ok = state == "delivered";
            let proven =
                "it is signed by the partner and tells the digest of what was sent";
            steps.push(step("receipt", ok, why.unwrap_or_else(|| proven.to_owned())));
            ok
        }
    };
    let mut tx = house.db.write().await?;
    let what = json!({ "partner": partner.id, "ok": ok });
    note(&mut tx, permit, "as2.test", what, house.clock.now()).await?;
    tx.commit().await?;
    Ok(TrialView { ok, steps })
}

fn refused(told: &Told) -> String {
    let text: String = String::from_utf8_lossy(&told.content).chars().take(200).collect();
    format!("{}: {}", told.status, text.trim())
}
