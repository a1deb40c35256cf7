//! Colleagues come in by a link.

use axum::http::StatusCode;
use gate::Role;
use serde_json::{Value, json};

use super::{
    scenes,
    stage::{PASSWORD, token_in},
};

scenes! {
    async fn a_colleague_comes_in_by_the_link_and_only_once(stage: Stage) {
        let owner = stage.company("Acme", "acme.example").await;
        let form = json!({ "email": "Bo@Acme.example", "role": "seller" });
        let (status, sent) = stage.ask(&owner.token, ("POST", "/invitations"), form.clone()).await;
        assert_eq!(status, StatusCode::CREATED, "{sent}");
        assert_eq!((&sent["email"], &sent["state"]), (&json!("bo@acme.example"), &json!("sent")));
        assert_eq!(sent.get("link"), None, "the hub sends mail");
        let again = stage.ask(&owner.token, ("POST", "/invitations"), form).await;
        assert_eq!(again.0, StatusCode::CONFLICT, "a second invitation is refused");

        let mails = stage.mails().await;
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].to, "bo@acme.example");
        let token = token_in(&mails[0]);
        let path = format!("/invitations/by-token/{token}");
        let (_, open) = stage.ask("", ("GET", &path), Value::Null).await;
        assert_eq!(open, json!({
            "kind": "member", "organisation": { "name": "Acme" },
            "email": "bo@acme.example", "role": "seller", "state": "sent",
        }));

        let form = json!({ "token": token, "name": "Bo", "password": PASSWORD });
        let (status, fresh) = stage.ask("", ("POST", "/invitations/accept"), form.clone()).await;
        assert_eq!(status, StatusCode::OK, "{fresh}");
        let bo = fresh["token"].as_str().unwrap();
        let (_, me) = stage.ask(bo, ("GET", "/me"), Value::Null).await;
        assert_eq!(me["organisation"]["domain"], "acme.example");
        assert_eq!(me["role"], "seller");
        let can = me["can"].as_array().unwrap();
        assert!(can.contains(&json!("partnership.see")) && !can.contains(&json!("people.run")));

        let (status, told) = stage.ask("", ("POST", "/invitations/accept"), form).await;
        assert_eq!((status, &told["type"]), (StatusCode::GONE, &json!("/problems/invitation-used")));
        let member = stage.ask(&owner.token, ("POST", "/invitations"), json!({ "email": "bo@acme.example", "role": "viewer" })).await;
        assert_eq!(member.1["type"], "/problems/already-member");
        stage.logs_hold(&[&owner]).await;
    }

    async fn a_link_that_is_late_or_taken_back_leads_nowhere(stage: Stage) {
        let owner = stage.company("Acme", "acme.example").await;
        let form = json!({ "email": "bo@acme.example", "role": "seller" });
        stage.ask(&owner.token, ("POST", "/invitations"), form.clone()).await;
        let late = token_in(&stage.mails().await[0]);
        stage.pass_days(14);
        let accept = |token: &str| json!({ "token": token, "name": "Bo", "password": PASSWORD });

        let (status, told) = stage.ask("", ("POST", "/invitations/accept"), accept(&late)).await;
        assert_eq!((status, &told["type"]), (StatusCode::GONE, &json!("/problems/invitation-expired")));
        let (_, open) = stage.ask("", ("GET", &format!("/invitations/by-token/{late}")), Value::Null).await;
        assert_eq!(open["state"], "expired");

        let (status, sent) = stage.ask(&owner.token, ("POST", "/invitations"), form).await;
        assert_eq!(status, StatusCode::CREATED, "what is late is out of the way: {sent}");
        let fresh = token_in(&stage.mails().await[0]);
        let path = format!("/invitations/{}", sent["id"].as_str().unwrap());
        assert_eq!(stage.ask(&owner.token, ("DELETE", &path), Value::Null).await.0, StatusCode::NO_CONTENT);
        let (status, told) = stage.ask("", ("POST", "/invitations/accept"), accept(&fresh)).await;
        assert_eq!((status, &told["type"]), (StatusCode::GONE, &json!("/problems/invitation-cancelled")));
        let (status, _) = stage.ask("", ("GET", "/invitations/by-token/nonsense"), Value::Null).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    }

    async fn who_has_an_account_proves_it_by_its_password(stage: Stage) {
        let acme = stage.company("Acme", "acme.example").await;
        let borg = stage.company("Borg", "borg.example").await;
        let form = json!({ "email": "owner@borg.example", "role": "viewer" });
        stage.ask(&acme.token, ("POST", "/invitations"), form).await;
        let token = token_in(&stage.mails().await[0]);
        let accept = |password: &str| json!({ "token": token, "name": "Mallory", "password": password });

        let (status, told) = stage.ask("", ("POST", "/invitations/accept"), accept("a wrong one")).await;
        assert_eq!((status, &told["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("password")));
        let (status, fresh) = stage.ask("", ("POST", "/invitations/accept"), accept(PASSWORD)).await;
        assert_eq!(status, StatusCode::OK, "{fresh}");
        assert_eq!(fresh["person"]["id"], json!(borg.person));
        assert_eq!(fresh["person"]["name"], "owner@borg.example", "a name is one's own");
        assert_eq!(fresh["memberships"].as_array().unwrap().len(), 2);
    }

    async fn only_those_who_govern_invite_and_only_owners_invite_owners(stage: Stage) {
        let owner = stage.company("Acme", "acme.example").await;
        let admin = stage.member(owner.organisation, "admin@acme.example", Role::Admin).await;
        let seller = stage.member(owner.organisation, "seller@acme.example", Role::Seller).await;
        let form = |role: &str| json!({ "email": "new@acme.example", "role": role });

        assert_eq!(stage.ask(&seller.token, ("POST", "/invitations"), form("viewer")).await.0, StatusCode::FORBIDDEN);
        assert_eq!(stage.ask(&seller.token, ("GET", "/invitations"), Value::Null).await.0, StatusCode::FORBIDDEN);
        assert_eq!(stage.ask(&admin.token, ("POST", "/invitations"), form("owner")).await.0, StatusCode::FORBIDDEN);
        assert_eq!(stage.ask(&owner.token, ("POST", "/invitations"), form("owner")).await.0, StatusCode::CREATED);
        assert_eq!(stage.mails().await[0].organisation, None, "no outbox shows an owner's link");
        assert_eq!(stage.ask("", ("GET", "/invitations"), Value::Null).await.0, StatusCode::UNAUTHORIZED);
    }

    async fn another_organisation_neither_sees_nor_cancels_an_invitation(stage: Stage) {
        let acme = stage.company("Acme", "acme.example").await;
        let borg = stage.company("Borg", "borg.example").await;
        let form = json!({ "email": "bo@acme.example", "role": "seller" });
        let (_, sent) = stage.ask(&acme.token, ("POST", "/invitations"), form).await;
        let path = format!("/invitations/{}", sent["id"].as_str().unwrap());

        let (status, told) = stage.ask(&borg.token, ("DELETE", &path), Value::Null).await;
        let unknown = format!("/invitations/{}", kernel::Id::<kernel::Invitation>::mint());
        assert_eq!((status, told), stage.ask(&borg.token, ("DELETE", &unknown), Value::Null).await);
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert_eq!(stage.get(&borg, "/invitations").await["items"], json!([]));
        assert_eq!(stage.get(&acme, "/invitations").await["items"][0]["email"], "bo@acme.example");
    }
}
