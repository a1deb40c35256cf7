//! Noninterference (I1, I2): whatever happens between two partners, a third organisation gets
//! byte for byte what it would have got had something else happened.
//!
//! One history is played twice; only what the vendor and its partner do among themselves
//! differs. What the rival collects (every operation of the API's document, every frame of its
//! socket, its mail) must be the same after ids are renamed in the order in which it saw them.
//! Ten leaks are seeded on purpose, one at a time, and each must be noticed.

mod collector;
mod leaks;
mod secret;

use proptest::{
    prelude::ProptestConfig,
    strategy::Strategy,
    test_runner::{RngAlgorithm, TestCaseError, TestRng, TestRunner},
};
use suite::{Backing, Hub, alone};

use self::{collector::Rival, leaks::Leak, secret::Act};

/// Plays the world in which the partners did `acts`, and tells what the rival got.
async fn world(backing: Backing, acts: &[Act], leak: Option<Leak>) -> String {
    let at = |config: &mut hub::Config| {
        config.as2_public_url = Some("https://hub.test/as2".to_owned());
    };
    let hub = Hub::with(backing, at).await;
    let (stage, mut rival) = secret::Stage::set(&hub).await;
    if let Some(leak) = leak {
        leak.wrap(&hub, &mut rival);
    }
    for act in acts {
        stage.play(&hub, *act).await;
        if let Some(leak) = leak {
            leak.seed(&hub, &stage, &rival).await;
        }
    }
    rival.collect(&hub, &stage).await
}

fn histories() -> impl Strategy<Value = (Vec<Act>, Vec<Act>)> {
    let acts = || proptest::collection::vec(secret::act(), 1..7);
    (acts(), acts())
}

fn holds_on(fresh: impl Fn() -> Option<Backing>, cases: u32) {
    let config =
        ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let outcome = runner.run(&histories(), |(one, other)| {
        let (Some(first), Some(second)) = (fresh(), fresh()) else { return Ok(()) };
        let first = alone(world(first, &one, None));
        let second = alone(world(second, &other, None));
        match first_difference(&first, &second) {
            None => Ok(()),
            Some(told) => Err(TestCaseError::fail(told)),
        }
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

fn first_difference(one: &str, other: &str) -> Option<String> {
    let mut lines = one.lines().zip(other.lines());
    match lines.find(|(a, b)| a != b) {
        Some((a, b)) => {
            Some(format!("the rival can tell the two worlds apart:\n{a}\n{b}"))
        }
        None if one.len() == other.len() => None,
        None => Some("one world tells more lines than the other".to_owned()),
    }
}

#[test]
fn a_rival_cannot_tell_what_partners_do_on_sqlite() {
    holds_on(|| Some(Backing::sqlite()), cases());
}

#[test]
fn a_rival_cannot_tell_what_partners_do_on_postgres() {
    holds_on(|| alone(Backing::postgres()), cases());
}

/// How many pairs of histories: few in the suite, more when `PROPTEST_CASES` says so.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|told| told.parse().ok()).unwrap_or(5)
}

#[test]
fn each_of_ten_seeded_leaks_is_noticed() {
    let acts = [Act::Deal(0), Act::Invite, Act::Say(1), Act::Share(2)];
    let play = |acts: &[Act], leak| alone(world(Backing::sqlite(), acts, leak));
    let (quiet, honest) = (play(&[], None), play(&acts, None));
    assert_eq!(first_difference(&quiet, &honest), None, "else any leak would be noticed");
    for leak in Leak::ALL {
        let leaky = play(&acts, Some(leak));
        assert!(first_difference(&quiet, &leaky).is_some(), "{leak:?} was not noticed");
    }
}
