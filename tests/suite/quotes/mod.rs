//! Quotes, from the request to the order.

mod edi;

use std::{fmt::Write as _, time::Duration};

use gate::Role;
use serde_json::{Value, json};
use suite::{Answer, Company, Hub, Person, on_both_databases};

use crate::{scene::Scene, sharing::shared_deal};

/// Nordwind sells to Atelier in a deal of both.
pub(crate) struct Stage {
    pub(crate) nordwind: Company,
    pub(crate) olga: Person,
    pub(crate) atelier: Company,
    pub(crate) bruno: Person,
    pub(crate) deal: String,
    pub(crate) room: String,
    pub(crate) moves: String,
}

impl Stage {
    pub(crate) async fn new(hub: &Hub) -> Self {
        let (nordwind, olga) = hub.company("Nordwind").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        let (deal, room, moves) =
            shared_deal(hub, &olga, &bruno, &atelier.id.to_string()).await;
        Self { nordwind, olga, atelier, bruno, deal, room, moves }
    }

    /// Both go by a name in EDI.
    async fn named(&self) {
        for (who, isa) in [(&self.olga, "ZZ:NORDWIND"), (&self.bruno, "ZZ:ATELIER")] {
            let now = who.get("/api/v1/organisation").await.expect(200);
            let form = json!({ "identifiers": [{ "scheme": "isa", "value": isa }] });
            who.patch("/api/v1/organisation", &now["revision"], form).await.expect(200);
        }
    }

    pub(crate) fn form(&self, price: &str) -> Value {
        let mut form = Scene::quote(price);
        form["buyer"] = json!(self.atelier.id);
        form
    }

    pub(crate) async fn drafted(&self, form: Value) -> Value {
        self.olga.post(&format!("{}/quotes", self.deal), form).await.expect(201)
    }

    /// A quote that was sent: 3 pieces at 18.50 less 2.5 %.
    pub(crate) async fn sent(&self) -> Value {
        let quote = self.drafted(self.form("18.50")).await;
        self.send(&quote).await
    }

    pub(crate) async fn send(&self, quote: &Value) -> Value {
        let priced = step(&self.olga, quote, "price").await.expect(200);
        let approved = approve(&self.olga, &priced).await.expect(200);
        step(&self.olga, &approved, "send").await.expect(200)
    }

    /// Everything that the buyer can get hold of.
    async fn all_of_bruno(&self) -> String {
        let mut told = String::new();
        let room = format!("/api/v1/rooms/{}/events", self.room);
        let deals = format!("{}/quotes", self.deal);
        for path in [
            "/api/v1/quotes",
            "/api/v1/quotes?state=draft",
            "/api/v1/quotes?state=withdrawn",
            "/api/v1/rfqs",
            "/api/v1/orders",
            "/api/v1/notifications",
            "/api/v1/audit",
            &deals,
            &self.deal,
            &room,
        ] {
            let answer = self.bruno.get(path).await;
            writeln!(told, "{path} {} {}", answer.status, answer.body).unwrap();
        }
        told
    }
}

pub(crate) fn path(quote: &Value) -> String {
    format!("/api/v1/quotes/{}", quote["id"].as_str().unwrap())
}

pub(crate) async fn step(who: &Person, quote: &Value, step: &str) -> Answer {
    let form = json!({ "move": step, "revision": quote["revision"] });
    who.post(&format!("{}/moves", path(quote)), form).await
}

async fn approve(who: &Person, quote: &Value) -> Answer {
    let form = json!({ "revision": quote["revision"] });
    who.post(&format!("{}/approve", path(quote)), form).await
}

pub(crate) async fn write(who: &Person, quote: &Value, mut form: Value) -> Answer {
    form["revision"] = quote["revision"].clone();
    who.ask(axum::http::Method::PUT, &format!("{}/draft", path(quote)), Some(form), &[])
        .await
}

