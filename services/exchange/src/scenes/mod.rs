//! Orders by EDI: kept first, applied once, answered, and shown to nobody else.

mod called;
mod deadlines;
mod edifact;
mod fulfilment;
mod invoicing;
mod long;
mod mailboxes;
mod mending;
mod openssh;
mod readings;
mod requests;
mod stage;
mod stations;
mod trouble;
mod unproven;

use std::time::Duration;

use called::*;
use deadlines::*;
use edifact::*;
use fulfilment::*;
use invoicing::*;
use long::*;
use mailboxes::*;
use mending::*;
use readings::*;
use requests::*;
use serde_json::{Value, json};
pub(crate) use stage::Stage;
use stage::{Order, interchange};
use stations::*;
use trouble::*;
use unproven::*;

/// Each scene plays on both databases.
macro_rules! scenes {
    ($($name:ident)+) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::$name(super::Stage::on_sqlite().await).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test]
            async fn $name() {
                if let Some(stage) = super::Stage::on_postgres().await {
                    super::$name(stage).await;
                }
            })+
        }
    };
}

mod buying;
mod changes;
mod counters;
mod lane;
mod lists;
mod names;
mod sellers;

scenes! {
    every_statement_prepares
    an_850_becomes_an_order_and_is_answered_by_997_and_855
    an_orders_becomes_an_order_and_is_answered_by_contrl_and_ordrsp
    a_contrl_is_for_who_asks_and_for_who_errs
    the_same_interchange_twice_is_applied_once_and_acknowledged_again
    one_control_number_for_two_contents_is_quarantined
    good_sets_are_applied_beside_bad_ones
    what_is_not_yours_to_send_is_quarantined_and_seen_by_you_alone
    a_file_of_two_interchanges_is_split
    an_order_finds_its_deal_and_the_buyer_does_not_see_it
    an_order_is_placed_by_hand_once
    a_997_that_comes_in_finds_what_it_acknowledges
    control_numbers_are_gap_free_under_concurrency
    a_quarantined_interchange_is_replayed_once_its_receiver_is_known
    the_drop_folder_takes_files_in_and_hands_answers_over
    garbage_is_kept_and_changes_nothing
    what_was_kept_by_a_process_that_died_is_judged_by_a_job
    an_answer_is_bound_to_its_revision_and_its_seller
    a_partner_puts_an_order_and_fetches_what_answers_it
    a_mailbox_has_two_folders_and_no_way_out
    what_breaks_off_half_way_was_never_there
    whoever_guesses_passwords_is_shut_out
    a_partners_mailbox_is_emptied_once_and_filled
    what_was_fetched_is_moved_where_that_is_agreed
    no_server_is_spoken_to_but_the_one_that_was_agreed
    a_mailbox_that_makes_no_sense_is_refused_by_name
    a_file_that_nobody_fetches_is_told_of_once
    an_order_over_as2_is_receipted_applied_once_and_answered
    a_long_message_is_kept_receipted_and_not_judged
    what_is_refused_too_often_is_answered_and_not_kept
    without_signatures_a_day_has_an_end
    what_cannot_be_judged_at_once_is_receipted_and_judged_by_a_job
    what_a_partner_may_not_send_is_refused_by_receipt
    a_receipt_may_come_by_a_call_of_its_own
    a_partner_is_tried_resent_to_and_left
    a_key_of_ones_own_signs_and_what_it_proved_is_exported
    an_acknowledgement_that_does_not_come_is_told_listed_and_chased
    a_contrl_is_asked_for_where_agreed_and_awaited_as_a_997_is
    a_certificate_that_ends_is_told_of_once_a_step
    addresses_within_the_network_are_not_called
    a_message_that_fails_is_told_of
    an_840_becomes_a_request_and_its_quote_goes_out_as_843
    a_reqote_becomes_a_request_and_its_quote_goes_out_as_quotes
    a_request_comes_once_and_a_bad_one_is_quarantined
    a_document_is_read_with_the_bytes_of_each_value
    a_set_in_quarantine_is_mended_and_applied_beside_what_was_good
    what_may_not_be_mended_is_refused_and_changes_nothing
    garbage_is_mended_into_an_order_or_put_away
    an_850_is_shipped_in_two_parts_invoiced_approved_and_closed
    an_orders_is_shipped_in_two_parts_invoiced_approved_and_closed
    only_its_seller_goes_on_with_an_order_at_its_revision
    a_wrong_invoice_is_taken_back_and_numbers_have_no_gap
    invoices_written_at_once_count_each_thing_once
    a_buyer_sees_in_what_an_invoice_disagrees
    a_part_of_an_invoice_is_credited_and_never_more_than_is_left
    what_follows_an_order_is_told_in_its_deal
}

