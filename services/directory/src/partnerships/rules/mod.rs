//! What a partnership is, and what it may become. Pure: no clock, no database.
//!
//! ```text
//! proposed --accept[answerer]--> active
//! proposed --decline[answerer] | cancel[proposer] | the timer--> closed
//! active <--suspend[either], resume[who suspended]--> suspended
//! active, suspended --give_notice[either]--> ending --the timer--> ended
//! active, suspended --end_now[either]--> ended
//! ```

use std::{fmt, time::Duration};

use kernel::Moment;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How long a proposal waits for its answer.
pub(super) const ANSWER_WITHIN: Duration = Duration::from_hours(14 * 24);
/// The longest notice: two years.
const LONGEST_NOTICE: Duration = Duration::from_hours(731 * 24);

/// One of the two.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Side {
    /// Who asked.
    Proposer,
    /// Who was asked.
    Answerer,
}

/// How a partnership stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum State {
    /// Asked, not answered.
    Proposed {
        /// Until when an answer counts.
        until: Moment,
    },
    /// Both agreed.
    Active,
    /// Nothing is shared for now.
    Suspended {
        /// Who may resume it.
        by: Side,
    },
    /// Notice was given.
    Ending {
        /// When it ends.
        until: Moment,
        /// Who had suspended it: it stays so until the end.
        suspended: Option<Side>,
    },
    /// It was, and is no more.
    Ended,
    /// It never was: declined, cancelled, or not answered in time.
    Closed,
}

/// What one side does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Command {
    /// Agrees.
    Accept,
    /// Does not agree.
    Decline,
    /// Takes the proposal back.
    Cancel,
    /// Shares nothing for now.
    Suspend,
    /// Shares again.
    Resume,
    /// Ends it later.
    GiveNotice {
        /// When.
        until: Moment,
    },
    /// Ends it.
    EndNow,
}

/// The word for a [`Command`].
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Move {
    /// Agree.
    Accept,
    /// Do not agree.
    Decline,
    /// Take the proposal back.
    Cancel,
    /// Share nothing for now.
    Suspend,
    /// Share again.
    Resume,
    /// End it at a later time.
    GiveNotice,
    /// End it.
    EndNow,
}

/// The word for a [`State`].
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum StateWord {
    /// Asked, not answered.
    Proposed,
    /// Both agreed.
    Active,
    /// Nothing is shared for now.
    Suspended,
    /// Notice was given.
    Ending,
    /// It was, and is no more.
    Ended,
    /// It never was.
    Closed,
}

/// Why a partnership stays as it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// From this state, or by this side, there is no such move.
    #[error("a partnership that is {state} has no move `{asked}` for you")]
    NoSuchMove {
        /// What was asked.
        asked: Move,
        /// How it stands.
        state: StateWord,
    },
    /// The proposal was not answered in time.
    #[error("this proposal has expired; propose again")]
    Expired,
    /// Notice needs an end.
    #[error("say when it ends: later than now, and within two years")]
    NoticeEnd,
}

impl Side {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Proposer => Self::Answerer,
            Self::Answerer => Self::Proposer,
        }
    }
}

impl Move {
    /// Every move, in the order in which they are offered.
    pub const ALL: [Self; 7] = [
        Self::Accept,
        Self::Decline,
        Self::Cancel,
        Self::Suspend,
        Self::Resume,
        Self::GiveNotice,
        Self::EndNow,
    ];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::Cancel => "cancel",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::GiveNotice => "give_notice",
            Self::EndNow => "end_now",
        }
    }

    /// The command, with what it needs.
    ///
    /// # Errors
    /// [`Refusal::NoticeEnd`], if notice is given without an end, or with one that cannot be.
    pub fn command(
        self,
        ends_at: Option<Moment>,
        now: Moment,
    ) -> Result<Command, Refusal> {
        Ok(match self {
            Self::Accept => Command::Accept,
            Self::Decline => Command::Decline,
            Self::Cancel => Command::Cancel,
            Self::Suspend => Command::Suspend,
            Self::Resume => Command::Resume,
            Self::GiveNotice => {
                let fits =
                    |until: &Moment| *until > now && *until <= now + LONGEST_NOTICE;
                let until = ends_at.filter(fits).ok_or(Refusal::NoticeEnd)?;
                Command::GiveNotice { until }
            }
            Self::EndNow => Command::EndNow,
        })
    }
}

