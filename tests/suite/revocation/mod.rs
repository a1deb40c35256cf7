//! Revocation (I4, I5): from the moment at which taking a right away returns, nothing that is
//! sent carries what was taken; and what was not taken stays.
//!
//! Three companies with two people each live through a random history: they invite, accept,
//! share, narrow, remove, leave, suspend, end, dismiss, sign out. Everything secret is a word of
//! its own, and `model.rs` alone says who may see which. While a step is done, others write and
//! read; after it, fresh words are written everywhere. Then every question of the API's
//! document, every socket and every letter is searched for words that must not be there, and
//! for those that must. Faults are seeded on purpose, one at a time, and each must be noticed.

mod act;
mod ear;
mod faults;
mod model;
mod more;
mod stage;
mod watch;
mod whisper;

use std::time::Duration;

use proptest::{
    prelude::ProptestConfig,
    test_runner::{RngAlgorithm, TestCaseError, TestRng, TestRunner},
};
use suite::{Backing, Hub, alone};

use self::{
    act::Act,
    faults::Fault,
    model::{CARD, COMPANIES, Home, Model},
    stage::{Check, Stage},
    watch::{Span, told},
};

/// Plays a history, and tells what was wrong first.
async fn history(backing: Backing, acts: &[Act], fault: Option<Fault>) -> Check {
    let hub = Hub::on(backing).await;
    let url = hub.config.database_url.clone().unwrap_or_default();
    let mut stage = Stage::set(hub).await?;
    if let Some(fault) = fault {
        fault.seed(&url, &mut stage).await;
    }
    let mut outcome = stage.settle(&stage.model.clone()).await;
    for act in acts {
        if outcome.is_ok() {
            outcome =
                stage.round(*act, fault).await.map_err(|why| format!("{act:?}: {why}"));
        }
    }
    if outcome.is_ok() && !stage.model.guests.is_empty() {
        tokio::time::sleep(Duration::from_millis(300)).await;
        outcome = stage.mail(&stage.model.clone()).await;
    }
    outcome
}

impl Stage {
    /// One step, while others write and read; and what everybody sees after it.
    async fn round(&mut self, act: Act, fault: Option<Fault>) -> Check {
        self.model.now += 1;
        // Nobody writes faster than people may.
        self.hub.wait(Duration::from_secs(20));
        let mut before = self.model.clone();
        let burst = self.burst(&mut before);
        let untold = fault.filter(|it| it.is_untold(act));
        let doing = async {
            match untold {
                Some(fault) => fault.play(self, act).await,
                None => self.play(act).await,
            }
        };
        let (done, meanwhile) = tokio::join!(doing, burst);
        done?;
        for (word, it) in &before.words {
            self.model.words.entry(word.clone()).or_insert(*it);
        }
        self.model.look_at_guests();
        if let Some(fault) = fault {
            fault.after(self).await;
        }
        for (company, text) in meanwhile? {
            Span { before: &before, after: &self.model }
                .allows(company, "a page", &text)?;
        }
        self.settle(&before).await
    }

    /// The hosts say something, and everybody reads, while a step is done. The words are
    /// known to the model as said in this step: whether one who just came saw them is open.
    fn burst(
        &self,
        before: &mut Model,
    ) -> impl Future<Output = Result<Vec<(usize, String)>, String>> + use<> {
        let mut says = Vec::new();
        for (at, room) in self.model.rooms.iter().enumerate() {
            if room.only.is_none() && at < 2 * COMPANIES {
                let word = format!("zq9{:03}", before.words.len());
                let it = model::Word {
                    home: Home::Said { room: at },
                    said: before.now,
                    until: None,
                };
                before.words.insert(word.clone(), it);
                let path = format!("/api/v1/rooms/{}/events", room.id);
                says.push((self.owner(room.deal).clone(), path, word));
            }
        }
        let readers: Vec<_> = (0..COMPANIES).map(|it| self.owner(it).clone()).collect();
        let deals = self.deals.clone();
        async move {
            let mut pages = Vec::new();
            for (who, path, word) in says {
                let cid = uuid::Uuid::from_u128(rand::random()).to_string();
                let form = serde_json::json!({ "cid": cid, "body": word });
                stage::good("a message", who.post(&path, form).await, 201)?;
                for (company, reader) in readers.iter().enumerate() {
                    pages.push((company, told(&reader.get(&path).await)));
                }
            }
            for deal in deals {
                for (company, reader) in readers.iter().enumerate() {
                    let page = reader.get(&format!("/api/v1/deals/{deal}")).await;
                    pages.push((company, told(&page)));
                }
            }
            Ok(pages)
        }
    }

