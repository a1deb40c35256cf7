//! I15: money is conserved. Random histories against plain numbers, which ask nothing of the hub.

mod books;
mod same;

use std::time::Duration;

use books::{Act, Model, Purse, Stand, act};
use proptest::test_runner::{Config as ProptestConfig, TestCaseError, TestRunner};
use serde_json::json;
use suite::{Answer, Backing, Hub, Person, alone};

use super::{Stage, claim_of, path, prove};
use crate::scene::Scene;

/// How many days a fund of this test lasts, and how many follow a request's last day.
const LASTS: i64 = 60;
const TO_CLAIM: i64 = 30;

struct Play {
    stage: Stage,
    model: Model,
}

fn check(what: &str, answer: &Answer, may: bool) -> Result<(), TestCaseError> {
    if answer.status < 300 && may
        || (answer.status == 409 || answer.status == 422) && !may
    {
        return Ok(());
    }
    let why = format!(
        "{what}: {} {}, though it {}",
        answer.status,
        answer.body,
        if may { "may" } else { "may not" }
    );
    Err(TestCaseError::fail(why))
}

impl Play {
    async fn new(hub: &Hub) -> Self {
        let stage = Stage::new(hub).await;
        let mut form = Scene::fund();
        let end = hub.house.clock.now().day().plus_days(i32::try_from(LASTS).unwrap());
        form["ends_on"] = json!(end.to_string());
        let fund = stage.olga.post("/api/v1/funds", form).await.expect(201);
        let fund = format!("/api/v1/funds/{}", fund["id"].as_str().unwrap());
        let open = json!({ "move": "open", "revision": 1 });
        stage.olga.post(&format!("{fund}/moves"), open).await.expect(200);
        let purses = [(false, Purse::default()), (true, Purse::default())].into();
        let model =
            Model { put_in: 1_000_000, free: 1_000_000, purses, ..Model::default() };
        Self { stage: Stage { fund, ..stage }, model }
    }

    fn partner(&self, who: bool) -> &Person {
        if who { &self.stage.carl } else { &self.stage.bruno }
    }

    async fn step(&mut self, hub: &Hub, act: Act) -> Result<(), TestCaseError> {
        match act {
            Act::Endow(much) => self.endow(i64::from(much) * 10_000).await,
            Act::Give(who, much) => self.give(who, i64::from(much) * 2_500).await,
            Act::TakeBack(who) => self.take_back(who).await,
            Act::Ask(who, much) => self.ask(hub, who, 1 + i64::from(much) * 1_500).await,
            Act::Answer(who, much) => self.answer(who, i64::from(much)).await,
            Act::Withdraw(who) => self.withdraw(who).await,
            Act::Claim(who, much) => self.claim(who, i64::from(much)).await,
            Act::Judge(who, much) => self.judge(who, i64::from(much)).await,
            Act::Pay(who) => self.pay(who).await,
            Act::Wait(days) => self.wait(hub, i64::from(days)).await,
            Act::Close => self.close().await,
        }
    }

    async fn endow(&mut self, amount: i64) -> Result<(), TestCaseError> {
        let now = self.stage.olga.get(&self.stage.fund).await.expect(200);
        let form = json!({ "amount_minor": amount });
        let told = self.stage.olga.patch(&self.stage.fund, &now["revision"], form).await;
        let model = &mut self.model;
        let more = amount - model.put_in;
        let may = amount > 0 && (more == 0 || !model.closed && model.free + more >= 0);
        check("endow", &told, may)?;
        if may {
            model.put_in = amount;
            model.free += more;
        }
        Ok(())
    }

    async fn give(&mut self, who: bool, amount: i64) -> Result<(), TestCaseError> {
        let purse = self.model.purses[&who].clone();
        let more = amount - purse.sum();
        let gives = !self.model.closed && self.model.day <= LASTS;
        let to = if who { &self.stage.kestrel } else { &self.stage.atelier };
        let (told, may) = match &purse.part {
            None => {
                let told = self.stage.give(to, amount).await;
                (told, amount > 0 && gives && more <= self.model.free)
            }
            Some(part) => {
                let now = self.stage.olga.get(part).await.expect(200);
                let form = json!({ "amount_minor": amount, "revision": now["revision"] });
                let told = self.stage.olga.post(&format!("{part}/amount"), form).await;
                let may = more == 0
                    || (more < 0 || gives && more <= self.model.free)
                        && amount >= purse.used();
                (told, may)
            }
        };
        check("give", &told, may)?;
        if may {
            self.model.free -= more;
            let purse = self.model.purses.get_mut(&who).unwrap();
            purse.free += more;
            let id = || {
                format!("/api/v1/fund-allocations/{}", told.body["id"].as_str().unwrap())
            };
            purse.part.get_or_insert_with(id);
        }
        Ok(())
    }

