//! Products, and what they cost whom.

use serde_json::{Value, json};
use suite::{Company, Person, on_both_databases};

use crate::scene::Scene;

async fn product(who: &Person, sku: &str) -> Value {
    who.post("/api/v1/products", Scene::product(sku)).await.expect(201)
}

/// A list for somebody: prices of one product by quantity.
fn list(buyer: Option<&Company>, product: &Value, prices: &[(&str, &str)]) -> Value {
    let mut form = Scene::price_list("EUR");
    if let Some(buyer) = buyer {
        form["buyer"] = json!(buyer.id);
    }
    let row = |(from, price): &(&str, &str)| json!({ "product": product["id"], "from": from, "unit_price": price });
    form["prices"] = prices.iter().map(row).collect();
    form
}

/// What a partner pays, by quantity, as it reads it.
async fn read(who: &Person, more: &str) -> Vec<(String, String)> {
    let told = who.get(&format!("/api/v1/prices?{more}")).await.expect(200);
    let items = told["items"].as_array().unwrap();
    let prices = items.iter().flat_map(|it| it["prices"].as_array().unwrap());
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    prices.map(|it| (text(&it["from"]), text(&it["unit_price"]))).collect()
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(one, two)| ((*one).to_owned(), (*two).to_owned())).collect()
}

async fn put(who: &Person, path: &str, form: Value) -> suite::Answer {
    who.ask(axum::http::Method::PUT, path, Some(form), &[]).await
}

/// What a partner can read of a seller, its prices first.
async fn everything(who: &Person, of: &str) -> Vec<String> {
    let mut told = Vec::new();
    for path in [
        &format!("prices?{of}"),
        "price-lists",
        "price-tiers",
        "products",
        "partnerships",
        "notifications",
        "audit",
    ] {
        let answer = who.get(&format!("/api/v1/{path}")).await;
        told.push(format!("{path} {} {}", answer.status, answer.body));
    }
    told
}

