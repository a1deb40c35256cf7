//! Where one subscription stands in a log: what makes replay and live join without a seam.
//!
//! A track knows the one seq that comes next, and lets nothing else pass. While it replays,
//! only the replay moves it; once it is live, only the room's own reader does. Either reads
//! the log again from where the track stands, so what one of them read too early or twice is
//! passed over, and what was missed is read again: a lost hint costs time, never an event.

use wire::Cursor;

/// How many events are replayed at most.
pub(crate) const MOST_EVENTS: i64 = 500;
/// How many bytes are replayed at most.
pub(crate) const MOST_BYTES: usize = 1024 * 1024;

/// How a subscription begins.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Plan {
    /// With what comes next.
    Live {
        /// The seq that comes first.
        from: i64,
    },
    /// With what was missed.
    Replay {
        /// The seq that comes first.
        from: i64,
    },
    /// Not at all: too much was missed, or the log is another.
    Gap,
}

/// Decides how a subscription begins, by where the client stands and what it may read.
///
/// A cursor at 0 has nothing, and so gets what there is from `first` on. Without a cursor the
/// newest events are replayed, as many as `limit` says; at 0 it begins with what comes next.
pub(crate) fn plan(
    cursor: Option<&Cursor>,
    limit: Option<u32>,
    (epoch, first, head): (&str, i64, i64),
) -> Plan {
    let most = limit.map_or(MOST_EVENTS, |limit| MOST_EVENTS.min(i64::from(limit)));
    // A log may begin after its head: nothing of it may be read so far.
    let first = first.min(head + 1);
    let from = match cursor {
        None => first.max(head + 1 - most),
        Some(cursor) if cursor.epoch != epoch => return Plan::Gap,
        Some(cursor) if cursor.seq == 0 => first,
        Some(cursor) => cursor.seq.saturating_add(1),
    };
    let missed = (head + 1).saturating_sub(from);
    if from < first || missed < 0 || missed > most {
        Plan::Gap
    } else if missed == 0 {
        Plan::Live { from }
    } else {
        Plan::Replay { from }
    }
}

/// Who may move a track.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Phase {
    Replaying { bytes: usize },
    Live,
    Over,
}

/// Where one subscription stands.
#[derive(Clone, Debug)]
pub(crate) struct Track {
    next: i64,
    phase: Phase,
}

/// What to do with an event.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    /// Deliver it.
    Deliver,
    /// Pass it over: it was delivered, or it is not this reader's to deliver.
    Pass,
    /// Something before it is gone, or the replay is too long: tell of a gap and end.
    Gap,
}

impl Track {
    /// One that replays, from this seq.
    pub(crate) const fn replaying(from: i64) -> Self {
        Self { next: from, phase: Phase::Replaying { bytes: 0 } }
    }

    /// One that is live, from this seq.
    pub(crate) const fn live(from: i64) -> Self {
        Self { next: from, phase: Phase::Live }
    }

    /// The last seq that it has.
    pub(crate) const fn last(&self) -> i64 {
        self.next - 1
    }

    /// Whether the room's reader moves it.
    pub(crate) const fn is_live(&self) -> bool {
        matches!(self.phase, Phase::Live)
    }

