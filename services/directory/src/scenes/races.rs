//! What happens when two do something at the same moment.

use axum::http::StatusCode;
use gate::Role;
use serde_json::{Value, json};

use super::{
    scenes,
    stage::{PASSWORD, token_in},
};

scenes! {
    async fn of_two_who_use_a_link_at_once_one_comes_in(stage: Stage) {
        let owner = stage.company("Acme", "acme.example").await;
        let form = json!({ "email": "bo@acme.example", "role": "seller" });
        stage.ask(&owner.token, ("POST", "/invitations"), form).await;
        let token = token_in(&stage.mails().await[0]);
        let form = json!({ "token": token, "name": "Bo", "password": PASSWORD });

        let accept = || stage.ask("", ("POST", "/invitations/accept"), form.clone());
        let (one, two) = tokio::join!(accept(), accept());
        let mut answers = [one.0.as_u16(), two.0.as_u16()];
        answers.sort_unstable();
        assert_eq!(answers, [200, 410], "{one:?} {two:?}");
        assert_eq!(stage.get(&owner, "/people").await["items"].as_array().unwrap().len(), 2);
    }

    async fn two_owners_cannot_unmake_each_other(stage: Stage) {
        let one = stage.company("Acme", "acme.example").await;
        let two = stage.member(one.organisation, "two@acme.example", Role::Owner).await;
        let people = stage.get(&one, "/people").await;
        let path_of = |who: &str| {
            let mut items = people["items"].as_array().unwrap().iter();
            let found = items.find(|it| it["person"]["email"] == *who).unwrap();
            format!("/people/{}", found["membership"].as_str().unwrap())
        };
        let (first, second) = (path_of("owner@acme.example"), path_of("two@acme.example"));

        let change = json!({ "role": "viewer" });
        let (by_one, by_two) = tokio::join!(
            stage.ask_at(&one.token, ("PATCH", &second), change.clone(), Some(1)),
            stage.ask_at(&two.token, ("PATCH", &first), change, Some(1)),
        );
        assert!(by_one.0.is_success() ^ by_two.0.is_success(), "{by_one:?} {by_two:?}");
    }

    async fn of_two_proposals_at_once_one_stands(stage: Stage) {
        let acme = stage.company("Acme", "acme.example").await;
        let borg = stage.company("Borg", "borg.example").await;
        let there = json!({ "domain": "borg.example" });
        let back = json!({ "domain": "acme.example" });

        let (one, two) = tokio::join!(
            stage.ask(&acme.token, ("POST", "/partnerships"), there),
            stage.ask(&borg.token, ("POST", "/partnerships"), back),
        );
        let mut answers = [one.0, two.0];
        answers.sort_unstable();
        assert_eq!(answers, [StatusCode::CREATED, StatusCode::CONFLICT], "{one:?} {two:?}");
        stage.logs_hold(&[&acme, &borg]).await;
    }

    async fn guesses_at_a_password_by_a_link_are_limited(stage: Stage) {
        let acme = stage.company("Acme", "acme.example").await;
        stage.company("Guess", "guess.example").await;
        let form = json!({ "email": "owner@guess.example", "role": "viewer" });
        stage.ask(&acme.token, ("POST", "/invitations"), form).await;
        let token = token_in(&stage.mails().await[0]);
        let form = json!({ "token": token, "name": "x", "password": "a wrong one" });
        let mut refused = (StatusCode::OK, Value::Null);
        for _ in 0..40 {
            refused = stage.ask("", ("POST", "/invitations/accept"), form.clone()).await;
            if refused.0 == StatusCode::TOO_MANY_REQUESTS {
                break;
            }
        }
        assert_eq!(refused.1["type"], "/problems/too-many-attempts");
    }
}
