//! When somebody wants to hear nothing. Pure: the zone's rules are those of the IANA database.

use jiff::{
    Timestamp, Zoned,
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};
use kernel::Moment;

use super::Refusal;

/// How far ahead quiet can be asked for by hand, in microseconds: 31 days.
const LONGEST_PAUSE_US: i64 = 31 * 86_400_000_000;
/// How many stretches of quiet may follow each other before we stop looking: two weeks of days.
const MOST_STRETCHES: usize = 16;

/// Days of the week.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Days(u8);

impl Days {
    const NAMES: [(&'static str, Weekday); 7] = [
        ("mon", Weekday::Monday),
        ("tue", Weekday::Tuesday),
        ("wed", Weekday::Wednesday),
        ("thu", Weekday::Thursday),
        ("fri", Weekday::Friday),
        ("sat", Weekday::Saturday),
        ("sun", Weekday::Sunday),
    ];

    /// Reads names such as `mon`, in any order.
    pub(super) fn named<'n>(names: impl Iterator<Item = &'n str>) -> Option<Self> {
        let mut days = Self::default();
        for name in names {
            let place = Self::NAMES.iter().position(|(known, _)| *known == name)?;
            days.0 |= 1 << place;
        }
        Some(days)
    }

    /// Their names, from Monday on.
    pub(super) fn names(self) -> Vec<&'static str> {
        let all = Self::NAMES.iter().enumerate();
        all.filter(|(place, _)| self.0 & (1 << place) != 0).map(|(_, it)| it.0).collect()
    }

    fn has(self, day: Weekday) -> bool {
        self.names().iter().any(|name| Self::NAMES.contains(&(*name, day)))
    }
}

/// When somebody wants to hear nothing.
#[derive(Clone, Debug)]
pub(super) struct Quiet {
    pub(super) zone: TimeZone,
    /// From when on, and to when: on the next day, if it is not later.
    pub(super) hours: (Time, Time),
    /// The days on which these hours begin.
    pub(super) days: Days,
    /// Days on which it is quiet from midnight to midnight.
    pub(super) off_days: Days,
    /// Besides, until then.
    pub(super) pause_until: Option<Moment>,
}

impl Quiet {
    /// Until when it is quiet, if it is quiet now. Stretches that follow each other are one.
    pub(super) fn until(&self, now: Moment) -> Option<Moment> {
        let mut at = now;
        for _ in 0..MOST_STRETCHES {
            match self.stretch(at) {
                Some(end) if end > at => at = end,
                Some(_) | None => break,
            }
        }
        (at > now).then_some(at)
    }

    /// The end of the longest stretch in which a moment lies.
    fn stretch(&self, now: Moment) -> Option<Moment> {
        let here = zoned(now, &self.zone)?;
        let today = here.date();
        let hours = |day: Date| {
            let (from, to) = self.hours;
            let ends = if to > from { day } else { day.tomorrow().ok()? };
            self.days
                .has(day.weekday())
                .then_some((day.to_datetime(from), ends.to_datetime(to)))
        };
        let whole = |day: Date| {
            let ends = day.tomorrow().ok()?;
            let midnight = Time::midnight();
            let is_off = self.off_days.has(day.weekday());
            is_off.then_some((day.to_datetime(midnight), ends.to_datetime(midnight)))
        };
        let windows =
            [today.yesterday().ok().and_then(hours), hours(today), whole(today)];
        let ends = windows.into_iter().flatten().filter_map(|(from, to)| {
            let from = moment(&from.to_zoned(self.zone.clone()).ok()?);
            let to = moment(&to.to_zoned(self.zone.clone()).ok()?);
            (from <= now && now < to).then_some(to)
        });
        ends.chain(self.pause_until.filter(|it| *it > now)).max_by_key(|it| it.micros())
    }
}

fn zoned(at: Moment, zone: &TimeZone) -> Option<Zoned> {
    let stamp = Timestamp::from_microsecond(at.micros()).ok()?;
    Some(stamp.to_zoned(zone.clone()))
}

fn moment(at: &Zoned) -> Moment {
    Moment::from_micros(at.timestamp().as_microsecond())
}

/// A zone by its IANA name, such as `Europe/Paris`.
pub(super) fn zone(name: &str) -> Result<TimeZone, Refusal> {
    let is_name = !name.is_empty()
        && name.len() <= 64
        && name.chars().all(|it| it.is_ascii_alphanumeric() || "/_+-".contains(it));
    let found = is_name.then(|| TimeZone::get(name).ok()).flatten();
    found.ok_or(Refusal::Zone)
}

