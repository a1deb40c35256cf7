use kernel::Moment;
use proptest::prelude::*;

use super::{NoStep, QuoteState, Side, Stand, Step};

const NOW: Moment = Moment::from_micros(1_000);
const LATER: Moment = Moment::from_micros(2_000);

fn sent(hash: &str) -> Step {
    Step::Send { sha256: hash.to_owned(), until: LATER }
}

fn steps(hash: &str) -> Vec<(Side, Step)> {
    let sha256 = hash.to_owned();
    vec![
        (Side::Seller, Step::Write),
        (Side::Seller, Step::Price),
        (Side::Seller, Step::Approve),
        (Side::Seller, sent(hash)),
        (Side::Seller, Step::Withdraw),
        (Side::Seller, Step::Revise),
        (Side::Buyer, Step::Accept { sha256: sha256.clone() }),
        (Side::Buyer, Step::Reject { sha256: sha256.clone() }),
        (Side::Buyer, Step::Counter { sha256 }),
    ]
}

fn walk(path: &[(Side, Step)]) -> Stand {
    path.iter().fold(Stand::Draft { rev: 1, before: None }, |stand, (side, step)| {
        stand.step(*side, step.clone(), NOW).unwrap()
    })
}

fn to_sent() -> Vec<(Side, Step)> {
    vec![
        (Side::Seller, Step::Price),
        (Side::Seller, Step::Approve),
        (Side::Seller, sent("h1")),
    ]
}

#[test]
fn the_moves_are_these_and_no_others() {
    let mut reached = vec![Stand::Draft { rev: 1, before: None }];
    let mut table = Vec::new();
    let mut at = 0;
    while let Some(stand) = reached.get(at).cloned() {
        at += 1;
        for (side, step) in steps("h1") {
            let word = step.word();
            let Ok(next) = stand.clone().step(side, step, NOW) else { continue };
            let line = format!(
                "{} --{word}[{side:?}]--> {}",
                stand.state().word(),
                next.state().word()
            );
            if !table.contains(&line) {
                table.push(line);
            }
            if next.rev() < 3 && !reached.contains(&next) {
                reached.push(next);
            }
        }
    }
    table.sort();
    assert_eq!(
        table,
        [
            "approved_internal --sent[Seller]--> sent",
            "approved_internal --withdrawn[Seller]--> withdrawn",
            "approved_internal --written[Seller]--> draft",
            "countered --revised[Seller]--> draft",
            "countered --withdrawn[Seller]--> withdrawn",
            "draft --priced[Seller]--> priced",
            "draft --withdrawn[Seller]--> withdrawn",
            "draft --written[Seller]--> draft",
            "priced --approved[Seller]--> approved_internal",
            "priced --withdrawn[Seller]--> withdrawn",
            "priced --written[Seller]--> draft",
            "sent --accepted[Buyer]--> accepted",
            "sent --countered[Buyer]--> countered",
            "sent --rejected[Buyer]--> rejected",
            "sent --withdrawn[Seller]--> withdrawn",
        ]
    );
}

#[test]
fn each_side_makes_only_its_own_moves() {
    for (side, step) in steps("h1") {
        let other = if side == Side::Seller { Side::Buyer } else { Side::Seller };
        for stand in [walk(&[]), walk(&to_sent())] {
            let refused = stand.step(other, step.clone(), NOW).unwrap_err();
            assert!(matches!(refused, NoStep::OtherSide(_)), "{step:?}");
        }
    }
}

#[test]
fn an_answer_binds_to_the_hash_that_was_sent_and_to_its_time() {
    let accept = |hash: &str| Step::Accept { sha256: hash.to_owned() };
    let other = walk(&to_sent()).step(Side::Buyer, accept("h2"), NOW).unwrap_err();
    assert_eq!(other, NoStep::OtherHash { rev: 1, sha256: "h1".to_owned() });
    let late = walk(&to_sent()).step(Side::Buyer, accept("h1"), LATER).unwrap_err();
    assert_eq!(late, NoStep::TooLate(LATER));
    let taken = walk(&to_sent()).step(Side::Buyer, accept("h1"), NOW).unwrap();
    assert_eq!(taken.state(), QuoteState::Accepted);
}

#[test]
fn what_was_sent_expires_once_and_nothing_else_does() {
    let sent = walk(&to_sent());
    assert_eq!(sent.clone().ring(NOW), sent);
    let expired = sent.ring(LATER);
    assert_eq!(expired.state(), QuoteState::Expired);
    assert_eq!(expired.clone().ring(LATER), expired);
    let draft = walk(&[]);
    assert_eq!(draft.clone().ring(LATER), draft);
}

fn any_step() -> impl Strategy<Value = (Side, Step)> {
    (0..9_usize, any::<bool>()).prop_map(|(place, first)| {
        steps(if first { "h1" } else { "h2" }).swap_remove(place)
    })
}

proptest! {
    /// After any history: the buyer sees nothing before something was sent, a step of the
    /// seller that sends or takes back nothing never changes what the buyer sees, and a
    /// revision that was sent is never written again.
    #[test]
    fn histories_show_the_buyer_only_what_was_sent(
        history in proptest::collection::vec(any_step(), 0..40),
    ) {
        let mut stand = Stand::Draft { rev: 1, before: None };
        let mut was_sent = false;
        for (side, step) in history {
            let quiet = matches!(
                step,
                Step::Write | Step::Price | Step::Approve | Step::Revise
            );
            was_sent |= matches!(step, Step::Send { .. })
                && matches!(stand, Stand::Approved { .. });
            let (face, offer) = (stand.face(Side::Buyer), stand.offer().cloned());
            let Ok(next) = stand.clone().step(side, step, NOW) else { continue };
            if quiet {
                prop_assert_eq!(next.face(Side::Buyer), face);
                prop_assert_eq!(next.offer().cloned(), offer);
            }
            if let Stand::Draft { rev, before: Some(before) } = &next {
                prop_assert_eq!(*rev, before.rev + 1);
            }
            prop_assert_eq!(next.face(Side::Buyer).is_some(), was_sent);
            prop_assert_eq!(next.face(Side::Buyer).is_some(), next.offer().is_some());
            stand = next;
        }
    }
}