pub(crate) async fn answer(
    who: &Person,
    quote: &Value,
    answer: &str,
    more: Value,
) -> Answer {
    let mut form = json!({ "answer": answer, "sha256": quote["sha256"], "revision": quote["revision"] });
    form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    who.post(&format!("{}/answer", path(quote)), form).await
}

on_both_databases! {
    async fn a_quote_is_sent_countered_revised_and_accepted_and_becomes_an_order(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let (olga, bruno) = (&stage.olga, &stage.bruno);
        let wanted = json!({ "seller": stage.nordwind.id, "lines": [{ "product": "GATE-48", "quantity": "3", "unit": "EA" }], "note": "For the harbour" });
        let rfq = bruno.post(&format!("{}/rfqs", stage.deal), wanted).await.expect(201);
        let mut form = stage.form("18.50");
        form["rfq"] = rfq["id"].clone();
        let draft = stage.drafted(form).await;
        // 18.50 less 2.5 % is 18.0375; three of them are 54.1125.
        assert_eq!(draft["total_minor"], 5411);
        assert_eq!(draft["revisions"][0]["lines"][0]["net_price"], "18.0375");
        assert_eq!(draft["may"], json!(["write", "price", "withdraw"]));
        let sent = stage.send(&draft).await;

        let asked = bruno.get("/api/v1/rfqs").await.expect(200);
        assert_eq!(asked["items"][0]["state"], "quoted");
        let seen = bruno.get(&path(&sent)).await.expect(200);
        assert_eq!((&seen["state"], &seen["side"], &seen["may"]), (&json!("sent"), &json!("buyer"), &json!(["answer"])));
        let document = bruno.get(&format!("{}/documents/1", path(&sent))).await;
        assert_eq!(store::Sha256::of(&document.bytes).to_string(), seen["sha256"].as_str().unwrap());
        let paper = trade::from_json(&document.bytes).unwrap();
        assert_eq!(paper.sum().total.to_string(), "54.11");

        let wish = json!({ "wishes": [{ "line": 1, "unit_price": "17.50" }], "note": "Two for less?" });
        let countered = answer(bruno, &seen, "counter", wish).await.expect(200);
        assert_eq!(countered["state"], "countered");
        let heard = olga.get(&path(&sent)).await.expect(200);
        assert_eq!(heard["revisions"][0]["wishes"][0]["unit_price"], "17.50");
        let second = step(olga, &heard, "revise").await.expect(200);
        assert_eq!((&second["rev"], &second["state"]), (&json!(2), &json!("draft")));
        let second = write(olga, &second, Scene::quote("17.95")).await.expect(200);
        let second = stage.send(&second).await;

        let seen = bruno.get(&path(&second)).await.expect(200);
        let bought = answer(bruno, &seen, "accept", json!({ "order_number": "PO-7" })).await.expect(200);
        assert_eq!((&bought["state"], &bought["rev"]), (&json!("accepted"), &json!(2)));
        let order = format!("/api/v1/orders/{}", bought["order"].as_str().unwrap());
        for who in [olga, bruno] {
            let order = who.get(&order).await.expect(200);
            assert_eq!((&order["number"], &order["state"]), (&json!("PO-7"), &json!("received")));
            assert_eq!(order["quote"]["number"], second["number"]);
            assert_eq!(order["total_minor"], second["total_minor"]);
            assert_eq!(order["disagreements"], json!([]));
        }
        let events = olga.get(&format!("/api/v1/rooms/{}/events", stage.room)).await.expect(200);
        let cards = events["items"].as_array().unwrap().iter().filter(|it| it["kind"] == "quote");
        let states: Vec<_> = cards.map(|it| it["detail"]["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["sent", "sent", "countered", "sent", "accepted"]);
    }

    async fn nothing_of_a_draft_reaches_its_buyer(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let olga = &stage.olga;
        let mut socket = hub.socket(&stage.bruno).await;
        let before = stage.all_of_bruno().await;
        let draft = stage.drafted(stage.form("18.50")).await;
        let draft = write(olga, &draft, stage.form("17.00")).await.expect(200);
        let priced = step(olga, &draft, "price").await.expect(200);
        let approved = approve(olga, &priced).await.expect(200);
        assert_eq!(stage.all_of_bruno().await, before);
        assert_eq!(stage.bruno.get(&path(&draft)).await.status, 404);
        let knocked = answer(&stage.bruno, &draft, "accept", json!({ "sha256": "0" })).await;
        assert_eq!(knocked.status, 404);
        assert_eq!(socket.during(Duration::from_millis(200)).await, Vec::<Value>::new());

        // It shows once it is sent; then the next draft does not.
        step(olga, &approved, "send").await.expect(200);
        assert_ne!(stage.all_of_bruno().await, before);
        let seen = stage.bruno.get(&path(&draft)).await.expect(200);
        answer(&stage.bruno, &seen, "counter", json!({ "note": "Less" })).await.expect(200);
        let before = stage.all_of_bruno().await;
        let mine = stage.bruno.get(&path(&draft)).await.expect(200);
        socket.during(Duration::from_millis(200)).await;
        let heard = olga.get(&path(&draft)).await.expect(200);
        let second = step(olga, &heard, "revise").await.expect(200);
        let second = write(olga, &second, Scene::quote("3.21")).await.expect(200);
        step(olga, &second, "price").await.expect(200);
        assert_eq!(stage.all_of_bruno().await, before);
        assert_eq!(stage.bruno.get(&path(&draft)).await.expect(200), mine);
        assert_eq!(stage.bruno.get(&format!("{}/documents/2", path(&draft))).await.status, 404);
        assert_eq!(socket.during(Duration::from_millis(200)).await, Vec::<Value>::new());
    }

    async fn only_whose_move_it_is_makes_it(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let sam = hub.person(&stage.nordwind, Role::Seller, "Sam Seller").await;
        let fin = hub.person(&stage.nordwind, Role::Finance, "Fin Ance").await;
        let mut form = stage.form("18.50");
        form["lines"][0]["discount"] = json!("15.01");
        let deep = sam.post(&format!("{}/quotes", stage.deal), form).await.expect(201);
        let deep = step(&sam, &deep, "price").await.expect(200);

        let refused = approve(&sam, &deep).await;
        assert_eq!(refused.status, 403, "more than 15 % is another's to approve");
        assert!(refused.body["detail"].as_str().unwrap().contains("15.01 %"));
        assert_eq!(step(&sam, &deep, "send").await.problem(), "quote-step", "and nobody sends it before");
        assert_eq!(step(&fin, &deep, "withdraw").await.status, 403);
        let approved = approve(&fin, &deep).await.expect(200);
        let sent = step(&sam, &approved, "send").await.expect(200);

        assert_eq!(answer(&stage.olga, &sent, "accept", json!({})).await.status, 403, "its seller does not take it");
        let bea = hub.person(&stage.atelier, Role::Seller, "Bea Seller").await;
        let seen = bea.get(&path(&sent)).await.expect(200);
        assert_eq!(seen["may"], json!([]));
        assert_eq!(answer(&bea, &seen, "accept", json!({})).await.status, 403);
        let ben = hub.person(&stage.atelier, Role::Buyer, "Ben Buyer").await;
        answer(&ben, &seen, "accept", json!({})).await.expect(200);
    }

    async fn an_answer_is_to_the_hash_that_was_sent_last(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let sent = stage.sent().await;
        let seen = stage.bruno.get(&path(&sent)).await.expect(200);

        let other = json!({ "sha256": "0".repeat(64) });
        let refused = answer(&stage.bruno, &seen, "accept", other).await;
        assert_eq!((refused.status, refused.problem()), (409, "quote-hash"));
        assert_eq!(refused.body["sha256"], seen["sha256"]);
        let stale = answer(&stage.bruno, &seen, "accept", json!({ "revision": 7 })).await;
        assert_eq!((stale.status, stale.problem()), (409, "stale-revision"));
        assert_eq!(stage.olga.get("/api/v1/orders").await.expect(200)["items"], json!([]));
        let withdrawn = step(&stage.olga, &sent, "withdraw").await.expect(200);
        assert_eq!(withdrawn["revisions"][0]["became"], "withdrawn");
        let late = answer(&stage.bruno, &seen, "accept", json!({})).await;
        assert_eq!((late.status, late.problem()), (409, "quote-step"));
        assert_eq!(step(&stage.olga, &withdrawn, "withdraw").await.problem(), "quote-step");
    }

    async fn a_quote_that_is_accepted_twice_at_once_becomes_one_order(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let sent = stage.sent().await;
        let seen = stage.bruno.get(&path(&sent)).await.expect(200);
        let form = json!({ "answer": "accept", "sha256": seen["sha256"], "revision": seen["revision"] });
        let to = format!("{}/answer", path(&seen));
        let key = [("idempotency-key", "7c9e6679-7425-40de-944b-e07fc1f90ae7")];
        let post = || stage.bruno.ask(axum::http::Method::POST, &to, Some(form.clone()), &key);

        let (one, other) = tokio::join!(
            answer(&stage.bruno, &seen, "accept", json!({})),
            answer(&stage.bruno, &seen, "accept", json!({})),
        );
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert!(matches!(statuses, [200, 200 | 409]), "{statuses:?}");
        let first = post().await.expect(200);
        assert_eq!(post().await.expect(200), first);
        let mut words = form.clone();
        words["note"] = json!("other words");
        let clash = stage.bruno.ask(axum::http::Method::POST, &to, Some(words), &key).await;
        assert_eq!(clash.status, 409, "the key was used for another body");
        let orders = stage.olga.get("/api/v1/orders").await.expect(200);
        assert_eq!(orders["items"].as_array().unwrap().len(), 1);
    }

    async fn a_quote_expires_once_however_long_the_hub_was_down(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let today = hub.house.clock.now().day();
        let mut form = stage.form("18.50");
        form["valid_until"] = json!(today);
        let sent = stage.send(&stage.drafted(form).await).await;
        let seen = stage.bruno.get(&path(&sent)).await.expect(200);
        assert_eq!(commerce::quotes::expire(&hub.house).await.unwrap(), 0);

        hub.wait(Duration::from_hours(24 * 3));
        let late = answer(&stage.bruno, &seen, "accept", json!({})).await;
        assert_eq!((late.status, late.problem()), (409, "quote-expired"));
        assert_eq!(commerce::quotes::expire(&hub.house).await.unwrap(), 1);
        assert_eq!(commerce::quotes::expire(&hub.house).await.unwrap(), 0);
        for who in [&stage.olga, &stage.bruno] {
            let now = who.get(&path(&sent)).await.expect(200);
            assert_eq!((&now["state"], &now["revisions"][0]["became"]), (&json!("expired"), &json!("expired")));
        }
    }

    async fn who_has_left_keeps_what_was_sent_and_answers_no_more(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let sent = stage.sent().await;
        let seen = stage.bruno.get(&path(&sent)).await.expect(200);
        let paper = stage.bruno.get(&format!("{}/documents/1", path(&sent))).await;
        stage.bruno.post(&stage.moves, json!({ "move": "leave" })).await.expect(200);

        let kept = stage.bruno.get(&path(&sent)).await.expect(200);
        assert_eq!(kept["revisions"], seen["revisions"]);
        assert_eq!(kept["deal"], Value::Null);
        let again = stage.bruno.get(&format!("{}/documents/1", path(&sent))).await;
        assert_eq!(again.bytes, paper.bytes);
        assert_eq!(answer(&stage.bruno, &kept, "accept", json!({})).await.status, 409);
        let mine = stage.olga.get(&path(&sent)).await.expect(200);
        assert_eq!(step(&stage.olga, &mine, "withdraw").await.status, 200);
        let draft = stage.olga.post(&format!("{}/quotes", stage.deal), stage.form("1.00")).await;
        assert_eq!((draft.status, &draft.body["field"]), (422, &json!("buyer")), "nobody to offer to");
    }

    async fn lines_that_cannot_be_are_refused_by_their_number(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let mut bare = stage.form("18.50");
        bare["lines"][0]["unit_price"] = Value::Null;
        let draft = stage.drafted(bare).await;
        let unpriced = step(&stage.olga, &draft, "price").await;
        assert_eq!((unpriced.status, &unpriced.body["field"]), (422, &json!("lines")));
        assert!(unpriced.body["detail"].as_str().unwrap().contains("line 1 has no price"));

        for (field, bad) in [("quantity", "0"), ("unit_price", "1,50"), ("discount", "101"), ("unit", "each")] {
            let mut form = Scene::quote("18.50");
            form["lines"][0][field] = json!(bad);
            let refused = write(&stage.olga, &draft, form).await;
            assert_eq!(refused.status, 422, "{field}");
            assert!(refused.body["detail"].as_str().unwrap().contains("line 1"), "{field}: {}", refused.body);
        }
        assert_eq!(stage.olga.get(&path(&draft)).await.expect(200)["revision"], draft["revision"]);
    }

    async fn an_accepted_quote_commits_its_deal_without_more_words(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let to = |stage: &str, revision: &Value| json!({ "stage": stage, "revision": revision });
        let path = format!("{}/stage", stage.deal);
        let mut deal = stage.olga.get(&stage.deal).await.expect(200);
        for next in ["qualified", "technical_ok", "business_ok"] {
            deal = stage.olga.post(&path, to(next, &deal["revision"])).await.expect(200);
        }
        let bare = stage.olga.post(&path, to("committed", &deal["revision"])).await;
        assert_eq!((bare.status, bare.problem()), (422, "reason-required"));

        let sent = stage.sent().await;
        let seen = stage.bruno.get(&self::path(&sent)).await.expect(200);
        let still = stage.olga.post(&path, to("committed", &deal["revision"])).await;
        assert_eq!(still.status, 422, "what was only sent proves nothing");
        answer(&stage.bruno, &seen, "accept", json!({})).await.expect(200);
        let moved = stage.olga.post(&path, to("committed", &deal["revision"])).await.expect(200);
        assert_eq!(moved["stage"], "committed");
        let won = stage.olga.post(&path, to("won", &moved["revision"])).await;
        assert_eq!(won.problem(), "reason-required", "its order waits for an answer");
    }

    async fn a_request_is_quoted_or_declined_by_its_seller_alone(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let wanted = json!({ "seller": stage.nordwind.id, "lines": [{ "description": "A gate", "quantity": "3", "unit": "EA" }] });
        let rfq = stage.bruno.post(&format!("{}/rfqs", stage.deal), wanted.clone()).await.expect(201);
        let path = format!("/api/v1/rfqs/{}", rfq["id"].as_str().unwrap());
        let no = json!({ "revision": 1, "reason": "Sold out" });

        assert_eq!(stage.bruno.post(&format!("{path}/decline"), no.clone()).await.status, 404);
        let declined = stage.olga.post(&format!("{path}/decline"), no.clone()).await.expect(200);
        assert_eq!(declined["state"], "declined");
        assert_eq!(stage.bruno.get(&path).await.expect(200)["reason"], "Sold out");
        assert_eq!(stage.olga.post(&format!("{path}/decline"), no).await.status, 409);
        let mut form = stage.form("18.50");
        form["rfq"] = rfq["id"].clone();
        let late = stage.olga.post(&format!("{}/quotes", stage.deal), form).await;
        assert_eq!(late.status, 409);
        let mut selfish = wanted;
        selfish["seller"] = json!(stage.atelier.id);
        assert_eq!(stage.bruno.post(&format!("{}/rfqs", stage.deal), selfish).await.status, 422);
    }
}
