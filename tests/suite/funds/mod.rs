//! Market development funds: who may do what, what is refused, who sees what, the clock, the
//! ledger. `model.rs` plays random histories against plain numbers.

mod model;

use std::time::Duration;

use axum::http::Method;
use gate::Role;
use serde_json::{Value, json};
use suite::{Answer, Company, Hub, Person, on_both_databases};

use crate::scene::Scene;

const DAY: Duration = Duration::from_hours(24);

/// A vendor with an open fund of 10,000.00, and two partners of it.
pub(crate) struct Stage {
    pub(crate) olga: Person,
    pub(crate) felix: Person,
    pub(crate) bruno: Person,
    pub(crate) atelier: Company,
    pub(crate) carl: Person,
    pub(crate) kestrel: Company,
    pub(crate) vendor: Company,
    pub(crate) fund: String,
}

impl Stage {
    pub(crate) async fn new(hub: &Hub) -> Self {
        let (vendor, olga) = hub.company("Nordwind").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        let (kestrel, carl) = hub.company("Kestrel").await;
        let felix = hub.person(&vendor, Role::Finance, "Felix Adler").await;
        hub.partners(&olga, &bruno).await;
        hub.partners(&olga, &carl).await;
        let fund = olga.post("/api/v1/funds", Scene::fund()).await.expect(201);
        let fund = format!("/api/v1/funds/{}", fund["id"].as_str().unwrap());
        let open = json!({ "move": "open", "revision": 1 });
        olga.post(&format!("{fund}/moves"), open).await.expect(200);
        Self { olga, felix, bruno, atelier, carl, kestrel, vendor, fund }
    }

    pub(crate) async fn give(&self, to: &Company, minor: i64) -> Answer {
        let form = json!({ "partner": to.id, "amount_minor": minor });
        self.olga.post(&format!("{}/allocations", self.fund), form).await
    }

    /// What the fund holds: free, allocated, reserved, claimed, paid, expired.
    async fn holds(&self) -> [i64; 6] {
        let fund = self.felix.get(&self.fund).await.expect(200);
        ["free", "allocated", "reserved", "claimed", "paid", "expired"]
            .map(|word| fund[format!("{word}_minor")].as_i64().unwrap())
    }

    /// A part of 5,000.00 for Atelier, 4,000.00 of it approved for an evening of 8,000.00.
    async fn approved(&self) -> Value {
        let part = self.give(&self.atelier, 500_000).await.expect(201);
        let asked = self.ask(&part, 800_000, 400_000).await.expect(201);
        let seen =
            answer(&self.olga, &path(&asked), "review", json!({})).await.expect(200);
        assert_eq!(seen["state"], "in_review");
        answer(&self.olga, &path(&asked), "approve", json!({})).await.expect(200)
    }

    async fn ask(&self, part: &Value, cost: i64, asked: i64) -> Answer {
        let mut form = Scene::fund_request(part["id"].as_str().unwrap(), true);
        (form["cost_minor"], form["asked_minor"]) = (json!(cost), json!(asked));
        self.bruno.post("/api/v1/fund-requests", form).await
    }

    /// A claim with its proof, handed in.
    async fn claimed(&self, request: &Value, cost: i64, asked: i64) -> Value {
        let form = json!({ "cost_minor": cost, "asked_minor": asked });
        let told = self.bruno.post(&format!("{}/claims", path(request)), form).await;
        let told = told.expect(201);
        let claim = claim_of(&told);
        prove(&self.bruno, &claim, "%PDF-1.7 bill").await.expect(201);
        let submit = json!({ "move": "submit", "revision": 1 });
        self.bruno.post(&format!("{claim}/moves"), submit).await.expect(200)
    }
}

/// The newest claim's address.
fn claim_of(request: &Value) -> String {
    let claims = request["claims"].as_array().unwrap();
    format!("/api/v1/fund-claims/{}", claims.last().unwrap()["id"].as_str().unwrap())
}

fn path(request: &Value) -> String {
    format!("/api/v1/fund-requests/{}", request["id"].as_str().unwrap())
}

async fn prove(who: &Person, claim: &str, bytes: &'static str) -> Answer {
    let path = format!("{claim}/proofs?kind=invoice&name=Rechnung.pdf");
    who.send(&path, "application/octet-stream", bytes).await
}

