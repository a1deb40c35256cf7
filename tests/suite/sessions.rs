use std::time::Duration;

use gate::Role;
use serde_json::json;
use suite::on_both_databases;

const DAY: Duration = Duration::from_hours(24);

on_both_databases! {
    async fn the_right_password_opens_and_a_wrong_one_does_not_say_what_was_wrong(hub: Hub) {
        let (_, olga) = hub.company("Nordwind").await;
        let nobody = hub.stranger();
        let try_in = |email: String, password: &'static str| {
            let nobody = nobody.clone();
            async move {
                let form = json!({ "email": email, "password": password });
                nobody.post("/api/v1/sign-in", form).await
            }
        };

        let entered = try_in(olga.email.to_uppercase(), "correct horse").await;
        let wrong = try_in(olga.email.clone(), "wrong password").await;
        let unknown = try_in("who@nowhere.example".to_owned(), "wrong password").await;

        let cookie = entered.headers["set-cookie"].to_str().unwrap().to_owned();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        assert_eq!(entered.clone().expect(200)["role"], "owner");
        assert_eq!((wrong.status, unknown.status), (401, 401));
        assert_eq!(wrong.bytes, unknown.bytes);
    }

    async fn a_session_ends_by_itself_or_by_its_owner(hub: Hub) {
        let (_, olga) = hub.company("Nordwind").await;
        let sessions = olga.get("/api/v1/sessions").await.expect(200);
        let id = sessions["items"][0]["id"].as_str().unwrap().to_owned();
        let (_, rival) = hub.company("Kestrel").await;

        assert_eq!(rival.delete(&format!("/api/v1/sessions/{id}")).await.status, 404);
        assert_eq!(olga.get("/api/v1/sessions").await.status, 200);
        assert_eq!(olga.delete(&format!("/api/v1/sessions/{id}")).await.status, 204);
        assert_eq!(olga.get("/api/v1/sessions").await.status, 401);
        assert_eq!(rival.get("/api/v1/sessions").await.status, 200);
        hub.wait(DAY * 31);
        assert_eq!(rival.get("/api/v1/sessions").await.status, 401);
    }

    async fn a_token_acts_within_its_scopes_until_it_is_ended(hub: Hub) {
        let (_, olga) = hub.company("Nordwind").await;
        let form = json!({ "name": "report", "scopes": ["read"] });
        let made = olga.post("/api/v1/tokens", form).await.expect(201);
        let mut program = olga.clone();
        program.token = made["token"].as_str().unwrap().to_owned();

        assert_eq!(program.get("/api/v1/accounts").await.status, 200);
        assert_eq!(program.post("/api/v1/accounts", json!({ "name": "Harbour" })).await.status, 403);
        let id = made["id"].as_str().unwrap();
        assert_eq!(olga.delete(&format!("/api/v1/tokens/{id}")).await.status, 204);
        assert_eq!(program.get("/api/v1/accounts").await.status, 401);
    }

    async fn somebody_with_two_places_acts_for_one_at_a_time(hub: Hub) {
        let (nordwind, olga) = hub.company("Nordwind").await;
        let (kestrel, _) = hub.company("Kestrel").await;
        let mut tx = hub.house.db.write().await.unwrap();
        let now = hub.house.clock.now();
        directory::people::join(&mut tx, kestrel.id, olga.id, Role::Viewer, now).await.unwrap();
        tx.commit().await.unwrap();

        let form = json!({ "organisation": kestrel.id });
        let there = olga.post("/api/v1/switch", form).await.expect(200);

        assert_eq!(there["role"], "viewer");
        assert_eq!(olga.get("/api/v1/me").await.status, 401, "the old session is over");
        let mut viewer = olga.clone();
        viewer.token = there["token"].as_str().unwrap().to_owned();
        let me = viewer.get("/api/v1/me").await.expect(200);
        assert_eq!(me["organisation"]["id"], json!(kestrel.id));
        assert_ne!(me["organisation"]["id"], json!(nordwind.id));
        assert_eq!(viewer.post("/api/v1/accounts", json!({ "name": "Harbour" })).await.status, 403);
    }

    async fn the_same_key_has_one_effect_and_one_answer(hub: Hub) {
        let (_, olga) = hub.company("Nordwind").await;
        let add = |key: &'static str, name: &'static str| {
            let olga = olga.clone();
            async move {
                let form = json!({ "name": name });
                let headers = [("idempotency-key", key)];
                olga.ask(axum::http::Method::POST, "/api/v1/accounts", Some(form), &headers).await
            }
        };

        let first = add("k1", "Harbour").await;
        let again = add("k1", "Harbour").await;
        let other = add("k1", "Mill").await;

        assert_eq!((first.status, again.status, other.status), (201, 201, 409));
        assert_eq!(first.body, again.body);
        assert_eq!(other.problem(), "key-reused");
        let all = olga.get("/api/v1/accounts").await.expect(200);
        assert_eq!(all["items"].as_array().unwrap().len(), 1);
        assert_eq!(add("k2", "Mill").await.status, 201);
    }

    async fn a_cookie_alone_changes_nothing(hub: Hub) {
        let (_, olga) = hub.company("Nordwind").await;
        let mut page = olga.clone();
        let cookie = format!("entente_session={}", std::mem::take(&mut page.token));
        let post = |headers: Vec<(&'static str, String)>| {
            let page = page.clone();
            async move {
                let headers: Vec<(&str, &str)> = headers.iter().map(|(k, v)| (*k, v.as_str())).collect();
                let form = json!({ "name": "Harbour" });
                page.ask(axum::http::Method::POST, "/api/v1/accounts", Some(form), &headers).await
            }
        };

        assert_eq!(post(vec![("cookie", cookie.clone())]).await.status, 403);
        let ours = ("x-entente-client", "web".to_owned());
        assert_eq!(post(vec![("cookie", cookie), ours]).await.status, 201);
    }
}
