//! Sending a letter after all: one that was kept as there was no relay, or that failed.

use axum::{extract::State, http::StatusCode};
use gate::{At, CONFLICT, House, Permit, Problem};
use kernel::{Fault, Id, Letter, Moment};
use serde_json::json;
use sharing::audit;
use store::{Tx, jobs};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Errand, LetterState, SEND, SendAgain, sql};
use crate::suppression;

/// Why a letter is not sent after all.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// It is not there, or not to be seen.
    #[error("there is no such letter")]
    NotFound,
    /// Nothing is to be done about it.
    #[error(
        "only a letter that was kept or that failed can be sent after all; this one is {0}"
    )]
    Settled(&'static str),
    /// Its address gets no more mail.
    #[error(
        "its address is on the list of those that get no more mail; take it off the list first"
    )]
    Suppressed,
    /// Its guest is gone.
    #[error("its guest has left the conversation, or letters to it came back")]
    Gone,
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl LetterState {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Kept => "kept",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Queues a letter that was kept, or that failed. Its bytes and its Message-ID stay the same,
/// so who has it already sees it once.
///
/// # Errors
/// [`Refusal`], with nothing changed.
pub async fn send_again(
    tx: &mut Tx,
    permit: &Permit<SendAgain>,
    letter: Id<Letter>,
    now: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let query = tx.run(sql::STATE_OF).bind(scope.organisation()).bind(letter);
    let found: Option<(LetterState, String)> = query.optional().await?;
    let (state, recipient) = found.ok_or(Refusal::NotFound)?;
    match state {
        LetterState::Kept | LetterState::Failed => {}
        LetterState::Queued | LetterState::Sent | LetterState::Cancelled => {
            return Err(Refusal::Settled(state.as_str()));
        }
    }
    if suppression::holds(tx, scope.organisation(), &recipient).await? {
        return Err(Refusal::Suppressed);
    }
    let query = tx.run(sql::SEND_AGAIN).bind(scope.organisation()).bind(letter);
    if query.execute().await? == 0 {
        return Err(Refusal::Gone);
    }
    jobs::add(tx, SEND, &Errand { letter }, now).await?;
    let of = ("letter", letter.to_string());
    let detail = json!({ "from": state.as_str() });
    audit::write(tx, scope.organisation(), scope.actor(), "mail.send", of, detail, now)
        .await?;
    Ok(())
}

/// The routes of this part.
pub(super) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(send_letter))
}

/// Send a letter that was kept, or that failed, after all.
#[utoipa::path(post, path = "/api/v1/mail/outbox/{letter}/send", tag = "mail", params(("letter" = Id<Letter>, Path)), responses((status = 204), (status = 403), (status = 404), (status = 409)))]
async fn send_letter(
    State(house): State<House>,
    permit: Permit<SendAgain>,
    At(letter): At<Id<Letter>>,
) -> Result<StatusCode, Problem> {
    let mut tx = house.db.write().await?;
    send_again(&mut tx, &permit, letter, house.clock.now()).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::Settled(_) | Refusal::Suppressed | Refusal::Gone => {
                Self::new(&CONFLICT, detail)
            }
            Refusal::Fault(fault) => fault.into(),
        }
    }
}
