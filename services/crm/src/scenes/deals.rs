//! Deals: the card under masks, the stages, the sides, the parties.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{
    scenes,
    stage::{Actor, Stage},
};

const ALL: [&str; 6] = ["account", "amount", "close_on", "next_step", "stage", "title"];

fn form() -> Value {
    json!({ "title": "Pumps for Lyon", "account": "Ville de Lyon", "amount_minor": 120_000,
        "currency": "EUR", "close_on": "2027-01-31", "next_step": "call" })
}

/// The invited says yes; tells the party's id.
async fn join(stage: &Stage, by: &Actor) -> String {
    let invited = stage.get(by, "/deal-invitations").await["items"][0].clone();
    let (deal, party) =
        (invited["deal"].as_str().unwrap(), invited["party"].as_str().unwrap());
    let path = format!("/deals/{deal}/parties/{party}/moves");
    let told = stage.post(by, &path, json!({ "move": "accept" })).await;
    assert_eq!(told["state"], json!("active"));
    party.to_owned()
}

fn path_of(deal: &Value) -> String {
    format!("/deals/{}", deal["id"].as_str().unwrap())
}

/// Kinds and fields of the main room's events, as an organisation reads them.
async fn told(stage: &Stage, by: &Actor, deal: &str) -> Vec<String> {
    let deal = stage.get(by, deal).await;
    let room = deal["rooms"][0]["id"].as_str().unwrap().parse().unwrap();
    let mut conn = stage.house.db.read().await.unwrap();
    let range = sharing::Range::After(0);
    let slice = sharing::log::slice(&mut conn, by.organisation, room, range, 100).await;
    let events = slice.unwrap().unwrap().events;
    let word = |event: &sharing::Event| {
        let kind = serde_json::to_value(event.kind).unwrap();
        let detail = event.detail.clone().unwrap_or_default();
        let field = detail["field"]
            .as_str()
            .or(detail["to"].as_str())
            .or(detail["move"].as_str());
        format!("{} {}", kind.as_str().unwrap(), field.unwrap_or_default())
    };
    events.iter().map(word).collect()
}