impl Command {
    /// Its word.
    pub const fn word(self) -> Move {
        match self {
            Self::Accept => Move::Accept,
            Self::Decline => Move::Decline,
            Self::Cancel => Move::Cancel,
            Self::Suspend => Move::Suspend,
            Self::Resume => Move::Resume,
            Self::GiveNotice { .. } => Move::GiveNotice,
            Self::EndNow => Move::EndNow,
        }
    }
}

impl State {
    /// A new proposal.
    pub fn proposed(now: Moment) -> Self {
        Self::Proposed { until: now + ANSWER_WITHIN }
    }

    /// Its word.
    pub const fn word(self) -> StateWord {
        match self {
            Self::Proposed { .. } => StateWord::Proposed,
            Self::Active => StateWord::Active,
            Self::Suspended { .. } => StateWord::Suspended,
            Self::Ending { .. } => StateWord::Ending,
            Self::Ended => StateWord::Ended,
            Self::Closed => StateWord::Closed,
        }
    }

    /// Whether the two may share: what lives through it is live.
    pub const fn is_live(self) -> bool {
        match self {
            Self::Active | Self::Ending { suspended: None, .. } => true,
            Self::Proposed { .. }
            | Self::Suspended { .. }
            | Self::Ending { suspended: Some(_), .. }
            | Self::Ended
            | Self::Closed => false,
        }
    }

    /// Whether the answerer ever agreed: only then does the proposer learn who it is.
    pub const fn was_agreed(self) -> bool {
        match self {
            Self::Active | Self::Suspended { .. } | Self::Ending { .. } | Self::Ended => {
                true
            }
            Self::Proposed { .. } | Self::Closed => false,
        }
    }

    /// What time alone has made of it.
    #[must_use]
    pub fn at(self, now: Moment) -> Self {
        match self {
            Self::Proposed { until } if until <= now => Self::Closed,
            Self::Ending { until, .. } if until <= now => Self::Ended,
            Self::Proposed { .. }
            | Self::Active
            | Self::Suspended { .. }
            | Self::Ending { .. }
            | Self::Ended
            | Self::Closed => self,
        }
    }

    /// What it becomes when one side does something.
    ///
    /// # Errors
    /// [`Refusal::Expired`] for an answer that comes too late, else [`Refusal::NoSuchMove`].
    pub fn step(self, by: Side, command: Command, now: Moment) -> Result<Self, Refusal> {
        use Command as C;
        let next = match (self, by, command) {
            (Self::Proposed { until }, ..) if until <= now => {
                return Err(Refusal::Expired);
            }
            (Self::Proposed { .. }, Side::Answerer, C::Accept) => Self::Active,
            (Self::Proposed { .. }, Side::Answerer, C::Decline)
            | (Self::Proposed { .. }, Side::Proposer, C::Cancel) => Self::Closed,
            (Self::Active, by, C::Suspend) => Self::Suspended { by },
            (Self::Suspended { by: holder }, by, C::Resume) if holder == by => {
                Self::Active
            }
            (Self::Active, _, C::GiveNotice { until }) => {
                Self::Ending { until, suspended: None }
            }
            (Self::Suspended { by: holder }, _, C::GiveNotice { until }) => {
                Self::Ending { until, suspended: Some(holder) }
            }
            (Self::Active | Self::Suspended { .. }, _, C::EndNow) => Self::Ended,
            (state, _, command) => {
                let (asked, state) = (command.word(), state.at(now).word());
                return Err(Refusal::NoSuchMove { asked, state });
            }
        };
        Ok(next)
    }

    /// The moves that one side may make now.
    pub fn moves(self, by: Side, now: Moment) -> Vec<Move> {
        let until = now + Duration::from_secs(1);
        let may = |word: &Move| {
            let command = word.command(Some(until), now);
            command.is_ok_and(|command| self.step(by, command, now).is_ok())
        };
        Move::ALL.into_iter().filter(may).collect()
    }
}

impl fmt::Display for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl fmt::Display for StateWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Proposed => "proposed",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Ending => "ending",
            Self::Ended => "ended",
            Self::Closed => "closed",
        })
    }
}

#[cfg(test)]
mod tests;
