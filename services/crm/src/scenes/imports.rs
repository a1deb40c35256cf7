//! Imports of accounts: tried, applied, undone.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::scenes;

scenes! {
    async fn an_import_is_tried_applied_and_undone(stage: Stage) {
        let (acme, borel) = stage.partners().await;
        stage.post(&acme, "/accounts", json!({ "name": "Known", "domain": "known.example" })).await;
        let csv = "\u{feff}Company name;Website;Land\r\nAlpha;alpha.example;FR\r\nBeta;;XX\r\nGamma Pumps;gamma.example;DE\r\nElse;known.example;\r\nALPHA;;\r\nDelta;;ES\r\nEps;;\r\nZed;;\r\n";
        let form = |dry: bool| json!({
            "filename": "customers.csv", "csv": csv, "dry_run": dry,
            "mapping": { "name": "Company name", "domain": "Website", "country": "Land" },
        });
        let tried = stage.post(&acme, "/accounts/imports", form(true)).await;
        assert_eq!((&tried["state"], &tried["id"]), (&json!("dry"), &Value::Null));
        let counts = |told: &Value| [&told["rows"], &told["created"], &told["duplicates"], &told["error_count"]].map(|it| it.as_i64().unwrap());
        assert_eq!(counts(&tried), [8, 5, 2, 1]);
        assert_eq!(tried["errors"][0], json!({
            "row": 3, "column": "Land", "value": "XX",
            "message": "use two letters of ISO 3166-1, such as FR" }));
        assert_eq!(tried["preview"][1]["name"], json!("Gamma Pumps"));
        assert_eq!(stage.get(&acme, "/accounts?total=true").await["total"], json!(1), "nothing has changed");

        let applied = stage.post(&acme, "/accounts/imports", form(false)).await;
        assert_eq!((&applied["state"], counts(&applied)), (&json!("applied"), [8, 5, 2, 1]));
        let list = stage.get(&acme, "/accounts?total=true").await;
        assert_eq!((list["items"].as_array().unwrap().len(), &list["total"]), (6, &json!(6)));
        let gamma = stage.get(&acme, "/accounts?q=pumps").await["items"][0].clone();
        assert_eq!((&gamma["domain"], &gamma["country"]), (&json!("gamma.example"), &json!("DE")));
        let again = stage.post(&acme, "/accounts/imports", form(false)).await;
        assert_eq!(counts(&again), [8, 0, 7, 1]);

        // Alpha is changed, Gamma shared, Delta has a contact, Eps is in a deal; Zed stays as it was.
        let find = async |name: &str| {
            let found = stage.get(&acme, &format!("/accounts?q={name}")).await;
            found["items"][0]["id"].as_str().unwrap().to_owned()
        };
        let (alpha, delta, eps) = (find("alpha").await, find("delta").await, find("eps").await);
        stage.patch(&acme, &format!("/accounts/{alpha}"), 1, json!({ "city": "Lyon" })).await;
        let gamma = gamma["id"].as_str().unwrap();
        let give = json!({ "organisation": borel.organisation, "fields": ["name"] });
        stage.post(&acme, &format!("/accounts/{gamma}/grants"), give).await;
        stage.post(&acme, &format!("/accounts/{delta}/contacts"), json!({ "name": "Jo" })).await;
        stage.post(&acme, "/deals", json!({ "title": "T", "account": "Eps", "account_id": eps, "amount_minor": 1, "currency": "EUR" })).await;
        let undo = format!("/accounts/imports/{}/undo", applied["id"].as_str().unwrap());
        let (status, _) = stage.ask(&borel.token, ("POST", &undo), Value::Null).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        let undone = stage.post(&acme, &undo, Value::Null).await;
        let why: Vec<_> = undone["kept"].as_array().unwrap().iter()
            .map(|kept| (kept["name"].as_str().unwrap(), kept["why"].as_str().unwrap())).collect();
        assert_eq!((&undone["removed"], why), (&json!(1),
            vec![("Alpha", "changed"), ("Delta", "contacts"), ("Eps", "deal"), ("Gamma Pumps", "shared")]));
        assert_eq!(stage.get(&acme, "/accounts?total=true").await["total"], json!(5));
        assert_eq!(stage.get(&acme, "/accounts?q=zed").await["items"], json!([]));
        let (status, _) = stage.ask(&acme.token, ("POST", &undo), Value::Null).await;
        assert_eq!(status, StatusCode::CONFLICT);
        let imports = stage.get(&acme, "/accounts/imports").await;
        let became: Vec<_> = imports["items"].as_array().unwrap().iter().map(|it| &it["state"]).collect();
        assert_eq!(became, ["applied", "undone"]);
    }

    async fn a_file_without_sense_changes_nothing(stage: Stage) {
        let acme = stage.company("Acme", "acme.example").await;
        for (csv, mapping, field) in [
            ("", json!({ "name": "Name" }), "csv"),
            ("Name\nA\n", json!({}), "mapping"),
            ("Name\nA\n", json!({ "name": "Firma" }), "mapping"),
            ("Name\nA\n", json!({ "name": "Name", "owner_id": "Name" }), "mapping"),
        ] {
            let form = json!({ "filename": "f.csv", "csv": csv, "mapping": mapping, "dry_run": false });
            let (status, told) = stage.ask(&acme.token, ("POST", "/accounts/imports"), form).await;
            assert_eq!((status, &told["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)));
        }
        assert_eq!(stage.get(&acme, "/accounts/imports").await["items"], json!([]));
    }

    async fn a_file_of_five_megabytes_is_taken(stage: Stage) {
        let acme = stage.company("Acme", "acme.example").await;
        let mut csv = String::from("Name,Website,City\n");
        let mut row = 0;
        while csv.len() < 5_000_000 {
            row += 1;
            let city = format!("\"Saint-Étienne, Loire {}\"", "x".repeat(60));
            let line = format!("Company {row} of the long list,company-{row}.example,{city}\n");
            csv.push_str(&line);
        }
        let form = json!({ "filename": "big.csv", "csv": csv, "mapping": { "name": "Name", "domain": "Website", "city": "City" }, "dry_run": false });
        let told = stage.post(&acme, "/accounts/imports", form).await;
        assert_eq!(told["created"], json!(row));
        let page = stage.get(&acme, "/accounts?q=company&total=true&limit=3").await;
        assert_eq!((&page["total"], page["items"].as_array().unwrap().len()), (&json!(row), 3));
    }
}
