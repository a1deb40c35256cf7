//! Mapping lets out nothing beyond its level (I22): random histories beside a model of plain maps,
//! which asks nothing of the hub and says which words of the other side each may see.

mod model;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use axum::http::StatusCode;
use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, TestCaseError, TestRng, TestRunner},
};
use serde_json::{Value, json};

use self::model::{MASKS, Model, Wish, word};
use super::{
    mapping::{cast, level, population},
    stage::{Actor, Stage},
};
use crate::mapping;

/// A step. One that cannot be done now is left out.
#[derive(Clone, Copy, Debug)]
enum Act {
    /// The first company gets an account, or loses it.
    Account(u8),
    /// The second uploads another list.
    Upload(u16),
    /// A company sets how far its population goes.
    Level(bool, u8, u8),
    /// A day passes, and the clock compares.
    Day,
    /// A company asks for names.
    Ask(bool),
    /// A company answers: grants, narrows, or takes back.
    Answer(bool, u8, u8),
    /// The first company suspends the partnership, or resumes it.
    Suspend,
}

fn act() -> impl Strategy<Value = Act> {
    (0_u8..14, any::<u16>(), any::<bool>()).prop_map(|(kind, many, side)| {
        let [a, b] = many.to_le_bytes();
        match kind {
            0..=2 => Act::Account(a),
            3 | 4 => Act::Upload(many),
            5..=7 => Act::Level(side, a, b),
            8 | 9 => Act::Day,
            10 | 11 => Act::Ask(side),
            12 => Act::Answer(side, a, b),
            _ => Act::Suspend,
        }
    })
}

const LEVELS: [&str; 4] = ["hidden", "counts", "overlapping", "all"];
const KEYS: u8 = 12;

struct Play {
    stage: Stage,
    who: [Actor; 2],
    path: String,
    populations: [String; 2],
    accounts: BTreeMap<u8, String>,
    model: Model,
}

impl Play {
    async fn begin(stage: Stage) -> Self {
        let (acme, borel, path) = cast(&stage).await;
        let first = population(&stage, &acme, "First").await;
        let form = json!({ "name": "Second", "list": list(0) });
        let second = stage.post(&borel, "/populations", form).await;
        let second = second["id"].as_str().unwrap().to_owned();
        let mut play = Self {
            stage,
            who: [acme, borel],
            path,
            populations: [first, second],
            accounts: BTreeMap::new(),
            model: Model::default(),
        };
        for key in 0..7 {
            play.act(Act::Account(key)).await;
        }
        play.act(Act::Upload(0b11_1111_1110)).await;
        play
    }

    async fn act(&mut self, act: Act) {
        self.stage.pass(Duration::from_secs(1));
        match act {
            Act::Account(key) => self.account(key % KEYS).await,
            Act::Upload(keys) => self.upload(keys).await,
            Act::Level(side, to, mask) => self.level(usize::from(side), to, mask).await,
            Act::Day => {
                self.stage.pass(Duration::from_hours(25));
                self.model.aged = true;
            }
            Act::Ask(side) => self.ask(usize::from(side)).await,
            Act::Answer(side, step, mask) => {
                self.answer(usize::from(side), step, usize::from(mask) % MASKS.len())
                    .await;
            }
            Act::Suspend => self.suspend().await,
        }
        self.stage.pass(Duration::from_secs(1));
        mapping::look(&self.stage.house).await.unwrap();
        let first = self.model.counted.is_none();
        let due = first || (self.model.changed && self.model.aged);
        if self.model.both_on() && due {
            self.model.compare();
        }
    }

    async fn account(&mut self, key: u8) {
        let acme = self.who[0].clone();
        self.model.changed = true;
        if let Some(path) = self.accounts.remove(&key) {
            let gone = self.stage.ask(&acme.token, ("DELETE", &path), Value::Null).await;
            assert_eq!(gone.0, StatusCode::NO_CONTENT);
            self.model.books.remove(&key);
            self.model.keys[0].retain(|row| row.0 != key);
            return;
        }
        let form = json!({ "name": word(0, "name", key), "city": word(0, "city", key),
            "domain": format!("k{key}.example"), "segment": "map" });
        let made = self.stage.post(&acme, "/accounts", form).await;
        self.accounts.insert(key, format!("/accounts/{}", made["id"].as_str().unwrap()));
        self.model.born += 1;
        self.model.books.insert(key, self.model.born);
    }

