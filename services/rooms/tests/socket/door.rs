//! Who comes in, and how much they may say.

use futures_util::SinkExt;
use gate::{Caller, Means, Role, Scopes};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::stage::Hub;

pub(crate) async fn only_a_good_hello_opens_and_only_from_our_pages(hub: Hub) {
    let a = hub.company("acme").await;
    let hello = |frame: Value| async {
        let mut socket = hub.bare(None, None).await.unwrap();
        socket.tell(frame).await;
        socket.closed().await
    };
    assert_eq!(hello(json!({ "t": "hello", "v": 1, "token": "wrong" })).await, 4001);
    assert_eq!(hello(json!({ "t": "hello", "v": 1 })).await, 4001);
    assert_eq!(hello(json!({ "t": "hello", "v": 2, "token": a.token })).await, 4400);
    assert_eq!(hello(json!({ "t": "ping" })).await, 4001);
    assert_eq!(hello(json!([1])).await, 4010);
    assert_eq!(hub.bare(None, None).await.unwrap().closed().await, 4001);

    assert!(hub.bare(Some("http://evil.example"), Some(&a.token)).await.is_none());
    let mut socket = hub.bare(Some("http://hub.example"), Some(&a.token)).await.unwrap();
    socket.tell(json!({ "t": "hello", "v": 1 })).await;
    socket.until("welcome").await;
    socket.tell(json!({ "t": "ping", "n": 3 })).await;
    assert_eq!(socket.until("pong").await["n"], 3);
    let long = json!({ "t": "ping", "x": "x".repeat(70_000) });
    socket.tell(long).await;
    assert_eq!(socket.closed().await, 4009);

    let mut socket = hub.socket(&a).await;
    socket.0.send(Message::text("{}")).await.unwrap();
    assert_eq!(socket.closed().await, 4010);

    let (mut first, mut other) = (hub.socket(&a).await, hub.socket(&a).await);
    first.tell(json!({ "t": "auth", "id": 2, "token": a.token })).await;
    first.until("authd").await;
    let mut tx = hub.house.db.write().await.unwrap();
    let caller = Caller {
        person: a.person,
        organisation: a.organisation,
        role: Role::Owner,
        means: Means::Session(a.session),
        scopes: Scopes::All,
    };
    let now = hub.house.clock.now();
    assert!(gate::sessions::end(&mut tx, &caller, a.session, now).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!((first.closed().await, other.closed().await), (4003, 4003));
}

pub(crate) async fn twenty_messages_in_ten_seconds_are_enough(hub: Hub) {
    let (a, b) = (hub.company("acme").await, hub.company("bolt").await);
    let deal = hub.deal(&a, &b, "bolt.example").await;
    let mut ann = hub.socket(&a).await;
    for number in 0..21 {
        let cid = format!("c{number}");
        let frame = json!({ "t": "send", "room": deal.main, "cid": cid, "body": "x" });
        ann.tell(frame).await;
    }
    // A refusal needs no commit, so it may overtake.
    let (mut acks, mut naks) = (Vec::new(), Vec::new());
    while acks.len() + naks.len() < 21 {
        let frame = ann.next().await.unwrap();
        match frame["t"].as_str().unwrap() {
            "ack" => acks.push(frame["seq"].as_i64().unwrap()),
            "nak" => naks.push(frame),
            _ => {}
        }
    }
    assert!(acks.is_sorted() && acks.len() == 20);
    assert_eq!(naks[0]["code"], "rate");
    assert!(naks[0]["retry"].as_i64().unwrap() > 0);
    let path = format!("/api/v1/rooms/{}/events", deal.main);
    let (status, _) =
        hub.ask(&a, "POST", &path, json!({ "cid": "d", "body": "x" })).await;
    assert_eq!(status, 429);
}

pub(crate) async fn nonsense_is_answered_or_closed_and_the_hub_goes_on(hub: Hub) {
    let (a, b) = (hub.company("acme").await, hub.company("bolt").await);
    let deal = hub.deal(&a, &b, "bolt.example").await;
    let room = deal.main.to_string();
    let closes = [
        "",
        "null",
        "{}",
        "[[[[[[[[[[[[[[[[[[[[",
        r#"{"t":7}"#,
        r#"{"t":"sub"}"#,
        r#"{"t":"send","room":"r","cid":1,"body":"x"}"#,
        r#"{"t":"read","room":"r","seq":-1}"#,
        r#"{"t":"hello","v":1}"#,
    ];
    for text in closes {
        let mut socket = hub.socket(&a).await;
        socket.0.send(Message::text(text)).await.unwrap();
        assert_eq!(socket.closed().await, 4010, "{text}");
    }
    let mut socket = hub.socket(&a).await;
    socket.0.send(Message::binary(vec![1, 2, 3])).await.unwrap();
    assert_eq!(socket.closed().await, 4010);

    let mut socket = hub.socket(&a).await;
    let far = json!({ "epoch": "e1", "seq": 9_007_199_254_740_991_i64 });
    socket.tell(json!({ "t": "sub", "id": 1, "room": room, "cursor": far })).await;
    assert_eq!(socket.until("subd").await["mode"], "gap");
    socket
        .tell(json!({ "t": "read", "room": room, "seq": 9_007_199_254_740_991_i64 }))
        .await;
    socket.tell(json!({ "t": "unsub", "id": 2, "room": room })).await;
    assert_eq!(socket.until("unsubd").await["id"], 2);
    for (cid, body, code) in
        [("", "x", "bad_cid"), ("c1", " ", "empty"), ("c1", "\u{0}", "empty")]
    {
        assert_eq!(socket.say(deal.main, cid, body).await["code"], code);
    }
    let answer =
        json!({ "t": "send", "room": room, "cid": "c2", "body": "x", "reply_to": 999 });
    socket.tell(answer).await;
    assert_eq!(socket.until("nak").await["code"], "bad_reply");
    assert_eq!(socket.say(deal.main, "c3", "a\u{0}b").await["t"], "ack");
}
