//! What comes under a partner's name and is proven by nothing: it was refused, or it is not signed.
//!
//! An AS2 name is no secret, so whoever knows two of them may send. What is refused is kept all the
//! same, since a partner's mistake is to be found; but only so much of it on a day, so that
//! nobody fills the disk. From then on what is refused is answered and not kept, and what is proven
//! is taken as ever: nobody shuts a partner out. Where no signature is agreed nothing is
//! proven, so there the day has an end for everybody.

use kernel::{Fault, Id, Moment, Organisation, TradingPartner};
use serde_json::json;
use sharing::notify;
use store::{Tx, statements};

use super::{Partner, warnings::keeps};

/// How many refused messages of a partner are kept on a day (UTC).
const LIMIT_REFUSED: i64 = 2_000;
/// How many bytes of them.
const LIMIT_REFUSED_BYTES: i64 = 2 << 30;
/// How many bytes without a signature are taken of a partner on a day.
const LIMIT_UNSIGNED_BYTES: i64 = 20 << 30;

statements! {
    /// Counts what was not proven, to the day.
    COUNT = "
        insert into as2_unproven (organisation_id, partner_id, day, refused, refused_bytes, unsigned_bytes)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (organisation_id, partner_id, day) do update
        set refused = as2_unproven.refused + excluded.refused,
            refused_bytes = as2_unproven.refused_bytes + excluded.refused_bytes,
            unsigned_bytes = as2_unproven.unsigned_bytes + excluded.unsigned_bytes
        returning refused, refused_bytes, unsigned_bytes";
}

/// How much came unproven of a partner on a day.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, sqlx::FromRow)]
pub(super) struct Unproven {
    /// How many messages were refused, and are kept.
    refused: i64,
    refused_bytes: i64,
    /// Of what was taken without a signature.
    unsigned_bytes: i64,
}

impl Unproven {
    /// One message more.
    pub(super) fn one(outcome: Outcome, length_bytes: u64) -> Self {
        let bytes = i64::try_from(length_bytes).unwrap_or(i64::MAX);
        match outcome {
            Outcome::Refused => {
                Self { refused: 1, refused_bytes: bytes, unsigned_bytes: 0 }
            }
            Outcome::Unsigned => {
                Self { refused: 0, refused_bytes: 0, unsigned_bytes: bytes }
            }
        }
    }

    /// Whether so much was refused that no more of it is kept.
    pub(super) const fn is_pressing(&self) -> bool {
        self.refused >= LIMIT_REFUSED || self.refused_bytes >= LIMIT_REFUSED_BYTES
    }

    /// Whether so much came without a signature that no more of it is taken.
    pub(super) const fn is_full(&self) -> bool {
        self.unsigned_bytes >= LIMIT_UNSIGNED_BYTES
    }

    /// How it was before this.
    fn before(&self, one: &Self) -> Self {
        Self {
            refused: self.refused.saturating_sub(one.refused),
            refused_bytes: self.refused_bytes.saturating_sub(one.refused_bytes),
            unsigned_bytes: self.unsigned_bytes.saturating_sub(one.unsigned_bytes),
        }
    }
}

/// What became of a message that proves nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Outcome {
    Refused,
    /// It was taken, since no signature is agreed.
    Unsigned,
}

/// The day of a moment, in days since 1970 (UTC).
pub(super) const fn day(now: Moment) -> i64 {
    now.micros().div_euclid(24 * 60 * 60 * 1_000_000)
}

/// Counts one message; tells the station's keepers when a limit is reached by it.
///
/// # Errors
/// Only ours.
pub(super) async fn count(
    tx: &mut Tx,
    (organisation, partner): (Id<Organisation>, &Partner),
    one: Unproven,
    now: Moment,
) -> Result<(), Fault> {
    let id: Id<TradingPartner> = partner.id;
    let run = tx.run(COUNT).bind(organisation).bind(id).bind(day(now));
    let run = run.bind(one.refused).bind(one.refused_bytes).bind(one.unsigned_bytes);
    let after: Unproven = run.one().await?;
    let before = after.before(&one);
    let kind = if after.is_pressing() && !before.is_pressing() {
        "as2_refused_often"
    } else if after.is_full() && !before.is_full() {
        "as2_unsigned_full"
    } else {
        return Ok(());
    };
    tracing::warn!(partner.id = %partner.id, "of what is not proven no more is kept today");
    let notice = notify::Notice {
        kind,
        params: json!({ "partner": partner.name.as_str() }),
        subject: Some(("station", organisation.to_string())),
        party: None,
        fold: None,
    };
    notify::all_who(tx, organisation, keeps, &notice, now).await
}

#[cfg(test)]
mod tests {
    use super::{
        LIMIT_REFUSED, LIMIT_REFUSED_BYTES, LIMIT_UNSIGNED_BYTES, Outcome, Unproven,
    };

    #[test]
    fn a_limit_is_reached_by_number_or_by_bytes_and_signed_messages_reach_none() {
        let few = Unproven { refused: LIMIT_REFUSED - 1, ..Unproven::default() };
        assert!(!few.is_pressing());
        assert!(Unproven { refused: LIMIT_REFUSED, ..Unproven::default() }.is_pressing());
        let bytes = u64::try_from(LIMIT_REFUSED_BYTES).unwrap();
        assert!(Unproven::one(Outcome::Refused, bytes).is_pressing());
        assert!(!Unproven::one(Outcome::Refused, bytes).is_full());
        let bytes = u64::try_from(LIMIT_UNSIGNED_BYTES).unwrap();
        assert!(Unproven::one(Outcome::Unsigned, bytes).is_full());
        assert!(!Unproven::one(Outcome::Unsigned, bytes).is_pressing());
    }

    #[test]
    fn what_was_before_a_message_is_what_is_less_it() {
        let one = Unproven::one(Outcome::Refused, 7);
        let after =
            Unproven { refused: LIMIT_REFUSED, refused_bytes: 9, unsigned_bytes: 3 };

        let before = after.before(&one);

        assert!(after.is_pressing() && !before.is_pressing());
        assert_eq!((before.refused_bytes, before.unsigned_bytes), (2, 3));
    }
}
