//! Leads of the vendor: new ones, one that waits for a partner, one that a partner took on; rules.

use serde_json::{Value, json};

use super::{
    Stopped, cast,
    stage::{Stage, text},
};

const VERA: &str = "vera@nordwind.example";
const BRUNO: &str = "bruno@atelier.example";
const CARL: &str = "carl@kestrel.example";

/// What a vendor has after a fair.
pub(super) async fn waiting(stage: &Stage) -> Result<(), Stopped> {
    let terms = json!({
        "accept_hours": 240, "before": ["country", "region", "city", "family", "size"],
        "after": ["company", "domain", "contact", "source", "campaign", "amount", "note"],
        "revision": 0,
    });
    stage.put(VERA, "/api/v1/lead-terms", terms).await?;
    let harbour = lead("Port de Sète", "port-sete.example", "FR", "Sète", 3_800_000);
    let harbour = qualified(stage, harbour).await?;
    offer(stage, &harbour, cast::INTEGRATOR).await?;
    let offers = stage.get(BRUNO, "/api/v1/lead-offers").await?;
    let path = format!("/api/v1/lead-offers/{}/moves", text(&offers, "/items/0/id"));
    stage.post(BRUNO, &path, json!({ "move": "accept", "revision": 1 })).await?;
    stage.walking.minutes(20);
    let dairy = lead(
        "Laiterie du Vercors",
        "laiterie-vercors.example",
        "FR",
        "Grenoble",
        7_200_000,
    );
    let dairy = qualified(stage, dairy).await?;
    offer(stage, &dairy, cast::INTEGRATOR).await?;
    let stores =
        lead("Harrow Cold Stores", "harrow-cold.example", "GB", "Leeds", 26_000_000);
    let stores = qualified(stage, stores).await?;
    offer(stage, &stores, cast::RIVAL).await?;
    let offers = stage.get(CARL, "/api/v1/lead-offers").await?;
    let path = format!("/api/v1/lead-offers/{}/moves", text(&offers, "/items/0/id"));
    let back = json!({ "move": "decline", "revision": 1, "reason": "no_capacity" });
    stage.post(CARL, &path, back).await?;
    let fresh = lead("Obst Alb", "obst-alb.example", "DE", "Ulm", 900_000);
    stage.post(VERA, "/api/v1/leads", fresh).await?;
    let bare = json!({ "company": "Trattoria Lina", "source": "web", "country": "IT" });
    stage.post(VERA, "/api/v1/leads", bare).await?;
    rules(stage).await
}

/// By which rules leads would go to partners; off, so that what waits is still there to be seen.
async fn rules(stage: &Stage) -> Result<(), Stopped> {
    let seat = |to: &str, most: Option<i64>| json!({ "organisation": stage.id(to), "most": most });
    let (integrator, rival) = (cast::INTEGRATOR, cast::RIVAL);
    let rules = json!([
        { "name": "France and Belgium", "countries": ["FR", "BE"], "partners": [seat(integrator, Some(6))] },
        { "name": "Cold chain, British Isles", "countries": ["GB", "IE"], "families": ["Cold chain sensors"],
            "partners": [seat(rival, Some(3)), seat(integrator, None)] },
    ]);
    let form = json!({ "is_on": false, "rules": rules, "revision": 0 });
    stage.put(VERA, "/api/v1/lead-routing", form).await?;
    Ok(())
}

fn lead(
    company: &str,
    domain: &str,
    country: &str,
    city: &str,
    amount_minor: i64,
) -> Value {
    json!({
        "company": company, "domain": domain, "country": country, "city": city,
        "contact_name": "Camille Roy", "contact_email": format!("c.roy@{domain}"),
        "contact_phone": "+33 4 00 00 00 00", "consent": "given", "source": "event",
        "campaign": "Cold chain days", "family": "Cold chain sensors",
        "note": "Wants a test in one hall first.", "amount_minor": amount_minor, "currency": "EUR",
    })
}

async fn qualified(stage: &Stage, says: Value) -> Result<Value, Stopped> {
    let made = stage.post(VERA, "/api/v1/leads", says).await?;
    let path = format!("/api/v1/leads/{}/moves", text(&made, "/id"));
    let step = json!({ "move": "qualify", "revision": made["revision"] });
    stage.post(VERA, &path, step).await
}

async fn offer(stage: &Stage, lead: &Value, to: &str) -> Result<Value, Stopped> {
    let path = format!("/api/v1/leads/{}/offers", text(lead, "/id"));
    let form = json!({ "organisation": stage.id(to), "revision": lead["revision"] });
    stage.post(VERA, &path, form).await
}
