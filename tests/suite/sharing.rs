use serde_json::{Value, json};
use suite::{Hub, Person, on_both_databases};

use crate::scene::{FIELDS, Scene};

on_both_databases! {
    async fn a_partner_sees_the_fields_of_its_mask_and_no_others(hub: Hub) {
        let scene = Scene::play(&hub).await;
        let path = format!("/api/v1/accounts/{}", scene.id("account"));

        let own = scene.olga.get(&path).await.expect(200);
        let seen = scene.bruno.get(&path).await.expect(200);

        assert_eq!(own["domain"], "harbour.example");
        assert_eq!((&seen["name"], &seen["city"]), (&json!("Harbour"), &json!("Bremen")));
        assert!(seen.get("domain").is_none() && seen.get("notes").is_none(), "{seen}");
        let by_masked = scene.bruno.get("/api/v1/accounts?view=shared&q=harbour.example").await.expect(200);
        assert_eq!(by_masked["items"], json!([]), "a masked field is not searched");
    }

    async fn the_own_side_of_a_deal_stays_private_until_it_is_published(hub: Hub) {
        let scene = Scene::play(&hub).await;
        let path = format!("/api/v1/deals/{}", scene.id("deal"));
        let side = |who: Person, form: Value| {
            let path = path.clone();
            async move {
                let deal = who.get(&path).await.expect(200);
                who.patch(&format!("{path}/side"), &deal["side"]["revision"], form).await.expect(200)
            }
        };

        side(scene.olga.clone(), json!({ "notes": "floor is 15 %", "stage_name": "Proposal" })).await;
        let before = scene.bruno.get(&path).await.expect(200).to_string();
        side(scene.olga.clone(), json!({ "published": ["stage_name"] })).await;
        let after = scene.bruno.get(&path).await.expect(200).to_string();

        assert!(!before.contains("floor is") && !before.contains("Proposal"));
        assert!(!after.contains("floor is") && after.contains("Proposal"));
    }

    async fn a_narrowed_mask_shows_less_at_once_and_hides_what_the_log_told(hub: Hub) {
        let scene = Scene::play(&hub).await;
        let path = format!("/api/v1/deals/{}", scene.id("deal"));
        let deal = scene.olga.get(&path).await.expect(200);
        let form = json!({ "amount_minor": 77_777_700 });
        scene.olga.patch(&path, &deal["revision"], form).await.expect(200);
        assert!(everything(&scene.bruno, &scene).await.contains("77777700"), "else nothing is hidden");

        let parties = scene.olga.get(&path).await.expect(200);
        let party = parties["party_list"].as_array().unwrap().iter().find(|it| it["role"] == "party").unwrap();
        let narrower = json!({ "fields": ["title", "account", "stage"] });
        let at = format!("{path}/parties/{}", scene.id("party"));
        scene.olga.patch(&at, &party["revision"], narrower).await.expect(200);

        assert!(!everything(&scene.bruno, &scene).await.contains("77777700"));
        let refused = scene.bruno.patch(&path, &json!(9), json!({ "amount_minor": 1 })).await;
        assert!([404, 422, 403, 409].contains(&refused.status), "{}", refused.status);
    }

    async fn ending_a_partnership_leaves_every_space_at_once(hub: Hub) {
        let scene = Scene::play(&hub).await;
        let path = format!("/api/v1/partnerships/{}", scene.id("partnership"));
        let room = format!("/api/v1/rooms/{}/events", scene.id("room"));
        assert_eq!(scene.bruno.get(&room).await.status, 200);

        let now = scene.olga.get(&path).await.expect(200);
        let form = json!({ "move": "end_now", "revision": now["revision"], "reason": "We part as friends." });
        scene.olga.post(&format!("{path}/moves"), form).await.expect(200);

        for gone in [
            room.clone(),
            format!("/api/v1/deals/{}", scene.id("deal")),
            format!("/api/v1/rooms/{}", scene.id("topic")),
            format!("/api/v1/accounts/{}", scene.id("account")),
        ] {
            assert_eq!(scene.bruno.get(&gone).await.status, 404, "{gone}");
        }
        for list in ["/api/v1/deals", "/api/v1/accounts?view=shared"] {
            assert_eq!(scene.bruno.get(list).await.expect(200)["items"], json!([]), "{list}");
        }
        let interchange = format!("/api/v1/edi/interchanges/{}", scene.id("interchange"));
        assert_eq!(scene.bruno.get(&interchange).await.status, 200, "papers exchanged stay with both");
        assert_eq!(scene.olga.get(&room).await.status, 200, "the host keeps the space");
    }

    async fn what_is_visible_follows_from_parties_and_grants(hub: Hub) {
        let scene = Scene::play(&hub).await;
        let mut conn = hub.house.db.read().await.unwrap();
        let (shown,): (i64,) = conn.run(SHOWN).one().await.unwrap();
        let (differs,): (i64,) = conn.run(DIFFERS).one().await.unwrap();
        assert!(shown >= 3, "the scene shares {shown} things");
        assert_eq!(differs, 0);
        drop((conn, scene));
    }

    async fn both_audit_chains_hold_and_tell_of_the_handshake(hub: Hub) {
        let scene = Scene::play(&hub).await;
        for (company, who) in [(&scene.vendor, &scene.olga), (&scene.partner, &scene.bruno)] {
            let mut conn = hub.house.db.read().await.unwrap();
            let broken = directory::audit::first_broken(&mut conn, company.id).await.unwrap();
            assert_eq!(broken, None);
            let log = who.get("/api/v1/audit").await.expect(200).to_string();
            assert!(log.contains("partnership."), "{log}");
        }
    }
}

