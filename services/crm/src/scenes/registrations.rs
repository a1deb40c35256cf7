//! Registrations: the states, the conflicts, who hears what, the clock.

use std::time::Duration;

use axum::http::StatusCode;
use gate::Role;
use serde_json::{Value, json};

use super::{
    scenes,
    stage::{Actor, Stage},
};
use crate::registrations;

const DAY: Duration = Duration::from_hours(24);

/// A vendor with terms, and two partners that know nothing of each other.
async fn cast(stage: &Stage) -> (Actor, Actor, Actor) {
    let (acme, borel) = stage.partners().await;
    let carat = stage.company("Carat Systems GmbH", "carat.example").await;
    stage.shake(&acme, &carat, "carat.example").await;
    let terms = json!({ "families": ["Pumps", "Valves"], "territories": ["Bremen", "Lyon"],
        "answer_hours": 48, "protect_days": 90, "second_over_minor": 10_000_000,
        "second_currency": "EUR", "revision": 0 });
    let (status, told) =
        stage.ask(&acme.token, ("PUT", "/registration-terms"), terms).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    (acme, borel, carat)
}

fn form(vendor: &Actor, customer: &str, domain: &str) -> Value {
    json!({ "vendor": vendor.organisation, "submit": true, "customer": customer,
        "key_scheme": "domain", "key": domain, "families": ["Pumps"], "territories": ["Bremen"],
        "amount_minor": 4_000_000, "currency": "EUR", "close_month": "2099-02" })
}

fn path_of(told: &Value) -> String {
    format!("/registrations/{}", told["id"].as_str().unwrap())
}

/// What comes of a move: of the vendor's at `answers`, of the partner's at `moves`.
async fn go(
    stage: &Stage,
    by: &Actor,
    (path, door): (&str, &str),
    step: Value,
) -> (StatusCode, Value) {
    let now = stage.get(by, path).await;
    let mut step = step;
    if step["revision"].is_null() {
        step["revision"] = now["revision"].clone();
    }
    stage.ask(&by.token, ("POST", &format!("{path}/{door}")), step).await
}

async fn goes(
    stage: &Stage,
    by: &Actor,
    (path, door): (&str, &str),
    step: Value,
) -> Value {
    let (status, told) = go(stage, by, (path, door), step).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    told
}

async fn kinds(stage: &Stage, by: &Actor) -> Vec<String> {
    let told = stage.get(by, "/notifications").await;
    let items = told["items"].as_array().unwrap().iter();
    let word = |it: &Value| it["kind"].as_str().unwrap().to_owned();
    items.map(word).filter(|kind| kind.starts_with("registration")).collect()
}

/// Submitted, taken into review, and approved.
async fn approved(stage: &Stage, acme: &Actor, path: &str, days: i64) -> Value {
    goes(stage, acme, (path, "answers"), json!({ "move": "review" })).await;
    let step = json!({ "move": "approve", "days": days });
    goes(stage, acme, (path, "answers"), step).await
}

fn slug(told: &Value) -> &str {
    told["type"].as_str().unwrap_or_default().trim_start_matches("/problems/")
}