    /// After a step: what came until now; then fresh words everywhere, and what comes of them.
    async fn settle(&mut self, before: &Model) -> Check {
        self.listen(before).await?;
        self.follow(before).await?;
        self.whispers().await?;
        self.model.now += 1;
        for at in 0..2 {
            let field = CARD[usize::try_from(self.model.now).unwrap_or(0) % 3];
            self.card(at, field).await?;
            self.account(at, "notes").await?;
        }
        for room in 0..self.model.rooms.len() {
            let it = self.model.rooms[room].clone();
            if it.only.is_none() {
                let word = self.say(room, it.deal).await?;
                self.hear(room, &word).await?;
            }
        }
        self.listen(&self.model.clone()).await?;
        self.read(before).await?;
        self.mail(before).await
    }
}

fn holds_on(fresh: impl Fn() -> Option<Backing>, cases: u32) {
    let told = std::env::var("PROPTEST_CASES").ok().and_then(|told| told.parse().ok());
    let config = ProptestConfig {
        cases: told.unwrap_or(cases),
        max_shrink_iters: 60,
        max_shrink_time: 45_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let outcome = runner.run(&proptest::collection::vec(act::act(), 6..16), |acts| {
        let Some(backing) = fresh() else { return Ok(()) };
        let told = alone(history(backing, &acts, None));
        told.map_err(TestCaseError::fail)
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

#[test]
fn what_is_taken_away_is_gone_and_the_rest_stays_on_sqlite() {
    holds_on(|| Some(Backing::sqlite()), 5);
}

#[test]
fn what_is_taken_away_is_gone_and_the_rest_stays_on_postgres() {
    holds_on(|| alone(Backing::postgres()), 2);
}

#[test]
fn each_seeded_fault_is_noticed() {
    for fault in Fault::ALL {
        let acts = fault.history();
        let honest = alone(history(Backing::sqlite(), &acts, None));
        assert_eq!(honest, Ok(()), "else {fault:?} would be noticed anyway");
        let told = alone(history(Backing::sqlite(), &acts, Some(fault)));
        assert!(told.is_err(), "{fault:?} was not noticed");
    }
}

/// Every way to lose access (I5) at least once, and what chance seldom puts together.
fn ways() -> Vec<Vec<Act>> {
    let join = |whole| Act::Invite { deal: 0, company: 1, mask: 7, whole, answer: true };
    let part = |host| Act::Part { deal: 0, company: 1, host };
    let share = |mask| Act::Share { account: 0, company: 1, mask };
    let suspend = Act::Suspend { pair: 0, side: true };
    let end = |notice| Act::End { pair: 0, side: false, notice };
    let again = Act::Again { pair: 0 };
    let topic = |company| Act::Topic { deal: 0, company };
    let publish = |company| Act::Publish { deal: 0, company };
    let mask = |mask| Act::Mask { deal: 0, company: 1, mask };
    vec![
        vec![join(true), mask(2), mask(5), Act::Hush { deal: 0, company: 1 }],
        vec![join(true), share(7), share(1), end(false), again, join(false), share(2)],
        vec![join(false), share(7), topic(1), end(true), again, join(true)],
        vec![join(true), topic(1), part(false), join(true), topic(1), part(true)],
        vec![join(true), suspend, topic(0), suspend, publish(1), suspend, end(false)],
        vec![join(true), publish(1), publish(0), publish(0), part(true), join(false)],
        vec![
            Act::Role { company: 1, role: 2 },
            Act::Role { company: 1, role: 0 },
            Act::Bench { company: 1 },
            Act::Bench { company: 1 },
            Act::Dismiss { company: 1 },
            Act::SignOut { company: 1 },
            Act::Token { company: 1 },
        ],
    ]
}

#[test]
fn every_way_to_lose_access_takes_it_away_on_sqlite() {
    for way in ways() {
        assert_eq!(alone(history(Backing::sqlite(), &way, None)), Ok(()), "{way:?}");
    }
}

#[test]
fn every_way_to_lose_access_takes_it_away_on_postgres() {
    for way in ways() {
        let Some(backing) = alone(Backing::postgres()) else { return };
        assert_eq!(alone(history(backing, &way, None)), Ok(()), "{way:?}");
    }
}