/// `HH:MM`.
pub(super) fn clock(text: &str, field: &'static str) -> Result<Time, Refusal> {
    let bad = Refusal::Clock(field);
    let (hour, minute) = text.split_once(':').ok_or(Refusal::Clock(field))?;
    let two = |part: &str| {
        let digits = part.len() == 2 && part.chars().all(|it| it.is_ascii_digit());
        digits.then(|| part.parse::<i8>().ok()).flatten()
    };
    let (Some(hour), Some(minute)) = (two(hour), two(minute)) else { return Err(bad) };
    Time::new(hour, minute, 0, 0).map_err(|_no_such_time| bad)
}

/// A pause that is not too long; one that is over is none.
pub(super) fn pause(
    until: Option<Moment>,
    now: Moment,
) -> Result<Option<Moment>, Refusal> {
    match until {
        Some(until) if until.micros() - now.micros() > LONGEST_PAUSE_US => {
            Err(Refusal::Pause)
        }
        until => Ok(until.filter(|it| *it > now)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        text.parse().unwrap()
    }

    fn quiet(zone: &str, from: &str, to: &str, days: &[&str]) -> Quiet {
        Quiet {
            zone: TimeZone::get(zone).unwrap(),
            hours: (clock(from, "from").unwrap(), clock(to, "to").unwrap()),
            days: Days::named(days.iter().copied()).unwrap(),
            off_days: Days::default(),
            pause_until: None,
        }
    }

    #[test]
    fn a_night_goes_over_midnight_in_the_zone_of_who_sleeps() {
        // 2026-11-18 is a Wednesday; Paris is an hour ahead.
        let night = quiet("Europe/Paris", "22:00", "07:00", &["wed"]);
        assert_eq!(night.until(at("2026-11-18T20:59:59Z")), None);
        let morning = Some(at("2026-11-19T06:00:00Z"));
        assert_eq!(night.until(at("2026-11-18T21:00:00Z")), morning);
        assert_eq!(night.until(at("2026-11-19T05:59:59Z")), morning);
        assert_eq!(night.until(at("2026-11-19T06:00:00Z")), None);
        assert_eq!(night.until(at("2026-11-19T21:30:00Z")), None, "not on a Thursday");
    }

    #[test]
    fn a_night_is_as_long_as_the_clock_says_when_it_is_changed() {
        // On 2026-10-25 clocks in Paris go back from three to two.
        let night = quiet("Europe/Paris", "22:00", "07:00", &["sat"]);
        let told = night.until(at("2026-10-24T20:00:00Z"));
        assert_eq!(told, Some(at("2026-10-25T06:00:00Z")), "ten hours");
        // On 2026-03-29 there is no half past two.
        let gap = quiet("Europe/Paris", "01:00", "02:30", &["sun"]);
        assert_eq!(
            gap.until(at("2026-03-29T00:30:00Z")),
            Some(at("2026-03-29T01:30:00Z"))
        );
    }

    #[test]
    fn stretches_that_follow_each_other_are_one() {
        let mut weekend = quiet("UTC", "18:00", "00:00", &["fri"]);
        weekend.off_days = Days::named(["sat", "sun"].into_iter()).unwrap();
        let monday = Some(at("2026-11-23T00:00:00Z"));
        assert_eq!(weekend.until(at("2026-11-20T18:00:00Z")), monday);
        assert_eq!(weekend.until(at("2026-11-20T17:59:00Z")), None);
        weekend.pause_until = Some(at("2026-11-20T18:30:00Z"));
        assert_eq!(
            weekend.until(at("2026-11-20T17:00:00Z")),
            monday,
            "a pause leads into it"
        );
        let always = quiet(
            "UTC",
            "08:00",
            "08:00",
            &["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        );
        assert!(
            always.until(at("2026-11-20T17:00:00Z")).is_some(),
            "and it ends somewhere"
        );
    }

    #[test]
    fn what_is_no_zone_or_time_is_refused() {
        for bad in ["", "Mars/Base", "../etc/passwd", "Europe/Paris\0", &"x".repeat(65)] {
            assert!(zone(bad).is_err(), "{bad:?}");
        }
        assert!(zone("America/Argentina/Buenos_Aires").is_ok() && zone("UTC").is_ok());
        for bad in ["", "7:00", "24:00", "07:60", "07", "07:00:00", "+7:00", "aa:bb"] {
            assert!(clock(bad, "from").is_err(), "{bad:?}");
        }
        assert_eq!(
            Days::named(["sun", "mon"].into_iter()).unwrap().names(),
            ["mon", "sun"]
        );
        assert!(Days::named(["Monday"].into_iter()).is_none());
    }

    #[test]
    fn a_pause_is_ahead_and_not_for_ever() {
        let now = at("2026-11-20T17:00:00Z");
        assert_eq!(pause(Some(at("2026-11-20T16:00:00Z")), now).unwrap(), None);
        let tomorrow = Some(at("2026-11-21T08:00:00Z"));
        assert_eq!(pause(tomorrow, now).unwrap(), tomorrow);
        assert!(pause(Some(at("2027-01-20T16:00:00Z")), now).is_err());
    }
}
