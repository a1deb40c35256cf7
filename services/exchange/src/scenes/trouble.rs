//! What goes wrong: doubles, faults, strangers, garbage, and all of it at once.

use std::{sync::atomic::Ordering, time::Duration};

use serde_json::{Value, json};

use super::{
    stage::{Order, Stage, interchange},
    states,
};
use crate::interchanges::{self, Source, SubmitInterchanges};

pub(super) async fn the_same_interchange_twice_is_applied_once_and_acknowledged_again(
    stage: Stage,
) {
    let first = stage.send(stage.buyer, Order::default().alone(1)).await;
    let again = stage.send(stage.buyer, Order::default().alone(1) + "\r\n").await;

    assert_eq!(states(&again), ["duplicate"]);
    assert_eq!(
        again[0]["acknowledged_by"][0]["id"],
        first[0]["acknowledged_by"][0]["id"]
    );
    assert_eq!(stage.count("select count(*) from trade_order").await, 1);
    assert_eq!(
        stage.count("select count(*) from interchange where direction = 'out'").await,
        1
    );
    // The order in another envelope is the same order still.
    let other = stage.send(stage.buyer, Order::default().alone(2)).await;
    assert_eq!(states(&other), ["applied"]);
    assert_eq!(other[0]["order"], first[0]["order"].clone());
    assert_eq!(stage.count("select count(*) from trade_order").await, 1);
    // Another order under its number is not.
    let other = Order { quantity: "4", ..Order::default() };
    let other = stage.send(stage.buyer, other.alone(3)).await;
    assert_eq!(states(&other), ["quarantined"]);
    assert!(other[0]["faults"][0]["text"].as_str().unwrap().contains("received before"));
    assert_eq!(stage.count("select count(*) from trade_order_line").await, 2);
}

pub(super) async fn one_control_number_for_two_contents_is_quarantined(stage: Stage) {
    stage.send(stage.buyer, Order::default().alone(1)).await;
    let other = Order { number: "4712", ..Order::default() };

    let items = stage.send(stage.buyer, other.alone(1)).await;

    assert_eq!(states(&items), ["quarantined"]);
    assert!(items[0]["faults"][0]["text"].as_str().unwrap().contains("000000001"));
    assert_eq!(stage.count("select count(*) from trade_order").await, 1);
}

pub(super) async fn good_sets_are_applied_beside_bad_ones(stage: Stage) {
    let good = Order::default().set();
    let bad =
        Order { number: "4712", control: "0002", quantity: "many", ..Order::default() };
    let file = interchange("DORN", "VEGA", 1, "PO", &[good, bad.set()]);

    let items = stage.send(stage.buyer, file).await;

    assert_eq!(states(&items), ["quarantined"]);
    let fault = &items[0]["faults"][0];
    assert_eq!(
        (&fault["segment"], &fault["element"]),
        (&json!("PO1"), &json!(2)),
        "{fault}"
    );
    assert_eq!(fault["value"], "many");
    assert_eq!(items[0]["order"]["number"], "4711");
    assert_eq!(stage.count("select count(*) from trade_order").await, 1);
    let ack = items[0]["acknowledged_by"][0]["id"].as_str().unwrap();
    let raw =
        stage.get(stage.buyer, &format!("/edi/interchanges/{ack}/raw")).await.text();
    assert!(
        raw.contains("AK5*A") && raw.contains("AK5*R") && raw.contains("AK9*P*2*2*1"),
        "{raw}"
    );
}

pub(super) async fn what_is_not_yours_to_send_is_quarantined_and_seen_by_you_alone(
    stage: Stage,
) {
    let items = stage.send(stage.rival, Order::default().alone(1)).await;

    assert_eq!(states(&items), ["quarantined"]);
    assert!(items[0]["acknowledged_by"].as_array().unwrap().is_empty());
    assert_eq!(stage.count("select count(*) from trade_order").await, 0);
    for other in [stage.vendor, stage.buyer] {
        let list = stage.get(other, "/edi/interchanges").await.expect(200);
        assert_eq!(list["items"], json!([]));
    }
    // It does not stand in the way of the true one.
    let items = stage.send(stage.buyer, Order::default().alone(1)).await;
    assert_eq!(states(&items), ["applied"]);
    // What the receiver sends in by hand is its own; its alleged sender does not see it.
    let other = Order { number: "4712", ..Order::default() };
    let items = stage.send(stage.vendor, other.alone(2)).await;
    assert_eq!(states(&items), ["applied"]);
    let orders = stage.get(stage.buyer, "/orders").await.expect(200);
    assert_eq!(orders["items"].as_array().unwrap().len(), 1);
    // Until it sends the very same itself.
    let items = stage.send(stage.buyer, other.alone(2)).await;
    assert_eq!(states(&items), ["duplicate"]);
    assert_eq!(items[0]["acknowledged_by"].as_array().unwrap().len(), 1);
    let orders = stage.get(stage.buyer, "/orders").await.expect(200);
    assert_eq!(orders["items"].as_array().unwrap().len(), 2);
}