fn states(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["state"].as_str().unwrap()).collect()
}

async fn every_statement_prepares(stage: Stage) {
    for (feature, statements) in commerce::STATEMENTS.iter().chain(crate::STATEMENTS) {
        for statement in *statements {
            if let Err(fault) = stage.house.db.prepare(*statement).await {
                panic!("{feature}::{}: {:?}", statement.name, fault);
            }
        }
    }
}

async fn an_850_becomes_an_order_and_is_answered_by_997_and_855(stage: Stage) {
    let items = stage.send(stage.buyer, Order::default().alone(1)).await;

    assert_eq!(states(&items), ["applied"], "{items:#?}");
    assert_eq!(items[0]["kind"], "850");
    assert_eq!(items[0]["direction"], "out");
    let ack = items[0]["acknowledged_by"][0].clone();
    assert_eq!(ack["kind"], "997");
    let orders = stage.get(stage.vendor, "/orders").await.expect(200);
    let order = &orders["items"][0];
    assert_eq!(order["number"], "4711");
    assert_eq!(order["total_minor"], 3 * 415 + 125);
    assert_eq!(order["buyer"]["name"], "Dorn");
    assert_eq!(order["deal"], Value::Null);
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    let one = stage.get(stage.vendor, &path).await.expect(200);
    assert_eq!(one["can_answer"], true);
    let answer = json!({ "revision": one["revision"], "lines": [
        { "line": "1", "decision": "change", "quantity": "2", "requested_on": "2026-12-24" },
        { "line": "2", "decision": "accept" },
    ]});
    let answered =
        stage.post(stage.vendor, &format!("{path}/answer"), answer).await.expect(200);
    assert_eq!(answered["state"], "accepted_with_change");
    assert_eq!(answered["lines"][0]["answer"]["quantity"], "2");
    let kinds: Vec<_> =
        answered["documents"].as_array().unwrap().iter().map(|it| &it["kind"]).collect();
    assert_eq!(kinds, ["850", "997", "855"]);
    let theirs = stage.get(stage.buyer, &path).await.expect(200);
    assert_eq!(theirs["can_answer"], false);
    assert_eq!(theirs["documents"][2]["direction"], "in");
    let id = theirs["documents"][2]["id"].as_str().unwrap();
    let raw = stage.get(stage.buyer, &format!("/edi/interchanges/{id}/raw")).await;
    assert!(raw.text().contains("BAK*00*AC*4711*20261120"), "{}", raw.text());
    stage.get(stage.rival, &path).await.expect(404);
    stage.get(stage.rival, &format!("/edi/interchanges/{id}")).await.expect(404);
    stage.get(stage.rival, &format!("/edi/interchanges/{id}/raw")).await.expect(404);
    stage
        .post(stage.rival, &format!("/edi/interchanges/{id}/replay"), json!({}))
        .await
        .expect(404);
    let empty = json!({ "items": [], "next": null });
    assert_eq!(stage.get(stage.rival, "/orders").await.expect(200), empty);
    assert_eq!(stage.get(stage.rival, "/edi/interchanges").await.expect(200), empty);
    assert_eq!(
        stage
            .count("select count(*) from notification where kind = 'order_received'")
            .await,
        1
    );
    assert_eq!(
        stage
            .count("select count(*) from notification where kind = 'order_answered'")
            .await,
        1
    );
    assert_eq!(stage.count("select count(*) from document_holding").await, 6);
    if let Ok(folder) = std::env::var("ENTENTE_KEEP_EDI") {
        for (place, paper) in theirs["documents"].as_array().unwrap().iter().enumerate() {
            let id = paper["id"].as_str().unwrap();
            let raw =
                stage.get(stage.buyer, &format!("/edi/interchanges/{id}/raw")).await;
            let name =
                format!("{folder}/{place}-{}.edi", paper["kind"].as_str().unwrap());
            std::fs::write(name, raw.bytes).unwrap();
        }
    }
}

async fn a_file_of_two_interchanges_is_split(stage: Stage) {
    let second = Order { number: "4712", ..Order::default() };
    let file = Order::default().alone(1) + &second.alone(2);

    let items = stage.send(stage.buyer, file).await;

    assert_eq!(states(&items), ["applied", "applied"]);
    assert_ne!(items[0]["sha256"], items[1]["sha256"]);
    let id = items[1]["id"].as_str().unwrap();
    let raw =
        stage.get(stage.vendor, &format!("/edi/interchanges/{id}/raw")).await.text();
    assert_eq!(raw, second.alone(2));
    assert_eq!(stage.count("select count(*) from trade_order").await, 2);
    let page = stage.get(stage.vendor, "/orders?limit=1").await.expect(200);
    let next = page["next"].as_str().unwrap();
    let rest = stage
        .get(stage.vendor, &format!("/orders?limit=1&after={next}"))
        .await
        .expect(200);
    assert_ne!(page["items"][0]["id"], rest["items"][0]["id"]);
    assert_eq!(rest["next"], Value::Null);
    let out = stage
        .get(stage.vendor, "/edi/interchanges?direction=out&limit=1")
        .await
        .expect(200);
    assert_eq!(out["items"][0]["kind"], "997");
    let next = out["next"].as_str().unwrap();
    let path = format!("/edi/interchanges?direction=out&limit=5&after={next}");
    let rest = stage.get(stage.vendor, &path).await.expect(200);
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);
}

