//! What comes in a partner's name and proves nothing fills no disk, and shuts no partner out.

use as2::Disposition;
use serde_json::json;

use super::{
    deadlines::notices,
    stage::{Order, Stage},
    stations::{message, receipt, send, trading, trading_on},
};

const FROM: &str = "\"DORN AS2\"";

store::statements! {
    /// As if one less than is kept had been refused today.
    REFUSED unscoped "a test's" = "
        update as2_unproven set refused = 1999";

    /// As if all had come that is taken without a signature.
    UNSIGNED unscoped "a test's" = "
        update as2_unproven set unsigned_bytes = 21474836480";
}

async fn set(stage: &Stage, statement: store::Statement) {
    let mut tx = stage.house.db.write().await.unwrap();
    assert_eq!(tx.run(statement).execute().await.unwrap(), 1);
    tx.commit().await.unwrap();
}

/// How many files are kept, whatever they are.
fn files(stage: &Stage) -> usize {
    let shelves = std::fs::read_dir(stage.house.files.folder()).unwrap();
    let shelves = shelves.map(|it| it.unwrap()).filter(|it| it.file_name().len() == 2);
    shelves.map(|it| std::fs::read_dir(it.path()).unwrap().count()).sum()
}

pub(super) async fn what_is_refused_too_often_is_answered_and_not_kept(stage: Stage) {
    let dorn = trading(&stage).await;
    let bad = |number: u32| message(&dorn, &Order::default().alone(number), false);
    let refused = "select count(*) from as2_message where state = 'refused'";
    for id in ["<1@dorn>", "<2@dorn>"] {
        assert_eq!(stage.count(refused).await, i64::from(id == "<2@dorn>"));
        let heard = send(&stage, &dorn, FROM, id, &bad(1)).await;
        assert_ne!(receipt(&dorn, &heard).disposition, Disposition::Processed);
        if id == "<1@dorn>" {
            set(&stage, REFUSED).await;
            assert_eq!(notices(&stage, "as2_refused_often").await.len(), 0);
        }
    }
    assert_eq!(stage.count(refused).await, 2);
    let told = notices(&stage, "as2_refused_often").await;
    assert_eq!(told[0]["partner"], "DORN AS2");

    let before = files(&stage);
    let heard = send(&stage, &dorn, FROM, "<3@dorn>", &bad(2)).await;
    assert_ne!(receipt(&dorn, &heard).disposition, Disposition::Processed);
    let mut long = message(&dorn, &"A long line of nothing.\r\n".repeat(1 << 20), true);
    let middle = long.content.len() / 2;
    long.content[middle] ^= 1;
    let heard = send(&stage, &dorn, FROM, "<4@dorn>", &long).await;
    assert_ne!(receipt(&dorn, &heard).disposition, Disposition::Processed);
    assert_eq!((stage.count(refused).await, files(&stage)), (2, before));
    assert_eq!(notices(&stage, "as2_refused_often").await.len(), told.len());

    // Who proves what it sends is heard as ever, also where it is long.
    let good = message(&dorn, &Order::default().alone(3), true);
    let heard = send(&stage, &dorn, FROM, "<5@dorn>", &good).await;
    assert_eq!(receipt(&dorn, &heard).disposition, Disposition::Processed);
    long.content[middle] ^= 1;
    let heard = send(&stage, &dorn, FROM, "<4@dorn>", &long).await;
    assert_eq!(receipt(&dorn, &heard).disposition, Disposition::Processed);
    let taken = "select count(*) from as2_message where state = 'taken'";
    assert_eq!(stage.count(taken).await, 2);
    let spools = stage.house.files.folder().join("spool");
    assert_eq!(std::fs::read_dir(spools).unwrap().count(), 0);
}

pub(super) async fn without_signatures_a_day_has_an_end(stage: Stage) {
    let terms = json!({ "require_signed": false });
    let dorn = trading_on(&stage, terms).await;
    let unsigned = |number: u32| message(&dorn, &Order::default().alone(number), false);

    let heard = send(&stage, &dorn, FROM, "<1@dorn>", &unsigned(1)).await;
    assert_eq!(receipt(&dorn, &heard).disposition, Disposition::Processed);
    set(&stage, UNSIGNED).await;
    let heard = send(&stage, &dorn, FROM, "<2@dorn>", &unsigned(2)).await;
    assert_eq!(heard.0.status, 503);
    assert!(heard.0.text().contains("signature"), "{}", heard.0.text());
    assert_eq!(stage.count("select count(*) from as2_message").await, 1);
    // What was taken before gets its receipt all the same.
    let heard = send(&stage, &dorn, FROM, "<1@dorn>", &unsigned(1)).await;
    assert_eq!(receipt(&dorn, &heard).disposition, Disposition::Processed);
}
