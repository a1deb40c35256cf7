//! What an invitation is, and until when it opens the door. Pure.

use std::time::Duration;

use kernel::Moment;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How long a link opens the door.
pub const VALID_FOR: Duration = Duration::from_hours(14 * 24);

/// What an invitation leads into.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum InvitationKind {
    /// Into the organisation that invites.
    Member,
    /// Into an organisation of one's own, as the partner of the one that invites.
    Partner,
}

/// How an invitation stands.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum InvitationState {
    /// It waits.
    Sent,
    /// Somebody came in by it.
    Accepted,
    /// It was taken back.
    Cancelled,
    /// Nobody came in time.
    Expired,
}

/// Why a link does not open the door.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// It is too late.
    #[error("this invitation has expired; ask for a new one")]
    Expired,
    /// It was used.
    #[error("this invitation has been used; sign in")]
    Used,
    /// It was taken back.
    #[error("this invitation has been taken back")]
    Cancelled,
}

impl InvitationState {
    /// What time alone has made of it.
    #[must_use]
    pub fn at(self, expires: Moment, now: Moment) -> Self {
        match self {
            Self::Sent if expires <= now => Self::Expired,
            Self::Sent | Self::Accepted | Self::Cancelled | Self::Expired => self,
        }
    }

    /// Whether somebody may come in by it.
    ///
    /// # Errors
    /// [`Refusal`], saying why not.
    pub const fn opens(self) -> Result<(), Refusal> {
        match self {
            Self::Sent => Ok(()),
            Self::Accepted => Err(Refusal::Used),
            Self::Cancelled => Err(Refusal::Cancelled),
            Self::Expired => Err(Refusal::Expired),
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Moment;

    use super::{InvitationState, Refusal, VALID_FOR};

    #[test]
    fn a_link_opens_the_door_for_fourteen_days_and_once() {
        let made = Moment::from_micros(1_795_000_000_000_000);
        let expires = made + VALID_FOR;
        let last = Moment::from_micros(expires.micros() - 1);
        assert_eq!(InvitationState::Sent.at(expires, last).opens(), Ok(()));
        assert_eq!(
            InvitationState::Sent.at(expires, expires).opens(),
            Err(Refusal::Expired)
        );
        assert_eq!(
            InvitationState::Accepted.at(expires, made).opens(),
            Err(Refusal::Used)
        );
        assert_eq!(
            InvitationState::Cancelled.at(expires, made).opens(),
            Err(Refusal::Cancelled)
        );
    }
}