    /// Whether it is over.
    pub(crate) const fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Over)
    }

    /// The replay has read an event of so many bytes.
    pub(crate) fn replay(&mut self, seq: i64, size: usize) -> Step {
        match &mut self.phase {
            Phase::Replaying { bytes } => {
                *bytes = bytes.saturating_add(size);
                if *bytes > MOST_BYTES {
                    return self.gap();
                }
                self.step(seq)
            }
            Phase::Live | Phase::Over => Step::Pass,
        }
    }

    /// The room's reader has read an event, in a page of what follows `after`. One that went
    /// live further back meanwhile is not served by this page, but by its next one.
    pub(crate) fn hear(&mut self, after: i64, seq: i64) -> Step {
        match self.phase {
            Phase::Live if self.last() >= after => self.step(seq),
            Phase::Live | Phase::Replaying { .. } | Phase::Over => Step::Pass,
        }
    }

    fn step(&mut self, seq: i64) -> Step {
        if seq < self.next {
            return Step::Pass;
        }
        if seq > self.next {
            return self.gap();
        }
        self.next += 1;
        Step::Deliver
    }

    const fn gap(&mut self) -> Step {
        self.phase = Phase::Over;
        Step::Gap
    }

    /// The replay has reached the present: false if it was ended meanwhile.
    pub(crate) const fn go_live(&mut self) -> bool {
        let replayed = matches!(self.phase, Phase::Replaying { .. });
        if replayed {
            self.phase = Phase::Live;
        }
        replayed
    }

    /// The fault that a test seeds: what is before this seq is passed over.
    pub(crate) const fn skip_to(&mut self, seq: i64) {
        self.next = seq + 1;
    }

    /// Nothing is delivered any more.
    pub(crate) const fn end(&mut self) {
        self.phase = Phase::Over;
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn at(seq: i64) -> Cursor {
        Cursor { epoch: "e1".to_owned(), seq }
    }

    #[test]
    fn a_cursor_begins_where_it_stands_or_tells_of_a_gap() {
        let log = ("e1", 1, 42);
        assert_eq!(plan(None, None, log), Plan::Replay { from: 1 });
        assert_eq!(plan(None, Some(2), log), Plan::Replay { from: 41 });
        assert_eq!(plan(None, Some(0), log), Plan::Live { from: 43 });
        assert_eq!(plan(None, None, ("e1", 1, 600)), Plan::Replay { from: 101 });
        assert_eq!(plan(None, None, ("e1", 40, 42)), Plan::Replay { from: 40 });
        assert_eq!(plan(Some(&at(42)), None, log), Plan::Live { from: 43 });
        assert_eq!(plan(Some(&at(40)), None, log), Plan::Replay { from: 41 });
        assert_eq!(plan(Some(&at(0)), None, log), Plan::Replay { from: 1 });
        assert_eq!(plan(Some(&at(43)), None, log), Plan::Gap);
        assert_eq!(plan(Some(&at(40)), Some(1), log), Plan::Gap);
        assert_eq!(plan(Some(&at(40)), None, ("e2", 1, 42)), Plan::Gap);
        assert_eq!(plan(Some(&at(3)), None, ("e1", 5, 42)), Plan::Gap);
        assert_eq!(plan(Some(&at(0)), None, ("e1", 5, 42)), Plan::Replay { from: 5 });
        assert_eq!(plan(Some(&at(0)), None, ("e1", 5, 4)), Plan::Live { from: 5 });
        assert_eq!(plan(Some(&at(4)), None, ("e1", 5, 4)), Plan::Live { from: 5 });
        assert_eq!(plan(Some(&at(0)), None, ("e1", 1, 500)), Plan::Replay { from: 1 });
        assert_eq!(plan(Some(&at(0)), None, ("e1", 1, 501)), Plan::Gap);
        assert_eq!(plan(Some(&at(i64::MAX)), None, log), Plan::Gap);
    }

    #[test]
    fn a_replay_that_grows_too_long_says_so() {
        let mut track = Track::replaying(1);
        assert_eq!(track.replay(1, MOST_BYTES), Step::Deliver);
        assert_eq!(track.replay(2, 1), Step::Gap);
        assert_eq!(track.replay(2, 1), Step::Pass);
    }

    /// What may happen around a subscription, in any order.
    #[derive(Clone, Debug)]
    enum Happens {
        Append(i64),
        ReplayReads(i64),
        ReplayArrives,
        LiveReads(i64, i64),
        LiveArrives,
        Caught,
        Resubscribe,
        Revoke,
    }

    fn happens() -> impl Strategy<Value = Happens> {
        prop_oneof![
            4 => (1_i64..4).prop_map(Happens::Append),
            3 => (1_i64..6).prop_map(Happens::ReplayReads),
            3 => Just(Happens::ReplayArrives),
            3 => (1_i64..6, 0_i64..3).prop_map(|(limit, ahead)| Happens::LiveReads(limit, ahead)),
            3 => Just(Happens::LiveArrives),
            2 => Just(Happens::Caught),
            1 => Just(Happens::Resubscribe),
            1 => Just(Happens::Revoke),
        ]
    }

    /// A client, its subscription, and the reads that are under way.
    struct World {
        head: i64,
        has: i64,
        track: Track,
        live_read: (i64, Vec<i64>),
        replay_read: Vec<i64>,
        may_read: bool,
    }

    impl World {
        fn read(&self, limit: i64) -> Vec<i64> {
            let from = self.track.last() + 1;
            if self.may_read {
                (from..=self.head.min(from + limit - 1)).collect()
            } else {
                vec![]
            }
        }

        fn take(&mut self, step: Step, seq: i64) {
            assert_ne!(step, Step::Gap, "a whole log has no gap");
            if step == Step::Deliver {
                assert!(self.may_read, "nothing is delivered after a revocation");
                assert_eq!(seq, self.has + 1, "dense: n + 1 comes after n");
                self.has = seq;
            }
        }

        fn happen(&mut self, what: &Happens) {
            match what {
                Happens::Append(count) => self.head += count,
                Happens::ReplayReads(limit) => self.replay_read = self.read(*limit),
                Happens::LiveReads(limit, ahead) => {
                    // The others of its organisation may stand further ahead.
                    let after = (self.track.last() + ahead).min(self.head);
                    let upto = self.head.min(after + limit);
                    let seqs =
                        if self.may_read { (after + 1..=upto).collect() } else { vec![] };
                    self.live_read = (after, seqs);
                }
                Happens::ReplayArrives => {
                    for seq in std::mem::take(&mut self.replay_read) {
                        let step = self.track.replay(seq, 1);
                        self.take(step, seq);
                    }
                }
                Happens::LiveArrives => {
                    let (after, seqs) = std::mem::take(&mut self.live_read);
                    for seq in seqs {
                        let step = self.track.hear(after, seq);
                        self.take(step, seq);
                    }
                }
                Happens::Caught => drop(self.track.go_live()),
                Happens::Resubscribe if self.may_read => {
                    self.track.end();
                    let log = ("e1", 1, self.head);
                    self.track = match plan(Some(&at(self.has)), None, log) {
                        Plan::Live { from } => Track::live(from),
                        Plan::Replay { from } => Track::replaying(from),
                        Plan::Gap => Track::live(self.has + 1),
                    };
                }
                Happens::Resubscribe => {}
                Happens::Revoke => {
                    self.may_read = false;
                    self.track.end();
                }
            }
        }
    }

    proptest! {
        #[test]
        fn property_any_interleaving_of_reads_hints_and_revocations_delivers_a_dense_prefix(
            had in 0_i64..5,
            more in 0_i64..5,
            history in vec(happens(), 0..60),
        ) {
            let head = had + more;
            let mut world = World {
                head,
                has: had,
                track: if more == 0 { Track::live(head + 1) } else { Track::replaying(had + 1) },
                live_read: (0, Vec::new()),
                replay_read: Vec::new(),
                may_read: true,
            };
            for what in &history {
                world.happen(what);
            }
            prop_assert!(world.has <= world.head);
            if world.may_read {
                // However it went, reading on brings everything.
                for what in [Happens::Caught, Happens::LiveReads(i64::from(u16::MAX), 0), Happens::LiveArrives] {
                    world.happen(&what);
                }
                prop_assert_eq!(world.has, world.head);
            }
        }
    }
}
