//! Letters to members: what was not read is told once, wherever the process dies on the way.

use std::{collections::BTreeSet, time::Duration};

use axum::http::Method;
use serde_json::json;
use suite::{Backing, Hub};

use super::{Process, killed, mail::Relay};
use crate::{command_line::binary, sharing::shared_deal};

killed! { a_member_is_told_once_by_mail }

/// Where it dies between what was said and the relay's word for it. What was not committed is
/// leased for a while, so the first step comes last.
const PLACES: [&str; 4] =
    ["digest.gathered", "letter.claimed", "letter.handed", "digest.gathering"];

async fn a_member_is_told_once_by_mail(backing: Backing) {
    let relay = Relay::open().await;
    let hub = Hub::on(backing).await;
    let (_, olga) = hub.company("Nordwind").await;
    let (atelier, bruno) = hub.company("Atelier").await;
    let (_, main, _) = shared_deal(&hub, &olga, &bruno, &atelier.id.to_string()).await;
    let form = json!({ "pace": "instant", "hour": 8, "zone": "UTC" });
    bruno.ask(Method::PUT, "/api/v1/me/mail", Some(form), &[]).await.expect(200);
    let events = format!("/api/v1/rooms/{main}/events");
    let backing = hub.stop().await;

    for (at, place) in PLACES.iter().enumerate() {
        let cid = uuid::Uuid::from_u128(at as u128 + 1).to_string();
        let form = json!({ "cid": cid, "body": format!("zqtold{at}") }).to_string();
        let (mut process, mut said) = (None, None);
        // A letter that was left over may lead it to that place before it is asked.
        for _ in 0..3 {
            let up = Process::dying(&binary(), &backing, place, &relay.url);
            said = up.post(&events, &olga.token, "application/json", &form).await;
            process = Some(up);
            if said.is_some() {
                break;
            }
        }
        assert!(matches!(said, Some(200 | 201)), "{place}: {said:?}");
        let process = process.unwrap();
        // Whoever looks at the room has ten seconds to read.
        tokio::time::sleep(Duration::from_secs(8)).await;
        process.died(place).await;
    }

    let hub =
        Hub::with(backing, |config| config.smtp_relay = Some(relay.url.clone())).await;
    // What the dead held is free again.
    hub.wait(Duration::from_hours(240));
    for at in 0..PLACES.len() {
        let word = format!("zqtold{at}");
        for _ in 0..150 {
            if !relay.with(&word).await.is_empty() {
                break;
            }
            hub.wait(Duration::from_secs(20));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let letters = relay.with(&word).await;
        let ids: BTreeSet<_> = letters
            .iter()
            .filter_map(|it| it.lines().find(|line| line.starts_with("Message-ID:")))
            .collect();
        assert_eq!(ids.len(), 1, "{word} is told in one letter: {letters:?}");
    }
}
