//! A message that is too long to be held: taken, receipted, kept, fetched; and not judged.

use as2::{Disposition, Proof};
use serde_json::json;

use super::{
    stage::Stage,
    stations::{Dorn, message, receipt, send, trading},
};
use crate::interchanges::LIMIT_BYTES;

const FROM: &str = "\"DORN AS2\"";

/// Longer than what is held.
fn long() -> String {
    let line = "This is no EDI, and there are many lines of it.\r\n";
    line.repeat(LIMIT_BYTES * 5 / 2 / line.len())
}

pub(super) async fn a_long_message_is_kept_receipted_and_not_judged(stage: Stage) {
    let dorn: Dorn = trading(&stage).await;
    let document = long();
    let made = message(&dorn, &document, true);

    let stranger = send(&stage, &dorn, "NOBODY", "<0@dorn>", &made).await;
    assert_eq!(stranger.0.status, 413);
    let heard = send(&stage, &dorn, FROM, "<1@dorn>", &made).await;
    let proof = receipt(&dorn, &heard).proves("<1@dorn>", &made.mic, true);
    assert_eq!(proof, Proof::Delivered);
    // The same again: the very receipt, and nothing twice.
    let again = send(&stage, &dorn, FROM, "<1@dorn>", &made).await;
    assert_eq!(again.0.bytes, heard.0.bytes);
    // What was changed on the way is refused by receipt.
    let mut forged = made.clone();
    let middle = forged.content.len() / 2;
    forged.content[middle] ^= 1;
    let refused = send(&stage, &dorn, FROM, "<2@dorn>", &forged).await;
    assert_ne!(receipt(&dorn, &refused).disposition, Disposition::Processed);

    let list = stage.get(stage.vendor, "/edi/interchanges").await.expect(200);
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "{list}");
    assert_eq!(items[0]["state"], "quarantined");
    let told = items[0]["faults"].to_string();
    assert!(told.contains(&document.len().to_string()), "{told}");
    let path = format!("/edi/interchanges/{}", items[0]["id"].as_str().unwrap());
    let raw = stage.get(stage.vendor, &format!("{path}/raw")).await;
    assert!(raw.bytes == document.as_bytes(), "it is not what was sent");
    stage.get(stage.rival, &format!("{path}/raw")).await.expect(404);
    stage.get(stage.vendor, &format!("{path}/reading")).await.expect(404);
    let mend = json!({ "sha256": items[0]["sha256"], "edits": [], "why": "it is long" });
    let refused = stage.post(stage.vendor, &format!("{path}/mend"), mend).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    // Judged once more, it is as long as before.
    stage.post(stage.vendor, &format!("{path}/replay"), json!({})).await.expect(202);
    let one = stage.get(stage.vendor, &path).await.expect(200);
    assert_eq!(one["state"], "quarantined");
    let away = json!({ "sha256": items[0]["sha256"], "reason": "a drawing" });
    let away = stage.post(stage.vendor, &format!("{path}/discard"), away).await;
    assert_eq!(away.status, 200, "{}", away.text());

    let messages = stage.get(stage.vendor, "/as2/messages").await.expect(200);
    let taken = messages["items"].as_array().unwrap().iter();
    let taken = taken.clone().find(|it| it["state"] == "taken").unwrap();
    let path = format!("/as2/messages/{}/proof", taken["id"].as_str().unwrap());
    let answer = stage.get(stage.vendor, &path).await;
    let mut tar = tar::Archive::new(answer.bytes.as_ref());
    let sizes: Vec<(String, u64)> = tar
        .entries()
        .unwrap()
        .map(|it| it.unwrap())
        .map(|it| (it.path().unwrap().display().to_string(), it.size()))
        .collect();
    let size = |name: &str| sizes.iter().find(|(it, _)| it.ends_with(name)).unwrap().1;
    let least = u64::try_from(document.len()).unwrap();
    assert!(size("raw.txt") > least && size("content.bin") > least, "{sizes:?}");
    assert!(size("signature.der") > 500 && size("receipt.txt") > 500, "{sizes:?}");
    // Nothing that was written on the way is left.
    let spools = stage.house.files.folder().join("spool");
    assert_eq!(std::fs::read_dir(spools).unwrap().count(), 0);
}
