//! When somebody is written to. Pure.

use std::time::Duration;

use jiff::{Timestamp, ToSpan, tz::TimeZone};
use kernel::Moment;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Refusal;

/// How soon mail tells of what was said and not read.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    Deserialize,
    Eq,
    Hash,
    PartialEq,
    Serialize,
    ToSchema,
    sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = MailPace)]
pub enum Pace {
    /// Soon after each message.
    Instant,
    /// At the next quarter of an hour.
    Quarter,
    /// Once a day, at an hour of one's own.
    Daily,
    /// Never.
    #[default]
    Off,
}

/// Who looks at the room reads a message within so long, and gets no mail of it.
pub(super) const GRACE: Duration = Duration::from_secs(10);
const QUARTER_US: i64 = 15 * 60 * 1_000_000;

/// Where the day of somebody begins and ends.
#[derive(Clone, Debug)]
pub(super) struct Zone(TimeZone);

impl Zone {
    /// Reads the name of a zone, such as `Europe/Paris`.
    ///
    /// # Errors
    /// [`Refusal::Zone`].
    pub(super) fn read(name: &str) -> Result<Self, Refusal> {
        let plain = |it: char| it.is_ascii_alphanumeric() || "/_+-".contains(it);
        let known = (1..=64).contains(&name.len()) && name.chars().all(plain);
        let zone = known.then(|| TimeZone::get(name).ok()).flatten();
        zone.map(Self).ok_or(Refusal::Zone)
    }

    /// A zone that was kept; UTC where its name means nothing any more.
    pub(super) fn kept(name: &str) -> Self {
        Self::read(name).unwrap_or(Self(TimeZone::UTC))
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// A moment as the clocks there tell it: `2026-11-23 08:05`.
    pub(super) fn told(&self, at: Moment) -> String {
        let stamp = Timestamp::from_microsecond(at.micros()).unwrap_or_default();
        stamp.to_zoned(self.0.clone()).strftime("%Y-%m-%d %H:%M").to_string()
    }
}

/// When somebody is written to who is to be written to from now on; none for never.
pub(super) fn due(pace: Pace, hour: i8, zone: &Zone, now: Moment) -> Option<Moment> {
    match pace {
        Pace::Instant => Some(now + GRACE),
        Pace::Quarter => {
            let past = now.micros().rem_euclid(QUARTER_US);
            Some(Moment::from_micros(now.micros() - past + QUARTER_US))
        }
        Pace::Daily => Some(next_hour(hour, zone, now)),
        Pace::Off => None,
    }
}

/// The next time that the clocks there show a full hour. Where they skip it, it is the moment to
/// which they skip; where they show it twice, the first.
fn next_hour(hour: i8, zone: &Zone, now: Moment) -> Moment {
    let stamp = Timestamp::from_microsecond(now.micros()).unwrap_or_default();
    let mut day = stamp.to_zoned(zone.0.clone()).date();
    for _ in 0..3 {
        let then = day.at(hour.clamp(0, 23), 0, 0, 0).to_zoned(zone.0.clone());
        if let Some(then) = then.ok().filter(|then| then.timestamp() > stamp) {
            return Moment::from_micros(then.timestamp().as_microsecond());
        }
        day = day.saturating_add(1.day());
    }
    now + Duration::from_hours(24)
}

/// An hour of the day.
///
/// # Errors
/// [`Refusal::Hour`].
pub(super) fn hour(hour: i64) -> Result<i8, Refusal> {
    let read = i8::try_from(hour).ok().filter(|it| (0..24).contains(it));
    read.ok_or(Refusal::Hour)
}

#[cfg(test)]
mod tests {
    use kernel::Moment;
    use proptest::prelude::{prop, proptest};

    use super::{GRACE, Pace, Zone, due, hour};

    fn at(text: &str) -> Moment {
        text.parse().unwrap()
    }

    fn daily(hour: i8, zone: &str, now: &str) -> Moment {
        due(Pace::Daily, hour, &Zone::read(zone).unwrap(), at(now)).unwrap()
    }

    #[test]
    fn a_day_begins_where_the_person_is() {
        assert_eq!(
            daily(8, "Europe/Paris", "2026-11-23T06:59:00Z"),
            at("2026-11-23T07:00:00Z")
        );
        assert_eq!(
            daily(8, "Europe/Paris", "2026-11-23T07:00:00Z"),
            at("2026-11-24T07:00:00Z")
        );
        assert_eq!(
            daily(8, "America/Los_Angeles", "2026-11-23T07:00:00Z"),
            at("2026-11-23T16:00:00Z")
        );
        assert_eq!(
            daily(0, "Pacific/Auckland", "2026-11-23T07:00:00Z"),
            at("2026-11-23T11:00:00Z")
        );
    }

    #[test]
    fn an_hour_that_is_skipped_or_comes_twice_comes_once() {
        // On 2026-03-29 the clocks of Paris go from 02:00 to 03:00.
        assert_eq!(
            daily(2, "Europe/Paris", "2026-03-28T12:00:00Z"),
            at("2026-03-29T01:00:00Z")
        );
        // On 2026-10-25 they show 02:00 twice.
        let first = daily(2, "Europe/Paris", "2026-10-24T12:00:00Z");
        assert_eq!(first, at("2026-10-25T00:00:00Z"));
        assert_eq!(
            daily(2, "Europe/Paris", "2026-10-25T00:00:00Z"),
            at("2026-10-26T01:00:00Z")
        );
    }

    #[test]
    fn a_quarter_is_one_of_the_clock_and_never_is_never() {
        let (zone, now) = (Zone::read("UTC").unwrap(), at("2026-11-23T07:14:59Z"));
        assert_eq!(due(Pace::Quarter, 8, &zone, now), Some(at("2026-11-23T07:15:00Z")));
        let sharp = at("2026-11-23T07:15:00Z");
        assert_eq!(due(Pace::Quarter, 8, &zone, sharp), Some(at("2026-11-23T07:30:00Z")));
        assert_eq!(due(Pace::Instant, 8, &zone, now), Some(now + GRACE));
        assert_eq!(due(Pace::Off, 8, &zone, now), None);
    }

    #[test]
    fn only_zones_and_hours_that_are_some_are_read() {
        for wrong in ["", "Europe/Nowhere", "../../etc/passwd", "Europe/Paris\0", "É"] {
            assert!(Zone::read(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Zone::read("europe/paris").unwrap().name(), "Europe/Paris");
        assert_eq!(
            Zone::kept("gone").told(at("2026-11-23T07:15:00Z")),
            "2026-11-23 07:15"
        );
        assert!(hour(24).is_err() && hour(-1).is_err() && hour(23).is_ok());
    }

    proptest! {
        #[test]
        fn property_what_is_due_lies_ahead_and_within_two_days(
            now in 1_600_000_000_000_000_i64..2_200_000_000_000_000,
            hour in 0_i8..24,
            zone in prop::sample::select(vec!["Europe/Paris", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC", "Pacific/Apia"]),
        ) {
            let (zone, now) = (Zone::read(zone).unwrap(), Moment::from_micros(now));
            for pace in [Pace::Instant, Pace::Quarter, Pace::Daily] {
                let due = due(pace, hour, &zone, now).unwrap();
                assert!(due > now && due.micros() - now.micros() <= 26 * 3_600_000_000);
            }
        }
    }
}
