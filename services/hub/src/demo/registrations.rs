//! Deals that partners registered with the vendor: one protected, one refused, some that wait.

use serde_json::{Value, json};

use super::{
    Stopped, cast,
    stage::{Stage, text},
};

const VERA: &str = "vera@nordwind.example";
const BRUNO: &str = "bruno@atelier.example";
const CARL: &str = "carl@kestrel.example";

/// The vendor says what can be registered; a partner is first, and its rival is refused.
pub(super) async fn first(stage: &Stage) -> Result<(), Stopped> {
    let terms = json!({
        "families": ["Gates and readers", "Cold chain sensors", "Warehouse software"],
        "territories": ["France", "Germany", "Iberia", "United Kingdom"],
        "answer_hours": 48, "protect_days": 90,
        "second_over_minor": 15_000_000, "second_currency": "EUR", "revision": 0,
    });
    stage.put(VERA, "/api/v1/registration-terms", terms).await?;
    let halle = ("Halle Logistik GmbH", "vat", "DE 811 569 869", "Germany");
    let held = register(stage, BRUNO, halle, 6_400_000).await?;
    stage.walking.minutes(260);
    let held = answer(stage, &held, json!({ "move": "review" })).await?;
    answer(stage, &held, json!({ "move": "approve", "days": 120 })).await?;
    stage.walking.minutes(2_600);
    let rival = ("HALLE LOGISTIK", "domain", "halle-logistik.example", "Germany");
    let late = register(stage, CARL, rival, 5_900_000).await?;
    stage.walking.minutes(300);
    let late = answer(stage, &late, json!({ "move": "review" })).await?;
    let words = "We are in talks with this customer and cannot take another offer now.";
    let no = json!({ "move": "reject", "reason": "customer_engaged", "words": words });
    answer(stage, &late, no).await?;
    Ok(())
}

/// What waits today: with the vendor, with the partner, for a second person, in a draft.
pub(super) async fn waiting(stage: &Stage) -> Result<(), Stopped> {
    let large = ("Port de Marseille Fos", "domain", "marseille-fos.example", "France");
    let large = register(stage, BRUNO, large, 24_000_000).await?;
    stage.walking.minutes(30);
    let large = answer(stage, &large, json!({ "move": "review" })).await?;
    answer(stage, &large, json!({ "move": "approve", "days": 120 })).await?;
    let vague = ("Mercado Norte", "domain", "mercado-norte.example", "Iberia");
    let vague = register(stage, BRUNO, vague, 1_800_000).await?;
    let vague = answer(stage, &vague, json!({ "move": "review" })).await?;
    let words = "Which sites is it about, and who decides there?";
    answer(stage, &vague, json!({ "move": "ask_more", "words": words })).await?;
    stage.walking.minutes(40);
    let fresh = ("Brasserie du Rhône", "duns", "26-041-7735", "France");
    register(stage, BRUNO, fresh, 3_250_000).await?;
    let rival = ("Brasserie du Rhone SA", "domain", "brasserie-rhone.example", "France");
    register(stage, CARL, rival, 2_900_000).await?;
    let draft =
        json!({ "vendor": stage.id(cast::VENDOR), "customer": "Clinique Saint-Roch" });
    stage.post(BRUNO, "/api/v1/registrations", draft).await?;
    Ok(())
}

async fn register(
    stage: &Stage,
    who: &str,
    (customer, scheme, key, territory): (&str, &str, &str, &str),
    amount_minor: i64,
) -> Result<Value, Stopped> {
    let close = stage.walking.today().plus_days(75).to_string();
    let month: String = close.chars().take(7).collect();
    let form = json!({
        "vendor": stage.id(cast::VENDOR), "submit": true, "customer": customer,
        "key_scheme": scheme, "key": key, "families": ["Gates and readers"],
        "territories": [territory], "amount_minor": amount_minor, "currency": "EUR",
        "close_month": month,
    });
    stage.post(who, "/api/v1/registrations", form).await
}

async fn answer(stage: &Stage, of: &Value, step: Value) -> Result<Value, Stopped> {
    let path = format!("/api/v1/registrations/{}/answers", text(of, "/id"));
    let mut step = step;
    step["revision"] = of["revision"].clone();
    stage.post(VERA, &path, step).await
}