    async fn take_back(&mut self, who: bool) -> Result<(), TestCaseError> {
        let purse = self.model.purses[&who].clone();
        let Some(part) = &purse.part else { return Ok(()) };
        let now = self.stage.olga.get(part).await.expect(200);
        let form = json!({ "revision": now["revision"] });
        let told = self.stage.olga.post(&format!("{part}/amount"), form).await;
        check("take back", &told, true)?;
        let rest = purse.free - purse.pending();
        self.model.free += rest;
        self.model.purses.get_mut(&who).unwrap().free -= rest;
        Ok(())
    }

    async fn ask(
        &mut self,
        hub: &Hub,
        who: bool,
        much: i64,
    ) -> Result<(), TestCaseError> {
        let purse = self.model.purses[&who].clone();
        let (Some(part), None) = (&purse.part, &purse.request) else { return Ok(()) };
        let mut form = Scene::fund_request(part.rsplit('/').next().unwrap(), true);
        let today = hub.house.clock.now().day();
        (form["cost_minor"], form["asked_minor"]) = (json!(much * 2), json!(much));
        (form["starts_on"], form["ends_on"]) =
            (json!(today.to_string()), json!(today.to_string()));
        let told = self.partner(who).post("/api/v1/fund-requests", form).await;
        let may = much <= purse.free && !self.model.closed && self.model.day <= LASTS;
        check("ask", &told, may)?;
        if may {
            let stand = Stand::Submitted { day: self.model.day };
            let request = (path(&told.body), much, stand);
            self.model.purses.get_mut(&who).unwrap().request = Some(request);
        }
        Ok(())
    }

    async fn answer(&mut self, who: bool, much: i64) -> Result<(), TestCaseError> {
        let Some(purse) = self.model.purses.get_mut(&who) else { return Ok(()) };
        let Some((path, asked, Stand::Submitted { day })) = purse.request.clone() else {
            return Ok(());
        };
        let olga = &self.stage.olga;
        super::answer(olga, &path, "review", json!({})).await.expect(200);
        if much < 60 {
            let form = json!({ "words": "Not this year" });
            super::answer(olga, &path, "reject", form).await.expect(200);
            purse.request = None;
            return Ok(());
        }
        let over = json!({ "amount_minor": asked + 1, "words": "More" });
        check("approve more", &super::answer(olga, &path, "approve", over).await, false)?;
        let all = (asked * much / 255).max(1);
        let form = json!({ "amount_minor": all, "words": "In part" });
        check("approve", &super::answer(olga, &path, "approve", form).await, true)?;
        purse.free -= all;
        purse.reserved += all;
        purse.request = Some((path, asked, Stand::Approved { rest: all, all, day }));
        Ok(())
    }

    async fn withdraw(&mut self, who: bool) -> Result<(), TestCaseError> {
        let Some((path, _, stand)) = self.model.purses[&who].request.clone() else {
            return Ok(());
        };
        let now = self.partner(who).get(&path).await.expect(200);
        let form = json!({ "move": "withdraw", "revision": now["revision"] });
        let told = self.partner(who).post(&format!("{path}/moves"), form).await;
        let may = matches!(stand, Stand::Submitted { .. });
        check("withdraw", &told, may)?;
        if may {
            self.model.purses.get_mut(&who).unwrap().request = None;
        }
        Ok(())
    }

    async fn claim(&mut self, who: bool, much: i64) -> Result<(), TestCaseError> {
        let purse = self.model.purses[&who].clone();
        let Some((path, _, Stand::Approved { rest, day, .. })) = purse.request else {
            return Ok(());
        };
        if purse.claim.is_some() {
            return Ok(());
        }
        let claims = format!("{path}/claims");
        let over = json!({ "cost_minor": rest * 2 + 2, "asked_minor": rest + 1 });
        check("claim more", &self.partner(who).post(&claims, over).await, false)?;
        let (asked, last) = ((rest * much / 255).max(1), much % 2 == 0);
        let form = json!({ "cost_minor": asked * 2, "asked_minor": asked, "last": last });
        let told = self.partner(who).post(&claims, form).await;
        let may = self.model.day <= day + TO_CLAIM;
        check("claim", &told, may)?;
        if !may {
            return Ok(());
        }
        let claim = claim_of(&told.body);
        prove(self.partner(who), &claim, "%PDF-1.7").await.expect(201);
        let submit = json!({ "move": "submit", "revision": 1 });
        self.partner(who).post(&format!("{claim}/moves"), submit).await.expect(200);
        self.model.purses.get_mut(&who).unwrap().claim = Some((claim, asked, last, None));
        Ok(())
    }

