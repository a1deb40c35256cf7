//! What people said, in three languages, and the outside contact who takes part by mail.

use serde_json::json;

use super::{
    Stopped,
    deals::Opened,
    stage::{Stage, text},
};

const SAM: &str = "sam@nordwind.example";
const VERA: &str = "vera@nordwind.example";
const BRUNO: &str = "bruno@atelier.example";
const DORA: &str = "dora@delmar.example";

const DELMAR: &[(&str, &str)] = &[
    (
        SAM,
        "Welcome, everybody. Three cold stores, first one in Valencia. Bruno's team installs, Dora buys.",
    ),
    (
        DORA,
        "Gracias, Sam. Necesitamos la primera cámara en servicio antes de la campaña de enero.",
    ),
    (
        BRUNO,
        "Bonjour à tous. Deux semaines par site ; nous pouvons commencer le 4 janvier à Valence.",
    ),
    (
        SAM,
        "That fits. I put the technical workshop down as done: the sensors passed at -28 °C.",
    ),
    (
        DORA,
        "Perfecto. El pedido saldrá por EDI esta semana; la línea 3 puede cambiar de cantidad.",
    ),
    (
        BRUNO,
        "Merci. Prévenez-nous si la quantité dépasse 40, il faudra une passerelle de plus.",
    ),
    (SAM, "Noted. One gateway serves 48 sensors, so up to 48 we are fine."),
];
const NOTES: &[(&str, &str)] = &[
    (SAM, "Internal: list price leaves us 21 %. Do not go below 15 % without Vera."),
    (VERA, "Internal: agreed. Atelier gets the gold tier if this one is won."),
];
const SHORT: &[&[&str]] = &[
    &[
        "Any news from purchasing?",
        "Oui, ils décident jeudi.",
        "Great, I keep the slot open.",
    ],
    &[
        "La demande a changé : 14 sites, pas 12.",
        "Thanks, I update the amount.",
        "Parfait.",
    ],
    &[
        "They asked for a reference in the food trade.",
        "Je propose Dufour Foods.",
        "Good choice.",
    ],
    &[
        "¿Quién presenta el jueves?",
        "I open, Bruno shows the demo.",
        "D'accord, je prépare.",
    ],
];

/// Everybody talks.
pub(super) async fn in_rooms(stage: &Stage, deals: &[Opened]) -> Result<(), Stopped> {
    for (number, deal) in deals.iter().enumerate().skip(1) {
        if deal.people.len() < 2 || number == 38 {
            continue;
        }
        let words = SHORT[number % SHORT.len()];
        for (turn, said) in words.iter().enumerate() {
            stage.walking.minutes(7);
            say(stage, deal.people[turn % deal.people.len()], &deal.main, said).await?;
        }
    }
    let Some(first) = deals.first() else { return Ok(()) };
    for (who, said) in DELMAR {
        stage.walking.minutes(38);
        say(stage, who, &first.main, said).await?;
    }
    for (who, said) in NOTES {
        stage.walking.minutes(5);
        say(stage, who, &first.internal, said).await?;
    }
    Ok(())
}

async fn say(stage: &Stage, who: &str, room: &str, body: &str) -> Result<(), Stopped> {
    let cid = kernel::Id::<kernel::Room>::mint().uuid().to_string();
    let path = format!("/api/v1/rooms/{room}/events");
    stage.post(who, &path, json!({ "cid": cid, "body": body })).await.map(drop)
}

/// The architect takes part by mail: a topic of her own.
pub(super) async fn with_a_guest(stage: &Stage, deals: &[Opened]) -> Result<(), Stopped> {
    let Some(first) = deals.first() else { return Ok(()) };
    stage.walking.minutes(90);
    let form = json!({
        "title": "Floor plans, Valencia",
        "guest": { "email": "amaya@estudio-roca.example", "name": "Amaya Roca" },
        "message": "Hello Amaya, could you send us the floor plan of the Valencia site? We need the distance from the gateway to the far wall.",
    });
    let room =
        stage.post(BRUNO, &format!("/api/v1/deals/{}/topics", first.id), form).await?;
    stage.walking.minutes(30);
    let said = "The gateway hangs at 3.5 m; walls of more than 20 cm of concrete would need a second one.";
    say(stage, SAM, &text(&room, "/id"), said).await?;
    // Bruno reads by mail each morning what he has not read here.
    let form = json!({ "pace": "daily", "hour": 8, "zone": "Europe/Paris" });
    stage.put(BRUNO, "/api/v1/me/mail", form).await.map(drop)
}