store::statements! {
    /// How many rows are shown.
    SHOWN unscoped "the test looks at everything" = "
        select count(*) from live_visible";

    /// How many rows of `visible` do not follow from a live grant, and the other way round.
    DIFFERS unscoped "the test looks at everything" = "
        select count(*) from (
            select v.grant_id from live_visible v
            left join record_grant g
              on g.id = v.grant_id and g.mask = v.mask and g.organisation_id = v.organisation_id
             and g.record_id = v.record_id and g.state = 'live'
            where g.id is null
            union all
            select g.id from record_grant g
            left join partnership h on h.id = g.partnership_id
            left join visible v on v.grant_id = g.id
            where g.state = 'live' and v.grant_id is null
              and (g.partnership_id is null or h.state in ('active', 'ending'))) as odd";
}

/// Everything that somebody can read of the scene's deal.
async fn everything(who: &Person, scene: &Scene) -> String {
    let mut told = String::new();
    for path in [
        format!("/api/v1/deals/{}", scene.id("deal")),
        "/api/v1/deals".to_owned(),
        "/api/v1/deals/board".to_owned(),
        format!("/api/v1/rooms/{}/events", scene.id("room")),
        format!("/api/v1/rooms/{}/events", scene.id("topic")),
    ] {
        told.push_str(&who.get(&path).await.expect(200).to_string());
    }
    told
}

/// A deal of two companies, and its main room: for the tests of sockets.
pub(crate) async fn shared_deal(
    hub: &Hub,
    host: &Person,
    party: &Person,
    organisation: &str,
) -> (String, String, String) {
    hub.partners(host, party).await;
    let form = json!({ "title": "Rollout", "account": "Harbour", "amount_minor": 100, "currency": "EUR" });
    let deal = host.post("/api/v1/deals", form).await.expect(201);
    let path = format!("/api/v1/deals/{}", deal["id"].as_str().unwrap());
    let form = json!({ "organisation": organisation, "fields": FIELDS, "verbs": ["read", "comment", "edit"], "history": "all" });
    let made = host.post(&format!("{path}/parties"), form).await.expect(201);
    let moves = format!("{path}/parties/{}/moves", made["id"].as_str().unwrap());
    party.post(&moves, json!({ "move": "accept" })).await.expect(200);
    let rooms = deal["rooms"].as_array().unwrap();
    let main =
        rooms.iter().find(|room| room["kind"] == "main").unwrap()["id"].as_str().unwrap();
    (path, main.to_owned(), moves)
}
