//! Roles, suspensions, departures.

use axum::http::StatusCode;
use gate::Role;
use serde_json::{Value, json};
use store::Hint;

use super::{
    scenes,
    stage::{Actor, PASSWORD, Stage, token_in},
};

async fn membership(stage: &Stage, by: &Actor, of: &Actor) -> (String, i64) {
    let people = stage.get(by, "/people").await;
    let mut items = people["items"].as_array().unwrap().iter();
    let found = items.find(|it| it["person"]["id"] == json!(of.person)).unwrap();
    let path = format!("/people/{}", found["membership"].as_str().unwrap());
    (path, found["revision"].as_i64().unwrap())
}

scenes! {
    async fn the_last_owner_stays(stage: Stage) {
        let owner = stage.company("Acme", "acme.example").await;
        let (path, revision) = membership(&stage, &owner, &owner).await;

        let (status, told) = stage.ask(&owner.token, ("DELETE", &path), Value::Null).await;
        assert_eq!((status, &told["type"]), (StatusCode::CONFLICT, &json!("/problems/last-owner")));
        for change in [json!({ "role": "admin" }), json!({ "state": "suspended" })] {
            let (status, _) = stage.ask_at(&owner.token, ("PATCH", &path), change, Some(revision)).await;
            assert_eq!(status, StatusCode::CONFLICT);
        }
        stage.member(owner.organisation, "two@acme.example", Role::Owner).await;
        let (status, _) = stage.ask(&owner.token, ("DELETE", &path), Value::Null).await;
        assert_eq!(status, StatusCode::NO_CONTENT);
        assert_eq!(stage.ask(&owner.token, ("GET", "/me"), Value::Null).await.0, StatusCode::UNAUTHORIZED);
    }

    async fn a_change_of_role_is_checked_told_and_logged(stage: Stage) {
        let owner = stage.company("Acme", "acme.example").await;
        let seller = stage.member(owner.organisation, "seller@acme.example", Role::Seller).await;
        let (path, revision) = membership(&stage, &owner, &seller).await;
        let mut hints = stage.house.db.bus().listen();

        let change = json!({ "role": "admin" });
        assert_eq!(stage.ask(&owner.token, ("PATCH", &path), change.clone()).await.0.as_u16(), 428);
        let (status, told) = stage.ask_at(&owner.token, ("PATCH", &path), change.clone(), Some(revision)).await;
        assert_eq!((status, &told["role"], &told["revision"]), (StatusCode::OK, &json!("admin"), &json!(2)));
        let rights = Hint::Rights { person: seller.person, organisation: seller.organisation };
        assert_eq!(hints.recv().await.unwrap(), rights);
        let (status, told) = stage.ask_at(&owner.token, ("PATCH", &path), change, Some(revision)).await;
        assert_eq!((status, &told["revision"]), (StatusCode::CONFLICT, &json!(2)));

        let (own, revision) = membership(&stage, &seller, &owner).await;
        let (status, _) = stage.ask_at(&seller.token, ("PATCH", &own), json!({ "state": "suspended" }), Some(revision)).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "an admin does not touch an owner");
        stage.logs_hold(&[&owner]).await;
    }

    async fn who_is_suspended_is_out_and_who_has_left_stays_out(stage: Stage) {
        let owner = stage.company("Acme", "acme.example").await;
        let seller = stage.member(owner.organisation, "seller@acme.example", Role::Seller).await;
        let (path, _) = membership(&stage, &owner, &seller).await;
        assert_eq!(stage.ask(&seller.token, ("GET", "/me"), Value::Null).await.0, StatusCode::OK);

        stage.ask_at(&owner.token, ("PATCH", &path), json!({ "state": "suspended" }), Some(1)).await;
        assert_eq!(stage.ask(&seller.token, ("GET", "/me"), Value::Null).await.0, StatusCode::UNAUTHORIZED);
        stage.ask_at(&owner.token, ("PATCH", &path), json!({ "state": "active" }), Some(2)).await;
        assert_eq!(stage.ask(&seller.token, ("GET", "/me"), Value::Null).await.0, StatusCode::OK);

        stage.ask(&owner.token, ("DELETE", &path), Value::Null).await;
        let form = json!({ "email": "seller@acme.example", "role": "viewer" });
        stage.ask(&owner.token, ("POST", "/invitations"), form).await;
        let token = token_in(&stage.mails().await[0]);
        let form = json!({ "token": token, "name": "x", "password": PASSWORD });
        assert_eq!(stage.ask("", ("POST", "/invitations/accept"), form).await.0, StatusCode::OK);
        assert_eq!(
            stage.ask(&seller.token, ("GET", "/me"), Value::Null).await.0,
            StatusCode::UNAUTHORIZED,
            "an old session does not come back with the person"
        );
    }

    async fn another_organisations_people_are_nobody(stage: Stage) {
        let acme = stage.company("Acme", "acme.example").await;
        let borg = stage.company("Borg", "borg.example").await;
        let (path, revision) = membership(&stage, &acme, &acme).await;
        let unknown = format!("/people/{}", kernel::Id::<kernel::Membership>::mint());

        let change = json!({ "role": "viewer" });
        let theirs = stage.ask_at(&borg.token, ("PATCH", &path), change.clone(), Some(revision)).await;
        assert_eq!(theirs, stage.ask_at(&borg.token, ("PATCH", &unknown), change, Some(revision)).await);
        assert_eq!(theirs.0, StatusCode::NOT_FOUND);
        assert_eq!(stage.get(&borg, "/people").await["items"].as_array().unwrap().len(), 1);
    }

    async fn one_names_oneself_and_chooses_ones_language(stage: Stage) {
        let owner = stage.company("Acme", "acme.example").await;
        let (status, me) = stage.ask(&owner.token, ("PATCH", "/me"), json!({ "name": " Ada ", "locale": "fr" })).await;
        assert_eq!((status, &me["person"]["name"], &me["person"]["locale"]), (StatusCode::OK, &json!("Ada"), &json!("fr")));
        let (status, told) = stage.ask(&owner.token, ("PATCH", "/me"), json!({ "name": "A\nB" })).await;
        assert_eq!((status, &told["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("name")));
        assert_eq!(stage.get(&owner, "/me").await["person"]["name"], "Ada");
    }
}