    async fn upload(&mut self, keys: u16) {
        let borel = self.who[1].clone();
        let listed = self.stage.get(&borel, "/populations").await;
        let form = json!({ "name": "Second", "revision": listed["items"][0]["revision"], "list": list(keys) });
        let path = format!("/populations/{}", self.populations[1]);
        let put = self.stage.ask(&borel.token, ("PUT", &path), form).await;
        assert_eq!(put.0, StatusCode::OK, "{}", put.1);
        self.model.born += 1;
        let rows = (0..KEYS).filter(|key| keys & (1 << key) != 0);
        self.model.keys[1] = rows.map(|key| (key, self.model.born)).collect();
        self.model.changed = true;
    }

    async fn level(&mut self, side: usize, to: u8, mask: u8) {
        if self.model.suspended {
            return;
        }
        let (to, mask) = (usize::from(to) % 4, usize::from(mask) % MASKS.len());
        let (who, its) = (&self.who[side], self.populations[side].clone());
        level(&self.stage, who, (&self.path, &its), LEVELS[to], MASKS[mask]).await;
        (self.model.level[side], self.model.mask[side]) = (to, mask);
        if to == 0 {
            self.model.wish = [None, None];
        }
    }

    async fn ask(&mut self, side: usize) {
        let may = self.model.both_on()
            && self.model.mask_of(side).is_none()
            && self.model.wish[side].is_none();
        let form = json!({ "yours": self.populations[side], "theirs": self.populations[1 - side] });
        let path = format!("{}/asks", self.path);
        let told = self.stage.ask(&self.who[side].token, ("POST", &path), form).await;
        assert_eq!(told.0 == StatusCode::CREATED, may, "{}", told.1);
        if may {
            self.model.wish[side] = Some(Wish::Asked);
        }
    }

    /// A side answers what the other asked.
    async fn answer(&mut self, side: usize, step: u8, mask: usize) {
        let asker = 1 - side;
        let Some(wish) = self.model.wish[asker].filter(|_| !self.model.suspended) else {
            return;
        };
        let seen = self.stage.get(&self.who[side], &self.path).await;
        let open = |it: &&Value| {
            it["asked_by"] == "theirs"
                && it["moves"].as_array().is_some_and(|all| !all.is_empty())
        };
        let ask = seen["asks"].as_array().unwrap().iter().find(open).unwrap().clone();
        let (step, next) = match (wish, step % 3) {
            (Wish::Asked, 0) => ("refuse", None),
            (Wish::Asked, _) => ("grant", Some(Wish::Shown(mask))),
            (Wish::Shown(2), 0) => ("narrow", Some(Wish::Shown(mask))),
            (Wish::Shown(_), _) => ("revoke", None),
        };
        let path = format!("{}/asks/{}/moves", self.path, ask["id"].as_str().unwrap());
        let form =
            json!({ "move": step, "revision": ask["revision"], "fields": MASKS[mask] });
        self.stage.post(&self.who[side], &path, form).await;
        self.model.wish[asker] = next;
    }

    async fn suspend(&mut self) {
        let path = self.path.replace("/mappings/", "/partnerships/");
        let now = self.stage.get(&self.who[0], &path).await;
        let step = if self.model.suspended { "resume" } else { "suspend" };
        let form = json!({ "move": step, "revision": now["revision"] });
        self.stage.post(&self.who[0], &format!("{path}/moves"), form).await;
        self.model.suspended = !self.model.suspended;
    }

    /// What each side reads is what the model says, word by word.
    async fn judge(&self) -> Result<(), String> {
        for (side, who) in self.who.iter().enumerate() {
            let (own, other) = (&self.populations[side], &self.populations[1 - side]);
            let rows = format!("{}/overlap/{own}/{other}", self.path);
            let seen = self.stage.get(who, &self.path).await;
            let (status, page) =
                self.stage.ask(&who.token, ("GET", &rows), Value::Null).await;
            let text = format!("{seen} {page}");
            let mark = |it: &&str| {
                it.len() == 7 && it.as_bytes()[3] == b'0' + u8::from(side == 0)
            };
            let words: BTreeSet<String> = text
                .split(|it: char| !it.is_ascii_alphanumeric())
                .filter(|it| it.starts_with("zq"))
                .filter(mark)
                .map(str::to_owned)
                .collect();
            let wanted = self.model.words(side);
            if words != wanted {
                return Err(format!(
                    "side {side} sees {words:?}, and may see {wanted:?}"
                ));
            }
            if (status == StatusCode::OK) != self.model.mask_of(side).is_some() {
                return Err(format!("side {side} is told {status} by {rows}"));
            }
            let common =
                seen["cells"].as_array().unwrap().first().map(|it| it["common"].clone());
            if common != self.model.common() {
                return Err(format!(
                    "side {side} is told {common:?}, not {:?}",
                    self.model.common()
                ));
            }
        }
        Ok(())
    }
}

