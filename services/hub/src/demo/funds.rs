//! A fund of the vendor: a part for each of two partners, one request approved, one claim that
//! waits, and one request that nobody has answered.

use serde_json::{Value, json};

use super::{
    Stopped, cast,
    stage::{Stage, text},
};

const VERA: &str = "vera@nordwind.example";
const LEA: &str = "lea@atelier.example";
const KATE: &str = "kate@kestrel.example";

/// A file that any reader opens: one empty page.
const BILL: &str = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

/// Money for what partners do to sell.
pub(super) async fn together(stage: &Stage) -> Result<(), Stopped> {
    let today = stage.walking.today();
    let day = |days: i32| today.plus_days(days).to_string();
    let fund = json!({
        "name": "Sell together", "currency": "EUR", "amount_minor": 4_000_000,
        "starts_on": day(-60), "ends_on": day(120), "share_percent": 50, "claim_days": 60,
        "words": "Events, advertising and training that name our products. Travel and meals of one's own people are not covered.",
        "proofs": ["invoice"],
    });
    let fund = stage.post(VERA, "/api/v1/funds", fund).await?;
    let path = format!("/api/v1/funds/{}", text(&fund, "/id"));
    let open = json!({ "move": "open", "revision": fund["revision"] });
    stage.post(VERA, &format!("{path}/moves"), open).await?;
    let allocations = format!("{path}/allocations");
    let part = |company: &str, amount_minor: i64| json!({ "partner": stage.id(company), "amount_minor": amount_minor });
    let ours = stage.post(VERA, &allocations, part(cast::INTEGRATOR, 1_200_000)).await?;
    let theirs = stage.post(VERA, &allocations, part(cast::RIVAL, 500_000)).await?;

    let evening = ("Soirée portes ouvertes, Lyon", "event", -20, -19);
    let evening = ask(stage, (LEA, &ours), evening, (800_000, 400_000)).await?;
    let evening = answer(stage, &evening, json!({ "move": "review" })).await?;
    let evening = answer(stage, &evening, json!({ "move": "approve" })).await?;
    claim(stage, &evening, (780_000, 390_000)).await?;
    let training = ("Cold chain training for installers", "training", 30, 31);
    let training = ask(stage, (LEA, &ours), training, (300_000, 150_000)).await?;
    let training = answer(stage, &training, json!({ "move": "review" })).await?;
    let words = "We pay for the room and the trainer, not for the hotel.";
    let part = json!({ "move": "approve", "amount_minor": 120_000, "words": words });
    answer(stage, &training, part).await?;
    let fair = ("Stand at the Harbour Fair", "event", 45, 47);
    ask(stage, (KATE, &theirs), fair, (600_000, 300_000)).await?;
    Ok(())
}

async fn ask(
    stage: &Stage,
    (who, part): (&str, &Value),
    (title, kind, from, to): (&str, &str, i32, i32),
    (cost, asked): (i64, i64),
) -> Result<Value, Stopped> {
    let day = |days: i32| stage.walking.today().plus_days(days).to_string();
    let form = json!({
        "allocation": part["id"], "submit": true, "title": title, "kind": kind,
        "starts_on": day(from), "ends_on": day(to), "cost_minor": cost, "asked_minor": asked,
    });
    stage.post(who, "/api/v1/fund-requests", form).await
}

async fn answer(stage: &Stage, of: &Value, step: Value) -> Result<Value, Stopped> {
    let path = format!("/api/v1/fund-requests/{}/answers", text(of, "/id"));
    let mut step = step;
    step["revision"] = of["revision"].clone();
    stage.post(VERA, &path, step).await
}

async fn claim(
    stage: &Stage,
    of: &Value,
    (cost, asked): (i64, i64),
) -> Result<(), Stopped> {
    let path = format!("/api/v1/fund-requests/{}/claims", text(of, "/id"));
    let form = json!({ "cost_minor": cost, "asked_minor": asked });
    let told = stage.post(LEA, &path, form).await?;
    let path = format!("/api/v1/fund-claims/{}", text(&told, "/claims/0/id"));
    let proof = format!("{path}/proofs?kind=invoice&name=Facture-traiteur.pdf");
    stage.send(LEA, &proof, BILL.to_owned()).await?;
    let submit = json!({ "move": "submit", "revision": 1 });
    stage.post(LEA, &format!("{path}/moves"), submit).await?;
    Ok(())
}
