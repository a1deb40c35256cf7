//! Three companies, and deals in whose rooms all three talk; and in the end, what stands there.

use std::{collections::HashMap, fs::File, io::Write, path::Path, time::Duration};

use gate::Role;
use serde_json::{Value, json};
use suite::{Company, Hub, Person};

use crate::{http, servers::Cluster};

/// In how many rooms they talk.
const ROOMS: usize = 3;
/// Who talks, of each company.
const PEOPLE: usize = 6;
/// How many events are paged at once.
const PAGE: usize = 100;

/// Somebody who talks.
#[derive(Clone, Debug)]
pub(crate) struct Speaker {
    /// A name for the journal.
    pub(crate) name: String,
    pub(crate) person: String,
    pub(crate) token: String,
    /// Whether the company is put out and let in again.
    pub(crate) is_tossed: bool,
}

/// A deal with its main room.
#[derive(Clone, Debug)]
pub(crate) struct Deal {
    pub(crate) id: String,
    pub(crate) room: String,
}

/// Who and what there is.
#[derive(Clone, Debug)]
pub(crate) struct Stage {
    pub(crate) deals: Vec<Deal>,
    pub(crate) speakers: Vec<Speaker>,
    /// The owner of the company whose deals they are.
    pub(crate) host: String,
    /// The owner of the company that is tossed, and the company.
    pub(crate) tossed: (String, String),
}

impl Stage {
    /// Sets it on an empty database.
    pub(crate) async fn set(cluster: &mut Cluster) -> Self {
        let hub = Hub::with(cluster.lend(), |config| config.session_days = 3_650).await;
        let (vendor, olga) = hub.company("Nordwind").await;
        let (partner, bruno) = hub.company("Atelier").await;
        let (rival, karla) = hub.company("Kestrel").await;
        hub.partners(&olga, &bruno).await;
        hub.partners(&olga, &karla).await;
        let mut deals = Vec::new();
        for number in 0..ROOMS {
            deals.push(deal(&olga, number).await);
            let here = deals.last().expect("it was pushed");
            for (company, owner) in [(&partner, &bruno), (&rival, &karla)] {
                let form = invitation(&company.id.to_string());
                let path = format!("/api/v1/deals/{}/parties", here.id);
                let party = olga.post(&path, form).await.expect(201);
                let path = format!("{path}/{}/moves", text(&party["id"]));
                owner.post(&path, json!({ "move": "accept" })).await.expect(200);
            }
        }
        let mut speakers = Vec::new();
        for (company, is_tossed) in [(&vendor, false), (&partner, false), (&rival, true)]
        {
            speakers.extend(people(&hub, company, is_tossed).await);
        }
        let stage = Self {
            deals,
            speakers,
            host: olga.token.clone(),
            tossed: (karla.token.clone(), rival.id.to_string()),
        };
        cluster.give_back(hub.stop().await);
        stage
    }

    /// Reads the logs of the rooms as their host, keeps them, and tells their heads.
    pub(crate) async fn truth(
        &self,
        nodes: &[String],
        folder: &Path,
    ) -> HashMap<String, i64> {
        let mut file = File::create(folder.join("truth.jsonl")).expect("a file");
        let mut heads = HashMap::new();
        for deal in &self.deals {
            let mut after = 0;
            loop {
                let path = format!(
                    "/api/v1/rooms/{}/events?after={after}&limit={PAGE}",
                    deal.room
                );
                let Some((200, page)) =
                    http::ask(&nodes[0], &self.host, ("GET", &path), None).await
                else {
                    tokio::time::sleep(Duration::from_millis(500)).await;
                    continue;
                };
                let items = page["items"].as_array().cloned().unwrap_or_default();
                for event in &items {
                    writeln!(file, "{event}").expect("the truth can be written");
                }
                let Some(last) = items.last() else { break };
                after = last["seq"].as_i64().unwrap_or_default();
            }
            heads.insert(deal.room.clone(), after);
        }
        heads
    }
}

/// With what the company is let in.
pub(crate) fn invitation(organisation: &str) -> Value {
    json!({
        "organisation": organisation,
        "fields": ["title", "stage"],
        "verbs": ["read", "comment"],
        "history": "all",
    })
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

async fn deal(olga: &Person, number: usize) -> Deal {
    let form = json!({ "title": format!("Deal {number}"), "account": "Harbour", "amount_minor": 100, "currency": "EUR" });
    let deal = olga.post("/api/v1/deals", form).await.expect(201);
    let rooms = deal["rooms"].as_array().expect("rooms");
    let main = rooms.iter().find(|room| room["kind"] == "main").expect("a main room");
    Deal { id: text(&deal["id"]).to_owned(), room: text(&main["id"]).to_owned() }
}

async fn people(hub: &Hub, company: &Company, is_tossed: bool) -> Vec<Speaker> {
    let mut speakers = Vec::new();
    for number in 0..PEOPLE {
        let name = format!("Speaker {number}");
        let person = hub.person(company, Role::Seller, &name).await;
        speakers.push(Speaker {
            name: format!("{}-{number}", company.name.to_lowercase()),
            person: person.id.to_string(),
            token: person.token.clone(),
            is_tossed,
        });
    }
    speakers
}

/// Takes away what keeps a message from standing twice, should the code forget to look.
#[expect(clippy::disallowed_methods, reason = "breaks the schema on purpose")]
pub(crate) async fn drop_index(cluster: &Cluster) {
    let (url, drop_it) = (cluster.database_url(), "drop index room_event_one_cid");
    let dropped = if url.starts_with("sqlite:") {
        let database = sqlx::SqlitePool::connect(&url).await.expect("the database");
        sqlx::query(drop_it).execute(&database).await.map(drop)
    } else {
        let database = sqlx::PgPool::connect(&url).await.expect("the database");
        sqlx::query(drop_it).execute(&database).await.map(drop)
    };
    dropped.expect("the index was there");
}