/// A list with these keys.
fn list(keys: u16) -> Value {
    let rows: Vec<String> = (0..KEYS)
        .filter(|key| keys & (1 << key) != 0)
        .map(|key| {
            format!("{},{},k{key}.example\n", word(1, "name", key), word(1, "city", key))
        })
        .collect();
    let rows = rows.concat();
    let columns = json!({ "name": "n", "city": "c", "domain": "d" });
    json!({ "filename": "t.csv", "csv": format!("n,c,d\n{rows}"), "mapping": columns })
}

async fn played(
    stage: Stage,
    fault: Option<&'static str>,
    acts: &[Act],
) -> Result<(), String> {
    let mut play = Play::begin(stage).await;
    if let Some(fault) = fault {
        play.stage.break_schema(fault).await;
    }
    for act in acts {
        play.act(*act).await;
        play.judge().await.map_err(|why| format!("after {act:?}: {why}"))?;
    }
    Ok(())
}

fn histories(fresh: impl Fn() -> Option<Stage>, cases: u32) {
    let runtime = || tokio::runtime::Runtime::new().unwrap();
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        max_shrink_iters: 60,
        ..ProptestConfig::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[22; 32]);
    let acts = prop::collection::vec(act(), 1..40);
    let outcome = TestRunner::new_with_rng(config, rng).run(&acts, |acts| {
        let Some(stage) = fresh() else { return Ok(()) };
        let told = runtime().block_on(played(stage, None, &acts));
        told.map_err(TestCaseError::fail)
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

#[test]
fn nothing_beyond_the_level_gets_out_on_sqlite() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    histories(|| Some(runtime.block_on(Stage::sqlite())), 12);
}

#[test]
fn nothing_beyond_the_level_gets_out_on_postgres() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    histories(|| runtime.block_on(Stage::postgres()), 3);
}

/// Faults, seeded one at a time: the test of the test.
const FAULTS: [(&str, &str); 5] = [
    (
        "levels do not matter",
        "drop view live_overlap;
         create view live_overlap as
         select m.organisation_id, t.organisation_id as giver_id, t.partnership_id,
                m.population_id, t.population_id as giver_population_id, c.id as cell_id, 'name' as mask
         from live_offer t
         join live_offer m on m.partnership_id = t.partnership_id and m.organisation_id = t.partner_id
         join mapping_cell c on c.partnership_id = t.partnership_id",
    ),
    (
        "what was granted goes on",
        "create trigger kept after update of state on record_grant when new.state = 'revoked'
         begin update record_grant set state = 'live' where id = new.id; end;
         create trigger shown before delete on visible begin select raise(ignore); end;
         create trigger asked after update of state on mapping_ask when new.state = 'revoked'
         begin update mapping_ask set state = 'granted' where id = new.id; end",
    ),
    (
        "masks do not matter",
        "create trigger more after insert on visible when new.kind = 'mapping'
         begin update visible set mask = 'city,name' where record_id = new.record_id; end",
    ),
    (
        "a suspended partnership goes on",
        "create trigger kept after update on partnership when new.state = 'suspended'
         begin update partnership set state = 'active', suspended_by = null where id = new.id; end",
    ),
    (
        "a number follows each row",
        "create trigger told after update of counted on mapping_cell
         begin update mapping_cell set counted = (select count(*) from mapping_match x where x.cell_id = new.id) / 2
         where id = new.id and counted <> (select count(*) from mapping_match x where x.cell_id = new.id) / 2; end",
    ),
];

#[tokio::test]
async fn each_of_five_seeded_faults_is_noticed() {
    let acts = [
        Act::Level(false, 1, 2),
        Act::Level(true, 1, 2),
        Act::Ask(true),
        Act::Answer(false, 1, 1),
        Act::Answer(false, 1, 1),
        Act::Level(false, 3, 2),
        Act::Level(true, 3, 2),
        Act::Account(8),
        Act::Account(9),
        Act::Day,
        Act::Suspend,
    ];
    let honest = played(Stage::sqlite().await, None, &acts).await;
    assert_eq!(honest, Ok(()), "else any fault would be noticed");
    for (name, schema) in FAULTS {
        // A fault may also make the hub refuse what the model plays.
        let told = tokio::spawn(async move {
            played(Stage::sqlite().await, Some(schema), &acts).await
        });
        let noticed = !matches!(told.await, Ok(Ok(())));
        assert!(noticed, "{name} was not noticed");
    }
}
