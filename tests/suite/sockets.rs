use std::time::Duration;

use serde_json::{Value, json};
use suite::{Socket, on_both_databases};

use crate::sharing::shared_deal;

const A_WHILE: Duration = Duration::from_millis(400);

fn cid(number: u128) -> String {
    uuid::Uuid::from_u128(0x019a_0000_0000_7000_8000_0000_0000_0000 | number).to_string()
}

/// The seqs of a room's events, in the order in which they came.
fn seqs(socket: &Socket, room: &str) -> Vec<i64> {
    let events =
        socket.seen.iter().filter(|frame| frame["t"] == "ev" && frame["room"] == room);
    events.map(|frame| frame["seq"].as_i64().unwrap()).collect()
}

fn dense(seqs: &[i64]) -> bool {
    seqs.windows(2).all(|pair| pair[1] == pair[0] + 1)
}

on_both_databases! {
    async fn a_message_reaches_the_other_side_after_it_is_kept(hub: Hub) {
        let (_, olga) = hub.company("Nordwind").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        let (_, room, _) = shared_deal(&hub, &olga, &bruno, &atelier.id.to_string()).await;
        let mut host = hub.socket(&olga).await;
        let mut party = hub.socket(&bruno).await;
        host.subscribe(&room).await;
        party.subscribe(&room).await;

        let ack = host.say(&room, &cid(1), "Welcome").await;
        let again = host.say(&room, &cid(1), "Welcome").await;
        let other = host.say(&room, &cid(1), "Something else").await;
        let heard = party.until(|frame| frame["t"] == "ev" && frame["body"] == "Welcome").await;

        assert_eq!((&ack["t"], &again["t"], &other["t"]), (&json!("ack"), &json!("ack"), &json!("nak")));
        assert_eq!((&ack["seq"], &again["dup"]), (&again["seq"], &json!(true)));
        assert_eq!(other["code"], "cid_reused");
        assert_eq!(heard["seq"], ack["seq"]);
        let stored = bruno.get(&format!("/api/v1/rooms/{room}/events")).await.expect(200);
        let said: Vec<&Value> = stored["items"].as_array().unwrap().iter().filter(|it| it["body"] == "Welcome").collect();
        assert_eq!(said.len(), 1);
    }

    async fn a_cursor_brings_what_was_missed_without_a_gap_or_a_double(hub: Hub) {
        let (_, olga) = hub.company("Nordwind").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        let (_, room, _) = shared_deal(&hub, &olga, &bruno, &atelier.id.to_string()).await;
        let mut party = hub.socket(&bruno).await;
        party.subscribe(&room).await;
        let before = seqs(&party, &room);
        let seen = *before.last().unwrap();
        drop(party);
        let mut host = hub.socket(&olga).await;
        for number in 0..10 {
            assert_eq!(host.say(&room, &cid(number), "While you slept").await["t"], "ack");
        }

        let mut back = hub.socket(&bruno).await;
        let cursor = json!({ "epoch": "e1", "seq": seen });
        back.tell(json!({ "t": "sub", "room": room, "cursor": cursor })).await;
        back.until(|frame| frame["t"] == "caught").await;
        let sent = host.say(&room, &cid(99), "And now live").await;
        back.until(|frame| frame["seq"] == sent["seq"]).await;

        let heard = seqs(&back, &room);
        assert_eq!(heard.first(), Some(&(seen + 1)));
        assert!(dense(&heard) && heard.len() == 11, "{heard:?}");
    }

    async fn a_removed_party_hears_nothing_more_and_keeps_its_other_rooms(hub: Hub) {
        let (_, olga) = hub.company("Nordwind").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        let (_, room, moves) = shared_deal(&hub, &olga, &bruno, &atelier.id.to_string()).await;
        let own = json!({ "title": "Own", "account": "Mill", "amount_minor": 1, "currency": "EUR" });
        let own = bruno.post("/api/v1/deals", own).await.expect(201);
        let own = own["rooms"].as_array().unwrap()[0]["id"].as_str().unwrap().to_owned();
        let mut host = hub.socket(&olga).await;
        let mut party = hub.socket(&bruno).await;
        party.subscribe(&room).await;
        party.subscribe(&own).await;

        olga.post(&moves, json!({ "move": "remove" })).await.expect(200);
        host.say(&room, &cid(1), "Among ourselves").await;
        let told = party.until(|frame| frame["t"] == "revoked").await;
        let after = party.during(A_WHILE).await;
        let still = party.say(&own, &cid(2), "Still here").await;
        party.tell(json!({ "t": "sub", "room": room })).await;
        let refused = party.until(|frame| frame["id"].is_i64() && frame["t"] != "ack").await;

        assert_eq!(told["room"], room.as_str());
        assert!(after.iter().all(|frame| frame["room"] != room.as_str()), "{after:?}");
        assert!(!format!("{:?}", party.seen).contains("Among ourselves"));
        assert_eq!(still["t"], "ack");
        assert!(!refused.to_string().contains("head"), "{refused}");
    }

    async fn a_note_stays_inside(hub: Hub) {
        let (_, olga) = hub.company("Nordwind").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        let (path, room, _) = shared_deal(&hub, &olga, &bruno, &atelier.id.to_string()).await;
        let deal = olga.get(&path).await.expect(200);
        let rooms = deal["rooms"].as_array().unwrap();
        let notes = rooms.iter().find(|it| it["kind"] == "internal").unwrap()["id"].as_str().unwrap();
        let mut host = hub.socket(&olga).await;
        let mut party = hub.socket(&bruno).await;
        party.tell(json!({ "t": "sub", "room": "me" })).await;
        party.subscribe(&room).await;

        assert_eq!(host.say(notes, &cid(1), "Floor is 15 %").await["t"], "ack");
        party.tell(json!({ "t": "sub", "room": notes })).await;
        party.during(A_WHILE).await;

        assert!(!format!("{:?}", party.seen).contains("Floor is"));
        assert_eq!(bruno.get(&format!("/api/v1/rooms/{notes}/events")).await.status, 404);
    }

    async fn wrong_frames_are_refused_and_a_stranger_is_sent_away(hub: Hub) {
        let (_, olga) = hub.company("Nordwind").await;
        let mut stranger = hub.bare_socket().await;
        stranger.tell(json!({ "t": "hello", "token": "nobody's", "v": 1 })).await;
        assert_eq!(stranger.closed().await, 4001);

        let mut large = hub.socket(&olga).await;
        large.raw(format!("{{\"t\":\"ping\",\"n\":\"{}\"}}", "x".repeat(70_000))).await;
        assert_eq!(large.closed().await, 4009);

        let mut broken = hub.socket(&olga).await;
        broken.raw("no json".to_owned()).await;
        assert_eq!(broken.closed().await, 4010);

        let mut curious = hub.socket(&olga).await;
        for room in [kernel::Id::<kernel::Room>::mint().to_string(), "deal-17".to_owned()] {
            curious.tell(json!({ "t": "sub", "room": room })).await;
        }
        let seen = curious.during(A_WHILE).await;
        assert!(seen.iter().all(|frame| frame["t"] != "subd"), "{seen:?}");
    }

    async fn a_session_that_ends_takes_its_socket_with_it(hub: Hub) {
        let (_, olga) = hub.company("Nordwind").await;
        let mut socket = hub.socket(&olga).await;

        assert_eq!(olga.post("/api/v1/sign-out", json!({})).await.status, 204);

        assert!([4001, 4003].contains(&socket.closed().await));
    }
}
