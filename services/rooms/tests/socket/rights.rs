//! What one may not read does not arrive.

use std::{sync::Arc, time::Duration};

use kernel::{Id, Room};
use serde_json::{Value, json};
use sharing::{Author, Mask, NewEvent, log, spaces};

use crate::stage::{Hub, Somebody};

pub(crate) async fn a_stranger_to_a_room_learns_nothing_of_it(hub: Hub) {
    let (a, b) = (hub.company("acme").await, hub.company("bolt").await);
    let c = hub.company("core").await;
    let deal = hub.deal(&a, &b, "bolt.example").await;
    let mut carl = hub.socket(&c).await;

    for room in
        [deal.main.to_string(), Id::<Room>::mint().to_string(), "nonsense".to_owned()]
    {
        carl.tell(json!({ "t": "sub", "id": 7, "room": room })).await;
        let nak = carl.until("nak").await;
        assert_eq!((&nak["code"], &nak["id"]), (&json!("not_found"), &json!(7)));
        carl.tell(json!({ "t": "send", "id": 8, "room": room, "cid": "c", "body": "x" }))
            .await;
        assert_eq!(carl.until("nak").await["code"], "not_found");
        carl.tell(json!({ "t": "typing", "room": room })).await;
        carl.tell(json!({ "t": "read", "room": room, "seq": 1 })).await;
    }
    carl.tell(json!({ "t": "dance", "id": 9 })).await;
    let error = carl.until("error").await;
    assert_eq!((&error["code"], &error["id"]), (&json!("unknown_frame"), &json!(9)));
    for path in ["", "/events"] {
        let path = format!("/api/v1/rooms/{}{path}", deal.main);
        assert_eq!(hub.get(&c, &path).await.0, 404);
    }
    assert_eq!(hub.get(&c, &format!("/api/v1/deals/{}/rooms", deal.space)).await.0, 404);
    let path = format!("/api/v1/rooms/{}/events", deal.main);
    assert_eq!(
        hub.ask(&c, "POST", &path, json!({ "cid": "c", "body": "x" })).await.0,
        404
    );
}

pub(crate) async fn after_a_removal_nothing_of_the_room_arrives_and_the_socket_stays(
    hub: Hub,
) {
    let (a, b) = (hub.company("acme").await, hub.company("bolt").await);
    let deal = hub.deal(&a, &b, "bolt.example").await;
    let (mut ann, mut ben) = (hub.socket(&a).await, hub.socket(&b).await);
    ann.sub(deal.main, None).await;
    ben.tell(json!({ "t": "sub", "room": "me" })).await;
    ben.sub(deal.main, None).await;
    ann.say(deal.main, "c1", "before").await;
    assert_eq!(ben.until("ev").await["body"], "before");

    hub.remove(&a, &deal).await;
    ann.say(deal.main, "c2", "after").await;

    let revoked = ben.until("revoked").await;
    assert_eq!(revoked["reason"], "removed");
    assert_eq!(ben.say(deal.main, "c3", "still here?").await["code"], "not_found");
    ben.tell(json!({ "t": "ping", "n": 5 })).await;
    loop {
        let frame = ben.next().await.unwrap();
        assert_ne!(frame["t"], "ev");
        assert_ne!(frame["id"], deal.space.to_string());
        if frame["t"] == "pong" {
            break;
        }
    }
}

pub(crate) async fn a_removal_under_fire_lets_nothing_through(hub: Hub) {
    let hub = Arc::new(hub);
    let (a, b) = (hub.company("acme").await, hub.company("bolt").await);
    let deal = hub.deal(&a, &b, "bolt.example").await;
    let mut sockets = Vec::new();
    for _ in 0..6 {
        let mut ben = hub.socket(&b).await;
        ben.sub(deal.main, Some(0)).await;
        sockets.push(ben);
    }
    let (filling, room) = (Arc::clone(&hub), deal.main);
    let filler = tokio::spawn(async move {
        for _ in 0..40 {
            filling.fill(&a, room, 3, "fire").await;
        }
        a
    });
    tokio::time::sleep(Duration::from_millis(30)).await;
    let mut tx = hub.house.db.write().await.unwrap();
    let now = hub.house.clock.now();
    let leave = spaces::PartyMove::Leave;
    spaces::step(&mut tx, b.scope(), deal.party, leave, "x", now).await.unwrap();
    tx.commit().await.unwrap();
    let a = filler.await.unwrap();
    let events = format!("/api/v1/rooms/{}/events?limit=200", deal.main);
    let items = hub.get(&a, &events).await.1["items"].as_array().unwrap().clone();
    let gone = items.iter().rfind(|event| event["kind"] == "party").unwrap();
    let gone = gone["seq"].as_i64().unwrap();

    for mut ben in sockets {
        let mut last = 0;
        loop {
            let frame = ben.next().await.unwrap();
            match frame["t"].as_str().unwrap() {
                "ev" => {
                    assert_eq!(frame["seq"], last + 1, "dense");
                    last += 1;
                    assert!(last < gone, "{last} came, but {gone} was the end");
                }
                "revoked" => break,
                _ => {}
            }
        }
        ben.quiet().await;
    }
}

pub(crate) async fn a_narrower_mask_shows_no_later_change_of_the_field(hub: Hub) {
    let (a, b) = (hub.company("acme").await, hub.company("bolt").await);
    let deal = hub.deal(&a, &b, "bolt.example").await;
    let mut ben = hub.socket(&b).await;
    ben.sub(deal.main, None).await;
    let change = |to: &'static str| {
        let detail = json!({ "field": "title", "from": "x", "to": to });
        let Somebody { person, organisation, .. } = a;
        let author = Author::Person { person, organisation };
        NewEvent::telling(sharing::EventKind::Card, author, detail)
    };
    let append = async |event: NewEvent| {
        let mut tx = hub.house.db.write().await.unwrap();
        log::append(&mut tx, deal.main, hub.house.clock.now(), event).await.unwrap();
        tx.commit().await.unwrap();
    };
    append(change("before")).await;
    assert_eq!(ben.until("ev").await["detail"]["to"], "before");

    let mut tx = hub.house.db.write().await.unwrap();
    let (now, mask) = (hub.house.clock.now(), Some(Mask::of(["stage"])));
    let parties = spaces::parties(&mut tx, a.scope(), deal.space).await.unwrap();
    let revision = parties.iter().find(|row| row.id == deal.party).unwrap().revision;
    let narrowed =
        spaces::set_mask(&mut tx, a.scope(), deal.party, mask, None, revision, "x", now)
            .await;
    narrowed.unwrap();
    tx.commit().await.unwrap();
    append(change("after")).await;

    let ev = ben.until("ev").await;
    assert_eq!((&ev["kind"], &ev["detail"]), (&json!("card"), &Value::Null));
}