scenes! {
    async fn a_registration_is_made_answered_and_becomes_a_deal(stage: Stage) {
        let (acme, borel, _) = cast(&stage).await;
        let vendors = stage.get(&borel, "/registration-vendors").await;
        assert_eq!(vendors["items"][0]["families"], json!(["Pumps", "Valves"]));
        assert!(vendors["items"][0].get("second_over_minor").is_none(), "that is the vendor's affair");
        let mut draft = form(&acme, "Hafen Bremen GmbH", "www.hafen.example");
        draft["submit"] = json!(false);
        draft["families"] = json!([]);
        let draft = stage.post(&borel, "/registrations", draft).await;
        let path = path_of(&draft);
        assert_eq!(stage.ask(&acme.token, ("GET", &path), Value::Null).await.0, StatusCode::NOT_FOUND);
        assert_eq!(stage.get(&acme, "/registrations").await["items"], json!([]));
        let (status, no) = go(&stage, &borel, (&path, "moves"), json!({ "move": "submit" })).await;
        assert_eq!((status, &no["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("families")));
        let written = stage.patch(&borel, &path, 2, json!({ "families": ["pumps"], "city": "Bremen" })).await;
        assert_eq!(written["revision"], json!(3));

        let sent = goes(&stage, &borel, (&path, "moves"), json!({ "move": "submit" })).await;
        assert_eq!((&sent["state"], &sent["families"]), (&json!("submitted"), &json!(["Pumps"])));
        assert!(sent.get("conflicts").is_none() && sent.get("conflict_count").is_none());
        let again = json!({ "move": "submit", "revision": 3 });
        let again = goes(&stage, &borel, (&path, "moves"), again).await;
        assert_eq!(again["events"], sent["events"], "moving twice is moving once");
        assert_eq!(kinds(&stage, &acme).await, ["registration_submitted"]);
        let held = approved(&stage, &acme, &path, 120).await;
        assert_eq!(held["state"], json!("approved"));
        let deal = goes(&stage, &acme, (&path, "answers"), json!({ "move": "convert" })).await;
        assert_eq!(deal["state"], json!("converted"));
        let theirs = stage.get(&borel, &path).await;
        assert_eq!((&theirs["deal"], &theirs["deal"].is_string()), (&deal["deal"], &true));
        let card = stage.get(&borel, &format!("/deals/{}", deal["deal"].as_str().unwrap())).await;
        assert_eq!((&card["title"], &card["account"]), (&json!("Hafen Bremen GmbH – Pumps"), &json!("Hafen Bremen GmbH")));
        assert_eq!((&card["amount_minor"], &card["close_on"]), (&json!(4_000_000), &json!("2099-02-28")));
        assert_eq!(card["you"]["role"], json!("party"));
        assert_eq!(theirs["events"], deal["events"], "both sides read the same, in the same order");
        let moves: Vec<_> = theirs["events"].as_array().unwrap().iter().map(|it| it["move"].as_str().unwrap()).collect();
        assert_eq!(moves, ["submit", "review", "approve", "convert"]);
        assert_eq!(kinds(&stage, &borel).await, ["registration_converted", "registration_approved"]);
    }

    async fn a_rival_is_shown_to_the_vendor_and_to_nobody_else(stage: Stage) {
        let (acme, borel, carat) = cast(&stage).await;
        let first = stage.post(&borel, "/registrations", form(&acme, "Hafen Bremen GmbH", "hafen.example")).await;
        let held = path_of(&first);
        approved(&stage, &acme, &held, 120).await;
        stage.post(&acme, "/accounts", json!({ "name": "Häfen Bremen", "domain": "other.example" })).await;
        let spelled = stage.post(&carat, "/registrations", form(&acme, "HAFEN Bremen", "hafen-bremen.example")).await;
        let keyed = stage.post(&carat, "/registrations", form(&acme, "Port of the North", "https://www.HAFEN.example/x")).await;
        for told in [&spelled, &keyed] {
            assert!(told.get("conflicts").is_none() && told.get("conflict_count").is_none(), "{told}");
            let theirs = stage.get(&carat, &path_of(told)).await.to_string();
            assert!(!theirs.contains("Borel") && !theirs.contains("conflict"), "{theirs}");
        }
        let near = stage.get(&acme, &path_of(&spelled)).await;
        let found = near["conflicts"].as_array().unwrap();
        assert_eq!((&found[0]["with"], &found[0]["partner"]["name"]), (&json!("registration"), &json!("Borel")));
        assert_eq!(found[0]["matched"], json!({ "rule": "near_name", "percent": 100, "same_city": false }));
        assert_eq!((&found[0]["families"], &found[0]["stops"]), (&json!(["Pumps"]), &json!(false)));
        assert_eq!((&found.last().unwrap()["with"], found.len()), (&json!("account"), 2), "{found:?}");
        let same = stage.get(&acme, &path_of(&keyed)).await;
        let exact = &same["conflicts"][0];
        assert_eq!((&exact["matched"]["rule"], &exact["stops"]), (&json!("same_key"), &json!(true)));

        let keyed = path_of(&keyed);
        goes(&stage, &acme, (&keyed, "answers"), json!({ "move": "review" })).await;
        let (status, no) = go(&stage, &acme, (&keyed, "answers"), json!({ "move": "approve" })).await;
        assert_eq!((status, slug(&no)), (StatusCode::CONFLICT, "already-protected"));
        let words = json!({ "move": "reject", "reason": "customer_engaged", "words": "Sorry: borel has it." });
        let (status, no) = go(&stage, &acme, (&keyed, "answers"), words.clone()).await;
        assert_eq!((status, slug(&no), &no["name"]), (StatusCode::UNPROCESSABLE_ENTITY, "names-a-partner", &json!("Borel")));
        let plain = json!({ "move": "reject", "reason": "customer_engaged" });
        goes(&stage, &acme, (&keyed, "answers"), plain).await;
        let theirs = stage.get(&carat, &keyed).await;
        assert_eq!(theirs["state"], json!("rejected"));
        assert!(!theirs.to_string().contains("Borel"));
        let notices = stage.get(&carat, "/notifications").await.to_string();
        assert!(notices.contains("registration_rejected") && !notices.contains("Borel"));
    }

    async fn other_families_and_territories_do_not_conflict(stage: Stage) {
        let (acme, borel, carat) = cast(&stage).await;
        let first = stage.post(&borel, "/registrations", form(&acme, "Hafen", "hafen.example")).await;
        approved(&stage, &acme, &path_of(&first), 120).await;
        for (field, word) in [("families", "Valves"), ("territories", "Lyon")] {
            let mut other = form(&acme, "Hafen", "hafen.example");
            other[field] = json!([word]);
            let other = stage.post(&carat, "/registrations", other).await;
            let path = path_of(&other);
            assert_eq!(stage.get(&acme, &path).await["conflicts"], json!([]), "{field}");
            assert_eq!(approved(&stage, &acme, &path, 10).await["state"], json!("approved"));
        }
        let twin = form(&acme, "Another name", "HAFEN.example");
        let (status, no) = stage.ask(&borel.token, ("POST", "/registrations"), twin).await;
        assert_eq!((status, &no["registration"]), (StatusCode::CONFLICT, &first["id"]), "its own it may know of");
    }

    async fn the_earlier_submission_is_answered_first(stage: Stage) {
        let (acme, borel, carat) = cast(&stage).await;
        let early = stage.post(&borel, "/registrations", form(&acme, "Hafen", "hafen.example")).await;
        stage.pass(Duration::from_mins(1));
        let late = stage.post(&carat, "/registrations", form(&acme, "Hafen", "hafen.example")).await;
        let (early, late) = (path_of(&early), path_of(&late));
        goes(&stage, &acme, (&late, "answers"), json!({ "move": "review" })).await;
        let (status, no) = go(&stage, &acme, (&late, "answers"), json!({ "move": "approve" })).await;
        assert_eq!((status, slug(&no)), (StatusCode::CONFLICT, "earlier-first"));
        goes(&stage, &acme, (&early, "answers"), json!({ "move": "review" })).await;
        let no = json!({ "move": "reject", "reason": "not_qualified" });
        goes(&stage, &acme, (&early, "answers"), no).await;
        let yes = goes(&stage, &acme, (&late, "answers"), json!({ "move": "approve" })).await;
        assert_eq!((&yes["state"], &yes["events"][2]["days"]), (&json!("approved"), &json!(90)), "as its terms say");
    }

    async fn of_two_approvals_at_once_one_is_made(stage: Stage) {
        let (acme, borel, carat) = cast(&stage).await;
        for round in 0..4 {
            let domain = format!("hafen{round}.example");
            let mut paths = Vec::new();
            for by in [&borel, &carat] {
                let told = stage.post(by, "/registrations", form(&acme, "Hafen", &domain)).await;
                let path = path_of(&told);
                goes(&stage, &acme, (&path, "answers"), json!({ "move": "review" })).await;
                paths.push(path);
            }
            let step = json!({ "move": "approve", "days": 30 });
            let (one, two) = tokio::join!(
                go(&stage, &acme, (&paths[0], "answers"), step.clone()),
                go(&stage, &acme, (&paths[1], "answers"), step.clone()),
            );
            let made = [&one, &two].into_iter().filter(|(status, _)| *status == StatusCode::OK).count();
            assert!(made <= 1, "{one:?} {two:?}");
            for (status, told) in [one, two] {
                let refused = status == StatusCode::CONFLICT && ["already-protected", "earlier-first"].contains(&slug(&told));
                assert!(status == StatusCode::OK || refused, "{status} {told}");
            }
            let mut conn = stage.house.db.read().await.unwrap();
            let standing: Vec<(String,)> = conn.run(HOLDS).bind(&domain).all().await.unwrap();
            assert_eq!(standing.len(), made);
        }
    }

    async fn two_submissions_at_once_leave_one_that_can_be_approved(stage: Stage) {
        let (acme, borel, carat) = cast(&stage).await;
        let (one, two) = tokio::join!(
            stage.post(&borel, "/registrations", form(&acme, "Hafen", "hafen.example")),
            stage.post(&carat, "/registrations", form(&acme, "Hafen", "hafen.example")),
        );
        let mut made = 0;
        for _ in 0..2 {
            for told in [&one, &two] {
                let path = path_of(told);
                let now = stage.get(&acme, &path).await;
                if now["state"] == json!("submitted") {
                    goes(&stage, &acme, (&path, "answers"), json!({ "move": "review" })).await;
                }
                let (status, _) = go(&stage, &acme, (&path, "answers"), json!({ "move": "approve" })).await;
                made += usize::from(status == StatusCode::OK);
            }
        }
        assert_eq!(made, 1);
    }

    async fn above_the_limit_a_second_person_approves(stage: Stage) {
        let (acme, borel, _) = cast(&stage).await;
        let second = stage.member(acme.organisation, "cm@acme.example", Role::ChannelManager).await;
        let mut large = form(&acme, "Hafen", "hafen.example");
        large["amount_minor"] = json!(10_000_001);
        let path = path_of(&stage.post(&borel, "/registrations", large).await);
        goes(&stage, &acme, (&path, "answers"), json!({ "move": "review" })).await;
        let before = stage.get(&borel, &path).await;
        let first = goes(&stage, &acme, (&path, "answers"), json!({ "move": "approve", "days": 60 })).await;
        assert_eq!((&first["state"], &first["needs_second"]), (&json!("in_review"), &json!(true)));
        assert_eq!(first["first_approval"]["by_you"], json!(true));
        assert_eq!(stage.get(&borel, &path).await, before, "the partner hears nothing of the first");
        let (status, no) = go(&stage, &acme, (&path, "answers"), json!({ "move": "approve", "days": 60 })).await;
        assert_eq!((status, slug(&no)), (StatusCode::CONFLICT, "second-needed"));
        let (status, no) = go(&stage, &second, (&path, "answers"), json!({ "move": "approve", "days": 61 })).await;
        assert_eq!((status, &no["first_days"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(60)));
        let done = goes(&stage, &second, (&path, "answers"), json!({ "move": "approve" })).await;
        assert_eq!((&done["state"], &done["events"][2]["days"]), (&json!("approved"), &json!(60)));
    }

    async fn the_clock_tells_of_late_answers_and_ends_protections_once(stage: Stage) {
        let (acme, borel, carat) = cast(&stage).await;
        let told = stage.post(&borel, "/registrations", form(&acme, "Hafen", "hafen.example")).await;
        let path = path_of(&told);
        let late = "/registrations?side=vendor&show=overdue";
        assert_eq!(registrations::look(&stage.house).await.unwrap(), 0);
        stage.pass(DAY * 2 + Duration::from_secs(1));
        assert_eq!(stage.get(&acme, late).await["items"][0]["overdue"], json!(true));
        assert_eq!(registrations::look(&stage.house).await.unwrap(), 1);
        assert_eq!(registrations::look(&stage.house).await.unwrap(), 0, "it is told once");
        assert!(kinds(&stage, &acme).await.contains(&"registration_overdue".to_owned()));
        approved(&stage, &acme, &path, 120).await;
        assert_eq!(stage.get(&acme, late).await["items"], json!([]));
        stage.pass(DAY * 107);
        assert_eq!(registrations::look(&stage.house).await.unwrap(), 1, "14 days before");
        stage.pass(DAY * 10);
        assert_eq!(registrations::look(&stage.house).await.unwrap(), 1, "3 days before");
        let wish = json!({ "move": "ask_extension", "days": 30, "words": "The tender moved." });
        goes(&stage, &borel, (&path, "moves"), wish).await;
        stage.pass(DAY * 4);
        let rival = stage.post(&carat, "/registrations", form(&acme, "Hafen", "hafen.example")).await;
        let (one, two) = tokio::join!(registrations::look(&stage.house), registrations::look(&stage.house));
        assert_eq!(one.unwrap() + two.unwrap(), 1, "an expiry fires once");
        let ended = stage.get(&borel, &path).await;
        assert_eq!(ended["state"], json!("expired"));
        let last: Vec<_> = ended["events"].as_array().unwrap().iter().rev().take(2).map(|it| (it["side"].clone(), it["move"].clone())).collect();
        assert_eq!(last, [(json!("clock"), json!("expire")), (json!("clock"), json!("refuse_extension"))]);
        for by in [&acme, &borel] {
            let kinds = kinds(&stage, by).await;
            let count = |word: &str| kinds.iter().filter(|kind| *kind == word).count();
            assert_eq!((count("registration_expired"), count("registration_ending")), (1, 2), "{kinds:?}");
        }
        assert_eq!(approved(&stage, &acme, &path_of(&rival), 1).await["state"], json!("approved"), "it is free again");
    }

    async fn a_protection_is_extended_refused_revoked_and_lost(stage: Stage) {
        let (acme, borel, _) = cast(&stage).await;
        let told = stage.post(&borel, "/registrations", form(&acme, "Hafen", "hafen.example")).await;
        let path = path_of(&told);
        let until = approved(&stage, &acme, &path, 100).await["protected_until"].clone();
        let wish = json!({ "move": "ask_extension", "days": 300 });
        goes(&stage, &borel, (&path, "moves"), wish).await;
        let (status, no) = go(&stage, &acme, (&path, "answers"), json!({ "move": "extend" })).await;
        assert_eq!((status, &no["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("days")), "365 days at most");
        let refused = goes(&stage, &acme, (&path, "answers"), json!({ "move": "refuse_extension" })).await;
        assert_eq!((&refused["state"], &refused["protected_until"]), (&json!("approved"), &until));
        goes(&stage, &borel, (&path, "moves"), json!({ "move": "ask_extension", "days": 30 })).await;
        let longer = goes(&stage, &acme, (&path, "answers"), json!({ "move": "extend" })).await;
        assert_ne!(longer["protected_until"], until);
        let (status, _) = go(&stage, &acme, (&path, "answers"), json!({ "move": "revoke" })).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "a revocation says why");
        let (status, no) = go(&stage, &acme, (&path, "answers"), json!({ "move": "lose" })).await;
        assert_eq!((status, slug(&no)), (StatusCode::CONFLICT, "no-such-move"), "that is the partner's move");
        let stale = json!({ "move": "lose", "revision": 1 });
        assert_eq!(slug(&go(&stage, &borel, (&path, "moves"), stale).await.1), "stale-revision");
        goes(&stage, &borel, (&path, "moves"), json!({ "move": "lose" })).await;
        assert_eq!(stage.get(&acme, &path).await["state"], json!("lost"));
        let anew = stage.post(&borel, "/registrations", form(&acme, "Hafen", "hafen.example")).await;
        let anew = path_of(&anew);
        approved(&stage, &acme, &anew, 30).await;
        let why = json!({ "move": "revoke", "reason": "no_activity" });
        assert_eq!(goes(&stage, &acme, (&anew, "answers"), why).await["state"], json!("revoked"));
    }

    async fn what_is_registered_goes_dark_with_the_partnership(stage: Stage) {
        let acme = stage.company("Acme", "acme.example").await;
        let borel = stage.company("Borel", "borel.example").await;
        let partnership = stage.shake(&acme, &borel, "borel.example").await;
        let terms = json!({ "families": ["Pumps"], "territories": ["Bremen"], "answer_hours": 48, "protect_days": 90, "revision": 0 });
        stage.ask(&acme.token, ("PUT", "/registration-terms"), terms).await;
        let told = stage.post(&borel, "/registrations", form(&acme, "Hafen", "hafen.example")).await;
        let path = path_of(&told);
        assert_eq!(stage.get(&borel, &path).await["state"], json!("submitted"));
        let shaken = stage.get(&acme, &format!("/partnerships/{partnership}")).await;
        let end = json!({ "move": "end_now", "revision": shaken["revision"], "reason": "over" });
        stage.post(&acme, &format!("/partnerships/{partnership}/moves"), end).await;
        assert_eq!(stage.ask(&borel.token, ("GET", &path), Value::Null).await.0, StatusCode::NOT_FOUND);
        assert_eq!(stage.get(&borel, "/registrations").await["items"], json!([]));
        assert_eq!(stage.get(&borel, "/registration-vendors").await["items"], json!([]));
        assert_eq!(stage.get(&acme, &path).await["moves"], json!([]));
        let (status, no) = go(&stage, &acme, (&path, "answers"), json!({ "move": "review" })).await;
        assert_eq!((status, slug(&no)), (StatusCode::UNPROCESSABLE_ENTITY, "no-partnership"));
        let anew = form(&acme, "Hafen", "hafen.example");
        assert_eq!(slug(&stage.ask(&borel.token, ("POST", "/registrations"), anew).await.1), "no-partnership");
    }
}

const HOLDS: store::Statement = store::Statement {
    name: "HOLDS",
    sqlite: "select family from registration_hold where key_value = $1",
    postgres: "select family from registration_hold where key_value = $1",
    unscoped: Some("the test looks at all"),
};