pub(super) async fn control_numbers_are_gap_free_under_concurrency(stage: Stage) {
    let numbers: Vec<String> = (0..12).map(|it| format!("47{it:02}")).collect();
    let files = (1..)
        .zip(&numbers)
        .map(|(control, number)| Order { number, ..Order::default() }.alone(control));
    // Every file twice, all at once.
    let files: Vec<String> = files.flat_map(|file| [file.clone(), file]).collect();

    let sent = files.into_iter().map(|file| stage.send(stage.buyer, file));
    let states: Vec<String> = all_at_once(sent).await;

    assert_eq!(states.iter().filter(|it| *it == "applied").count(), 12, "{states:?}");
    assert_eq!(states.iter().filter(|it| *it == "duplicate").count(), 12);
    assert_eq!(stage.count("select count(*) from trade_order").await, 12);
    let list = stage.get(stage.vendor, "/edi/interchanges?direction=out&limit=200").await;
    let mut controls: Vec<u32> = list.expect(200)["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["control_number"].as_str().unwrap().parse().unwrap())
        .collect();
    controls.sort_unstable();
    assert_eq!(controls, (1..=12).collect::<Vec<_>>());
}

/// Polls all at once, so that they do meet.
pub(super) async fn a_quarantined_interchange_is_replayed_once_its_receiver_is_known(
    stage: Stage,
) {
    let file = interchange("DORN", "NEWCO", 1, "PO", &[Order::default().set()]);
    let items = stage.send(stage.buyer, file).await;
    assert_eq!(states(&items), ["quarantined"]);
    let id = items[0]["id"].as_str().unwrap();
    let path = format!("/edi/interchanges/{id}/replay");
    let again = stage.post(stage.buyer, &path, json!({})).await.expect(202);
    assert_eq!(again["items"][0]["state"], "quarantined");
    let sql = "insert into organisation_identifier (organisation_id, scheme, value) values ($1, 'isa', 'ZZ:NEWCO')";
    let add =
        store::Statement { name: "add", sqlite: sql, postgres: sql, unscoped: None };
    let mut tx = stage.house.db.write().await.unwrap();
    tx.run(add).bind(stage.vendor.organisation).execute().await.unwrap();
    tx.commit().await.unwrap();

    let again = stage.post(stage.buyer, &path, json!({})).await.expect(202);

    assert_eq!(again["items"][0]["state"], "applied");
    assert_eq!(again["items"][0]["acknowledged_by"].as_array().unwrap().len(), 1);
    let problem = stage.post(stage.vendor, &path, json!({})).await.expect(409);
    assert_eq!(problem["type"], "/problems/not-in-quarantine");
}

pub(super) async fn garbage_is_kept_and_changes_nothing(stage: Stage) {
    let whole = Order::default().alone(1);
    let (half, _) = whole.split_at(whole.len() / 2);
    let nul = whole.replace("A-1", "A\0\u{1}");
    for (file, state) in [
        ("hello".to_owned(), "quarantined"),
        ("ISA*00".to_owned(), "quarantined"),
        (half.to_owned(), "rejected"),
        (whole.replace("IEA*1*000000001", "IEA*1*000000007"), "rejected"),
        (nul, "quarantined"),
        (Order::default().alone(2).replace("SE*9", "SE*11"), "quarantined"),
    ] {
        let items = stage.send(stage.buyer, file.clone()).await;
        assert_eq!(states(&items), [state], "{file}: {items:#?}");
        assert!(!items[0]["faults"].as_array().unwrap().is_empty(), "{file}");
        let id = items[0]["id"].as_str().unwrap();
        let raw = stage.get(stage.buyer, &format!("/edi/interchanges/{id}/raw")).await;
        assert_eq!(raw.bytes, file.as_bytes());
    }
    assert_eq!(stage.count("select count(*) from trade_order").await, 0);
    stage.ask(stage.buyer, "POST", "/edi/interchanges", " \n").await.expect(422);
    let endless = vec![b'~'; interchanges::LIMIT_BYTES + 1];
    stage.ask(stage.buyer, "POST", "/edi/interchanges", endless).await.expect(413);
}

/// Polls all at once, so that they do meet.
async fn all_at_once(
    sent: impl Iterator<Item = impl Future<Output = Vec<Value>>>,
) -> Vec<String> {
    let mut sent: Vec<_> = sent.map(Box::pin).collect();
    let mut done = vec![None; sent.len()];
    std::future::poll_fn(|context| {
        for (future, done) in sent.iter_mut().zip(&mut done) {
            if done.is_none()
                && let std::task::Poll::Ready(items) = future.as_mut().poll(context)
            {
                *done = Some(items[0]["state"].as_str().unwrap().to_owned());
            }
        }
        if done.iter().all(Option::is_some) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    done.into_iter().flatten().collect()
}

pub(super) async fn what_was_kept_by_a_process_that_died_is_judged_by_a_job(
    stage: Stage,
) {
    let scope = stage.buyer.permit::<SubmitInterchanges>().unwrap().scope();
    let file = Order::default().alone(1);
    let source = Source::Api(scope);
    interchanges::keep(&stage.house, source, file.clone().into()).await.unwrap();
    let list = stage.get(stage.buyer, "/edi/interchanges").await.expect(200);
    assert_eq!(list["items"][0]["state"], "received");
    stage.clock_us.fetch_add(60_000_000, Ordering::SeqCst);
    let orders = "select count(*) from trade_order";
    let done = async {
        while stage.count(orders).await == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };

    tokio::select! {
        () = crate::judging(stage.house.clone()) => {}
        done = tokio::time::timeout(Duration::from_secs(20), done) => done.unwrap(),
    }

    let list =
        stage.get(stage.buyer, "/edi/interchanges?direction=out").await.expect(200);
    assert_eq!(states(list["items"].as_array().unwrap()), ["applied"]);
    assert_eq!(states(&stage.send(stage.buyer, file).await), ["duplicate"]);
}
