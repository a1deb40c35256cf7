//! What the vendor sells, and what it costs whom.

use serde_json::{Value, json};

use super::{Stopped, cast, stage::Stage};

const VERA: &str = "vera@nordwind.example";

/// Number, GTIN, names in English, French and Spanish, family, list price.
type Sold = (&'static str, &'static str, [&'static str; 3], &'static str, &'static str);

const SOLD: [Sold; 5] = [
    (
        "NW-GATE-48",
        "7350000000016",
        [
            "Gateway for 48 sensors",
            "Passerelle pour 48 capteurs",
            "Pasarela para 48 sensores",
        ],
        "Gates and readers",
        "18900",
    ),
    (
        "NW-READ-2",
        "7350000000023",
        ["Dock reader", "Lecteur de quai", "Lector de muelle"],
        "Gates and readers",
        "640",
    ),
    (
        "NW-SENS-28",
        "7350000000030",
        ["Sensor to -28 C", "Capteur jusqu’à -28 °C", "Sensor hasta -28 °C"],
        "Cold chain sensors",
        "95",
    ),
    (
        "NW-SENS-80",
        "7350000000047",
        ["Sensor to -80 C", "Capteur jusqu’à -80 °C", "Sensor hasta -80 °C"],
        "Cold chain sensors",
        "240",
    ),
    (
        "NW-MOUNT",
        "7350000000054",
        ["Wall mount", "Support mural", "Soporte de pared"],
        "Cold chain sensors",
        "12.25",
    ),
];

/// Five products, a price list for all partners, and one for the buyer, cheaper from a hundred on.
pub(super) async fn prices(stage: &Stage) -> Result<(), Stopped> {
    let mut ids = Vec::new();
    for (sku, gtin, [en, fr, es], family, price) in SOLD {
        let form = json!({
            "sku": sku, "gtin": gtin, "names": { "en": en, "fr": fr, "es": es },
            "family": family, "unit": "EA",
        });
        let made = stage.post(VERA, "/api/v1/products", form).await?;
        ids.push((sku, made["id"].clone(), price));
    }
    let id = |wanted: &str| {
        let found = ids.iter().find(|(sku, _, _)| *sku == wanted);
        found.map_or(Value::Null, |(_, id, _)| id.clone())
    };
    let begin = stage.house.clock.now().day().to_string();
    let all: Vec<Value> = ids
        .iter()
        .map(|(_, id, price)| json!({ "product": id, "from": "1", "unit_price": price }))
        .collect();
    let list = json!({
        "name": "Partners", "currency": "EUR", "valid_from": begin, "prices": all,
    });
    stage.post(VERA, "/api/v1/price-lists", list).await?;
    let delmar = json!([
        { "product": id("NW-GATE-48"), "from": "1", "unit_price": "18400" },
        { "product": id("NW-SENS-28"), "from": "1", "unit_price": "92" },
        { "product": id("NW-SENS-28"), "from": "100", "unit_price": "89.50" },
        { "product": id("NW-MOUNT"), "from": "1", "unit_price": "12.25" },
    ]);
    let list = json!({
        "name": "Delmar, three sites", "currency": "EUR", "valid_from": begin,
        "buyer": stage.id(cast::BUYER), "prices": delmar,
    });
    stage.post(VERA, "/api/v1/price-lists", list).await?;
    Ok(())
}
