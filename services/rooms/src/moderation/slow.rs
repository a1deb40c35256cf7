//! Rooms that are slowed down: how long a person waits between two messages.

use std::{collections::HashMap, time::Duration};

use gate::Caller;
use kernel::{Fault, Id, Moment, Person, Room};
use sharing::Reach;
use store::Conn;

use super::{hosts, sql};
use crate::{post::Refusal, rules::Draft};

/// What somebody said last in a room: when, and under which `cid`.
#[derive(Clone, Debug, Eq, PartialEq, sqlx::FromRow)]
pub(crate) struct Last {
    pub(crate) at: Moment,
    pub(crate) cid: Option<String>,
}

/// What those who write said last, in rooms that are slowed down. Who keeps order there is not
/// held up, and is not in it.
#[derive(Debug, Default)]
pub(crate) struct Slow(HashMap<(Id<Room>, Id<Person>), Option<Last>>);

impl Slow {
    /// Looks what somebody said last, if the room is slow.
    ///
    /// # Errors
    /// If the database fails.
    pub(crate) async fn look(
        &mut self,
        conn: &mut Conn,
        caller: &Caller,
        reach: &Reach,
    ) -> Result<(), Fault> {
        let key = (reach.room, caller.person);
        if reach.slow_s > 0
            && !self.0.contains_key(&key)
            && !hosts(conn, caller, reach).await?
        {
            let last = sql::last_said(conn, caller, reach.room).await?;
            self.0.insert(key, last);
        }
        Ok(())
    }

    /// Whether somebody may say something now. What was said before, under the same `cid`, may
    /// be said again: it is the same message.
    ///
    /// # Errors
    /// [`Refusal::Slow`], with how long to wait.
    pub(crate) fn may_say(
        &self,
        caller: &Caller,
        draft: &Draft,
        reach: &Reach,
        now: Moment,
    ) -> Result<(), Refusal> {
        match self.0.get(&(draft.room, caller.person)) {
            Some(Some(last)) if last.cid.as_ref() != Some(&draft.cid) => {
                left(last.at, reach.slow_s, now)
                    .map_or(Ok(()), |it| Err(Refusal::Slow(it)))
            }
            Some(Some(_) | None) | None => Ok(()),
        }
    }

    /// Keeps in mind what was said.
    pub(crate) fn note(&mut self, caller: &Caller, draft: &Draft, at: Moment) {
        if let Some(last) = self.0.get_mut(&(draft.room, caller.person)) {
            *last = Some(Last { at, cid: Some(draft.cid.clone()) });
        }
    }
}

/// How long is left of a wait; none if it is over.
fn left(last: Moment, slow_s: i64, now: Moment) -> Option<Duration> {
    let over = last.millis().saturating_add(slow_s.saturating_mul(1_000));
    let left = over.saturating_sub(now.millis());
    u64::try_from(left).ok().filter(|it| *it > 0).map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_over_when_its_seconds_are() {
        let at = |ms: i64| Moment::from_micros(ms * 1_000);
        assert_eq!(left(at(5_000), 30, at(5_000)), Some(Duration::from_secs(30)));
        assert_eq!(left(at(5_000), 30, at(34_999)), Some(Duration::from_millis(1)));
        assert_eq!(left(at(5_000), 30, at(35_000)), None);
        assert_eq!(left(at(5_000), 0, at(5_000)), None);
    }
}