on_both_databases! {
    async fn a_partner_hears_its_own_price_and_nothing_of_another_list(hub: Hub) {
        let (nordwind, olga) = hub.company("Nordwind").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        let (celero, carla) = hub.company("Celero").await;
        let (_, dora) = hub.company("Dorado").await;
        let partnership = hub.partners(&olga, &bruno).await;
        hub.partners(&olga, &carla).await;
        let gate = product(&olga, "GATE-48").await;
        let all = list(None, &gate, &[("1", "20"), ("10", "19"), ("100", "18")]);
        olga.post("/api/v1/price-lists", all).await.expect(201);
        let own = list(Some(&atelier), &gate, &[("50", "15.55")]);
        olga.post("/api/v1/price-lists", own).await.expect(201);

        let of_nordwind = format!("seller={}", nordwind.id);
        let low = [("1", "20"), ("10", "19")];
        let for_bruno = pairs(&[low[0], low[1], ("50", "15.55")]);
        assert_eq!(read(&bruno, &of_nordwind).await, for_bruno);
        assert_eq!(read(&olga, &format!("buyer={}", atelier.id)).await, for_bruno);
        let for_carla = pairs(&[low[0], low[1], ("100", "18")]);
        assert_eq!(read(&carla, &of_nordwind).await, for_carla);
        assert_eq!(read(&olga, &format!("buyer={}", celero.id)).await, for_carla);
        // Who is no partner, and who does not exist, hear the same nothing.
        assert_eq!(read(&dora, &of_nordwind).await, []);
        assert_eq!(read(&dora, &format!("seller={}", kernel::Id::<kernel::Organisation>::mint())).await, []);
        // The list of another is not found by its words, its id, or by asking for its buyer.
        assert_eq!(read(&carla, &format!("buyer={}", atelier.id)).await, []);
        assert_eq!(carla.get("/api/v1/price-lists").await.expect(200)["items"], json!([]));
        assert_eq!(bruno.get("/api/v1/products").await.expect(200)["items"], json!([]));
        assert_eq!(read(&bruno, &format!("{of_nordwind}&q=gate-4")).await, for_bruno);
        assert_eq!(read(&bruno, &format!("{of_nordwind}&q=50%25")).await, []);
        assert_eq!(read(&bruno, &format!("{of_nordwind}&currency=USD")).await, []);
        assert_eq!(read(&bruno, &format!("{of_nordwind}&on=2025-12-31")).await, []);

        // What is not sold any more has no price; nor has anything, once they are apart.
        let mut still = Scene::product("GATE-48");
        still["active"] = json!(false);
        let path = format!("/api/v1/products/{}", gate["id"].as_str().unwrap());
        let form = json!({ "revision": 1, "product": still });
        olga.ask(axum::http::Method::PUT, &path, Some(form), &[]).await.expect(200);
        assert_eq!(read(&bruno, &of_nordwind).await, []);
        let form = json!({ "revision": 2, "product": Scene::product("GATE-48") });
        olga.ask(axum::http::Method::PUT, &path, Some(form), &[]).await.expect(200);
        assert_eq!(read(&bruno, &of_nordwind).await, for_bruno);
        let moves = format!("/api/v1/partnerships/{}/moves", partnership["id"].as_str().unwrap());
        let now = olga.get("/api/v1/partnerships").await.expect(200);
        let revision = now["items"].as_array().unwrap().iter().find(|it| it["id"] == partnership["id"]).unwrap()["revision"].clone();
        olga.post(&moves, json!({ "move": "end_now", "revision": revision })).await.expect(200);
        assert_eq!(read(&bruno, &of_nordwind).await, []);
    }

    async fn a_tier_has_prices_of_its_own_and_no_partner_learns_of_any(hub: Hub) {
        let (nordwind, olga) = hub.company("Nordwind").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        let (_, carla) = hub.company("Celero").await;
        let partnership = hub.partners(&olga, &bruno).await;
        hub.partners(&olga, &carla).await;
        let gate = product(&olga, "GATE-48").await;
        let all = list(None, &gate, &[("1", "20"), ("10", "19"), ("100", "18")]);
        olga.post("/api/v1/price-lists", all).await.expect(201);
        let of = format!("seller={}", nordwind.id);
        let before = (everything(&bruno, &of).await, everything(&carla, &of).await);

        let tier = format!("/api/v1/partnerships/{}/price-tier", partnership["id"].as_str().unwrap());
        let gold = json!({ "tier": " Gold " });
        let told = put(&olga, &tier, gold.clone()).await.expect(200);
        assert_eq!((&told["tier"], &told["partner"]["id"]), (&json!("Gold"), &json!(atelier.id)));
        let mut of_tier = list(None, &gate, &[("5", "17"), ("50", "16")]);
        of_tier["tier"] = json!("Gold");
        olga.post("/api/v1/price-lists", of_tier.clone()).await.expect(201);
        let clash = olga.post("/api/v1/price-lists", of_tier.clone()).await;
        assert_eq!(clash.status, 409);
        of_tier["tier"] = json!("Silver");
        olga.post("/api/v1/price-lists", of_tier.clone()).await.expect(201);
        of_tier["buyer"] = json!(atelier.id);
        assert_eq!(olga.post("/api/v1/price-lists", of_tier).await.body["field"], "tier");

        // The tier goes before all; what is for the partner alone before the tier.
        let in_tier = pairs(&[("1", "20"), ("5", "17"), ("50", "16")]);
        assert_eq!(read(&bruno, &of).await, in_tier);
        assert_eq!(read(&olga, &format!("buyer={}", atelier.id)).await, in_tier);
        let own = list(Some(&atelier), &gate, &[("50", "15.55")]);
        let own = olga.post("/api/v1/price-lists", own).await.expect(201);
        assert_eq!(read(&bruno, &of).await, pairs(&[("1", "20"), ("5", "17"), ("50", "15.55")]));

        // Who is in no tier sees nothing of it all; who is in one sees its prices, and no more.
        assert_eq!(everything(&carla, &of).await, before.1);
        let mut after = everything(&bruno, &of).await;
        assert_ne!(after.remove(0), before.0[0], "its prices are others");
        assert_eq!(after, before.0[1..]);
        // Neither side of it is a partner's to set: it would be a tier of its own.
        assert_eq!(put(&carla, &tier, gold.clone()).await.status, 404);
        put(&bruno, &tier, json!({ "tier": "Silver" })).await.expect(200);
        assert_eq!(read(&bruno, &of).await, pairs(&[("1", "20"), ("5", "17"), ("50", "15.55")]));
        put(&olga, &tier, json!({ "tier": null })).await.expect(200);
        assert_eq!(olga.get("/api/v1/price-tiers").await.expect(200)["items"], json!([]));
        assert_eq!(read(&bruno, &of).await, pairs(&[("1", "20"), ("10", "19"), ("50", "15.55")]));
        drop(own);

        // Who leaves and comes back is in none.
        put(&olga, &tier, gold).await.expect(200);
        let moves = format!("/api/v1/partnerships/{}/moves", partnership["id"].as_str().unwrap());
        let now = olga.get("/api/v1/partnerships").await.expect(200);
        let revision = now["items"].as_array().unwrap().iter().find(|it| it["id"] == partnership["id"]).unwrap()["revision"].clone();
        olga.post(&moves, json!({ "move": "end_now", "revision": revision })).await.expect(200);
        assert_eq!(read(&bruno, &of).await, []);
        assert_eq!(put(&olga, &tier, json!({ "tier": "Gold" })).await.status, 404);
        hub.partners(&olga, &bruno).await;
        assert_eq!(read(&bruno, &of).await, pairs(&[("1", "20"), ("10", "19"), ("50", "15.55")]));
    }

    async fn lists_that_clash_and_products_of_one_number_are_refused(hub: Hub) {
        let (_, olga) = hub.company("Nordwind").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        let (celero, _) = hub.company("Celero").await;
        hub.partners(&olga, &bruno).await;
        let gate = product(&olga, "GATE-48").await;
        let again = olga.post("/api/v1/products", Scene::product("GATE-48")).await;
        assert_eq!(again.status, 409);
        let theirs = product(&bruno, "GATE-48").await;
        let first = list(None, &gate, &[("1", "20")]);
        let made = olga.post("/api/v1/price-lists", first.clone()).await.expect(201);
        let mut second = first.clone();
        second["name"] = json!("Autumn");
        second["valid_from"] = json!("2026-09-01");
        let clash = olga.post("/api/v1/price-lists", second.clone()).await;
        assert_eq!(clash.status, 409);
        assert!(clash.body["detail"].as_str().unwrap().contains("`Trade`"));
        // Another partner's, another currency, and after the first has ended, it is none.
        let mut ended = first.clone();
        ended["valid_to"] = json!("2026-08-31");
        let path = format!("/api/v1/price-lists/{}", made["id"].as_str().unwrap());
        let stale = json!({ "revision": 7, "list": ended });
        assert_eq!(olga.ask(axum::http::Method::PUT, &path, Some(stale), &[]).await.problem(), "stale-revision");
        let form = json!({ "revision": 1, "list": ended });
        olga.ask(axum::http::Method::PUT, &path, Some(form), &[]).await.expect(200);
        olga.post("/api/v1/price-lists", second).await.expect(201);
        olga.post("/api/v1/price-lists", list(Some(&atelier), &gate, &[])).await.expect(201);
        // Neither a stranger nor another's product can be named in one.
        let nobody = olga.post("/api/v1/price-lists", list(Some(&celero), &gate, &[])).await;
        assert_eq!((nobody.status, &nobody.body["field"]), (422, &json!("buyer")));
        let mut dollars = list(None, &theirs, &[("1", "20")]);
        dollars["currency"] = json!("USD");
        let foreign = olga.post("/api/v1/price-lists", dollars).await;
        assert_eq!(foreign.status, 422);
        assert!(foreign.body.to_string().contains("price 1"), "{}", foreign.body);
    }

    async fn an_order_is_held_against_the_list_of_its_buyer(hub: Hub) {
        let scene = Scene::play(&hub).await;
        let order = format!("/api/v1/orders/{}", scene.id("order"));
        // It asks for three at 18.50; the list for all has 19.75.
        let said = |told: &Value| told["off_list"].clone();
        let expected = |price: &str, per: u32| json!([{ "line": "1", "listed": price, "price_per": per, "ordered": "18.5" }]);
        for who in [&scene.olga, &scene.bruno] {
            let told = who.get(&order).await.expect(200);
            assert_eq!(said(&told), expected("19.75", 1));
        }
        let told = scene.olga.get(&order).await.expect(200);
        let mut form = Scene::price_list("EUR");
        form["buyer"] = told["buyer"]["id"].clone();
        let price = |from: &str, price: &str| json!([{ "product": scene.id("product"), "from": from, "unit_price": price, "price_per": 100 }]);
        form["prices"] = price("2", "1234.5");
        let list = scene.olga.post("/api/v1/price-lists", form.clone()).await.expect(201);
        assert_eq!(said(&scene.bruno.get(&order).await.expect(200)), expected("1234.5", 100));
        // From four on only: the list for all counts again. The price that was ordered: none is off.
        let path = format!("/api/v1/price-lists/{}", list["id"].as_str().unwrap());
        for (revision, prices, off) in [(1, price("4", "1234.5"), expected("19.75", 1)), (2, price("3", "1850"), json!([]))] {
            form["prices"] = prices;
            let form = json!({ "revision": revision, "list": form });
            scene.olga.ask(axum::http::Method::PUT, &path, Some(form), &[]).await.expect(200);
            assert_eq!(said(&scene.bruno.get(&order).await.expect(200)), off);
        }
    }
}