scenes! {
    async fn a_deal_is_opened_shared_and_moved(stage: Stage) {
        let (acme, borel) = stage.partners().await;
        let rival = stage.company("Rival", "rival.example").await;
        let mut asked = form();
        asked["parties"] = json!([{ "organisation": borel.organisation }]);
        let deal = stage.post(&acme, "/deals", asked).await;
        let path = path_of(&deal);
        assert_eq!((&deal["stage"], &deal["you"]["role"], &deal["state"]), (&json!("identified"), &json!("host"), &json!("open")));
        assert_eq!((&deal["fields"], &deal["next_stages"]), (&json!(ALL), &json!(["qualified", "lost"])));
        let kinds: Vec<_> = deal["rooms"].as_array().unwrap().iter().map(|room| &room["kind"]).collect();
        assert_eq!(kinds, ["main", "internal"]);
        assert_eq!(deal["who_sees"]["amount"].as_array().unwrap().len(), 1, "the invited do not see it yet");
        assert_eq!(stage.ask(&borel.token, ("GET", &path), Value::Null).await.0, StatusCode::NOT_FOUND);
        let invited = stage.get(&borel, "/deal-invitations").await;
        assert_eq!((&invited["items"][0]["title"], &invited["items"][0]["from"]["name"]), (&json!("Pumps for Lyon"), &json!("Acme")));
        assert_eq!(stage.get(&borel, "/notifications").await["items"][0]["kind"], json!("deal_invited"));
        assert_eq!(stage.get(&borel, "/deals").await["items"], json!([]));
        join(&stage, &borel).await;
        let theirs = stage.get(&borel, &path).await;
        assert_eq!((&theirs["you"]["role"], &theirs["you"]["can_edit"], &theirs["you"]["can_invite"]), (&json!("party"), &json!(true), &json!(false)));
        assert_eq!(theirs["who_sees"]["amount"].as_array().unwrap().len(), 2);
        assert_eq!(stage.get(&borel, "/deal-invitations").await["items"], json!([]));

        let step = format!("{path}/stage");
        let told_off = async |form: Value| stage.ask(&borel.token, ("POST", &step), form).await;
        let (status, no) = told_off(json!({ "stage": "won", "reason": "why", "revision": 1 })).await;
        assert_eq!((status, &no["next_stages"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(["qualified", "lost"])));
        let moved = stage.post(&borel, &step, json!({ "stage": "qualified", "revision": 1 })).await;
        assert_eq!((&moved["stage"], &moved["revision"]), (&json!("qualified"), &json!(2)));
        let again = stage.post(&borel, &step, json!({ "stage": "qualified", "revision": 1 })).await;
        assert_eq!(again["revision"], json!(2), "moving twice is moving once");
        let (status, no) = told_off(json!({ "stage": "identified", "revision": 1 })).await;
        assert_eq!((status, &no["revision"]), (StatusCode::CONFLICT, &json!(2)));
        let (status, no) = told_off(json!({ "stage": "identified", "revision": 2 })).await;
        assert_eq!((status, &no["type"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("/problems/reason-required")));
        stage.post(&acme, &step, json!({ "stage": "lost", "reason": "no budget", "revision": 2 })).await;
        assert_eq!(told(&stage, &borel, &path).await, ["party accept", "stage qualified", "stage lost"]);
        let notices = stage.get(&acme, "/notifications").await;
        let kinds: Vec<_> = notices["items"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
        assert!(kinds.contains(&"deal_stage") && kinds.contains(&"deal_joined"), "{kinds:?}");
        for (method, at) in [("GET", path.clone()), ("POST", step.clone()), ("PATCH", path.clone())] {
            let form = json!({ "stage": "lost", "revision": 1 });
            let forbidden = stage.ask_at(&rival.token, (method, &at), form.clone(), Some(1)).await;
            let unknown = stage.ask_at(&rival.token, (method, &at.replace("deal_0", "deal_1")), form, Some(1)).await;
            assert_eq!((forbidden.0, &forbidden.1), (StatusCode::NOT_FOUND, &unknown.1), "{method}");
        }
    }

    async fn two_disjoint_changes_both_survive(stage: Stage) {
        let (acme, borel) = stage.partners().await;
        let mut asked = form();
        asked["parties"] = json!([{ "organisation": borel.organisation }]);
        let path = path_of(&stage.post(&acme, "/deals", asked).await);
        join(&stage, &borel).await;

        let first = stage.patch(&acme, &path, 1, json!({ "amount_minor": 130_000 })).await;
        let (status, no) = stage.ask_at(&borel.token, ("PATCH", &path), json!({ "next_step": null }), Some(1)).await;
        assert_eq!((status, &no["revision"]), (StatusCode::CONFLICT, &first["revision"]));
        let merged = stage.patch(&borel, &path, 2, json!({ "next_step": null })).await;
        assert_eq!((&merged["amount_minor"], &merged["next_step"]), (&json!(130_000), &Value::Null));
        assert_eq!((&merged["close_on"], &merged["revision"]), (&json!("2027-01-31"), &json!(3)));
        let (status, _) = stage.ask(&acme.token, ("PATCH", &path), json!({ "title": "T" })).await;
        assert_eq!(status, StatusCode::PRECONDITION_REQUIRED);
        assert_eq!(told(&stage, &acme, &path).await, ["party accept", "card amount", "card next_step"]);
    }

    async fn a_masked_field_shows_nowhere(stage: Stage) {
        let (acme, borel) = stage.partners().await;
        let deal = stage.post(&acme, "/deals", form()).await;
        let path = path_of(&deal);
        let parties = format!("{path}/parties");
        let invite = json!({ "organisation": borel.organisation, "fields": ["title", "next_step"],
            "verbs": ["read", "edit"], "history": "all" });
        stage.patch(&acme, &path, 1, json!({ "amount_minor": 1 })).await;
        stage.post(&acme, &parties, invite).await;
        stage.patch(&acme, &path, 2, json!({ "amount_minor": 2 })).await;
        let party = join(&stage, &borel).await;
        stage.patch(&acme, &path, 3, json!({ "amount_minor": 120_000, "next_step": "meet" })).await;
        stage.post(&acme, &format!("{path}/stage"), json!({ "stage": "qualified", "revision": 4 })).await;
        assert_eq!(told(&stage, &acme, &path).await, ["card amount", "party accept", "card next_step"]);
        let theirs = told(&stage, &borel, &path).await;
        assert_eq!(theirs, ["card ", "party accept", "card next_step"], "what was told before they came is veiled");

        let seen = stage.get(&borel, &path).await;
        for absent in ["amount_minor", "currency", "stage", "account", "close_on"] {
            assert!(seen.get(absent).is_none(), "{absent}");
        }
        assert_eq!((&seen["next_stages"], &seen["fields"]), (&json!([]), &json!(["next_step", "title"])));
        let host = &seen["party_list"][0];
        assert_eq!((&host["fields"], &host["verbs"]), (&json!(["next_step", "title"]), &json!([])));
        let board = stage.get(&borel, "/deals/board").await;
        assert!(board["lanes"].as_array().unwrap().iter().all(|lane| lane["count"] == json!(0) && lane["sums"] == json!([]) && lane["deals"] == json!([])));
        for at in ["/deals?stage=qualified&total=true", "/deals?q=ville&total=true"] {
            let list = stage.get(&borel, at).await;
            assert_eq!((&list["items"], &list["total"]), (&json!([]), &json!(0)), "{at}");
        }
        assert_eq!(stage.get(&borel, "/deals?q=pumps").await["items"].as_array().unwrap().len(), 1);
        assert_eq!(stage.get(&borel, "/search?q=lyon").await["items"][0]["subtitle"], json!(""));
        let notices = stage.get(&borel, "/notifications").await.to_string();
        assert!(!notices.contains("deal_stage"), "{notices}");
        let (status, no) = stage.ask_at(&borel.token, ("PATCH", &path), json!({ "amount_minor": 1 }), Some(5)).await;
        assert_eq!((status, &no["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("amount")));
        let step = json!({ "stage": "technical_ok", "revision": 5 });
        assert_eq!(stage.ask(&borel.token, ("POST", &format!("{path}/stage")), step).await.0, StatusCode::UNPROCESSABLE_ENTITY);
        let own = stage.get(&acme, "/deals/board").await;
        assert_eq!(own["lanes"][1]["sums"], json!([{ "currency": "EUR", "amount_minor": 120_000 }]));
        assert_eq!(own["lanes"][1]["deals"][0]["parties"].as_array().unwrap().len(), 2);

        // The host shows more, then takes the deal away.
        let at = format!("{parties}/{party}");
        let revision = stage.get(&acme, &path).await["party_list"][1]["revision"].as_i64().unwrap();
        stage.patch(&acme, &at, revision, json!({ "fields": ["title", "amount", "stage"], "verbs": ["read"] })).await;
        let seen = stage.get(&borel, &path).await;
        assert_eq!((&seen["amount_minor"], seen.get("next_step"), &seen["you"]["can_edit"]), (&json!(120_000), None, &json!(false)));
        assert_eq!(stage.get(&borel, "/deals/board").await["lanes"][1]["count"], json!(1));
        let (status, _) = stage.ask_at(&borel.token, ("PATCH", &path), json!({ "title": "x" }), Some(5)).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        stage.post(&acme, &format!("{at}/moves"), json!({ "move": "remove" })).await;
        assert_eq!(stage.ask(&borel.token, ("GET", &path), Value::Null).await.0, StatusCode::NOT_FOUND);
        assert_eq!(stage.get(&borel, "/deals?total=true").await["total"], json!(0));
        assert_eq!(stage.get(&borel, "/search?q=pumps").await["items"], json!([]));
    }

    async fn a_side_is_private_but_for_what_it_publishes(stage: Stage) {
        let (acme, borel) = stage.partners().await;
        let mut asked = form();
        asked["parties"] = json!([{ "organisation": borel.organisation }]);
        let path = path_of(&stage.post(&acme, "/deals", asked).await);
        join(&stage, &borel).await;
        let side = format!("{path}/side");
        let change = json!({ "stage_name": "Angebot", "margin_bp": 2300, "notes": "they will pay more", "published": ["stage_name"] });
        let own = stage.patch(&acme, &side, 1, change).await;
        assert_eq!((&own["margin_bp"], &own["revision"]), (&json!(2300), &json!(2)));

        let seen = stage.get(&borel, &path).await;
        assert_eq!(seen["other_sides"][0]["stage_name"], json!("Angebot"));
        assert!(!seen.to_string().contains("2300") && !seen.to_string().contains("pay more"));
        assert_eq!((&seen["side"]["stage_name"], &seen["own_stage_name"]), (&Value::Null, &Value::Null));
        assert_eq!(stage.get(&acme, "/deals").await["items"][0]["own_stage_name"], json!("Angebot"));
        let (status, _) = stage.ask_at(&acme.token, ("PATCH", &side), json!({ "notes": "" }), Some(1)).await;
        assert_eq!(status, StatusCode::CONFLICT);
        let (status, _) = stage.ask_at(&acme.token, ("PATCH", &side), json!({ "published": ["amount"] }), Some(2)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn only_partners_are_invited_and_the_end_of_the_partnership_ends_the_deal(stage: Stage) {
        let acme = stage.company("Acme", "acme.example").await;
        let borel = stage.company("Borel", "borel.example").await;
        let path = path_of(&stage.post(&acme, "/deals", form()).await);
        let invite = json!({ "organisation": borel.organisation, "fields": ALL, "history": "all" });
        let (status, _) = stage.ask(&acme.token, ("POST", &format!("{path}/parties")), invite.clone()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        let partnership = stage.shake(&acme, &borel, "borel.example").await;
        stage.post(&acme, &format!("{path}/parties"), invite.clone()).await;
        let (status, _) = stage.ask(&acme.token, ("POST", &format!("{path}/parties")), invite).await;
        assert_eq!(status, StatusCode::CONFLICT, "invited twice");
        join(&stage, &borel).await;
        let revision = stage.get(&acme, &format!("/partnerships/{partnership}")).await["revision"].clone();
        stage.post(&acme, &format!("/partnerships/{partnership}/moves"), json!({ "move": "end_now", "revision": revision })).await;
        assert_eq!(stage.ask(&borel.token, ("GET", &path), Value::Null).await.0, StatusCode::NOT_FOUND);
        assert_eq!(stage.get(&borel, "/deals").await["items"], json!([]));
        assert_eq!(stage.get(&acme, &path).await["parties"].as_array().unwrap().len(), 1);
    }

    async fn what_a_deal_needs_is_asked_for(stage: Stage) {
        let acme = stage.company("Acme", "acme.example").await;
        for (field, value) in [("title", json!(" ")), ("amount_minor", json!(-1)), ("stage", json!("won")),
            ("account_id", json!("acc_00000000000000000000000000"))] {
            let mut asked = form();
            asked[field] = value;
            let (status, no) = stage.ask(&acme.token, ("POST", "/deals"), asked).await;
            assert_eq!((status, &no["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)), "{no}");
        }
        assert_eq!(stage.get(&acme, "/deals?total=true").await["total"], json!(0), "nothing was kept");
    }

    async fn of_two_at_once_one_is_told_to_look_again(stage: Stage) {
        let acme = stage.company("Acme", "acme.example").await;
        let path = path_of(&stage.post(&acme, "/deals", form()).await);
        let mut revision = 1;
        for round in 0..4 {
            let change = json!({ "amount_minor": round });
            let one = stage.ask_at(&acme.token, ("PATCH", &path), change, Some(revision));
            let next = json!({ "next_step": format!("round {round}") });
            let other = stage.ask_at(&acme.token, ("PATCH", &path), next.clone(), Some(revision));
            let (one, other) = tokio::join!(one, other);
            let mut answers = [one.0, other.0];
            answers.sort();
            assert_eq!(answers, [StatusCode::OK, StatusCode::CONFLICT]);
            let (late, again) = if one.0 == StatusCode::OK { (other, next) } else { (one, json!({ "amount_minor": round })) };
            let merged = stage.patch(&acme, &path, late.1["revision"].as_i64().unwrap(), again).await;
            assert_eq!((&merged["amount_minor"], &merged["next_step"]), (&json!(round), &json!(format!("round {round}"))));
            revision = merged["revision"].as_i64().unwrap();
        }
        assert_eq!(told(&stage, &acme, &path).await.len(), 8, "one event for each field that changed");
    }

    async fn a_lane_counts_a_deal_whose_amount_is_masked_but_sums_it_not(stage: Stage) {
        let (acme, borel) = stage.partners().await;
        let mut asked = form();
        asked["parties"] = json!([{ "organisation": borel.organisation, "fields": ["title", "stage"] }]);
        let path = path_of(&stage.post(&acme, "/deals", asked).await);
        join(&stage, &borel).await;
        stage.post(&acme, &format!("{path}/stage"), json!({ "stage": "qualified", "revision": 1 })).await;
        let lane = stage.get(&borel, "/deals/board").await["lanes"][1].clone();
        assert_eq!((&lane["count"], &lane["sums"]), (&json!(1), &json!([])));
        let card = &lane["deals"][0];
        assert_eq!((&card["unread"], card.get("amount_minor")), (&json!(0), None), "somebody joined, the stage moved: nobody said anything");
        assert_eq!(stage.get(&borel, "/deals?stage=qualified&total=true").await["total"], json!(1));
        let room = stage.get(&borel, &path).await["rooms"][0].clone();
        assert_eq!((&room["head"], &room["read"], room["audience"].as_array().unwrap().len()), (&json!(2), &json!(0), 2));
    }

    async fn deals_are_listed_in_pages(stage: Stage) {
        let acme = stage.company("Acme", "acme.example").await;
        for number in 1..=5 {
            stage.pass(std::time::Duration::from_secs(1));
            let mut asked = form();
            asked["title"] = json!(format!("Deal {number}"));
            stage.post(&acme, "/deals", asked).await;
        }
        let mut seen = Vec::new();
        let mut path = "/deals?limit=2&total=true".to_owned();
        loop {
            let page = stage.get(&acme, &path).await;
            assert_eq!(page["total"], json!(5));
            seen.extend(page["items"].as_array().unwrap().iter().map(|it| it["title"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/deals?limit=2&total=true&after={next}");
        }
        assert_eq!(seen, ["Deal 5", "Deal 4", "Deal 3", "Deal 2", "Deal 1"]);
    }
}
