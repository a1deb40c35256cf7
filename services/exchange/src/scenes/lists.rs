//! What a list of interchanges is narrowed to, and the views that are saved of it.

use gate::Role;
use serde_json::{Value, json};

use super::{Order, Stage, interchange};

scenes! {
    a_list_shows_what_fits_its_filter_and_nothing_else
    what_holders_look_for_follows_the_interchange
    a_number_finds_an_order_and_what_answers_it_for_its_own_sides
    a_view_is_ones_own_or_the_organisations
}

/// Orders of two days, one of them twice, a bad one, one for nobody, and what answers them.
async fn traffic(stage: &Stage) {
    use std::sync::atomic::Ordering;
    for control in 1..=4 {
        let number = format!("47{control}");
        let order = Order { number: &number, ..Order::default() };
        stage.send(stage.buyer, order.alone(control)).await;
    }
    stage.send(stage.buyer, Order { number: "471", ..Order::default() }.alone(1)).await;
    stage.clock_us.fetch_add(24 * 60 * 60 * 1_000_000, Ordering::SeqCst);
    stage.send(stage.buyer, Order { quantity: "x", ..Order::default() }.alone(9)).await;
    let of_rival = interchange("RIVAL", "VEGA", 1, "PO", &[Order::default().set()]);
    stage.send(stage.rival, of_rival.clone()).await;
    // By hand, by its receiver: it is not known to be its sender's.
    let again = interchange("RIVAL", "VEGA", 2, "PO", &[Order::default().set()]);
    stage.send(stage.vendor, again).await;
    let folder = stage.drop_folder();
    let (house, work) = (stage.house.clone(), folder.outgoing());
    let delivering = tokio::spawn(async move { crate::delivering(house, folder).await });
    super::stations::eventually(|| async {
        work.read_dir().is_ok_and(|it| it.count() > 1)
    })
    .await;
    super::stations::eventually(|| async {
        let left = "select count(*) from interchange where state = 'built'";
        stage.count(left).await == 0
    })
    .await;
    delivering.abort();
}

/// All of a list, page by page of `limit`; pages that are not full are gone on from.
async fn all(stage: &Stage, filter: &str, limit: usize) -> Vec<Value> {
    let mut items = Vec::new();
    let mut after = String::new();
    for _page in 0..200 {
        let path = format!("/edi/interchanges?limit={limit}{filter}{after}");
        let page = stage.get(stage.vendor, &path).await.expect(200);
        let found = page["items"].as_array().unwrap();
        assert!(found.len() <= limit);
        items.extend(found.clone());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return items,
        }
    }
    panic!("the list {filter} has no end");
}

async fn a_list_shows_what_fits_its_filter_and_nothing_else(stage: Stage) {
    traffic(&stage).await;
    let everything = all(&stage, "", 100).await;
    assert!(everything.len() > 12, "{}", everything.len());
    let partner = |it: &Value| {
        let side = if it["direction"] == "in" { "sender" } else { "receiver" };
        it[side].as_str().unwrap_or_default().to_owned()
    };
    let is = |it: &Value, name: &str, wanted: &str| match name {
        "partner" => partner(it) == wanted,
        "from" => it["at"].as_str().unwrap() >= wanted,
        "until" => it["at"].as_str().unwrap().get(..10).unwrap() <= wanted,
        _ => it[name] == wanted,
    };
    let sides = [
        vec![None, Some(("direction", "in")), Some(("direction", "out"))],
        vec![
            None,
            Some(("state", "quarantined")),
            Some(("state", "applied")),
            Some(("state", "sent")),
            Some(("state", "duplicate")),
        ],
        vec![None, Some(("partner", "ZZ:DORN")), Some(("partner", "ZZ:RIVAL"))],
        vec![None, Some(("kind", "850")), Some(("kind", "997"))],
        vec![None, Some(("way", "api")), Some(("way", "folder"))],
        vec![None, Some(("from", "2026-11-19")), Some(("until", "2026-11-18"))],
    ];
    let mut combinations: Vec<Vec<(&str, &str)>> = vec![Vec::new()];
    for side in &sides {
        let longer = combinations.iter().flat_map(|before| {
            side.iter().map(|one| before.iter().copied().chain(*one).collect())
        });
        combinations = longer.collect();
    }
    let (mut found, mut empty) = (0, 0);
    for (place, combination) in combinations.iter().enumerate() {
        let words = combination.iter().map(|(name, word)| format!("&{name}={word}"));
        let filter: String = words.collect();
        let fits =
            |it: &&Value| combination.iter().all(|(name, word)| is(it, name, word));
        let expected: Vec<_> =
            everything.iter().filter(fits).map(|it| &it["id"]).collect();
        let limit = [1, 2, 3, 100][place % 4];
        let listed = all(&stage, &filter, limit).await;
        let listed: Vec<_> = listed.iter().map(|it| &it["id"]).collect();
        assert_eq!(listed, expected, "{filter} by {limit}");
        if expected.is_empty() { empty += 1 } else { found += 1 }
    }
    assert!(found > 80 && empty > 80, "{found} {empty}");
    let facets = stage.get(stage.vendor, "/edi/facets").await.expect(200);
    assert_eq!(facets["partners"], json!(["ZZ:DORN", "ZZ:RIVAL"]));
    assert_eq!(facets["kinds"], json!(["850", "997"]));
    let theirs = stage.get(stage.rival, "/edi/facets").await.expect(200);
    assert_eq!(theirs["partners"], json!(["ZZ:VEGA"]), "each sees one's own");
    for (query, field) in
        [("from=2026-11-19&until=2026-11-18", "until"), ("days=0", "days")]
    {
        let path = format!("/edi/interchanges?{query}");
        let refused = stage.get(stage.vendor, &path).await.expect(422);
        assert!(refused.to_string().contains(field), "{refused}");
    }
}