async fn an_order_finds_its_deal_and_the_buyer_does_not_see_it(stage: Stage) {
    let named = stage.deal("Hall 4", "Somebody").await;
    let customer = stage.deal("Anything", "DORN").await;
    let by_title = Order { reference: Some("hall 4"), ..Order::default() };
    let by_customer = Order { number: "4712", ..Order::default() };
    // REF02 holds 30 letters, a deal's whole id has 31: its digits will do.
    let id = named.to_string().split_off("deal_".len()).to_uppercase();
    let by_id = Order { number: "4713", reference: Some(&id), ..Order::default() };

    stage.send(stage.buyer, by_title.alone(1)).await;
    stage.send(stage.buyer, by_customer.alone(2)).await;
    stage.send(stage.buyer, by_id.alone(3)).await;

    let orders = stage.get(stage.vendor, "/orders").await.expect(200);
    let deals: Vec<_> = orders["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|order| {
            (
                order["number"].as_str().unwrap().to_owned(),
                order["deal"]["id"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    for (number, deal) in [("4711", named), ("4712", customer), ("4713", named)] {
        assert!(deals.contains(&(number.to_owned(), deal.to_string())), "{deals:?}");
    }
    let room = stage.room(named).await;
    let kinds: Vec<_> = room.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["order", "edi", "order", "edi"]);
    assert_eq!(room[0].1["amount_minor"], 1370);
    assert_eq!(room[0].1["state"], "received");
    assert_eq!(room[1].1["kind"], "997");
    let theirs = stage.get(stage.buyer, "/orders").await.expect(200);
    assert!(
        theirs["items"].as_array().unwrap().iter().all(|it| it["deal"] == Value::Null)
    );
    stage.deal("Another", "Dorn").await;
    let unplaced = Order { number: "4714", ..Order::default() };
    stage.send(stage.buyer, unplaced.alone(4)).await;
    let orders = stage.get(stage.vendor, "/orders").await.expect(200);
    let unplaced =
        orders["items"].as_array().unwrap().iter().find(|it| it["number"] == "4714");
    assert_eq!(unplaced.unwrap()["deal"], Value::Null);
}

async fn an_order_is_placed_by_hand_once(stage: Stage) {
    let items = stage.send(stage.buyer, Order::default().alone(1)).await;
    let (deal, other) = (stage.deal("One", "X").await, stage.deal("Two", "Y").await);
    let path = format!("/orders/{}/deal", items[0]["order"]["id"].as_str().unwrap());
    let form = json!({ "deal": deal });

    stage.post(stage.buyer, &path, form.clone()).await.expect(403);
    stage.post(stage.rival, &path, form.clone()).await.expect(404);
    let nowhere = json!({ "deal": kernel::Id::<kernel::Space>::mint() });
    stage.post(stage.vendor, &path, nowhere).await.expect(404);
    let placed = stage.post(stage.vendor, &path, form.clone()).await.expect(200);
    assert_eq!(placed["deal"]["title"], "One");
    stage.post(stage.vendor, &path, form).await.expect(200);
    let refused =
        stage.post(stage.vendor, &path, json!({ "deal": other })).await.expect(409);
    assert_eq!(refused["type"], "/problems/order-placed");
    assert_eq!(stage.room(deal).await.len(), 1);
}

async fn answered(stage: &Stage) -> Value {
    let items = stage.send(stage.buyer, Order::default().alone(1)).await;
    let path = format!("/orders/{}/answer", items[0]["order"]["id"].as_str().unwrap());
    let lines = json!([{ "line": "1", "decision": "accept" }, { "line": "2", "decision": "reject" }]);
    let answer = json!({ "revision": 1, "note": "Line 2 is sold out.", "lines": lines });
    let order = stage.post(stage.vendor, &path, answer).await.expect(200);
    order["documents"].as_array().unwrap().last().unwrap().clone()
}

fn receipt(control: u32, group: &str, code: &str) -> String {
    let set = format!(
        "ST*997*0001~\nAK1*PR*{group}~\nAK2*855*0002~\nAK5*{code}~\nAK9*{code}*1*1*{}~\nSE*6*0001~\n",
        u8::from(code == "A")
    );
    interchange("DORN", "VEGA", control, "FA", &[set])
}

async fn a_997_that_comes_in_finds_what_it_acknowledges(stage: Stage) {
    let paper = answered(&stage).await;
    assert_eq!(
        (&paper["kind"], &paper["control_number"]),
        (&json!("855"), &json!("000000002"))
    );

    let items = stage.send(stage.buyer, receipt(2, "0002", "A")).await;

    assert_eq!(states(&items), ["applied"], "{items:#?}");
    assert_eq!(items[0]["acknowledges"], paper["id"]);
    assert!(items[0]["acknowledged_by"].as_array().unwrap().is_empty());
    let path = format!("/edi/interchanges/{}", paper["id"].as_str().unwrap());
    let seen = stage.get(stage.vendor, &path).await.expect(200);
    assert_eq!(seen["acknowledged_by"][0]["id"], items[0]["id"]);
    // An acknowledgement of what was never sent, and one that says no.
    let items = stage.send(stage.buyer, receipt(3, "77", "A")).await;
    assert_eq!(states(&items), ["quarantined"]);
    let items = stage.send(stage.buyer, receipt(4, "2", "R")).await;
    assert_eq!(states(&items), ["applied"]);
    assert_eq!(stage.get(stage.vendor, &path).await.expect(200)["state"], "rejected");
    let sent = "select count(*) from interchange where direction = 'out'";
    assert_eq!(stage.count(sent).await, 2);
}

async fn the_drop_folder_takes_files_in_and_hands_answers_over(stage: Stage) {
    let folder = stage.drop_folder();
    let incoming = folder.folder.join("in");
    std::fs::create_dir_all(&incoming).unwrap();
    std::fs::write(incoming.join("one.edi"), Order::default().alone(1)).unwrap();
    std::fs::write(incoming.join("same.x12"), Order::default().alone(1)).unwrap();
    std::fs::write(incoming.join("bad.txt"), "no interchange").unwrap();
    std::fs::write(incoming.join("half.edi.part"), "ISA").unwrap();
    let house = &stage.house;
    let watch = crate::drop_folder::watch(house.clone(), folder.clone());
    let deliver = crate::delivering(house.clone(), folder.clone());
    let paper = folder.outgoing().join("ZZ_DORN").join("000000001.edi");
    let same = folder.folder.join("done/same.x12");
    let done = async {
        while !paper.exists()
            || !same.exists()
            || !folder.folder.join("failed/bad.txt").exists()
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };

    tokio::select! {
        () = watch => {}
        () = deliver => {}
        done = tokio::time::timeout(Duration::from_secs(20), done) => done.unwrap(),
    }

    assert!(std::fs::read_to_string(&paper).unwrap().contains("AK9*A"));
    assert!(folder.folder.join("done/one.edi").exists());
    assert!(incoming.join("half.edi.part").exists());
    assert_eq!(stage.count("select count(*) from trade_order").await, 1);
    let orders = stage.get(stage.buyer, "/orders").await.expect(200);
    assert_eq!(orders["items"].as_array().unwrap().len(), 1);
}

async fn an_answer_is_bound_to_its_revision_and_its_seller(stage: Stage) {
    let items = stage.send(stage.buyer, Order::default().alone(1)).await;
    let path = format!("/orders/{}/answer", items[0]["order"]["id"].as_str().unwrap());
    let form = |revision: i64, decision: &str| {
        let lines = ["1", "2"].map(|line| json!({ "line": line, "decision": decision }));
        json!({ "revision": revision, "lines": lines })
    };
    stage.post(stage.buyer, &path, form(1, "accept")).await.expect(403);
    stage.post(stage.rival, &path, form(1, "accept")).await.expect(404);
    let refused = stage.post(stage.vendor, &path, form(7, "accept")).await.expect(409);
    assert_eq!(refused["revision"], 1);
    stage.post(stage.vendor, &path, form(1, "change")).await.expect(422);
    let mut none = form(1, "accept");
    none["lines"] = json!([]);
    stage.post(stage.vendor, &path, none).await.expect(422);
    let order = stage.post(stage.vendor, &path, form(1, "accept")).await.expect(200);
    assert_eq!(order["state"], "accepted");
    stage.post(stage.vendor, &path, form(1, "accept")).await.expect(409);
    let again = stage.post(stage.vendor, &path, form(2, "reject")).await.expect(409);
    assert_eq!(again["type"], "/problems/order-answered");
    let sql = "select count(*) from interchange where kind = '855'";
    assert_eq!(stage.count(sql).await, 1);
}
