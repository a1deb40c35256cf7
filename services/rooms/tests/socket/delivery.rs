//! What is said arrives: once, in order, without a hole.

use serde_json::{Value, json};

use crate::stage::{Hub, PATIENCE};

pub(crate) async fn what_one_company_says_the_other_hears_once_and_in_order(hub: Hub) {
    let (a, b) = (hub.company("acme").await, hub.company("bolt").await);
    let deal = hub.deal(&a, &b, "bolt.example").await;
    let (mut ann, mut ben) = (hub.socket(&a).await, hub.socket(&b).await);
    let head = ann.sub(deal.main, None).await["head"].as_i64().unwrap();
    assert_eq!(ben.sub(deal.main, None).await["mode"], "live");

    for number in 1..=5 {
        let ack = ann.say(deal.main, &format!("c{number}"), "hello").await;
        assert_eq!(
            (&ack["t"], &ack["seq"]),
            (&json!("ack"), &json!(head + number)),
            "{ack}"
        );
    }
    for number in 1..=5 {
        let ev = ben.until("ev").await;
        assert_eq!(ev["seq"], head + number);
        assert_eq!(ev["author"], a.person.to_string());
    }

    let again = ann.say(deal.main, "c1", "hello").await;
    assert_eq!((&again["seq"], &again["dup"]), (&json!(head + 1), &json!(true)));
    assert_eq!(ann.say(deal.main, "c1", "other").await["code"], "cid_reused");
    assert_eq!(ann.say(deal.main, "c9", &"x".repeat(8_001)).await["code"], "too_long");
    ben.quiet().await;

    let mut late = hub.socket(&b).await;
    let subd = late.sub(deal.main, Some(head)).await;
    assert_eq!((&subd["mode"], &subd["from"]), (&json!("replay"), &json!(head + 1)));
    for number in 1..=5 {
        assert_eq!(late.until("ev").await["seq"], head + number);
    }
    assert_eq!(late.next().await.unwrap()["t"], "caught");

    let (status, page) =
        hub.get(&b, &format!("/api/v1/rooms/{}/events?after=0", deal.main)).await;
    assert_eq!((status, &page["head"]), (200, &json!(head + 5)));
    let (status, list) =
        hub.get(&b, &format!("/api/v1/deals/{}/rooms", deal.space)).await;
    assert_eq!(status, 200);
    assert_eq!(list["items"][0]["kind"], "main");
    assert_eq!(list["items"][0]["audience"].as_array().unwrap().len(), 2);
    let unread = hub.get(&b, "/api/v1/notifications?unread=true").await.1;
    let messages = |list: &Value| {
        let items = list["items"].as_array().unwrap().clone();
        items.iter().filter(|notice| notice["kind"] == "message").count()
    };
    assert_eq!(messages(&unread), 1, "{unread}");

    let path = format!("/api/v1/rooms/{}/read", deal.main);
    assert_eq!(hub.ask(&b, "POST", &path, json!({ "seq": head + 5 })).await.0, 204);
    assert_eq!(messages(&hub.get(&b, "/api/v1/notifications?unread=true").await.1), 0);
    let room = hub.get(&b, &format!("/api/v1/rooms/{}", deal.main)).await.1;
    assert_eq!(room["read"], head + 5);
}

pub(crate) async fn a_long_absence_is_a_gap_and_a_short_one_a_replay(hub: Hub) {
    let (a, b) = (hub.company("acme").await, hub.company("bolt").await);
    let deal = hub.deal(&a, &b, "bolt.example").await;
    hub.fill(&a, deal.main, 600, "hello").await;
    let mut ben = hub.socket(&b).await;

    assert_eq!(ben.sub(deal.main, Some(1)).await["mode"], "gap");
    let subd = ben.sub(deal.main, Some(150)).await;
    assert_eq!(subd["mode"], "replay");
    let head = subd["head"].as_i64().unwrap();
    for seq in 151..=head {
        assert_eq!(ben.until("ev").await["seq"], seq);
    }
    assert_eq!(ben.until("caught").await["seq"], head);
    let other = json!({ "epoch": "e0", "seq": head });
    ben.tell(json!({ "t": "sub", "id": 4, "room": deal.main, "cursor": other })).await;
    assert_eq!(ben.until("subd").await["mode"], "gap");

    hub.fill(&a, deal.main, 60, &"long ".repeat(1_500)).await;
    for _ in 0..3 {
        hub.fill(&a, deal.main, 60, &"long ".repeat(1_500)).await;
    }
    assert_eq!(ben.sub(deal.main, Some(head)).await["mode"], "replay");
    let mut next = head + 1;
    loop {
        let frame = ben.next().await.unwrap();
        if frame["t"] == "gap" {
            break;
        }
        if frame["t"] == "ev" {
            assert_eq!(frame["seq"], next);
            next += 1;
        }
    }
    assert!(next < head + 240);
}

pub(crate) async fn who_does_not_read_is_closed_and_does_not_delay_the_others(hub: Hub) {
    let (a, b) = (hub.company("acme").await, hub.company("bolt").await);
    let deal = hub.deal(&a, &b, "bolt.example").await;
    let (mut stalled, mut ben) = (hub.socket(&b).await, hub.socket(&b).await);
    stalled.sub(deal.main, None).await;
    let head = ben.sub(deal.main, None).await["head"].as_i64().unwrap();

    // The kernel takes some megabytes for it before anybody notices.
    let long = "é".repeat(8_000);
    for round in 0..50 {
        hub.fill(&a, deal.main, 20, &long).await;
        for number in 1..=20 {
            assert_eq!(ben.until("ev").await["seq"], head + round * 20 + number);
        }
    }

    let mut last = head;
    let code = loop {
        match stalled.next().await {
            Ok(frame) if frame["t"] == "ev" => {
                assert_eq!(frame["seq"], last + 1);
                last += 1;
            }
            Ok(_) => {}
            Err(code) => break code,
        }
    };
    assert!(code == 4508 || code == 0, "{code}");
    assert!(last < head + 1_000);
}

pub(crate) async fn typing_is_told_to_the_others_and_going_away_to_all(hub: Hub) {
    let (a, b) = (hub.company("acme").await, hub.company("bolt").await);
    let deal = hub.deal(&a, &b, "bolt.example").await;
    let (mut ann, mut ben) = (hub.socket(&a).await, hub.socket(&b).await);
    ann.sub(deal.main, None).await;
    ben.sub(deal.main, None).await;
    ben.until("caught").await;

    for _ in 0..2 {
        ann.tell(json!({ "t": "typing", "room": deal.main })).await;
    }
    let eph = ben.until("eph").await;
    assert_eq!((&eph["kind"], &eph["user"]), (&json!("typing"), &json!(a.person)));
    ben.quiet().await;

    let draining = hub.live.clone();
    let house = hub.house.clone();
    let drain = tokio::spawn(async move { draining.drain(&house, PATIENCE).await });
    for socket in [&mut ann, &mut ben] {
        let bye = socket.until("bye").await;
        assert_eq!(bye["code"], 4503);
        assert_eq!(socket.closed().await, 4503);
    }
    drop((ann, ben));
    drain.await.unwrap();
    assert_eq!(hub.live.sockets(), 0);
}
