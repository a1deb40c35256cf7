//! A device that was told right before the process died is told once more, and then no more.

use std::time::Duration;

use serde_json::json;
use suite::{Backing, Hub};

use super::{Process, killed};
use crate::{command_line::binary, push::Service, sharing::shared_deal};

killed! { a_device_is_told_again_of_what_it_may_not_have_heard }

async fn a_device_is_told_again_of_what_it_may_not_have_heard(backing: Backing) {
    let Some(service) = Service::start(&["201"]) else { return };
    let hub = Hub::on(backing).await;
    let (_, olga) = hub.company("Nordwind").await;
    let (atelier, bruno) = hub.company("Atelier").await;
    let (_, room, _) = shared_deal(&hub, &olga, &bruno, &atelier.id.to_string()).await;
    bruno.post("/api/v1/notifications/read", json!({ "all": true })).await.expect(200);
    let (method, device) = ("PUT".parse().unwrap(), service.devices[0].clone());
    bruno.ask(method, "/api/v1/me/push", Some(device), &[]).await.expect(200);
    let backing = hub.stop().await;

    let dying = Process::dying(&binary(), &backing, "push.posted", "");
    let path = format!("/api/v1/rooms/{room}/events");
    let form = json!({ "cid": "m1", "body": "Are you there?" }).to_string();
    dying.post(&path, &olga.token, "application/json", &form).await;
    dying.died("push.posted").await;
    let first = service.next().await;
    let hub = Hub::on(backing).await;
    hub.wait(Duration::from_hours(240));
    let again = service.next().await;

    // The browser shows both in one place, since they have one notice.
    assert_eq!(again["message"]["notice"], first["message"]["notice"]);
    hub.wait(Duration::from_hours(240));
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(service.rest(), Vec::<serde_json::Value>::new());
}
