//! Several processes on one database: the bus tells where to look, the database is the truth.

use serde_json::json;
use suite::{Backing, Hub};

use crate::sharing::shared_deal;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_sent_on_one_node_is_delivered_on_the_other() {
    let Ok(nats) = std::env::var("ENTENTE_TEST_NATS") else {
        assert!(std::env::var_os("CI").is_none(), "CI must set ENTENTE_TEST_NATS");
        return;
    };
    let Some(backing) = Backing::postgres().await else { return };
    let url = backing.url();
    let data = backing.folder().join("data");
    let first = Hub::with(backing, |config| config.nats_url = Some(nats.clone())).await;
    let second = Hub::with(Backing::sqlite(), |config| {
        config.nats_url = Some(nats.clone());
        config.database_url = Some(url.clone());
        config.data_dir = data;
    })
    .await;
    let (_, olga) = first.company("Nordwind").await;
    let (atelier, bruno) = first.company("Atelier").await;
    let (_, room, moves) =
        shared_deal(&first, &olga, &bruno, &atelier.id.to_string()).await;
    let mut here = first.socket(&olga).await;
    let mut there = second.socket(&bruno).await;
    there.subscribe(&room).await;

    let cid = "019a0000-0000-7000-8000-000000000001";
    let ack = here.say(&room, cid, "From one node to the other").await;
    let heard = there.until(|frame| frame["body"] == "From one node to the other").await;
    olga.post(&moves, json!({ "move": "remove" })).await.expect(200);
    let told = there.until(|frame| frame["t"] == "revoked").await;

    assert_eq!(heard["seq"], ack["seq"]);
    assert_eq!(told["room"], room.as_str());
}
