//! How often somebody may do something. Pure: the moment is told.

use std::{collections::VecDeque, time::Duration};

use kernel::Moment;

/// How many messages a person may send …
pub(crate) const SENDS: usize = 20;
/// … within this time, on all sockets together.
pub(crate) const SENDS_WITHIN: Duration = Duration::from_secs(10);
/// How often a person's typing is passed on, a room.
pub(crate) const TYPING_EVERY: Duration = Duration::from_secs(3);
/// How long somebody who typed is taken to be typing.
pub(crate) const TYPING_LASTS: Duration = Duration::from_secs(5);

/// What one person sent lately.
#[derive(Debug, Default)]
pub(crate) struct Sends(VecDeque<Moment>);

impl Sends {
    /// Counts one more.
    ///
    /// # Errors
    /// After how long there is room for it.
    pub(crate) fn count(&mut self, now: Moment) -> Result<(), Duration> {
        self.forget(now);
        if let Some(oldest) = self.0.front().filter(|_| self.0.len() >= SENDS) {
            let wait = (*oldest + SENDS_WITHIN).micros() - now.micros();
            Err(Duration::from_micros(u64::try_from(wait).unwrap_or(0)))
        } else {
            self.0.push_back(now);
            Ok(())
        }
    }

    /// Whether nothing counts any more.
    pub(crate) fn is_idle(&mut self, now: Moment) -> bool {
        self.forget(now);
        self.0.is_empty()
    }

    fn forget(&mut self, now: Moment) {
        while self.0.front().is_some_and(|oldest| *oldest + SENDS_WITHIN <= now) {
            self.0.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_twenty_first_message_within_ten_seconds_waits_for_the_first_to_age() {
        let (mut sends, start) = (Sends::default(), Moment::from_micros(0));
        for second in 0..20 {
            let now = start + Duration::from_millis(second * 100);
            assert_eq!(sends.count(now), Ok(()));
        }
        let now = start + Duration::from_secs(4);
        assert_eq!(sends.count(now), Err(Duration::from_secs(6)));
        assert_eq!(sends.count(start + SENDS_WITHIN), Ok(()));
        assert!(!sends.is_idle(start + SENDS_WITHIN));
        assert!(sends.is_idle(start + Duration::from_mins(1)));
    }
}