    async fn judge(&mut self, who: bool, much: i64) -> Result<(), TestCaseError> {
        let purse = self.model.purses.get_mut(&who).unwrap();
        let Some((claim, asked, last, None)) = purse.claim.clone() else { return Ok(()) };
        let Some((path, wish, Stand::Approved { rest, all, day })) =
            purse.request.clone()
        else {
            return Ok(());
        };
        let olga = &self.stage.olga;
        let answers = format!("{claim}/answers");
        let review = json!({ "move": "review", "revision": 2 });
        olga.post(&answers, review).await.expect(200);
        if much < 50 {
            let form = json!({ "move": "reject", "revision": 3, "words": "No proof" });
            olga.post(&answers, form).await.expect(200);
            purse.claim = None;
            return Ok(());
        }
        let minor = (asked * much / 255).max(1);
        let form = json!({ "move": "approve", "revision": 3, "amount_minor": minor, "words": "So much" });
        let told = olga.post(&answers, form).await;
        check("judge", &told, true)?;
        purse.reserved -= minor;
        purse.claimed += minor;
        purse.claim = Some((claim, asked, last, Some(minor)));
        let left = rest - minor;
        if last || left == 0 {
            purse.reserved -= left;
            purse.free += left;
            purse.request = None;
        } else {
            purse.request = Some((path, wish, Stand::Approved { rest: left, all, day }));
        }
        Ok(())
    }

    async fn pay(&mut self, who: bool) -> Result<(), TestCaseError> {
        let purse = self.model.purses.get_mut(&who).unwrap();
        let Some((claim, _, _, approved)) = purse.claim.clone() else { return Ok(()) };
        let form = json!({ "reference": "7", "revision": 4 });
        let told = self.stage.felix.post(&format!("{claim}/payment"), form).await;
        check("pay", &told, approved.is_some())?;
        if let Some(minor) = approved {
            purse.claimed -= minor;
            purse.paid += minor;
            purse.claim = None;
        }
        Ok(())
    }

    async fn wait(&mut self, hub: &Hub, days: i64) -> Result<(), TestCaseError> {
        hub.wait(Duration::from_hours(24) * u32::try_from(days).unwrap());
        self.model.day += days;
        // Sessions end sooner than funds do.
        let stage = &mut self.stage;
        stage.olga = hub.again(&stage.olga, stage.vendor.id).await;
        stage.felix = hub.again(&stage.felix, stage.vendor.id).await;
        stage.bruno = hub.again(&stage.bruno, stage.atelier.id).await;
        stage.carl = hub.again(&stage.carl, stage.kestrel.id).await;
        let gone = campaigns::funds::look(&hub.house).await;
        gone.map_err(|why| TestCaseError::fail(why.to_string()))?;
        let (day, closed) = (self.model.day, self.model.closed);
        for purse in self.model.purses.values_mut() {
            let waits = purse.claim.as_ref().is_some_and(|it| it.3.is_none());
            if let Some((_, _, Stand::Approved { rest, .. })) = purse.request.clone()
                && !waits
                && purse.asked_on().is_some_and(|asked| day > asked + TO_CLAIM)
            {
                purse.reserved -= rest;
                purse.free += rest;
                purse.request = None;
            }
            let rest = purse.free - purse.pending();
            if day > LASTS && !closed {
                self.model.free += rest;
                purse.free -= rest;
            }
        }
        Ok(())
    }

    async fn close(&mut self) -> Result<(), TestCaseError> {
        let now = self.stage.olga.get(&self.stage.fund).await.expect(200);
        let form = json!({ "move": "close", "revision": now["revision"] });
        let told =
            self.stage.olga.post(&format!("{}/moves", self.stage.fund), form).await;
        let model = &mut self.model;
        let under_way = |it: &Purse| it.pending() + it.reserved + it.claimed;
        let may = !model.closed && model.purses.values().map(under_way).sum::<i64>() == 0;
        check("close", &told, may)?;
        if may {
            model.closed = true;
            for purse in model.purses.values_mut() {
                model.free += std::mem::take(&mut purse.free);
            }
            model.expired = std::mem::take(&mut model.free);
        }
        Ok(())
    }
}

async fn history(backing: Backing, acts: &[Act]) -> Result<(), TestCaseError> {
    let hub = Hub::on(backing).await;
    let mut play = Play::new(&hub).await;
    for act in acts {
        let done = play.step(&hub, *act).await;
        let done = match done {
            Ok(()) => play.same().await,
            Err(why) => Err(why),
        };
        done.map_err(|why| TestCaseError::fail(format!("{act:?}: {why}")))?;
    }
    Ok(())
}

fn holds_on(fresh: impl Fn() -> Option<Backing>, cases: u32) {
    let config =
        ProptestConfig { cases, max_shrink_iters: 40, ..ProptestConfig::default() };
    let mut runner = TestRunner::new(config);
    let outcome = runner.run(&proptest::collection::vec(act(), 15..50), |acts| {
        let Some(backing) = fresh() else { return Ok(()) };
        alone(history(backing, &acts))
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

#[test]
fn property_money_of_a_fund_is_conserved_on_sqlite() {
    holds_on(|| Some(Backing::sqlite()), 12);
}

#[test]
fn property_money_of_a_fund_is_conserved_on_postgres() {
    holds_on(|| alone(Backing::postgres()), 5);
}
