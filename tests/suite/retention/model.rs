//! Random histories of one room beside a plain model of its log: what was said when, by whom, what
//! is held, and what the rule is. After each step the log that each side reads is the model's, dense
//! from `first` to the head, and nothing held is missing.

use proptest::{
    prelude::*,
    test_runner::{Config as ProptestConfig, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Value, json};
use suite::{Backing, Hub, alone};

use super::{Stage, id_of, trim};

/// One step.
#[derive(Clone, Copy, Debug)]
enum Act {
    Say { host: bool },
    TakeBack { host: bool },
    Rule(Option<i64>),
    Wait(u32),
    Hold { host: bool, person: bool },
    Release { host: bool, person: bool },
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => any::<bool>().prop_map(|host| Act::Say { host }),
        2 => any::<bool>().prop_map(|host| Act::TakeBack { host }),
        2 => prop_oneof![Just(None), (5_i64..40).prop_map(Some)].prop_map(Act::Rule),
        4 => (1_u32..25).prop_map(Act::Wait),
        1 => any::<(bool, bool)>().prop_map(|(host, person)| Act::Hold { host, person }),
        1 => any::<(bool, bool)>().prop_map(|(host, person)| Act::Release { host, person }),
    ]
}

/// One event of the model's log: when (in days) and whose.
#[derive(Clone, Debug)]
struct Said {
    day: u32,
    /// Whether the host's person said it; none for the hub.
    host: Option<bool>,
    /// The words, if it is a message that stands.
    body: Option<String>,
}

#[derive(Default)]
struct Model {
    day: u32,
    log: Vec<Said>,
    /// How many of the log are gone.
    gone: usize,
    rule: Option<i64>,
    changed: u32,
    /// By (host's, on a person): the hold.
    holds: std::collections::BTreeMap<(bool, bool), Value>,
    /// Words that each hold keeps.
    kept: std::collections::BTreeMap<(bool, bool), Vec<String>>,
}

impl Model {
    fn trim(&mut self) {
        let Some(days) = self.rule else { return };
        let held = self.holds.keys().any(|(_, person)| !person);
        if self.day < self.changed + 7 || held {
            return;
        }
        while let Some(said) = self.log.get(self.gone) {
            let is_held =
                said.host.is_some_and(|host| self.holds.contains_key(&(host, true)));
            if i64::from(self.day - said.day) <= days || is_held {
                break;
            }
            self.gone += 1;
        }
    }
}

async fn step(hub: &Hub, stage: &mut Stage, model: &mut Model, act: Act, no: usize) {
    let who = |host: bool| if host { stage.olga.clone() } else { stage.bruno.clone() };
    match act {
        Act::Say { host } => {
            let body = format!("Words {no}");
            stage.say(&who(host), &format!("m{no}"), &body).await;
            model.log.push(Said { day: model.day, host: Some(host), body: Some(body) });
        }
        Act::TakeBack { host } => {
            let left = model.log.iter().enumerate().skip(model.gone);
            let own = left.filter(|(_, it)| it.host == Some(host) && it.body.is_some());
            let Some(at) = own.map(|(at, _)| at).next_back() else { return };
            let target = i64::try_from(at).unwrap() + 1;
            let form = json!({ "act": "redact", "target": target });
            assert_eq!(stage.act(&who(host), &format!("r{no}"), form).await, 201);
            let body = model.log[at].body.take().unwrap();
            for key @ (side, person) in model.holds.keys().copied().collect::<Vec<_>>() {
                if !person || side == host {
                    model.kept.entry(key).or_default().push(body.clone());
                }
            }
            model.log.push(Said { day: model.day, host: Some(host), body: None });
        }
        Act::Rule(days) => {
            stage.rule(days).await;
            (model.rule, model.changed) = (days, model.day);
        }
        Act::Wait(days) => {
            stage.wait(hub, days).await;
            model.day += days;
        }
        Act::Hold { host, person } => {
            let by = who(host);
            let (kind, subject) = if person {
                ("person", id_of(&by))
            } else {
                ("room", stage.room.clone())
            };
            if let std::collections::btree_map::Entry::Vacant(free) =
                model.holds.entry((host, person))
            {
                free.insert(stage.hold(&by, kind, &subject).await);
            }
        }
        Act::Release { host, person } => {
            if let Some(hold) = model.holds.remove(&(host, person)) {
                stage.release(&who(host), &hold).await;
                model.kept.remove(&(host, person));
            }
        }
    }
}

async fn same(stage: &Stage, model: &Model) {
    let first = i64::try_from(model.gone).unwrap() + 1;
    let head = i64::try_from(model.log.len()).unwrap();
    for who in [&stage.olga, &stage.bruno] {
        let page = stage.log(who).await;
        assert_eq!(
            (page["first"].as_i64(), page["head"].as_i64()),
            (Some(first), Some(head))
        );
        assert_eq!(stage.seqs(who).await, (first..=head).collect::<Vec<_>>());
        for (at, item) in (first - 1..).zip(page["items"].as_array().unwrap()) {
            let said = &model.log[usize::try_from(at).unwrap()];
            if said.host.is_some() {
                assert_eq!(item["body"].as_str(), said.body.as_deref(), "at {}", at + 1);
            }
        }
    }
    for (key @ (host, _), hold) in &model.holds {
        let who = if *host { &stage.olga } else { &stage.bruno };
        let path = format!("/api/v1/holds/{}/words", hold["id"].as_str().unwrap());
        let words = who.get(&path).await.expect(200);
        let mut kept: Vec<_> = words["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["body"].as_str().unwrap().to_owned())
            .collect();
        let mut meant = model.kept.get(key).cloned().unwrap_or_default();
        kept.sort();
        meant.sort();
        assert_eq!(kept, meant);
    }
}

async fn history(backing: Backing, acts: &[Act]) {
    let hub = Hub::on(backing).await;
    let mut stage = Stage::new(&hub).await;
    let mut model = Model::default();
    let begun = stage.log(&stage.olga).await["head"].as_i64().unwrap();
    model.log =
        vec![Said { day: 0, host: None, body: None }; usize::try_from(begun).unwrap()];
    for said in &mut model.log {
        // What the stage itself did before: by the host or the hub; told by the log.
        said.host = None;
    }
    for (item, said) in stage.log(&stage.olga).await["items"]
        .as_array()
        .unwrap()
        .iter()
        .zip(&mut model.log)
    {
        said.host = match item["author"].as_str() {
            Some(author) if author == id_of(&stage.olga) => Some(true),
            Some(author) if author == id_of(&stage.bruno) => Some(false),
            _ => None,
        };
    }
    for (no, act) in acts.iter().enumerate() {
        step(&hub, &mut stage, &mut model, *act, no).await;
        model.trim();
        trim(&hub).await;
        same(&stage, &model).await;
    }
}

fn holds_on(fresh: impl Fn() -> Option<Backing>, cases: u32) {
    let told = std::env::var("PROPTEST_CASES").ok().and_then(|told| told.parse().ok());
    let config = ProptestConfig {
        cases: told.unwrap_or(cases),
        max_shrink_time: 45_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[23; 32]);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let outcome = runner.run(&proptest::collection::vec(act(), 12..30), |acts| {
        if let Some(backing) = fresh() {
            alone(history(backing, &acts));
        }
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

#[test]
fn a_log_is_what_the_model_says_on_sqlite() {
    holds_on(|| Some(Backing::sqlite()), 12);
}

#[test]
fn a_log_is_what_the_model_says_on_postgres() {
    holds_on(|| alone(Backing::postgres()), 4);
}
