//! Forty deals in all stages, most of them shared.

use serde_json::{Value, json};

use super::{
    Stopped,
    cast::{BUYER, INTEGRATOR, RIVAL, VENDOR, customer},
    stage::{Stage, text},
};

/// A deal of the demo.
#[derive(Clone, Debug)]
pub(super) struct Opened {
    pub(super) id: String,
    pub(super) main: String,
    pub(super) internal: String,
    /// Who works on it, host first.
    pub(super) people: Vec<&'static str>,
}

const SAM: &str = "sam@nordwind.example";
const BRUNO: &str = "bruno@atelier.example";
const CARL: &str = "carl@kestrel.example";
const DORA: &str = "dora@delmar.example";

const TITLES: &[&str] = &[
    "Warehouse rollout, 14 sites",
    "Cold-chain sensors pilot",
    "EDI onboarding for 40 suppliers",
    "Renewal and analytics add-on",
    "Procurement portal",
    "Marketplace integration",
    "Spare parts contract",
    "Joint webinar follow-up",
    "Order-to-cash automation",
    "Carrier invoicing by EDI",
    "Shelf labels, phase two",
    "Yard management",
    "Route planning for the north",
    "Returns portal",
    "Master data clean-up",
    "Supplier scorecards",
    "Dock scheduling",
    "Mobile picking",
    "Customs declarations",
    "Energy meters, 200 plants",
];
const STAGES: &[&str] = &[
    "identified",
    "qualified",
    "technical_ok",
    "business_ok",
    "committed",
    "won",
    "delivered",
];
const STEPS: &[&str] = &[
    "Send the revised offer",
    "Call the head of purchasing",
    "Agree the delivery plan",
    "Book the technical workshop",
    "Confirm the budget",
    "Collect the references",
];

/// Opens them all.
pub(super) async fn open(stage: &Stage) -> Result<Vec<Opened>, Stopped> {
    let mut deals = Vec::new();
    // The first is the one that everybody looks at: vendor, integrator and buyer together.
    deals.push(first(stage).await?);
    for number in 1..40_usize {
        stage.walking.minutes(900);
        let (host, party) = match number % 8 {
            3 => (SAM, Some((RIVAL, CARL))),
            5 => (BRUNO, Some((VENDOR, SAM))),
            6 => (CARL, None),
            7 => (BRUNO, None),
            4 => (SAM, None),
            _ => (SAM, Some((INTEGRATOR, BRUNO))),
        };
        let title = TITLES[number % TITLES.len()];
        let parties: Vec<_> = party.into_iter().collect();
        let deal =
            one(stage, number, title, &customer(number * 3), host, &parties).await?;
        deals.push(deal);
    }
    Ok(deals)
}

async fn first(stage: &Stage) -> Result<Opened, Stopped> {
    let parties = [(INTEGRATOR, BRUNO), (BUYER, DORA)];
    let opened =
        one(stage, 0, "Cold stores for Delmar, three sites", BUYER, SAM, &parties)
            .await?;
    let path = format!("/api/v1/deals/{}", opened.id);
    let sides = [
        (
            SAM,
            json!({ "stage_name": "Proposal", "margin_bp": 2150, "forecast_minor": 16_500_000, "notes": "Approve up to 15 % if they take all three sites.", "crm_id": "N-20871" }),
        ),
        (
            BRUNO,
            json!({ "stage_name": "Avant-vente", "margin_bp": 900, "notes": "Deux semaines d'installation par site.", "published": ["stage_name"] }),
        ),
    ];
    for (who, side) in sides {
        let deal = stage.get(who, &path).await?;
        let revision = &deal["side"]["revision"];
        stage.patch(who, &format!("{path}/side"), revision, side).await?;
    }
    Ok(opened)
}

async fn one(
    stage: &Stage,
    number: usize,
    title: &str,
    account: &str,
    host: &'static str,
    parties: &[(&str, &'static str)],
) -> Result<Opened, Stopped> {
    let days = i32::try_from(number).unwrap_or_default() * 3;
    let close_on = stage.walking.today().plus_days(days - 20).to_string();
    // The first deal is worth what its order says.
    let amount =
        if number == 0 { 6_643_000 } else { 1_200_000 + (number * 7_919 % 97) * 310_000 };
    let form = json!({
        "title": title,
        "account": account,
        "amount_minor": amount,
        "currency": if host == CARL { "GBP" } else { "EUR" },
        "close_on": close_on,
        "next_step": STEPS[number % STEPS.len()],
    });
    let made = stage.post(host, "/api/v1/deals", form).await?;
    let id = text(&made, "/id");
    let path = format!("/api/v1/deals/{id}");
    for (company, who) in parties {
        // A buyer sees neither what the sellers expect nor what they plan next.
        let fields = if *company == BUYER {
            json!(["title", "account", "stage", "close_on"])
        } else {
            json!(["title", "account", "amount", "stage", "close_on", "next_step"])
        };
        let form = json!({
            "organisation": stage.id(company),
            "fields": fields,
            "verbs": if *company == BUYER { json!(["read", "comment"]) } else { json!(["read", "comment", "edit", "export"]) },
            "history": "all",
        });
        let party = stage.post(host, &format!("{path}/parties"), form).await?;
        let moves = format!("{path}/parties/{}/moves", text(&party, "/id"));
        // The last invitation of the story is still open.
        if number != 38 {
            stage.walking.minutes(45);
            // A buyer takes part, but its owner says so.
            let answerer = if *company == BUYER { "diego@delmar.example" } else { who };
            stage.post(answerer, &moves, json!({ "move": "accept" })).await?;
        }
    }
    advance(stage, &path, host, number).await?;
    let deal = stage.get(host, &path).await?;
    let mut people = vec![host];
    people.extend(parties.iter().map(|(_, who)| *who));
    let room = |kind: &str| {
        let rooms = deal["rooms"].as_array().into_iter().flatten();
        rooms.filter(|room| room["kind"] == kind).map(|room| text(room, "/id")).next()
    };
    let (main, internal) =
        (room("main").unwrap_or_default(), room("internal").unwrap_or_default());
    Ok(Opened { id, main, internal, people })
}

/// Moves a deal through its stages, as far as its number says; every ninth is lost.
async fn advance(
    stage: &Stage,
    path: &str,
    host: &str,
    number: usize,
) -> Result<(), Stopped> {
    let steps = if number == 0 { 3 } else { number * 5 % 7 };
    let mut deal: Value = stage.get(host, path).await?;
    for next in STAGES.iter().skip(1).take(steps) {
        stage.walking.minutes(200);
        let mut form = json!({ "stage": next, "revision": deal["revision"] });
        if let Some(reason) = reason(next) {
            form["reason"] = json!(reason);
        }
        deal = stage.post(host, &format!("{path}/stage"), form).await?;
    }
    if number % 9 == 8 && steps < 5 {
        let form = json!({ "stage": "lost", "revision": deal["revision"], "reason": "The budget went to another project." });
        stage.post(host, &format!("{path}/stage"), form).await?;
    }
    Ok(())
}

/// Why, for the stages that ask for it.
fn reason(stage: &str) -> Option<&'static str> {
    match stage {
        "committed" => Some("Confirmed by the customer on the phone."),
        "won" => Some("The signed offer came back."),
        _ => None,
    }
}
