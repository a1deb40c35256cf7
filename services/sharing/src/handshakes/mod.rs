//! Moves of a partnership, with what they mean for the spaces that rest on it.
//!
//! A partnership that ends leaves every space for which it was the reason, in the same
//! transaction. One that is suspended goes dark: the parties stay, and are live again when it
//! is resumed; until then nothing of those spaces reaches them.

mod http;

use std::time::Duration;

use directory::partnerships::{
    self, MoveAsk, Refusal as Unmoved, RunPartnerships, Stepped,
};
use gate::{House, Permit, Problem};
use kernel::{Fault, Id, Moment, Partnership};
use store::{Hint, Tx};

pub use http::routes;

use crate::{Refusal, spaces};

/// How often the clock of partnerships is looked at.
const EVERY: Duration = Duration::from_secs(20);

/// Why a partnership, or what rests on it, did not move.
#[derive(Debug, thiserror::Error)]
pub enum Stuck {
    /// The partnership did not.
    #[error(transparent)]
    Unmoved(#[from] Unmoved),
    /// A space did not.
    #[error(transparent)]
    Space(#[from] Refusal),
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<Stuck> for Problem {
    fn from(stuck: Stuck) -> Self {
        match stuck {
            Stuck::Unmoved(refusal) => refusal.into(),
            Stuck::Space(refusal) => refusal.into(),
            Stuck::Fault(fault) => fault.into(),
        }
    }
}

/// Moves a partnership, and with it every space that rests on it.
///
/// # Errors
/// [`Stuck`], with nothing changed.
pub async fn step(
    tx: &mut Tx,
    permit: &Permit<RunPartnerships>,
    id: Id<Partnership>,
    ask: &MoveAsk,
    now: Moment,
) -> Result<Stepped, Stuck> {
    let stepped = partnerships::step(tx, permit, id, ask, now).await?;
    if stepped.ended_now {
        let scope = permit.scope();
        let actor = scope.actor().map(|person| (person, scope.organisation()));
        spaces::drop_of_partnership(tx, id, actor, now).await?;
    } else if stepped.went_dark {
        spaces::darken(tx, id, now).await?;
    }
    if stepped.ended_now || stepped.went_dark {
        // Records shared one by one go dark with it.
        for organisation in [Some(stepped.by), stepped.other].into_iter().flatten() {
            tx.hint(Hint::Narrowed { organisation });
        }
    }
    Ok(stepped)
}

/// Ends, for ever, what has come to its time: proposals that nobody answered, partnerships
/// whose notice has run out.
pub(crate) async fn watch(house: House) {
    loop {
        if let Err(stuck) = expire(&house).await {
            let error = &stuck as &dyn std::error::Error;
            tracing::error!(error, "watching the clock of partnerships: {stuck}");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// One look at the clock: how many partnerships ended.
///
/// # Errors
/// Only ours.
pub async fn expire(house: &House) -> Result<usize, Stuck> {
    let (mut tx, now): (Tx, Moment) = (house.db.write().await?, house.clock.now());
    let ended = partnerships::expire_due(&mut tx, now).await?;
    for each in &ended {
        spaces::drop_of_partnership(&mut tx, each.id, None, now).await?;
        for organisation in each.organisations {
            tx.hint(Hint::Narrowed { organisation });
        }
    }
    tx.commit().await?;
    Ok(ended.len())
}
