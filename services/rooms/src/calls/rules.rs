//! Who gets a seat, how long it holds, and how much may be said for it. Pure.

use std::time::Duration;

use kernel::{Id, Moment, Organisation, Person, Seat};
use serde_json::{Value, json};

use super::sql::{Taken, Took};

/// How many take part in a call: each sends its sound to every other.
pub(super) const MOST_SEATS: usize = 4;
/// How long a seat holds without being renewed …
pub(super) const LEASE: Duration = Duration::from_secs(20);
/// … and how often the node that holds its socket renews it.
pub(super) const RENEW_EVERY: Duration = Duration::from_secs(5);
/// Whose connection broke has this long to come back. With the 35 s after which a silent peer
/// is dead, nobody sits in a call for longer than 45 s after their device is gone.
pub(super) const GRACE: Duration = Duration::from_secs(10);
/// Whom the hub itself sends away, because it is started again, has this long.
pub(super) const AWAY: Duration = Duration::from_secs(45);
/// The longest text that is handed on, in bytes: a description of sound and a screen has 8,000.
pub(super) const MOST_SIGNAL_BYTES: usize = 32 * 1024;

/// How many texts a person may have handed on …
const SIGNALS: u32 = 300;
/// … and how often they may join, leave, and tell how they take part, …
const ASKS: u32 = 30;
/// … within this time.
const WITHIN: Duration = Duration::from_secs(10);

/// What somebody who asks for a seat gets.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Place {
    /// The seat that they have.
    Again(Id<Seat>),
    /// A new one; the one that they have from another device is given up.
    New {
        /// That one.
        instead_of: Option<Id<Seat>>,
    },
    /// None: all are taken.
    Full,
}

/// What somebody gets who asks for a seat, by name if they had one before.
pub(super) fn place(
    taken: &[Taken],
    (person, organisation): (Id<Person>, Id<Organisation>),
    asked: Option<Id<Seat>>,
) -> Place {
    let own = taken.iter().find(|seat| seat.person_id == person);
    match own {
        Some(own) if Some(own.id) == asked && own.organisation_id == organisation => {
            Place::Again(own.id)
        }
        Some(own) => Place::New { instead_of: Some(own.id) },
        None if taken.len() >= MOST_SEATS => Place::Full,
        None => Place::New { instead_of: None },
    }
}

/// When a seat ends that may not be held any longer; none while it may.
pub(super) fn ends(seat: &Taken, now: Moment) -> Option<Moment> {
    if seat.reads == 0 {
        Some(now)
    } else if seat.lease_until <= now {
        // The last that was known of it: nobody waits for the one who looks.
        Some(seat.seen_at.max(seat.joined_at).min(now))
    } else {
        None
    }
}

/// What the room's log tells of a call, and whether nobody came.
pub(super) fn note(
    call: &str,
    from: Moment,
    took: &[Took],
    is_direct: bool,
) -> (Value, bool) {
    let to = took.iter().filter_map(|it| it.left_at).max().unwrap_or(from).max(from);
    let missed = is_direct && took.len() < 2;
    let people: Vec<_> = took
        .iter()
        .map(|it| {
            json!({
                "user": it.person_id,
                "name": it.name,
                "organisation": it.organisation_id,
                "organisation_name": it.organisation_name,
            })
        })
        .collect();
    let told = json!({
        "call": call,
        "from": from.millis(),
        "to": to.millis(),
        "people": people,
        "missed": missed,
    });
    (told, missed)
}

/// What one person has asked for lately, over all their connections.
#[derive(Debug)]
pub(super) struct Rates {
    since: Moment,
    signals: u32,
    asks: u32,
}

/// What is counted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Counted {
    /// A text for another seat.
    Signal,
    /// Anything else.
    Ask,
}

impl Rates {
    /// Nothing yet.
    pub(super) const fn new(now: Moment) -> Self {
        Self { since: now, signals: 0, asks: 0 }
    }

    /// Counts one more.
    ///
    /// # Errors
    /// After how long there is room for it.
    pub(super) fn count(&mut self, what: Counted, now: Moment) -> Result<(), Duration> {
        if self.is_idle(now) {
            *self = Self::new(now);
        }
        let (count, most) = match what {
            Counted::Signal => (&mut self.signals, SIGNALS),
            Counted::Ask => (&mut self.asks, ASKS),
        };
        if *count >= most {
            let wait = (self.since + WITHIN).micros() - now.micros();
            return Err(Duration::from_micros(u64::try_from(wait).unwrap_or(0)));
        }
        *count += 1;
        Ok(())
    }

