//! The test lane: every scenario is played to the station as it is, and nothing of the hub is touched.

use serde_json::{Value, json};

use super::{Order, Stage};

scenes! {
    a_station_does_in_the_lane_what_the_standards_want
    nothing_of_an_organisation_is_touched_by_its_lane
    a_lane_needs_a_station_and_who_manages_it
}

/// Every scenario there is, as the API calls it.
const ALL: [&str; 17] = [
    "good_order",
    "wrong_unit",
    "duplicate_interchange",
    "same_under_new_numbers",
    "unknown_set",
    "wrong_receiver",
    "wrong_sender",
    "stripped_signature",
    "wrong_key",
    "replay",
    "bomb",
    "hostile_file_name",
    "late_receipt",
    "unsigned_receipt",
    "wrong_mic",
    "missing_receipt",
    "rejected_paper",
];

async fn named(stage: &Stage) {
    let form = json!({ "name": "VEGA" }).to_string();
    stage.ask(stage.vendor, "PUT", "/as2/station", form).await.expect(200);
}

async fn played(stage: &Stage, scenario: &str) -> Value {
    let form = json!({ "scenario": scenario });
    stage.post(stage.vendor, "/as2/lane", form).await.expect(200)
}

async fn a_station_does_in_the_lane_what_the_standards_want(stage: Stage) {
    named(&stage).await;

    let mut wrong = Vec::new();
    for scenario in ALL {
        let report = played(&stage, scenario).await;

        assert!(report["steps"].as_array().unwrap().len() >= 3, "{report:#}");
        if report["ok"] != true {
            wrong.push(report);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let left: Vec<_> = std::fs::read_dir(&stage.folder)
        .unwrap()
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("lane-"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

/// How many rows each table has, all but the log of who did what.
async fn rows(stage: &Stage) -> Vec<(&'static str, i64)> {
    const TABLES: [(&str, &str); 14] = [
        ("interchange", "select count(*) from interchange"),
        ("interchange_party", "select count(*) from interchange_party"),
        ("document_holding", "select count(*) from document_holding"),
        (
            "control_number",
            "select cast(coalesce(sum(last_used), 0) as bigint) from control_number",
        ),
        ("trade_order", "select count(*) from trade_order"),
        ("trade_order_line", "select count(*) from trade_order_line"),
        ("as2_partner", "select count(*) from as2_partner"),
        ("as2_message", "select count(*) from as2_message"),
        ("as2_key", "select count(*) from as2_key"),
        ("organisation", "select count(*) from organisation"),
        ("organisation_identifier", "select count(*) from organisation_identifier"),
        ("notification", "select count(*) from notification"),
        ("letter", "select count(*) from letter"),
        ("job", "select count(*) from job"),
    ];
    let mut counted = Vec::new();
    for (table, sql) in TABLES {
        counted.push((table, stage.count(sql).await));
    }
    counted
}

fn kept(stage: &Stage) -> usize {
    fn count(folder: &std::path::Path) -> usize {
        let Ok(entries) = folder.read_dir() else { return 0 };
        let entries = entries.map(|it| it.unwrap().path());
        entries.map(|it| if it.is_dir() { count(&it) } else { 1 }).sum()
    }
    count(stage.house.files.folder())
}

async fn nothing_of_an_organisation_is_touched_by_its_lane(stage: Stage) {
    named(&stage).await;
    stage.send(stage.buyer, Order::default().alone(1)).await;
    let (before, files) = (rows(&stage).await, kept(&stage));
    assert!(before.iter().filter(|(_, rows)| *rows > 0).count() > 8, "{before:?}");

    for scenario in ["good_order", "replay", "rejected_paper", "late_receipt"] {
        let report = played(&stage, scenario).await;
        assert_eq!(report["ok"], true, "{report:#}");
    }
    assert_eq!(rows(&stage).await, before);
    assert_eq!(kept(&stage), files, "no file is left either");
    let noted = "select count(*) from audit where action = 'as2.lane'";
    assert_eq!(stage.count(noted).await, 4, "that it was played is noted");
    // A partner of the lane is no partner of the real station.
    let partners = stage.get(stage.vendor, "/as2/partners").await.expect(200);
    assert_eq!(partners["items"], json!([]));
}

async fn a_lane_needs_a_station_and_who_manages_it(stage: Stage) {
    let form = json!({ "scenario": "good_order" });
    stage.post(stage.vendor, "/as2/lane", form.clone()).await.expect(404);
    named(&stage).await;
    let seller = super::stage::colleague(&stage, "sam", gate::Role::Seller).await;
    stage.post(seller, "/as2/lane", form).await.expect(403);
    let odd = json!({ "scenario": "world_war" });
    stage.post(stage.vendor, "/as2/lane", odd).await.expect(422);
}
