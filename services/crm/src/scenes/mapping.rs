//! Account mapping: numbers, levels, wishes for names, and what ends them.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{
    scenes,
    stage::{Actor, Stage},
};
use crate::mapping;

const DAY: Duration = Duration::from_hours(25);

/// Two partners; the path of their mapping.
pub(super) async fn cast(stage: &Stage) -> (Actor, Actor, String) {
    let acme = stage.company("Acme", "acme.example").await;
    let borel = stage.company("Borel", "borel.example").await;
    let id = stage.shake(&acme, &borel, "borel.example").await;
    (acme, borel, format!("/mappings/{id}"))
}

/// Imports accounts `from..to` by their number, with a word of whose books they are in.
async fn books(stage: &Stage, by: &Actor, word: &str, (from, to): (u32, u32)) {
    let mut csv = "name,domain,city,segment\n".to_owned();
    for number in from..to {
        let row = format!("{word} {number},c{number}.example,City {number},map\n");
        csv.push_str(&row);
    }
    let columns = json!({ "name": "name", "domain": "domain", "city": "city", "segment": "segment" });
    let form =
        json!({ "filename": "a.csv", "csv": csv, "mapping": columns, "dry_run": false });
    stage.post(by, "/accounts/imports", form).await;
}

/// A population of the accounts of the segment.
pub(super) async fn population(stage: &Stage, by: &Actor, name: &str) -> String {
    let form = json!({ "name": name, "filter": { "segment": "map" } });
    let told = stage.post(by, "/populations", form).await;
    told["id"].as_str().unwrap().to_owned()
}

pub(super) async fn level(
    stage: &Stage,
    by: &Actor,
    (path, population): (&str, &str),
    level: &str,
    fields: &[&str],
) -> Value {
    let form = json!({ "level": level, "fields": fields });
    let path = format!("{path}/levels/{population}");
    let (status, told) = stage.ask(&by.token, ("PUT", &path), form).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    told
}

async fn look(stage: &Stage) {
    stage.pass(Duration::from_secs(1));
    mapping::look(&stage.house).await.unwrap();
}

async fn status(stage: &Stage, by: &Actor, path: &str) -> StatusCode {
    stage.ask(&by.token, ("GET", path), Value::Null).await.0
}

async fn kinds(stage: &Stage, by: &Actor) -> Vec<String> {
    let told = stage.get(by, "/notifications").await;
    let items = told["items"].as_array().unwrap().iter();
    let word = |it: &Value| it["kind"].as_str().unwrap().to_owned();
    items.map(word).filter(|kind| kind.starts_with("mapping")).collect()
}