/// An answer of the vendor's to what stands there now.
async fn answer(who: &Person, path: &str, step: &str, more: Value) -> Answer {
    let now = who.get(path).await.expect(200);
    let mut form = json!({ "move": step, "revision": now["revision"] });
    form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    who.post(&format!("{path}/answers"), form).await
}

async fn answer_claim(who: &Person, request: &Value, step: &str, more: Value) -> Answer {
    let now = who.get(&path(request)).await.expect(200);
    let claim = now["claims"].as_array().unwrap().last().unwrap().clone();
    let mut form = json!({ "move": step, "revision": claim["revision"] });
    form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    who.post(&format!("{}/answers", claim_of(&now)), form).await
}

async fn kinds(who: &Person) -> Vec<String> {
    let told = who.get("/api/v1/notifications").await.expect(200);
    let items = told["items"].as_array().unwrap().iter();
    let kinds = items.map(|it| it["kind"].as_str().unwrap().to_owned());
    kinds.filter(|it| it.starts_with("fund")).collect()
}

on_both_databases! {
    async fn money_goes_from_the_fund_to_the_partner_and_the_rest_comes_back(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let request = stage.approved().await;
        assert_eq!(stage.holds().await, [500_000, 100_000, 400_000, 0, 0, 0]);
        let told = stage.claimed(&request, 780_000, 390_000).await;
        assert_eq!(told["claims"][0]["state"], "submitted");
        answer_claim(&stage.olga, &request, "review", json!({})).await.expect(200);
        let silent = json!({ "amount_minor": 350_000 });
        let silent = answer_claim(&stage.olga, &request, "approve", silent).await;
        assert_eq!(silent.expect(422)["field"], "words", "less than claimed needs a reason");
        let part = json!({ "amount_minor": 350_000, "words": "The catering is not covered" });
        let told = answer_claim(&stage.olga, &request, "approve", part).await.expect(200);
        assert_eq!((&told["state"], &told["rest_minor"]), (&json!("used"), &json!(0)));
        assert_eq!(stage.holds().await, [500_000, 150_000, 0, 350_000, 0, 0]);
        let pay = json!({ "reference": "2026-114", "revision": told["claims"][0]["revision"] });
        let payment = format!("{}/payment", claim_of(&told));
        stage.bruno.post(&payment, pay.clone()).await.expect(404);
        let paid = stage.felix.post(&payment, pay.clone()).await.expect(200);
        assert_eq!((&paid["claims"][0]["state"], &paid["claims"][0]["payment"]), (&json!("paid"), &json!("2026-114")));
        assert_eq!(stage.felix.post(&payment, pay).await.problem(), "stale-revision");
        assert_eq!(stage.holds().await, [500_000, 150_000, 0, 0, 350_000, 0]);

        let ours = stage.bruno.get("/api/v1/fund-allocations").await.expect(200);
        let ours = &ours["items"][0];
        assert_eq!((&ours["amount_minor"], &ours["rest_minor"], &ours["paid_minor"]), (&json!(500_000), &json!(150_000), &json!(350_000)));
        let theirs = stage.bruno.get(&path(&request)).await.expect(200);
        let steps: Vec<_> = theirs["events"].as_array().unwrap().iter().map(|it| it["move"].as_str().unwrap()).collect();
        assert_eq!(steps, ["submit", "review", "approve", "submit", "review", "approve", "finish", "pay"]);
        assert_eq!(theirs["events"], paid["events"], "both sides read the same, in the same order");
        let mut told = kinds(&stage.bruno).await;
        told.sort();
        assert_eq!(told, ["fund_allocated", "fund_claim_approved", "fund_claim_paid", "fund_request_approved"]);
        assert_eq!(kinds(&stage.felix).await, ["fund_claim_to_pay"]);
        let ledger = stage.felix.get(&format!("{}/ledger", stage.fund)).await.expect(200);
        let causes: Vec<_> = ledger["items"].as_array().unwrap().iter().map(|it| it["cause"].as_str().unwrap()).collect();
        assert_eq!(causes, ["endow", "allocate", "reserve", "approve", "release", "pay"]);
    }

    async fn claims_above_the_rest_and_proofs_of_other_types_are_refused_by_name(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let request = stage.approved().await;
        let claims = format!("{}/claims", path(&request));
        let more = stage.bruno.post(&claims, json!({ "cost_minor": 900_000, "asked_minor": 400_001 })).await;
        assert_eq!((more.problem(), &more.body["rest_minor"]), ("over-rest", &json!(400_000)));
        let share = stage.bruno.post(&claims, json!({ "cost_minor": 700_000, "asked_minor": 350_001 })).await;
        assert_eq!((share.problem(), &share.body["most_minor"]), ("over-share", &json!(350_000)));
        let told = stage.bruno.post(&claims, json!({ "cost_minor": 800_000, "asked_minor": 400_000 })).await.expect(201);
        let twice = stage.bruno.post(&claims, json!({ "cost_minor": 2, "asked_minor": 1 })).await;
        assert_eq!(twice.problem(), "claim-waits");
        let claim = claim_of(&told);
        assert_eq!(stage.olga.get(&path(&request)).await.expect(200)["claims"], json!([]), "a draft is its partner's");
        let submit = json!({ "move": "submit", "revision": 1 });
        let bare = stage.bruno.post(&format!("{claim}/moves"), submit.clone()).await;
        assert_eq!((bare.problem(), &bare.body["missing"]), ("proofs-missing", &json!(["invoice"])));
        for bytes in ["<html><script>", "MZ\u{90}\0", "PK\u{3}\u{4}", ""] {
            assert_eq!(prove(&stage.bruno, &claim, bytes).await.problem(), "forbidden-type", "{bytes:?}");
        }
        assert_eq!(prove(&stage.carl, &claim, "%PDF-1.7").await.status, 404);
        let told = prove(&stage.bruno, &claim, "%PDF-1.7 bill").await.expect(201);
        prove(&stage.bruno, &claim, "%PDF-1.7 bill").await.expect(201);
        let proof = format!("{claim}/proofs/{}", told["claims"][0]["proofs"][0]["id"].as_str().unwrap());
        assert_eq!(stage.olga.get(&proof).await.status, 404, "not handed in yet");
        let sent = stage.bruno.post(&format!("{claim}/moves"), submit).await.expect(200);
        assert_eq!(sent["claims"][0]["proofs"].as_array().unwrap().len(), 1, "the same file is one proof");
        let file = stage.olga.get(&proof).await;
        assert_eq!((file.status, file.bytes.as_slice()), (200, b"%PDF-1.7 bill".as_slice()));
        assert_eq!(stage.carl.get(&proof).await.status, 404);
        assert_eq!(stage.bruno.delete(&proof).await.problem(), "no-such-move");
    }

    async fn a_partner_sees_its_part_and_no_others(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let request = stage.approved().await;
        let theirs = stage.give(&stage.kestrel, 123_456).await.expect(201);
        let twin = stage.give(&stage.kestrel, 1).await;
        assert_eq!(twin.problem(), "conflict");
        let over = stage.give(&stage.vendor, 1).await;
        assert_eq!(over.problem(), "no-partnership");
        for (who, path) in [
            (&stage.bruno, stage.fund.clone()),
            (&stage.bruno, format!("{}/ledger", stage.fund)),
            (&stage.bruno, format!("{}/ledger/csv", stage.fund)),
            (&stage.bruno, format!("/api/v1/fund-allocations/{}", theirs["id"].as_str().unwrap())),
            (&stage.carl, path(&request)),
        ] {
            assert_eq!(who.get(&path).await.status, 404, "{path}");
        }
        let mut told = String::new();
        for path in ["/api/v1/funds", "/api/v1/fund-allocations", "/api/v1/fund-requests", "/api/v1/notifications"] {
            told.push_str(&stage.bruno.get(path).await.expect(200).to_string());
        }
        assert!(told.contains("500000") && !told.contains("123456") && !told.contains("1000000"), "{told}");
        assert!(!told.contains("Kestrel"), "{told}");
        let form = Scene::fund_request(theirs["id"].as_str().unwrap(), true);
        assert_eq!(stage.bruno.post("/api/v1/fund-requests", form).await.status, 404);
        let seller = hub.person(&stage.atelier, Role::Seller, "Sam").await;
        let form = Scene::fund_request(request["allocation"].as_str().unwrap(), true);
        assert_eq!(seller.post("/api/v1/fund-requests", form).await.status, 403);
        assert_eq!(stage.felix.post(&format!("{}/moves", stage.fund), json!({ "move": "close", "revision": 2 })).await.status, 403);
    }

    async fn what_is_asked_for_is_neither_given_twice_nor_taken_back(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let part = stage.give(&stage.atelier, 500_000).await.expect(201);
        let id = part["id"].as_str().unwrap().to_owned();
        let amount = format!("/api/v1/fund-allocations/{id}/amount");
        // Two hands of one partner ask at once for more than half each.
        let (one, two) = tokio::join!(stage.ask(&part, 600_000, 300_000), stage.ask(&part, 600_000, 300_000));
        let mut told = [one.status, two.status];
        told.sort_unstable();
        assert_eq!(told, [201, 422]);
        let now = stage.olga.get(&format!("/api/v1/fund-allocations/{id}")).await.expect(200);
        assert_eq!((&now["rest_minor"], &now["pending_minor"]), (&json!(200_000), &json!(300_000)));
        let low = json!({ "amount_minor": 299_999, "revision": now["revision"] });
        let low = stage.olga.post(&amount, low).await;
        assert_eq!((low.problem(), &low.body["used_minor"]), ("under-used", &json!(300_000)));
        let high = json!({ "amount_minor": 1_000_001, "revision": now["revision"] });
        let high = stage.olga.post(&amount, high).await;
        assert_eq!((high.problem(), &high.body["rest_minor"]), ("over-rest", &json!(1_000_000)));
        let stale = stage.olga.post(&amount, json!({ "amount_minor": 1, "revision": 0 })).await;
        assert_eq!(stale.problem(), "stale-revision");
        let back = stage.olga.post(&amount, json!({ "revision": now["revision"] })).await.expect(200);
        assert_eq!((&back["amount_minor"], &back["rest_minor"]), (&json!(300_000), &json!(0)));
        let close = json!({ "move": "close", "revision": 2 });
        let close = stage.olga.post(&format!("{}/moves", stage.fund), close).await;
        assert_eq!(close.problem(), "money-under-way");
        let key = [("idempotency-key", "01J0000000000000000000FUND")];
        let first = stage.bruno.get("/api/v1/fund-requests").await.expect(200)["items"][0].clone();
        let withdraw = json!({ "move": "withdraw", "revision": first["revision"] });
        let moves = format!("{}/moves", path(&first));
        for _ in 0..2 {
            let told = stage.bruno.ask(Method::POST, &moves, Some(withdraw.clone()), &key).await;
            assert_eq!(told.expect(200)["state"], "withdrawn", "sent twice is done once");
        }
        let close = json!({ "move": "close", "revision": 2 });
        let closed = stage.olga.post(&format!("{}/moves", stage.fund), close).await.expect(200);
        assert_eq!((&closed["state"], &closed["expired_minor"]), (&json!("closed"), &json!(1_000_000)));
    }

    async fn what_is_not_claimed_in_time_goes_back_where_it_came_from(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let today = hub.house.clock.now().day();
        let mut form = Scene::fund();
        form["ends_on"] = json!(today.plus_days(40).to_string());
        let fund = stage.olga.post("/api/v1/funds", form).await.expect(201);
        let fund = format!("/api/v1/funds/{}", fund["id"].as_str().unwrap());
        let stage = Stage { fund, ..stage };
        let open = json!({ "move": "open", "revision": 1 });
        stage.olga.post(&format!("{}/moves", stage.fund), open).await.expect(200);
        let part = stage.give(&stage.atelier, 500_000).await.expect(201);
        let mut form = Scene::fund_request(part["id"].as_str().unwrap(), true);
        (form["starts_on"], form["ends_on"]) = (json!(today.to_string()), json!(today.plus_days(5).to_string()));
        let asked = stage.bruno.post("/api/v1/fund-requests", form).await.expect(201);
        answer(&stage.olga, &path(&asked), "review", json!({})).await.expect(200);
        answer(&stage.olga, &path(&asked), "approve", json!({})).await.expect(200);
        assert_eq!(stage.holds().await, [500_000, 400_000, 100_000, 0, 0, 0]);
        // Five days to its end, thirty to claim it.
        hub.wait(DAY * 35);
        assert_eq!(campaigns::funds::look(&hub.house).await.unwrap(), 0);
        hub.wait(DAY);
        assert_eq!(campaigns::funds::look(&hub.house).await.unwrap(), 1);
        // Sessions end sooner than that.
        let felix = hub.again(&stage.felix, stage.vendor.id).await;
        let stage = Stage { felix, ..stage };
        assert_eq!(stage.holds().await, [500_000, 500_000, 0, 0, 0, 0]);
        let told = hub.again(&stage.bruno, stage.atelier.id).await;
        assert_eq!(told.get(&path(&asked)).await.expect(200)["state"], "expired");
        assert!(kinds(&told).await.contains(&"fund_request_expired".to_owned()));
        let late = json!({ "cost_minor": 2, "asked_minor": 1 });
        assert_eq!(told.post(&format!("{}/claims", path(&asked)), late).await.problem(), "no-such-move");
        hub.wait(DAY * 6);
        assert_eq!(campaigns::funds::look(&hub.house).await.unwrap(), 1);
        assert_eq!(campaigns::funds::look(&hub.house).await.unwrap(), 0, "once");
        let felix = hub.again(&stage.felix, stage.vendor.id).await;
        let stage = Stage { felix, ..stage };
        assert_eq!(stage.holds().await, [1_000_000, 0, 0, 0, 0, 0]);
    }

    async fn a_suspended_partnership_hides_the_part_and_what_is_owed_stays_owed(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let request = stage.approved().await;
        stage.claimed(&request, 200_000, 100_000).await;
        let listed = stage.olga.get("/api/v1/partnerships").await.expect(200);
        let rows = listed["items"].as_array().unwrap();
        let with = rows.iter().find(|it| it.to_string().contains("Atelier")).unwrap();
        let moves = format!("/api/v1/partnerships/{}/moves", with["id"].as_str().unwrap());
        let form = json!({ "move": "suspend", "revision": with["revision"] });
        stage.olga.post(&moves, form).await.expect(200);

        assert_eq!(stage.bruno.get(&path(&request)).await.status, 404);
        let ours = stage.bruno.get("/api/v1/fund-allocations").await.expect(200);
        assert_eq!(ours["items"], json!([]));
        let before = kinds(&stage.bruno).await;
        answer_claim(&stage.olga, &request, "review", json!({})).await.expect(200);
        let told = answer_claim(&stage.olga, &request, "approve", json!({})).await.expect(200);
        let pay = json!({ "reference": "2026-115", "revision": told["claims"][0]["revision"] });
        stage.felix.post(&format!("{}/payment", claim_of(&told)), pay).await.expect(200);
        assert_eq!(stage.holds().await, [500_000, 400_000, 0, 0, 100_000, 0]);
        assert_eq!(kinds(&stage.bruno).await, before, "it hears nothing of it");
    }

    async fn the_ledger_is_a_file_in_which_nothing_is_a_formula(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let part = stage.give(&stage.atelier, 500_000).await.expect(201);
        let mut form = Scene::fund_request(part["id"].as_str().unwrap(), true);
        form["title"] = json!("=HYPERLINK(\"x\")");
        let asked = stage.bruno.post("/api/v1/fund-requests", form).await.expect(201);
        answer(&stage.olga, &path(&asked), "review", json!({})).await.expect(200);
        answer(&stage.olga, &path(&asked), "approve", json!({})).await.expect(200);
        let file = stage.felix.get(&format!("{}/ledger/csv", stage.fund)).await;
        assert_eq!(file.status, 200);
        let text = String::from_utf8(file.bytes).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 7, "{text}");
        assert!(lines[1].contains(",endow,source,,,-10000.00,EUR,"), "{text}");
        assert!(lines[6].contains(",reserve,reserved,Atelier,\"'=HYPERLINK(\"\"x\"\")\",1000.00,EUR,"), "{text}");
    }
}

/// The ledger grows, and nothing else happens to it.
#[test]
fn no_statement_changes_or_removes_a_posting() {
    let all = hub::statements();
    let texts = all.iter().flat_map(|(_, of)| of.iter());
    let mut seen = 0;
    for it in texts.filter(|it| it.sqlite.contains("fund_posting")) {
        seen += 1;
        for text in [it.sqlite, it.postgres] {
            assert!(!text.contains("update fund_posting"), "{}", it.name);
            assert!(!text.contains("delete from fund_posting"), "{}", it.name);
        }
    }
    assert!(seen > 1);
}
