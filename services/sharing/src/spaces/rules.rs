//! What a party may become, and by whom. Pure: no clock, no database.

use kernel::{Id, Organisation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::PartyRow;
use crate::Refusal;

/// What an organisation is in a space.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PartyRole {
    /// It opened the space and keeps it.
    Host,
    /// It takes part.
    Party,
    /// It looks on.
    Observer,
}

/// How far a party is. All but the first two are final.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PartyState {
    /// Asked, and has not answered.
    Invited,
    /// Takes part.
    Active,
    /// Said no.
    Declined,
    /// Was asked no longer.
    Cancelled,
    /// Went by itself.
    Left,
    /// Was sent away by the host.
    Removed,
    /// Went when the partnership ended.
    Dropped,
}

/// A move of a party.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartyMove {
    /// The invited says yes.
    Accept,
    /// The invited says no.
    Decline,
    /// The party goes.
    Leave,
    /// The host sends it away.
    Remove,
    /// The host asks no longer.
    Cancel,
}

impl PartyMove {
    /// Every move.
    pub const ALL: [Self; 5] =
        [Self::Accept, Self::Decline, Self::Leave, Self::Remove, Self::Cancel];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::Leave => "leave",
            Self::Remove => "remove",
            Self::Cancel => "cancel",
        }
    }
}

impl PartyState {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
            Self::Left => "left",
            Self::Removed => "removed",
            Self::Dropped => "dropped",
        }
    }
}

/// On which side of a party somebody stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Side {
    Own,
    Host,
    Other,
}

/// What a party becomes by a move that `by` makes.
///
/// # Errors
/// [`Refusal::NoMove`], if the state does not allow it; [`Refusal::Forbidden`], if the side
/// does not.
pub(super) fn next(
    row: &PartyRow,
    by: Id<Organisation>,
    step: PartyMove,
) -> Result<PartyState, Refusal> {
    let side = if row.organisation_id == by && row.role != PartyRole::Host {
        Side::Own
    } else if row.host_id == by {
        Side::Host
    } else {
        Side::Other
    };
    become_by(row.role, row.state, side, step)
}

fn become_by(
    role: PartyRole,
    state: PartyState,
    side: Side,
    step: PartyMove,
) -> Result<PartyState, Refusal> {
    use PartyMove as M;
    use PartyState as S;
    let (needed, next) = match (state, step) {
        (S::Invited, M::Accept) => (Side::Own, S::Active),
        (S::Invited, M::Decline) => (Side::Own, S::Declined),
        (S::Invited, M::Cancel) => (Side::Host, S::Cancelled),
        (S::Active, M::Leave) if role != PartyRole::Host => (Side::Own, S::Left),
        (S::Active, M::Remove) if role != PartyRole::Host => (Side::Host, S::Removed),
        _ => {
            let state = state.word().to_owned();
            return Err(Refusal::NoMove { step: step.word(), state });
        }
    };
    if side == needed {
        Ok(next)
    } else {
        Err(Refusal::Forbidden("this move is the other side's"))
    }
}

impl PartyRow {
    /// The moves that an organisation may make with this party now.
    pub fn moves(&self, by: Id<Organisation>) -> Vec<PartyMove> {
        PartyMove::ALL.into_iter().filter(|step| next(self, by, *step).is_ok()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{PartyMove as M, PartyRole, PartyState as S, Side, become_by};

    const STATES: [S; 7] = [
        S::Invited,
        S::Active,
        S::Declined,
        S::Cancelled,
        S::Left,
        S::Removed,
        S::Dropped,
    ];

    #[test]
    fn the_moves_are_these_and_no_others() {
        let mut table = Vec::new();
        for state in STATES {
            for step in M::ALL {
                for side in [Side::Own, Side::Host, Side::Other] {
                    if let Ok(next) = become_by(PartyRole::Party, state, side, step) {
                        let line = format!(
                            "{} --{}[{side:?}]--> {}",
                            state.word(),
                            step.word(),
                            next.word()
                        );
                        table.push(line);
                    }
                }
            }
        }
        assert_eq!(
            table,
            [
                "invited --accept[Own]--> active",
                "invited --decline[Own]--> declined",
                "invited --cancel[Host]--> cancelled",
                "active --leave[Own]--> left",
                "active --remove[Host]--> removed",
            ]
        );
    }

    #[test]
    fn a_host_neither_leaves_nor_is_removed() {
        for step in M::ALL {
            for side in [Side::Own, Side::Host] {
                assert!(become_by(PartyRole::Host, S::Active, side, step).is_err());
            }
        }
    }
}
