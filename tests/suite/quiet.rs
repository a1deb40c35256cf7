//! Quiet hours: kept for the person, on every device, in whatever organisation they act.

use std::time::Duration;

use directory::quiet::quiet_until;
use gate::Role;
use kernel::Moment;
use serde_json::{Value, json};
use suite::{Hub, Person, on_both_databases};

async fn put(who: &Person, form: Value) -> suite::Answer {
    who.ask("PUT".parse().unwrap(), "/api/v1/me/quiet", Some(form), &[]).await
}

async fn until(hub: &Hub, who: &Person) -> Option<String> {
    let mut conn = hub.house.db.read().await.unwrap();
    let until = quiet_until(&mut conn, who.id, hub.house.clock.now()).await.unwrap();
    until.map(|it: Moment| it.to_string())
}

on_both_databases! {
    async fn whoever_pushes_or_mails_is_told_until_when_to_wait(hub: Hub) {
        let (nordwind, olga) = hub.company("Nordwind").await;
        let sam = hub.person(&nordwind, Role::Viewer, "Sam").await;
        let first = olga.get("/api/v1/me/quiet").await.expect(200);
        assert_eq!((&first["zone"], &first["quiet_until"]), (&json!(null), &json!(null)));
        // It is a Wednesday, 2026-11-18, 11:06 in UTC; in Auckland it is past midnight.
        let form = json!({ "zone": "Pacific/Auckland", "from": "22:00", "to": "07:00", "days": ["wed", "tue", "wed"], "off_days": [] });

        let kept = put(&sam, form.clone()).await.expect(200);

        assert_eq!((&kept["days"], &kept["quiet_until"]), (&json!(["tue", "wed"]), &json!("2026-11-18T18:00:00.000000Z")));
        assert_eq!(until(&hub, &sam).await.as_deref(), Some("2026-11-18T18:00:00.000000Z"));
        assert_eq!(until(&hub, &olga).await, None, "quiet is one's own");
        assert_eq!(hub.again(&sam, nordwind.id).await.get("/api/v1/me/quiet").await.expect(200), kept, "on every device");
        hub.wait(Duration::from_hours(7));
        assert_eq!(until(&hub, &sam).await, None, "the night is over");

        let mut paused = form;
        paused["pause_until"] = json!("2026-11-19T08:00:00Z");
        put(&sam, paused.clone()).await.expect(200);
        assert_eq!(until(&hub, &sam).await.as_deref(), Some("2026-11-19T08:00:00.000000Z"));
        for (field, bad) in [("zone", json!("Mars/Base")), ("from", json!("7:00")), ("days", json!(["Monday"])), ("pause_until", json!("2027-11-19T08:00:00Z"))] {
            let mut form = paused.clone();
            form[field] = bad;
            assert_eq!(put(&sam, form).await.status, 422, "{field}");
        }
    }

    async fn notices_are_kept_and_counted_in_quiet_hours(hub: Hub) {
        let (nordwind, olga) = hub.company("Nordwind").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        let (_, room, _) = crate::sharing::shared_deal(&hub, &olga, &bruno, &atelier.id.to_string()).await;
        let always = json!(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
        let form = json!({ "zone": "UTC", "from": "08:00", "to": "08:00", "days": always, "off_days": [] });
        put(&olga, form).await.expect(200);
        assert!(until(&hub, &olga).await.is_some());
        let before = olga.get("/api/v1/me").await.expect(200)["unread_notifications"].as_i64().unwrap();
        let form = json!({ "cid": "m1", "body": "While you sleep" });
        bruno.post(&format!("/api/v1/rooms/{room}/events"), form).await.expect(201);
        let after = olga.get("/api/v1/me").await.expect(200)["unread_notifications"].as_i64().unwrap();
        assert_eq!(after, before + 1, "of {}", nordwind.name);
    }
}
