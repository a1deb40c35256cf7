//! Two processes on one PostgreSQL, joined by NATS.

use serde_json::json;
use store::Bus;

use crate::stage::{fresh_postgres, node};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_on_one_node_arrives_on_the_other_and_a_removal_too() {
    let Ok(nats) = std::env::var("ENTENTE_TEST_NATS") else {
        assert!(std::env::var_os("CI").is_none(), "CI must set ENTENTE_TEST_NATS");
        return;
    };
    let Some(url) = fresh_postgres().await else { return };
    let bus = async || Bus::nats(&nats).await.unwrap();
    let (here, there) =
        (std::env::temp_dir().join("none"), std::env::temp_dir().join("none"));
    let (here, there) =
        (node(&url, bus().await, here).await, node(&url, bus().await, there).await);
    let (a, b) = (here.company("acme").await, here.company("bolt").await);
    let deal = here.deal(&a, &b, "bolt.example").await;
    let (mut ann, mut ben) = (here.socket(&a).await, there.socket(&b).await);
    let head = ben.sub(deal.main, None).await["head"].as_i64().unwrap();
    ben.until("caught").await;

    let ack = ann.say(deal.main, "c1", "hello").await;
    assert_eq!(ack["seq"], head + 1);
    let ev = ben.until("ev").await;
    assert_eq!((&ev["seq"], &ev["body"]), (&json!(head + 1), &json!("hello")));

    here.remove(&a, &deal).await;
    assert_eq!(ben.until("revoked").await["reason"], "removed");
    ann.say(deal.main, "c2", "alone").await;
    ben.quiet().await;
}