    /// Whether nothing counts any more.
    pub(super) fn is_idle(&self, now: Moment) -> bool {
        self.since + WITHIN <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Moment = Moment::from_micros(1_000_000_000);

    fn taken() -> Taken {
        Taken {
            id: Id::mint(),
            organisation_id: Id::mint(),
            person_id: Id::mint(),
            sharing: false,
            joined_at: NOON,
            seen_at: NOON,
            lease_until: NOON + LEASE,
            reads: 1,
        }
    }

    fn took(left_at: Option<Moment>) -> Took {
        Took {
            person_id: Id::mint(),
            name: "Ana".to_owned(),
            organisation_id: Id::mint(),
            organisation_name: "Atelier".to_owned(),
            left_at,
        }
    }

    #[test]
    fn the_fifth_finds_it_full_and_who_sits_there_already_does_not() {
        let seats: Vec<_> = (0..MOST_SEATS).map(|_| taken()).collect();
        let stranger = (Id::mint(), Id::mint());
        assert_eq!(place(&seats, stranger, None), Place::Full);
        let three = seats.get(1..).unwrap();
        assert_eq!(place(three, stranger, None), Place::New { instead_of: None });
        let own = &seats[2];
        let who = (own.person_id, own.organisation_id);
        assert_eq!(place(&seats, who, None), Place::New { instead_of: Some(own.id) });
    }

    #[test]
    fn a_seat_is_taken_again_by_its_own_person_for_its_own_organisation_alone() {
        let seats = [taken(), taken()];
        let own = &seats[0];
        let who = (own.person_id, own.organisation_id);
        assert_eq!(place(&seats, who, Some(own.id)), Place::Again(own.id));
        let elsewhere = Place::New { instead_of: Some(own.id) };
        assert_eq!(place(&seats, (who.0, Id::mint()), Some(own.id)), elsewhere);
        assert_eq!(place(&seats, who, Some(seats[1].id)), elsewhere);
        let stranger = (Id::mint(), who.1);
        let new = Place::New { instead_of: None };
        assert_eq!(place(&seats, stranger, Some(own.id)), new);
    }

    #[test]
    fn a_seat_ends_with_its_lease_when_it_was_last_seen_or_with_its_right_at_once() {
        let seat = taken();
        assert_eq!(ends(&seat, NOON + LEASE - Duration::from_secs(1)), None);
        assert_eq!(ends(&seat, NOON + LEASE), Some(NOON));
        assert_eq!(ends(&seat, NOON + Duration::from_hours(3)), Some(NOON));
        let lost = Taken { reads: 0, ..taken() };
        let now = NOON + Duration::from_secs(1);
        assert_eq!(ends(&lost, now), Some(now));
    }

    #[test]
    fn a_call_between_two_that_one_took_part_in_was_missed() {
        let end = NOON + Duration::from_secs(90);
        let (told, missed) = note("call_1", NOON, &[took(Some(end))], true);
        assert!(missed && told["missed"] == true);
        assert_eq!(told["to"], end.millis());
        let (_, missed) = note("call_1", NOON, &[took(Some(end))], false);
        assert!(!missed, "in a room of many nobody is called by name");
        let both = [took(Some(NOON)), took(Some(end))];
        let (told, missed) = note("call_1", NOON, &both, true);
        assert!(!missed);
        assert_eq!(told["people"].as_array().unwrap().len(), 2);
        assert_eq!(told["to"], end.millis());
    }

    #[test]
    fn a_flood_waits_until_its_time_is_over_and_keeps_nobody_from_leaving() {
        let mut rates = Rates::new(NOON);
        for _ in 0..SIGNALS {
            assert_eq!(rates.count(Counted::Signal, NOON), Ok(()));
        }
        let later = NOON + Duration::from_secs(4);
        assert_eq!(rates.count(Counted::Signal, later), Err(Duration::from_secs(6)));
        assert_eq!(rates.count(Counted::Ask, later), Ok(()));
        assert_eq!(rates.count(Counted::Signal, NOON + WITHIN), Ok(()));
    }
}
