use std::time::Duration;

use kernel::Moment;
use proptest::prelude::*;

use super::{
    ANSWER_WITHIN, Command, Move, Refusal,
    Side::{self, Answerer, Proposer},
    State, StateWord,
};

const NOON: Moment = Moment::from_micros(1_795_000_000_000_000);
const DAY: Duration = Duration::from_hours(24);

fn asked() -> State {
    State::proposed(NOON)
}

#[test]
fn only_who_was_asked_answers_and_only_who_asked_cancels() {
    assert_eq!(asked().moves(Answerer, NOON), [Move::Accept, Move::Decline]);
    assert_eq!(asked().moves(Proposer, NOON), [Move::Cancel]);
}

#[test]
fn an_answer_after_fourteen_days_is_too_late() {
    let last = NOON + ANSWER_WITHIN - Duration::from_micros(1);
    assert_eq!(asked().step(Answerer, Command::Accept, last), Ok(State::Active));

    let late = NOON + ANSWER_WITHIN;
    assert_eq!(asked().step(Answerer, Command::Accept, late), Err(Refusal::Expired));
    assert_eq!(asked().at(late), State::Closed);
    assert_eq!(asked().moves(Proposer, late), []);
}

#[test]
fn only_who_suspended_resumes() {
    let held = State::Active.step(Proposer, Command::Suspend, NOON).unwrap();
    assert_eq!(held, State::Suspended { by: Proposer });
    assert_eq!(held.step(Proposer, Command::Resume, NOON), Ok(State::Active));

    let refused = held.step(Answerer, Command::Resume, NOON).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "a partnership that is suspended has no move `resume` for you"
    );
}

#[test]
fn notice_does_not_lift_the_suspension_of_the_other_side() {
    let until = NOON + DAY;
    let held = State::Suspended { by: Proposer };
    let ending = held.step(Answerer, Command::GiveNotice { until }, NOON).unwrap();

    assert!(!ending.is_live());
    assert!(
        State::Active
            .step(Answerer, Command::GiveNotice { until }, NOON)
            .unwrap()
            .is_live()
    );
}

#[test]
fn notice_needs_an_end_that_lies_ahead() {
    for wrong in [None, Some(NOON), Some(NOON - DAY), Some(NOON + 800 * DAY)] {
        assert_eq!(Move::GiveNotice.command(wrong, NOON), Err(Refusal::NoticeEnd));
    }
    assert!(Move::GiveNotice.command(Some(NOON + 90 * DAY), NOON).is_ok());
}

#[test]
fn notice_that_was_given_runs_out_once() {
    let ending = State::Ending { until: NOON, suspended: None };
    assert_eq!(ending.at(NOON - DAY), ending);
    assert_eq!(ending.at(NOON), State::Ended);
    assert_eq!(ending.moves(Proposer, NOON - DAY), []);
}

fn side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Proposer), Just(Answerer)]
}

fn word() -> impl Strategy<Value = Move> {
    proptest::sample::select(Move::ALL.to_vec())
}

proptest! {
    /// Any history of moves and days, as the two sides make them.
    #[test]
    fn properties_of_any_history(
        history in proptest::collection::vec((side(), word(), 0_u32..10, 1_u32..40), 0..60),
    ) {
        let (mut state, mut now, mut agreed) = (asked(), NOON, false);
        for (by, word, days, notice) in history {
            now = now + days * DAY;
            state = state.at(now);
            let before = state;
            let command = word.command(Some(now + notice * DAY), now).unwrap();
            let offered = before.moves(by, now).contains(&word);
            match before.step(by, command, now) {
                Ok(next) => {
                    prop_assert!(offered, "what is done was offered");
                    prop_assert_ne!(next.word(), before.word(), "a move changes the state");
                    state = next;
                }
                Err(_) => prop_assert!(!offered, "what is offered can be done"),
            }
            if matches!(before, State::Ended | State::Closed) {
                prop_assert_eq!(state, before, "what is over stays over");
            }
            agreed |= word == Move::Accept && state == State::Active && by == Answerer;
            prop_assert_eq!(state.was_agreed(), agreed, "nothing is shared unasked");
            prop_assert!(!state.is_live() || agreed);
            if let (State::Suspended { by: holder }, State::Active) = (before, state) {
                prop_assert_eq!(holder, by, "who suspended resumes");
            }
            if before.word() == StateWord::Suspended && state.is_live() {
                prop_assert_eq!(word, Move::Resume, "only resuming lifts a suspension");
            }
        }
    }
}
