//! How one of the two sees their partnership.

use gate::Role;
use kernel::{Fault, Id, Moment, Organisation, Partnership as Kind};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    access,
    rules::{Move, Side, State, StateWord},
    sql::Row,
};

/// The other one. Until it agreed, only the domain that was asked is known of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PartnerView {
    /// Which; null until it agreed.
    pub id: Option<Id<Organisation>>,
    /// Its name; its domain until it agreed.
    pub name: String,
    /// Its domain.
    pub domain: String,
}

/// A partnership, as one of the two sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Partnership {
    /// Which.
    pub id: Id<Kind>,
    /// With whom.
    pub partner: PartnerView,
    /// How it stands.
    pub state: StateWord,
    /// Whether we proposed it.
    pub by_us: bool,
    /// While it is suspended: whether by us.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspended_by_us: Option<bool>,
    /// What the proposer wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// How many spaces live by it.
    pub shared_spaces: i64,
    /// When it ended or will end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Moment>,
    /// Why it was declined, suspended or ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Until when a proposal can be answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Moment>,
    /// When it was proposed.
    pub created_at: Moment,
    /// Its revision.
    pub revision: i64,
    /// What the caller may do with it now.
    pub moves: Vec<Move>,
}

impl Partnership {
    /// As `organisation` sees `row`; the moves are those of the organisation.
    pub(super) fn new(
        row: Row,
        organisation: Id<Organisation>,
        now: Moment,
    ) -> Result<Self, Fault> {
        let (side, kept) = (row.side(organisation), row.state()?);
        // A proposal that was not answered is over at once; what has been shared ends when
        // the timer has ended it.
        let state = match kept {
            State::Proposed { .. } => kept.at(now),
            State::Active
            | State::Suspended { .. }
            | State::Ending { .. }
            | State::Ended
            | State::Closed => kept,
        };
        let suspended = match state {
            State::Suspended { by } => Some(by),
            State::Ending { suspended, .. } => suspended,
            State::Proposed { .. } | State::Active | State::Ended | State::Closed => None,
        };
        let expires_at = match state {
            State::Proposed { until } => Some(until),
            State::Active
            | State::Suspended { .. }
            | State::Ending { .. }
            | State::Ended
            | State::Closed => None,
        };
        let ends_at = row.ends_at();
        Ok(Self {
            id: row.id,
            state: state.word(),
            by_us: side == Side::Proposer,
            suspended_by_us: suspended.map(|by| by == side),
            shared_spaces: row.shared_spaces,
            ends_at,
            expires_at,
            created_at: row.created_at,
            revision: row.revision,
            moves: state.moves(side, now),
            partner: partner(&row, side, state),
            message: Some(row.message).filter(|text| !text.is_empty()),
            reason: Some(row.reason).filter(|text| !text.is_empty()),
        })
    }

    /// With the moves that a person of this role may make.
    #[must_use]
    pub fn for_role(mut self, role: Option<Role>) -> Self {
        if role.is_some_and(|role| !access::answers(role)) {
            self.moves.clear();
        }
        self
    }
}

fn partner(row: &Row, side: Side, state: State) -> PartnerView {
    match side {
        Side::Answerer => PartnerView {
            id: Some(row.proposer_id),
            name: row.proposer_name.clone(),
            domain: row.proposer_domain.clone(),
        },
        Side::Proposer if state.was_agreed() => PartnerView {
            id: row.answerer_id,
            name: row.name(Side::Answerer).to_owned(),
            domain: row.answerer_domain.clone().unwrap_or_else(|| row.domain.clone()),
        },
        Side::Proposer => {
            PartnerView { id: None, name: row.domain.clone(), domain: row.domain.clone() }
        }
    }
}
