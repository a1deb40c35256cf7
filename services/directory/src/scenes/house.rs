//! The organisation's own record, and the rules of the house.

use axum::http::StatusCode;
use gate::{Reach, Role};
use serde_json::{Value, json};

use super::scenes;

#[test]
fn the_document_names_every_operation() {
    let (_, document) = crate::routes().split_for_parts();
    let document = serde_json::to_value(&document).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let open = operation["security"] == json!([{}]);
            assert!(operation["summary"].is_string(), "{path} says what it does");
            let mark = if open { " (open)" } else { "" };
            operations
                .push(format!("{method} {}{mark}", path.trim_start_matches("/api/v1")));
        }
    }
    operations.sort();
    assert_eq!(
        operations,
        [
            "delete /invitations/{invitation}",
            "delete /me/push/{device}",
            "delete /people/{membership}",
            "get /invitations",
            "get /invitations/by-token/{token} (open)",
            "get /me",
            "get /me/push",
            "get /me/quiet",
            "get /notifications",
            "get /organisation",
            "get /partnerships",
            "get /partnerships/{partnership}",
            "get /people",
            "patch /me",
            "patch /organisation",
            "patch /people/{membership}",
            "post /invitations",
            "post /invitations/accept (open)",
            "post /me/push/test",
            "post /notifications/read",
            "post /partnerships",
            "put /me/push",
            "put /me/quiet",
        ]
    );
}

#[test]
fn the_policy_reads_like_this() {
    let row = |action: &gate::ActionRow| {
        let reach = |role: &Role| match (action.reach)(*role) {
            Reach::Organisation => 'o',
            Reach::Own => 's',
            Reach::Nowhere => '-',
        };
        let reaches: String = Role::ALL.iter().map(reach).collect();
        format!("{:18} {reaches}", action.name)
    };
    let matrix: Vec<_> = crate::ACTIONS.iter().map(row).collect();
    assert_eq!(
        matrix,
        [
            "me.see             ssssssssss",
            "me.edit            ssssssssss",
            "organisation.see   oooooooooo",
            "organisation.edit  oo--------",
            "people.see         oooooooooo",
            "people.run         oo--------",
            "invitation.see     oo--------",
            "invitation.send    oo--------",
            "partnership.see    oooooooooo",
            "partnership.run    ooo-------",
            "notification.see   ssssssssss",
            "notification.read  ssssssssss",
        ]
    );
}

scenes! {
    async fn every_statement_fits_the_schema(stage: Stage) {
        for (feature, statements) in crate::STATEMENTS {
            for statement in *statements {
                let prepared = stage.house.db.prepare(*statement).await;
                assert!(prepared.is_ok(), "{feature} {}: {prepared:?}", statement.name);
                let scoped = statement.sqlite.contains("organisation_id");
                assert!(
                    scoped || statement.unscoped.is_some(),
                    "{feature} {} names no organisation", statement.name
                );
            }
        }
    }

    async fn an_identifier_that_is_taken_is_only_unusable(stage: Stage) {
        let acme = stage.company("Acme", "acme.example").await;
        let borg = stage.company("Borg", "borg.example").await;
        let form = json!({ "identifiers": [{ "scheme": "isa", "value": "zz:ACME" }, { "scheme": "duns", "value": "15-048-3782" }] });
        let (status, told) = stage.ask_at(&acme.token, ("PATCH", "/organisation"), form, Some(1)).await;
        assert_eq!(status, StatusCode::OK, "{told}");
        assert_eq!(told["identifiers"], json!([{ "scheme": "duns", "value": "150483782" }, { "scheme": "isa", "value": "ZZ:ACME" }]));

        let form = json!({ "name": "Borg 2", "identifiers": [{ "scheme": "isa", "value": "ZZ:ACME" }] });
        let (status, told) = stage.ask_at(&borg.token, ("PATCH", "/organisation"), form, Some(1)).await;
        assert_eq!((status, &told["field"], &told["detail"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!("identifiers"), &json!("this value cannot be used")));
        let view = stage.get(&borg, "/organisation").await;
        assert_eq!((&view["name"], &view["revision"]), (&json!("Borg"), &json!(1)), "nothing changed");

        let mut conn = stage.house.db.read().await.unwrap();
        let found = crate::organisations::by_identifier(&mut conn, "isa", "ZZ:ACME").await.unwrap();
        assert_eq!(found, Some(acme.organisation));
        drop(conn);
        let (status, told) = stage.ask_at(&acme.token, ("PATCH", "/organisation"), json!({ "name": "A" }), Some(1)).await;
        assert_eq!((status, &told["revision"]), (StatusCode::CONFLICT, &json!(2)));
        let (_, kept) = stage.ask_at(&acme.token, ("PATCH", "/organisation"), json!({ "name": "Acme 2" }), Some(2)).await;
        assert_eq!(kept["identifiers"].as_array().unwrap().len(), 2, "absent is not empty");
        stage.logs_hold(&[&acme, &borg]).await;
    }

    async fn a_stranger_gets_401_everywhere(stage: Stage) {
        for path in ["/me", "/organisation", "/people", "/invitations", "/partnerships", "/notifications"] {
            assert_eq!(stage.ask("", ("GET", path), Value::Null).await.0, StatusCode::UNAUTHORIZED, "{path}");
        }
    }

    async fn a_new_password_ends_every_session(stage: Stage) {
        let owner = stage.company("Acme", "acme.example").await;
        let password = gate::Password::try_from("another horse".to_owned()).unwrap();
        let mut tx = stage.house.db.write().await.unwrap();
        let email = "owner@acme.example".parse().unwrap();
        assert!(crate::people::set_password(&mut tx, &email, &password, stage.now()).await.unwrap());
        tx.commit().await.unwrap();

        assert_eq!(stage.ask(&owner.token, ("GET", "/me"), Value::Null).await.0, StatusCode::UNAUTHORIZED);
        let form = json!({ "email": "owner@acme.example", "password": "another horse" });
        assert_eq!(stage.ask("", ("POST", "/sign-in"), form).await.0, StatusCode::OK);
    }
}

#[test]
fn a_move_is_written_as_move() {
    let schema = <crate::partnerships::MoveAsk as utoipa::PartialSchema>::schema();
    let schema = serde_json::to_value(&schema).unwrap();
    assert!(schema["properties"]["move"].is_object(), "{schema}");
    let ask = serde_json::from_value::<crate::partnerships::MoveAsk>(
        json!({ "move": "end_now", "revision": 2 }),
    );
    assert!(ask.is_ok());
}
