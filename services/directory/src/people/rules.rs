//! What a membership may become, and who may make it so. Pure.

use gate::Role;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a membership stands.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum MemberState {
    /// The person may act.
    Active,
    /// Not for now.
    Suspended,
    /// No more. Coming back is a new membership.
    Ended,
}

/// A person's place in an organisation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Standing {
    /// As what.
    pub role: Role,
    /// How it stands.
    pub state: MemberState,
}

/// What is to be another than before.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Change {
    /// The role.
    pub role: Option<Role>,
    /// The state.
    pub state: Option<MemberState>,
}

/// Why a membership stays as it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// An organisation is never without somebody who answers for it.
    #[error("the last owner stays: make somebody else an owner first")]
    LastOwner,
    /// Only owners make owners, or change them.
    #[error("only an owner gives or takes the role of an owner")]
    NotOwner,
    /// It is over.
    #[error("this membership has ended; invite the person again")]
    Ended,
}

impl Standing {
    const fn answers(self) -> bool {
        matches!(self, Self { role: Role::Owner, state: MemberState::Active })
    }

    /// What it becomes by a change that a colleague makes.
    ///
    /// `by` is the role of who makes it, none for the hub; `owners` is how many active
    /// owners there are, this one included.
    ///
    /// # Errors
    /// [`Refusal`], in each of its three cases.
    pub fn change(
        self,
        change: Change,
        by: Option<Role>,
        owners: i64,
    ) -> Result<Self, Refusal> {
        if self.state == MemberState::Ended {
            return Err(Refusal::Ended);
        }
        let next = Self {
            role: change.role.unwrap_or(self.role),
            state: change.state.unwrap_or(self.state),
        };
        let of_owner = self.role == Role::Owner || next.role == Role::Owner;
        if of_owner && next != self && by.is_some_and(|role| role != Role::Owner) {
            return Err(Refusal::NotOwner);
        }
        if self.answers() && !next.answers() && owners <= 1 {
            return Err(Refusal::LastOwner);
        }
        Ok(next)
    }
}

#[cfg(test)]
mod tests {
    use gate::Role;
    use proptest::prelude::*;

    use super::{Change, MemberState, Refusal, Standing};

    const OWNER: Standing = Standing { role: Role::Owner, state: MemberState::Active };
    const SELLER: Standing = Standing { role: Role::Seller, state: MemberState::Active };

    #[test]
    fn the_last_owner_can_neither_leave_nor_step_down() {
        let leave = Change { state: Some(MemberState::Ended), ..Change::default() };
        let pause = Change { state: Some(MemberState::Suspended), ..Change::default() };
        let step_down = Change { role: Some(Role::Admin), ..Change::default() };
        for change in [leave, pause, step_down] {
            assert_eq!(
                OWNER.change(change, Some(Role::Owner), 1),
                Err(Refusal::LastOwner)
            );
            assert!(OWNER.change(change, Some(Role::Owner), 2).is_ok());
        }
    }

    #[test]
    fn an_admin_neither_makes_nor_changes_an_owner() {
        let crown = Change { role: Some(Role::Owner), ..Change::default() };
        let pause = Change { state: Some(MemberState::Suspended), ..Change::default() };
        assert_eq!(SELLER.change(crown, Some(Role::Admin), 1), Err(Refusal::NotOwner));
        assert_eq!(OWNER.change(pause, Some(Role::Admin), 2), Err(Refusal::NotOwner));
        assert!(SELLER.change(crown, Some(Role::Owner), 1).is_ok());
    }

    #[test]
    fn what_has_ended_stays_ended() {
        let ended = Standing { state: MemberState::Ended, ..SELLER };
        let back = Change { state: Some(MemberState::Active), ..Change::default() };
        assert_eq!(ended.change(back, Some(Role::Owner), 1), Err(Refusal::Ended));
    }

    fn role() -> impl Strategy<Value = Role> {
        proptest::sample::select(Role::ALL.to_vec())
    }

    fn state() -> impl Strategy<Value = MemberState> {
        use MemberState::{Active, Ended, Suspended};
        proptest::sample::select(vec![Active, Suspended, Ended])
    }

    proptest! {
        #[test]
        fn properties_an_organisation_is_never_without_an_owner(
            start in proptest::collection::vec(role(), 0..6),
            steps in proptest::collection::vec(
                (any::<prop::sample::Index>(), any::<prop::sample::Index>(),
                 proptest::option::of(role()), proptest::option::of(state())), 0..40),
        ) {
            let mut members = vec![OWNER];
            members.extend(start.into_iter().map(|role| Standing { role, ..SELLER }));
            for (who, by, role, state) in steps {
                let owners = members.iter().filter(|it| it.answers()).count();
                let (who, by) = (who.index(members.len()), by.index(members.len()));
                if members[by].state != MemberState::Active { continue; }
                let by = Some(members[by].role);
                let owners = i64::try_from(owners).unwrap();
                if let Ok(next) = members[who].change(Change { role, state }, by, owners) {
                    members[who] = next;
                }
                prop_assert!(members.iter().any(|it| it.answers()));
            }
        }
    }
}