scenes! {
    async fn two_books_have_214_in_common_and_names_are_asked_for(stage: Stage) {
        let (acme, borel, path) = cast(&stage).await;
        books(&stage, &acme, "Ours", (0, 1_200)).await;
        books(&stage, &borel, "Theirs", (986, 1_886)).await;
        for (who, name) in [(&acme, "Free A"), (&borel, "Free B")] {
            let form = json!({ "name": name, "domain": "gmail.com", "segment": "map" });
            stage.post(who, "/accounts", form).await;
        }
        let (customers, prospects) = (population(&stage, &acme, "My customers").await, population(&stage, &borel, "Our prospects").await);
        let listed = stage.get(&acme, "/populations").await;
        assert_eq!((&listed["items"][0]["rows"], &listed["items"][0]["keyed"]), (&json!(1_201), &json!(1_200)));
        let offered = level(&stage, &acme, (&path, &customers), "counts", &[]).await;
        assert_eq!((&offered["state"], &offered["cells"]), (&json!("offered"), &json!([])));
        let seen = stage.get(&borel, &path).await;
        assert_eq!((&seen["theirs"][0]["name"], &seen["theirs"][0]["level"]), (&json!("My customers"), &json!("counts")));
        assert!(!seen.to_string().contains("1201") && seen["cells"] == json!([]), "how large it is, is not told");
        let both = level(&stage, &borel, (&path, &prospects), "counts", &[]).await;
        assert_eq!((&both["state"], &both["cells"][0]["common"]["is"]), (&json!("both_on"), &json!("waiting")));
        look(&stage).await;

        for who in [&acme, &borel] {
            let told = stage.get(who, &path).await;
            assert_eq!(told["cells"][0]["common"], json!({ "is": "about", "number": 214 }), "{told}");
            assert_eq!((&told["state"], &told["cells"][0]["fields"]), (&json!("recomputed"), &Value::Null));
        }
        let rows = format!("{path}/overlap/{prospects}/{customers}");
        assert_eq!(status(&stage, &borel, &rows).await, StatusCode::NOT_FOUND, "a number shows no row");
        assert_eq!(status(&stage, &borel, &format!("{rows}/csv")).await, StatusCode::NOT_FOUND);
        let wish = json!({ "yours": prospects, "theirs": customers, "message": "Shall we call them together?" });
        let asked = stage.post(&borel, &format!("{path}/asks"), wish.clone()).await;
        assert_eq!((&asked["asks"][0]["state"], &asked["asks"][0]["moves"]), (&json!("asked"), &json!([])));
        let (twice, _) = stage.ask(&borel.token, ("POST", &format!("{path}/asks")), wish).await;
        assert_eq!(twice, StatusCode::CONFLICT);
        let ask = stage.get(&acme, &path).await["asks"][0].clone();
        assert_eq!((&ask["asked_by"], &ask["moves"]), (&json!("theirs"), &json!(["grant", "refuse"])));
        let moves = format!("{path}/asks/{}/moves", ask["id"].as_str().unwrap());
        let (own, _) = stage.ask(&borel.token, ("POST", &moves), json!({ "move": "grant", "revision": 1, "fields": ["name"] })).await;
        assert_eq!(own, StatusCode::NOT_FOUND, "nobody answers oneself");
        stage.post(&acme, &moves, json!({ "move": "grant", "revision": 1, "fields": ["name", "city", "domain"] })).await;

        let mut seen = 0;
        let mut after = String::new();
        loop {
            let page = stage.get(&borel, &format!("{rows}?limit=100{after}")).await;
            assert_eq!(page["fields"], json!(["city", "domain", "name"]));
            for item in page["items"].as_array().unwrap() {
                let their = &item["theirs"][0];
                assert_eq!(item["theirs"].as_array().unwrap().len(), 1);
                let number = item["yours"]["name"].as_str().unwrap().rsplit(' ').next().unwrap().to_owned();
                assert_eq!(*their, json!({ "name": format!("Ours {number}"), "domain": format!("c{number}.example"), "city": format!("City {number}") }));
                seen += 1;
            }
            let Some(next) = page["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        assert_eq!(seen, 214);
        assert_eq!(status(&stage, &acme, &format!("{path}/overlap/{customers}/{prospects}")).await, StatusCode::NOT_FOUND, "it is shown one way");
        let narrower = json!({ "move": "narrow", "revision": 2, "fields": ["name", "vat"] });
        assert_eq!(stage.ask(&acme.token, ("POST", &moves), narrower).await.0, StatusCode::UNPROCESSABLE_ENTITY);
        stage.post(&acme, &moves, json!({ "move": "narrow", "revision": 2, "fields": ["city"] })).await;
        let page = stage.get(&borel, &format!("{rows}?limit=1")).await;
        assert_eq!((&page["fields"], page["items"][0]["theirs"][0].as_object().unwrap().len()), (&json!(["city"]), 1));
        level(&stage, &acme, (&path, &customers), "hidden", &[]).await;
        assert_eq!(status(&stage, &borel, &rows).await, StatusCode::NOT_FOUND);
        let after = stage.get(&borel, &path).await;
        assert_eq!((&after["theirs"], &after["cells"], &after["asks"]), (&json!([]), &json!([]), &json!([])));
        let back = level(&stage, &acme, (&path, &customers), "counts", &[]).await;
        assert_eq!(back["asks"][0]["state"], json!("revoked"));
        assert_eq!(status(&stage, &borel, &rows).await, StatusCode::NOT_FOUND, "nothing old comes alive by itself");
        assert_eq!(kinds(&stage, &borel).await, ["mapping_offered", "mapping_granted", "mapping_offered"]);
        assert_eq!(kinds(&stage, &acme).await, ["mapping_asked", "mapping_offered"]);
    }

    async fn a_few_are_not_told_and_uploading_again_tells_nothing(stage: Stage) {
        let (acme, borel, path) = cast(&stage).await;
        books(&stage, &acme, "Ours", (0, 40)).await;
        let mine = population(&stage, &acme, "Ours").await;
        let columns = json!({ "name": "n", "vat": "v", "domain": "d", "gln": "g", "duns": "u" });
        let list = |to: u32, extra: &str| {
            let row = |number| format!("T {number},,c{number}.example,,\n");
            let rows = (0..to).map(row).collect::<Vec<_>>().concat();
            json!({ "filename": "t.csv", "csv": format!("n,v,d,g,u\n{rows}{extra}"), "mapping": columns })
        };
        let tried = stage.post(&borel, "/populations/preview", json!({ "list": list(3, "Free,,gmail.com,,\nOdd,!,,,\n") })).await;
        assert_eq!((&tried["rows"], &tried["keyed"], &tried["error_count"]), (&json!(4), &json!(3), &json!(1)));
        let theirs = stage.post(&borel, "/populations", json!({ "name": "T", "list": list(4, "") })).await;
        let id = theirs["id"].as_str().unwrap().to_owned();
        level(&stage, &acme, (&path, &mine), "counts", &[]).await;
        level(&stage, &borel, (&path, &id), "counts", &[]).await;
        look(&stage).await;
        let common = async |who: &Actor| stage.get(who, &path).await["cells"][0]["common"].clone();
        assert_eq!(common(&borel).await, json!({ "is": "few" }));
        let swap = async |to: u32| {
            stage.pass(Duration::from_secs(1));
            let revision = stage.get(&borel, "/populations").await["items"][0]["revision"].clone();
            let form = json!({ "name": "T", "revision": revision, "list": list(to, "") });
            let (status, told) = stage.ask(&borel.token, ("PUT", &format!("/populations/{id}")), form).await;
            assert_eq!(status, StatusCode::OK, "{told}");
        };
        swap(20).await;
        look(&stage).await;
        assert_eq!(common(&borel).await, json!({ "is": "few" }), "an upload compares nothing");
        assert_eq!(stage.get(&borel, &path).await["state"], json!("stale"));
        assert_eq!(stage.get(&acme, &path).await["state"], json!("recomputed"), "that the other side changed is not told");
        stage.pass(DAY);
        look(&stage).await;
        assert_eq!(common(&acme).await, json!({ "is": "about", "number": 20 }));
        for to in [21, 22, 23, 24] {
            swap(to).await;
            stage.pass(DAY);
            look(&stage).await;
            assert_eq!(common(&borel).await, json!({ "is": "about", "number": 20 }), "one row more moves nothing");
        }
        swap(26).await;
        for _ in 0..3 {
            stage.post(&borel, &format!("{path}/compare"), json!({})).await;
        }
        look(&stage).await;
        assert_eq!(common(&borel).await, json!({ "is": "about", "number": 26 }));
        let (status, told) = stage.ask(&borel.token, ("POST", &format!("{path}/compare")), json!({})).await;
        assert_eq!((status, told["next_at"].is_string()), (StatusCode::CONFLICT, true), "{told}");
        assert!(stage.get(&borel, &path).await["next_ask_at"].is_string());
    }

    async fn levels_hold_for_both_and_what_leaves_a_population_is_gone_at_once(stage: Stage) {
        let (acme, borel, path) = cast(&stage).await;
        let rival = stage.company("Rival", "rival.example").await;
        books(&stage, &acme, "Ours", (0, 12)).await;
        books(&stage, &borel, "Theirs", (0, 10)).await;
        let (mine, theirs) = (population(&stage, &acme, "A").await, population(&stage, &borel, "B").await);
        level(&stage, &acme, (&path, &mine), "all", &["city"]).await;
        level(&stage, &borel, (&path, &theirs), "overlapping", &["name"]).await;
        look(&stage).await;
        let (down, up) = (format!("{path}/overlap/{theirs}/{mine}"), format!("{path}/overlap/{mine}/{theirs}"));
        assert_eq!(stage.get(&borel, &down).await["fields"], json!(["city"]), "the lower level holds");
        assert_eq!(stage.get(&acme, &up).await["fields"], json!(["name"]));
        level(&stage, &borel, (&path, &theirs), "all", &["name"]).await;
        let all = stage.get(&borel, &down).await;
        assert_eq!(all["fields"], json!(["city", "country", "domain", "name", "segment", "vat"]));
        assert_eq!(all["items"].as_array().unwrap().len(), 10);
        assert!(!all.to_string().contains("Ours 10") && !all.to_string().contains("Ours 11"), "what does not match never leaves");

        let accounts = stage.get(&acme, "/accounts?q=ours&limit=50").await;
        let of = |name: &str| {
            let found = accounts["items"].as_array().unwrap().iter().find(|it| it["name"] == name);
            format!("/accounts/{}", found.unwrap()["id"].as_str().unwrap())
        };
        stage.patch(&acme, &of("Ours 1"), 1, json!({ "domain": "elsewhere.example" })).await;
        stage.patch(&acme, &of("Ours 2"), 1, json!({ "segment": "other" })).await;
        stage.patch(&acme, &of("Ours 3"), 1, json!({ "city": "Nice" })).await;
        assert_eq!(stage.ask(&acme.token, ("DELETE", &of("Ours 4")), Value::Null).await.0, StatusCode::NO_CONTENT);
        let now = stage.get(&borel, &down).await.to_string();
        for gone in ["Ours 1\"", "elsewhere", "Ours 2\"", "Ours 4\""] {
            assert!(!now.contains(gone), "{gone}: {now}");
        }
        assert!(now.contains("Nice"), "what is shown is read live");
        let file = status(&stage, &borel, &format!("{down}/csv")).await;
        assert_eq!(file, StatusCode::OK);
        for at in [&path, &down, &format!("{down}/csv")] {
            let (forbidden, told) = stage.ask(&rival.token, ("GET", at), Value::Null).await;
            assert_eq!((forbidden, &told["type"]), (StatusCode::NOT_FOUND, &json!("/problems/not-found")), "{at}");
        }

        let partnership = path.replace("/mappings/", "/partnerships/");
        let go = async |step: &str| {
            let revision = stage.get(&acme, &partnership).await["revision"].clone();
            stage.post(&acme, &format!("{partnership}/moves"), json!({ "move": step, "revision": revision })).await;
        };
        go("suspend").await;
        assert_eq!(status(&stage, &borel, &down).await, StatusCode::NOT_FOUND);
        let dark = stage.get(&borel, &path).await;
        assert_eq!((&dark["live"], &dark["theirs"], &dark["cells"]), (&json!(false), &json!([]), &json!([])));
        go("resume").await;
        assert_eq!(status(&stage, &borel, &down).await, StatusCode::OK);
        go("end_now").await;
        for at in [&path, &down] {
            assert_eq!(status(&stage, &borel, at).await, StatusCode::NOT_FOUND);
        }
        assert_eq!(stage.get(&borel, "/mappings").await["items"], json!([]));
    }
}
