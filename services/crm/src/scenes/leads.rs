//! Leads: how partners get them, what they see, the clock, and who may hold one.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{
    scenes,
    stage::{Actor, Stage},
};
use crate::leads;

const HOUR: Duration = Duration::from_hours(1);

/// A vendor, and two partners that know nothing of each other.
async fn cast(stage: &Stage) -> (Actor, Actor, Actor) {
    let (acme, borel) = stage.partners().await;
    let carat = stage.company("Carat Systems GmbH", "carat.example").await;
    stage.shake(&acme, &carat, "carat.example").await;
    (acme, borel, carat)
}

fn hafen() -> Value {
    json!({ "company": "Hafen Bremen GmbH", "domain": "www.hafen.example", "country": "de", "region": "Nord",
        "city": "Bremen", "contact_name": "Jo Kern", "contact_email": "Jo@hafen.example", "contact_phone": "+49 421 1",
        "consent": "given", "source": "event", "campaign": "Fair 2026", "family": "Gates",
        "note": "Asks for Jo only", "amount_minor": 6_000_000, "currency": "EUR" })
}

async fn qualified(stage: &Stage, acme: &Actor, form: Value) -> String {
    let made = stage.post(acme, "/leads", form).await;
    let path = format!("/leads/{}", made["id"].as_str().unwrap());
    moves(stage, acme, &path, json!({ "move": "qualify" })).await;
    path
}

/// What comes of a move, at the revision that is there unless it says another.
async fn go(stage: &Stage, by: &Actor, path: &str, step: Value) -> (StatusCode, Value) {
    let mut step = step;
    if step["revision"].is_null() {
        step["revision"] = stage.get(by, path).await["revision"].clone();
    }
    stage.ask(&by.token, ("POST", &format!("{path}/moves")), step).await
}

async fn moves(stage: &Stage, by: &Actor, path: &str, step: Value) -> Value {
    let (status, told) = go(stage, by, path, step).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    told
}

/// Offers a lead; tells where the partner finds it.
async fn offered(stage: &Stage, acme: &Actor, path: &str, to: &Actor) -> String {
    let revision = stage.get(acme, path).await["revision"].clone();
    let form = json!({ "organisation": to.organisation, "revision": revision });
    stage.post(acme, &format!("{path}/offers"), form).await;
    let waiting = stage.get(to, "/lead-offers?waiting=true").await;
    format!("/lead-offers/{}", waiting["items"][0]["id"].as_str().unwrap())
}

async fn kinds(stage: &Stage, by: &Actor) -> Vec<String> {
    let told = stage.get(by, "/notifications").await;
    let items = told["items"].as_array().unwrap().iter();
    let word = |it: &Value| it["kind"].as_str().unwrap().to_owned();
    items.map(word).filter(|kind| kind.starts_with("lead")).collect()
}

async fn status(stage: &Stage, by: &Actor, path: &str) -> StatusCode {
    stage.ask(&by.token, ("GET", path), Value::Null).await.0
}

fn slug(told: &Value) -> &str {
    told["type"].as_str().unwrap_or_default().trim_start_matches("/problems/")
}

