//! Accounts: own ones, and those shared field by field.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::scenes;

fn names(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap();
    items.iter().map(|item| item["name"].as_str().unwrap_or("-")).collect()
}

scenes! {
    async fn accounts_are_listed_in_pages_and_found_by_words(stage: Stage) {
        let acme = stage.company("Acme", "acme.example").await;
        for name in ["Zeta Pumps", "École Centrale", "Société Générale", "alpha pumps", "Beta"] {
            stage.pass(std::time::Duration::from_secs(1));
            stage.post(&acme, "/accounts", json!({ "name": name })).await;
        }
        let first = stage.get(&acme, "/accounts?limit=2&total=true").await;
        assert_eq!((names(&first), &first["total"]), (vec!["alpha pumps", "Beta"], &json!(5)));
        let after = first["next"].as_str().unwrap();
        let second = stage.get(&acme, &format!("/accounts?limit=2&after={after}")).await;
        assert_eq!(names(&second), ["École Centrale", "Société Générale"]);
        let latest = stage.get(&acme, "/accounts?sort=-updated_at&limit=2").await;
        assert_eq!(names(&latest), ["Beta", "alpha pumps"]);
        let after = latest["next"].as_str().unwrap();
        let more = stage.get(&acme, &format!("/accounts?sort=-updated_at&limit=9&after={after}")).await;
        assert_eq!(names(&more), ["Société Générale", "École Centrale", "Zeta Pumps"]);
        let found = stage.get(&acme, "/accounts?q=pum&total=true").await;
        assert_eq!((names(&found), &found["total"]), (vec!["alpha pumps", "Zeta Pumps"], &json!(2)));
        assert_eq!(names(&stage.get(&acme, "/accounts?q=GEN%20soc&sort=-updated_at").await), ["Société Générale"]);
        assert_eq!(names(&stage.get(&acme, "/accounts?q=ecole").await), ["École Centrale"]);
        assert!(names(&stage.get(&acme, "/accounts?q=umps").await).is_empty());
        let told = stage.get(&acme, "/search?q=pumps").await;
        assert_eq!(told["items"].as_array().unwrap().len(), 2);
        // `WyJcdTAwMDAi…` is a cursor with a character that no database takes.
        for after in ["x", "WyJcdTAwMDAiLCJhY2NfMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAiXQ"] {
            let path = format!("/accounts?after={after}");
            let (status, _) = stage.ask(&acme.token, ("GET", &path), Value::Null).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{after}");
        }
        for q in ["%00".to_owned(), "%25".to_owned(), "_".to_owned(), "x".repeat(60_000)] {
            for path in ["/accounts", "/deals", "/search"] {
                stage.get(&acme, &format!("{path}?q={q}")).await;
            }
        }
    }

    async fn an_account_is_changed_at_its_revision_and_deleted(stage: Stage) {
        let acme = stage.company("Acme", "acme.example").await;
        let form = json!({ "name": "Lumo", "domain": "https://www.lumo.example/", "country": "fr", "discount_bp": 1250 });
        let lumo = stage.post(&acme, "/accounts", form).await;
        assert_eq!((&lumo["domain"], &lumo["country"], &lumo["vat"]), (&json!("lumo.example"), &json!("FR"), &Value::Null));
        assert_eq!(lumo["owner"]["name"], json!("owner@acme.example"));
        let path = format!("/accounts/{}", lumo["id"].as_str().unwrap());
        let changed = stage.patch(&acme, &path, 1, json!({ "name": "Lumière", "country": null })).await;
        assert_eq!((&changed["revision"], &changed["country"], &changed["discount_bp"]), (&json!(2), &Value::Null, &json!(1250)));
        let (status, told) = stage.ask_at(&acme.token, ("PATCH", &path), json!({ "city": "Lyon" }), Some(1)).await;
        assert_eq!((status, &told["revision"]), (StatusCode::CONFLICT, &json!(2)));
        let (status, told) = stage.ask_at(&acme.token, ("PATCH", &path), json!({ "country": "XX" }), Some(2)).await;
        assert_eq!((status, &told["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("country")));
        assert_eq!(names(&stage.get(&acme, "/accounts?q=lumiere").await), ["Lumière"]);
        assert!(names(&stage.get(&acme, "/accounts?q=lumo").await).is_empty(), "the old words are gone");

        let contacts = format!("{path}/contacts");
        let jo = stage.post(&acme, &contacts, json!({ "name": "Jo", "email": "Jo@lumo.example" })).await;
        let contact = format!("/contacts/{}", jo["id"].as_str().unwrap());
        let jo = stage.patch(&acme, &contact, 1, json!({ "title": "Buyer" })).await;
        assert_eq!((&jo["email"], &jo["title"]), (&json!("jo@lumo.example"), &json!("Buyer")));
        assert_eq!(stage.get(&acme, &contacts).await["items"].as_array().unwrap().len(), 1);
        assert_eq!(stage.ask(&acme.token, ("DELETE", &contact), Value::Null).await.0, StatusCode::NO_CONTENT);
        assert_eq!(stage.ask(&acme.token, ("DELETE", &contact), Value::Null).await.0, StatusCode::NOT_FOUND);

        assert_eq!(stage.ask(&acme.token, ("DELETE", &path), Value::Null).await.0, StatusCode::NO_CONTENT);
        assert_eq!(stage.ask(&acme.token, ("GET", &path), Value::Null).await.0, StatusCode::NOT_FOUND);
        let left = stage.get(&acme, "/accounts?total=true").await;
        assert_eq!((names(&left).len(), &left["total"]), (0, &json!(0)));
    }

    async fn two_who_edit_one_account_learn_of_each_other_and_of_no_third(stage: Stage) {
        let (acme, borel) = stage.partners().await;
        let rival = stage.company("Rival", "rival.example").await;
        stage.shake(&acme, &rival, "rival.example").await;
        let lumo = stage.post(&acme, "/accounts", json!({ "name": "Lumo", "city": "Lyon", "notes": "old" })).await;
        let path = format!("/accounts/{}", lumo["id"].as_str().unwrap());
        for partner in [&borel, &rival] {
            let give = json!({ "organisation": partner.organisation, "fields": ["name", "city", "segment"], "verbs": ["read", "edit"] });
            stage.post(&acme, &format!("{path}/grants"), give).await;
        }
        stage.patch(&acme, &path, 1, json!({ "city": "Nice", "notes": "new", "name": "Lumo" })).await;
        stage.patch(&rival, &path, 2, json!({ "segment": "Retail" })).await;

        let (status, told) = stage.ask_at(&borel.token, ("PATCH", &path), json!({ "city": "Metz" }), Some(1)).await;
        assert_eq!((status, &told["revision"]), (StatusCode::CONFLICT, &json!(3)));
        let fields = |view: &Value| -> Vec<(String, String)> {
            let told = |it: &Value| (it["field"].as_str().unwrap().to_owned(), it["organisation"]["name"].as_str().unwrap().to_owned());
            view["changes"].as_array().unwrap().iter().map(told).collect()
        };
        let pair = |field: &str, who: &str| (field.to_owned(), who.to_owned());
        let theirs = stage.get(&borel, &path).await;
        assert_eq!(fields(&theirs), [pair("city", "Acme")], "neither the notes nor the third company");
        assert_eq!(theirs["changes"][0]["by"]["name"], json!("owner@acme.example"));
        let mut own = fields(&stage.get(&acme, &path).await);
        own.sort();
        assert_eq!(own, [pair("city", "Acme"), pair("notes", "Acme"), pair("segment", "Rival")]);
        assert_eq!(fields(&stage.get(&rival, &path).await).len(), 2, "one's own and the owner's");
        let both = stage.patch(&borel, &path, 3, json!({ "city": "Metz" })).await;
        assert_eq!((&both["city"], &both["segment"]), (&json!("Metz"), &json!("Retail")), "both survive");
        assert!(stage.get(&acme, "/accounts").await["items"][0].get("changes").is_none());
    }

    async fn a_partner_sees_the_fields_of_its_grant_and_nothing_else(stage: Stage) {
        let (acme, borel) = stage.partners().await;
        let rival = stage.company("Rival", "rival.example").await;
        let form = json!({ "name": "Lumo", "city": "Lyon", "discount_bp": 900, "notes": "secret" });
        let lumo = stage.post(&acme, "/accounts", form).await;
        let path = format!("/accounts/{}", lumo["id"].as_str().unwrap());
        let grants = format!("{path}/grants");
        let give = json!({ "organisation": borel.organisation, "fields": ["name", "city"] });
        let (status, _) = stage.ask(&acme.token, ("POST", &grants),
            json!({ "organisation": rival.organisation, "fields": ["name"] })).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "no partnership");
        let grant = stage.post(&acme, &grants, give.clone()).await;
        assert_eq!(grant["organisation"]["name"], json!("Borel"));

        let seen = stage.get(&borel, &path).await;
        assert_eq!((&seen["name"], &seen["own"], &seen["fields"]), (&json!("Lumo"), &json!(false), &json!(["city", "name"])));
        assert_eq!(seen["verbs"], json!(["read"]));
        for absent in ["discount_bp", "notes", "vat", "shared_with"] {
            assert!(seen.get(absent).is_none(), "{absent}");
        }
        let list = stage.get(&borel, "/accounts?view=shared&total=true&q=lum").await;
        assert_eq!((names(&list), &list["total"]), (vec!["Lumo"], &json!(1)));
        assert!(names(&stage.get(&borel, "/accounts").await).is_empty());
        assert_eq!(stage.get(&borel, &format!("{path}/contacts")).await["items"], json!([]));
        let (status, _) = stage.ask_at(&borel.token, ("PATCH", &path), json!({ "city": "Nice" }), Some(1)).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "it is shared to be read");
        for (method, at) in [("GET", path.clone()), ("DELETE", path.clone()), ("GET", format!("{path}/contacts"))] {
            let (status, told) = stage.ask(&rival.token, (method, &at), Value::Null).await;
            let (unknown, told_unknown) = stage.ask(&rival.token, (method, &at.replace("acc_0", "acc_1")), Value::Null).await;
            assert_eq!((status, told), (unknown, told_unknown), "unknown and forbidden are the same");
            assert_eq!(status, StatusCode::NOT_FOUND);
        }
        let own = stage.get(&acme, "/accounts").await;
        assert_eq!(own["items"][0]["shared_with"][0]["fields"], json!(["city", "name"]));

        // Another mask replaces the first; without the name it is found by no search.
        let edit = json!({ "organisation": borel.organisation, "fields": ["city"], "verbs": ["edit"] });
        let again = stage.post(&acme, &grants, edit).await;
        assert_eq!(again["grant"], grant["grant"]);
        assert_eq!(names(&stage.get(&borel, "/accounts?view=shared").await), ["-"]);
        for at in ["/accounts?view=shared&q=lumo", "/accounts?view=shared&sort=-updated_at&q=lumo", "/search?q=lumo"] {
            assert_eq!(stage.get(&borel, at).await["items"], json!([]), "{at}");
        }
        let before = stage.get(&borel, "/accounts?view=shared").await;
        let mine = stage.patch(&acme, &path, 1, json!({ "notes": "more" })).await;
        let after = stage.get(&borel, "/accounts?view=shared").await;
        assert_eq!(before["items"][0]["updated_at"], after["items"][0]["updated_at"], "a masked change moves nothing");
        let (status, told) = stage.ask_at(&borel.token, ("PATCH", &path), json!({ "notes": "x" }), Some(2)).await;
        assert_eq!((status, &told["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("notes")));
        let theirs = stage.patch(&borel, &path, mine["revision"].as_i64().unwrap(), json!({ "city": "Nice" })).await;
        assert_eq!(theirs["city"], json!("Nice"));
        assert_eq!(stage.get(&acme, &path).await["notes"], json!("more"));

        let (status, _) = stage.ask(&acme.token,
            ("DELETE", &format!("{grants}/{}", grant["grant"].as_str().unwrap())), Value::Null).await;
        assert_eq!(status, StatusCode::NO_CONTENT);
        assert_eq!(stage.ask(&borel.token, ("GET", &path), Value::Null).await.0, StatusCode::NOT_FOUND);
        assert!(names(&stage.get(&borel, "/accounts?view=shared").await).is_empty());
    }

    async fn a_viewer_looks_and_changes_nothing(stage: Stage) {
        let acme = stage.company("Acme", "acme.example").await;
        let viewer = stage.member(acme.organisation, "v@acme.example", gate::Role::Viewer).await;
        stage.post(&acme, "/accounts", json!({ "name": "Lumo" })).await;
        assert_eq!(names(&stage.get(&viewer, "/accounts").await), ["Lumo"]);
        for path in ["/accounts", "/deals", "/accounts/imports"] {
            assert_eq!(stage.ask(&viewer.token, ("POST", path), json!({})).await.0, StatusCode::FORBIDDEN, "{path}");
        }
    }
}
