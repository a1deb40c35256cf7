//! Under which right a file was made, and whether that right still stands.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Id, Party};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sharing::{Mask, Reach, spaces::Standing};

/// Everything by which an organisation reads a space. What was read under one right may be handed
/// out while the right of that moment still shows all of it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Right {
    /// Its party: one that comes back is another one.
    party: String,
    /// The fields of the card.
    mask: BTreeSet<String>,
    /// What each of the other sides publishes.
    sides: BTreeMap<String, BTreeSet<String>>,
    /// The rooms.
    pub(super) rooms: BTreeMap<String, Span>,
}

/// The part of a log that is read.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Span {
    epoch: String,
    first: i64,
    pub(super) head: i64,
}

impl Right {
    /// The right of this moment. `seen` is the deal as its holder sees it.
    pub(super) fn of(standing: &Standing, seen: &Value, rooms: &[Reach]) -> Self {
        let sides = seen.get("other_sides").and_then(Value::as_array);
        let sides = sides.into_iter().flatten().filter_map(side).collect();
        let span = |room: &Reach| {
            let epoch = room.epoch.clone();
            (room.room.to_string(), Span { epoch, first: room.first, head: room.head })
        };
        Self {
            party: standing.party.to_string(),
            mask: words(&standing.mask),
            sides,
            rooms: rooms.iter().map(span).collect(),
        }
    }

    /// Whether it is that of this party.
    pub(super) fn is_of(&self, party: Id<Party>) -> bool {
        self.party == party.to_string()
    }

    /// Whether it still shows all that was read under `made`.
    pub(super) fn covers(&self, made: &Self) -> bool {
        self.party == made.party
            && self.mask.is_superset(&made.mask)
            && made.sides.iter().all(|(side, fields)| {
                fields.is_empty()
                    || self.sides.get(side).is_some_and(|now| now.is_superset(fields))
            })
            && made.rooms.iter().all(|(room, span)| {
                self.rooms
                    .get(room)
                    .is_some_and(|now| now.epoch == span.epoch && now.first <= span.first)
            })
    }
}

fn words(mask: &Mask) -> BTreeSet<String> {
    mask.words().map(str::to_owned).collect()
}

/// A side's organisation, and the fields that it publishes.
fn side(shown: &Value) -> Option<(String, BTreeSet<String>)> {
    let organisation = shown.get("organisation")?.get("id")?.as_str()?.to_owned();
    let fields = shown.as_object()?.keys().filter(|it| *it != "organisation").cloned();
    Some((organisation, fields.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> Right {
        let span = Span { epoch: "e1".to_owned(), first: 3, head: 9 };
        let named = |name: &str| BTreeSet::from([name.to_owned()]);
        Right {
            party: "pty_1".to_owned(),
            mask: named("title"),
            sides: BTreeMap::from([("org_1".to_owned(), named("notes"))]),
            rooms: BTreeMap::from([("room_1".to_owned(), span)]),
        }
    }

    fn changed(change: impl FnOnce(&mut Right)) -> Right {
        let mut now = made();
        change(&mut now);
        now
    }

    #[test]
    fn a_right_that_grew_shows_what_was_read_before() {
        let grown = changed(|now| {
            now.mask.insert("amount".to_owned());
            now.sides.insert("org_2".to_owned(), BTreeSet::new());
            let room = now.rooms.get_mut("room_1").unwrap();
            (room.head, room.first) = (12, 1);
        });

        assert!(grown.covers(&made()));
        assert!(!made().covers(&grown), "and not the other way round");
    }

    #[test]
    fn whatever_is_taken_away_spoils_what_was_made() {
        let less: [Right; 6] = [
            changed(|now| now.party = "pty_2".to_owned()),
            changed(|now| now.mask.clear()),
            changed(|now| now.sides.clear()),
            changed(|now| now.rooms.clear()),
            changed(|now| now.rooms.get_mut("room_1").unwrap().first = 4),
            changed(|now| now.rooms.get_mut("room_1").unwrap().epoch = "e2".to_owned()),
        ];

        assert!(made().covers(&made()));
        for now in less {
            assert!(!now.covers(&made()), "{now:?}");
        }
    }

    #[test]
    fn a_side_that_publishes_nothing_may_go() {
        let silent = changed(|now| {
            now.sides.insert("org_1".to_owned(), BTreeSet::new());
        });

        assert!(changed(|now| now.sides.clear()).covers(&silent));
    }
}