scenes! {
    async fn a_lead_is_written_down_given_accepted_and_becomes_a_deal(stage: Stage) {
        let (acme, borel, _) = cast(&stage).await;
        let path = qualified(&stage, &acme, hafen()).await;
        let read = stage.get(&acme, &path).await;
        assert_eq!((&read["score"], &read["country"], &read["domain"]), (&json!(100), &json!("DE"), &json!("hafen.example")));
        assert_eq!(status(&stage, &borel, &path).await, StatusCode::NOT_FOUND, "a lead is its organisation's");

        let offer = offered(&stage, &acme, &path, &borel).await;
        let early = stage.get(&borel, &offer).await;
        assert_eq!((&early["country"], &early["region"], &early["family"], &early["size"]), (&json!("DE"), &json!("Nord"), &json!("Gates"), &json!("large")));
        for hidden in ["company", "domain", "city", "contact", "note", "amount", "source", "campaign"] {
            assert!(early.get(hidden).is_none(), "{hidden}: {early}");
        }
        assert!(!early.to_string().to_lowercase().contains("hafen"));
        let notices = stage.get(&borel, "/notifications").await.to_string();
        assert!(notices.contains("lead_offered") && !notices.contains("Hafen"), "{notices}");
        let accepted = moves(&stage, &borel, &offer, json!({ "move": "accept" })).await["offer"].clone();
        assert_eq!((&accepted["company"], &accepted["contact"]["email"]), (&json!("Hafen Bremen GmbH"), &json!("jo@hafen.example")));
        assert_eq!(accepted["moves"], json!(["return"]));
        let again = moves(&stage, &borel, &offer, json!({ "move": "accept", "revision": 1 })).await;
        assert_eq!(again["offer"], accepted, "accepting twice is accepting once");

        let done = moves(&stage, &acme, &path, json!({ "move": "convert" })).await;
        let deal = format!("/deals/{}", done["deal"].as_str().unwrap());
        let card = stage.get(&borel, &deal).await;
        assert_eq!((&card["title"], &card["amount_minor"]), (&json!("Hafen Bremen GmbH – Gates"), &json!(6_000_000)));
        assert_eq!(stage.get(&borel, &offer).await["deal"], done["deal"]);
        let account = stage.get(&acme, &format!("/accounts/{}", done["account"].as_str().unwrap())).await;
        assert_eq!((&account["name"], &account["domain"]), (&json!("Hafen Bremen GmbH"), &json!("hafen.example")));
        let told: Vec<_> = done["events"].as_array().unwrap().iter().map(|it| it["move"].as_str().unwrap()).collect();
        assert_eq!(told, ["qualify", "offer", "accept", "convert"]);
        assert_eq!((&done["source"], &done["holder"]["partner"]["name"]), (&json!("event"), &json!("Borel")), "the origin is kept");
        assert_eq!(kinds(&stage, &acme).await, ["lead_accepted"]);
        assert_eq!(kinds(&stage, &borel).await, ["lead_converted", "lead_offered"]);
    }

    async fn what_is_given_back_is_gone_and_the_next_hears_of_nobody(stage: Stage) {
        let (acme, borel, carat) = cast(&stage).await;
        let path = qualified(&stage, &acme, hafen()).await;
        let first = offered(&stage, &acme, &path, &borel).await;
        moves(&stage, &borel, &first, json!({ "move": "accept" })).await;
        let (code, no) = go(&stage, &borel, &first, json!({ "move": "return" })).await;
        assert_eq!((code, &no["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("reason")));
        let back = json!({ "move": "return", "reason": "no_capacity", "words": "Borel is full." });
        assert_eq!(moves(&stage, &borel, &first, back).await, json!({ "offer": null }));
        assert_eq!(status(&stage, &borel, &first).await, StatusCode::NOT_FOUND);
        assert_eq!(stage.get(&borel, "/lead-offers").await["items"], json!([]));
        let second = offered(&stage, &acme, &path, &carat).await;
        let theirs = stage.get(&carat, &second).await;
        assert_eq!((&theirs["revision"], theirs.to_string().contains("Borel")), (&json!(1), false));
        assert_eq!(status(&stage, &borel, &second).await, StatusCode::NOT_FOUND);
        let no = json!({ "move": "decline", "reason": "other", "words": "Not ours." });
        moves(&stage, &carat, &second, no).await;
        let read = stage.get(&acme, &path).await;
        assert_eq!((&read["state"], &read["holder"]), (&json!("qualified"), &Value::Null));
        assert_eq!(kinds(&stage, &acme).await, ["lead_declined", "lead_returned", "lead_accepted"]);
    }

    async fn the_clock_takes_a_lead_back_once(stage: Stage) {
        let (acme, borel, _) = cast(&stage).await;
        let terms = json!({ "accept_hours": 4, "before": ["company"], "after": ["contact"], "revision": 0 });
        let (code, told) = stage.ask(&acme.token, ("PUT", "/lead-terms"), terms).await;
        assert_eq!((code, &told["after"]), (StatusCode::OK, &json!(["company", "contact"])), "what was seen before is seen after");
        let path = qualified(&stage, &acme, hafen()).await;
        let offer = offered(&stage, &acme, &path, &borel).await;
        assert_eq!(stage.get(&borel, &offer).await["company"], json!("Hafen Bremen GmbH"));
        assert_eq!(leads::look(&stage.house).await.unwrap(), 0);
        stage.pass(HOUR * 4);
        assert_eq!(stage.get(&borel, &offer).await["moves"], json!([]));
        let (code, no) = go(&stage, &borel, &offer, json!({ "move": "accept" })).await;
        assert_eq!((code, slug(&no)), (StatusCode::CONFLICT, "too-late"), "also before the clock has looked");
        let (one, two) = tokio::join!(leads::look(&stage.house), leads::look(&stage.house));
        assert_eq!(one.unwrap() + two.unwrap(), 1);
        assert_eq!(status(&stage, &borel, &offer).await, StatusCode::NOT_FOUND);
        let read = stage.get(&acme, &path).await;
        assert_eq!((&read["state"], &read["events"][2]["side"]), (&json!("qualified"), &json!("clock")));
        assert_eq!((kinds(&stage, &acme).await, kinds(&stage, &borel).await), (vec!["lead_lapsed".to_owned()], vec!["lead_missed".to_owned(), "lead_offered".to_owned()]));
        let anew = offered(&stage, &acme, &path, &borel).await;
        assert_ne!(anew, offer);
        moves(&stage, &borel, &anew, json!({ "move": "accept" })).await;
        stage.pass(HOUR * 100);
        assert_eq!(leads::look(&stage.house).await.unwrap(), 0, "what was accepted is not taken back");
    }

    async fn leads_go_round_among_partners_by_rules(stage: Stage) {
        let (acme, borel, carat) = cast(&stage).await;
        let seat = |to: &Actor, most: Value| json!({ "organisation": to.organisation, "most": most });
        let both = json!({ "name": "German gates", "countries": ["de"], "families": ["gâtes"], "partners": [seat(&borel, json!(1)), seat(&carat, json!(null))] });
        let form = json!({ "is_on": true, "rules": [both], "revision": 0 });
        let waits = qualified(&stage, &acme, hafen()).await;
        assert_eq!(leads::look(&stage.house).await.unwrap(), 0, "no rule, no offer");
        let (code, kept) = stage.ask(&acme.token, ("PUT", "/lead-routing"), form.clone()).await;
        assert_eq!((code, &kept["rules"][0]["countries"], &kept["revision"]), (StatusCode::OK, &json!(["DE"]), &json!(1)), "{kept}");
        assert_eq!(stage.ask(&acme.token, ("PUT", "/lead-routing"), form).await.0, StatusCode::CONFLICT);
        assert_eq!(stage.get(&borel, "/lead-routing").await["rules"], json!([]), "a vendor's own");
        let told = stage.get(&acme, &format!("{waits}/routing")).await;
        assert_eq!((&told["rule"], &told["partner"]["name"]), (&json!("German gates"), &json!("Borel")));

        assert_eq!(leads::look(&stage.house).await.unwrap(), 1);
        let read = stage.get(&acme, &waits).await;
        assert_eq!((&read["holder"]["partner"]["name"], &read["events"][1]["side"]), (&json!("Borel"), &json!("clock")));
        assert_eq!(kinds(&stage, &borel).await, ["lead_offered"]);
        // Borel holds as many as it may, so the next two are Carat's; none fits one from elsewhere.
        let other = |company: &str, country: &str| json!({ "company": company, "country": country, "family": "Gates" });
        let next = qualified(&stage, &acme, other("Two", "DE")).await;
        let third = qualified(&stage, &acme, other("Three", "DE")).await;
        let elsewhere = qualified(&stage, &acme, other("Four", "FR")).await;
        let (one, two) = tokio::join!(leads::look(&stage.house), leads::look(&stage.house));
        assert_eq!(one.unwrap() + two.unwrap(), 2, "each once, however many look");
        assert_eq!(leads::look(&stage.house).await.unwrap(), 0);
        for path in [&next, &third] {
            assert_eq!(stage.get(&acme, path).await["holder"]["partner"]["name"], json!("Carat Systems GmbH"));
        }
        let nobody = stage.get(&acme, &format!("{elsewhere}/routing")).await;
        assert_eq!((&nobody["partner"], &nobody["passed"]), (&Value::Null, &json!([])));

        // What is declined goes on, and never back; what is taken back waits for a person.
        let offer = stage.get(&borel, "/lead-offers").await["items"][0]["id"].clone();
        let offer = format!("/lead-offers/{}", offer.as_str().unwrap());
        moves(&stage, &borel, &offer, json!({ "move": "decline", "reason": "no_need" })).await;
        assert_eq!(leads::look(&stage.house).await.unwrap(), 1);
        let read = stage.get(&acme, &waits).await;
        assert_eq!(read["holder"]["partner"]["name"], json!("Carat Systems GmbH"));
        moves(&stage, &acme, &waits, json!({ "move": "withdraw" })).await;
        assert_eq!(leads::look(&stage.house).await.unwrap(), 0);
        let told = stage.get(&acme, &format!("{waits}/routing")).await;
        let whys: Vec<_> = told["passed"].as_array().unwrap().iter().map(|it| it["why"].as_str().unwrap()).collect();
        assert_eq!((&told["partner"], whys), (&Value::Null, vec!["had_it", "had_it"]));
        for path in [&elsewhere, &format!("{elsewhere}/routing")] {
            assert_eq!(status(&stage, &borel, path).await, StatusCode::NOT_FOUND);
        }
    }

    async fn rules_name_partners_and_nobody_else(stage: Stage) {
        let (acme, borel, _) = cast(&stage).await;
        let stranger = stage.company("Delta", "delta.example").await;
        let nobody = kernel::Id::<kernel::Organisation>::mint().to_string();
        let rule = |to: &str| json!({ "is_on": true, "rules": [{ "name": "All", "partners": [{ "organisation": to, "most": null }] }], "revision": 0 });
        let at = ("PUT", "/lead-routing");
        let strange = stage.ask(&acme.token, at, rule(&stranger.organisation.to_string())).await;
        assert_eq!(strange, stage.ask(&acme.token, at, rule(&nobody)).await);
        assert_ne!(strange.0, StatusCode::OK);
        assert_eq!(stage.ask(&acme.token, at, rule(&borel.organisation.to_string())).await.0, StatusCode::OK);
        let mut odd = rule(&borel.organisation.to_string());
        odd["rules"][0]["countries"] = json!(["Germany"]);
        let (code, told) = stage.ask(&acme.token, at, odd).await;
        assert_eq!((code, &told["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("countries")));

        // A partnership that rests gets nothing.
        let path = qualified(&stage, &acme, json!({ "company": "Hafen" })).await;
        let items = stage.get(&acme, "/partnerships").await["items"].clone();
        let with = items.as_array().unwrap().iter().find(|it| it["partner"]["name"] == "Borel").unwrap();
        let door = format!("/partnerships/{}", with["id"].as_str().unwrap());
        moves(&stage, &acme, &door, json!({ "move": "suspend", "reason": "late" })).await;
        assert_eq!(leads::look(&stage.house).await.unwrap(), 0);
        assert_eq!(stage.get(&acme, &format!("{path}/routing")).await["passed"][0]["why"], json!("no_partner"));
    }

    async fn however_many_move_at_once_one_partner_holds_a_lead(stage: Stage) {
        let (acme, borel, carat) = cast(&stage).await;
        for round in 0..6 {
            let company = json!({ "company": format!("Hafen {round}") });
            let path = qualified(&stage, &acme, company).await;
            let form = |to: &Actor| json!({ "organisation": to.organisation, "revision": 2 });
            let door = format!("{path}/offers");
            let (one, two) = tokio::join!(
                stage.ask(&acme.token, ("POST", &door), form(&borel)),
                stage.ask(&acme.token, ("POST", &door), form(&carat)),
            );
            let made = [&one, &two].into_iter().filter(|it| it.0 == StatusCode::CREATED).count();
            assert_eq!(made, 1, "{one:?} {two:?}");
            let by = if one.0 == StatusCode::CREATED { &borel } else { &carat };
            let offer = stage.get(by, "/lead-offers?waiting=true").await["items"][0]["id"].clone();
            let offer = format!("/lead-offers/{}", offer.as_str().unwrap());
            let step = |word: &str| json!({ "move": word, "revision": 1, "reason": "no_capacity" });
            let withdraw = json!({ "move": "withdraw", "revision": 3 });
            let (yes, no, back) = tokio::join!(
                go(&stage, by, &offer, step("accept")),
                go(&stage, by, &offer, step("decline")),
                go(&stage, &acme, &path, withdraw),
            );
            let good = [&yes, &no, &back].into_iter().filter(|it| it.0 == StatusCode::OK).count();
            assert_eq!(good, 1, "{yes:?} {no:?} {back:?}");
            for (code, told) in [yes, no, back] {
                let refused = [StatusCode::OK, StatusCode::CONFLICT, StatusCode::NOT_FOUND].contains(&code);
                assert!(refused, "{code} {told}");
            }
            assert_eq!(standing(&stage).await, held(&stage, &[&borel, &carat]).await);
            let read = stage.get(&acme, &path).await;
            if read["state"] == json!("accepted") {
                moves(&stage, &acme, &path, json!({ "move": "withdraw" })).await;
            }
            assert_eq!(held(&stage, &[&borel, &carat]).await, 0);
        }
    }

    async fn an_accept_and_the_clock_do_not_both_win(stage: Stage) {
        let (acme, borel, _) = cast(&stage).await;
        for round in 0..4 {
            let path = qualified(&stage, &acme, json!({ "company": format!("Hafen {round}") })).await;
            let offer = offered(&stage, &acme, &path, &borel).await;
            stage.pass(Duration::from_secs(24 * 3_600 - 1));
            let step = json!({ "move": "accept", "revision": 1 });
            let accept = async {
                let answer = go(&stage, &borel, &offer, step).await;
                stage.pass(Duration::from_secs(1));
                answer
            };
            let (yes, lapsed) = tokio::join!(accept, leads::look(&stage.house));
            let lapsed = lapsed.unwrap() + leads::look(&stage.house).await.unwrap();
            let state = stage.get(&acme, &path).await["state"].clone();
            let won = yes.0 == StatusCode::OK;
            assert_eq!((usize::from(won) + lapsed, state), (1, json!(if won { "accepted" } else { "qualified" })));
            if won {
                moves(&stage, &acme, &path, json!({ "move": "withdraw" })).await;
            }
        }
    }

    async fn a_company_is_known_by_its_domain(stage: Stage) {
        let (acme, borel, _) = cast(&stage).await;
        let account = stage.post(&acme, "/accounts", json!({ "name": "Hafen", "domain": "hafen.example" })).await;
        let first = stage.post(&acme, "/leads", hafen()).await;
        assert_eq!(first["known_as"][0]["id"], account["id"]);
        let twin = json!({ "company": "Port", "contact_email": "ann@hafen.example" });
        let (code, no) = stage.ask(&acme.token, ("POST", "/leads"), twin.clone()).await;
        assert_eq!((code, &no["lead"]), (StatusCode::CONFLICT, &first["id"]));
        let mut meant = twin.clone();
        meant["anyway"] = json!(true);
        assert_eq!(stage.post(&acme, "/leads", meant).await["twins"][0]["id"], first["id"]);
        stage.post(&borel, "/leads", twin).await;
        let path = format!("/leads/{}", first["id"].as_str().unwrap());
        moves(&stage, &acme, &path, json!({ "move": "qualify" })).await;
        let offer = offered(&stage, &acme, &path, &borel).await;
        moves(&stage, &borel, &offer, json!({ "move": "accept" })).await;
        let done = moves(&stage, &acme, &path, json!({ "move": "convert" })).await;
        assert_eq!(done["account"], account["id"], "it was in the books already");
    }

    async fn a_suspension_darkens_what_was_offered_and_wrong_moves_are_refused(stage: Stage) {
        let acme = stage.company("Acme", "acme.example").await;
        let borel = stage.company("Borel", "borel.example").await;
        let partnership = stage.shake(&acme, &borel, "borel.example").await;
        let path = qualified(&stage, &acme, json!({ "company": "Hafen" })).await;
        let (code, no) = go(&stage, &acme, &path, json!({ "move": "convert" })).await;
        assert_eq!((code, slug(&no), &no["next_moves"]), (StatusCode::CONFLICT, "no-such-move", &json!(["disqualify", "offer"])));
        let (code, no) = go(&stage, &acme, &path, json!({ "move": "disqualify" })).await;
        assert_eq!((code, &no["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("reason")));
        let stale = json!({ "move": "disqualify", "reason": "junk", "revision": 1 });
        assert_eq!(slug(&go(&stage, &acme, &path, stale).await.1), "stale-revision");
        let early = json!({ "accept_hours": 4, "before": ["contact"], "after": [], "revision": 0 });
        assert_eq!(stage.ask(&acme.token, ("PUT", "/lead-terms"), early).await.0, StatusCode::UNPROCESSABLE_ENTITY);
        let stranger = stage.company("Dora", "dora.example").await;
        let form = json!({ "organisation": stranger.organisation, "revision": 2 });
        let (code, no) = stage.ask(&acme.token, ("POST", &format!("{path}/offers")), form).await;
        assert_eq!((code, slug(&no)), (StatusCode::UNPROCESSABLE_ENTITY, "no-partnership"));

        let offer = offered(&stage, &acme, &path, &borel).await;
        moves(&stage, &borel, &offer, json!({ "move": "accept" })).await;
        let door = format!("/partnerships/{partnership}");
        let suspend = json!({ "reason": "late", "move": "suspend" });
        moves(&stage, &acme, &door, suspend).await;
        assert_eq!(status(&stage, &borel, &offer).await, StatusCode::NOT_FOUND);
        assert_eq!(stage.get(&borel, "/lead-offers").await["items"], json!([]));
        moves(&stage, &acme, &door, json!({ "move": "resume" })).await;
        assert_eq!(stage.get(&borel, &offer).await["company"], json!("Hafen"));
        moves(&stage, &acme, &door, json!({ "move": "end_now", "reason": "over" })).await;
        assert_eq!(status(&stage, &borel, &offer).await, StatusCode::NOT_FOUND);
        let back = moves(&stage, &acme, &path, json!({ "move": "withdraw" })).await;
        assert_eq!(back["state"], json!("qualified"), "the vendor has its lead again");
    }
}

/// How many of these see a lead that they were offered or accepted.
async fn held(stage: &Stage, partners: &[&Actor]) -> usize {
    let mut held = 0;
    for partner in partners {
        let listed = stage.get(partner, "/lead-offers").await;
        held += listed["items"].as_array().unwrap().len();
    }
    held
}

/// How many offers stand.
async fn standing(stage: &Stage) -> usize {
    let mut conn = stage.house.db.read().await.unwrap();
    let rows: Vec<(String,)> = conn.run(STANDING).all().await.unwrap();
    rows.len()
}

const STANDING: store::Statement = store::Statement {
    name: "STANDING",
    sqlite: "select state from lead_offer where state in ('offered', 'accepted', 'converted')",
    postgres: "select state from lead_offer where state in ('offered', 'accepted', 'converted')",
    unscoped: Some("the test looks at all"),
};
