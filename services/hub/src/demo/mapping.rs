//! What two partners have in common: both show their customers, and one asks for names.

use serde_json::json;

use super::{
    Stopped, cast,
    stage::{Stage, text},
};

const VERA: &str = "vera@nordwind.example";
const LEA: &str = "lea@atelier.example";
const BRUNO: &str = "bruno@atelier.example";

/// How many customers each brings, and how many of them both have.
const LISTS: [(&str, &str, u32, u32); 2] =
    [(VERA, "Installed base", 0, 140), (LEA, "Prospects 2027", 98, 190)];
const TOWNS: [&str; 6] = ["Lyon", "Nantes", "Bremen", "Porto", "Leeds", "Gent"];
const TRADES: [&str; 6] =
    ["Logistics", "Foods", "Clinics", "Textiles", "Harbour", "Cold Storage"];

/// Populations of both, shown to each other, and a wish for names that waits.
pub(super) async fn in_common(stage: &Stage) -> Result<(), Stopped> {
    let partners = stage.get(VERA, "/api/v1/mappings").await?;
    let items = partners["items"].as_array().into_iter().flatten();
    let mut items = items.filter(|it| it["partner"]["name"] == cast::INTEGRATOR);
    let partnership = items.next().map(|it| text(it, "/partnership"));
    let path = format!("/api/v1/mappings/{}", partnership.unwrap_or_default());
    let mut populations = Vec::new();
    for (who, name, from, to) in LISTS {
        let mut csv = "Company,Website,City\n".to_owned();
        for number in from..to {
            let pick = |list: &[&str; 6], step: u32| {
                let at = usize::try_from(number / step).unwrap_or_default() % list.len();
                list[at].to_owned()
            };
            let (town, trade) = (pick(&TOWNS, 1), pick(&TRADES, 6));
            let row =
                format!("{town} {trade} {number},customer-{number}.example,{town}\n");
            csv.push_str(&row);
        }
        let columns = json!({ "name": "Company", "domain": "Website", "city": "City" });
        let list = json!({ "filename": "customers.csv", "csv": csv, "mapping": columns });
        let made = json!({ "name": name, "list": list });
        populations.push((
            who,
            text(&stage.post(who, "/api/v1/populations", made).await?, "/id"),
        ));
        stage.walking.minutes(12);
    }
    let accounts = json!({ "name": "All accounts", "filter": {} });
    let accounts = stage.post(VERA, "/api/v1/populations", accounts).await?;
    let mine = [(VERA, text(&accounts, "/id"))];
    for (who, id) in populations.iter().chain(&mine) {
        let level = json!({ "level": "counts" });
        stage.put(who, &format!("{path}/levels/{id}"), level).await?;
    }
    let compared = crm::mapping::look(&stage.house).await;
    compared.map_err(|fault| Stopped(format!("comparing customers: {fault}")))?;
    let wish = json!({
        "yours": populations[1].1, "theirs": populations[0].1,
        "message": "We open an office in Lyon in March. Whom of these do you serve already?",
    });
    stage.post(BRUNO, &format!("{path}/asks"), wish).await?;
    Ok(())
}