async fn what_holders_look_for_follows_the_interchange(stage: Stage) {
    traffic(&stage).await;
    let quarantined = all(&stage, "&state=quarantined", 10).await;
    let away =
        format!("/edi/interchanges/{}/discard", quarantined[0]["id"].as_str().unwrap());
    let form = json!({ "sha256": quarantined[0]["sha256"], "reason": "As agreed" });
    stage.post(stage.vendor, &away, form).await.expect(200);

    let all_held = "select count(*) from interchange_party";
    let strayed = "
        select count(*)
        from interchange_party p
        join interchange i on i.id = p.interchange_id
        where p.kind <> i.kind or p.state <> i.state or p.way <> i.way
           or p.number <> ltrim(coalesce(i.control_number, ''), '0')
           or coalesce(p.partner, '') <> coalesce(case when p.direction = 'in' then i.sender else i.receiver end, '')";
    assert!(stage.count(all_held).await > 20);
    assert_eq!(stage.count(strayed).await, 0);
    let put_away = all(&stage, "&state=discarded", 10).await;
    assert_eq!(put_away.len(), 1);
}

async fn a_number_finds_an_order_and_what_answers_it_for_its_own_sides(stage: Stage) {
    traffic(&stage).await;
    let kinds = |items: &[Value]| -> Vec<String> {
        items.iter().map(|it| it["kind"].as_str().unwrap().to_owned()).collect()
    };
    let order = all(&stage, "&number=473", 10).await;
    assert_eq!(kinds(&order), ["997", "850"], "the order, and what answers it");
    let by_control = all(&stage, "&number=%20000000009%20", 10).await;
    assert_eq!(by_control.len(), 1);
    assert_eq!(by_control[0]["control_number"], "000000009");
    assert_eq!(all(&stage, "&number=9", 10).await, by_control, "zeros do not matter");
    assert_eq!(all(&stage, "&number=473&direction=in", 1).await.len(), 1);
    assert!(all(&stage, "&number=473&partner=ZZ:RIVAL", 1).await.is_empty());
    let theirs = stage.get(stage.rival, "/edi/interchanges?number=473").await;
    assert_eq!(theirs.expect(200)["items"], json!([]), "somebody else's order");
}

async fn a_view_is_ones_own_or_the_organisations(stage: Stage) {
    let seller = super::stage::colleague(&stage, "sam", Role::Seller).await;
    let viewer = super::stage::colleague(&stage, "vera", Role::Viewer).await;
    let view = |name: &str, shared: bool, first: bool| {
        json!({
            "name": name, "shared": shared, "opens_first": first,
            "filter": { "state": "quarantined", "partner": " ZZ:DORN " },
        })
    };
    let names = |told: &Value| -> Vec<(String, bool, bool)> {
        let items = told["items"].as_array().unwrap().iter();
        let is = |it: &Value, what: &str| it[what].as_bool().unwrap();
        let name = |it: &Value| it["name"].as_str().unwrap().to_owned();
        items.map(|it| (name(it), is(it, "shared"), is(it, "opens_first"))).collect()
    };
    stage.post(stage.vendor, "/edi/views", view("To mend", true, true)).await.expect(200);
    stage.post(seller, "/edi/views", view("Mine", false, true)).await.expect(200);
    let told = stage.post(seller, "/edi/views", view("Other", false, true)).await;
    let told = told.expect(200);

    assert_eq!(
        names(&told),
        [
            ("Mine".into(), false, false),
            ("Other".into(), false, true),
            ("To mend".into(), true, true)
        ],
        "one of each opens first"
    );
    assert_eq!(
        told["items"][0]["filter"],
        json!({ "state": "quarantined", "partner": "ZZ:DORN" })
    );
    let others = stage.get(viewer, "/edi/views").await.expect(200);
    assert_eq!(names(&others), [("To mend".into(), true, true)]);
    let strangers = stage.get(stage.rival, "/edi/views").await.expect(200);
    assert_eq!(strangers["items"], json!([]));

    stage.post(seller, "/edi/views", view("For all", true, false)).await.expect(403);
    let id = |of: usize| told["items"][of]["id"].as_str().unwrap().to_owned();
    let remove = |who, id: String| {
        let path = format!("/edi/views/{id}");
        let stage = &stage;
        async move { stage.ask(who, "DELETE", &path, "").await.status }
    };
    assert_eq!(remove(seller, id(2)).await, 403, "the organisation's");
    assert_eq!(remove(viewer, id(0)).await, 404, "somebody else's");
    assert_eq!(remove(stage.rival, id(2)).await, 404, "another organisation's");
    assert_eq!(remove(seller, id(0)).await, 204);
    assert_eq!(remove(seller, id(0)).await, 404);

    let mut renewed = view("To mend", true, false);
    renewed["filter"] = json!({ "overdue": true, "days": 7 });
    let told = stage.post(stage.vendor, "/edi/views", renewed).await.expect(200);
    assert_eq!(told["items"].as_array().unwrap().len(), 1, "saved in its place");
    assert_eq!(told["items"][0]["filter"], json!({ "overdue": true, "days": 7 }));
    assert_eq!(told["items"][0]["opens_first"], false);
    assert_eq!(
        remove(stage.vendor, told["items"][0]["id"].as_str().unwrap().into()).await,
        204
    );
    let empty = json!({ "name": " ", "filter": {} });
    stage.post(seller, "/edi/views", empty).await.expect(422);
    let odd = json!({ "name": "Odd", "filter": { "days": 0 } });
    stage.post(seller, "/edi/views", odd).await.expect(422);
}
