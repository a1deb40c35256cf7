//! For how long, and what a hold is on. Pure.

use kernel::{Id, Person, Room, Space};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Refusal;

/// The longest time that can be said, in days: a hundred years.
const MOST_DAYS: i64 = 36_500;
/// The longest reason, in characters.
const LONGEST_REASON: usize = 1_000;

/// For how many days an organisation keeps what is said, by kind of room; none for ever.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    Deserialize,
    Eq,
    PartialEq,
    Serialize,
    ToSchema,
    sqlx::FromRow,
)]
#[expect(clippy::struct_field_names, reason = "a unit ends each name")]
pub(super) struct Days {
    /// In the main rooms of spaces whose host it is.
    pub(super) main_days: Option<i64>,
    /// In topics there.
    pub(super) topic_days: Option<i64>,
    /// In its own notes, wherever it takes part.
    pub(super) internal_days: Option<i64>,
    /// In rooms of two people that its people opened.
    pub(super) direct_days: Option<i64>,
}

impl Days {
    /// The days, if each can be said.
    pub(super) fn checked(self) -> Result<Self, Refusal> {
        let all = [
            ("main_days", self.main_days),
            ("topic_days", self.topic_days),
            ("internal_days", self.internal_days),
            ("direct_days", self.direct_days),
        ];
        let bad = all
            .iter()
            .find(|(_, days)| days.is_some_and(|it| !(1..=MOST_DAYS).contains(&it)));
        bad.map_or(Ok(self), |(field, _)| Err(Refusal::Days(field)))
    }
}

/// What a hold is on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Subject {
    /// All rooms of a space that the organisation reads.
    Space(Id<Space>),
    /// One of them.
    Room(Id<Room>),
    /// What one of its own people said, for it, wherever that was.
    Person(Id<Person>),
}

/// What kind of thing a hold is on.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(super) enum HoldKind {
    /// A space.
    Space,
    /// A room.
    Room,
    /// A person.
    Person,
}

impl Subject {
    /// What somebody named.
    pub(super) fn read(kind: HoldKind, id: &str) -> Result<Self, Refusal> {
        let unknown = Refusal::Unknown;
        match kind {
            HoldKind::Space => id.parse().map(Self::Space).map_err(|_other_kind| unknown),
            HoldKind::Room => id.parse().map(Self::Room).map_err(|_other_kind| unknown),
            HoldKind::Person => {
                id.parse().map(Self::Person).map_err(|_other_kind| unknown)
            }
        }
    }

    pub(super) const fn kind(self) -> HoldKind {
        match self {
            Self::Space(_) => HoldKind::Space,
            Self::Room(_) => HoldKind::Room,
            Self::Person(_) => HoldKind::Person,
        }
    }

    pub(super) const fn uuid(self) -> uuid::Uuid {
        match self {
            Self::Space(id) => id.uuid(),
            Self::Room(id) => id.uuid(),
            Self::Person(id) => id.uuid(),
        }
    }
}

/// A reason: one that says something.
pub(super) fn reason(given: &str) -> Result<&str, Refusal> {
    let reason = given.trim();
    let fits = !reason.is_empty() && reason.chars().count() <= LONGEST_REASON;
    if fits { Ok(reason) } else { Err(Refusal::Reason) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_between_a_day_and_a_hundred_years() {
        let days = |main_days| Days { main_days, ..Days::default() };
        for good in [None, Some(1), Some(36_500)] {
            assert_eq!(days(good).checked().unwrap(), days(good));
        }
        for bad in [0, -1, 36_501] {
            assert!(matches!(days(Some(bad)).checked(), Err(Refusal::Days("main_days"))));
        }
        let last = Days { direct_days: Some(0), ..Days::default() };
        assert!(matches!(last.checked(), Err(Refusal::Days("direct_days"))));
    }

    #[test]
    fn a_hold_is_on_what_its_kind_says() {
        let room = Id::<Room>::mint();
        let read = Subject::read(HoldKind::Room, &room.to_string());
        assert_eq!(read.unwrap(), Subject::Room(room));
        assert!(Subject::read(HoldKind::Space, &room.to_string()).is_err());
        assert!(Subject::read(HoldKind::Person, "somebody").is_err());
    }

    #[test]
    fn a_reason_says_something() {
        assert_eq!(reason("  Case 7 ").unwrap(), "Case 7");
        assert!(reason(" \n").is_err() && reason(&"x".repeat(1_001)).is_err());
    }
}
